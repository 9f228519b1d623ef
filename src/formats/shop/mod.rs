//! What the formats of shops have in common: their wrappings, addresses, choices, and the way into the
//! canonical form.

mod at;
mod collected;
mod draft;
mod parted;
pub mod shopify;

pub use at::At;
pub use collected::{hold_collected, is_collected, is_collected_by_name};
pub use draft::{ShopDraft, ShopDraftLine, kept};
pub use parted::{Part, hold_parted};

use super::{FormatError, OrderDocument, OrdersRead};
use crate::domain::foreign::cut;
use crate::domain::shop_order::LineOption;
use mail_parser::decoders::html::html_to_text;
use serde_json::{Map, Value, json};

/// Keys that shops put around one order or several.
const WRAPPERS: [&str; 8] = [
    "order",
    "orders",
    "data",
    "payload",
    "purchaseOrders",
    "nodes",
    "edges",
    "node",
];
/// Wrappings within one another, such as `{"payload": {"orders": [...]}}`.
const DEEPEST: usize = 8;

/// The records of a document, each with its path: bare, in a list, or wrapped.
pub fn records<'a>(format: &'a str, document: &'a OrderDocument) -> Vec<At<'a>> {
    let mut found = Vec::new();
    if let Ok(json) = document.json() {
        unwrap(&At::new(format, "", json), 0, &mut found);
    }
    found
}

fn unwrap<'a>(at: &At<'a>, depth: usize, to: &mut Vec<At<'a>>) {
    if depth > DEEPEST {
        return;
    }
    match at.value {
        Value::Array(_) => {
            for entry in at.entries() {
                unwrap(&entry, depth + 1, to);
            }
        }
        Value::Object(_) => {
            let inner = WRAPPERS.iter().filter_map(|key| at.key(key));
            let mut inner = inner.filter(|at| at.value.is_object() || at.value.is_array());
            match inner.next() {
                Some(inner) => unwrap(&inner, depth + 1, to),
                None => to.push(at.clone()),
            }
        }
        _ => {}
    }
}

/// Whether every record of a document has these keys, and there is one.
pub fn all_have(document: &OrderDocument, is: impl Fn(&Value) -> bool) -> bool {
    let records = records("", document);
    !records.is_empty() && records.iter().all(|record| is(record.value))
}

/// Reads each record of a document.
///
/// # Errors
/// None: a record that cannot be read is an error of its own.
pub fn read_each(
    format: &str,
    document: &OrderDocument,
    one: impl Fn(&At) -> Result<Value, FormatError>,
) -> OrdersRead {
    let read = |at: &At| one(at).map_err(|fault| named(at, fault));
    Ok(records(format, document).iter().map(read).collect())
}

/// What is wrong with a record, with the number of its order for who looks for that.
fn named(at: &At, fault: FormatError) -> FormatError {
    let numbers = [
        "name",
        "increment_id",
        "number",
        "purchaseOrderNumber",
        "id",
    ];
    let number = at.first(&numbers).unwrap_or_default();
    match fault {
        FormatError::Malformed { format, reason } if !number.is_empty() => FormatError::Malformed {
            reason: format!("{reason} (order {})", cut(&number, 64)),
            format,
        }
        .of_order(&number),
        fault => fault,
    }
}

/// The parts of an address under the format's own keys.
pub struct AddressKeys {
    pub name: &'static [&'static str],
    pub first: &'static str,
    pub last: &'static str,
    pub company: &'static [&'static str],
    /// Two keys, or that of a list.
    pub street: [&'static str; 2],
    pub city: &'static str,
    pub state: &'static [&'static str],
    pub zip: &'static str,
    pub country: &'static [&'static str],
}

/// An address in the canonical form; one that is absent is empty, which is for the rules: goods never go
/// to who pays because nobody said where they go.
///
/// # Errors
/// A part that is no text.
pub fn address(at: Option<&At>, keys: &AddressKeys) -> Result<Map<String, Value>, FormatError> {
    let mut found = Map::new();
    let get = |keys: &[&str]| at.map_or_else(|| Ok(String::new()), |at| at.first(keys));
    let company = get(keys.company)?;
    let name = match get(keys.name)? {
        name if name.is_empty() => joined(&[get(&[keys.first])?, get(&[keys.last])?]),
        name => name,
    };
    let name = if name.is_empty() {
        company.clone()
    } else {
        name
    };
    let (street1, street2) = streets(at, &keys.street)?;
    for (key, text) in [
        ("name", name),
        ("company", company),
        ("street1", street1),
        ("street2", street2),
        ("city", get(&[keys.city])?),
        ("state", get(keys.state)?),
        ("zip", get(&[keys.zip])?),
        ("country", country(&get(keys.country)?)),
    ] {
        if !text.is_empty() || !matches!(key, "company" | "street2") {
            found.insert(key.to_owned(), json!(text));
        }
    }
    Ok(found)
}

