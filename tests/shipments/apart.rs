//! A purchase order or a cancellation that cannot be read: it alone is listed, once, and the others are
//! asked about, told of, and taken off.

use super::Dock;
use rusqlite::Connection;

fn spoil(dock: &Dock, sql: &str) {
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    ledger.execute_batch(sql).unwrap();
}

fn text(dock: &Dock, sql: &str) -> String {
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    ledger.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn purchase_orders_that_cannot_be_read_keep_no_other_from_being_asked_about() {
    let dock = Dock::with("[notices]\noverdue = \"off\"");
    for order in ["W1", "W2", "W3", "W4"] {
        dock.order(order, &[("BF63-12163", 1)]);
    }
    let sound = text(
        &dock,
        "SELECT document FROM purchase_order WHERE number = 'W2-1'",
    );
    // one whose document is nonsense, and one whose day is
    spoil(
        &dock,
        "UPDATE purchase_order SET document = 'nonsense' WHERE number = 'W2-1'; \
         INSERT INTO po_line_status (po_line_id, shipped, cancelled, moved, promised, updated) \
         SELECT l.id, 0, 0, 0, 'nonsense', '2025-06-02T10:05:00Z' FROM po_line l JOIN purchase_order p ON p.id = l.po_id \
         WHERE p.number = 'W4-1' ON CONFLICT (po_line_id) DO UPDATE SET promised = 'nonsense'",
    );
    dock.desk.now("2025-06-05T13:00:00Z");
    let run = dock.run();
    let list = dock.desk.run(&["exceptions", "list"]).ok().stdout;
    // two are not looked after, and the customer of one is not told of days
    assert_eq!(run["exceptions"]["opened"], 3, "{list}");
    assert_eq!(dock.open(), ["work_failed"; 3]);
    let asked = dock.questions("orders@acme.example");
    assert_eq!(asked.len(), 1, "{asked:?}");
    for (po, there) in [
        ("W1-1", true),
        ("W2-1", false),
        ("W3-1", true),
        ("W4-1", false),
    ] {
        assert_eq!(asked[0].1.contains(po), there, "{po}: {}", asked[0].1);
    }
    // once, however many runs follow, and nothing is asked twice
    dock.desk.now("2025-06-05T13:10:00Z");
    assert_eq!(dock.run()["exceptions"]["opened"], 0);
    assert_eq!(dock.questions("orders@acme.example").len(), 1);

    let mend = format!(
        "UPDATE purchase_order SET document = '{}' WHERE number = 'W2-1'; \
         UPDATE po_line_status SET promised = NULL",
        sound.replace('\'', "''")
    );
    spoil(&dock, &mend);
    dock.desk.now("2025-06-06T13:10:00Z");
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new(), "it ends by itself");
    let asked = dock.questions("orders@acme.example");
    assert!(
        asked[1].1.contains("W2-1") && asked[1].1.contains("W4-1"),
        "{asked:?}"
    );
}

#[test]
fn what_cannot_be_looked_at_stays_on_its_vendors_list() {
    let dock = Dock::new();
    for order in ["W1", "W2"] {
        dock.order(order, &[("BF63-12163", 1)]);
    }
    dock.at(&[
        "2025-06-05T13:00:00Z",
        "2025-06-09T14:00:00Z",
        "2025-06-10T21:05:00Z",
    ]);
    assert_eq!(dock.listed(), ["W1-1", "W2-1"]);
    spoil(
        &dock,
        "UPDATE purchase_order SET sent = '2025-06-02T10:05:00Z' WHERE number = 'W2-1'; \
         UPDATE chase_po SET due = 'nonsense' WHERE po_id = (SELECT id FROM purchase_order WHERE number = 'W2-1')",
    );
    dock.at(&["2025-06-10T21:15:00Z"]);
    assert_eq!(dock.listed(), ["W1-1", "W2-1"]);
    assert_eq!(dock.open(), ["vendor_silent", "work_failed"]);
}

#[test]
fn a_cancellation_that_cannot_be_read_keeps_no_other_from_being_told_of() {
    let dock = Dock::new();
    for order in ["W1", "W2"] {
        dock.order(order, &[("BF63-12163", 1)]);
    }
    for order in ["W1", "W2"] {
        let cancel = ["order", "cancel", order, "--note", "asked for"];
        dock.desk.run(&cancel).ok();
    }
    dock.run();
    let first = "SELECT document FROM po_cancellation ORDER BY id LIMIT 1";
    let sound = text(&dock, first);
    spoil(
        &dock,
        "UPDATE po_cancellation SET document = 'nonsense' WHERE id = (SELECT min(id) FROM po_cancellation)",
    );
    for moment in ["2025-06-04T00:05:00Z", "2025-06-04T00:15:00Z"] {
        dock.desk.now(moment);
        dock.run();
        assert_eq!(dock.open(), ["cancellation_unanswered", "work_failed"]);
    }
    let mend = format!(
        "UPDATE po_cancellation SET document = '{}' WHERE document = 'nonsense'",
        sound.replace('\'', "''")
    );
    spoil(&dock, &mend);
    dock.desk.now("2025-06-04T00:25:00Z");
    dock.run();
    let both = ["cancellation_unanswered", "cancellation_unanswered"];
    assert_eq!(dock.open(), both);
}
