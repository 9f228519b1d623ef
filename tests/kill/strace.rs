//! Struck on entering a system call: strace counts its occurrences, and at the n-th either kills
//! the process, so that the call is not made, or has the call fail.
//!
//! strace counts by thread. In a run by IMAP and SMTP the main thread speaks IMAP, files mail and
//! alone writes the ledger, so it is traced alone there; the threads that speak SMTP are struck in
//! runs whose main thread has no socket of its own.
//!
//! - `sweep.rs`: all points of one way through poms, and what came of them.
//! - `mail.rs`: mail comes and goes; `wire.rs`: struck for certain while a mail is handed over.
//! - `shops.rs`, `sftp.rs`, `several.rs`: orders come otherwise; `by_hand.rs`: a person takes them over.
//! - `drops.rs`: purchase orders go into vendors' folders; `revised.rs`: they change after they left.
//! - `told.rs`, `hooks.rs`: shops are told of shipments, programs and services of events; `nightly.rs`: a shop is
//!   compared with the ledger.

mod by_hand;
mod drops;
mod hooks;
mod mail;
mod nightly;
mod revised;
mod several;
mod sftp;
mod shops;
mod sweep;
mod told;
mod wire;

use super::*;
use crate::support::scene::{POMS, output};
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

/// All of them, or those that `POMS_CALLS` names: `POMS_CALLS=fsync,fdatasync` strikes at every commit.
fn all_calls() -> Vec<&'static str> {
    let named = std::env::var("POMS_CALLS").ok();
    let mut calls = [&FILES[..], &NETWORK[..]].concat();
    if let Some(named) = named {
        calls.retain(|call| named.split(',').any(|name| name == *call));
    }
    calls
}

/// Which calls, of which threads, of which command.
#[derive(Clone, Copy)]
struct Trace<'a> {
    calls: &'a [&'a str],
    /// The main thread's alone.
    main: bool,
    /// What poms is told to do, and when.
    args: &'a [&'a str],
    now: &'a str,
    /// It starts programs, which are struck as well: one that is does not end poms.
    starts: bool,
}

impl<'a> Trace<'a> {
    /// One call of any thread of a run.
    fn of_run(calls: &'a [&'a str]) -> Trace<'a> {
        Trace {
            calls,
            main: false,
            args: &["process"],
            now: NOW,
            starts: false,
        }
    }
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
        args.push(POMS);
        args.extend(self.args);
        scene.command("strace", &args, self.now)
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

    /// A run with this fault: whether it came to it, and what strace wrote.
    fn strike(self, scene: &Scene, fault: Fault, when: usize) -> (bool, String) {
        let done = self.command(scene, Some((fault, when))).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        let log = std::fs::read_to_string(scene.path("strace.log"));
        let log = log.unwrap_or_else(|fault| panic!("{fault}: {:?} {when}: {said}", self.calls));
        let at = format!("{:?} {fault:?} {when}: {} {said}", self.calls, done.status);
        if fault == Fault::Kill {
            let fired = log.contains("+++ killed by SIGKILL +++");
            let killed = done.status.signal() == Some(9);
            assert!(killed == fired || (fired && self.starts), "{at}");
            assert!(killed || done.status.success(), "{at}");
            return (fired, log);
        }
        let injected = |call: &str| {
            let mut lines = log.lines();
            lines.any(|line| line.contains("(INJECTED)") && line.contains(call))
        };
        // threads wake each other by a number in memory, of which no kernel says that it cannot be written:
        // what the run makes of that is nobody's matter, and all that came of it is
        if injected("\"\\1\\0\\0\\0\\0\\0\\0\\0\", 8)") {
            return (true, log);
        }
        // a run that an error ends, ends in order: with a line for whoever must mend it, unless
        // that line was what could not be written
        let code = done.status.code();
        let mute = injected("write(2,");
        let named = code == Some(1) && (mute || !said.is_empty());
        assert!(code == Some(0) || named, "{at}");
        assert!(
            said.lines().count() <= 6 && !said.contains("panicked"),
            "{at}"
        );
        (injected(""), log)
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
    let inject = inject.map(|when| (Fault::Kill, when));
    Trace::of_run(&[call]).command(scene, inject)
}

/// A killed run, and whether it was killed where it should be.
pub fn strike(scene: &Scene, call: &str, when: usize) -> bool {
    Trace::of_run(&[call]).strike(scene, Fault::Kill, when).0
}
