//! A vendor does not take back what was cancelled: its goods come, what left and its bill are taken, the
//! customer reads what is true, and the money waits for a person.

use super::{Dock, T1};
use serde_json::Value;

/// Two lamps and a kettle from ACME, a hose from BLUE, all sent.
fn dock() -> Dock {
    let dock = Dock::tokens();
    dock.order(
        "W1",
        &[("BF63-12163", 2), ("KT10-00010", 1), ("GD20-00020", 1)],
    );
    dock
}

fn types(dock: &Dock, words: &[&str]) -> String {
    dock.desk.run(words).ok().stdout
}

fn refused(dock: &Dock, po: &str) -> String {
    let note = ["po", "cancel-refused", po, "--note", "Ann, by telephone"];
    types(dock, &note)
}

/// What is owed to the customer of the order.
fn owed(dock: &Dock) -> String {
    let owed = dock.show("W1")["money"]["owed"].clone();
    owed.as_str().unwrap_or("nothing").to_owned()
}

fn bill(dock: &Dock, name: &str, rows: &str) -> Value {
    let head = "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,freight,total\n";
    dock.desk.file(name, format!("{head}{rows}").as_bytes());
    let said = dock.desk.run(&["import-invoices", name, "--json"]);
    said.ok().json()
}

fn last_mail(dock: &Dock, subject: &str) -> String {
    let mails = dock.desk.mails_to("W1@mail.example");
    let mut found = mails.iter().filter(|mail| mail.subject().contains(subject));
    let mail = found
        .next_back()
        .unwrap_or_else(|| panic!("no '{subject}'"));
    mail.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn steps(dock: &Dock) -> String {
    dock.show("W1")["next"]["steps"].to_string()
}

#[test]
fn a_whole_order_comes_all_the_same_and_the_customer_keeps_it() {
    let dock = dock();
    types(
        &dock,
        &["order", "cancel", "W1", "--note", "changed her mind"],
    );
    dock.run();
    assert_eq!(owed(&dock), "285.36");
    types(&dock, &["po", "cancel-agreed", "W1-2", "--note", "Bob"]);
    let said = refused(&dock, "W1-1");
    assert!(
        said.contains("came too late") && said.contains("poms exceptions show"),
        "{said}"
    );
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    assert_eq!(dock.po_state("W1-2"), "cancelled");
    assert_eq!(dock.show("W1")["state"], "placed");
    assert_eq!(owed(&dock), "285.36", "until somebody decides");
    assert_eq!(dock.open(), ["cancellation_refused"]);
    assert!(steps(&dock).contains("goods that come although they were cancelled"));
    assert!(steps(&dock).contains("Acme Home Goods ships W1-1"));
    let sheet = types(&dock, &["po", "show", "W1-1"]);
    assert!(
        sheet.contains("cancellation of 2 refused, coming"),
        "{sheet}"
    );
    dock.verify();
    it_leaves_and_is_kept(&dock);
}

fn it_leaves_and_is_kept(dock: &Dock) {
    // billed before it left: that ends when it does
    let lines = "Acme Home Goods,A-1,2025-06-03,W1-1,BF63-12163,2,61.50,,123.00\n";
    bill(dock, "b.csv", lines);
    assert_eq!(dock.open(), ["cancellation_refused", "invoice_not_shipped"]);
    let mails = dock.desk.mails_to("W1@mail.example").len();
    dock.run();
    assert_eq!(
        dock.desk.mails_to("W1@mail.example").len(),
        mails,
        "nothing to tell yet"
    );
    let add = [
        "shipment",
        "add",
        "W1-1",
        "BF63-12163=2",
        "KT10-00010=1",
        "--tracking",
        T1,
        "--note",
        "Ann",
    ];
    types(dock, &add);
    dock.run();
    assert_eq!(dock.open(), ["cancellation_refused"]);
    let mail = last_mail(dock, "is on its way");
    assert!(
        mail.contains(
            "This was to be cancelled, and came too late to be stopped: 2 x Brass Floor Lamp"
        ),
        "{mail}"
    );
    let case = dock.exception("cancellation_refused");
    let shown = types(dock, &["exceptions", "show", &case]);
    for words in [
        "--release --note",
        "return open W1 1=2 2=1 --reason",
        "order refund W1 --method WAY",
    ] {
        assert!(shown.contains(words), "no '{words}' in {shown}");
    }
    dock.resolve("cancellation_refused", &["--release"]);
    assert_eq!(owed(dock), "39.00", "the hose never comes");
    assert_eq!(dock.show("W1")["state"], "shipped");
    assert_eq!(dock.open(), [""; 0]);
    dock.verify();
}

#[test]
fn one_line_is_taken_off_told_owed_and_comes_back() {
    let dock = Dock::with("[returns]\naddress = [\"12 Harbor Street\", \"Portland, ME 04101\"]\n");
    dock.with_tokens();
    let lines = [("BF63-12163", 2), ("KT10-00010", 1), ("GD20-00020", 1)];
    dock.order("W1", &lines);
    let said = types(
        &dock,
        &[
            "order",
            "cancel",
            "W1",
            "--line",
            "1",
            "--pieces",
            "1",
            "--note",
            "one is enough",
        ],
    );
    assert!(
        said.contains("tells the vendor (orders@acme.example)"),
        "{said}"
    );
    assert!(said.contains("The customer is told by mail"), "{said}");
    dock.run();
    let mails = dock.desk.mails_to("orders@acme.example");
    let doc = mails
        .iter()
        .find(|mail| mail.subject().starts_with("Do not ship"));
    let doc = doc.expect("a cancellation").text();
    assert!(
        doc.contains("W1-1-C1") && !doc.contains("one is enough"),
        "{doc}"
    );
    let told = last_mail(&dock, "W1");
    assert!(told.contains("1 x Brass Floor Lamp"), "{told}");
    assert_eq!(owed(&dock), "108.23");
    dock.verify();
    it_says_no_and_both_come(&dock);
}

fn it_says_no_and_both_come(dock: &Dock) {
    // it says no by mail to a person, who notes it
    dock.mail_to(
        &dock.reply_address("W1-1"),
        "Re: Do not ship: part of purchase order W1-1 is cancelled",
        "Sorry, this one is packed with the other and we can not pull it, you will get both.\n",
        None,
    );
    dock.run();
    refused(dock, "W1-1");
    assert_eq!(owed(dock), "108.23");
    let csv = format!("po,sku,qty,tracking\nW1-1,AC-12163,2,{T1}\n");
    let taken = dock.import("left.csv", &csv, &[]);
    assert_eq!(
        taken["errors"].as_array().map(Vec::len),
        Some(0),
        "{taken:#}"
    );
    dock.run();
    let told = last_mail(dock, "on its way");
    assert!(
        told.contains("could") || told.contains("too late to be stopped: 1 x Brass"),
        "{told}"
    );
    let lines = "Acme Home Goods,A-1,2025-06-03,W1-1,BF63-12163,2,61.50,,123.00\n";
    bill(dock, "b.csv", lines);
    assert!(
        !dock.open().iter().any(|code| code.starts_with("invoice")),
        "{:?}",
        dock.open()
    );
    it_is_sent_back(dock);
}

fn it_is_sent_back(dock: &Dock) {
    // the customer sends it back: the return has the money from then on, once
    types(
        dock,
        &[
            "return",
            "open",
            "W1",
            "1=1",
            "--reason",
            "cancelled before",
        ],
    );
    assert_eq!(owed(dock), "108.23");
    let back = dock.desk.run(&["return", "list", "--json"]).ok().json();
    let number = back["returns"][0]["number"].as_str().unwrap().to_owned();
    let said = types(
        dock,
        &["return", "authorise", &number, "--note", "as agreed"],
    );
    assert!(said.contains("this return pays for it"), "{said}");
    assert_eq!(owed(dock), "0.00");
    assert!(!dock.open().contains(&"cancellation_refused".to_owned()));
    types(dock, &["return", "receive", &number, "1=1"]);
    types(dock, &["return", "inspect", &number, "1=restock"]);
    let paid = [
        "return",
        "refund",
        &number,
        "--method",
        "card",
        "--reference",
        "r-1",
    ];
    let said = types(dock, &paid);
    assert!(said.contains("108.23"), "{said}");
    assert_eq!(owed(dock), "0.00");
    dock.verify();
}

#[test]
fn who_refused_and_agrees_after_all_does_not_ship() {
    let dock = dock();
    types(&dock, &["order", "cancel", "W1", "--note", "x"]);
    types(&dock, &["po", "cancel-agreed", "W1-2", "--note", "Bob"]);
    for _ in 0..2 {
        refused(&dock, "W1-1");
        assert_eq!(dock.po_state("W1-1"), "acknowledged");
        assert_eq!(owed(&dock), "285.36");
        dock.verify();
        types(
            &dock,
            &["po", "cancel-agreed", "W1-1", "--note", "they found it"],
        );
        assert_eq!(dock.po_state("W1-1"), "cancelled");
        assert_eq!(dock.show("W1")["state"], "cancelled");
        assert_eq!(owed(&dock), "285.36");
        assert_eq!(dock.open(), [""; 0]);
        dock.verify();
    }
    // what left cannot be agreed away
    refused(&dock, "W1-1");
    types(
        &dock,
        &[
            "shipment",
            "add",
            "W1-1",
            "BF63-12163=2",
            "KT10-00010=1",
            "--note",
            "Ann",
        ],
    );
    let agreed = ["po", "cancel-agreed", "W1-1", "--note", "no"];
    dock.desk
        .run(&agreed)
        .fails(1, &["all of what cancellation W1-1-C1 took back left"]);
    // it can be cancelled once more while it has not
    let dock = self::dock();
    types(&dock, &["order", "cancel", "W1", "--note", "x"]);
    refused(&dock, "W1-1");
    types(&dock, &["order", "cancel", "W1", "--note", "try again"]);
    assert_eq!(dock.show("W1")["state"], "cancelled");
    assert_eq!(owed(&dock), "285.36");
    refused(&dock, "W1-1");
    assert_eq!(owed(&dock), "285.36");
    dock.verify();
}

#[test]
fn what_was_ordered_elsewhere_comes_twice_and_one_of_them_is_taken_back() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    for moment in [
        "2025-06-05T13:00:00Z",
        "2025-06-09T14:00:00Z",
        "2025-06-10T21:05:00Z",
    ] {
        dock.desk.now(moment);
        dock.run();
    }
    dock.resolve("vendor_silent", &["--other-vendor"]);
    dock.run();
    let csv = format!("po,sku,qty,tracking\nW1-1,AC-12163,2,{T1}\n");
    let taken = dock.import("late.csv", &csv, &[]);
    assert_eq!(taken["errors"][0]["code"], "po_not_open");
    let row = dock.exception("po_not_open");
    let shown = types(&dock, &["exceptions", "show", &row]);
    assert!(
        !shown.contains("--retry --note"),
        "not before it is refused: {shown}"
    );
    let said = refused(&dock, "W1-1");
    assert!(said.contains("It comes twice"), "{said}");
    assert!(
        said.contains(&format!("exceptions resolve {row} --retry")),
        "{said}"
    );
    dock.verify();
    dock.resolve("po_not_open", &["--retry"]);
    assert_eq!(dock.po_state("W1-1"), "shipped");
    one_of_them_is_taken_back(&dock);
}

