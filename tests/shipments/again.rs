//! Rows that come once more after a person took back what they said, and rows of mails that prove one
//! purchase order alone: nothing is passed over in silence, and nothing acts on another order.

use super::{Dock, T1, T2};

fn row(po: &str, qty: i64, number: &str) -> String {
    format!(
        "po,sku,qty,carrier,tracking,ship date\n{po},BF63-12163,{qty},UPS,{number},2025-06-02\n"
    )
}

fn act(dock: &Dock, args: &[&str]) {
    let args = [args, &["--note", "as the vendor wrote"]].concat();
    dock.desk.run(&args).ok();
}

/// Held, released, given another number, and taken back: the row that comes again is asked about.
#[test]
fn a_released_row_that_was_taken_back_is_asked_about_again() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.import("first.csv", &row("W1-1", 4, T1), &[]);
    dock.resolve("over_shipment", &["--release"]);
    assert_eq!(dock.show("W1")["state"], "shipped");
    dock.run();
    act(&dock, &["shipment", "retrack", "1", "--tracking", T2]);
    // while the shipment stands, the row says what is known
    assert_eq!(
        dock.import("again.csv", &format!("{}\n", row("W1-1", 4, T1)), &[])["repeated"],
        1
    );
    act(&dock, &["shipment", "undo", "1"]);
    dock.run();
    assert_eq!(dock.show("W1")["state"], "placed");
    // the same bytes, and the same row in another file
    for (name, csv) in [
        ("first2.csv", row("W1-1", 4, T1)),
        ("more.csv", format!("{}\n\n", row("W1-1", 4, T1))),
    ] {
        let file = dock.import(name, &csv, &[]);
        assert_eq!(dock.open(), ["tracking_reused"], "{name}: {file:#}");
        assert_eq!(dock.show("W1")["state"], "placed", "{name}");
    }
    // a person lets it count after all
    dock.resolve("tracking_reused", &["--release"]);
    // what one release overrides, the other checks still see
    assert_eq!(dock.open(), ["over_shipment"]);
    dock.resolve("over_shipment", &["--release"]);
    assert_eq!(dock.show("W1")["state"], "shipped", "{:?}", dock.open());
    dock.run();
    dock.verify();
    // dismissed is decided: a person said that nothing comes of it
    act(&dock, &["shipment", "undo", "2"]);
    dock.import("third.csv", &format!("\n{}", row("W1-1", 4, T1)), &[]);
    assert_eq!(dock.open(), ["tracking_reused"]);
    dock.resolve("tracking_reused", &["--dismiss"]);
    dock.import("fourth.csv", &format!("\n\n{}", row("W1-1", 4, T1)), &[]);
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.show("W1")["state"], "placed");
    dock.verify();
}

/// The same bytes that were acted on whole, after an undo, from the vendor's own mail.
#[test]
fn the_same_file_after_an_undo_is_looked_at() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let send = || {
        let csv = row("W1-1", 1, T1);
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            "W1-1",
            "Attached.",
            Some(&csv),
        );
        dock.run();
    };
    send();
    assert_eq!(dock.show("W1")["state"], "shipped");
    send();
    assert_eq!(dock.open(), Vec::<String>::new());
    act(&dock, &["shipment", "undo", "1"]);
    dock.desk.now("2025-06-03T14:05:00Z");
    send();
    assert_eq!(dock.open(), ["tracking_reused"]);
    assert_eq!(dock.show("W1")["state"], "placed");
    dock.verify();
}

/// A row that a person amended, and took back.
#[test]
fn an_amended_row_that_was_taken_back_is_asked_about_again() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    let csv = format!("po,carrier,tracking,ship date\nW1-1,UPS,{T1},2025-06-02\n");
    dock.import("first.csv", &csv, &[]);
    dock.resolve(
        "advice_unclear",
        &["--amend", "BF63-12163=2", "KT10-00010=1"],
    );
    assert_eq!(dock.show("W1")["state"], "shipped");
    act(&dock, &["shipment", "undo", "1"]);
    dock.import("again.csv", &format!("{csv}\n"), &[]);
    assert_eq!(dock.open().len(), 1, "{:?}", dock.open());
    assert_eq!(dock.show("W1")["state"], "placed");
    dock.verify();
}

/// What a mail proves is one purchase order: a row about another waits, and is not acted on when that
/// order comes to be.
#[test]
fn a_mail_that_proves_one_order_speaks_for_no_later_one() {
    for (proof, acts) in [("address", false), ("signature", true)] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        let csv = format!(
            "{}W2-1,BF63-12163,1,UPS,{T2},2025-06-02\n",
            row("W1-1", 1, T1)
        );
        let to = dock.reply_address("W1-1");
        match proof {
            "address" => dock.mail_to(&to, "W1-1", "Attached.", Some(&csv)),
            _ => {
                dock.mail(
                    "Ann <ann@acme.example>",
                    "acme.example",
                    "Shipped",
                    "Attached.",
                    Some(&csv),
                );
            }
        }
        dock.run();
        assert_eq!(dock.open(), ["unknown_po"], "{proof}");
        dock.order("W2", &[("BF63-12163", 1)]);
        let id = dock.exception("unknown_po");
        let typed = [
            "exceptions",
            "resolve",
            &id,
            "--retry",
            "--note",
            "there now",
        ];
        let done = dock.desk.run(&typed);
        let shipped = dock.show("W2")["state"] == "shipped";
        assert_eq!(shipped, acts, "{proof}: {}{}", done.stdout, done.stderr);
        assert!(
            acts || dock.open() == ["untrusted_sender"] || dock.open() == ["unknown_po"],
            "{proof}: {:?}",
            dock.open()
        );
        dock.verify();
    }
}

/// What was disputed is cleared, and what came onto the same exception since was not: the dispute that
/// is printed for it can be typed, and writes of that alone.
#[test]
fn a_printed_dispute_can_be_typed_after_an_earlier_one() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1), ("KT10-00010", 1)]);
    let row = |sku: &str, number: &str| format!("po,sku,qty,tracking\nW1-1,{sku},1,{number}\n");
    dock.import("kettle.csv", &row("KT10-00010", T2), &[]);
    dock.run();
    let bill = "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,freight,total\n\
                Acme Home Goods,A-1,2025-06-02,W1-1,AC-12163,1,61.50,,75.50\n\
                Acme Home Goods,A-1,2025-06-02,W1-1,AC-00010,1,14.00,,75.50\n";
    dock.desk.file("bill.csv", bill.as_bytes());
    dock.desk.run(&["import-invoices", "bill.csv"]).ok();
    let said = dock.resolve("invoice_not_shipped", &["--dispute"]);
    assert!(
        said.contains("Subject:") && said.contains("12163"),
        "{said}"
    );
    act(&dock, &["shipment", "undo", "1"]);
    dock.import("lamp.csv", &row("BF63-12163", T1), &[]);
    dock.run();
    let id = dock.exception("invoice_not_shipped");
    let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(shown.contains("--dispute"), "{shown}");
    let said = dock.resolve("invoice_not_shipped", &["--dispute"]);
    assert!(said.contains("00010") && !said.contains("12163"), "{said}");
    let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(!shown.contains("--dispute"), "{shown}");
    dock.run();
    dock.verify();
}
