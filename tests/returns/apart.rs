//! A return that cannot be read: it alone is listed, once, and the others are looked after.

use super::Shop;
use rusqlite::Connection;

fn spoil(shop: &Shop, sql: &str) {
    let ledger = Connection::open(shop.desk.path("poms.db")).unwrap();
    ledger.execute_batch(sql).unwrap();
}

#[test]
fn a_return_that_cannot_be_read_keeps_no_other_from_the_list() {
    let shop = Shop::new();
    shop.shipped();
    for lines in ["1=1", "2=1", "1=1"] {
        shop.open(lines);
    }
    for rma in ["R-W1-1", "R-W1-2", "R-W1-3"] {
        shop.authorise(rma);
    }
    let deadline = {
        let ledger = Connection::open(shop.desk.path("poms.db")).unwrap();
        let day: String = ledger
            .query_row("SELECT max(deadline) FROM rma", [], |row| row.get(0))
            .unwrap();
        day
    };
    spoil(
        &shop,
        "UPDATE rma SET deadline = '1' WHERE number = 'R-W1-1'",
    );
    for (moment, opened) in [("2025-07-20T14:00:00Z", 3), ("2025-07-20T14:10:00Z", 0)] {
        shop.desk.now(moment);
        assert_eq!(shop.process()["exceptions"]["opened"], opened);
        assert_eq!(shop.listed("return_overdue").len(), 2);
        assert_eq!(shop.listed("work_failed").len(), 1);
    }
    let mend = |rma: &str| format!("UPDATE rma SET deadline = '{deadline}' WHERE number = '{rma}'");
    spoil(&shop, &mend("R-W1-1"));
    shop.process();
    assert_eq!(shop.listed("return_overdue").len(), 3);
    assert!(shop.listed("work_failed").is_empty(), "it ends by itself");

    // what is on the list of one that cannot be read stays there
    spoil(
        &shop,
        "UPDATE rma SET deadline = '1' WHERE number = 'R-W1-2'",
    );
    shop.process();
    assert_eq!(shop.listed("return_overdue").len(), 3);
    spoil(&shop, &mend("R-W1-2"));
    shop.process();
    assert_eq!(shop.listed("return_overdue").len(), 3);
    shop.verify();
}
