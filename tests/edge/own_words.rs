//! Orders whose own words say that they are none or not paid for, whose numbers are odd, whose
//! addresses are somebody else's, and what shops' programs write otherwise.

use crate::support::desk::TestDesk;
use serde_json::{Value, json};

fn open(desk: &TestDesk) -> Vec<(String, String, String)> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list["exceptions"].as_array().unwrap().iter();
    rows.map(|row| {
        (
            text(&row["code"]),
            text(&row["order"]),
            text(&row["message"]),
        )
    })
    .collect()
}

/// One more order, of its own customer, with these changes.
fn put(desk: &TestDesk, number: &str, change: impl FnOnce(&mut Value)) {
    let mut order = TestDesk::plain_order(number);
    let own = number.trim().replace('#', "h");
    order["customer"] = json!({"name": format!("Customer {own}"), "email": format!("{own}@mail.example"), "phone": "859-589-9227"});
    order["ship_to"]["street1"] = json!(format!("{own} Gary Forks"));
    change(&mut order);
    desk.order(&order);
}

fn placed(desk: &TestDesk) -> usize {
    desk.mails_to("orders@acme.example").len()
}

#[test]
fn what_says_of_itself_that_it_is_none_or_not_paid_is_held_and_named() {
    let desk = TestDesk::stocked();
    let said = [
        (
            "payment",
            json!({"method": "card", "status": "declined"}),
            "not_paid",
        ),
        (
            "payment",
            json!({"method": "card", "status": "pending"}),
            "not_paid",
        ),
        ("financial_status", json!("refunded"), "not_paid"),
        ("status", json!("cancelled"), "no_order"),
        ("test", json!(true), "no_order"),
        ("type", json!("refund"), "no_order"),
        (
            "payment",
            json!({"method": "bank transfer", "status": "pending"}),
            "payment_pending",
        ),
        ("status", json!("processing"), ""),
    ];
    for (place, (key, value, _)) in said.iter().enumerate() {
        put(&desk, &format!("W{place}"), |order| {
            order[*key] = value.clone()
        });
    }
    desk.run(&["process"]).ok();
    let found = open(&desk);
    for (place, (key, _, code)) in said.iter().enumerate() {
        let number = format!("W{place}");
        let of: Vec<_> = found.iter().filter(|row| row.1 == number).collect();
        assert_eq!(
            of.len(),
            usize::from(!code.is_empty()),
            "{number}: {found:?}"
        );
        assert!(
            of.iter().all(|row| row.0 == *code && row.2.contains(key)),
            "{of:?}"
        );
    }
    // the warning and the good one are placed
    assert_eq!(placed(&desk), 2);
    desk.run(&["verify"]).ok();
    // a site may want pending money first
    desk.config("[rules]\npayment_pending = { severity = \"hold\" }\n");
    put(&desk, "W99", |order| {
        order["payment_status"] = json!("pending")
    });
    desk.run(&["process"]).ok();
    assert_eq!(placed(&desk), 2);
}

#[test]
fn numbers_with_blanks_dashes_and_hashes_are_found_or_refused() {
    let desk = TestDesk::stocked();
    for number in [" LEAD ", "-rf", "--help", "#1001", "1001"] {
        put(&desk, number, |_| ());
    }
    desk.run(&["process"]).ok();
    assert_eq!(placed(&desk), 3);
    desk.run(&["order", "show", "LEAD"]).ok();
    desk.run(&["po", "show", "LEAD-1"]).ok();
    let found = open(&desk);
    let dashes: Vec<_> = found
        .iter()
        .filter(|row| row.0 == "unknown_format")
        .collect();
    assert_eq!(dashes.len(), 2, "{found:?}");
    assert!(
        dashes[0].2.contains("'-rf' begins with a dash"),
        "{found:?}"
    );
    let alike: Vec<_> = found
        .iter()
        .filter(|row| row.0 == "similar_number")
        .collect();
    // each of the two names the other
    assert_eq!(alike.len(), 2, "{found:?}");
    assert!(
        alike[0].1 == "#1001" && alike[0].2.contains("order 1001 is on file too"),
        "{alike:?}"
    );
    for name in ["#1001", "1001"] {
        let shown = desk.run(&["order", "show", name, "--json"]).ok().json();
        assert!(
            shown.to_string().contains(&format!("\"{name}\"")),
            "{shown}"
        );
        let found = desk.run(&["order", "search", name, "--json"]).ok().json();
        let found: Vec<&Value> = found["orders"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["order"])
            .collect();
        assert!(found.contains(&&json!(name)), "{name}: {found:?}");
    }
}

