//! What the templates get to see: plain values, made harmless before they are printed.

use super::customer::Expected;
use crate::domain::codes::{ExceptionCode, Remedy, Severity};
use crate::domain::money::Money;
use crate::domain::po_document::Letterhead;
use crate::domain::shop_order::Charge;
use crate::domain::text;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A customer's order that was passed on to its vendors. There is no PO number in it: customers
/// never get to see one.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedContext {
    /// Who writes.
    pub shop: Letterhead,
    /// The shop's order number.
    pub order_number: String,
    /// The day of the order, in the site's time zone.
    pub order_date: NaiveDate,
    /// The customer who ordered.
    pub customer_name: String,
    /// What was ordered.
    pub lines: Vec<PlacedLine>,
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// Sum of the lines' amounts.
    pub goods: Money,
    /// Taken off, as a positive amount; `None` when there is none.
    pub discount: Option<Money>,
    /// Charged for shipping.
    pub shipping: Money,
    /// Fees, tips, rounding (name, amount).
    #[serde(default)]
    pub charges: Vec<Charge>,
    /// Charged as tax.
    pub tax: Money,
    /// Whether the prices have the tax in them.
    #[serde(default)]
    pub tax_included: bool,
    /// Paid in all.
    pub total: Money,
    /// The label, a line each.
    pub ship_to: Vec<String>,
    /// The service chosen.
    pub shipping_method: Option<String>,
    /// Delivery that the customer may expect, at the latest.
    pub expected_date: Option<NaiveDate>,
    /// Whether that is an estimate, and not the carrier's word.
    #[serde(default)]
    pub estimate: bool,
    /// What is printed for the one who receives it.
    pub gift_message: Option<String>,
    /// Whether more than one vendor ships.
    pub several_parcels: bool,
    /// What comes when, if more than one vendor ships; each from a warehouse of its own.
    #[serde(default)]
    pub parcels: Vec<Expected>,
}

/// One line of a customer's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedLine {
    /// The shop's number for the goods.
    pub sku: String,
    /// Plain words for the goods.
    pub description: String,
    /// Pieces.
    pub qty: i64,
    /// What the customer paid for one.
    pub unit_price: Money,
    /// Quantity times unit price.
    pub amount: Money,
}

/// What one run found for a person to decide.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminContext {
    /// Name of the site.
    pub site: String,
    /// Number of the run.
    pub run: i64,
    /// When the run began.
    pub now: DateTime<Utc>,
    /// The site's zone, in which screens show times, too: a name of the tz database.
    #[serde(default = "utc")]
    pub zone: String,
    /// The exceptions that are new, oldest first.
    pub items: Vec<AdminItem>,
    /// Exceptions open in all, these included.
    pub open: usize,
    /// How commands to be copied begin: `poms`, with `--config` where it is needed.
    pub poms: String,
    /// What admins were told of before, and nobody has decided since.
    #[serde(default)]
    pub again: Vec<AdminItem>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// One exception.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminItem {
    /// Its number, as `poms exceptions show` takes it.
    pub id: i64,
    /// Its code.
    pub code: ExceptionCode,
    /// Whether it stops something.
    pub severity: Severity,
    /// What it belongs to, such as `order W200001` or `message 3fa9`.
    pub entity: String,
    /// The order it concerns, if one.
    pub order: Option<String>,
    /// What is wrong, in plain language.
    pub message: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What can be done as things stand.
    pub remedies: Vec<Remedy>,
    /// What to type for it.
    #[serde(default)]
    pub commands: Vec<String>,
}

/// Keys whose text may have several lines; all others have one.
const BLOCKS: [&str; 4] = ["message", "gift_message", "terms", "instructions"];

/// How far the texts of a context are changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tidy {
    /// Line ends, controls and the like only ([`text::line`], [`text::block`]).
    Plain,
    /// Also what mail programs would turn into a link, but for the shop's own values.
    NoLinks,
}

/// A context as a template value.
///
/// # Errors
/// When the context cannot be serialised, which plain structs always can.
pub(super) fn value(context: &impl Serialize, how: Tidy) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(context)?;
    tidy(&mut value, "", how);
    Ok(value)
}

fn tidy(value: &mut Value, key: &str, how: Tidy) {
    match value {
        Value::String(content) => {
            let clean = match BLOCKS.contains(&key) {
                true => text::block(content),
                false => text::line(content),
            };
            *content = match how {
                Tidy::Plain => clean,
                Tidy::NoLinks => without_links(&clean),
            };
        }
        Value::Array(all) => all.iter_mut().for_each(|one| tidy(one, key, how)),
        Value::Object(map) => {
            for (key, one) in map.iter_mut() {
                // the shop's own words, and the address of a carrier's page
                let ours = matches!(key.as_str(), "shop" | "url");
                let how = if ours { Tidy::Plain } else { how };
                tidy(one, key, how);
            }
        }
        _ => {}
    }
}

/// Puts `mark` into every text that is no amount, day, moment or word that templates compare.
pub(super) fn mark(value: &mut Value, key: &str, with: &str) {
    const WORDS: [&str; 4] = ["kind", "code", "currency", "unanswered"];
    match value {
        Value::String(text) => {
            let amount = text.parse::<Money>().is_ok();
            let day = text.parse::<NaiveDate>().is_ok();
            let moment = DateTime::parse_from_rfc3339(text).is_ok();
            if !amount && !day && !moment && !WORDS.contains(&key) {
                text.push_str(with);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| mark(one, key, with)),
        Value::Object(map) => map.iter_mut().for_each(|(key, one)| mark(one, key, with)),
        _ => {}
    }
}

/// Breaks up what mail programs make links of by themselves (`https://…`, `www.…`, `evil.example`,
/// `a@b.example`), with a zero-width space that no one sees: an order's text must not put a link
/// into a mail that bears the shop's name.
fn without_links(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        safe.push(c);
        let next = rest.peek().copied().unwrap_or(' ');
        let joins = match c {
            '.' | '。' | '．' => next.is_alphabetic(),
            ':' => next == '/' || next == '\\',
            '@' => !next.is_whitespace(),
            _ => false,
        };
        if joins {
            safe.push('\u{200b}');
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_broken_and_the_rest_is_left() {
        for (text, safe) in [
            (
                "see https://evil.example/x",
                "see https:\u{200b}//evil.\u{200b}example/x",
            ),
            ("www.evil.com", "www.\u{200b}evil.\u{200b}com"),
            ("a@b.c", "a@\u{200b}b.\u{200b}c"),
            ("Apt. 388, 18.50, No.7", "Apt. 388, 18.50, No.7"),
        ] {
            assert_eq!(without_links(text), safe);
        }
    }
}
