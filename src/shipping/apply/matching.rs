//! Which purchase order, and which of its lines, a row means.

use super::{Hold, ProvedPaper};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::spelling::folded;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{AdviceRow, ShipTo};
use crate::vendor_docs::reply::plain;

/// What a row calls the purchase order.
#[derive(Clone, Copy, Default)]
pub(super) struct Names<'a> {
    pub po_number: Option<&'a str>,
    pub reference: Option<&'a str>,
    pub vendor_order_number: Option<&'a str>,
    pub ship_to: Option<&'a ShipTo>,
    pub sku: Option<&'a str>,
    pub tracking: Option<&'a str>,
    /// The whole document names this one order, and goods that are on the purchase order whose
    /// answer it is: a number that poms does not know is the vendor's own then.
    pub sole: bool,
    /// The number stands under a heading that asks for ours.
    pub asks_for_ours: bool,
}

impl<'a> Names<'a> {
    pub fn of(row: &'a AdviceRow) -> Names<'a> {
        Names {
            po_number: row.po_number.as_deref(),
            reference: row.reference.as_deref(),
            vendor_order_number: row.vendor_order_number.as_deref(),
            ship_to: Some(&row.ship_to),
            sku: row.sku.as_deref(),
            tracking: row.tracking_number.as_deref(),
            sole: false,
            asks_for_ours: row.asks_for_ours,
        }
    }
}

/// The answer of a search: one purchase order, or why there is not one.
pub(super) type MatchResult<T> = std::result::Result<T, Hold>;

/// Finds the purchase order: by each number in turn, then by what the document is about, then by
/// the recipient. A number that means a purchase order of somebody else is never passed over.
pub(super) fn purchase_order(
    tx: &Tx,
    paper: &ProvedPaper,
    names: &Names,
) -> Result<MatchResult<PoRow>> {
    let numbers = [names.po_number, names.reference, names.vendor_order_number];
    let mut unknown = None;
    for number in numbers.into_iter().flatten() {
        let meant = tx.pos_meant_by(number)?;
        if meant.is_empty() {
            unknown.get_or_insert(number);
            continue;
        }
        let ours = |po: &&PoRow| {
            paper.vendor.is_none_or(|vendor| po.vendor_id == vendor)
                && paper.only_po.is_none_or(|id| po.id == id)
        };
        let allowed: Vec<PoRow> = meant.iter().filter(ours).cloned().collect();
        if allowed.is_empty() {
            return Ok(Err(foreign(paper, number)));
        }
        return one(tx, paper, names, allowed, number);
    }
    if let Some(po) = paper.about {
        // its own number is the token's: the row's may be the vendor's, which we see the first time
        let po = tx.po(po)?;
        let own = |number: &str| {
            let ours = names.asks_for_ours || plain::looks_like(number, &po.number);
            names.sole && !ours
        };
        return Ok(match names.po_number {
            Some(number) if !own(number) => Err(Hold::new(
                Code::UnknownPo,
                format!(
                    "it names purchase order '{}', which poms never made, and came as the answer to {}: ask the vendor \
                     which of them it means",
                    cut(number, 60),
                    po.number
                ),
            )),
            _ => Ok(po),
        });
    }
    match by_parcel(tx, paper, names)? {
        Some(po) => Ok(Ok(po)),
        None => by_recipient(tx, paper, names, unknown),
    }
}

/// The vendor's purchase order that has the parcel already, when the row names no order of ours.
fn by_parcel(tx: &Tx, paper: &ProvedPaper, names: &Names) -> Result<Option<PoRow>> {
    let (None, Some(number), Some(vendor)) = (names.po_number, names.tracking, paper.vendor) else {
        return Ok(None);
    };
    match tx.pos_tracked_by(number)?.as_slice() {
        [po] => Ok(Some(tx.po(*po)?).filter(|po| po.vendor_id == vendor)),
        _ => Ok(None),
    }
}

fn foreign(paper: &ProvedPaper, number: &str) -> Hold {
    let whose = match paper.only_po {
        Some(_) => "came as the answer to another one, which proves nothing about it".to_owned(),
        None => format!(
            "is not one of vendor {}, who sent it",
            paper.vendor.unwrap_or("?")
        ),
    };
    Hold::new(
        Code::UntrustedSender,
        format!("purchase order or order '{}' {whose}", cut(number, 60)),
    )
}

/// Of several purchase orders that one number means (an order's, split among vendors or placed
/// again) the one that has the SKU open.
fn one(
    tx: &Tx,
    paper: &ProvedPaper,
    names: &Names,
    mut meant: Vec<PoRow>,
    number: &str,
) -> Result<MatchResult<PoRow>> {
    if meant.len() > 1 {
        let mut fits = Vec::new();
        for po in &meant {
            let lines = tx.line_states(po.id)?;
            let wanted = match names.sku {
                Some(sku) => of_sku(&lines, sku),
                None => lines.iter().collect(),
            };
            if wanted.iter().any(|line| line.pieces.open() > 0) {
                fits.push(po.clone());
            }
        }
        match fits.len() {
            0 => meant.retain(|po| paper.about.is_none_or(|id| po.id == id)),
            _ => meant = fits,
        }
    }
    match <[PoRow; 1]>::try_from(meant) {
        Ok([po]) => Ok(Ok(po)),
        Err(several) => {
            let all: Vec<&str> = several.iter().map(|po| po.number.as_str()).collect();
            Ok(Err(Hold::new(
                Code::AdviceUnclear,
                format!(
                    "'{}' can mean {}: poms does not guess",
                    cut(number, 60),
                    all.join(" or ")
                ),
            )))
        }
    }
}

/// The one open purchase order of the vendor that goes to this name and ZIP.
fn by_recipient(
    tx: &Tx,
    paper: &ProvedPaper,
    names: &Names,
    unknown: Option<&str>,
) -> Result<MatchResult<PoRow>> {
    let not_found = |what: String| Ok(Err(Hold::new(Code::UnknownPo, what)));
    let to = names
        .ship_to
        .filter(|to| !to.name.trim().is_empty() && !to.zip.trim().is_empty());
    // a purchase order's number that we never gave is another's; a reference is often the vendor's own
    let strange = names.po_number.or(names
        .reference
        .filter(|_| unknown.is_some() && to.is_none()));
    if let Some(number) = strange {
        return not_found(format!(
            "'{}' is no purchase order, order or vendor's order that poms knows",
            cut(number, 60)
        ));
    }
    let (Some(to), Some(vendor)) = (to, paper.vendor) else {
        return not_found(match unknown {
            Some(number) => format!(
                "the vendor's order number '{}' is not on file",
                cut(number, 60)
            ),
            None => "it names no purchase order".to_owned(),
        });
    };
    let mut fits = Vec::new();
    for po in tx.shippable_pos(vendor)? {
        let label = po.document["ship_to"].as_array();
        let label: Vec<&str> = label
            .into_iter()
            .flatten()
            .filter_map(|line| line.as_str())
            .collect();
        if goes_to(&label, to) {
            fits.push(po);
        }
    }
    match fits.is_empty() {
        true => not_found(format!(
            "no open purchase order of vendor {vendor} goes to '{}', ZIP '{}'",
            cut(&to.name, 60),
            cut(&to.zip, 12)
        )),
        false => {
            let what = format!("{} {}", to.name.trim(), to.zip.trim());
            one(tx, paper, names, fits, &what)
        }
    }
}

fn goes_to(label: &[&str], to: &ShipTo) -> bool {
    let zip: String = to
        .zip
        .chars()
        .filter(char::is_ascii_digit)
        .take(5)
        .collect();
    let name = label.first().map(|name| bare(name)).unwrap_or_default();
    let there = label.iter().skip(1).any(|line| {
        line.split(|c: char| !c.is_ascii_digit())
            .any(|part| part == zip)
    });
    zip.len() == 5 && name == bare(&to.name) && there
}

/// Letters and digits alone, in capitals and without accents, as carriers print them: how numbers
/// and names are compared at last.
fn bare(text: &str) -> String {
    folded(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// The lines that a SKU means, ours or the vendor's: as written, else without signs and case when
/// that means one SKU only.
pub(super) fn of_sku<'l>(lines: &'l [LineState], sku: &str) -> Vec<&'l LineState> {
    let sku = sku.trim();
    let exact: Vec<&LineState> = lines
        .iter()
        .filter(|line| {
            line.sku.eq_ignore_ascii_case(sku) || line.vendor_sku.eq_ignore_ascii_case(sku)
        })
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let wanted = bare(sku);
    let near: Vec<&LineState> = lines
        .iter()
        .filter(|line| {
            !wanted.is_empty() && (bare(&line.sku) == wanted || bare(&line.vendor_sku) == wanted)
        })
        .collect();
    match near.iter().all(|line| line.sku == near[0].sku) {
        true => near,
        false => Vec::new(),
    }
}