fn one_of_them_is_taken_back(dock: &Dock) {
    let case = dock.exception("cancellation_refused");
    let shown = types(dock, &["exceptions", "show", &case]);
    assert!(
        shown.contains("order cancel W1 --line 1 --pieces 2 --po W1-2"),
        "{shown}"
    );
    assert!(!shown.contains("--release --note"), "{shown}");
    let off = [
        "order",
        "cancel",
        "W1",
        "--line",
        "1",
        "--pieces",
        "2",
        "--po",
        "W1-2",
        "--note",
        "once is enough",
    ];
    let said = types(dock, &off);
    assert!(said.contains("they come from another vendor"), "{said}");
    dock.resolve("cancellation_refused", &["--dismiss"]);
    dock.run();
    assert_eq!(dock.po_state("W1-2"), "cancelled");
    assert_eq!(dock.show("W1")["state"], "shipped");
    let left = owed(dock);
    assert!(["0.00", "nothing"].contains(&left.as_str()), "{left}");
    let mails = dock.desk.mails_to("W1@mail.example");
    assert!(
        mails.iter().all(|mail| !mail.text().contains("cancelled")),
        "nothing was taken off"
    );
    assert_eq!(dock.open(), [""; 0]);
    dock.verify();
}

#[test]
fn a_line_that_cannot_be_taken_off_is_refused_in_a_sentence() {
    let dock = dock();
    for (words, why) in [
        (&["--line", "4"][..], "order W1 has no line 4: it has 3"),
        (
            &["--line", "1", "--pieces", "3"],
            "3 cannot be taken off: 2 are still to come",
        ),
        (
            &["--line", "1", "--po", "W1-2"],
            "nothing of it on W1-2 is still to come",
        ),
    ] {
        let all = [&["order", "cancel", "W1", "--note", "x"][..], words].concat();
        dock.desk.run(&all).fails(1, &[why]);
    }
    dock.desk
        .run(&["order", "cancel", "W1", "--pieces", "1", "--note", "x"])
        .fails(2, &["--line"]);
    types(
        &dock,
        &["order", "cancel", "W1", "--line", "3", "--note", "no hose"],
    );
    assert_eq!(dock.po_state("W1-2"), "cancelled");
    assert_eq!(owed(&dock), "39.00");
    dock.verify();
}
