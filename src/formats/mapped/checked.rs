//! What a mapping as a whole must be: nothing that every order needs is missing, nothing counts twice.

use super::fields::{Field, LINE_FIELDS, ORDER_FIELDS};
use super::mapping::{MappedSource, OrderMapping};
use super::table::folded;
use super::tables::MappingTable;

/// Notes what is wrong with a mapping as a whole.
pub(super) fn check(mapping: &OrderMapping, top: &MappingTable) {
    needed(mapping, top);
    number(mapping, top);
    twice(mapping, top);
    lookups(mapping, top);
}

fn needed(mapping: &OrderMapping, top: &MappingTable) {
    let has_order = |field: &&Field| mapping.order_field(field.name).is_none();
    for field in ORDER_FIELDS
        .iter()
        .filter(|field| field.needed)
        .filter(has_order)
    {
        fault(
            top,
            "order",
            &format!(
                "maps no {}, without which there is no order: {}",
                field.name,
                advice(field.name)
            ),
        );
    }
    for field in LINE_FIELDS.iter().filter(|field| field.needed) {
        if mapping.line_field(field.name).is_none() {
            fault(
                top,
                "line",
                &format!("maps no {}, without which there is no line", field.name),
            );
        }
    }
    match (
        mapping.line_field("unit_price"),
        mapping.line_field("amount"),
    ) {
        (None, None) => fault(
            top,
            "line",
            "maps neither unit_price (of one) nor amount (of all pieces of the line)",
        ),
        (Some(_), Some(_)) => fault(
            top,
            "line",
            "maps both unit_price and amount: keep the one that is exact",
        ),
        _ => {}
    }
    for both in ["discount", "tax"] {
        // of two discounts the order's total says whether one has the other in it
        let told = both == "discount"
            && !mapping
                .order_field("total")
                .is_some_and(|total| total.value.sum);
        if !told && mapping.order_field(both).is_some() && mapping.line_field(both).is_some() {
            fault(
                top,
                "line",
                &format!("maps {both}, and so does [order]: it would count twice; keep one"),
            );
        }
    }
}

/// What to do about a field that every order has.
fn advice(name: &str) -> &'static str {
    match name {
        "currency" => "currency = { constant = \"USD\" } where the document does not say it",
        "total" => "total = { sum = true } where the document does not say it",
        "ship_to.country" => {
            "ship_to.country = { constant = \"US\" } where the document does not say it"
        }
        _ => "say in which column, path or key it stands",
    }
}

/// Rows are told apart by one column.
fn number(mapping: &OrderMapping, top: &MappingTable) {
    let Some(number) = mapping.order_field("order_number") else {
        return;
    };
    if number.value.from.is_empty() {
        fault(
            top,
            "order",
            "order_number must come from the document, not be a constant",
        );
    }
    let is_table = matches!(mapping.source, MappedSource::Table { .. });
    if is_table && number.value.from.len() > 1 {
        fault(
            top,
            "order",
            "order_number must come from one column, by which the rows of an order are known",
        );
    }
}

/// An amount from one place counts once.
fn twice(mapping: &OrderMapping, top: &MappingTable) {
    let values = mapping.values();
    let amounts: Vec<_> = values.iter().filter(|one| one.amount).collect();
    for (place, one) in amounts.iter().enumerate() {
        let earlier = amounts[..place].iter().find(|other| {
            let same = |from: &super::mapping::ValuePlace| {
                other
                    .value
                    .from
                    .iter()
                    .any(|word| folded(&word.word) == folded(&from.word))
            };
            other.of_line == one.of_line
                && other.name.starts_with("line.") == one.name.starts_with("line.")
                && one.value.from.iter().any(same)
        });
        if let Some(other) = earlier {
            top.fault(format!(
                "{} and {} come from the same place: the amount would count twice",
                other.name, one.name
            ));
        }
    }
}

fn lookups(mapping: &OrderMapping, top: &MappingTable) {
    for one in mapping.values() {
        if let Some(lookup) = one
            .value
            .lookup
            .as_ref()
            .filter(|name| !mapping.lookups.contains_key(*name))
        {
            top.fault(format!(
                "{} looks up in [lookup.{lookup}], which is not there",
                one.name
            ));
        }
    }
}

/// A fault of a table, at its line; at the top where it is missing.
fn fault(top: &MappingTable, table: &str, message: &str) {
    match top.key(table) {
        Some(key) => key.fault(message),
        None => top.fault(format!("[{table}] {message}")),
    }
}
