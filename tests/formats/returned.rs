//! States of an order that return after others, changes that come before a purchase order left, and corrections of
//! what said nothing of when it was made: the newest state of the shop is what a vendor gets, or a person is asked.

use super::placed::{codes, desk, shopify};
use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// The order as the shop changed it last at this minute of 10 o'clock, sent to this street.
fn at(minute: u32, street: &str, paid: bool) -> Value {
    let mut order = shopify();
    order["updated_at"] = json!(format!("2025-06-02T06:{minute:02}:00-04:00"));
    order["shipping_address"]["address1"] = json!(street);
    if !paid {
        order["financial_status"] = json!("pending");
    }
    order
}

fn cancelled(mut order: Value) -> Value {
    order["cancelled_at"] = order["updated_at"].clone();
    order["cancel_reason"] = json!("customer");
    order
}

fn process(desk: &TestDesk) -> Value {
    desk.run(&["process", "--json"]).done().json()
}

fn taken(desk: &TestDesk, order: &Value) -> Value {
    desk.order(order);
    process(desk)["messages"].clone()
}

fn shown(desk: &TestDesk, number: &str) -> Value {
    desk.run(&["order", "show", number, "--json"]).ok().json()
}

fn words(desk: &TestDesk) -> String {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let all = list["exceptions"].as_array().unwrap().iter();
    let own = all.filter(|one| one["code"] == "changed_in_shop");
    own.map(|one| one["message"].as_str().unwrap()).collect()
}

fn vendor(desk: &TestDesk) -> Vec<String> {
    let mails = desk.mails_to("orders@acme.example");
    mails.iter().map(|mail| mail.text()).collect()
}

#[test]
fn an_address_that_was_changed_back_is_that_of_the_purchase_order() {
    let desk = desk();
    taken(&desk, &at(2, "18 Quarry Road", false));
    taken(&desk, &at(4, "666 Wrong Street", false));
    assert_eq!(shown(&desk, "#1207")["revision"], json!(2));
    let report = taken(&desk, &at(6, "18 Quarry Road", false));
    assert_eq!(report["accepted"], json!(1));
    assert_eq!(shown(&desk, "#1207")["revision"], json!(3));
    // the same page once more, and a page of before: nothing follows
    for again in [
        at(6, "18 Quarry Road", false),
        at(4, "666 Wrong Street", false),
        at(2, "18 Quarry Road", false),
    ] {
        assert_eq!(taken(&desk, &again)["duplicate"], json!(1));
    }
    assert_eq!(shown(&desk, "#1207")["revision"], json!(3));
    taken(&desk, &at(8, "18 Quarry Road", true));
    let sent = vendor(&desk);
    assert!(
        sent.len() == 1 && sent[0].contains("18 Quarry Road"),
        "{sent:?}"
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn what_the_shop_touched_last_is_newer_than_what_comes_late() {
    let desk = desk();
    taken(&desk, &at(2, "18 Quarry Road", false));
    // nothing of it is other, and it is of minute 9
    assert_eq!(
        taken(&desk, &at(9, "18 Quarry Road", false))["duplicate"],
        json!(1)
    );
    assert_eq!(
        taken(&desk, &at(5, "666 Wrong Street", false))["duplicate"],
        json!(1)
    );
    assert_eq!(shown(&desk, "#1207")["revision"], json!(1));
}

#[test]
fn a_cancellation_that_the_shop_takes_back_is_asked_about() {
    // what comes back is what came first, or was never seen
    for street in ["18 Quarry Road", "20 Quarry Road"] {
        for paid in [false, true] {
            let desk = desk();
            taken(&desk, &at(2, "18 Quarry Road", false));
            taken(&desk, &cancelled(at(4, "18 Quarry Road", false)));
            assert_eq!(shown(&desk, "#1207")["state"], "cancelled");
            assert!(codes(&desk).is_empty());
            assert_eq!(taken(&desk, &at(6, street, paid))["accepted"], json!(1));
            assert_eq!(codes(&desk), ["changed_in_shop"], "{street} {paid}");
            assert!(
                words(&desk).contains("as cancelled no more"),
                "{}",
                words(&desk)
            );
            // asked once
            assert_eq!(taken(&desk, &at(6, street, paid))["duplicate"], json!(1));
            assert_eq!((codes(&desk).len(), vendor(&desk).len()), (1, 0));
        }
    }
}

#[test]
fn a_cancellation_that_a_person_followed_and_the_shop_took_back_is_asked_about() {
    let desk = desk();
    taken(&desk, &at(2, "18 Quarry Road", true));
    taken(&desk, &cancelled(at(4, "18 Quarry Road", true)));
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let id = list["exceptions"][0]["id"].to_string();
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--cancel",
        "--note",
        "as there",
    ])
    .ok();
    assert_eq!(
        taken(&desk, &at(6, "18 Quarry Road", true))["accepted"],
        json!(1)
    );
    assert!(
        words(&desk).contains("as cancelled no more"),
        "{}",
        words(&desk)
    );
}

