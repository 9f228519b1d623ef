//! One thread that owns one channel: prepare, report, wait for the verdict, complete, report. What is marked
//! already needs no verdict.

use super::super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use super::queue::Queue;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// So long a prepared message stays on the wire without a verdict, as while the calling thread waits for
/// something else. A server that waits longer for the content may end the connection while it is sent, and
/// then nobody knows whether it arrived.
const STALE: Duration = Duration::from_secs(2);

/// What is said of a message at which poms itself failed.
const FAULT: &str = "a fault inside poms while sending; see its messages";

/// What the calling thread says to a worker that has a message ready.
pub(super) enum SendDecision {
    /// The mark `sending` is on the disk.
    Complete,
    /// Drop it.
    Abandon,
}

/// What a worker says.
pub(super) enum WorkerEvent {
    /// The message is prepared; the worker waits for its verdict.
    Ready { worker: usize, id: i64 },
    /// The message has come to its end.
    Settled { id: i64, outcome: DeliveryOutcome },
}

/// The calling thread's end of a worker.
pub(super) struct Worker {
    verdicts: Option<Sender<SendDecision>>,
}

impl Worker {
    /// Starts the thread. It is not joined: it ends when its supply and its verdicts end, which the
    /// calling thread sees by the end of the events.
    pub fn start(
        index: usize,
        channel_of: Box<dyn Channel>,
        queue: Arc<Queue>,
        events: Sender<WorkerEvent>,
    ) -> std::io::Result<Worker> {
        let (verdicts, received) = channel();
        let desk = WorkerEnd {
            index,
            queue,
            events,
            verdicts: received,
        };
        std::thread::Builder::new()
            .name(format!("delivery-{index}"))
            .spawn(move || desk.serve(channel_of))?;
        Ok(Worker {
            verdicts: Some(verdicts),
        })
    }

    /// A worker that is gone has reported its message's end, or will never complete it.
    pub fn tell(&self, verdict: SendDecision) {
        if let Some(verdicts) = &self.verdicts {
            let _ = verdicts.send(verdict);
        }
    }

    /// Ends the verdicts: what is prepared now or later is abandoned.
    pub fn dismiss(&mut self) {
        self.verdicts = None;
    }
}

/// The worker's own end.
struct WorkerEnd {
    index: usize,
    queue: Arc<Queue>,
    events: Sender<WorkerEvent>,
    verdicts: Receiver<SendDecision>,
}

/// Whether a prepared message may complete.
enum Verdict {
    Yes {
        /// It was taken off the wire meanwhile.
        again: bool,
    },
    No {
        /// Whether the channel can be trusted further.
        sound: bool,
    },
}

impl WorkerEnd {
    fn serve(self, mut channel: Box<dyn Channel>) {
        while let Some((message, marked)) = self.queue.pull() {
            if !self.deliver(&mut channel, &message, marked) {
                // after a panic the channel is in no state to be trusted, not even to be closed
                let _ = catch_unwind(AssertUnwindSafe(move || drop(channel)));
                return;
            }
        }
        let _ = catch_unwind(AssertUnwindSafe(move || channel.close()));
    }

    /// One message from beginning to end; false when the channel panicked.
    fn deliver(
        &self,
        channel: &mut Box<dyn Channel>,
        message: &OutgoingMessage,
        marked: bool,
    ) -> bool {
        let prepared = catch_unwind(AssertUnwindSafe(|| channel.prepare(message)));
        match prepared {
            Err(_) => {
                self.settle(message.id, DeliveryOutcome::unreachable(FAULT));
                return false;
            }
            Ok(Err(outcome)) => {
                self.settle(message.id, outcome);
                return true;
            }
            Ok(Ok(())) => {}
        }
        let verdict = match marked {
            true => Verdict::Yes { again: false },
            false => self.verdict(channel, message),
        };
        let again = match verdict {
            Verdict::Yes { again } => again,
            Verdict::No { sound } => return sound,
        };
        match self.queue.begin(message.id, !marked) {
            Ok(true) => self.complete(channel, message, again),
            // the calling thread has given it up already
            Ok(false) => abandoned(channel),
            Err(fault) => {
                let why = format!(
                    "nothing was handed over, as the file beside the ledger that ends in .sending cannot be written: {fault}"
                );
                let sound = abandoned(channel);
                self.settle(message.id, DeliveryOutcome::unreachable(why));
                sound
            }
        }
    }

    /// Says that a message is ready, and waits for what the calling thread says.
    fn verdict(&self, channel: &mut Box<dyn Channel>, message: &OutgoingMessage) -> Verdict {
        let (worker, id) = (self.index, message.id);
        let _ = self.events.send(WorkerEvent::Ready { worker, id });
        let (verdict, again) = match self.verdicts.recv_timeout(STALE) {
            Err(RecvTimeoutError::Timeout) => {
                if !abandoned(channel) {
                    self.settle(id, DeliveryOutcome::unreachable(FAULT));
                    return Verdict::No { sound: false };
                }
                (self.verdicts.recv().ok(), true)
            }
            heard => (heard.ok(), false),
        };
        match verdict {
            Some(SendDecision::Complete) => Verdict::Yes { again },
            _ => Verdict::No {
                sound: again || abandoned(channel),
            },
        }
    }

    fn complete(
        &self,
        channel: &mut Box<dyn Channel>,
        message: &OutgoingMessage,
        again: bool,
    ) -> bool {
        let completed = catch_unwind(AssertUnwindSafe(|| {
            if again && let Err(outcome) = channel.prepare(message) {
                return outcome;
            }
            channel.complete(message)
        }));
        let (outcome, sound) = match completed {
            Ok(outcome) => (outcome, true),
            Err(_) => (DeliveryOutcome::unknown(FAULT), false),
        };
        self.queue.ended(message.id, &outcome);
        self.settle(message.id, outcome);
        sound
    }

    fn settle(&self, id: i64, outcome: DeliveryOutcome) {
        self.queue.heed(&outcome);
        // nobody listens any more only when the calling thread has given up waiting
        let _ = self.events.send(WorkerEvent::Settled { id, outcome });
    }
}

/// Takes a prepared message off the wire; false when the channel panicked.
fn abandoned(channel: &mut Box<dyn Channel>) -> bool {
    catch_unwind(AssertUnwindSafe(|| channel.abandon())).is_ok()
}
