//! What vendors have: their lists, the newest of which counts.

use super::{Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::money::Money;
use crate::domain::stock::{StockItem, StockList};
use chrono::{DateTime, Utc};
use rusqlite::Row;
use serde_json::json;
use std::collections::HashMap;

/// An article in a vendor's newest list.
#[derive(Clone, Debug)]
pub struct StockRow {
    /// Whose.
    pub vendor_id: String,
    /// Our number.
    pub sku: String,
    /// What is said of it.
    pub item: StockItem,
}

/// A list that is taken in.
pub struct NewStockList<'a> {
    /// Whose.
    pub vendor_id: &'a str,
    /// The file's name.
    pub file: &'a str,
    /// What it says, by our number.
    pub items: &'a [(String, StockItem)],
    /// Why, in a person's words; may be empty.
    pub note: &'a str,
    /// When the vendor wrote it: what was ordered since is not taken off in it. Now, where nothing says so.
    pub as_of: Option<DateTime<Utc>>,
    /// The message that brought it.
    pub message: Option<i64>,
}

const LIST: &str = "SELECT id, vendor_id, file, created, last_po, articles FROM stock_list";
const ITEM: &str = "SELECT s.vendor_id, s.sku, s.on_hand, s.next_day, s.cost, s.discontinued, s.min_qty, s.pack FROM stock s";
/// Of the newest list of its vendor.
const NEWEST: &str =
    "s.list_id = (SELECT max(n.id) FROM stock_list n WHERE n.vendor_id = s.vendor_id)";

fn list(row: &Row) -> rusqlite::Result<StockList> {
    Ok(StockList {
        id: row.get(0)?,
        vendor_id: row.get(1)?,
        file: row.get(2)?,
        as_of: row.get::<_, Moment>(3)?.time(),
        last_po: row.get(4)?,
        articles: row.get(5)?,
    })
}

fn item(row: &Row) -> rusqlite::Result<StockRow> {
    Ok(StockRow {
        vendor_id: row.get(0)?,
        sku: row.get(1)?,
        item: StockItem {
            on_hand: row.get(2)?,
            next: super::po_lines::day(row, 3)?,
            cost: row.get::<_, Option<i64>>(4)?.map(Money),
            discontinued: row.get(5)?,
            min_qty: row.get(6)?,
            pack: row.get(7)?,
        },
    })
}

impl Tx<'_> {
    /// Takes in a vendor's list; it counts from now on.
    pub fn put_stock_list(&self, new: &NewStockList) -> Result<i64> {
        let as_of = new.as_of.unwrap_or(self.now()).min(self.now());
        let as_of = clock::text(as_of);
        let last: Option<i64> = self.first(
            "SELECT id FROM purchase_order WHERE vendor_id = ?1 AND created <= ?2 ORDER BY id DESC LIMIT 1",
            (new.vendor_id, &as_of),
            |row| row.get(0),
        )?;
        let articles = i64::try_from(new.items.len()).unwrap_or(i64::MAX);
        let id = self.insert(
            "INSERT INTO stock_list (vendor_id, file, created, last_po, articles, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                new.vendor_id,
                new.file,
                &as_of,
                last.unwrap_or(0),
                articles,
                new.note,
            ),
        )?;
        for (sku, item) in new.items {
            self.execute(
                "INSERT INTO stock (vendor_id, sku, list_id, on_hand, next_day, cost, discontinued, min_qty, pack) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (vendor_id, sku) DO UPDATE SET list_id = ?3, \
                 on_hand = ?4, next_day = ?5, cost = ?6, discontinued = ?7, min_qty = ?8, pack = ?9",
                (
                    new.vendor_id,
                    sku,
                    id,
                    item.on_hand,
                    item.next.map(|day| day.to_string()),
                    item.cost.map(|cost| cost.0),
                    item.discontinued,
                    item.min_qty,
                    item.pack,
                ),
            )?;
        }
        let payload = json!({"list": id, "file": new.file, "articles": articles, "why": new.note, "as_of": as_of,
                             "message": new.message});
        let entity = format!("vendor:{}", new.vendor_id);
        self.fact("stock.listed", &entity, None, &payload)?;
        Ok(id)
    }

    /// The newest list of a vendor.
    pub fn stock_list(&self, vendor: &str) -> Result<Option<StockList>> {
        let sql = format!("{LIST} WHERE vendor_id = ?1 ORDER BY id DESC LIMIT 1");
        self.first(&sql, [vendor], list)
    }

    /// What the vendor's newest list says of an article; `None` where it does not have it.
    pub fn stock_item(&self, list: &StockList, sku: &str) -> Result<Option<StockItem>> {
        let sql = format!("{ITEM} WHERE s.vendor_id = ?1 AND s.sku = ?2 AND s.list_id = ?3");
        let found = self.first(&sql, (&list.vendor_id, sku, list.id), item)?;
        Ok(found.map(|row| row.item))
    }

    /// All that the newest lists say, of one vendor or of all.
    pub fn stock(&self, vendor: Option<&str>) -> Result<Vec<StockRow>> {
        match vendor {
            Some(id) => {
                let sql = format!("{ITEM} WHERE s.vendor_id = ?1 AND {NEWEST} ORDER BY s.sku");
                self.rows(&sql, [id], item)
            }
            None => {
                let sql = format!("{ITEM} WHERE {NEWEST} ORDER BY s.vendor_id, s.sku");
                self.rows(&sql, [], item)
            }
        }
    }

    /// Pieces that were ordered from the vendor since its list was taken in and not cancelled, by SKU.
    pub fn ordered_since(&self, list: &StockList) -> Result<HashMap<String, i64>> {
        let rows: Vec<(String, i64)> = self.rows(
            "SELECT l.sku, l.qty - coalesce(s.cancelled, 0) FROM purchase_order p JOIN po_line l ON l.po_id = p.id \
             LEFT JOIN po_line_status s ON s.po_line_id = l.id WHERE p.vendor_id = ?1 AND p.id > ?2",
            (&list.vendor_id, list.last_po),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut ordered = HashMap::new();
        for (sku, qty) in rows {
            let sum: &mut i64 = ordered.entry(sku).or_default();
            *sum = sum.saturating_add(qty);
        }
        Ok(ordered)
    }
}
