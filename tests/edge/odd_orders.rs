//! Orders that say two things at once, and customers whom mail reaches only in part.

use crate::support::desk::TestDesk;
use poms::intake::openpgp::make;
use serde_json::{Value, json};

/// Puts this text into the Maildir as the web shop's order.
fn text(desk: &TestDesk, order: &str) {
    let entity = make::json_entity(order);
    let sealed = make::seal(
        &entity,
        desk.webshop_key(),
        &[desk.shop_key()],
        desk.moment(),
    );
    desk.sealed_mail(&sealed.unwrap());
}

fn exceptions(desk: &TestDesk) -> Vec<(String, String)> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list["exceptions"].as_array().unwrap().iter();
    rows.map(|row| (text(&row["code"]), text(&row["message"])))
        .collect()
}

#[test]
fn an_order_with_a_key_twice_is_held_and_the_key_named() {
    let desk = TestDesk::stocked();
    let order = TestDesk::plain_order("W1").to_string();
    let doubled = [
        (r#""total":"#, r#""total":"1.00","total":"#, "total"),
        (r#""zip":"#, r#""zip":"10001","zip":"#, "ship_to.zip"),
        (r#""qty":"#, r#""qty":1,"qty":"#, "lines[0].qty"),
        // a key of no meaning to poms: the sender's program is broken all the same
        (
            r#""tax":"#,
            r#""x":{"4111 1111 1111 1111":1,"4111 1111 1111 1111":1},"tax":"#,
            "x.411111******1111",
        ),
    ];
    for (from, to, _) in doubled {
        text(&desk, &order.replacen(from, to, 1));
    }
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["held"], 4, "{report}");
    assert_eq!(report["orders"]["received"], 0, "{report}");
    for ((code, message), (_, _, key)) in exceptions(&desk).iter().zip(doubled) {
        assert_eq!(code, "unknown_format");
        let named = format!("the key {key} stands twice");
        assert!(message.contains(&named), "{message}");
    }
}

#[test]
fn a_domain_of_any_script_gets_its_mail() {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("W1");
    order["customer"]["email"] = json!("info@bücher.example");
    desk.order(&order).run(&["process"]).ok();
    let mails = desk.mails();
    let mut to: Vec<String> = mails.iter().map(|mail| mail.to()).collect();
    to.sort();
    assert_eq!(to, ["info@xn--bcher-kva.example", "orders@acme.example"]);
    // people find it as the customer says it
    let found = desk.run(&["order", "search", "info@bücher.example", "--json"]);
    assert_eq!(found.ok().json()["orders"][0]["order"], "W1");
    assert_eq!(exceptions(&desk), []);
}

#[test]
fn a_very_long_name_gets_its_mail_and_its_purchase_order() {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("W1");
    let name = "Maximiliana-Theodora ".repeat(30);
    order["customer"]["name"] = json!(name);
    order["ship_to"]["name"] = json!(name);
    desk.order(&order).run(&["process"]).ok();
    assert_eq!(exceptions(&desk), []);
    assert_eq!(desk.mails_to("c@mail.example").len(), 1);
    let sent = desk.mails_to("orders@acme.example");
    let whole = sent[0]
        .text()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(whole.contains(name.trim()), "{whole}");
}

/// Whatever the rule lets pass can be written to; what it does not is placed by a release without
/// a mail to the customer, and without trouble.
#[test]
fn an_address_that_no_mail_reaches_holds_and_a_release_goes_on_without_it() {
    let desk = TestDesk::stocked();
    let addresses = [
        "josé@mail.example",
        "César <c@mail.example>",
        "\"a b\"@mail.example",
        "c@[127.0.0.1]",
        "root@localhost",
    ];
    for (place, address) in addresses.iter().enumerate() {
        let mut order = TestDesk::plain_order(&format!("W{place}"));
        order["customer"]["email"] = json!(address);
        order["customer"]["name"] = json!(format!("Customer {place}"));
        order["ship_to"]["street1"] = json!(format!("{place} Gary Forks"));
        desk.order(&order);
    }
    desk.run(&["process"]).ok();
    let open = exceptions(&desk);
    assert!(open.iter().all(|(code, _)| code == "bad_email"), "{open:?}");
    assert_eq!(open.len(), addresses.len(), "{open:?}");
    assert!(open[0].1.contains("'é' before the @"), "{open:?}");
    for id in 1..=addresses.len() {
        let id = id.to_string();
        let release = [
            "exceptions",
            "resolve",
            &id,
            "--release",
            "--note",
            "by telephone",
        ];
        let said = desk.run(&release).ok().stdout;
        assert!(said.contains("is placed"), "{said}");
    }
    desk.run(&["process"]).ok();
    assert_eq!(exceptions(&desk), []);
    assert_eq!(desk.mails_to("orders@acme.example").len(), addresses.len());
    assert_eq!(
        desk.mails().len(),
        addresses.len() + 1,
        "and the admins' mail"
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn what_cannot_be_seen_around_an_order_number_is_refused() {
    let desk = TestDesk::stocked();
    let hidden = [
        "\u{2028}", "\u{2029}", "\u{a0}", "\u{200b}", "\u{202e}", "\u{feff}", "\u{3000}", "\u{85}",
        "\u{2009}", "\n", "\u{1}",
    ];
    for (n, sign) in hidden.iter().enumerate() {
        let number = match n % 2 {
            0 => format!("{sign}W{n}"),
            _ => format!("W{n}{sign}"),
        };
        let mut order = TestDesk::plain_order(&number);
        order["customer"]["email"] = json!(format!("c{n}@mail.example"));
        order["customer"]["name"] = json!(format!("C {n}"));
        desk.order(&order);
    }
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["orders"]["placed"], 0, "{report:#}");
    let codes: Vec<String> = exceptions(&desk)
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let fine = |code: &&String| ["unknown_format", "control_character"].contains(&code.as_str());
    assert_eq!(codes.iter().filter(fine).count(), hidden.len(), "{codes:?}");
}
