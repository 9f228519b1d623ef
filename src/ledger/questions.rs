//! Questions to customers: what shall become of goods that do not come as ordered.

use super::exceptions::ExceptionRow;
use super::outbox::DeliveryRow;
use super::{LedgerError, Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::question::QuestionState;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;
use serde_json::{Value, json};

/// A question as the ledger has it.
#[derive(Clone, Debug)]
pub struct QuestionRow {
    /// Its number.
    pub id: i64,
    /// The exception that it is about.
    pub exception_id: i64,
    /// The order.
    pub order_id: i64,
    /// The purchase order.
    pub po_id: i64,
    /// Where it stands.
    pub state: QuestionState,
    /// When it was asked, RFC 3339 UTC.
    pub asked: Moment,
    /// The last day on which the customer may answer, as the mail names it.
    pub answer_by: NaiveDate,
    /// When that day is over for the customer.
    pub ends: DateTime<Utc>,
    /// The beginning of what the customer answered.
    pub said: Option<String>,
}

const SELECT: &str = "SELECT id, exception_id, order_id, po_id, state, asked, answer_by, ends, said FROM customer_question";

fn question(row: &Row) -> rusqlite::Result<QuestionRow> {
    let day = super::po_lines::day(row, 6)?;
    Ok(QuestionRow {
        id: row.get(0)?,
        exception_id: row.get(1)?,
        order_id: row.get(2)?,
        po_id: row.get(3)?,
        state: super::word(row, 4, QuestionState::parse)?,
        asked: row.get(5)?,
        answer_by: day.ok_or_else(|| super::unreadable(6, "no day".to_owned()))?,
        ends: super::moment(row, 7)?,
        said: row.get(8)?,
    })
}

impl QuestionRow {
    /// The entity to which exceptions about it belong.
    pub fn entity(&self) -> String {
        format!("question:{}", self.id)
    }

    /// Gives it as JSON.
    pub fn json(&self) -> Value {
        json!({"id": self.id, "exception": self.exception_id, "state": self.state.as_str(), "asked": self.asked,
            "answer_by": self.answer_by, "said": self.said})
    }
}

impl Tx<'_> {
    /// Notes that the customer is asked about an open exception of a purchase order.
    ///
    /// # Errors
    /// When the question is still open; SQLite's.
    pub fn ask_customer(
        &self,
        about: &ExceptionRow,
        (order_id, po_id): (i64, i64),
        (answer_by, ends): (NaiveDate, DateTime<Utc>),
        note: &str,
    ) -> Result<QuestionRow> {
        let id = self.insert(
            "INSERT INTO customer_question (exception_id, order_id, po_id, state, asked, answer_by, ends, updated) \
             VALUES (?1, ?2, ?3, 'open', ?4, ?5, ?6, ?4)",
            (
                about.id,
                order_id,
                po_id,
                self.now_text(),
                answer_by.to_string(),
                clock::text(ends),
            ),
        )?;
        let payload = json!({"question": id, "exception": about.id, "code": about.code, "po": po_id,
            "answer_by": answer_by, "note": note});
        let order = self.order(order_id)?;
        self.fact(
            "order.customer_asked",
            &order.entity(),
            Some(order_id),
            &payload,
        )?;
        self.question(id)
    }

    /// Moves a question on, with what the customer said, if anything.
    pub fn move_question(
        &self,
        row: &QuestionRow,
        to: QuestionState,
        said: Option<&str>,
    ) -> Result<()> {
        self.execute(
            "UPDATE customer_question SET state = ?1, said = coalesce(?2, said), updated = ?3 WHERE id = ?4",
            (to.as_str(), said, self.now_text(), row.id),
        )?;
        let payload = json!({"question": row.id, "exception": row.exception_id, "said": said});
        let order = self.order(row.order_id)?;
        let kind = format!("order.customer_{}", to.as_str());
        self.fact(&kind, &order.entity(), Some(row.order_id), &payload)
    }

    /// One question.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn question(&self, id: i64) -> Result<QuestionRow> {
        self.question_if_any(id)?
            .ok_or_else(|| LedgerError::NotFound(format!("there is no question {id}")))
    }

    /// One question, if there is one of that number.
    pub fn question_if_any(&self, id: i64) -> Result<Option<QuestionRow>> {
        self.first(&format!("{SELECT} WHERE id = ?1"), [id], question)
    }

    /// Finds what the customer was last asked about an exception.
    pub fn question_about(&self, exception_id: i64) -> Result<Option<QuestionRow>> {
        let sql = format!("{SELECT} WHERE exception_id = ?1 ORDER BY id DESC LIMIT 1");
        self.first(&sql, [exception_id], question)
    }

    /// Reads what the customer of an order was asked, oldest first.
    pub fn questions_of_order(&self, order_id: i64) -> Result<Vec<QuestionRow>> {
        let sql = format!("{SELECT} WHERE order_id = ?1 ORDER BY id");
        self.rows(&sql, [order_id], question)
    }

    /// Open questions whose time is over.
    pub fn questions_over(&self, now: DateTime<Utc>) -> Result<Vec<QuestionRow>> {
        let sql = format!("{SELECT} WHERE state = 'open' AND ends <= ?1 ORDER BY id");
        self.rows(&sql, [clock::text(now)], question)
    }

    /// Open exceptions about questions that are settled.
    pub fn settled_questions(&self) -> Result<Vec<ExceptionRow>> {
        let ids: Vec<i64> = self.rows(
            "SELECT e.id FROM exception e JOIN customer_question q ON e.entity = 'question:' || q.id \
             JOIN exception about ON about.id = q.exception_id \
             WHERE e.state = 'open' AND e.code IN ('customer_answer', 'customer_unanswered') AND about.state <> 'open'",
            [],
            |row| row.get(0),
        )?;
        ids.into_iter().map(|id| self.exception(id)).collect()
    }

    /// Questions that have not left the outbox and need not any more.
    pub fn needless_questions(&self) -> Result<Vec<DeliveryRow>> {
        let ids: Vec<i64> = self.rows(
            "SELECT d.id FROM delivery d JOIN customer_question q ON d.once = 'customer_question:' || q.id \
             WHERE q.state = 'closed' AND d.state = 'queued' AND d.attempts = 0",
            [],
            |row| row.get(0),
        )?;
        ids.into_iter().map(|id| self.delivery(id)).collect()
    }

    /// Whether the mail that asks has not left the outbox.
    pub fn question_is_unsent(&self, id: i64) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM delivery WHERE once = 'customer_question:' || ?1 AND state = 'queued' AND attempts = 0)",
            [id],
        )
    }

    /// Counts the questions that wait for their answers.
    pub fn count_questions(&self) -> Result<i64> {
        self.value(
            "SELECT count(*) FROM customer_question WHERE state = 'open'",
            [],
        )
    }
}
