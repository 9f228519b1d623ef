//! A row of a table that takes back another one of it: the goods that it names wait for a person, who is
//! asked once, and all other rows act.

use super::voices::ups;
use super::{Dock, T1};

const HEAD: &str = "po_number,sku,qty,carrier,tracking_number,ship_date,status";

/// A table of ACME's, sent with a mail.
fn sent(dock: &Dock, rows: &[String]) {
    let table = format!("{HEAD}\n{}\n", rows.join("\n"));
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Shipments",
        "Please see attached.",
        Some(&table),
    );
    dock.run();
}

fn row(order: usize, sku: &str, qty: &str) -> String {
    let number = ups(order * 2);
    format!("W{order}-1,{sku},{qty},UPS,{number},2025-06-02,")
}

#[test]
fn what_is_taken_back_waits_and_the_rest_of_the_table_acts() {
    let dock = Dock::new();
    for order in 1..=5 {
        dock.order(&format!("W{order}"), &[("BF63-12163", 1)]);
    }
    let rows = [
        row(1, "BF63-12163", "1"),
        row(2, "BF63-12163", "1"),
        // the vendor's own number of the same article
        row(2, "AC-12163", "-1"),
        row(3, "BF63-12163", "1"),
        "Voided above,,,,,,".to_owned(),
        row(4, "BF63-12163", "1"),
        row(5, "BF63-12163", "1"),
        "Not shipped: W5-1,,,,,,".to_owned(),
    ];
    sent(&dock, &rows);
    let states: Vec<String> = (1..=5).map(|n| dock.po_state(&format!("W{n}-1"))).collect();
    assert_eq!(states, ["shipped", "sent", "sent", "shipped", "sent"]);
    assert_eq!(dock.open(), ["advice_unclear"; 3], "once for each");
    let list = dock.desk.run(&["exceptions", "list"]).ok().stdout;
    let list = list.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "line 4 of the same table says >>W2-1, AC-12163, -1",
        "line 6 of the same table says >>Voided above<<",
    ] {
        assert!(list.contains(words), "no '{words}' in {list}");
    }
    // the same table once more asks nobody
    sent(&dock, &rows);
    assert_eq!(dock.open(), ["advice_unclear"; 3]);
    // a person who knows better has it taken
    let all = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
    let id = all["exceptions"][0]["id"].to_string();
    let release = [
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "rang them",
    ];
    dock.desk.run(&release).ok();
    assert_eq!(dock.open(), ["advice_unclear"; 2]);
    dock.verify();
}

/// What waits or is cancelled of the rest of an order takes back nothing that left, and neither does another
/// article's row.
#[test]
fn the_rest_of_an_order_takes_back_nothing() {
    for (second, state) in [
        ("W1-1,BF63-12163,1,,,,backordered", "partly_shipped"),
        ("W1-1,BF63-12163,1,,,,cancelled", "partly_shipped"),
        ("W1-1,KT10-00010,0,,,,", "partly_shipped"),
        ("W1-1,KT10-00010,1,,,,cancelled", "partly_shipped"),
        ("W9-1,BF63-12163,-1,,,,", "partly_shipped"),
        (
            "\"All returns need an RMA, see the above\",,,,,,",
            "partly_shipped",
        ),
        // more than was ordered: one of them is not so
        ("W1-1,BF63-12163,2,,,,cancelled", "sent"),
        ("W1-1,,,,,,cancelled", "sent"),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
        let first = format!("W1-1,BF63-12163,2,UPS,{T1},2025-06-02,shipped");
        sent(&dock, &[first, second.to_owned()]);
        assert_eq!(dock.po_state("W1-1"), state, "{second}: {:?}", dock.open());
        assert_eq!(dock.open().len(), 1, "{second}: {:?}", dock.open());
        dock.verify();
    }
}

/// A row that counts nothing, or less, and one without a parcel say what else to type.
#[test]
fn a_row_of_less_than_nothing_can_be_amended() {
    for qty in ["0", "-1"] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 1)]);
        sent(&dock, &[row(1, "BF63-12163", qty)]);
        let id = dock.exception("advice_unclear");
        let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
        assert!(case.contains("--amend BF63-12163=PIECES"), "{case}");
        assert!(!case.contains("--amend po=NUMBER"), "{case}");
        dock.resolve("advice_unclear", &["--amend", "BF63-12163=1"]);
        assert_eq!(dock.po_state("W1-1"), "shipped");
    }
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    sent(&dock, &["W1-1,BF63-12163,1,UPS,,,".to_owned()]);
    let list = dock.desk.run(&["exceptions", "list"]).ok().stdout;
    let list = list.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(list.contains("`poms shipment add` says so"), "{list}");
}
