//! Money that goes back in parts, and what follows each part.

use super::refunds::{cents, inspected};
use super::{Shop, TestDesk};
use serde_json::json;

/// One payment for R-W1-1.
fn pay(shop: &Shop, reference: &str, more: &[&str]) -> crate::support::desk::Output {
    let words = format!("refund R-W1-1 --method card --reference {reference}");
    shop.back(&words, more)
}

#[test]
fn a_return_ends_when_all_parts_are_paid() {
    let shop = Shop::new();
    shop.shipped();
    let margin = cents(&shop.show()["money"]["margin"]);
    inspected(&shop, "R-W1-1", "1=1");
    let said = pay(&shop, "re_1", &["--amount", "50.00"]).ok().stdout;
    for word in [
        "is refunded in part: $50.00 by card, re_1",
        "$60.98 of the $110.98",
        "--final",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let back = shop.of("R-W1-1");
    assert_eq!(
        (&back["state"], &back["left"], &back["refund"]["amount"]),
        (&json!("inspected"), &json!("60.98"), &json!("50.00")),
        "{back:#}"
    );
    shop.verify();
    // the same payment again is one payment; its number stands for no other
    let again = pay(&shop, "re_1", &["--amount", "50.00"]).ok().stdout;
    assert!(again.contains("Nothing was changed"), "{again}");
    pay(&shop, "re_1", &["--amount", "20.00"])
        .fails(1, &["$50.00 by card, re_1 is on file", "of its own"]);
    pay(&shop, "re_1", &[]).fails(1, &["is on file"]);
    shop.back("reject R-W1-1", &["--note", "x"])
        .fails(1, &["paid back already", "--final"]);
    pay(&shop, "re_2", &["--amount", "60.99"])
        .fails(1, &["more than the $60.98 that is left", "--note"]);
    pay(&shop, "re_2", &["--amount", "20.00"]).ok();
    let said = pay(&shop, "re_3", &[]).ok().stdout;
    assert!(
        said.contains("is refunded: $40.98") && said.contains("In all $110.98"),
        "{said}"
    );
    let back = shop.of("R-W1-1");
    assert_eq!(back["state"], "refunded", "{back:#}");
    let parts = back["refunds"].as_array().expect("a list").clone();
    let sum = |key: &str| parts.iter().map(|part| cents(&part[key])).sum::<i64>();
    // to the cent what one payment would be, tax too
    assert_eq!((parts.len(), sum("amount"), sum("tax")), (3, 11_098, 550));
    let money = shop.show()["money"].clone();
    assert_eq!(money["refunded"], "110.98", "{money:#}");
    assert_eq!(cents(&money["margin"]), margin - 11_098 + 550, "{money:#}");
    pay(&shop, "re_4", &["--amount", "1.00"]).fails(1, &["is not paid twice"]);
    shop.verify();
}

#[test]
fn each_part_is_told() {
    let shop = Shop::new();
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=1");
    pay(&shop, "re_1", &["--amount", "50.00"]).ok();
    pay(&shop, "re_2", &["--amount", "20.00"]).ok();
    pay(&shop, "re_3", &[]).ok();
    shop.process();
    let mails = shop.mails("c@mail.example", "R-W1-1");
    let subjects: Vec<String> = mails.iter().map(|mail| mail.subject()).collect();
    for amount in ["$50.00", "$20.00", "$40.98"] {
        let subject = format!("Refund of {amount} for your order W1");
        assert_eq!(
            subjects.iter().filter(|one| **one == subject).count(),
            1,
            "{subjects:?}"
        );
    }
    let text = |subject: &str| {
        let mail = mails.iter().find(|mail| mail.subject().contains(subject));
        mail.expect("the mail").text().replace('\n', " ")
    };
    assert!(text("$50.00").contains("$60.98 more will follow."));
    assert!(
        text("$20.00").contains("$50.00 was paid back before. $40.98 more will follow."),
        "{}",
        text("$20.00")
    );
    assert!(!text("$40.98").contains("follow"));
    shop.verify();
}

#[test]
fn a_person_can_say_that_it_was_all() {
    let shop = Shop::new();
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=1");
    let end = |more: &[&str]| shop.back("refund R-W1-1 --final", more);
    end(&["--note", "x"]).fails(1, &["nothing was paid back for return R-W1-1 yet"]);
    shop.back("refund R-W1-1", &[])
        .fails(2, &["--method", "--reference"]);
    pay(&shop, "re_1", &["--amount", "50.00", "--final"]).fails(1, &["less than", "--note"]);
    pay(&shop, "re_1", &["--amount", "50.00"]).ok();
    end(&[]).fails(1, &["say why"]);
    let said = end(&["--note", "the box was missing"]).ok().stdout;
    assert!(
        said.contains("$50.00 in all; $60.98 of what the order's prices make is not paid back"),
        "{said}"
    );
    assert_eq!(shop.of("R-W1-1")["state"], "refunded");
    shop.process();
    let mails = shop.mails("c@mail.example", "the box was missing");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject(), "Your return R-W1-1 is closed");
    let shown = shop.back("show R-W1-1", &[]).ok().stdout;
    assert!(
        shown.contains("nothing more is paid back: the box was missing"),
        "{shown}"
    );
    shop.verify();
}

