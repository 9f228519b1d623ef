//! In what two orders differ, in words for the one who must compare them.

mod shops;

use super::order::{Order, OrderLine};
use serde_json::{Map, Value};

/// Differences that are named before they are only counted.
const NAMED: usize = 12;

/// Lists what differs between an earlier order (`there`) and another one (`here`), such as
/// "total 324.69 there, 224.69 here". Lines are compared by SKU, so that another sequence of
/// the same lines is no difference. Empty when the two say the same.
pub fn differences(there: &Order, here: &Order) -> Vec<String> {
    let mut found = Vec::new();
    fields(&as_map(there), &as_map(here), "", &mut found);
    lines(&there.lines, &here.lines, &mut found);
    // what the shop did to it is said first
    found.splice(0..0, shops::words(there, here));
    if found.len() > NAMED {
        let more = found.len() - NAMED;
        found.truncate(NAMED);
        found.push(format!("and {more} more"));
    }
    found
}

/// The order as its JSON object, without the lines.
fn as_map(order: &Order) -> Map<String, Value> {
    match serde_json::to_value(order) {
        Ok(Value::Object(mut map)) => {
            map.remove("lines");
            map.remove("shop_order");
            map
        }
        // cannot be: every key of an order is a text; two empty objects then show no difference
        // beside those of the lines
        _ => Map::new(),
    }
}

/// Keys of one, then keys only of the other.
fn fields(there: &Map<String, Value>, here: &Map<String, Value>, path: &str, to: &mut Vec<String>) {
    let new = here.keys().filter(|key| !there.contains_key(*key));
    for key in there.keys().chain(new) {
        let path = format!("{path}{}", cut(key));
        match (there.get(key), here.get(key)) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                fields(a, b, &format!("{path}."), to);
            }
            (a, b) if a != b => to.push(format!("{path} {} there, {} here", word(a), word(b))),
            _ => {}
        }
    }
}

/// Lines by SKU: quantity and price of those in both, then those in one only.
fn lines(there: &[OrderLine], here: &[OrderLine], to: &mut Vec<String>) {
    let mut left: Vec<&OrderLine> = here.iter().collect();
    for old in there {
        let same = |new: &&OrderLine| new.sku.trim() == old.sku.trim();
        // of several lines with this SKU the one that is wholly equal, if there is one
        let place = left
            .iter()
            .position(|new| *new == old)
            .or_else(|| left.iter().position(same));
        let sku = cut(old.sku.trim());
        let Some(new) = place.map(|place| left.remove(place)) else {
            to.push(format!("{} of {sku} there, none here", old.qty));
            continue;
        };
        if old.qty != new.qty {
            to.push(format!("{} of {sku} there, {} here", old.qty, new.qty));
        }
        if old.unit_price != new.unit_price {
            let (a, b) = (old.unit_price, new.unit_price);
            to.push(format!("price of {sku} {a} there, {b} here"));
        }
        if old.description != new.description || old.extra != new.extra {
            to.push(format!("details of {sku} differ"));
        }
    }
    for new in left {
        let sku = cut(new.sku.trim());
        to.push(format!("none of {sku} there, {} here", new.qty));
    }
}

/// A value in a message.
fn word(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "absent".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "empty".to_owned(),
        Some(Value::String(text)) if is_plain(text) => cut(text),
        Some(other) => cut(&other.to_string()),
    }
}

/// A number or date reads better without quotes.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '+'))
}

/// At most 40 characters, hidden ones escaped.
fn cut(text: &str) -> String {
    super::foreign::cut(text, 40)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::order;
    use serde_json::json;

    #[test]
    fn names_what_differs_and_nothing_else() {
        let there = order();
        assert!(differences(&there, &there).is_empty());
        let mut here = order();
        here.total = "224.69".parse().expect("money");
        here.ship_to.street1 = "2 Elm St".to_owned();
        here.customer.email.clear();
        here.comments = Some("a\nb".to_owned());
        here.lines[0].qty = 2;
        here.extra
            .insert("channel".to_owned(), json!({"name": "x"}));
        assert_eq!(
            differences(&there, &here),
            [
                "customer.email \"c@mail.example\" there, empty here",
                "ship_to.street1 \"49996 Gary Forks Apt. 388\" there, \"2 Elm St\" here",
                "total 324.69 there, 224.69 here",
                "channel absent there, {\"name\":\"x\"} here",
                "comments absent there, \"a\\nb\" here",
                "3 of BF63-12163 there, 2 here",
            ]
        );
    }

    #[test]
    fn lines_are_compared_by_sku() {
        let mut there = order();
        let mut other = there.lines[0].clone();
        other.sku = "X-1".to_owned();
        there.lines.push(other);
        let mut here = there.clone();
        here.lines.reverse();
        assert!(differences(&there, &here).is_empty());
        here.lines[0].sku = "X-2".to_owned();
        assert_eq!(
            differences(&there, &here),
            ["3 of X-1 there, none here", "none of X-2 there, 3 here"]
        );
        for n in 0..40 {
            here.extra.insert(format!("k{n}"), json!(n));
        }
        assert_eq!(differences(&there, &here).len(), NAMED + 1);
    }
}
