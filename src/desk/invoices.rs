//! What a person decides about an invoice: whose it is, what it bills, pay it as it is, dispute it,
//! wait for a credit.

mod amend;
mod claim;

use super::resolve::Case;
use super::{Said, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Remedy;
use crate::domain::lifecycle::{InvoiceState, VarianceState};
use crate::domain::money::Money;
use crate::domain::terms;
use crate::domain::variance::Terms;
use crate::invoicing::ingest::CREDIT_UNCLEAR;
use crate::invoicing::match_context::MatchContext;
use crate::invoicing::rematch::{self, Assume};
use crate::invoicing::{close, credit_settlement};
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::{InvoiceRow, VarianceRow};
use crate::ledger::{LedgerError, Tx};
use serde_json::json;

/// Resolves an exception about an invoice.
///
/// # Errors
/// A sentence that says why it is impossible, and what is possible.
pub(super) fn resolve(case: &Case) -> Result<Said, LedgerError> {
    let case = InvoiceCase {
        case,
        desk: case.site.match_context(),
        invoice: case.tx.find_invoice(&case.row.entity)?,
    };
    let unclear = case.case.row.code == CREDIT_UNCLEAR;
    match case.case.act.remedy {
        Remedy::Amend if unclear => case.credit_for(),
        Remedy::Retry if unclear => case.settle_again(),
        Remedy::Amend => case.amend(),
        Remedy::Retry => case.retry(),
        Remedy::Dispute => case.dispute(),
        Remedy::ExpectCredit => case.expect_credit(),
        Remedy::Release if case.invoice.state == InvoiceState::Duplicate => case.own_bill(),
        Remedy::Release => case.accept(),
        _ => case.dismiss(),
    }
}

/// Whether a remedy of an exception about an invoice is possible now.
///
/// # Errors
/// A sentence that says why not.
pub(super) fn possible(tx: &Tx, row: &ExceptionRow, remedy: Remedy) -> Result<(), LedgerError> {
    let invoice = tx.find_invoice(&row.entity)?;
    let unclear = row.code == CREDIT_UNCLEAR;
    match remedy {
        Remedy::Amend if unclear => {
            let names = invoice
                .po_id
                .map_or_else(|| Ok(Vec::new()), |po| credit_settlement::names(tx, po))?;
            match names.is_empty() {
                true => Err(refused(
                    BusinessRefusal::nothing(format!(
                        "{} owes nothing on this purchase order",
                        invoice.vendor()
                    ))
                    .with_remedy(": dismiss it, or retry when something is expected"),
                )),
                false => Ok(()),
            }
        }
        Remedy::Retry if unclear => {
            let po = invoice.po_id.unwrap_or_default();
            still_unclear(
                &invoice,
                credit_settlement::could_settle(tx, invoice.id, &invoice.invoice, po)?,
            )
        }
        Remedy::Amend if invoice.state != InvoiceState::Unmatched => Err(refused(
            BusinessRefusal::done(format!("{} is {} already", name(&invoice), invoice.state)),
        )),
        Remedy::Dispute => claim::may_dispute(tx, row, &invoice),
        Remedy::ExpectCredit => claim::may_expect(tx, row, &invoice).map(|_| ()),
        _ => Ok(()),
    }
}

/// Refuses while a credit can be for several things.
fn still_unclear(invoice: &InvoiceRow, candidates: Option<Vec<String>>) -> Result<(), LedgerError> {
    match candidates {
        None => Ok(()),
        Some(candidates) => Err(refused(BusinessRefusal::ambiguous(format!(
            "{} could still be for any of these: {}",
            name(invoice),
            candidates.join("; ")
        )))),
    }
}

/// What an exception lists and nobody has ended.
fn open(tx: &Tx, row: &ExceptionRow) -> Result<Vec<VarianceRow>, LedgerError> {
    let mut found = tx.variances_of_exception(row.id)?;
    found.retain(|one| matches!(one.state, VarianceState::Open | VarianceState::Disputed));
    Ok(found)
}

/// A case about an invoice, and how bills are matched.
struct InvoiceCase<'a> {
    case: &'a Case<'a>,
    desk: MatchContext<'a>,
    invoice: InvoiceRow,
}

