//! Numbers of orders that come by a source with a prefix: two shops may count alike.

use serde_json::{Value, json};

/// The number under which poms has an order that has this number in its shop. Shopify's `#` stands where the prefix
/// does.
pub fn with_prefix(prefix: &str, number: &str) -> String {
    let number = number.trim();
    match prefix.is_empty() || number.is_empty() {
        true => number.to_owned(),
        false => format!("{prefix}{}", number.trim_start_matches('#')),
    }
}

/// Puts the prefix before the number of an order in its canonical form, and keeps the shop's own.
pub(super) fn put_prefix(prefix: &str, canonical: &mut Value) {
    let own = canonical.get("order_number").and_then(Value::as_str);
    let own = own.map(str::trim).filter(|own| !own.is_empty());
    let (Some(own), false) = (own.map(str::to_owned), prefix.is_empty()) else {
        return;
    };
    canonical["order_number"] = json!(with_prefix(prefix, &own));
    let Some(order) = canonical.as_object_mut() else {
        return;
    };
    let shop = order.entry("shop_order").or_insert_with(|| json!({}));
    if let Some(shop) = shop.as_object_mut() {
        shop.insert("order_number".to_owned(), json!(own));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shops_own_number_is_kept() {
        let mut order = json!({"order_number": "#1001", "shop_order": {"id": "7"}});
        put_prefix("EU-", &mut order);
        let shop = json!({"id": "7", "order_number": "#1001"});
        assert_eq!(
            order,
            json!({"order_number": "EU-1001", "shop_order": shop})
        );
        // what has no number is no order's business here
        let mut none = json!({"order_number": " "});
        put_prefix("EU-", &mut none);
        assert_eq!(none, json!({"order_number": " "}));
        assert_eq!(with_prefix("", "#1001"), "#1001");
    }
}
