//! One invoice through all questions, in their order: whose, for which purchase order, billed
//! before, as ordered and shipped.

use super::consolidated::{self, InvoicePart, Split};
use super::duplicates::{InvoiceStanding, KnownInvoice, SeenInvoices};
use super::matching::{PoIndex, PoMatch, PoRule};
use super::three_way;
use super::vendors::{VendorBook, VendorMatch, normalise_name};
use crate::domain::codes::Code;
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::domain::variance::{Matched, PoFacts, Variance};

/// Days after the purchase order within which an invoice that names none is looked for by amount,
/// unless the site sets another.
pub const WINDOW_DAYS: i64 = 60;

/// What became of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No vendor of this name: a person says which, and the name becomes an alias.
    UnknownVendor {
        /// (key, name) of the nearest.
        nearest: Vec<(String, String)>,
        /// For the exception.
        variance: Variance,
    },
    /// The same invoice is on file from an earlier import: nothing to do.
    Again {
        /// The vendor's key.
        vendor: String,
        /// Which.
        id: String,
    },
    /// Billed before. It is not counted as billed on its purchase order.
    Duplicate {
        /// The vendor's key.
        vendor: String,
        /// The purchase order that it names, if it is known.
        po: Option<String>,
        /// For the exception.
        variance: Variance,
    },
    /// The vendor is known, but for which purchase order it is not.
    Unmatched {
        /// The vendor's key.
        vendor: String,
        /// Numbers of the purchase orders that it may be for.
        candidates: Vec<String>,
        /// For the exception.
        variance: Variance,
    },
    /// Compared with its purchase order, and counted as billed on it.
    Matched {
        /// The vendor's key.
        vendor: String,
        /// How the purchase order was found.
        by: PoRule,
        /// What was found.
        matched: Matched,
    },
    /// Over several purchase orders: each part compared with its own, and counted as billed on it.
    Split {
        /// The vendor's key.
        vendor: String,
        /// The parts, each with what was found.
        parts: Vec<(InvoicePart, Matched)>,
    },
}

/// Facts of an import: they grow with every invoice that is taken.
pub struct Facts<'a> {
    /// All vendors by name.
    pub vendors: &'a VendorBook,
    /// All purchase orders that may be billed.
    pub pos: PoIndex,
    /// All invoices on file.
    pub seen: SeenInvoices,
    /// See [`WINDOW_DAYS`].
    pub window_days: i64,
}

/// Takes an invoice through all questions. `id` is what to call it to people later. What is taken as
/// new is added to the facts, so that the next invoice of the file is compared with it.
pub fn examine(invoice: &Invoice, id: &str, facts: &mut Facts) -> Finding {
    examine_as(invoice, id, facts, (&[], None))
}

/// Numbers of the purchase orders that an invoice would be for.
pub fn places(invoice: &Invoice, facts: &Facts) -> Vec<String> {
    let VendorMatch::Known { id, .. } = facts.vendors.find(&invoice.vendor_name) else {
        return Vec::new();
    };
    match tied(invoice, &id, facts, &[]) {
        Ok(PoMatch::Found { po, .. }) => vec![po],
        Ok(PoMatch::Open { .. }) => Vec::new(),
        Err(parts) => parts.into_iter().map(|part| part.po).collect(),
    }
}

/// As [`examine`]; `told` are the amounts that a person said are for which purchase order, if one did;
/// `against` is what it says that contradicts its purchase order, so that a person says which it is for.
pub fn examine_as(
    invoice: &Invoice,
    id: &str,
    facts: &mut Facts,
    (told, against): (&[(String, Money)], Option<&str>),
) -> Finding {
    let vendor = match facts.vendors.find(&invoice.vendor_name) {
        VendorMatch::Known { id, .. } => id,
        VendorMatch::Unknown { nearest } => return unknown_vendor(invoice, nearest, id, facts),
    };
    let open = |candidates, why: &str| PoMatch::Open {
        candidates,
        why: why.to_owned(),
    };
    let found = match (tied(invoice, &vendor, facts, told), against) {
        (Ok(PoMatch::Found { po, .. }), Some(why)) => Ok(open(vec![po], why)),
        (Err(parts), Some(why)) => Ok(open(parts.into_iter().map(|part| part.po).collect(), why)),
        (found, _) => found,
    };
    let found = match found {
        Ok(found) => found,
        Err(parts) => return in_parts(invoice, vendor, parts, id, facts),
    };
    let po = match &found {
        PoMatch::Found { po, .. } => facts.pos.get(po),
        PoMatch::Open { .. } => None,
    };
    let number = po.map(|po| po.po.clone());
    let tied: Vec<&PoFacts> = po.into_iter().collect();
    let standing = facts.seen.standing(&vendor, invoice, &tied);
    if let InvoiceStanding::Again { id } = standing {
        return Finding::Again { vendor, id };
    }
    let matched = po.map(|po| three_way::compare(invoice, po));
    facts.seen.add(known(invoice, id, &vendor, number.clone()));
    if let InvoiceStanding::Duplicate(variance) = standing {
        return Finding::Duplicate {
            vendor,
            po: number,
            variance,
        };
    }
    match (found, matched) {
        (PoMatch::Found { po, by }, Some(matched)) => {
            facts.pos.apply(&po, invoice);
            if invoice.kind == InvoiceKind::Bill {
                facts.pos.claim(&vendor, &invoice.number, &po, None);
            }
            Finding::Matched {
                vendor,
                by,
                matched,
            }
        }
        (PoMatch::Open { candidates, why }, _) => unmatched(invoice, vendor, candidates, &why),
        (PoMatch::Found { po, .. }, None) => {
            unmatched(invoice, vendor, vec![po], "it is not on file")
        }
    }
}

