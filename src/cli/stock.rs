//! `poms stock`: what vendors have.

use super::args::{StockCommand, StockImport};
use super::output::table;
use super::{Context, exit};
use crate::desk::stock::{self, GivenStock};
use crate::domain::stock::{Stock, StockHeadings, StockList};
use crate::files;
use crate::ledger::Tx;
use crate::reports::layout::View;
use crate::rules::out_of_stock;
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Runs the command.
pub fn run(context: &Context, command: &StockCommand) -> anyhow::Result<u8> {
    match command {
        StockCommand::Import(args) => import(context, args),
        StockCommand::List { vendor } => list(context, vendor.as_deref()),
        StockCommand::Show { sku } => show(context, sku.trim()),
    }
}

fn import(context: &Context, args: &StockImport) -> anyhow::Result<u8> {
    let shown = args.file.display().to_string();
    let bytes = files::read(&args.file, files::LARGEST_TABLE)
        .with_context(|| format!("cannot read {shown}"))?;
    context.act(|tx, site| {
        let given = GivenStock {
            file: &shown,
            bytes: &bytes,
            anyway: args.anyway,
            note: args.note.as_deref().unwrap_or_default(),
            headings: &StockHeadings::default(),
            as_of: None,
            message: None,
        };
        stock::import(tx, site, &args.vendor, &given)
    })
}

/// What is known of one article at one vendor.
struct Known {
    sku: String,
    vendor: String,
    stock: Stock,
    /// Whether its list counts still.
    counts: bool,
}

impl Known {
    fn json(&self) -> Value {
        json!({"sku": self.sku, "vendor_id": self.vendor, "stock": self.stock,
               "available": self.stock.available(), "counts": self.counts})
    }

    fn row(&self, view: &View) -> Vec<String> {
        let Stock {
            item,
            as_of,
            ordered,
        } = &self.stock;
        let some = |count: Option<i64>| count.map_or("some".to_owned(), |count| count.to_string());
        let or_dash = |text: Option<String>| text.unwrap_or("-".to_owned());
        let state = match (self.counts, item.discontinued) {
            (false, _) => "too old",
            (true, true) => "discontinued",
            (true, false) => "",
        };
        vec![
            self.sku.clone(),
            self.vendor.clone(),
            some(item.on_hand),
            ordered.to_string(),
            some(self.stock.available()),
            or_dash(item.next.map(|day| day.to_string())),
            or_dash(item.cost.map(|cost| cost.to_string())),
            or_dash(item.min_qty.map(|count| count.to_string())),
            or_dash(item.pack.map(|count| count.to_string())),
            view.at(*as_of),
            state.to_owned(),
        ]
    }
}

const HEADS: [&str; 11] = [
    "SKU",
    "Vendor",
    "On hand",
    "Ordered since",
    "Available",
    "Next",
    "Cost",
    "Least",
    "Pack",
    "List of",
    "",
];

/// All that the newest lists say, of one vendor or of all.
fn known(
    tx: &Tx,
    view: &View,
    max_age: chrono::TimeDelta,
    vendor: Option<&str>,
) -> anyhow::Result<Vec<Known>> {
    let mut lists: HashMap<String, (StockList, HashMap<String, i64>)> = HashMap::new();
    let mut all = Vec::new();
    for row in tx.stock(vendor)? {
        if !lists.contains_key(&row.vendor_id)
            && let Some(list) = tx.stock_list(&row.vendor_id)?
        {
            let ordered = tx.ordered_since(&list)?;
            lists.insert(row.vendor_id.clone(), (list, ordered));
        }
        if let Some((list, ordered)) = lists.get(&row.vendor_id) {
            all.push(Known {
                stock: Stock {
                    item: row.item,
                    as_of: list.as_of,
                    ordered: ordered.get(&row.sku).copied().unwrap_or(0),
                },
                counts: view.now - list.as_of <= max_age,
                sku: row.sku,
                vendor: row.vendor_id,
            });
        }
    }
    Ok(all)
}

fn list(context: &Context, vendor: Option<&str>) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let all = known(
        &ledger.read(),
        &view,
        out_of_stock::max_age(&config.rules),
        vendor,
    )?;
    context.out.answer(
        || json!({"stock": all.iter().map(Known::json).collect::<Vec<_>>()}),
        || match all.is_empty() {
            true => format!(
                "Nobody said what there is: {} stock import FILE --vendor ID takes a list in.\n",
                view.poms
            ),
            false => table(&HEADS, all.iter().map(|one| one.row(&view))),
        },
    );
    Ok(exit::DONE)
}

/// One article: who has it, and what it cost.
fn show(context: &Context, sku: &str) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let tx = ledger.read();
    let (catalogue, wanted) = (tx.catalogue()?, sku);
    let offers: Vec<_> = catalogue
        .into_iter()
        .map(|(offer, _)| offer)
        .filter(|offer| offer.sku.eq_ignore_ascii_case(wanted))
        .collect();
    let Some(first) = offers.first() else {
        bail!("SKU {sku} is not in the catalogue: see `poms catalogue list`");
    };
    let mut all = known(&tx, &view, out_of_stock::max_age(&config.rules), None)?;
    all.retain(|one| one.sku == first.sku);
    let unknown = offers
        .iter()
        .filter(|offer| all.iter().all(|one| one.vendor != offer.vendor_id));
    let unknown: Vec<&str> = unknown.map(|offer| offer.vendor_id.as_str()).collect();
    let costs = costs(&tx, &first.sku)?;
    context.out.answer(
        || {
            let costs = costs.iter().map(|(at, vendor, cost)| json!({"at": at, "vendor_id": vendor, "cost": cost}));
            json!({"sku": first.sku, "description": first.description, "unknown": unknown,
                   "stock": all.iter().map(Known::json).collect::<Vec<_>>(), "costs": costs.collect::<Vec<_>>()})
        },
        || {
            let mut text = format!("{}  {}\n", first.sku, first.description);
            if !all.is_empty() {
                text.push_str(&table(&HEADS, all.iter().map(|one| one.row(&view))));
            }
            if !unknown.is_empty() {
                text.push_str(&format!("Nobody knows what these have: {}\n", unknown.join(", ")));
            }
            text.push_str("\nWhat it cost\n");
            for (at, vendor, cost) in &costs {
                text.push_str(&format!("  {}  {vendor}  {cost}\n", view.as_written(at)));
            }
            text
        },
    );
    Ok(exit::DONE)
}

/// Each change of what an article cost: when, at which vendor, how much.
fn costs(tx: &Tx, sku: &str) -> anyhow::Result<Vec<(String, String, String)>> {
    let mut last: HashMap<String, String> = HashMap::new();
    let mut costs = Vec::new();
    for fact in tx.audit_of(&format!("sku:{sku}"))? {
        let of = |key: &str| fact.payload[key].as_str().map(str::to_owned);
        let (Some(vendor), Some(cost), true) = (
            of("vendor_id"),
            of("cost"),
            fact.kind == "catalogue.changed",
        ) else {
            continue;
        };
        if last.insert(vendor.clone(), cost.clone()).as_ref() != Some(&cost) {
            costs.push((fact.at, vendor, cost));
        }
    }
    Ok(costs)
}
