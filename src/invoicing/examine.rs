//! One invoice through all questions, in their order: whose, for which purchase order, billed
//! before, as ordered and shipped.

use super::duplicates::{KnownInvoice, Seen, Standing};
use super::matching::{PoIndex, PoMatch, PoRule};
use super::three_way;
use super::variance::{Matched, Variance};
use super::vendors::{VendorBook, VendorMatch, normalise_name};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;

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
}

/// Facts of an import: they grow with every invoice that is taken.
pub struct Facts<'a> {
    /// All vendors by name.
    pub vendors: &'a VendorBook,
    /// All purchase orders that may be billed.
    pub pos: PoIndex,
    /// All invoices on file.
    pub seen: Seen,
    /// See [`WINDOW_DAYS`].
    pub window_days: i64,
}

/// Takes an invoice through all questions. `id` is what to call it to people later. What is taken as
/// new is added to the facts, so that the next invoice of the file is compared with it.
pub fn examine(invoice: &Invoice, id: &str, facts: &mut Facts) -> Finding {
    let vendor = match facts.vendors.find(&invoice.vendor_name) {
        VendorMatch::Known { id, .. } => id,
        VendorMatch::Unknown { nearest } => return unknown_vendor(invoice, nearest, id, facts),
    };
    let found = facts.pos.find(&vendor, invoice, facts.window_days);
    let po = match &found {
        PoMatch::Found { po, .. } => facts.pos.get(po),
        PoMatch::Open { .. } => None,
    };
    let number = po.map(|po| po.po.clone());
    let standing = facts.seen.standing(&vendor, invoice, po);
    if let Standing::Again { id } = standing {
        return Finding::Again { vendor, id };
    }
    let matched = po.map(|po| three_way::compare(invoice, po));
    facts.seen.add(known(invoice, id, &vendor, number.clone()));
    if let Standing::Duplicate(variance) = standing {
        return Finding::Duplicate {
            vendor,
            po: number,
            variance,
        };
    }
    match (found, matched) {
        (PoMatch::Found { po, by }, Some(matched)) => {
            facts.pos.apply(&po, invoice);
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

fn known(invoice: &Invoice, id: &str, vendor: &str, po: Option<String>) -> KnownInvoice {
    KnownInvoice {
        id: id.to_owned(),
        vendor: vendor.to_owned(),
        kind: invoice.kind,
        number: invoice.number.clone(),
        date: invoice.date,
        total: invoice.total,
        po,
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
    if let Standing::Again { id } = facts.seen.standing(&vendor, invoice, None) {
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
        code: "invoice_unmatched",
        at_stake,
        evidence: format!(
            "{} {number} of {} from {} over {}: {why}; at stake {at_stake}",
            invoice.kind.as_str(),
            invoice.date,
            invoice.vendor_name,
            invoice.total
        ),
        line: invoice.source_line,
    }
}

#[cfg(test)]
mod tests;
