//! Facts about incoming mail and the mailboxes that it comes out of.

use super::{because, name, short, text};
use crate::domain::vouched::source_of;
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

pub(super) fn source(entry: &AuditEntry, then: &str) -> Option<String> {
    let (source, fact) = (name(&entry.entity), &entry.payload);
    let word = |key| text(fact, key).unwrap_or_default();
    Some(match then {
        "read" => {
            format!("source {source} was read: what came is stored, the next run goes on there")
        }
        "put_off" => format!(
            "source {source} asked to be left alone until {}: {}",
            word("until"),
            word("why")
        ),
        "answered" => format!("source {source} answers again"),
        _ => return None,
    })
}

pub(super) fn message(entry: &AuditEntry, then: &str) -> Option<String> {
    let (id, fact) = (name(&entry.entity), &entry.payload);
    Some(match then {
        "stored" if !fact["vouched"].is_null() => format!(
            "document {id} ({}) came by source {}",
            text(fact, "source").unwrap_or_default(),
            text(fact, "mailbox").unwrap_or_default()
        ),
        "stored" => format!(
            "mail {id} came into mailbox {}",
            text(fact, "mailbox").unwrap_or_default()
        ),
        "accepted" => match text(fact, "signer") {
            Some(signer) if source_of(&signer).is_some() => format!(
                "document {id} was read; the configuration trusts the source {}",
                source_of(&signer).unwrap_or_default()
            ),
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
