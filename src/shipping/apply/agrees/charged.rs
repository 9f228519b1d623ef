//! Lines of bills that have an article's number and are called a charge, a service or money.

use super::RowSubject;
use super::own::{Own, alike, shortened, tokens};
use crate::vendor_docs::columns::{NamedCell, Of, marked};

/// Words of what is charged beside goods, or instead of them.
const CHARGES: &[&str] = &[
    "freight",
    "shipping",
    "handling",
    "restock",
    "restocking",
    "fee",
    "fees",
    "deposit",
    "subscription",
    "membership",
    "service",
    "services",
    "rental",
    "lease",
    "storage",
    "warranty",
    "labor",
    "labour",
    "repair",
    "installation",
    "consulting",
    "insurance",
    "credit",
    "debit",
    "adjustment",
    "rebate",
    "discount",
    "surcharge",
    "tax",
    "taxes",
    "tariff",
    "duty",
    "duties",
    "interest",
    "penalty",
    "prepayment",
    "retainer",
    "balance",
    "statement",
    "refund",
    "chargeback",
    "commission",
    "advertising",
    "allowance",
    "postage",
    "finance",
];

/// Words with which a line begins that is of goods that come back, or were never to be paid.
const BACK: &[&str] = &[
    "return",
    "returned",
    "refund",
    "credit",
    "rma",
    "void",
    "cancelled",
    "canceled",
];

/// The clause about a description that has no word of the article's and one of a charge; `None` for any other
/// cell.
pub(in crate::shipping::apply) fn charge(about: &RowSubject, one: &NamedCell) -> Option<String> {
    if one.of != Of::Text {
        return None;
    }
    let own = Own::of(about);
    let words = tokens(&one.cell);
    let goods = |word: &String| {
        let near = |own: &String| alike(word, own) || shortened(word, own);
        word.chars().count() > 2 && own.goods.iter().any(near)
    };
    let charged = words.iter().any(|word| CHARGES.contains(&word.as_str()));
    let first = words.first().filter(|word| !goods(word));
    let first = first
        .is_some_and(|word| BACK.contains(&word.as_str()) || words.len() > 1 && word == "credit");
    let other = first || charged && !words.iter().any(goods);
    other.then(|| format!("{}, {}", marked(&one.heading, &one.cell), own.called(about)))
}
