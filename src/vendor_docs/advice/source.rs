//! What an advice is read from: the text of a mail or of a file.

use crate::vendor_docs::text::{decode, html, quote};
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use regex::Regex;
use std::sync::LazyLock;

/// A document that may be an advice.
#[derive(Clone, Copy, Debug)]
pub enum Document<'a> {
    /// The text of a mail.
    Mail(Mail<'a>),
    /// An attached or imported file, whatever its name.
    File(&'a [u8]),
}

/// A mail, decoded from its transfer encoding and character set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mail<'a> {
    /// The address of the sender. It says which carrier's layout to expect, and is never trusted.
    pub from: &'a str,
    /// The subject, decoded (RFC 2047).
    pub subject: &'a str,
    /// The `text/plain` part.
    pub text: Option<&'a str>,
    /// The `text/html` part.
    pub html: Option<&'a str>,
}

/// A document made ready for the formats.
#[derive(Debug)]
pub struct AdviceSource {
    /// Whether it is a file rather than a mail.
    pub file: bool,
    /// The sender's address in lower case; empty for a file.
    pub from: String,
    /// The subject; empty for a file.
    pub subject: String,
    /// The whole text, quote marks taken off, line ends `\n`.
    pub text: String,
    /// What the sender wrote above, below or between quotes; the whole text for a file.
    pub own: String,
    /// Whether anything is quoted.
    pub quoted: bool,
}

/// Longest text of a mail that is read, in bytes; carriers' mails are below a tenth of it.
const MAX_MAIL: usize = 1 << 20;

/// The texts of a document, the likelier first.
pub(super) fn sources(document: &Document<'_>) -> Result<Vec<AdviceSource>, String> {
    let mail = match document {
        Document::File(bytes) => {
            let text = decode::text(bytes)?.into_owned();
            return Ok(vec![AdviceSource {
                file: true,
                from: String::new(),
                subject: String::new(),
                own: text.clone(),
                text,
                quoted: false,
            }]);
        }
        Document::Mail(mail) => mail,
    };
    let plain = mail.text.map(str::to_owned);
    let rich = mail.html.map(|rich| html::to_text(clip(rich)));
    let texts = plain.into_iter().chain(rich);
    let texts = texts.filter(|text| !text.trim().is_empty());
    Ok(texts.map(|text| of_mail(mail, clip(&text))).collect())
}

fn of_mail(mail: &Mail<'_>, text: &str) -> AdviceSource {
    let text = still_quoted_printable(text).unwrap_or_else(|| text.to_owned());
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.replace(['\u{a0}', '\u{2007}', '\u{202f}'], " ");
    let text = without_stars(&text);
    let parts = quote::parts(&text);
    let unmarked = |line: &str| line.trim_start_matches(['>', ' ']).to_owned();
    AdviceSource {
        file: false,
        from: mail.from.trim().to_lowercase(),
        subject: clip(mail.subject).replace(['\r', '\n'], " "),
        text: text.lines().map(unmarked).collect::<Vec<_>>().join("\n"),
        own: parts.own(),
        quoted: parts.quoted,
    }
}

/// Bold words as Gmail writes them into plain text: `*Ship To:*`.
fn without_stars(text: &str) -> String {
    static BOLD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\*([^\s*][^*\n]{0,60}?)\*").ok());
    match BOLD.as_ref() {
        Some(bold) => bold.replace_all(text, "$1").into_owned(),
        None => text.to_owned(),
    }
}

/// A mail that was cut off before its last boundary reaches us undecoded (RFC 2045 section 6.7).
fn still_quoted_printable(text: &str) -> Option<String> {
    let broken = text.lines().filter(|line| line.ends_with('=')).count();
    let coded = ["=3D", "=20", "=C2", "=E2"]
        .iter()
        .any(|code| text.contains(code));
    if broken < 2 || !coded {
        return None;
    }
    let bytes = quoted_printable_decode(text.as_bytes())?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn clip(text: &str) -> &str {
    let end = (0..=MAX_MAIL.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}
