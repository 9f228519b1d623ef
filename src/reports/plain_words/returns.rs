//! Facts about returns in sentences.

use super::{because, name, text};
use crate::ledger::audit::AuditEntry;
use serde_json::Value;

/// One fact about a return.
pub(super) fn returned(entry: &AuditEntry, then: &str) -> Option<String> {
    let (number, fact) = (name(&entry.entity), &entry.payload);
    let lines = |told: fn(&Value) -> Option<String>| {
        let lines = fact["lines"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        lines.iter().filter_map(told).collect::<Vec<_>>().join(", ")
    };
    Some(match then {
        "requested" => format!(
            "return {number} ({}) was asked for: {}{}",
            text(fact, "kind")?.replace('_', " "),
            lines(asked),
            because(fact, "why")
        ),
        "authorised" => format!(
            "return {number} is authorised{}{}",
            text(fact, "deadline").map_or_else(String::new, |day| format!(" until {day}")),
            because(fact, "why")
        ),
        "received" => format!(
            "return {number}: {} came{}",
            lines(came),
            because(fact, "why")
        ),
        "inspected" => format!(
            "return {number} was inspected: {}{}",
            lines(found),
            because(fact, "why")
        ),
        "refunded" if fact["amount"].is_null() => format!(
            "return {number} is over: nothing more is paid back{}",
            because(fact, "why")
        ),
        "refunded" => refunded(number, fact, "is refunded")?,
        "part_refunded" => refunded(number, fact, "is refunded in part")?,
        "note" => format!("return {number}{}", because(fact, "note")),
        "rejected" => format!("return {number} is rejected{}", because(fact, "why")),
        _ => return None,
    })
}

fn asked(line: &Value) -> Option<String> {
    let qty = line["qty"].as_i64()?;
    Some(format!("{qty} of line {}", line["line"]))
}

fn came(line: &Value) -> Option<String> {
    let qty = line["qty"].as_i64()?;
    Some(format!("{qty} of {}", text(line, "sku")?))
}

fn found(line: &Value) -> Option<String> {
    let condition = text(line, "condition")?.replace('_', " ");
    Some(format!("{} {condition}", came(line)?))
}

fn refunded(number: &str, fact: &Value, is: &str) -> Option<String> {
    let over = match fact["over"].as_bool() {
        Some(true) => format!(
            ", more than the {} of the order's prices",
            text(fact, "computed")?
        ),
        _ => String::new(),
    };
    let left = match text(fact, "left").filter(|_| is.ends_with("part")) {
        Some(left) => format!(", {left} left"),
        None => String::new(),
    };
    Some(format!(
        "return {number} {is}: {} by {}, {}{over}{left}{}",
        text(fact, "amount")?,
        text(fact, "method")?,
        text(fact, "reference")?,
        because(fact, "why")
    ))
}
