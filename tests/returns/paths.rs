//! Each path from the request to its end.

use super::Shop;
use crate::support::golden::golden;
use serde_json::json;

#[test]
fn a_customer_sends_goods_back() {
    let shop = Shop::new();
    shop.shipped();
    let margin = shop.show()["money"]["margin"].clone();
    shop.desk.now("2025-06-10T14:00:00Z");
    let said = shop.open("1=2 2=1");
    assert!(
        said.contains("R-W1-1 is requested: 2 of BF63-12163, 1 of KT10-00010"),
        "{said}"
    );
    assert_eq!(shop.of("R-W1-1")["state"], "requested");
    let said = shop.authorise("r-w1-1");
    assert!(
        said.contains("Acme Home Goods, 7 Foundry Road, Portland, ME 04101 by July 10, 2025"),
        "{said}"
    );
    shop.process();
    look_at_the_mails(&shop);
    shop.desk.now("2025-06-20T14:00:00Z");
    let said = shop.back("receive R-W1-1 1=1 2=1", &[]).ok().stdout;
    assert!(
        said.contains("1 of 2 of BF63-12163 may still come"),
        "{said}"
    );
    let said = shop
        .back("inspect R-W1-1 1=damaged 2=restock", &[])
        .ok()
        .stdout;
    assert!(
        said.contains("Acme Home Goods owes a credit of $61.50"),
        "{said}"
    );
    let said = shop.refund("R-W1-1", &[]).ok().stdout;
    // 1 of 3 lamps and the kettle: 138.13 less 3.51 of the discount and with 7.02 of the tax
    assert!(
        said.contains("is refunded: $141.64 by card, re_R-W1-1."),
        "{said}"
    );
    let back = shop.of("R-W1-1");
    assert_eq!(
        (
            &back["state"],
            &back["refund"]["amount"],
            &back["refund"]["computed"]
        ),
        (&json!("refunded"), &json!("141.64"), &json!("141.64")),
        "{back:#}"
    );
    look_at_the_money(&shop, margin);
    // the lamp that did not come may still come back
    shop.open("1=2");
    shop.verify();
}

fn look_at_the_money(shop: &Shop, margin: serde_json::Value) {
    let story = shop.show();
    let money = &story["money"];
    assert_eq!(
        (&money["refunded"], &money["credited"]),
        (&json!("141.64"), &json!("61.50")),
        "{money:#}"
    );
    assert_eq!(
        (margin, &money["margin"]),
        (json!("165.84"), &json!("92.72")),
        "{money:#}"
    );
    let screen = shop.desk.run(&["order", "show", "W1"]).ok().stdout;
    assert!(screen.contains("refunded (return): 1 of BF63-12163, 1 of KT10-00010; refunded $141.64 by card; credit of $61.50 open"), "{screen}");
    let one = shop.back("show R-W1-1", &[]).ok().stdout;
    assert!(
        one.contains("R-W1-1 REFUNDED") && one.contains("expected of the vendor, by July 20, 2025"),
        "{one}"
    );
}

fn look_at_the_mails(shop: &Shop) {
    let to_customer = shop.mails("c@mail.example", "R-W1-1");
    let to_vendor = shop.mails("orders@acme.example", "R-W1-1");
    assert_eq!((to_customer.len(), to_vendor.len()), (1, 1));
    golden(
        "tests/returns/expected/mail_customer.txt",
        &mail(&to_customer[0]),
    );
    golden(
        "tests/returns/expected/mail_vendor.txt",
        &mail(&to_vendor[0]),
    );
    let html = to_customer[0]
        .parsed()
        .body_html(0)
        .expect("HTML")
        .into_owned();
    assert!(
        html.contains("7 Foundry Road") && html.contains("July 10, 2025"),
        "{html}"
    );
    let text = to_customer[0].text();
    assert!(
        !text.contains("urchase order") && !text.contains("does not fit"),
        "{text}"
    );
}

/// A mail as its reader sees it.
pub(super) fn mail(mail: &crate::support::desk::SentMail) -> String {
    format!(
        "{}\n\n{}",
        mail.subject(),
        mail.text().replace("\r\n", "\n")
    )
}

#[test]
fn goods_of_two_vendors_are_two_returns() {
    let shop = Shop::with(
        "[returns]\naddress = [\"Example Shop Returns\", \"12 Harbor Street\", \"Portland, ME 04101\"]",
    );
    shop.shipped();
    let said = shop.open("1=1 3=1");
    assert!(
        said.contains("R-W1-1") && said.contains("R-W1-2 is requested: 1 of GD20-00020"),
        "{said}"
    );
    shop.authorise("R-W1-2");
    shop.process();
    let to_vendor = shop.mails("po@blueridge.example", "R-W1-2");
    let text = mail(&to_vendor[0]);
    assert!(
        text.contains("It comes to us at\n  Example Shop Returns"),
        "{}",
        to_vendor[0].text()
    );
    let list = shop.back("list --state requested --json", &[]).ok().json();
    assert_eq!(
        list["returns"].as_array().map(Vec::len),
        Some(1),
        "{list:#}"
    );
    let list = shop.back("list --vendor BLUE", &[]).ok().stdout;
    assert!(
        list.contains("R-W1-2") && !list.contains("R-W1-1"),
        "{list}"
    );
    let found = shop.desk.run(&["order", "search", "r-w1-2"]).ok().stdout;
    assert!(found.contains("order show W1"), "{found}");
    shop.verify();
}

