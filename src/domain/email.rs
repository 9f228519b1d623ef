//! E-mail addresses of other people: which of them a mail can reach, and how they are written for
//! mail servers (RFC 5321, 5322; domains by IDNA, UTS 46).

use super::foreign::{cut, is_hidden};
use email_address::{EmailAddress, Options};

/// Characters of a name that a header shows.
const LONGEST_NAME: usize = 60;

/// Bytes of an address that no header, envelope or mail server mistakes for something else.
fn plain(b: u8) -> bool {
    b.is_ascii_graphic() && !b"()<>[]:;,\\\"".contains(&b)
}

/// Why no mail can be addressed so; each reads as the end of a sentence that begins with the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undeliverable {
    /// It has characters that nobody sees.
    #[error("it has control characters")]
    Hidden,
    /// It is no address, in the parser's words.
    #[error("{0}")]
    Malformed(String),
    /// It has a letter that needs SMTPUTF8 (RFC 6531).
    #[error(
        "it has '{0}' before the @, and most mail servers take only letters without accents there (RFC 6531)"
    )]
    Accented(char),
    /// It has a sign that no mailbox has.
    #[error("it has {0} before the @")]
    Sign(char),
    /// What stands after the @ is no domain.
    #[error("'{0}' is no domain")]
    NoDomain(String),
    /// The domain is one of a local network.
    #[error("the domain {0} has no ending such as .com")]
    NoEnding(String),
    /// No such top-level domain can be.
    #[error("no domain ends in .{0}")]
    UnknownEnding(String),
}

/// The address as it stands in headers and envelopes: trimmed, its domain in ASCII
/// (`bücher.example` is `xn--bcher-kva.example`).
///
/// # Errors
/// Why no mail could be addressed so, as the end of a sentence that begins with the address.
pub fn wire(address: &str) -> Result<String, Undeliverable> {
    let address = address.trim();
    if address.chars().any(is_hidden) {
        return Err(Undeliverable::Hidden);
    }
    let options = Options::default()
        .without_display_text()
        .without_domain_literal();
    let parsed = EmailAddress::parse_with_options(address, options).map_err(|fault| {
        Undeliverable::Malformed(fault.to_string().trim_end_matches('.').to_lowercase())
    })?;
    let local = parsed.local_part();
    if let Some(c) = local.chars().find(|c| !c.is_ascii()) {
        return Err(Undeliverable::Accented(c));
    }
    if let Some(b) = local.bytes().find(|b| !plain(*b)) {
        return Err(Undeliverable::Sign(char::from(b)));
    }
    let no_domain = || Undeliverable::NoDomain(cut(parsed.domain(), 60));
    let domain = idna::domain_to_ascii_strict(parsed.domain().trim()).map_err(|_| no_domain())?;
    let wire = format!("{local}@{domain}");
    let fits = wire.len() <= 254 && wire.bytes().all(plain) && EmailAddress::is_valid(&wire);
    fits.then_some(wire).ok_or_else(no_domain)
}

/// The same for an address that a customer gave: a mail must reach it from anywhere, so that its
/// domain needs an ending that there can be.
///
/// # Errors
/// As [`wire`].
pub fn deliverable(address: &str) -> Result<String, Undeliverable> {
    let wire = wire(address)?;
    let domain = wire.rsplit('@').next().unwrap_or_default();
    let (_, ending) = domain
        .rsplit_once('.')
        .ok_or_else(|| Undeliverable::NoEnding(cut(domain, 60)))?;
    let plausible = ending.starts_with("xn--")
        || (ending.len() >= 2 && ending.bytes().all(|b| b.is_ascii_alphabetic()));
    match plausible {
        true => Ok(wire),
        false => Err(Undeliverable::UnknownEnding(cut(ending, 60))),
    }
}

/// A person's name as it stands before the address in a header: an over-long one is cut there, for
/// the address alone brings the mail to them.
pub fn shown_name(name: &str) -> String {
    let name = name.trim();
    match name.char_indices().nth(LONGEST_NAME) {
        None => name.to_owned(),
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_of_all_scripts_become_ascii() {
        for (address, expected) in [
            (" c@mail.example ", "c@mail.example"),
            ("César@MAIL.example", ""),
            ("info@bücher.example", "info@xn--bcher-kva.example"),
            ("info@BÜCHER.example", "info@xn--bcher-kva.example"),
            ("a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"),
            ("o'brien+tag@sub.shop.co.uk", "o'brien+tag@sub.shop.co.uk"),
            ("\"a b\"@mail.example", ""),
            ("a@xn--\u{fffd}.example", ""),
            ("a@mail.example\r\nBcc: b@mail.example", ""),
        ] {
            let said = deliverable(address);
            assert_eq!(said.ok().unwrap_or_default(), expected, "{address}");
        }
        assert_eq!(wire("root@localhost").unwrap(), "root@localhost");
        assert!(deliverable("root@localhost").is_err());
    }

    #[test]
    fn letters_before_the_at_are_named() {
        let said = deliverable("josé@mail.example").unwrap_err().to_string();
        assert!(said.contains("'é' before the @"), "{said}");
    }

    #[test]
    fn lengths_are_those_of_the_ascii_form() {
        let long = format!("{}@mail.example", "a".repeat(64));
        assert_eq!(wire(&long).unwrap(), long);
        assert!(wire(&format!("a{long}")).is_err());
        let label = format!("a@{}.example", "ü".repeat(63));
        assert!(wire(&label).is_err());
    }
}
