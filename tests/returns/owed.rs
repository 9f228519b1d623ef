//! What customers are owed for what never ships: on the order, on a list, recorded once, in the books.

use super::Shop;
use serde_json::{Value, json};

fn owed(shop: &Shop) -> Value {
    shop.show()["money"]["owed"].clone()
}

fn list(shop: &Shop) -> Vec<(String, String)> {
    let report = shop
        .desk
        .run(&["report", "refunds-due", "--format", "json"]);
    let report = report.ok().json();
    let rows = report["refunds_due"].as_array().unwrap().iter();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.map(|row| (text(row, "order"), text(row, "owed")))
        .collect()
}

fn cancel(shop: &Shop) {
    let words = ["order", "cancel", "W1", "--note", "changed her mind"];
    shop.desk.run(&words).ok();
}

fn pay(shop: &Shop, reference: &str, more: &[&str]) -> crate::support::desk::Output {
    let mut words = vec![
        "order",
        "refund",
        "W1",
        "--method",
        "card",
        "--reference",
        reference,
    ];
    words.extend(more);
    shop.desk.run(&words)
}

#[test]
fn a_cancelled_order_is_owed_whole_until_the_refund_is_recorded_once() {
    let shop = Shop::new();
    shop.order();
    assert_eq!(owed(&shop), Value::Null);
    cancel(&shop);
    // goods 393.59 - 10.00 + shipping 6.95 + tax 20.00
    assert_eq!(owed(&shop), json!("410.54"));
    assert_eq!(list(&shop), [("W1".to_owned(), "410.54".to_owned())]);
    let next = shop.show()["next"]["steps"].to_string();
    assert!(
        next.contains("paid back $410.54") && next.contains("order refund W1 --method"),
        "{next}"
    );
    pay(&shop, "re_1", &["--amount", "500"]).fails(1, &["more than the $410.54", "--note"]);
    let more = ["--amount", "500", "--note", "kindness"];
    pay(&shop, "re_1", &more).fails(1, &["$410.54 is the most"]);
    let said = pay(&shop, "re_1", &["--amount", "10.54"]).ok().stdout;
    assert!(said.contains("$400.00 is still owed"), "{said}");
    assert_eq!(list(&shop), [("W1".to_owned(), "400.00".to_owned())]);
    let again = pay(&shop, "re_1", &["--amount", "10.54"]).ok().stdout;
    assert!(again.contains("Nothing was changed"), "{again}");
    let owes = ["$10.54 by card, re_1", "$400.00 is still owed"];
    pay(&shop, "re_1", &[]).fails(1, &owes);
    pay(&shop, "re_2", &[]).ok();
    let again = pay(&shop, "re_2", &[]).ok().stdout;
    assert!(again.contains("Nothing was changed"), "{again}");
    pay(&shop, "re_3", &[]).fails(1, &["nothing is owed", "$410.54 went back already"]);
    assert_eq!((owed(&shop), list(&shop).len()), (json!("0.00"), 0));
    let words = [
        "export",
        "refunds",
        "--from",
        "2025-06-01",
        "--to",
        "2025-06-30",
        "-o",
        "r.csv",
    ];
    shop.desk.run(&words).ok();
    let csv = std::fs::read_to_string(shop.desk.path("r.csv")).unwrap();
    assert!(
        csv.contains("RF-W1,")
            && csv.contains("RF-W1/2,")
            && csv.contains("Not shipped, order W1, card re_2"),
        "{csv}"
    );
    let again = shop.desk.run(&[&words[..7], &["again.csv"]].concat()).ok();
    assert!(again.stdout.contains("went out before"), "{}", again.stdout);
    shop.verify();
}

