//! Struck on entering a system call: strace counts its occurrences, and at the n-th either kills
//! the process, so that the call is not made, or has the call fail.
//!
//! strace counts by thread. In a run by IMAP and SMTP the main thread speaks IMAP, files mail and
//! alone writes the ledger, so it is traced alone there; the threads that speak SMTP are struck in
//! runs whose main thread has no socket of its own.

use super::site::{Inbox, Site, Way};
use super::*;
use crate::support::scene::{POMS, output};
use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

/// What is durable and what moves mail.
const FILES: [&str; 17] = [
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
];
/// What speaks to servers: poms neither reads nor writes a socket by `read` and `write`.
const NETWORK: [&str; 5] = ["connect", "sendto", "sendmsg", "recvfrom", "recvmsg"];

/// What happens at the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Kill,
    Error(&'static str),
}

/// The faults of a call.
fn faults(call: &str) -> Vec<Fault> {
    let errors: &[&str] = match call {
        call if NETWORK.contains(&call) => &["ECONNRESET"],
        _ => &["EIO", "ENOSPC"],
    };
    let errors = errors.iter().map(|error| Fault::Error(error));
    std::iter::once(Fault::Kill).chain(errors).collect()
}

/// Which calls, of which threads.
#[derive(Clone, Copy)]
struct Trace<'a> {
    calls: &'a [&'a str],
    /// The main thread's alone.
    main: bool,
}

impl Trace<'_> {
    /// Without `--seccomp-bpf`: with it strace 6.1 strikes at the first occurrence only.
    fn command(self, scene: &Scene, inject: Option<(Fault, usize)>) -> Command {
        let log = scene.path("strace.log").display().to_string();
        let calls = self.calls.join(",");
        let trace = format!("trace={calls}");
        let mut args = vec!["-qq", "-o", &log, "-e", &trace];
        if !self.main {
            args.push("-f");
        }
        let strike = inject.map(|(fault, when)| match fault {
            Fault::Kill => format!("inject={calls}:signal=KILL:when={when}"),
            Fault::Error(name) => format!("inject={calls}:error={name}:when={when}"),
        });
        if let Some(strike) = &strike {
            args.extend(["-e", strike]);
        }
        args.extend([POMS, "process"]);
        scene.command("strace", &args, NOW)
    }

    /// How often one thread makes each call in an undisturbed run, at most.
    fn occurrences(self, scene: &Scene) -> BTreeMap<String, usize> {
        let done = output(self.command(scene, None));
        assert_eq!((done.code, done.stderr.as_str()), (0, ""));
        let text = std::fs::read_to_string(scene.path("strace.log")).unwrap();
        let times = self
            .calls
            .iter()
            .map(|call| (*call, most(&text, self.main, call)));
        let made = times.filter(|(_, times)| *times > 0);
        made.map(|(call, times)| (call.to_owned(), times)).collect()
    }

    /// A run with this fault, and whether it came to it.
    fn strike(self, scene: &Scene, fault: Fault, when: usize) -> bool {
        let done = self.command(scene, Some((fault, when))).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        let log = std::fs::read_to_string(scene.path("strace.log"));
        let log = log.unwrap_or_else(|fault| panic!("{fault}: {:?} {when}: {said}", self.calls));
        let at = format!("{:?} {fault:?} {when}: {} {said}", self.calls, done.status);
        if fault == Fault::Kill {
            let fired = log.contains("+++ killed by SIGKILL +++");
            assert_eq!(fired, done.status.signal() == Some(9), "{at}");
            assert!(fired || done.status.success(), "{at}");
            return fired;
        }
        // a run that an error ends, ends in order: with a line for whoever must mend it, unless
        // that line was what could not be written
        let code = done.status.code();
        let mute = log
            .lines()
            .any(|l| l.contains("write(2,") && l.contains("(INJECTED)"));
        let named = code == Some(1) && (mute || !said.is_empty());
        assert!(code == Some(0) || named, "{at}");
        assert!(
            said.lines().count() <= 6 && !said.contains("panicked"),
            "{at}"
        );
        log.contains("(INJECTED)")
    }
}

