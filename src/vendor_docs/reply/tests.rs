use super::*;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// Wednesday, 3 December 2025.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 12, 3).unwrap()
}

fn lines() -> Vec<AskedLine> {
    let line = |line, sku: &str, vendor_sku: &str, description: &str| AskedLine {
        line,
        sku: sku.to_owned(),
        vendor_sku: vendor_sku.to_owned(),
        description: description.to_owned(),
        ordered: 0,
        open: 0,
        unit_cost: None,
    };
    vec![
        line(1, "BF63-12163", "VS-100", "Brass Floor Lamp"),
        line(2, "QX10-2", "9981", "Garden Hose 25 m"),
        line(3, "QX10-2-RED", "", "Garden Hose 25 m, red"),
    ]
}

fn read_text(text: &str) -> Reply {
    let lines = lines();
    let asked = AskedPo {
        po_number: "W200001-1",
        lines: &lines,
        vendor: None,
    };
    read(Some(text), None, asked, today())
}

fn read_file(path: &Path) -> serde_json::Value {
    let bytes = std::fs::read(path).unwrap();
    let lines = lines();
    let asked = AskedPo {
        po_number: "W200001-1",
        lines: &lines,
        vendor: None,
    };
    let text = String::from_utf8_lossy(&bytes);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => match structured::read(&bytes, today()) {
            Some((rows, errors)) => serde_json::json!({"rows": rows, "errors": errors}),
            None => serde_json::Value::Null,
        },
        Some("many") => serde_json::Value::Array(text.split("\n%%\n").map(compact).collect()),
        Some("html") => serde_json::to_value(read(None, Some(&text), asked, today())).unwrap(),
        _ => serde_json::to_value(read_text(&text)).unwrap(),
    }
}

/// One of many replies in a file: what it says, as one line for each statement.
fn compact(text: &str) -> serde_json::Value {
    let reply = read_text(text);
    let said = reply.per_line.iter().map(|(scope, ack)| {
        let of = match scope {
            Scope::All => "all",
            Scope::Sku(sku) => sku,
        };
        match ack {
            Ack::Accepted => format!("{of}: accepted"),
            Ack::Backordered { until: Some(day) } => format!("{of}: backordered until {day}"),
            Ack::Backordered { until: None } => format!("{of}: backordered"),
            Ack::Rejected { reason } => format!("{of}: rejected, {reason}"),
            Ack::ShipDate { date } => format!("{of}: leaves on {date}"),
        }
    });
    let mut said: Vec<String> = said.collect();
    said.extend(reply.unclear.map(|_| "a person must read it".to_owned()));
    said.extend(reply.receipt.then(|| "it came, and no answer".to_owned()));
    serde_json::json!({"text": text.trim(), "says": said})
}

#[test]
fn golden() {
    let root = crate::golden::root().join("fixtures/replies");
    let files = std::fs::read_dir(root)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .collect();
    files.sort();
    assert!(files.len() >= 40, "{} fixtures", files.len());
    for path in files {
        let shown = serde_json::to_string_pretty(&read_file(&path)).unwrap() + "\n";
        crate::golden::golden(path.with_extension("expected.json"), &shown);
    }
}

/// Sentences that must never act, whatever stands around them.
#[test]
fn doubt_never_acts() {
    for text in [
        "We cannot confirm this order.",
        "We are not able to ship BF63-12163.",
        "Can you confirm the address?",
        "Order accepted?",
        "Order accepted if you pay first.",
        "Accepted pending credit approval.",
        "Accepted. Cancelled.",
        "Order accepted. Order rejected.",
        "BF63-12163 accepted. BF63-12163 is out of stock.",
        "Ships next Friday.",
        "Ships in 2-3 weeks.",
        "Ships 12/9 or 12/10.",
        "Ships 11/20.",
        "Accepted for 12/9.",
        "Some items are out of stock.",
        "ZZ99-100 is out of stock.",
        "Item 4711 is discontinued.",
        "Please cancel this order.",
        "We should be able to ship Friday.",
        "Only 2 pcs in stock, order confirmed.",
        "",
        "I'm out of office until 12/9.",
        "We won't accept this.",
        "The order is not backordered.",
        "Confirmed by phone? Not yet.",
        "Delivery date 12/9.",
        "Ships once payment is confirmed.",
        "We never accepted this order.",
        "Ships Monday 12/9.",
        "Everything is cancelled but BF63-12163 is accepted.",
        "We would have accepted this.",
        "Order confirmation to follow.",
        "The order was accepted by mistake.",
        "12/9",
        "We accept credit cards.",
        "Unfortunately we can no longer ship this order before Friday.",
        "Order is rejected, ships 12/9.",
        "1 of 3 accepted.",
    ] {
        let reply = read_text(text);
        assert_eq!(reply.per_line, [], "{text}");
        assert!(reply.unclear.is_some(), "{text}");
    }
}

