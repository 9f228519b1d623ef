//! Whose an invoice is, or what it bills, by a person's word.

use super::{name, said_of};
use crate::desk::{Said, refused};
use crate::domain::lifecycle::InvoiceState;
use crate::invoicing::again::{self, Assume};
use crate::invoicing::desk::BookDesk;
use crate::invoicing::vendors::normalise_name;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::InvoiceRow;
use crate::ledger::{LedgerError, Tx};

/// Whose name it is, or what it bills.
pub(super) fn amend(
    tx: &Tx,
    desk: &BookDesk,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
    changes: &[String],
    note: &str,
) -> Result<Said, LedgerError> {
    let (mut vendor, mut po) = (None, None);
    for change in changes {
        match change.split_once('=') {
            Some(("vendor", id)) => vendor = Some(id.trim()),
            Some(("po", number)) => po = Some(number.trim()),
            _ => {
                return Err(refused(format!(
                    "'{change}' cannot be changed of an invoice: say vendor=ID (whose name it is) or po=NUMBER (what it bills)"
                )));
            }
        }
    }
    if vendor.is_none() && po.is_none() {
        return Err(refused(
            "say whose it is or what it bills: --amend vendor=ID or --amend po=NUMBER",
        ));
    }
    let mut said = Vec::new();
    if let Some(id) = vendor {
        said.push(teach(tx, desk, invoice, id, note)?);
    }
    let invoice = tx.invoice(invoice.id)?;
    if let Some(number) = po {
        tie(tx, desk, &invoice, number, note)?;
        said.push(format!("  It is tied to {number}."));
    }
    let ended = tx.exception(row.id)?;
    if ended.open {
        // the same reason stands: the person's word was not enough
        said.push(format!(
            "  Exception {} stays open: {}",
            row.id, ended.message
        ));
    }
    said.extend(said_of(tx, &invoice, "was looked at again")?);
    Ok(said)
}

fn teach(
    tx: &Tx,
    desk: &BookDesk,
    invoice: &InvoiceRow,
    id: &str,
    note: &str,
) -> Result<String, LedgerError> {
    if let Some(known) = &invoice.vendor_id {
        return Err(refused(format!(
            "{} is of vendor {known} already: only a name that is no vendor's can be given one",
            name(invoice)
        )));
    }
    let Some(vendor) = tx.vendor(id)? else {
        return Err(refused(format!(
            "there is no vendor {id}: see `poms vendors list`, or import it with `poms vendors import`"
        )));
    };
    let written = &invoice.invoice.vendor_name;
    tx.teach_alias(&normalise_name(written), written, &vendor.id)?;
    let rows = tx.unmatched_of_key(&invoice.vendor_key)?;
    let placed = again::examine(tx, desk, &rows, Assume::default(), note)?;
    Ok(format!(
        "'{written}' is {} ({}) from now on: {} of {} invoices of that name found their purchase order.",
        vendor.name,
        vendor.id,
        placed,
        rows.len()
    ))
}

fn tie(
    tx: &Tx,
    desk: &BookDesk,
    invoice: &InvoiceRow,
    number: &str,
    note: &str,
) -> Result<(), LedgerError> {
    let po = tx.find_po(number)?;
    match &invoice.vendor_id {
        None => {
            return Err(refused(format!(
                "say first whose name '{}' is: --amend vendor={} po={}",
                invoice.invoice.vendor_name, po.vendor_id, po.number
            )));
        }
        Some(vendor) if *vendor != po.vendor_id => {
            return Err(refused(format!(
                "purchase order {} went to {} ({}), and {} is of {}",
                po.number,
                po.vendor_name,
                po.vendor_id,
                name(invoice),
                invoice.vendor()
            )));
        }
        Some(_) => {}
    }
    if invoice.state != InvoiceState::Unmatched {
        return Err(refused(format!(
            "{} is {} already",
            name(invoice),
            invoice.state
        )));
    }
    let assume = Assume {
        po: Some(&po.number),
        no_duplicate: false,
    };
    let one = std::slice::from_ref(invoice);
    match again::examine(tx, desk, one, assume, note)? {
        0 => Err(refused(format!(
            "{} could not be tied to {}: that purchase order is {}",
            name(invoice),
            po.number,
            po.state
        ))),
        _ => Ok(()),
    }
}
