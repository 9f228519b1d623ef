//! Two runs begun at the same moment: one does the work, the other exits 75 and leaves no trace.

use super::site::{Site, Way};
use super::stream::{expected, stream};
use super::*;
use crate::support::scene::POMS;
use crate::support::smtp::{Act, Fake, NO_CUT};
use std::process::{Child, Output};
use std::time::{Duration, Instant};

/// What a process answered, and how long it took.
fn ending(child: Child, begun: Instant) -> (u32, Output, Duration) {
    let pid = child.id();
    let done = child.wait_with_output().unwrap();
    (pid, done, begun.elapsed())
}

/// What the pairs came to.
#[derive(Default)]
struct Pairs {
    met: usize,
    /// One was through before the other began.
    apart: usize,
    longest: Duration,
}

/// One pair. True when they met.
fn pair(site: &Site, pairs: &mut Pairs) {
    let runs = || site.scene.count("SELECT COUNT(*) FROM run");
    let before = runs();
    let begun = Instant::now();
    let start = || site.scene.command(POMS, &["process"], NOW).spawn().unwrap();
    let (one, two) = (start(), start());
    let ends = std::thread::scope(|scope| {
        let other = scope.spawn(|| ending(two, begun));
        [ending(one, begun), other.join().unwrap()]
    });
    let mut codes: Vec<i32> = ends
        .iter()
        .map(|(_, done, _)| done.status.code().unwrap())
        .collect();
    codes.sort_unstable();
    if codes == [0, 0] {
        pairs.apart += 1;
        assert_eq!(runs(), before + 2);
        return;
    }
    let said: Vec<_> = ends
        .iter()
        .map(|(_, done, _)| String::from_utf8_lossy(&done.stderr))
        .collect();
    assert_eq!(codes, [0, 75], "{said:?}");
    pairs.met += 1;
    assert_eq!(runs(), before + 1, "the second run left a trace");
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
                pairs.longest = pairs.longest.max(*took);
            }
        }
    }
}

#[test]
fn pairs_of_simultaneous_runs() {
    let count = if full() { 1000 } else { 12 };
    let (scene, mails) = stream(count);
    // long enough that two that are begun together meet
    let server = Fake::start(&["PIPELINING"], NO_CUT, |at| match at.name.as_str() {
        "connect" => {
            std::thread::sleep(Duration::from_millis(100));
            Act::Usual
        }
        _ => Act::Usual,
    });
    let mut site = Site::with(&scene, Way::SMTP, Some(server));
    let mut pairs = Pairs::default();
    let mut mails = mails.into_iter();
    while pairs.met < count {
        for mail in mails.by_ref().take(1) {
            site.deliver(mail);
        }
        pair(&site, &mut pairs);
        assert!(pairs.apart <= count, "they do not meet");
    }
    let figures = counted(|| {
        let figures = site.converges(expected(count), "pairs");
        Figures {
            points: count,
            ..figures
        }
    });
    let title = format!(
        "pairs of runs ({} more did not meet; the slowest 75 took {} ms)",
        pairs.apart,
        pairs.longest.as_millis()
    );
    print(&title, figures);
    assert!(figures.sound() && figures.unknown == 0, "{figures:?}");
}
