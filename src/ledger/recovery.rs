//! A ledger that a person accepted as it is although its anchors say otherwise, and what it lacks.

use super::anchor::{self, AnchorLine, Anchors};
use super::{Ledger, LedgerError, Result, Tx};
use crate::clock;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The fact of an acceptance.
pub(in crate::ledger) const RECOVERED: &str = "ledger.recovered";

/// The state of a ledger when a person accepted it, and what its anchors said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// How many facts it had.
    pub ended_at: i64,
    /// When the last of them was written; empty when it had none.
    pub ended: String,
    /// The highest number that an anchor vouched for; 0 when there was none.
    pub anchored_to: i64,
    /// The file in which the old anchors are kept.
    pub old_anchors: Option<String>,
}

impl Recovery {
    /// Counts the facts that are known to be missing.
    pub fn missing(&self) -> i64 {
        self.anchored_to.saturating_sub(self.ended_at).max(0)
    }
}

impl Ledger {
    /// Gathers what a recovery has to say of the ledger as it stands beside these anchors. One that was begun
    /// and did not end said it before: its own facts are none of those that the ledger lacked.
    pub fn recovery(&self, anchors: &Anchors) -> Result<Recovery> {
        let newest = anchors.highest().map_or(0, |newest| newest.seq);
        if let Some(mut begun) = self.recovery_begun(anchors)? {
            begun.anchored_to = begun.anchored_to.max(newest);
            return Ok(begun);
        }
        let head = self.read().audit_head()?;
        Ok(Recovery {
            ended_at: head.seq,
            ended: head.at,
            anchored_to: newest,
            old_anchors: None,
        })
    }

    /// The recovery with which the trail ends, when no anchor was written since.
    pub fn recovery_begun(&self, anchors: &Anchors) -> Result<Option<Recovery>> {
        let tx = self.read();
        let last: Option<(i64, Option<String>)> = tx.first(
            "SELECT seq, payload FROM audit WHERE kind = ?1 ORDER BY seq DESC LIMIT 1",
            [RECOVERED],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let Some((seq, payload)) = last else {
            return Ok(None);
        };
        let more = "SELECT 1 FROM audit WHERE seq > ?1 AND kind <> 'seal' LIMIT 1";
        if tx.first(more, [seq], |_| Ok(()))?.is_some() {
            return Ok(None);
        }
        let since = anchors.lines.iter().filter_map(AnchorLine::anchor);
        for anchor in since.filter(|anchor| anchor.seq >= seq) {
            let row = "SELECT hash FROM audit WHERE seq = ?1";
            let hash: Option<Vec<u8>> = tx.first(row, [anchor.seq], |row| row.get(0))?;
            if hash.is_some_and(|hash| clock::hex(&hash) == anchor.hash) {
                return Ok(None);
            }
        }
        let payload = payload.unwrap_or_default();
        let said: Value = serde_json::from_str(&payload).unwrap_or_default();
        let (Some(ended_at), Some(anchored_to)) =
            (said["ended_at"].as_i64(), said["anchored_to"].as_i64())
        else {
            return Ok(None);
        };
        let row = "SELECT at FROM audit WHERE seq = ?1";
        let ended: Option<String> = tx.first(row, [ended_at], |row| row.get(0))?;
        Ok(Some(Recovery {
            ended_at,
            ended: ended.unwrap_or_default(),
            anchored_to,
            old_anchors: said["old_anchors"].as_str().map(str::to_owned),
        }))
    }
}

impl Ledger {
    /// Accepts the ledger as it is: the fact first, with what the old anchors knew, then they are set aside,
    /// then the first new one is written, so that whoever is interrupted types the same again. Gives the
    /// files in which old anchors are kept as well.
    ///
    /// # Errors
    /// SQLite's; when the anchors cannot be read, set aside or written.
    pub fn accept(
        &mut self,
        anchors: &Path,
        now: DateTime<Utc>,
        why: &str,
    ) -> Result<(Recovery, Vec<String>)> {
        let mut recovery = self.recovery(&anchor::read(anchors)?)?;
        let earlier = recovery.old_anchors.take();
        let earlier = earlier.filter(|kept| Path::new(kept).exists());
        let aside = anchors
            .exists()
            .then(|| aside(anchors, &now.format("%Y%m%dT%H%M%S").to_string()));
        let named = aside.as_ref().map(|aside| aside.display().to_string());
        let kept: Vec<String> = earlier.into_iter().chain(named).collect();
        recovery.old_anchors = kept.first().cloned();
        self.write(now, |tx| tx.recovered(why, &recovery))?;
        if let Some(aside) = aside.as_ref().filter(|_| !self.is_rehearsal()) {
            std::fs::rename(anchors, aside).map_err(|fault| {
                LedgerError::File(format!("cannot set {} aside", anchors.display()), fault)
            })?;
        }
        self.anchor_anew(anchors, now)?;
        Ok((recovery, kept))
    }
}

/// A name that is free, beside the anchors.
fn aside(anchors: &Path, when: &str) -> PathBuf {
    let first = anchors.with_extension(format!("before-{when}"));
    let more = (2..).map(|n: u32| anchors.with_extension(format!("before-{when}-{n}")));
    std::iter::once(first.clone())
        .chain(more)
        .find(|name| !name.exists())
        .unwrap_or(first)
}

impl Tx<'_> {
    /// Writes down that a person accepted the ledger as it is.
    pub fn recovered(&self, why: &str, recovery: &Recovery) -> Result<()> {
        let payload = json!({"why": why, "old_anchors": recovery.old_anchors,
            "ended_at": recovery.ended_at, "anchored_to": recovery.anchored_to});
        self.fact(RECOVERED, "ledger", None, &payload)
    }
}
