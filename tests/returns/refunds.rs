//! Money that goes back: exact, once, never more than was paid; and what follows it.

use super::Shop;
use serde_json::{Value, json};

/// Takes one return to the point where it can be refunded.
pub fn inspected(shop: &Shop, rma: &str, lines: &str) {
    shop.open(lines);
    shop.authorise(rma);
    shop.back(&format!("receive {rma} {lines}"), &[]).ok();
    let found: Vec<String> = lines
        .split_whitespace()
        .map(|line| format!("{}=restock", line.split('=').next().unwrap_or_default()))
        .collect();
    shop.back(&format!("inspect {rma} {}", found.join(" ")), &[])
        .ok();
}

pub fn cents(amount: &Value) -> i64 {
    let text = amount.as_str().unwrap_or_default().replace('.', "");
    text.parse().expect("an amount")
}

#[test]
fn refunds_in_parts_come_to_what_the_goods_cost() {
    let shop = Shop::new();
    shop.shipped();
    let lines = ["1=1", "1=1 2=1", "1=1", "3=1"];
    for (place, line) in lines.iter().enumerate() {
        let rma = format!("R-W1-{}", place + 1);
        inspected(&shop, &rma, line);
        shop.refund(&rma, &[]).ok();
    }
    let paid = (1..=4).map(|n| cents(&shop.of(&format!("R-W1-{n}"))["refund"]["amount"]));
    let tax = (1..=4).map(|n| cents(&shop.of(&format!("R-W1-{n}"))["refund"]["tax"]));
    // 393.59 of goods less 10.00 of discount and with 20.00 of tax; the shipping of 6.95 is kept
    assert_eq!((paid.sum::<i64>(), tax.sum::<i64>()), (40_359, 2_000));
    let money = shop.show()["money"].clone();
    assert_eq!(money["refunded"], "403.59", "{money:#}");
    shop.verify();
}

#[test]
fn the_same_refund_again_changes_nothing() {
    let shop = Shop::new();
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=1");
    shop.refund("R-W1-1", &[]).ok();
    shop.process();
    let mails = shop.desk.mails().len();
    let facts =
        |shop: &Shop| shop.desk.run(&["verify", "--json"]).ok().json()["audit_rows"].clone();
    let before = facts(&shop);
    let said = shop.refund("R-W1-1", &[]).ok().stdout;
    assert!(
        said.contains("refunded already: $110.98 by card, re_R-W1-1. Nothing was changed."),
        "{said}"
    );
    shop.refund("R-W1-1", &["--amount", "110.98"]).ok();
    let other = "refund R-W1-1 --method card --reference re_2";
    shop.back(other, &[])
        .fails(1, &["re_R-W1-1", "is not paid twice"]);
    assert_eq!(facts(&shop), before);
    shop.process();
    assert_eq!(shop.desk.mails().len(), mails);
    shop.verify();
}

#[test]
fn one_reference_is_one_payment_unless_a_note_says_otherwise() {
    let shop = Shop::new();
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=1");
    inspected(&shop, "R-W1-2", "3=1");
    shop.refund("R-W1-1", &[]).ok();
    let same = "refund R-W1-2 --method Card --reference re_R-W1-1";
    shop.back(same, &[]).fails(
        1,
        &["is the refund of return R-W1-1 already ($110.98)", "--note"],
    );
    shop.back(same, &["--note", "one payment for both vendors' goods"])
        .ok();
    shop.verify();
}

#[test]
fn a_restocking_fee_is_kept_and_told() {
    let shop = Shop::new();
    shop.shipped();
    let margin = cents(&shop.show()["money"]["margin"]);
    inspected(&shop, "R-W1-1", "1=1");
    let words = ["--keep", "16.65", "--note", "15 % restocking fee"];
    let said = shop.refund("R-W1-1", &words).ok().stdout;
    assert!(
        said.contains("$94.33 by card") && said.contains("$16.65 less than the $110.98"),
        "{said}"
    );
    shop.refund("R-W1-1", &words).ok();
    let refund = shop.of("R-W1-1")["refund"].clone();
    assert_eq!(
        (&refund["amount"], &refund["computed"], &refund["tax"]),
        (&json!("94.33"), &json!("110.98"), &json!("5.50")),
        "{refund:#}"
    );
    let money = shop.show()["money"].clone();
    assert_eq!(cents(&money["margin"]), margin - 9_433 + 550, "{money:#}");
    shop.process();
    let mails = shop.mails("c@mail.example", "15 % restocking fee");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject(), "Refund of $94.33 for your order W1");
    shop.verify();
}

#[test]
fn never_more_goes_back_than_was_paid() {
    let shop = Shop::new();
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=2");
    inspected(&shop, "R-W1-2", "1=1");
    let all = ["--amount", "400.00", "--note", "goodwill"];
    shop.refund("R-W1-1", &all).ok();
    shop.refund("R-W1-2", &[]).fails(
        1,
        &[
            "the customer paid $410.54",
            "got $400.00 back already; $10.54 is the most",
        ],
    );
    let rest = ["--amount", "10.54", "--note", "the rest"];
    shop.refund("R-W1-2", &rest).ok();
    shop.verify();
}

#[test]
fn reports_follow_a_refund_and_a_credit() {
    let shop = Shop::new();
    shop.shipped();
    let report = |name: &str| {
        let words = ["report", name, "--format", "json"];
        shop.desk.run(&words).ok().json()
    };
    let bill = "vendor,number,date,po_number,total\nAcme Home Goods,A-1,2025-06-05,W1-1,198.50\n";
    shop.desk.file("bill.csv", bill.as_bytes());
    shop.desk.run(&["import-invoices", "bill.csv"]).ok();
    let margin = report("margin");
    inspected(&shop, "R-W1-1", "2=1");
    shop.open("1=1");
    shop.authorise("R-W1-2");
    shop.back("receive R-W1-2 1=1", &[]).ok();
    shop.back("inspect R-W1-2 1=damaged", &[]).ok();
    let risk = report("money-at-risk");
    assert!(risk.to_string().contains("R-W1-2"), "{risk:#}");
    assert!(
        !risk.to_string().contains("R-W1-1\""),
        "as new: nothing is owed: {risk:#}"
    );
    shop.refund("R-W1-2", &[]).ok();
    assert_ne!(report("margin"), margin);
    let credit = "vendor,type,number,date,po_number,memo,total\n\
                  Acme Home Goods,Credit,CM-1,2025-06-11,W1-1,R-W1-2,-61.50\n";
    shop.desk.file("credit.csv", credit.as_bytes());
    shop.desk.run(&["import-invoices", "credit.csv"]).ok();
    assert_eq!(shop.of("R-W1-2")["credits"][0]["state"], "settled");
    let risk = report("money-at-risk");
    assert!(!risk.to_string().contains("R-W1-2"), "{risk:#}");
    let money = shop.show()["money"].clone();
    assert_eq!(
        (&money["refunded"], &money["credited"]),
        (&json!("110.98"), &json!("61.50")),
        "{money:#}"
    );
    shop.verify();
}
