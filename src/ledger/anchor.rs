//! Anchors: the head of the audit trail, written outside the ledger before each outside effect and
//! after each act, so that neither a rewritten chain, nor an older copy put in the ledger's place,
//! nor commits that a disk lost go unnoticed.

mod lines;

pub use lines::{Anchor, AnchorLine, Anchors};

use super::{Ledger, LedgerError, Result, audit, recovery};
use crate::clock;
use crate::files;
use chrono::{DateTime, Utc};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Number and hash of a row that somebody outside kept: out of a mail's `X-Poms-Head`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The row's number.
    pub seq: i64,
    /// Its hash, hexadecimal.
    pub hash: String,
}

impl std::str::FromStr for Witness {
    type Err = String;

    /// `277:9f2c…`, with the header's name before it or without.
    fn from_str(text: &str) -> std::result::Result<Witness, String> {
        let value = text.trim().trim_start_matches("X-Poms-Head:").trim_start();
        let read = || {
            let (seq, hash) = value.split_once(':')?;
            let hash = hash.to_ascii_lowercase();
            let (_, "") = lines::digest(&hash)? else {
                return None;
            };
            let seq = seq.parse().ok().filter(|seq| *seq > 0)?;
            Some(Witness { seq, hash })
        };
        read().ok_or_else(|| {
            "write it as NUMBER:HASH, as the X-Poms-Head of a mail has it: a row's number and 64 hexadecimal digits".to_owned()
        })
    }
}

/// Where a file that this process knows ends.
#[derive(Clone)]
pub(super) struct Tail {
    path: PathBuf,
    bytes: u64,
    seq: i64,
    link: [u8; 32],
    open: bool,
    fragment: bool,
}

fn trouble(what: &str, path: &Path) -> impl Fn(std::io::Error) -> LedgerError {
    let what = format!("cannot {what} the anchor file {}", path.display());
    move |fault| LedgerError::File(what.clone(), fault)
}

/// The largest anchor file that is read, in bytes: some 50 years of it.
const LARGEST: u64 = 512 << 20;

/// Reads the anchors that a file holds; none when there is no such file.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn read(path: &Path) -> Result<Anchors> {
    refuse_special(path)?;
    let bytes = match files::read(path, LARGEST) {
        Ok(bytes) => bytes,
        Err(fault) if fault.kind() == ErrorKind::NotFound => Vec::new(),
        Err(fault) => return Err(trouble("read", path)(fault)),
    };
    Ok(lines::parse(&bytes))
}

/// Refuses what is there and is no file: a pipe would keep the run waiting.
fn refuse_special(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(file) if !file.is_file() => Err(LedgerError::Broken(format!(
            "{} (site.anchor) is no file: poms keeps its anchors in one of its own; name another, or move what is there away",
            path.display()
        ))),
        _ => Ok(()),
    }
}

/// Refuses where a ledger was, as its anchors tell, and is no more: an empty one in its place would
/// say that nothing ever came, and place again what is still in the mailboxes.
///
/// # Errors
/// When the ledger is gone, or the anchors cannot be read.
pub fn refuse_if_lost(ledger: &Path, anchors: &Path) -> Result<()> {
    if ledger.exists() {
        return Ok(());
    }
    match read(anchors)?.highest() {
        None => Ok(()),
        Some(anchor) => Err(LedgerError::Broken(format!(
            "the ledger {} is gone: by {} it had {} rows on {}. Nothing was fetched or sent. \
             Put it back, or its latest backup; to begin with an empty one, and give up all orders in \
             the old: `poms recover --note TEXT`",
            ledger.display(),
            anchors.display(),
            anchor.seq,
            anchor.at
        ))),
    }
}

impl Ledger {
    /// Appends the trail's present head to the anchor file, durably. Nothing when it stands there.
    ///
    /// # Errors
    /// When the file cannot be written, is not as poms wrote it, or has a newer anchor than the ledger:
    /// another line would hide that.
    pub fn anchor(&self, path: &Path, now: DateTime<Utc>) -> Result<()> {
        if self.is_rehearsal() {
            return Ok(());
        }
        let head = self.read().audit_head()?;
        let stands = |tail: &Tail| tail.path == path && tail.seq == head.seq;
        let known = self.anchored.take();
        if head.seq == 0 || known.as_ref().is_some_and(stands) {
            self.anchored.replace(known);
            return Ok(());
        }
        let tail = self.append(path, now, known)?;
        self.anchored.replace(Some(tail));
        Ok(())
    }

    /// Begins a file of anchors, after a person accepted the ledger as it is: only then may one with
    /// runs stand without any.
    ///
    /// # Errors
    /// As [`Ledger::anchor`].
    pub fn anchor_anew(&self, path: &Path, now: DateTime<Utc>) -> Result<()> {
        self.anchored.replace(Some(Tail {
            path: path.to_owned(),
            bytes: 0,
            seq: 0,
            link: [0; 32],
            open: false,
            fragment: false,
        }));
        self.anchor(path, now)
    }

