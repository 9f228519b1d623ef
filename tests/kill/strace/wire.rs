//! Struck for certain while a mail is on the wire: at the call that hands over its content. Whether one of
//! the points of a sample falls there is chance.

use super::sweep::Sweep;
use super::*;

/// Whether the n-th `sendto` of a thread that came so far was a mail's content, and no command of SMTP.
fn hands_over(log: &str, when: usize) -> bool {
    let mut threads = BTreeMap::<&str, usize>::new();
    log.lines().any(|line| {
        let (thread, rest) = line.split_once(' ').unwrap_or_default();
        let Some((_, said)) = rest.trim_start().split_once("sendto(") else {
            return false;
        };
        let count = threads.entry(thread).or_default();
        *count += 1;
        // a header's name; commands have no blank behind a colon
        let name = said
            .split_once('"')
            .and_then(|(_, text)| text.split_once(": "));
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        *count == when && name.is_some_and(|(name, _)| is_name(name))
    })
}

/// Kills a run of this sweep at the content of the first mail that a thread hands over: there is doubt, and
/// it is named. A thread greets, names sender and recipient, and hands over; more is said before only where
/// the machine stood still between.
pub(super) fn killed_on_the_wire(sweep: &Sweep<'_>) {
    let trace = Trace {
        calls: &["sendto"],
        ..sweep.trace
    };
    for when in 2..20 {
        let site = (sweep.make)();
        let (fired, log) = trace.strike(site.scene(), Fault::Kill, when);
        if fired && hands_over(&log, when) {
            let at = format!("{}: at a mail's content, sendto {when}", sweep.name);
            let figures = site.judged(&at);
            assert!(figures.sound(), "{at}: {figures:?}");
            assert!(figures.unknown > 0, "{at}: nothing is in doubt");
            return;
        }
    }
    panic!("{}: no mail was met on the wire", sweep.name);
}
