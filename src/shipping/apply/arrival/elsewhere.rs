//! Deliveries at another place, or to another person, than the purchase order says.

use super::super::ProvedPaper;
use super::super::agrees::{self, RowSubject};
use super::on_file;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{AdviceRow, News, ShipTo};
use crate::vendor_docs::columns::{NamedCell, Of};

/// A row of a delivery of a parcel on file as bad news, where it names another recipient or place than the
/// parcel's purchase order; `None` where it names none, or the same.
pub(in crate::shipping::apply) fn elsewhere(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
) -> Result<Option<AdviceRow>> {
    let speaks = row.delivered.is_some() || matches!(row.news, Some(News::Unsure(_)));
    let silent = row.ship_to == ShipTo::default() && row.beside.names.is_empty();
    if !speaks || silent {
        return Ok(None);
    }
    let Some(Ok(parcels)) = on_file(tx, paper, row)? else {
        return Ok(None);
    };
    // whose the parcel is, the vendor has said: a reference beside it may be the vendor's own
    let mut names = row.beside.names.clone();
    let reference = |one: &&mut NamedCell| one.heading == "reference" && one.of == Of::Order;
    for one in names.iter_mut().filter(reference) {
        one.of = Of::Number;
    }
    for parcel in &parcels {
        let po = tx.po(parcel.po)?;
        let found = other_address(tx, &po, &names, &row.ship_to)?;
        if !found.is_empty() {
            let said = match &row.news {
                Some(News::Unsure(said) | News::Trouble(said)) => format!(" ({said})"),
                None => String::new(),
            };
            // a notification has no columns
            let found: Vec<String> = found
                .iter()
                .map(|clause| clause.replacen("column '", "'", 1))
                .collect();
            let words = format!("it was delivered{said}: {}", found.join("; "));
            return Ok(Some(AdviceRow {
                delivered: None,
                news: Some(News::Trouble(words)),
                ..row.clone()
            }));
        }
    }
    Ok(None)
}

/// The clauses about what of a recipient and an address is not the purchase order's.
pub(in crate::shipping::apply) fn other_address(
    tx: &Tx,
    po: &PoRow,
    names: &[NamedCell],
    to: &ShipTo,
) -> Result<Vec<String>> {
    let all = tx.line_states(po.id)?;
    let lines: Vec<&LineState> = all.iter().collect();
    let about = RowSubject {
        parcels: 0,
        po,
        lines: &lines,
        all: &all,
        qty: None,
    };
    agrees::others(tx, &about, names, to)
}
