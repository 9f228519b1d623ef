//! What our own mail server found out about a mail's sender: Authentication-Results (RFC 8601).
//!
//! Anyone can write such a header. Only the topmost counts, and only if it begins with the name of
//! our own server; all others are as if they were not there. What cannot be read proves nothing.

use super::head::{self, HeaderField};
use crate::domain::mail_domain::{aligned, domain_of};

/// A DKIM signature that our server saw pass (RFC 6376).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The domain that signed, in small letters.
    pub domain: String,
    /// The beginning of the signature's own value, where our server tells it (RFC 6008).
    pub value: Option<String>,
}

/// The DKIM signatures that our server saw pass.
pub fn dkim_passed(fields: &[HeaderField], authserv_id: Option<&str>) -> Vec<Passed> {
    let Some(ours) = authserv_id else {
        return Vec::new();
    };
    let topmost = head::first(fields, "authentication-results");
    let Some(results) = topmost.and_then(parse) else {
        return Vec::new();
    };
    if !results.server.eq_ignore_ascii_case(ours) {
        return Vec::new();
    }
    let passed = |found: &&MethodResult| found.method == "dkim" && found.result == "pass";
    let one = |found: &MethodResult| {
        let mut values = found.properties.iter().filter(|(key, _)| key == "header.b");
        Some(Passed {
            domain: signer(found)?,
            value: values.next().map(|(_, value)| value.clone()),
        })
    };
    results
        .found
        .iter()
        .filter(passed)
        .filter_map(one)
        .collect()
}

/// Addresses in `Sender:` and `Reply-To:`.
pub fn speaks_for(fields: &[HeaderField]) -> Vec<String> {
    let values = ["sender", "reply-to"].into_iter();
    let values = values.flat_map(|name| head::all(fields, name));
    let words = values.flat_map(|value| value.split([' ', '<', '>', ',', ';', '"', '\t']));
    let words = words.filter(|word| word.contains('@'));
    words.map(str::to_ascii_lowercase).collect()
}

/// Whether our own server saw that a mail is not of the domain in its `From:`: DMARC failed for it, or its
/// signature or the envelope's domain failed, and no signature of the domain passed.
pub fn disowned(fields: &[HeaderField], authserv_id: Option<&str>, from: &str) -> bool {
    let Some(ours) = authserv_id else {
        return false;
    };
    let topmost = head::first(fields, "authentication-results");
    let Some(results) = topmost.and_then(parse) else {
        return false;
    };
    let domain = domain_of(from);
    if !results.server.eq_ignore_ascii_case(ours) || domain.is_empty() {
        return false;
    }
    let of = |found: &MethodResult, keys: &[&str]| {
        let values = found
            .properties
            .iter()
            .filter(|(key, _)| keys.contains(&key.as_str()));
        let mut domains = values.map(|(_, value)| value.rsplit('@').next().unwrap_or_default());
        domains.any(|one| aligned(one, &domain))
    };
    let is = |method: &str, result: &str, keys: &[&str]| {
        let all = results.found.iter();
        let mut all = all.filter(|found| found.method == method && found.result == result);
        all.any(|found| of(found, keys))
    };
    const SIGNER: &[&str] = &["header.d", "header.i", "header.from"];
    const ENVELOPE: &[&str] = &["smtp.mailfrom", "smtp.mfrom", "smtp.helo", "header.from"];
    let passed = is("dkim", "pass", SIGNER) || is("dmarc", "pass", &["header.from"]);
    let failed = is("dkim", "fail", SIGNER) || is("spf", "fail", ENVELOPE);
    let all_fail = |method: &str| {
        let all = results.found.iter().filter(|found| found.method == method);
        let results: Vec<bool> = all.map(|found| found.result == "fail").collect();
        !results.is_empty() && results.iter().all(|fails| *fails)
    };
    is("dmarc", "fail", &["header.from"])
        || !passed && (failed || all_fail("dkim") && all_fail("spf"))
}

/// `header.d`, else the domain of `header.i`; nothing where one of them stands twice.
fn signer(found: &MethodResult) -> Option<String> {
    let value = |name: &str| {
        let mut values = found.properties.iter().filter(|(key, _)| key == name);
        let first = values.next().map(|(_, value)| value.as_str());
        if values.next().is_some() {
            None
        } else {
            Some(first)
        }
    };
    let (d, i) = (value("header.d")?, value("header.i")?);
    let domain = d.or_else(|| i.and_then(|i| i.rsplit_once('@')).map(|(_, domain)| domain))?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (domain.contains('.') && domain.bytes().all(plain)).then(|| domain.to_ascii_lowercase())
}

struct Results {
    server: String,
    found: Vec<MethodResult>,
}

struct MethodResult {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

/// RFC 8601, 2.2; `None` for what does not keep to it.
fn parse(value: &str) -> Option<Results> {
    let mut at = Cursor { rest: value };
    at.blank()?;
    let server = at.word(false)?;
    at.blank()?;
    if !at.rest.is_empty() && !at.rest.starts_with(';') {
        at.word(false)?; // the version
        at.blank()?;
    }
    let mut found = Vec::new();
    while at.take(';') {
        at.blank()?;
        if at.rest.is_empty() {
            break;
        }
        found.extend(at.one()?);
    }
    at.rest.is_empty().then_some(Results { server, found })
}

struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Over white space and comments, which nest and may have quoted pairs (RFC 5322, 3.2.2); `None`
    /// when a comment does not end.
    fn blank(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('(') {
                return Some(());
            }
            let (mut depth, mut escaped, mut end) = (0, false, None);
            for (place, c) in self.rest.char_indices() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    end = Some(place + 1);
                    break;
                }
            }
            self.rest = &self.rest[end?..];
        }
    }

    /// A token or quoted string, or several joined; a key ends before `=`.
    fn word(&mut self, key: bool) -> Option<String> {
        let mut word = String::new();
        let mut quoted = false;
        while let Some(c) = self.rest.chars().next() {
            match c {
                '"' => {
                    self.take('"');
                    word.push_str(&self.quoted()?);
                    quoted = true;
                }
                ';' | '(' | ')' => break,
                '=' if key => break,
                c if c.is_whitespace() => break,
                c => {
                    self.take(c);
                    word.push(c);
                }
            }
        }
        (quoted || !word.is_empty()).then_some(word)
    }

    /// The rest of a quoted string (RFC 5322, 3.2.4).
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let c = self.rest.chars().next()?;
            self.take(c);
            match c {
                '"' => return Some(text),
                '\\' => {
                    let next = self.rest.chars().next()?;
                    self.take(next);
                    text.push(next);
                }
                c => text.push(c),
            }
        }
    }

    /// One method with its result and properties; nothing for the word `none`.
    fn one(&mut self) -> Option<Option<MethodResult>> {
        let method = self.word(true)?.to_ascii_lowercase();
        self.blank()?;
        if !self.take('=') {
            return (method == "none").then_some(None);
        }
        self.blank()?;
        let result = self.word(false)?.to_ascii_lowercase();
        let mut properties = Vec::new();
        loop {
            self.blank()?;
            if self.rest.is_empty() || self.rest.starts_with(';') {
                break;
            }
            let key = self.word(true)?.to_ascii_lowercase();
            self.blank()?;
            if !self.take('=') {
                return None;
            }
            self.blank()?;
            properties.push((key, self.word(false)?));
        }
        let method = method
            .split('/')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        Some(Some(MethodResult {
            method,
            result,
            properties,
        }))
    }
}

#[cfg(test)]
#[path = "authentication/tests.rs"]
mod tests;
