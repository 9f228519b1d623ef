//! A folder of this machine, into which a shop or a person puts files.
//!
//! A file is taken when it has stood still, read as what was opened and nothing else, and moved away when it
//! has its outcome: it is never deleted, and one that was exchanged meanwhile is never moved unread.

mod put_away;
mod taken;
mod written_on;

use super::files::{FileTaken, fill, identity, is_left_alone, media_type, shown};
use super::written_on::{ReadFiles, told};
use super::{
    Budget, Cursor, DocumentContent, DocumentName, Page, Source, SourceChecked, SourceDocument,
    SourceFailure, Vouched,
};
use crate::clock;
use crate::config::{FolderConfig, safety};
use crate::domain::lifecycle::MessageState;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use taken::{Stamp, TakenFile, take};

/// A folder that is watched.
pub struct Folder {
    name: String,
    config: FolderConfig,
    /// What was found at the first poll of a run and is still to be read.
    waiting: Option<VecDeque<WaitingFile>>,
    /// What was read and has no outcome yet: by its name as people see it, its name on disk and what it was.
    given: HashMap<String, Given>,
}

struct WaitingFile {
    name: OsString,
    size: u64,
    modified: (i64, i64),
}

struct Given {
    name: OsString,
    stamp: Stamp,
}

impl Folder {
    /// The folder that the configuration describes. Nothing is made in it.
    ///
    /// # Errors
    /// When it is not there, or is not protected as one must be that is trusted.
    pub fn open(name: &str, config: &FolderConfig) -> Result<Folder, SourceFailure> {
        let shown = config.path.display();
        let about = std::fs::metadata(&config.path)
            .map_err(|fault| unreadable(&config.path, "folder", &fault))?;
        if !about.is_dir() {
            return Err(SourceFailure::lasting(
                format!("{shown} is no folder"),
                format!("correct path in the [[source]] {name}"),
            ));
        }
        if let Some(fault) = safety::why_exposed(&config.path).filter(|_| config.trusted) {
            return Err(SourceFailure::lasting(
                format!("{shown} is trusted, and others could put orders into it: {fault}"),
                "or have the files signed and leave trusted = true away",
            ));
        }
        Ok(Folder {
            name: name.to_owned(),
            config: config.clone(),
            waiting: None,
            given: HashMap::new(),
        })
    }

    /// The files that have stood still, the oldest first; and what is no file and lies among them.
    fn list(&self) -> Result<(VecDeque<WaitingFile>, Vec<SourceFailure>), SourceFailure> {
        let path = &self.config.path;
        let fault = |fault: std::io::Error| unreadable(path, "folder", &fault);
        let now = clock::machine_time();
        let (mut found, mut left) = (Vec::new(), Vec::new());
        for entry in std::fs::read_dir(path).map_err(fault)? {
            let name = entry.map_err(fault)?.file_name();
            let shown = shown(name.as_bytes());
            if is_left_alone(&shown) || self.is_own_folder(&shown) {
                continue;
            }
            // what is gone by now is nobody's
            let Ok(about) = std::fs::symlink_metadata(path.join(&name)) else {
                continue;
            };
            match taken::kind(about.file_type()) {
                Some("a folder") => {}
                Some(kind) => left.push(SourceFailure::lasting(
                    format!("{}/{shown} is {kind}, and is not read", path.display()),
                    "put a file there, or take it away",
                )),
                None if has_stood_still(&about, self.config.files.settle, now) => {
                    found.push(WaitingFile {
                        name,
                        size: about.len(),
                        modified: (about.mtime(), about.mtime_nsec()),
                    })
                }
                None => {}
            }
        }
        found.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
        Ok((found.into(), left))
    }

    /// Says that there are folders in it, into which nobody looks.
    fn folders(&self) -> Option<String> {
        let entries = std::fs::read_dir(&self.config.path).ok()?.flatten();
        let folders = entries.filter(|entry| {
            let name = shown(entry.file_name().as_bytes());
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            is_folder && !name.starts_with('.') && !self.is_own_folder(&name)
        });
        let names: Vec<String> = folders
            .map(|entry| shown(entry.file_name().as_bytes()))
            .collect();
        let first = names.iter().min()?;
        let more = match names.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        Some(format!(
            "what is in the folder {first}{more} in it is not read"
        ))
    }

    fn is_own_folder(&self, name: &str) -> bool {
        let files = &self.config.files;
        name == files.processed_folder || name == files.failed_folder
    }

    fn read(
        &mut self,
        found: &WaitingFile,
        largest: u64,
    ) -> Result<Option<SourceDocument>, SourceFailure> {
        let path = self.config.path.join(&found.name);
        let Some(TakenFile { content, stamp }) = take(&path, self.config.trusted, largest)? else {
            return Ok(None);
        };
        let shown = shown(found.name.as_bytes());
        let (name, written) = (found.name.clone(), stamp.written());
        self.given.insert(shown.clone(), Given { name, stamp });
        Ok(Some(self.document(shown, written, content)))
    }

    fn document(&self, name: String, written: i64, content: DocumentContent) -> SourceDocument {
        SourceDocument {
            name: DocumentName {
                by_content: true,
                media_type: media_type(&name).to_owned(),
                identity: identity(&name, self.config.files.dated, written),
                file_name: name,
                vouched: match self.config.trusted {
                    true => Vouched::Folder,
                    false => Vouched::OpenPgp,
                },
            },
            content,
            follows: None,
        }
    }

