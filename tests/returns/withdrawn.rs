//! Goods that shall not be sent: the purchase order had left, or had not.

use super::Shop;
use serde_json::Value;

/// An order whose purchase orders wait in the outbox.
fn queued(shop: &Shop) {
    let down = std::fs::read_to_string(shop.desk.path("poms.toml")).expect("a configuration");
    let maildir = "kind = \"maildir\"\npath = \"mail/sent\"";
    let smtp = "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"";
    let down = down.replace(maildir, smtp);
    let up = std::fs::read_to_string(shop.desk.path("poms.toml")).expect("a configuration");
    shop.desk.file("poms.toml", down.as_bytes());
    shop.mail();
    shop.desk.run(&["process"]);
    shop.desk.file("poms.toml", up.as_bytes());
    assert_eq!(shop.show()["state"], "placed", "{:#}", shop.show());
}

fn outbox(shop: &Shop) -> Vec<Value> {
    let list = shop.desk.run(&["outbox", "list", "--all", "--json"]);
    list.ok().json()["deliveries"]
        .as_array()
        .expect("a list")
        .clone()
}

fn state_of<'a>(outbox: &'a [Value], subject: &str) -> &'a str {
    let mut rows = outbox.iter();
    let one = rows.find(|row| {
        row["subject"]
            .as_str()
            .is_some_and(|it| it.contains(subject))
    });
    one.and_then(|row| row["state"].as_str())
        .unwrap_or_else(|| panic!("no {subject} in {outbox:#?}"))
}

#[test]
fn a_purchase_order_that_never_left_is_out_of_the_outbox() {
    let shop = Shop::new();
    queued(&shop);
    shop.open("3=1 --kind cancelled_before_shipping");
    let said = shop.authorise("R-W1-1");
    assert!(
        said.contains("W1-2, which is cancelled; order W1 is placed"),
        "{said}"
    );
    assert!(
        said.contains("It had not left: it is out of the outbox, and Blue Ridge Garden Supply never hears of it"),
        "{said}"
    );
    assert!(!said.contains("tells the vendor"), "{said}");
    assert_eq!(state_of(&outbox(&shop), "Purchase order W1-2"), "dropped");
    shop.desk.now("2025-06-02T12:05:00Z");
    shop.process();
    assert!(
        shop.desk
            .mails()
            .iter()
            .all(|mail| mail.to() != "po@blueridge.example")
    );
    assert_eq!(shop.mails("c@mail.example", "R-W1-1").len(), 1);
    shop.refund("R-W1-1", &[]).ok();
    shop.verify();
}

#[test]
fn an_order_taken_back_whole_before_anything_left_is_told_once() {
    let shop = Shop::new();
    queued(&shop);
    shop.open("1=3 2=1 3=1 --kind cancelled_before_shipping");
    shop.authorise("R-W1-1");
    let said = shop.authorise("R-W1-2");
    assert!(said.contains("order W1 is cancelled"), "{said}");
    shop.desk.now("2025-06-02T12:05:00Z");
    shop.process();
    let told: Vec<(String, String)> = (shop.desk.mails().iter())
        .filter(|mail| mail.to() != "ops@shop.example")
        .map(|mail| (mail.to(), mail.subject()))
        .collect();
    let one = || {
        (
            "c@mail.example".to_owned(),
            "Cancelled from your order W1".to_owned(),
        )
    };
    assert_eq!(
        told,
        [one(), one()],
        "no vendor, no \"placed\", no second \"cancelled\""
    );
    shop.verify();
}

#[test]
fn a_waiting_purchase_order_goes_without_the_part_and_without_a_word() {
    let shop = Shop::new();
    queued(&shop);
    shop.open("1=1 --kind cancelled_before_shipping");
    let said = shop.authorise("R-W1-1");
    assert!(
        said.contains("W1-1 had not left: it goes to Acme Home Goods without that"),
        "{said}"
    );
    shop.desk.now("2025-06-02T12:05:00Z");
    shop.process();
    let mails = shop.mails("orders@acme.example", "W1-1");
    assert_eq!(mails.len(), 1, "nobody saw the three lamps");
    let text = mails[0].text();
    assert!(text.contains("2 lines, 3 pieces"), "{text}");
    assert!(!text.contains("REPLACES"), "{text}");
    shop.verify();
}

#[test]
fn what_a_vendor_has_is_taken_back_by_mail() {
    let shop = Shop::new();
    shop.order();
    shop.open("3=1 --kind cancelled_before_shipping");
    let said = shop.authorise("R-W1-1");
    assert!(said.contains("W1-2, which is cancelled"), "{said}");
    assert!(
        said.contains("tells the vendor (po@blueridge.example)"),
        "{said}"
    );
    shop.process();
    let mails = shop.mails("po@blueridge.example", "R-W1-1");
    assert_eq!(
        mails[0].subject(),
        "Do not ship: purchase order W1-2 is cancelled"
    );
    shop.back("receive R-W1-1 3=1", &[])
        .fails(1, &["cancelled_before_shipping", "cannot become received"]);
    shop.verify();
}

#[test]
fn what_left_meanwhile_cannot_be_taken_back() {
    let shop = Shop::new();
    shop.order();
    shop.open("1=3 --kind cancelled_before_shipping");
    shop.ship("W1-1,AC-12163,2\n");
    let words = ["--note", "as agreed"];
    shop.back("authorise R-W1-1", &words).fails(
        1,
        &[
            "cannot be taken back any more",
            "1 of purchase order W1-1 are open",
        ],
    );
    shop.back("reject R-W1-1", &["--note", "two lamps left already"])
        .ok();
    shop.open("1=1 --kind cancelled_before_shipping");
    shop.authorise("R-W1-2");
    shop.verify();
}
