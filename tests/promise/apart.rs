//! A promise that cannot be read: it alone is listed, once, and the others are made.

use super::{order_to, site};
use crate::support::ups::Ups;
use rusqlite::Connection;

#[test]
fn a_promise_that_cannot_be_made_keeps_no_other_from_its_customer() {
    let ups = Ups::start("2025-06-06");
    let desk = site(&ups, "");
    for order in ["W1", "W2", "W3", "W4"] {
        desk.order(&order_to(order, "65367"));
    }
    desk.run(&["process"]).ok();
    let ledger = Connection::open(desk.path("poms.db")).unwrap();
    // as a run that was killed before it asked leaves them; one document and one day are nonsense
    let broken = "UPDATE promise SET asked = NULL; \
        UPDATE promise SET ship_by = 'nonsense' WHERE po_id = (SELECT id FROM purchase_order WHERE number = 'W1-1'); \
        UPDATE purchase_order SET document = 'nonsense' WHERE number = 'W3-1'";
    let sound: String = ledger
        .query_row(
            "SELECT document FROM purchase_order WHERE number = 'W3-1'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    ledger.execute_batch(broken).unwrap();
    let waiting = || -> Vec<String> {
        let sql = "SELECT p.number FROM promise r JOIN purchase_order p ON p.id = r.po_id WHERE r.asked IS NULL ORDER BY r.id";
        let mut rows = ledger.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    for (moment, opened) in [("2025-06-02T10:15:00Z", 2), ("2025-06-02T10:25:00Z", 0)] {
        desk.now(moment);
        let run = desk.run(&["process", "--json"]).ok().json();
        assert_eq!(run["exceptions"]["opened"], opened, "{run}");
        assert_eq!(run["exceptions"]["open"], 2, "{run}");
        assert_eq!(waiting(), ["W1-1", "W3-1"]);
    }
    let mend = "UPDATE promise SET ship_by = '2025-06-03' WHERE ship_by = 'nonsense'";
    ledger.execute_batch(mend).unwrap();
    ledger
        .execute(
            "UPDATE purchase_order SET document = ?1 WHERE document = 'nonsense'",
            [sound],
        )
        .unwrap();
    desk.now("2025-06-02T10:35:00Z");
    let run = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(run["exceptions"]["open"], 0, "{run}");
    assert_eq!(waiting(), Vec::<String>::new());
}
