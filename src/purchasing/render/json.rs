//! The purchase order as JSON, for vendors whose systems read it. Its keys are a contract (docs/formats.md).

use crate::domain::po_document::{PoDocument, PoDocumentLine};
use serde_json::{Value, json};

/// Renders a purchase order as JSON in UTF-8. Amounts are decimals in text, days are ISO 8601; what is not there is
/// null.
pub fn json(doc: &PoDocument) -> Vec<u8> {
    let buyer = &doc.buyer;
    let value = json!({
        "po_number": doc.number,
        "order_number": doc.order_number,
        "date": doc.date.to_string(),
        "currency": doc.currency,
        "total": doc.total.to_string(),
        "buyer": {
            "name": buyer.name,
            "address": buyer.address,
            "email": buyer.email,
            "phone": buyer.phone,
        },
        "vendor": {"name": doc.vendor_name, "address": doc.vendor_address},
        "ship_to": {"label": doc.ship_to, "phone": doc.ship_to_phone},
        "shipping_method": doc.shipping_method,
        "required_by": doc.required_by,
        "gift_message": doc.gift_message,
        "customer_comment": doc.comment(),
        "terms": doc.terms,
        "instructions": doc.instructions(),
        "possible_duplicate": doc.possible_duplicate,
        "replaces": doc.replaces,
        "lines": doc.lines.iter().map(line).collect::<Vec<_>>(),
    });
    let mut text = format!("{value:#}");
    text.push('\n');
    text.into_bytes()
}

fn line(line: &PoDocumentLine) -> Value {
    json!({
        "line": line.line,
        "vendor_sku": line.vendor_sku,
        "sku": line.sku,
        "description": line.description,
        "qty": line.qty,
        "unit_cost": line.unit_cost.to_string(),
        "amount": line.amount.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purchasing::render::sample;

    #[test]
    fn says_what_it_said() {
        let shown = String::from_utf8(json(&sample::short())).unwrap();
        crate::golden::golden("src/purchasing/render/expected/json.json", &shown);
    }
}
