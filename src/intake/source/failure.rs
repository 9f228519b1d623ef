//! Why a source gave nothing, for the person who must act.

use chrono::{DateTime, Utc};
use std::fmt;

/// When it makes sense to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// With the next run: the network, a server that is down.
    NextRun,
    /// Not before then: the source asked to be left alone (HTTP 429, `Retry-After`, a spent budget). No person
    /// need do anything.
    At(DateTime<Utc>),
    /// When a person has mended it: a wrong key, a missing permission. It is tried with every run all the same.
    WhenMended,
}

/// A reason why a source, or a document of it, could not be had. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFailure {
    /// What failed, and where: "the folder /srv/orders cannot be read: permission denied".
    pub what: String,
    /// What to do about it: "give the user poms the right to read it (chmod …)".
    pub remedy: String,
    /// When to try again.
    pub again: Again,
}

impl SourceFailure {
    /// One that the next run may not meet.
    pub fn passing(what: impl Into<String>, remedy: impl Into<String>) -> SourceFailure {
        SourceFailure {
            what: what.into(),
            remedy: remedy.into(),
            again: Again::NextRun,
        }
    }

    /// One that stays until a person mends it.
    pub fn lasting(what: impl Into<String>, remedy: impl Into<String>) -> SourceFailure {
        SourceFailure {
            again: Again::WhenMended,
            ..SourceFailure::passing(what, remedy)
        }
    }

    /// The source asked to be left alone until then.
    pub fn throttled(what: impl Into<String>, until: DateTime<Utc>) -> SourceFailure {
        SourceFailure {
            again: Again::At(until),
            ..SourceFailure::passing(what, "")
        }
    }
}

impl fmt::Display for SourceFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)?;
        if !self.remedy.is_empty() {
            write!(out, "; {}", self.remedy)?;
        }
        if let Again::At(until) = self.again {
            let until = until.format("%H:%M UTC");
            write!(out, "; it is left alone until {until}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SourceFailure {}
