//! Cancellations: what was taken back of purchase orders that vendors have, and what they answered.

use super::failures::Sound;
use super::purchase_orders::PoRow;
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::lifecycle::CancellationState;
use chrono::{DateTime, Utc};
use rusqlite::Row;
use serde_json::{Value, json};

/// A cancellation to be made.
pub struct NewCancellation<'a> {
    /// Its number to people.
    pub number: &'a str,
    /// What it takes pieces off.
    pub po: &'a PoRow,
    /// The return that it is for.
    pub rma: Option<&'a str>,
    /// Whether it was ordered from another vendor; else the customer does not get it.
    pub moved: bool,
    /// Why, as a person noted it; never shown to the vendor.
    pub why: &'a str,
    /// What the vendor reads, as values.
    pub document: &'a Value,
}

/// A cancellation as the ledger has it.
#[derive(Clone, Debug)]
pub struct CancellationRow {
    /// Its number in the ledger.
    pub id: i64,
    /// Its number to people, such as `W200001-1-C1`.
    pub number: String,
    /// The purchase order.
    pub po_id: i64,
    /// That purchase order's number.
    pub po: String,
    /// The order.
    pub order_id: i64,
    /// Who was to ship.
    pub vendor_id: String,
    /// That vendor's name.
    pub vendor_name: String,
    /// Where it stands.
    pub state: CancellationState,
    /// The return that it is for.
    pub rma: Option<String>,
    /// Whether it was ordered from another vendor; `None` where an older poms made it.
    pub moved: Option<bool>,
    /// The revision that it belongs to, by its number in the ledger: it has no paper of its own, and is answered with it.
    pub revision: Option<i64>,
    /// What the vendor reads.
    pub document: Value,
    /// When it was made.
    pub opened: DateTime<Utc>,
    /// When the vendor answered, RFC 3339 UTC.
    pub answered: Option<Moment>,
    /// What the vendor answered, or who said so.
    pub said: Option<String>,
}

impl CancellationRow {
    /// `2 of A-1, 1 of B-2`: what it takes back.
    pub fn goods(&self) -> String {
        let lines = self.document["lines"].as_array();
        let one = |line: &Value| {
            let sku = line["sku"].as_str().unwrap_or_default();
            format!("{} of {sku}", line["qty"])
        };
        let all: Vec<String> = lines.into_iter().flatten().map(one).collect();
        all.join(", ")
    }

    /// Gives it as JSON, as others rely on it.
    pub fn json(&self) -> Value {
        json!({
            "number": self.number, "purchase_order": self.po, "vendor_id": self.vendor_id, "vendor": self.vendor_name,
            "state": self.state, "return": self.rma, "opened": crate::clock::text(self.opened), "answered": self.answered,
            "said": self.said, "whole": self.document["whole"], "lines": self.document["lines"], "stays": self.document["stays"],
        })
    }
}

const SELECT: &str = "SELECT c.id, c.number, c.po_id, p.number, c.order_id, p.vendor_id, v.name, c.state, c.rma, c.document, \
     c.opened, c.answered, c.said, c.moved, c.revision_id FROM po_cancellation c JOIN purchase_order p ON p.id = c.po_id \
     JOIN vendor v ON v.vendor_id = p.vendor_id";

fn cancellation(row: &Row) -> rusqlite::Result<CancellationRow> {
    let document: String = row.get(9)?;
    Ok(CancellationRow {
        id: row.get(0)?,
        number: row.get(1)?,
        po_id: row.get(2)?,
        po: row.get(3)?,
        order_id: row.get(4)?,
        vendor_id: row.get(5)?,
        vendor_name: row.get(6)?,
        state: super::word(row, 7, CancellationState::parse)?,
        rma: row.get(8)?,
        moved: row.get(13)?,
        revision: row.get(14)?,
        document: super::json(9, &document)?,
        opened: super::moment(row, 10)?,
        answered: row.get(11)?,
        said: row.get(12)?,
    })
}

/// The purchase order's number in that of a cancellation of it (`W1-1-C1`), however it is written; any
/// other word stays what it is.
pub fn po_of(number: &str) -> &str {
    let found = number.rfind("-C").or_else(|| number.rfind("-c"));
    let parts = found.and_then(|at| Some((number.get(..at)?, number.get(at + 2..)?)));
    match parts {
        Some((po, digits)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            po
        }
        _ => number,
    }
}

