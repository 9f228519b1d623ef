//! The stage that makes purchase orders: from `ready` to `placed`, with every document rendered and
//! in the outbox, in the transaction that makes it true.

mod parts;

use super::confirmation_mail;
use super::mail::Job;
use super::outgoing::render_with;
use super::render::FontLibrary;
use super::routing::{self, Forced, RouteSettings};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::choose::Routed;
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::DeliveryChannel;
use crate::domain::email;
use crate::domain::layout::VendorLayout;
use crate::domain::lifecycle::OrderState;
use crate::domain::money::Money;
use crate::domain::papers::{DropPapers, PaperKind, USUAL};
use crate::domain::po_document::{Letterhead, PoDocument, PoDocumentLine};
use crate::domain::token::{self, TokenKeys, TokenSubject};
use crate::domain::vendor::{Vendor, VendorChannel};
use crate::ledger::exceptions::Subject;
use crate::ledger::orders::OrderRow;
use crate::ledger::purchase_orders::{NewPo, NewPoLine};
use crate::ledger::{LedgerError, Result, Tx};
use crate::notices::Templates;
use crate::notices::queue::Hours;
use crate::rules::out_of_stock;
use crate::rules::review::Catalogue;
use crate::shipping::promise::{self, Journey};
use chrono_tz::Tz;
use parts::split;
pub(super) use parts::{PartLine, VendorPart};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What purchasing needs to know of the site.
pub struct Buyer<'a> {
    /// The shop's head of letter; its `email` is the sender of all that poms sends.
    pub letterhead: Letterhead,
    /// The zone of the dates on documents.
    pub timezone: Tz,
    /// ISO 4217 code of the catalogue's costs.
    pub currency: &'a str,
    /// Pattern of a purchase order's number: `{order}` and `{n}`.
    pub po_number: &'a str,
    /// Terms that stand on every purchase order.
    pub terms: &'a str,
    /// Instructions that stand on every purchase order.
    pub instructions: &'a str,
    /// Whether documents can go by fax.
    pub fax: bool,
    /// Whether a fax has a cover sheet.
    pub cover_sheet: bool,
    /// The files that vendors' drops take.
    pub papers: Vec<&'a DropPapers>,
    /// The fonts of paper.
    pub fonts: &'a FontLibrary,
    /// The mails' words.
    pub templates: &'a Templates,
    /// How promises are made.
    pub promise: &'a promise::PromiseSettings,
    /// When mail may go to customers.
    pub hours: Hours,
    /// How vendors are chosen.
    pub route: RouteSettings<'a>,
    /// The keys of reply tokens.
    pub tokens: &'a TokenKeys,
    /// Where vendors answer, with `{token}` for what names the purchase order.
    pub reply_address: &'a str,
}

impl Buyer<'_> {
    /// The ways that purchase orders go to a vendor: its channel, as far as the site has it.
    pub fn ways(&self, vendor: &Vendor) -> &'static [DeliveryChannel] {
        match vendor.channel {
            VendorChannel::Fax => &[DeliveryChannel::Fax],
            VendorChannel::Drop => &[DeliveryChannel::Drop],
            VendorChannel::EmailAndFax if self.fax => {
                &[DeliveryChannel::Email, DeliveryChannel::Fax]
            }
            _ => &[DeliveryChannel::Email],
        }
    }

    /// The ways that words about purchase orders go: what takes the files of a drop reads no letters.
    pub fn ways_of_words(&self, vendor: &Vendor) -> &'static [DeliveryChannel] {
        match vendor.channel {
            VendorChannel::Drop => &[DeliveryChannel::Email],
            _ => self.ways(vendor),
        }
    }

    /// The files that a vendor's drop takes, and its own table where it has one.
    pub fn papers(&self, vendor: &Vendor) -> (&[PaperKind], Option<&VendorLayout>) {
        let its = self.papers.iter().find(|papers| papers.vendor == vendor.id);
        its.map_or((&USUAL, None), |papers| {
            (&papers.kinds, papers.layout.as_ref())
        })
    }

    /// Where the vendor's answers to a purchase order go; `None` when tokens are off.
    pub fn reply_to(&self, po_id: i64, number: &str, vendor: &str) -> Option<String> {
        let named = TokenSubject::PurchaseOrder {
            id: po_id,
            number,
            vendor,
        };
        self.reply_to_named(&named)
    }

    /// Where answers about something that has a token go; `None` when tokens are off.
    pub fn reply_to_named(&self, named: &TokenSubject) -> Option<String> {
        let token = self.tokens.make(named)?;
        Some(token::address(self.reply_address, &token))
    }

    /// Where the customer's answers about an order go; `None` when tokens are off.
    pub fn customer_reply_to(&self, row: &OrderRow) -> Option<String> {
        let named = TokenSubject::Order {
            id: row.id,
            order: &row.reference(),
        };
        let token = self.tokens.make(&named)?;
        Some(token::address(self.reply_address, &token))
    }
}

