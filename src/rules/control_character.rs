//! `control_character`: a field holds a control character, a line separator or a bidi override.
//!
//! Newlines and tabs are at home in what the customer writes (comments, gift message) and in keys
//! that poms does not know; everywhere else they could forge a header of a mail.

use super::phrases::joined;
use super::{Facts, Rule};
use crate::domain::address::Address;
use crate::domain::codes::Code;
use crate::domain::foreign::is_hidden;
use crate::domain::order::Order;
use crate::domain::rule_settings::RuleSettings;
use serde_json::{Map, Value};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::ControlCharacter,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let order = facts.order;
    let mut found = ControlCharacters(Vec::new());
    found.own(order);
    found.address("ship_to", &order.ship_to);
    if let Some(address) = &order.bill_to {
        found.address("bill_to", address);
    }
    for (place, line) in order.lines.iter().enumerate() {
        let path = || format!("lines[{place}]");
        found.text(&path, "sku", &line.sku, false);
        let description = line.description.as_deref().unwrap_or_default();
        found.text(&path, "description", description, false);
        found.extra(&path, &line.extra);
    }
    joined(&found.0)
}

/// What was found, in words.
struct ControlCharacters(Vec<String>);

impl ControlCharacters {
    /// The order's own fields, its customer and payment.
    fn own(&mut self, order: &Order) {
        let customer = &order.customer;
        let payment = order.payment.as_ref();
        let method = payment.and_then(|payment| payment.method.as_deref());
        let reference = payment.and_then(|payment| payment.reference.as_deref());
        let top = || String::new();
        for (key, text, lines) in [
            ("order_number", Some(order.order_number.as_str()), false),
            ("currency", Some(order.currency.as_str()), false),
            ("customer.id", customer.id.as_deref(), false),
            ("customer.name", Some(customer.name.as_str()), false),
            ("customer.email", Some(customer.email.as_str()), false),
            ("customer.phone", Some(customer.phone.as_str()), false),
            ("shipping_method", order.shipping_method.as_deref(), false),
            ("payment.method", method, false),
            ("payment.reference", reference, false),
            ("required_by", order.required_by.as_deref(), false),
            ("comments", order.comments.as_deref(), true),
            ("gift_message", order.gift_message.as_deref(), true),
        ] {
            self.text(&top, key, text.unwrap_or_default(), lines);
        }
        self.extra(&top, &order.extra);
        self.extra(&|| "customer".to_owned(), &customer.extra);
        if let Some(payment) = payment {
            self.extra(&|| "payment".to_owned(), &payment.extra);
        }
    }

    fn address(&mut self, name: &str, address: &Address) {
        let path = || name.to_owned();
        for (key, text) in [
            ("name", &address.name),
            ("street1", &address.street1),
            ("street2", &address.street2),
            ("city", &address.city),
            ("state", &address.state),
            ("zip", &address.zip),
            ("country", &address.country),
        ] {
            self.text(&path, key, text, false);
        }
        self.extra(&path, &address.extra);
    }

    /// Keys that poms does not know, with all below them.
    fn extra(&mut self, path: &dyn Fn() -> String, extra: &Map<String, Value>) {
        for (key, value) in extra {
            self.text(path, "a key", key, false);
            self.value(path, key, value);
        }
    }

    fn value(&mut self, path: &dyn Fn() -> String, key: &str, value: &Value) {
        let below = || dotted(&path(), key);
        match value {
            Value::String(text) => self.text(path, key, text, true),
            Value::Array(list) => list.iter().for_each(|item| self.value(path, key, item)),
            Value::Object(map) => self.extra(&below, map),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// One text; `lines` says that newlines and tabs are fine in it.
    fn text(&mut self, path: &dyn Fn() -> String, key: &str, text: &str, lines: bool) {
        let wrong = |c: &char| is_hidden(*c) && !(lines && matches!(c, '\n' | '\r' | '\t'));
        if let Some(c) = text.chars().find(wrong) {
            let place = super::phrases::shown(&dotted(&path(), key));
            self.0.push(format!("{place} holds {}", name_of(c)));
        }
    }
}

fn dotted(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// A character by its code point and, for the usual ones, its name.
fn name_of(c: char) -> String {
    let name = match c {
        '\0' => " (NUL)",
        '\t' => " (tab)",
        '\n' => " (newline)",
        '\r' => " (carriage return)",
        '\u{1b}' => " (escape)",
        '\u{2028}' | '\u{2029}' => " (line separator)",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => " (bidi control)",
        _ => "",
    };
    format!("U+{:04X}{name}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::domain::order::{Order, Payment};
    use crate::rules::testing::desk;
    use serde_json::json;

    #[test]
    fn controls_in_any_field_fire() {
        for (spoil, said) in [
            (
                (|o| o.customer.email.push_str("\r\nBcc: x")) as fn(&mut Order),
                "customer.email holds U+000D (carriage return)",
            ),
            (
                |o| o.ship_to.street2 = "a\tb".into(),
                "ship_to.street2 holds U+0009 (tab)",
            ),
            (
                |o| o.ship_to.name = "a\u{202e}b".into(),
                "ship_to.name holds U+202E (bidi control)",
            ),
            (
                |o| o.customer.name = "a\u{85}b".into(),
                "customer.name holds U+0085",
            ),
            (
                |o| o.lines[0].description = Some("a\u{2028}b".into()),
                "lines[0].description holds U+2028 (line separator)",
            ),
            (
                |o| o.comments = Some("a\u{1b}[2J".into()),
                "comments holds U+001B (escape)",
            ),
            (
                |o| o.gift_message = Some("a\0".into()),
                "gift_message holds U+0000 (NUL)",
            ),
            (
                |o| {
                    o.payment = Some(Payment {
                        method: Some("a\n".into()),
                        ..Payment::default()
                    })
                },
                "payment.method holds U+000A (newline)",
            ),
            (
                |o| drop(o.extra.insert("x".into(), json!({"y": ["a", "b\u{7}"]}))),
                "x.y holds U+0007",
            ),
            (
                |o| drop(o.lines[0].extra.insert("k\n".into(), json!(1))),
                "lines[0].a key holds U+000A (newline)",
            ),
        ] {
            let mut desk = desk();
            spoil(&mut desk.order);
            assert_eq!(desk.says(Code::ControlCharacter).as_deref(), Some(said));
        }
    }

    #[test]
    fn lines_of_people_and_all_scripts_pass() {
        let mut desk = desk();
        desk.order.comments = Some("Leave it\r\nat the\tdoor".to_owned());
        desk.order.gift_message = Some("Happy\nbirthday! 🎂 שלום".to_owned());
        desk.order.customer.name = "Zoë \u{200f}שלום\u{a0}李".to_owned();
        desk.order
            .extra
            .insert("note".to_owned(), json!("two\nlines"));
        assert_eq!(desk.says(Code::ControlCharacter), None);
    }
}
