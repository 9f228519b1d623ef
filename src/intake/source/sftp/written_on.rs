//! Where files of a server lie that were written on after they were read. A server tells of no file which it is: it
//! is found by its name, and by being no other that was read.

use super::super::SourceFailure;
use super::super::files::names_for;
use super::super::written_on::{ReadFile, ReadFiles, WrittenOn};
use super::remote::{FILE, NO_SUCH_FILE, TYPE, of_path};
use super::{RemoteFile, Sftp};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The most files that are looked at again, each with a question or two; of more, the latest.
pub(super) const MOST: usize = 200;
/// Names under which a file is looked for in a folder: `W1.json`, `W1.2.json` …
const NAMES: usize = 5;

/// What a file was when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RemoteStamp {
    size: u64,
    modified: u64,
}

impl RemoteStamp {
    pub(super) fn of(found: &RemoteFile) -> RemoteStamp {
        RemoteStamp {
            size: found.size,
            modified: found.modified,
        }
    }

    /// Whether a file of this stamp can have become one of another: it grew, and its time went on.
    fn can_become(&self, other: &RemoteStamp) -> bool {
        self != other && self.size <= other.size && self.modified <= other.modified
    }
}

impl Sftp {
    /// Those that were written on since they were read, where they were put away.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(super) fn find_written_on(
        &mut self,
        read: &ReadFiles<RemoteStamp>,
    ) -> Result<Vec<WrittenOn<RemoteFile, RemoteStamp>>, SourceFailure> {
        let mut found = Vec::new();
        for one in &read.read {
            let others: Vec<RemoteStamp> = read
                .read
                .iter()
                .filter(|other| other.name == one.name && other.was != one.was)
                .map(|other| other.was)
                .collect();
            if let Some(path) = self.changed(one, &others)? {
                let (name, was) = (one.name.clone(), one.was);
                found.push(WrittenOn { name, path, was });
            }
        }
        Ok(found)
    }

    /// The file as it is now; `None` where it is as it was, or not to be found.
    fn changed(
        &mut self,
        one: &ReadFile<RemoteStamp>,
        others: &[RemoteStamp],
    ) -> Result<Option<RemoteFile>, SourceFailure> {
        let config = self.config.clone();
        let mut grown = None;
        for away in [&config.files.processed_folder, &config.files.failed_folder] {
            let folder = Path::new(&config.path).join(away);
            for name in names_for(one.name.clone()).take(NAMES) {
                let path = folder.join(name);
                let about = match self.files()?.lstat(&path) {
                    Ok(about) => about,
                    Err(fault) if fault.code() == NO_SUCH_FILE => break,
                    Err(fault) => return Err(of_path(&config, "look at", &path, &fault)),
                };
                let kind = about.perm.map(|mode| mode & TYPE);
                let (Some(FILE), Some(size), Some(modified)) = (kind, about.size, about.mtime)
                else {
                    continue;
                };
                let file = RemoteFile {
                    path,
                    size,
                    modified,
                };
                let is = RemoteStamp::of(&file);
                if is == one.was {
                    return Ok(None);
                }
                if grown.is_none() && one.was.can_become(&is) && !others.contains(&is) {
                    grown = Some(file);
                }
            }
        }
        Ok(grown)
    }
}
