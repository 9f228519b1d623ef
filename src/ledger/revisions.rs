//! Revisions: what was changed of purchase orders that vendors have, and what they answered.

use super::po_lines::LineState;
use super::purchase_orders::{NewPoLine, PoRow};
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::lifecycle::{DeliveryState, RevisionState};
use crate::domain::money::Money;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::outbox::DeliveryRow;
use chrono::{DateTime, Utc};
use rusqlite::Row;
use serde_json::{Value, json};

/// A revision as the ledger has it.
#[derive(Clone, Debug)]
pub struct RevisionRow {
    /// Its number in the ledger.
    pub id: i64,
    /// The purchase order.
    pub po_id: i64,
    /// That purchase order's number.
    pub po: String,
    /// The order.
    pub order_id: i64,
    /// The vendor's name.
    pub vendor_name: String,
    /// 2, 3 … as the vendor reads it; what was sent first is revision 1.
    pub number: i64,
    /// Where it stands.
    pub state: RevisionState,
    /// What the vendor last agreed to, and what it reads of the change.
    pub document: Value,
    /// When it was made, or changed before it left.
    pub opened: DateTime<Utc>,
    /// When the vendor answered, RFC 3339 UTC.
    pub answered: Option<Moment>,
    /// What the vendor answered, or who said so.
    pub said: Option<String>,
}

/// A revision with its deliveries.
pub type SentRevision = (RevisionRow, Vec<DeliveryRow>);

impl RevisionRow {
    /// Its name in the exceptions list.
    pub fn entity(&self) -> String {
        format!("revision:{}/{}", self.po, self.number)
    }

    /// How the vendor reads its number: `W200001-1 rev. 2`.
    pub fn shown(&self) -> String {
        format!("{} rev. {}", self.po, self.number)
    }

    /// What it changes, in sentences.
    pub fn changes(&self) -> Vec<&str> {
        let all = self.document["changes"].as_array();
        all.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// Gives it as JSON, as others rely on it.
    pub fn json(&self) -> Value {
        json!({
            "number": self.number, "purchase_order": self.po, "vendor": self.vendor_name, "state": self.state,
            "opened": crate::clock::text(self.opened), "answered": self.answered, "said": self.said,
            "changes": self.document["changes"],
        })
    }
}

const SELECT: &str = "SELECT r.id, r.po_id, p.number, r.order_id, v.name, r.number, r.state, r.document, r.opened, \
     r.answered, r.said FROM po_revision r JOIN purchase_order p ON p.id = r.po_id JOIN vendor v ON v.vendor_id = p.vendor_id";

fn revision(row: &Row) -> rusqlite::Result<RevisionRow> {
    let document: String = row.get(7)?;
    Ok(RevisionRow {
        id: row.get(0)?,
        po_id: row.get(1)?,
        po: row.get(2)?,
        order_id: row.get(3)?,
        vendor_name: row.get(4)?,
        number: row.get(5)?,
        state: super::word(row, 6, RevisionState::parse)?,
        document: super::json(7, &document)?,
        opened: super::moment(row, 8)?,
        answered: row.get(9)?,
        said: row.get(10)?,
    })
}

impl Tx<'_> {
    /// Makes a purchase order's next revision, which waits for the vendor's answer.
    pub fn open_revision(&self, po: &PoRow, document: &Value, why: &str) -> Result<RevisionRow> {
        let last: Option<i64> = self.value(
            "SELECT max(number) FROM po_revision WHERE po_id = ?1",
            [po.id],
        )?;
        let number = last.unwrap_or(1) + 1;
        let id = self.insert(
            "INSERT INTO po_revision (po_id, order_id, number, state, why, document, opened, updated) \
             VALUES (?1, ?2, ?3, 'open', ?4, ?5, ?6, ?6)",
            (po.id, po.order_id, number, why, document.to_string(), self.now_text()),
        )?;
        self.revised(po, number, document, why)?;
        self.revision(id)
    }

    /// Changes a revision that has not left.
    pub fn change_revision(
        &self,
        po: &PoRow,
        row: &RevisionRow,
        document: &Value,
        why: &str,
    ) -> Result<RevisionRow> {
        self.execute(
            "UPDATE po_revision SET document = ?1, opened = ?2, updated = ?2 WHERE id = ?3",
            (document.to_string(), self.now_text(), row.id),
        )?;
        self.revised(po, row.number, document, why)?;
        self.revision(row.id)
    }

