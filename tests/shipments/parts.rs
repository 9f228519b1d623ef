//! One line answered in parts, and a purchase order of which a part is refused: its state says what is
//! true of the pieces that are still the vendor's.

use super::{Dock, T1};
use serde_json::json;

const HEAD: &str = "po_number,sku,qty,status,date\n";

fn answers(dock: &Dock, name: &str, rows: &str) -> serde_json::Value {
    dock.import(name, &format!("{HEAD}{rows}"), &[])
}

fn line(dock: &Dock, order: &str) -> serde_json::Value {
    dock.show(order)["purchase_orders"][0]["lines"][0].clone()
}

#[test]
fn two_accepted_and_one_rejected_of_one_line() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    let rows = "W1-1,BF63-12163,2,accepted,2025-06-04\nW1-1,AC-12163,1,rejected,\n";
    let taken = answers(&dock, "split.csv", rows);
    assert_eq!(
        (&taken["applied"], &taken["held"]),
        (&json!(2), &json!(0)),
        "{taken:#}"
    );
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    assert_eq!(dock.open(), ["po_rejected"]);
    let on = line(&dock, "W1");
    assert_eq!(
        (
            &on["accepted"],
            &on["rejected"],
            &on["promised"],
            &on["answer_qty"]
        ),
        (&json!(2), &json!(1), &json!("2025-06-04"), &json!(1)),
        "{on:#}"
    );
    let id = dock.exception("po_rejected");
    let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(
        shown.contains("1 of BF63-12163 (of 3 open) will not come"),
        "{shown}"
    );
    for screen in [
        dock.desk.run(&["order", "show", "W1"]).ok().stdout,
        dock.desk.run(&["po", "show", "W1-1"]).ok().stdout,
    ] {
        assert!(screen.contains("1 of 3 open pieces rejected"), "{screen}");
        assert!(
            screen.contains("2 accepted, ships 2025-06-04; 1 rejected"),
            "{screen}"
        );
        assert!(!screen.contains("REJECTED"), "{screen}");
    }
    // the same table once more, under another name and in another order, says nothing new
    let again = answers(
        &dock,
        "again.csv",
        "W1-1,AC-12163,1,rejected,\nW1-1,BF63-12163,2,accepted,2025-06-04\n",
    );
    assert_eq!(
        (&again["repeated"], &again["held"]),
        (&json!(2), &json!(0)),
        "{again:#}"
    );
    dock.verify();
}

/// What is taken off is the refused piece; the others come, and the table is known for what it is also
/// after that.
#[test]
fn the_refused_piece_is_taken_off_and_the_others_come() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    let rows = "W1-1,BF63-12163,2,accepted,2025-06-04\nW1-1,AC-12163,1,rejected,\n";
    answers(&dock, "split.csv", rows);
    dock.resolve("po_rejected", &["--cancel-line"]);
    let on = line(&dock, "W1");
    assert_eq!(
        (&on["cancelled"], &on["open"], &on["rejected"]),
        (&json!(1), &json!(2), &json!(0)),
        "{on:#}"
    );
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    assert_eq!(dock.open(), Vec::<String>::new());
    // the table a third time: what it says of all that was ordered is known
    let third = answers(&dock, "third.csv", &format!("{rows}\n"));
    assert_eq!(
        (&third["repeated"], &third["held"]),
        (&json!(2), &json!(0)),
        "{third:#}"
    );
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,2,{T1}\n");
    dock.import("rest.csv", &csv, &[]);
    assert_eq!(dock.show("W1")["state"], "shipped");
    dock.verify();
}

#[test]
fn three_words_about_one_line_stand_beside_each_other() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 4)]);
    let rows = "W1-1,BF63-12163,2,accepted,\nW1-1,BF63-12163,1,backordered,2025-06-20\nW1-1,BF63-12163,1,rejected,\n";
    answers(&dock, "three.csv", rows);
    assert_eq!(dock.po_state("W1-1"), "backordered");
    assert_eq!(dock.open(), ["po_backordered", "po_rejected"]);
    // the refused piece is ordered elsewhere, the one on backorder taken off: two are left
    dock.resolve("po_rejected", &["--other-vendor"]);
    assert_eq!(dock.open(), ["po_backordered"]);
    dock.resolve("po_backordered", &["--cancel-line"]);
    let on = line(&dock, "W1");
    assert_eq!(
        (&on["open"], &on["accepted"], &on["moved"], &on["cancelled"]),
        (&json!(2), &json!(2), &json!(1), &json!(2)),
        "{on:#}"
    );
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    dock.verify();
}

#[test]
fn rejected_only_when_nothing_is_left_with_the_vendor() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    // one line refused, nothing said of the other: the vendor still owes an answer about it
    answers(&dock, "one.csv", "W1-1,BF63-12163,2,rejected,\n");
    assert_eq!(dock.po_state("W1-1"), "sent");
    assert_eq!(dock.open(), ["po_rejected"]);
    let step = dock.show("W1")["next"]["what"].as_str().unwrap().to_owned();
    assert!(step.contains("2 pieces of W1-1"), "{step}");
    answers(&dock, "two.csv", "W1-1,KT10-00010,1,accepted,\n");
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    answers(&dock, "three.csv", "W1-1,KT10-00010,1,rejected,\n");
    assert_eq!(dock.po_state("W1-1"), "rejected");
    // and not for good: the vendor thinks better of it
    answers(&dock, "four.csv", "W1-1,KT10-00010,1,accepted,2025-06-05\n");
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    let csv = format!("po,sku,qty,tracking\nW1-1,KT10-00010,1,{T1}\n");
    dock.import("kettle.csv", &csv, &[]);
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    assert_eq!(dock.open(), ["po_rejected"]);
    dock.verify();
}

/// A word about the whole purchase order never overrides one about a line of the same table, wherever
/// it stands.
#[test]
fn what_is_said_of_one_line_goes_before_what_is_said_of_all() {
    for rows in [
        "W1-1,,,accepted,\nW1-1,KT10-00010,1,rejected,\n",
        "W1-1,KT10-00010,1,rejected,\nW1-1,,,accepted,\n",
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
        answers(&dock, "all.csv", rows);
        assert_eq!(dock.po_state("W1-1"), "acknowledged", "{rows}");
        assert_eq!(dock.open(), ["po_rejected"], "{rows}");
        dock.verify();
    }
}

#[test]
fn parts_that_do_not_add_up_go_to_a_person_whole() {
    for (rows, why) in [
        (
            "W1-1,BF63-12163,2,accepted,\nW1-1,BF63-12163,2,rejected,\n",
            "it answers for 4 pieces, 3 are open",
        ),
        (
            "W1-1,BF63-12163,1,accepted,\nW1-1,BF63-12163,1,rejected,\n",
            "it answers for 2 pieces of 3",
        ),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 3)]);
        let taken = answers(&dock, "odd.csv", rows);
        assert_eq!(
            (&taken["applied"], &taken["held"]),
            (&json!(0), &json!(2)),
            "{taken:#}"
        );
        assert!(
            taken["errors"][0]["message"]
                .as_str()
                .unwrap()
                .contains(why),
            "{taken:#}"
        );
        assert_eq!(
            (dock.po_state("W1-1"), dock.open()),
            ("sent".into(), vec!["vendor_mail".to_owned()])
        );
        dock.verify();
    }
}