impl Tx<'_> {
    /// The number of a purchase order's next cancellation.
    pub fn next_cancellation(&self, po: &PoRow) -> Result<String> {
        let sql = "SELECT count(*) FROM po_cancellation WHERE po_id = ?1";
        let before: i64 = self.value(sql, [po.id])?;
        Ok(format!("{}-C{}", po.number, before + 1))
    }

    /// Makes a cancellation, which waits for the vendor's answer.
    pub fn open_cancellation(&self, new: &NewCancellation) -> Result<CancellationRow> {
        let id = self.insert(
            "INSERT INTO po_cancellation (number, po_id, order_id, state, rma, why, document, opened, updated, moved) \
             VALUES (?1, ?2, ?3, 'open', ?4, ?5, ?6, ?7, ?7, ?8)",
            (
                new.number,
                new.po.id,
                new.po.order_id,
                new.rma,
                new.why,
                new.document.to_string(),
                self.now_text(),
                new.moved,
            ),
        )?;
        let payload = json!({"cancellation": new.number, "lines": new.document["lines"], "return": new.rma, "why": new.why});
        self.fact(
            "po.cancellation_made",
            &new.po.entity(),
            Some(new.po.order_id),
            &payload,
        )?;
        self.cancellation(id)
    }

    /// The cancellations that no vendor has answered, whose way is dead and whose vendor named a second
    /// way that has not been taken: the failed delivery, the cancellation, and the way.
    pub fn cancellation_fallbacks_due(
        &self,
        fax: bool,
    ) -> Result<Vec<(i64, i64, DeliveryChannel)>> {
        // a cancellation names its deliveries by what makes each the only one of its kind
        self.rows(
            "SELECT d.id, c.id, v.fallback FROM po_cancellation c JOIN purchase_order p ON p.id = c.po_id \
             JOIN vendor v ON v.vendor_id = p.vendor_id \
             JOIN delivery d ON d.once = 'po_cancellation:' || c.id || ':' \
               || CASE v.fallback WHEN 'fax' THEN 'email' ELSE 'fax' END \
             WHERE c.state = 'open' AND d.state = 'failed' AND v.fallback IS NOT NULL AND (?1 OR v.fallback <> 'fax') \
             AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.once = 'po_cancellation:' || c.id || ':' || v.fallback) \
             ORDER BY c.id",
            [fax],
            |row| {
                let way: String = row.get(2)?;
                Ok((row.get(0)?, row.get(1)?, DeliveryChannel::of(&way)))
            },
        )
    }

    /// One cancellation by its number in the ledger.
    ///
    /// # Errors
    /// When there is none.
    pub fn cancellation(&self, id: i64) -> Result<CancellationRow> {
        let found = self.first(&format!("{SELECT} WHERE c.id = ?1"), [id], cancellation)?;
        found.ok_or_else(|| LedgerError::NotFound(format!("there is no cancellation {id}")))
    }

    /// Keeps what the vendor answered.
    ///
    /// # Errors
    /// When it was answered so already.
    pub fn answer_cancellation(
        &self,
        row: &CancellationRow,
        to: CancellationState,
        said: &str,
    ) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::done(format!(
                "cancellation {} is {} already",
                row.number, row.state
            ))));
        }
        self.move_state("po_cancellation", row.id, row.state.as_str(), to.as_str())?;
        self.execute(
            "UPDATE po_cancellation SET answered = ?1, said = ?2 WHERE id = ?3",
            (self.now_text(), said, row.id),
        )?;
        let payload = json!({"cancellation": row.number, "before": row.state, "why": said});
        let entity = format!("po:{}", row.po);
        self.fact(
            &format!("po.cancellation_{}", to.as_str()),
            &entity,
            Some(row.order_id),
            &payload,
        )
    }

    /// The cancellations of a purchase order, oldest first.
    pub fn cancellations_of_po(&self, po: i64) -> Result<Vec<CancellationRow>> {
        let sql = format!("{SELECT} WHERE c.po_id = ?1 ORDER BY c.id");
        self.rows(&sql, [po], cancellation)
    }

    /// The cancellations of an order's purchase orders, oldest first.
    pub fn cancellations_of_order(&self, order: i64) -> Result<Vec<CancellationRow>> {
        let sql = format!("{SELECT} WHERE c.order_id = ?1 ORDER BY c.id");
        self.rows(&sql, [order], cancellation)
    }

    /// Reads the cancellations that vendors have not answered, oldest first.
    pub fn open_cancellations(&self) -> Result<Sound<CancellationRow>> {
        let sql =
            format!("{SELECT} WHERE c.state = 'open' AND c.revision_id IS NULL ORDER BY c.id");
        self.rows_apart(&sql, [], cancellation)
    }

    /// Counts the cancellations that no vendor has answered.
    pub fn count_open_cancellations(&self) -> Result<i64> {
        self.value(
            "SELECT count(*) FROM po_cancellation WHERE state = 'open'",
            [],
        )
    }

    /// The vendor to whom a document went that takes something back; `None` when the delivery is
    /// another.
    pub fn vendor_of_cancellation_mail(&self, delivery: i64) -> Result<Option<String>> {
        let once: Option<String> = self.first(
            "SELECT once FROM delivery WHERE id = ?1 AND kind = 'po_cancellation'",
            [delivery],
            |row| row.get(0),
        )?;
        let id = once.as_deref().and_then(|once| once.split(':').nth(1));
        match id.and_then(|id| id.parse().ok()) {
            Some(id) => Ok(Some(self.cancellation(id)?.vendor_id)),
            None => Ok(None),
        }
    }
}
