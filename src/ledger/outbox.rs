//! The outbox: every outgoing document, rendered, with its fixed reference, and its attempts.

mod queries;

pub use queries::INTERRUPTED;

use super::sqlite::unindexed;
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::DeliveryState;
use rusqlite::Row;
use serde::Serialize;
use serde_json::json;
use std::borrow::Cow;

/// A document to be sent.
#[derive(Clone)]
pub struct NewDelivery<'a> {
    /// What it is.
    pub kind: DeliveryKind,
    /// How it goes.
    pub channel: DeliveryChannel,
    /// What makes it the only one of its kind, for example `order_placed:17`.
    pub once: &'a str,
    /// Its Message-ID or idempotency reference, the same in every attempt.
    pub reference: &'a str,
    /// Envelope sender.
    pub sender: &'a str,
    /// Envelope recipients.
    pub recipients: &'a [String],
    /// For people.
    pub subject: &'a str,
    /// The order that it is about.
    pub order_id: Option<i64>,
    /// The purchase order that it brings.
    pub po_id: Option<i64>,
    /// The whole rendered document.
    pub content: &'a [u8],
}

/// A delivery as the ledger has it.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryRow {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub kind: DeliveryKind,
    /// How it goes.
    pub channel: DeliveryChannel,
    /// Its Message-ID or idempotency reference.
    pub reference: String,
    /// Envelope sender.
    pub sender: String,
    /// Envelope recipients.
    pub recipients: Vec<String>,
    /// For people.
    pub subject: String,
    /// The order that it is about.
    pub order_id: Option<i64>,
    /// The purchase order that it brings.
    pub po_id: Option<i64>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: i64,
    /// When it was put in.
    pub created: Moment,
    /// When it is tried next, if it waits.
    pub next_attempt: Option<Moment>,
    /// When it was tried first.
    pub first_attempt: Option<Moment>,
    /// When it last changed.
    pub updated: Moment,
    /// What the other side last said.
    pub detail: String,
    /// Whether the admins were told that it is late.
    pub alerted: bool,
    /// Since when it is known to have been sent before, for one that waits again or shall not go again.
    pub sent_before: Option<Moment>,
}

impl DeliveryRow {
    /// Its name in the audit trail and on the exceptions list.
    pub fn entity(&self) -> String {
        format!("delivery:{}", self.id)
    }
}

pub(super) const SELECT: &str = "SELECT id, kind, channel, reference, sender, recipients, subject, order_id, po_id, state, attempts, \
     created, next_attempt, first_attempt, updated, detail, alerted, CASE WHEN state <> 'sent' THEN (SELECT max(at) FROM audit \
     WHERE entity = 'delivery:' || delivery.id AND kind = 'delivery.sent') END FROM delivery";

pub(super) fn delivery(row: &Row) -> rusqlite::Result<DeliveryRow> {
    let (kind, channel): (String, String) = (row.get(1)?, row.get(2)?);
    let recipients: String = row.get(5)?;
    Ok(DeliveryRow {
        id: row.get(0)?,
        kind: DeliveryKind::of(&kind),
        channel: DeliveryChannel::of(&channel),
        reference: row.get(3)?,
        sender: row.get(4)?,
        recipients: super::json(5, &recipients)?,
        subject: row.get(6)?,
        order_id: row.get(7)?,
        po_id: row.get(8)?,
        state: super::word(row, 9, DeliveryState::parse)?,
        attempts: row.get(10)?,
        created: row.get(11)?,
        next_attempt: row.get(12)?,
        first_attempt: row.get(13)?,
        updated: row.get(14)?,
        detail: row.get(15)?,
        alerted: row.get(16)?,
        sent_before: row.get(17)?,
    })
}

/// The end of an attempt, as the ledger takes it.
#[derive(Clone, Debug)]
pub struct SettledAttempt<'a> {
    /// The state that follows.
    pub to: DeliveryState,
    /// What the other side said.
    pub detail: &'a str,
    /// When to try again, for `queued`.
    pub next_attempt: Option<Moment>,
}

