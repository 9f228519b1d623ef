//! A mail that is no order, as the run acts on it: what it is, what proves its sender, and what it
//! says. Read side by side like orders; nothing here looks into the ledger.

mod mask;
mod signed;

use super::authentication;
use super::auto_submitted;
use super::cards::{CardWords, KnownNumbers};
use super::classify::{self, Class, classify};
use super::dkim::{self, Signed};
use super::head::{self, HeaderField};
use super::openpgp::VendorKeys;
use super::{Refusal, dsn, enclosed, guard, mime};
use crate::domain::codes::Code;
use crate::domain::text::one_line;
use crate::domain::token::{Token, TokenKeys, TokenKind};
use chrono::{DateTime, Utc};
use mail_parser::decoders::html::html_to_text;
use mail_parser::{Address, Message, PartType};
use zeroize::Zeroizing;

/// What is needed to know our own addresses and our own server's words.
#[derive(Clone, Default)]
pub struct Marks {
    /// The keys of reply tokens.
    pub tokens: TokenKeys,
    /// What our mail server calls itself.
    pub authserv_id: Option<String>,
    /// The vendors' OpenPGP keys.
    pub vendor_keys: VendorKeys,
}

/// A file in a mail.
pub struct File {
    /// Its name as the sender gave it.
    pub name: String,
    /// Its type in small letters.
    pub mime: String,
    /// What is in it, decoded.
    pub bytes: Vec<u8>,
}

/// A mail that was attached whole (RFC 2046 section 5.2.1).
pub struct Forwarded {
    /// The first address in its `From:`, in small letters.
    pub from: String,
    /// One line.
    pub subject: String,
    /// Its plain text, if there is one.
    pub text: Option<String>,
    /// Its HTML, if there is some.
    pub html: Option<String>,
}

/// The signer of a mail by OpenPGP, and what makes the signature one of its kind.
pub struct Signer {
    /// The fingerprint of the certificate.
    pub fingerprint: String,
    /// When it was signed, by the signer's clock.
    pub at: DateTime<Utc>,
    /// SHA-256 of what was signed, by whom and when.
    pub mark: [u8; 32],
}

/// What a mail says: text, HTML, files, mails.
type MailContents = (Option<String>, Option<String>, Vec<File>, Vec<Forwarded>);

/// The mail. No `Debug`: it holds what people wrote.
pub struct Inbound {
    /// What it is.
    pub class: Class,
    /// Whether its headers say that no person wrote it.
    pub unmanned: bool,
    /// The good tokens in the addresses that it was sent to, those of the envelope first.
    pub tokens: Vec<Token>,
    /// Its own Message-ID, with its brackets.
    pub message_id: Option<String>,
    /// Message-IDs that it says it answers.
    pub answers: Vec<String>,
    /// The name of the header that each of them stands in.
    pub answers_in: Vec<&'static str>,
    /// The vendor's key that signed it; text, HTML and files are then what was signed, and nothing
    /// else.
    pub signed_by: Option<Signer>,
    /// Domains whose DKIM signature our own server saw pass, and what these cover.
    pub dkim: Vec<Signed>,
    /// SHA-256 of its text as it came, whatever its blanks.
    pub digest: [u8; 32],
    /// The one address in `From:`, in small letters; `None` when there is not exactly one.
    pub from: Option<String>,
    /// How many addresses stand in all `From:` of it.
    pub authors: usize,
    /// `From:` for people.
    pub sender: String,
    /// Whether our own server saw that it is not of the domain in `From:`.
    pub disowned: bool,
    /// The addresses in its `Sender:` and `Reply-To:`, in small letters.
    pub speaks_for: Vec<String>,
    /// One line.
    pub subject: String,
    /// `Date:`, if it can be read.
    pub date: Option<DateTime<Utc>>,
    /// The plain text, if there is one.
    pub text: Option<String>,
    /// The HTML, if there is some.
    pub html: Option<String>,
    /// Files, those of attached mails among them.
    pub files: Vec<File>,
    /// Attached mails.
    pub forwarded: Vec<Forwarded>,
    /// What of it looked like a card's number and was masked: the ledger may know it as something
    /// else.
    pub words: CardWords,
    /// Its bytes as they came, where something was masked.
    pub original: Option<Zeroizing<Vec<u8>>>,
}

impl Inbound {
    /// The first token of a kind.
    pub fn token(&self, kind: TokenKind) -> Option<&Token> {
        self.tokens.iter().find(|token| token.kind == kind)
    }

