//! What stands around a vendor's table: the mail's own courtesy, what is left of links, thanks when all is
//! done, where money goes; and what a person is told of a row that a cell stopped.

use super::voices::ups;
use super::{Dock, T1};

const FROM: (&str, &str) = ("Ann <ann@acme.example>", "acme.example");

/// A mail of ACME's with a table of one lamp.
fn table(dock: &Dock, order: &str, text: &str, heading: &str, cell: &str) {
    let number = order.trim_start_matches('W').parse::<usize>().unwrap_or(0);
    let table = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date,{heading}\n{order}-1,BF63-12163,1,UPS,{},2025-06-02,{cell}\n",
        ups(number * 2)
    );
    dock.mail(FROM.0, FROM.1, &format!("{order}-1"), text, Some(&table));
}

/// The screen of the one exception of a code, in one line.
fn screen(dock: &Dock, code: &str) -> String {
    let id = dock.exception(code);
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    case.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_body_of_a_signature_lets_the_table_act() {
    let dock = Dock::new();
    for (place, text) in [
        "Regards,\nBob",
        "Regards, Bob",
        "Thanks!",
        "Best,\nAnn Kerr\nAcme Home Goods\n207-555-0133",
    ]
    .iter()
    .enumerate()
    {
        let order = format!("W{}", place + 1);
        dock.order(&order, &[("BF63-12163", 1)]);
        table(&dock, &order, text, "weight", "9.5");
        dock.run();
        assert_eq!(
            dock.show(&order)["state"],
            "shipped",
            "{text}: {:?}",
            dock.open()
        );
    }
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn leftovers_of_links_and_logos_are_no_words() {
    let dock = Dock::new();
    for (place, text) in [
        "[cid:logo]\nShipped today. UPS {U}",
        "Shipped today. UPS {U}\n\nRegards,\nBob\nacme.example<https://acme.example>",
        "Shipped today. UPS {U} <https://www.ups.com/track?tracknum={U}>",
    ]
    .iter()
    .enumerate()
    {
        let order = format!("W{}", place + 1);
        dock.order(&order, &[("BF63-12163", 1)]);
        dock.acme(
            &format!("Re: {order}-1"),
            &text.replace("{U}", &ups(place * 2)),
        );
        dock.run();
        assert_eq!(
            dock.show(&order)["state"],
            "shipped",
            "{text}: {:?}",
            dock.open()
        );
    }
    dock.verify();
}

/// After all of it left a courtesy is a note on the order, and a bill's covering letter too.
#[test]
fn thanks_after_the_shipment_are_noted() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.acme("Re: W1-1", &format!("Shipped today. UPS {T1}"));
    dock.run();
    for text in ["Thanks!", "You're welcome.", "Invoice attached."] {
        dock.acme("Re: W1-1", text);
    }
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    let story = dock.desk.run(&["order", "show", "W1"]).ok().stdout;
    let flat = story.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("poms import-invoices"), "{story}");
    assert!(
        flat.contains("a courtesy and nothing else: Thanks!"),
        "{story}"
    );
    // a question is none
    dock.acme("Re: W1-1", "Thanks! Did you get our invoice?");
    dock.run();
    assert_eq!(dock.open(), ["vendor_mail"]);
    dock.verify();
}

/// Outlook's block of heads below an answer can be made up.
#[test]
fn money_below_a_quoted_head_is_told() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.acme(
        "Re: W1-1",
        "Confirmed.\n\n____\nFrom: Fernhill\nSent: Monday\nTo: Bob\nSubject: PO\n\nPlease pay to our new account 12345678\n",
    );
    dock.run();
    // the sentence is none that is understood, either
    assert_eq!(dock.open(), ["remit_to_changed", "vendor_mail"]);
}

/// A row whose order and article are known: what the person types is printed whole, and is not held
/// against the cell that was in doubt.
#[test]
fn what_a_person_amends_is_not_held_against_the_cell() {
    for (heading, cell) in [
        ("Verdict", "hmm"),
        ("ship_to_name", "John Smith"),
        ("qty_backordered", "1"),
        ("line", "7"),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 1)]);
        table(&dock, "W1", "Please see attached.", heading, cell);
        dock.run();
        let case = screen(&dock, "advice_unclear");
        assert!(case.contains(&format!(">>{cell}<<")), "{case}");
        assert!(case.contains("--amend BF63-12163=1"), "{case}");
        assert!(!case.contains("--amend po=NUMBER"), "{case}");
        dock.resolve("advice_unclear", &["--amend", "BF63-12163=1"]);
        assert_eq!(dock.show("W1")["state"], "shipped");
        dock.verify();
    }
}

