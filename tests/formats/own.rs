//! Formats that a site describes itself: from a file in `formats/` and a document of the shop to the
//! vendor's mail; and that nothing that can be in such a document panics or is bent.

use super::placed::{codes, desk};
use super::{fixtures, formats_of, read};
use crate::support::desk::{CATALOGUE, TestDesk, VENDORS};
use poms::domain::money::Money;
use poms::formats::{self, OrderDocument, OrderFormats};
use poms::intake::openpgp::make;
use std::path::Path;

/// A site with the format of the fixtures for lines of `Key: value`, and that for CSV.
fn site() -> TestDesk {
    let desk = TestDesk::new();
    desk.now("2026-12-03T15:00:00Z");
    let desk = desk.vendors(VENDORS).catalogue(CATALOGUE);
    desk.folder("formats");
    for name in ["own-csv", "own-text", "own-json"] {
        desk.file(
            &format!("formats/{name}.toml"),
            &fixture(&format!("{name}/format.toml")),
        );
    }
    desk
}

fn fixture(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/orders");
    std::fs::read(root.join(name)).expect("a fixture")
}

/// A signed mail with a document of this type.
fn signed(desk: &TestDesk, kind: &str, document: &[u8]) {
    let entity = [format!("Content-Type: {kind}\r\n\r\n").as_bytes(), document].concat();
    let sealed = make::seal(
        &entity,
        desk.webshop_key(),
        &[desk.shop_key()],
        desk.moment(),
    );
    desk.sealed_mail(&sealed.expect("sealed"));
}

#[test]
fn a_signed_mail_of_the_shop_s_own_words_becomes_a_purchase_order() {
    let desk = site();
    desk.config("[rules]\nstale_order = { max_days = 30 }");
    signed(
        &desk,
        "text/plain; charset=utf-8",
        &fixture("own-text/engraved.txt"),
    );
    desk.run(&["process"]).ok();
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));
    let po = desk.mails_to("orders@acme.example").remove(0).text();
    for words in [
        "Engraving: For Nora, 1926",
        "Ida Feld",
        "18 Quarry Road",
        "BF63-12163",
    ] {
        assert!(po.contains(words), "no '{words}' in {po}");
    }
    let shown = desk.run(&["order", "show", "3001", "--json"]).ok().stdout;
    assert!(shown.contains("form 7"), "{shown}");
    desk.run(&["verify"]).ok();
}

#[test]
fn what_a_document_says_against_itself_holds_the_order_with_both_values() {
    let desk = site();
    desk.file("export.csv", &fixture("own-csv/rows-disagree.csv"));
    desk.run(&["order", "add", "export.csv", "--note", "x"])
        .ok();
    let shown = desk.run(&["order", "show", "1001"]).ok().stdout;
    let words: String = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "unclear_order",
        "Total is \"251,26\" (line 2, column \"Total\") and \"251,62\" (line 3, column \"Total\")",
        "Street is \"Lindenstraße 8\"",
    ] {
        assert!(words.contains(said), "no '{said}' in {words}");
    }
    assert!(codes(&desk).contains(&"unclear_order".to_owned()));
    assert_eq!(desk.mails_to("orders@acme.example").len(), 0);
}

/// A format and a document of it, and what is shown of that.
const SHOWN: [(&str, &str, &[&str]); 3] = [
    (
        "own-csv",
        "own-csv/plain.csv",
        &[
            "own-csv: order 1001",
            "lines.2.unit_price                 29.90  (line 3, column \"Price\")",
            "date                               2026-12-03T14:05:00+01:00  (line 2, column \"Ordered\")",
            "customer.name                      Jürgen Weiß  (line 2, column \"First name\" and line 2, column \"Last name\")",
            "lines.2.own-csv.Colour             red",
            "read: gate (Status is \"paid\": line 2, column \"Status\")",
            "missing: ship_to.company: nothing stands in \"Company\"",
            "1 order; nothing was taken in.",
        ],
    ),
    (
        "own-json",
        "own-json/taxes-and-vouchers.json",
        &[
            "lines.1.qty                        2  (result[0].positions[0].count)",
            "tax                                11.07  (sum of 2: result[0].money.taxes[0].cents)",
            "own-json.buyer.rank                gold",
        ],
    ),
    (
        "own-text",
        "own-text/plain.txt",
        &[
            "lines.2.sku                        KT10-00010  (line 17 \"Item\")",
            "currency                           USD  (the mapping)",
        ],
    ),
];

