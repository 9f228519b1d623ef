//! Shipments that a person mends: another number, a further parcel, one that did not happen.

use super::{Dock, T1, T2};
use serde_json::{Value, json};

const T3: &str = "1Z999AA10123456784";

fn row(po: &str, qty: u8, tracking: &str) -> String {
    format!(
        "po,sku,qty,carrier,tracking,ship date\n{po},BF63-12163,{qty},UPS,{tracking},2025-06-02\n"
    )
}

/// An order of four pieces that left, its customer told.
fn shipped() -> Dock {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 4)]);
    dock.import("first.csv", &row("W1-1", 4, T1), &[]);
    dock.run();
    assert_eq!(dock.show("W1")["state"], "shipped");
    dock
}

fn mails(dock: &Dock) -> Vec<(String, String)> {
    let all = dock.desk.mails_to("W1@mail.example");
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    all.iter()
        .map(|mail| (mail.subject(), words(mail.text())))
        .collect()
}

fn act(dock: &Dock, args: &[&str]) -> String {
    let args = [args, &["--note", "as the vendor wrote"]].concat();
    dock.desk.run(&args).ok().stdout
}

fn list(dock: &Dock, more: &[&str]) -> Vec<Value> {
    let args = [&["shipment", "list", "--json"], more].concat();
    let list = dock.desk.run(&args).ok().json();
    list["shipments"].as_array().unwrap().clone()
}

#[test]
fn another_number_in_place_of_the_first_is_told_once() {
    let dock = shipped();
    dock.import("corrected.csv", &row("W1-1", 4, T2), &[]);
    assert_eq!(dock.open(), ["over_shipment"]);
    // the list says what to type, with the number in it
    let id = dock.exception("over_shipment");
    let case = dock
        .desk
        .run(&["exceptions", "show", &id, "--json"])
        .ok()
        .json();
    let commands = case["commands"].as_array().unwrap();
    let of = |word: &str| {
        let found = commands.iter().find(|one| one["remedy"] == word);
        found.unwrap_or_else(|| panic!("{case:#}"))["command"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(of("undo").contains("shipment undo 1"), "{case:#}");
    assert!(
        of("add").contains(&format!("shipment add W1-1 --shipment 1 --tracking {T2}")),
        "{case:#}"
    );
    let typed = of("retrack");
    let typed: Vec<&str> = typed.split_whitespace().skip(1).collect();
    assert_eq!(typed[..5], ["shipment", "retrack", "1", "--tracking", T2]);
    let said = act(&dock, &typed[..5]);
    assert!(
        said.contains(&format!("{T2} stands in place of {T1}")),
        "{said}"
    );
    assert!(said.contains("(over_shipment) is settled by it"), "{said}");
    assert_eq!(dock.open(), Vec::<String>::new());
    let before = mails(&dock).len();
    dock.run();
    dock.run();
    let all = mails(&dock);
    assert_eq!(all.len(), before + 1, "{all:?}");
    let (subject, text) = all.last().unwrap();
    assert_eq!(subject, "The right tracking number of your order W1");
    assert!(
        text.contains(&format!("UPS {T2} in place of {T1}, which was wrong")),
        "{text}"
    );
    // both documents once more say what is known; the wrong number is free for whom it belongs to
    for (name, number) in [("a.csv", T1), ("b.csv", T2)] {
        let csv = format!("{}\n", row("W1-1", 4, number));
        assert_eq!(dock.import(name, &csv, &[])["repeated"], 1, "{name}");
    }
    dock.order("W2", &[("BF63-12163", 1)]);
    assert_eq!(dock.import("c.csv", &row("W2-1", 1, T1), &[])["applied"], 1);
    dock.verify();
}

#[test]
fn what_left_now_is_told_apart_from_what_has_another_number() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 4)]);
    dock.import("first.csv", &row("W1-1", 3, T1), &[]);
    dock.run();
    act(&dock, &["shipment", "retrack", "1", "--tracking", T2]);
    dock.import("second.csv", &row("W1-1", 1, T3), &[]);
    dock.run();
    let all = mails(&dock);
    let (subject, text) = all.last().unwrap();
    assert_eq!(subject, "The rest of your order W1 is on its way");
    let places = [
        " 1 x ",
        T3,
        "You read of this before; here is the right tracking number: 3 x ",
        &format!("UPS {T2} in place of {T1}, which was wrong"),
    ]
    .map(|words| text.find(words));
    assert!(
        places.is_sorted() && places[0].is_some(),
        "{places:?}: {text}"
    );
    dock.verify();
}

#[test]
fn a_number_that_the_customer_never_read_is_not_spoken_of() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 4)]);
    dock.import("first.csv", &row("W1-1", 4, T1), &[]);
    act(&dock, &["shipment", "retrack", "1", "--tracking", T2]);
    dock.run();
    let all = mails(&dock);
    let (subject, text) = all.last().unwrap();
    assert_eq!(subject, "Your order W1 is on its way");
    assert!(text.contains(T2) && !text.contains(T1), "{text}");
    // there and back again: the customer is told what is right in the end
    act(&dock, &["shipment", "retrack", "1", "--tracking", T1]);
    dock.run();
    let all = mails(&dock);
    let (subject, text) = all.last().unwrap();
    assert!(text.contains(T1), "{subject}: {text}");
    assert_eq!(list(&dock, &[]).len(), 1);
    dock.verify();
}

