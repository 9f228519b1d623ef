//! What a bill names once more, held against the purchase order that it is for: other goods, another
//! recipient, somebody else who pays. Such a bill waits for a person, who says that it is for this one all the
//! same.

use super::examine::{self, Facts};
use super::match_context::KnownBilling;
use super::understood;
use crate::domain::invoice::{Invoice, InvoiceKind, InvoiceLine};
use crate::domain::money::Money;
use crate::domain::pattern::fits;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::billed;
use crate::vendor_docs::columns::{self, ColumnKind, NamedCell, Of, nothing};
use regex::Regex;
use std::sync::LazyLock;

/// What the memo is called where a heading stands.
pub(super) const MEMO: &str = "memo";
/// Most cells that are told.
const SHOWN: usize = 4;

/// Who pays, or for whom it is: the shop or its customer. Compared with a heading written as one word.
static PAYER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:memo|(?:bill|billed|sold|invoice|invoiced|charge|charged)to(?:name|company|customer|party)?|billing(?:name|company)|(?:customer|client|purchaser|consignee)(?:name|company)?|(?:company|organi[sz]ation|firm|business)(?:name)?)$").ok()
});
/// Whose city, state or ZIP it is: that of the goods, not of the bill.
static OF_GOODS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^.*(?:ship|deliver|recipient|dest|consignee|receiver).*$").ok());

/// What goods are called, whichever line of it.
static DESCRIBES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^.*(?:description|descr|desc)[0-9]?$").ok());
static TERMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:payment|pay|invoice|bill|vendor)?terms(?:code|ofpayment|description|name)?$")
        .ok()
});

/// Whether a column has terms of payment.
pub(super) fn is_terms(heading: &str) -> bool {
    fits(&TERMS, &bare(heading))
}

/// Whether a column has free words about its bill: they are read as its memo is.
pub(super) fn is_words(heading: &str) -> bool {
    let free = columns::kind(heading) == ColumnKind::Words;
    free && names(heading).is_none() || is_terms(heading)
}

fn bare(heading: &str) -> String {
    let letters = heading.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// What a column of a bill names that its purchase order has; `None` for most.
pub(super) fn names(heading: &str) -> Option<Of> {
    let bare = bare(heading);
    if fits(&PAYER, &bare) {
        return Some(Of::Party);
    }
    if fits(&DESCRIBES, &bare) && !bare.starts_with("memo") {
        return Some(Of::Text);
    }
    let of = columns::names(heading)?;
    match of {
        Of::Article | Of::Code | Of::Text | Of::Look | Of::Ordered => Some(of),
        Of::Recipient | Of::City | Of::Zip | Of::Region | Of::Country | Of::Email => {
            fits(&OF_GOODS, &bare).then_some(of)
        }
        _ => None,
    }
}

const PAID_IN_PART: &str =
    "a part of it is paid, and it is over several purchase orders: of which, it does not say";

/// A line that takes money off: no discount is agreed, and it may hide a price that is too high.
fn taken_off(invoice: &Invoice) -> Option<String> {
    let below = |line: &&InvoiceLine| line.amount < Money::ZERO;
    let line = invoice.lines.iter().find(below)?;
    let called = [&line.description, &line.sku];
    let called = called.into_iter().find(|text| !nothing(text));
    let called = called.map_or_else(String::new, |text| {
        format!(
            " ('{}')",
            text.chars().take(60).collect::<String>().escape_debug()
        )
    });
    Some(format!(
        "its line {}{called} takes {} off, which is not agreed",
        line.source_line,
        line.amount.opposite()
    ))
}

/// What of a bill is of another purchase order than the one that it would be for, as a clause.
///
/// # Errors
/// The ledger's.
pub(super) fn contradiction(
    tx: &Tx,
    invoice: &Invoice,
    known: &KnownBilling,
    facts: &Facts,
) -> Result<Option<String>, LedgerError> {
    // a credit takes money off, whatever it names
    if invoice.kind != InvoiceKind::Bill {
        return Ok(None);
    }
    let described = invoice.lines.iter().filter(|line| {
        !line.sku.is_empty() && !nothing(&line.description) && line.description != line.sku
    });
    let described = described.map(|line| (line.sku.as_str(), "description", &line.description));
    let said = invoice.says.iter();
    let said = said.map(|one| (one.sku.as_str(), one.heading.as_str(), &one.cell));
    let mut cells = Vec::new();
    for (sku, heading, cell) in described.chain(said) {
        let of = match heading {
            "description" => Some(Of::Text),
            heading => names(heading),
        };
        cells.extend(of.map(|of| {
            let heading = heading.to_owned();
            let cell = cell.clone();
            (sku, NamedCell { heading, cell, of })
        }));
    }
    let mut found: Vec<String> = Vec::new();
    let mut pos = Vec::new();
    for number in examine::places(invoice, facts) {
        let Some(po) = known.pos.get(&number) else {
            continue;
        };
        pos.push((po.id, po.vendor_order.iter().cloned().collect()));
        if cells.is_empty() {
            continue;
        }
        for why in billed::others(tx, &tx.po(po.id)?, &cells)? {
            if !found.contains(&why) {
                found.push(why);
            }
        }
    }
    if found.is_empty() {
        found = understood::doubts(tx, invoice, &pos)?;
    }
    found.extend(taken_off(invoice).filter(|_| !pos.is_empty()));
    if invoice.open.is_some() && pos.len() > 1 {
        found.push(PAID_IN_PART.to_owned());
    }
    found.truncate(SHOWN);
    Ok((!found.is_empty()).then(|| found.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_bills_that_name() {
        for (of, all) in [
            (
                Of::Party,
                "Bill To|Sold To|Customer|Customer Name|Company|memo|Billing Name",
            ),
            (Of::Recipient, "Ship To|Ship To Name|Recipient"),
            (Of::City, "Ship To City"),
            (Of::Zip, "Ship-To ZIP"),
            (Of::Text, "Item name|Item Description"),
            (Of::Article, "Vendor SKU|Item #"),
            (Of::Ordered, "Qty Ordered"),
        ] {
            for heading in all.split('|') {
                assert_eq!(names(heading), Some(of), "{heading}");
            }
        }
        for heading in
            "Contact|City|Zip|Vendor Email|Bill To Zip|Warehouse|PO|Terms|Line".split('|')
        {
            assert_eq!(names(heading), None, "{heading}");
        }
        assert!(PAYER.is_some() && OF_GOODS.is_some() && TERMS.is_some() && DESCRIBES.is_some());
    }
}
