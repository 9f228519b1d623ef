//! Facts about an order's customer in sentences: what they were asked, and what they got back.

use super::{because, text};
use serde_json::Value;

/// One such fact; `None` where it is another.
pub(super) fn told(fact: &Value, then: &str) -> Option<String> {
    Some(match then {
        "refunded" => format!(
            "{} went back to the customer by {}, {}{}",
            text(fact, "amount")?,
            text(fact, "method")?,
            text(fact, "reference")?,
            because(fact, "why")
        ),
        "refund_waived" => format!(
            "{} is not paid back{}",
            text(fact, "amount")?,
            because(fact, "why")
        ),
        "customer_asked" => format!(
            "the customer is asked about exception {}, to answer by {}{}",
            fact["exception"],
            text(fact, "answer_by")?,
            because(fact, "note")
        ),
        "customer_answered" => format!(
            "the customer answered about exception {}{}",
            fact["exception"],
            because(fact, "said")
        ),
        "customer_unanswered" => format!(
            "the customer did not answer about exception {} in time",
            fact["exception"]
        ),
        _ => return None,
    })
}