#[test]
fn an_address_that_is_no_customer_s_and_a_street_that_is_none_hold() {
    let desk = TestDesk::stocked();
    for (number, address) in [
        ("W1", "ORDERS@acme.example"),
        ("W2", "orders+x@shop.example"),
    ] {
        put(&desk, number, |order| {
            order["customer"]["email"] = json!(address)
        });
    }
    put(&desk, "W3", |order| {
        order["ship_to"]["street1"] = json!("-")
    });
    put(&desk, "W4", |order| {
        order["ship_to"]["street1"] = json!("n/a")
    });
    desk.run(&["process"]).ok();
    let found = open(&desk);
    let codes: Vec<(&str, &str)> = found
        .iter()
        .map(|row| (row.1.as_str(), row.0.as_str()))
        .collect();
    for wanted in [
        ("W1", "wrong_email"),
        ("W2", "wrong_email"),
        ("W3", "incomplete_address"),
        ("W4", "incomplete_address"),
    ] {
        assert!(codes.contains(&wanted), "{found:?}");
    }
    assert!(
        found
            .iter()
            .any(|row| row.2.contains("that of the vendor Acme Home Goods")),
        "{found:?}"
    );
    assert_eq!(placed(&desk), 0);
}

#[test]
fn a_day_that_cannot_be_kept_warns() {
    let desk = TestDesk::stocked();
    for (number, day) in [
        ("W1", "2025-05-01"),
        ("W2", "2025-06-03"),
        ("W3", "asap"),
        ("W4", "2025-07-31"),
    ] {
        put(&desk, number, |order| order["required_by"] = json!(day));
    }
    desk.run(&["process"]).ok();
    assert_eq!(placed(&desk), 4);
    let found = open(&desk);
    let says = |number: &str| {
        found
            .iter()
            .find(|row| row.1 == number && row.0 == "required_by")
            .map(|row| row.2.clone())
    };
    assert!(says("W1").unwrap().contains("is past"), "{found:?}");
    assert!(
        says("W2").unwrap().contains("poms reckons with 2025-06-"),
        "{found:?}"
    );
    assert!(
        says("W3").unwrap().contains("'asap' is no day"),
        "{found:?}"
    );
    assert_eq!(says("W4"), None);
}

#[test]
fn what_loses_nothing_is_read_and_what_would_is_named() {
    let desk = TestDesk::stocked();
    put(&desk, "W1", |order| {
        order["currency"] = json!("usd");
        order["comments"] = json!("none");
        order["lines"][0]["qty"] = json!("3");
        order["lines"][0]["unit_price"] = json!(108.23);
        order["total"] = json!(324.69);
        order["tax"] = json!(0);
    });
    put(&desk, "W2", |order| order["lines"][0]["qty"] = json!(3.0));
    put(&desk, "W3", |order| order["lines"][0]["qty"] = json!(1.5));
    put(&desk, "W4", |order| {
        order["lines"][0]["unit_price"] = json!(108.234)
    });
    desk.run(&["process"]).ok();
    assert_eq!(placed(&desk), 2);
    let shown = desk
        .run(&["order", "show", "W1", "--json"])
        .ok()
        .json()
        .to_string();
    assert!(
        shown.contains("\"324.69\"") && shown.contains("\"USD\""),
        "{shown}"
    );
    let found = open(&desk);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.iter().all(|row| row.0 == "unknown_format"),
        "{found:?}"
    );
    assert!(
        found.iter().any(|row| row
            .2
            .contains("lines[0].qty is a number, not a whole number")),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|row| row.2.contains("lines[0].unit_price")),
        "{found:?}"
    );
}

/// Commands that acts and errors print work as they stand where the configuration was named.
#[test]
fn commands_of_acts_and_errors_name_the_configuration() {
    let desk = TestDesk::stocked();
    put(&desk, "W1", |_| ());
    desk.run(&["process"]).ok();
    let file = desk.path("poms.toml").to_string_lossy().into_owned();
    let said = desk.run(&["--config", &file, "order", "show", "W9"]);
    let whole = format!("poms --config {file} order search W9");
    assert!(said.stderr.contains(&whole), "{}", said.stderr);
    let cancel = ["--config", &file, "order", "cancel", "W1", "--note", "x"];
    let said = desk.run(&cancel).ok().stdout;
    let whole = format!("poms --config {file} po cancel-agreed W1-1");
    assert!(
        said.contains(&whole) && !said.contains("poms po "),
        "{said}"
    );
    // a report is no act, and names them too
    let said = desk.run(&["--config", &file, "report", "refunds-due"]);
    let said = said.ok().stdout;
    let whole = format!("poms --config {file} order refund ORDER");
    assert!(
        said.contains(&whole) && !said.contains("poms order"),
        "{said}"
    );
}
