//! What a shop changed of a placed order, as a person types it to have the vendors' purchase orders follow.

use crate::domain::codes::Code;
use crate::domain::lifecycle::OrderState;
use crate::domain::money::Money;
use crate::domain::order::{Order, OrderLine};
use crate::domain::text::typed;
use crate::ledger::orders::OrderRow;
use serde_json::{Value, json};

/// Fields of an order that are on its vendors' papers, or on the way there.
const FIELDS: [&str; 14] = [
    "ship_to.name",
    "ship_to.company",
    "ship_to.street1",
    "ship_to.street2",
    "ship_to.city",
    "ship_to.state",
    "ship_to.zip",
    "ship_to.country",
    "customer.name",
    "customer.email",
    "customer.phone",
    "shipping_method",
    "required_by",
    "gift_message",
];

/// Fields of which a change is nothing that could be typed.
const OTHERS: [&str; 3] = ["currency", "comments", "discount"];

/// `FIELD=VALUE` for all that makes the order what the shop has, quoted for a shell; `None` where it is not placed, or
/// something else of it changed too.
pub(super) fn words(row: &OrderRow, there: &Order) -> Option<String> {
    let placed = matches!(row.state, OrderState::Placed | OrderState::PartlyShipped);
    let undone = [
        Code::CancelledInShop,
        Code::RefundedInShop,
        Code::NothingToShip,
    ];
    let undone = undone
        .iter()
        .any(|code| !there.shop_order.says(*code).is_empty());
    let here = &row.order;
    let (old, new) = (json!(here), json!(there));
    if !placed || undone || OTHERS.iter().any(|field| old[field] != new[field]) {
        return None;
    }
    let mut all = Vec::new();
    for field in FIELDS {
        let (before, now) = (at(&old, field), at(&new, field));
        if before != now {
            all.push(format!("{field}={now}"));
        }
    }
    // what becomes less with pieces that are taken off is owed by itself
    for (field, before, now) in [
        ("shipping", here.shipping, there.shipping),
        ("tax", here.tax, there.tax),
    ] {
        if now > before {
            all.push(format!("{field}={now}"));
        }
    }
    lines(here, there, &mut all)?;
    let paid =
        there.shop_order.received.is_none() && there.shop_order.says(Code::NotPaid).is_empty();
    if paid && there.total > here.total {
        all.push(format!("paid={}", there.total));
    }
    let all: Vec<String> = all.iter().map(|word| typed(word)).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn at<'a>(order: &'a Value, path: &str) -> &'a str {
    let found = path.split('.').fold(order, |value, key| &value[key]);
    found.as_str().unwrap_or_default().trim()
}

/// The same of the lines, each known by its article.
fn lines(here: &Order, there: &Order, all: &mut Vec<String>) -> Option<()> {
    if !(is_plain(&here.lines) && is_plain(&there.lines)) {
        return None;
    }
    let of = |lines: &[OrderLine], sku: &str| {
        let found = lines.iter().find(|line| line.sku.trim() == sku);
        found.cloned()
    };
    for (place, line) in (1..).zip(&here.lines) {
        match of(&there.lines, line.sku.trim()) {
            None => all.push(format!("lines.{place}=")),
            Some(new) if plainly(&new)? != plainly(line)? || chosen(&new) != chosen(line) => {
                return None;
            }
            Some(new) if new.qty != line.qty => all.push(format!("lines.{place}.qty={}", new.qty)),
            Some(_) => {}
        }
    }
    let new = there.lines.iter();
    let new = new.filter(|line| of(&here.lines, line.sku.trim()).is_none());
    for (place, line) in (here.lines.len() + 1..).zip(new) {
        if !chosen(line).is_empty() {
            return None; // an engraving is no word that could be typed here
        }
        let price = plainly(line)?;
        all.push(format!("lines.{place}.sku={}", line.sku.trim()));
        all.push(format!("lines.{place}.qty={}", line.qty));
        all.push(format!("lines.{place}.unit_price={price}"));
        let words = line.description.iter().filter(|words| !words.is_empty());
        all.extend(words.map(|words| format!("lines.{place}.description={words}")));
    }
    Some(())
}

/// What one piece costs, where nothing is taken off the line.
fn plainly(line: &OrderLine) -> Option<Money> {
    let whole = line.unit_price.times(line.qty)?;
    (line.price()? == whole).then_some(line.unit_price)
}

/// Whether no article stands on two lines.
fn is_plain(lines: &[OrderLine]) -> bool {
    let skus = || lines.iter().map(|line| line.sku.trim());
    skus().all(|sku| skus().filter(|other| *other == sku).count() == 1)
}

fn chosen(line: &OrderLine) -> Vec<String> {
    let options = line.shop_line.options.iter();
    options.map(ToString::to_string).collect()
}
