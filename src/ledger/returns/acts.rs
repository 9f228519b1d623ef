//! What is done to returns: each a row and a fact.

use super::{ReturnLineRow, ReturnRow};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::ReturnState;
use crate::domain::money::Money;
use crate::domain::rma::{Condition, ReturnKind};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Result, Tx};
use chrono::NaiveDate;
use serde_json::{Value, json};

/// A return to be opened.
pub struct NewReturn<'a> {
    /// By which the goods came.
    pub po: &'a PoRow,
    /// The shop's order number, copies left out.
    pub order_number: &'a str,
    /// Why the goods are not with the customer.
    pub kind: ReturnKind,
    /// Why, in words.
    pub reason: &'a str,
    /// Line of the purchase order, line of the order, pieces.
    pub lines: &'a [(i64, i64, i64)],
}

/// A refund to be recorded.
pub struct NewRefund<'a> {
    /// How much.
    pub amount: Money,
    /// What the order's prices make for the whole return.
    pub computed: Money,
    /// Whether it is more than was left of that.
    pub over: bool,
    /// What is left of that now.
    pub left: Money,
    /// Whether the return ends with it.
    pub last: bool,
    /// Tax in `amount`.
    pub tax: Money,
    /// By which way.
    pub method: &'a str,
    /// The way's own number for it.
    pub reference: &'a str,
    /// Why so; may be empty.
    pub note: &'a str,
}

