//! Changing fields of an order: `--amend ship_to.zip=65367 --amend lines.2.qty=3`.

use crate::domain::order::Order;
use crate::domain::spelling::{blank_in, nearest};
use crate::formats;
use crate::intake::cards::{self, KnownNumbers};
use serde_json::{Map, Value, json};

/// The order with the given fields changed, as strictly checked as one that arrives, and where card
/// numbers had to be masked in it.
///
/// A field is named by its path in the canonical form, poms JSON, whatever format the order came in; lines are counted from 1, as in every message. An
/// empty value removes an optional field. `lines.2=` removes a line.
///
/// # Errors
/// Which change cannot be made, and which fields there are.
pub fn amend(order: &Order, changes: &[String]) -> Result<(Order, Vec<String>), String> {
    let mut document = json!(order);
    let mut changed: Vec<&str> = Vec::new();
    for change in changes {
        let (path, value) = change
            .split_once('=')
            .map(|(path, value)| (path.trim(), value.trim()))
            .filter(|(path, _)| !path.is_empty())
            .ok_or_else(|| {
                format!("'{change}' is no change: write FIELD=VALUE, for example ship_to.zip=65367")
            })?;
        if changed.contains(&path) {
            return Err(format!(
                "{path} is given twice: which of the two values counts?"
            ));
        }
        if let Some(blank) = blank_in(value) {
            return Err(format!(
                "'{path}={value}' is still to be filled in: write what it shall be in place of {blank}"
            ));
        }
        changed.push(path);
        set(&mut document, path, value)?;
        forget_article(&mut document, order, path, changes);
    }
    let masked = cards::mask(&mut document, &known(order, changes)).paths;
    let amended = formats::order(document).map_err(|fault| {
        format!(
            "the amended order would not be valid: {}",
            by_line(&fault.0)
        )
    })?;
    if &amended == order {
        return Err("these changes change nothing: the order has these values already".to_owned());
    }
    Ok((amended, masked))
}

/// A line of another article is no longer described by the words for the first one, unless new ones
/// are given with it: the catalogue describes it then, in every mail and on every paper. A number that
/// was masked, and is put back, is the same article's.
fn forget_article(document: &mut Value, order: &Order, path: &str, changes: &[String]) {
    let Some(line) = path.strip_suffix(".sku") else {
        return;
    };
    let own = format!("{line}.description");
    let described = |change: &String| {
        change
            .split_once('=')
            .is_some_and(|(of, _)| of.trim() == own)
    };
    let place = line
        .strip_prefix("lines.")
        .and_then(|n| n.parse::<usize>().ok());
    let place = place.filter(|_| !changes.iter().any(described));
    let before = place.and_then(|place| order.lines.get(place.saturating_sub(1)));
    if before.is_some_and(|line| line.sku.contains('*')) {
        return;
    }
    if let Some(place) = place
        && let Some(Value::Object(fields)) = document["lines"].get_mut(place.saturating_sub(1))
    {
        fields.remove("description");
    }
}

/// Where what was masked at a path of an order stands after an amendment; `None` when it stands there no
/// more, and so counts no more: a person wrote another text over it, took it away, or put the number of an
/// article back. What no amendment can reach, because poms keeps no such field, goes on counting.
pub fn still_masked(before: &Order, amended: &Order, path: &str) -> Option<String> {
    let (old, new) = (json!(before), json!(amended));
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    let at = |document: &Value| {
        let there = document.pointer(&pointer).and_then(Value::as_str);
        there.map(str::to_owned)
    };
    let Some(masked) = at(&old).filter(|text| text.contains('*')) else {
        return Some(path.to_owned());
    };
    if at(&new).is_some_and(|text| text.contains(MASK) || text == masked) {
        return Some(path.to_owned());
    }
    // a line before it was removed
    place_of(&new, &masked, String::new())
}

/// What `intake::cards` writes over the middle of a number; a person's own stars are fewer.
const MASK: &str = "***";

/// The path at which this text stands.
fn place_of(value: &Value, text: &str, path: String) -> Option<String> {
    match value {
        Value::String(own) => (own == text).then_some(path),
        Value::Array(list) => {
            let mut all = list.iter().enumerate();
            all.find_map(|(place, item)| place_of(item, text, format!("{path}[{place}]")))
        }
        Value::Object(map) => map.iter().find_map(|(key, item)| {
            let dot = if path.is_empty() { "" } else { "." };
            place_of(item, text, format!("{path}{dot}{key}"))
        }),
        _ => None,
    }
}

