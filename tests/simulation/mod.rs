//! Whole houses under one seeded scheduler: clock, disk, mailboxes, mail server, vendors and people,
//! with crashes and faults at any step; what must hold is asked after each.
//!
//! `POMS_SIM_SEED` names the first world, `POMS_SIM_DAYS` how many days all of them live together. A
//! failure prints the seed and the command that plays it again; `POMS_SIM_TELL=1` tells each step,
//! `POMS_SIM_KEEP=FILE` keeps a copy of the ledger of a world that failed.

mod anchors;
mod bounces;
mod chance;
mod checks;
mod days;
mod disk;
mod mails;
mod model;
mod outside;
mod people;
mod quiet;
mod recovery;
pub mod senders;
mod shm;
mod vfs;
mod world;

use days::Life;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Days of one world: then its ledger is large enough, and another begins.
const DAYS_EACH: u64 = 20;

fn number(name: &str, usual: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(usual, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number"))
    })
}

/// Lives one world on a thread of its own that is the only one of its pool: what poms does side by side
/// is done one after the other.
fn live(seed: u64, days: u64) -> Result<[u8; 32], String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.expect("a thread");
    let lived = pool.install(|| {
        let mut life = Life::new(seed);
        let lived = catch_unwind(AssertUnwindSafe(|| life.live(days)));
        chance::release();
        lived.map_err(|fault| {
            life.world.keep();
            let text = fault.downcast_ref::<String>().cloned();
            let text = text.or_else(|| fault.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let tail = life.world.story.iter().rev().take(25).rev();
            let tail: Vec<&str> = tail.map(String::as_str).collect();
            format!("{}\n  {}", text.unwrap_or_default(), tail.join("\n  "))
        })
    });
    lived.map_err(|text| {
        format!(
            "seed {seed}: {text}\nagain: POMS_SIM_SEED={seed} POMS_SIM_DAYS={days} cargo test --test main -- simulation::houses --nocapture"
        )
    })
}

#[test]
fn houses_live_through_their_days() {
    let first = number("POMS_SIM_SEED", 1);
    let days = number("POMS_SIM_DAYS", 160);
    let worlds = days.div_ceil(DAYS_EACH);
    let next = AtomicU64::new(0);
    let faults = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(4));
    let workers = number("POMS_SIM_WORKERS", workers as u64);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let world = next.fetch_add(1, Ordering::Relaxed);
                    if world >= worlds {
                        break;
                    }
                    if let Err(fault) = live(first + world, days.min(DAYS_EACH)) {
                        println!("{fault}");
                        faults.lock().expect("a list").push(fault);
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().expect("a list");
    println!(
        "{worlds} worlds of {} days, {} failed",
        days.min(DAYS_EACH),
        faults.len()
    );
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn the_same_seed_is_the_same_life() {
    let first = number("POMS_SIM_SEED", 77);
    let once = live(first, 4).unwrap_or_else(|fault| panic!("{fault}"));
    let again = live(first, 4).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(once, again);
    let other = live(first + 1, 4).unwrap_or_else(|fault| panic!("{fault}"));
    assert_ne!(once, other);
}
