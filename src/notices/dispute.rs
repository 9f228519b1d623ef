//! The mail that tells a vendor that a bill is wrong.

use super::admin_mail::AdminMailer;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, ExceptionCode};
use crate::domain::delivery::DeliveryKind;
use crate::domain::email;
use crate::domain::money::Money;
use crate::domain::po_document::Letterhead;
use crate::domain::vendor::Vendor;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::{InvoiceRow, VarianceRow};
use crate::ledger::{LedgerError, Tx};
use crate::mail::compose::Letter;
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A bill, and what is wrong with it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DisputeContext {
    /// Who writes.
    pub shop: Letterhead,
    /// To whom.
    pub vendor_name: String,
    /// The vendor's number of the bill; may be empty.
    pub invoice_number: String,
    /// `bill` or `credit`.
    pub kind: String,
    /// Its date.
    pub invoice_date: NaiveDate,
    /// What it comes to.
    pub total: Money,
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// The purchase order, if it is known.
    pub po: Option<String>,
    /// What is wrong.
    pub items: Vec<DisputeItem>,
    /// What is asked back in all.
    pub asked: Money,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DisputeItem {
    /// The code, such as `invoice_price`.
    pub code: ExceptionCode,
    /// Billed against ordered and shipped.
    pub facts: String,
    /// What is asked back for it.
    pub amount: Money,
}

/// A mail that waits in the outbox.
pub struct Sent {
    /// The delivery's number.
    pub delivery: i64,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// What makes a mail the only one: what came onto the exception after a mail about it is disputed by
/// another.
fn once(tx: &Tx, exception: &ExceptionRow) -> Result<String, LedgerError> {
    let once = format!("dispute:{}", exception.id);
    Ok(match tx.count_once(&once)? {
        0 => once,
        n => format!("{once}:{n}"),
    })
}

/// Puts the mail into the outbox, once for each of an exception's findings.
///
/// # Errors
/// The ledger's, or when the mail cannot be made.
pub fn enqueue(
    tx: &Tx,
    mailer: &AdminMailer,
    shop: &Letterhead,
    vendor: &Vendor,
    exception: &ExceptionRow,
    invoice: &InvoiceRow,
    found: &[VarianceRow],
) -> Result<Sent, LedgerError> {
    let broken = |fault: String| {
        LedgerError::Broken(format!(
            "the mail to {} cannot be made: {fault}",
            vendor.name
        ))
    };
    let currency = match invoice.po_id {
        Some(po) => tx.po(po)?.currency,
        None => mailer.currency.to_owned(),
    };
    let context = context(shop, vendor, invoice, found, currency);
    let rendered = mailer
        .templates
        .dispute(&context)
        .map_err(|fault| broken(fault.to_string()))?;
    let letter = Letter {
        subject: rendered.subject,
        text: rendered.text,
        // a person wrote it, and an answer is wanted
        auto_submitted: false,
        ..Letter::by_machine(
            (mailer.name.to_owned(), mailer.email.to_owned()),
            vec![(email::shown_name(&vendor.name), vendor.email.clone())],
            tx.now(),
        )
    };
    let text = letter.text.clone();
    let document = OutboxDocument::mail(letter).map_err(|fault| broken(fault.to_string()))?;
    let purpose = Purpose {
        kind: DeliveryKind::Dispute,
        once: &once(tx, exception)?,
        order_id: invoice.order_id,
        po_id: None,
    };
    match outbox::put(tx, mailer.email, &document, &purpose)? {
        Some(delivery) => Ok(Sent {
            delivery,
            subject: document.subject,
            text,
        }),
        None => Err(LedgerError::Refused(
            BusinessRefusal::done(format!(
                "exception {} was disputed by mail already",
                exception.id
            ))
            .of_exception(exception.id),
        )),
    }
}

fn context(
    shop: &Letterhead,
    vendor: &Vendor,
    invoice: &InvoiceRow,
    found: &[VarianceRow],
    currency: String,
) -> DisputeContext {
    let paper = &invoice.invoice;
    let item = |one: &VarianceRow| DisputeItem {
        code: one.code.clone(),
        facts: facts(one),
        amount: one.at_stake,
    };
    DisputeContext {
        shop: shop.clone(),
        vendor_name: vendor.name.clone(),
        invoice_number: paper.number.clone(),
        kind: paper.kind.as_str().to_owned(),
        invoice_date: paper.date,
        total: paper.total,
        currency,
        po: invoice.po.clone(),
        items: found.iter().map(item).collect(),
        asked: Money::sum(found.iter().map(|one| one.at_stake)).unwrap_or(Money(i64::MAX)),
    }
}

/// The evidence without what only concerns the shop: what is at stake, its own numbers of invoices,
/// and how it looked for a purchase order.
fn facts(one: &VarianceRow) -> String {
    if one.code == Code::InvoiceUnmatched {
        return String::new();
    }
    let end = [", at stake ", "; at stake "]
        .iter()
        .filter_map(|mark| one.evidence.rfind(mark))
        .min();
    let told = &one.evidence[..end.unwrap_or(one.evidence.len())];
    let words: Vec<&str> = told.split(' ').collect();
    let number = |place: usize| {
        let own = words[place].parse::<i64>().is_ok();
        own && place > 0 && words[place - 1] == "invoice"
    };
    let kept = (0..words.len()).filter(|place| !number(*place));
    let kept: Vec<&str> = kept.map(|place| words[place]).collect();
    kept.join(" ")
        .replace("before: invoice of", "before: the one of")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;
    use crate::domain::lifecycle::VarianceState;

    #[test]
    fn a_vendor_reads_nothing_of_our_own() {
        let row = |code: Code, evidence: &str| VarianceRow {
            id: 1,
            invoice_id: 1,
            exception_id: None,
            code: code.into(),
            at_stake: Money(100),
            evidence: evidence.to_owned(),
            source_line: 1,
            state: VarianceState::Open,
            found: Moment::default(),
        };
        let before = "bill D-77 of 2026-11-22 over 34.60 was billed before: invoice 4 of 2026-11-21 over 34.60; at stake 34.60";
        assert_eq!(
            facts(&row(Code::InvoiceDuplicate, before)),
            "bill D-77 of 2026-11-22 over 34.60 was billed before: the one of 2026-11-21 over 34.60"
        );
        assert_eq!(facts(&row(Code::InvoiceUnmatched, "it names nothing")), "");
    }
}
