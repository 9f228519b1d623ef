//! Goods that come in several parcels, and are looked at one after the other.

use super::Shop;
use serde_json::json;

/// Three lamps and a kettle are authorised; one lamp came and is damaged.
fn one_of_three() -> Shop {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=3 2=1");
    shop.authorise("R-W1-1");
    shop.desk.now("2025-06-10T14:00:00Z");
    let said = shop.back("receive R-W1-1 1=1", &["--note", "box crushed"]);
    let said = said.ok().stdout;
    assert!(
        said.contains("R-W1-1: 1 of BF63-12163 came."),
        "what did not come is not told as come: {said}"
    );
    assert!(
        said.contains("2 of 3 of BF63-12163 may still come"),
        "{said}"
    );
    assert!(
        said.contains("1 of 1 of KT10-00010 may still come"),
        "{said}"
    );
    // what may still come belongs to this return
    shop.back("open W1 1=1", &["--reason", "x"])
        .fails(1, &["3 shipped and 3 already in returns: 0 at most"]);
    let said = shop.back("inspect R-W1-1 1=damaged", &[]).ok().stdout;
    assert!(said.contains("owes a credit of $61.50"), "{said}");
    assert!(said.contains("May still come: 3"), "{said}");
    assert_eq!(shop.of("R-W1-1")["state"], "inspected");
    shop
}

#[test]
fn each_parcel_is_received_for_itself() {
    let shop = one_of_three();
    shop.desk.now("2025-06-12T14:00:00Z");
    shop.back("receive R-W1-1 1=1 2=1", &[]).ok();
    assert_eq!(shop.of("R-W1-1")["state"], "received");
    shop.refund("R-W1-1", &[])
        .fails(1, &["is received", "must be inspected first"]);
    shop.back("receive R-W1-1 bf63-12163=1", &[]).ok();
    let story = shop.show()["next"].to_string();
    assert!(
        story.contains("somebody looks at the goods of return R-W1-1"),
        "{story}"
    );
    shop.back("receive R-W1-1 1=1", &[])
        .fails(1, &["authorises 3, of which 3 came already"]);
    shop.verify();
}

#[test]
fn goods_are_inspected_one_after_the_other() {
    let shop = one_of_three();
    shop.back("receive R-W1-1 1=2 2=1", &[]).ok();
    let said = shop.back("inspect R-W1-1 1=damaged:1", &[]).ok().stdout;
    assert!(
        said.contains("Acme Home Goods owes a credit of $123.00 in all"),
        "{said}"
    );
    assert!(
        said.contains("Still to be looked at of what came: 2"),
        "{said}"
    );
    shop.back("inspect R-W1-1 2=damaged:2", &[])
        .fails(1, &["1 wait to be looked at, but 2 are named"]);
    let found = "inspect R-W1-1 1=restock 2=wrong_item";
    let said = shop.back(found, &[]).ok().stdout;
    assert!(said.contains("R-W1-1 is inspected"), "{said}");
    assert!(said.contains("owes a credit of $137.00"), "{said}");
    let back = shop.of("R-W1-1");
    assert_eq!(
        back["credits"].as_array().map(Vec::len),
        Some(1),
        "{back:#}"
    );
    let conditions = json!([["damaged", 2], ["restock", 1]]);
    assert_eq!(back["lines"][0]["conditions"], conditions, "{back:#}");
    let screen = shop.back("show R-W1-1", &[]).ok().stdout;
    assert!(
        screen.contains("box crushed") && screen.contains("2 damaged"),
        "{screen}"
    );
    shop.refund("R-W1-1", &[]).ok();
    shop.verify();
}

#[test]
fn a_second_parcel_after_the_credit_came_raises_what_is_owed() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=2");
    shop.authorise("R-W1-1");
    shop.back("receive R-W1-1 1=1", &[]).ok();
    shop.back("inspect R-W1-1 1=damaged", &[]).ok();
    let csv = "vendor,type,number,date,po_number,memo,total\n\
               Acme Home Goods,Credit,CM-1,2025-06-11,W1-1,return R-W1-1,-61.50\n";
    shop.desk.file("credit.csv", csv.as_bytes());
    shop.desk.run(&["import-invoices", "credit.csv"]).ok();
    assert_eq!(shop.of("R-W1-1")["credits"][0]["state"], "settled");
    shop.back("receive R-W1-1 1=1", &[]).ok();
    let said = shop.back("inspect R-W1-1 1=damaged", &[]).ok().stdout;
    assert!(
        said.contains("Acme Home Goods owes a credit of $123.00 in all"),
        "{said}"
    );
    let credits = shop.of("R-W1-1")["credits"].clone();
    assert_eq!(
        (&credits[1]["amount"], &credits[1]["state"]),
        (&json!("61.50"), &json!("open")),
        "{credits:#}"
    );
    let csv = csv.replace("CM-1", "CM-2");
    shop.desk.file("second.csv", csv.as_bytes());
    shop.desk.run(&["import-invoices", "second.csv"]).ok();
    assert_eq!(shop.of("R-W1-1")["credits"][1]["state"], "settled");
    shop.refund("R-W1-1", &[]).ok();
    shop.verify();
}

#[test]
fn the_rest_that_does_not_come_is_listed_until_the_return_ends() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=2");
    shop.authorise("R-W1-1");
    shop.back("receive R-W1-1 1=1", &[]).ok();
    shop.back("inspect R-W1-1 1=restock", &[]).ok();
    shop.desk.now("2025-07-20T14:00:00Z");
    shop.process();
    let listed = shop.listed("return_overdue");
    assert_eq!(listed.len(), 1);
    let text = listed[0]["message"].as_str().unwrap_or_default();
    assert!(text.contains("1 of BF63-12163"), "{text}");
    let said = shop.refund("R-W1-1", &[]).ok().stdout;
    assert!(
        said.contains("Did not come, and is no longer expected: 1"),
        "{said}"
    );
    assert!(shop.listed("return_overdue").is_empty());
    // the lamp comes after all: a return of its own
    shop.open("1=1");
    shop.authorise("R-W1-2");
    shop.back("receive R-W1-2 1=1", &[]).ok();
    shop.back("inspect R-W1-2 1=restock", &[]).ok();
    shop.refund("R-W1-2", &[]).ok();
    shop.verify();
}
