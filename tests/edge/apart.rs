//! One order, mail, bill or notice at which poms fails: it alone waits for a person, on the list once;
//! the others of its batch go their way in the same run.

use crate::support::desk::TestDesk;
use crate::support::scene::problems;
use rusqlite::Connection;
use serde_json::{Value, json};

fn ledger(desk: &TestDesk) -> Connection {
    Connection::open(desk.path("poms.db")).unwrap()
}

fn spoil(desk: &TestDesk, sql: &str) {
    ledger(desk).execute_batch(sql).unwrap();
}

fn text(desk: &TestDesk, sql: &str) -> String {
    ledger(desk).query_row(sql, [], |row| row.get(0)).unwrap()
}

/// An order of `qty` lamps from a customer of its own.
fn order(number: &str, qty: i64) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["customer"]["email"] = json!(format!("{number}-{qty}@mail.example"));
    order["lines"][0]["qty"] = json!(qty);
    order["total"] = json!(format!("{}.{:02}", 10823 * qty / 100, 10823 * qty % 100));
    order
}

/// (code, number, message) of what is open.
fn open(desk: &TestDesk) -> Vec<(String, String, String)> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list["exceptions"].as_array().unwrap().iter();
    rows.map(|row| {
        let id = row["id"].to_string();
        (text(&row["code"]), id, text(&row["message"]))
    })
    .collect()
}

fn codes(desk: &TestDesk) -> Vec<String> {
    open(desk).into_iter().map(|(code, ..)| code).collect()
}

