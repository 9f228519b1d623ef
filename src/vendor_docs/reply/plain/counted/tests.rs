use super::*;
use crate::vendor_docs::reply::{AskedPo, mask};

fn line(number: i64, description: &str, ordered: i64) -> AskedLine {
    AskedLine {
        line: number,
        sku: format!("SKU-{number}00"),
        description: description.to_owned(),
        ordered,
        ..AskedLine::default()
    }
}

/// What is left of a text about these lines, with so many parcels and orders.
fn reads(text: &str, lines: &[AskedLine], parcels: usize, orders: usize) -> Option<String> {
    let asked = AskedPo {
        po_number: "W200001-1",
        lines,
        vendor: None,
    };
    let goods = Goods::of(asked);
    let masked = mask::mask(text, asked, "2025-12-03".parse().unwrap());
    let of = Countable {
        lines,
        goods: &goods,
        parcels,
        orders,
        rows: false,
    };
    fitting(&masked.text, &of)
}

#[test]
fn what_is_counted_as_it_was_ordered() {
    let lamp = [line(1, "Brass Floor Lamp", 1)];
    let kettles = [line(1, "Enamel Kettle, red", 4)];
    let rugs = [line(1, "Cotton Rug, blue", 2)];
    let two = [
        line(1, "Brass Floor Lamp", 1),
        line(2, "Cotton Rug, grey", 1),
    ];
    let lamps = [line(1, "Glass Lamp", 3), line(2, "Brass Lamp", 3)];
    for (text, lines, left) in [
        ("1 lamp confirmed", &lamp[..], "the lamp confirmed"),
        ("the lamp is confirmed", &lamp, "the lamp is confirmed"),
        ("all items are in stock", &lamp, "all items are in stock"),
        ("all 4 kettles", &kettles, "all  kettles"),
        ("all four will go out", &kettles, "all  will go out"),
        ("the four red kettles", &kettles, "all the red kettles"),
        ("4 pcs confirmed", &kettles, "all confirmed"),
        ("both rugs confirmed", &rugs, "all rugs confirmed"),
        ("both of the blue rugs", &rugs, "all blue rugs"),
        ("both are in stock", &rugs, "all are in stock"),
        ("a pair of rugs", &rugs, "all rugs"),
        ("both items confirmed", &two, "all items confirmed"),
        ("both lines confirmed", &two, "all lines confirmed"),
        ("both lamps", &lamps, "all lamps"),
        ("the rug is confirmed", &two, "the rug is confirmed"),
        ("by first class mail", &lamp, "by first class mail"),
    ] {
        assert_eq!(reads(text, lines, 0, 1).as_deref(), Some(left), "{text}");
    }
    let left = reads("shipped in 2 boxes", &lamp, 2, 1);
    assert_eq!(left.as_deref(), Some("shipped "));
    assert!(reads("your orders", &lamp, 0, 2).is_some());
}

#[test]
fn what_is_counted_otherwise() {
    let lamp = [line(1, "Brass Floor Lamp", 1)];
    let kettles = [line(1, "Enamel Kettle, red", 4)];
    let two = [
        line(1, "Brass Floor Lamp", 1),
        line(2, "Cotton Rug, grey", 1),
    ];
    for (text, lines) in [
        ("both lamps confirmed", &lamp[..]),
        ("both are in stock", &lamp),
        ("the lamps are confirmed", &lamp),
        ("these orders", &lamp),
        ("your orders", &lamp),
        ("both orders", &lamp),
        ("we will ship them", &lamp),
        ("your packages", &lamp),
        ("the second shipment", &lamp),
        ("half of it", &lamp),
        ("1 of 2", &lamp),
        ("both kettles", &kettles),
        ("the kettle", &kettles),
        ("your kettle", &kettles),
        ("3 kettles", &kettles),
        ("two of the four", &kettles),
        ("all three kettles", &kettles),
        ("some kettles", &kettles),
        ("the piece", &kettles),
        ("a dozen kettles", &kettles),
        ("the item", &two),
        ("both lamps", &two),
        ("the brass rug", &two),
        ("all three items", &two),
        ("one item", &two),
    ] {
        assert_eq!(reads(text, lines, 0, 1), None, "{text}");
    }
    assert_eq!(reads("shipped in 2 boxes", &lamp, 1, 1), None);
}

#[test]
fn a_sentence_that_nobody_would_write_is_not_understood() {
    let lamp = [line(1, "Brass Floor Lamp", 1)];
    let of = |words: usize| reads(&"lamp ".repeat(words), &lamp, 0, 1);
    assert!(of(MOST).is_some());
    assert_eq!(of(MOST + 1), None);
}
