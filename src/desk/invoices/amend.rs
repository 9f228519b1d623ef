//! Whose an invoice is, or what it bills, by a person's word.

use super::{InvoiceCase, name, said_of};
use crate::desk::resolve::Case;
use crate::desk::{Said, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::InvoiceState;
use crate::domain::money::Money;
use crate::invoicing::rematch::{self, Assume};
use crate::invoicing::vendors::normalise_name;
use crate::ledger::invoices::InvoiceRow;
use crate::ledger::{LedgerError, Tx};

impl InvoiceCase<'_> {
    /// Whose name it is, or what it bills.
    pub(super) fn amend(&self) -> Result<Said, LedgerError> {
        let Case { tx, row, act, .. } = *self.case;
        let (mut vendor, mut pos) = (None, Vec::new());
        for change in act.changes {
            match change.split_once('=') {
                Some(("vendor", id)) => vendor = Some(id.trim()),
                Some(("po", numbers)) => pos.extend(numbers.split(',').map(str::trim)),
                _ => {
                    return Err(refused(
                        BusinessRefusal::bad_word(format!(
                            "'{change}' cannot be changed of an invoice"
                        ))
                        .with_remedy(
                            ": say vendor=ID (whose name it is), po=NUMBER (what it bills), or \
                             po=NUMBER,NUMBER or po=NUMBER:AMOUNT,NUMBER:AMOUNT (several)",
                        ),
                    ));
                }
            }
        }
        if vendor.is_none() && pos.is_empty() {
            return Err(refused(
                BusinessRefusal::needs_word("say whose it is or what it bills")
                    .with_remedy(": --amend vendor=ID or --amend po=NUMBER"),
            ));
        }
        let mut said = Vec::new();
        if let Some(id) = vendor {
            said.push(self.teach(id)?);
        }
        let again = InvoiceCase {
            invoice: tx.invoice(self.invoice.id)?,
            ..*self
        };
        if !pos.is_empty() {
            again.tie(&pos)?;
            said.push(format!("  It is tied to {}.", pos.join(", ")));
        }
        let ended = tx.exception(row.id)?;
        if ended.open {
            // the same reason stands: the person's word was not enough
            said.push(format!(
                "  Exception {} stays open: {}",
                row.id, ended.message
            ));
        }
        said.extend(said_of(tx, &again.invoice, "was looked at again")?);
        Ok(said)
    }

    /// Ties the invoice's name to a vendor, and looks at all that wait under it.
    fn teach(&self, id: &str) -> Result<String, LedgerError> {
        let Case { tx, note, .. } = *self.case;
        let invoice = &self.invoice;
        if let Some(known) = &invoice.vendor_id {
            return Err(refused(BusinessRefusal::conflict(format!(
                "{} is of vendor {known} already: only a name that is no vendor's can be given one",
                name(invoice)
            ))));
        }
        let Some(vendor) = tx.vendor(id)? else {
            return Err(refused(
                BusinessRefusal::unknown(format!("there is no vendor {id}")).with_remedy(
                    ": see `poms vendors list`, or import it with `poms vendors import`",
                ),
            ));
        };
        let written = &invoice.invoice.vendor_name;
        tx.teach_alias(&normalise_name(written), written, &vendor.id)?;
        let rows = tx.unmatched_of_key(&invoice.vendor_key)?;
        let placed = rematch::examine(tx, &self.desk, &rows, Assume::default(), note)?;
        Ok(format!(
            "'{written}' is {} ({}) from now on: {} of {} invoices of that name found their purchase order.",
            vendor.name,
            vendor.id,
            placed,
            rows.len()
        ))
    }

    /// Ties an invoice to one purchase order, or shares it out to several: `NUMBER` or `NUMBER:AMOUNT`.
    fn tie(&self, told: &[&str]) -> Result<(), LedgerError> {
        let invoice = &self.invoice;
        let (mut pos, mut shares) = (Vec::new(), Vec::new());
        for one in told {
            let (number, amount) = match one.rsplit_once(':') {
                Some((number, amount)) => (number, Some(amount)),
                None => (*one, None),
            };
            let po = theirs(self.case.tx, invoice, number)?;
            if let Some(amount) = amount {
                let read = amount.trim().parse().and_then(Money::plausible);
                let amount = read.map_err(|fault| {
                    refused(BusinessRefusal::bad_word(format!(
                        "po=NUMBER:AMOUNT: {fault}"
                    )))
                })?;
                shares.push((po.clone(), amount));
            }
            pos.push(po);
        }
        if invoice.state != InvoiceState::Unmatched {
            return Err(refused(BusinessRefusal::done(format!(
                "{} is {} already",
                name(invoice),
                invoice.state
            ))));
        }
        shared_out(invoice, &pos, &shares)?;
        let examined = self.examine(Assume {
            pos: &pos,
            shares: &shares,
            no_duplicate: false,
        });
        match examined? {
            0 if pos.len() > 1 => Err(refused(
                BusinessRefusal::ambiguous(format!(
                    "{} cannot be shared out to {}: its lines do not say which is for which, \
                     and what is open on them does not come to {}",
                    name(invoice),
                    pos.join(" and "),
                    invoice.invoice.total
                ))
                .with_remedy(format!(
                    ". Say what is for which: --amend po={}",
                    pos.iter()
                        .map(|po| format!("{po}:AMOUNT"))
                        .collect::<Vec<_>>()
                        .join(",")
                )),
            )),
            0 => Err(refused(BusinessRefusal::wrong_state(format!(
                "{} could not be tied to {}",
                name(invoice),
                pos.join(", ")
            )))),
            _ => Ok(()),
        }
    }
}

/// Amounts are given for all or for none, and come to the total.
fn shared_out(
    invoice: &InvoiceRow,
    pos: &[String],
    shares: &[(String, Money)],
) -> Result<(), LedgerError> {
    if shares.is_empty() {
        return Ok(());
    }
    let sum = Money::sum(shares.iter().map(|(_, amount)| *amount)).unwrap_or_default();
    let positive = shares.iter().all(|(_, amount)| *amount > Money::ZERO);
    if shares.len() != pos.len() || sum != invoice.invoice.total || !positive {
        return Err(refused(BusinessRefusal::over_limit(format!(
            "say an amount above 0.00 for each purchase order: they make {sum}, and {} is over {}",
            name(invoice),
            invoice.invoice.total
        ))));
    }
    Ok(())
}

/// The number of a purchase order, which must be of the invoice's vendor.
fn theirs(tx: &Tx, invoice: &InvoiceRow, number: &str) -> Result<String, LedgerError> {
    let po = tx.find_po(number.trim())?;
    match &invoice.vendor_id {
        None => Err(refused(
            BusinessRefusal::needs_word(format!(
                "say first whose name '{}' is",
                invoice.invoice.vendor_name
            ))
            .with_remedy(format!(
                ": --amend vendor={} po={}",
                po.vendor_id, po.number
            )),
        )),
        Some(vendor) if *vendor != po.vendor_id => {
            Err(refused(BusinessRefusal::conflict(format!(
                "purchase order {} went to {} ({}), and {} is of {}",
                po.number,
                po.vendor_name,
                po.vendor_id,
                name(invoice),
                invoice.vendor()
            ))))
        }
        Some(_) => Ok(po.number),
    }
}
