//! Ordering lines from another vendor after the first cannot deliver: a new purchase order of the
//! same order.

use super::outgoing::render;
use super::place::{Buyer, PartLine, VendorPart, make_one};
use crate::domain::choose::purchasable;
use crate::domain::vendor::{Offer, Vendor};
use crate::ledger::orders::OrderRow;
use crate::ledger::{Result, Tx};
use std::collections::HashMap;

/// Pieces of one line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedPieces {
    /// The line's place on the order, from 0.
    pub place: usize,
    /// Pieces.
    pub qty: i64,
}

/// A purchase order that was made in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Its number in the ledger.
    pub po: i64,
    /// What of the order it brings.
    pub lines: Vec<WantedPieces>,
}

/// Orders what can be had from other vendors than `not_from`, from `only` if that is given; one
/// purchase order for each vendor, rendered and in the outbox. What nobody else offers is left out.
pub fn place_again(
    tx: &Tx,
    row: &OrderRow,
    buyer: &Buyer,
    wanted: &[WantedPieces],
    not_from: &[String],
    only: Option<&str>,
) -> Result<Vec<Replacement>> {
    let mut vendors = HashMap::new();
    let chosen = choose(tx, row, wanted, &mut vendors, |offer| {
        !not_from.contains(&offer.vendor_id)
            && only.is_none_or(|only| offer.vendor_id.eq_ignore_ascii_case(only))
    })?;
    let mut made = Vec::new();
    let mut jobs = Vec::new();
    for part in &parts(&chosen, &vendors) {
        // the ledger knows a purchase order by order, vendor and revision
        let earlier = tx.pos_of_order(row.id)?;
        let same = earlier.iter().filter(|po| po.vendor_id == part.vendor.id);
        let revision = same.map(|po| po.revision).max().unwrap_or(0) + 1;
        let job = make_one(tx, row, buyer, part, revision)?;
        if let Some(po) = job.po_id {
            let lines = part.lines.iter().map(|line| WantedPieces {
                place: line.place,
                qty: line.qty,
            });
            made.push(Replacement {
                po,
                lines: lines.collect(),
            });
        }
        jobs.push(job);
    }
    render(tx, buyer, jobs)?;
    Ok(made)
}

/// A vendor other than `not_from` of whom something of this can be had.
pub fn offered_by(
    tx: &Tx,
    row: &OrderRow,
    wanted: &[WantedPieces],
    not_from: &[String],
) -> Result<Option<String>> {
    let mut vendors = HashMap::new();
    let chosen = choose(tx, row, wanted, &mut vendors, |offer| {
        !not_from.contains(&offer.vendor_id)
    })?;
    Ok(chosen.into_iter().next().map(|(_, offer)| offer.vendor_id))
}

/// The offer that is taken for each line, of those that `admits` lets pass, and their vendors.
fn choose(
    tx: &Tx,
    row: &OrderRow,
    wanted: &[WantedPieces],
    vendors: &mut HashMap<String, Vendor>,
    admits: impl Fn(&Offer) -> bool,
) -> Result<Vec<(WantedPieces, Offer)>> {
    let mut chosen = Vec::new();
    for part in wanted {
        let Some(line) = row.order.lines.get(part.place) else {
            continue;
        };
        let mut offers = tx.offers_of(line.sku.trim())?;
        offers.retain(&admits);
        for offer in &offers {
            if let Some(vendor) = tx.vendor(&offer.vendor_id)? {
                vendors.insert(vendor.id.clone(), vendor);
            }
        }
        // the ledger gives them in the order in which they are to be taken
        let taken = offers.into_iter().find(|offer| purchasable(offer, vendors));
        chosen.extend(taken.map(|offer| (*part, offer)));
    }
    Ok(chosen)
}

/// The same by vendor.
fn parts<'a>(
    chosen: &'a [(WantedPieces, Offer)],
    vendors: &'a HashMap<String, Vendor>,
) -> Vec<VendorPart<'a>> {
    let mut parts: Vec<VendorPart> = Vec::new();
    for (wanted, offer) in chosen {
        let Some(vendor) = vendors.get(&offer.vendor_id) else {
            continue;
        };
        let line = PartLine {
            place: wanted.place,
            offer,
            qty: wanted.qty,
        };
        match parts.iter_mut().find(|part| part.vendor.id == vendor.id) {
            Some(part) => part.lines.push(line),
            None => parts.push(VendorPart {
                vendor,
                later: None,
                lines: vec![line],
            }),
        }
    }
    parts
}
