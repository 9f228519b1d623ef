//! Who is told what became of a return.

use super::super::Said;
use crate::app::{App, letterhead};
use crate::domain::email;
use crate::domain::lifecycle::{DeliveryState, PoState};
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::domain::vendor::VendorChannel;
use crate::ledger::orders::OrderRow;
use crate::ledger::returns::{RefundRow, ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::notices::NoticeKind;
use crate::notices::returns::{
    Party, Post, ReturnContext, ReturnContextLine, ReturnOutcome, ReturnStep, enqueue,
};

/// Puts the mails to the customer and the vendor into the outbox; who cannot be told by mail is
/// named. Of goods that shall not be sent the vendor reads in a cancellation.
///
/// # Errors
/// The ledger's, or when a mail cannot be made.
pub fn authorised(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
    said: &mut Said,
) -> Result<(), LedgerError> {
    let context = context(tx, site, row, lines)?;
    let mails = Mails { tx, site, row };
    mails.to_customer(ReturnStep::Authorised, &context, said)?;
    match row.kind {
        ReturnKind::CancelledBeforeShipping => Ok(()),
        _ => mails.to_vendor(ReturnStep::Authorised, &context, said),
    }
}

/// What the customer is told beside the sum.
pub struct Now<'a> {
    /// What is still to be paid; none when the return is over.
    pub more: Option<Money>,
    /// Why it is less than the goods cost.
    pub why: &'a str,
}

/// Tells the customer of the last of the payments, which may end the return.
///
/// # Errors
/// The ledger's, or when the mail cannot be made.
pub fn refunded(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    payments: &[RefundRow],
    now: Now,
    said: &mut Said,
) -> Result<(), LedgerError> {
    let Some((paid, before)) = payments.split_last() else {
        return Ok(());
    };
    let mut outcome = outcome(row, now.why);
    outcome.refunded = true;
    outcome.amount = Some(paid.amount);
    outcome.method.clone_from(&paid.method);
    outcome.reference.clone_from(&paid.reference);
    outcome.more = now.more;
    outcome.earlier = (!before.is_empty()).then(|| sum(before));
    let step = match now.more {
        Some(_) => ReturnStep::Part(paid.part),
        None => ReturnStep::Closed,
    };
    over(tx, site, row, step, outcome, said)
}

/// Tells the customer that the return ends with what was paid before.
///
/// # Errors
/// The ledger's, or when the mail cannot be made.
pub fn ended(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    payments: &[RefundRow],
    now: Now,
    said: &mut Said,
) -> Result<(), LedgerError> {
    let mut outcome = outcome(row, now.why);
    outcome.refunded = true;
    outcome.ended = true;
    outcome.amount = Some(sum(payments));
    over(tx, site, row, ReturnStep::Closed, outcome, said)
}

fn sum(payments: &[RefundRow]) -> Money {
    Money::sum(payments.iter().map(|one| one.amount)).unwrap_or_default()
}

/// Tells the customer that nothing is paid back, and the vendor who waits for goods or shall send a
/// credit that neither is coming.
///
/// # Errors
/// The ledger's, or when a mail cannot be made.
pub fn rejected(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    why: &str,
    said: &mut Said,
) -> Result<(), LedgerError> {
    over(tx, site, row, ReturnStep::Closed, outcome(row, why), said)
}

fn outcome(row: &ReturnRow, why: &str) -> ReturnOutcome {
    ReturnOutcome {
        currency: row.currency.clone(),
        why: why.to_owned(),
        ..ReturnOutcome::default()
    }
}

fn over(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    step: ReturnStep,
    outcome: ReturnOutcome,
    said: &mut Said,
) -> Result<(), LedgerError> {
    let lines = tx.return_lines(row.id)?;
    let mut context = context(tx, site, row, &lines)?;
    let refunded = outcome.refunded;
    context.outcome = Some(outcome);
    for (line, of) in context.lines.iter_mut().zip(&lines) {
        line.qty = of.counts();
    }
    context.lines.retain(|line| line.qty > 0);
    let mails = Mails { tx, site, row };
    if step == ReturnStep::Closed {
        mails.overtaken(Party::Customer)?;
    }
    mails.to_customer(step, &context, said)?;
    // a vendor who was told nothing yet need not be told that it is over
    match !refunded && row.authorised.is_some() && !mails.overtaken(Party::Vendor)? {
        true => mails.to_vendor(step, &context, said),
        false => Ok(()),
    }
}

