//! Facts about what vendors answered and shipped, and about parcels, in sentences.

use super::{because, name, text};
use crate::carriers::carrier_by_code;
use crate::ledger::audit::AuditEntry;
use chrono::NaiveDate;
use serde_json::Value;

/// One fact about a shipment.
pub(super) fn shipment(entry: &AuditEntry, then: &str) -> Option<String> {
    let (id, fact) = (name(&entry.entity), &entry.payload);
    Some(match then {
        "created" => format!(
            "shipment {id} of purchase order {} is on record{}{}{}",
            text(fact, "po")?,
            by(fact),
            day(fact, "ship_date").map_or_else(String::new, |day| format!(", left {day}")),
            text(fact, "source").map_or_else(String::new, |from| format!(" (from: {from})")),
        ),
        "line" => format!(
            "{} x {} left in shipment {id} (purchase order {}, line {})",
            fact["qty"].as_i64()?,
            text(fact, "sku")?,
            text(fact, "po")?,
            fact["line"]
        ),
        "parcel" => format!(
            "shipment {id} has the parcel {}{}",
            text(fact, "tracking")?,
            by(fact)
        ),
        "by_hand" => format!(
            "the parcel {} of shipment {id} was added by a person{}",
            text(fact, "tracking")?,
            because(fact, "why")
        ),
        "retracked" => format!(
            "the parcel of shipment {id} is {}{}, and not {}{}",
            text(fact, "after")?,
            by(fact),
            text(fact, "before")?,
            because(fact, "why")
        ),
        "undone" => format!(
            "shipment {id} did not happen{}",
            because(&fact["why"], "note")
        ),
        "delivered" => format!("shipment {id} arrived{}", why(fact)),
        "in_transit" => format!("shipment {id} is on its way again{}", why(fact)),
        "exception" => format!("shipment {id} is in trouble on its way{}", why(fact)),
        _ => return None,
    })
}

/// One fact about a parcel.
pub(super) fn parcel(entry: &AuditEntry, then: &str) -> Option<String> {
    let fact = &entry.payload;
    let number = text(fact, "tracking")?;
    Some(match then {
        "delivered" => format!(
            "the parcel {number} arrived{}{}",
            day(fact, "on").map_or_else(String::new, |day| format!(" on {day}")),
            because(fact, "status")
        ),
        _ => return None,
    })
}

/// One fact about a fax.
pub(super) fn fax(entry: &AuditEntry, then: &str) -> Option<String> {
    let (id, fact) = (name(&entry.entity), &entry.payload);
    Some(match then {
        "handed_over" => format!(
            "the fax to {} was handed over to {} (job {}, delivery {id})",
            text(fact, "number")?,
            text(fact, "service")?,
            text(fact, "job")?
        ),
        _ => format!(
            "the fax of delivery {id} is {}{}",
            then.replace('_', " "),
            because(fact, "detail")
        ),
    })
}

/// What a vendor said of a purchase order, or was asked; `None` for a fact of another kind.
pub(super) fn answered(entry: &AuditEntry, then: &str) -> Option<String> {
    let (number, fact) = (name(&entry.entity), &entry.payload);
    Some(match then {
        "answered" => format!(
            "purchase order {number}, line {} ({}): {}",
            fact["line"],
            text(fact, "sku")?,
            answer(&fact["after"])
        ),
        "chased" => format!(
            "the vendor is asked about purchase order {number}: {}",
            missing(fact)?
        ),
        "told_overdue" => format!(
            "the customer knows that {} came without the goods of purchase order {number}",
            day(fact, "day")?
        ),
        "vendor_order_number" => format!(
            "the vendor's number of purchase order {number} is {}",
            text(fact, "after")?
        ),
        "answer_waits" => format!(
            "an answer that may be about purchase order {number} waits for a person: exception {}",
            fact["exception"].as_i64()?
        ),
        "silence_listed" => format!(
            "purchase order {number} is listed on exception {}: {}",
            fact["exception"].as_i64()?,
            missing(fact)?
        ),
        "silence_ended" | "silence_settled" => format!(
            "purchase order {number} is listed on exception {} no more{}",
            fact["exception"].as_i64()?,
            because(fact, "why")
        ),
        _ => return None,
    })
}

