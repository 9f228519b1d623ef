//! Payment card numbers in what came, masked before anything of it is written (PCI DSS 3.4: at
//! most the first six and the last four digits may be kept).
//!
//! A number counts as a card's when its length and first digits are of a card scheme and its check
//! digit is right (ISO/IEC 7812-1, Luhn), however its digits are spaced and in whatever script.

mod numbers;

pub use numbers::mask_text;

use numbers::SHORTEST;
use serde_json::{Map, Value};

/// Keys that hold references of machines. A value of digits only under one of them is left alone:
/// shops number orders, articles and parcels with 13 to 19 digits, of which one in fifty looks
/// like a card's.
const REFERENCES: &[&str] = &[
    "barcode",
    "confirmation_number",
    "ean",
    "gid",
    "gtin",
    "id",
    "invoice_number",
    "isbn",
    "legacy_id",
    "order_number",
    "po_number",
    "sku",
    "tracking",
    "tracking_number",
    "tracking_numbers",
    "upc",
    "vendor_sku",
];

/// Masks every card number in the document: in texts, numbers and keys. Returns the paths of what
/// was masked (such as `lines[0].description`), each once, with the numbers in them masked too.
pub fn mask(document: &mut Value) -> Vec<String> {
    let mut paths = Vec::new();
    walk(document, "", "", &mut paths);
    paths.dedup();
    paths
}

/// Masks below `value`, which stands at `path` under `key`.
fn walk(value: &mut Value, path: &str, key: &str, paths: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            let text = number.to_string();
            if !is_reference(key, &text)
                && let Some(masked) = mask_text(&text)
            {
                *value = Value::String(masked);
                paths.push(path.to_owned());
            }
        }
        Value::String(text) => {
            if !is_reference(key, text)
                && let Some(masked) = mask_text(text)
            {
                *text = masked;
                paths.push(path.to_owned());
            }
        }
        Value::Array(list) => {
            for (place, item) in list.iter_mut().enumerate() {
                if may_hold(item) {
                    walk(item, &format!("{path}[{place}]"), key, paths);
                }
            }
        }
        Value::Object(map) => {
            mask_keys(map, path, paths);
            for (key, item) in map {
                if may_hold(item) {
                    walk(item, &dotted(path, key), key, paths);
                }
            }
        }
    }
}

/// Whether the value is worth a path: most are short texts, of which there are many.
fn may_hold(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => {
            let large = |n: u64| n >= 1_000_000_000_000;
            number.as_u64().is_some_and(large)
                || number.as_i64().is_some_and(|n| large(n.unsigned_abs()))
                || number.is_f64()
        }
        Value::String(text) => text.len() >= SHORTEST,
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn dotted(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// Masks keys that hold a card number; the sequence of the keys stays.
fn mask_keys(map: &mut Map<String, Value>, path: &str, paths: &mut Vec<String>) {
    if !map.keys().any(|key| mask_text(key).is_some()) {
        return;
    }
    for (key, value) in std::mem::take(map) {
        let mut name = key;
        if let Some(masked) = mask_text(&name) {
            paths.push(dotted(path, &masked));
            name = masked;
        }
        // two numbers may look alike once masked; neither value may be lost
        while map.contains_key(&name) {
            name = format!("{name} #{}", map.len());
        }
        map.insert(name, value);
    }
}

/// Whether a value under this key is a machine's reference: digits only, no spaces. Keys that
/// speak of cards never are.
fn is_reference(key: &str, text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let key = key.to_ascii_lowercase();
    (REFERENCES.contains(&key.as_str()) || key.ends_with("_id"))
        && !["card", "cc", "pan"].iter().any(|word| key.contains(word))
}

#[cfg(test)]
mod tests;
