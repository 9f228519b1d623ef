//! SIGTERM at random moments: the run finishes what it has begun and exits 0, nothing is in doubt,
//! and the next run does the rest.

use super::site::{Inbox, Site, Way};
use super::stream::Dice;
use super::*;
use crate::support::scene::POMS;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

/// How long a run may take to end: four seconds, and what a busy machine adds. Servers would be waited for
/// three times as long.
const LIMIT: Duration = Duration::from_secs(20);

/// What became of the runs.
#[derive(Default)]
struct Ends {
    /// Before poms could listen to signals: it ended at once and had done nothing.
    at_once: usize,
    /// With something left for the next run.
    short: usize,
    longest: Duration,
}

fn trial(desk: &Scene, moment: Duration, ends: &Mutex<Ends>) -> Figures {
    let way = Way {
        inbox: Inbox::Imap,
        smtp: Some(3),
        ..Way::SMTP
    };
    let site = Site::new(desk, way);
    let at = format!("SIGTERM after {moment:?}");
    let child = site.scene.command(POMS, &["process"], NOW).spawn().unwrap();
    std::thread::sleep(moment);
    let struck = Instant::now();
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    // it has not been waited for, so the number is still its own
    kill(pid, Signal::SIGTERM).unwrap();
    let done = child.wait_with_output().unwrap();
    let took = struck.elapsed();
    assert!(took < LIMIT, "{at}: {took:?}");
    let at_once = done.status.signal() == Some(15);
    if at_once {
        let inbox = site.imap.as_ref().unwrap().state().inbox.len();
        assert_eq!((inbox, site.taken().len()), (6, 0), "{at}: it had begun");
        let runs = site.scene.count("SELECT COUNT(*) FROM run");
        assert_eq!(runs, 0, "{at}: it had begun");
    } else {
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(
            done.status.success() && said.is_empty(),
            "{at}: {} {said}",
            done.status
        );
        let doubtful = "SELECT COUNT(*) FROM delivery WHERE state = 'sending'";
        assert_eq!(site.scene.count(doubtful), 0, "{at}");
    }
    let short = site.taken().len() < 13;
    {
        let mut ends = ends.lock().unwrap();
        ends.at_once += usize::from(at_once);
        ends.short += usize::from(short);
        ends.longest = ends.longest.max(took);
    }
    site.converges(BATCH, &at)
}

#[test]
fn sigterm_at_random_moments() {
    let desk = batch();
    let begun = Instant::now();
    desk.again().run(&["process", "--dry-run"], NOW).ok();
    let usual = begun.elapsed();
    let mut dice = Dice(25);
    let count = if full() { 1000 } else { 16 };
    let ends = Mutex::new(Ends::default());
    // what was measured beside other tests may be far too long: some come sooner
    let mut moment = |place: u32| dice.within(usual * 3 / (1 << (place % 4)));
    let moments: Vec<Duration> = (0..count).map(&mut moment).collect();
    let figures = each(&moments, |moment| trial(&desk, *moment, &ends));
    let ends = ends.into_inner().unwrap();
    let title = format!(
        "SIGTERM ({} left work for the next run, {} came before poms listened; the longest end took {} ms)",
        ends.short,
        ends.at_once,
        ends.longest.as_millis()
    );
    print(&title, figures);
    assert!(figures.sound() && figures.unknown == 0, "{figures:?}");
    // how many moments fall into the run is chance: one that does for certain is below
}

#[test]
fn sigterm_while_a_server_says_nothing() {
    let way = Way {
        inbox: Inbox::Imap,
        ..Way::SMTP
    };
    let site = Site::new(&small_batch(), way);
    let imap = site.imap.as_ref().unwrap();
    let greeting = std::mem::take(&mut imap.state().greeting);
    let config = std::fs::read_to_string(site.scene.path("poms.toml")).unwrap();
    let patient = config.replacen("timeout_seconds = 5", "timeout_seconds = 60", 1);
    site.scene.configure(&patient);
    let child = site.scene.command(POMS, &["process"], NOW).spawn().unwrap();
    while imap.state().connections == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let struck = Instant::now();
    kill(
        Pid::from_raw(i32::try_from(child.id()).unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success() && said.is_empty(),
        "{} {said}",
        done.status
    );
    assert!(struck.elapsed() < LIMIT, "{:?}", struck.elapsed());
    let left = imap.state().inbox.len();
    assert_eq!(
        (left, site.taken().len()),
        (3, 0),
        "all is left to the next run"
    );
    imap.state().greeting = greeting;
    let figures = site.converges(SMALL, "a silent server");
    assert!(figures.sound() && figures.unknown == 0, "{figures:?}");
}
