//! Every call of a command struck in turn, each time on a site of its own.

use super::*;
use std::collections::BTreeSet;

/// A site that can be struck.
pub(super) trait Struck {
    fn scene(&self) -> &Scene;

    /// Two more runs at most, and all is as it must be.
    fn judged(&self, at: &str) -> Figures;
}

/// What happens at the calls.
#[derive(Clone, Copy)]
pub(super) enum Faults {
    Kills,
    /// And those on sockets fail.
    Network,
    /// And those on files.
    All,
}

impl Faults {
    fn has(self, call: &str, fault: Fault) -> bool {
        match self {
            _ if fault == Fault::Kill => true,
            Faults::Kills => false,
            Faults::Network => NETWORK.contains(&call),
            Faults::All => true,
        }
    }

    /// Files fail in the full sweep alone: of what a run does with them after a blow, other ways in and out tell
    /// as much.
    pub(super) fn fewer() -> Faults {
        match full() {
            true => Faults::All,
            false => Faults::Network,
        }
    }
}

/// One sweep.
pub(super) struct Sweep<'a> {
    pub name: &'a str,
    /// A new site for each trial.
    pub make: &'a (dyn Fn() -> Box<dyn Struck> + Sync),
    pub trace: Trace<'a>,
    /// Every how many points are tried.
    pub every: usize,
    pub faults: Faults,
}

type Point = (String, Fault, usize);

/// So often a call is waited for that a run made, and another one makes not.
const TRIES: usize = 5;

impl Sweep<'_> {
    /// All points: each call, each occurrence, each fault.
    fn points(&self) -> Vec<Point> {
        let site = (self.make)();
        let times = self.trace.occurrences(site.scene());
        let counts: Vec<_> = times
            .iter()
            .map(|(call, n)| format!("{call} {n}"))
            .collect();
        println!("{}: {}", self.name, counts.join(", "));
        let mut points = Vec::new();
        for (call, times) in times {
            for fault in faults(&call) {
                if self.faults.has(&call, fault) {
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

    /// One point. Threads do not always share their work alike, nor commits: where a thread does not come as
    /// far as one of the undisturbed run did, the last call is struck that it came to.
    fn trial(&self, (call, fault, when): &Point, earlier: &AtomicUsize) -> Figures {
        let trace = Trace {
            calls: &[call],
            ..self.trace
        };
        let (mut at, mut idle) = (*when, 0);
        while idle < TRIES {
            let site = (self.make)();
            let (fired, log) = trace.strike(site.scene(), *fault, at);
            if fired {
                earlier.fetch_add(usize::from(at < *when), Ordering::Relaxed);
                return site.judged(&format!("{}: {fault:?} at {call} {at}", self.name));
            }
            match most(&log, self.trace.main, call) {
                0 => idle += 1,
                came => at = came.min(at - 1).max(1),
            }
        }
        panic!("{}: {call} is not made any more", self.name);
    }

    /// Tries the points and prints what came of them, by fault.
    pub fn run(&self) -> Figures {
        let all = self.points();
        let points = self.chosen(&all);
        let mut sum = Figures::default();
        let kinds: BTreeSet<Fault> = points.iter().map(|(_, fault, _)| *fault).collect();
        for kind in kinds {
            let of_kind = |points: &[Point]| -> Vec<Point> {
                let of = points.iter().filter(|(_, fault, _)| *fault == kind);
                of.cloned().collect()
            };
            let (mine, earlier) = (of_kind(&points), AtomicUsize::new(0));
            let figures = each(&mine, |point| self.trial(point, &earlier));
            let (tried, all) = (mine.len(), of_kind(&all).len());
            let earlier = earlier.into_inner();
            let title = format!("{}, {kind:?}", self.name);
            print(
                &format!("{title} ({tried} of {all}, {earlier} struck a little earlier)"),
                figures,
            );
            sum.add(figures);
        }
        assert!(sum.points >= 8 && sum.sound(), "{}: {sum:?}", self.name);
        sum
    }
}