/// How often one thread makes the call, at most, by strace's log.
fn most(log: &str, main: bool, call: &str) -> usize {
    let mut threads = BTreeMap::<&str, usize>::new();
    for line in log.lines() {
        let (thread, rest) = match main {
            true => ("", line),
            false => line.split_once(' ').unwrap(),
        };
        if rest.trim_start().split('(').next() == Some(call) {
            *threads.entry(thread).or_default() += 1;
        }
    }
    threads.into_values().max().unwrap_or(0)
}

/// The same of a log in a file.
pub fn occurrences(log: &Path, call: &str) -> usize {
    most(&std::fs::read_to_string(log).unwrap(), false, call)
}

/// `poms process` under strace, killed at the n-th call if one is named.
pub fn traced(scene: &Scene, call: &str, inject: Option<usize>) -> Command {
    let trace = Trace {
        calls: &[call],
        main: false,
    };
    trace.command(scene, inject.map(|when| (Fault::Kill, when)))
}

/// A killed run, and whether it was killed where it should be.
pub fn strike(scene: &Scene, call: &str, when: usize) -> bool {
    let trace = Trace {
        calls: &[call],
        main: false,
    };
    trace.strike(scene, Fault::Kill, when)
}

/// One sweep.
struct Sweep<'a> {
    name: &'a str,
    batch: &'a Scene,
    expected: Expected,
    way: Way,
    calls: &'a [&'a str],
    main: bool,
    /// Every how many points are tried.
    every: usize,
    kills_only: bool,
}

type Point = (String, Fault, usize);

/// Threads do not always share their work alike, and commits are not always shared alike: an
/// occurrence may be missing in one trial.
const TRIES: usize = 5;

impl Sweep<'_> {
    /// All points: each call, each occurrence, each fault.
    fn points(&self) -> Vec<Point> {
        let site = Site::new(self.batch, self.way);
        let trace = Trace {
            calls: self.calls,
            main: self.main,
        };
        let times = trace.occurrences(&site.scene);
        let counts: Vec<_> = times
            .iter()
            .map(|(call, n)| format!("{call} {n}"))
            .collect();
        println!("{}: {}", self.name, counts.join(", "));
        let mut points = Vec::new();
        for (call, times) in times {
            for fault in faults(&call) {
                if fault == Fault::Kill || !self.kills_only {
                    points.extend((1..=times).map(|when| (call.clone(), fault, when)));
                }
            }
        }
        points
    }

    /// Every few occurrences of each call: of those that a commit consists of, which are many and
    /// alike, fewer.
    fn chosen(&self, all: &[Point]) -> Vec<Point> {
        let step = |call: &str| match call {
            _ if full() => self.every,
            "pwrite64" => self.every * 12,
            "recvfrom" | "sendto" | "write" => self.every * 3,
            _ => self.every,
        };
        let taken = |(call, _, when): &&Point| (when - 1) % step(call) == 0;
        all.iter().filter(taken).cloned().collect()
    }

    fn trial(&self, (call, fault, when): &Point) -> Figures {
        let trace = Trace {
            calls: &[call],
            main: self.main,
        };
        for _ in 0..TRIES {
            let site = Site::new(self.batch, self.way);
            if trace.strike(&site.scene, *fault, *when) {
                let at = format!("{}: {fault:?} at {call} {when}", self.name);
                return site.converges(self.expected, &at);
            }
        }
        Figures::default()
    }

    /// Tries the points and prints what came of them, by fault.
    fn run(&self) -> Figures {
        let all = self.points();
        let points = self.chosen(&all);
        let mut sum = Figures::default();
        let kinds: BTreeSet<Fault> = points.iter().map(|(_, fault, _)| *fault).collect();
        for kind in kinds {
            let of_kind = |points: &[Point]| -> Vec<Point> {
                let of = points.iter().filter(|(_, fault, _)| *fault == kind);
                of.cloned().collect()
            };
            let mine = of_kind(&points);
            let figures = each(&mine, |point| self.trial(point));
            let missed = mine.len() - figures.points;
            let (tried, all) = (mine.len(), of_kind(&all).len());
            let title = format!("{}, {kind:?}", self.name);
            print(
                &format!("{title} ({tried} of {all}, {missed} did not come up)"),
                figures,
            );
            assert!(
                missed * 5 <= tried + 4,
                "{title}: {missed} of {tried} did not fire"
            );
            sum.add(figures);
        }
        assert!(sum.points >= 8 && sum.sound(), "{}: {sum:?}", self.name);
        sum
    }
}

