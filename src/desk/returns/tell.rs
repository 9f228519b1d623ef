//! Who is told that a return is authorised.

use super::super::Said;
use crate::domain::vendor::VendorChannel;
use crate::ledger::orders::OrderRow;
use crate::ledger::returns::{ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::notices::returns::{Party, Post, ReturnContext, ReturnContextLine, enqueue};
use crate::run::site::Site;
use email_address::EmailAddress;

/// Puts the mails to the customer and the vendor into the outbox; who cannot be told by mail is
/// named.
///
/// # Errors
/// The ledger's, or when a mail cannot be made.
pub fn authorised(
    tx: &Tx,
    site: &Site,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
    said: &mut Said,
) -> Result<(), LedgerError> {
    let order = tx.order(row.order_id)?;
    let post = Post {
        name: &site.config.site.name,
        email: &site.config.site.email,
        tokens: &site.reader.marks.tokens,
        reply_address: &site.config.site.reply_address,
        templates: &site.templates,
    };
    let vendor = context(tx, site, &order, row, lines)?;
    let customer = ReturnContext {
        // no concern of the customer's
        po_number: String::new(),
        vendor_name: String::new(),
        reason: String::new(),
        ..vendor.clone()
    };
    let to = &order.order.customer;
    let mut tell = |party: Party, name: &str, email: &str, context: &ReturnContext| {
        if !EmailAddress::is_valid(email.trim()) {
            said.push(format!(
                "  {name} has no usable e-mail address: tell them by telephone or letter."
            ));
            return Ok(());
        }
        enqueue(tx, &post, row, party, (name, email), context)?;
        said.push(format!(
            "  The next `poms process` tells the {} ({}).",
            party.as_str(),
            email.trim()
        ));
        Ok::<(), LedgerError>(())
    };
    tell(Party::Customer, &to.name, &to.email, &customer)?;
    if let Some(known) = tx.vendor(&row.vendor_id)? {
        let email = match known.channel {
            VendorChannel::Fax => "",
            VendorChannel::Email | VendorChannel::EmailAndFax => known.email.as_str(),
        };
        tell(Party::Vendor, &known.name, email, &vendor)?;
    }
    Ok(())
}

fn context(
    tx: &Tx,
    site: &Site,
    order: &OrderRow,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
) -> Result<ReturnContext, LedgerError> {
    let mut told = Vec::new();
    for line in lines {
        let place = usize::try_from(line.order_line - 1).unwrap_or(usize::MAX);
        let own = order.order.lines.get(place);
        let own = own.and_then(|line| line.description.clone());
        let description = match own.filter(|text| !text.trim().is_empty()) {
            Some(own) => own,
            None => {
                let offers = tx.offers_of(line.sku.trim())?;
                offers
                    .into_iter()
                    .next()
                    .map_or_else(String::new, |offer| offer.description)
            }
        };
        told.push(ReturnContextLine {
            sku: line.sku.clone(),
            vendor_sku: line.vendor_sku.clone(),
            description,
            qty: line.qty,
        });
    }
    Ok(ReturnContext {
        shop: crate::run::site::letterhead(&site.config),
        kind: row.kind.as_str().to_owned(),
        number: row.number.clone(),
        order_number: order.order.order_number.clone(),
        po_number: row.po.clone(),
        customer_name: order.order.customer.name.clone(),
        vendor_name: row.vendor_name.clone(),
        reason: row.reason.clone(),
        lines: told,
        address: row.address.clone(),
        to_vendor: site.config.returns.address.is_empty(),
        deadline: row.deadline,
    })
}
