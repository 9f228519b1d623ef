//! What a mail without an order is: a delivery report, an automatic answer, a complaint of a feedback
//! loop, or a person's or vendor's mail.
//!
//! A machine shows itself by its headers (RFC 3834, RFC 5321 4.5.5); words alone never make a mail
//! a report or an automatic answer, for people write and forward the same words.

use super::head::{self, Field};
use super::mime::parts;
use super::report::{self, Report};
use mail_parser::{Message, MessagePart, PartType};

/// What a mail is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// A mail system says what became of a mail.
    Report(Report),
    /// Nobody wrote it: a holiday notice, a read receipt; `what` says which.
    Automatic {
        /// In a word or two.
        what: &'static str,
    },
    /// A recipient marked our mail as unwanted (ARF, RFC 5965).
    Complaint,
    /// Somebody wrote it, or a vendor's system that has something to say.
    Letter,
}

impl Class {
    /// Its name.
    pub fn word(&self) -> &'static str {
        match self {
            Class::Report(report) => match report.action {
                report::Action::Failed => "failed",
                report::Action::Delayed => "delayed",
                report::Action::Delivered => "delivered",
            },
            Class::Automatic { .. } => "automatic",
            Class::Complaint => "complaint",
            Class::Letter => "letter",
        }
    }
}

/// What the mail is; `text` is its own text.
pub fn classify(mail: &Message<'_>, fields: &[Field], text: &str) -> Class {
    let has = |main: &str, sub: &str| mail.parts.iter().any(|p| parts::is_type(p, main, sub));
    let is_report = mail
        .parts
        .first()
        .is_some_and(|top| parts::is_type(top, "multipart", "report"));
    if has("message", "feedback-report") {
        return Class::Complaint;
    }
    if (is_report || is_machine(fields))
        && let Some(found) = report::standard(mail, fields)
    {
        return Class::Report(found);
    }
    if has("message", "disposition-notification") {
        return Class::Automatic {
            what: "read receipt",
        };
    }
    if let Some(found) = report::in_words(mail, fields, text, is_machine(fields)) {
        return Class::Report(found);
    }
    match automatic(mail, fields) {
        Some(what) => Class::Automatic { what },
        None => Class::Letter,
    }
}

/// Senders under which mail systems write.
const MAIL_SYSTEMS: [&str; 7] = [
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "mdaemon",
    "mail.delivery.subsystem",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
];

/// Whether the headers say that a mail system wrote it: the null sender, the name of a mail system,
/// or a header that only such a report has. A postmaster is a person too.
fn is_machine(fields: &[Field]) -> bool {
    let from = head::first(fields, "from")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let address = from.rsplit('<').next().unwrap_or_default();
    let local = address.split('@').next().unwrap_or_default().trim();
    let postmaster = local == "postmaster" && head::first(fields, "auto-submitted").is_some();
    is_from_nobody(fields)
        || head::first(fields, "x-failed-recipients").is_some()
        || MAIL_SYSTEMS.contains(&local)
        || postmaster
}

/// The null sender (RFC 5321, 4.5.5), as the topmost Return-Path has it.
fn is_from_nobody(fields: &[Field]) -> bool {
    head::first(fields, "return-path").is_some_and(|path| path.replace(' ', "") == "<>")
}

/// Subjects of holiday notices in several languages; they count only together with another sign.
const AWAY: [&str; 19] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "autoresponse",
    "out of office",
    "out of the office",
    "out-of-office",
    "away from",
    "on vacation",
    "automatische antwort",
    "abwesen",
    "réponse automatique",
    "respuesta automática",
    "risposta automatica",
    "automatisch antwoord",
    "autosvar",
    "resposta automática",
];

fn automatic(mail: &Message<'_>, fields: &[Field]) -> Option<&'static str> {
    let value = |name: &str| {
        head::first(fields, name)
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let submitted = value("auto-submitted");
    let precedence = value("precedence");
    let marks = [
        "x-autoreply",
        "x-autorespond",
        "x-autoreply-from",
        "x-mail-autoreply",
    ];
    let marked = marks.iter().any(|name| {
        head::first(fields, name).is_some_and(|value| !value.eq_ignore_ascii_case("no"))
    });
    // a vendor's system may answer by itself with a file that matters
    if (submitted.starts_with("auto-replied") || marked || precedence == "auto_reply")
        && !mail.parts.iter().any(is_file)
    {
        return Some("automatic answer");
    }
    let subject = mail.subject().unwrap_or_default().to_lowercase();
    let sign = is_from_nobody(fields)
        || (!submitted.is_empty() && submitted != "no")
        || matches!(precedence.as_str(), "bulk" | "junk")
        || !value("x-auto-response-suppress").is_empty()
        || !value("x-ms-exchange-inbox-rules-loop").is_empty()
        || marked;
    let to_many = ["list-id", "list-unsubscribe"]
        .iter()
        .any(|name| head::first(fields, name).is_some());
    (sign && !to_many && AWAY.iter().any(|words| subject.contains(words)))
        .then_some("holiday notice")
}

/// A file that somebody attached: no text, no picture, no signature.
fn is_file(part: &MessagePart<'_>) -> bool {
    let harmless = parts::is_type(part, "application", "pgp-signature")
        || parts::is_type(part, "application", "pkcs7-signature");
    let named = !super::mime::file_name(part).is_empty();
    match part.body {
        PartType::Binary(_) => !harmless,
        PartType::Text(_) | PartType::Html(_) => named,
        PartType::InlineBinary(_) | PartType::Multipart(_) | PartType::Message(_) => false,
    }
}

#[cfg(test)]
#[path = "classify/tests.rs"]
mod tests;