    /// All that it says in words.
    pub fn words(&self) -> String {
        match (&self.text, &self.html) {
            (Some(text), _) => text.clone(),
            (None, Some(html)) => html_to_text(html),
            (None, None) => String::new(),
        }
    }

    /// The beginning of what it says, as one harmless line.
    pub fn excerpt(&self) -> String {
        match (&self.text, &self.html) {
            (Some(text), _) => one_line(text),
            (None, Some(html)) => one_line(&html_to_text(html)),
            (None, None) => String::new(),
        }
    }
}

/// Headers that may name the address that a mail was sent to; what servers add at delivery first,
/// since nobody but they write those of the envelope.
const RECIPIENTS: [&str; 10] = [
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "to",
    "cc",
    "apparently-to",
    "resent-to",
    "x-forwarded-to",
];

/// Reads a mail that holds no order, card numbers masked. `received` is when it was stored first.
///
/// # Errors
/// `too_large` or `unreadable_message`.
pub fn read(
    raw: &[u8],
    marks: &Marks,
    received: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Inbound, Refusal> {
    read_known(raw, marks, received, now, &KnownNumbers::new())
}

/// The same, with these words left as they came: the ledger knows them.
///
/// # Errors
/// As [`read`].
pub fn read_known(
    raw: &[u8],
    marks: &Marks,
    received: DateTime<Utc>,
    now: DateTime<Utc>,
    known: &KnownNumbers,
) -> Result<Inbound, Refusal> {
    let mail = mime::parse(raw)?;
    let gave_up = || Refusal::new(Code::UnreadableMessage, "the mail parser gave up");
    let signed = signed::find(&mail, raw, marks, received, now);
    let mut inbound = guard::catch(|| take(&mail, raw, marks)).ok_or_else(gave_up)?;
    if let Some(signed) = signed {
        let inner = mime::parse(&signed.entity)?;
        let says = guard::catch(|| says(&inner)).ok_or_else(gave_up)?;
        (inbound.text, inbound.html, inbound.files, inbound.forwarded) = says;
        inbound.signed_by = Some(signed.signer);
    }
    inbound.words = mask::mask(&mut inbound, known);
    if !inbound.words.0.is_empty() {
        inbound.original = Some(Zeroizing::new(raw.to_vec()));
    }
    Ok(inbound)
}

/// Reads what a mail says in words, without looking at what it is; `None` when it has none or is no mail.
pub(super) fn words_of(raw: &[u8]) -> Option<String> {
    let mail = mime::parse(raw).ok()?;
    let words = guard::catch(|| own_text(&mail).or_else(|| Some(html_to_text(&own_html(&mail)?))));
    words.flatten().filter(|text| !text.trim().is_empty())
}

/// The one plain address in `From:`, in small letters.
pub(super) fn from_of(raw: &[u8]) -> Option<String> {
    let mail = mime::parse(raw).ok()?;
    let fields = head::fields(&raw[..raw.len().min(mime::limits::HEADER_BYTES)]);
    guard::catch(|| one_address(&mail, &fields)).flatten()
}

/// The Message-ID alone: of a copy that the archive mailbox got.
pub fn message_id(raw: &[u8]) -> Option<String> {
    own_id(&head::fields(
        &raw[..raw.len().min(mime::limits::HEADER_BYTES)],
    ))
}

fn own_id(fields: &[HeaderField]) -> Option<String> {
    let mut ids = head::all(fields, "message-id").flat_map(head::message_ids);
    ids.next()
}

fn take(mail: &Message<'_>, raw: &[u8], marks: &Marks) -> Inbound {
    let fields = head::fields(&raw[..raw.len().min(mime::limits::HEADER_BYTES)]);
    let (text, html, files, forwarded) = says(mail);
    // a report or an answer in HTML alone is read by its text
    let plain = mail.body_text(0).unwrap_or_default();
    let tokens = tokens(&fields, marks);
    let to_envelope = tokens.iter().any(|token| token.kind == TokenKind::Delivery);
    let (mut answers_in, mut answers): (Vec<_>, Vec<_>) =
        dsn::answered_in(&fields).into_iter().unzip();
    let words = text.as_deref().unwrap_or(&plain);
    let class = classify(mail, &fields, words, to_envelope);
    if let Some(original) = classify::original(mail) {
        answers_in.push("text");
        answers.push(original);
    }
    if let Some(dsn::sns::SnsEvent::Complaint(about)) = dsn::sns::read(&fields, words) {
        // in the text, which no header's signature covers
        answers_in.extend(about.iter().map(|_| "text"));
        answers.extend(about);
    }
    Inbound {
        class,
        unmanned: auto_submitted::unmanned(&fields),
        tokens,
        message_id: own_id(&fields),
        answers,
        answers_in,
        dkim: dkim::signed(
            raw,
            &fields,
            &authentication::dkim_passed(&fields, marks.authserv_id.as_deref()),
        ),
        digest: dkim::body_digest(raw),
        from: one_address(mail, &fields),
        disowned: one_address(mail, &fields).is_some_and(|from| {
            authentication::disowned(&fields, marks.authserv_id.as_deref(), &from)
        }),
        speaks_for: authentication::speaks_for(&fields),
        authors: authors(&fields),
        sender: one_line(&head::decoded(
            head::first(&fields, "from").unwrap_or_default(),
        )),
        subject: one_line(mail.subject().unwrap_or_default()),
        date: mail
            .date()
            .and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        signed_by: None,
        text,
        html,
        files,
        forwarded,
        words: CardWords::default(),
        original: None,
    }
}

/// Text, HTML, files and attached mails of a mail or of a part of it.
fn says(mail: &Message<'_>) -> MailContents {
    let (mut files, mut forwarded) = (Vec::new(), Vec::new());
    for part in mail.attachments() {
        // read anew as the mail that it is, whatever its label; one level deep: who forwards a
        // forwarded mail as a file is asked by a person
        let whole = enclosed::whole_mail(mail, part);
        let Some(inner) = whole.as_ref().and_then(|bytes| mime::parse(bytes).ok()) else {
            files.extend(enclosed::file(mail, part));
            continue;
        };
        let attached = inner.attachments();
        files.extend(attached.filter_map(|part| enclosed::file(&inner, part)));
        let from = inner.from().and_then(Address::first);
        let from = from.and_then(|from| from.address()).unwrap_or_default();
        forwarded.push(Forwarded {
            from: one_line(from).to_ascii_lowercase(),
            subject: one_line(inner.subject().unwrap_or_default()),
            text: own_text(&inner),
            html: own_html(&inner),
        });
    }
    (own_text(mail), own_html(mail), files, forwarded)
}

/// The text parts that are meant to be read one after the other.
fn own_text(mail: &Message<'_>) -> Option<String> {
    let texts: Vec<&str> = mail
        .text_bodies()
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn own_html(mail: &Message<'_>) -> Option<String> {
    mail.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    })
}

