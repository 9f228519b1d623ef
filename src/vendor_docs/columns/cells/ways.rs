//! Cells about the way that goods take and the day that was planned, which speak against a shipment.

use super::{RowFields, TableKind, amount, no, nothing, odd};
use crate::domain::pattern::fits;
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::columns::collected;
use crate::vendor_docs::text::dates;
use chrono::NaiveDate;
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// What kinds of papers and movements send goods out.
pub(super) const OUTWARD: &[&str] = &[
    "outbound",
    "out",
    "ship",
    "shipment",
    "shipments",
    "shipping",
    "shipped",
    "sale",
    "sales",
    "sales order",
    "order",
    "orders",
    "standard",
    "regular",
    "normal",
    "parcel",
    "package",
    "ground",
    "small parcel",
    "ltl",
    "dropship",
    "drop ship",
    "drop shipment",
    "drop ship order",
    "ds",
    "asn",
    "856",
    "855",
    "po",
    "purchase order",
    "stand alone",
    "standalone",
    "so",
    "forward",
    "delivery",
    "advice",
    "original",
    "00",
    "sa",
    "ne",
    "ds order",
    "line",
    "detail",
    "d",
    "item",
    "goods",
    "product",
    "consumer",
    "customer",
    "fulfillment",
    "fulfilment",
    "confirmation",
    "ship confirmation",
    "shipment confirmation",
    "acknowledgement",
    "acknowledgment",
    "ack",
    "direct",
    "direct ship",
    "b2c",
    "dtc",
    "web",
    "web order",
    "retail",
    "wholesale",
    "new",
    "invoice",
    "invoice order",
    "outgoing",
    "ship notice",
    "dispatch",
    "physical",
    "simple",
    "sold",
    "lf",
    "residential",
    "commercial",
    "curbside",
    "home",
];

/// Papers that come before goods leave: of a row that is one of them, nothing left.
const ORDERS: &[&str] = &[
    "order",
    "orders",
    "sales order",
    "sales",
    "so",
    "po",
    "purchase order",
    "confirmation",
    "acknowledgement",
    "acknowledgment",
    "ack",
    "855",
    "new",
    "web order",
    "ds order",
];

/// Whether a kind sends goods out. What kind of order it is ("Order Type: Sales Order") says nothing of the
/// row; what kind of paper the row is does.
pub(super) fn outward(heading: &str, cell: &str, answers: bool) -> bool {
    let words = words_of(heading);
    let of_order = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "order" | "po" | "purchase" | "delivery" | "ship"
        )
    });
    let cell = super::bare(cell);
    // Coupa's shipping notice: the kind of document that the row refers to
    let of_order = of_order || cell == "po" && words.iter().any(|word| word == "document");
    let before = !answers && !of_order && ORDERS.contains(&cell.as_str());
    OUTWARD.contains(&cell.as_str()) && !before
}

/// A way of shipping by which no carrier has the goods; who pays freight may be called "collect".
pub(super) fn fetched(heading: &str, cell: &str) -> bool {
    let heading = words_of(heading).concat();
    let ways = ["mode", "method", "service", "via", "delivery", "transport"];
    let paid = ["term", "pay", "bill", "freight"];
    let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    has(&ways) && !has(&paid) && collected(cell)
}

/// Headings of who pays the carrier.
static PAYER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:ups|fedex|carrier|freight|ship|shipping|shipment|transport|transportation|delivery|bill|billing)*(?:freight|ship|shipping|shipment|transport|transportation|delivery|carrier)(?:terms?|payer|payor|pay|payment|paymentterms?|paymenttype|paymentmethod|paymentcode|billing|billingtype|billingoption|billingterms|chargeterms|chargesterms|methodofpayment|paidby)(?:code|type|description)?|bill(?:ing)?(?:option|type|transportationto|shippingto|freightto)|payor|payer|incoterms?|fob|fobpoint|fobterms)$").ok()
});
/// Who may: the sender, by any of the words for it. Whoever else is asked for money is the customer at the door, or
/// an account that nobody lent.
static SENDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:freight |shipping |carriage )?(?:pre ?paid|ppd|pp|ppa|pre ?pay|paid)(?: ?(?:and|&|/|,)? ?(?:add|added|allow|allowed|billed|bill))?|(?:bill |billed to |paid by )?(?:the )?(?:sender|shipper|vendor|supplier|seller|us)|free(?: freight| shipping)?|included|allowed|ffa|(?:fob|f\.o\.b\.?)(?:[ ,-]*(?:origin|destination|dest|shipping point|factory|warehouse|our dock|pre ?paid|ppd|and|add|&))*|origin|destination|shipping point|factory|exw|fca|cpt|cip|dap|dpu|ddp|cif|cfr|net \d{1,3}|standard|n\.?/?a\.?)$").ok()
});

