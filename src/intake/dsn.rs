//! Delivery reports: as RFC 3464 has them, and as qmail, Exim, old Sendmail, Exchange, Domino, Yahoo
//! and others write them in words.

mod informal;
pub mod sns;

pub use informal::in_words;

use super::head::{self, HeaderField};
use super::mime::parts;
use crate::domain::text::one_line;
use mail_parser::{Message, MessagePart, PartType};

/// The fate of a mail, as a report has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It arrived, or was handed on.
    Delivered,
    /// It is still being tried.
    Delayed,
    /// It will not arrive.
    Failed,
}

/// A delivery report. What it quotes of our mail is data; only the Message-IDs are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The worst that it says.
    pub action: Action,
    /// Whom that concerns.
    pub recipients: Vec<String>,
    /// The other side's words, on one line.
    pub diagnostic: String,
    /// Message-IDs that name the mail it is about, with their brackets.
    pub about: Vec<String>,
}

/// The parts of one kind that belong to the report itself, not to a mail inside it.
fn part<'m>(mail: &'m Message<'_>, kinds: &[(&str, &str)]) -> Option<&'m MessagePart<'m>> {
    mail.parts.iter().find(|part| {
        kinds
            .iter()
            .any(|(main, sub)| parts::is_type(part, main, sub))
    })
}

const STATUS: &[(&str, &str)] = &[
    ("message", "delivery-status"),
    ("message", "global-delivery-status"),
];
const HEADERS: &[(&str, &str)] = &[
    ("text", "rfc822-headers"),
    ("text", "rfc822"),
    ("message", "rfc822-headers"),
    ("message", "global-headers"),
];

/// A report in the standard form: it has a part with the status of at least one recipient. One that
/// names none says nothing of what became of the mail; its words may. `text` is the report's own.
pub fn standard(mail: &Message<'_>, outer: &[HeaderField], text: &str) -> Option<DeliveryReport> {
    let status = parts::content(mail, part(mail, STATUS)?)?;
    let groups = groups(&status);
    let first = groups
        .first()
        .filter(|_| groups.iter().any(|group| is_recipient(group)))?;
    let mut report = DeliveryReport {
        action: Action::Delivered,
        recipients: Vec::new(),
        diagnostic: String::new(),
        about: Vec::new(),
    };
    for group in groups.iter().filter(|group| is_recipient(group)) {
        let action = action(group);
        if action < report.action || (action == report.action && !report.diagnostic.is_empty()) {
            report
                .recipients
                .extend(recipient(group).filter(|_| action == report.action));
            continue;
        }
        report.action = action;
        report.recipients = recipient(group).into_iter().collect();
        report.diagnostic = diagnostic(group);
    }
    let envelope = head::first(first, "original-envelope-id").unwrap_or_default();
    report.about.extend(envelope_id(envelope));
    report.about.extend(returned(mail));
    report.about.extend(answered(outer));
    report.about.extend(copied(text));
    or_anywhere(mail, &mut report.about);
    Some(report)
}

/// RFC 3464, 2.1: groups of fields with an empty line between.
fn groups(status: &[u8]) -> Vec<Vec<HeaderField>> {
    let text = String::from_utf8_lossy(status).replace("\r\n", "\n");
    text.split("\n\n")
        .map(|group| head::fields(group.trim_matches('\n').as_bytes()))
        .filter(|group| !group.is_empty())
        .take(200)
        .collect()
}

fn is_recipient(group: &[HeaderField]) -> bool {
    ["final-recipient", "original-recipient", "action", "status"]
        .iter()
        .any(|name| head::first(group, name).is_some())
}

fn action(group: &[HeaderField]) -> Action {
    let word = head::first(group, "action")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let word = word.split(|c: char| !c.is_ascii_alphabetic()).next();
    match word.unwrap_or_default() {
        "failed" | "failure" => Action::Failed,
        "delayed" => Action::Delayed,
        "delivered" | "relayed" | "expanded" => Action::Delivered,
        // none, or one of a server's own: the class of the status decides (RFC 3463, 2)
        _ => match head::first(group, "status").and_then(|s| s.chars().next()) {
            Some('2') => Action::Delivered,
            Some('4') => Action::Delayed,
            _ => Action::Failed,
        },
    }
}

