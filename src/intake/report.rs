//! Delivery reports: as RFC 3464 has them, and as qmail, Exim, old Sendmail, Exchange, Domino, Yahoo
//! and others write them in words.

use super::head::{self, Field};
use super::mime::parts;
use crate::domain::text::one_line;
use mail_parser::{Message, MessagePart, PartType};

/// What a report says became of the mail.
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
pub struct Report {
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

/// A report in the standard form: it has a part with the status of each recipient.
pub fn standard(mail: &Message<'_>, outer: &[Field]) -> Option<Report> {
    let status = parts::content(mail, part(mail, STATUS)?)?;
    let groups = groups(&status);
    let first = groups.first()?;
    let mut report = Report {
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
    Some(report)
}

/// RFC 3464, 2.1: groups of fields with an empty line between.
fn groups(status: &[u8]) -> Vec<Vec<Field>> {
    let text = String::from_utf8_lossy(status).replace("\r\n", "\n");
    text.split("\n\n")
        .map(|group| head::fields(group.trim_matches('\n').as_bytes()))
        .filter(|group| !group.is_empty())
        .take(200)
        .collect()
}

fn is_recipient(group: &[Field]) -> bool {
    ["final-recipient", "original-recipient", "action", "status"]
        .iter()
        .any(|name| head::first(group, name).is_some())
}

fn action(group: &[Field]) -> Action {
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
fn recipient(group: &[Field]) -> Option<String> {
    let value = head::first(group, "original-recipient")
        .or_else(|| head::first(group, "final-recipient"))?;
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    Some(one_line(address.trim().trim_matches(['<', '>'])))
}

fn diagnostic(group: &[Field]) -> String {
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

/// The Message-IDs that a mail's own headers say it answers.
pub fn answered(fields: &[Field]) -> Vec<String> {
    [
        "in-reply-to",
        "references",
        "x-ms-exchange-message-id-of-original",
    ]
    .iter()
    .flat_map(|name| head::all(fields, name))
    .flat_map(head::message_ids)
    .collect()
}

/// Words with which mail systems begin a report of their own form, in small letters; each together
/// with the sign of a machine is one. The longest text in which they are looked for follows.
const WORDS: [(&str, Action); 31] = [
    // qmail
    ("this is the qmail-send program at", Action::Failed),
    (
        "i'm afraid i wasn't able to deliver your message",
        Action::Failed,
    ),
    // Exim
    (
        "a message that you sent could not be delivered to",
        Action::Failed,
    ),
    (
        "a message that you sent has not yet been delivered",
        Action::Delayed,
    ),
    // Postfix without MIME
    (
        "i'm sorry to have to inform you that your message could not be delivered",
        Action::Failed,
    ),
    // Sendmail
    ("had permanent fatal errors", Action::Failed),
    ("had transient non-fatal errors", Action::Delayed),
    ("had permanent delivery errors", Action::Failed),
    // Exchange 5.5 to 2003, Office 365
    ("did not reach the following recipient", Action::Failed),
    (
        "did not reach some or all of the intended recipients",
        Action::Failed,
    ),
    ("delivery has failed to these recipients", Action::Failed),
    ("delivery is delayed to these recipients", Action::Delayed),
    ("couldn't be delivered", Action::Failed),
    // Lotus Domino
    ("was not delivered to", Action::Failed),
    // Yahoo, AOL
    (
        "unable to deliver message to the following address",
        Action::Failed,
    ),
    (
        "your message cannot be delivered to the following",
        Action::Failed,
    ),
    (
        "sorry, we were unable to deliver your message",
        Action::Failed,
    ),
    // Gmail
    (
        "delivery to the following recipient failed permanently",
        Action::Failed,
    ),
    (
        "delivery to the following recipients failed",
        Action::Failed,
    ),
    (
        "delivery to the following recipient has been delayed",
        Action::Delayed,
    ),
    ("delivery incomplete", Action::Delayed),
    // Amazon SES
    (
        "an error occurred while trying to deliver the mail to the following recipients",
        Action::Failed,
    ),
    // MDaemon, IMail, Mercury, GroupWise and the like
    ("the following addresses were not delivered", Action::Failed),
    ("failed to deliver to", Action::Failed),
    ("could not be delivered to", Action::Failed),
    ("unable to deliver your message", Action::Failed),
    ("undeliverable to the following", Action::Failed),
    ("user mailbox exceeds allowed size", Action::Failed),
    ("message delivery to", Action::Failed),
    ("has been delayed", Action::Delayed),
    ("permanent failure in delivering", Action::Failed),
];
const LOOKED_AT: usize = 4000;

/// A report in words: `machine` says whether something beside the words shows that no person wrote.
pub fn in_words(mail: &Message<'_>, outer: &[Field], text: &str, machine: bool) -> Option<Report> {
    if !machine {
        return None;
    }
    let begin: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'))
        .flat_map(|line| [line.trim(), " "])
        .collect::<String>()
        .chars()
        .take(LOOKED_AT)
        .collect();
    let small = begin.to_lowercase().replace('\u{2019}', "'");
    let spaced = small.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, action) = WORDS.iter().find(|(words, _)| spaced.contains(words))?;
    let failed = head::first(outer, "x-failed-recipients").unwrap_or_default();
    let recipients = failed
        .split(',')
        .map(one_line)
        .filter(|address| !address.is_empty())
        .collect();
    let mut about = returned(mail);
    about.extend(answered(outer));
    about.extend(copied(text));
    Some(Report {
        action: *action,
        recipients,
        diagnostic: reason(text),
        about,
    })
}

/// The Message-ID lines of a copy that stands in the text, as qmail returns it.
fn copied(text: &str) -> Vec<String> {
    let prefix = "message-id:";
    text.lines()
        .map(|line| line.trim_start_matches([' ', '\t', '|']))
        .filter(|line| {
            line.get(..prefix.len())
                .is_some_and(|p| p.eq_ignore_ascii_case(prefix))
        })
        .flat_map(head::message_ids)
        .take(20)
        .collect()
}

/// The line with the server's answer, else the first lines.
fn reason(text: &str) -> String {
    let is_answer = |line: &&str| {
        let code = |at: usize| {
            let digits = line.get(at..at + 3).unwrap_or_default();
            digits.starts_with(['4', '5']) && digits.bytes().all(|b| b.is_ascii_digit())
        };
        line.char_indices().any(|(at, c)| {
            let apart = at == 0 || !line.as_bytes()[at - 1].is_ascii_alphanumeric();
            c.is_ascii_digit()
                && apart
                && code(at)
                && line
                    .get(at + 3..)
                    .is_some_and(|rest| rest.starts_with([' ', '-']))
        })
    };
    let answer = text.lines().take(200).map(str::trim).find(is_answer);
    match answer {
        Some(line) => one_line(line),
        None => one_line(text),
    }
}
