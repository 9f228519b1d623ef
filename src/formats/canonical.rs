//! The canonical form of an order: poms JSON, as the contract has it. Every format brings its orders
//! into it, the ledger keeps it, and amendments are paths in it. This is its one reader.

mod plain;

use crate::domain::codes::{Concerns, ExceptionCode};
use crate::domain::currency;
use crate::domain::foreign::is_hidden;
use crate::domain::money::Money;
use crate::domain::order::{MOST_PIECES, Order};
use serde_json::{Map, Value};

/// What is wrong in the canonical form of an order, naming the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidOrder(pub String);

/// Reads an order from its canonical form: as strictly one that was amended as one that arrives.
///
/// # Errors
/// Which key is missing or wrong, and what it should be.
pub fn order(canonical: Value) -> Result<Order, InvalidOrder> {
    read(canonical).map_err(InvalidOrder)
}

/// What a required key must hold.
#[derive(Clone, Copy)]
enum ValueKind {
    Text,
    Money,
    Whole,
    Object,
    List,
}

fn read(mut clean: Value) -> Result<Order, String> {
    plain::settle(&mut clean);
    let Value::Object(top) = &clean else {
        return Err("the document is not an object".to_owned());
    };
    require(
        top,
        "",
        &[
            ("order_number", ValueKind::Text),
            ("date", ValueKind::Text),
            ("currency", ValueKind::Text),
            ("customer", ValueKind::Object),
            ("ship_to", ValueKind::Object),
            ("lines", ValueKind::List),
            ("shipping", ValueKind::Money),
            ("tax", ValueKind::Money),
            ("total", ValueKind::Money),
        ],
    )?;
    require(
        object(top, "customer"),
        "customer.",
        &[("name", ValueKind::Text)],
    )?;
    require_address(top, "ship_to")?;
    if top.get("bill_to").is_some_and(|value| !value.is_null()) {
        require_address(top, "bill_to")?;
    }
    require_lines(top)?;
    drop_nulls(&mut clean);
    let order: Order = serde_path(clean)?;
    check(&order)?;
    Ok(order)
}

/// The checks that types do not make.
fn check(order: &Order) -> Result<(), String> {
    // hidden characters around it are the rule's (`control_character`), blanks of other kinds are no
    // part of a number
    let number = order
        .order_number
        .trim_matches(|c: char| c == ' ' || is_hidden(c));
    if number.is_empty() {
        return Err("order_number is empty".to_owned());
    }
    if number.starts_with('-') {
        return Err(format!(
            "order_number '{}' begins with a dash: no command could name it. Have the shop number it otherwise",
            number.chars().take(80).collect::<String>().escape_debug()
        ));
    }
    if number.len() > 64 || !number.chars().all(is_reference) {
        return Err(format!(
            "order_number '{}' may have 64 letters, digits, and - _ . / # at most",
            number.chars().take(80).collect::<String>().escape_debug()
        ));
    }
    if !currency::is_kept(&order.currency) {
        return Err(currency::why_not_kept(&order.currency));
    }
    let negative = |amount: Money| amount < Money::ZERO;
    for (key, amount) in [
        ("shipping", order.shipping),
        ("tax", order.tax),
        ("total", order.total),
    ] {
        if negative(amount) {
            return Err(format!("{key} is {amount}: it may not be negative"));
        }
    }
    if order.discount.is_some_and(negative) {
        return Err("discount is negative: give what is taken off as a positive amount".to_owned());
    }
    for (place, line) in order.lines.iter().enumerate() {
        if negative(line.unit_price) {
            return Err(format!("lines[{place}].unit_price is negative"));
        }
        let ordered = line.ordered();
        if !(0..=MOST_PIECES).contains(&ordered) && line.shop_line.ordered.is_some() {
            return Err(format!(
                "lines[{place}].shop_line.ordered is {ordered}: 0 to 1,000,000 pieces are what poms takes in"
            ));
        }
        if line.shop_line.amount.is_some_and(negative) {
            return Err(format!("lines[{place}].shop_line.amount is negative"));
        }
    }
    of_shop(order)
}

/// The checks of what the shop says beside.
fn of_shop(order: &Order) -> Result<(), String> {
    let shop = &order.shop_order;
    let charges = shop.charges.iter().map(|one| ("charges", one.amount));
    let beside = shop
        .not_shipped
        .iter()
        .map(|one| ("not_shipped", one.amount));
    let lines = order.lines.iter().filter_map(|line| line.shop_line.amount);
    let lines = lines.map(|amount| ("lines", amount));
    for (key, amount) in charges.chain(beside).chain(lines) {
        if amount.plausible().is_err() {
            return Err(format!(
                "{key} has the amount {amount}, which no shop can mean"
            ));
        }
    }
    let unknown = shop.holds.iter().find(|hold| match &hold.code {
        ExceptionCode::Known(code) => code.definition().concerns != Concerns::Order,
        ExceptionCode::Unknown(_) => true,
    });
    if let Some(hold) = unknown {
        return Err(format!(
            "shop_order.holds has the code '{}', which is none of an order's",
            hold.code.as_str().escape_debug()
        ));
    }
    let negative = shop
        .not_shipped
        .iter()
        .find(|one| one.amount < Money::ZERO || one.qty < 0);
    match negative {
        Some(one) => Err(format!(
            "shop_order.not_shipped has {} for {}: neither may be negative",
            one.qty, one.amount
        )),
        None => Ok(()),
    }
}