#[test]
fn a_change_that_was_asked_about_and_taken_back_is_told_with_the_question() {
    let desk = desk();
    taken(&desk, &at(2, "18 Quarry Road", true));
    taken(&desk, &at(4, "20 Quarry Road", true));
    assert_eq!(codes(&desk), ["changed_in_shop"]);
    taken(&desk, &at(6, "18 Quarry Road", true));
    assert!(words(&desk).starts_with("message 3 has it as it is here; before that: "));
    // and once more the other
    taken(&desk, &at(8, "20 Quarry Road", true));
    assert!(
        words(&desk).starts_with("message 4 has it otherwise"),
        "{}",
        words(&desk)
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn a_change_holds_what_has_not_left_for_the_vendor() {
    let desk = desk();
    taken(&desk, &at(2, "18 Quarry Road", false));
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let id = list["exceptions"][0]["id"].to_string();
    desk.run(&["exceptions", "resolve", &id, "--release", "--note", "paid"])
        .ok();
    assert_eq!(vendor(&desk).len(), 0, "it is queued");
    // the run that reads the change does not send what it changes
    taken(&desk, &at(4, "77 Changed Street", false));
    assert!(
        words(&desk).contains("What has not left of it waits"),
        "{}",
        words(&desk)
    );
    process(&desk);
    assert_eq!(vendor(&desk).len(), 0);
    assert!(desk.mails_to("ida@mail.example").is_empty());
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let id = list["exceptions"][0]["id"].to_string();
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "as it is",
    ])
    .ok();
    process(&desk);
    assert_eq!(vendor(&desk).len(), 1);
    assert_eq!(desk.mails_to("ida@mail.example").len(), 1);
    desk.run(&["verify"]).ok();
}

/// What was released waits in the outbox until all mail is read, however many batches that takes.
#[test]
fn a_change_in_the_last_of_several_batches_holds_what_waited_before_the_run() {
    let desk = desk();
    taken(&desk, &at(2, "18 Quarry Road", false));
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let id = list["exceptions"][0]["id"].to_string();
    desk.run(&["exceptions", "resolve", &id, "--release", "--note", "paid"])
        .ok();
    let config = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let config = config.replacen("[limits]\n", "[limits]\nbatch = 2\n", 1);
    desk.file("poms.toml", config.as_bytes());
    for number in 1..=8 {
        desk.order(&TestDesk::plain_order(&format!("W{number}")));
    }
    desk.order(&at(4, "77 Changed Street", false));
    let messages = process(&desk)["messages"].clone();
    assert_eq!(messages["seen"], json!(9), "{messages}");
    assert!(words(&desk).contains("What has not left of it waits"));
    let sent = vendor(&desk);
    // of the other orders, which are one customer's, the first goes
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains("W1-1"));
}

#[test]
fn a_correction_is_newer_than_an_order_without_a_time_however_late_both_are_read() {
    let desk = desk();
    let mut first = TestDesk::plain_order("W1");
    first["ship_to"]["street1"] = json!("1 Old Street");
    let mut second = first.clone();
    second["ship_to"]["street1"] = json!("2 New Street");
    second["updated_at"] = json!("2025-06-02T05:40:00-04:00");
    first["date"] = json!("2025-06-02T05:30:00-04:00");
    second["date"] = first["date"].clone();
    desk.order(&first).order(&second);
    process(&desk);
    let sent = vendor(&desk);
    assert!(
        sent.len() == 1 && sent[0].contains("2 New Street"),
        "{sent:?}"
    );

    // one that is not newer than the order itself is nobody's to judge but a person's
    let desk = super::placed::desk();
    first["total"] = json!("1.00");
    second["updated_at"] = json!("2025-06-02T05:20:00-04:00");
    desk.order(&first).order(&second);
    process(&desk);
    assert!(
        codes(&desk).contains(&"changed_in_shop".to_owned()),
        "{:?}",
        codes(&desk)
    );
    assert_eq!(vendor(&desk).len(), 0);
}

#[test]
fn a_signed_mail_placed_twice_undoes_nothing_that_came_after_it() {
    let desk = desk();
    // without a time in it
    let undated = |street: &str| {
        let mut order = at(2, street, false);
        order.as_object_mut().unwrap().remove("updated_at");
        order
    };
    taken(&desk, &undated("18 Quarry Road"));
    taken(&desk, &at(4, "20 Quarry Road", false));
    let stands = shown(&desk, "#1207")["revision"].clone();
    desk.order(&undated("18 Quarry Road"));
    let report = process(&desk);
    assert_eq!(report["messages"]["accepted"], json!(1));
    assert_eq!(shown(&desk, "#1207")["revision"], stands);
    assert!(
        codes(&desk).contains(&"changed_in_shop".to_owned()),
        "{:?}",
        codes(&desk)
    );
    assert_eq!(vendor(&desk).len(), 0);
}

#[test]
fn fewer_pieces_of_a_placed_order_are_told_with_what_to_type() {
    let desk = desk();
    taken(&desk, &at(2, "18 Quarry Road", true));
    let mut fewer = at(4, "18 Quarry Road", true);
    fewer["line_items"][0]["quantity"] = json!(1);
    fewer["line_items"][0]["current_quantity"] = json!(1);
    fewer["line_items"][0]["fulfillable_quantity"] = json!(1);
    fewer["total_price"] = json!("147.13");
    taken(&desk, &fewer);
    let amend = "amend this: lines.1.qty=1.";
    assert!(words(&desk).contains(amend), "{}", words(&desk));
    // a remark beside it can be on no paper: what is to be taken off has a command of its own
    let desk = super::placed::desk();
    taken(&desk, &at(2, "18 Quarry Road", true));
    fewer["note"] = json!("Leave it at the back door.");
    taken(&desk, &fewer);
    let command = "poms order cancel '#1207' --line 1 --pieces 1 --note TEXT";
    assert!(words(&desk).contains(command), "{}", words(&desk));
}
