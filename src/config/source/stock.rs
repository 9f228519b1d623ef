//! Sources that bring what a vendor has.

use crate::config::reader::Section;
use crate::domain::stock::{StockFeed, StockHeadings};

/// Keys that are for lists of stock alone, and for orders alone.
const OF_LISTS: [&str; 4] = [
    "number_column",
    "on_hand_column",
    "next_column",
    "cost_column",
];
const OF_ORDERS: [&str; 2] = ["format", "order_prefix"];

/// Reads whose lists a source brings.
pub(super) fn feed(section: &Section<'_>) -> Option<StockFeed> {
    let brings_lists = section.has("stock_of");
    let (keys, why): (&[&str], _) = match brings_lists {
        true => (
            &OF_ORDERS,
            "is for orders, and this source brings lists of stock (stock_of)",
        ),
        false => (
            &OF_LISTS,
            "is for lists of stock, and this source brings orders: stock_of names the vendor",
        ),
    };
    for key in keys.iter().filter(|key| section.has(key)) {
        section.fault(key, why);
    }
    if !brings_lists {
        return None;
    }
    Some(StockFeed {
        vendor_id: section.required("stock_of", "the ID of a vendor, such as \"ACME\""),
        headings: headings(section),
    })
}

/// Reads what the columns of a vendor's lists are called.
pub(in crate::config) fn headings(section: &Section<'_>) -> StockHeadings {
    let heading = |key| section.text(key).filter(|text| !text.trim().is_empty());
    StockHeadings {
        number: heading("number_column"),
        on_hand: heading("on_hand_column"),
        next: heading("next_column"),
        cost: heading("cost_column"),
    }
}
