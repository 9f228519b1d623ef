//! Drives several channels side by side with as few durable commits as can be.
//!
//! Each channel belongs to one worker thread; the calling thread alone talks to the [`DeliveryStore`]. A
//! worker prepares a message, says so, and waits. The calling thread gathers whatever is ready and
//! whatever has come to an end, has it recorded in **one** commit (results of the last messages and
//! the mark `sending` of the next), and only then lets the ready ones complete. So at every moment
//! a message past its point of no return is marked in the store.

mod queue;
mod tally;
mod worker;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use anyhow::Context as _;
use queue::Queue;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
pub use tally::{Tally, Unrecorded};
use worker::{SendDecision, Worker, WorkerEvent};

/// Parcels waiting in memory for each channel.
const LOOK_AHEAD: usize = 4;
/// How long a result may wait for a `sending` mark to share its commit with.
pub const SHARE: Duration = Duration::from_millis(20);
/// How long a ready message may wait for others to be ready too. Measured with four connections on
/// loopback: 0.26 commits a mail in place of 0.62, at the same speed even where commits are cheap.
const GATHER: Duration = Duration::from_micros(300);
/// How long is waited for answers before the caller turns to something else.
const REST: Duration = Duration::from_secs(1);
/// How often `stop` is looked at while nothing happens.
const GLANCE: Duration = Duration::from_millis(50);
/// How long workers may take to say goodbye once nothing they do can matter.
const FAREWELL: Duration = Duration::from_secs(4);
/// So many troubles with the server in a row, and it is left alone for this run.
const PATIENCE: u32 = 3;

/// The outbox as the engine sees it.
pub trait DeliveryStore {
    /// The next messages due for this server, at most `at_most`; none when there are no more. Each is
    /// handed out once a run; one of which nothing is ever recorded stays as it was.
    fn next(&mut self, at_most: usize) -> anyhow::Result<Vec<OutgoingMessage>>;
    /// One durable commit: the results of finished messages, and the mark `sending` on those that
    /// will complete next. Returns those of `sending` that must not: a person dropped them just now.
    ///
    /// # Errors
    /// When it is not certain that the commit is on the disk.
    fn record(
        &mut self,
        settled: Vec<(i64, DeliveryOutcome)>,
        sending: &[i64],
    ) -> anyhow::Result<Vec<i64>>;
}

/// Sends what the store has due through the channels, which all lead to the same server.
///
/// When `stop` is set no message completes any more: prepared ones are abandoned, running ones are
/// waited for and recorded. Workers that are still connecting then are left to end with the process.
///
/// # Errors
/// When the store fails: with [`Unrecorded`] as context. Nothing completes after that.
pub fn dispatch(
    store: &mut dyn DeliveryStore,
    channels: Vec<Box<dyn Channel>>,
    stop: &AtomicBool,
) -> anyhow::Result<Tally> {
    Dispatch::start(channels, SHARE)?.end(store, stop)
}

/// Channels at work. Whoever has other work for the store meanwhile calls [`Dispatch::step`] now and then.
pub struct Dispatch {
    workers: Vec<Worker>,
    queue: Arc<Queue>,
    events: Receiver<WorkerEvent>,
    share: Duration,
    /// Prepared, not yet marked: worker and message.
    ready: Vec<(usize, i64)>,
    /// Marked and on their way.
    sending: Vec<i64>,
    /// Ended, not yet recorded.
    settled: Vec<(i64, DeliveryOutcome)>,
    /// Since when something in `settled`, and in `ready`, waits.
    settled_since: Option<Instant>,
    ready_since: Option<Instant>,
    /// In the workers' hands or in the queue, not yet `ready`, `sending` or `settled`.
    handed: usize,
    exhausted: bool,
    troubles: u32,
    tally: Tally,
}

