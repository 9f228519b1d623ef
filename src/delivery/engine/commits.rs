//! What the engine makes of what its workers say, its commits, and its end.

use super::super::channel::DeliveryOutcome;
use super::worker::{SendDecision, WorkerEvent};
use super::{DeliveryStore, Dispatch, FAREWELL, GLANCE, Tally, Unrecorded};
use std::time::Instant;

impl Dispatch {
    pub(super) fn take(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Ready { worker, id } => self.is_ready(worker, id),
            WorkerEvent::Settled { id, outcome } => {
                self.told.remove(&id);
                let known = self.sending.remove(&id) | self.handed.remove(&id);
                if !known {
                    self.released.retain(|released| *released != id);
                }
                self.heed(&outcome);
                self.settled_since.get_or_insert_with(Instant::now);
                self.settled.push((id, outcome));
            }
        }
    }

    fn is_ready(&mut self, worker: usize, id: i64) {
        self.alive = true;
        self.handed.remove(&id);
        if self.sending.contains(&id) {
            // marked while it was prepared
            self.lets_complete(worker, id);
        } else if self.dropped.remove(&id) || self.released.contains(&id) {
            self.workers[worker].tell(SendDecision::Abandon);
        } else {
            self.ready_since.get_or_insert_with(Instant::now);
            self.ready.push((worker, id));
        }
    }

    /// Gives the server up after [`super::PATIENCE`] troubles in a row. An unknown outcome is one of them:
    /// each needs a person, and each may have cost ten minutes.
    fn heed(&mut self, outcome: &DeliveryOutcome) {
        match outcome {
            DeliveryOutcome::Unreachable { .. } | DeliveryOutcome::Unknown { .. } => {}
            DeliveryOutcome::Accepted { .. } => {
                self.alive = true;
                return;
            }
            _ => return,
        }
        self.alive = false;
        if self.tally.gave_up.is_none() && self.queue.is_in_trouble() {
            self.tally.gave_up = Some(outcome.detail().to_owned());
            self.feed_no_more();
        }
    }

    /// No message begins any more, but those whose workers wait for a word: marked ones whose turn does not
    /// come are given back.
    pub(super) fn feed_no_more(&mut self) {
        self.exhausted = true;
        let closed = self.queue.close();
        for id in &closed.left {
            self.handed.remove(id);
        }
        let goes_on = |id: &i64| closed.begun.contains(id) || self.told.contains(id);
        let (on, never): (Vec<i64>, Vec<i64>) = self.sending.iter().partition(|id| goes_on(id));
        self.released.extend(never);
        self.sending = on.into_iter().collect();
    }

    /// Records what has ended, what is ready, and what shall leave `ahead` of its turn; then lets the ready
    /// ones complete.
    pub(super) fn commit(
        &mut self,
        store: &mut dyn DeliveryStore,
        ahead: bool,
    ) -> anyhow::Result<()> {
        let ahead = match ahead && self.may_mark_ahead() {
            true => self.next_ahead(),
            false => Vec::new(),
        };
        let ready = self.ready.iter().map(|(_, id)| *id);
        let ids: Vec<i64> = ready.chain(ahead.iter().copied()).collect();
        // kept for a second attempt: a failed commit must not lose results
        let settled = self.settled.clone();
        let gone = store.record(settled, &ids)?;
        self.tally.commits += 1;
        self.count_settled();
        self.settled_since = None;
        self.ready_since = None;
        for id in &ahead {
            match gone.contains(id) {
                false => {
                    self.handed.remove(id);
                    self.sending.insert(*id);
                }
                true if self.queue.remove(*id) => drop(self.handed.remove(id)),
                true => drop(self.dropped.insert(*id)),
            }
        }
        self.queue.mark(&ahead);
        for (worker, id) in std::mem::take(&mut self.ready) {
            if gone.contains(&id) {
                self.workers[worker].tell(SendDecision::Abandon);
                continue;
            }
            self.sending.insert(id);
            self.lets_complete(worker, id);
        }
        Ok(())
    }

    /// Tells a worker to complete what it has ready: from here on it will, whatever comes.
    fn lets_complete(&mut self, worker: usize, id: i64) {
        self.told.insert(id);
        self.workers[worker].tell(SendDecision::Complete);
    }

    /// Which messages fill the reserve.
    fn next_ahead(&mut self) -> Vec<i64> {
        let (marked, _) = self.queue.waiting();
        self.reserve.fill(marked);
        let room = self.reserve.size().saturating_sub(marked);
        self.queue.unmarked(room)
    }

    fn count_settled(&mut self) {
        for (_, outcome) in self.settled.drain(..) {
            match outcome {
                DeliveryOutcome::Accepted { .. } | DeliveryOutcome::HandedOver { .. } => {
                    self.tally.accepted += 1
                }
                DeliveryOutcome::Deferred { .. }
                | DeliveryOutcome::Unreachable { .. }
                | DeliveryOutcome::Barred { .. } => self.tally.deferred += 1,
                DeliveryOutcome::Refused { .. } => self.tally.refused += 1,
                DeliveryOutcome::Unknown { .. } => self.tally.unknown += 1,
            }
        }
    }

    /// Abandons what is prepared, waits for what is on its way, records the results, gives back what was
    /// marked and not handed over.
    pub(super) fn finish(
        mut self,
        store: &mut dyn DeliveryStore,
        failure: Option<anyhow::Error>,
    ) -> anyhow::Result<Tally> {
        self.feed_no_more();
        self.abandon_ready();
        while !self.sending.is_empty() && self.listen(GLANCE) {
            self.abandon_ready();
        }
        // no verdict can come any more: who is prepared abandons, who is idle says goodbye
        for worker in &mut self.workers {
            worker.dismiss();
        }
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until && self.listen(GLANCE) {
            self.ready.clear();
        }
        self.ready.clear();
        let mut recorded = match self.settled.is_empty() {
            true => Ok(()),
            false => self.commit(store, false),
        };
        if recorded.is_ok() && !self.released.is_empty() {
            let why = match &self.tally.gave_up {
                Some(_) => "not handed over: the server was left alone",
                None => "not handed over: the run ended before its turn",
            };
            recorded = store.release(&self.released, why);
        }
        match (failure, recorded) {
            (None, Ok(())) => Ok(self.tally),
            (Some(error), _) | (None, Err(error)) => Err(error.context(Unrecorded {
                settled: self.settled,
            })),
        }
    }

    fn abandon_ready(&mut self) {
        for (worker, _) in self.ready.drain(..) {
            self.workers[worker].tell(SendDecision::Abandon);
        }
    }
}
