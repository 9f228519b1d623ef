//! What `--amend` is offered, and what it refuses.

use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// A desk on which each of these orders waits, and the commands that `exceptions show` offers.
fn offered(desk: &TestDesk) -> Vec<(String, String)> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let rows = list["exceptions"].as_array().unwrap().clone();
    let mut offered = Vec::new();
    for row in rows {
        let id = row["id"].to_string();
        let shown = desk.run(&["exceptions", "show", &id]).ok().stdout;
        let lines = shown.lines().map(str::trim);
        let amend = lines.filter(|line| line.starts_with("poms ") && line.contains(" --amend "));
        let code = row["code"].as_str().unwrap();
        offered.extend(amend.map(|line| (code.to_owned(), line.to_owned())));
    }
    offered
}

fn with(number: &str, change: impl Fn(&mut Value)) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["customer"]["name"] = json!(format!("Customer {number}"));
    change(&mut order);
    order
}

fn faulty() -> Vec<Value> {
    let bad: [(&str, &str, Value); 10] = [
        ("W01", "/ship_to/zip", json!("9")),
        ("W02", "/ship_to/city", json!("")),
        ("W03", "/ship_to/street1", json!("PO Box 7")),
        ("W04", "/customer/email", json!("")),
        ("W05", "/lines/0/qty", json!(0)),
        ("W06", "/lines/0/sku", json!("KETTLE")),
        ("W07", "/ship_to/country", json!("CA")),
        ("W08", "/ship_to/name", json!("Card 4111 1111 1111 1111")),
        ("W09", "/lines/0/sku", json!("BF63-12163\u{202e}")),
        ("W10", "/currency", json!("CAD")),
    ];
    let change = |(number, path, value): &(&str, &str, Value)| {
        with(number, |order| {
            *order.pointer_mut(path).unwrap() = value.clone()
        })
    };
    bad.iter().map(change).collect()
}

/// A command that is pasted as it stands must never place an order to the city of CITY.
#[test]
fn a_blank_that_was_not_filled_in_changes_nothing() {
    let desk = TestDesk::stocked();
    for order in faulty() {
        desk.order(&order);
    }
    desk.run(&["process"]).ok();
    let offered = offered(&desk);
    let mut blanks = 0;
    for (_, line) in &offered {
        let value = line
            .split_once("--amend ")
            .and_then(|(_, rest)| rest.split_once('='));
        let blank = |value: &str| {
            let word = value.split(' ').next().unwrap_or_default();
            word.bytes().all(|b| b.is_ascii_uppercase() || b == b'\'')
        };
        if value.is_some_and(|(_, value)| blank(value)) {
            let words = words(line);
            let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
            desk.run(&words).fails(1, &["is still to be filled in"]);
            blanks += 1;
        }
    }
    assert!(blanks >= 10, "{offered:#?}");
    let of = |wanted: &str| {
        let found = offered.iter().find(|(code, _)| code == wanted);
        found.map_or("", |(_, line)| line.as_str())
    };
    assert!(
        of("card_number").contains("--amend ship_to.name=TEXT"),
        "{offered:#?}"
    );
    assert!(
        of("control_character").contains("--amend lines.1.sku=TEXT"),
        "{offered:#?}"
    );
}

/// As a shell takes the line apart: blanks outside quotes.
pub(super) fn words(line: &str) -> Vec<String> {
    let (mut words, mut open) = (vec![String::new()], None);
    for c in line.chars() {
        match (c, open) {
            (' ', None) => words.push(String::new()),
            ('"' | '\'', None) => open = Some(c),
            (c, Some(quote)) if c == quote => open = None,
            (c, _) => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn what_is_said_twice_or_of_several_fields_is_refused() {
    let desk = TestDesk::stocked();
    desk.order(&with("W1", |order| order["ship_to"]["zip"] = json!("9")));
    desk.run(&["process"]).ok();
    let amend = |changes: &[&str]| {
        let before = ["exceptions", "resolve", "1", "--amend"];
        desk.run(&[&before[..], changes, &["--note", "x"]].concat())
    };
    amend(&["ship_to.zip=65367", "ship_to.zip=65368"]).fails(1, &["ship_to.zip is given twice"]);
    amend(&["customer=x"]).fails(1, &["several: customer.name, customer.email"]);
    amend(&["lines="]).fails(1, &["several: lines.1.qty"]);
    amend(&["=x"]).fails(1, &["'=x' is no change", "FIELD=VALUE"]);
    let shown = desk.run(&["order", "show", "W1"]).ok().stdout;
    assert!(
        shown.contains("a person decides: amend, release, cancel or retry"),
        "{shown}"
    );
}
