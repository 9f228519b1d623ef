//! Facts about incoming mail and the mailboxes that it comes out of.

use super::{because, name, short, text};
use crate::ledger::audit::AuditEntry;

pub(super) fn mailbox(entry: &AuditEntry, then: &str) -> Option<String> {
    let (mailbox, fact) = (name(&entry.entity), &entry.payload);
    Some(match then {
        "withheld" => format!(
            "mailbox {mailbox} kept a message back: {}",
            text(fact, "why").unwrap_or_default()
        ),
        "let_go" if fact["came"] == true => format!("mailbox {mailbox} gave it after all"),
        "let_go" => format!("mailbox {mailbox} has it no more"),
        "withheld_seen" => format!(
            "what mailbox {mailbox} keeps back was looked at{}",
            because(fact, "note")
        ),
        _ => return None,
    })
}

pub(super) fn message(entry: &AuditEntry, then: &str) -> Option<String> {
    let (id, fact) = (name(&entry.entity), &entry.payload);
    Some(match then {
        "stored" => format!(
            "mail {id} came into mailbox {}",
            text(fact, "mailbox").unwrap_or_default()
        ),
        "accepted" => match text(fact, "signer") {
            Some(signer) => format!("mail {id} was opened; signed by key {}", short(&signer)),
            None => format!("mail {id} was opened"),
        },
        "duplicate" => format!("mail {id} says the same again: nothing to do"),
        "put_off" => format!("mail {id} takes long to read: it waits for the end of the run"),
        "repeated" => format!("mail {id} came again, byte for byte: nothing to do"),
        "held" | "quarantined" => {
            format!(
                "mail {id} is {then}{} ({})",
                because(fact, "reason"),
                text(fact, "code")?
            )
        }
        "pending" => format!("mail {id} is taken up again{}", because(fact, "why")),
        "answered" => format!(
            "mail {id} is answered with delivery {}{}",
            fact["delivery"],
            because(fact, "note")
        ),
        "ignored" => format!("mail {id} is dismissed{}", because(fact, "why")),
        _ => return None,
    })
}