/// That an order came is no answer, and asks nobody for anything.
#[test]
fn a_receipt_is_no_answer() {
    for text in [
        "No problem.",
        "We have received your order.",
        "We confirm receipt of your order.",
        "Got it, thanks!",
    ] {
        let reply = read_text(text);
        assert_eq!(reply.per_line, [], "{text}");
        assert!(reply.receipt && reply.unclear.is_none(), "{text}");
    }
}

/// Each text is of the whole order, and unclear exactly when nothing was read of it.
fn each_says<const N: usize>(statements: [(&str, Vec<Ack>); N]) {
    let mut others = Vec::new();
    for (text, acks) in statements {
        let reply = read_text(text);
        let expected: Vec<(Scope, Ack)> = acks.into_iter().map(|ack| (Scope::All, ack)).collect();
        if reply.per_line != expected || reply.unclear.is_some() != expected.is_empty() {
            others.push(format!(
                "{text}: {:?}, strange {:?}",
                reply.per_line, reply.strange
            ));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn plain_acceptances() {
    each_says([
        ("Order accepted.", vec![Ack::Accepted]),
        ("Confirmed, thank you!", vec![Ack::Accepted]),
        ("Your order dated 12/1 is confirmed.", vec![Ack::Accepted]),
        ("PO W200001-1 confirmed", vec![Ack::Accepted]),
        (
            "We accept the order. Our order # SO-12345.",
            vec![Ack::Accepted],
        ),
        ("No problem, order confirmed.", vec![Ack::Accepted]),
        (
            "Order accepted. We'll send tracking when it ships.",
            vec![Ack::Accepted],
        ),
        (
            "Order accepted. Tracking will follow once shipped.",
            vec![Ack::Accepted],
        ),
    ]);
}

#[test]
fn plain_days_of_shipping() {
    let ship = |day: &str| Ack::ShipDate {
        date: day.parse().unwrap(),
    };
    each_says([
        ("Will ship 12/9.", vec![ship("2025-12-09")]),
        ("Ship date: Dec 9, 2025", vec![ship("2025-12-09")]),
        ("Estimated ship date 2025-12-09", vec![ship("2025-12-09")]),
        (
            "Order confirmed, ships Friday",
            vec![Ack::Accepted, ship("2025-12-05")],
        ),
        ("Ships no later than 12/9, order accepted", vec![]),
        ("Shipped yesterday", vec![ship("2025-12-02")]),
        ("Going out tomorrow.", vec![ship("2025-12-04")]),
    ]);
}

#[test]
fn plain_refusals_and_backorders() {
    let back = |day: &str| Ack::Backordered {
        until: Some(day.parse().unwrap()),
    };
    let no = |reason: &str| Ack::Rejected {
        reason: reason.to_owned(),
    };
    each_says([
        ("This is out of stock.", vec![no("out of stock")]),
        ("This product has been discontinued", vec![]),
        ("Sorry, not in stock", vec![no("out of stock")]),
        ("no longer available", vec![no("discontinued")]),
        ("Backordered until 1/15", vec![back("2026-01-15")]),
        (
            "We are out of stock until January 15, 2026",
            vec![back("2026-01-15")],
        ),
        ("On back order. Expected 12/19.", vec![back("2025-12-19")]),
        (
            "We have it on backorder with an expected ship date of 12/19.",
            vec![back("2025-12-19")],
        ),
        ("Backordered, will ship 12/19", vec![back("2025-12-19")]),
        ("Backordered.", vec![Ack::Backordered { until: None }]),
        ("We have to decline", vec![no("rejected")]),
        ("Order rejected", vec![no("rejected")]),
        (
            "We have cancelled this order",
            vec![no("cancelled by the vendor")],
        ),
    ]);
}

/// With one line there is no riddle of which is meant.
#[test]
fn of_one_article_the_article_is_all() {
    let lines = &lines()[..1];
    let asked = AskedPo {
        po_number: "W200001-1",
        lines,
        vendor: None,
    };
    let reply = read(
        Some("The lamp has been discontinued."),
        None,
        asked,
        today(),
    );
    let no = Ack::Rejected {
        reason: "discontinued".to_owned(),
    };
    assert_eq!(reply.per_line, [(Scope::All, no)]);
}

#[test]
fn what_is_in_doubt_holds_every_line() {
    for text in [
        "All accepted except BF63-12163.",
        "BF63-12163 accepted. Which colour shall QX10-2 have?",
        "BF63-12163 accepted. QX10-2 is discontinued, order cancelled.",
        "BF63-12163: ships 12/9\nQX10-2: backordered 12/16, order will ship complete",
        "BF63-12163 ships 12/9. Everything ships 12/16.",
        "BF63-12163 accepted. QX10-2 backordered until 12/16. We will ship complete.",
    ] {
        let reply = read_text(text);
        assert_eq!(reply.per_line, [], "{text}");
        assert!(reply.unclear.is_some(), "{text}");
    }
}

/// What is wholly understood binds each line by itself; a day for all behind a yes to each is one for all.
#[test]
fn lines_are_answered_one_by_one() {
    let sku = |sku: &str| Scope::Sku(sku.to_owned());
    let day = |day: &str| day.parse().unwrap();
    let reply = read_text("BF63-12163: ships 12/9\nQX10-2: backordered until 12/16");
    assert_eq!(
        reply.per_line,
        [
            (
                sku("BF63-12163"),
                Ack::ShipDate {
                    date: day("2025-12-09")
                }
            ),
            (
                sku("QX10-2"),
                Ack::Backordered {
                    until: Some(day("2025-12-16"))
                }
            ),
        ]
    );
    let reply = read_text(
        "BF63-12163 confirmed\nQX10-2 confirmed\nQX10-2-RED confirmed\nShip date: 12/9/2025",
    );
    assert_eq!(
        reply.per_line,
        [(
            Scope::All,
            Ack::ShipDate {
                date: day("2025-12-09")
            }
        )]
    );
}

/// A doubt about one line, and a sentence that nobody understands which may be about the others: of these
/// nothing acts either.
#[test]
fn a_doubt_about_one_line_lets_no_strange_sentence_pass() {
    for text in [
        "BF63-12163 accepted. It now costs 70.00. Which colour shall QX10-2 have?",
        "BF63-12163 accepted at 70.00 each. Which colour shall QX10-2 have?",
        "BF63-12163 accepted. Freight will be $25.00. Can you take QX10-2 in blue?",
        "BF63-12163 confirmed. QX10-2 maybe. We only have one of the former.",
        "All accepted except QX10-2. Prices went up.",
        "BF63-12163 ships 12/9. Can QX10-2 wait? The lamp is chrome, not brass.",
        "QX10-2: is that the red one? BF63-12163 accepted, but as two parts.",
    ] {
        let reply = read_text(text);
        assert_eq!(reply.per_line, [], "{text}");
        assert!(reply.unclear.is_some(), "{text}");
    }
}

#[test]
fn patterns_compile() {
    assert!(vocabulary::patterns_compile());
}

proptest! {
    #[test]
    fn never_panics(text in "(accepted|out of stock|BF63-12163|QX10-2| |, | and |until |12/9|next friday|[.?!;]|\n|> |On 1 a wrote:|except |\\PC){0,30}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_text(&text);
        read(None, Some(&text), AskedPo { po_number: "", lines: &[], vendor: None }, today());
        structured::read(&bytes, today());
    }

    #[test]
    fn a_no_before_it_never_accepts(word in "(not|never|cannot be|can't be|isn't|won't be|hardly)", line in "(The order|BF63-12163|It|Everything)") {
        let reply = read_text(&format!("{line} {word} accepted."));
        let no = |(_, ack): &(Scope, Ack)| matches!(ack, Ack::Rejected { .. });
        prop_assert!(reply.per_line.iter().all(no));
    }
}