impl InvoiceCase<'_> {
    /// Ends what the exception lists in one way, and lets the invoice and its purchase order go on.
    fn end(&self, to: VarianceState) -> Result<(), LedgerError> {
        let Case { tx, note, .. } = *self.case;
        let word = match to {
            VarianceState::Accepted => "release",
            VarianceState::CreditExpected => "credit_expected",
            VarianceState::Cleared => "amend",
            _ => "dismiss",
        };
        for variance in self.open()? {
            tx.move_variance(&variance, to, note)?;
            rematch::end_exception(tx, &variance, word, note)?;
        }
        rematch::rest(tx, &tx.invoice(self.invoice.id)?)?;
        if let Some(po) = self.invoice.po_id {
            close::close(tx, po, &self.desk)?;
        }
        Ok(())
    }

    /// What the exception lists and nobody has ended.
    fn open(&self) -> Result<Vec<VarianceRow>, LedgerError> {
        open(self.case.tx, self.case.row)
    }

    /// Pays as billed; the tolerance that this overrides is named.
    fn accept(&self) -> Result<Said, LedgerError> {
        let Case { tx, row, note, .. } = *self.case;
        let invoice = &self.invoice;
        let at_stake = stake(&self.open()?);
        let agreed: Option<Terms> =
            (invoice.terms.clone()).and_then(|terms| serde_json::from_value(terms).ok());
        let tolerance = terms::words(&agreed.unwrap_or(self.desk.config.terms).goods);
        let payload = json!({"exception": row.id, "code": row.code, "accepted": at_stake, "tolerance_overridden": tolerance, "note": note});
        tx.fact(
            "invoice.accepted",
            &invoice.entity(),
            invoice.order_id,
            &payload,
        )?;
        self.end(VarianceState::Accepted)?;
        Ok(vec![
            format!(
                "Exception {} is released: {at_stake} of {} is accepted as billed, over the tolerance ({tolerance}).",
                row.id,
                name(invoice)
            ),
            stands(tx, invoice)?,
        ])
    }

    /// Counts a credit against what the person says that it is for.
    fn credit_for(&self) -> Result<Said, LedgerError> {
        let mut names = Vec::new();
        for change in self.case.act.changes {
            match change.split_once('=') {
                Some(("credit", list)) => names.extend(list.split(',').map(str::trim)),
                _ => {
                    return Err(refused(
                        BusinessRefusal::bad_word(format!(
                            "'{change}' does not say what the credit is for"
                        ))
                        .with_remedy(format!(
                            ": --amend credit=NAME, where NAME is one of: {}",
                            self.case.row.message
                        )),
                    ));
                }
            }
        }
        credit_settlement::assign(self.case.tx, &self.invoice, &names)?;
        self.settled()
    }

    /// Looks once more what a credit is for.
    fn settle_again(&self) -> Result<Said, LedgerError> {
        let invoice = &self.invoice;
        let po = invoice.po_id.unwrap_or_default();
        let found = credit_settlement::settle(self.case.tx, invoice.id, &invoice.invoice, po)?;
        still_unclear(invoice, found)?;
        self.settled()
    }

    fn settled(&self) -> Result<Said, LedgerError> {
        self.end(VarianceState::Cleared)?;
        said_of(
            self.case.tx,
            &self.invoice,
            "is settled against what is owed",
        )
    }

    fn dismiss(&self) -> Result<Said, LedgerError> {
        let Case { tx, row, note, .. } = *self.case;
        let invoice = &self.invoice;
        if invoice.state == InvoiceState::Unmatched {
            rematch::end(tx, invoice, VarianceState::Dismissed, note)?;
            tx.move_invoice(invoice, InvoiceState::Ignored, note)?;
            return Ok(vec![format!(
                "Exception {} is dismissed: {} is kept on file and counts nowhere.",
                row.id,
                name(invoice)
            )]);
        }
        self.end(VarianceState::Dismissed)?;
        let owed = match tx.invoice(invoice.id)?.state {
            InvoiceState::Matched if invoice.state == InvoiceState::Variance => {
                format!(": {} is to be paid as billed", name(invoice))
            }
            _ => String::new(),
        };
        Ok(vec![
            format!("Exception {} is dismissed{owed}.", row.id),
            stands(tx, invoice)?,
        ])
    }

    /// A bill that was taken for a duplicate and is none.
    fn own_bill(&self) -> Result<Said, LedgerError> {
        self.instead()?;
        let pos: Vec<String> = self.invoice.po.iter().cloned().collect();
        self.examine(Assume {
            no_duplicate: true,
            pos: &pos,
            ..Assume::default()
        })?;
        said_of(self.case.tx, &self.invoice, "is a bill of its own now")
    }

    /// Takes out of the count what was open of the bill that is counted whole now.
    fn instead(&self) -> Result<(), LedgerError> {
        let (tx, invoice) = (self.case.tx, &self.invoice);
        for filed in tx.filed_invoices()? {
            let theirs = filed.vendor_key == invoice.vendor_key;
            if !theirs || !filed.completed_by(&invoice.invoice) {
                continue;
            }
            let open = tx.invoice(filed.id)?;
            if open.state.counts() {
                let why = format!("{} is the whole of it", name(invoice));
                rematch::end(tx, &open, VarianceState::Cleared, &why)?;
                tx.move_invoice(&tx.invoice(open.id)?, InvoiceState::Ignored, &why)?;
                if let Some(po) = open.po_id {
                    close::close(tx, po, &self.desk)?;
                }
            }
        }
        Ok(())
    }

    /// Looks at the invoice as if it had just come, with what the person says. Returns how many
    /// found their purchase order: one or none.
    fn examine(&self, assume: Assume) -> Result<usize, LedgerError> {
        let one = std::slice::from_ref(&self.invoice);
        rematch::examine(self.case.tx, &self.desk, one, assume, self.case.note)
    }

    fn retry(&self) -> Result<Said, LedgerError> {
        let tx = self.case.tx;
        match self.invoice.state {
            InvoiceState::Unmatched => {
                self.examine(Assume::default())?;
            }
            _ => {
                rematch::compare(tx, &self.desk, &self.invoice)?;
            }
        }
        let what = match tx.exception(self.case.row.id)?.open {
            true => "was looked at again, and nothing changed",
            false => "was looked at again",
        };
        said_of(tx, &self.invoice, what)
    }
}

