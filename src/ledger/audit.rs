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
use openssl::sha::Sha256;
use rusqlite::Row;
use serde::Serialize;
use serde_json::Value;

/// Separates these hashes from any other use of SHA-256.
const DOMAIN: &[u8] = b"poms audit v1";

/// The last row of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 for an empty trail.
    pub seq: i64,
    /// Its hash; zeros for an empty trail.
    pub hash: [u8; 32],
}

/// One row of the trail as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
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

/// A row with all that the chain's arithmetic needs.
pub(super) struct Link {
    pub seq: i64,
    pub at: String,
    pub actor: String,
    pub kind: String,
    pub entity: String,
    pub order_id: Option<i64>,
    pub commitment: Vec<u8>,
    pub hash: Vec<u8>,
    pub salt: Option<Vec<u8>>,
    pub payload: Option<String>,
}

impl Link {
    pub(super) const SELECT: &str = "SELECT a.seq, a.at, a.actor, a.kind, a.entity, a.order_id, a.commitment, a.hash, a.salt, a.payload FROM audit a";

    pub(super) fn read(row: &Row) -> rusqlite::Result<Link> {
        Ok(Link {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            kind: row.get(3)?,
            entity: row.get(4)?,
            order_id: row.get(5)?,
            commitment: row.get(6)?,
            hash: row.get(7)?,
            salt: row.get(8)?,
            payload: row.get(9)?,
        })
    }

    /// The hash that this row must have after `previous`.
    pub(super) fn expected_hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let order = self.order_id.map(|id| id.to_string()).unwrap_or_default();
        let mut sha = Sha256::new();
        let seq = self.seq.to_string();
        let parts: [&[u8]; 9] = [
            DOMAIN,
            previous,
            seq.as_bytes(),
            self.at.as_bytes(),
            self.actor.as_bytes(),
            self.kind.as_bytes(),
            self.entity.as_bytes(),
            order.as_bytes(),
            &self.commitment,
        ];
        for part in parts {
            sha.update(&(part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        sha.finish()
    }
}

/// What the chain holds of a payload: SHA-256 of the row's salt and the payload.
pub(super) fn commit_to(salt: &[u8], payload: &str) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(salt);
    sha.update(payload.as_bytes());
    sha.finish()
}

impl Tx<'_> {
    /// The last row of the trail.
    ///
    /// # Errors
    /// SQLite's.
    pub fn audit_head(&self) -> Result<Head> {
        if let Some(head) = self.head.borrow().as_ref() {
            return Ok(head.clone());
        }
        let stored = self.first(
            "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)),
        )?;
        match stored {
            None => Ok(Head {
                seq: 0,
                hash: [0; 32],
            }),
            Some((seq, hash)) => match hash.try_into() {
                Ok(hash) => Ok(Head { seq, hash }),
                Err(_) => Err(LedgerError::Broken(format!(
                    "the audit trail's row {seq} was changed: run `poms verify`"
                ))),
            },
        }
    }

    /// Appends a fact about `entity` (for example `order:W200001`), and about an order if it is
    /// part of its story.
    ///
    /// # Errors
    /// SQLite's.
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
        let mut link = Link {
            seq: head.seq + 1,
            at: self.now_text(),
            actor: self.actor().to_owned(),
            kind: kind.to_owned(),
            entity: entity.to_owned(),
            order_id,
            commitment: commit_to(&salt, &payload).to_vec(),
            hash: Vec::new(),
            salt: None,
            payload: None,
        };
        let hash = link.expected_hash(&head.hash);
        link.hash = hash.to_vec();
        self.insert(
            "INSERT INTO audit (seq, at, actor, kind, entity, order_id, commitment, hash, salt, payload) \
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
            (
                link.seq,
                &link.at,
                &link.actor,
                &link.kind,
                &link.entity,
                link.order_id,
                &link.commitment,
                &link.hash,
                &salt[..],
                &payload,
            ),
        )?;
        *self.head.borrow_mut() = Some(Head {
            seq: link.seq,
            hash,
        });
        Ok(())
    }

    /// The facts of one order's story, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn audit_of_order(&self, order_id: i64) -> Result<Vec<Entry>> {
        self.entries("WHERE a.order_id = ?1 ORDER BY a.seq", [order_id])
    }

    /// The facts about one entity, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn audit_of(&self, entity: &str) -> Result<Vec<Entry>> {
        self.entries("WHERE a.entity = ?1 ORDER BY a.seq", [entity])
    }

    /// The latest facts of all, seals left out, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn audit_latest(&self, at_most: usize) -> Result<Vec<Entry>> {
        let mut entries = self.entries(
            "WHERE a.kind <> 'seal' ORDER BY a.seq DESC LIMIT ?1",
            [at_most as i64],
        )?;
        entries.reverse();
        Ok(entries)
    }

    fn entries(&self, which: &str, params: impl rusqlite::Params) -> Result<Vec<Entry>> {
        self.rows(&format!("{} {which}", Link::SELECT), params, |row| {
            let link = Link::read(row)?;
            let payload = link
                .payload
                .and_then(|text| serde_json::from_str(&text).ok());
            Ok(Entry {
                seq: link.seq,
                at: link.at,
                actor: link.actor,
                kind: link.kind,
                entity: link.entity,
                payload: payload.unwrap_or(Value::Null),
            })
        })
    }
}
