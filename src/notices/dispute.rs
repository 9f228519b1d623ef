//! The mail that tells a vendor that a bill is wrong.

use super::tell::Desk;
use crate::clock;
use crate::delivery::letter::{Letter, message_id};
use crate::domain::money::Money;
use crate::domain::vendor::Vendor;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::{InvoiceRow, VarianceRow};
use crate::ledger::outbox::NewDelivery;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::document::Letterhead;
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
    pub code: String,
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

/// Puts the mail into the outbox, once for each exception.
///
/// # Errors
/// The ledger's, or when the mail cannot be made.
pub fn enqueue(
    tx: &Tx,
    desk: &Desk,
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
        None => desk.currency.to_owned(),
    };
    let context = context(shop, vendor, invoice, found, currency);
    let rendered = desk
        .templates
        .dispute(&context)
        .map_err(|fault| broken(fault.to_string()))?;
    let domain = desk.email.rsplit('@').next().unwrap_or("localhost");
    let reference = message_id(clock::random(), domain);
    let content = Letter {
        from: (desk.name.to_owned(), desk.email.to_owned()),
        to: vec![(vendor.name.clone(), vendor.email.clone())],
        reply_to: None,
        subject: rendered.subject.clone(),
        text: rendered.text.clone(),
        html: None,
        attachments: Vec::new(),
        message_id: reference.clone(),
        date: tx.now(),
        auto_submitted: false,
        extra_headers: Vec::new(),
    }
    .render()
    .map_err(|fault| broken(fault.to_string()))?;
    let delivery = tx.enqueue(&NewDelivery {
        kind: "dispute",
        channel: "email",
        once: &format!("dispute:{}", exception.id),
        reference: &reference,
        sender: desk.email,
        recipients: std::slice::from_ref(&vendor.email),
        subject: &rendered.subject,
        order_id: invoice.order_id,
        po_id: None,
        content: &content,
    })?;
    match delivery {
        Some(delivery) => Ok(Sent {
            delivery,
            subject: rendered.subject,
            text: rendered.text,
        }),
        None => Err(LedgerError::Refused(format!(
            "exception {} was disputed by mail already",
            exception.id
        ))),
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
        facts: facts(&one.evidence),
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

/// The evidence without what only concerns the shop: what is at stake, and its numbers of invoices.
fn facts(evidence: &str) -> String {
    let end = [", at stake ", "; at stake "]
        .iter()
        .filter_map(|mark| evidence.rfind(mark))
        .min();
    evidence[..end.unwrap_or(evidence.len())].to_owned()
}
