//! One command for several exceptions: all of them or none.

use super::{morning, number_of};
use crate::support::desk::TestDesk;
use serde_json::{Value, json};

fn resolve(desk: &TestDesk, ids: &[&str], more: &[&str]) -> crate::support::desk::Output {
    let args = [
        &["exceptions", "resolve"],
        ids,
        &["--note", "told by telephone"],
        more,
    ];
    desk.run(&args.concat())
}

/// Numbers of all that is open.
fn open(desk: &TestDesk) -> Vec<i64> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let all = list["exceptions"].as_array().expect("a list").iter();
    all.filter_map(|one| one["id"].as_i64()).collect()
}

fn state(desk: &TestDesk, order: &str) -> Value {
    let story = desk.run(&["order", "show", order, "--json"]).ok().json();
    story["state"].clone()
}

#[test]
fn several_are_resolved_by_one_command() {
    let desk = morning();
    let (zip, price) = (
        number_of(&desk, "bad_zip"),
        number_of(&desk, "price_mismatch"),
    );
    let rehearsed = resolve(
        &desk,
        &[&zip, &price],
        &["--release", "--dry-run", "--json"],
    );
    assert_eq!(rehearsed.ok().json()["dry_run"], true);
    assert_eq!(state(&desk, "W200002"), "held");
    // typed twice counts once
    let said = resolve(&desk, &[&zip, &price, &zip], &["--release", "--json"])
        .ok()
        .json();
    let each = said["exceptions"].as_array().expect("each");
    assert_eq!(each.len(), 2, "{said:#}");
    assert_eq!(each[0]["order"]["state"], "placed", "{said:#}");
    assert_eq!(each[1]["order"]["reference"], "W200003", "{said:#}");
    assert_eq!(each[1]["ended_with"], Value::Null);
    assert_eq!(
        state(&desk, "W200003"),
        "held",
        "the comment holds it still"
    );
    desk.run(&["verify"]).ok();
}

/// Asserts that the command is refused with these words, and that nothing came of it.
fn refused(desk: &TestDesk, ids: &[&str], more: &[&str], words: &str) {
    let before = open(desk);
    let failed = resolve(desk, ids, more).fails(1, &[words, "All 2 stay as they were"]);
    assert_eq!(open(desk), before, "{ids:?} {more:?}: {}", failed.stderr);
    assert_eq!(state(desk, "W200002"), "held");
}

#[test]
fn one_that_cannot_be_done_is_named_and_nothing_is_done() {
    let desk = morning();
    let zip = &*number_of(&desk, "bad_zip");
    let price = &*number_of(&desk, "price_mismatch");
    let twin = &*number_of(&desk, "duplicate_order_number");
    let no_remedy = format!("exception {twin} (duplicate_order_number) cannot be resolved");
    refused(&desk, &[zip, twin], &["--release"], &no_remedy);
    let nobody = "there is no exception 9999";
    refused(&desk, &[zip, "9999"], &["--release"], nobody);
    // a change that an order has no room for
    let change = ["--amend", "lines.1.qty=none"];
    refused(&desk, &[zip, price], &change, &format!("exception {zip}"));
    resolve(&desk, &[zip], &["--release"]).ok();
    // resolved before the command is no end by an act of it
    let already = format!("exception {zip} is already resolved");
    resolve(&desk, &[price, zip], &["--release"]).fails(1, &[&already, "All 2 stay"]);
    assert!(open(&desk).contains(&price.parse().unwrap()));
    // one alone says no more than it did
    let alone = resolve(&desk, &[twin], &["--release"]).fails(1, &["cannot be resolved"]);
    assert!(
        !alone.stderr.contains("stay as they were"),
        "{}",
        alone.stderr
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn words_that_only_some_of_them_take_are_refused() {
    let desk = morning();
    let zip = &*number_of(&desk, "bad_zip");
    let comment = &*number_of(&desk, "customer_comment");
    let takes_no = |word: &str| format!("exception {zip} (bad_zip) takes no {word}");
    for more in [
        &["--release", "--comment-to-vendor"][..],
        &["--release", "--all"],
    ] {
        let words = match more[1] {
            "--all" => "(customer_comment) takes no --all".to_owned(),
            word => takes_no(word),
        };
        refused(&desk, &[comment, zip], more, &words);
    }
    let po = ["--release", "--po", "W200001-1"];
    refused(&desk, &[zip, comment], &po, &takes_no("--po"));
}

#[test]
fn one_that_an_earlier_act_ended_is_reported() {
    let desk = morning();
    let price = number_of(&desk, "price_mismatch");
    let comment = number_of(&desk, "customer_comment");
    let said = resolve(&desk, &[&price, &comment], &["--cancel"])
        .ok()
        .stdout;
    let ended = format!("Exception {comment} (customer_comment) ended with exception {price}.");
    assert!(said.contains(&ended), "{said}");
    assert_eq!(state(&desk, "W200003"), "cancelled");
    desk.run(&["verify"]).ok();
}

#[test]
fn the_answer_about_one_is_as_it_was() {
    let desk = morning();
    let zip = number_of(&desk, "bad_zip");
    let said = resolve(&desk, &[&zip], &["--release", "--json"])
        .ok()
        .json();
    let keys: Vec<&String> = said.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["said", "dry_run", "order"]);
    assert_eq!(
        said["order"],
        json!({"order": "W200002", "reference": "W200002", "state": "placed", "revision": 1})
    );
}
