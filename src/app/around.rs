//! What the rules are told of an order that the order itself does not say: whose its customer's address
//! is, which number is like its own, and when its goods can be there.

use super::App;
use super::orders::route_settings;
use crate::domain::choose::choose_offer;
use crate::domain::email;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::routing::{Forced, Routing, route};
use crate::rules::Around;
use crate::rules::review::Catalogue;
use crate::shipping::promise::{Journey, at_once};
use chrono::NaiveDate;

/// What is known around an order at this moment.
pub fn around(
    tx: &Tx,
    site: &App,
    row: &OrderRow,
    catalogue: &mut Catalogue,
) -> Result<Around, LedgerError> {
    let zone = site.config.site.timezone;
    catalogue.look_up(tx, row)?;
    let routing = match site.config.strategies.is_empty() {
        true => None,
        false => Some(route(
            tx,
            row,
            &route_settings(&site.config),
            catalogue,
            &Forced::new(),
        )?),
    };
    let routed = routing.as_ref().map(Routing::routed).unwrap_or_default();
    Ok(Around {
        today: tx.now().with_timezone(&zone).date_naive(),
        expected: expected(tx, site, row, catalogue, routing.as_ref())?,
        mailbox_of: mailbox_of(tx, site, &row.order.customer.email)?,
        alike: tx.order_numbered_alike(&row.order.order_number)?,
        routed,
    })
}

/// The day on which the last of the goods is with the customer, if they are ordered now; `None` where
/// nobody asks for it, or not all can be bought.
fn expected(
    tx: &Tx,
    site: &App,
    row: &OrderRow,
    catalogue: &mut Catalogue,
    routing: Option<&Routing>,
) -> Result<Option<NaiveDate>, LedgerError> {
    if row.order.required_by.is_none() {
        return Ok(None);
    }
    let (vendors, settings) = (catalogue.vendors(), &site.config.promise.settings);
    let zone = site.config.site.timezone;
    let mut last = None;
    for line in &row.order.lines {
        let offers = catalogue.offers().get(line.sku.trim());
        let from = match routing {
            Some(routing) => routing.of_sku(line.sku.trim()),
            None => offers
                .and_then(|offers| choose_offer(offers, vendors, row.order.pieces_of(line)))
                .map(|offer| (offer.vendor_id.as_str(), line.qty, None))
                .into_iter()
                .collect(),
        };
        if from.is_empty() {
            return Ok(None);
        }
        for (id, _, later) in from {
            let Some(vendor) = vendors.get(id) else {
                return Ok(None);
            };
            let mut journey = Journey::new(vendor, &row.order, tx.now(), zone, settings);
            if let Some(day) = later {
                journey = journey.not_before(day, vendor, &row.order, settings);
            }
            last = last.max(Some(at_once(tx, &journey, settings)?.deliver_by));
        }
    }
    Ok(last)
}

/// Whose an address is, if it is a vendor's or the shop's own.
fn mailbox_of(tx: &Tx, site: &App, address: &str) -> Result<Option<String>, LedgerError> {
    let Ok(wire) = email::wire(address) else {
        return Ok(None);
    };
    let plain = without_tag(&wire);
    let site = &site.config.site;
    let own = [&site.email, &site.reply_address];
    if own.iter().any(|own| without_tag(own) == plain) {
        return Ok(Some("the shop's own".to_owned()));
    }
    let vendor = tx.vendor_of_mail(&wire)?;
    Ok(vendor.map(|name| format!("that of the vendor {name}")))
}

/// An address in small letters, without what stands behind a `+` in it.
fn without_tag(address: &str) -> String {
    let small = address.trim().to_lowercase();
    match small.split_once('@') {
        Some((local, domain)) => {
            let local = local.split('+').next().unwrap_or_default();
            format!("{local}@{domain}")
        }
        None => small,
    }
}