    /// Under the file's lock: what others appended meanwhile is read, and the trail's head is asked for
    /// only then, so that numbers only grow.
    fn append(&self, path: &Path, now: DateTime<Utc>, known: Option<Tail>) -> Result<Tail> {
        let fresh = !path.exists();
        refuse_special(path)?;
        let mut options = OpenOptions::new();
        let options = options.create(true).read(true).append(true).mode(0o600);
        let mut file = options.open(path).map_err(trouble("open", path))?;
        file.lock().map_err(trouble("lock", path))?;
        let bytes = file.metadata().map_err(trouble("read", path))?.len();
        let mut tail = match known.filter(|known| known.path == path && known.bytes == bytes) {
            Some(known) => known,
            None => self.tail(path, &mut file)?,
        };
        let head = self.read().audit_head()?;
        if tail.seq >= head.seq {
            return Ok(tail);
        }
        let anchor = Anchor {
            seq: head.seq,
            at: clock::text(now),
            hash: clock::hex(&head.hash),
        };
        let line = lines::write(&anchor, &tail.link, tail.fragment);
        let text = format!("{}{line}\n", if tail.open { "\n" } else { "" });
        let written = file.write_all(text.as_bytes());
        written
            .and_then(|()| file.sync_data())
            .and_then(|()| if fresh { sync_folder(path) } else { Ok(()) })
            .map_err(trouble("write", path))?;
        tail.bytes += text.len() as u64;
        tail.link = lines::link(&tail.link, line.as_bytes());
        (tail.seq, tail.open, tail.fragment) = (head.seq, false, false);
        Ok(tail)
    }

    /// Finds where the file ends, after a look at all of it.
    fn tail(&self, path: &Path, file: &mut File) -> Result<Tail> {
        let size = file.metadata().map_err(trouble("read", path))?.len();
        let bytes = files::take(&*file, size, LARGEST).map_err(trouble("read", path))?;
        let anchors = lines::parse(&bytes);
        self.agrees(&anchors, path)?;
        Ok(Tail {
            path: path.to_owned(),
            bytes: bytes.len() as u64,
            seq: anchors.highest().map_or(0, |anchor| anchor.seq),
            link: anchors.link,
            open: anchors.open,
            fragment: anchors.ends_in_fragment(),
        })
    }

    /// Whether the ledger is at least as new as the newest of its anchors and has that anchor's row,
    /// and the file is as poms wrote it.
    ///
    /// # Errors
    /// When it is older (a backup was put in its place, or a disk lost commits) or was rewritten:
    /// nothing may be sent then.
    pub fn check_anchor(&self, path: &Path) -> Result<()> {
        self.agrees(&read(path)?, path)
    }

    /// The same of anchors that were read before. They must be read before the ledger: what is
    /// anchored by then is in it.
    ///
    /// # Errors
    /// As [`Ledger::check_anchor`].
    pub fn agrees(&self, anchors: &Anchors, path: &Path) -> Result<()> {
        let done = self.agreement(anchors, path);
        let Err(LedgerError::Broken(why)) = done else {
            return done;
        };
        Err(LedgerError::Broken(match self.recovery_begun(anchors)? {
            Some(_) => format!(
                "{why}. A recovery was begun, and was interrupted: type `poms recover --note TEXT` again"
            ),
            None => why,
        }))
    }

    fn agreement(&self, anchors: &Anchors, path: &Path) -> Result<()> {
        if let Some(anchor) = anchors.highest() {
            self.has(anchor, path)?;
        }
        match anchors.fault() {
            None if anchors.highest().is_none() && self.was_anchored()? => {
                Err(LedgerError::Broken(format!(
                    "the anchors of this ledger are gone: {} has none, and each run that ended left some, and each recovery. Without them nothing tells \
                     whether this is the newest ledger or an older copy, whose purchase orders would be sent twice. Nothing was fetched, changed or sent. \
                     Put the file back (was site.anchor changed? then move it there). When it is lost, or this ledger is a restored backup, \
                     find out what was sent since its last row ({} of {}) and then run `poms recover --note TEXT`",
                    path.display(),
                    self.read().audit_head()?.seq,
                    self.read().audit_head()?.at
                )))
            }
            None => Ok(()),
            Some((line, why)) => Err(LedgerError::Broken(format!(
                "line {line} of the anchor file {} {why}: the file was changed outside poms. Nothing was fetched, changed or sent. \
                 Put it back from a copy and find out who changed it; `poms verify` names each line. \
                 When the ledger is proved by other means: `poms recover --note TEXT` sets the file aside and begins another",
                path.display()
            ))),
        }
    }

    /// Whether a run ended: a run leaves its first anchor when it begins. Or a person accepted it: that
    /// ends with an anchor.
    fn was_anchored(&self) -> Result<bool> {
        let row = "SELECT 1 FROM audit WHERE kind IN (?1, ?2) LIMIT 1";
        let kinds = [audit::RUN_FINISHED, recovery::RECOVERED];
        Ok(self.read().first(row, kinds, |_| Ok(()))?.is_some())
    }

    fn has(&self, anchor: &Anchor, path: &Path) -> Result<()> {
        let tx = self.read();
        let row = "SELECT hash FROM audit WHERE seq = ?1";
        let stored: Option<Vec<u8>> = tx.first(row, [anchor.seq], |row| row.get(0))?;
        match stored {
            Some(hash) if clock::hex(&hash) == anchor.hash => Ok(()),
            Some(_) => Err(LedgerError::Broken(format!(
                "the ledger's audit trail was rewritten: its row {} is not the one that {} has from {}. \
                 Send nothing; run `poms verify`, and keep both files for whoever investigates",
                anchor.seq,
                path.display(),
                anchor.at
            ))),
            None => Err(LedgerError::Broken(format!(
                "the ledger is older than its last anchor: it ends at row {}, {} was at row {} on {}. \
                 A backup was restored, or the disk lost what was written last (poms.db-wal); what was taken in and sent since is not in it, \
                 and purchase orders made since would be sent twice. \
                 Put the newer ledger back with its -wal, or find out what was sent since and then run `poms recover --note TEXT`",
                tx.audit_head()?.seq,
                path.display(),
                anchor.seq,
                anchor.at
            ))),
        }
    }
}

/// Makes a new file's name durable.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
