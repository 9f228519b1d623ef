//! Two runs begun at the same moment: one does the work, the other exits 75 and leaves no trace.

use super::site::{Site, Way};
use super::stream::{expected, stream};
use super::*;
use crate::support::scene::POMS;
use crate::support::smtp::{Act, Fake, NO_CUT};
use std::process::{Child, Output};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Open when one of two runs has ended: until then the mail server does not greet the other, so that they
/// meet for certain.
type Gate = Arc<AtomicBool>;

/// What a process answered, and how long it took.
fn ending(child: Child, begun: Instant, gate: &Gate) -> (u32, Output, Duration) {
    let pid = child.id();
    let done = child.wait_with_output().unwrap();
    gate.store(true, Ordering::SeqCst);
    (pid, done, begun.elapsed())
}

/// One pair; how long the one that exits 75 took.
fn pair(site: &Site, gate: &Gate) -> Duration {
    let runs = || site.scene.count("SELECT COUNT(*) FROM run");
    let before = runs();
    gate.store(false, Ordering::SeqCst);
    let begun = Instant::now();
    let start = || site.scene.command(POMS, &["process"], NOW).spawn().unwrap();
    let (one, two) = (start(), start());
    let ends = std::thread::scope(|scope| {
        let other = scope.spawn(|| ending(two, begun, gate));
        [ending(one, begun, gate), other.join().unwrap()]
    });
    let mut codes: Vec<i32> = ends
        .iter()
        .map(|(_, done, _)| done.status.code().unwrap())
        .collect();
    codes.sort_unstable();
    let said: Vec<_> = ends
        .iter()
        .map(|(_, done, _)| String::from_utf8_lossy(&done.stderr))
        .collect();
    assert_eq!(codes, [0, 75], "{said:?}");
    assert_eq!(runs(), before + 1, "the second run left a trace");
    let mut longest = Duration::ZERO;
    let lock = std::fs::read_to_string(site.scene.path("poms.db.lock")).unwrap();
    for (pid, done, took) in &ends {
        let said = String::from_utf8_lossy(&done.stderr);
        match done.status.code() {
            Some(0) => {
                assert_eq!(said, "");
                assert!(lock.starts_with(&format!("process {pid} ")), "{lock}");
            }
            _ => {
                assert_eq!(said.lines().count(), 1, "{said}");
                assert!(said.contains("another run"), "{said}");
                longest = longest.max(*took);
            }
        }
    }
    longest
}

#[test]
fn pairs_of_simultaneous_runs() {
    let count = if full() { 1000 } else { 12 };
    let (scene, mails) = stream(count);
    let gate = Gate::default();
    let waits = gate.clone();
    let server = Fake::start(&["PIPELINING"], NO_CUT, move |at| {
        while at.name == "connect" && !waits.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        Act::Usual
    });
    let mut site = Site::with(&scene, Way::SMTP, Some(server));
    let config = std::fs::read_to_string(site.scene.path("poms.toml")).unwrap();
    let patient = config.replace("timeout_seconds = 5", "timeout_seconds = 120");
    site.scene.configure(&patient);
    let mut longest = Duration::ZERO;
    for mail in mails {
        site.deliver(mail);
        longest = longest.max(pair(&site, &gate));
    }
    let figures = counted(|| {
        let figures = site.converges(expected(count), "pairs");
        Figures {
            points: count,
            ..figures
        }
    });
    let title = format!(
        "pairs of runs (the slowest 75 took {} ms)",
        longest.as_millis()
    );
    print(&title, figures);
    assert!(figures.sound() && figures.unknown == 0, "{figures:?}");
}
