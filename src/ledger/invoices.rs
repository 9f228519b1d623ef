//! Invoices: files, bills and credits with their lines, and which purchase order each counts on.

mod billing;
mod books;
mod credits;
mod figures;
mod files;
mod lists;
mod variances;

pub use billing::{LineBilling, PoBilling};
pub use books::{ExportItem, NewExport};
pub use credits::ExpectedRow;
pub use figures::LineFigure;
pub use files::NewInvoiceFile;
pub use lists::{InvoiceFilter, InvoiceLineRow};
pub use variances::{NewVariance, VarianceRow};

use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::invoice::{Invoice, InvoiceKind, PoRef};
use crate::domain::lifecycle::InvoiceState;
use crate::domain::money::Money;
use chrono::NaiveDate;
use rusqlite::Row;
use serde_json::{Value, json};

/// The place of an invoice: its vendor, purchase order and agreement.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    /// The vendor's id, or `?` and the name while it is unknown.
    pub vendor_key: String,
    /// The vendor.
    pub vendor_id: Option<String>,
    /// The purchase order.
    pub po_id: Option<i64>,
    /// By which rule it was found.
    pub matched_by: Option<String>,
    /// The agreement with which it was compared.
    pub terms: Option<Value>,
    /// The paper of which it is a part.
    pub part_of: Option<i64>,
    /// For lines of the invoice (by place, from 0): the line of the purchase order, and the pieces.
    pub lines: Vec<(usize, i64, i64)>,
}

/// An invoice as the ledger has it.
#[derive(Clone, Debug)]
pub struct InvoiceRow {
    /// Its number in the ledger.
    pub id: i64,
    /// The file that it came in.
    pub file_id: i64,
    /// That file's name.
    pub file: String,
    /// The vendor's id, or `?` and the name while it is unknown.
    pub vendor_key: String,
    /// The vendor, when known.
    pub vendor_id: Option<String>,
    /// The vendor's name on file.
    pub vendor_name: Option<String>,
    /// 2 and more for those of a number that was billed before.
    pub copy: i64,
    /// Where it stands.
    pub state: InvoiceState,
    /// The purchase order that it counts on, or would.
    pub po_id: Option<i64>,
    /// That purchase order's number.
    pub po: Option<String>,
    /// The order behind it.
    pub order_id: Option<i64>,
    /// How the purchase order was found.
    pub matched_by: Option<String>,
    /// The agreement with which it was compared.
    pub terms: Option<Value>,
    /// When it was imported, RFC 3339 UTC.
    pub created: Moment,
    /// Its place among those that count, in the order in which they were compared.
    pub counted: Option<i64>,
    /// The paper of which it is a part, when that is over several purchase orders.
    pub part_of: Option<i64>,
    /// The paper itself.
    pub invoice: Invoice,
}

impl InvoiceRow {
    /// Its name in the audit trail and on the exceptions list.
    pub fn entity(&self) -> String {
        format!("invoice:{}", self.id)
    }

    /// For people: `bill INV-7 of 2026-03-01`.
    pub fn title(&self) -> String {
        title(&self.invoice)
    }

    /// The vendor as people know it.
    pub fn vendor(&self) -> &str {
        self.vendor_name
            .as_deref()
            .unwrap_or(&self.invoice.vendor_name)
    }
}

/// For people: `bill INV-7 of 2026-03-01`.
pub fn title(invoice: &Invoice) -> String {
    let number = match invoice.number.as_str() {
        "" => "without number",
        number => number,
    };
    format!("{} {number} of {}", invoice.kind.as_str(), invoice.date)
}

/// An invoice on file, as far as duplicates concern it.
#[derive(Clone, Debug)]
pub struct FiledInvoice {
    /// Its number in the ledger.
    pub id: i64,
    /// The vendor's id, or `?` and the name.
    pub vendor_key: String,
    /// Bill or credit.
    pub kind: InvoiceKind,
    /// The vendor's number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// Its total.
    pub total: Money,
    /// The purchase order that it counts on; of several their numbers in order, with `+` between.
    pub po: Option<String>,
    /// Whether `total` is only what was open of it.
    pub open_balance: bool,
    /// Whether it was found to be billed before.
    pub duplicate: bool,
    /// The purchase orders that its papers name.
    pub named: Vec<PoRef>,
}

/// What of a bill's document is compared with another's.
#[derive(serde::Deserialize)]
struct BillPaper {
    #[serde(default)]
    open_balance: bool,
    #[serde(default)]
    po_refs: Vec<PoRef>,
}

impl FiledInvoice {
    /// Whether it is what was open of this whole one.
    pub fn completed_by(&self, whole: &Invoice) -> bool {
        self.open_balance
            && !whole.open_balance
            && self.kind == whole.kind
            && self.date == whole.date
            && self.total < whole.total
            && self.number.eq_ignore_ascii_case(&whole.number)
    }
}

