//! Drives several channels side by side with as few durable commits as can be.
//!
//! Each channel belongs to one worker thread; the calling thread alone talks to the [`DeliveryStore`]. A
//! worker prepares a message, says so, and waits. The calling thread gathers whatever is ready and
//! whatever has come to an end, has it recorded in **one** commit (results of the last messages and
//! the mark `sending` of the next), and only then lets the ready ones complete. So at every moment
//! a message past its point of no return is marked in the store.
//!
//! Once a server has shown that it is there, the same commit marks messages whose turn is still to come
//! ([`LookAhead`]): workers then wait for nobody, and the commits are few. What is marked and was not handed
//! over when sending ends is given back.

mod commits;
mod queue;
mod reserve;
mod tally;
mod worker;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use super::journal::SendingJournal;
use anyhow::Context as _;
use queue::Queue;
use reserve::Reserve;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
pub use tally::{Tally, Unrecorded};
use worker::{Worker, WorkerEvent};

/// Parcels waiting in memory for each channel.
const LOOK_AHEAD: usize = 4;
/// How long a result may wait for a `sending` mark to share its commit with.
pub const SHARE: Duration = Duration::from_millis(20);
/// At most so many messages are marked before it is their turn: so many may be in doubt when the power goes.
pub const AHEAD: usize = 128;
/// How long a ready message may wait for others to be ready too. Measured with four connections on
/// loopback: 0.26 commits a mail in place of 0.62, at the same speed even where commits are cheap.
const GATHER: Duration = Duration::from_micros(300);
/// The same of a result where workers wait for nobody.
const LINGER: Duration = Duration::from_millis(100);
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
    /// One durable commit: these were marked `sending`, and are certain not to have been handed over. They
    /// are due again.
    ///
    /// # Errors
    /// When it is not certain that the commit is on the disk.
    fn release(&mut self, ids: &[i64], why: &str) -> anyhow::Result<()>;
}

/// How messages are marked before it is their turn.
#[derive(Default)]
pub struct LookAhead {
    /// At most so many; none where 0.
    pub most: usize,
    /// Where each step is written down as it happens, so that those which a killed run left marked are told
    /// apart.
    pub journal: Option<Arc<SendingJournal>>,
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
    Dispatch::start(channels, SHARE, LookAhead::default())?.end(store, stop)
}

/// Channels at work. Whoever has other work for the store meanwhile calls [`Dispatch::step`] now and then.
pub struct Dispatch {
    workers: Vec<Worker>,
    queue: Arc<Queue>,
    events: Receiver<WorkerEvent>,
    share: Duration,
    reserve: Reserve,
    /// Whether the server took an envelope since it was last in trouble.
    alive: bool,
    /// Prepared, not yet marked: worker and message.
    ready: Vec<(usize, i64)>,
    /// Marked, and not ended.
    sending: HashSet<i64>,
    /// Those of `sending` whose workers were told to complete them.
    told: HashSet<i64>,
    /// Ended, not yet recorded.
    settled: Vec<(i64, DeliveryOutcome)>,
    /// Dropped by a person while a worker prepares them.
    dropped: HashSet<i64>,
    /// Marked, and certain not to be handed over: to be given back.
    released: Vec<i64>,
    /// Since when something in `settled`, and in `ready`, waits.
    settled_since: Option<Instant>,
    ready_since: Option<Instant>,
    /// In the workers' hands or in the queue, not yet `ready`, `sending` or `settled`.
    handed: HashSet<i64>,
    exhausted: bool,
    tally: Tally,
}

impl Dispatch {
    /// Starts a worker for each channel. A result may wait `share` for a commit that others need, too.
    ///
    /// # Errors
    /// When there is no channel, or no thread for it.
    pub fn start(
        channels: Vec<Box<dyn Channel>>,
        share: Duration,
        ahead: LookAhead,
    ) -> anyhow::Result<Dispatch> {
        anyhow::ensure!(!channels.is_empty(), "no delivery channel is set up");
        let queue = Arc::new(Queue::new(ahead.journal));
        let (report, events) = channel();
        let workers: Vec<Worker> = channels
            .into_iter()
            .enumerate()
            .map(|(index, channel)| Worker::start(index, channel, queue.clone(), report.clone()))
            .collect::<Result<_, _>>()
            .context("the threads that send cannot be started")?;
        Ok(Dispatch {
            reserve: Reserve::new(workers.len(), ahead.most),
            alive: false,
            workers,
            queue,
            events,
            share,
            ready: Vec::new(),
            sending: HashSet::new(),
            told: HashSet::new(),
            settled: Vec::new(),
            dropped: HashSet::new(),
            released: Vec::new(),
            settled_since: None,
            ready_since: None,
            handed: HashSet::new(),
            exhausted: false,
            tally: Tally::default(),
        })
    }