/// Characters of an order number: it stands in subjects, file names and on the command line.
fn is_reference(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#')
}

/// The object under `key`; empty when there is none, so that the next check names what is missing.
fn object<'a>(top: &'a Map<String, Value>, key: &str) -> &'a Map<String, Value> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    top.get(key).and_then(Value::as_object).unwrap_or(&EMPTY)
}

fn require_address(top: &Map<String, Value>, key: &str) -> Result<(), String> {
    let Some(Value::Object(address)) = top.get(key) else {
        return Err(format!("{key} is not an object"));
    };
    let keys =
        ["name", "street1", "city", "state", "zip", "country"].map(|name| (name, ValueKind::Text));
    require(address, &format!("{key}."), &keys)
}

fn require_lines(top: &Map<String, Value>) -> Result<(), String> {
    let lines = top
        .get("lines")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    // what the shop itself will not have sent is an order all the same
    let told = |key: &str| {
        let list = object(top, "shop_order").get(key).and_then(Value::as_array);
        list.is_some_and(|list| !list.is_empty())
    };
    if lines.is_empty() && !told("not_shipped") && !told("holds") {
        return Err("lines is empty: an order has at least one line".to_owned());
    }
    for (place, line) in lines.iter().enumerate() {
        let Value::Object(line) = line else {
            return Err(format!("lines[{place}] is not an object"));
        };
        let keys = [
            ("sku", ValueKind::Text),
            ("qty", ValueKind::Whole),
            ("unit_price", ValueKind::Money),
        ];
        require(line, &format!("lines[{place}]."), &keys)?;
    }
    Ok(())
}

/// An amount that the shop can mean.
fn outside(text: &str) -> Result<Money, crate::domain::money::MoneyError> {
    text.parse::<Money>().and_then(Money::plausible)
}

/// Each key is there and of its kind; the first fault is named with its path.
fn require(map: &Map<String, Value>, path: &str, keys: &[(&str, ValueKind)]) -> Result<(), String> {
    for (key, kind) in keys {
        let Some(value) = map.get(*key).filter(|value| !value.is_null()) else {
            return Err(format!("the required key {path}{key} is missing"));
        };
        let wanted = match kind {
            ValueKind::Text if !value.is_string() => "a text",
            ValueKind::Whole => match value.as_i64() {
                Some(number) if number.unsigned_abs() > MOST_PIECES.unsigned_abs() => {
                    return Err(format!(
                        "{path}{key} is {number}: 1,000,000 pieces are the most that poms takes in"
                    ));
                }
                Some(_) => continue,
                None => "a whole number",
            },
            ValueKind::Object if !value.is_object() => "an object",
            ValueKind::List if !value.is_array() => "a list",
            ValueKind::Money => match value.as_str().map(outside) {
                Some(Ok(_)) => continue,
                Some(Err(fault)) => return Err(format!("{path}{key}: {fault}")),
                None => "a decimal string such as \"12.34\"",
            },
            _ => continue,
        };
        return Err(format!("{path}{key} is {}, not {wanted}", name_of(value)));
    }
    Ok(())
}

/// JSON's word for what a value is, for error messages; never the value, which may be private.
fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Shops write `null` for "none": as good as absent.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// What remains to be wrong after [`require`] is in the optional keys and the date.
fn serde_path(document: Value) -> Result<Order, String> {
    if let Some(date) = document.get("date").and_then(Value::as_str)
        && chrono::DateTime::parse_from_rfc3339(date).is_err()
    {
        return Err(
            "date is not a time with offset such as 2025-06-02T06:01:52-04:00 (RFC 3339)"
                .to_owned(),
        );
    }
    for key in ["discount"] {
        if let Some(value) = document.get(key) {
            let text = value
                .as_str()
                .ok_or(format!("{key} is {}, not a decimal string", name_of(value)))?;
            outside(text).map_err(|fault| format!("{key}: {fault}"))?;
        }
    }
    let texts = ["shipping_method", "comments", "gift_message", "required_by"];
    let nested = [
        ("customer", "id"),
        ("customer", "email"),
        ("customer", "phone"),
        ("ship_to", "street2"),
        ("payment", "method"),
        ("payment", "reference"),
    ];
    let wrong = texts
        .iter()
        .map(|key| ((*key).to_owned(), document.get(key)))
        .chain(nested.iter().map(|(top, key)| {
            (
                format!("{top}.{key}"),
                document.get(top).and_then(|t| t.get(key)),
            )
        }))
        .find(|(_, value)| value.is_some_and(|value| !value.is_string()));
    if let Some((path, Some(value))) = wrong {
        return Err(format!("{path} is {}, not a text", name_of(value)));
    }
    serde_json::from_value(document).map_err(|fault| {
        // serde names types, never values, for the types in Order
        fault.to_string().chars().take(200).collect()
    })
}
