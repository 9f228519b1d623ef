//! What a shop of WooCommerce gave back of an order. The order itself names sums only; of which lines how many
//! pieces says `/orders/ID/refunds` (<https://developer.woocommerce.com/docs/apis/rest-api/v3/order-refunds/>),
//! whose list stands under `refunds` where the order comes from the shop's interface.

use super::super::FormatError;
use super::super::shop::At;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What was given back.
pub(super) struct Refunds {
    /// In all.
    pub sum: Decimal,
    /// Pieces by the key of their line.
    pieces: BTreeMap<String, i64>,
    /// Everything was: no piece is wanted any more.
    all: bool,
    sums: Vec<String>,
}

impl Refunds {
    /// Pieces of a line that are not wanted any more.
    pub fn pieces(&self, line: &str, ordered: i64) -> i64 {
        let own = self.pieces.get(line).copied().unwrap_or_default();
        if self.all { ordered } else { own }.clamp(0, ordered.max(0))
    }

    /// For people: what, and of which articles; nothing where nothing was given back.
    pub fn words(&self, at: &At) -> Result<Option<String>, FormatError> {
        if self.sums.is_empty() {
            return Ok(None);
        }
        let mut of = Vec::new();
        for line in at.list("line_items")? {
            if let Some(pieces) = self.pieces.get(&line.text("id")?) {
                of.push(format!("{pieces} of {}", line.first(&["sku", "name"])?));
            }
        }
        let of = match (self.all, of.is_empty()) {
            (true, true) => "the whole order".to_owned(),
            (false, true) => "no piece of it".to_owned(),
            (_, false) => of.join(", "),
        };
        Ok(Some(format!(
            "refunds of {}, for {of}",
            self.sums.join(", ")
        )))
    }
}

/// Reads the refunds of an order.
///
/// # Errors
/// Refunds of an order that is to be sent, without their lines: what was given back would be ordered.
pub(super) fn refunds(at: &At) -> Result<Refunds, FormatError> {
    let status = at.text("status")?;
    let status = status.trim_start_matches("wc-");
    let mut found = Refunds {
        sum: Decimal::ZERO,
        pieces: BTreeMap::new(),
        all: status == "refunded",
        sums: Vec::new(),
    };
    for refund in at.list("refunds")? {
        // the order has it with a minus, the list of refunds without
        let amount = match refund.amount("amount")? {
            Some(amount) => amount,
            None => refund.needed_amount("total")?,
        };
        found.sum += amount.abs();
        found.sums.push(amount.abs().to_string());
        if refund.key("line_items").is_none() {
            if matches!(status, "processing" | "on-hold" | "pending") {
                return Err(refund.fault(
                    "does not say of which lines it is: fetch `/orders/ID/refunds` and put the list under refunds",
                ));
            }
            found.all = true;
        }
        for line in refund.list("line_items")? {
            let pieces = line.pieces("quantity")?.unwrap_or_default().abs();
            let key = own_line(&line)?;
            if pieces > 0 {
                *found.pieces.entry(key).or_default() += pieces;
            }
        }
    }
    Ok(found)
}

/// The line of the order that a line of a refund is about.
fn own_line(line: &At) -> Result<String, FormatError> {
    for meta in line.list("meta_data")? {
        if meta.text("key")? == "_refunded_item_id" {
            return meta.need("value");
        }
    }
    Err(line.fault("does not say which line of the order it is (_refunded_item_id)"))
}