/// Good tokens in any recipient header, each once.
fn tokens(fields: &[HeaderField], marks: &Marks) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for value in RECIPIENTS.iter().flat_map(|name| head::all(fields, name)) {
        let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | ':');
        for address in value
            .split(apart)
            .filter(|word| word.contains('@'))
            .take(200)
        {
            if let Some(token) = marks.tokens.find(address)
                && !found.contains(&token)
            {
                found.push(token);
            }
        }
    }
    found
}

/// How many addresses stand in all `From:`; names in quotation marks, and remarks, are none.
fn authors(fields: &[HeaderField]) -> usize {
    let count = |value: &str| {
        let (mut quoted, mut depth) = (false, 0_usize);
        let mut bare = String::with_capacity(value.len());
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' if quoted || depth > 0 => {
                    chars.next();
                }
                '"' if depth == 0 => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth = depth.saturating_sub(1),
                _ if quoted || depth > 0 => {}
                c => bare.push(c),
            }
        }
        let parts = bare.split([',', ';']);
        parts.filter(|part| part.contains('@')).count()
    };
    head::all(fields, "from").map(count).sum()
}

/// The address of a `From:` that stands once and has one plain address, whatever its display name
/// pretends.
fn one_address(mail: &Message<'_>, fields: &[HeaderField]) -> Option<String> {
    if head::all(fields, "from").count() != 1 {
        return None;
    }
    let Some(Address::List(list)) = mail.from() else {
        return None;
    };
    let [only] = list.as_slice() else {
        return None;
    };
    let address = only.address()?.to_ascii_lowercase();
    // what the header shows must end in the very address, or other readers may see another one
    let value = head::first(fields, "from")?.trim().to_ascii_lowercase();
    let shown = value == address || value.ends_with(&format!("<{address}>"));
    let plain = address.is_ascii()
        && address.matches('@').count() == 1
        && !address.contains([' ', '"', '(', ',']);
    (shown && plain).then_some(address)
}

#[cfg(test)]
#[path = "inbound/tests.rs"]
mod tests;
