//! Mail that takes long to read waits for the end of the run; and what is counted as its fault.

use crate::support::desk::TestDesk;
use rusqlite::Connection;

/// A site that has no patience at all: every encrypted mail takes too long.
fn impatient() -> TestDesk {
    let desk = TestDesk::stocked();
    let config = std::fs::read_to_string(desk.path("poms.toml")).expect("the configuration");
    let config = config.replacen("[limits]\n", "[limits]\npatience_ms = 0\n", 1);
    desk.file("poms.toml", config.as_bytes());
    desk
}

fn order(number: u32) -> serde_json::Value {
    let mut order = TestDesk::plain_order(&format!("W20000{number}"));
    order["customer"]["email"] = format!("c{number}@mail.example").into();
    order
}

#[test]
fn what_takes_long_is_read_at_the_end_of_the_same_run_and_lost_by_none() {
    let desk = impatient();
    for number in 1..=6 {
        desk.order(&order(number));
    }
    desk.raw_mail(b"From: a@b.example\r\nSubject: hello\r\n\r\nNothing.\r\n");
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["seen"], 7, "{report}");
    assert_eq!(report["messages"]["accepted"], 6, "{report}");
    assert_eq!(report["orders"]["placed"], 6, "{report}");
    let purchase_orders = desk.mails_to("orders@acme.example").len();
    assert_eq!(purchase_orders, 6, "they leave in the same run");
    let trail = desk.run(&["audit", "show", "message:1"]).ok().stdout;
    assert!(trail.contains("takes long to read"), "{trail}");
    // the next run only files them
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["seen"], 0, "{report}");
    assert_eq!(desk.waiting(), 0);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 6);
    desk.run(&["verify"]).ok();
}

#[test]
fn a_rehearsal_reads_them_too_and_leaves_no_trace() {
    let desk = impatient();
    desk.order(&order(1));
    let report = desk.run(&["process", "--dry-run", "--json"]).ok().json();
    assert_eq!(report["orders"]["placed"], 1, "{report}");
    assert_eq!(desk.waiting(), 1);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["orders"]["placed"], 1, "{report}");
}

/// As a run leaves a message that had begun to read it so often.
fn begun(desk: &TestDesk, attempts: i64, lock: &str) {
    desk.order(&order(1));
    desk.run(&["process"]).ok();
    // a message that is pending again, as a disk that was full would have left it
    let ledger = Connection::open(desk.path("poms.db")).expect("the ledger");
    let sql = "UPDATE message SET state = 'pending', attempts = ?1, order_id = NULL";
    ledger.execute(sql, [attempts]).expect("an update");
    desk.file(
        "poms.db.lock",
        format!("process 1 since then\n{lock}\n").as_bytes(),
    );
}

#[test]
fn runs_that_ended_in_order_are_not_the_messages_fault() {
    let desk = TestDesk::stocked();
    begun(&desk, 5, "ended");
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["quarantined"], 0, "{report}");
    assert_eq!(report["messages"]["duplicate"], 1, "{report}");
}

#[test]
fn a_message_at_which_runs_died_is_quarantined() {
    let desk = TestDesk::stocked();
    begun(&desk, 3, "running");
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["quarantined"], 1, "{report}");
}
