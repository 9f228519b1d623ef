//! A folder of an SFTP server: the rules of [`folder`](super::folder), as far as a server tells what they need.

pub mod connect;
mod remote;
mod written_on;

use super::files::{FileTaken, fill, identity, is_left_alone, media_type, shown};
use super::written_on::{ReadFiles, told};
use super::{
    Again, Budget, Cursor, DocumentContent, DocumentName, Page, Source, SourceChecked,
    SourceDocument, SourceFailure, Vouched,
};
use crate::clock;
use crate::config::SftpConfig;
use crate::domain::lifecycle::MessageState;
use crate::intake::mailbox::HEAD;
use chrono::{DateTime, Utc};
use connect::{Connection, connect, failed, is_lost};
use remote::{
    FILE, FOLDER, NO_SUCH_FILE, TYPE, has_stood_still, make, no_file, of_path, only_ours, rename,
    take,
};
use ssh2::{Error, FileStat};
use std::collections::{HashMap, VecDeque};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use written_on::RemoteStamp;

/// A file may take so many times the time of one answer.
const PATIENCE: u32 = 10;

/// A folder of an SFTP server.
pub struct Sftp {
    name: String,
    config: SftpConfig,
    connection: Option<Connection>,
    /// Why the server is not asked any more in this run.
    down: Option<SourceFailure>,
    waiting: Option<VecDeque<RemoteFile>>,
    given: HashMap<String, RemoteFile>,
}

/// A file as the server tells of it.
#[derive(Clone)]
struct RemoteFile {
    path: PathBuf,
    size: u64,
    modified: u64,
}

impl RemoteFile {
    fn is_same(&self, about: &FileStat) -> bool {
        about.size == Some(self.size) && about.mtime == Some(self.modified)
    }

    /// Its name as people see it.
    fn shown(&self) -> String {
        shown(self.path.file_name().unwrap_or_default().as_bytes())
    }
}

impl Sftp {
    /// The folder that the configuration describes; connects when it is asked for something.
    ///
    /// # Errors
    /// None so far.
    pub fn open(name: &str, config: &SftpConfig) -> Result<Sftp, SourceFailure> {
        Ok(Sftp {
            name: name.to_owned(),
            config: config.clone(),
            connection: None,
            down: None,
            waiting: None,
            given: HashMap::new(),
        })
    }

    fn files(&mut self) -> Result<&ssh2::Sftp, SourceFailure> {
        if let Some(failure) = &self.down {
            return Err(failure.clone());
        }
        let connection = match self.connection.take() {
            Some(connection) => connection,
            // each try may take long, and there may be many files
            None => connect(&self.config.server)
                .inspect_err(|failure| self.down = Some(failure.clone()))?,
        };
        Ok(&self.connection.insert(connection).sftp)
    }

    /// The files that have stood still, the oldest first; and what is no file and lies among them.
    fn list(&mut self) -> Result<(VecDeque<RemoteFile>, Vec<SourceFailure>), SourceFailure> {
        let config = self.config.clone();
        let folder = Path::new(&config.path);
        let files = self.files()?;
        let trouble = |fault: &Error| of_path(&config, "read", folder, fault);
        let about = files.stat(folder).map_err(|fault| trouble(&fault))?;
        only_ours(&config, folder, &about)?;
        let entries = files.readdir(folder).map_err(|fault| trouble(&fault))?;
        let now = clock::machine_time();
        let (mut found, mut left) = (Vec::new(), Vec::new());
        for (path, about) in entries {
            let name = shown(path.file_name().unwrap_or_default().as_bytes());
            let own = [&config.files.processed_folder, &config.files.failed_folder];
            if is_left_alone(&name) || own.contains(&&name) {
                continue;
            }
            match (about.perm.map(|mode| mode & TYPE), about.size, about.mtime) {
                (Some(FOLDER), _, _) => {}
                (Some(FILE), Some(size), Some(modified)) => {
                    if has_stood_still(modified, config.files.settle, now) {
                        found.push(RemoteFile {
                            path,
                            size,
                            modified,
                        });
                    }
                }
                (kind, _, _) => left.push(no_file(&config, &name, kind)),
            }
        }
        found.sort_by(|a, b| (a.modified, &a.path).cmp(&(b.modified, &b.path)));
        Ok((found.into(), left))
    }