impl Tx<'_> {
    /// Opens a return, `requested`, under the order's next number.
    pub fn open_return(&self, new: &NewReturn) -> Result<ReturnRow> {
        let earlier: i64 = self.value(
            "SELECT count(*) FROM rma r JOIN orders o ON o.id = r.order_id WHERE o.number = ?1",
            [new.order_number],
        )?;
        let number = format!("R-{}-{}", new.order_number, earlier + 1);
        let id = self.insert(
            "INSERT INTO rma (number, order_id, po_id, kind, state, reason, opened, updated) VALUES (?1,?2,?3,?4,'requested',?5,?6,?6)",
            (&number, new.po.order_id, new.po.id, new.kind.as_str(), new.reason, self.now_text()),
        )?;
        for (po_line, order_line, qty) in new.lines {
            self.insert(
                "INSERT INTO rma_line (rma_id, po_line_id, order_line, qty) VALUES (?1, ?2, ?3, ?4)",
                (id, po_line, order_line, qty),
            )?;
        }
        let lines: Vec<Value> = new
            .lines
            .iter()
            .map(|(_, line, qty)| json!({"line": line, "qty": qty}))
            .collect();
        let row = self.find_return(&number)?;
        let payload =
            json!({"kind": new.kind, "po": new.po.number, "lines": lines, "why": new.reason});
        self.fact(
            "return.requested",
            &row.entity(),
            Some(row.order_id),
            &payload,
        )?;
        Ok(row)
    }

    /// Moves a return, with what the audit trail shall say of it.
    ///
    /// # Errors
    /// When a return of its kind cannot make that move, in a sentence that says what it can.
    fn move_return(&self, row: &ReturnRow, to: ReturnState, why: &Value) -> Result<()> {
        may_become(row, to)?;
        self.move_state("rma", row.id, row.state.as_str(), to.as_str())?;
        let mut payload = why.clone();
        payload["before"] = json!(row.state);
        self.fact(
            &format!("return.{}", to.as_str()),
            &row.entity(),
            Some(row.order_id),
            &payload,
        )
    }

    /// Says yes to a return: until when goods may come, and where to; both empty where none come.
    ///
    /// # Errors
    /// When its state forbids it.
    pub fn authorise_return(
        &self,
        row: &ReturnRow,
        deadline: Option<NaiveDate>,
        address: &[String],
        note: &str,
    ) -> Result<()> {
        let why = json!({"deadline": deadline, "address": address, "why": note});
        self.move_return(row, ReturnState::Authorised, &why)?;
        self.execute(
            "UPDATE rma SET authorised = ?2, deadline = ?3, address = ?4 WHERE id = ?1",
            (
                row.id,
                self.now_text(),
                deadline.map(|day| day.to_string()),
                json!(address).to_string(),
            ),
        )?;
        Ok(())
    }

    /// The same move, or a fact more where it stands already: a parcel after the first, goods of
    /// which others still wait to be looked at.
    ///
    /// # Errors
    /// When its state or kind forbids it.
    fn go_on(&self, row: &ReturnRow, what: ReturnState, why: &Value) -> Result<()> {
        if row.state != ReturnState::Received {
            return self.move_return(row, what, why);
        }
        self.execute(
            "UPDATE rma SET updated = ?2 WHERE id = ?1",
            (row.id, self.now_text()),
        )?;
        let kind = format!("return.{what}");
        self.fact(&kind, &row.entity(), Some(row.order_id), why)
    }

    /// Goods came: so many more pieces of lines of it. Of the others none did.
    ///
    /// # Errors
    /// When its state or kind forbids it; more than was authorised.
    pub fn receive_return(
        &self,
        row: &ReturnRow,
        came: &[(&ReturnLineRow, i64)],
        note: &str,
    ) -> Result<()> {
        let lines: Vec<Value> = came
            .iter()
            .map(|(line, qty)| json!({"line": line.order_line, "sku": line.sku, "qty": qty, "asked": line.qty}))
            .collect();
        let why = json!({"lines": lines, "why": note});
        self.go_on(row, ReturnState::Received, &why)?;
        self.execute(
            "UPDATE rma SET received = ?2 WHERE id = ?1",
            (row.id, self.now_text()),
        )?;
        self.execute(
            "UPDATE rma_line SET received = 0 WHERE rma_id = ?1 AND received IS NULL",
            [row.id],
        )?;
        for (line, qty) in came {
            self.execute(
                "UPDATE rma_line SET received = received + ?2 WHERE id = ?1",
                (line.id, qty),
            )?;
        }
        Ok(())
    }

    /// Somebody looked at goods that came; `all` says that nothing is left to be looked at.
    ///
    /// # Errors
    /// When its state forbids it.
    pub fn inspect_return(
        &self,
        row: &ReturnRow,
        found: &[(&ReturnLineRow, Condition, i64)],
        all: bool,
        note: &str,
    ) -> Result<()> {
        let lines: Vec<Value> = found
            .iter()
            .map(|(line, condition, qty)| json!({"line": line.order_line, "sku": line.sku, "condition": condition, "qty": qty}))
            .collect();
        let why = json!({"lines": lines, "why": note});
        match all {
            true => self.move_return(row, ReturnState::Inspected, &why)?,
            false => self.go_on(row, ReturnState::Inspected, &why)?,
        }
        self.execute(
            "UPDATE rma SET inspected = ?2 WHERE id = ?1",
            (row.id, self.now_text()),
        )?;
        for (line, condition, qty) in found {
            self.execute(
                "INSERT INTO rma_inspection (rma_line_id, condition, qty) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (rma_line_id, condition) DO UPDATE SET qty = qty + excluded.qty",
                (line.id, condition.as_str(), qty),
            )?;
        }
        Ok(())
    }

    /// The customer has money back: the last of it, or a part of which more follows.
    ///
    /// # Errors
    /// When its state or kind forbids it.
    pub fn refund_return(&self, row: &ReturnRow, new: &NewRefund) -> Result<()> {
        let why = json!({"amount": new.amount, "computed": new.computed, "over": new.over, "left": new.left,
            "method": new.method, "reference": new.reference, "why": new.note});
        match new.last {
            true => self.move_return(row, ReturnState::Refunded, &why)?,
            false => {
                may_become(row, ReturnState::Refunded)?;
                self.execute(
                    "UPDATE rma SET updated = ?2 WHERE id = ?1",
                    (row.id, self.now_text()),
                )?;
                self.fact(
                    "return.part_refunded",
                    &row.entity(),
                    Some(row.order_id),
                    &why,
                )?;
            }
        }
        self.insert(
            "INSERT INTO refund (rma_id, order_id, amount, computed, tax, method, reference, at, actor, note) \
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
            (
                row.id,
                row.order_id,
                new.amount.0,
                new.computed.0,
                new.tax.0,
                new.method,
                new.reference,
                self.now_text(),
                self.actor(),
                new.note,
            ),
        )?;
        Ok(())
    }

    /// Nothing more is paid back than was.
    ///
    /// # Errors
    /// When its state or kind forbids it.
    pub fn end_return(&self, row: &ReturnRow, left: Money, note: &str) -> Result<()> {
        let why = json!({"left": left, "why": note});
        self.move_return(row, ReturnState::Refunded, &why)
    }

    /// Notes what somebody wrote about a return, on it and on its order.
    pub fn note_return(&self, row: &ReturnRow, note: &str) -> Result<()> {
        self.note_order(&self.order(row.order_id)?, note)?;
        // the order's own timeline has its note
        self.fact("return.note", &row.entity(), None, &json!({"note": note}))
    }

    /// Nothing is paid back.
    ///
    /// # Errors
    /// When its state forbids it.
    pub fn reject_return(&self, row: &ReturnRow, note: &str) -> Result<()> {
        self.move_return(row, ReturnState::Rejected, &json!({"why": note}))
    }
}

/// # Errors
/// When a return of its kind cannot make that move, in a sentence that says what it can.
fn may_become(row: &ReturnRow, to: ReturnState) -> Result<()> {
    match row.kind.may_become(row.state, to) {
        true => Ok(()),
        false => Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
            "return {} ({}) is {} and cannot become {to}{}",
            row.number,
            row.kind.as_str(),
            row.state,
            next(row)
        )))),
    }
}

/// Names what a return of its kind can become next, as the end of a sentence.
fn next(row: &ReturnRow) -> String {
    let words: Vec<&str> = row
        .state
        .next()
        .iter()
        .filter(|to| row.kind.may_become(row.state, **to) && **to != ReturnState::Cancelled)
        .map(|to| to.as_str())
        .collect();
    match words.is_empty() {
        true => ": nothing follows that state".to_owned(),
        false => format!(": from there it can only become {}", words.join(" or ")),
    }
}
