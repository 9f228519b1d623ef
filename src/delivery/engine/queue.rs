//! The look-ahead: messages from which idle workers help themselves, those that are marked first.

use super::super::channel::{DeliveryOutcome, OutgoingMessage};
use super::super::journal::SendingJournal;
use super::PATIENCE;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    journal: Option<Arc<SendingJournal>>,
}

#[derive(Default)]
struct State {
    messages: VecDeque<OutgoingMessage>,
    /// Those of `messages` that may complete without another word.
    marked: HashSet<i64>,
    /// Past their point of no return, ended ones too.
    begun: HashSet<i64>,
    /// Troubles with the server in a row. After [`PATIENCE`] of them no worker begins anything by itself: the
    /// calling thread may be busy, and each trouble may need a person.
    troubles: u32,
    closed: bool,
}

impl State {
    fn is_shut(&self) -> bool {
        self.closed || self.troubles >= PATIENCE
    }
}

/// What a closed queue leaves.
pub(super) struct Closed {
    /// Messages that nobody had taken.
    pub left: Vec<i64>,
    /// Those that passed their point of no return; of the marked ones no other will.
    pub begun: HashSet<i64>,
}

impl Queue {
    pub fn new(journal: Option<Arc<SendingJournal>>) -> Queue {
        Queue {
            state: Mutex::default(),
            changed: Condvar::new(),
            journal,
        }
    }

    /// The state is whole after every statement, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn push(&self, messages: Vec<OutgoingMessage>) {
        self.state().messages.extend(messages);
        self.changed.notify_all();
    }

    /// The next message, and whether it is marked already; waits for one. `None` when the queue is closed.
    pub fn pull(&self) -> Option<(OutgoingMessage, bool)> {
        let mut state = self
            .changed
            .wait_while(self.state(), |s| {
                !s.closed && (s.messages.is_empty() || s.is_shut())
            })
            .unwrap_or_else(PoisonError::into_inner);
        let message = state.messages.pop_front()?;
        let marked = state.marked.remove(&message.id);
        Some((message, marked))
    }

    /// How many wait that are marked, and how many that are not.
    pub fn waiting(&self) -> (usize, usize) {
        let state = self.state();
        let marked = state.marked.len();
        (marked, state.messages.len() - marked)
    }

    /// The next that are not marked, at most so many.
    pub fn unmarked(&self, at_most: usize) -> Vec<i64> {
        let state = self.state();
        let ids = state.messages.iter().map(|message| message.id);
        ids.filter(|id| !state.marked.contains(id))
            .take(at_most)
            .collect()
    }

    /// Lets these complete without another word, as far as they still wait. A worker that has taken one
    /// meanwhile asks.
    pub fn mark(&self, ids: &[i64]) {
        let mut state = self.state();
        let State {
            messages, marked, ..
        } = &mut *state;
        let waiting = messages.iter().map(|message| message.id);
        marked.extend(waiting.filter(|id| ids.contains(id)));
    }

    /// Takes one back; false when a worker has it.
    pub fn remove(&self, id: i64) -> bool {
        let mut state = self.state();
        let before = state.messages.len();
        state.messages.retain(|message| message.id != id);
        state.messages.len() < before
    }

    /// A message is about to pass its point of no return. False when the queue is closed or the server in
    /// trouble, unless the calling thread has said so of this very one.
    ///
    /// # Errors
    /// When the journal cannot be written; then it must not.
    pub fn begin(&self, id: i64, told: bool) -> std::io::Result<bool> {
        let mut state = self.state();
        if state.is_shut() && !told {
            return Ok(false);
        }
        state.begun.insert(id);
        drop(state);
        match &self.journal {
            Some(journal) => journal.begins(id).map(|()| true),
            None => Ok(true),
        }
    }

    /// A message that had passed it has come to its end.
    pub fn ended(&self, id: i64, outcome: &DeliveryOutcome) {
        if let Some(journal) = &self.journal {
            journal.ended(id, outcome);
        }
    }

    /// Notes what an outcome says of the server.
    pub fn heed(&self, outcome: &DeliveryOutcome) {
        let mut state = self.state();
        match outcome {
            DeliveryOutcome::Unreachable { .. } | DeliveryOutcome::Unknown { .. } => {
                state.troubles += 1
            }
            _ if state.troubles < PATIENCE => state.troubles = 0,
            _ => {}
        }
    }

    /// Whether the server is to be left alone.
    pub fn is_in_trouble(&self) -> bool {
        self.state().troubles >= PATIENCE
    }

    /// Ends the supply.
    pub fn close(&self) -> Closed {
        let mut state = self.state();
        state.closed = true;
        state.marked.clear();
        let left = std::mem::take(&mut state.messages);
        let begun = state.begun.clone();
        self.changed.notify_all();
        Closed {
            left: left.into_iter().map(|message| message.id).collect(),
            begun,
        }
    }
}