fn stake(found: &[VarianceRow]) -> Money {
    Money::sum(found.iter().map(|one| one.at_stake)).unwrap_or(Money(i64::MAX))
}

/// `invoice 7 (bill INV-7 of 2026-03-01, Acme)`.
fn name(invoice: &InvoiceRow) -> String {
    format!(
        "invoice {} ({}, {})",
        invoice.id,
        invoice.title(),
        invoice.vendor()
    )
}

fn stands(tx: &Tx, invoice: &InvoiceRow) -> Result<String, LedgerError> {
    let invoice = tx.invoice(invoice.id)?;
    let po = match invoice.po_id.map(|id| tx.po(id)).transpose()? {
        Some(po) => format!("; purchase order {} is {}", po.number, po.state),
        None => String::new(),
    };
    Ok(format!("  It {}{po}.", invoice.state.told()))
}

/// What is open about an invoice after an act.
fn said_of(tx: &Tx, invoice: &InvoiceRow, what: &str) -> Result<Said, LedgerError> {
    let mut said = vec![
        format!("Invoice {} ({}) {what}.", invoice.id, invoice.title()),
        stands(tx, invoice)?,
    ];
    for open in tx.open_exceptions_of_entity(&invoice.entity())? {
        said.push(format!("  {} {}: {}", open.id, open.code, open.message));
    }
    Ok(said)
}