/// The purchase order of an invoice; `Err` with its parts when it is over several.
fn tied(
    invoice: &Invoice,
    vendor: &str,
    facts: &Facts,
    told: &[(String, Money)],
) -> Result<PoMatch, Vec<InvoicePart>> {
    let split = match consolidated::as_told(invoice, &facts.pos, told) {
        Some(parts) if !told.is_empty() => Split::Parts(parts),
        _ => consolidated::over(vendor, invoice, &facts.pos),
    };
    let find = || facts.pos.find(vendor, invoice, facts.window_days);
    Ok(match split {
        Split::Parts(mut parts) => match (parts.pop(), parts.is_empty()) {
            (Some(InvoicePart { po, by, .. }), true) => PoMatch::Found { po, by },
            (Some(last), false) => {
                parts.push(last);
                return Err(parts);
            }
            (None, _) => find(),
        },
        Split::One => find(),
        Split::Contradicted { candidates, why } => PoMatch::Open { candidates, why },
        Split::Open { candidates, why } => match facts.pos.only_one(&candidates, invoice) {
            Some(found) => found,
            None => PoMatch::Open { candidates, why },
        },
    })
}

/// An invoice whose parts are for several purchase orders.
fn in_parts(
    invoice: &Invoice,
    vendor: String,
    parts: Vec<InvoicePart>,
    id: &str,
    facts: &mut Facts,
) -> Finding {
    let tied: Vec<&PoFacts> = parts
        .iter()
        .filter_map(|part| facts.pos.get(&part.po))
        .collect();
    let standing = facts.seen.standing(&vendor, invoice, &tied);
    if let InvoiceStanding::Again { id } = standing {
        return Finding::Again { vendor, id };
    }
    let number = consolidated::joined(parts.iter().map(|part| part.po.as_str()));
    facts.seen.add(known(invoice, id, &vendor, Some(number)));
    if let InvoiceStanding::Duplicate(variance) = standing {
        return Finding::Duplicate {
            vendor,
            po: None,
            variance,
        };
    }
    let mut compared = Vec::with_capacity(parts.len());
    for part in parts {
        if let Some(po) = facts.pos.get(&part.po) {
            let matched = three_way::compare(&part.invoice, po);
            facts.pos.apply(&part.po, &part.invoice);
            compared.push((part, matched));
        }
    }
    Finding::Split {
        vendor,
        parts: compared,
    }
}

fn known(invoice: &Invoice, id: &str, vendor: &str, po: Option<String>) -> KnownInvoice {
    KnownInvoice {
        named: invoice.po_refs.clone(),
        id: id.to_owned(),
        vendor: vendor.to_owned(),
        kind: invoice.kind,
        number: invoice.number.clone(),
        date: invoice.date,
        total: invoice.total,
        po,
        open_balance: invoice.open_balance,
    }
}

/// The key under which invoices of a name that is no vendor's are on file, so that the same file
/// again finds them there.
pub fn unknown_key(vendor_name: &str) -> String {
    format!("?{}", normalise_name(vendor_name))
}

fn unknown_vendor(
    invoice: &Invoice,
    nearest: Vec<(String, String)>,
    id: &str,
    facts: &mut Facts,
) -> Finding {
    let vendor = unknown_key(&invoice.vendor_name);
    if let InvoiceStanding::Again { id } = facts.seen.standing(&vendor, invoice, &[]) {
        return Finding::Again { vendor, id };
    }
    facts.seen.add(known(invoice, id, &vendor, None));
    let names: Vec<&str> = nearest.iter().map(|(_, name)| name.as_str()).collect();
    let hint = match names.as_slice() {
        [] => "no vendor has a name like it".to_owned(),
        names => format!("the nearest are {}", names.join("; ")),
    };
    let why = format!("'{}' is no vendor on file: {hint}", invoice.vendor_name);
    let variance = open(invoice, &why);
    Finding::UnknownVendor { nearest, variance }
}

fn unmatched(invoice: &Invoice, vendor: String, candidates: Vec<String>, why: &str) -> Finding {
    Finding::Unmatched {
        vendor,
        candidates,
        variance: open(invoice, why),
    }
}

fn open(invoice: &Invoice, why: &str) -> Variance {
    let at_stake = match invoice.kind {
        InvoiceKind::Bill => invoice.total,
        InvoiceKind::Credit => Money::ZERO,
    };
    let number = match invoice.number.as_str() {
        "" => "without number",
        number => number,
    };
    Variance {
        code: Code::InvoiceUnmatched,
        at_stake,
        evidence: format!(
            "{} {number} of {} over {}: {why}",
            invoice.kind.as_str(),
            invoice.date,
            invoice.total
        ),
        line: invoice.source_line,
    }
}

#[cfg(test)]
mod tests;