impl Dispatch {
    /// Starts a worker for each channel. A result may wait `share` for a commit that others need, too.
    ///
    /// # Errors
    /// When there is no channel, or no thread for it.
    pub fn start(channels: Vec<Box<dyn Channel>>, share: Duration) -> anyhow::Result<Dispatch> {
        anyhow::ensure!(!channels.is_empty(), "no delivery channel is set up");
        let queue = Arc::new(Queue::default());
        let (report, events) = channel();
        let workers: Vec<Worker> = channels
            .into_iter()
            .enumerate()
            .map(|(index, channel)| Worker::start(index, channel, queue.clone(), report.clone()))
            .collect::<Result<_, _>>()
            .context("the threads that send cannot be started")?;
        Ok(Dispatch {
            workers,
            queue,
            events,
            share,
            ready: Vec::new(),
            sending: Vec::new(),
            settled: Vec::new(),
            settled_since: None,
            ready_since: None,
            handed: 0,
            exhausted: false,
            troubles: 0,
            tally: Tally::default(),
        })
    }

    /// Whether a message is past its point of no return.
    pub fn is_sending(&self) -> bool {
        !self.sending.is_empty()
    }

    /// Hands out what has become due, records what has ended and lets complete what is ready, in at most
    /// so many commits; waits for nothing but these and, for a moment each, for company.
    ///
    /// # Errors
    /// As [`dispatch`].
    pub fn step(
        mut self,
        store: &mut dyn DeliveryStore,
        commits: usize,
    ) -> anyhow::Result<Dispatch> {
        match self.stepped(store, commits) {
            Ok(()) => Ok(self),
            Err(fault) => Err(self.fail(store, fault)),
        }
    }

    fn stepped(&mut self, store: &mut dyn DeliveryStore, commits: usize) -> anyhow::Result<()> {
        for _ in 0..commits {
            // the store may have more by now
            self.exhausted = self.tally.gave_up.is_some();
            self.refill(store)?;
            let mut heard = true;
            while heard && self.ready.len() < self.workers.len() {
                let before = self.ready.len();
                heard = self.listen(GATHER) && self.ready.len() > before;
            }
            if self.ready.is_empty() {
                break;
            }
            self.commit(store)?;
        }
        Ok(())
    }

    /// Before the caller does what may take long: waits a moment for what is past its point of no return,
    /// and records what has ended. What is prepared waits, or is taken off the wire by its worker.
    ///
    /// # Errors
    /// As [`dispatch`].
    pub fn rest(mut self, store: &mut dyn DeliveryStore) -> anyhow::Result<Dispatch> {
        let until = Instant::now() + REST;
        while !self.sending.is_empty() && Instant::now() < until && self.listen(GLANCE) {}
        if self.settled.is_empty() {
            return Ok(self);
        }
        let ready = (std::mem::take(&mut self.ready), self.ready_since);
        let recorded = self.commit(store);
        (self.ready, self.ready_since) = ready;
        match recorded {
            Ok(()) => Ok(self),
            Err(fault) => Err(self.fail(store, fault)),
        }
    }

    /// Sends all that is due, as [`dispatch`] does, and ends.
    ///
    /// # Errors
    /// As [`dispatch`].
    pub fn end(
        mut self,
        store: &mut dyn DeliveryStore,
        stop: &AtomicBool,
    ) -> anyhow::Result<Tally> {
        self.exhausted = self.tally.gave_up.is_some();
        let failure = self.work(store, stop).err();
        self.finish(store, failure)
    }

    /// Ends because something failed: nothing completes any more, and what is past its point of no return
    /// is waited for and recorded, if the store can.
    pub fn fail(self, store: &mut dyn DeliveryStore, fault: anyhow::Error) -> anyhow::Error {
        match self.finish(store, Some(fault)) {
            Err(fault) => fault,
            Ok(_) => anyhow::anyhow!("sending ended"),
        }
    }

    fn work(&mut self, store: &mut dyn DeliveryStore, stop: &AtomicBool) -> anyhow::Result<()> {
        loop {
            if stop.load(Ordering::SeqCst) {
                self.tally.stopped = !self.exhausted || self.handed > 0 || !self.ready.is_empty();
                return Ok(());
            }
            self.refill(store)?;
            let idle = self.ready.is_empty() && self.settled.is_empty();
            if idle && self.sending.is_empty() && self.handed == 0 {
                return Ok(());
            }
            let pause = self.pause();
            if !pause.is_zero() && !self.listen(pause) {
                let why = "every connection has ended by a fault inside poms";
                self.tally.gave_up.get_or_insert_with(|| why.to_owned());
                return Ok(());
            }
            if self.pause().is_zero() && !stop.load(Ordering::SeqCst) {
                self.commit(store)?;
            }
        }
    }

