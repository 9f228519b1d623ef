//! One thread that owns one channel: prepare, report, wait for the verdict, complete, report.

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

impl WorkerEnd {
    fn serve(self, mut channel: Box<dyn Channel>) {
        while let Some(message) = self.queue.pull() {
            if !self.deliver(&mut channel, &message) {
                // after a panic the channel is in no state to be trusted, not even to be closed
                let _ = catch_unwind(AssertUnwindSafe(move || drop(channel)));
                return;
            }
        }
        let _ = catch_unwind(AssertUnwindSafe(move || channel.close()));
    }

    /// One message from beginning to end; false when the channel panicked.
    fn deliver(&self, channel: &mut Box<dyn Channel>, message: &OutgoingMessage) -> bool {
        let fault = "a fault inside poms while sending; see its messages";
        let prepared = catch_unwind(AssertUnwindSafe(|| channel.prepare(message)));
        match prepared {
            Err(_) => {
                self.settle(message.id, DeliveryOutcome::unreachable(fault));
                return false;
            }
            Ok(Err(outcome)) => {
                self.settle(message.id, outcome);
                return true;
            }
            Ok(Ok(())) => {}
        }
        let (worker, id) = (self.index, message.id);
        let _ = self.events.send(WorkerEvent::Ready { worker, id });
        let (verdict, stale) = match self.verdicts.recv_timeout(STALE) {
            Err(RecvTimeoutError::Timeout) => {
                if catch_unwind(AssertUnwindSafe(|| channel.abandon())).is_err() {
                    self.settle(message.id, DeliveryOutcome::unreachable(fault));
                    return false;
                }
                (self.verdicts.recv().ok(), true)
            }
            heard => (heard.ok(), false),
        };
        let Some(SendDecision::Complete) = verdict else {
            return stale || catch_unwind(AssertUnwindSafe(|| channel.abandon())).is_ok();
        };
        let completed = catch_unwind(AssertUnwindSafe(|| {
            if stale && let Err(outcome) = channel.prepare(message) {
                return outcome;
            }
            channel.complete(message)
        }));
        match completed {
            Ok(outcome) => {
                self.settle(message.id, outcome);
                true
            }
            Err(_) => {
                self.settle(message.id, DeliveryOutcome::unknown(fault));
                false
            }
        }
    }

    fn settle(&self, id: i64, outcome: DeliveryOutcome) {
        // nobody listens any more only when the calling thread has given up waiting
        let _ = self.events.send(WorkerEvent::Settled { id, outcome });
    }
}
