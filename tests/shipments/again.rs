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
