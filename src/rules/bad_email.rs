//! `bad_email`: the e-mail address cannot be one that mail reaches (RFC 5321, 5322).

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::email::deliverable;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::BadEmail,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let address = facts.order.customer.email.trim();
    if address.is_empty() {
        return None;
    }
    let why = deliverable(address).err()?;
    Some(format!(
        "no mail can be sent to '{}': {why}",
        shown(address)
    ))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
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
            "info@bücher.example",
            "a@例え.テスト",
            "x_y-z@1and1.com",
        ] {
            let mut desk = desk();
            desk.order.customer.email = address.to_owned();
            assert_eq!(desk.says(Code::BadEmail), None, "{address}");
        }
    }

    #[test]
    fn what_it_cannot_reach_fires() {
        for address in [
            "plain",
            "josé@mail.example",
            "\"a b\"@mail.example",
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
            let said = desk.says(Code::BadEmail);
            assert!(said.is_some_and(|said| !said.contains('\n')), "{address}");
        }
    }
}