/// The address after its type (RFC 3464, 2.3.2).
fn recipient(group: &[HeaderField]) -> Option<String> {
    let value = head::first(group, "original-recipient")
        .or_else(|| head::first(group, "final-recipient"))?;
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    Some(one_line(address.trim().trim_matches(['<', '>'])))
}

fn diagnostic(group: &[HeaderField]) -> String {
    let words = head::first(group, "diagnostic-code").unwrap_or_default();
    let words = match words.split_once(';') {
        Some((kind, words)) if !kind.contains(' ') => words,
        _ => words,
    };
    let status = head::first(group, "status").unwrap_or_default();
    match (words.trim().is_empty(), status.is_empty()) {
        (true, true) => "the report gives no reason".to_owned(),
        (true, false) => one_line(&format!("status {status}")),
        (false, _) if status.is_empty() || words.contains(status) => one_line(words),
        _ => one_line(&format!("{} (status {status})", words.trim())),
    }
}

/// Our ENVID is the Message-ID without its brackets, as xtext (RFC 3461, 4).
fn envelope_id(value: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = value.trim();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let code = rest
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (c, code) {
            ('+', Some(code)) => {
                plain.push(char::from(code));
                rest = &rest[2..];
            }
            _ => plain.push(c),
        }
    }
    head::message_ids(&format!("<{plain}>")).into_iter().next()
}

/// The Message-IDs of the mail, or of its headers, that the report gives back.
pub fn returned(mail: &Message<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for part in &mail.parts {
        let fields = match &part.body {
            PartType::Message(inner) => head::fields(inner.raw_message()),
            _ if HEADERS
                .iter()
                .any(|(main, sub)| parts::is_type(part, main, sub)) =>
            {
                head::fields(&parts::content(mail, part).unwrap_or_default())
            }
            _ => continue,
        };
        found.extend(head::all(&fields, "message-id").flat_map(head::message_ids));
    }
    found
}

/// The Message-IDs that a mail's own headers say it answers, each with the header's name.
pub fn answered_in(fields: &[HeaderField]) -> Vec<(&'static str, String)> {
    let of = |name: &'static str| {
        let ids = head::all(fields, name).flat_map(head::message_ids);
        ids.map(move |id| (name, id))
    };
    [
        "in-reply-to",
        "references",
        "x-ms-exchange-message-id-of-original",
    ]
    .into_iter()
    .flat_map(of)
    .collect()
}

/// The Message-IDs alone.
pub fn answered(fields: &[HeaderField]) -> Vec<String> {
    let ids = answered_in(fields).into_iter();
    ids.map(|(_, id)| id).collect()
}

/// The Message-ID lines of a copy that stands in the text, as qmail returns it; long ones are folded.
fn copied(text: &str) -> Vec<String> {
    let prefix = "message-id:";
    let bare = |line: &&str| line.trim_start_matches([' ', '\t', '|']).to_owned();
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = bare(line);
        let Some(name) = line.get(..prefix.len()) else {
            continue;
        };
        if !name.eq_ignore_ascii_case(prefix) || found.len() >= 20 {
            continue;
        }
        let value = match (line[prefix.len()..].trim(), lines.get(at + 1)) {
            ("", Some(next)) => bare(next),
            (value, _) => value.to_owned(),
        };
        found.extend(head::message_ids(&value));
    }
    found
}

/// When no part gives our mail back: any Message-ID line below the header, for mail systems garble
/// their own boundaries.
fn or_anywhere(mail: &Message<'_>, about: &mut Vec<String>) {
    if about.is_empty() {
        let raw = String::from_utf8_lossy(mail.raw_message());
        let body = raw.replace("\r\n", "\n");
        let body = body.split_once("\n\n").map_or("", |(_, body)| body);
        about.extend(copied(body));
    }
}
