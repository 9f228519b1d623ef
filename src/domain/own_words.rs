//! What an order says of itself beside its goods: that its money was not taken, is still to come, or that
//! it is no order at all. Shops write such words under keys of their own; words that are not listed
//! here say nothing.

use super::order::Order;
use serde_json::{Map, Value};

/// What the words of an order come to: the places and what stands there, as `payment.status is "declined"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// The money was refused, or went back.
    pub not_paid: Vec<String>,
    /// The money is still to come.
    pub pending: Vec<String>,
    /// It is a test, a quote, a return, or cancelled.
    pub no_order: Vec<String>,
}

/// Money that was refused, or went back.
const NOT_PAID: &[&str] = &[
    "declined",
    "denied",
    "rejected",
    "refused",
    "failed",
    "failure",
    "payment failed",
    "payment declined",
    "error",
    "cancelled",
    "canceled",
    "void",
    "voided",
    "refunded",
    "fully refunded",
    "partially refunded",
    "reversed",
    "charged back",
    "chargeback",
    "disputed",
    "expired",
    "abandoned",
    "fraud",
    "not paid",
    "uncaptured",
];

/// Money that is still to come.
const PENDING: &[&str] = &[
    "pending",
    "pending payment",
    "payment pending",
    "awaiting payment",
    "waiting for payment",
    "unpaid",
    "due",
    "open",
    "on hold",
    "partially paid",
    "requires action",
    "requires payment method",
];

/// Words by which a part of the money may be here all the same.
const PARTLY: &[&str] = &[
    "partially refunded",
    "partially paid",
    "disputed",
    "fraud",
    "on hold",
];

/// Ways to pay that say at once whether they did: what is pending there has not been paid.
const AT_ONCE: &[&str] = &[
    "card",
    "visa",
    "mastercard",
    "amex",
    "discover",
    "paypal",
    "stripe",
    "apple",
    "google",
    "gift",
    "venmo",
    "klarna",
];

/// States of what is no order, or none any more.
const ENDED: &[&str] = &[
    "cancelled",
    "canceled",
    "void",
    "voided",
    "deleted",
    "refunded",
    "returned",
    "draft",
    "checkout draft",
    "quote",
    "test",
    "abandoned",
    "failed",
    "declined",
    "fraud",
    "rejected",
    "expired",
    "trash",
];

/// Kinds of papers that are no order.
const KINDS: &[&str] = &[
    "refund",
    "return",
    "rma",
    "quote",
    "quotation",
    "estimate",
    "draft",
    "draft order",
    "test",
    "test order",
    "credit",
    "credit memo",
    "credit note",
    "cancel",
    "cancellation",
    "invoice",
    "pro forma",
    "proforma",
    "sample",
];

/// Reads the words of an order.
pub fn own_words(order: &Order) -> OwnWords {
    let mut found = OwnWords::default();
    for said in of_money(order) {
        let one = format!("{} is {}", said.place, said.value);
        match said.standing {
            MoneyStanding::NotPaid => found.not_paid.push(one),
            MoneyStanding::Pending => found.pending.push(one),
        }
    }
    found.no_order = no_order(&order.extra, "");
    if let Some(paid) = &order.payment {
        let test = |(key, value): &(&String, &Value)| is_test(&plain(key), value);
        let tests = paid.extra.iter().filter(test);
        let said = tests.map(|(key, value)| format!("payment.{key} is {value}"));
        found.no_order.extend(said);
    }
    found
}

/// The first of an order's words that says that nothing of its money is here: refused, gone back or
/// still to come; none where a part of it may be.
pub fn no_money(order: &Order) -> Option<String> {
    let mut said = of_money(order).into_iter();
    let none = said.find(|said| !PARTLY.contains(&word(said.value).as_str()))?;
    Some(format!("{} is {}", none.place, none.value))
}

/// What a word of an order says of its money.
enum MoneyStanding {
    NotPaid,
    Pending,
}

/// A word about money: where it stands, what it is, and what it says.
struct MoneyWord<'a> {
    place: String,
    value: &'a Value,
    standing: MoneyStanding,
}

/// Every word of an order by which its money is not here.
fn of_money(order: &Order) -> Vec<MoneyWord<'_>> {
    let mut found = Vec::new();
    let method = order.payment.as_ref().and_then(|one| one.method.as_deref());
    let method = plain(method.unwrap_or_default());
    // a bank card and a gift card, and no postcard
    let mut words = method.split(' ');
    let at_once = words.any(|word| AT_ONCE.contains(&word) || word.ends_with("card"));
    let mut payment = |place: &str, key: &str, value| {
        let word = word(value);
        let paid = plain(key) == "paid";
        let pending = PENDING.contains(&word.as_str()) || (paid && is_no(&word));
        let standing = match NOT_PAID.contains(&word.as_str()) || (pending && at_once) {
            true => MoneyStanding::NotPaid,
            false if pending => MoneyStanding::Pending,
            false => return,
        };
        let place = format!("{place}{key}");
        found.push(MoneyWord {
            place,
            value,
            standing,
        });
    };
    if let Some(paid) = &order.payment {
        for (key, value) in &paid.extra {
            let of_state = [
                "status",
                "state",
                "result",
                "payment status",
                "paid",
                "outcome",
            ];
            if of_state.contains(&plain(key).as_str()) {
                payment("payment.", key, value);
            }
        }
    }
    for (key, value) in &order.extra {
        if [
            "payment status",
            "financial status",
            "payment state",
            "paid",
        ]
        .contains(&plain(key).as_str())
        {
            payment("", key, value);
        }
    }
    found
}