    fn revised(&self, po: &PoRow, number: i64, document: &Value, why: &str) -> Result<()> {
        let payload = json!({"revision": number, "changes": document["changes"], "why": why});
        self.fact("po.revised", &po.entity(), Some(po.order_id), &payload)
    }

    /// One revision by its number in the ledger.
    ///
    /// # Errors
    /// When there is none.
    pub fn revision(&self, id: i64) -> Result<RevisionRow> {
        let found = self.first(&format!("{SELECT} WHERE r.id = ?1"), [id], revision)?;
        found.ok_or_else(|| LedgerError::NotFound(format!("there is no revision {id}")))
    }

    /// The revision of a purchase order that its vendor has not answered.
    pub fn unanswered_revision(&self, po: i64) -> Result<Option<RevisionRow>> {
        let sql = format!("{SELECT} WHERE r.po_id = ?1 AND r.state = 'open'");
        self.first(&sql, [po], revision)
    }

    /// The number of the last revision of a purchase order that its vendor agreed to; 0 where it agreed to none.
    pub fn agreed_revision(&self, po: i64) -> Result<i64> {
        let last: Option<i64> = self.value(
            "SELECT max(number) FROM po_revision WHERE po_id = ?1 AND state = 'agreed'",
            [po],
        )?;
        Ok(last.unwrap_or(0))
    }

    /// The revisions of a purchase order, oldest first.
    pub fn revisions_of_po(&self, po: i64) -> Result<Vec<RevisionRow>> {
        let sql = format!("{SELECT} WHERE r.po_id = ?1 ORDER BY r.number");
        self.rows(&sql, [po], revision)
    }

    /// The revisions of an order's purchase orders, oldest first, each with its deliveries.
    pub fn revisions_of_order(&self, order: i64) -> Result<Vec<SentRevision>> {
        let sql = format!("{SELECT} WHERE r.order_id = ?1 ORDER BY r.id");
        self.with_papers(self.rows(&sql, [order], revision)?)
    }

    /// Adds its deliveries to each.
    pub fn with_papers(&self, rows: Vec<RevisionRow>) -> Result<Vec<SentRevision>> {
        let with = |row: RevisionRow| Ok((self.deliveries_of_revision(row.id)?, row));
        let with = |row| with(row).map(|(papers, row)| (row, papers));
        rows.into_iter().map(with).collect()
    }

