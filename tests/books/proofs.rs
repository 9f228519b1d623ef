//! What `poms verify` proves of money and pieces: each is broken behind poms' back, and named.

use super::scenes::{import, open, resolve, ship, site};
use crate::support::desk::TestDesk;
use rusqlite::Connection;

/// Three lamps ordered and shipped; billed at 65.00 instead of 61.50, with the credit promised.
fn settled() -> TestDesk {
    let desk = site("");
    ship(&desk, 3);
    let row = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,65.00,,195.00\n";
    import(&desk, "b.csv", row);
    let id = open(&desk)[0].1;
    resolve(&desk, id, &["--expect-credit"]);
    import(
        &desk,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-20,W200001-1,,,,,-4.00\n",
    );
    let lamps = ["return", "open", "W200001", "1=1", "--reason", "too large"];
    desk.run(&lamps).ok();
    desk.run(&["verify"]).ok();
    desk
}

/// A change behind poms' back, and what is said of it.
const BROKEN: &[(&str, &str)] = &[
    // ordered = open + shipped + cancelled
    (
        "UPDATE po_line_status SET shipped = 2",
        "2 shipped, its shipments hold 3",
    ),
    (
        "UPDATE po_line_status SET cancelled = 1",
        "3 ordered, but 3 shipped and 1 cancelled",
    ),
    (
        "UPDATE po_line SET qty = 4",
        "ordered 3, on purchase orders 4",
    ),
    // shipped ≥ returned
    ("UPDATE rma_line SET qty = 4", "3 shipped, but 4 returned"),
    // billed − credited against shipped
    (
        "UPDATE po_line_status SET shipped = 1",
        "123.00 at stake by invoice_not_shipped, and exceptions explain 0.00",
    ),
    (
        "UPDATE variance SET at_stake = 5 WHERE code = 'invoice_price'",
        "10.50 at stake by invoice_price, and exceptions explain 0.05",
    ),
    (
        "DELETE FROM variance",
        "10.50 at stake by invoice_price, and exceptions explain 0.00",
    ),
    (
        "UPDATE po_line SET unit_cost = 6000",
        "15.00 at stake by invoice_price",
    ),
    (
        "UPDATE invoice SET total = 18450 WHERE kind = 'bill'",
        "its total is 18450 cents, its paper says 195.00",
    ),
    (
        "UPDATE invoice SET freight = 100 WHERE kind = 'bill'",
        "its freight is 100 cents, its paper says 0.00",
    ),
    (
        "UPDATE invoice SET total = 300 WHERE kind = 'credit'",
        "is a credit over 300 cents, and settles 400",
    ),
    (
        "UPDATE invoice_line SET pieces = 1",
        "bills 3 pieces, and 1 are on record",
    ),
    (
        "UPDATE invoice_line SET amount = 1",
        "line 1: 1 cents, its paper says 195.00",
    ),
    (
        "UPDATE expected_credit SET received = 1050",
        "received 1050 cents, its settlements make 400",
    ),
    (
        "UPDATE invoice SET state = 'unmatched' WHERE kind = 'bill'; UPDATE purchase_order SET state = 'closed'",
        "is closed, but its bills, 0.00 in all",
    ),
    (
        "UPDATE invoice SET state = 'split' WHERE kind = 'credit'",
        "is over several purchase orders: its total is 400 cents, its parts make 0",
    ),
];

#[test]
fn every_sum_that_is_broken_is_named() {
    let desk = settled();
    let whole = desk.path("poms.db");
    Connection::open(&whole)
        .and_then(|ledger| ledger.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
        .expect("one file");
    let bytes = std::fs::read(&whole).expect("the ledger");
    for (change, named) in BROKEN {
        std::fs::write(&whole, &bytes).expect("the ledger as it was");
        let ledger = Connection::open(&whole).expect("the ledger");
        ledger.execute_batch(change).expect("changed");
        let _ = ledger.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        drop(ledger);
        let done = desk.run(&["verify"]);
        let said = format!("{}{}", done.stdout, done.stderr);
        assert_eq!(done.code, 1, "{change}: {said}");
        assert!(said.contains(named), "{change}: {said}");
    }
    std::fs::write(&whole, &bytes).expect("the ledger as it was");
    desk.run(&["verify"]).ok();
}
