//! Facts about vendors and what they sell, in sentences.

use super::{because, name, text};
use crate::ledger::audit::AuditEntry;
use serde_json::Value;

/// One fact about a vendor or an article.
pub(super) fn vendor(entry: &AuditEntry) -> Option<String> {
    let (name, fact) = (name(&entry.entity), &entry.payload);
    Some(match entry.kind.as_str() {
        "catalogue.changed" => format!(
            "catalogue: {name} by {}, cost {}, price {}",
            text(fact, "vendor_id")?,
            text(fact, "cost")?,
            text(fact, "retail_price")?
        ),
        "stock.listed" => format!(
            "what vendor {name} has was taken in from {}: {} articles{}",
            text(fact, "file")?,
            fact["articles"],
            because(fact, "why")
        ),
        "vendor.closed" => format!(
            "vendor {name} is closed from {} through {}{}",
            text(fact, "from")?,
            text(fact, "until")?,
            because(fact, "why")
        ),
        "vendor.habit" => habit(fact, name),
        "vendor.opened" => format!("vendor {name} is open again{}", because(fact, "why")),
        "vendor.changed" => format!("vendor {name}: {}", text(fact, "name")?),
        _ => return None,
    })
}

/// How long it takes by what it did.
fn habit(fact: &Value, name: &str) -> String {
    let days = |key: &str| match fact[key].as_i64() {
        Some(1) => "1 business day".to_owned(),
        Some(days) => format!("{days} business days"),
        None => "too few purchase orders to say".to_owned(),
    };
    let counted = fact["counted"].as_i64();
    let of = counted.map_or_else(String::new, |count| format!(" ({count} purchase orders)"));
    let articles = fact["articles"].as_object().map_or(0, serde_json::Map::len);
    let own = match articles {
        0 => String::new(),
        1 => "; 1 article has its own".to_owned(),
        more => format!("; {more} articles have their own"),
    };
    format!(
        "vendor {name} takes, by what it did: {}{of}, before: {}{own}",
        days("days"),
        days("before")
    )
}