#[test]
fn format_test_shows_each_field_with_its_place_and_what_is_missing() {
    let desk = site();
    for (name, file, words) in SHOWN {
        let path = format!("try-{}", file.replace('/', "-"));
        desk.file(&path, &fixture(file));
        let shown = desk.run(&["format", "test", name, &path]).ok().stdout;
        for words in words {
            assert!(shown.contains(words), "no '{words}' in {shown}");
        }
        let by_itself = desk.run(&["format", "test", &path]).ok().stdout;
        assert_eq!(by_itself, shown);
        assert!(!shown.contains("203.0.113.9"), "{shown}");
    }
    let list = desk.run(&["format", "list"]).ok().stdout;
    assert!(
        list.contains("own-csv           CSV export of the Berlin shop (this site's)"),
        "{list}"
    );
    desk.run(&["format", "test", "own-cvs", "try-own-csv-plain.csv"])
        .fails(2, &["there is no format own-cvs", "did you mean own-csv?"]);
    let json = desk
        .run(&["format", "test", "try-own-csv-plain.csv", "--json"])
        .ok()
        .json();
    assert_eq!(
        json["orders"][0]["sources"]["total"],
        "line 2, column \"Total\""
    );
    assert!(
        desk.run(&["check", "--json"])
            .stdout
            .contains("own-csv, own-json, own-text")
    );
}

/// A document that cannot be read, and what is said of it.
const UNREAD: [(&str, &str); 9] = [
    (
        "own-csv/point-for-comma.csv",
        "order 1001: unit_price (line 2, column \"Price\") is '108.23', no number such as 1.234,56: `numbers` says how they are written",
    ),
    (
        "own-csv/month-first.csv",
        "date (line 2, column \"Ordered\") is '12/03/2026 14:05', no date as DD.MM.YYYY HH:mm",
    ),
    (
        "own-csv/a-heading-twice.csv",
        "has the heading \"Total\" twice",
    ),
    (
        "own-csv/a-heading-missing.csv",
        "no heading \"Discount\", from which order.discount is read",
    ),
    (
        "own-csv/more-cells-than-headings.csv",
        "line 2 has more cells than there are headings",
    ),
    (
        "own-csv/dollars-in-euros.csv",
        "has $ beside it, and the order's currency is EUR",
    ),
    (
        "own-csv/half-a-piece.csv",
        "is no whole number: poms orders pieces",
    ),
    (
        "own-json/half-a-cent.json",
        "result[0].money.freight) is no whole number of the smallest unit",
    ),
    (
        "own-text/no-number.txt",
        "at line 1: there is no order number",
    ),
];

#[test]
fn what_cannot_be_read_is_named_with_its_place_and_the_way_out() {
    let desk = site();
    for (file, words) in UNREAD {
        let path = format!("try-{}", file.replace('/', "-"));
        desk.file(&path, &fixture(file));
        desk.run(&["format", "test", &path])
            .fails(1, &[&path, words]);
    }
    // what looks like one of them, and is not quite
    desk.file(
        "other.csv",
        b"Order No,Status,Article,Quantity\n1,paid,x,1\n",
    );
    desk.run(&["format", "test", "other.csv"]).fails(
        1,
        &["it looks like the format own-csv of this site, but lacks the heading \"Pieces\""],
    );
    desk.file(
        "shopify.csv",
        b"Name,Email,Financial Status,Lineitem name\n",
    );
    desk.run(&["format", "test", "shopify.csv"]).fails(
        1,
        &["Shopify's export of orders", "docs/formats-as-data.md"],
    );
}

#[test]
fn an_order_that_the_shop_has_as_a_draft_is_left_out() {
    let desk = site();
    desk.file("draft.csv", &fixture("own-csv/a-draft.csv"));
    let shown = desk.run(&["format", "test", "draft.csv"]).ok().stdout;
    assert!(
        shown.contains("left_out                           Status is \"draft\""),
        "{shown}"
    );
}

