//! What is understood of a bill's words, and what is not, on two orders of a shop's day.

use super::known::{BilledArticle, KnownBill};
use super::reader::strange;
use super::{parties, tokens};
use crate::domain::money::Money;
use chrono::NaiveDate;

fn article(numbers: [&str; 2], text: &str, pieces: i64, cents: i64) -> BilledArticle {
    let words = tokens::words(text, &KnownBill::default()).into_iter();
    let words = words.filter(|word| word.is != tokens::BREAK);
    BilledArticle {
        numbers: numbers.map(str::to_owned).to_vec(),
        texts: vec![words.map(|word| word.is).collect()],
        pieces: vec![pieces],
        cost: Money(cents),
    }
}

/// Two garden hoses and a set of 12 tent pegs for Ada Finch in Peru, Indiana.
fn known() -> KnownBill {
    let day = |day| NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
    KnownBill {
        orders: vec!["K70031-1".to_owned(), "K70031".to_owned()],
        bill: "INV-4471".to_owned(),
        vendor_orders: vec!["S-90112".to_owned()],
        parcels: vec!["1Z5R89390357567127".to_owned()],
        left: vec![day(4)],
        days: vec![day(6), day(1)],
        due: Some(day(30)),
        amounts: vec![Money(6250), Money(2500), Money(1250)],
        names: "ada finch 9 elm st peru in indiana 46970 wren outdoor blue ridge garden supply"
            .split(' ')
            .map(str::to_owned)
            .collect(),
        articles: vec![
            article(["HOSE-9", "BR-25"], "Garden Hose 25 ft, green", 2, 2500),
            article(["PEG-3", "BR-12"], "Tent Peg Set 12 pc, steel", 1, 1250),
        ],
        net: Some("30".to_owned()),
    }
}

#[test]
fn memos_of_bills_that_are_to_be_paid() {
    let known = known();
    for memo in [
        "K70031-1",
        "PO K70031-1",
        "Invoice for your PO# K70031-1, thank you for your business!",
        "INV-4471 / order K70031",
        "our SO S-90112",
        "Sales order 88-2210, PO: K70031-1",
        "2 garden hoses 25ft + 1 tent peg set",
        "2 x BR-25, 1 x BR-12",
        "Hose, green (2 ea); pegs",
        "Drop ship to Ada Finch, Peru IN 46970",
        "Web order K70031 - A. Finch",
        "Shipped 5/4/2026 via UPS Ground 1Z5R89390357567127",
        "Due 05/30/2026, net 30",
        "2% 10 Net 30",
        "Grn grdn hose",
        "Total $62.50",
        "Merchandise",
        "Thanks!!",
    ] {
        assert_eq!(strange(memo, &known, (&[0, 1], true)), None, "{memo}");
    }
}

#[test]
fn memos_that_say_more_than_is_known() {
    let known = known();
    for (memo, word) in [
        ("garden hose, red", "red"),
        ("green tent peg", "tent"),
        ("3 garden hoses", "3"),
        ("12 x tent peg set", "12"),
        ("hose 50 ft", "50"),
        ("K70031-1 second half", "second"),
        ("K70032-1", "K70032-1"),
        ("PO K70031-1, our order K70039-1", "K70039-1"),
        ("deposit", "deposit"),
        ("final", "final"),
        ("no hose", "no"),
        ("ship to Bert Crane", "ship"),
        ("net 10", "net 10"),
        ("Shipped 5/20/2026", "5"),
        ("$40.00 of $62.50", "$40.00"),
        ("hose*", "hose*"),
        ("K70031-1?", "K70031-1?"),
        ("awaiting approval", "awaiting"),
        ("1 of 2", "of"),
    ] {
        let found = strange(memo, &known, (&[0, 1], true));
        assert!(found.is_some(), "{memo}: expected {word}");
    }
}

#[test]
fn what_lines_are_called() {
    let known = known();
    for text in [
        "Garden Hose 25 ft, green",
        "GARDEN HOSE GREEN 25FT",
        "BR-25 hose",
        "Part no. BR-25 grdn hose 25'",
        "2 ea green hose",
    ] {
        assert_eq!(strange(text, &known, (&[0], false)), None, "{text}");
    }
    for text in [
        "Garden Hose 50 ft, green",
        "Garden Hose, blue",
        "Tent Peg Set",
        "Garden hose reel",
        "Green hose, used",
        "Hose (case of 6)",
        "Hose, open box",
        "Garden Hose 25 in",
        "Hose for Finch",
        "Sample garden hose",
        "BR-12",
        "6 garden hoses",
    ] {
        assert!(strange(text, &known, (&[0], false)).is_some(), "{text}");
    }
    let pegs = |text: &str| strange(text, &known, (&[1], false));
    assert_eq!(pegs("Tent pegs, steel, 12PC set"), None);
    assert!(pegs("Tent pegs, steel, 2 pc").is_some());
    assert!(pegs("12 tent peg sets").is_some());
}

#[test]
fn names_and_addresses() {
    let known = known();
    for cell in [
        "Ada Finch",
        "FINCH, ADA",
        "A. Finch, 9 Elm Street, Peru, IN 46970-1121",
        "Wren Outdoor LLC",
    ] {
        assert_eq!(parties::strange(cell, &known), None, "{cell}");
    }
    for (cell, word) in [
        ("Ada Crane", "crane"),
        ("Ada Finch, 12 Oak St", "12"),
        ("Wren Marina", "marina"),
    ] {
        assert_eq!(
            parties::strange(cell, &known).as_deref(),
            Some(word),
            "{cell}"
        );
    }
}
