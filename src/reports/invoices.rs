//! Invoices as a list.

use crate::domain::codes::ExceptionCode;
use crate::domain::money::Money;
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow, VarianceRow};
use crate::ledger::{Result, Tx};
use crate::reports::layout::{View, table};
use serde_json::{Value, json};

/// An invoice and what is open about it.
pub struct ListedInvoice {
    /// The invoice.
    pub row: InvoiceRow,
    /// All that was ever wrong with it.
    pub variances: Vec<VarianceRow>,
}

impl ListedInvoice {
    /// Money at stake in what is open.
    pub fn at_stake(&self) -> Money {
        let open = self.variances.iter().filter(|one| is_open(one));
        Money::sum(open.map(|one| one.at_stake)).unwrap_or(Money(i64::MAX))
    }
}

/// Whether it still costs money or a decision.
pub fn is_open(variance: &VarianceRow) -> bool {
    use crate::domain::lifecycle::VarianceState::{Disputed, Open};
    matches!(variance.state, Open | Disputed)
}

/// Reads a list.
pub fn gather(tx: &Tx, filter: &InvoiceFilter) -> Result<Vec<ListedInvoice>> {
    let rows = tx.invoices(filter)?.into_iter();
    rows.map(|row| {
        let variances = tx.variances_of_invoice(row.id)?;
        Ok(ListedInvoice { row, variances })
    })
    .collect()
}

/// One of them.
pub fn json(listed: &ListedInvoice) -> Value {
    let (row, paper) = (&listed.row, &listed.row.invoice);
    let codes: Vec<&ExceptionCode> = listed
        .variances
        .iter()
        .filter(|one| is_open(one))
        .map(|one| &one.code)
        .collect();
    json!({"id": row.id, "vendor": row.vendor_id, "vendor_name": row.vendor(), "number": paper.number, "kind": paper.kind,
        "date": paper.date, "due": paper.due, "total": paper.total, "po": row.po, "state": row.state, "at_stake": listed.at_stake(),
        "open": codes, "part_of": row.part_of, "file": row.file, "line": paper.source_line, "imported": row.created})
}

/// The list as a table.
pub fn text(rows: &[ListedInvoice], limit: usize, currency: &str, view: &View) -> String {
    if rows.is_empty() {
        return "No invoice fits. Bills come in with `poms import-invoices FILE…`.\n".to_owned();
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|listed| {
            let (row, paper) = (&listed.row, &listed.row.invoice);
            let stake = match listed.at_stake() {
                Money::ZERO => "-".to_owned(),
                stake => stake.display(currency),
            };
            vec![
                row.id.to_string(),
                row.vendor().to_owned(),
                paper.kind.as_str().to_owned(),
                match row.part_of {
                    Some(paper_id) => format!("{} (part of {paper_id})", paper.number),
                    None => paper.number.clone(),
                },
                paper.date.to_string(),
                paper.total.display(currency),
                row.po.clone().unwrap_or_else(|| "-".to_owned()),
                row.state.to_string(),
                stake,
            ]
        })
        .collect();
    let head = [
        "Id", "Vendor", "Kind", "Number", "Date", "Total", "PO", "State", "At stake",
    ];
    let mut text = table(&head, &cells, view.width);
    if rows.len() == limit {
        text.push_str(&format!("The newest {limit}; more with --limit N.\n"));
    }
    text.push_str(&format!(
        "One with its lines and evidence: {} invoice show ID\n",
        view.poms
    ));
    text
}
