//! Killed on entering a system call: strace counts its occurrences and strikes at the n-th, so that
//! the call itself is not made.

use super::*;
use crate::support::scene::{POMS, config, output, smtp_config};
use crate::support::smtp::Fake;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

/// What is durable, what moves mail, what speaks to the server.
const CALLS: [&str; 14] = [
    "fsync",
    "fdatasync",
    "pwrite64",
    "ftruncate",
    "rename",
    "renameat",
    "renameat2",
    "linkat",
    "unlink",
    "unlinkat",
    "connect",
    "sendto",
    "sendmsg",
    "recvfrom",
];

/// Without `--seccomp-bpf`: with it strace 6.1 strikes at the first occurrence only.
pub fn traced(scene: &Scene, call: &str, inject: Option<usize>) -> std::process::Command {
    let log = scene.path("strace.log").display().to_string();
    let trace = format!("trace={call}");
    let mut args = vec!["-f", "-qq", "-o", &log, "-e", &trace];
    let strike = inject.map(|when| format!("inject={call}:signal=KILL:when={when}"));
    if let Some(strike) = &strike {
        args.extend(["-e", strike]);
    }
    args.extend([POMS, "process"]);
    scene.command("strace", &args, NOW)
}

/// How often one thread makes the call in an undisturbed run, at most.
pub fn occurrences(log: &Path, call: &str) -> usize {
    let text = std::fs::read_to_string(log).unwrap();
    let mut threads = BTreeMap::<&str, usize>::new();
    for line in text.lines() {
        let (thread, rest) = line.split_once(' ').unwrap();
        if rest.trim_start().starts_with(&format!("{call}(")) {
            *threads.entry(thread).or_default() += 1;
        }
    }
    threads.into_values().max().unwrap_or(0)
}

/// A killed run, and whether it was killed where it should be.
pub fn strike(scene: &Scene, call: &str, when: usize) -> bool {
    let mut command = traced(scene, call, Some(when));
    let status = command.spawn().unwrap().wait().unwrap();
    let log = std::fs::read_to_string(scene.path("strace.log")).unwrap();
    let fired = log.contains("+++ killed by SIGKILL +++");
    assert_eq!(fired, status.signal() == Some(9), "{call} {when}: {status}");
    assert!(fired || status.success(), "{call} {when}: {status}");
    fired
}

/// All points of one site: each call, each occurrence.
fn points(make: &dyn Fn() -> (Scene, Option<Fake>)) -> Vec<(&'static str, usize)> {
    let mut points = Vec::new();
    for call in CALLS {
        let (scene, _server) = make();
        let done = output(traced(&scene, call, None));
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{call}");
        let times = occurrences(&scene.path("strace.log"), call);
        points.extend((1..=times).map(|when| (call, when)));
    }
    points
}

/// Every few occurrences of each call: of those that a commit consists of, which are many and
/// alike, fewer.
fn chosen(all: &[(&'static str, usize)], every: usize) -> Vec<(&'static str, usize)> {
    let step = |call: &str| match call {
        _ if every == 1 => 1,
        "pwrite64" => every * 8,
        "recvfrom" => every * 3,
        _ => every,
    };
    let taken = |(call, when): &&(&'static str, usize)| (when - 1) % step(call) == 0;
    all.iter().filter(taken).copied().collect()
}

/// Threads do not always share their work alike: an occurrence may be missing in one trial.
const TRIES: usize = 3;

fn sweep(
    name: &str,
    every: usize,
    make: &(dyn Fn() -> (Scene, Option<Fake>) + Sync),
    taken: &(dyn Fn(&Scene, &Option<Fake>) -> Vec<String> + Sync),
) -> Figures {
    let all = points(make);
    let calls: std::collections::BTreeSet<&str> = all.iter().map(|(call, _)| *call).collect();
    assert!(calls.contains("fdatasync") || calls.contains("fsync"));
    let points = chosen(&all, every);
    let missed = AtomicUsize::new(0);
    let figures = each(&points, |(call, when)| {
        for _ in 0..TRIES {
            let (scene, server) = make();
            if strike(&scene, call, *when) {
                let at = format!("{name}: killed at {call} {when}");
                run_again(&scene, &at);
                return judge(&scene, &taken(&scene, &server), &at);
            }
        }
        missed.fetch_add(1, Ordering::Relaxed);
        Figures::default()
    });
    let missed = missed.into_inner();
    print(
        &format!(
            "{name} ({} of {} points, {missed} did not come up)",
            points.len(),
            all.len()
        ),
        figures,
    );
    assert!(
        missed * 10 <= points.len(),
        "{missed} of {} did not fire",
        points.len()
    );
    figures
}

#[test]
fn at_every_system_call_with_smtp() {
    let desk = batch();
    for connections in [1, 3] {
        let figures = sweep(
            &format!("SMTP, {connections} connections"),
            step(1 + connections),
            &|| {
                let scene = desk.again();
                let server = Fake::usual(&["PIPELINING", "8BITMIME"]);
                scene.configure(&smtp_config(server.port, connections, ""));
                (scene, Some(server))
            },
            &|_, server| {
                let seen = server.as_ref().unwrap().seen.lock().unwrap();
                references(&seen.taken)
            },
        );
        assert!(figures.points >= 20, "{figures:?}");
        assert_eq!((figures.lost, figures.doubled), (0, 0), "{figures:?}");
        assert!(figures.unknown > 0, "the doubtful moment was never met");
    }
}

#[test]
fn at_every_system_call_with_a_maildir() {
    let desk = batch();
    let figures = sweep(
        "Maildir",
        step(3),
        &|| {
            let scene = desk.again();
            scene.configure(&config("kind = \"maildir\"\npath = \"mail/sent\"", ""));
            (scene, None)
        },
        &|scene, _| {
            let files = std::fs::read_dir(scene.path("mail/sent/new")).unwrap();
            let mails: Vec<Vec<u8>> = files
                .map(|file| std::fs::read(file.unwrap().path()).unwrap())
                .collect();
            references(&mails)
        },
    );
    assert!(figures.points >= 20, "{figures:?}");
    let bad = (figures.lost, figures.doubled, figures.unknown);
    assert_eq!(bad, (0, 0, 0), "a Maildir can be asked: {figures:?}");
}
