//! The words by which orders are found: written with each document, and once for the orders of a
//! ledger that an older poms made.

use super::{Result, Tx};
use crate::domain::order::Order;
use crate::domain::search_word::{SearchField, words_of};
use serde_json::json;
use std::collections::BTreeSet;

/// The kind of which every order that was looked at has a row, without a word where it has no city.
const LOOKED_AT: &str = "city";
/// Stands for the words of an order whose document cannot be read.
const UNREADABLE: &str = "unreadable";

/// The outcome of looking at earlier orders for their words.
#[derive(Debug, Default)]
pub struct Filled {
    /// How many were looked at.
    pub orders: usize,
    /// Those whose document cannot be read, by number, with the reason.
    pub unreadable: Vec<(String, String)>,
}

impl Tx<'_> {
    /// Writes the words of a new order, or what its amendment changes in them.
    pub(super) fn put_search_words(&self, id: i64, order: &Order) -> Result<()> {
        let articles = self.article_names(order)?;
        let words = words_of(order, &articles).into_iter();
        let mut wanted: BTreeSet<(String, String)> = words
            .map(|(field, word)| (field.as_str().to_owned(), word))
            .collect();
        if !wanted.iter().any(|(kind, _)| kind == LOOKED_AT) {
            wanted.insert((LOOKED_AT.to_owned(), String::new()));
        }
        let rows = self.rows(OF_ORDER, [id], |row| {
            Ok((row.get::<_, i64>(0)?, (row.get(1)?, row.get(2)?)))
        })?;
        for (row, word) in rows {
            if !wanted.remove(&word) {
                self.execute("DELETE FROM search_word WHERE id = ?1", [row])?;
            }
        }
        for (kind, word) in wanted {
            self.put_search_word(id, &kind, &word)?;
        }
        Ok(())
    }

    fn put_search_word(&self, order: i64, kind: &str, word: &str) -> Result<()> {
        self.insert(
            "INSERT INTO search_word (order_id, kind, word) VALUES (?1, ?2, ?3)",
            (order, kind, word),
        )?;
        Ok(())
    }

    /// The catalogue's names of the articles that have none in the order.
    fn article_names(&self, order: &Order) -> Result<Vec<String>> {
        let nameless = order.lines.iter().filter(|line| {
            let name = line.description.as_deref().unwrap_or_default();
            name.trim().is_empty()
        });
        let skus: BTreeSet<&str> = nameless.map(|line| line.sku.trim()).collect();
        let mut names = Vec::new();
        for sku in skus {
            names.extend(self.first(
                "SELECT description FROM offer WHERE sku = ?1 ORDER BY priority, cost, vendor_id LIMIT 1",
                [sku],
                |row| row.get(0),
            )?);
        }
        Ok(names)
    }

    /// Writes what an amendment changes in an order's words; those of an order that was never taken
    /// in are left to [`Tx::fill_search_words`], which goes by the first order that has any.
    pub(super) fn change_search_words(&self, id: i64, order: &Order) -> Result<()> {
        match self.first_searchable()? {
            Some(first) if first <= id => self.put_search_words(id, order),
            _ => Ok(()),
        }
    }

    fn first_searchable(&self) -> Result<Option<i64>> {
        self.value(FIRST, [])
    }

    /// Whether every order has its words.
    pub fn search_is_complete(&self) -> Result<bool> {
        let before = self.first_searchable()?.unwrap_or(i64::MAX);
        let more: Option<i64> = self.first(MORE, [before], |row| row.get(0))?;
        Ok(more.is_none())
    }

    /// Takes the words of the latest `at_most` orders that have none yet. An order whose document
    /// cannot be read is marked, so that it is told once, and the others go on. No row of an order is
    /// touched: one that was changed outside poms must not be sealed anew.
    pub fn fill_search_words(&self, at_most: usize) -> Result<Filled> {
        let before = self.first_searchable()?.unwrap_or(i64::MAX);
        let told = self.rows(UNREADABLE_BEFORE, [before], |row| row.get::<_, i64>(0))?;
        let rows = self.rows(UNFILLED, (before, at_most as i64), |row| {
            let number = String::from_utf8_lossy(&row.get::<_, Vec<u8>>(1)?).into_owned();
            let document: Vec<u8> = row.get(3)?;
            Ok((row.get::<_, i64>(0)?, number, row.get(2)?, document))
        })?;
        let mut filled = Filled {
            orders: rows.len(),
            unreadable: Vec::new(),
        };
        for (id, number, copy, document) in rows {
            match serde_json::from_slice::<Order>(&document) {
                Ok(order) => self.put_search_words(id, &order)?,
                // an older poms told of it
                Err(_) if told.contains(&id) => self.put_search_word(id, LOOKED_AT, "")?,
                Err(fault) => {
                    let name = super::orders::reference(&number, copy);
                    self.put_search_word(id, UNREADABLE, "")?;
                    self.put_search_word(id, LOOKED_AT, "")?;
                    let payload = json!({"why": fault.to_string()});
                    self.fact(
                        "order.unsearchable",
                        &format!("order:{name}"),
                        Some(id),
                        &payload,
                    )?;
                    filled.unreadable.push((name, fault.to_string()));
                }
            }
        }
        Ok(filled)
    }

    /// The orders that have a word which begins like this one, with the field that it is of. One letter
    /// of Latin script or digit must be the whole word, and so must the end of a telephone number.
    pub(super) fn orders_with_word(&self, word: &str) -> Result<Vec<(SearchField, i64)>> {
        let end = match word.len() {
            0 => return Ok(Vec::new()),
            1 => format!("{word}\0"),
            _ => format!("{word}\u{10FFFF}"),
        };
        let rows = self.rows(FIND, (word, end), |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?))
        })?;
        let known = rows
            .into_iter()
            .filter_map(|(kind, order)| Some((SearchField::parse(&kind)?, order)));
        Ok(known.collect())
    }
}

pub(super) const OF_ORDER: &str = "SELECT id, kind, word FROM search_word WHERE order_id = ?1";
pub(super) const FIRST: &str = "SELECT min(order_id) FROM search_word WHERE kind = 'city'";
pub(super) const MORE: &str = "SELECT id FROM orders WHERE id < ?1 LIMIT 1";
/// Orders that could not be read when an older poms took their words.
pub(super) const UNREADABLE_BEFORE: &str =
    "SELECT order_id FROM search_word WHERE word = '' AND kind = 'unreadable' AND order_id < ?1";
/// Whatever bytes stand there: the latest orders without words.
pub(super) const UNFILLED: &str = "SELECT id, CAST(number AS BLOB), copy, CAST(document AS BLOB) FROM orders \
     WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
/// `LIKE 'x%'` can use an index only where collations agree; a range always can.
pub(super) const FIND: &str = "SELECT kind, order_id FROM search_word \
     WHERE word >= ?1 AND word < ?2 AND (kind <> 'phone' OR word = ?1)";
