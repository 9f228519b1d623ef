//! Killed by the mail server at every step of the protocol, before and after its answer. The
//! server's own record says what it has.

use super::*;
use crate::support::scene::{POMS, smtp_config, two_by_two};
use crate::support::smtp::{Act, Fake, NO_CUT, Stage};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::atomic::AtomicI32;

/// A step of the protocol: its name, how often it came before in all connections, and on which side of the answer.
#[derive(Clone, Debug)]
pub(super) struct Point {
    stage: String,
    nth: usize,
    after: bool,
    pipelining: bool,
}

/// The process to kill, once it is known.
#[derive(Default)]
struct Target {
    pid: AtomicI32,
    fired: AtomicUsize,
}

impl Target {
    fn kill(&self) {
        while self.pid.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        self.fired.fetch_add(1, Ordering::SeqCst);
        kill(
            Pid::from_raw(self.pid.load(Ordering::SeqCst)),
            Signal::SIGKILL,
        )
        .unwrap();
    }
}

fn extensions(pipelining: bool) -> &'static [&'static str] {
    match pipelining {
        true => &["PIPELINING", "8BITMIME"],
        false => &["8BITMIME"],
    }
}

/// With PIPELINING all mail is decided on before a document leaves; without it, two by two.
fn site_config(port: u16, pipelining: bool) -> String {
    let config = smtp_config(port, 1, "");
    match pipelining {
        true => config,
        false => two_by_two(&config),
    }
}

/// The steps of an undisturbed run.
fn steps(desk: &Scene, pipelining: bool) -> Vec<(String, usize)> {
    let seen = Arc::new(Mutex::new(BTreeMap::<String, usize>::new()));
    let counts = seen.clone();
    let server = Fake::start(extensions(pipelining), NO_CUT, move |stage: &Stage| {
        *counts
            .lock()
            .unwrap()
            .entry(stage.name.clone())
            .or_default() += 1;
        Act::Usual
    });
    let scene = desk.again();
    scene.configure(&site_config(server.port, pipelining));
    scene.run(&["process"], NOW).ok();
    // the server is asked twice about each body: whether to take it, and what to say
    let seen = seen.lock().unwrap();
    let each = seen.iter().flat_map(|(name, times)| {
        let times = if name == "body" { times / 2 } else { *times };
        (0..times).map(|nth| (name.clone(), nth))
    });
    each.collect()
}

/// A copy of the site after a run that was killed there, with the server, which goes on.
pub(super) fn struck(desk: &Scene, point: &Point) -> (Scene, Fake) {
    let target = Arc::new(Target::default());
    let counts = Mutex::new(BTreeMap::<String, usize>::new());
    let (wanted, killer) = (point.clone(), target.clone());
    let server = Fake::start(
        extensions(point.pipelining),
        NO_CUT,
        move |stage: &Stage| {
            let mut counts = counts.lock().unwrap();
            let times = counts.entry(stage.name.clone()).or_default();
            *times += 1;
            // of the two questions about a body the second is the answer's
            let nth = match stage.name == "body" {
                true if *times % 2 == 1 => return Act::Usual,
                true => *times / 2 - 1,
                false => *times - 1,
            };
            if stage.name != wanted.stage || nth != wanted.nth {
                return Act::Usual;
            }
            let killer = killer.clone();
            match wanted.after {
                false => {
                    killer.kill();
                    Act::Close
                }
                true => Act::Then(Arc::new(move || killer.kill())),
            }
        },
    );
    let scene = desk.again();
    scene.configure(&site_config(server.port, point.pipelining));
    let mut child = scene.command(POMS, &["process"], NOW).spawn().unwrap();
    target.pid.store(child.id() as i32, Ordering::SeqCst);
    let status = child.wait().unwrap();
    let at = format!("{point:?}");
    assert_eq!(target.fired.load(Ordering::SeqCst), 1, "{at}");
    // a process that has said goodbye may end before the blow falls
    let gone = point.stage == "QUIT" && status.success();
    assert!(gone || status.signal() == Some(9), "{at}: {status}");
    (scene, server)
}

fn trial(desk: &Scene, point: &Point) -> Figures {
    let (scene, server) = struck(desk, point);
    let at = format!("{point:?}");
    run_again(&scene, LATER, &at);
    let seen = server.seen.lock().unwrap();
    judge(&scene, BATCH, &references(&seen.taken), &at)
}

/// Every step of a run on this site, before and after the answer, with and without PIPELINING.
pub(super) fn points(desk: &Scene) -> Vec<Point> {
    let mut points = Vec::new();
    for pipelining in [true, false] {
        for (stage, nth) in steps(desk, pipelining) {
            let sides: &[bool] = if stage == "content" {
                &[false]
            } else {
                &[false, true]
            };
            points.extend(sides.iter().map(|after| Point {
                stage: stage.clone(),
                nth,
                after: *after,
                pipelining,
            }));
        }
    }
    points
}

#[test]
fn at_every_step_of_the_protocol() {
    let desk = batch();
    let points = points(&desk);
    let names: std::collections::BTreeSet<&str> = points.iter().map(|p| p.stage.as_str()).collect();
    let expected = [
        "DATA", "EHLO", "MAIL", "QUIT", "RCPT", "body", "connect", "content",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    let every = step(3);
    let chosen: Vec<Point> = points.iter().step_by(every).cloned().collect();
    let figures = each(&chosen, |point| trial(&desk, point));
    let title = format!("protocol ({} of {} points)", chosen.len(), points.len());
    print(&title, figures);
    assert_eq!(figures.points, chosen.len());
    assert!(figures.sound(), "{figures:?}");
    assert!(figures.unknown > 0, "the doubtful moment was never met");
}