#[test]
fn what_was_refused_at_the_door_comes_back_by_itself() {
    let shop = Shop::with("[returns]\ncredit_restocked = true\nrestocking_percent = 10");
    shop.shipped();
    shop.open("3=1 --kind refused_at_door");
    shop.authorise("R-W1-1");
    shop.process();
    let mails = shop.mails("c@mail.example", "R-W1-1");
    golden(
        "tests/returns/expected/mail_refused_customer.txt",
        &mail(&mails[0]),
    );
    let mails = shop.mails("po@blueridge.example", "R-W1-1");
    golden(
        "tests/returns/expected/mail_refused_vendor.txt",
        &mail(&mails[0]),
    );
    shop.back("receive R-W1-1 3=1", &[]).ok();
    let said = shop.back("inspect R-W1-1 3=restock", &[]).ok().stdout;
    // 19.25 less ten percent
    assert!(said.contains("owes a credit of $17.33"), "{said}");
    shop.refund("R-W1-1", &[]).ok();
    shop.verify();
}

#[test]
fn what_was_lost_is_refunded_without_goods() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=3 2=1 --kind lost_in_transit");
    let said = shop.authorise("R-W1-1");
    assert!(
        said.contains("Acme Home Goods owes a credit of $198.50"),
        "{said}"
    );
    shop.process();
    let mails = shop.mails("c@mail.example", "R-W1-1");
    golden(
        "tests/returns/expected/mail_lost_customer.txt",
        &mail(&mails[0]),
    );
    let mails = shop.mails("orders@acme.example", "R-W1-1");
    golden(
        "tests/returns/expected/mail_lost_vendor.txt",
        &mail(&mails[0]),
    );
    shop.back("receive R-W1-1 1=1", &[]).fails(
        1,
        &["lost_in_transit", "cannot become received", "refunded"],
    );
    shop.refund("R-W1-1", &[]).ok();
    shop.verify();
}

#[test]
fn what_is_taken_back_before_it_ships_is_off_the_purchase_order() {
    let shop = Shop::new();
    shop.order();
    shop.ship("W1-1,AC-12163,1\n");
    let margin = shop.show()["money"]["margin"].clone();
    shop.back(
        "open W1 1=3 --kind cancelled_before_shipping",
        &["--reason", "x"],
    )
    .fails(1, &["line 1 (BF63-12163): 3 asked", "2 open", "2 at most"]);
    shop.open("1=2 3=1 --kind cancelled_before_shipping");
    shop.back(
        "open W1 1=1 --kind cancelled_before_shipping",
        &["--reason", "x"],
    )
    .fails(1, &["2 in requested returns: 0 at most"]);
    let said = shop.authorise("R-W1-1");
    assert!(said.contains("Off purchase order W1-1"), "{said}");
    assert!(!said.contains("credit"), "{said}");
    let said = shop.authorise("R-W1-2");
    assert!(said.contains("W1-2, which is cancelled"), "{said}");
    shop.process();
    let mails = shop.mails("c@mail.example", "R-W1-1");
    golden(
        "tests/returns/expected/mail_cancelled_customer.txt",
        &mail(&mails[0]),
    );
    let mails = shop.mails("orders@acme.example", "R-W1-1");
    golden(
        "tests/returns/expected/mail_cancelled_vendor.txt",
        &mail(&mails[0]),
    );
    shop.back("reject R-W1-1", &["--note", "x"])
        .fails(1, &["cannot be rejected", "refund it"]);
    shop.refund("R-W1-1", &[]).ok();
    shop.refund("R-W1-2", &[]).ok();
    shop.verify();
    let money = shop.show()["money"].clone();
    assert_eq!(money["cost"], "75.50", "{money:#}");
    // of 255.46 two lamps and a hose less 6.49 of the discount, given back; 142.25 of cost not spent
    assert_eq!(
        (margin, &money["margin"]),
        (json!("165.84"), &json!("59.12")),
        "{money:#}"
    );
}

#[test]
fn a_rejected_return_gives_nothing_and_frees_its_pieces() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=3");
    shop.authorise("R-W1-1");
    shop.back("receive R-W1-1 1=3", &[]).ok();
    shop.back("inspect R-W1-1 1=restock:1 1=damaged:2", &[])
        .ok();
    let said = shop
        .back("reject R-W1-1", &["--note", "broken by the customer"])
        .ok()
        .stdout;
    assert!(
        said.contains("no longer owes the credit of $123.00"),
        "{said}"
    );
    assert!(
        said.contains("tells the customer (c@mail.example)"),
        "{said}"
    );
    shop.refund("R-W1-1", &[])
        .fails(1, &["is rejected", "it is over"]);
    assert_eq!(shop.show()["money"]["refunded"], "0.00");
    shop.open("1=3");
    shop.verify();
}

#[test]
fn the_spending_tally_goes_down_by_refunds() {
    let shop = Shop::with("[rules]\nspending_limit = { limit = \"500.00\" }");
    shop.shipped();
    let mut next = crate::support::desk::TestDesk::plain_order("W2");
    next["lines"] = json!([{"sku": "BF63-12163", "qty": 1, "unit_price": "108.23"}]);
    next["total"] = json!("108.23");
    shop.desk.order(&next);
    shop.process();
    assert_eq!(shop.listed("spending_limit").len(), 1);
    shop.open("2=1 --kind lost_in_transit");
    shop.authorise("R-W1-1");
    shop.refund("R-W1-1", &[]).ok();
    let id = shop.listed("spending_limit")[0]["id"].to_string();
    let said = shop
        .desk
        .run(&[
            "exceptions",
            "resolve",
            &id,
            "--retry",
            "--note",
            "refunded",
        ])
        .ok()
        .stdout;
    assert!(said.contains("Order W2 is placed"), "{said}");
}
