//! What a document looks like that is of no format: told as what it nearly is.

use super::OrderDocument;
use super::shop::records;
use serde_json::Value;

/// Keys by which people know a shop's order, and those without which it is none to poms.
struct Likeness {
    name: &'static str,
    /// At least two of these.
    telling: &'static [&'static str],
    needed: &'static [&'static str],
}

const SHOPS: [Likeness; 7] = [
    Likeness {
        name: "a Shopify order (shopify)",
        telling: &[
            "financial_status",
            "fulfillment_status",
            "order_status_url",
            "total_price",
            "shipping_lines",
        ],
        needed: &["line_items"],
    },
    Likeness {
        name: "a Shopify order of the GraphQL API (shopify-graphql)",
        telling: &[
            "displayFulfillmentStatus",
            "displayFinancialStatus",
            "totalPriceSet",
            "lineItems",
            "shippingAddress",
        ],
        needed: &["lineItems", "displayFinancialStatus"],
    },
    Likeness {
        name: "a WooCommerce order (woocommerce)",
        telling: &[
            "date_created_gmt",
            "prices_include_tax",
            "order_key",
            "billing",
            "set_paid",
            "cart_tax",
        ],
        needed: &["line_items", "billing"],
    },
    Likeness {
        name: "a BigCommerce order (bigcommerce)",
        telling: &[
            "status_id",
            "custom_status",
            "subtotal_ex_tax",
            "subtotal_inc_tax",
            "order_source",
            "billing_address",
        ],
        needed: &["status_id", "subtotal_ex_tax"],
    },
    Likeness {
        name: "a Magento order (magento)",
        telling: &[
            "increment_id",
            "base_grand_total",
            "grand_total",
            "store_id",
            "quote_id",
            "billing_address",
        ],
        needed: &["increment_id", "items"],
    },
    Likeness {
        name: "an order of Amazon Vendor Direct Fulfillment (amazon-df)",
        telling: &[
            "purchaseOrderNumber",
            "orderDetails",
            "shipToParty",
            "customerOrderNumber",
        ],
        needed: &["purchaseOrderNumber"],
    },
    Likeness {
        name: "an order in poms JSON (poms-json)",
        telling: &["order_number", "ship_to", "lines", "customer"],
        needed: &["order_number", "ship_to", "lines"],
    },
];

/// What people export from shops as a table: words of the first row, and whose it is.
const EXPORTS: [(&[&str], &str); 3] = [
    (
        &["lineitem name", "financial status"],
        "Shopify's export of orders",
    ),
    (
        &["order number", "order status", "item name"],
        "an export of WooCommerce orders",
    ),
    (
        &["order id", "order status", "product details"],
        "BigCommerce's export of orders",
    ),
];

/// What a document looks like, and what it lacks; nothing where it looks like nothing.
pub(super) fn said(document: &OrderDocument) -> Option<String> {
    if document.json().is_ok() {
        return records("", document)
            .iter()
            .find_map(|record| shop(record.value));
    }
    let text = document.text().ok()?;
    let start = text.trim_start();
    for (begins, what) in [
        ("ISA", "an EDI interchange (X12)"),
        ("UNA", "an EDI interchange (EDIFACT)"),
        ("UNB", "an EDI interchange (EDIFACT)"),
    ] {
        if start.starts_with(begins) {
            return Some(format!("it looks like {what}, which poms does not read"));
        }
    }
    if start.starts_with('<') {
        let cxml = start
            .chars()
            .take(2000)
            .collect::<String>()
            .contains("cXML");
        let what = if cxml { "cXML" } else { "XML" };
        return Some(format!("it looks like {what}, which poms does not read"));
    }
    let first = start.lines().next()?.to_lowercase();
    let export = EXPORTS
        .iter()
        .find(|(words, _)| words.iter().all(|word| first.contains(word)));
    export.map(|(_, what)| {
        format!(
            "it looks like {what}, of which this site has no format: docs/formats-as-data.md says how to write one"
        )
    })
}

fn shop(record: &Value) -> Option<String> {
    let has = |key: &&&str| record.get(**key).is_some();
    let count = |one: &Likeness| one.telling.iter().filter(has).count();
    let likely = SHOPS
        .iter()
        .filter(|one| count(one) >= 2)
        .max_by_key(|one| count(one))?;
    let missing = likely.needed.iter().filter(|key| !has(key));
    let missing: Vec<String> = missing.map(|key| format!("the key {key}")).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "it looks like {}, but lacks {}: have the shop send the whole order",
            likely.name,
            together(&missing)
        )
    })
}

/// Words with commas and an "and".
pub(super) fn together(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nearly_is_an_order_is_told_as_such() {
        for (text, words) in [
            (
                r##"{"name": "#1", "financial_status": "paid", "total_price": "1.00"}"##,
                "Shopify order (shopify), but lacks the key line_items",
            ),
            (
                r#"{"billing": {}, "date_created_gmt": "x", "line_items": 1}"#,
                "",
            ),
            (
                r#"{"order_number": "1", "customer": {}}"#,
                "lacks the key ship_to and the key lines",
            ),
            ("ISA*00*          *00*", "X12"),
            ("<?xml version=\"1.0\"?><!DOCTYPE cXML>", "cXML"),
            (
                "Name,Email,Financial Status,Lineitem name\n",
                "Shopify's export of orders",
            ),
            ("Hello,\nplease send", ""),
        ] {
            let said = said(&OrderDocument::new(text.as_bytes().to_vec())).unwrap_or_default();
            assert!(
                said.contains(words) && said.is_empty() == words.is_empty(),
                "{text}: {said}"
            );
        }
    }
}
