//! The audit trail: every fact (who, when, what, why, before and after) is a row appended in the
//! transaction that makes it true, chained by SHA-256 so that no row can be changed, removed or put
//! in between without `poms verify` naming the first that is wrong.
//!
//! `hash = SHA-256(domain ‖ previous hash ‖ seq ‖ at ‖ actor ‖ kind ‖ entity ‖ order ‖ commitment)`,
//! each part with its length before it; `commitment = SHA-256(salt of the row ‖ payload)` with 16
//! random bytes of salt, so that a payload and its salt can one day be erased and the chain still
//! verifies, and nobody can guess at what was erased.

use super::{LedgerError, Result, Tx};
use crate::clock;
use chrono::TimeDelta;
use openssl::sha::Sha256;
use serde::Serialize;
use serde_json::Value;

/// Separates these hashes from any other use of SHA-256.
const DOMAIN: &[u8] = b"poms audit v1";

/// So far back a clock may be set: less is a correction, and the trail's time stands still meanwhile.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::hours(1);

/// The kind of the fact that a run ended.
pub(super) const RUN_FINISHED: &str = "run.finished";

/// The fact after which time may begin anew: a person took the clock for right.
pub(super) const CLOCK_ACCEPTED: &str = "setting:clock_accepted_up_to_run";

/// The last row of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Its number; 0 for an empty trail.
    pub seq: i64,
    /// Its hash; zeros for an empty trail.
    pub hash: [u8; 32],
    /// Its moment as it is written; empty for an empty trail.
    pub at: String,
}

impl AuditHead {
    /// Number and hash as they go out in mails, and as `poms verify --witness` takes them.
    pub fn witness(&self) -> String {
        format!("{}:{}", self.seq, clock::hex(&self.hash))
    }
}

/// One row of the trail as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct AuditEntry {
    /// Its place in the chain.
    pub seq: i64,
    /// When, RFC 3339 UTC.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What, for example `order.held`.
    pub kind: String,
    /// Of what, for example `order:W200001`.
    pub entity: String,
    /// The fact itself; `null` when it was erased.
    pub payload: Value,
}

const SELECT: &str = "SELECT a.seq, a.at, a.actor, a.kind, a.entity, a.payload FROM audit a";

/// The hash that a row must have after `previous`; `words` are its `at`, `actor`, `kind`, `entity`.
pub(super) fn hash(
    previous: &[u8; 32],
    seq: i64,
    words: [&[u8]; 4],
    order_id: Option<i64>,
    commitment: &[u8],
) -> [u8; 32] {
    let seq = seq.to_string();
    let order = order_id.map(|id| id.to_string()).unwrap_or_default();
    let [at, actor, kind, entity] = words;
    let mut sha = Sha256::new();
    for part in [
        DOMAIN,
        previous,
        seq.as_bytes(),
        at,
        actor,
        kind,
        entity,
        order.as_bytes(),
        commitment,
    ] {
        sha.update(&(part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    sha.finish()
}

/// Computes what the chain holds of a payload: SHA-256 of the row's salt and the payload.
pub(super) fn commit_to(salt: &[u8], payload: &[u8]) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(salt);
    sha.update(payload);
    sha.finish()
}

impl Tx<'_> {
    /// The last row of the trail.
    pub fn audit_head(&self) -> Result<AuditHead> {
        if let Some(head) = self.head.borrow().as_ref() {
            return Ok(head.clone());
        }
        let stored = self.first(
            "SELECT seq, hash, at FROM audit ORDER BY seq DESC LIMIT 1",
            [],
            |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, Vec<u8>>(1)?,
                    row.get(2)?,
                ))
            },
        )?;
        match stored {
            None => Ok(AuditHead {
                seq: 0,
                hash: [0; 32],
                at: String::new(),
            }),
            Some((seq, hash, at)) => match hash.try_into() {
                Ok(hash) => Ok(AuditHead { seq, hash, at }),
                Err(_) => Err(LedgerError::Broken(format!(
                    "the audit trail's row {seq} was changed: run `poms verify`"
                ))),
            },
        }
    }

    /// Whether the trail has a row of this number and hash (hexadecimal).
    pub fn has_fact(&self, seq: i64, hash: &str) -> Result<bool> {
        let row = "SELECT hash FROM audit WHERE seq = ?1";
        let stored: Option<Vec<u8>> = self.first(row, [seq], |row| row.get(0))?;
        Ok(stored.is_some_and(|stored| clock::hex(&stored) == hash))
    }

    /// Appends a fact about `entity` (for example `order:W200001`), and about an order if it is
    /// part of its story.
    pub fn fact(
        &self,
        kind: &str,
        entity: &str,
        order_id: Option<i64>,
        payload: &Value,
    ) -> Result<()> {
        self.append(kind, entity, order_id, payload.to_string())
    }

    pub(super) fn append(
        &self,
        kind: &str,
        entity: &str,
        order_id: Option<i64>,
        payload: String,
    ) -> Result<()> {
        let head = self.audit_head()?;
        let salt: [u8; 16] = clock::random();
        let (seq, at, actor) = (head.seq + 1, self.dated(&head), self.actor());
        let commitment = commit_to(&salt, payload.as_bytes());
        let words = [&at, actor, kind, entity].map(str::as_bytes);
        let hash = hash(&head.hash, seq, words, order_id, &commitment);
        self.insert(
            "INSERT INTO audit (seq, at, actor, kind, entity, order_id, commitment, hash, salt, payload) \
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
            (
                seq,
                &at,
                actor,
                kind,
                entity,
                order_id,
                &commitment[..],
                &hash[..],
                &salt[..],
                &payload,
            ),
        )?;
        *self.head.borrow_mut() = Some(AuditHead { seq, hash, at });
        Ok(())
    }

    /// The moment of the next fact. The trail's time does not run back: while a clock that was
    /// corrected is behind the last fact, it stands still, or many small steps would make a long one.
    fn dated(&self, head: &AuditHead) -> String {
        let now = self.now_text();
        match head.at > now && !self.time_begins_anew() && clock::parse(&head.at).is_some() {
            true => head.at.clone(),
            false => now,
        }
    }

    /// The facts of one order's story, oldest first.
    pub fn audit_of_order(&self, order_id: i64) -> Result<Vec<AuditEntry>> {
        self.entries("WHERE a.order_id = ?1 ORDER BY a.seq", [order_id])
    }

    /// The facts about one entity, oldest first.
    pub fn audit_of(&self, entity: &str) -> Result<Vec<AuditEntry>> {
        self.entries("WHERE a.entity = ?1 ORDER BY a.seq", [entity])
    }

    /// The latest facts of all, seals left out, oldest first.
    pub fn audit_latest(&self, at_most: usize) -> Result<Vec<AuditEntry>> {
        let mut entries = self.entries(
            "WHERE a.kind <> 'seal' ORDER BY a.seq DESC LIMIT ?1",
            [at_most as i64],
        )?;
        entries.reverse();
        Ok(entries)
    }

    fn entries(&self, which: &str, params: impl rusqlite::Params) -> Result<Vec<AuditEntry>> {
        self.rows(&format!("{SELECT} {which}"), params, |row| {
            let payload: Option<String> = row.get(5)?;
            let payload = payload.and_then(|text| serde_json::from_str(&text).ok());
            Ok(AuditEntry {
                seq: row.get(0)?,
                at: row.get(1)?,
                actor: row.get(2)?,
                kind: row.get(3)?,
                entity: row.get(4)?,
                payload: payload.unwrap_or(Value::Null),
            })
        })
    }
}