/// What says how an order is does not leave while a person is asked about what its shop changed
/// ([`DeliveryKind::waits_for_change`]).
macro_rules! unless_changed {
    () => {
        concat!(
            "NOT (kind IN ('purchase_order', 'order_placed') AND EXISTS (SELECT 1 FROM exception e \
             WHERE e.order_id = delivery.order_id AND e.code = 'changed_in_shop' AND ",
            unindexed!("e.state"),
            " = 'open'))"
        )
    };
}

impl<'a> SettledAttempt<'a> {
    /// An end after which nothing is tried again.
    pub fn end(to: DeliveryState, detail: &'a str) -> SettledAttempt<'a> {
        SettledAttempt {
            to,
            detail,
            next_attempt: None,
        }
    }
}

impl Tx<'_> {
    /// Puts a document into the outbox, due at once. `None` when one with the same `once` is
    /// there already: it is not sent a second time.
    pub fn enqueue(&self, new: &NewDelivery) -> Result<Option<i64>> {
        let there: Option<i64> = self.first(
            "SELECT id FROM delivery WHERE once = ?1",
            [new.once],
            |row| row.get(0),
        )?;
        if there.is_some() {
            return Ok(None);
        }
        let content = self.stamped(&new.kind, &new.channel, new.content)?;
        let now = self.now_text();
        let id = self.insert(
            "INSERT INTO delivery (kind, channel, once, reference, sender, recipients, subject, order_id, po_id, state, attempts, \
             created, next_attempt, updated, detail, alerted) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', 0, ?10, ?10, ?10, '', 0)",
            (
                new.kind.as_str(),
                new.channel.as_str(),
                new.once,
                new.reference,
                new.sender,
                json!(new.recipients).to_string(),
                new.subject,
                new.order_id,
                new.po_id,
                &now,
            ),
        )?;
        self.insert(
            "INSERT INTO delivery_content (delivery_id, content) VALUES (?1, ?2)",
            (id, &content[..]),
        )?;
        let payload = json!({"kind": new.kind, "channel": new.channel, "to": new.recipients, "reference": new.reference});
        self.fact(
            "delivery.queued",
            &format!("delivery:{id}"),
            new.order_id,
            &payload,
        )?;
        Ok(Some(id))
    }