/// What no amendment masks: what stands in the order, which was looked at when it came, and the numbers
/// of order and articles that a person types.
fn known(order: &Order, changes: &[String]) -> KnownNumbers {
    let mut all = cards::mask(&mut json!(order), &KnownNumbers::new());
    let mut known: KnownNumbers = std::mem::take(&mut all.words.0).into_iter().collect();
    for change in changes {
        let typed = change.split_once('=');
        if let Some((path, value)) = typed
            && (path.trim() == "order_number" || path.trim().ends_with(".sku"))
            && !value.trim().contains(char::is_whitespace)
        {
            known.insert(value.trim().to_owned());
        }
    }
    known
}

/// A fault of the canonical form in the words of `--amend`, where lines are counted from 1.
fn by_line(fault: &str) -> String {
    let mut parts = fault.split("lines[");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let number = part.split_once(']');
        match number.and_then(|(n, rest)| Some((n.parse::<usize>().ok()?, rest))) {
            Some((place, rest)) => text.push_str(&format!("lines.{}{rest}", place + 1)),
            None => text.push_str(&format!("lines[{part}")),
        }
    }
    text
}

/// Fields that may be set although the order has none yet.
const OPTIONAL: &[&str] = &[
    "discount",
    "shipping_method",
    "comments",
    "gift_message",
    "required_by",
    "customer.id",
    "customer.email",
    "customer.phone",
    "ship_to.street2",
    "payment.method",
    "payment.reference",
    "lines.N.description",
];

fn set(document: &mut Value, path: &str, value: &str) -> Result<(), String> {
    let steps: Vec<&str> = path.split('.').collect();
    let general: Vec<&str> = steps
        .iter()
        .map(|step| {
            if step.parse::<usize>().is_ok() {
                "N"
            } else {
                step
            }
        })
        .collect();
    let optional = OPTIONAL.contains(&general.join(".").as_str());
    let unknown = |at: &Value| {
        format!(
            "'{path}' is no single field of the order: {}",
            fields(at, &general)
        )
    };
    let mut at = &mut *document;
    for (place, step) in steps.iter().enumerate() {
        let last = place + 1 == steps.len();
        match at {
            Value::Array(list) => {
                let count = list.len();
                let index = step
                    .parse::<usize>()
                    .ok()
                    .and_then(|number| number.checked_sub(1))
                    .filter(|index| *index < count)
                    .ok_or_else(|| format!("'{path}': the order has lines 1 to {count}"))?;
                if last && value.is_empty() {
                    list.remove(index);
                    return Ok(());
                }
                at = &mut list[index];
            }
            Value::Object(map) if last => {
                return match put(map, step, value, optional) {
                    Some(()) => Ok(()),
                    None => Err(unknown(&Value::Object(map.clone()))),
                };
            }
            Value::Object(map) => {
                if optional {
                    map.entry(*step).or_insert_with(|| json!({}));
                }
                match map.get_mut(*step) {
                    Some(inner) => at = inner,
                    None => break,
                }
            }
            _ => break,
        }
    }
    Err(unknown(document))
}

/// Sets one field, with the type that it has. `None` when there is no such field.
fn put(map: &mut Map<String, Value>, key: &str, value: &str, optional: bool) -> Option<()> {
    let typed = match map.get(key) {
        Some(Value::Object(_) | Value::Array(_)) => return None,
        Some(Value::Number(_)) => value
            .parse::<i64>()
            .map_or_else(|_| json!(value), |number| json!(number)),
        Some(Value::Bool(_)) => value
            .parse::<bool>()
            .map_or_else(|_| json!(value), |flag| json!(flag)),
        None if !optional => return None,
        _ => json!(value),
    };
    if value.is_empty() && optional && !matches!(key, "email" | "phone" | "street2") {
        map.remove(key);
    } else {
        map.insert(key.to_owned(), typed);
    }
    Some(())
}

/// What could have been meant.
fn fields(at: &Value, general: &[&str]) -> String {
    let Value::Object(map) = at else {
        return "name a single field, such as ship_to.zip or lines.1.qty".to_owned();
    };
    let wanted = general.last().copied().unwrap_or_default();
    let known: Vec<&str> = map.keys().map(String::as_str).collect();
    match map.get(wanted) {
        Some(Value::Object(parts)) => {
            let parts: Vec<String> = parts.keys().map(|key| format!("{wanted}.{key}")).collect();
            return format!("it has several: {}", parts.join(", "));
        }
        Some(Value::Array(_)) => {
            return format!(
                "it has several: {wanted}.1.qty names one of the first; {wanted}.2= removes the second"
            );
        }
        _ => {}
    }
    let near = nearest(wanted, known.iter().copied());
    let near = near.map_or_else(String::new, |near| format!("did you mean {near}? "));
    match known.is_empty() {
        true => "it is empty".to_owned(),
        false => format!("{near}there are {}", known.join(", ")),
    }
}
