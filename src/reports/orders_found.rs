//! Orders in a list, and those that a search found with what it found them by.

use super::layout::{View, count, quoted, table};
use crate::clock;
use crate::domain::text::line;
use crate::ledger::orders::OrderRow;
use crate::ledger::search_text::Search;
use serde_json::{Value, json};

/// The columns of a list of orders.
pub const HEADER: [&str; 7] = [
    "Order",
    "State",
    "Received",
    "Customer",
    "E-mail",
    "Telephone",
    "Total",
];

/// One order of a list, for programs.
pub fn one(row: &OrderRow) -> Value {
    let order = &row.order;
    json!({
        "order": order.order_number, "reference": row.reference(), "state": row.state,
        "received": clock::text(row.received), "updated": clock::text(row.updated), "customer": order.customer.name,
        "email": order.customer.email, "phone": order.customer.phone, "total": order.total, "currency": order.currency,
    })
}

/// One order of a list, under [`HEADER`].
pub fn cells(row: &OrderRow, view: &View) -> Vec<String> {
    let order = &row.order;
    vec![
        row.reference(),
        row.state.to_string(),
        view.at(row.received),
        line(&order.customer.name),
        line(&order.customer.email),
        line(&order.customer.phone),
        order.total.display(&order.currency),
    ]
}

/// What a search found, for programs.
pub fn json(search: &Search, limit: usize) -> Value {
    let found = &search.found;
    let orders: Vec<Value> = found
        .iter()
        .take(limit)
        .map(|found| {
            let mut order = one(&found.row);
            order["found_by"] = json!(found.by);
            order
        })
        .collect();
    json!({
        "orders": orders, "more": found.len() > limit, "unreadable": search.unreadable, "complete": search.complete,
    })
}

/// What a search found, for people.
pub fn text(search: &Search, limit: usize, typed: &str, view: &View) -> String {
    let poms = &view.poms;
    let found = search.found.as_slice();
    let mut told = match found {
        [] => format!(
            "Nothing has '{}': search for the beginning of an order or PO number, of a name, an e-mail address, a word of street or city, \
             of an article's name or its vendor's; for a ZIP, a SKU (the shop's or the vendor's own), a payment's reference, a mail domain; \
             for a telephone number, with or without its area code, or its last four digits; or for a whole tracking number or vendor's order number. Of several words each must be found.\nIf its mail could not be read, it is no order yet: {poms} message list\n",
            line(typed)
        ),
        _ => {
            let cells: Vec<Vec<String>> = found
                .iter()
                .take(limit)
                .map(|found| {
                    let mut cells = cells(&found.row, view);
                    let by: Vec<&str> = found.by.iter().map(|field| label(field)).collect();
                    cells.push(by.join(", "));
                    cells
                })
                .collect();
            let header: Vec<&str> = HEADER.into_iter().chain(["Found by"]).collect();
            table(&header, &cells, view.width)
        }
    };
    told.push_str(&match found {
        [] => String::new(),
        [one] => format!(
            "\n1 order\n\nWhere it is, and what happens next:\n    {poms} order show {}\n",
            quoted(&one.row.reference())
        ),
        _ if found.len() > limit => {
            format!("\nThe newest {limit}; there are more: add a word to narrow it\n")
        }
        _ => format!("\n{}\n", count(found.len(), "order")),
    });
    if search.unreadable > 0 {
        told.push_str(&format!(
            "\n{} that {} cannot be read from the ledger: {poms} verify says whether somebody changed it\n",
            count(search.unreadable, "more order"),
            if search.unreadable == 1 { "fits" } else { "fit" },
        ));
    }
    if !search.complete {
        told.push_str(&format!(
            "\nSome earlier orders are found by number, customer's name, e-mail address and telephone only, until `{poms} process` has taken in the rest.\n"
        ));
    }
    told
}

/// A field as people call it.
fn label(field: &str) -> &str {
    match field {
        "order_number" => "order number",
        "email" => "e-mail",
        "purchase_order" => "PO number",
        "vendor_order_number" => "vendor's number",
        "vendor_sku" => "vendor's SKU",
        "zip" => "ZIP",
        "shop_number" => "shop's number",
        "sku" => "SKU",
        "domain" => "mail domain",
        "phone" => "telephone",
        same => same,
    }
}