/// Two lines of the street: under two keys, or a list under the first.
fn streets(at: Option<&At>, keys: &[&str; 2]) -> Result<(String, String), FormatError> {
    let Some(at) = at else {
        return Ok(Default::default());
    };
    let lines = at.key(keys[0]).map(|at| at.entries()).unwrap_or_default();
    if lines.is_empty() {
        return Ok((at.text(keys[0])?, at.text(keys[1])?));
    }
    let mut texts = Vec::new();
    for line in lines {
        texts.push(line.own_text()?);
    }
    let first = texts.remove(0);
    Ok((first, joined(&texts)))
}

/// Two letters where shops write three or a name (ISO 3166-1); what is not known stays, for the rules.
pub fn country(text: &str) -> String {
    let upper = text.to_uppercase();
    match upper.as_str() {
        "USA" | "UNITED STATES" | "UNITED STATES OF AMERICA" => "US".to_owned(),
        "CAN" | "CANADA" => "CA".to_owned(),
        "MEX" | "MEXICO" => "MX".to_owned(),
        "GBR" | "UNITED KINGDOM" => "GB".to_owned(),
        two if two.len() == 2 => upper,
        _ => text.to_owned(),
    }
}

/// Texts that are there, with blanks between.
pub fn joined(parts: &[String]) -> String {
    let there = parts.iter().map(|part| part.trim());
    let there: Vec<&str> = there.filter(|part| !part.is_empty()).collect();
    there.join(" ")
}

/// What the customer chose, as the document has it.
#[derive(Default)]
pub struct Choices {
    /// For the vendor.
    pub options: Vec<LineOption>,
    /// The shop's own: names with a `_` before them (Shopify, WooCommerce).
    pub internal: Vec<Value>,
    /// Places of what cannot be printed: it could be the engraving, so that a person must look.
    pub unprintable: Vec<String>,
}

impl Choices {
    /// A wish that stands under a key of its own.
    pub fn add_text(&mut self, name: &str, value: String) {
        if !value.is_empty() {
            self.options.push(LineOption {
                name: name.to_owned(),
                value,
            });
        }
    }

    fn add(&mut self, key: &str, shown: String, at: &At) {
        let text = at.own_text().map(|text| plain(&text));
        match (key.starts_with('_'), text) {
            (true, _) => self.internal.push(json!({"name": key, "value": at.value})),
            (false, Ok(value)) if value.is_empty() => {}
            (false, Ok(value)) => self.options.push(LineOption {
                name: plain(&shown),
                value,
            }),
            (false, Err(_)) if at.says_nothing() => {}
            (false, Err(_)) => self.unprintable.push(at.path.clone()),
        }
    }
}

/// Reads what the customer chose: an object of names and values, or a list of entries that have them
/// under the first of `name` and of `value` that is there; the last of `name` says whether it is the
/// shop's own.
pub fn choices(at: Option<At>, name: &[&str], value: &[&str]) -> Choices {
    let mut found = Choices::default();
    let Some(at) = at else {
        return found;
    };
    if let Value::Object(map) = at.value {
        for (key, at) in map.keys().filter_map(|key| Some((key, at.key(key)?))) {
            found.add(key, key.clone(), &at);
        }
    }
    for entry in at.entries() {
        let text_at = |key: &&str| entry.key(key).map(|at| at.own_text());
        let shown = name.iter().find_map(text_at);
        let key = name.iter().rev().find_map(text_at);
        let text = value.iter().find_map(|key| entry.key(key));
        match (key, shown, text) {
            (Some(Err(_)), _, _) | (_, Some(Err(_)), _) => found.unprintable.push(entry.path),
            (_, _, None) => {}
            (key, shown, Some(text)) => {
                let of = |one: Option<Result<String, FormatError>>| one.and_then(Result::ok);
                let (key, shown) = (of(key).unwrap_or_default(), of(shown).unwrap_or_default());
                found.add(&key, shown, &text);
            }
        }
    }
    if at.value.is_string() && !at.says_nothing() {
        found.unprintable.push(at.path);
    }
    found
}

/// Text without HTML's entities, which shops put into names (`Beanie &times; 1`).
pub fn plain(text: &str) -> String {
    match text.contains('&') && text.contains(';') && !text.contains('<') {
        true => html_to_text(text).trim().to_owned(),
        false => text.to_owned(),
    }
}

/// A note and what else the customer wrote, a line each.
pub fn comments(note: &str, wishes: &[LineOption]) -> String {
    let wishes = wishes.iter().map(LineOption::to_string);
    let lines = std::iter::once(note.trim().to_owned()).chain(wishes);
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