/// What placing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Orders that are placed.
    pub orders: usize,
    /// Purchase orders that were made.
    pub purchase_orders: usize,
    /// Exceptions that were opened.
    pub opened: usize,
}

/// Places every one of `rows`, which are `ready`. One that cannot be placed (its rules are off and
/// something is missing, or poms fails at it) is held with the reason, and the others go on.
///
/// # Errors
/// When the ledger cannot be read or written; then none is placed.
pub fn place<'a>(
    tx: &Tx,
    rows: &'a [OrderRow],
    buyer: &Buyer,
    catalogue: &mut Catalogue,
) -> Result<Placed> {
    let each = |put: &mut dyn FnMut(Vec<Job<'a>>)| {
        let mut placed = Placed::default();
        for row in rows {
            match tx.apart(|| place_one(tx, row, buyer, catalogue))? {
                Ok(Some((parts, jobs))) => {
                    placed.purchase_orders += parts;
                    placed.orders += 1;
                    put(jobs);
                }
                Ok(None) => placed.opened += 1,
                Err(fault) => {
                    placed.opened += usize::from(tx.set_order_aside(row.id, "place", &fault)?);
                }
            }
        }
        Ok(placed)
    };
    let (mut placed, opened) = render_with(tx, buyer, each)?;
    placed.opened += opened;
    Ok(placed)
}

/// Its purchase orders, how many, and what is to be rendered; `None` where it is held.
fn place_one<'a>(
    tx: &Tx,
    row: &'a OrderRow,
    buyer: &Buyer,
    catalogue: &mut Catalogue,
) -> Result<Option<(usize, Vec<Job<'a>>)>> {
    catalogue.look_up(tx, row)?;
    let routing = routing::route(tx, row, &buyer.route, catalogue, &Forced::new())?;
    let routed = match buyer.route.strategies {
        [] => HashMap::new(),
        _ => routing.routed(),
    };
    if let Some(reason) = short(tx, row, catalogue, &routed)? {
        return hold(tx, row, Code::OutOfStock, &reason).map(|()| None);
    }
    let (made, taken) = match split(row, catalogue, &routing) {
        Ok(parts) => {
            let taken: Vec<(String, String, i64)> =
                parts.iter().flat_map(VendorPart::pieces).collect();
            let why = (!buyer.route.strategies.is_empty()).then(|| routing.json());
            ((parts.len(), make(tx, row, buyer, parts, why)?), taken)
        }
        Err((code, reason)) => return hold(tx, row, code, &reason).map(|()| None),
    };
    for (sku, vendor, qty) in taken {
        catalogue.take(&sku, &vendor, qty);
    }
    Ok(Some(made))
}

/// What nobody has any more since the order was checked: orders of the same transaction took it. Who released an
/// order for that, knows it.
fn short(
    tx: &Tx,
    row: &OrderRow,
    catalogue: &Catalogue,
    routed: &HashMap<String, Routed>,
) -> Result<Option<String>> {
    if !catalogue.waits_for_stock {
        return Ok(None);
    }
    let reason =
        out_of_stock::of_order(&row.order, catalogue.offers(), catalogue.vendors(), routed);
    let Some(reason) = reason else {
        return Ok(None);
    };
    let released = tx.released_codes(row)?;
    let knows = released.iter().any(|(code, _)| *code == Code::OutOfStock);
    Ok((!knows).then_some(reason))
}

fn hold(tx: &Tx, row: &OrderRow, code: Code, reason: &str) -> Result<()> {
    let about = Subject {
        order: Some(row.id),
        ..Subject::default()
    };
    tx.open_exception(code, Severity::Hold, &row.entity(), about, reason)?;
    tx.move_order(row, OrderState::Held, &json!({"codes": [code]}))
}

