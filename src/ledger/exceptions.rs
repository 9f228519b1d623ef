//! Exceptions: the admin's list.

mod told;

use super::purchase_orders::PoRow;
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, CodeDefinition, ExceptionCode, Severity};
use crate::ledger::sqlite::{exception_of, unindexed};
use rusqlite::Row;
use serde_json::json;

/// The thing that an exception belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The message.
    pub message: Option<i64>,
    /// The order, also when it is a purchase order or delivery of that order.
    pub order: Option<i64>,
    /// The purchase order.
    pub po: Option<i64>,
    /// The delivery.
    pub delivery: Option<i64>,
}

/// An exception as the ledger has it.
#[derive(Clone, Debug)]
pub struct ExceptionRow {
    /// Its number.
    pub id: i64,
    /// Its code.
    pub code: ExceptionCode,
    /// Whether it holds or only warns.
    pub severity: Severity,
    /// Whether it still needs a person.
    pub open: bool,
    /// What it is about, for example `order:W200001`.
    pub entity: String,
    /// The same by numbers.
    pub subject: Subject,
    /// The reason in plain words.
    pub message: String,
    /// When it was found, RFC 3339 UTC.
    pub opened: Moment,
    /// How it ended: a remedy's word, or `cleared` when it no longer applied.
    pub resolution: Option<String>,
    /// What the person who resolved it wrote.
    pub note: Option<String>,
    /// Who resolved it.
    pub actor: Option<String>,
    /// When.
    pub resolved: Option<Moment>,
    /// The order's shop number, if there is an order.
    pub order_number: Option<String>,
    /// The order's copy, if there is an order.
    pub order_copy: Option<i64>,
    /// The order's total in minor units and its currency, if there is an order; what a silent vendor's
    /// purchase orders cost.
    pub value: Option<(i64, String)>,
    /// Until when admins are not told of it again, RFC 3339 UTC.
    pub snoozed: Option<Moment>,
}

pub(super) const SELECT: &str = "SELECT e.id, e.code, e.severity, e.state, e.entity, e.message_id, e.order_id, e.po_id, e.delivery_id, \
     e.message, e.opened, e.resolution, e.note, e.actor, e.resolved, o.number, o.copy, \
     CASE e.code WHEN 'vendor_silent' THEN (SELECT sum(total) FROM purchase_order WHERE id IN \
       (SELECT po_id FROM silence WHERE exception_id = e.id AND state = 'listed')) ELSE o.total END AS value, \
     CASE e.code WHEN 'vendor_silent' THEN (SELECT max(currency) FROM purchase_order WHERE id IN \
       (SELECT po_id FROM silence WHERE exception_id = e.id AND state = 'listed')) ELSE o.currency END, e.snoozed \
     FROM exception e LEFT JOIN orders o ON o.id = e.order_id";

pub(super) fn exception(row: &Row) -> rusqlite::Result<ExceptionRow> {
    let state: String = row.get(3)?;
    let total: Option<i64> = row.get(17)?;
    let currency: Option<String> = row.get(18)?;
    Ok(ExceptionRow {
        id: row.get(0)?,
        code: row.get(1)?,
        severity: super::word(row, 2, Severity::parse)?,
        open: state == "open",
        entity: row.get(4)?,
        subject: Subject {
            message: row.get(5)?,
            order: row.get(6)?,
            po: row.get(7)?,
            delivery: row.get(8)?,
        },
        message: row.get(9)?,
        opened: row.get(10)?,
        resolution: row.get(11)?,
        note: row.get(12)?,
        actor: row.get(13)?,
        resolved: row.get(14)?,
        order_number: row.get(15)?,
        order_copy: row.get(16)?,
        value: total.zip(currency),
        snoozed: row.get(19)?,
    })
}

/// A filter of the exceptions to list; everything that is `None` is not asked.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Resolved ones too.
    pub all: bool,
    /// Only this code.
    pub code: Option<Code>,
    /// Only of this order, by the shop's number.
    pub order: Option<String>,
    /// Only `hold` or `warn`.
    pub severity: Option<Severity>,
    /// Only those about an entity that begins so, for example `message`.
    pub entity: Option<String>,
    /// Only those opened at or before this moment.
    pub opened_before: Option<Moment>,
}

