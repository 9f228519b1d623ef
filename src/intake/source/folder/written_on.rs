//! Files that somebody wrote on after they were read: a writer that pauses for longer than a file must stand still.
//! Its file is moved away under its hands, and the rest comes where nobody looks. So what was read is looked at
//! again for a day: the words of the folder's cursor.

use super::super::files::shown;
use super::super::{Cursor, SourceFailure};
use super::taken::Stamp;
use super::{Given, folder_in};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirEntryExt;
use std::path::{Path, PathBuf};

/// So long a file is looked at again after it was read.
const WATCHED: TimeDelta = TimeDelta::hours(24);
/// The most files that are looked at again; of more, the latest.
const MOST: usize = 2_000;

/// What was read of a folder.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ReadFiles {
    #[serde(default)]
    read: Vec<ReadFile>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ReadFile {
    name: String,
    at: DateTime<Utc>,
    was: Stamp,
}

/// A file that is another than it was when it was read.
pub(super) struct WrittenOn {
    /// The name that it had.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

impl ReadFiles {
    /// What a cursor says.
    pub(super) fn of(cursor: Option<&Cursor>) -> ReadFiles {
        let words = cursor.map(Cursor::as_str).unwrap_or_default();
        serde_json::from_str(words).unwrap_or_default()
    }

    /// As a cursor, without what was watched for long enough; `None` where it says what the one before said.
    pub(super) fn cursor(mut self, now: DateTime<Utc>, before: Option<&Cursor>) -> Option<Cursor> {
        self.read.retain(|one| now - one.at < WATCHED);
        let over = self.read.len().saturating_sub(MOST);
        self.read.drain(..over);
        if self.read.is_empty() && before.is_none() {
            return None;
        }
        let cursor = serde_json::to_string(&self).ok().map(Cursor::new);
        cursor.filter(|cursor| Some(cursor) != before)
    }

    /// Notes that a file was read, as it was then.
    pub(super) fn note(&mut self, given: &Given, now: DateTime<Utc>) {
        self.read.push(ReadFile {
            name: shown(given.name.as_bytes()),
            at: now,
            was: given.stamp,
        });
    }

    /// Notes that one that was written on was read anew.
    pub(super) fn read_anew(&mut self, name: &str, stamp: Stamp) {
        let same = |one: &&mut ReadFile| one.name == name && one.was.is_same_file(&stamp);
        if let Some(one) = self.read.iter_mut().find(same) {
            one.was = stamp;
        }
    }

    /// Those that were written on since, where they were put away.
    pub(super) fn written_on(&self, folder: &Path, away: [&str; 2]) -> Vec<WrittenOn> {
        let mut found = Vec::new();
        for one in &self.read {
            let places = away.iter().map(|away| folder_in(folder, away));
            let Some((path, stamp)) = places.filter_map(|place| find(&place, one)).next() else {
                continue;
            };
            if stamp != one.was {
                let name = one.name.clone();
                found.push(WrittenOn { name, path });
            }
        }
        found
    }
}

/// A file in the folder into which it was put away: under its name, or under another if that was taken.
fn find(folder: &Path, one: &ReadFile) -> Option<(PathBuf, Stamp)> {
    let stamp = |path: &Path| {
        let stamp = Stamp::of(&fs::symlink_metadata(path).ok()?);
        stamp.is_same_file(&one.was).then_some(stamp)
    };
    let path = folder.join(&one.name);
    if let Some(stamp) = stamp(&path) {
        return Some((path, stamp));
    }
    let entries = fs::read_dir(folder).ok()?;
    let mut same = entries
        .flatten()
        .filter(|entry| one.was.has_inode(entry.ino()));
    same.find_map(|entry| Some((entry.path(), stamp(&entry.path())?)))
}

/// That a file was written on, for people.
pub(super) fn told(folder: &Path, name: &str, settle: u64) -> SourceFailure {
    SourceFailure::lasting(
        format!(
            "{}/{name} was written on after it had been read: it is read again as it is now",
            folder.display()
        ),
        format!(
            "look at what came of it (poms message list); have it written under another name first, such as \
             {name}.part, or raise settle_seconds ({settle})"
        ),
    )
}
