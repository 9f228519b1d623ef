//! What became of a run of the engine, and of one whose store failed.

use super::super::channel::DeliveryOutcome;

/// What a run of the engine did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Taken by the other side.
    pub accepted: u64,
    /// To be tried again, `Unreachable` included.
    pub deferred: u64,
    /// Refused for good.
    pub refused: u64,
    /// Nobody knows.
    pub unknown: u64,
    /// Commits that this took.
    pub commits: u64,
    /// Why the server was left alone before all was tried, if it was.
    pub gave_up: Option<String>,
    /// Whether `stop` was set before all was tried.
    pub stopped: bool,
}

/// The store failed. What had passed the point of no return by then has been waited for.
#[derive(Debug)]
pub struct Unrecorded {
    /// Results that are in no commit: these messages stand as `sending` in the store.
    pub settled: Vec<(i64, DeliveryOutcome)>,
}

impl std::fmt::Display for Unrecorded {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "sending stopped because the ledger failed")?;
        for (id, outcome) in &self.settled {
            let (word, detail) = (outcome.word(), outcome.detail());
            write!(out, "; delivery {id} is {word} ({detail}), not recorded")?;
        }
        Ok(())
    }
}
