//! Deciding: each remedy, and what it leads to.

use super::{morning, number_of};
use serde_json::Value;

#[test]
fn the_commands_that_are_shown_work_as_they_stand() {
    let desk = morning();
    let id = number_of(&desk, "price_mismatch");
    let case = desk.run(&["exceptions", "show", &id, "--json"]).ok().json();
    let commands = case["commands"].as_array().expect("commands");
    let amend = commands
        .iter()
        .find(|one| one["remedy"] == "amend")
        .expect("amend");
    let command = amend["command"].as_str().expect("text");
    assert!(
        command.contains("lines.1.unit_price=108.23 total=324.69"),
        "{command}"
    );
    let words: Vec<&str> = command
        .split(' ')
        .skip(1)
        .map(|word| word.trim_matches('"'))
        .map(|word| if word == "WHY" { "rang" } else { word })
        .collect();
    let said = desk.run(&[&words[..], &["--json"]].concat()).ok().json();
    assert_eq!(said["order"]["revision"], 2, "{said:#}");
    // the comment still holds it
    assert_eq!(said["order"]["state"], "held");
    let comment = number_of(&desk, "customer_comment");
    let said = desk
        .run(&[
            "exceptions",
            "resolve",
            &comment,
            "--release",
            "--note",
            "rang",
            "--json",
        ])
        .ok()
        .json();
    assert_eq!(said["order"]["state"], "placed", "{said:#}");
    let story = desk.run(&["order", "show", "W200003"]).ok().stdout;
    assert!(
        story.contains("price of BF63-12163 100.00 before, 108.23 now"),
        "{story}"
    );
    assert!(story.contains("this is revision 2"), "{story}");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_remedy_is_one_and_needs_a_note() {
    let desk = morning();
    let id = number_of(&desk, "bad_zip");
    let resolve = ["exceptions", "resolve", id.as_str()];
    let typed = |more: &[&str]| desk.run(&[&resolve[..], more].concat());
    typed(&["--note", "x"]).fails(2, &["--release", "--cancel"]);
    typed(&["--release", "--cancel", "--note", "x"]).fails(2, &["cannot be used with"]);
    typed(&["--release"]).fails(2, &["--note"]);
    typed(&["--release", "--note", " "]).fails(1, &["the note is empty"]);
    typed(&["--dismiss", "--note", "x"])
        .fails(1, &["cannot be resolved with --dismiss", "--amend"]);
    typed(&["--amend", "ship_to.zap=1", "--note", "x"]).fails(1, &["did you mean zip"]);
    typed(&["--amend", "zip", "--note", "x"]).fails(1, &["FIELD=VALUE"]);
    typed(&["--amend", "ship_to.zip=65367", "--note", "looked it up"]).ok();
    typed(&["--release", "--note", "x"]).fails(1, &["already resolved"]);
    assert_eq!(
        desk.run(&["order", "show", "W200002", "--json"])
            .ok()
            .json()["state"],
        "placed"
    );
}

#[test]
fn hold_release_and_cancel_an_order() {
    let desk = morning();
    let act =
        |act: &str, order: &str| desk.run(&["order", act, order, "--note", "customer called"]);
    act("hold", "W200001").fails(1, &["is placed", "order cancel"]);
    act("release", "W200001").fails(1, &["not held"]);
    act("hold", "W200002").ok();
    let why = desk.run(&["order", "show", "W200002"]).ok().stdout;
    assert!(why.contains("manual_hold: customer called"), "{why}");
    let placed = act("release", "W200002").ok().stdout;
    assert!(placed.contains("W200002-1"), "{placed}");
    act("cancel", "W200001~2").ok();
    act("cancel", "W200001~2").fails(1, &["cancelled already"]);
    let told = act("cancel", "W200001").ok().stdout;
    assert!(
        told.contains("tells the vendor (orders@acme.example)"),
        "{told}"
    );
    let next: Value = desk
        .run(&["order", "show", "W200001", "--json"])
        .ok()
        .json();
    assert_eq!(next["state"], "cancelled");
    let steps = next["next"]["steps"].to_string();
    assert!(
        steps.contains("agrees not to ship") && steps.contains("order refund W200001"),
        "the vendor's answer and the customer's money are waited for: {steps}"
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn a_purchase_order_is_sent_again_marked_and_a_drop_is_named() {
    let desk = morning();
    let before = desk.mails().len();
    desk.run(&["po", "resend", "W200001-1", "--note", "lost"])
        .ok();
    desk.run(&["po", "resend", "W200001-1", "--note", "lost"])
        .fails(1, &["in the outbox already"]);
    let waiting = desk.run(&["outbox", "list"]).ok().stdout;
    assert!(
        waiting.contains("queued") && waiting.contains("orders@acme.example"),
        "{waiting}"
    );
    let story = desk.run(&["order", "show", "W200001"]).ok().stdout;
    assert!(
        story.contains("purchase order W200001-1 goes to orders@acme.example"),
        "{story}"
    );
    let list = desk.run(&["outbox", "list", "--json"]).ok().json();
    let id = list["deliveries"][0]["id"].to_string();
    let retry = desk.run(&["outbox", "retry", &id, "--note", "x"]).ok();
    assert!(retry.stdout.contains("waits no longer"), "{}", retry.stdout);
    desk.run(&["outbox", "confirm", &id, "--note", "x"])
        .fails(1, &["only an unknown, failed or dropped one"]);
    desk.run(&["outbox", "drop", &id, "--note", "by telephone"])
        .ok();
    let shown = desk.run(&["outbox", "show", &id]).ok().stdout;
    assert!(
        shown.contains("dropped") && shown.contains(&format!("outbox retry {id}")),
        "{shown}"
    );
    desk.run(&["process"]).ok();
    assert_eq!(desk.mails().len(), before, "nothing was sent");
}

#[test]
fn a_message_is_read_again_by_the_next_run() {
    let desk = morning();
    let said = desk
        .run(&["message", "reprocess", "5", "--note", "try"])
        .ok()
        .stdout;
    assert!(said.contains("poms process"), "{said}");
    desk.run(&["message", "reprocess", "1", "--note", "try"])
        .fails(1, &["is accepted"]);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(
        report["messages"]["held"].as_i64().unwrap_or(0)
            + report["messages"]["quarantined"].as_i64().unwrap_or(0),
        1
    );
    desk.run(&["verify"]).ok();
}