/// What is typed, and what is said to it.
const REFUSED: &[(&str, &str)] = &[
    ("shipment retrack 1 --tracking T1", "has the number"),
    ("shipment retrack 1 --tracking T2", "order W2"),
    ("shipment retrack 9 --tracking T3", "there is no shipment 9"),
    ("shipment retrack 1 --tracking é", "is no tracking number"),
    (
        "shipment retrack 1 --tracking NUMBER",
        "is still to be filled in",
    ),
    (
        "shipment retrack 1 --tracking T3 --carrier Pigeon",
        "no carrier 'Pigeon'",
    ),
    (
        "shipment retrack 1 --tracking T3 --parcel X",
        "has no parcel X",
    ),
    ("shipment add W1-1 BF63-12163=1", "0 are open"),
    ("shipment add W1-1 KT10-00010=1", "is not on purchase order"),
    ("shipment add W1-1", "--tracking NUMBER"),
    ("shipment undo 1 --ships 2025-05-01", "is over"),
    ("po delivered W1-1 --on 2025-05-30", "cannot have arrived"),
    ("po delivered W1-1 --on 2026-05-30", "still to come"),
];

#[test]
fn what_cannot_be_mended_is_said() {
    let dock = shipped();
    dock.order("W2", &[("BF63-12163", 1)]);
    dock.import("w2.csv", &row("W2-1", 1, T2), &[]);
    let number = |word| match word {
        "T1" => T1,
        "T2" => T2,
        "T3" => T3,
        word => word,
    };
    for (words, why) in REFUSED {
        let mut args: Vec<&str> = words.split(' ').map(number).collect();
        args.extend(["--note", "x"]);
        dock.desk.run(&args).fails(1, &[why]);
    }
    dock.verify();
}

#[test]
fn a_further_parcel_of_the_same_goods() {
    let dock = shipped();
    let said = act(&dock, &["shipment", "add", "W1-1", "--tracking", T2]);
    assert!(said.contains("has the parcel"), "{said}");
    dock.run();
    let all = mails(&dock);
    let (_, text) = all.last().unwrap();
    assert!(text.contains(T1) && text.contains(T2), "{text}");
    assert_eq!(list(&dock, &["--po", "W1-1"]).len(), 2);
    // of two parcels it must be said which number is wrong
    dock.desk
        .run(&["shipment", "retrack", "1", "--tracking", T3, "--note", "x"])
        .fails(1, &["--parcel NUMBER"]);
    act(
        &dock,
        &["shipment", "retrack", "1", "--tracking", T3, "--parcel", T2],
    );
    let numbers: Vec<Value> = list(&dock, &[])
        .iter()
        .map(|one| one["tracking_number"].clone())
        .collect();
    assert_eq!(numbers, [json!(T1), json!(T3)]);
    dock.verify();
}

#[test]
fn a_shipment_that_did_not_happen_is_taken_back() {
    let dock = shipped();
    let said = act(&dock, &["shipment", "undo", "1", "--ships", "2025-06-05"]);
    assert!(
        said.contains("4 of BF63-12163 on purchase order W1-1 are open again"),
        "{said}"
    );
    let shown = dock.show("W1");
    assert_eq!(shown["state"], "placed", "{shown:#}");
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    let on = &shown["purchase_orders"][0]["lines"][0];
    assert_eq!(
        (&on["open"], &on["promised"]),
        (&json!(4), &json!("2025-06-05"))
    );
    // it is watched: the day that the vendor named passes
    let next = shown["next"]["what"].as_str().unwrap();
    assert!(next.contains("ships W1-1 as promised"), "{next}");
    // the customer is told, once
    let before = mails(&dock).len();
    dock.run();
    dock.run();
    let all = mails(&dock);
    assert_eq!(all.len(), before + 1, "{all:?}");
    let (subject, text) = all.last().unwrap();
    assert_eq!(subject, "Your order W1 has not left yet");
    assert!(
        text.contains(T1) && text.contains("4 x Brass Floor Lamp"),
        "{text}"
    );
    dock.verify();
    // a list that has the old parcel on it does nothing by itself, and neither does the same file
    for (name, csv) in [
        ("daily.csv", format!("{}\n", row("W1-1", 4, T1))),
        ("first2.csv", row("W1-1", 4, T1)),
    ] {
        dock.import(name, &csv, &[]);
        assert_eq!(dock.open(), ["tracking_reused"], "{name}");
        assert_eq!(dock.show("W1")["state"], "placed", "{name}");
    }
    dock.resolve("tracking_reused", &["--dismiss"]);
    // a later advice counts
    assert_eq!(
        dock.import("later.csv", &row("W1-1", 4, T2), &[])["applied"],
        1
    );
    dock.run();
    assert_eq!(dock.show("W1")["state"], "shipped");
    let all = mails(&dock);
    let (subject, text) = all.last().unwrap();
    assert_eq!(subject, "Your order W1 is on its way");
    assert!(text.contains(T2) && !text.contains(T1), "{text}");
    let states: Vec<Value> = list(&dock, &[])
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, [json!("in_transit"), json!("undone")]);
    dock.verify();
}

