use super::*;
use crate::vendor_docs::reply::AskedLine;
use proptest::prelude::*;

const NUMBER: &str = "1Z5R89390357567127";

fn plain(text: &str) -> Plain {
    beside(text, &[NUMBER])
}

/// A line of lamps.
pub(super) fn lamp() -> AskedLine {
    AskedLine {
        line: 1,
        sku: "BF63-12163".to_owned(),
        vendor_sku: "VS-100".to_owned(),
        description: "Brass Floor Lamp".to_owned(),
        ordered: 2,
        open: 0,
        unit_cost: None,
    }
}

/// Read beside these tracking numbers; without any it is an answer.
fn beside(text: &str, tracking: &[&str]) -> Plain {
    let line = lamp();
    let asked = AskedPo {
        po_number: "W200001-1",
        lines: &[line],
        vendor: None,
    };
    let known = KnownBeside {
        tracking: tracking.iter().map(|one| (*one).to_owned()).collect(),
        ..KnownBeside::default()
    };
    read(text, asked, "2025-12-03".parse().unwrap(), &known)
}

fn acts(text: &str) -> bool {
    let plain = plain(text);
    plain.left && plain.doubts().is_empty() && plain.never.is_empty()
}

#[test]
fn what_says_that_goods_left() {
    for text in [
        "Shipped. 1Z5R89390357567127",
        "Your order W200001-1 shipped today by UPS Ground, 1Z5R89390357567127.",
        "Hi Sam,\n\ngood news! Your lamps are on their way: 1Z5R89390357567127\n\nJane Roe\nAcme Home Goods\n12 Main St, Portland ME 04101\nPhone: 207-555-0142",
        "Tracking #: 1Z5R 8939 0357 567127",
        "PO: W200001-1\nCarrier: UPS\nTracking: 1Z5R89390357567127\nShip date: 12/03/2025",
    ] {
        assert!(acts(text), "{text}: {:?}", plain(text));
    }
}

#[test]
fn what_does_not() {
    for text in [
        "1Z5R89390357567127",
        "Shipped? 1Z5R89390357567127",
        "Shipped next week, 1Z5R89390357567127",
        "Shipped 12/3/2024 1Z5R89390357567127",
        "Old tracking: 1Z5R89390357567127",
        "Tracking: 1Z5R89390357567127\nStatus: Voided",
        "Tracking: 1Z5R89390357567127 (not picked up)",
        "Estimated ship date: 12/03/2025\nTracking: 1Z5R89390357567127",
        "Shipped, 1Z5R89390357567127. Or was it?",
        "Will ship today. 1Z5R89390357567127",
        "W200002-1 shipped today, 1Z5R89390357567127",
        "Shipped 1Z5R89390357567127 and 1Z5R89390357567128",
    ] {
        assert!(!acts(text), "{text}: {:?}", plain(text));
    }
}

#[test]
fn a_yes_by_itself() {
    for text in [
        "👍 confirmed",
        "Confirmed ✅",
        "x 2: accepted",
        "2 x accepted",
        "Qty: 2 accepted",
        "Roger that, order accepted.",
        "We herewith confirm your order W200001-1.\n\nYours faithfully,\nM. Okafor",
    ] {
        let plain = beside(text, &[]);
        assert!(plain.yes && plain.strange.is_empty(), "{text}: {plain:?}");
    }
    for text in [
        "👎 confirmed",
        "x 1: accepted",
        "x 3: accepted",
        "x 2: accepted, x 1: refused",
        "2 accepted",
        "Confirmed 👍 but in chrome",
        "👍",
        "🚫 confirmed",
        "x 2",
    ] {
        let plain = beside(text, &[]);
        assert!(!plain.only_yes(), "{text}: {plain:?}");
    }
}

#[test]
fn a_strange_sentence_is_marked_where_it_stands() {
    let text = "Confirmed. Freight will be $25.00. Thanks!\n\nBob";
    let strange = plain(text).strange;
    assert_eq!(strange, ["Freight will be $25.00"]);
    let shown = marked(text, &strange);
    assert_eq!(
        shown,
        "Confirmed. >>Freight will be $25.00<<. Thanks!\n\nBob"
    );
    assert!(phrases::compile());
}

proptest! {
    #[test]
    fn never_panics(text in "(shipped|confirmed|will|not|tracking|1Z5R89390357567127|: |, |\\. |\n|\t|12/3|BF63-12163|\\PC){0,30}") {
        marked(&text, &plain(&text).strange);
    }

    /// A word that is on no list, wherever it stands, and nothing acts.
    #[test]
    fn an_unknown_word_anywhere_stops_it(word in "zq[a-z]{2,8}", at in 0usize..6) {
        let mut words: Vec<&str> = "Your order shipped today by UPS 1Z5R89390357567127".split(' ').collect();
        words.insert(at, &word);
        prop_assert!(!acts(&words.join(" ")));
    }
}
