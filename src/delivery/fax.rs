//! What all fax services have in common: what a service can be asked, and when a fax
//! that failed is worth another call.

pub mod watch;

use crate::ledger::fax::FaxNews;
use chrono::TimeDelta;

/// How a fax ended, as far as trying again goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Busy, no answer, a bad line: another call may get through.
    Retry,
    /// The number, the document or the account is wrong: another call ends the same way.
    GiveUp,
}

/// What a service says of one fax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaxAnswer {
    /// For the ledger.
    pub news: FaxNews,
    /// For one that failed.
    pub worth: Worth,
}

/// A fax that carries our reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFax {
    /// The service's own number for it.
    pub job: String,
    /// The number that is called, as the service has it.
    pub number: String,
}

/// Why a service cannot be asked now: one line that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);

/// A service that can be asked.
pub trait FaxService {
    /// Its word in the ledger.
    fn name(&self) -> &'static str;
    /// What became of a fax that it took.
    ///
    /// # Errors
    /// When it cannot be asked, or its answer cannot be read; nothing is known then.
    fn status(&mut self, job: &str) -> Result<FaxAnswer, Trouble>;
    /// How long its word that it has no such fax can be relied on.
    fn remembers(&self) -> TimeDelta;
    /// Every fax that carries this reference, the newest first. An empty list is the service's
    /// certain word that it has none.
    ///
    /// # Errors
    /// When it cannot be asked, or it is not certain that its list is whole.
    fn find(&mut self, reference: &str, number: &str) -> Result<Vec<FoundFax>, Trouble>;
}
