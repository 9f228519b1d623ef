//! What is late, and what ends it.

use super::Shop;
use serde_json::Value;

fn dismiss(shop: &Shop, exception: &Value, note: &str) {
    let id = exception["id"].to_string();
    let words = ["exceptions", "resolve", &id, "--dismiss", "--note", note];
    shop.desk.run(&words).ok();
}

#[test]
fn goods_that_do_not_come_are_listed_once_and_cleared() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1");
    shop.back("authorise R-W1-1 --deadline-days 10", &["--note", "ok"])
        .ok();
    shop.desk.now("2025-06-13T02:00:00Z");
    shop.process();
    assert!(
        shop.listed("return_overdue").is_empty(),
        "it is June 12 in the shop"
    );
    shop.desk.now("2025-06-13T14:00:00Z");
    shop.process();
    let listed = shop.listed("return_overdue");
    assert_eq!(listed.len(), 1);
    let text = listed[0]["message"].as_str().unwrap_or_default();
    assert!(
        text.contains("R-W1-1") && text.contains("by June 12, 2025"),
        "{text}"
    );
    dismiss(&shop, &listed[0], "on its way");
    shop.process();
    assert!(
        shop.listed("return_overdue").is_empty(),
        "who dismissed it waits"
    );
    let said = shop.back("receive R-W1-1 1=1", &[]).ok().stdout;
    assert!(
        said.contains("after the deadline of June 12, 2025"),
        "{said}"
    );
    shop.verify();
}

#[test]
fn receiving_ends_what_is_overdue() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1");
    shop.authorise("R-W1-1");
    shop.desk.now("2025-07-20T14:00:00Z");
    shop.process();
    assert_eq!(shop.listed("return_overdue").len(), 1);
    shop.back("receive R-W1-1 1=1", &[]).ok();
    assert!(shop.listed("return_overdue").is_empty());
    shop.verify();
}

#[test]
fn a_credit_that_does_not_come_is_listed_until_it_is_imported() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=2");
    shop.authorise("R-W1-1");
    shop.back("receive R-W1-1 1=2", &[]).ok();
    shop.back("inspect R-W1-1 1=wrong-item", &[]).ok();
    shop.refund("R-W1-1", &[]).ok();
    shop.desk.now("2025-07-10T14:00:00Z");
    shop.process();
    let listed = shop.listed("credit_overdue");
    assert_eq!(listed.len(), 1);
    let text = listed[0]["message"].as_str().unwrap_or_default();
    assert!(
        text.contains("Acme Home Goods owes $123.00 for return R-W1-1"),
        "{text}"
    );
    let csv = "vendor,type,number,date,po_number,memo,total\n\
               Acme Home Goods,Credit,CM-1,2025-07-11,W1-1,return R-W1-1,-100.00\n";
    shop.desk.file("short.csv", csv.as_bytes());
    shop.desk.run(&["import-invoices", "short.csv"]).ok();
    shop.process();
    assert_eq!(
        shop.listed("credit_overdue").len(),
        1,
        "23.00 are still owed"
    );
    let back = shop.of("R-W1-1");
    assert_eq!(back["credits"][0]["received"], "100.00", "{back:#}");
    let csv = csv.replace("CM-1", "CM-2").replace("-100.00", "-23.00");
    shop.desk.file("rest.csv", csv.as_bytes());
    shop.desk.run(&["import-invoices", "rest.csv"]).ok();
    shop.process();
    assert!(shop.listed("credit_overdue").is_empty());
    assert_eq!(shop.of("R-W1-1")["credits"][0]["state"], "settled");
    shop.verify();
}

#[test]
fn who_answers_a_mail_about_a_return_is_heard() {
    let shop = with_tokens();
    shop.shipped();
    shop.open("1=1");
    shop.authorise("R-W1-1");
    shop.process();
    let (customer, vendor) = (
        reply_to(&shop, "c@mail.example"),
        reply_to(&shop, "orders@acme.example"),
    );
    assert!(
        customer.starts_with("orders+r") && vendor.starts_with("orders+r"),
        "{customer} {vendor}"
    );
    assert_ne!(customer, vendor);
    shop.desk.raw_mail(answer(&vendor).as_bytes());
    shop.process();
    let listed = shop.listed("return_mail");
    assert_eq!(listed.len(), 1);
    let text = listed[0]["message"].as_str().unwrap_or_default();
    assert!(
        text.contains("the vendor (") && text.contains("about return R-W1-1"),
        "{text}"
    );
    assert!(
        shop.show()["notes"]
            .to_string()
            .contains("May I send it in July?")
    );
    let screen = shop.back("show R-W1-1", &[]).ok().stdout;
    assert!(screen.contains("May I send it in July?"), "{screen}");
    let status = shop.desk.run(&["status"]).ok().stdout;
    assert!(status.contains("Returns    1 authorised"), "{status}");
    dismiss(&shop, &listed[0], "answered");
    // an address that somebody made up is no return's
    shop.desk.raw_mail(
        answer(
            &vendor
                .replace("orders+r", "orders+ra")
                .replacen('2', "3", 1),
        )
        .as_bytes(),
    );
    shop.process();
    assert!(shop.listed("return_mail").is_empty());
    shop.verify();
}

