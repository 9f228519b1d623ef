//! What the shop's document has beside what poms uses: kept with the order and its lines, and shown.

use crate::domain::foreign::cut;
use crate::domain::order::Order;
use crate::domain::text::line;
use crate::reports::layout::TextSheet;
use serde_json::{Map, Value};

/// Values that are shown of the order, or of one line; all are in JSON.
const MOST: usize = 12;
/// Characters of a value.
const LONGEST: usize = 120;

/// Shows it; nothing where nothing was kept.
pub fn kept(order: &Order, sheet: &mut TextSheet) {
    let mut rows = vec![words(&order.extra)];
    for (own, number) in order.lines.iter().zip(1..) {
        let said = words(&own.extra);
        rows.push(match said.is_empty() {
            true => said,
            false => format!("line {number}: {said}"),
        });
    }
    rows.retain(|row| !row.is_empty());
    sheet.field("  Kept", &rows.join("\n"));
}

/// `Warehouse B7, Row 4`: a format's own values stand under its name, which is left out.
fn words(extra: &Map<String, Value>) -> String {
    let mut found = Vec::new();
    for (key, value) in extra {
        match value {
            Value::Object(own) => own.iter().for_each(|(key, one)| say(key, one, &mut found)),
            other => say(key, other, &mut found),
        }
    }
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    let mut text = found.join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

fn say(key: &str, value: &Value, to: &mut Vec<String>) {
    let shown = match value {
        Value::Null => return,
        Value::String(text) if text.trim().is_empty() => return,
        Value::Array(list) if list.is_empty() => return,
        Value::Object(map) if map.is_empty() => return,
        Value::String(text) => line(text),
        other => line(&other.to_string()),
    };
    to.push(format!("{} {}", line(key), cut(&shown, LONGEST)));
}
