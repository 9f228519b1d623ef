//! What is wrong with invoices.

use super::{InvoiceRow, SELECT, invoice};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, ExceptionCode};
use crate::domain::lifecycle::VarianceState;
use crate::domain::money::Money;
use crate::ledger::{LedgerError, Result, Tx};
use rusqlite::Row;
use serde_json::json;

/// One thing that is wrong.
pub struct NewVariance<'a> {
    /// The invoice.
    pub invoice_id: i64,
    /// The exception that lists it; `None` when the site switched the code off.
    pub exception_id: Option<i64>,
    /// An `invoice_` code.
    pub code: Code,
    /// What paying as billed would lose.
    pub at_stake: Money,
    /// For people.
    pub evidence: &'a str,
    /// Line of the file.
    pub source_line: u64,
    /// Where it stands.
    pub state: VarianceState,
}

/// One thing that is wrong, as the ledger has it.
#[derive(Clone, Debug)]
pub struct VarianceRow {
    /// Its number in the ledger.
    pub id: i64,
    /// The invoice.
    pub invoice_id: i64,
    /// The exception that lists it.
    pub exception_id: Option<i64>,
    /// An `invoice_` code.
    pub code: ExceptionCode,
    /// What paying as billed would lose.
    pub at_stake: Money,
    /// For people.
    pub evidence: String,
    /// Line of the file.
    pub source_line: i64,
    /// Where it stands.
    pub state: VarianceState,
    /// When it was found, RFC 3339 UTC.
    pub found: Moment,
}

const VARIANCE: &str = "SELECT id, invoice_id, exception_id, code, at_stake, evidence, source_line, state, found FROM variance";

fn variance(row: &Row) -> rusqlite::Result<VarianceRow> {
    Ok(VarianceRow {
        id: row.get(0)?,
        invoice_id: row.get(1)?,
        exception_id: row.get(2)?,
        code: row.get(3)?,
        at_stake: Money(row.get(4)?),
        evidence: row.get(5)?,
        source_line: row.get(6)?,
        state: crate::ledger::word(row, 7, VarianceState::parse)?,
        found: row.get(8)?,
    })
}

impl Tx<'_> {
    /// Records a thing that is wrong.
    pub fn insert_variance(&self, new: &NewVariance) -> Result<i64> {
        let now = self.now_text();
        self.insert(
            "INSERT INTO variance (invoice_id, exception_id, code, at_stake, evidence, source_line, state, found, updated) \
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?8)",
            (
                new.invoice_id,
                new.exception_id,
                new.code,
                new.at_stake.0,
                new.evidence,
                new.source_line as i64,
                new.state.as_str(),
                now,
            ),
        )
    }

    /// Moves it.
    ///
    /// # Errors
    /// When the state machine or its present state forbids it.
    pub fn move_variance(&self, row: &VarianceRow, to: VarianceState, why: &str) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::done(format!(
                "what is wrong with invoice {} ({}) is {} already",
                row.invoice_id, row.code, row.state
            ))));
        }
        self.move_state("variance", row.id, row.state.as_str(), to.as_str())?;
        let payload =
            json!({"variance": row.id, "code": row.code, "at_stake": row.at_stake, "why": why});
        self.fact(
            &format!("variance.{}", to.as_str()),
            &format!("invoice:{}", row.invoice_id),
            None,
            &payload,
        )
    }

    /// Writes down that more or less is at stake than when it was found.
    pub fn change_variance(
        &self,
        row: &VarianceRow,
        at_stake: Money,
        evidence: &str,
    ) -> Result<()> {
        self.execute(
            "UPDATE variance SET at_stake = ?2, evidence = ?3, updated = ?4 WHERE id = ?1",
            (row.id, at_stake.0, evidence, self.now_text()),
        )?;
        let payload = json!({"variance": row.id, "before": row.at_stake, "at_stake": at_stake});
        self.fact(
            "variance.changed",
            &format!("invoice:{}", row.invoice_id),
            None,
            &payload,
        )
    }

    /// All that was ever wrong with an invoice, oldest first.
    pub fn variances_of_invoice(&self, invoice_id: i64) -> Result<Vec<VarianceRow>> {
        self.rows(
            &format!("{VARIANCE} WHERE invoice_id = ?1 ORDER BY id"),
            [invoice_id],
            variance,
        )
    }

    /// Reads the variances that an exception lists.
    pub fn variances_of_exception(&self, exception_id: i64) -> Result<Vec<VarianceRow>> {
        self.rows(
            &format!("{VARIANCE} WHERE exception_id = ?1 ORDER BY id"),
            [exception_id],
            variance,
        )
    }

    /// Everything that still costs money or a decision, with its invoice, oldest first; of one
    /// vendor, of invoices dated `since` or later.
    pub fn open_variances(
        &self,
        vendor: Option<&str>,
        since: Option<&str>,
    ) -> Result<Vec<(VarianceRow, InvoiceRow)>> {
        let found = self.rows(
            &format!(
                "{VARIANCE} WHERE state IN ('open', 'disputed') AND EXISTS (SELECT 1 FROM invoice i WHERE i.id = variance.invoice_id \
                 AND (?1 IS NULL OR i.vendor_key = ?1) AND (?2 IS NULL OR i.date >= ?2)) ORDER BY id"
            ),
            (vendor, since),
            variance,
        )?;
        found
            .into_iter()
            .map(|variance| {
                let invoice = self.invoice(variance.invoice_id)?;
                Ok((variance, invoice))
            })
            .collect()
    }

    /// The numbers of invoices with something open that later shipments can clear.
    pub fn invoices_awaiting_goods(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT DISTINCT invoice_id FROM variance WHERE state IN ('open', 'disputed') \
             AND code IN ('invoice_not_shipped', 'invoice_freight', 'invoice_quantity') ORDER BY invoice_id",
            [],
            |row| row.get(0),
        )
    }

    /// The invoices of a vendor's name that is not known yet, oldest first.
    pub fn unmatched_of_key(&self, vendor_key: &str) -> Result<Vec<InvoiceRow>> {
        let sql =
            format!("{SELECT} WHERE i.vendor_key = ?1 AND i.state = 'unmatched' ORDER BY i.id");
        self.rows(&sql, [vendor_key], invoice)
    }

    /// Open variances of a purchase order's invoices, for a credit that may settle them: duplicates
    /// too.
    pub fn open_variances_of_po(&self, po_id: i64) -> Result<Vec<VarianceRow>> {
        self.rows(
            &format!(
                "{VARIANCE} WHERE state IN ('open', 'disputed') AND invoice_id IN (SELECT id FROM invoice WHERE po_id = ?1) ORDER BY id"
            ),
            [po_id],
            variance,
        )
    }
}
