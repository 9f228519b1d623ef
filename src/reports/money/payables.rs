//! Payables: what vendors billed and credited, what of it may be paid, and what waits for a person.
//! Payments are made in the books, which poms does not see: what went out to them is marked.

use super::{MoneyReport, ReportForms, Scope, add, header};
use crate::clock::Moment;
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::InvoiceState;
use crate::domain::money::Money;
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow};
use crate::ledger::{Result, Tx};
use crate::reports::layout::{TextSheet, count};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One bill or credit.
#[derive(Clone, Debug, Serialize)]
pub struct PayableRow {
    /// Its row in the ledger.
    pub invoice_id: i64,
    /// The vendor's id; empty while it is unknown.
    pub vendor: String,
    /// Its name.
    pub vendor_name: String,
    /// Bill or credit.
    pub kind: InvoiceKind,
    /// The vendor's number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// When it is due.
    pub due: NaiveDate,
    /// The purchase order.
    pub po: Option<String>,
    /// What it adds to what is owed: negative for a credit.
    pub amount: Money,
    /// Where it stands.
    pub state: InvoiceState,
    /// What may be paid or set off.
    pub approved: Money,
    /// What waits for a decision.
    pub waiting: Money,
    /// When it went out to the books.
    pub exported: Option<Moment>,
    /// File and line.
    pub source: String,
}

/// The registry's entry.
pub const REPORT: MoneyReport = MoneyReport {
    name: "payables",
    about: "What is to be paid to vendors, and what waits for a decision",
    make: report,
};

/// Makes the report.
pub fn report(tx: &Tx, scope: &Scope) -> Result<ReportForms> {
    let mut rows = Vec::new();
    // of a vendor whose money somebody asks about nothing may be paid
    let mut asked: BTreeMap<String, bool> = BTreeMap::new();
    let all = tx.invoices(&InvoiceFilter {
        vendor: scope.vendor.map(str::to_owned),
        since: scope.since.map(|day| day.to_string()),
        at_most: usize::MAX,
        ..InvoiceFilter::default()
    })?;
    for invoice in all {
        let counts = invoice.state.counts() || invoice.state == InvoiceState::Unmatched;
        if counts {
            let vendor = invoice.vendor_id.clone().unwrap_or_default();
            let known = asked.get(&vendor).copied();
            let open = match known {
                Some(open) => open,
                None => tx.remit_asked(&vendor)?.is_some(),
            };
            asked.insert(vendor, open);
            rows.push(row(tx, scope, &invoice, open)?);
        }
    }
    rows.sort_by(|a, b| {
        (&a.vendor_name, a.due, a.invoice_id).cmp(&(&b.vendor_name, b.due, b.invoice_id))
    });
    Ok(ReportForms {
        text: text(scope, &rows),
        json: document(scope, &rows),
        csv: csv(&rows),
    })
}

fn row(tx: &Tx, scope: &Scope, invoice: &InvoiceRow, asked: bool) -> Result<PayableRow> {
    let paper = &invoice.invoice;
    let later = paper
        .date
        .checked_add_days(Days::new(scope.due_days.into()));
    let due = paper.due.or(later).unwrap_or(paper.date);
    let amount = paper.signed_total();
    let bill = paper.kind == InvoiceKind::Bill;
    let matched = invoice.state == InvoiceState::Matched && !(asked && bill);
    // what was paid already is not paid again
    let owed = match (paper.open, invoice.part_of) {
        (Some(open), None) if bill => open.min(amount),
        _ => amount,
    };
    let matched = matched && !(paper.open.is_some() && invoice.part_of.is_some());
    Ok(PayableRow {
        invoice_id: invoice.id,
        vendor: invoice.vendor_id.clone().unwrap_or_default(),
        vendor_name: invoice.vendor().to_owned(),
        kind: paper.kind,
        number: paper.number.clone(),
        date: paper.date,
        due: match paper.kind {
            InvoiceKind::Bill => due,
            InvoiceKind::Credit => paper.date,
        },
        po: invoice.po.clone(),
        amount,
        state: invoice.state,
        approved: if matched { owed } else { Money::ZERO },
        waiting: if matched { Money::ZERO } else { owed },
        exported: tx
            .exported(paper.kind.as_str(), invoice.part_of.unwrap_or(invoice.id))?
            .map(|item| item.at),
        source: format!("{}:{}", invoice.file, paper.source_line),
    })
}