/// What the vendor said of a line's open pieces.
fn answer(after: &Value) -> String {
    let on = |key: &str, before: &str| {
        day(after, key).map_or_else(String::new, |day| format!("{before}{day}"))
    };
    let parts = [
        ("accepted", "accepted", on("promised", ", ships by ")),
        ("backordered", "on backorder", on("until", " until ")),
        ("rejected", "rejected", because(after, "reason")),
    ];
    let told = parts.into_iter().filter_map(|(key, word, more)| {
        let pieces = after[key].as_i64().filter(|pieces| *pieces > 0)?;
        Some(format!("{pieces} {word}{more}"))
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => "the vendor's answer counts no more".to_owned(),
        false => told.join("; "),
    }
}

/// What a fact says as keys and values, where no sentence is made of it: never as JSON.
pub(super) fn plainly(fact: &Value) -> String {
    match fact {
        Value::Null => String::new(),
        Value::Object(map) => {
            let parts = map.iter().filter(|(_, value)| !value.is_null());
            let parts = parts.map(|(key, value)| match plainly(value) {
                told if told.is_empty() => key.replace('_', " "),
                told => format!("{} {told}", key.replace('_', " ")),
            });
            parts.collect::<Vec<_>>().join(", ")
        }
        Value::Array(list) => list.iter().map(plainly).collect::<Vec<_>>().join(", "),
        Value::String(text) => super::line(text),
        other => other.to_string(),
    }
}

/// ` by CARRIER`, or nothing.
fn by(fact: &Value) -> String {
    text(fact, "carrier").map_or_else(String::new, |code| {
        let known = carrier_by_code(&code).map(|carrier| carrier.name);
        format!(" by {}", known.unwrap_or(&code))
    })
}

/// A reason that is a text of its own, or the note in one.
fn why(fact: &Value) -> String {
    match fact["why"].is_object() {
        true => because(&fact["why"], "note"),
        false => because(fact, "why"),
    }
}

/// A day of a fact as people write it.
pub(super) fn day(fact: &Value, key: &str) -> Option<String> {
    let day: NaiveDate = fact[key].as_str()?.get(..10)?.parse().ok()?;
    Some(day.format("%B %-d, %Y").to_string())
}

/// What should have come from a vendor, and by when.
fn missing(fact: &Value) -> Option<String> {
    let due = day(fact, "due")?;
    Some(match fact["what"].as_str()? {
        "acknowledgement" => format!("it should have been acknowledged by {due}"),
        "advice" => format!("what left should have been told by {due}"),
        "promise" => match day(fact, "promised") {
            Some(said) => format!("it should have left by {said}, as the vendor said"),
            None => format!("it was awaited until {due}, after the day that the vendor named"),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fact;
    use super::*;
    use serde_json::json;

    fn said(kind: &str, entity: &str, payload: Value) -> String {
        fact(&AuditEntry {
            seq: 1,
            at: "2025-06-02T10:05:00.000Z".to_owned(),
            actor: "poms".to_owned(),
            kind: kind.to_owned(),
            entity: entity.to_owned(),
            payload,
        })
    }

    /// Kind, entity, the fact, and its sentence.
    type Case = (&'static str, &'static str, Value, &'static str);

    fn all_say(cases: impl IntoIterator<Item = Case>) {
        for (kind, entity, payload, sentence) in cases {
            assert_eq!(said(kind, entity, payload), sentence);
        }
    }

    #[test]
    fn what_left_is_told_in_sentences() {
        all_say([
            (
                "shipment.created",
                "shipment:2",
                json!({"po": "W1-1", "carrier": "ups", "ship_date": "2025-06-03", "source": "file"}),
                "shipment 2 of purchase order W1-1 is on record by UPS, left June 3, 2025 (from: file)",
            ),
            (
                "shipment.line",
                "shipment:2",
                json!({"po": "W1-1", "line": 1, "sku": "BF63", "qty": 3, "source": "file"}),
                "3 x BF63 left in shipment 2 (purchase order W1-1, line 1)",
            ),
            (
                "shipment.retracked",
                "shipment:2",
                json!({"before": "A", "after": "B", "carrier": null, "why": "typed wrongly"}),
                "the parcel of shipment 2 is B, and not A: typed wrongly",
            ),
            (
                "shipment.undone",
                "shipment:2",
                json!({"before": "in_transit", "why": {"note": "never left", "pieces": [{"sku": "BF63", "qty": 3}]}}),
                "shipment 2 did not happen: never left",
            ),
            (
                "parcel.delivered",
                "shipment:2",
                json!({"tracking": "1Z5", "on": "2025-06-05", "status": "Delivered"}),
                "the parcel 1Z5 arrived on June 5, 2025: Delivered",
            ),
        ]);
    }

    #[test]
    fn what_vendors_answer_is_told_in_sentences() {
        all_say([
            (
                "po.answered",
                "po:W1-1",
                json!({"line": 1, "sku": "BF63", "before": {}, "from": {"message": 3},
                    "after": {"accepted": 2, "backordered": 1, "rejected": 0, "until": "2025-07-01", "promised": null, "reason": null}}),
                "purchase order W1-1, line 1 (BF63): 2 accepted; 1 on backorder until July 1, 2025",
            ),
            (
                "po.chased",
                "po:W1-1",
                json!({"what": "advice", "due": "2025-06-04T21:00:00.000Z", "delivery": 7}),
                "the vendor is asked about purchase order W1-1: what left should have been told by June 4, 2025",
            ),
            (
                "exception.snoozed",
                "order:W1",
                json!({"exception": 5, "code": "bad_zip", "until": "2025-06-09T10:05:00.000Z", "note": "on holiday"}),
                "exception 5 (bad_zip) is put off until June 9, 2025: on holiday",
            ),
            (
                "fax.handed_over",
                "delivery:7",
                json!({"service": "sinch", "job": "01H", "number": "+12125550100"}),
                "the fax to +12125550100 was handed over to sinch (job 01H, delivery 7)",
            ),
        ]);
    }

    #[test]
    fn a_fact_without_a_sentence_is_no_json_either() {
        let payload = json!({"a_key": [1, {"b": "x\u{1b}[31m"}], "none": null});
        let told = said("shipment.moulded", "shipment:2", payload);
        assert!(
            told.starts_with("shipment:2 moulded: a key 1, b x"),
            "{told}"
        );
        assert!(!told.contains(['{', '"', '\u{1b}']), "{told}");
        assert_eq!(
            said("shipment.moulded", "shipment:2", Value::Null),
            "shipment:2 moulded"
        );
    }
}
