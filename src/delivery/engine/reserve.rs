//! How many messages are marked before it is their turn.

use std::time::{Duration, Instant};

/// Half a reserve shall last no less than this, or it is doubled; for as long the writer may be busy.
const SHORT: Duration = Duration::from_millis(25);
/// And no longer than this, or it is halved: what is marked is in doubt when the power goes.
const LONG: Duration = Duration::from_millis(100);

/// How many messages may be marked before it is their turn: as many as leave in some 50 to 200 ms.
pub(super) struct Reserve {
    least: usize,
    most: usize,
    size: usize,
    /// When it was filled last.
    filled: Option<Instant>,
}

impl Reserve {
    /// For so many workers; none at all where `most` is 0.
    pub fn new(workers: usize, most: usize) -> Reserve {
        let least = workers.min(most);
        Reserve {
            least,
            most,
            size: (workers * 4).min(most),
            filled: None,
        }
    }

    pub fn is_used(&self) -> bool {
        self.most > 0
    }

    /// How many it holds when it is full.
    pub fn size(&self) -> usize {
        self.size
    }

    /// It is filled again, and had so many left.
    pub fn fill(&mut self, left: usize) {
        if let Some(lasted) = self.filled.map(|at| at.elapsed()) {
            if left == 0 || lasted < SHORT {
                self.size = (self.size * 2).min(self.most);
            } else if lasted > LONG {
                self.size = (self.size / 2).max(self.least);
            }
        }
        self.filled = Some(Instant::now());
    }
}
