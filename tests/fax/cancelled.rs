//! A cancellation by fax, as its vendor reads it from the paper.

use super::looks::{pages, run as program};
use super::{FakeSinch, run, site};
use crate::support::desk::TestDesk;
use serde_json::json;

const FAX: &str = "id,name,email,fax,channel,zip\nACME,Acme Home Goods,,207-555-0142,fax,04101\n\
    BLUE,Blue,b@blue.example,,email,28801\n";

/// The PDF of the cancellation of an order with so many lines.
fn paper(lines: usize) -> Vec<u8> {
    let fake = FakeSinch::start();
    let desk = site(
        &fake,
        FAX,
        "[rules]\norder_value_limit = { severity = \"off\" }",
    );
    let mut order = TestDesk::plain_order("W200001");
    order["lines"] = (0..lines)
        .map(|_| json!({"sku": "KT10-00010", "qty": 1, "unit_price": "29.90"}))
        .collect();
    let cents = 2990 * lines;
    order["total"] = json!(format!("{}.{:02}", cents / 100, cents % 100));
    desk.order(&order);
    run(&desk, "10:05");
    fake.all_fine();
    run(&desk, "10:15");
    desk.run(&["order", "cancel", "W200001", "--note", "changed her mind"])
        .ok();
    let ledger = rusqlite::Connection::open(desk.path("poms.db")).expect("the ledger");
    ledger
        .query_row(
            "SELECT c.content FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id \
             WHERE d.kind = 'po_cancellation' AND d.channel = 'fax'",
            [],
            |row| row.get(0),
        )
        .expect("a cancellation by fax")
}

#[test]
fn it_says_what_is_not_wanted_and_no_more() {
    let pages = pages(&paper(2));
    let page = "From Example Shop to Acme Home Goods, fax 207-555-0142 \
        Do not ship: purchase order W200001-1 is cancelled Page 1 of 1 \
        Do not ship: purchase order W200001-1 is cancelled \
        Monday, June 2, 2025 \
        Hello Acme Home Goods, \
        please do not ship purchase order W200001-1 of Monday, June 2, 2025 for \
        César Bustos: it is cancelled, and will not be paid. Our number for this \
        cancellation is W200001-1-C1. \
        Cancelled: \
        1 x AC-00010, our SKU KT10-00010, Kettle 1.7 l (line 1) \
        1 x AC-00010, our SKU KT10-00010, Kettle 1.7 l (line 2) \
        Nothing more of purchase order W200001-1 is wanted. \
        Please confirm this, by telephone, mail or fax, quoting W200001-1-C1. If it \
        has left already, tell us at once, with the tracking number. \
        Thank you, Example Shop orders@shop.example";
    // why the customer does not want it is nobody else's business
    assert_eq!(pages, [page]);
}

#[test]
fn each_of_its_pages_says_whose_it_is_and_none_is_cut() {
    let bytes = paper(70);
    let pages = pages(&bytes);
    assert!(pages.len() >= 2, "{}", pages.len());
    for (place, page) in pages.iter().enumerate() {
        let number = format!("Page {} of {}", place + 1, pages.len());
        for word in [
            "From Example Shop to Acme Home Goods, fax 207-555-0142",
            &number,
        ] {
            assert!(page.contains(word), "{word}: {page}");
        }
    }
    let all = pages.join(" ");
    for line in 1..=70 {
        assert!(all.contains(&format!("(line {line})")), "{line}: {all}");
    }
    // every word stands inside the margins of the page
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("fax.pdf"), &bytes).expect("written");
    let boxes = program("pdftotext", &["-bbox", "fax.pdf", "-"], folder.path());
    let number = |tag: &str, key: &str| -> Option<f64> {
        let (_, rest) = tag.split_once(&format!("{key}=\""))?;
        rest.split_once('"')?.0.parse().ok()
    };
    let (mut width, mut height, mut words) = (0.0, 0.0, 0);
    for line in boxes.lines().map(str::trim) {
        if line.starts_with("<page ") {
            width = number(line, "width").expect("a width");
            height = number(line, "height").expect("a height");
        } else if line.starts_with("<word ") {
            let inside = |key: &str, most: f64| {
                number(line, key).is_some_and(|at| (30.0..=most - 30.0).contains(&at))
            };
            let all = inside("xMin", width) && inside("xMax", width);
            assert!(
                all && inside("yMin", height) && inside("yMax", height),
                "{line}"
            );
            words += 1;
        }
    }
    assert!(words > 500, "{words}");
}
