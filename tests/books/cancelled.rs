//! Goods that are billed and cancelled, in each order of events: what was billed is at stake, a person is
//! asked once, and `poms verify` has nothing to say.

use super::scenes::{import, open, resolve, site};
use crate::support::desk::TestDesk;

const BILL: &str = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,61.50,,184.50\n";

fn bill(desk: &TestDesk) {
    import(desk, "b.csv", BILL);
}

fn cancel(desk: &TestDesk) -> String {
    let words = ["order", "cancel", "W200001", "--note", "changed her mind"];
    desk.run(&words).ok().stdout
}

/// The vendor answers the cancellation.
fn answered(desk: &TestDesk, word: &str) {
    let words = ["po", word, "W200001-1", "--note", "by telephone"];
    desk.run(&words).ok();
}

/// What is open about bills, and the money at risk, now and after a run; `verify` is clean each time.
fn proved(desk: &TestDesk) -> (Vec<String>, String) {
    let look = || {
        desk.run(&["verify"]).ok();
        let report = desk.run(&["report", "money-at-risk", "--json"]).ok().json();
        let codes = open(desk).into_iter().map(|(code, ..)| code);
        let total = report["total"].as_str().unwrap_or_default().to_owned();
        (codes.collect::<Vec<_>>(), total)
    };
    let now = look();
    desk.run(&["process"]);
    assert_eq!(look(), now, "after a run");
    now
}

fn asked(desk: &TestDesk) {
    let wanted = (vec!["invoice_quantity".to_owned()], "184.50".to_owned());
    assert_eq!(proved(desk), wanted);
}

#[test]
fn in_each_order_of_events_the_whole_bill_is_at_stake() {
    for word in ["cancel-agreed", "cancel-refused"] {
        let desk = site("");
        bill(&desk);
        assert_eq!(open(&desk)[0].0, "invoice_not_shipped");
        let said = cancel(&desk);
        assert!(said.contains("A bill has it on it: exception"), "{said}");
        asked(&desk);
        answered(&desk, word);
        after(&desk, word);

        let desk = site("");
        cancel(&desk);
        bill(&desk);
        asked(&desk);
        answered(&desk, word);
        after(&desk, word);

        let desk = site("");
        cancel(&desk);
        answered(&desk, word);
        bill(&desk);
        after(&desk, word);
    }
}

/// Agreed, nobody may bill it; refused, it is billed for goods that come, and matches when they left.
fn after(desk: &TestDesk, word: &str) {
    if word == "cancel-agreed" {
        return asked(desk);
    }
    let wanted = (vec!["invoice_not_shipped".to_owned()], "184.50".to_owned());
    assert_eq!(proved(desk), wanted);
    let left = [
        "shipment",
        "add",
        "W200001-1",
        "BF63-12163=3",
        "--note",
        "they left",
    ];
    desk.run(&left).ok();
    desk.run(&["process"]).ok();
    assert_eq!(proved(desk), (vec![], "0.00".to_owned()));
}

#[test]
fn who_meant_to_pay_for_goods_to_come_is_asked_again_and_once() {
    for decided in ["--release", "--dismiss"] {
        let desk = site("");
        bill(&desk);
        resolve(&desk, open(&desk)[0].1, &[decided]);
        cancel(&desk);
        asked(&desk);
        resolve(&desk, open(&desk)[0].1, &[decided]);
        assert_eq!(proved(&desk), (vec![], "0.00".to_owned()), "{decided}");
    }
}

#[test]
fn a_credit_that_is_expected_for_goods_that_did_not_leave_is_one_for_goods_cancelled() {
    let desk = site("");
    bill(&desk);
    resolve(&desk, open(&desk)[0].1, &["--expect-credit"]);
    cancel(&desk);
    assert_eq!(proved(&desk).0, Vec::<String>::new());
    let words = "Acme Home Goods,CM-1,2025-06-20,W200001-1,,,,,-184.50\n";
    import(&desk, "c.csv", words);
    assert_eq!(proved(&desk), (vec![], "0.00".to_owned()));
}

#[test]
fn pieces_that_are_taken_off_a_purchase_order_are_at_stake_too() {
    let desk = site("");
    bill(&desk);
    let no = "po,sku,status\nW200001-1,BF63-12163,rejected\n";
    desk.file("no.csv", no.as_bytes());
    desk.run(&["import-advices", "no.csv"]).ok();
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let list = list["exceptions"].as_array().expect("a list").clone();
    let no = list.iter().find(|row| row["code"] == "po_rejected");
    let id = no.expect("it has none")["id"].as_i64();
    resolve(&desk, id.unwrap_or_default(), &["--cancel-line"]);
    asked(&desk);
}
