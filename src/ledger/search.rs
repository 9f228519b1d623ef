//! Lists and searches of orders. Every one of them uses an index: nothing scans with the years.

use super::orders::{OrderRow, SELECT, digits, order};
use super::{Result, Tx};
use crate::clock;
use crate::domain::lifecycle::OrderState;

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

    /// Orders by what a customer says on the telephone: the beginning of an order or purchase order
    /// number, of a name or an e-mail address, a telephone number in any spelling, a whole tracking
    /// number or vendor's order number. Newest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn search_orders(&self, text: &str, at_most: usize) -> Result<Vec<OrderRow>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        // `LIKE 'x%'` can use an index only where collations agree; a range always can
        let end = format!("{text}\u{10FFFF}");
        let upper = (
            text.to_uppercase(),
            format!("{}\u{10FFFF}", text.to_uppercase()),
        );
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
               UNION SELECT id FROM orders WHERE customer_name COLLATE NOCASE BETWEEN ?1 AND ?2 \
               UNION SELECT id FROM orders WHERE customer_last COLLATE NOCASE BETWEEN ?1 AND ?2 \
               UNION SELECT id FROM orders WHERE number BETWEEN ?1 AND ?2 \
               UNION SELECT id FROM orders WHERE phone = ?5 \
               UNION SELECT order_id FROM purchase_order WHERE number BETWEEN ?3 AND ?4 \
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
                &end,
                &upper.0,
                &upper.1,
                &phone,
                at_most as i64,
                text,
                &tracking,
            ),
            order,
        )
    }
}
