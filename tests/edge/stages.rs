//! One bad row in the ledger: it is named, and keeps nobody else's order, mail or bill waiting.

use super::trouble::batch;
use crate::support::desk::TestDesk;
use crate::support::scene::{Scene, smtp_config};
use crate::support::smtp::Fake;
use rusqlite::Connection;

const NOW: &str = "2025-06-02T10:05:00Z";
const LATER: &str = "2025-06-02T10:40:00Z";

fn spoil(scene: &Scene, sql: &str) {
    let ledger = Connection::open(scene.path("poms.db")).unwrap();
    ledger.execute_batch(sql).unwrap();
}

#[test]
fn a_stage_that_fails_is_told_in_a_line_and_what_waits_is_sent_all_the_same() {
    let scene = Scene::of(&batch());
    scene.configure(&smtp_config(crate::support::ports::free(), 1, ""));
    scene.run(&["process"], NOW).fails(1, &[]);
    // which questions are over cannot be found out, before what waits is sent
    spoil(
        &scene,
        "INSERT INTO exception (code, severity, state, entity, message, opened, mailed) \
         VALUES ('manual_hold', 'hold', 'open', 'order:x', 'why', '2025-06-02T10:05:00Z', 1); \
         INSERT INTO customer_question (exception_id, order_id, po_id, state, asked, answer_by, ends, updated) \
         SELECT (SELECT max(id) FROM exception), order_id, id, 'open', '2025-06-02T10:05:00Z', 'nonsense', '1', '2025-06-02T10:05:00Z' \
         FROM purchase_order LIMIT 1",
    );
    let server = Fake::usual(&["PIPELINING"]);
    scene.configure(&smtp_config(server.port, 1, ""));
    let done = scene.run(&["process"], LATER).fails(
        1,
        &["could not look for questions without answer", "poms verify"],
    );
    assert!(
        server.taken() >= 4,
        "{} sent: {}",
        server.taken(),
        done.stderr
    );
    assert!(done.stderr.lines().count() <= 3, "{}", done.stderr);
    let runs = "SELECT count(*) FROM run WHERE finished IS NULL";
    assert_eq!(scene.count(runs), 0, "the run has its end");
}

#[test]
fn sums_that_no_one_can_have_meant_stop_neither_runs_nor_commands() {
    let desk = TestDesk::stocked();
    for number in ["W200001", "W200002", "W200003"] {
        desk.order(&TestDesk::plain_order(number));
    }
    desk.run(&["process"]);
    let scene = Scene::of(&desk);
    // as an older poms took them in
    spoil(
        &scene,
        "UPDATE orders SET total = 9223372036854775807, state = 'placed'; \
         UPDATE purchase_order SET total = 9223372036854775807; \
         UPDATE po_line SET unit_cost = 9223372036854775807, qty = 2; \
         UPDATE orders SET state = 'received' WHERE number = 'W200003'",
    );
    let done = scene.run(&["process"], LATER);
    assert!(!done.stderr.contains("overflow"), "{}", done.stderr);
    for args in [
        &["report", "money-at-risk"][..],
        &["report", "margin"],
        &["report", "payables"],
        &["order", "list"],
        &["exceptions", "list"],
        &["status"],
        &["verify"],
    ] {
        let done = scene.run(args, LATER);
        assert!(
            !done.stderr.contains("overflow") && !done.stderr.contains("a fault inside poms"),
            "{args:?}: {}",
            done.stderr
        );
    }
}