/// Sums of a vendor.
#[derive(Clone, Debug, Default, Serialize)]
struct VendorSums {
    bills: Money,
    credits: Money,
    approved: Money,
    approved_not_exported: Money,
    waiting: Money,
    overdue: Money,
}

fn sums<'a>(rows: impl IntoIterator<Item = &'a PayableRow>, scope: &Scope) -> VendorSums {
    let mut sums = VendorSums::default();
    for row in rows {
        match row.kind {
            InvoiceKind::Bill => add(&mut sums.bills, row.amount),
            InvoiceKind::Credit => add(&mut sums.credits, row.amount),
        }
        add(&mut sums.approved, row.approved);
        add(&mut sums.waiting, row.waiting);
        if row.exported.is_none() {
            add(&mut sums.approved_not_exported, row.approved);
            if row.kind == InvoiceKind::Bill && row.due < scope.today() {
                add(&mut sums.overdue, row.approved);
            }
        }
    }
    sums
}

fn vendors(rows: &[PayableRow]) -> BTreeMap<(String, String), Vec<&PayableRow>> {
    let mut vendors: BTreeMap<(String, String), Vec<&PayableRow>> = BTreeMap::new();
    for row in rows {
        let key = (row.vendor_name.clone(), row.vendor.clone());
        vendors.entry(key).or_default().push(row);
    }
    vendors
}

fn text(scope: &Scope, rows: &[PayableRow]) -> String {
    let mut sheet = TextSheet::new(scope.width);
    sheet.line(&format!("Payables, {}", scope.words()));
    if rows.is_empty() {
        sheet.line("No bill is on file.");
        return sheet.finish();
    }
    let all = sums(rows, scope);
    sheet.line(&format!(
        "{} approved ({} not exported yet, of it {} overdue), {} waiting for a decision; {}",
        scope.money(all.approved),
        scope.money(all.approved_not_exported),
        scope.money(all.overdue),
        scope.money(all.waiting),
        count(rows.len(), "document")
    ));
    let cells: Vec<Vec<String>> = vendors(rows)
        .into_iter()
        .map(|((name, _), rows)| {
            let sums = sums(rows, scope);
            let money = [
                sums.bills,
                sums.credits,
                sums.approved,
                sums.approved_not_exported,
                sums.overdue,
                sums.waiting,
            ];
            let mut cells = vec![name];
            cells.extend(money.map(|amount| scope.money(amount)));
            cells
        })
        .collect();
    let head = [
        "Vendor",
        "Bills",
        "Credits",
        "Approved",
        "Not exported",
        "Overdue",
        "Waiting",
    ];
    sheet.heading("By vendor");
    sheet.columns(&head, &cells);
    sheet.line("Waiting: unmatched, or something is wrong (poms exceptions list --about invoice). Duplicates are not counted. Payments are made in the books and not known here.");
    sheet.finish()
}

fn document(scope: &Scope, rows: &[PayableRow]) -> Value {
    let each: Vec<Value> = vendors(rows)
        .into_iter()
        .map(|((name, id), rows)| {
            let mut value = json!(sums(rows, scope));
            value["vendor"] = json!(id);
            value["name"] = json!(name);
            value
        })
        .collect();
    let mut value = json!({"report": "payables", "as_of": scope.today(), "currency": scope.currency, "vendor": scope.vendor,
        "since": scope.since, "totals": sums(rows, scope), "by_vendor": each});
    value["items"] = json!(rows);
    value
}

fn csv(rows: &[PayableRow]) -> Vec<Vec<String>> {
    let mut cells = vec![header(&[
        "vendor",
        "vendor_name",
        "kind",
        "number",
        "date",
        "due",
        "po",
        "amount",
        "state",
        "approved",
        "waiting",
        "exported",
        "source",
        "invoice_id",
    ])];
    cells.extend(rows.iter().map(|row| {
        vec![
            row.vendor.clone(),
            row.vendor_name.clone(),
            row.kind.as_str().to_owned(),
            row.number.clone(),
            row.date.to_string(),
            row.due.to_string(),
            row.po.clone().unwrap_or_default(),
            row.amount.to_string(),
            row.state.as_str().to_owned(),
            row.approved.to_string(),
            row.waiting.to_string(),
            row.exported.map_or_else(String::new, |at| at.to_string()),
            row.source.clone(),
            row.invoice_id.to_string(),
        ]
    }));
    cells
}
