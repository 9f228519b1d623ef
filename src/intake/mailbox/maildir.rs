//! A Maildir (<https://cr.yp.to/proto/maildir.html>) with Maildir++ subfolders for what is done.
//!
//! Mail is read where poms or a person's mail client can have put it: `new/` and `cur/`. Everything
//! is opened relative to directories that are held open, and never through a symlink, so that who
//! can write into the mailbox cannot make poms read or move anything else.

mod dirs;
mod names;

use super::{Checked, FetchResults, Fetched, FilingFolder, HEAD, Handle, Mailbox, MailboxError};
use dirs::{Dir, Placed};
use names::{MaildirEntry, folder_name};
use nix::errno::Errno;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The two places where a message may wait.
const PLACES: [&str; 2] = ["new", "cur"];

/// A Maildir that is held open.
pub struct Maildir {
    name: String,
    root: Dir,
    /// `new` and `cur`.
    places: [Dir; 2],
    processed: String,
    quarantine: String,
    /// Where the messages of the last [`Mailbox::list`] were seen.
    known: HashMap<String, MaildirEntry>,
    /// Whether `known` was read anew during the batch at hand.
    fresh: bool,
}

impl Maildir {
    /// Opens the Maildir at `path`. `processed` and `quarantine` are names of Maildir++ folders
    /// without their leading dot (`Processed`, `Orders.Done`); they are made when first needed.
    ///
    /// # Errors
    /// When there is no Maildir, no permission, or a folder's name cannot be used.
    pub fn open(
        name: &str,
        path: &Path,
        processed: &str,
        quarantine: &str,
    ) -> Result<Maildir, MailboxError> {
        let processed = folder_name(processed)?;
        let quarantine = folder_name(quarantine)?;
        if processed == quarantine {
            return Err(MailboxError::FolderName {
                name: quarantine,
                why: "processed and quarantined mail need folders of their own",
            });
        }
        let root = Dir::root(path)?;
        let place = |place: &str| {
            root.child(OsStr::new(place)).map_err(|errno| match errno {
                Errno::ENOENT => not_maildir(path, format!("it has no {place}/")),
                Errno::ENOTDIR | Errno::ELOOP => {
                    not_maildir(path, format!("its {place} is not a folder"))
                }
                errno => root.error("open", OsStr::new(place), errno),
            })
        };
        let places = [place(PLACES[0])?, place(PLACES[1])?];
        Ok(Maildir {
            name: name.to_owned(),
            root,
            places,
            processed,
            quarantine,
            known: HashMap::new(),
            fresh: false,
        })
    }

    /// Reads both places anew.
    fn look(&mut self) -> Result<(), MailboxError> {
        self.known.clear();
        for (place, dir) in self.places.iter().enumerate() {
            for file in dir.files()? {
                if let Some((key, entry)) = MaildirEntry::read(place, file) {
                    // the same name twice: the other one's turn comes when this one is filed
                    self.known.entry(key).or_insert(entry);
                }
            }
        }
        self.fresh = true;
        Ok(())
    }

    /// Does something with a message's file where it was last seen, and once more where it is now
    /// if a mail client has moved or flagged it since. `None`: it is gone.
    fn with_entry<T>(
        &mut self,
        key: &str,
        mut act: impl FnMut(&Maildir, &MaildirEntry) -> Result<Option<T>, MailboxError>,
    ) -> Result<Option<T>, MailboxError> {
        loop {
            if let Some(entry) = self.known.get(key)
                && let Some(done) = act(self, entry)?
            {
                return Ok(Some(done));
            }
            // once for a batch: a mailbox that was emptied meanwhile is not read a hundred times
            if self.fresh {
                return Ok(None);
            }
            self.look()?;
        }
    }

    fn fetch_one(&mut self, key: &str, limit: u64) -> Result<Fetched, MailboxError> {
        let fetched = self.with_entry(key, |maildir, entry| {
            let dir = &maildir.places[entry.place];
            match dir.file(&entry.file) {
                Ok(file) => read(file, limit)
                    .map(Some)
                    .map_err(|error| dir.error_io("read", &entry.file, error)),
                Err(Errno::ENOENT) => Ok(None),
                Err(errno) => Err(dir.error("read", &entry.file, errno)),
            }
        })?;
        Ok(fetched.unwrap_or(Fetched::Gone))
    }

    /// Moves one message; returns the place it came from, or `None` when it is gone.
    fn file_one(&mut self, key: &str, target: &Dir) -> Result<Option<usize>, MailboxError> {
        let moved = self.with_entry(key, |maildir, entry| {
            let from = &maildir.places[entry.place];
            for attempt in 0..1000 {
                match from.place_in(&entry.file, target, &entry.seen_name(attempt)) {
                    Ok(Placed::Moved) => return Ok(Some(entry.place)),
                    Ok(Placed::NameTaken) => {}
                    Err(Errno::ENOENT) => return Ok(None),
                    Err(errno) => return Err(from.error("move", &entry.file, errno)),
                }
            }
            Err(from.error("move", &entry.file, Errno::EEXIST))
        })?;
        if moved.is_some() {
            self.known.remove(key);
        }
        Ok(moved)
    }
}

