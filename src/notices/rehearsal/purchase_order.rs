//! A made-up purchase order.

use super::shop;
use crate::domain::money::Money;
use crate::domain::po_document::{PoDocument, PoDocumentLine};
use chrono::NaiveDate;

/// With everything given, or as little as there can be.
pub(super) fn purchase_order(full: bool) -> PoDocument {
    let given = |text: &str| full.then(|| text.to_owned());
    let line = PoDocumentLine {
        line: 1,
        vendor_sku: given("V-1").unwrap_or_default(),
        sku: "S-1".to_owned(),
        description: "Chair".to_owned(),
        qty: 2,
        unit_cost: Money(150),
        amount: Money(300),
    };
    PoDocument {
        number: "1001-1".to_owned(),
        order_number: "1001".to_owned(),
        date: NaiveDate::default(),
        buyer: shop(full),
        vendor_name: "Vendor".to_owned(),
        vendor_address: vec![],
        ship_to: vec!["Customer".to_owned()],
        ship_to_phone: given("555-0101").unwrap_or_default(),
        shipping_method: given("Ground"),
        required_by: given("2025-06-13"),
        gift_message: given("Best wishes"),
        currency: "USD".to_owned(),
        lines: vec![line],
        total: Money(300),
        terms: given("Net 30").unwrap_or_default(),
        instructions: String::new(),
        revision: if full { 2 } else { 0 },
        possible_duplicate: full,
        replaces: given("line 1: 1 of 3 is cancelled").into_iter().collect(),
        comment: given("Ring twice"),
    }
}
