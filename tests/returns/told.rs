//! What customers and vendors are told in the end, and what a failed mail does.

use super::Shop;
use super::paths::mail;
use crate::support::golden::golden;

#[test]
fn the_customer_is_told_of_the_refund() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1 2=1 --kind lost_in_transit");
    shop.authorise("R-W1-1");
    shop.process();
    shop.refund("R-W1-1", &[]).ok();
    shop.process();
    let mails = shop.mails("c@mail.example", "paid back");
    golden("tests/returns/expected/mail_refunded.txt", &mail(&mails[0]));
    let html = mails[0].parsed().body_html(0).expect("HTML").into_owned();
    assert!(
        html.contains("$141.64") && html.contains("re_R-W1-1"),
        "{html}"
    );
    assert!(shop.mails("orders@acme.example", "is over").is_empty());
}

#[test]
fn who_asked_in_vain_is_told_why_and_the_vendor_knows_nothing() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1");
    let why = ["--note", "the thirty days are over; see our terms"];
    shop.back("reject R-W1-1", &why).ok();
    shop.back("reject R-W1-1", &why).fails(
        1,
        &["is rejected and cannot become rejected", "nothing follows"],
    );
    shop.process();
    let mails = shop.mails("c@mail.example", "R-W1-1");
    golden("tests/returns/expected/mail_rejected.txt", &mail(&mails[0]));
    assert!(shop.mails("orders@acme.example", "R-W1-1").is_empty());
    shop.verify();
}

#[test]
fn a_vendor_who_was_to_credit_what_was_lost_hears_that_it_is_over() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1 --kind lost_in_transit");
    shop.authorise("R-W1-1");
    shop.process();
    let said = shop.back("reject R-W1-1", &["--note", "the neighbour had it"]);
    let said = said.ok().stdout;
    assert!(
        said.contains("no longer owes the credit of $61.50"),
        "{said}"
    );
    shop.process();
    let mails = shop.mails("orders@acme.example", "That is over");
    golden(
        "tests/returns/expected/mail_over_vendor.txt",
        &mail(&mails[0]),
    );
    assert!(
        !mails[0].text().contains("neighbour"),
        "the customer's, not the vendor's"
    );
    let mails = shop.mails("c@mail.example", "without a refund");
    assert!(mails[0].text().contains("The reason: the neighbour had it"));
    shop.verify();
}

#[test]
fn a_mail_to_a_vendor_that_failed_goes_to_the_vendor_again() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1");
    shop.authorise("R-W1-1");
    let list = shop.desk.run(&["outbox", "list", "--json"]).ok().json();
    let rows = list["deliveries"].as_array().expect("a list").clone();
    let to_vendor = rows.iter().find(|row| row["kind"] == "return_vendor");
    let id = to_vendor.expect("the mail to the vendor")["id"].to_string();
    shop.desk
        .run(&["outbox", "drop", &id, "--note", "wrong address"])
        .ok();
    let vendors = super::VENDORS.replace("orders@acme.example", "returns@acme.example");
    shop.desk.file("v.csv", vendors.as_bytes());
    shop.desk.run(&["vendors", "import", "v.csv"]).ok();
    let said = shop
        .desk
        .run(&["outbox", "retry", &id, "--note", "address corrected"])
        .ok()
        .stdout;
    assert!(
        said.contains("to returns@acme.example"),
        "never to the customer: {said}"
    );
    shop.process();
    assert_eq!(shop.mails("returns@acme.example", "R-W1-1").len(), 1);
    assert_eq!(
        shop.mails("c@mail.example", "W1-1").len(),
        1,
        "only the customer's own"
    );
    shop.verify();
}

#[test]
fn who_has_no_address_is_named() {
    let shop = Shop::with("[rules]\nmissing_email = { severity = \"off\" }");
    let mut order = crate::support::desk::TestDesk::plain_order("W1");
    order["customer"]["email"] = serde_json::json!("");
    shop.desk.order(&order);
    shop.process();
    shop.ship("W1-1,AC-12163,3\n");
    shop.open("1=1 --kind lost_in_transit");
    let said = shop.authorise("R-W1-1");
    assert!(
        said.contains("has no usable e-mail address: tell them by telephone or letter"),
        "{said}"
    );
    let said = shop.refund("R-W1-1", &[]).ok().stdout;
    assert!(said.contains("has no usable e-mail address"), "{said}");
    shop.verify();
}

#[test]
fn no_mail_that_it_may_come_goes_after_the_one_that_it_is_over() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=1");
    shop.authorise("R-W1-1");
    let said = shop.back("reject R-W1-1", &["--note", "sold as final"]);
    let said = said.ok().stdout;
    assert!(
        !said.contains("tells the vendor"),
        "it was told nothing: {said}"
    );
    shop.process();
    let mails = shop.mails("c@mail.example", "R-W1-1");
    let subjects: Vec<String> = mails.iter().map(|mail| mail.subject()).collect();
    assert_eq!(subjects, ["Your return R-W1-1 cannot be refunded"]);
    assert!(shop.mails("orders@acme.example", "R-W1-1").is_empty());
    shop.verify();
}