/// Writes the order's purchase orders, moves it to `placed`, and says what is to be rendered.
fn make<'a>(
    tx: &Tx,
    row: &'a OrderRow,
    buyer: &Buyer,
    parts: Vec<VendorPart>,
    why: Option<Value>,
) -> Result<Vec<Job<'a>>> {
    let mut jobs = Vec::new();
    for part in &parts {
        jobs.push(make_one(tx, row, buyer, part, 1)?);
    }
    let numbers: Vec<&str> = jobs.iter().filter_map(Job::po_number).collect();
    let mut said = json!({"purchase_orders": numbers});
    if let Some(why) = why {
        said["route"] = why;
    }
    tx.move_order(row, OrderState::Placed, &said)?;
    if email::deliverable(&row.order.customer.email).is_ok()
        && let Some(context) = confirmation_mail::placed(tx, row, buyer, &parts)?
    {
        jobs.push(Job::order_placed(row, context));
    }
    Ok(jobs)
}

/// Writes one purchase order under the order's next number.
pub(super) fn make_one<'a>(
    tx: &Tx,
    row: &'a OrderRow,
    buyer: &Buyer,
    part: &VendorPart,
    revision: i64,
) -> Result<Job<'a>> {
    let made = tx.count_pos_of_number(&row.order.order_number)?;
    let number = buyer
        .po_number
        .replace("{order}", &row.order.order_number)
        .replace("{n}", &(made + 1).to_string());
    let document = document(tx, row, buyer, part, number)?;
    let po_id = record(tx, row, part, &document, revision)?;
    let settings = buyer.promise;
    let mut journey = Journey::new(part.vendor, &row.order, tx.now(), buyer.timezone, settings);
    if let Some(day) = part.later {
        journey = journey.not_before(day, part.vendor, &row.order, settings);
    }
    tx.put_promise(po_id, &promise::at_once(tx, &journey, settings)?)?;
    if row.state == OrderState::Placed || row.state == OrderState::PartlyShipped {
        tx.dates_are_due(row.id)?; // the customer was told other ones
    }
    Ok(Job::purchase_order(
        row,
        po_id,
        part.vendor.clone(),
        document,
    ))
}

fn document(
    tx: &Tx,
    row: &OrderRow,
    buyer: &Buyer,
    part: &VendorPart,
    number: String,
) -> Result<PoDocument> {
    let order = &row.order;
    let too_large = || {
        LedgerError::Refused(BusinessRefusal::over_limit(format!(
            "the amounts of {number} are too large: 1,000,000,000.00 is the most of a purchase order"
        )))
    };
    let mut lines = Vec::new();
    for (PartLine { offer, qty, place }, line) in part.lines.iter().zip(1..) {
        lines.push(PoDocumentLine {
            line,
            vendor_sku: offer.vendor_sku.clone(),
            sku: offer.sku.clone(),
            description: order.lines[*place].described(&offer.description),
            qty: *qty,
            unit_cost: offer.cost,
            amount: offer.cost.times(*qty).ok_or_else(too_large)?,
        });
    }
    let total = Money::sum(lines.iter().map(|line| line.amount)).ok_or_else(too_large)?;
    total.plausible().map_err(|_| too_large())?;
    Ok(PoDocument {
        order_number: order.order_number.clone(),
        date: tx.now().with_timezone(&buyer.timezone).date_naive(),
        buyer: buyer.letterhead.clone(),
        vendor_name: part.vendor.name.clone(),
        vendor_address: part.vendor.address.label().split_off(1),
        ship_to: order.ship_to.label(),
        ship_to_phone: order.customer.phone.clone(),
        shipping_method: order.shipping_method.clone(),
        required_by: order.required_by.clone(),
        gift_message: order.gift_message.clone(),
        currency: buyer.currency.to_owned(),
        lines,
        total,
        terms: buyer.terms.to_owned(),
        instructions: buyer.instructions.to_owned(),
        revision: 0,
        possible_duplicate: false,
        replaces: Vec::new(),
        comment: tx.vendor_comment(row)?,
        number,
    })
}

/// The purchase order's row and lines.
fn record(
    tx: &Tx,
    row: &OrderRow,
    part: &VendorPart,
    document: &PoDocument,
    revision: i64,
) -> Result<i64> {
    let lines: Vec<NewPoLine> = part
        .lines
        .iter()
        .zip(&document.lines)
        .map(|(PartLine { place, offer, .. }, line)| NewPoLine {
            line: i64::from(line.line),
            order_line: *place as i64 + 1,
            sku: &offer.sku,
            vendor_sku: &offer.vendor_sku,
            qty: line.qty,
            unit_cost: line.unit_cost,
            unit_price: row.order.lines[*place].unit_price,
        })
        .collect();
    tx.insert_po(&NewPo {
        number: &document.number,
        order_id: row.id,
        vendor_id: &part.vendor.id,
        revision,
        currency: &document.currency,
        total: document.total,
        document: &json!(document),
        lines: &lines,
    })
}