/// What of the order's own keys says that it is none.
fn no_order(extra: &Map<String, Value>, place: &str) -> Vec<String> {
    let says = |key: &str, value: &Value| {
        let (key, word) = (plain(key), word(value));
        match key.as_str() {
            "status" | "state" | "order status" | "order state" => ENDED.contains(&word.as_str()),
            "type" | "kind" | "order type" | "order kind" | "document type"
            | "transaction type" => KINDS.contains(&word.as_str()),
            "cancelled" | "canceled" | "is cancelled" | "voided" | "void" | "refunded"
            | "draft" | "is draft" | "is return" | "is quote" | "quote" => is_yes(&word),
            "cancelled at" | "canceled at" | "cancelled on" | "cancel reason" | "refunded at" => {
                !word.is_empty() && !is_no(&word)
            }
            _ => is_test(&key, value),
        }
    };
    let found = extra.iter().filter(|(key, value)| says(key, value));
    found
        .map(|(key, value)| format!("{place}{key} is {value}"))
        .collect()
}

/// Whether a key says that all of it was only tried out.
fn is_test(key: &str, value: &Value) -> bool {
    let word = word(value);
    match key {
        "test" | "is test" | "test order" | "test mode" | "sandbox" | "dry run" => is_yes(&word),
        "livemode" | "live mode" | "live" => is_no(&word),
        "mode" | "environment" => ["test", "sandbox", "testing"].contains(&word.as_str()),
        _ => false,
    }
}

fn is_yes(word: &str) -> bool {
    ["true", "yes", "y", "1"].contains(&word)
}

fn is_no(word: &str) -> bool {
    ["false", "no", "n", "0", "none"].contains(&word)
}

/// A value as one word; nothing for lists and objects.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => plain(text),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Small letters and digits, with one blank where signs or a new word of `camelCase` begin.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut small = false;
    for c in text.chars().take(200) {
        let gap = !c.is_alphanumeric() || (small && c.is_uppercase());
        if gap && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing;

    /// The payment, what stands beside it, and how many words are of each sort.
    const SAID: &[(&str, &str, [usize; 3])] = &[
        ("null", "{}", [0, 0, 0]),
        (
            r#"{"method": "card", "status": "paid"}"#,
            r#"{"status": "processing", "type": "sale", "test": false}"#,
            [0, 0, 0],
        ),
        (
            r#"{"method": "card", "status": "authorized"}"#,
            r#"{"paid": true, "mode": "live", "cancelled_at": null}"#,
            [0, 0, 0],
        ),
        (
            r#"{"method": "card", "status": "Declined"}"#,
            "{}",
            [1, 0, 0],
        ),
        (
            r#"{"method": "card", "status": "pending"}"#,
            "{}",
            [1, 0, 0],
        ),
        (
            r#"{"method": "credit_card", "paid": false}"#,
            "{}",
            [1, 0, 0],
        ),
        (
            r#"{"method": "bank transfer", "status": "pending"}"#,
            "{}",
            [0, 1, 0],
        ),
        (
            r#"{"method": "Net 30", "status": "unpaid"}"#,
            "{}",
            [0, 1, 0],
        ),
        (r#"{"status": "awaiting_payment"}"#, "{}", [0, 1, 0]),
        (
            "null",
            r#"{"financialStatus": "PARTIALLY_REFUNDED"}"#,
            [1, 0, 0],
        ),
        ("null", r#"{"payment_status": "failed"}"#, [1, 0, 0]),
        ("null", r#"{"status": "cancelled"}"#, [0, 0, 1]),
        ("null", r#"{"test": "1", "type": "Refund"}"#, [0, 0, 2]),
        ("null", r#"{"order_type": "quote"}"#, [0, 0, 1]),
        (r#"{"method": "card", "livemode": false}"#, "{}", [0, 0, 1]),
        ("null", r#"{"cancelled_at": "2025-06-01"}"#, [0, 0, 1]),
        (
            "null",
            r#"{"status": "galaxy", "type": ["refund"]}"#,
            [0, 0, 0],
        ),
    ];

    #[test]
    fn a_part_of_the_money_may_be_here() {
        let said = |word: &str| {
            let mut order = testing::order();
            let payment = serde_json::json!({"method": "card", "status": word});
            order.payment = serde_json::from_value(payment).unwrap();
            no_money(&order)
        };
        for word in ["paid", "Partially_refunded", "partially paid", "disputed"] {
            assert_eq!(said(word), None, "{word}");
        }
        for word in ["Chargeback", "awaitingPayment", "refunded", "declined"] {
            assert_eq!(said(word).unwrap(), format!("payment.status is \"{word}\""));
        }
    }

    #[test]
    fn each_word_is_taken_for_what_it_is_and_unknown_ones_for_nothing() {
        for (payment, more, hit) in SAID {
            let mut order = testing::order();
            order.payment = serde_json::from_str(payment).unwrap();
            order.extra = serde_json::from_str(more).unwrap();
            let found = own_words(&order);
            let counts = [
                found.not_paid.len(),
                found.pending.len(),
                found.no_order.len(),
            ];
            assert_eq!(counts, *hit, "{payment} {more}: {found:?}");
        }
    }
}
