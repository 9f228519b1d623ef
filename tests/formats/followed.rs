//! What a shop changed after the purchase orders left, brought to the vendors by the words that the exception has.

use super::placed::{codes, desk, shopify};
use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// The words behind "amend this:", as a shell reads them.
fn words(desk: &TestDesk) -> (String, Vec<String>) {
    let list = desk.run(&["exceptions", "list", "--json"]).done().json();
    let all = list["exceptions"].as_array().expect("a list").iter();
    let own: Vec<&Value> = all.filter(|one| one["code"] == "changed_in_shop").collect();
    assert_eq!(own.len(), 1, "{list}");
    let text = own[0]["message"].as_str().expect("words");
    let from = text
        .split("amend this: ")
        .nth(1)
        .unwrap_or_else(|| panic!("{text}"));
    let typed = from.split(". ").next().expect("words");
    let words = shlex(typed);
    (own[0]["id"].to_string(), words)
}

fn shlex(typed: &str) -> Vec<String> {
    let said = std::process::Command::new("sh")
        .args(["-c", &format!("printf '%s\\n' {typed}")])
        .output()
        .expect("a shell");
    let text = String::from_utf8(said.stdout).expect("text");
    text.lines().map(str::to_owned).collect()
}

fn amend(desk: &TestDesk) -> String {
    let (id, words) = words(desk);
    let mut args = vec!["exceptions", "resolve", id.as_str(), "--amend"];
    args.extend(words.iter().map(String::as_str));
    args.extend(["--note", "the shop has it so"]);
    desk.run(&args).ok().stdout
}

#[test]
fn an_address_and_pieces_that_changed_in_the_shop_reach_the_vendor_as_a_revision() {
    let desk = desk();
    desk.order(&shopify());
    desk.run(&["process"]).ok();
    let mut moved = shopify();
    moved["updated_at"] = json!("2025-06-02T06:05:00-04:00");
    moved["shipping_address"]["address1"] = json!("20 O'Brien Road");
    moved["line_items"][1]["quantity"] = json!(2);
    moved["line_items"][1]["current_quantity"] = json!(2);
    moved["line_items"][1]["fulfillable_quantity"] = json!(2);
    moved["total_price"] = json!("285.26");
    desk.order(&moved);
    desk.run(&["process"]).done();
    let said = amend(&desk);
    assert!(
        said.contains("Revision 2 of purchase order #1207-1"),
        "{said}"
    );
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));
    desk.run(&["process"]).ok();
    let mails = desk.mails_to("orders@acme.example");
    let text = mails.last().expect("a revision").text();
    for part in ["20 O'Brien Road", "2 in all (was 1)"] {
        assert!(text.contains(part), "{text}");
    }
    let shown = desk.run(&["order", "show", "#1207", "--json"]).ok().json();
    assert_eq!(shown["money"]["total"], "285.26", "{shown:#}");
    // the same once more is nothing new
    desk.order(&moved);
    desk.run(&["process"]).ok();
    assert!(codes(&desk).is_empty(), "{:?}", codes(&desk));
    desk.run(&["verify"]).ok();
}

#[test]
fn an_article_that_the_shop_took_off_and_another_that_came() {
    let desk = desk();
    let mut order = TestDesk::plain_order("W1");
    order["updated_at"] = json!("2025-06-02T06:01:00-04:00");
    desk.order(&order);
    desk.run(&["process"]).ok();
    let mut other = order.clone();
    other["updated_at"] = json!("2025-06-02T06:09:00-04:00");
    other["lines"] = json!([{"sku": "KT10-00010", "qty": 2, "unit_price": "29.90", "description": "Kettle, red"}]);
    other["total"] = json!("59.80");
    desk.order(&other);
    desk.run(&["process"]).done();
    let (_, typed) = words(&desk);
    assert_eq!(
        typed,
        [
            "lines.1=",
            "lines.2.sku=KT10-00010",
            "lines.2.qty=2",
            "lines.2.unit_price=29.90",
            "lines.2.description=Kettle, red"
        ]
    );
    amend(&desk);
    desk.run(&["process"]).done();
    // nothing of the first is left: it is cancelled, and the other is ordered anew
    let mails = desk.mails_to("orders@acme.example");
    let has = |parts: &[&str]| {
        let texts = mails.iter().map(|mail| mail.text());
        texts
            .filter(|text| parts.iter().all(|part| text.contains(part)))
            .count()
    };
    assert_eq!(has(&["Nothing more of purchase order W1-1 is wanted"]), 1);
    assert_eq!(has(&["W1-2", "AC-00010"]), 1);
    desk.run(&["verify"]).ok();
    // a remark that nobody can put on a paper is the person's
    let desk = super::placed::desk();
    desk.order(&order);
    desk.run(&["process"]).ok();
    let mut remark = order.clone();
    remark["updated_at"] = json!("2025-06-02T06:09:00-04:00");
    remark["comments"] = json!("please hurry");
    desk.order(&remark);
    desk.run(&["process"]).done();
    let list = desk.run(&["exceptions", "list", "--json"]).done().json();
    let text = list["exceptions"][0]["message"].as_str().expect("words");
    assert!(!text.contains("amend this"), "{text}");
}
