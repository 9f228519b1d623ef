//! What each vendor gets of an order.

use crate::domain::codes::Code;
use crate::domain::vendor::{Offer, Vendor};
use crate::ledger::orders::OrderRow;
use crate::purchasing::routing::{Given, Routing};
use crate::rules::review::Catalogue;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What one vendor gets of an order.
pub(in crate::purchasing) struct VendorPart<'a> {
    pub(in crate::purchasing) vendor: &'a Vendor,
    /// When the vendor has the last of it, where it is ordered before that.
    pub(in crate::purchasing) later: Option<NaiveDate>,
    pub(in crate::purchasing) lines: Vec<PartLine<'a>>,
}

impl VendorPart<'_> {
    /// SKU, vendor and pieces of each line.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (String, String, i64)> {
        let of = |line: &PartLine| (line.offer.sku.clone(), self.vendor.id.clone(), line.qty);
        self.lines.iter().map(of)
    }
}

/// One line of it: its place on the order from 0, the offer that is taken, and the pieces.
pub(in crate::purchasing) struct PartLine<'a> {
    pub(in crate::purchasing) place: usize,
    pub(in crate::purchasing) offer: &'a Offer,
    pub(in crate::purchasing) qty: i64,
}

/// Splits an order by vendor, in the order of its lines.
pub(super) fn split<'a>(
    row: &OrderRow,
    catalogue: &'a Catalogue,
    routing: &Routing,
) -> std::result::Result<Vec<VendorPart<'a>>, (Code, String)> {
    let mut parts: Vec<VendorPart> = Vec::new();
    let mut left: HashMap<&str, Vec<Given>> = HashMap::new();
    for (place, line) in row.order.lines.iter().enumerate() {
        let (sku, number) = (line.sku.trim(), place + 1);
        let from = left.entry(sku).or_insert_with(|| routing.of_sku(sku));
        if from.is_empty() {
            let reason = format!("line {number}: no vendor can be asked for {sku}");
            return Err((Code::NoVendor, reason));
        }
        if line.qty <= 0 {
            let reason = format!("line {number}: {sku} has the quantity {}", line.qty);
            return Err((Code::ZeroQuantity, reason));
        }
        for (id, qty, later) in take(from, line.qty) {
            let offers = catalogue.offers().get(sku).map_or(&[][..], Vec::as_slice);
            let offer = offers.iter().find(|offer| offer.vendor_id == id);
            let vendor = catalogue.vendors().get(id);
            let (Some(offer), Some(vendor)) = (offer, vendor) else {
                let reason = format!("line {number}: vendor {id} is not on file");
                return Err((Code::NoVendor, reason));
            };
            let line = PartLine { place, offer, qty };
            match parts.iter_mut().find(|part| part.vendor.id == vendor.id) {
                Some(part) => {
                    part.later = part.later.max(later);
                    part.lines.push(line);
                }
                None => parts.push(VendorPart {
                    vendor,
                    later,
                    lines: vec![line],
                }),
            }
        }
    }
    Ok(parts)
}

/// So many of the pieces that vendors have for an article; the vendors of lines that come later follow.
fn take<'a>(from: &mut [Given<'a>], mut qty: i64) -> Vec<Given<'a>> {
    let mut taken = Vec::new();
    for (id, has, later) in from {
        let pieces = qty.min(*has);
        if pieces > 0 {
            *has -= pieces;
            qty -= pieces;
            taken.push((*id, pieces, *later));
        }
    }
    taken
}