#[test]
fn who_was_not_told_is_not_told_and_a_part_stays() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 4)]);
    dock.import("first.csv", &row("W1-1", 3, T1), &[]);
    dock.import("second.csv", &row("W1-1", 1, T2), &[]);
    act(&dock, &["shipment", "undo", "1"]);
    assert_eq!(dock.show("W1")["state"], "partly_shipped");
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    dock.run();
    let all = mails(&dock);
    let subjects: Vec<&String> = all.iter().map(|(subject, _)| subject).collect();
    assert_eq!(subjects[1..], ["A part of your order W1 is on its way"]);
    assert!(
        all[1].1.contains(T2) && !all[1].1.contains(T1),
        "{}",
        all[1].1
    );
    dock.desk
        .run(&["shipment", "undo", "1", "--note", "x"])
        .fails(1, &["was taken back"]);
    dock.verify();
}

#[test]
fn what_was_billed_is_looked_at_again() {
    let dock = shipped();
    let bill = "vendor,number,date,po_number,total\nAcme Home Goods,A-1,2025-06-05,W1-1,246.00\n";
    dock.desk.file("bill.csv", bill.as_bytes());
    dock.desk.run(&["import-invoices", "bill.csv"]).ok();
    assert_eq!(dock.po_state("W1-1"), "closed");
    assert_eq!(dock.show("W1")["state"], "closed");
    let said = act(&dock, &["shipment", "undo", "1"]);
    assert!(said.contains("A bill has it on it: exception"), "{said}");
    assert_eq!(dock.open(), ["invoice_not_shipped"]);
    assert_eq!(
        (dock.show("W1")["state"].clone(), dock.po_state("W1-1")),
        (json!("placed"), "sent".to_owned())
    );
    dock.verify();
    // it left after all
    dock.import("later.csv", &row("W1-1", 4, T2), &[]);
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.po_state("W1-1"), "closed");
    dock.verify();
}

#[test]
fn goods_in_a_return_had_left() {
    let dock = shipped();
    let open = ["return", "open", "W1", "1=1", "--reason", "too dim"];
    dock.desk.run(&open).ok();
    dock.desk
        .run(&["shipment", "undo", "1", "--note", "x"])
        .fails(1, &["1 of BF63-12163 are in a return"]);
    dock.verify();
}

#[test]
fn delivered_by_hand_and_every_parcel_with_its_age() {
    let dock = shipped();
    dock.order("W2", &[("BF63-12163", 2)]);
    dock.desk
        .run(&["po", "delivered", "W2-1", "--note", "x"])
        .fails(1, &["poms shipment add W2-1 BF63-12163=2"]);
    act(
        &dock,
        &[
            "shipment",
            "add",
            "W2-1",
            "BF63-12163=1",
            "--date",
            "2025-06-01",
        ],
    );
    let rows = list(&dock, &["--state", "in_transit"]);
    assert_eq!(rows.len(), 2, "{rows:#?}");
    assert_eq!(
        (
            &rows[0]["order"],
            &rows[0]["tracking_number"],
            &rows[0]["age_days"]
        ),
        (&json!("W2"), &json!(null), &json!(1))
    );
    assert_eq!(
        (&rows[1]["tracking_number"], &rows[1]["age_days"]),
        (&json!(T1), &json!(0))
    );
    assert_eq!(list(&dock, &["--older", "1"]).len(), 1);
    assert_eq!(list(&dock, &["--vendor", "BLUE"]).len(), 0);
    assert_eq!(list(&dock, &["--carrier", "ups", "--order", "W1"]).len(), 1);
    dock.desk
        .run(&["shipment", "list", "--state", "lost"])
        .fails(2, &["in_transit"]);
    let said = act(&dock, &["po", "delivered", "W2-1"]);
    assert!(said.contains("Still to come of it: BF63-12163=1"), "{said}");
    assert_eq!(dock.show("W2")["state"], "partly_shipped");
    let said = act(&dock, &["po", "delivered", "W1-1", "--on", "2025-06-02"]);
    assert!(said.contains("Order W1 is delivered"), "{said}");
    let screen = dock.desk.run(&["shipment", "list"]).ok().stdout;
    assert!(
        screen.contains("arrived 2025-06-02") && screen.contains("no number"),
        "{screen}"
    );
    dock.desk
        .run(&["po", "delivered", "W1-1", "--note", "x"])
        .fails(1, &["delivered already"]);
    // and it was another's parcel: the order is on its way again
    act(&dock, &["shipment", "retrack", "1", "--tracking", T3]);
    assert_eq!(dock.show("W1")["state"], "shipped");
    dock.verify();
}
