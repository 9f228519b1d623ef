//! The look-ahead: messages from which idle workers help themselves.

use super::super::channel::OutgoingMessage;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    messages: VecDeque<OutgoingMessage>,
    closed: bool,
}

impl Queue {
    /// The state is whole after every statement, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn push(&self, messages: Vec<OutgoingMessage>) {
        self.state().messages.extend(messages);
        self.changed.notify_all();
    }

    /// The next message; waits for one. `None` when the queue is closed.
    pub fn pull(&self) -> Option<OutgoingMessage> {
        let mut state = self
            .changed
            .wait_while(self.state(), |s| s.messages.is_empty() && !s.closed)
            .unwrap_or_else(PoisonError::into_inner);
        state.messages.pop_front()
    }

    /// Ends the supply and returns how many messages nobody had taken.
    pub fn close(&self) -> usize {
        let mut state = self.state();
        state.closed = true;
        let left = std::mem::take(&mut state.messages);
        self.changed.notify_all();
        left.len()
    }
}