    /// Whether a message is past its point of no return, or may pass it by itself.
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
            self.gather();
            if self.ready.is_empty() && !self.wants_marks() {
                break;
            }
            self.commit(store, true)?;
        }
        Ok(())
    }

    /// Takes in what is ready, and waits a moment for more of it; not where workers need no word.
    fn gather(&mut self) {
        if self.reserve.is_used() && self.alive {
            self.listen(Duration::ZERO);
            return;
        }
        // who has results wait longer for company than any run does wants no clock to decide
        let patient = self.share > SHARE;
        let limit = if patient { self.share } else { GATHER };
        let mut heard = true;
        while heard && self.ready.len() < self.workers.len() && self.is_waited_for() {
            let before = self.ready.len();
            heard = self.listen(limit) && (patient || self.ready.len() > before);
        }
    }

    /// Whether workers have something of which they will be heard.
    fn is_waited_for(&self) -> bool {
        !self.handed.is_empty() || !self.sending.is_empty()
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
        let recorded = self.commit(store, false);
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
                let waits = !self.handed.is_empty() || !self.ready.is_empty();
                self.tally.stopped = !self.exhausted || waits || self.queue.waiting().0 > 0;
                return Ok(());
            }
            self.refill(store)?;
            let idle = self.ready.is_empty() && self.settled.is_empty();
            if idle && self.sending.is_empty() && self.handed.is_empty() {
                return Ok(());
            }
            let pause = self.pause();
            if !pause.is_zero() && !self.listen(pause) {
                let why = "every connection has ended by a fault inside poms";
                self.tally.gave_up.get_or_insert_with(|| why.to_owned());
                return Ok(());
            }
            if self.pause().is_zero() && !stop.load(Ordering::SeqCst) {
                self.commit(store, true)?;
            }
        }
    }

    /// How long to wait for company before the next commit; zero when it is due.
    fn pause(&self) -> Duration {
        if self.wants_marks() {
            return Duration::ZERO;
        }
        let free = self.workers.len() > self.ready.len() + self.sending.len();
        let company = !self.handed.is_empty() && free;
        // where workers wait for nobody, a result waits for what is still on its way
        let (more, share) = match self.reserve.is_used() && !self.sending.is_empty() {
            true => (true, self.share.max(LINGER)),
            false => (company, self.share),
        };
        let left = |since: Option<Instant>, limit: Duration, company: bool| match since {
            Some(since) if company => limit.saturating_sub(since.elapsed()),
            Some(_) => Duration::ZERO,
            None => GLANCE,
        };
        left(self.ready_since, GATHER, company).min(left(self.settled_since, share, more))
    }

    /// Whether marks are needed before workers run out of them: half the reserve is used up.
    fn wants_marks(&self) -> bool {
        if !self.may_mark_ahead() {
            return false;
        }
        let (marked, unmarked) = self.queue.waiting();
        unmarked > 0 && marked * 2 < self.reserve.size()
    }

    /// Only while the server takes mail: what is marked and cannot be handed over would have to be given back.
    fn may_mark_ahead(&self) -> bool {
        self.reserve.is_used() && self.alive && self.tally.gave_up.is_none()
    }

    /// Counted by what has been heard of, not by the queue's length: messages that fail at once must
    /// not be handed out faster than their failures are taken in.
    fn refill(&mut self, store: &mut dyn DeliveryStore) -> anyhow::Result<()> {
        let ahead = match self.may_mark_ahead() {
            true => self.reserve.size(),
            false => 0,
        };
        let room = LOOK_AHEAD * self.workers.len() + ahead;
        let marked = match self.reserve.is_used() {
            true => self.sending.len(),
            false => 0,
        };
        let held = self.handed.len() + marked;
        if !self.exhausted && held <= room / 2 {
            let messages = store.next(room - held)?;
            self.exhausted = messages.is_empty();
            self.handed
                .extend(messages.iter().map(|message| message.id));
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
}
