//! Files that somebody wrote on after they were read: a writer that pauses for longer than a file must stand still.
//! Its file is moved away under its hands, and the rest comes where nobody looks. So what was read is looked at
//! again for a day: the words of the cursor of a folder, or of a server's.

use super::{Cursor, SourceFailure};
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// So long a file is looked at again after it was read.
const WATCHED: TimeDelta = TimeDelta::hours(24);

/// What was read of a folder; `S` says what a file was then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ReadFiles<S> {
    #[serde(default = "Vec::new")]
    pub read: Vec<ReadFile<S>>,
}

/// A file that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ReadFile<S> {
    /// The name that it had.
    pub name: String,
    /// When it was read.
    pub at: DateTime<Utc>,
    /// What it was then.
    pub was: S,
}

/// A file that is another than it was when it was read.
pub(super) struct WrittenOn<P, S> {
    /// The name that it had.
    pub name: String,
    /// Where it lies.
    pub path: P,
    /// What it was when it was read.
    pub was: S,
}

impl<S: Clone + PartialEq + Serialize + DeserializeOwned> ReadFiles<S> {
    /// What a cursor says.
    pub fn of(cursor: Option<&Cursor>) -> ReadFiles<S> {
        let words = cursor.map(Cursor::as_str).unwrap_or_default();
        serde_json::from_str(words).unwrap_or(ReadFiles { read: Vec::new() })
    }

    /// As a cursor, without what was watched for long enough, and no more than the latest `most`; `None` where it
    /// says what the one before said.
    pub fn cursor(
        mut self,
        now: DateTime<Utc>,
        most: usize,
        before: Option<&Cursor>,
    ) -> Option<Cursor> {
        self.read.retain(|one| now - one.at < WATCHED);
        let over = self.read.len().saturating_sub(most);
        self.read.drain(..over);
        if self.read.is_empty() && before.is_none() {
            return None;
        }
        let cursor = serde_json::to_string(&self).ok().map(Cursor::new);
        cursor.filter(|cursor| Some(cursor) != before)
    }

    /// Notes that a file was read, as it was then.
    pub fn note(&mut self, name: &str, was: S, now: DateTime<Utc>) {
        let (name, at) = (name.to_owned(), now);
        self.read.push(ReadFile { name, at, was });
    }

    /// Notes that one that was written on was read anew.
    pub fn read_anew<P>(&mut self, one: &WrittenOn<P, S>, is: S) {
        let same = |read: &&mut ReadFile<S>| read.name == one.name && read.was == one.was;
        if let Some(read) = self.read.iter_mut().find(same) {
            read.was = is;
        }
    }
}

/// That a file was written on, for people.
pub(super) fn told(place: &str, name: &str, settle: u64) -> SourceFailure {
    SourceFailure::lasting(
        format!(
            "{place}/{name} was written on after it had been read: it is read again as it is now"
        ),
        format!(
            "look at what came of it (poms message list); have it written under another name first, such as \
             {name}.part, or raise settle_seconds ({settle})"
        ),
    )
}
