//! How messages ended, counted.

use crate::domain::lifecycle::MessageState;

/// The tally of how messages ended: the contract's `messages`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct MessageSums {
    /// All that were looked at.
    pub seen: usize,
    /// Carried an order that was taken in.
    pub accepted: usize,
    /// Said what an earlier one said.
    pub duplicate: usize,
    /// Readable, not to be acted on.
    pub held: usize,
    /// Not readable.
    pub quarantined: usize,
    /// Not for poms.
    pub ignored: usize,
}

impl MessageSums {
    /// Counts those that have one of the five outcomes.
    pub fn ended(&self) -> usize {
        self.accepted + self.duplicate + self.held + self.quarantined + self.ignored
    }

    /// Whether every message that was seen has one of the five outcomes.
    pub fn agree(&self) -> bool {
        self.seen == self.ended()
    }

    /// Adds others.
    pub fn add(&mut self, more: MessageSums) {
        self.seen += more.seen;
        self.accepted += more.accepted;
        self.duplicate += more.duplicate;
        self.held += more.held;
        self.quarantined += more.quarantined;
        self.ignored += more.ignored;
    }

    /// Counts one outcome.
    pub fn count(&mut self, state: MessageState) {
        match state {
            MessageState::Accepted => self.accepted += 1,
            MessageState::Duplicate => self.duplicate += 1,
            MessageState::Held => self.held += 1,
            MessageState::Quarantined => self.quarantined += 1,
            MessageState::Ignored => self.ignored += 1,
            MessageState::Pending => {}
        }
    }
}
