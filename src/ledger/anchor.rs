//! Anchors: the head of the audit trail, written outside the ledger after each act, so that neither
//! a rewritten chain nor an older copy put in the ledger's place goes unnoticed.

use super::audit::Head;
use super::{Ledger, LedgerError, Result};
use crate::clock;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

/// One line of the anchor file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// When it was written.
    pub at: String,
    /// The trail's last row then.
    pub seq: i64,
    /// Its hash, hexadecimal.
    pub hash: String,
}

/// Reads the anchors that a file holds, oldest first; none when there is no such file. A last line
/// that a crash cut short is left out.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn read(path: &Path) -> Result<Vec<Anchor>> {
    let trouble = |fault| {
        LedgerError::File(
            format!("cannot read the anchors in {}", path.display()),
            fault,
        )
    };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(fault) => return Err(trouble(fault)),
    };
    let mut anchors = Vec::new();
    for line in BufReader::new(file).lines() {
        if let Ok(anchor) = serde_json::from_str(&line.map_err(trouble)?) {
            anchors.push(anchor);
        }
    }
    Ok(anchors)
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
    match read(anchors)?.pop() {
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
    /// When the file cannot be written, or the ledger is older than its last anchor: a new one would
    /// hide that.
    pub fn anchor(&self, path: &Path, now: DateTime<Utc>) -> Result<()> {
        if self.is_rehearsal() {
            return Ok(());
        }
        let head = self.read().audit_head()?;
        let last = read(path)?.pop();
        if head.seq == 0 || last.is_some_and(|last| last.seq == head.seq) {
            return Ok(());
        }
        self.check_anchor(path)?;
        let anchor = Anchor {
            at: clock::text(now),
            seq: head.seq,
            hash: clock::hex(&head.hash),
        };
        let line = serde_json::to_string(&anchor).unwrap_or_default() + "\n";
        let write = || {
            let mut file = std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)?;
            file.write_all(line.as_bytes())?;
            file.sync_data()
        };
        write().map_err(|fault| {
            LedgerError::File(
                format!("cannot write the anchor file {}", path.display()),
                fault,
            )
        })
    }

    /// Whether the ledger is at least as new as its last anchor and has that anchor's row.
    ///
    /// # Errors
    /// When it is older (a backup was put in its place) or was rewritten: nothing may be sent then.
    pub fn check_anchor(&self, path: &Path) -> Result<()> {
        let Some(anchor) = read(path)?.pop() else {
            return Ok(());
        };
        let stored: Option<Vec<u8>> = self.read().first(
            "SELECT hash FROM audit WHERE seq = ?1",
            [anchor.seq],
            |row| row.get(0),
        )?;
        let Head { seq, .. } = self.read().audit_head()?;
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
                "the ledger is older than its last anchor: it ends at row {seq}, {} was at row {} on {}. \
                 A backup seems to have been restored; purchase orders made since would be sent twice. \
                 Put the newer ledger back, or find out what was sent since and then run `poms recover --note TEXT`",
                path.display(),
                anchor.seq,
                anchor.at
            ))),
        }
    }
}