fn all_calls() -> Vec<&'static str> {
    [&FILES[..], &NETWORK[..]].concat()
}

#[test]
fn at_every_system_call_by_imap_and_smtp() {
    let sum = Sweep {
        name: "IMAP to SMTP, main thread",
        batch: &small_batch(),
        expected: SMALL,
        way: Way {
            inbox: Inbox::Imap,
            ..Way::SMTP
        },
        calls: &all_calls(),
        main: true,
        every: step(7),
        kills_only: false,
    };
    // what is in doubt is in the hands of the thread that speaks SMTP: it is met below
    sum.run();
}

#[test]
fn at_every_call_that_speaks_to_a_real_dovecot() {
    let sum = Sweep {
        name: "Dovecot by TLS to SMTP, network, main thread",
        batch: &small_batch(),
        expected: SMALL,
        way: Way {
            inbox: Inbox::Dovecot,
            ..Way::SMTP
        },
        calls: &NETWORK,
        main: true,
        every: step(3),
        kills_only: false,
    };
    assert_eq!(sum.run().unknown, 0, "no mail was on its way");
}

/// Once with one connection for all mails, and once with one for each: the main thread too makes
/// two calls of `connect`, to ask for a user's name, and so strikes before the first two of others.
#[test]
fn at_every_call_of_the_thread_that_speaks_smtp() {
    for (name, single) in [("one connection", false), ("one for each mail", true)] {
        let sum = Sweep {
            name: &format!("Maildir to SMTP, network, {name}"),
            batch: &small_batch(),
            expected: SMALL,
            way: Way {
                single,
                ..Way::SMTP
            },
            calls: &NETWORK,
            main: false,
            every: step(2),
            kills_only: false,
        };
        let sum = sum.run();
        assert!(sum.unknown > 0, "the doubtful moment was never met");
    }
}

#[test]
fn at_every_system_call_with_several_connections() {
    let sum = Sweep {
        name: "Maildir to SMTP, 3 connections",
        batch: &batch(),
        expected: BATCH,
        way: Way {
            smtp: Some(3),
            ..Way::SMTP
        },
        calls: &all_calls(),
        main: false,
        every: step(6),
        kills_only: true,
    };
    let sum = sum.run();
    assert!(sum.unknown > 0, "the doubtful moment was never met");
}

#[test]
fn at_every_system_call_with_a_maildir() {
    let sum = Sweep {
        name: "Maildir to Maildir",
        batch: &small_batch(),
        expected: SMALL,
        way: Way {
            smtp: None,
            ..Way::SMTP
        },
        calls: &all_calls(),
        main: false,
        every: step(9),
        kills_only: false,
    };
    let sum = sum.run();
    assert_eq!(sum.unknown, 0, "a Maildir can be asked: {sum:?}");
}

#[test]
fn at_every_system_call_with_a_folder() {
    let sum = Sweep {
        name: "folder to Maildir",
        batch: &small_batch(),
        expected: SMALL,
        way: Way {
            inbox: Inbox::Folder,
            smtp: None,
            ..Way::SMTP
        },
        calls: &all_calls(),
        main: false,
        every: step(9),
        kills_only: false,
    };
    let sum = sum.run();
    assert_eq!(sum.unknown, 0, "a Maildir can be asked: {sum:?}");
}