    /// A rendered mail with the audit trail's head in it, where its kind carries one: a witness that
    /// nobody in the house can call back. `poms verify --witness` takes it.
    pub fn stamped<'c>(
        &self,
        kind: &DeliveryKind,
        channel: &DeliveryChannel,
        content: &'c [u8],
    ) -> Result<Cow<'c, [u8]>> {
        let head = self.audit_head()?;
        if *channel != DeliveryChannel::Email || head.seq == 0 || !kind.is_witness() {
            return Ok(Cow::Borrowed(content));
        }
        let header = format!("X-Poms-Head: {}\r\n", head.witness());
        Ok(Cow::Owned([header.as_bytes(), content].concat()))
    }

    /// Deliveries that are due, oldest first, after number `after`; not those of orders that a person is asked about
    /// because their shop changed them.
    pub fn due_deliveries(
        &self,
        channel: &DeliveryChannel,
        now: &str,
        after: i64,
        at_most: usize,
    ) -> Result<Vec<DeliveryRow>> {
        let sql = format!(
            "{SELECT} WHERE state = 'queued' AND channel = ?1 AND next_attempt <= ?2 AND id > ?3 AND {} ORDER BY id LIMIT ?4",
            unless_changed!()
        );
        self.rows(
            &sql,
            (channel.as_str(), now, after, at_most as i64),
            delivery,
        )
    }

    /// The rendered document.
    pub fn delivery_content(&self, id: i64) -> Result<Vec<u8>> {
        self.value(
            "SELECT content FROM delivery_content WHERE delivery_id = ?1",
            [id],
        )
    }

    /// Marks a delivery as being handed over: from now on a crash leaves it doubtful. False, and
    /// nothing marked, when it is no longer queued, or waits: someone dropped it, or its shop changed the order, just now.
    pub fn mark_sending(&self, id: i64) -> Result<bool> {
        let changed = self.execute(
            concat!(
                "UPDATE delivery SET state = 'sending', attempts = attempts + 1, updated = ?1, \
                 first_attempt = coalesce(first_attempt, ?1) WHERE id = ?2 AND state = 'queued' AND ",
                unless_changed!()
            ),
            (self.now_text(), id),
        )?;
        Ok(changed == 1)
    }

    /// Writes down how an attempt ended. From `queued` when it never came to the handing over.
    ///
    /// # Errors
    /// When the state machine forbids it.
    pub fn settle_delivery(&self, row: &DeliveryRow, end: &SettledAttempt) -> Result<()> {
        let stays = row.state == DeliveryState::Queued && end.to == DeliveryState::Queued;
        if !stays {
            self.check_delivery_move(row, end.to)?;
        }
        let tried = i64::from(row.state == DeliveryState::Queued);
        let changed = self.execute(
            "UPDATE delivery SET state = ?1, detail = ?2, next_attempt = ?3, attempts = attempts + ?4, \
             first_attempt = coalesce(first_attempt, ?5), updated = ?5 WHERE id = ?6 AND state = ?7",
            (
                end.to.as_str(),
                end.detail,
                &end.next_attempt,
                tried,
                self.now_text(),
                row.id,
                row.state.as_str(),
            ),
        )?;
        if changed != 1 {
            return Err(LedgerError::Refused(BusinessRefusal::busy(format!(
                "delivery {} is no longer {}: someone else acted meanwhile",
                row.id, row.state
            ))));
        }
        let outcome = if end.to == DeliveryState::Queued {
            "deferred"
        } else {
            end.to.as_str()
        };
        let payload = json!({"answer": end.detail, "next_attempt": end.next_attempt});
        self.fact(
            &format!("delivery.{outcome}"),
            &row.entity(),
            row.order_id,
            &payload,
        )
    }

    /// Moves a delivery by a person's decision.
    ///
    /// # Errors
    /// When its state forbids it, in a sentence that says why.
    pub fn move_delivery(&self, row: &DeliveryRow, to: DeliveryState, why: &str) -> Result<()> {
        self.check_delivery_move(row, to)?;
        self.move_state("delivery", row.id, row.state.as_str(), to.as_str())?;
        if to == DeliveryState::Queued {
            self.execute(
                "UPDATE delivery SET next_attempt = ?1, first_attempt = NULL, alerted = 0 WHERE id = ?2",
                (self.now_text(), row.id),
            )?;
        }
        let payload = json!({"before": row.state, "why": why});
        self.fact(
            &format!("delivery.{}", to.as_str()),
            &row.entity(),
            row.order_id,
            &payload,
        )
    }

    fn check_delivery_move(&self, row: &DeliveryRow, to: DeliveryState) -> Result<()> {
        if row.state.may_become(to) {
            return Ok(());
        }
        Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
            "delivery {} ({}) is {} and cannot become {to}{}",
            row.id,
            row.subject,
            row.state,
            match row.state {
                DeliveryState::Sending =>
                    ": a run is handing it over right now, or was killed; the next `poms process` names it unknown",
                _ => "",
            }
        ))))
    }

    /// Puts another rendering in a delivery's place, for one that is marked as a possible duplicate.
    pub fn replace_content(&self, id: i64, content: &[u8]) -> Result<()> {
        self.execute(
            "UPDATE delivery_content SET content = ?1 WHERE delivery_id = ?2",
            (content, id),
        )?;
        Ok(())
    }

    /// Notes that the admins were told of a late delivery.
    pub fn mark_alerted(&self, id: i64) -> Result<()> {
        self.execute("UPDATE delivery SET alerted = 1 WHERE id = ?1", [id])?;
        Ok(())
    }
}
