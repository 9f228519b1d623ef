//! What shops' programs write otherwise and mean the same by: numbers as texts, texts as numbers, blanks
//! around the order's number, a currency in small letters. Only that of which nothing is lost is
//! brought into the format's own form; all else stays as it is, and is named when it is read.

use serde_json::{Map, Number, Value, json};

/// Brings a document into the format's own form.
pub fn settle(document: &mut Value) {
    let Value::Object(top) = document else { return };
    texts(top, &["order_number"]);
    for (key, change) in [
        ("order_number", trimmed as fn(&str) -> String),
        ("currency", capitals),
    ] {
        if let Some(Value::String(text)) = top.get_mut(key) {
            *text = change(text);
        }
    }
    amounts(top, &["shipping", "tax", "total", "discount"]);
    for (key, fields) in [
        ("customer", &["id", "phone"][..]),
        ("ship_to", &["street2"]),
        ("bill_to", &["street2"]),
        ("payment", &["reference"]),
    ] {
        if let Some(Value::Object(inner)) = top.get_mut(key) {
            texts(inner, fields);
            zip(inner);
        }
    }
    let lines = top.get_mut("lines").and_then(Value::as_array_mut);
    for line in lines.into_iter().flatten() {
        if let Value::Object(line) = line {
            texts(line, &["sku"]);
            amounts(line, &["unit_price"]);
            if let Some(qty) = line.get_mut("qty")
                && let Some(whole) = whole(qty)
            {
                *qty = json!(whole);
            }
        }
    }
}

/// Blanks go; other signs that cannot be seen are no slip (`control_character`).
fn trimmed(text: &str) -> String {
    text.trim_matches(' ').to_owned()
}

fn capitals(text: &str) -> String {
    text.trim_matches(' ').to_ascii_uppercase()
}

/// Whole numbers where a text belongs; one with a point may have had zeros behind it.
fn texts(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        if let Some(value @ Value::Number(_)) = map.get_mut(*key)
            && !value.is_f64()
        {
            *value = json!(value.to_string());
        }
    }
}

/// A ZIP that lost no zero at its beginning.
fn zip(map: &mut Map<String, Value>) {
    if let Some(zip) = map.get_mut("zip")
        && let Some(number @ 10_000..=99_999) = zip.as_u64()
    {
        *zip = json!(number.to_string());
    }
}

/// Numbers where an amount belongs, to the digit as they were written, and amounts with blanks around.
fn amounts(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        let Some(value) = map.get_mut(*key) else {
            continue;
        };
        match value {
            Value::Number(number) => *value = json!(decimal(number)),
            Value::String(text) => *text = text.trim_matches(' ').to_owned(),
            _ => {}
        }
    }
}

/// A number in decimal digits, whatever it was written like (`1e2` is `100.0`).
fn decimal(number: &Number) -> String {
    match (number.is_f64(), number.as_f64()) {
        // the shortest digits that are this number and no other: those that were written
        (true, Some(value)) => format!("{value}"),
        _ => number.to_string(),
    }
}

/// Pieces as a text or with nothing but zeros behind the point.
fn whole(value: &Value) -> Option<i64> {
    let text = match value {
        Value::String(text) => text.trim_matches(' ').to_owned(),
        Value::Number(number) if number.is_f64() => decimal(number),
        _ => return None,
    };
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if zeros.bytes().all(|b| b == b'0') && !zeros.is_empty() => digits,
        Some(_) => return None,
        None => text.as_str(),
    };
    let plain = digits.strip_prefix('-').unwrap_or(digits);
    let is_plain = !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit());
    is_plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_loses_nothing_is_read_and_the_rest_stays() {
        let mut document = json!({
            "order_number": " 1001 ", "currency": "usd", "total": 9.5, "tax": 0, "shipping": " 1.00 ", "discount": 0.1,
            "customer": {"id": 12, "phone": 5551234567_i64}, "payment": {"reference": 1.5},
            "ship_to": {"zip": 65367}, "bill_to": {"zip": 2138},
            "lines": [{"sku": 4001, "qty": "1", "unit_price": 9.95}, {"qty": 1.0}, {"qty": "2.00"},
                      {"qty": 1.5}, {"qty": "1,000"}, {"qty": ""}, {"qty": "-1"}, {"qty": "1e2"}, {"qty": true}]
        });
        settle(&mut document);
        assert_eq!(
            document,
            json!({
                "order_number": "1001", "currency": "USD", "total": "9.5", "tax": "0", "shipping": "1.00", "discount": "0.1",
                "customer": {"id": "12", "phone": "5551234567"}, "payment": {"reference": 1.5},
                "ship_to": {"zip": "65367"}, "bill_to": {"zip": 2138},
                "lines": [{"sku": "4001", "qty": 1, "unit_price": "9.95"}, {"qty": 1}, {"qty": 2},
                          {"qty": 1.5}, {"qty": "1,000"}, {"qty": ""}, {"qty": -1}, {"qty": "1e2"}, {"qty": true}]
            })
        );
    }
}