#[test]
fn a_wrong_mapping_stops_every_act_with_file_and_line() {
    let desk = site();
    desk.file("formats/broken.toml", b"about = \"x\"\n[document]\nkind = \"table\"\nheadings = [\"A\", \"B\"]\n[order]\norder_numbr = \"A\"\n");
    for command in [&["process"][..], &["format", "list"], &["message", "list"]] {
        let ran = desk.run(command);
        if command[0] == "message" {
            // a look needs no formats
            ran.ok();
            continue;
        }
        ran.fails(2, &["formats/broken.toml:6: order.order_numbr: is no field that poms knows; the nearest is 'order_number'"]);
    }
    assert_eq!(desk.run(&["check"]).code, 1);
}

/// Orders of a workbook as spreadsheets store them: numbers as numbers, days as days.
#[test]
fn a_workbook_is_read_as_it_is_stored() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let csv = String::from_utf8(fixture("own-csv/plain.csv")).expect("UTF-8");
    for (row, line) in (0..).zip(csv.lines()) {
        for (column, cell) in (0..).zip(line.split(';')) {
            let number = cell.replace(',', ".").parse::<f64>();
            let _ = match number {
                Ok(number) if row > 0 && !cell.starts_with("109") => {
                    sheet.write_number(row, column, number)
                }
                _ => sheet.write_string(row, column, cell),
            }
            .expect("a cell");
        }
    }
    let document = OrderDocument::new(book.save_to_buffer().expect("a workbook"));
    let own = formats_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/orders/own-csv"));
    let found = own
        .find(&document)
        .expect("orders")
        .orders
        .remove(0)
        .expect("an order");
    let order = formats::order(found).expect("an order");
    assert_eq!(
        (order.total, order.lines[0].unit_price),
        (Money(25_126), Money(10_823))
    );
    assert_eq!(order.date.to_rfc3339(), "2026-12-03T14:05:00+01:00");
}

#[test]
fn two_formats_that_claim_a_document_are_named() {
    let text = fixture("own-text/format.toml");
    let text = String::from_utf8(text).expect("UTF-8");
    let own = ["one", "two"].map(|name| formats::mapped::parse(name, &text).expect("a mapping"));
    let document = OrderDocument::new(fixture("own-text/plain.txt"));
    let fault = OrderFormats::with(own.into())
        .find(&document)
        .err()
        .expect("two formats");
    assert_eq!(
        fault.to_string(),
        "the document could be one or two: poms does not guess"
    );
}

#[test]
fn each_kind_of_document_has_a_dozen_orders_of_traps() {
    for (folder, paths) in fixtures()
        .into_iter()
        .filter(|(folder, _)| folder.starts_with("own-"))
    {
        assert!(paths.len() >= 12, "{folder} has {}", paths.len());
        let refused = paths.iter().filter(|path| read(path).is_err()).count();
        assert!(
            refused >= 3 && paths.len() - refused >= 6,
            "{folder}: {refused} of {}",
            paths.len()
        );
    }
}

/// A block of a page, by its language.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let start = format!("```{language}\n");
    let (_, rest) = page.split_once(&start).expect("a block");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_example_of_the_page_is_what_poms_does() {
    let page = include_str!("../../docs/formats-as-data.md");
    let desk = desk();
    desk.folder("formats");
    desk.file("formats/export.toml", block(page, "toml").as_bytes());
    desk.file("export.csv", block(page, "csv").as_bytes());
    let tried = desk
        .run(&["format", "test", "export", "export.csv"])
        .ok()
        .stdout;
    for words in [
        "ship_to.state                      VT",
        "lines.2.export.Warehouse           B9",
        "2 orders; nothing was taken in.",
    ] {
        assert!(tried.contains(words), "no '{words}' in {tried}");
    }
    desk.run(&["order", "add", "export.csv", "--note", "x"])
        .ok();
    let state = |order: &str| {
        let shown = desk.run(&["order", "show", order, "--json"]).ok().json();
        shown["state"].as_str().expect("a state").to_owned()
    };
    assert_eq!(
        (state("E-501").as_str(), state("E-502").as_str()),
        ("placed", "held")
    );
    assert_eq!(codes(&desk), ["missing_phone", "missing_phone", "not_paid"]);
    assert!(
        !desk
            .run(&["order", "show", "E-501", "--json"])
            .ok()
            .stdout
            .contains("203.0.113")
    );
}