    /// How long to wait for company before the next commit; zero when it is due.
    fn pause(&self) -> Duration {
        let free = self.workers.len() > self.ready.len() + self.sending.len();
        let company = self.handed > 0 && free;
        let left = |since: Option<Instant>, limit: Duration| match since {
            Some(since) if company => limit.saturating_sub(since.elapsed()),
            Some(_) => Duration::ZERO,
            None => GLANCE,
        };
        left(self.ready_since, GATHER).min(left(self.settled_since, self.share))
    }

    /// Counted by what has been heard of, not by the queue's length: messages that fail at once must
    /// not be handed out faster than their failures are taken in.
    fn refill(&mut self, store: &mut dyn DeliveryStore) -> anyhow::Result<()> {
        let room = LOOK_AHEAD * self.workers.len();
        if !self.exhausted && self.handed <= room / 2 {
            let messages = store.next(room - self.handed)?;
            self.exhausted = messages.is_empty();
            self.handed += messages.len();
            self.queue.push(messages);
        }
        Ok(())
    }

    /// Takes in what has happened; waits up to `limit` for the first. False when no worker lives.
    fn listen(&mut self, limit: Duration) -> bool {
        match self
            .events
            .recv_timeout(limit.max(Duration::from_micros(1)))
        {
            Ok(event) => self.take(event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        while let Ok(event) = self.events.try_recv() {
            self.take(event);
        }
        true
    }

    fn take(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Ready { worker, id } => {
                self.handed -= 1;
                self.ready_since.get_or_insert_with(Instant::now);
                self.ready.push((worker, id));
            }
            WorkerEvent::Settled { id, outcome } => {
                match self.sending.iter().position(|sending| *sending == id) {
                    Some(at) => drop(self.sending.swap_remove(at)),
                    None => self.handed -= 1,
                }
                self.heed(&outcome);
                self.settled_since.get_or_insert_with(Instant::now);
                self.settled.push((id, outcome));
            }
        }
    }

    /// Gives the server up after [`PATIENCE`] troubles in a row. An unknown outcome is one of them:
    /// each needs a person, and each may have cost ten minutes.
    fn heed(&mut self, outcome: &DeliveryOutcome) {
        match outcome {
            DeliveryOutcome::Unreachable { .. } | DeliveryOutcome::Unknown { .. } => {
                self.troubles += 1
            }
            _ => self.troubles = 0,
        }
        if self.troubles >= PATIENCE && self.tally.gave_up.is_none() {
            self.tally.gave_up = Some(outcome.detail().to_owned());
            self.feed_no_more();
        }
    }

    fn feed_no_more(&mut self) {
        self.exhausted = true;
        self.handed -= self.queue.close();
    }

    /// Records what has ended and what is ready, then lets the ready ones complete.
    fn commit(&mut self, store: &mut dyn DeliveryStore) -> anyhow::Result<()> {
        let ids: Vec<i64> = self.ready.iter().map(|(_, id)| *id).collect();
        // kept for a second attempt: a failed commit must not lose results
        let settled = self.settled.clone();
        let gone = store.record(settled, &ids)?;
        self.tally.commits += 1;
        for (_, outcome) in self.settled.drain(..) {
            match outcome {
                DeliveryOutcome::Accepted { .. } | DeliveryOutcome::HandedOver { .. } => {
                    self.tally.accepted += 1
                }
                DeliveryOutcome::Deferred { .. } | DeliveryOutcome::Unreachable { .. } => {
                    self.tally.deferred += 1
                }
                DeliveryOutcome::Refused { .. } => self.tally.refused += 1,
                DeliveryOutcome::Unknown { .. } => self.tally.unknown += 1,
            }
        }
        self.settled_since = None;
        self.ready_since = None;
        for (worker, id) in self.ready.drain(..) {
            if gone.contains(&id) {
                self.workers[worker].tell(SendDecision::Abandon);
                continue;
            }
            self.sending.push(id);
            self.workers[worker].tell(SendDecision::Complete);
        }
        Ok(())
    }

    /// Abandons what is prepared, waits for what is on its way, records the results.
    fn finish(
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
        let recorded = match self.settled.is_empty() {
            true => Ok(()),
            false => self.commit(store),
        };
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
