//! The look-ahead: parcels from which idle workers help themselves.

use super::super::channel::Parcel;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    parcels: VecDeque<Parcel>,
    closed: bool,
}

impl Queue {
    /// The state is whole after every statement, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn push(&self, parcels: Vec<Parcel>) {
        self.state().parcels.extend(parcels);
        self.changed.notify_all();
    }

    /// The next parcel; waits for one. `None` when the queue is closed.
    pub fn pull(&self) -> Option<Parcel> {
        let mut state = self
            .changed
            .wait_while(self.state(), |s| s.parcels.is_empty() && !s.closed)
            .unwrap_or_else(PoisonError::into_inner);
        state.parcels.pop_front()
    }

    /// Ends the supply and returns how many parcels nobody had taken.
    pub fn close(&self) -> usize {
        let mut state = self.state();
        state.closed = true;
        let left = std::mem::take(&mut state.parcels);
        self.changed.notify_all();
        left.len()
    }
}
