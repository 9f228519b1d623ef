//! The catalogue (contract: `sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight`;
//! optional `status`, `max_qty`, `priority`).

use super::RowError;
use super::cells::Cells;
use super::diff::ImportedRow;
use super::sheet::{self, Errors, ImportColumns, SheetRow, shown};
use crate::domain::vendor::Offer;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The priority of a row that gives none: after those that do, as a person expects who writes 1
/// beside one vendor of two.
pub const DEFAULT_PRIORITY: i64 = 100;

const COLUMNS: ImportColumns = ImportColumns {
    required: &[
        "sku",
        "description",
        "category",
        "vendor_id",
        "vendor_sku",
        "cost",
        "retail_price",
        "weight",
    ],
    optional: &["status", "max_qty", "priority"],
};

/// A row of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRow {
    /// What the vendor offers.
    pub offer: Offer,
    /// What the file's other columns hold, by their names.
    pub extra: Map<String, Value>,
    /// The line in the file; 0 when it did not come from one.
    pub line: u64,
}

/// Reads a catalogue: all rows or none.
///
/// # Errors
/// Everything that is wrong, by line.
pub fn read_catalogue(bytes: &[u8]) -> Result<Vec<OfferRow>, Vec<RowError>> {
    let mut rows = Vec::new();
    let mut lines = HashMap::<(String, String), u64>::new();
    sheet::read(bytes, &COLUMNS, |row, errors| {
        let offer = offer(&row, errors);
        let key = (offer.sku.clone(), offer.vendor_id.clone());
        if let Some(first) = lines.get(&key) {
            let (sku, vendor) = (shown(&key.0), shown(&key.1));
            let message = format!("'{sku}' of vendor '{vendor}' stands on line {first} already");
            errors.add(row.line, "sku", message);
        } else if !key.0.is_empty() && !key.1.is_empty() {
            lines.insert(key, row.line);
        }
        rows.push(OfferRow {
            offer,
            extra: row.extra,
            line: row.line,
        });
    })?;
    Ok(rows)
}

fn offer(row: &SheetRow, errors: &mut Errors) -> Offer {
    let mut cells = Cells { row, errors };
    let states = [("active", false), ("discontinued", true)];
    Offer {
        sku: cells.key("sku"),
        description: cells.text("description"),
        category: cells.text("category"),
        vendor_id: cells.key("vendor_id"),
        vendor_sku: cells.text("vendor_sku"),
        cost: cells.money("cost"),
        retail_price: cells.money("retail_price"),
        weight: cells.weight("weight"),
        discontinued: cells.word("status", &states, Some(false)) == Some(true),
        max_qty: cells.whole("max_qty", 1..=1_000_000_000),
        priority: cells
            .whole("priority", 0..=1_000_000)
            .unwrap_or(DEFAULT_PRIORITY),
        stock: None,
    }
}

impl ImportedRow for OfferRow {
    fn key(&self) -> String {
        format!("{} of {}", self.offer.sku, self.offer.vendor_id)
    }

    fn fields(&self) -> Vec<(String, String)> {
        let offer = &self.offer;
        let status = if offer.discontinued {
            "discontinued"
        } else {
            "active"
        };
        let known = [
            ("description", offer.description.clone()),
            ("category", offer.category.clone()),
            ("vendor_sku", offer.vendor_sku.clone()),
            ("cost", offer.cost.to_string()),
            ("retail_price", offer.retail_price.to_string()),
            ("weight", offer.weight.clone()),
            ("status", status.to_owned()),
            (
                "max_qty",
                offer.max_qty.map(|n| n.to_string()).unwrap_or_default(),
            ),
            ("priority", offer.priority.to_string()),
        ];
        super::diff::with_extra(known.into_iter(), &self.extra)
    }
}