fn state(desk: &TestDesk, order: &str) -> String {
    let shown = desk.run(&["order", "show", order, "--json"]).ok().json();
    shown["state"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_mail_behind_which_a_row_cannot_be_read_is_held_and_the_others_are_placed_and_sent() {
    let desk = TestDesk::stocked();
    desk.order(&order("W200001", 1));
    desk.run(&["process"]).ok();
    let sound = text(
        &desk,
        "SELECT document FROM orders WHERE number = 'W200001'",
    );
    spoil(&desk, "UPDATE orders SET document = 'nonsense'");

    desk.now("2025-06-02T10:15:00Z");
    desk.order(&order("W200002", 1));
    // the same number with other content: what came first is looked at
    desk.order(&order("W200001", 2));
    desk.order(&order("W200003", 1));
    let run = desk.run(&["process", "--json"]).ok().json();
    let messages = json!({"seen": 3, "accepted": 2, "duplicate": 0, "held": 1, "quarantined": 0, "ignored": 0});
    assert_eq!(run["messages"], messages);
    assert_eq!(
        run["orders"],
        json!({"received": 2, "ready": 2, "held": 0, "placed": 2})
    );
    assert_eq!(run["exceptions"], json!({"opened": 1, "open": 1}));
    assert_eq!(
        desk.mails_to("orders@acme.example").len(),
        3,
        "sent in the same run"
    );
    assert_eq!(desk.waiting(), 0, "its mail is filed like any other");

    // once, however many runs follow
    let (code, id, message) = open(&desk).remove(0);
    assert_eq!(code, "message_failed");
    assert!(message.contains("poms verify"), "{message}");
    let again = desk
        .now("2025-06-02T10:25:00Z")
        .run(&["process", "--json"])
        .ok()
        .json();
    assert_eq!(again["exceptions"], json!({"opened": 0, "open": 1}));
    assert_eq!(open(&desk), [(code, id.clone(), message)]);

    // what was wrong is mended, and the mail is read again
    ledger(&desk)
        .execute(
            "UPDATE orders SET document = ?1 WHERE number = 'W200001'",
            [sound],
        )
        .unwrap();
    desk.run(&["exceptions", "resolve", &id, "--retry", "--note", "mended"])
        .ok();
    desk.run(&["process"]).ok();
    assert_eq!(codes(&desk), ["duplicate_order_number"]);
    assert_eq!(problems(&desk.path("poms.db")), Vec::<String>::new());
}

/// Two orders of lamps, and between them one of kettles; a site that only wants to be warned.
fn dear_kettles() -> TestDesk {
    let desk = TestDesk::stocked();
    let warn = ["below_cost", "price_mismatch", "total_mismatch"].into_iter();
    let rules: String = warn
        .map(|code| format!("{code} = {{ severity = \"warn\" }}\n"))
        .collect();
    desk.config(&format!("[rules]\n{rules}"));
    let mut kettles = order("W200002", 2);
    kettles["lines"][0]["sku"] = json!("KT10-00010");
    for order in [order("W200001", 1), kettles, order("W200003", 1)] {
        desk.order(&order);
    }
    desk
}

#[test]
fn an_order_whose_amounts_do_not_fit_is_held_and_the_others_are_placed_and_sent() {
    let desk = dear_kettles();
    let cost = |cost: &str| {
        let sql = format!("UPDATE offer SET cost = {cost} WHERE sku = 'KT10-00010'");
        spoil(&desk, &sql);
    };
    // as an older poms took it in
    cost("9223372036854775807");
    let run = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(
        run["orders"],
        json!({"received": 3, "ready": 3, "held": 1, "placed": 2})
    );
    assert_eq!(run["purchase_orders"]["created"], 2);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 2);
    let before = open(&desk);
    let mut failed = before.iter().filter(|row| row.0 == "order_failed");
    let (_, id, message) = failed.next().expect("it is on the list");
    assert!(message.contains("W200002-1 are too large"), "{message}");
    assert!(failed.next().is_none());
    assert_eq!(state(&desk, "W200002"), "held");
    desk.now("2025-06-02T10:25:00Z").run(&["process"]).ok();
    assert_eq!(open(&desk), before, "not anew");

    cost("1400");
    let retry = ["exceptions", "resolve", id, "--retry", "--note", "mended"];
    desk.run(&retry).ok();
    assert_eq!(state(&desk, "W200002"), "placed");
    assert!(!codes(&desk).contains(&"order_failed".to_owned()));
    desk.run(&["process"]).ok();
    assert_eq!(problems(&desk.path("poms.db")), Vec::<String>::new());
}

#[test]
fn an_order_that_waits_and_cannot_be_read_is_held_and_the_others_that_wait_are_placed() {
    let desk = TestDesk::stocked();
    for number in ["W200001", "W200002", "W200003"] {
        desk.order(&order(number, 1));
    }
    // as a run that was killed between two stages leaves them
    desk.config("[rules]\nstop_switch = { on = true }");
    desk.run(&["process"]).ok();
    spoil(
        &desk,
        "UPDATE orders SET state = 'received'; UPDATE exception SET state = 'resolved'; \
         UPDATE orders SET document = 'nonsense' WHERE number = 'W200002'",
    );
    desk.config("");
    let run = desk
        .now("2025-06-02T10:15:00Z")
        .run(&["process", "--json"])
        .ok()
        .json();
    assert_eq!(run["orders"]["placed"], 2, "{run}");
    assert_eq!(run["exceptions"], json!({"opened": 1, "open": 1}));
    assert_eq!(codes(&desk), ["order_failed"]);
    let again = desk
        .now("2025-06-02T10:25:00Z")
        .run(&["process", "--json"])
        .ok()
        .json();
    assert_eq!(again["exceptions"], json!({"opened": 0, "open": 1}));
}

#[test]
fn one_bill_of_a_file_is_listed_and_the_others_are_taken_in() {
    let desk = TestDesk::stocked();
    for number in ["W200001", "W200002", "W200003"] {
        desk.order(&order(number, 1));
    }
    desk.run(&["process"]).ok();
    let sound = text(
        &desk,
        "SELECT document FROM purchase_order WHERE number = 'W200002-1'",
    );
    spoil(
        &desk,
        "UPDATE purchase_order SET document = 'nonsense' WHERE number = 'W200002-1'",
    );
    let mut rows = crate::books::HEAD.to_owned();
    for place in 1..=3 {
        rows += &format!(
            "Acme Home Goods,A-{place},2025-06-03,W20000{place}-1,BF63-12163,1,61.50,,61.50\n"
        );
    }
    desk.file("bills.csv", rows.as_bytes());
    for time in 1..=2 {
        let done = desk.run(&["import-invoices", "bills.csv", "--json"]);
        assert_eq!(done.code, 1, "{}", done.stderr);
        assert!(
            done.stderr.contains("bills.csv: not taken: line 3"),
            "{}",
            done.stderr
        );
        let file = &done.json()["files"][0];
        assert_eq!(
            (&file["not_taken"], &file["failed"][0].is_string()),
            (&json!(1), &true)
        );
        assert_eq!(file["again"], if time == 1 { 0 } else { 2 });
        let failed = open(&desk).into_iter().filter(|row| row.0 == "work_failed");
        assert_eq!(failed.count(), 1, "once, {time}");
    }
    ledger(&desk)
        .execute(
            "UPDATE purchase_order SET document = ?1 WHERE number = 'W200002-1'",
            [sound],
        )
        .unwrap();
    let file = desk
        .run(&["import-invoices", "bills.csv", "--json"])
        .ok()
        .json();
    assert_eq!(
        (&file["files"][0]["again"], &file["files"][0]["matched"]),
        (&json!(2), &json!(1))
    );
    assert!(
        !codes(&desk).contains(&"work_failed".to_owned()),
        "it ends by itself"
    );
    assert_eq!(problems(&desk.path("poms.db")), Vec::<String>::new());
}

#[test]
fn a_customer_whose_order_cannot_be_read_keeps_no_other_from_being_told() {
    let desk = TestDesk::stocked();
    for number in ["W200001", "W200002"] {
        desk.order(&order(number, 1));
    }
    desk.run(&["process"]).ok();
    for number in ["W200001", "W200002"] {
        desk.run(&["order", "cancel", number, "--note", "asked for"])
            .ok();
    }
    let sound = text(
        &desk,
        "SELECT document FROM orders WHERE number = 'W200001'",
    );
    spoil(
        &desk,
        "UPDATE orders SET document = 'nonsense' WHERE number = 'W200001'",
    );
    let told = |customer: &str| desk.mails_to(customer).len();
    let run = desk.now("2025-06-02T10:15:00Z").run(&["process", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        (
            told("W200001-1@mail.example"),
            told("W200002-1@mail.example")
        ),
        (1, 2)
    );
    // its mail, and what it is owed
    assert_eq!(codes(&desk), ["work_failed", "work_failed"]);
    ledger(&desk)
        .execute(
            "UPDATE orders SET document = ?1 WHERE number = 'W200001'",
            [sound],
        )
        .unwrap();
    desk.now("2025-06-02T10:25:00Z").run(&["process"]).ok();
    assert_eq!(told("W200001-1@mail.example"), 2);
    assert_eq!(codes(&desk), Vec::<String>::new(), "it ends by itself");
    assert_eq!(problems(&desk.path("poms.db")), Vec::<String>::new());
}
