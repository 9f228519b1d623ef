//! Orders that are changed or cancelled in their shop after they came.

use super::placed::{codes, desk, shopify};
use crate::support::desk::TestDesk;
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use serde_json::{Value, json};

/// The order, not paid yet, as the shop changed it last at this minute of 10 o'clock.
fn at(minute: u32) -> Value {
    let mut order = shopify();
    order["updated_at"] = json!(format!("2025-06-02T06:{minute:02}:00-04:00"));
    order
}

fn pending(minute: u32) -> Value {
    let mut order = at(minute);
    order["financial_status"] = json!("pending");
    order
}

fn cancelled(minute: u32) -> Value {
    let mut order = at(minute);
    order["cancelled_at"] = order["updated_at"].clone();
    order["cancel_reason"] = json!("customer");
    order
}

fn process(desk: &TestDesk) -> Value {
    desk.run(&["process", "--json"]).done().json()
}

fn order(desk: &TestDesk) -> Value {
    desk.run(&["order", "show", "#1207", "--json"]).ok().json()
}

/// State and revision of the order.
fn stands(desk: &TestDesk) -> (String, i64) {
    let shown = order(desk);
    let state = shown["state"].as_str().expect("a state").to_owned();
    (state, shown["revision"].as_i64().expect("a revision"))
}

fn state(state: &str, revision: i64) -> (String, i64) {
    (state.to_owned(), revision)
}

fn sent(desk: &TestDesk) -> usize {
    desk.mails_to("orders@acme.example").len()
}

/// The number of the one open exception of this code, and its words.
fn open(desk: &TestDesk, code: &str) -> (String, String) {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let all = list["exceptions"].as_array().expect("a list").iter();
    let own: Vec<&Value> = all.filter(|one| one["code"] == code).collect();
    assert_eq!(own.len(), 1, "{list}");
    (
        own[0]["id"].to_string(),
        own[0]["message"].as_str().expect("words").to_owned(),
    )
}

#[test]
fn what_changed_before_it_was_placed_is_taken_over_and_checked_anew() {
    let desk = desk();
    desk.order(&pending(2));
    process(&desk);
    assert_eq!(stands(&desk), state("held", 1));
    let mut paid = at(4);
    paid["shipping_address"]["address1"] = json!("20 Quarry Road");
    desk.order(&paid);
    let report = process(&desk);
    assert_eq!(report["messages"]["accepted"], json!(1));
    assert_eq!(
        (&report["orders"]["received"], &report["orders"]["placed"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(stands(&desk), state("placed", 2));
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));
    assert!(
        desk.mails_to("orders@acme.example")[0]
            .text()
            .contains("20 Quarry Road")
    );
    let shown = desk.run(&["message", "show", "2", "--json"]).ok().json();
    assert!(
        shown["reason"]
            .as_str()
            .expect("a reason")
            .starts_with("taken over as revision 2: "),
        "{shown}"
    );

    // what was there before comes again, and later than it was: nothing follows
    let mut older = pending(3);
    older["shipping_address"]["city"] = json!("Montpelier");
    for again in [pending(2), older] {
        desk.order(&again);
        assert_eq!(process(&desk)["messages"]["duplicate"], json!(1));
    }
    assert_eq!((stands(&desk), sent(&desk)), (state("placed", 2), 1));
    desk.run(&["verify"]).ok();
}

#[test]
fn an_order_and_its_change_in_one_run_are_placed_once_as_changed() {
    let desk = desk();
    desk.order(&at(2));
    let mut more = at(3);
    more["shipping_address"]["address1"] = json!("20 Quarry Road");
    desk.order(&more);
    process(&desk);
    assert_eq!((stands(&desk), sent(&desk)), (state("placed", 2), 1));
    assert!(
        desk.mails_to("orders@acme.example")[0]
            .text()
            .contains("20 Quarry Road")
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn what_changed_after_its_purchase_orders_left_is_asked_about() {
    let desk = desk();
    desk.order(&at(2));
    process(&desk);
    // what the shop learns of its vendor is no difference
    let mut under_way = at(3);
    under_way["fulfillment_status"] = json!("fulfilled");
    for line in under_way["line_items"].as_array_mut().expect("lines") {
        line["fulfillable_quantity"] = json!(0);
    }
    desk.order(&under_way);
    assert_eq!(process(&desk)["messages"]["duplicate"], json!(1));
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));

    let mut more = at(5);
    more["shipping_address"]["address1"] = json!("20 Quarry Road");
    desk.order(&more);
    assert_eq!(process(&desk)["messages"]["accepted"], json!(1));
    let (id, words) = open(&desk, "changed_in_shop");
    assert!(
        words.contains("ship_to.street1 \"20 Quarry Road\" there, \"18 Quarry Road\" here"),
        "{words}"
    );
    assert_eq!((stands(&desk), sent(&desk)), (state("placed", 1), 1));
    let shown = desk.run(&["exceptions", "show", &id]).ok().stdout;
    for words in ["--release", "--cancel"] {
        assert!(shown.contains(words), "{shown}");
    }
    // the same again asks nobody again, an older one neither
    let mut older = at(4);
    older["shipping_address"]["address1"] = json!("19 Quarry Road");
    for again in [more, older] {
        desk.order(&again);
        assert_eq!(process(&desk)["messages"]["duplicate"], json!(1));
    }
    open(&desk, "changed_in_shop");
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "it left",
    ])
    .ok();
    assert!(codes(&desk).is_empty());
    desk.run(&["verify"]).ok();
}

