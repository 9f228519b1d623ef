//! What a message is known by, and how it is stored: with card numbers masked.

use super::super::cards::{self, CardWords, KnownNumbers};
use super::super::mailbox::{Fetched, Handle};
use super::super::source::{DocumentContent, DocumentName, SourceDocument};
use super::SourceId;
use crate::domain::text::one_line;
use crate::ledger::messages::{NewMessage, Stored};
use crate::ledger::sources::MessageDocument;
use crate::ledger::{LedgerError, Tx};
use mail_parser::{HeaderValue, MessageParser};
use openssl::sha::Sha256;

/// What is seen of a message before it is stored.
pub(super) struct MessageSeen {
    sha256: [u8; 32],
    /// Its bytes with card numbers masked, where it has any.
    masked: Option<Vec<u8>>,
    words: CardWords,
}

/// Finds by what a message is known, and the card numbers in it. One with such numbers is known by its masked
/// bytes: the hash of a number that is masked beside it would be as good as the number.
pub(super) fn look(message: &Fetched) -> MessageSeen {
    let mut words = CardWords::default();
    let (masked, sha256) = match message {
        Fetched::Message(raw) => {
            let masked = cards::mask_mail(raw, &KnownNumbers::new(), &mut words);
            let sha256 = identity(masked.as_deref().unwrap_or(raw));
            (masked, sha256)
        }
        Fetched::TooLarge { head, sha256, .. } => (
            cards::mask_mail(head, &KnownNumbers::new(), &mut words),
            *sha256,
        ),
        Fetched::Gone => (None, [0; 32]),
    };
    MessageSeen {
        sha256,
        masked,
        words,
    }
}

/// SHA-256 of a mail whose lines end in LF, as on a Unix disk: IMAP carries the same mail with CRLF,
/// and it is the same mail.
fn identity(raw: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => {
                digest.update(text);
                digest.update(b"\n");
            }
            None => digest.update(line),
        }
    }
    digest.finish()
}

/// Stores a message, with card numbers masked.
pub(super) fn store(
    tx: &Tx,
    mailbox: &str,
    handle: &Handle,
    seen: MessageSeen,
    raw: &[u8],
) -> Result<Stored, LedgerError> {
    // what the ledger knows is no card, and stays as it came
    let known: KnownNumbers = tx.known_words(&seen.words.0)?.into_iter().collect();
    let masked = match known.is_empty() {
        true => seen.masked,
        false => cards::mask_mail(raw, &known, &mut CardWords::default()),
    };
    let raw = masked.as_deref().unwrap_or(raw);
    let (sender, subject) = outer_headers(raw);
    tx.store_message(&NewMessage {
        sha256: seen.sha256,
        mailbox,
        source: &handle.key,
        size: handle.size,
        sender: &sender,
        subject: &subject,
        raw,
        document: None,
    })
}

/// Finds by what a document of a source is known, and the card numbers in it.
pub(super) fn look_at_document(source: &SourceId, document: &SourceDocument) -> MessageSeen {
    let mut words = CardWords::default();
    let (DocumentContent::Whole(bytes) | DocumentContent::TooLarge { head: bytes, .. }) =
        &document.content;
    let masked = cards::mask_document(bytes, &KnownNumbers::new(), &mut words);
    let mut digest = Sha256::new();
    let name = &document.name;
    // what nobody vouched for comes anew when it lies in a folder that is trusted since
    for part in [
        "poms document",
        name.vouched.as_str(),
        source.name,
        source.place,
        name.identity.as_str(),
    ] {
        digest.update(&(part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    if name.by_content {
        if let DocumentContent::TooLarge { size, mark, .. } = &document.content {
            digest.update(&size.to_be_bytes());
            digest.update(mark.as_bytes());
        }
        digest.update(masked.as_deref().unwrap_or(bytes));
    }
    MessageSeen {
        sha256: digest.finish(),
        masked,
        words,
    }
}

/// Stores a document, with card numbers masked.
pub(super) fn store_document(
    tx: &Tx,
    source: &SourceId,
    name: &DocumentName,
    seen: MessageSeen,
    (raw, size): (&[u8], u64),
) -> Result<(Stored, MessageDocument), LedgerError> {
    let known: KnownNumbers = tx.known_words(&seen.words.0)?.into_iter().collect();
    let masked = match known.is_empty() {
        true => seen.masked,
        false => cards::mask_document(raw, &known, &mut CardWords::default()),
    };
    let about = MessageDocument {
        vouched: name.vouched,
        place: source.place.to_owned(),
        file_name: one_line(&name.file_name),
        media_type: one_line(&name.media_type),
    };
    let subject = match about.file_name.is_empty() {
        true => one_line(&name.identity),
        false => about.file_name.clone(),
    };
    let stored = tx.store_message(&NewMessage {
        sha256: seen.sha256,
        mailbox: source.name,
        source: &name.identity,
        size,
        sender: source.place,
        subject: &subject,
        raw: masked.as_deref().unwrap_or(raw),
        document: Some(&about),
    })?;
    Ok((stored, about))
}

/// `From:` and `Subject:` for people, one line each; nothing is decided by them.
fn outer_headers(raw: &[u8]) -> (String, String) {
    let head = &raw[..raw.len().min(32 << 10)];
    let parsed = std::panic::catch_unwind(|| {
        let mail = MessageParser::new().parse_headers(head)?;
        let from = mail
            .from()
            .and_then(|from| from.first())
            .and_then(|a| a.address())
            .unwrap_or_default()
            .to_owned();
        let subject = match mail.header("Subject") {
            Some(HeaderValue::Text(text)) => text.to_string(),
            _ => String::new(),
        };
        Some((from, subject))
    });
    let (from, subject) = parsed.ok().flatten().unwrap_or_default();
    (one_line(&from), one_line(&subject))
}