#[test]
fn a_refused_sku_says_what_is_on_the_purchase_order() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let table =
        format!("po_number,sku,qty,tracking_number,ship_date\nW1-1,AC-9999,1,{T1},2025-06-02\n");
    dock.mail(FROM.0, FROM.1, "W1-1", "Please see attached.", Some(&table));
    dock.run();
    let case = screen(&dock, "advice_unclear");
    assert!(
        case.contains("which has BF63-12163 (the vendor's AC-12163)"),
        "{case}"
    );
}

/// The last mail's table as a workbook in its place.
fn as_workbook(dock: &Dock, csv: &str) {
    on_a_sheet(dock, csv, "Sheet1");
}

/// The same on a sheet of a name.
fn on_a_sheet(dock: &Dock, csv: &str, name: &str) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name).unwrap();
    for (row, line) in (0..).zip(csv.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let bytes = in_base64::encode(&book.save_to_buffer().unwrap());
    dock.last_mail(|mail| {
        let csv = csv.replace('\n', "\r\n");
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let there = mail.replace(
            "Content-Type: text/csv; name=\"a.csv\"",
            &format!("Content-Type: {kind}\r\nContent-Transfer-Encoding: base64"),
        );
        let there = there.replace("filename=\"a.csv\"", "filename=\"tracking.xlsx\"");
        assert!(there.contains(&csv));
        there.replace(&csv, &bytes)
    });
}

/// Base64 in lines (RFC 2045, 6.8), by the crypto library.
mod in_base64 {
    pub fn encode(bytes: &[u8]) -> String {
        let text = openssl::base64::encode_block(bytes);
        let lines = text.as_bytes().chunks(76).map(String::from_utf8_lossy);
        lines.collect::<Vec<_>>().join("\r\n")
    }
}

#[test]
fn a_table_in_a_workbook_acts_as_one_in_csv_and_is_held_as_one() {
    let dock = Dock::new();
    let head = "po_number,sku,qty,carrier,tracking_number,ship_date,status\n";
    for (place, (status, state)) in [("shipped", "shipped"), ("label voided", "placed")]
        .into_iter()
        .enumerate()
    {
        let order = format!("W{}", place + 1);
        dock.order(&order, &[("BF63-12163", 1)]);
        let csv = format!(
            "{head}{order}-1,BF63-12163,1,UPS,{},2025-06-02,{status}\n",
            ups(place + 40)
        );
        let text = "Please see attached.";
        dock.mail(FROM.0, FROM.1, &format!("{order}-1"), text, Some(&csv));
        as_workbook(&dock, &csv);
        dock.run();
        assert_eq!(
            dock.show(&order)["state"],
            state,
            "{status}: {:?}",
            dock.open()
        );
    }
    assert_eq!(dock.open(), ["advice_unclear"]);
    let said = screen(&dock, "advice_unclear");
    assert!(said.contains("label voided"), "{said}");
    dock.verify();
}

/// The name of a sheet may take its rows back, as the name of a file may.
#[test]
fn the_name_of_a_sheet_may_take_its_rows_back() {
    let dock = Dock::new();
    let head = "po_number,sku,qty,carrier,tracking_number,ship_date\n";
    for (place, (name, state)) in [
        ("Shipments", "shipped"),
        ("Acme Home Goods", "shipped"),
        ("Tabelle1", "shipped"),
        ("Cancelled", "placed"),
        ("To ship", "placed"),
        ("Draft", "placed"),
        ("Storniert", "placed"),
    ]
    .into_iter()
    .enumerate()
    {
        let order = format!("W{}", place + 1);
        dock.order(&order, &[("BF63-12163", 1)]);
        let csv = format!(
            "{head}{order}-1,BF63-12163,1,UPS,{},2025-06-02\n",
            ups(place + 60)
        );
        dock.mail(
            FROM.0,
            FROM.1,
            &format!("{order}-1"),
            "Please see attached.",
            Some(&csv),
        );
        on_a_sheet(&dock, &csv, name);
        dock.run();
        assert_eq!(
            dock.show(&order)["state"],
            state,
            "{name}: {:?}",
            dock.open()
        );
    }
    assert_eq!(dock.open(), ["vendor_mail"; 4]);
    dock.verify();
}