#[test]
fn what_a_person_changed_is_not_overwritten() {
    let desk = desk();
    let wrong = |minute: u32| {
        let mut order = pending(minute);
        order["shipping_address"]["zip"] = json!("10001");
        order
    };
    desk.order(&wrong(2));
    process(&desk);
    let (id, _) = open(&desk, "bad_zip");
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--amend",
        "ship_to.zip=05402",
        "--note",
        "by telephone",
    ])
    .ok();
    let mut changed = wrong(4);
    changed["shipping_address"]["city"] = json!("Montpelier");
    desk.order(&changed);
    process(&desk);
    assert_eq!(stands(&desk), state("held", 2));
    assert!(order(&desk).to_string().contains("05402"));
    let (id, _) = open(&desk, "changed_in_shop");
    // a release of the rest does not release this
    desk.run(&[
        "exceptions",
        "resolve",
        &open(&desk, "not_paid").0,
        "--release",
        "--note",
        "paid",
    ])
    .ok();
    assert_eq!((stands(&desk).0.as_str(), sent(&desk)), ("held", 0));
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "as it is here",
    ])
    .ok();
    assert_eq!(stands(&desk).0, "placed");
}

#[test]
fn a_cancellation_in_the_shop_cancels_what_no_vendor_knows_of() {
    let desk = desk();
    desk.order(&pending(2));
    process(&desk);
    desk.order(&cancelled(4));
    process(&desk);
    assert_eq!(stands(&desk), state("cancelled", 2));
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));
    // and once more, as the shop touched it again
    desk.order(&cancelled(6));
    assert_eq!(process(&desk)["messages"]["duplicate"], json!(1));
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));
    assert_eq!(sent(&desk), 0);
    desk.run(&["verify"]).ok();
}

#[test]
fn a_cancellation_after_the_vendor_has_it_is_a_person_s_to_decide() {
    let desk = desk();
    desk.order(&at(2));
    process(&desk);
    desk.order(&cancelled(4));
    process(&desk);
    assert_eq!((stands(&desk), sent(&desk)), (state("placed", 1), 1));
    let (id, words) = open(&desk, "changed_in_shop");
    assert!(words.contains("cancelled"), "{words}");
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--cancel",
        "--note",
        "as the shop has it",
    ])
    .ok();
    process(&desk);
    assert_eq!((stands(&desk).0.as_str(), sent(&desk)), ("cancelled", 2));
    desk.run(&["verify"]).ok();
}