const SELECT: &str = "SELECT i.id, i.file_id, f.name, i.vendor_key, i.vendor_id, v.name, i.copy, i.state, i.po_id, p.number, \
     p.order_id, i.matched_by, i.terms, i.created, i.document, i.counted, i.part_of FROM invoice i JOIN invoice_file f ON f.id = i.file_id \
     LEFT JOIN vendor v ON v.vendor_id = i.vendor_id LEFT JOIN purchase_order p ON p.id = i.po_id";

fn invoice(row: &Row) -> rusqlite::Result<InvoiceRow> {
    let terms: Option<String> = row.get(12)?;
    let document: String = row.get(14)?;
    Ok(InvoiceRow {
        id: row.get(0)?,
        file_id: row.get(1)?,
        file: row.get(2)?,
        vendor_key: row.get(3)?,
        vendor_id: row.get(4)?,
        vendor_name: row.get(5)?,
        copy: row.get(6)?,
        state: super::word(row, 7, InvoiceState::parse)?,
        po_id: row.get(8)?,
        po: row.get(9)?,
        order_id: row.get(10)?,
        matched_by: row.get(11)?,
        terms: terms.map(|text| super::json(12, &text)).transpose()?,
        created: row.get(13)?,
        invoice: super::json(14, &document)?,
        counted: row.get(15)?,
        part_of: row.get(16)?,
    })
}

fn date(row: &Row, place: usize) -> rusqlite::Result<NaiveDate> {
    let text: String = row.get(place)?;
    text.parse()
        .map_err(|_| super::unreadable(place, format!("'{text}' is not a date")))
}

