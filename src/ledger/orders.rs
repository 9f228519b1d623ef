//! Orders: where each stands, its current document, and the changes to both.

mod columns;

pub use columns::{NewOrder, content_hash};

use super::{LedgerError, Result, Tx};
use crate::clock;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::lifecycle::OrderState;
use crate::domain::money::Money;
use crate::domain::order::Order;
use chrono::{DateTime, Duration, FixedOffset, Utc};
use columns::OrderColumns;
use rusqlite::{Row, params};
use serde_json::{Value, json};

/// An order as the ledger has it.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// Its number in the ledger.
    pub id: i64,
    /// 1 for the first order of its shop number, 2 and more for later ones with other content.
    pub copy: i64,
    /// Where it stands.
    pub state: OrderState,
    /// When poms received it.
    pub received: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
    /// Which format it came in.
    pub format: String,
    /// Where in the document card numbers were masked.
    pub masked: Vec<String>,
    /// 1 as it came; one more with each amendment.
    pub revision: i64,
    /// The order itself, as amended.
    pub order: Order,
}

impl OrderRow {
    /// The name by which people and commands call it: `W200001`, or `W200001~2` for the second of that number.
    pub fn reference(&self) -> String {
        reference(&self.order.order_number, self.copy)
    }

    /// Its name in the audit trail and on the exceptions list.
    pub fn entity(&self) -> String {
        format!("order:{}", self.reference())
    }
}

pub(super) fn reference(number: &str, copy: i64) -> String {
    match copy {
        1 => number.to_owned(),
        later => format!("{number}~{later}"),
    }
}

pub(super) const SELECT: &str =
    "SELECT id, copy, state, received, updated, format, masked, revision, document FROM orders";

pub(super) fn order(row: &Row) -> rusqlite::Result<OrderRow> {
    let masked: String = row.get(6)?;
    let document: String = row.get(8)?;
    Ok(OrderRow {
        id: row.get(0)?,
        copy: row.get(1)?,
        state: super::word(row, 2, OrderState::parse)?,
        received: super::moment(row, 3)?,
        updated: super::moment(row, 4)?,
        format: row.get(5)?,
        masked: super::json(6, &masked)?,
        revision: row.get(7)?,
        order: super::json(8, &document)?,
    })
}