#[test]
fn a_held_order_that_is_cancelled_is_owed_and_an_unpaid_one_is_not() {
    for (payment, money) in [
        (json!({"method": "card", "reference": "ch_9"}), "324.69"),
        (json!({"method": "cod"}), "0.00"),
        (json!({"method": "card", "status": "unpaid"}), "0.00"),
    ] {
        let shop = Shop::new();
        let mut order = crate::support::desk::TestDesk::plain_order("W1");
        order["ship_to"]["zip"] = json!("10001");
        order["payment"] = payment;
        shop.desk.order(&order);
        shop.process();
        assert_eq!(shop.show()["state"], "held");
        cancel(&shop);
        assert_eq!(owed(&shop), json!(money));
        assert_eq!(list(&shop).len(), usize::from(money != "0.00"));
        shop.verify();
    }
}

/// The rest is taken off after a part shipped: its goods, discount and tax, and no shipping charge.
#[test]
fn what_is_taken_off_after_a_part_shipped_is_owed_to_the_cent() {
    let shop = Shop::new();
    shop.order();
    shop.ship("W1-1,AC-12163,2\nW1-1,AC-00010,1\nW1-2,B-77,1\n");
    let csv = "po_number,sku,qty,status,date\nW1-1,BF63-12163,1,rejected,\n";
    shop.desk.file("no.csv", csv.as_bytes());
    shop.desk.run(&["import-advices", "no.csv"]).ok();
    let id = shop.listed("po_rejected")[0]["id"].to_string();
    let off = [
        "exceptions",
        "resolve",
        &id,
        "--cancel-line",
        "--note",
        "gone",
    ];
    shop.desk.run(&off).ok();
    let before: f64 = owed(&shop).as_str().unwrap().parse().unwrap();
    // 108.23 less its share of 10.00, and its share of 20.00
    assert!((before - (108.23 - 2.75 + 5.50)).abs() < 0.011, "{before}");
    // the goods that came go back, before and after the money: together what was paid, less shipping
    shop.open("1=2 2=1 3=1");
    for rma in ["R-W1-1", "R-W1-2"] {
        shop.authorise(rma);
    }
    shop.back("receive R-W1-1 1=2 2=1", &[]).ok();
    shop.back("receive R-W1-2 3=1", &[]).ok();
    shop.back("inspect R-W1-1 1=restock 2=restock", &[]).ok();
    shop.back("inspect R-W1-2 3=restock", &[]).ok();
    shop.refund("R-W1-1", &[]).ok();
    assert_eq!(owed(&shop), json!(format!("{before:.2}")));
    pay(&shop, "re_off", &[]).ok();
    shop.refund("R-W1-2", &[]).ok();
    assert_eq!(shop.show()["money"]["refunded"], "403.59");
    assert_eq!(owed(&shop), json!("0.00"));
    shop.verify();
}

#[test]
fn an_order_taken_back_whole_by_returns_gets_its_shipping_charge_once() {
    let shop = Shop::new();
    shop.order();
    shop.open("1=3 2=1 3=1 --kind cancelled_before_shipping");
    shop.authorise("R-W1-1");
    shop.authorise("R-W1-2");
    assert_eq!(
        owed(&shop),
        json!("0.00"),
        "the returns are paid as returns"
    );
    shop.refund("R-W1-1", &[]).ok();
    let said = shop.refund("R-W1-2", &[]).ok().stdout;
    assert_eq!(shop.show()["money"]["refunded"], "410.54", "{said}");
    assert_eq!(owed(&shop), json!("0.00"));
    shop.verify();
}

#[test]
fn what_waits_for_too_long_is_listed_once_and_a_person_can_end_it() {
    let shop = Shop::new();
    shop.order();
    cancel(&shop);
    shop.desk.now("2025-06-09T09:00:00Z");
    shop.process();
    assert!(shop.listed("refund_due").is_empty());
    shop.desk.now("2025-06-10T12:00:00Z");
    shop.process();
    shop.process();
    assert_eq!(shop.listed("refund_due").len(), 1);
    let end = ["order", "refund", "W1", "--final"];
    shop.desk.run(&end).fails(1, &["note"]);
    let end = [&end[..], &["--note", "paid in the shop"]].concat();
    let said = shop.desk.run(&end).ok().stdout;
    assert!(said.contains("$410.54 is not paid back"), "{said}");
    assert!(shop.listed("refund_due").is_empty() && list(&shop).is_empty());
    shop.verify();
}