impl Tx<'_> {
    /// The number that the next invoice will have.
    pub fn next_invoice_id(&self) -> Result<i64> {
        self.value("SELECT coalesce(max(id), 0) + 1 FROM invoice", [])
    }

    /// Records a new invoice in a state, with its lines.
    pub fn insert_invoice(
        &self,
        file_id: i64,
        new: &Invoice,
        at: &Placement,
        state: InvoiceState,
    ) -> Result<i64> {
        let now = self.now_text();
        let id = self.insert(
            "INSERT INTO invoice (file_id, source_line, vendor_key, vendor_id, kind, number, copy, date, due, total, freight, fees, \
             state, po_id, matched_by, terms, created, updated, document, counted, part_of) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?17,?18,?19,?20)",
            rusqlite::params![
                file_id,
                new.source_line as i64,
                at.vendor_key,
                at.vendor_id,
                new.kind.as_str(),
                new.number,
                self.next_copy(at, new)?,
                new.date.to_string(),
                new.due.map(|due| due.to_string()),
                new.total.0,
                new.freight.0,
                new.fees.0,
                state.as_str(),
                at.po_id,
                at.matched_by,
                at.terms.as_ref().map(Value::to_string),
                now,
                json!(new).to_string(),
                state.counts().then(|| self.next_counted()).transpose()?,
                at.part_of,
            ],
        )?;
        for (place, line) in new.lines.iter().enumerate() {
            let at = at.lines.iter().find(|(of, ..)| *of == place);
            self.insert(
                "INSERT INTO invoice_line (invoice_id, line, po_line_id, sku, qty, pieces, amount, source_line) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
                (id, place as i64 + 1, at.map(|at| at.1), &line.sku, line.qty, at.map(|at| at.2), line.amount.0, line.source_line as i64),
            )?;
        }
        let order = self.order_of_po(at.po_id)?;
        let payload = json!({"file": file_id, "line": new.source_line, "vendor": at.vendor_key, "kind": new.kind,
            "number": new.number, "date": new.date, "total": new.total, "po_id": at.po_id, "by": at.matched_by, "part_of": at.part_of});
        self.fact(
            &format!("invoice.{}", state.as_str()),
            &format!("invoice:{id}"),
            order,
            &payload,
        )?;
        Ok(id)
    }

    /// Notes what a later file says more of an invoice that counts nowhere yet.
    pub fn complete_invoice(&self, row: &InvoiceRow, whole: &Invoice, file_id: i64) -> Result<()> {
        self.execute(
            "UPDATE invoice SET document = ?2, updated = ?3 WHERE id = ?1",
            (row.id, json!(whole).to_string(), self.now_text()),
        )?;
        let new = |one: &&PoRef| !row.invoice.po_refs.contains(one);
        let refs: Vec<&PoRef> = whole.po_refs.iter().filter(new).collect();
        let payload = json!({"file": file_id, "refs": refs, "memo": whole.memo});
        self.fact("invoice.completed", &row.entity(), row.order_id, &payload)
    }

    fn next_copy(&self, at: &Placement, new: &Invoice) -> Result<i64> {
        self.value(
            "SELECT coalesce(max(copy), 0) + 1 FROM invoice WHERE vendor_key = ?1 AND kind = ?2 AND number = ?3",
            (&at.vendor_key, new.kind.as_str(), &new.number),
        )
    }

    fn next_counted(&self) -> Result<i64> {
        self.value("SELECT coalesce(max(counted), 0) + 1 FROM invoice", [])
    }

    fn order_of_po(&self, po_id: Option<i64>) -> Result<Option<i64>> {
        self.first(
            "SELECT order_id FROM purchase_order WHERE id = ?1",
            [po_id],
            |row| row.get(0),
        )
    }

    /// Puts an invoice that was looked at again where it belongs, and into the state that follows.
    ///
    /// # Errors
    /// When its state forbids it.
    pub fn place_invoice(
        &self,
        row: &InvoiceRow,
        at: &Placement,
        to: InvoiceState,
        why: &str,
    ) -> Result<()> {
        let copy = match at.vendor_key == row.vendor_key {
            true => row.copy,
            false => self.next_copy(at, &row.invoice)?,
        };
        self.execute(
            "UPDATE invoice SET vendor_key = ?2, vendor_id = ?3, po_id = ?4, matched_by = ?5, terms = ?6, copy = ?7 WHERE id = ?1",
            (
                row.id,
                &at.vendor_key,
                &at.vendor_id,
                at.po_id,
                &at.matched_by,
                at.terms.as_ref().map(Value::to_string),
                copy,
            ),
        )?;
        for (place, _) in row.invoice.lines.iter().enumerate() {
            let line = at.lines.iter().find(|(of, ..)| *of == place);
            self.execute(
                "UPDATE invoice_line SET po_line_id = ?3, pieces = ?4 WHERE invoice_id = ?1 AND line = ?2",
                (row.id, place as i64 + 1, line.map(|at| at.1), line.map(|at| at.2)),
            )?;
        }
        self.move_invoice(row, to, why)
    }

    /// Moves an invoice.
    ///
    /// # Errors
    /// When the state machine or its present state forbids it.
    pub fn move_invoice(&self, row: &InvoiceRow, to: InvoiceState, why: &str) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
                "invoice {} ({}) is {} and cannot become {to}",
                row.id,
                row.title(),
                row.state
            ))));
        }
        self.move_state("invoice", row.id, row.state.as_str(), to.as_str())?;
        if to.counts() && !row.state.counts() {
            self.execute(
                "UPDATE invoice SET counted = ?2 WHERE id = ?1",
                (row.id, self.next_counted()?),
            )?;
        }
        let payload = json!({"before": row.state, "why": why});
        self.fact(
            &format!("invoice.{}", to.as_str()),
            &row.entity(),
            row.order_id,
            &payload,
        )
    }

    /// An invoice by its number in the ledger.
    ///
    /// # Errors
    /// When there is none.
    pub fn invoice(&self, id: i64) -> Result<InvoiceRow> {
        self.first(&format!("{SELECT} WHERE i.id = ?1"), [id], invoice)?
            .ok_or_else(|| {
                LedgerError::NotFound(format!("there is no invoice {id}: see `poms invoice list`"))
            })
    }

    /// Every paper on file, in the order in which they were taken; of one over several purchase orders
    /// their numbers stand as [`FiledInvoice::po`] says.
    pub fn filed_invoices(&self) -> Result<Vec<FiledInvoice>> {
        self.rows(
            "SELECT i.id, i.vendor_key, i.kind, i.number, i.date, i.total, CASE i.state WHEN 'split' THEN \
               (SELECT string_agg(number, '+') FROM (SELECT DISTINCT q.number FROM invoice c JOIN purchase_order q ON q.id = c.po_id \
                WHERE c.part_of = i.id ORDER BY q.number)) ELSE p.number END, \
             i.document, i.state = 'duplicate' FROM invoice i \
             LEFT JOIN purchase_order p ON p.id = i.po_id WHERE i.part_of IS NULL ORDER BY i.id",
            [],
            |row| {
                let paper: BillPaper = super::json(7, &row.get::<_, String>(7)?)?;
                Ok(FiledInvoice {
                    id: row.get(0)?,
                    vendor_key: row.get(1)?,
                    kind: super::word(row, 2, InvoiceKind::parse)?,
                    number: row.get(3)?,
                    date: date(row, 4)?,
                    total: Money(row.get(5)?),
                    po: row.get(6)?,
                    open_balance: paper.open_balance,
                    duplicate: row.get(8)?,
                    named: paper.po_refs,
                })
            },
        )
    }
}
