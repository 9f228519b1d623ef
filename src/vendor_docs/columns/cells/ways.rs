//! Cells about the way that goods take and the day that was planned, which speak against a shipment.

use super::{RowFields, TableKind, amount, no, nothing, odd};
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::columns::collected;
use crate::vendor_docs::text::dates;
use chrono::NaiveDate;
use rust_decimal::Decimal;

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

/// A way of shipping by which no carrier has the goods; who pays freight may be called "collect".
pub(super) fn fetched(heading: &str, cell: &str) -> bool {
    let heading = words_of(heading).concat();
    let ways = ["mode", "method", "service", "via", "delivery", "transport"];
    let paid = ["term", "pay", "bill", "freight"];
    let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    has(&ways) && !has(&paid) && collected(cell)
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