    /// Reads a file whole, or of one that is too large the head; `None` when it is gone or written to now.
    fn read(
        &mut self,
        found: &RemoteFile,
        largest: u64,
    ) -> Result<Option<DocumentContent>, Trouble> {
        let config = self.config.clone();
        let files = self.files().map_err(Trouble::Server)?;
        let trouble = |fault: &Error| match is_lost(fault) {
            true => Trouble::Server(failed(
                &config.server,
                "was lost while poms read a file",
                fault,
            )),
            false => Trouble::File(of_path(&config, "read", &found.path, fault)),
        };
        let mut file = match files.open(&found.path) {
            Ok(file) => file,
            Err(fault) if fault.code() == NO_SUCH_FILE => return Ok(None),
            Err(fault) => return Err(trouble(&fault)),
        };
        let before = file.stat().map_err(|fault| trouble(&fault))?;
        only_ours(&config, &found.path, &before).map_err(Trouble::File)?;
        if !found.is_same(&before) {
            return Ok(None);
        }
        let most = if found.size > largest {
            HEAD as u64
        } else {
            found.size
        };
        let bytes = take(&mut file, most, config.server.timeout * PATIENCE).map_err(|why| {
            let what = format!(
                "the SFTP server {}:{} was lost while poms read {}: {why}",
                config.server.host,
                config.server.port,
                found.shown()
            );
            Trouble::Server(SourceFailure::passing(what, "the next run tries again"))
        })?;
        let after = file.stat().map_err(|fault| trouble(&fault))?;
        if !found.is_same(&after) || bytes.len() as u64 != most {
            return Ok(None);
        }
        Ok(Some(match found.size > largest {
            true => DocumentContent::TooLarge {
                size: found.size,
                head: bytes,
                mark: found.modified.to_string(),
            },
            false => DocumentContent::Whole(bytes),
        }))
    }

    /// What was written on after it had been read, read again where it lies.
    fn read_written_on(
        &mut self,
        read: &mut ReadFiles<RemoteStamp>,
        largest: u64,
        page: &mut Page,
    ) -> Result<(), SourceFailure> {
        let (now, settle) = (clock::machine_time(), self.config.files.settle);
        // what cannot be looked at again keeps nothing new from coming
        let found = self.find_written_on(read).unwrap_or_else(|failure| {
            page.left.push(failure);
            Vec::new()
        });
        for one in found {
            if !has_stood_still(one.path.modified, settle, now) {
                continue;
            }
            match self.read(&one.path, largest) {
                Ok(Some(content)) => {
                    let config = &self.config;
                    let place = format!(
                        "{} on {}:{}",
                        config.path, config.server.host, config.server.port
                    );
                    page.left.push(told(&place, &one.name, settle.as_secs()));
                    read.read_anew(&one, RemoteStamp::of(&one.path));
                    let written = one.path.modified;
                    page.documents
                        .push(self.document(one.name, written, content));
                }
                Ok(None) => {}
                Err(Trouble::File(failure)) => page.left.push(failure),
                Err(Trouble::Server(failure)) => return Err(failure),
            }
        }
        Ok(())
    }

