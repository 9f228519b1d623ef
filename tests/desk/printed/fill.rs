//! Filling in a printed command as a person would.

use super::super::amendments::words;
use super::bench::Printed;
use poms::domain::money::Money;
use poms::domain::order::Order;

/// The words of a command with its blanks filled in.
pub fn filled(one: &Printed) -> Vec<String> {
    let words = words(&one.command);
    let mut after = String::new();
    let mut done: Vec<String> = Vec::new();
    for word in words {
        let new = match word.split_once('=') {
            Some(("FIELD", _)) => "gift_message=checked".to_owned(),
            Some(("SKU", _)) => "BF63-12163=1".to_owned(),
            Some((field, value)) if !word.starts_with("--") => {
                format!("{field}={}", value_of(one, field, value))
            }
            _ => plain(one, &after, &word),
        };
        after = word;
        done.push(new);
    }
    total(one, &mut done);
    done
}

/// A word that is no `FIELD=VALUE`.
fn plain(one: &Printed, after: &str, word: &str) -> String {
    match (after, word) {
        (_, "WHY" | "WHO SAID SO") => "Ms Lee said so by telephone",
        ("--po", "NUMBER") => one.po.as_deref().unwrap_or(&one.other_po),
        ("--tracking", "NUMBER") => "1Z879E930346834440",
        (_, "NUMBER") => "R-2025-17",
        (_, "WAY") => "card",
        (_, "AMOUNT") => "1.00",
        (_, "TEXT") => "Thank you, we look into it.",
        (_, other) => other,
    }
    .to_owned()
}

/// The value of a field.
fn value_of(one: &Printed, field: &str, value: &str) -> String {
    if value == "ADDRESS" {
        return format!("new-{}@mail.example", one.number().to_lowercase());
    }
    match (field, value) {
        ("po", "NUMBER") => one.other_po.as_str(),
        ("credit", "NAME") => {
            let (_, named) = one.message.split_once("any of these: ").expect("names");
            named.split(" (").next().expect("a name")
        }
        ("order_number", "NUMBER") => "NEW-1",
        (_, "NUMBER") => "859-589-9227",
        (_, "VENDOR") => "ACME",
        (_, "ZIP") => "65367",
        ("ship_to.state", _) if value == "STATE" => "MO",
        (_, "STREET ADDRESS" | "STREET1") => "12 Main Street",
        (_, "CITY") => "South Willie",
        (_, "NAME") => "Jo Bustos",
        (_, "COUNTRY") => "US",
        (_, "CURRENCY") => "USD",
        (_, "DATE") => "2025-06-02T05:00:00-04:00",
        (field, "TEXT") if field.ends_with(".sku") => "BF63-12163",
        (_, "TEXT") => "Jo Bustos",
        (_, "QUANTITY") => "2",
        (_, "PIECES") => "1",
        (_, "SKU") => "BF63-12163",
        (_, "PRICE") => "108.23",
        (_, "AMOUNT") => "1.00",
        (_, "CONDITION") => "restock",
        (_, other) => other,
    }
    .to_owned()
}

/// The total that the filled in order has.
fn total(one: &Printed, words: &mut [String]) {
    let Some(order) = &one.order else { return };
    let mut order: Order = order.clone();
    for word in words.iter() {
        let Some((field, value)) = word.split_once('=') else {
            continue;
        };
        let steps: Vec<&str> = field.split('.').collect();
        match steps.as_slice() {
            ["discount"] => order.discount = Some(value.parse().expect("money")),
            ["lines", line, what] => {
                let line: usize = line.parse().expect("a line");
                let line = &mut order.lines[line - 1];
                match *what {
                    "qty" => line.qty = value.parse().expect("a quantity"),
                    "unit_price" => line.unit_price = value.parse().expect("money"),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let goods = order.goods().expect("a sum");
    let goods = goods
        .minus(order.discount.unwrap_or_default())
        .expect("a sum");
    let sum = Money::sum([goods, order.shipping, order.tax]).expect("a sum");
    for word in words.iter_mut().filter(|word| *word == "total=TOTAL") {
        *word = format!("total={sum}");
    }
}
