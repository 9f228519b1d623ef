//! Credits that came before their return was opened or looked at.

use super::Shop;
use serde_json::{Value, json};

const HEAD: &str = "vendor,invoice_number,invoice_date,po_number,memo,total\n";

fn import(shop: &Shop, name: &str, row: &str) -> Value {
    shop.desk.file(name, format!("{HEAD}{row}\n").as_bytes());
    let done = shop.desk.run(&["import-invoices", name, "--json"]);
    done.ok().json()
}

/// Everything shipped and billed.
fn billed() -> Shop {
    let shop = Shop::new();
    shop.shipped();
    import(
        &shop,
        "bill.csv",
        "Acme Home Goods,A-1,2025-06-03,W1-1,,198.50",
    );
    shop
}

/// One damaged lamp comes back; what inspecting it said.
fn damaged(shop: &Shop) -> String {
    shop.open("1=1");
    shop.authorise("R-W1-1");
    shop.back("receive R-W1-1 1=1", &[]).ok();
    shop.back("inspect R-W1-1 1=damaged", &[]).ok().stdout
}

fn credit(shop: &Shop) -> (String, String) {
    let credit = shop.of("R-W1-1")["credits"][0].clone();
    let text = |key: &str| credit[key].as_str().unwrap_or_default().to_owned();
    (text("state"), text("received"))
}

fn settled() -> (String, String) {
    ("settled".to_owned(), "61.50".to_owned())
}

fn at_risk(shop: &Shop) -> Value {
    let report = shop.desk.run(&["report", "money-at-risk", "--json"]);
    report.ok().json()["total"].clone()
}

#[test]
fn a_credit_that_came_first_settles_what_it_comes_to() {
    let shop = billed();
    import(
        &shop,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-05,W1-1,lamp broken,-61.50",
    );
    assert!(shop.listed("credit_unclear").is_empty());
    let said = damaged(&shop);
    assert!(
        said.contains("It came before: credit CM-1 of 2025-06-05 over 61.50")
            && said.contains("is counted against what is owed"),
        "{said}"
    );
    assert_eq!(credit(&shop), settled());
    assert_eq!(at_risk(&shop), "0.00");
    let shown = shop.desk.run(&["invoice", "show", "CM-1"]).ok().stdout;
    assert!(shown.contains("61.50 of R-W1-1"), "{shown}");
    shop.desk.now("2025-09-20T14:00:00Z");
    shop.process();
    assert!(shop.listed("credit_overdue").is_empty());
    shop.verify();
}

#[test]
fn a_credit_that_named_nothing_finds_its_return() {
    let shop = billed();
    import(
        &shop,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-05,,for R-W1-1,-61.50",
    );
    assert_eq!(shop.listed("invoice_unmatched").len(), 1);
    let said = damaged(&shop);
    assert!(said.contains("is counted against what is owed"), "{said}");
    assert!(shop.listed("invoice_unmatched").is_empty());
    assert_eq!(credit(&shop), settled());
    shop.verify();
}

#[test]
fn another_amount_is_asked_after_and_answered() {
    let shop = billed();
    import(
        &shop,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-05,W1-1,,-40.00",
    );
    let said = damaged(&shop);
    assert!(said.contains("may be for it: exception"), "{said}");
    let asked = shop.listed("credit_unclear");
    let text = asked[0]["message"].as_str().unwrap_or_default();
    assert!(
        asked.len() == 1 && text.contains("R-W1-1 (61.50:"),
        "{asked:#?}"
    );
    assert_eq!(credit(&shop), ("open".to_owned(), "0.00".to_owned()));
    let id = asked[0]["id"].to_string();
    let words = [
        "exceptions",
        "resolve",
        &id,
        "--amend",
        "credit=R-W1-1",
        "--note",
        "Ms Lee said so",
    ];
    shop.desk.run(&words).ok();
    assert_eq!(credit(&shop), ("open".to_owned(), "40.00".to_owned()));
    assert_eq!(at_risk(&shop), "21.50");
    import(
        &shop,
        "d.csv",
        "Acme Home Goods,CM-2,2025-06-09,W1-1,,-21.50",
    );
    assert_eq!(credit(&shop), settled());
    shop.verify();
}

#[test]
fn what_a_person_said_is_for_nothing_is_not_taken_silently() {
    let shop = billed();
    import(
        &shop,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-05,W1-1,,-40.00",
    );
    damaged(&shop);
    let id = shop.listed("credit_unclear")[0]["id"].to_string();
    let words = [
        "exceptions",
        "resolve",
        &id,
        "--dismiss",
        "--note",
        "a bonus",
    ];
    shop.desk.run(&words).ok();
    // another return of the purchase order, which no credit comes to: nobody is asked again
    shop.open("2=1");
    shop.authorise("R-W1-2");
    shop.back("receive R-W1-2 2=1", &[]).ok();
    shop.back("inspect R-W1-2 2=damaged", &[]).ok();
    assert!(shop.listed("credit_unclear").is_empty());
    assert_eq!(at_risk(&shop), "75.50");
    shop.verify();
}

#[test]
fn a_credit_that_ended_a_finding_is_not_taken_again() {
    let shop = Shop::new();
    shop.shipped();
    // three lamps and a kettle are 198.50: 61.50 too much
    import(
        &shop,
        "bill.csv",
        "Acme Home Goods,A-1,2025-06-03,W1-1,,260.00",
    );
    let found = at_risk(&shop);
    import(
        &shop,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-05,W1-1,,-61.50",
    );
    assert_eq!((found, at_risk(&shop)), (json!("61.50"), json!("0.00")));
    let said = damaged(&shop);
    assert!(!said.contains("It came before"), "{said}");
    assert_eq!(credit(&shop), ("open".to_owned(), "0.00".to_owned()));
    shop.verify();
}

#[test]
fn a_promise_is_kept_by_a_credit_that_came_before_it() {
    let shop = Shop::new();
    shop.shipped();
    import(
        &shop,
        "bill.csv",
        "Acme Home Goods,A-1,2025-06-03,W1-1,,210.50",
    );
    // half of what is wrong: it fits nothing yet
    import(
        &shop,
        "c.csv",
        "Acme Home Goods,CM-1,2025-06-05,W1-1,,-6.00",
    );
    let id = shop
        .desk
        .run(&["exceptions", "list", "--about", "invoice", "--json"])
        .ok()
        .json()["exceptions"][0]["id"]
        .to_string();
    let words = [
        "exceptions",
        "resolve",
        &id,
        "--expect-credit",
        "--note",
        "x",
    ];
    let said = shop.desk.run(&words).ok().stdout;
    assert!(
        said.contains("exception") && said.contains("may be for it"),
        "{said}"
    );
    assert_eq!(shop.listed("credit_unclear").len(), 1);
    shop.verify();
}
