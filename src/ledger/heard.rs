//! What vendors wrote about a purchase order and nobody has decided about yet: until then it is not true
//! that nothing was heard.

use super::exceptions::ExceptionRow;
use super::purchase_orders::PoRow;
use super::{Result, Tx};
use crate::clock::Moment;
use crate::domain::codes::Code;
use crate::ledger::sqlite::exception_of;
use chrono::{DateTime, Utc};
use rusqlite::Row;
use serde_json::json;

/// What of a vendor's words about a purchase order waits for a person, and waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The newest open exception that shows them.
    pub waits: Option<i64>,
    /// When a person last was done with such words.
    pub over: Option<DateTime<Utc>>,
}

/// Exceptions by which a person reads what nothing was done about. Those that only warn are left out:
/// nobody is told of them again, so that nothing must wait for them.
const OF_WORDS: &str = "severity = 'hold' AND code IN ('vendor_mail', 'advice_unclear', 'over_shipment', 'tracking_reused', \
     'unknown_po', 'po_not_open', 'untrusted_sender')";

impl Tx<'_> {
    /// Reads what was heard of a purchase order that nobody has decided about, and when that last ended.
    pub fn heard_of(&self, (po, order, number): (i64, i64, &str)) -> Result<Heard> {
        let read = |row: &Row| {
            let over: Option<Moment> = row.get(1)?;
            Ok(Heard {
                waits: row.get(0)?,
                over: over.map(Moment::time),
            })
        };
        let about_it = self.first(
            &format!(
                "SELECT max(id) FILTER (WHERE state = 'open'), max(resolved) FROM exception \
                 WHERE order_id = ?1 AND po_id = ?2 AND {OF_WORDS}"
            ),
            (order, po),
            read,
        )?;
        // an answer to a question about several that does not say which it means
        let about_several = self.first(
            &format!(
                "SELECT max(id) FILTER (WHERE state = 'open'), max(resolved) FROM exception WHERE {OF_WORDS} AND id IN \
                 (SELECT {} FROM audit WHERE entity = ?1 AND kind = 'po.answer_waits')",
                exception_of!("audit")
            ),
            [format!("po:{number}")],
            read,
        )?;
        let (one, other) = (
            about_it.unwrap_or_default(),
            about_several.unwrap_or_default(),
        );
        Ok(Heard {
            waits: one.waits.max(other.waits),
            over: one.over.max(other.over),
        })
    }

    /// The newest mails about an order that came before message `before`, and are read.
    pub fn messages_about(&self, order: i64, before: i64, at_most: usize) -> Result<Vec<i64>> {
        let entities: Vec<String> = self.rows(
            "SELECT entity FROM audit WHERE order_id = ?1 AND kind IN ('message.accepted', 'message.held') \
             GROUP BY entity ORDER BY max(seq) DESC",
            [order],
            |row| row.get(0),
        )?;
        let ids = entities
            .iter()
            .filter_map(|entity| entity.strip_prefix("message:"));
        let ids = ids
            .filter_map(|id| id.parse().ok())
            .filter(|id| *id < before);
        Ok(ids.take(at_most).collect())
    }

    /// Notes that an exception shows an answer that may mean this purchase order.
    pub fn answer_waits(&self, po: &PoRow, exception: i64) -> Result<()> {
        let payload = json!({"exception": exception});
        self.fact("po.answer_waits", &po.entity(), Some(po.order_id), &payload)
    }

    /// The open exceptions of answers to several purchase orders that may mean one of an order.
    pub fn answers_waiting(&self, order: i64) -> Result<Vec<ExceptionRow>> {
        let ids: Vec<i64> = self.rows(
            concat!(
                "SELECT DISTINCT e.id FROM audit a JOIN exception e ON e.id = ",
                exception_of!("a"),
                " WHERE a.order_id = ?1 AND a.kind = 'po.answer_waits' AND e.state = 'open' ORDER BY 1"
            ),
            [order],
            |row| row.get(0),
        )?;
        ids.into_iter().map(|id| self.exception(id)).collect()
    }

    /// The same that may mean one purchase order.
    pub fn answers_waiting_of_po(&self, po: &PoRow) -> Result<Vec<ExceptionRow>> {
        let ids: Vec<i64> = self.rows(
            concat!(
                "SELECT DISTINCT e.id FROM audit a JOIN exception e ON e.id = ",
                exception_of!("a"),
                " WHERE a.order_id = ?1 AND a.kind = 'po.answer_waits' AND a.entity = ?2 AND e.state = 'open' ORDER BY 1"
            ),
            (po.order_id, po.entity()),
            |row| row.get(0),
        )?;
        ids.into_iter().map(|id| self.exception(id)).collect()
    }

    /// The open exception of a customer's own words about an order that came after a moment: nobody has
    /// read them yet.
    pub fn customer_waits(&self, order: i64, since: Moment) -> Result<Option<ExceptionRow>> {
        let all = self.open_exceptions_of_order(order)?;
        let newer = |row: &ExceptionRow| row.code == Code::CustomerMail && row.opened >= since;
        Ok(all.into_iter().find(newer))
    }
}
