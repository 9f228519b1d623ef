//! `bad_email`: the e-mail address cannot be one that mail reaches (RFC 5321, 5322).

use super::settings::Settings;
use super::words::shown;
use super::{Facts, Rule};
use crate::domain::foreign::is_hidden;
use email_address::{EmailAddress, Options};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: "bad_email",
    check,
};

fn check(facts: &Facts, _: &Settings) -> Option<String> {
    let address = facts.order.customer.email.trim();
    if address.is_empty() {
        return None;
    }
    let why = fault(address)?;
    Some(format!("'{}' is no e-mail address: {why}", shown(address)))
}

/// Why the address cannot be one; `None` when it can.
fn fault(address: &str) -> Option<String> {
    if address.chars().any(is_hidden) {
        return Some("it has control characters".to_owned());
    }
    let options = Options::default()
        .without_display_text()
        .without_domain_literal()
        .with_required_tld();
    let parsed = match EmailAddress::parse_with_options(address, options) {
        Ok(parsed) => parsed,
        Err(fault) => return Some(fault.to_string().trim_end_matches('.').to_lowercase()),
    };
    let tld = parsed.domain().rsplit('.').next().unwrap_or_default();
    let plausible = tld.to_ascii_lowercase().starts_with("xn--")
        || (tld.chars().count() >= 2 && tld.chars().all(char::is_alphabetic));
    (!plausible).then(|| format!("no domain ends in .{}", shown(tld)))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::desk;

    #[test]
    fn what_mail_can_reach_passes() {
        for address in [
            "c@mail.example",
            " c@mail.example ",
            "first.last+tag@sub.shop.co.uk",
            "o'brien@mail.example",
            "a@xn--bcher-kva.example",
            "a@b.xn--p1ai",
            "josé@mail.example",
            "x_y-z@1and1.com",
        ] {
            let mut desk = desk();
            desk.order.customer.email = address.to_owned();
            assert_eq!(desk.says("bad_email"), None, "{address}");
        }
    }

    #[test]
    fn what_it_cannot_reach_fires() {
        for address in [
            "plain",
            "@mail.example",
            "a@",
            "a@localhost",
            "a@mail..example",
            "a@.example",
            "a@mail.example.",
            "a b@mail.example",
            "a@mail example.com",
            "a@b@mail.example",
            "César <c@mail.example>",
            "<c@mail.example>",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@mail.c",
            "a@mail.123",
            "a@mail.example\r\nBcc: x@y.example",
            "a\u{0}@mail.example",
            "a,b@mail.example",
            "a@mail.example, b@mail.example",
            ".a@mail.example",
            "a.@mail.example",
            "a..b@mail.example",
            "a@-mail.example",
        ] {
            let mut desk = desk();
            desk.order.customer.email = address.to_owned();
            let said = desk.says("bad_email");
            assert!(said.is_some_and(|said| !said.contains('\n')), "{address}");
        }
    }
}