/// A site that gives each return reply addresses of its own.
fn with_tokens() -> Shop {
    let shop = Shop::new();
    shop.desk.file("keys/tokens.key", "k".repeat(64).as_bytes());
    let config = std::fs::read_to_string(shop.desk.path("poms.toml")).expect("a configuration");
    let config = config.replace("ledger = ", "token_keys = [\"keys/tokens.key\"]\nledger = ");
    shop.desk.file("poms.toml", config.as_bytes());
    shop
}

fn reply_to(shop: &Shop, to: &str) -> String {
    let mails = shop.mails(to, "R-W1-1");
    let mail = mails[0].parsed();
    let reply = mail.reply_to().and_then(|to| to.first());
    let address = reply.and_then(|to| to.address());
    address.expect("a reply address").to_owned()
}

fn answer(to: &str) -> String {
    format!(
        "From: Somebody <x@mail.example>\r\nTo: {to}\r\nSubject: Re: return\r\n\
         Message-ID: <{}@mail.example>\r\n\r\nMay I send it in July?\r\n",
        to.len()
    )
}

#[test]
fn what_waits_for_the_shop_is_listed_after_its_days_and_again_when_it_stands_still_anew() {
    let shop = Shop::with("[returns]\nwaiting_days = 3");
    shop.shipped();
    let listed = || {
        shop.process();
        let found = shop.listed("return_waiting");
        let text = |row: &Value| row["message"].as_str().unwrap_or_default().to_owned();
        found.iter().map(text).collect::<Vec<_>>()
    };
    shop.desk.now("2025-06-04T14:00:00Z");
    shop.open("1=2");
    shop.desk.now("2025-06-07T14:00:00Z");
    assert!(listed().is_empty(), "three days are allowed");
    shop.desk.now("2025-06-08T14:00:00Z");
    let waits = listed();
    assert!(
        waits.len() == 1 && waits[0].contains("nobody said yes or no since June 4, 2025: 4 days"),
        "{waits:?}"
    );
    shop.authorise("R-W1-1");
    assert!(shop.listed("return_waiting").is_empty(), "it went on");
    shop.desk.now("2025-06-20T14:00:00Z");
    assert!(listed().is_empty(), "now the customer is waited for");
    shop.back("receive R-W1-1 1=1", &[]).ok();
    shop.desk.now("2025-06-24T14:00:00Z");
    let waits = listed();
    assert!(
        waits.len() == 1 && waits[0].contains("nobody looked at it since June 20, 2025"),
        "{waits:?}"
    );
    dismiss(&shop, &shop.listed("return_waiting")[0], "tomorrow");
    assert!(listed().is_empty(), "who dismissed it waits");
    shop.back("inspect R-W1-1 1=damaged", &[]).ok();
    shop.desk.now("2025-07-01T14:00:00Z");
    assert!(listed().is_empty(), "the rest may come until July 8");
    shop.desk.now("2025-07-09T14:00:00Z");
    let waits = listed();
    assert!(
        waits.len() == 1 && waits[0].contains("neither refunded nor rejected"),
        "{waits:?}"
    );
    let status = shop.desk.run(&["status"]).ok().stdout;
    assert!(status.contains("return_waiting"), "{status}");
    shop.refund("R-W1-1", &["--amount", "10.00"]).ok();
    assert!(shop.listed("return_waiting").is_empty());
    shop.desk.now("2025-07-14T14:00:00Z");
    let waits = listed();
    assert!(
        waits.len() == 1 && waits[0].contains("paid back in part"),
        "{waits:?}"
    );
    let end = ["--final", "--note", "as agreed"];
    shop.back("refund R-W1-1", &end).ok();
    assert!(listed().is_empty());
    shop.verify();
}
