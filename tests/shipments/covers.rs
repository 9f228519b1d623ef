//! Covering letters beside an attached table, read by the whole site: the harmless ones let the rows
//! act, and beside the others nothing acts. The letters of `fixtures/covers` were written before the
//! reader that reads them, and half of them are traps: `rows` for a harmless one, `trap` for one
//! beside which nothing may act, `tell` for one that a person must read whatever the rows do.

use super::voices::{Outcome, entries, filled, outcome, ups};
use super::{Dock, T1};
use crate::support::desk::TestDesk;
use rusqlite::Connection;

/// Of the harmless letters so many hundredths let the rows act, at least.
const FLOOR: usize = 85;

/// Every letter has its purchase order and its table, and was read.
fn heard(letters: &[(String, String)]) -> Vec<Outcome> {
    let dock = Dock::new();
    for place in 0..letters.len() {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        order["lines"][0]["qty"] = 1.into();
        order["total"] = "108.23".into();
        order["customer"]["email"] = format!("w{place}@mail.example").into();
        dock.desk.order(&order);
    }
    dock.run();
    for (place, (_, text)) in letters.iter().enumerate() {
        let po = format!("W{}-1", place + 1000);
        let csv = format!(
            "po,sku,qty,carrier,tracking,ship date\n{po},BF63-12163,1,UPS,{},2025-06-02\n",
            ups(place * 2)
        );
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            &format!("Re: Purchase order {po}"),
            &filled(text, place),
            Some(&csv),
        );
    }
    dock.run();
    dock.verify();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    (0..letters.len())
        .map(|place| outcome(&ledger, place))
        .collect()
}

#[test]
fn no_covering_letter_is_misheard() {
    let letters = entries("fixtures/covers/covering-letters.txt");
    assert!(letters.len() >= 60, "{} letters", letters.len());
    let outcomes = heard(&letters);
    let (mut plain, mut acted, mut mistakes) = (0, 0, Vec::new());
    for ((expected, text), outcome) in letters.iter().zip(&outcomes) {
        let told = outcome.codes.iter().any(|code| code == "vendor_mail");
        let marked = outcome.messages.iter().any(|text| text.contains(">>"));
        let alone = outcome.shipped == 1 && outcome.codes.is_empty();
        let asked = outcome.shipped == 0 && told && marked;
        let right = match expected.as_str() {
            "rows" => alone || asked,
            "trap" => asked,
            _ => told,
        };
        if expected == "rows" {
            plain += 1;
            acted += usize::from(alone);
        }
        let shown = format!(
            "{expected}: {} {:?} {:?}\n    {text}",
            outcome.shipped, outcome.codes, outcome.messages
        );
        if !right {
            mistakes.push(shown);
        } else if expected == "rows" && !alone && std::env::var_os("POMS_SHOW").is_some() {
            println!("ASKED {shown}");
        }
    }
    println!(
        "{} covering letters, {} misheard; of {plain} harmless ones {acted} let the rows act",
        letters.len(),
        mistakes.len()
    );
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(acted * 100 >= FLOOR * plain, "{acted} of {plain}");
}

/// A mail to a purchase order's own address with a table in one of many wrappings.
fn mail(dock: &Dock, subject: &str, text: &str, name: &str, file: &str) {
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        subject,
        text,
        Some(file),
    );
    dock.last_mail(|mail| mail.replace("a.csv", name));
}

fn table() -> String {
    format!("po,sku,qty,tracking,ship date\nW1-1,BF63-12163,3,{T1},2025-06-02\n")
}

/// Subject, file name and the file's own lines may take the rows back as well as the words.
#[test]
fn nothing_acts_that_is_taken_back_anywhere() {
    let taken_back = format!("SENT IN ERROR - DO NOT USE\n{}", table());
    let running = format!("We have not shipped this yet. The UPS label {T1} was voided.\n");
    let cases = [
        ("VOID: W1-1 shipments", "Attached.", "a.csv", table()),
        ("Fwd: W1-1 sent by mistake", "", "a.csv", table()),
        ("W1-1", "Attached.", "shipments_VOID.csv", table()),
        ("W1-1", "", "draft-shipments.csv", table()),
        ("W1-1", "Attached.", "a.csv", taken_back),
        ("W1-1", "See attached.", "note.txt", running),
    ];
    for (subject, text, name, file) in cases {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 3)]);
        mail(&dock, subject, text, name, &file);
        dock.run();
        assert_eq!(dock.show("W1")["state"], "placed", "{subject} {name}");
        assert_eq!(dock.open(), ["vendor_mail"], "{subject} {name}");
        let id = dock.exception("vendor_mail");
        let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
        assert!(case.contains(">>"), "{case}");
        dock.verify();
    }
}

/// The same words around the table without any doubt: the rows act, so that it was not the wrapping
/// that stopped them.
#[test]
fn the_same_wrappings_act_without_the_doubt() {
    for (subject, text, name, file) in [
        ("W1-1 shipments", "Attached.", "a.csv", table()),
        ("Fwd: W1-1 shipped", "", "shipments_0602.csv", table()),
        (
            "W1-1",
            "Attached.",
            "a.csv",
            format!("Acme daily shipments\n{}", table()),
        ),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 3)]);
        mail(&dock, subject, text, name, &file);
        dock.run();
        assert_eq!(dock.show("W1")["state"], "shipped", "{subject} {name}");
        assert_eq!(dock.open(), Vec::<String>::new(), "{subject} {name}");
    }
}

/// Words that say of the table's own goods that they do not come stop it; of others, they are read
/// beside it (`beside.rs`). The person who asked the vendor has the file taken with the command that
/// the case shows.
#[test]
fn what_contradicts_the_rows_stops_them_and_a_person_has_the_file_taken() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    let words = "See attached. BF63-12163 is backordered until 6/20.";
    mail(&dock, "W1-1", words, "a.csv", &table());
    dock.run();
    assert_eq!(dock.show("W1")["state"], "placed");
    let id = dock.exception("vendor_mail");
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    let flat = case.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("poms import-advices"), "{case}");
    dock.import("taken.csv", &table(), &["--vendor", "ACME"]);
    assert_eq!(dock.show("W1")["state"], "partly_shipped");
    dock.resolve("vendor_mail", &["--dismiss"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}
