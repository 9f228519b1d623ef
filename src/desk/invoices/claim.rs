//! What a vendor is asked to give back: by a promise, or by a mail that disputes the bill.

use super::{InvoiceCase, name, open, stake};
use crate::app::letterhead;
use crate::desk::resolve::Case;
use crate::desk::{Said, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::VarianceState;
use crate::domain::money::Money;
use crate::domain::vendor::Vendor;
use crate::invoicing::{close, early_credits, rematch};
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::InvoiceRow;
use crate::ledger::{LedgerError, Tx};
use crate::notices::dispute;

impl InvoiceCase<'_> {
    /// Notes that the vendor promised a credit: the bill is paid, and the credit waited for.
    pub(super) fn expect_credit(&self) -> Result<Said, LedgerError> {
        let Case { tx, row, note, .. } = *self.case;
        let invoice = &self.invoice;
        let (vendor, po) = may_expect(tx, row, invoice)?;
        let found = self.open()?;
        let owed = stake(&found);
        tx.expect_credit(&vendor, po, "", Some(row.id), owed, note)?;
        for variance in found {
            tx.move_variance(&variance, VarianceState::CreditExpected, note)?;
            rematch::end_exception(tx, &variance, "credit_expected", note)?;
        }
        rematch::rest(tx, &tx.invoice(invoice.id)?)?;
        let came = self.came_before(&vendor)?;
        let mut said = vec![
            format!(
                "Exception {} is closed: {} owes a credit of {owed}, which ends when it is imported.",
                row.id,
                invoice.vendor()
            ),
            "  Until then it stands in `poms report money-at-risk`.".to_owned(),
        ];
        said.extend(came);
        Ok(said)
    }

    /// Tells the vendor by mail. The exception stays until the vendor's credit comes or a person
    /// ends it.
    pub(super) fn dispute(&self) -> Result<Said, LedgerError> {
        let Case {
            tx,
            site,
            row,
            note,
            ..
        } = *self.case;
        let invoice = &self.invoice;
        let found = self.open()?;
        may_dispute(tx, row, invoice)?;
        let vendor = by_mail(tx, invoice)?;
        let sent = dispute::enqueue(
            tx,
            &site.admin_mailer(),
            &letterhead(&site.config),
            &vendor,
            row,
            invoice,
            &found,
        )?;
        for variance in &found {
            tx.move_variance(variance, VarianceState::Disputed, note)?;
        }
        if let (Some(po), true) = (invoice.po_id, stake(&found) > Money::ZERO) {
            tx.expect_credit(&vendor.id, po, "", Some(row.id), stake(&found), note)?;
        }
        let came = self.came_before(&vendor.id)?;
        let mut said = vec![
            format!(
                "The mail to {} <{}> waits in the outbox as delivery {}: the next `poms process` sends it; `poms outbox drop {}` stops it.",
                vendor.name, vendor.email, sent.delivery, sent.delivery
            ),
            format!(
                "Exception {} stays open until the credit is imported, or you release or dismiss it.",
                row.id
            ),
        ];
        said.extend(came);
        said.extend([
            String::new(),
            format!("Subject: {}", sent.subject),
            String::new(),
        ]);
        said.extend(sent.text.lines().map(str::to_owned));
        Ok(said)
    }

    /// Credits that came before anybody asked for them.
    fn came_before(&self, vendor: &str) -> Result<Said, LedgerError> {
        let Some(po) = self.invoice.po_id else {
            return Ok(Vec::new());
        };
        let came = early_credits::look(self.case.tx, &self.desk, vendor, po)?;
        if !came.is_empty() {
            close::close(self.case.tx, po, &self.desk)?;
        }
        Ok(came)
    }
}

/// The vendor, who must have a mail address.
fn by_mail(tx: &Tx, invoice: &InvoiceRow) -> Result<Vendor, LedgerError> {
    let vendor = (invoice.vendor_id.as_deref())
        .map(|id| tx.vendor(id))
        .transpose()?
        .flatten();
    vendor
        .filter(|vendor| !vendor.email.is_empty())
        .ok_or_else(|| {
            refused(
                BusinessRefusal::cannot_be_made(format!(
                    "{} has no mail address on file",
                    invoice.vendor()
                ))
                .with_remedy(
                    ": dispute it by telephone or fax, and dismiss the exception with what \
                     was agreed",
                ),
            )
        })
}

/// Whether an exception can be disputed now.
///
/// # Errors
/// A sentence that says why not.
pub(super) fn may_dispute(
    tx: &Tx,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
) -> Result<(), LedgerError> {
    let found = open(tx, row)?;
    if found.iter().any(|one| one.state == VarianceState::Disputed) {
        return Err(refused(
            BusinessRefusal::done(format!(
                "exception {} is disputed already (`poms order show`, `poms outbox list \
                 --all` have the mail)",
                row.id
            ))
            .with_remedy(": release, expect-credit or dismiss it when the vendor answered")
            .of_exception(row.id),
        ));
    }
    must_be_at_stake(row, stake(&found))?;
    by_mail(tx, invoice).map(|_| ())
}

/// Vendor and purchase order of whom a credit can be expected for an exception now.
///
/// # Errors
/// A sentence that says why not.
pub(super) fn may_expect(
    tx: &Tx,
    row: &ExceptionRow,
    invoice: &InvoiceRow,
) -> Result<(String, i64), LedgerError> {
    let (Some(vendor), Some(po)) = (invoice.vendor_id.clone(), invoice.po_id) else {
        return Err(refused(
            BusinessRefusal::needs_word(format!("{} is tied to no purchase order", name(invoice)))
                .with_remedy(": say which one first, with --amend po=NUMBER"),
        ));
    };
    must_be_at_stake(row, stake(&open(tx, row)?))?;
    Ok((vendor, po))
}

/// There is a credit to ask for.
fn must_be_at_stake(row: &ExceptionRow, stake: Money) -> Result<(), LedgerError> {
    match stake > Money::ZERO {
        true => Ok(()),
        false => Err(refused(
            BusinessRefusal::nothing(format!(
                "no money is at stake in exception {}, so no credit can be asked for",
                row.id
            ))
            .with_remedy(": release it (the bill is paid as it is) or dismiss it")
            .of_exception(row.id),
        )),
    }
}