impl Tx<'_> {
    /// Puts an exception on the list. The same open reason about the same thing is not listed
    /// twice; then its number is returned again, with the newer message.
    pub fn open_exception(
        &self,
        code: impl Into<ExceptionCode>,
        severity: Severity,
        entity: &str,
        about: Subject,
        message: &str,
    ) -> Result<i64> {
        let listed = self.list_exception(code, severity, entity, about, message)?;
        Ok(listed.0)
    }

    /// The same, and whether it is new on the list.
    pub fn list_exception(
        &self,
        code: impl Into<ExceptionCode>,
        severity: Severity,
        entity: &str,
        about: Subject,
        message: &str,
    ) -> Result<(i64, bool)> {
        let code = &code.into();
        let known = self.first(
            // leaves the index over entities alone: where there is no order, a
            // search by order would read every row that has none
            concat!(
                "SELECT id, message FROM exception WHERE entity = ?2 AND code = ?1 AND ",
                unindexed!("state"),
                " = 'open' AND ",
                unindexed!("order_id"),
                " IS NOT DISTINCT FROM ?3 AND ",
                unindexed!("message_id"),
                " IS NOT DISTINCT FROM ?4 AND ",
                unindexed!("delivery_id"),
                " IS NOT DISTINCT FROM ?5"
            ),
            (code, entity, about.order, about.message, about.delivery),
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
        )?;
        if let Some((id, before)) = known {
            if before != message {
                self.execute(
                    "UPDATE exception SET message = ?1 WHERE id = ?2",
                    (message, id),
                )?;
            }
            return Ok((id, false));
        }
        let id = self.insert(
            "INSERT INTO exception (code, severity, state, entity, message_id, order_id, po_id, delivery_id, message, opened, mailed) \
             VALUES (?1, ?2, 'open', ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
            (
                code,
                severity.as_str(),
                entity,
                about.message,
                about.order,
                about.po,
                about.delivery,
                message,
                self.now_text(),
            ),
        )?;
        let payload =
            json!({"exception": id, "code": code, "severity": severity, "message": message});
        self.fact("exception.opened", entity, about.order, &payload)?;
        Ok((id, true))
    }

    /// Takes an exception off the list.
    ///
    /// # Errors
    /// When it is already resolved, in a sentence that says by whom.
    pub fn resolve_exception(
        &self,
        row: &ExceptionRow,
        resolution: &str,
        note: &str,
    ) -> Result<()> {
        if !row.open {
            return Err(LedgerError::Refused(
                BusinessRefusal::done(format!(
                    "exception {} is already resolved: {} by {} on {}",
                    row.id,
                    row.resolution.as_deref().unwrap_or("resolved"),
                    row.actor.as_deref().unwrap_or("someone"),
                    row.resolved
                        .map_or_else(|| "an earlier day".to_owned(), |at| at.to_string()),
                ))
                .of_exception(row.id),
            ));
        }
        let changed = self.execute(
            "UPDATE exception SET state = 'resolved', resolution = ?1, note = ?2, actor = ?3, resolved = ?4 \
             WHERE id = ?5 AND state = 'open'",
            (resolution, note, self.actor(), self.now_text(), row.id),
        )?;
        if changed != 1 {
            return Err(LedgerError::Refused(
                BusinessRefusal::busy(format!(
                    "exception {} was resolved by someone else just now",
                    row.id
                ))
                .with_remedy(": look again")
                .of_exception(row.id),
            ));
        }
        let payload =
            json!({"exception": row.id, "code": row.code, "resolution": resolution, "note": note});
        self.fact(
            "exception.resolved",
            &row.entity,
            row.subject.order,
            &payload,
        )
    }

    /// One exception.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn exception(&self, id: i64) -> Result<ExceptionRow> {
        self.first(&format!("{SELECT} WHERE e.id = ?1"), [id], exception)?
            .ok_or_else(|| {
                LedgerError::NotFound(format!(
                    "there is no exception {id}: see `poms exceptions list --all`"
                ))
            })
    }

    /// The open exceptions of an order, its deliveries and purchase orders included.
    pub fn open_exceptions_of_order(&self, order_id: i64) -> Result<Vec<ExceptionRow>> {
        self.rows(
            &format!("{SELECT} WHERE e.order_id = ?1 AND e.state = 'open' ORDER BY e.id"),
            [order_id],
            exception,
        )
    }

    /// The open exceptions of a purchase order with one of these codes.
    pub fn open_exceptions_of_po(&self, po: &PoRow, codes: &[Code]) -> Result<Vec<ExceptionRow>> {
        let all = self.open_exceptions_of_order(po.order_id)?;
        Ok(all
            .into_iter()
            .filter(|row| row.subject.po == Some(po.id) && row.code.is_one_of(codes))
            .collect())
    }

    /// All exceptions that an order ever had, oldest first.
    pub fn exceptions_of_order(&self, order_id: i64) -> Result<Vec<ExceptionRow>> {
        self.rows(
            &format!("{SELECT} WHERE e.order_id = ?1 ORDER BY e.id"),
            [order_id],
            exception,
        )
    }

    /// The open exceptions about an entity, for example `advice:12`.
    pub fn open_exceptions_of_entity(&self, entity: &str) -> Result<Vec<ExceptionRow>> {
        self.rows(
            &format!("{SELECT} WHERE e.state = 'open' AND e.entity = ?1 ORDER BY e.id"),
            [entity],
            exception,
        )
    }

    /// Finds when an exception of this code about an entity was last opened, whatever became of it.
    pub fn last_opened(&self, code: Code, entity: &str, order: i64) -> Result<Option<Moment>> {
        self.value(
            "SELECT max(opened) FROM exception WHERE order_id = ?1 AND code = ?2 AND entity = ?3",
            (order, code, entity),
        )
    }

    /// Whether an exception of this code was ever opened about an entity.
    pub fn was_opened(&self, code: Code, entity: &str) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM exception WHERE entity = ?1 AND code = ?2)",
            (entity, code),
        )
    }

    /// The open exceptions of a message.
    pub fn open_exceptions_of_message(&self, message_id: i64) -> Result<Vec<ExceptionRow>> {
        self.rows(
            &format!("{SELECT} WHERE e.message_id = ?1 AND e.state = 'open' ORDER BY e.id"),
            [message_id],
            exception,
        )
    }

    /// The open exceptions of a delivery.
    pub fn open_exceptions_of_delivery(&self, delivery_id: i64) -> Result<Vec<ExceptionRow>> {
        self.rows(
            &format!("{SELECT} WHERE e.delivery_id = ?1 AND e.state = 'open' ORDER BY e.id"),
            [delivery_id],
            exception,
        )
    }

    /// The exceptions that a filter admits, what matters most first: holds before warnings, then
    /// the greatest value, then the oldest.
    pub fn exceptions(&self, filter: &Filter) -> Result<Vec<ExceptionRow>> {
        let order = filter.order.as_deref();
        // each way in has its index; the rest is looked at row by row
        let which = match (order, filter.all) {
            (Some(_), _) => {
                concat!(
                    "(e.order_id IN (SELECT id FROM orders WHERE number = ?3) OR e.id IN (SELECT s.exception_id FROM orders n \
                     JOIN purchase_order p ON p.order_id = n.id JOIN silence s ON s.po_id = p.id \
                     WHERE n.number = ?3 AND s.state = 'listed') OR e.id IN (SELECT ",
                    exception_of!("a"),
                    " FROM orders n JOIN audit a ON a.order_id = n.id WHERE n.number = ?3 AND a.kind = 'po.answer_waits')) \
                     AND (?1 OR e.state = 'open')"
                )
            }
            (None, false) => "e.state = 'open'",
            (None, true) => "true",
        };
        let sql = format!(
            "{SELECT} WHERE {which} AND ?1 IN (0, 1) AND (?2 IS NULL OR e.code = ?2) \
             AND (?4 IS NULL OR e.severity = ?4) AND (?5 IS NULL OR e.entity LIKE ?5 || '%') AND (?6 IS NULL OR e.opened <= ?6) \
             ORDER BY e.state, e.severity, coalesce(value, 0) DESC, e.id"
        );
        let params = (
            filter.all,
            filter.code,
            order,
            filter.severity.map(Severity::as_str),
            &filter.entity,
            &filter.opened_before,
        );
        self.rows(&sql, params, exception)
    }

    /// Counts the exceptions that are open.
    pub fn count_open_exceptions(&self) -> Result<i64> {
        self.value("SELECT count(*) FROM exception WHERE state = 'open'", [])
    }

    /// Counts those that are open, by code.
    pub fn count_exceptions(&self) -> Result<serde_json::Value> {
        super::counts(
            self,
            "SELECT code, count(*) FROM exception WHERE state = 'open' GROUP BY code ORDER BY 2 DESC",
        )
    }
}

impl ExceptionRow {
    /// The code's definition; a general one for a code of another version.
    pub fn definition(&self) -> &'static CodeDefinition {
        self.code.definition(&self.entity)
    }

    /// The name of its order in commands: `W200001` or `W200001~2`.
    pub fn order_reference(&self) -> Option<String> {
        let number = self.order_number.as_ref()?;
        Some(super::orders::reference(
            number,
            self.order_copy.unwrap_or(1),
        ))
    }
}
