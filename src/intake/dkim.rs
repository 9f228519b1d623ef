//! What a mail's DKIM signatures cover, and what makes each one of its kind (RFC 6376, 3.5).
//!
//! Whether a signature is good our own mail server says ([`super::authentication`]). That leaves open
//! which header fields it covers: all others can be changed by anyone who has the mail, and the mail
//! passes again.

use super::authentication::Passed;
use super::head::{self, HeaderField};
use chrono::{DateTime, Utc};
use openssl::sha::{Sha256, sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What is certain of a mail by one domain's signatures that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The domain, in small letters.
    pub domain: String,
    /// The header fields that the domain answers for.
    pub cover: Cover,
    /// SHA-256 of the values of its signatures (`b=`): nobody but the signer can make another one.
    pub values: Vec<[u8; 32]>,
    /// When it signed, if it says so (`t=`).
    pub at: Option<DateTime<Utc>>,
}

/// The header fields that a signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// No signature stands in the mail: our own mail server took it out. The fields are taken for those
    /// that every mail system signs; `In-Reply-To` and `References`, which many leave out and which
    /// another order's mail could be given, are not among them.
    Hidden,
    /// These, which stand in the mail once.
    Fields(BTreeSet<String>),
    /// None that could be relied on, and why.
    Nothing(&'static str),
}

impl Signed {
    /// Whether the domain answers for the header field.
    pub fn covers(&self, name: &str) -> bool {
        match &self.cover {
            Cover::Hidden => !matches!(name, "in-reply-to" | "references"),
            Cover::Fields(fields) => fields.contains(name),
            Cover::Nothing(_) => false,
        }
    }
}

/// One DKIM-Signature field.
struct Signature {
    domain: String,
    /// The domain of `i=`, for which it speaks.
    identity: String,
    /// `b=` without blanks.
    value: String,
    fields: BTreeSet<String>,
    /// Covers the beginning of the text alone (`l=`).
    partial: bool,
    at: Option<DateTime<Utc>>,
}

/// Gathers what is certain by the signatures that our server saw pass, domain by domain.
pub fn signed(raw: &[u8], fields: &[HeaderField], passed: &[Passed]) -> Vec<Signed> {
    let mut domains: Vec<&str> = passed.iter().map(|one| one.domain.as_str()).collect();
    domains.sort_unstable();
    domains.dedup();
    if domains.is_empty() {
        return Vec::new();
    }
    let names = names(raw);
    let standing: Vec<Option<Signature>> =
        head::all(fields, "dkim-signature").map(signature).collect();
    let any = |name: &String| name.contains("dkim-signature") && !name.starts_with("x-google-");
    let hidden = !names.keys().any(any);
    // one that other programs read and this one does not may be the one that passed
    let whole = standing.iter().all(Option::is_some)
        && names.get("dkim-signature").copied().unwrap_or_default() == standing.len();
    let standing: Vec<&Signature> = standing.iter().flatten().collect();
    let one = |domain: &str| {
        let values: Vec<&str> = passed
            .iter()
            .filter(|one| one.domain == domain)
            .filter_map(|one| one.value.as_deref())
            .collect();
        let meant: Vec<&&Signature> = standing
            .iter()
            .filter(|found| found.domain == domain || found.identity == domain)
            .filter(|found| values.is_empty() || values.iter().any(|b| found.value.starts_with(b)))
            .collect();
        let cover = match () {
            () if hidden => Cover::Hidden,
            () if meant.is_empty() || !whole => {
                Cover::Nothing("a DKIM signature in it cannot be read")
            }
            () if meant.iter().any(|found| found.partial) => {
                Cover::Nothing("its DKIM signature covers the beginning of the mail alone (l=)")
            }
            () => Cover::Fields(covered(&meant, &names)),
        };
        Signed {
            domain: domain.to_owned(),
            cover,
            values: meant.iter().map(|found| mark(found)).collect(),
            at: meant.iter().filter_map(|found| found.at).min(),
        }
    };
    domains.into_iter().map(one).collect()
}

