//! Facts about invoices in words.

use super::plain_words::{because, text};
use crate::domain::lifecycle::InvoiceState;
use crate::ledger::audit::AuditEntry;

/// A state in a sentence.
fn told(state: &str) -> String {
    let known = InvoiceState::parse(state).map(InvoiceState::told);
    known.map_or_else(|| format!("is {}", state.replace('_', " ")), str::to_owned)
}

/// A fact about an invoice, something wrong with it, or a credit; `None` for one of another version.
pub(super) fn fact(entry: &AuditEntry, what: &str, then: &str) -> Option<String> {
    let fact = &entry.payload;
    let said = |key: &str| text(fact, key).unwrap_or_default();
    let about = entry.entity.replacen(':', " ", 1);
    Some(match (what, then) {
        ("invoice", "accepted") => format!(
            "{} of {about} is paid as billed, over the tolerance ({}){}",
            said("accepted"),
            said("tolerance_overridden"),
            because(fact, "note")
        ),
        ("invoice", "completed") => {
            let refs = fact["refs"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let refs: Vec<String> = refs.iter().filter_map(|one| text(one, "text")).collect();
            format!("another report of {about} names {}", refs.join(", "))
        }
        ("invoice", state) if fact["file"].is_i64() => {
            let by = text(fact, "by").map(|by| format!(", by {by}"));
            format!(
                "{about} was taken in: it {}{}",
                told(state),
                by.unwrap_or_default()
            )
        }
        ("invoice", state) => format!("{about} {} now{}", told(state), because(fact, "why")),
        ("variance", "changed") => format!(
            "{} is at stake, no longer {}",
            said("at_stake"),
            said("before")
        ),
        ("variance", state) => format!(
            "{} ({} at stake) is {}{}",
            said("code"),
            said("at_stake"),
            state.replace('_', " "),
            because(fact, "why")
        ),
        ("credit", "expected") => format!(
            "{} is expected from {}{}",
            said("amount"),
            said("vendor"),
            because(fact, "note")
        ),
        ("credit", "received") => format!("{} of {about} came", said("amount")),
        ("credit", "withdrawn") => format!("{about} is no longer expected{}", because(fact, "why")),
        _ => return None,
    })
}
