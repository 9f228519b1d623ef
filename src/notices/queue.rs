//! From a rendered mail to the outbox, once, and not in the customer's quiet hours.

use super::Rendered;
use crate::domain::address::Address;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::DeliveryKind;
use crate::domain::email;
use crate::domain::po_document::Letterhead;
use crate::domain::zones::{QuietHours, zone_of};
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Result, Tx};
use crate::mail::compose::Letter;
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// When mail may go to customers.
#[derive(Clone, Copy, Debug)]
pub struct Hours {
    /// In which it may not.
    pub quiet: Option<QuietHours>,
    /// The zone of customers whose ZIP code does not tell theirs.
    pub site: Tz,
}

impl Hours {
    /// The zone of a customer.
    pub fn zone(&self, to: &Address) -> Tz {
        zone_of(to).unwrap_or(self.site)
    }

    /// When the quiet hours of a customer end; `None` when mail may go now.
    pub fn end(&self, to: &Address, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let zone = self.zone(to);
        self.quiet.and_then(|quiet| quiet.end(now, zone))
    }
}

/// What a mail is.
pub struct MailIdentity<'a> {
    /// The outbox's word for it.
    pub kind: DeliveryKind,
    /// What makes it the only one.
    pub once: &'a str,
    /// Where the customer answers, if not to the shop.
    pub reply_to: Option<String>,
}

/// Puts a mail to the order's customer into the outbox, unless one with the same `once` is there.
/// Returns whether it was put in.
///
/// # Errors
/// The ledger's, or that the mail cannot be made.
pub fn post(
    tx: &Tx,
    shop: &Letterhead,
    hours: &Hours,
    row: &OrderRow,
    what: MailIdentity,
    rendered: Rendered,
) -> Result<bool> {
    let customer = &row.order.customer;
    let address = email::deliverable(&customer.email).map_err(|why| {
        LedgerError::Refused(BusinessRefusal::cannot_be_made(format!(
            "no mail can be sent to the customer: {why}"
        )))
    })?;
    let to = (email::shown_name(&customer.name), address);
    let letter = Letter {
        reply_to: what.reply_to,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        ..Letter::by_machine((shop.name.clone(), shop.email.clone()), vec![to], tx.now())
    };
    let document = OutboxDocument::mail(letter).map_err(|fault| {
        LedgerError::Refused(BusinessRefusal::cannot_be_made(fault.to_string()))
    })?;
    let purpose = Purpose {
        kind: what.kind,
        once: what.once,
        order_id: Some(row.id),
        po_id: None,
    };
    let put = outbox::put(tx, &shop.email, &document, &purpose)?;
    if let Some((id, end)) = put.zip(hours.end(&row.order.ship_to, tx.now())) {
        tx.postpone_delivery(id, end)?;
    }
    Ok(put.is_some())
}