impl Tx<'_> {
    /// Records a new order, `received`. The first of its shop number stands; a later one becomes copy
    /// 2, 3, …
    pub fn insert_order(&self, new: &NewOrder) -> Result<OrderRow> {
        let NewOrder {
            order,
            format,
            masked,
            columns,
        } = new;
        let last = self.last_copy(&order.order_number, 0)?;
        let id = self.insert(
            "INSERT INTO orders (number, copy, state, received, updated, format, masked, revision, ordered, currency, total, \
             customer_key, goods_key, customer_name, customer_last, email, phone, content_hash, document) \
             VALUES (?1, ?2, 'received', ?3, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                order.order_number,
                last + 1,
                self.now_text(),
                format,
                json!(masked).to_string(),
                columns.ordered,
                order.currency,
                order.total.0,
                columns.customer_key,
                columns.goods_key,
                columns.name,
                columns.last_name,
                order.customer.email.trim(),
                columns.phone,
                &columns.content_hash[..],
                columns.document,
            ],
        )?;
        let row = OrderRow {
            id,
            copy: last + 1,
            state: OrderState::Received,
            received: self.now(),
            updated: self.now(),
            format: format.clone(),
            masked: masked.clone(),
            revision: 1,
            order: order.clone(),
        };
        self.put_search_words(id, order)?;
        let payload = json!({"format": format, "total": order.total, "masked": masked});
        self.fact("order.received", &row.entity(), Some(id), &payload)?;
        Ok(row)
    }

    /// The last copy of a number, 0 where it is free. The number under which another order came stays
    /// that order's, whatever it was amended to.
    fn last_copy(&self, number: &str, except: i64) -> Result<i64> {
        let last: i64 = self.value(
            "SELECT coalesce(max(copy), 0) FROM orders WHERE number = ?1",
            [number],
        )?;
        match last {
            0 => Ok(i64::from(
                self.order_once_numbered(number, except)?.is_some(),
            )),
            last => Ok(last),
        }
    }

    /// An order by its number in the ledger.
    ///
    /// # Errors
    /// When there is none.
    pub fn order(&self, id: i64) -> Result<OrderRow> {
        self.first(&format!("{SELECT} WHERE id = ?1"), [id], order)?
            .ok_or_else(|| {
                LedgerError::NotFound(format!("there is no order with the ledger's number {id}"))
            })
    }

    /// The orders with this shop number, the first that stands first.
    pub fn orders_numbered(&self, number: &str) -> Result<Vec<OrderRow>> {
        self.rows(
            &format!("{SELECT} WHERE number = ?1 ORDER BY copy"),
            [number],
            order,
        )
    }

    /// The numbers in the ledger of orders of one state, oldest first, after number `after`.
    pub fn order_ids_in(&self, state: OrderState, after: i64, at_most: usize) -> Result<Vec<i64>> {
        self.rows(
            "SELECT id FROM orders WHERE state = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            (state.as_str(), after, at_most as i64),
            |row| row.get(0),
        )
    }

    /// The same of held orders that have an open exception of this code.
    pub fn orders_held_by(&self, code: Code) -> Result<Vec<i64>> {
        self.rows(
            "SELECT id FROM orders WHERE state = 'held' AND id IN \
             (SELECT order_id FROM exception WHERE state = 'open' AND code = ?1) ORDER BY id",
            [code],
            |row| row.get(0),
        )
    }

    /// Moves an order, with what the audit trail shall say of it.
    ///
    /// # Errors
    /// When the state machine or its present state forbids it, in a sentence that says why.
    pub fn move_order(&self, row: &OrderRow, to: OrderState, why: &Value) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
                "order {} is {} and cannot become {to}{}",
                row.reference(),
                row.state,
                match row.state.next() {
                    [] => ": nothing follows that state".to_owned(),
                    next => format!(
                        ": from there it can only become {}",
                        next.iter()
                            .map(|state| state.as_str())
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                }
            ))));
        }
        self.move_state("orders", row.id, row.state.as_str(), to.as_str())?;
        if to == OrderState::Cancelled {
            self.refund_may_be_due(row.id)?;
        }
        let payload = json!({"before": row.state, "why": why});
        self.fact(
            &format!("order.{}", to.as_str()),
            &row.entity(),
            Some(row.id),
            &payload,
        )
    }

    /// Puts an amended document in the place of the order's; the one before is kept as a revision.
    ///
    /// # Errors
    /// SQLite's; when the amended order number is taken.
    pub fn amend_order(
        &self,
        row: &OrderRow,
        amended: &Order,
        masked: &[String],
        reason: &str,
    ) -> Result<OrderRow> {
        let before = json!(row.order);
        let after = json!(amended);
        self.insert(
            "INSERT INTO order_revision (order_id, revision, at, actor, reason, document) VALUES (?1,?2,?3,?4,?5,?6)",
            (row.id, row.revision, self.now_text(), self.actor(), reason, before.to_string()),
        )?;
        let copy = match row.order.order_number == amended.order_number {
            true => row.copy,
            false => self.last_copy(&amended.order_number, row.id)? + 1,
        };
        self.execute(
            "UPDATE orders SET number = ?1, copy = ?2, masked = ?3, revision = ?4, updated = ?5 WHERE id = ?6",
            (&amended.order_number, copy, json!(masked).to_string(), row.revision + 1, self.now_text(), row.id),
        )?;
        self.write_document(row.id, amended)?;
        let payload = json!({"why": reason, "before": before, "after": after});
        let amended = self.order(row.id)?;
        self.fact("order.amended", &amended.entity(), Some(row.id), &payload)?;
        Ok(amended)
    }

    /// Writes an order's document and the columns that lists and searches take from it.
    fn write_document(&self, id: i64, order: &Order) -> Result<()> {
        let columns = OrderColumns::of(order);
        self.execute(
            "UPDATE orders SET ordered = ?1, currency = ?2, total = ?3, customer_key = ?4, goods_key = ?5, customer_name = ?6, \
             customer_last = ?7, email = ?8, phone = ?9, content_hash = ?10, document = ?11 WHERE id = ?12",
            params![
                columns.ordered,
                order.currency,
                order.total.0,
                columns.customer_key,
                columns.goods_key,
                columns.name,
                columns.last_name,
                order.customer.email.trim(),
                columns.phone,
                &columns.content_hash[..],
                columns.document,
                id,
            ],
        )?;
        self.change_search_words(id, order)
    }

    /// Adds up what the customer spent in orders that were placed and not cancelled, less what was
    /// refunded, this one left out.
    pub fn spent(&self, customer_key: &str, except: i64) -> Result<Money> {
        let states: Vec<String> = OrderState::ALL
            .iter()
            .filter(|state| state.counts_as_spent())
            .map(|state| format!("'{}'", state.as_str()))
            .collect();
        let sql = format!(
            "SELECT coalesce(sum(total - coalesce((SELECT sum(f.amount) FROM refund f WHERE f.order_id = orders.id), 0)), 0) \
             FROM orders WHERE customer_key = ?1 AND id <> ?2 AND state IN ({})",
            states.join(",")
        );
        Ok(Money(self.value(&sql, (customer_key, except))?))
    }

    /// The latest other order of the same customer for the same goods, dated within `hours` of it,
    /// that arrived earlier and was not cancelled.
    pub fn twin(&self, row: &OrderRow, hours: i64) -> Result<Option<OrderRow>> {
        let date: DateTime<FixedOffset> = row.order.date;
        let window = Duration::try_hours(hours).unwrap_or(Duration::MAX);
        let text = |moment: Option<DateTime<FixedOffset>>| moment.map(|m| clock::text(m.to_utc()));
        let from = text(date.checked_sub_signed(window)).unwrap_or_default();
        let to = text(date.checked_add_signed(window)).unwrap_or_else(|| "9999".to_owned());
        let sql = format!(
            "{SELECT} WHERE customer_key = ?1 AND id < ?2 AND goods_key = ?3 AND ordered BETWEEN ?4 AND ?5 \
             AND number <> ?6 AND state <> 'cancelled' ORDER BY id DESC LIMIT 1"
        );
        let params = (
            row.order.customer_key(),
            row.id,
            row.order.goods_key(),
            from,
            to,
            &row.order.order_number,
        );
        self.first(&sql, params, order)
    }

    /// Counts orders by state.
    pub fn count_orders(&self) -> Result<Value> {
        self.tally(
            "orders",
            OrderState::ALL.iter().map(|state| state.as_str()),
            OrderState::Closed.as_str(),
        )
    }
}

/// The digits of a telephone number, without the country's 1 of North America: how it is searched.
pub(super) fn digits(phone: &str) -> String {
    let main = phone.split(['x', 'X']).next().unwrap_or_default();
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    let national = digits.trim_start_matches("001");
    match national.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        _ => national.to_owned(),
    }
}
