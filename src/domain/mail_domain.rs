//! Whose a mail's domain is: one address on file, or the whole domain where the vendor's row says so.

use serde_json::{Map, Value};

/// The optional column of the vendors' file: `yes` for the domain of the address on file, `no`, or
/// the domains themselves. Empty is `no`.
pub const COLUMN: &str = "mail_domain";

/// Domains whose addresses anyone can have: never one vendor's.
const OPEN_TO_ALL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "att.net",
    "bell.net",
    "bellsouth.net",
    "bigpond.com",
    "btinternet.com",
    "centurylink.net",
    "charter.net",
    "comcast.net",
    "cox.net",
    "duck.com",
    "earthlink.net",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freenet.de",
    "frontier.com",
    "frontiernet.net",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "icloud.com",
    "juno.com",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "mindspring.com",
    "msn.com",
    "naver.com",
    "netzero.net",
    "onmicrosoft.com",
    "optonline.net",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "pacbell.net",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "roadrunner.com",
    "rocketmail.com",
    "rogers.com",
    "rr.com",
    "sbcglobal.net",
    "shaw.ca",
    "sky.com",
    "spectrum.net",
    "suddenlink.net",
    "swbell.net",
    "sympatico.ca",
    "t-online.de",
    "talktalk.net",
    "telus.net",
    "tutanota.com",
    "verizon.net",
    "virginmedia.com",
    "wanadoo.fr",
    "web.de",
    "windstream.net",
    "yahoo.ca",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Whether the domain belongs to a mail service for everybody, as far as poms knows them: no list of
/// these is ever whole, so nothing is believed because a domain is not on it.
pub fn open_to_all(domain: &str) -> bool {
    OPEN_TO_ALL.iter().any(|known| aligned(domain, known))
}

/// Whether two domains are one organisation's: equal, or one below the other, which must have two
/// labels at least.
pub fn aligned(one: &str, other: &str) -> bool {
    let clean = |domain: &str| domain.trim_end_matches('.').to_ascii_lowercase();
    let (one, other) = (clean(one), clean(other));
    let below = |lower: &str, upper: &str| {
        lower
            .strip_suffix(upper)
            .is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
    };
    let shorter = if one.len() < other.len() {
        &one
    } else {
        &other
    };
    if shorter.split('.').filter(|label| !label.is_empty()).count() < 2 {
        return false;
    }
    one == other || below(&one, &other) || below(&other, &one)
}

/// The part of an address behind its last `@`, in small letters; empty without one.
pub fn domain_of(address: &str) -> String {
    let parts = address.trim().rsplit_once('@');
    parts.map_or_else(String::new, |(_, domain)| domain.to_ascii_lowercase())
}

/// The domains that a vendor's row says are wholly the vendor's; none when the cell is empty or `no`.
///
/// # Errors
/// A sentence about what the cell should hold.
pub fn whole(cell: &str, email: &str) -> Result<Vec<String>, String> {
    let cell = cell.trim().to_ascii_lowercase();
    let own = domain_of(email);
    let named: Vec<String> = match cell.as_str() {
        "" | "no" | "n" | "false" | "0" => return Ok(Vec::new()),
        "yes" | "y" | "true" | "1" if own.is_empty() => {
            return Err("is yes, and there is no address whose domain that could be".to_owned());
        }
        "yes" | "y" | "true" | "1" => vec![own],
        _ => {
            let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
            let words = cell.split(apart).filter(|word| !word.is_empty());
            words
                .map(|word| word.trim_start_matches('@').to_owned())
                .collect()
        }
    };
    for domain in &named {
        let label = |label: &str| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
            !label.is_empty() && label.len() <= 63 && label.bytes().all(plain)
        };
        if domain.len() > 253 || !domain.contains('.') || !domain.split('.').all(label) {
            let shown: String = domain.chars().take(60).collect();
            return Err(format!(
                "'{shown}' is neither yes or no nor a domain such as acme.example: write yes only if everybody with an \
                 address there works for this vendor"
            ));
        }
        if open_to_all(domain) {
            return Err(format!(
                "{domain} is a mail service for everybody: anyone there would be this vendor. Leave it empty, and the \
                 address on file alone counts"
            ));
        }
    }
    Ok(named)
}

/// The same of a row's other columns, whose name may be in any case; none where the cell is not as it
/// should be.
pub fn of_row(extra: &Map<String, Value>, email: &str) -> Vec<String> {
    let mut cells = extra
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(COLUMN));
    let cell = cells.next().and_then(|(_, cell)| cell.as_str());
    whole(cell.unwrap_or_default(), email).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_yes_no_or_which() {
        let email = "Orders@Acme.example";
        for (cell, wanted) in [
            ("", ""),
            (" No ", ""),
            ("yes", "acme.example"),
            ("acme.example", "acme.example"),
            (
                "@acme.example; mail.acme.example",
                "acme.example mail.acme.example",
            ),
        ] {
            let found = whole(cell, email).expect(cell);
            assert_eq!(found.join(" "), wanted, "{cell}");
        }
        for (cell, email, word) in [
            ("yes", "", "no address"),
            ("yes", "acme.goods@gmail.com", "for everybody"),
            ("att.net", email, "for everybody"),
            ("sure", email, "neither yes or no"),
            ("acme", email, "neither yes or no"),
            ("a..example", email, "neither yes or no"),
            ("https://acme.example", email, "neither yes or no"),
        ] {
            let said = whole(cell, email).expect_err(cell);
            assert!(said.contains(word), "{cell}: {said}");
        }
    }

    #[test]
    fn services_for_everybody_are_known_by_any_of_their_hosts() {
        for domain in ["gmail.com", "GMAIL.COM.", "mail.yahoo.com", "x.att.net"] {
            assert!(open_to_all(domain), "{domain}");
        }
        for domain in ["acme.example", "notgmail.com", "com"] {
            assert!(!open_to_all(domain), "{domain}");
        }
        let mut sorted = OPEN_TO_ALL.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, OPEN_TO_ALL, "in order, each once");
    }
}
