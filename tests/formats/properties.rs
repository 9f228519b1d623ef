//! Orders of shops, changed at random: nothing panics, and what the parts come to is what was paid, to the
//! cent, or is seen.

use super::{fixtures, read};
use poms::domain::money::Money;
use poms::domain::order::Order;
use poms::formats::{self, OrderDocument};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// Every document of every shop's format, as JSON.
fn documents() -> Vec<Value> {
    let paths = fixtures().into_values().flatten();
    let texts = paths.filter_map(|path| std::fs::read_to_string(path).ok());
    texts
        .filter_map(|text| serde_json::from_str(&text).ok())
        .collect()
}

/// The places of all values in a document.
fn places(at: &Value, path: &str, to: &mut Vec<String>) {
    to.push(path.to_owned());
    match at {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{path}/{key}"), to);
            }
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                places(value, &format!("{path}/{place}"), to);
            }
        }
        _ => {}
    }
}

/// What programs and people put where something else belongs.
fn junk() -> impl Strategy<Value = Value> {
    let odd = vec![
        json!(null),
        json!(""),
        json!("x"),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1e300),
        json!("1e-30"),
        json!(9_007_199_254_740_993_i64),
        json!("79228162514264337593543950335"),
        json!("-0.001"),
        json!([]),
        json!({}),
        json!([null]),
        json!({"nodes": 1}),
        json!("2026-13-45T00:00:00Z"),
        json!(true),
        json!("\u{202e}"),
    ];
    select(odd)
}

/// What the customer should have paid by the order's parts.
pub fn sum(order: &Order) -> Option<Money> {
    let goods = order.goods()?.minus(order.discount.unwrap_or_default())?;
    goods
        .plus(order.charges()?)?
        .plus(order.shipping)?
        .plus(order.added_tax())
}

proptest! {
    #[test]
    fn a_changed_document_is_read_or_refused_in_words(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), junk()), 1..4),
    ) {
        let documents = documents();
        let mut document = which.get(&documents).clone();
        for (place, value) in changes {
            let mut all = Vec::new();
            places(&document, "", &mut all);
            let place = place.get(&all).clone();
            *document.pointer_mut(&place).expect("a place") = value;
        }
        let found = formats::find(&OrderDocument::new(document.to_string().into_bytes()));
        match found {
            Ok(found) => {
                for canonical in found.orders.into_iter().filter_map(Result::ok) {
                    // what comes out can be kept, amended and read again, or is refused in words
                    match formats::order(canonical) {
                        Ok(order) => {
                            let again = serde_json::to_value(&order).expect("JSON");
                            prop_assert_eq!(formats::order(again).expect("the same"), order);
                        }
                        Err(fault) => prop_assert!(!fault.to_string().is_empty()),
                    }
                }
            }
            Err(fault) => prop_assert!(!fault.to_string().is_empty()),
        }
    }

    #[test]
    fn the_parts_of_an_order_come_to_its_total_to_the_cent(
        lines in prop::collection::vec((1i64..9, 0i64..50_000, 0i64..3), 1..6),
        (shipping, tax, tip, rounding) in (0i64..3_000, 0i64..9_000, 0i64..2_000, -5i64..5),
        (included, woo, off) in any::<(bool, bool, bool)>(),
    ) {
        let cents = |amount: i64| Money(amount).to_string();
        let goods: i64 = lines.iter().map(|(qty, price, _)| qty * price).sum();
        // a tenth of each line, to the cent
        let cuts: Vec<i64> = lines.iter().map(|(qty, price, _)| qty * price / 10).collect();
        let discount: i64 = cuts.iter().sum();
        let top = if included { 0 } else { tax };
        let total = goods - discount + shipping + top + tip + rounding + i64::from(off);
        let order = match woo {
            false => shopify(&lines, &cuts, &[shipping, tax, tip, rounding, total], included),
            true => woocommerce(&lines, [shipping, tax, tip + rounding, discount, total], included),
        };
        let document = OrderDocument::new(order.to_string().into_bytes());
        let found = formats::find(&document).expect("an order").orders.remove(0);
        let found = found.expect("an order");
        // a total below nothing is refused
        prop_assume!(total >= 0);
        let order = formats::order(found).expect("an order");
        prop_assert_eq!(order.total.to_string(), cents(total));
        prop_assert_eq!(sum(&order) == Some(order.total), !off, "{:?} {}", sum(&order), order.total);
    }
}

/// Lines of pieces, price and pieces given back; shipping, tax, tip, rounding and total.
fn shopify(lines: &[(i64, i64, i64)], cuts: &[i64], money: &[i64; 5], included: bool) -> Value {
    let cents = |amount: i64| Money(amount).to_string();
    let items = lines.iter().zip(cuts).enumerate().map(|(id, ((qty, price, back), cut))| {
        let left = (qty - back).max(0);
        json!({"id": id, "sku": format!("S-{id}"), "title": "Thing", "quantity": qty, "current_quantity": left, "fulfillable_quantity": left,
               "price": cents(*price), "discount_allocations": [{"amount": cents(*cut)}]})
    });
    let items: Vec<Value> = items.collect();
    let [shipping, tax, tip, rounding, total] = money.map(cents);
    json!({
        "id": 1, "name": "#1", "created_at": "2026-11-20T09:15:00-05:00", "currency": "USD", "financial_status": "paid",
        "line_items": items, "shipping_lines": [{"title": "Ground", "price": shipping}], "total_tax": tax,
        "total_tip_received": tip, "taxes_included": included, "total_price": total,
        "total_discounts": cents(cuts.iter().sum()),
        "total_cash_rounding_payment_adjustment_set": {"shop_money": {"amount": rounding}},
        "customer": {"first_name": "A", "last_name": "B"},
    })
}

/// Lines of pieces and price (their tax is none); shipping, tax, fee, discount and total.
fn woocommerce(lines: &[(i64, i64, i64)], money: [i64; 5], included: bool) -> Value {
    let cents = |amount: i64| Money(amount).to_string();
    let [shipping, tax, fee, discount, total] = money;
    let items = lines.iter().enumerate().map(|(id, (qty, price, _))| {
        // with prices that include it, all of the tax is of the first line
        let own = if included && id == 0 { tax.min(qty * price) } else { 0 };
        json!({"id": id, "sku": id, "name": "Thing", "quantity": qty, "subtotal": cents(qty * price - own), "subtotal_tax": cents(own)})
    });
    let items: Vec<Value> = items.collect();
    json!({
        "id": 1, "number": "1", "status": "processing", "currency": "USD", "date_created_gmt": "2026-11-20T14:15:00",
        "billing": {"first_name": "A", "last_name": "B"}, "line_items": items, "shipping_total": cents(shipping), "shipping_tax": "0.00",
        "shipping_lines": [{"method_title": "Ground"}], "discount_total": cents(discount), "discount_tax": "0.00",
        "total_tax": cents(tax), "prices_include_tax": included, "total": cents(total),
        "fee_lines": [{"name": "Fee", "total": cents(fee), "total_tax": "0.00"}],
    })
}

#[test]
fn every_fixture_that_is_an_order_adds_up_but_those_that_say_that_they_do_not() {
    for (format, paths) in fixtures() {
        for path in paths {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            for (order, _) in read(&path).map(|(_, orders)| orders).unwrap_or_default() {
                let adds_up = sum(&order) == Some(order.total);
                assert_eq!(
                    adds_up,
                    name != "parts-do-not-make-the-total",
                    "{format}/{name}"
                );
            }
        }
    }
}
