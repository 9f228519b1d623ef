//! What a mail without an order is: a delivery report, an automatic answer, a complaint of a feedback
//! loop, or a person's or vendor's mail.
//!
//! A machine shows itself by its headers (RFC 3834, RFC 5321 4.5.5); words alone never make a mail
//! a report or an automatic answer, for people write and forward the same words.

mod absent;
mod receipt;
mod unread;

pub use receipt::original;

use super::auto_submitted::{self, Machine};
use super::dsn::{self, DeliveryReport, sns};
use super::head::{self, HeaderField};
use super::mime::parts;
use mail_parser::{Message, MessagePart, PartType};

/// What a mail is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// A mail system says what became of a mail.
    Report(DeliveryReport),
    /// Nobody wrote it: a holiday notice, a read receipt; `what` says which.
    Automatic {
        /// In a word or two.
        what: &'static str,
    },
    /// Nobody wrote it, and it says that nobody reads what we wrote: the address is dead, or our mail waits
    /// for somebody to prove that a person sent it; `what` says which.
    Unread {
        /// In a few words.
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
                dsn::Action::Failed => "failed",
                dsn::Action::Delayed => "delayed",
                dsn::Action::Delivered => "delivered",
            },
            Class::Automatic { .. } => "automatic",
            Class::Unread { .. } => "unread",
            Class::Complaint => "complaint",
            Class::Letter => "letter",
        }
    }
}

/// Tells what the mail is; `text` is its own text. `to_envelope` is whether it came to the address of an
/// envelope of ours (VERP), to which no person writes.
pub fn classify(
    mail: &Message<'_>,
    fields: &[HeaderField],
    text: &str,
    to_envelope: bool,
) -> Class {
    let has = |main: &str, sub: &str| mail.parts.iter().any(|p| parts::is_type(p, main, sub));
    // a gateway that adds its words wraps the report; a mail that holds one is looked at no further
    let is_report = has("multipart", "report");
    let (machine, enveloped) = match auto_submitted::of(fields) {
        Machine::No if to_envelope => (Machine::Nobody, false),
        found => (found, to_envelope && found == Machine::Nobody),
    };
    if has("message", "feedback-report") {
        return Class::Complaint;
    }
    match sns::read(fields, text) {
        Some(sns::SnsEvent::Report(found)) => return Class::Report(found),
        Some(sns::SnsEvent::Complaint(_)) => return Class::Complaint,
        Some(sns::SnsEvent::Other) => {
            return Class::Automatic {
                what: "mail service's notice",
            };
        }
        None => {}
    }
    if (is_report || machine != Machine::No)
        && let Some(found) = dsn::standard(mail, fields, text)
    {
        return Class::Report(found);
    }
    if has("message", "disposition-notification") {
        return Class::Automatic {
            what: receipt::what(mail),
        };
    }
    let unread = |away| unread::what(mail.subject().unwrap_or_default(), text, away);
    let says_more = || says_more(mail.subject().unwrap_or_default(), text);
    if let Some(what) = away(mail, fields, machine) {
        match (unread(true), says_more()) {
            (Some(what), _) => return Class::Unread { what },
            (None, false) => return Class::Automatic { what },
            (None, true) => {}
        }
    }
    if let Some(found) = dsn::in_words(mail, fields, text, machine, enveloped) {
        return Class::Report(found);
    }
    match (automatic(mail, fields, machine), unread(false)) {
        (true, Some(what)) => Class::Unread { what },
        (true, None) if !says_more() => Class::Automatic {
            what: "automatic answer",
        },
        _ => Class::Letter,
    }
}

/// Subjects of holiday notices in several languages; they count only together with another sign.
const AWAY: [&str; 44] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "autoresponse",
    "automated reply",
    "out of office",
    "out of the office",
    "out-of-office",
    "away from",
    "on vacation",
    "on leave",
    "automatische antwort",
    "abwesen",
    "réponse automatique",
    "absence du bureau",
    "absent du bureau",
    "respuesta automática",
    "fuera de la oficina",
    "risposta automatica",
    "fuori sede",
    "fuori ufficio",
    "automatisch antwoord",
    "afwezig",
    "autosvar",
    "automatisk svar",
    "automaattinen vastaus",
    "resposta automática",
    "fora do escritório",
    "odpowiedź automatyczna",
    "automatická odpověď",
    "automatikus válasz",
    "răspuns automat",
    "otomatik yanıt",
    "αυτόματη απάντηση",
    "автоматический ответ",
    "автоответ",
    "自動応答",
    "自動返信",
    "自动回复",
    "自動回覆",
    "자동 회신",
    "رد تلقائي",
];

/// What a program or a person has to say beside an absence is no holiday notice.
fn says_more(subject: &str, text: &str) -> bool {
    let foreign = is_titled(subject, &AWAY[ENGLISH..]) || absent::is_foreign(subject, text);
    !foreign && !absent::is_all(subject, text)
}

/// So many of them are English.
const ENGLISH: usize = 13;

fn is_titled(subject: &str, titles: &[&str]) -> bool {
    let subject = subject.to_lowercase();
    titles.iter().any(|words| subject.contains(words))
}

/// Headers by which automatic answers show themselves, whatever they say but `no`.
const MARKS: [&str; 8] = [
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-amazon-auto-reply",
    "x-apple-action",
];

fn marked(fields: &[HeaderField]) -> bool {
    MARKS.iter().any(|name| {
        head::first(fields, name).is_some_and(|value| !value.eq_ignore_ascii_case("no"))
    })
}

fn value(fields: &[HeaderField], name: &str) -> String {
    let value = head::first(fields, name).unwrap_or_default();
    value.to_ascii_lowercase()
}

/// An answer that nobody wrote. Of what a mail system has to say nothing is passed over; and a
/// vendor's system may answer by itself with a file that matters.
fn automatic(mail: &Message<'_>, fields: &[HeaderField], machine: Machine) -> bool {
    let answer = value(fields, "auto-submitted").starts_with("auto-replied")
        || value(fields, "precedence") == "auto_reply"
        || value(fields, "x-precedence") == "auto_reply"
        || marked(fields);
    answer && machine != Machine::System && !mail.parts.iter().any(is_file)
}

/// A holiday notice, by its subject and another sign.
fn away(mail: &Message<'_>, fields: &[HeaderField], machine: Machine) -> Option<&'static str> {
    let submitted = value(fields, "auto-submitted");
    let sign = machine != Machine::No
        || (!submitted.is_empty() && submitted != "no")
        || matches!(
            value(fields, "precedence").as_str(),
            "bulk" | "junk" | "auto_reply"
        )
        || !value(fields, "x-auto-response-suppress").is_empty()
        || !value(fields, "x-ms-exchange-inbox-rules-loop").is_empty()
        || marked(fields);
    let to_many = ["list-id", "list-unsubscribe"]
        .iter()
        .any(|name| head::first(fields, name).is_some());
    let titled = is_titled(mail.subject().unwrap_or_default(), &AWAY);
    (sign && !to_many && titled).then_some("holiday notice")
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