/// The fields that every one of the signatures covers and that stand in the mail once: of several of
/// one name a signature covers the last ones, and a reader may show the first (RFC 6376, 5.4.2).
fn covered(meant: &[&&Signature], names: &BTreeMap<String, usize>) -> BTreeSet<String> {
    let once = names.iter().filter(|(_, count)| **count == 1);
    let by_all = once.filter(|(name, _)| meant.iter().all(|found| found.fields.contains(*name)));
    by_all.map(|(name, _)| name.clone()).collect()
}

fn mark(found: &Signature) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(found.domain.as_bytes());
    digest.update(&[0]);
    // the last character of base64 may have bits that mean nothing
    match openssl::base64::decode_block(&found.value) {
        Ok(bytes) => digest.update(&bytes),
        Err(_) => digest.update(found.value.as_bytes()),
    }
    digest.finish()
}

/// How often a header field of each name stands in the mail, in small letters and however loosely it
/// is written: programs differ in what they take for one.
fn names(raw: &[u8]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut empty = 0;
    let limit = super::mime::limits::HEADER_BYTES;
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
    for line in raw[..raw.len().min(limit)].split_inclusive(ends) {
        match (line, empty) {
            ([b'\n'], 1..) | ([b'\r'], 2..) => break,
            ([b'\n' | b'\r'], _) => {
                empty += 1;
                continue;
            }
            _ => empty = usize::from(line.ends_with(b"\n")),
        }
        // a folded field's further lines begin with a blank
        if let Some(at) = line.iter().position(|byte| *byte == b':')
            && !line.starts_with(b" ")
            && !line.starts_with(b"\t")
        {
            let name = String::from_utf8_lossy(&line[..at]).trim().to_lowercase();
            *found.entry(name).or_default() += 1;
        }
    }
    found
}

/// RFC 6376, 3.2 and 3.5; `None` for what does not keep to it.
fn signature(text: &str) -> Option<Signature> {
    let mut tags = BTreeMap::new();
    for tag in text.split(';').map(str::trim).filter(|tag| !tag.is_empty()) {
        let (name, value) = tag.split_once('=')?;
        if tags.insert(name.trim(), value.trim()).is_some() {
            return None;
        }
    }
    let value: String = tags.get("b")?.split_whitespace().collect();
    let domain = tags.get("d")?.to_ascii_lowercase();
    let identity = tags
        .get("i")
        .and_then(|identity| identity.rsplit_once('@'))
        .map_or_else(|| domain.clone(), |(_, host)| host.to_ascii_lowercase());
    let fields: BTreeSet<String> = tags
        .get("h")?
        .split(':')
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let seconds = tags.get("t").and_then(|time| time.parse::<i64>().ok());
    (!value.is_empty() && fields.contains("from")).then(|| Signature {
        domain,
        identity,
        value,
        fields,
        partial: tags.contains_key("l"),
        at: seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
    })
}

/// SHA-256 of a mail's text as DKIM compares it (RFC 6376, 3.4.4): blanks at the ends of lines, empty
/// lines at the end and the width of blanks do not count.
pub fn body_digest(raw: &[u8]) -> [u8; 32] {
    let (mut start, mut found) = (0, raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        start += line.len();
        if line.trim_ascii().is_empty() {
            found = start;
            break;
        }
    }
    let mut text = Vec::with_capacity(raw.len() - found);
    for line in raw[found..].split(|byte| *byte == b'\n') {
        let mut blank = false;
        for byte in line.trim_ascii_end() {
            let is_blank = matches!(byte, b' ' | b'\t');
            if !(is_blank && blank) {
                text.push(if is_blank { b' ' } else { *byte });
            }
            blank = is_blank;
        }
        text.push(b'\n');
    }
    while text.last() == Some(&b'\n') {
        text.pop();
    }
    sha256(&text)
}

#[cfg(test)]
#[path = "dkim/tests.rs"]
mod tests;