    /// What was written on after it had been read, read again where it lies.
    fn written_on(&self, read: &mut ReadFiles<Stamp>, largest: u64, page: &mut Page) {
        let (folder, files) = (&self.config.path, &self.config.files);
        let now = clock::machine_time();
        let away: [&str; 2] = [&files.processed_folder, &files.failed_folder];
        for one in written_on::written_on(read, folder, away) {
            let still = |about: &std::fs::Metadata| has_stood_still(about, files.settle, now);
            if !std::fs::symlink_metadata(&one.path).is_ok_and(|about| still(&about)) {
                continue;
            }
            match take(&one.path, self.config.trusted, largest) {
                Ok(Some(TakenFile { content, stamp })) => {
                    let settle = files.settle.as_secs();
                    let place = folder.display().to_string();
                    page.left.push(told(&place, &one.name, settle));
                    read.read_anew(&one, stamp);
                    page.documents
                        .push(self.document(one.name, stamp.written(), content));
                }
                Ok(None) => {}
                Err(failure) => page.left.push(failure),
            }
        }
    }
}

impl Source for Folder {
    fn name(&self) -> &str {
        &self.name
    }

    fn poll(&mut self, after: Option<&Cursor>, budget: &Budget) -> Result<Page, SourceFailure> {
        let mut page = Page::default();
        let mut read = ReadFiles::of(after);
        let mut waiting = match self.waiting.take() {
            Some(waiting) => waiting,
            None => {
                let (waiting, left) = self.list()?;
                page.left = left;
                self.written_on(&mut read, budget.largest, &mut page);
                waiting
            }
        };
        let take = |found: WaitingFile| match self.read(&found, budget.largest) {
            Ok(Some(document)) => {
                let held = document.size();
                FileTaken::Document(document, held)
            }
            Ok(None) => FileTaken::Nothing,
            Err(failure) => FileTaken::Left(failure),
        };
        fill(&mut page, &mut waiting, budget, |next| next.size, take);
        for document in &page.documents {
            if let Some(given) = self.given.get(&document.name.file_name) {
                read.note(&shown(given.name.as_bytes()), given.stamp, budget.now);
            }
        }
        page.after = read.cursor(budget.now, written_on::MOST, after);
        self.waiting = Some(waiting);
        Ok(page)
    }

    fn settle(
        &mut self,
        document: &DocumentName,
        outcome: MessageState,
    ) -> Result<(), SourceFailure> {
        let Some(given) = self.given.remove(&document.file_name) else {
            return Ok(());
        };
        let files = &self.config.files;
        let to = match outcome {
            MessageState::Quarantined => &files.failed_folder,
            _ => &files.processed_folder,
        };
        put_away::put_away(&self.config.path, &given.name, &given.stamp, to)
    }

    fn check(&mut self, _now: DateTime<Utc>) -> Result<SourceChecked, SourceFailure> {
        let (waiting, left) = self.list()?;
        if let Some(failure) = left.into_iter().next() {
            return Err(failure);
        }
        let files = &self.config.files;
        for folder in [&files.processed_folder, &files.failed_folder] {
            put_away::try_out(&self.config.path, folder)?;
        }
        for found in waiting.iter().take(100) {
            take(&self.config.path.join(&found.name), self.config.trusted, 0)?;
        }
        let wait = match waiting.len() {
            1 => "1 file waits".to_owned(),
            count => format!("{count} files wait"),
        };
        let believed = match self.config.trusted {
            true => "believed without a signature",
            false => "only those that a trusted signer signed are orders",
        };
        Ok(SourceChecked {
            found: format!("{wait} in {}; {believed}", self.config.path.display()),
            warnings: self.folders().into_iter().collect(),
        })
    }
}

/// Whether nobody has written to a file for so long. Its status time cannot be set by a program, as its
/// modification time can (a copy that keeps it).
fn has_stood_still(about: &std::fs::Metadata, settle: Duration, now: SystemTime) -> bool {
    if settle.is_zero() {
        return true;
    }
    let seconds = u64::try_from(about.ctime()).unwrap_or_default();
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    now.duration_since(changed).is_ok_and(|age| age >= settle)
}

/// Why a folder or file cannot be used, and what to do.
fn unreadable(path: &Path, what: &str, fault: &std::io::Error) -> SourceFailure {
    let shown = path.display();
    let me = nix::unistd::User::from_uid(nix::unistd::geteuid());
    let me = me
        .ok()
        .flatten()
        .map_or("poms".to_owned(), |user| user.name);
    match fault.kind() {
        std::io::ErrorKind::NotFound => SourceFailure::lasting(
            format!("the {what} {shown} is not there"),
            format!("make it (install -d -m 700 -o {me} {shown}), or correct its path"),
        ),
        std::io::ErrorKind::PermissionDenied => SourceFailure::lasting(
            format!("the {what} {shown} cannot be read by the user {me}: permission denied"),
            format!("give it the right to, as by: setfacl -m u:{me}:rwX {shown}"),
        ),
        _ => SourceFailure::passing(
            format!("the {what} {shown} cannot be read: {fault}"),
            "see whether its disk is there and sound",
        ),
    }
}

/// The path of a folder beside the files.
fn folder_in(folder: &Path, name: &str) -> PathBuf {
    folder.join(name)
}
