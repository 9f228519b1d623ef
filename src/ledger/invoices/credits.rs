//! Credits that vendors owe.

use super::VarianceRow;
use crate::clock::Moment;
use crate::domain::lifecycle::CreditState;
use crate::domain::money::Money;
use crate::ledger::failures::Sound;
use crate::ledger::{Result, Tx};
use rusqlite::Row;
use serde_json::json;

/// A credit that a vendor owes.
#[derive(Clone, Debug)]
pub struct ExpectedRow {
    /// Its number in the ledger.
    pub id: i64,
    /// Who owes it.
    pub vendor_id: String,
    /// The purchase order.
    pub po_id: i64,
    /// That purchase order's number.
    pub po: String,
    /// The return's number; empty for a bill that was too high.
    pub reference: String,
    /// The exception of which it is the end.
    pub exception_id: Option<i64>,
    /// What is owed.
    pub amount: Money,
    /// What came.
    pub received: Money,
    /// Where it stands.
    pub state: CreditState,
    /// Since when, RFC 3339 UTC.
    pub created: Moment,
    /// Why.
    pub note: String,
}

impl ExpectedRow {
    /// The amount that is still owed.
    pub fn owed(&self) -> Money {
        self.amount.minus(self.received).unwrap_or_default()
    }

    /// The name by which credits call it: the return's number, or `credit 7`.
    pub fn name(&self) -> String {
        match self.reference.as_str() {
            "" => format!("credit {}", self.id),
            reference => reference.to_owned(),
        }
    }
}

const SELECT: &str = "SELECT c.id, c.vendor_id, c.po_id, p.number, c.reference, c.exception_id, c.amount, c.received, c.state, c.created, c.note \
     FROM expected_credit c JOIN purchase_order p ON p.id = c.po_id";

fn expected(row: &Row) -> rusqlite::Result<ExpectedRow> {
    Ok(ExpectedRow {
        id: row.get(0)?,
        vendor_id: row.get(1)?,
        po_id: row.get(2)?,
        po: row.get(3)?,
        reference: row.get(4)?,
        exception_id: row.get(5)?,
        amount: Money(row.get(6)?),
        received: Money(row.get(7)?),
        state: crate::ledger::word(row, 8, CreditState::parse)?,
        created: row.get(9)?,
        note: row.get(10)?,
    })
}

