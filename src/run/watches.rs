//! How long parts of a run took.

use crate::clock::Stopwatch;

/// How long the stages took, for the log.
#[derive(Default)]
pub(super) struct Watches {
    pub(super) ingest: Stopwatch,
    pub(super) decide: Stopwatch,
    pub(super) send: Stopwatch,
}