/// Whether somebody else than the sender is to pay the carrier.
pub(super) fn collects(heading: &str, cell: &str) -> bool {
    let payer = fits(&PAYER, &words_of(heading).concat());
    payer && !nothing(cell) && !fits(&SENDER, &super::bare(cell))
}

/// Days ahead at which goods that come as ordered arrive, at most, where nobody says when they leave.
const USUAL: i64 = 14;

/// Whether a day of arrival fits the row: not before the goods leave, and not late.
pub(super) fn arrives_in_time(cell: &str, told: &RowFields) -> bool {
    let Some(found) = dates::parse(cell.trim(), None) else {
        return true;
    };
    let fits = |day: NaiveDate| match told.day {
        Some(left) => day >= left,
        None => {
            let late = (day - told.today).num_days() > USUAL;
            told.table == TableKind::Shipments || !told.comes || !late
        }
    };
    fits(found.date) || found.other.is_some_and(fits)
}

/// "manifested: no", "packed: no"; "picked: 2" of three.
pub(super) fn idle(heading: &str, cell: &str, qty: Option<i64>) -> bool {
    let said = amount(cell);
    let other = said.is_some_and(|said| {
        qty.is_some_and(|qty| said != Decimal::from(qty) && said != Decimal::ONE)
    });
    odd::stands_still(heading) && !nothing(cell) && (no(cell) || other)
}

/// Days that a plan may be behind what came of it.
const LATE: i64 = 3;

/// What was planned adds nothing to a day on which goods left, unless it is days later: then they may not
/// have left yet. They do not arrive before they leave.
pub(super) fn planned(heading: &str, cell: &str, told: &RowFields) -> bool {
    let (Some(found), Some(left)) = (dates::parse(cell.trim(), None), told.day) else {
        return false;
    };
    let heading = words_of(heading).concat();
    let arrives = ["deliver", "arriv"]
        .iter()
        .any(|word| heading.contains(word));
    let fits = |day: NaiveDate| match (day - left).num_days() {
        after if arrives => after >= 0,
        after => after <= LATE,
    };
    told.table == TableKind::Answers || fits(found.date) || found.other.is_some_and(fits)
}

static BOX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^.*(?:box|carton|ctn|package|pkg|parcel|piece|label|container).*$").ok()
});
static OF_ALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:box|carton|ctn|package|pkg|parcel|piece|label|no\.?)? ?#? ?\d{1,3} ?(?:of|/|out of) ?(?P<all>\d{1,3})\W*$").ok()
});

/// Whether a column is of single packages.
pub(super) fn is_box(heading: &str) -> bool {
    fits(&BOX, &words_of(heading).concat())
}

/// Of how many packages one is by a cell: "Box 2 of 3".
pub fn of_packages(cell: &str) -> Option<i64> {
    let found = OF_ALL.as_ref()?.captures(cell)?;
    found.name("all")?.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_before_goods_leave() {
        for (heading, cell) in [
            ("Type", "Purchase Order"),
            ("Document Type", "Sales Order"),
            ("Doc", "SO"),
            ("type", "Quote"),
            ("Transaction Type", "Order"),
        ] {
            assert!(!outward(heading, cell, false), "{heading} {cell}");
        }
        for (heading, cell) in [
            ("Type", "Shipment"),
            ("Order Type", "Sales Order"),
            ("Document Type", "ASN"),
            ("Type", "Invoice"),
        ] {
            assert!(outward(heading, cell, false), "{heading} {cell}");
        }
        assert!(outward("Type", "Purchase Order", true));
    }

    #[test]
    fn who_pays_the_carrier() {
        for (heading, cell) in [
            ("Freight Terms", "Collect"),
            ("freight_terms", "3rd Party"),
            ("Shipping Terms", "Third party"),
            ("Freight Terms", "COD"),
            ("Billing Option", "Recipient"),
            ("Freight Payment Terms", "Freight collect"),
        ] {
            assert!(collects(heading, cell), "{heading} {cell}");
        }
        for (heading, cell) in [
            ("Freight Terms", "Prepaid"),
            ("Freight Terms", "Prepaid & Add"),
            ("Freight Terms", "PPD"),
            ("FOB", "Origin"),
            ("FOB Point", "FOB Origin, prepaid"),
            ("Freight Terms", ""),
            ("Terms", "Net 30"),
            ("Ship Via", "UPS Ground"),
        ] {
            assert!(!collects(heading, cell), "{heading} {cell}");
        }
    }

    #[test]
    fn one_of_several_boxes() {
        assert_eq!(of_packages("Box 2 of 3"), Some(3));
        assert_eq!(of_packages("1/2"), Some(2));
        assert_eq!(of_packages("CTN0012"), None);
        assert!(is_box("Carton #") && !is_box("Ship Date"));
    }
}