/// The mail about the return tells that the order is over: no other mail need, and none shall say
/// that it was placed.
pub fn instead_of_notices(tx: &Tx, order: &OrderRow) -> Result<(), LedgerError> {
    if email::deliverable(&order.order.customer.email).is_err() {
        return Ok(());
    }
    tx.notice_is_told(order.id, NoticeKind::Cancelled.word())?;
    for row in tx.deliveries_of_order(order.id)? {
        if row.state == DeliveryState::Queued && row.kind == NoticeKind::Placed.delivery() {
            tx.move_delivery(&row, DeliveryState::Dropped, "the order was taken back")?;
        }
    }
    Ok(())
}

struct Mails<'a> {
    tx: &'a Tx<'a>,
    site: &'a App,
    row: &'a ReturnRow,
}

impl Mails<'_> {
    /// Takes the mail that it is authorised out of the outbox if it still waits there: it must not
    /// come after the one that it is over. Returns whether it did.
    fn overtaken(&self, party: Party) -> Result<bool, LedgerError> {
        let once = ReturnStep::Authorised.once(self.row, party);
        let waits = self.tx.waiting_delivery(&once)?;
        if let Some(row) = &waits {
            let why = "the return is over";
            self.tx.move_delivery(row, DeliveryState::Dropped, why)?;
        }
        Ok(waits.is_some())
    }

    fn to_customer(
        &self,
        step: ReturnStep,
        context: &ReturnContext,
        said: &mut Said,
    ) -> Result<(), LedgerError> {
        let to = self.tx.order(self.row.order_id)?.order.customer;
        let context = ReturnContext {
            // no concern of the customer's
            po_number: String::new(),
            vendor_name: String::new(),
            reason: String::new(),
            ..context.clone()
        };
        self.to(Party::Customer, step, (&to.name, &to.email), &context, said)
    }

    fn to_vendor(
        &self,
        step: ReturnStep,
        context: &ReturnContext,
        said: &mut Said,
    ) -> Result<(), LedgerError> {
        let Some(known) = self.tx.vendor(&self.row.vendor_id)? else {
            return Ok(());
        };
        let email = match known.channel {
            VendorChannel::Fax => "",
            VendorChannel::Email | VendorChannel::EmailAndFax | VendorChannel::Drop => {
                known.email.as_str()
            }
        };
        let mut context = context.clone();
        if let Some(outcome) = &mut context.outcome {
            // what the customer is told is no concern of the vendor's
            outcome.why.clear();
        }
        self.to(Party::Vendor, step, (&known.name, email), &context, said)
    }

    fn to(
        &self,
        party: Party,
        step: ReturnStep,
        (name, email): (&str, &str),
        context: &ReturnContext,
        said: &mut Said,
    ) -> Result<(), LedgerError> {
        let Ok(email) = email::wire(email) else {
            said.push(format!(
                "  {name} has no usable e-mail address: tell them by telephone or letter."
            ));
            return Ok(());
        };
        let config = &self.site.config.site;
        let post = Post {
            name: &config.name,
            email: &config.email,
            tokens: &self.site.reader.marks.tokens,
            reply_address: &config.reply_address,
            templates: &self.site.templates,
        };
        enqueue(
            self.tx,
            &post,
            self.row,
            (party, step),
            (name, &email),
            context,
        )?;
        said.push(format!(
            "  The next `poms process` tells the {} ({}).",
            party.as_str(),
            email
        ));
        Ok(())
    }
}

fn context(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
) -> Result<ReturnContext, LedgerError> {
    let order = tx.order(row.order_id)?;
    let mut told = Vec::new();
    for line in lines {
        told.push(ReturnContextLine {
            sku: line.sku.clone(),
            vendor_sku: line.vendor_sku.clone(),
            description: description(tx, &order, line)?,
            qty: line.qty,
        });
    }
    Ok(ReturnContext {
        shop: letterhead(&site.config),
        kind: row.kind.as_str().to_owned(),
        number: row.number.clone(),
        order_number: order.order.number_for_customer().to_owned(),
        po_number: row.po.clone(),
        customer_name: order.order.customer.name.clone(),
        vendor_name: row.vendor_name.clone(),
        reason: row.reason.clone(),
        lines: told,
        address: row.address.clone(),
        to_vendor: site.config.returns.address.is_empty(),
        whole: tx.po(row.po_id)?.state == PoState::Cancelled,
        deadline: row.deadline,
        outcome: None,
    })
}

/// Plain words for the goods: the order's own, else the catalogue's.
fn description(tx: &Tx, order: &OrderRow, line: &ReturnLineRow) -> Result<String, LedgerError> {
    let place = usize::try_from(line.order_line - 1).unwrap_or(usize::MAX);
    let own = order.order.lines.get(place);
    let own = own.and_then(|line| line.description.clone());
    if let Some(own) = own.filter(|text| !text.trim().is_empty()) {
        return Ok(own);
    }
    let offers = tx.offers_of(line.sku.trim())?;
    Ok(offers
        .into_iter()
        .next()
        .map_or_else(String::new, |offer| offer.description))
}
