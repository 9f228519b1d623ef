//! Lists of orders, and orders by their names; `search_text.rs` finds them by anything else. Every one of them uses an index: nothing scans with the years.

use super::orders::{OrderRow, SELECT, order};
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::lifecycle::OrderState;
use crate::domain::search_word::plain;
use crate::domain::text::typed;
use crate::ledger::sqlite::nocase;

/// The orders that have this number in their shop, the latest first.
const OF_SHOP_NUMBER: &str = "SELECT order_id FROM search_word WHERE word = ?1 AND kind = 'shop_number' ORDER BY order_id DESC LIMIT 20";

/// A filter of the orders to list; everything that is `None` is not asked.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Only in this state.
    pub state: Option<OrderState>,
    /// Only received at or after this moment, RFC 3339 UTC.
    pub since: Option<Moment>,
    /// At most so many, newest first.
    pub at_most: usize,
}

impl Tx<'_> {
    /// Orders, newest first.
    pub fn orders(&self, filter: &OrderFilter) -> Result<Vec<OrderRow>> {
        let at_most = filter.at_most as i64;
        let mut rows = match filter.state {
            Some(state) => {
                let sql = format!("{SELECT} WHERE state = ?1 ORDER BY id DESC LIMIT ?2");
                self.rows(&sql, (state.as_str(), at_most), order)?
            }
            None => self.rows(
                &format!("{SELECT} ORDER BY id DESC LIMIT ?1"),
                [at_most],
                order,
            )?,
        };
        if let Some(since) = filter.since.map(Moment::time) {
            // orders are numbered as they are received, so that nothing newer stands further down
            rows.retain(|row| row.received >= since);
        }
        Ok(rows)
    }

    /// An order as people name it: `W200001`, `W200001~2`, `#W200001`; case does not matter.
    ///
    /// # Errors
    /// When there is none; the message says what else of that name there is.
    pub fn find_order(&self, name: &str) -> Result<OrderRow> {
        let name = name.trim().trim_start_matches("order:").trim_start();
        let bare = name.trim_start_matches('#');
        let numbered = |name: &str| match name.rsplit_once('~') {
            Some((number, copy)) => (number.to_owned(), copy.parse().unwrap_or(0)),
            None => (name.to_owned(), 1),
        };
        let with = format!("#{bare}");
        let spelled = [
            name,
            bare,
            &with,
            &bare.to_uppercase(),
            &bare.to_lowercase(),
        ];
        let hashed = [with.to_uppercase(), with.to_lowercase()];
        for name in spelled.into_iter().chain(hashed.iter().map(String::as_str)) {
            let sql = format!("{SELECT} WHERE number = ?1 AND copy = ?2");
            if let Some(found) = self.first(&sql, numbered(name), order)? {
                return Ok(found);
            }
        }
        Err(LedgerError::NotFound(self.no_order(bare)?))
    }

    /// The number of another order that differs from this one only by a `#` before it, or by capitals.
    pub fn order_numbered_alike(&self, number: &str) -> Result<Option<String>> {
        let bare = number.trim().trim_start_matches('#');
        let mut spelled = Vec::new();
        for bare in [bare.to_owned(), bare.to_uppercase(), bare.to_lowercase()] {
            spelled.extend([format!("#{bare}"), bare]);
        }
        spelled.push(number.trim().to_owned());
        self.first(
            "SELECT number FROM orders WHERE number IN (?1, ?2, ?3, ?4, ?5, ?6) AND number <> ?7 LIMIT 1",
            rusqlite::params_from_iter(spelled),
            |row| row.get(0),
        )
    }

    /// The orders that have this number in their shop, where poms has them under others; the latest first.
    pub fn orders_of_shop_number(&self, number: &str) -> Result<Vec<OrderRow>> {
        let bare = plain(number.trim().trim_start_matches('#'));
        let ids: Vec<i64> = self.rows(OF_SHOP_NUMBER, [bare], |row| row.get(0))?;
        ids.into_iter().map(|id| self.order(id)).collect()
    }

    /// Finds words for an order that is not found: it may be a purchase order's number.
    fn no_order(&self, name: &str) -> Result<String> {
        if name.is_empty() {
            return Ok("which order? Name it by the shop's number, such as W200001".to_owned());
        }
        if let Ok(po) = self.find_po(name) {
            let order = self.order(po.order_id)?.reference();
            return Ok(format!(
                "{name} is a purchase order of order {order}: `poms order show {}`, or `poms po show {}`",
                typed(&order),
                typed(name)
            ));
        }
        if let Some(own) = self.orders_of_shop_number(name)?.first() {
            let order = own.reference();
            return Ok(format!(
                "{name} is the number that its shop gave order {order}: `poms order show {}`, or `poms order search {}`",
                typed(&order),
                typed(name)
            ));
        }
        let near: Option<String> = self.first(
            "SELECT number FROM orders WHERE number > ?1 AND copy = 1 ORDER BY number LIMIT 1",
            [name],
            |row| row.get(0),
        )?;
        let hint = near
            .map(|next| format!(" (the next number on file is {next})"))
            .unwrap_or_default();
        Ok(format!(
            "there is no order {name}{hint}: try `poms order search {}`, or `poms message list` if its mail could not be read",
            typed(name)
        ))
    }

    /// The orders whose customer has this e-mail address, the newest first.
    pub fn orders_by_email(&self, email: &str, at_most: usize) -> Result<Vec<OrderRow>> {
        let sql = format!(
            "{SELECT} WHERE email = ?1 {} ORDER BY id DESC LIMIT ?2",
            nocase!()
        );
        self.rows(&sql, (email, at_most as i64), order)
    }
}
