//! Mail that takes long to read: it waits for the end of the run, so that good orders are never
//! behind it, and one run spends only so much on it.

use super::Run;
use crate::intake::read::MessageReader;
use crate::intake::receive::{self, Read};
use std::time::{Duration, Instant};

/// After so many late messages the others of a run get less time.
const MANY: usize = 8;

/// How long each then has.
const HURRIED: Duration = Duration::from_millis(100);

/// What one run spends on late messages in all; the rest waits for the next.
const BUDGET: Duration = Duration::from_secs(60);

/// So many are read side by side.
const TOGETHER: usize = 4;

impl Run<'_> {
    /// What reads messages in their turn.
    pub(super) fn quick_reader(&self) -> MessageReader {
        let patience = self.site.config.limits.patience;
        self.site.reader.within(match self.late < MANY {
            true => patience,
            false => patience.min(HURRIED),
        })
    }

    /// Takes out of a batch what was not read in its time: it waits for the end of the run.
    pub(super) fn put_off(&mut self, read: Vec<Read>) -> anyhow::Result<Vec<Read>> {
        let (late, read): (Vec<Read>, Vec<Read>) = read.into_iter().partition(Read::is_late);
        if late.is_empty() {
            return Ok(read);
        }
        self.late += late.len();
        // it is seen when it has its outcome
        self.report.unsee(late.len());
        self.ledger.write(self.site.clock.now(), |tx| {
            late.iter().try_for_each(|one| tx.put_off_message(one.id()))
        })?;
        Ok(read)
    }

    /// Reads what was put off, by this run or one before, with all the time that a message may take;
    /// whether there was any.
    pub(super) fn read_late(&mut self) -> anyhow::Result<bool> {
        let begun = Instant::now();
        let (mut any, mut after) = (false, 0);
        while !self.stopping() && begun.elapsed() < BUDGET {
            let now = self.site.clock.now();
            let sums = &mut self.report.messages;
            let taken = receive::put_off(&mut self.ledger, after, TOGETHER, now, sums)?;
            let Some(last) = taken.last else { break };
            (any, after) = (true, last);
            self.report.add_failures(taken.left);
            let read = receive::read_all(taken.waiting, &self.site.reader, now);
            self.settle(read)?;
        }
        Ok(any)
    }
}
