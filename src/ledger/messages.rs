//! Incoming messages: stored before they are interpreted, each with exactly one outcome.

use super::sources::MessageDocument;
use super::{LedgerError, Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, ExceptionCode, UNPROVED};
use crate::domain::lifecycle::MessageState;
use rusqlite::Row;
use serde::Serialize;
use serde_json::{Value, json};

/// A message to be stored.
pub struct NewMessage<'a> {
    /// SHA-256 of its bytes: its identity.
    pub sha256: [u8; 32],
    /// The mailbox that it was found in.
    pub mailbox: &'a str,
    /// Its name in the mailbox.
    pub source: &'a str,
    /// Bytes in all.
    pub size: u64,
    /// `From:` as it stands; shown, never trusted.
    pub sender: &'a str,
    /// `Subject:` as it stands.
    pub subject: &'a str,
    /// Its bytes, or the head of a message that is too large to keep.
    pub raw: &'a [u8],
    /// What is known of it beside, where it is no mail: a source gave it.
    pub document: Option<&'a MessageDocument>,
}

/// A message as the ledger has it.
#[derive(Clone, Debug, Serialize)]
pub struct MessageRow {
    /// Its number.
    pub id: i64,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// The mailbox that it was found in.
    pub mailbox: String,
    /// Its name in the mailbox.
    pub source: String,
    /// When poms stored it.
    pub received: Moment,
    /// Bytes in all.
    pub size: i64,
    /// How often its reading was begun.
    pub attempts: i64,
    /// Where it stands.
    pub state: MessageState,
    /// Why it is held or quarantined.
    pub code: Option<ExceptionCode>,
    /// The same in a sentence.
    pub reason: Option<String>,
    /// `From:` as it stands; never trusted.
    pub sender: String,
    /// `Subject:` as it stands.
    pub subject: String,
    /// Fingerprint of the key that signed it.
    pub signer: Option<String>,
    /// The order that it carries or repeats.
    pub order_id: Option<i64>,
    /// How often the same bytes arrived.
    pub copies: i64,
}

const SELECT: &str = "SELECT id, sha256, mailbox, source, received, size, attempts, state, code, reason, \
     sender, subject, signer, order_id, copies FROM message";

fn message(row: &Row) -> rusqlite::Result<MessageRow> {
    let sha256: Vec<u8> = row.get(1)?;
    Ok(MessageRow {
        id: row.get(0)?,
        sha256: clock::hex(&sha256),
        mailbox: row.get(2)?,
        source: row.get(3)?,
        received: row.get(4)?,
        size: row.get(5)?,
        attempts: row.get(6)?,
        state: super::word(row, 7, MessageState::parse)?,
        code: row.get(8)?,
        reason: row.get(9)?,
        sender: row.get(10)?,
        subject: row.get(11)?,
        signer: row.get(12)?,
        order_id: row.get(13)?,
        copies: row.get(14)?,
    })
}

/// The outcome of storing a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is new; its number.
    New(i64),
    /// The same bytes were stored before, as this number, and have their outcome.
    Known(i64),
    /// The same bytes were stored before, but their reading has not ended.
    Unfinished(i64),
    /// It is the very message that was stored before, as this number: it was only never filed away.
    Unfiled(i64),
}

impl Stored {
    /// The message's number.
    pub fn id(&self) -> i64 {
        match self {
            Stored::New(id) | Stored::Known(id) | Stored::Unfinished(id) | Stored::Unfiled(id) => {
                *id
            }
        }
    }
}

