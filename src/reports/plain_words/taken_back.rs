//! What became of what a purchase order was told to leave out, in sentences.

use super::{because, name, text};
use crate::ledger::audit::AuditEntry;

/// A fact about a cancellation; `None` for any other.
pub(super) fn told(entry: &AuditEntry, then: &str) -> Option<String> {
    let (number, fact) = (name(&entry.entity), &entry.payload);
    Some(match then {
        "cancellation_made" => format!(
            "cancellation {} was made for purchase order {number}{}",
            text(fact, "cancellation")?,
            because(fact, "why")
        ),
        "cancellation_agreed" | "cancellation_refused" => format!(
            "cancellation {} is {} by the vendor{}",
            text(fact, "cancellation")?,
            match then {
                "cancellation_agreed" => "agreed to",
                _ => "refused",
            },
            because(fact, "why")
        ),
        "revised" => format!(
            "revision {} of purchase order {number} was made{}",
            fact["revision"],
            because(fact, "why")
        ),
        "revision_agreed" | "revision_refused" | "revision_overtaken" => format!(
            "revision {} of purchase order {number} is {}{}",
            fact["revision"],
            match then {
                "revision_agreed" => "agreed to by the vendor",
                "revision_refused" => "refused by the vendor",
                _ => "replaced",
            },
            because(fact, "why")
        ),
        "rewritten" => format!(
            "purchase order {number} was changed: its total is {}",
            text(fact, "total")?
        ),
        "line_comes_all_the_same" => format!(
            "{} x {} come all the same from purchase order {number}{}",
            fact["qty"],
            text(fact, "sku")?,
            because(fact, "why")
        ),
        "line_decided" => format!(
            "{} x {} that come from purchase order {number} although they were cancelled are decided{}",
            fact["qty"],
            text(fact, "sku")?,
            because(fact, "how")
        ),
        _ => return None,
    })
}