    /// Keeps what became of a revision.
    ///
    /// # Errors
    /// When something became of it before.
    pub fn end_revision(&self, row: &RevisionRow, to: RevisionState, said: &str) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::done(format!(
                "revision {} of {} is {} already",
                row.number, row.po, row.state
            ))));
        }
        self.move_state("po_revision", row.id, row.state.as_str(), to.as_str())?;
        self.execute(
            "UPDATE po_revision SET answered = ?1, said = ?2 WHERE id = ?3",
            (self.now_text(), said, row.id),
        )?;
        let payload = json!({"revision": row.number, "why": said});
        let entity = format!("po:{}", row.po);
        self.fact(
            &format!("po.revision_{}", to.as_str()),
            &entity,
            Some(row.order_id),
            &payload,
        )
    }

    /// The deliveries of a revision, one for each way.
    pub fn deliveries_of_revision(&self, id: i64) -> Result<Vec<DeliveryRow>> {
        let mut all = Vec::new();
        for way in ["email", "fax"] {
            all.extend(self.delivery_once(&format!("po_revision:{id}:{way}"))?);
        }
        Ok(all)
    }

    /// The revisions that no vendor has answered, whose way is dead and whose vendor named a second way that has not
    /// been taken: the failed delivery, the revision, and the way.
    pub fn revision_fallbacks_due(&self, fax: bool) -> Result<Vec<(i64, i64, DeliveryChannel)>> {
        self.rows(
            "SELECT d.id, r.id, v.fallback FROM po_revision r JOIN purchase_order p ON p.id = r.po_id \
             JOIN vendor v ON v.vendor_id = p.vendor_id \
             JOIN delivery d ON d.once = 'po_revision:' || r.id || ':' \
               || CASE v.fallback WHEN 'fax' THEN 'email' ELSE 'fax' END \
             WHERE r.state = 'open' AND d.state = 'failed' AND v.fallback IS NOT NULL AND (?1 OR v.fallback <> 'fax') \
             AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.once = 'po_revision:' || r.id || ':' || v.fallback) \
             ORDER BY r.id",
            [fax],
            |row| {
                let way: String = row.get(2)?;
                Ok((row.get(0)?, row.get(1)?, DeliveryChannel::of(&way)))
            },
        )
    }

    /// When a revision left first, by any way.
    pub fn revision_left(&self, id: i64) -> Result<Option<DateTime<Utc>>> {
        let mut left = Vec::new();
        for row in self.deliveries_of_revision(id)? {
            let taken = self.attempts(row.id)?.into_iter();
            let taken = taken.filter(|(_, outcome, _)| outcome == "sent" || outcome == "unknown");
            left.extend(taken.filter_map(|(at, ..)| DateTime::parse_from_rfc3339(&at).ok()));
        }
        Ok(left.into_iter().min().map(|at| at.to_utc()))
    }

    /// Whether a vendor has a revision, or may have it.
    pub fn revision_may_be_known(&self, row: &RevisionRow) -> Result<bool> {
        for delivery in self.deliveries_of_revision(row.id)? {
            let left = matches!(
                delivery.state,
                DeliveryState::Sent | DeliveryState::Unknown | DeliveryState::Sending
            );
            // what came back was taken before, and somebody may have read it
            let mut attempts = self.attempts(delivery.id)?.into_iter();
            let taken = attempts.any(|(_, outcome, _)| outcome == DeliveryState::Sent.as_str());
            if left || taken || self.doubt_remains(delivery.id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The vendor to whom a revision goes; `None` when the delivery is another.
    pub fn vendor_of_revision_mail(&self, delivery: &DeliveryRow) -> Result<Option<String>> {
        let Some(id) = self.revision_of_delivery(delivery.id)? else {
            return Ok(None);
        };
        Ok(Some(self.po(self.revision(id)?.po_id)?.vendor_id))
    }

    /// The revision that a delivery brings; `None` when it is another.
    pub fn revision_of_delivery(&self, delivery: i64) -> Result<Option<i64>> {
        let once: Option<String> = self.first(
            "SELECT once FROM delivery WHERE id = ?1 AND kind = 'po_revision'",
            [delivery],
            |row| row.get(0),
        )?;
        let id = once.as_deref().and_then(|once| once.split(':').nth(1));
        Ok(id.and_then(|id| id.parse().ok()))
    }

    /// Has a cancellation belong to a revision: it has no paper of its own, and its answer is the revision's.
    pub fn tie_cancellation(&self, row: &CancellationRow, revision: i64) -> Result<()> {
        self.execute(
            "UPDATE po_cancellation SET revision_id = ?1 WHERE id = ?2",
            (revision, row.id),
        )?;
        Ok(())
    }

    /// Has the cancellations of a revision belong to the one that overtakes it.
    pub fn move_cancellations(&self, from: i64, to: i64) -> Result<()> {
        self.execute(
            "UPDATE po_cancellation SET revision_id = ?1 WHERE revision_id = ?2",
            (to, from),
        )?;
        Ok(())
    }

    /// Writes a purchase order as it is from now on: `more` pieces of lines that it has, and new lines.
    pub fn revise_po(
        &self,
        po: &PoRow,
        (document, total): (&Value, Money),
        more: &[(LineState, i64)],
        new: &[NewPoLine],
    ) -> Result<()> {
        for (line, qty) in more {
            self.execute(
                "UPDATE po_line SET qty = qty + ?1 WHERE id = ?2",
                (qty, line.id),
            )?;
        }
        for line in new {
            self.insert(
                "INSERT INTO po_line (po_id, line, order_line, sku, vendor_sku, qty, unit_cost, unit_price) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
                (po.id, line.line, line.order_line, line.sku, line.vendor_sku, line.qty, line.unit_cost.0, line.unit_price.0),
            )?;
        }
        self.execute(
            "UPDATE purchase_order SET document = ?1, total = ?2, updated = ?3 WHERE id = ?4",
            (document.to_string(), total.0, self.now_text(), po.id),
        )?;
        let grown: Vec<Value> = more
            .iter()
            .map(|(line, qty)| json!({"line": line.line, "sku": line.sku, "more": qty}))
            .collect();
        let new: Vec<Value> = new
            .iter()
            .map(|line| json!({"line": line.line, "sku": line.sku, "qty": line.qty}))
            .collect();
        let payload = json!({"total": total, "more": grown, "new": new});
        self.fact("po.rewritten", &po.entity(), Some(po.order_id), &payload)
    }
}