#[test]
fn a_signed_word_cancels_and_only_from_who_gave_the_order() {
    let desk = desk();
    let word = |number: &str| json!({"cancel": number, "reason": "the customer called"});
    let mut held = TestDesk::plain_order("W1");
    held["ship_to"]["zip"] = json!("10001");
    held["customer"]["email"] = json!("w1@mail.example");
    desk.order(&held).order(&TestDesk::plain_order("W2"));
    process(&desk);
    let state = |number: &str| {
        let shown = desk.run(&["order", "show", number, "--json"]).ok().json();
        shown["state"].as_str().expect("a state").to_owned()
    };
    assert_eq!(
        (state("W1").as_str(), state("W2").as_str()),
        ("held", "placed")
    );
    desk.order(&word("W1"))
        .order(&word("W2"))
        .order(&word("W3"));
    let report = process(&desk);
    assert_eq!(
        (&report["messages"]["accepted"], &report["messages"]["held"]),
        (&json!(3), &json!(0)),
        "that of W3 waits for it"
    );
    assert_eq!(
        (state("W1").as_str(), state("W2").as_str()),
        ("cancelled", "placed")
    );
    let (_, words) = open(&desk, "changed_in_shop");
    assert_eq!(
        words,
        "the shop cancelled it, by message 4: the customer called"
    );
    // again: nothing more
    desk.order(&json!({"cancel": "W1"}));
    assert_eq!(process(&desk)["messages"]["duplicate"], json!(1));

    desk.run(&["verify"]).ok();
}

#[test]
fn another_trusted_key_takes_back_nothing() {
    let desk = desk();
    desk.order(&TestDesk::plain_order("W2"));
    process(&desk);
    // another trusted key takes back nothing
    let other = KeyPair::generate(
        "Other Shop <other@shop.example>",
        KeyKind::Cv25519,
        "2025-01-01T00:00:00Z".parse().expect("a time"),
    )
    .expect("a key");
    desk.file(
        "keys/other.pub.asc",
        &other.public_armoured().expect("a key"),
    );
    let config = std::fs::read_to_string(desk.path("poms.toml")).expect("a configuration");
    desk.file(
        "poms.toml",
        config
            .replace(
                "\"keys/webshop.pub.asc\"",
                "\"keys/webshop.pub.asc\", \"keys/other.pub.asc\"",
            )
            .as_bytes(),
    );
    let entity = make::json_entity(&json!({"cancel": "W2", "reason": "x"}).to_string());
    let sealed = make::seal(&entity, &other, &[desk.shop_key()], desk.moment()).expect("sealed");
    desk.sealed_mail(&sealed);
    assert_eq!(process(&desk)["messages"]["held"], json!(1));
    let (_, words) = open(&desk, "untrusted_signer");
    assert!(
        words.contains("only who gives an order takes it back"),
        "{words}"
    );
    let shown = desk.run(&["order", "show", "W2", "--json"]).ok().json();
    assert_eq!(shown["state"], "placed");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_corrected_order_of_the_shop_s_own_format_says_when_it_was_changed() {
    let desk = desk();
    let mut order = TestDesk::plain_order("W1");
    order["ship_to"]["zip"] = json!("10001");
    desk.order(&order);
    process(&desk);
    // without a word of when, nobody knows which is right
    let mut corrected = TestDesk::plain_order("W1");
    corrected["comments"] = json!("");
    desk.order(&corrected);
    process(&desk);
    assert!(
        codes(&desk).contains(&"duplicate_order_number".to_owned()),
        "{:?}",
        codes(&desk)
    );
    assert_eq!(sent(&desk), 0);
    let desk = super::placed::desk();
    desk.order(&order);
    process(&desk);
    corrected["updated_at"] = json!("2025-06-02T06:06:00-04:00");
    desk.order(&corrected);
    process(&desk);
    assert_eq!(sent(&desk), 1);
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));
    desk.run(&["verify"]).ok();
}
