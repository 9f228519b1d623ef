//! Lists and searches of orders. Every one of them uses an index: nothing scans with the years.

use super::inbound::hashed;
use super::orders::{OrderRow, SELECT, digits, order};
use super::{LedgerError, Result, Tx};
use crate::clock;
use crate::domain::lifecycle::OrderState;
use crate::domain::words::folded;

/// Which orders to list; everything that is `None` is not asked.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Only in this state.
    pub state: Option<OrderState>,
    /// Only received at or after this moment, RFC 3339 UTC.
    pub since: Option<String>,
    /// At most so many, newest first.
    pub at_most: usize,
}

impl Tx<'_> {
    /// Orders, newest first.
    ///
    /// # Errors
    /// SQLite's.
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
        if let Some(since) = filter.since.as_deref().and_then(clock::parse) {
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

    /// What to say where an order is not found: it may be a purchase order's number.
    fn no_order(&self, name: &str) -> Result<String> {
        if name.is_empty() {
            return Ok("which order? Name it by the shop's number, such as W200001".to_owned());
        }
        if let Ok(po) = self.find_po(name) {
            let order = self.order(po.order_id)?.reference();
            return Ok(format!(
                "{name} is a purchase order of order {order}: `poms order show {order}`, or `poms po show {name}`"
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
            "there is no order {name}{hint}: try `poms order search {name}`, or `poms message list` if its mail could not be read"
        ))
    }

    /// Orders by what a customer says on the telephone: the beginning of an order or purchase order
    /// number, of a name or an e-mail address, a telephone number in any spelling, a whole tracking
    /// number or vendor's order number. Newest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn search_orders(&self, text: &str, at_most: usize) -> Result<Vec<OrderRow>> {
        let text = text.trim();
        if text.trim_start_matches('#').is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        // a number with and without the `#` that some shops write before it
        let numbered = text
            .trim_start_matches('#')
            .starts_with(|c: char| c.is_ascii_digit());
        for text in hashed(text).iter().take(if numbered { 2 } else { 1 }) {
            found.extend(self.search_spelled(text, at_most)?);
        }
        found.sort_by_key(|row| std::cmp::Reverse(row.id));
        found.dedup_by_key(|row| row.id);
        found.truncate(at_most);
        Ok(found)
    }

    fn search_spelled(&self, text: &str, at_most: usize) -> Result<Vec<OrderRow>> {
        // `LIKE 'x%'` can use an index only where collations agree; a range always can
        let end = |text: &str| format!("{text}\u{10FFFF}");
        let (upper, name) = (text.to_uppercase(), folded(text));
        let phone = Some(digits(text))
            .filter(|digits| digits.len() >= 7)
            .unwrap_or_else(|| "-".to_owned());
        let tracking: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_uppercase)
            .collect();
        let sql = format!(
            "{SELECT} WHERE id IN ( \
               SELECT id FROM orders WHERE number BETWEEN ?3 AND ?4 \
               UNION SELECT id FROM orders WHERE email COLLATE NOCASE BETWEEN ?1 AND ?2 \
               UNION SELECT id FROM orders WHERE customer_name COLLATE NOCASE BETWEEN ?9 AND ?10 \
               UNION SELECT id FROM orders WHERE customer_last COLLATE NOCASE BETWEEN ?9 AND ?10 \
               UNION SELECT id FROM orders WHERE number BETWEEN ?1 AND ?2 \
               UNION SELECT id FROM orders WHERE phone = ?5 \
               UNION SELECT order_id FROM purchase_order WHERE number BETWEEN ?3 AND ?4 \
               UNION SELECT order_id FROM rma WHERE number BETWEEN ?3 AND ?4 \
               UNION SELECT p.order_id FROM invoice i JOIN purchase_order p ON p.id = i.po_id WHERE i.number = ?7 COLLATE NOCASE \
               UNION SELECT order_id FROM purchase_order WHERE vendor_order_number = ?7 COLLATE NOCASE \
               UNION SELECT p.order_id FROM parcel t JOIN shipment s ON s.id = t.shipment_id \
                 JOIN purchase_order p ON p.id = s.po_id WHERE t.tracking IN (?7, ?8) \
             ) ORDER BY id DESC LIMIT ?6"
        );
        self.rows(
            &sql,
            (
                text,
                end(text),
                &upper,
                end(&upper),
                &phone,
                at_most as i64,
                text,
                &tracking,
                &name,
                end(&name),
            ),
            order,
        )
    }

    /// The orders whose customer has this e-mail address, the newest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn orders_by_email(&self, email: &str, at_most: usize) -> Result<Vec<OrderRow>> {
        let sql = format!("{SELECT} WHERE email = ?1 COLLATE NOCASE ORDER BY id DESC LIMIT ?2");
        self.rows(&sql, (email, at_most as i64), order)
    }
}