impl Tx<'_> {
    /// Notes that a vendor owes a credit: for a return (`reference` is its number), or for what an
    /// exception found. Of one exception or return only one at a time.
    pub fn expect_credit(
        &self,
        vendor_id: &str,
        po_id: i64,
        reference: &str,
        exception_id: Option<i64>,
        amount: Money,
        note: &str,
    ) -> Result<i64> {
        let known = self.first(
            "SELECT id FROM expected_credit WHERE state = 'open' AND po_id = ?1 AND reference = ?2 AND exception_id IS NOT DISTINCT FROM ?3",
            (po_id, reference, exception_id),
            |row| row.get(0),
        )?;
        if let Some(id) = known {
            return Ok(id);
        }
        let id = self.insert(
            "INSERT INTO expected_credit (vendor_id, po_id, reference, exception_id, amount, received, state, created, updated, note) \
             VALUES (?1,?2,?3,?4,?5,0,'open',?6,?6,?7)",
            (vendor_id, po_id, reference, exception_id, amount.0, self.now_text(), note),
        )?;
        let payload = json!({"vendor": vendor_id, "po_id": po_id, "reference": reference, "exception": exception_id, "amount": amount, "note": note});
        self.fact("credit.expected", &format!("credit:{id}"), None, &payload)?;
        Ok(id)
    }

    /// Raises what is expected: more of the same return came.
    pub fn raise_credit(&self, row: &ExpectedRow, by: Money, note: &str) -> Result<()> {
        self.execute(
            "UPDATE expected_credit SET amount = amount + ?2, updated = ?3 WHERE id = ?1 AND state = 'open'",
            (row.id, by.0, self.now_text()),
        )?;
        let payload = json!({"by": by, "reference": row.reference, "note": note});
        let entity = format!("credit:{}", row.id);
        self.fact("credit.raised", &entity, None, &payload)
    }

    /// Credits that are waited for, oldest first; of one vendor.
    pub fn open_credits(&self, vendor: Option<&str>) -> Result<Vec<ExpectedRow>> {
        let sql = format!(
            "{SELECT} WHERE c.state = 'open' AND (?1 IS NULL OR c.vendor_id = ?1) ORDER BY c.id"
        );
        self.rows(&sql, [vendor], expected)
    }

    /// Reads the credits that are waited for because of returns, each by itself.
    pub fn open_credits_of_returns(&self) -> Result<Sound<ExpectedRow>> {
        let sql = format!("{SELECT} WHERE c.state = 'open' AND c.reference <> '' ORDER BY c.id");
        self.rows_apart(&sql, [], expected)
    }

    /// Credits that are waited for on a purchase order.
    pub fn open_credits_of_po(&self, po_id: i64) -> Result<Vec<ExpectedRow>> {
        let sql = format!("{SELECT} WHERE c.state = 'open' AND c.po_id = ?1 ORDER BY c.id");
        self.rows(&sql, [po_id], expected)
    }

    /// All credits that were ever waited for because of an exception.
    pub fn credits_of_exception(&self, exception_id: i64) -> Result<Vec<ExpectedRow>> {
        let sql = format!("{SELECT} WHERE c.exception_id = ?1 ORDER BY c.id");
        self.rows(&sql, [exception_id], expected)
    }

    /// All credits that were ever waited for because of a return.
    pub fn credits_of_return(&self, number: &str) -> Result<Vec<ExpectedRow>> {
        let sql = format!("{SELECT} WHERE c.reference = ?1 ORDER BY c.id");
        self.rows(&sql, [number], expected)
    }

    /// Counts a vendor's credit against what was expected; it ends when `whole`.
    ///
    /// # Errors
    /// SQLite's, or when it is over already.
    pub fn settle_credit(
        &self,
        row: &ExpectedRow,
        invoice_id: i64,
        amount: Money,
        whole: bool,
    ) -> Result<()> {
        self.execute(
            "UPDATE expected_credit SET received = received + ?2, updated = ?3 WHERE id = ?1",
            (row.id, amount.0, self.now_text()),
        )?;
        self.insert(
            "INSERT INTO credit_settlement (expected_id, invoice_id, amount, at) VALUES (?1, ?2, ?3, ?4)",
            (row.id, invoice_id, amount.0, self.now_text()),
        )?;
        if whole {
            self.move_state("expected_credit", row.id, "open", "settled")?;
        }
        let payload = json!({"invoice": invoice_id, "amount": amount, "whole": whole});
        self.fact(
            "credit.received",
            &format!("credit:{}", row.id),
            None,
            &payload,
        )
    }

    /// Notes that a vendor's credit made good what was wrong with a bill, though none was expected.
    pub fn settle_finding(
        &self,
        found: &VarianceRow,
        invoice_id: i64,
        amount: Money,
    ) -> Result<()> {
        self.insert(
            "INSERT INTO credit_finding (invoice_id, variance_id, amount, at) VALUES (?1, ?2, ?3, ?4)",
            (invoice_id, found.id, amount.0, self.now_text()),
        )?;
        Ok(())
    }

    /// Reads what a vendor's credit was counted against, in order: its name, and how much.
    pub fn uses_of_credit(&self, invoice_id: i64) -> Result<Vec<(String, Money)>> {
        self.rows(
            "SELECT CASE c.reference WHEN '' THEN 'credit ' || c.id ELSE c.reference END, s.amount, s.at, s.id \
               FROM credit_settlement s JOIN expected_credit c ON c.id = s.expected_id WHERE s.invoice_id = ?1 \
             UNION ALL SELECT v.code || ' of invoice ' || v.invoice_id, f.amount, f.at, f.id \
               FROM credit_finding f JOIN variance v ON v.id = f.variance_id WHERE f.invoice_id = ?1 ORDER BY 3, 4",
            [invoice_id],
            |row| Ok((row.get(0)?, Money(row.get(1)?))),
        )
    }

    /// Whether a vendor's credit is counted against anything.
    pub fn credit_is_used(&self, invoice_id: i64) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM credit_settlement WHERE invoice_id = ?1) \
             OR EXISTS (SELECT 1 FROM credit_finding WHERE invoice_id = ?1)",
            [invoice_id],
        )
    }

    /// Notes that a credit is no longer owed.
    ///
    /// # Errors
    /// SQLite's, or when it is over already.
    pub fn withdraw_credit(&self, row: &ExpectedRow, why: &str) -> Result<()> {
        self.move_state("expected_credit", row.id, "open", "withdrawn")?;
        self.fact(
            "credit.withdrawn",
            &format!("credit:{}", row.id),
            None,
            &json!({"why": why}),
        )
    }
}