    fn document(&self, name: String, written: u64, content: DocumentContent) -> SourceDocument {
        let written = i64::try_from(written).unwrap_or_default();
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

    /// Moves a file into a folder beside it, never over another.
    fn put_away(&mut self, found: &RemoteFile, to: &str) -> Result<(), SourceFailure> {
        let config = self.config.clone();
        let files = self.files()?;
        let trouble = |fault: &Error| of_path(&config, "move", &found.path, fault);
        match files.lstat(&found.path) {
            Ok(about) if found.is_same(&about) => {}
            Ok(_) => return Ok(()),
            Err(fault) if fault.code() == NO_SUCH_FILE => return Ok(()),
            Err(fault) => return Err(trouble(&fault)),
        }
        let folder = Path::new(&config.path).join(to);
        make(files, &folder).map_err(|fault| of_path(&config, "make", &folder, &fault))?;
        let target = rename(files, &found.path, &folder, &found.shown());
        let target = target.map_err(|fault| trouble(&fault))?;
        match files.lstat(&target) {
            // another was put there since it was looked at: that one was not read
            Ok(about) if !found.is_same(&about) => {
                let back = rename(files, &target, Path::new(&config.path), &found.shown());
                back.map(drop).map_err(|fault| trouble(&fault))
            }
            _ => Ok(()),
        }
    }
}

impl Source for Sftp {
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
                self.read_written_on(&mut read, budget.largest, &mut page)?;
                waiting
            }
        };
        let take = |found: RemoteFile| match self.read(&found, budget.largest) {
            Ok(Some(content)) => {
                let (name, held, written) = (found.shown(), found.size, found.modified);
                let stamp = RemoteStamp::of(&found);
                read.note(&name, stamp, budget.now);
                self.given.insert(name.clone(), found);
                FileTaken::Document(self.document(name, written, content), held)
            }
            Ok(None) => FileTaken::Nothing,
            Err(Trouble::File(failure)) => FileTaken::Left(failure),
            Err(Trouble::Server(failure)) => {
                self.connection = None;
                FileTaken::Ended(failure)
            }
        };
        fill(&mut page, &mut waiting, budget, |next| next.size, take);
        page.after = read.cursor(budget.now, written_on::MOST, after);
        self.waiting = Some(waiting);
        Ok(page)
    }

    fn settle(
        &mut self,
        document: &DocumentName,
        outcome: MessageState,
    ) -> Result<(), SourceFailure> {
        let Some(found) = self.given.remove(&document.file_name) else {
            return Ok(());
        };
        let files = &self.config.files;
        let to = match outcome {
            MessageState::Quarantined => files.failed_folder.clone(),
            _ => files.processed_folder.clone(),
        };
        self.put_away(&found, &to).inspect_err(|failure| {
            if failure.again == Again::NextRun {
                self.down = Some(failure.clone());
            }
        })
    }

    fn check(&mut self, _now: DateTime<Utc>) -> Result<SourceChecked, SourceFailure> {
        let (waiting, left) = self.list()?;
        if let Some(failure) = left.into_iter().next() {
            return Err(failure);
        }
        for found in waiting.iter().take(20) {
            self.read(found, 0).map_err(Trouble::into_failure)?;
        }
        self.try_out()?;
        let wait = match waiting.len() {
            1 => "1 file waits".to_owned(),
            count => format!("{count} files wait"),
        };
        let SftpConfig { server, path, .. } = &self.config;
        let (host, port) = (&server.host, server.port);
        Ok(SourceChecked {
            found: format!(
                "{wait} in {path} of {host}:{port}; the server's key is the one of host_key"
            ),
            warnings: Vec::new(),
        })
    }
}

impl Sftp {
    /// Moves a file of its own through the folder, as a run will move others.
    fn try_out(&mut self) -> Result<(), SourceFailure> {
        let config = self.config.clone();
        let files = self.files()?;
        let name = format!(".poms-check-{}", std::process::id());
        let folder = Path::new(&config.path);
        let from = folder.join(&name);
        for to in [&config.files.processed_folder, &config.files.failed_folder] {
            let to = folder.join(to);
            let moved = || -> Result<(), Error> {
                drop(files.create(&from)?);
                make(files, &to)?;
                let target = rename(files, &from, &to, &name)?;
                files.unlink(&target)
            };
            moved().map_err(|fault| {
                let _ = files.unlink(&from);
                of_path(&config, "put files into", &to, &fault)
            })?;
        }
        Ok(())
    }
}

/// Whom trouble with a file is about.
enum Trouble {
    File(SourceFailure),
    Server(SourceFailure),
}

impl Trouble {
    fn into_failure(self) -> SourceFailure {
        let (Trouble::File(failure) | Trouble::Server(failure)) = self;
        failure
    }
}