impl Tx<'_> {
    /// Stores a message, or says what is known of the same bytes.
    pub fn store_message(&self, new: &NewMessage) -> Result<Stored> {
        let known = self.first(
            "SELECT id, state, mailbox = ?2 AND source = ?3 FROM message WHERE sha256 = ?1",
            (&new.sha256[..], new.mailbox, new.source),
            |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, bool>(2)?,
                ))
            },
        )?;
        match known {
            None => self.insert_message(new).map(Stored::New),
            Some((id, _, true)) => Ok(Stored::Unfiled(id)),
            Some((id, state, _)) if state == MessageState::Pending.as_str() => {
                Ok(Stored::Unfinished(id))
            }
            Some((id, _, _)) => Ok(Stored::Known(id)),
        }
    }

    /// Counts another copy of a message that is stored; in the audit trail only the first.
    pub fn count_copy(&self, id: i64, mailbox: &str, source: &str) -> Result<()> {
        let copies: i64 = self.value("SELECT copies FROM message WHERE id = ?1", [id])?;
        self.execute("UPDATE message SET copies = copies + 1 WHERE id = ?1", [id])?;
        if copies == 1 {
            let payload = json!({"mailbox": mailbox, "source": source});
            self.fact("message.repeated", &format!("message:{id}"), None, &payload)?;
        }
        Ok(())
    }

    fn insert_message(&self, new: &NewMessage) -> Result<i64> {
        let now = self.now_text();
        let id = self.insert(
            "INSERT INTO message (sha256, mailbox, source, received, size, attempts, state, sender, subject, copies, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, 1, 'pending', ?6, ?7, 1, ?4)",
            (&new.sha256[..], new.mailbox, new.source, &now, new.size as i64, new.sender, new.subject),
        )?;
        self.insert(
            "INSERT INTO message_raw (message_id, raw) VALUES (?1, ?2)",
            (id, new.raw),
        )?;
        let mut payload = json!({"sha256": clock::hex(&new.sha256), "mailbox": new.mailbox, "source": new.source, "size": new.size});
        if let Some(document) = new.document {
            self.put_message_document(id, document)?;
            payload["vouched"] = json!(document.vouched.as_str());
        }
        self.fact("message.stored", &format!("message:{id}"), None, &payload)?;
        Ok(id)
    }

    /// Counts one more beginning of its reading, before it begins.
    pub fn count_attempt(&self, id: i64) -> Result<()> {
        self.execute(
            "UPDATE message SET attempts = attempts + 1 WHERE id = ?1",
            [id],
        )?;
        Ok(())
    }

    /// Gives a message its outcome.
    ///
    /// # Errors
    /// When it is not pending any more, or SQLite's.
    pub fn settle_message(&self, id: i64, to: MessageState, why: &MessageOutcome) -> Result<()> {
        let changed = self.execute(
            "UPDATE message SET state = ?1, code = ?2, reason = ?3, signer = ?4, order_id = ?5, updated = ?6 \
             WHERE id = ?7 AND state = 'pending'",
            (to.as_str(), why.code, why.reason, why.signer, why.order_id, self.now_text(), id),
        )?;
        if changed != 1 {
            return Err(LedgerError::Refused(
                BusinessRefusal::busy(format!(
                    "message {id} was dealt with by another run just now"
                ))
                .with_remedy(": look again"),
            ));
        }
        let payload = json!({"code": why.code, "reason": why.reason, "signer": why.signer});
        self.fact(
            &format!("message.{}", to.as_str()),
            &format!("message:{id}"),
            why.order_id,
            &payload,
        )
    }

    /// Takes a held or quarantined message up again, or dismisses it.
    ///
    /// # Errors
    /// When its state forbids it, in a sentence that says why.
    pub fn move_message(&self, id: i64, to: MessageState, why: &str) -> Result<()> {
        let row = self.message(id)?;
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
                "message {id} is {}: only a held or quarantined message can be taken up again",
                row.state
            ))));
        }
        self.move_state("message", id, row.state.as_str(), to.as_str())?;
        if to == MessageState::Pending {
            self.execute("UPDATE message SET attempts = 0 WHERE id = ?1", [id])?;
        }
        let payload = json!({"before": row.state, "why": why});
        self.fact(
            &format!("message.{}", to.as_str()),
            &format!("message:{id}"),
            row.order_id,
            &payload,
        )
    }

    /// One message.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn message(&self, id: i64) -> Result<MessageRow> {
        self.first(&format!("{SELECT} WHERE id = ?1"), [id], message)?
            .ok_or_else(|| {
                LedgerError::NotFound(format!("there is no message {id}: see `poms message list`"))
            })
    }

    /// A message's bytes as they came.
    pub fn message_raw(&self, id: i64) -> Result<Vec<u8>> {
        self.value("SELECT raw FROM message_raw WHERE message_id = ?1", [id])
    }

    /// Messages whose reading has not ended, oldest first, after number `after`.
    pub fn pending_messages(&self, after: i64, at_most: usize) -> Result<Vec<MessageRow>> {
        let sql = format!(
            "{SELECT} WHERE state = 'pending' AND put_off IS NULL AND id > ?1 ORDER BY id LIMIT ?2"
        );
        self.rows(&sql, (after, at_most as i64), message)
    }

    /// Messages that wait for the end of a run, because reading them takes long; oldest first, after
    /// number `after`.
    pub fn put_off_messages(&self, after: i64, at_most: usize) -> Result<Vec<MessageRow>> {
        let sql = format!(
            "{SELECT} WHERE state = 'pending' AND put_off IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2"
        );
        self.rows(&sql, (after, at_most as i64), message)
    }

    /// Says why nobody knows who wrote a message, or what: the code by which it is or was held, when no person
    /// let it in since; `None` for one whose sender is proved.
    pub fn unproved(&self, id: i64) -> Result<Option<String>> {
        let codes: Vec<ExceptionCode> = self.rows(
            "SELECT code FROM exception WHERE message_id = ?1 AND (state = 'open' OR resolution = 'dismiss') ORDER BY id",
            [id],
            |row| row.get(0),
        )?;
        let doubt = codes
            .into_iter()
            .find(|code| code.is_one_of(UNPROVED))
            .map(|code| code.to_string());
        let unread = self.message(id)?.state == MessageState::Quarantined;
        Ok(doubt.or_else(|| unread.then(|| "it could not be read".to_owned())))
    }

    /// Has a message wait for the end of a run.
    pub fn put_off_message(&self, id: i64) -> Result<()> {
        self.execute("UPDATE message SET put_off = 1 WHERE id = ?1", [id])?;
        self.fact(
            "message.put_off",
            &format!("message:{id}"),
            None,
            &json!({}),
        )
    }

    /// Forgets how often the reading of messages was begun: the run that did so ended in order, so
    /// it was not they that ended it.
    pub fn forget_attempts(&self) -> Result<()> {
        self.execute(
            "UPDATE message SET attempts = 0 WHERE state = 'pending' AND attempts > 0",
            (),
        )?;
        Ok(())
    }

    /// Messages of one state, or of all, newest first.
    pub fn messages(&self, state: Option<MessageState>, at_most: usize) -> Result<Vec<MessageRow>> {
        let at_most = at_most as i64;
        match state {
            Some(state) => self.rows(
                &format!("{SELECT} WHERE state = ?1 ORDER BY id DESC LIMIT ?2"),
                (state.as_str(), at_most),
                message,
            ),
            None => self.rows(
                &format!("{SELECT} ORDER BY id DESC LIMIT ?1"),
                [at_most],
                message,
            ),
        }
    }

    /// The message that brought an order.
    pub fn message_of_order(&self, order_id: i64) -> Result<Option<MessageRow>> {
        let story =
            "SELECT entity FROM audit WHERE order_id = ?1 AND kind = 'message.accepted' LIMIT 1";
        let entity: Option<String> = self.first(story, [order_id], |row| row.get(0))?;
        match entity.and_then(|name| name.strip_prefix("message:")?.parse().ok()) {
            Some(id) => self.message(id).map(Some),
            None => match self.message_with(order_id)? {
                Some(id) => self.message(id).map(Some),
                None => Ok(None),
            },
        }
    }
}

/// The part of an outcome that is kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageOutcome<'a> {
    /// Why it is held or quarantined.
    pub code: Option<Code>,
    /// The same in a sentence; never plaintext.
    pub reason: Option<&'a str>,
    /// Fingerprint of the key that signed it.
    pub signer: Option<&'a str>,
    /// The order that it carries or repeats.
    pub order_id: Option<i64>,
}

/// Counts of messages by state.
impl Tx<'_> {
    /// Counts messages by state.
    pub fn count_messages(&self) -> Result<Value> {
        self.tally(
            "message",
            MessageState::ALL.iter().map(|state| state.as_str()),
            MessageState::Accepted.as_str(),
        )
    }
}