impl Mailbox for Maildir {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&mut self) -> Result<Vec<Handle>, MailboxError> {
        self.look()?;
        let mut keys: Vec<String> = self.known.keys().cloned().collect();
        keys.sort_unstable();
        let handles = keys.into_iter().filter_map(|key| {
            let entry = &self.known[&key];
            match self.places[entry.place].size(&entry.file) {
                Ok(Some(size)) => Some(Handle { key, size }),
                Ok(None) | Err(Errno::ENOENT) => None,
                // fetching it will say what is the matter
                Err(_) => Some(Handle { key, size: 0 }),
            }
        });
        Ok(handles.collect())
    }

    fn check(&mut self) -> Result<Checked, MailboxError> {
        let waiting = self.list()?.len();
        for place in &self.places {
            place.writable()?;
        }
        for name in [&self.processed, &self.quarantine] {
            self.root.subfolder(name)?.writable()?;
        }
        let certificate_ends = None;
        Ok(Checked {
            waiting,
            certificate_ends,
        })
    }

    fn fetch(&mut self, batch: &[Handle], limit: u64) -> Result<FetchResults, MailboxError> {
        self.fresh = false;
        let each = |(index, handle): (usize, &Handle)| (index, self.fetch_one(&handle.key, limit));
        Ok(batch.iter().enumerate().map(each).collect())
    }

    fn file(&mut self, batch: &[Handle], folder: FilingFolder) -> Vec<Result<(), MailboxError>> {
        let name = match folder {
            FilingFolder::Processed => &self.processed,
            FilingFolder::Quarantine => &self.quarantine,
        };
        if batch.is_empty() {
            return Vec::new();
        }
        let target = match self.root.subfolder(name) {
            Ok(target) => target,
            Err(error) => return whole_batch(batch.len(), &error),
        };
        self.fresh = false;
        let mut touched = [false; 2];
        let mut results: Vec<Result<(), MailboxError>> = Vec::with_capacity(batch.len());
        for handle in batch {
            results.push(self.file_one(&handle.key, &target).map(|place| {
                if let Some(place) = place {
                    touched[place] = true;
                }
            }));
        }
        // the new names first: a power cut may then leave a message twice, but never nowhere
        let sources = self
            .places
            .iter()
            .zip(touched)
            .filter(|(_, touched)| *touched);
        let dirs = [&target].into_iter().chain(sources.map(|(dir, _)| dir));
        for dir in dirs {
            if let Err(errno) = dir.sync() {
                let error = dir.error("sync", OsStr::new(""), errno);
                return whole_batch(batch.len(), &error);
            }
        }
        results
    }
}

fn not_maildir(path: &Path, why: String) -> MailboxError {
    let path = path.to_owned();
    MailboxError::NotMaildir { path, why }
}

/// The same failure for each: the messages stay, and the next run finds them in the ledger.
fn whole_batch(count: usize, error: &MailboxError) -> Vec<Result<(), MailboxError>> {
    (0..count).map(|_| Err(error.clone())).collect()
}

/// How many bytes of a message over the limit make its digest, together with its size when it has more:
/// no mail is as long, and a sparse file of some terabytes would keep a run busy for an hour.
const DIGESTED: u64 = 256 << 20;

/// Reads a message whole or, over `limit` bytes, its head and digest. What counts is what is read:
/// a file may grow after it was looked at.
fn read(file: File, limit: u64) -> io::Result<Fetched> {
    let size = file.metadata()?.len();
    let mut bytes = Vec::new();
    // a file that says itself that it is too large is not read into memory
    let wanted = match size > limit {
        true => HEAD as u64,
        false => limit.saturating_add(1),
    };
    (&file).take(wanted).read_to_end(&mut bytes)?;
    if size <= limit && bytes.len() as u64 <= limit {
        return Ok(Fetched::Message(bytes));
    }
    let mut hash = openssl::sha::Sha256::new();
    hash.update(&bytes);
    let mut known = bytes.len() as u64;
    let mut rest = &file;
    let mut chunk = vec![0; HEAD];
    while known < DIGESTED {
        let count = match rest.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&chunk[..count]);
        known += count as u64;
    }
    let size = size.max(known);
    if size > known {
        hash.update(&size.to_be_bytes());
    }
    bytes.truncate(HEAD);
    bytes.shrink_to_fit();
    Ok(Fetched::TooLarge {
        size,
        head: bytes,
        sha256: hash.finish(),
    })
}