#[test]
fn the_last_part_may_be_less_with_a_reason() {
    let shop = Shop::new();
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=1");
    pay(&shop, "re_1", &["--amount", "50.00"]).ok();
    let said = pay(&shop, "re_2", &["--keep", "10.00", "--note", "scratched"])
        .ok()
        .stdout;
    assert!(
        said.contains("$50.98 by card") && said.contains("$10.00 less than the $60.98"),
        "{said}"
    );
    let again = pay(&shop, "re_2", &["--keep", "10.00", "--note", "scratched"]);
    assert!(again.ok().stdout.contains("Nothing was changed"));
    let back = shop.of("R-W1-1");
    assert_eq!(
        (&back["state"], &back["refund"]["amount"]),
        (&json!("refunded"), &json!("100.98"))
    );
    shop.verify();
}

#[test]
fn what_was_paid_back_in_part_is_off_the_spending_tally() {
    let shop = Shop::with("[rules]\nspending_limit = { severity = \"hold\", limit = \"700\" }");
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=1");
    let buys = |number: &str, price: &str, total: &str| {
        let mut order = TestDesk::plain_order(number);
        order["lines"] = json!([{"sku": "BF63-12163", "qty": 3, "unit_price": price}]);
        order["total"] = json!(total);
        shop.desk.order(&order);
        shop.process();
        let shown = shop.desk.run(&["order", "show", number, "--json"]);
        shown.ok().json()["state"].clone()
    };
    // 410.54 and 324.69 are 735.23
    assert_eq!(buys("W2", "108.23", "324.69"), "held");
    pay(&shop, "re_1", &["--amount", "35.22"]).ok();
    let retry = |code: &str| {
        let id = shop.listed(code)[0]["id"].to_string();
        let words = ["exceptions", "resolve", &id, "--retry", "--note", "x"];
        shop.desk.run(&words);
        shop.desk
            .run(&["order", "show", "W2", "--json"])
            .ok()
            .json()["state"]
            .clone()
    };
    assert_eq!(retry("spending_limit"), "held", "700.01 is a cent too much");
    pay(&shop, "re_2", &["--amount", "0.01"]).ok();
    assert_eq!(retry("spending_limit"), "placed", "700.00 still passes");
    shop.verify();
}

#[test]
fn each_part_goes_to_the_books_once() {
    let shop = Shop::new();
    shop.shipped();
    inspected(&shop, "R-W1-1", "1=1");
    let export = |file: &str| {
        let words = [
            "export",
            "refunds",
            "--from",
            "2025-06-01",
            "--to",
            "2025-06-30",
            "-o",
            file,
        ];
        shop.desk.run(&words).ok();
        std::fs::read_to_string(shop.desk.path(file)).expect("the file")
    };
    pay(&shop, "re_1", &["--amount", "50.00"]).ok();
    let first = export("a.csv");
    assert!(
        first.contains("RF-R-W1-1,") && first.contains(",50.00,"),
        "{first}"
    );
    pay(&shop, "re_2", &[]).ok();
    let second = export("b.csv");
    assert!(
        !second.contains("re_1") && second.contains("RF-R-W1-1/2,") && second.contains(",60.98,"),
        "{second}"
    );
    let tax = |csv: &str| -> i64 {
        let row = csv.lines().find(|line| line.contains("Sales Tax Payable"));
        cents(&json!(
            row.and_then(|row| row.split(',').nth(3))
                .unwrap_or_default()
        ))
    };
    assert_eq!(tax(&first) + tax(&second), 550);
    shop.verify();
}

#[test]
fn a_lost_parcel_is_paid_in_parts_before_any_goods() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1 --kind lost_in_transit");
    pay(&shop, "re_1", &["--amount", "50.00"]).fails(1, &["authorise it first"]);
    shop.authorise("R-W1-1");
    pay(&shop, "re_1", &["--amount", "50.00"]).ok();
    assert_eq!(shop.of("R-W1-1")["state"], "authorised");
    pay(&shop, "re_2", &[]).ok();
    assert_eq!(shop.of("R-W1-1")["state"], "refunded");
    shop.verify();
}

#[test]
fn a_part_does_not_overtake_the_mail_that_says_where_to_send_the_rest() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=2");
    shop.authorise("R-W1-1");
    shop.back("receive R-W1-1 1=1", &[]).ok();
    shop.back("inspect R-W1-1 1=restock", &[]).ok();
    pay(&shop, "re_1", &["--amount", "10.00"]).ok();
    shop.process();
    let mails = shop.mails("c@mail.example", "R-W1-1");
    let subjects: Vec<String> = mails.iter().map(|mail| mail.subject()).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(subjects.contains(&"Your return R-W1-1: how to send it back".to_owned()));
    let trail = shop.desk.run(&["audit", "show", "return", "R-W1-1"]);
    let uid = nix::unistd::Uid::current();
    assert!(
        trail.ok().stdout.contains(&format!("uid {uid}")),
        "login and uid"
    );
}
