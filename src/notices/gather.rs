//! What a customer's mail says, gathered from the ledger: for sending and for the preview alike.

mod days;
mod in_question;
mod overdue;
mod shipped;
mod taken_off;

use in_question::InQuestion;
pub use overdue::Inquiry;

use super::customer::{CancelledContext, Expected, NoticeCommon, NoticeItem};
use super::question::QuestionContext;
use super::{PlacedContext, PlacedLine};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::calendar::deliver_date;
use crate::domain::codes::{Code, ExceptionCode};
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::money::Money;
use crate::domain::po_document::Letterhead;
use crate::domain::promise::PromiseSource;
use crate::domain::question::Unanswered;
use crate::domain::shipment::Answer;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::promises::PromiseRow;
use crate::ledger::shipments::ShipmentRow;
use crate::ledger::{LedgerError, Result, Tx};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::HashMap;

/// An order and what of it matters to its customer.
pub struct Gathered<'a> {
    shop: &'a Letterhead,
    zone: Tz,
    /// The order.
    pub row: OrderRow,
    /// The promises by purchase order.
    pub promises: HashMap<i64, PromiseRow>,
    /// The lines of all its purchase orders, as the customer knows them: what was cancelled and is still
    /// to come all the same is not told before it left.
    pub lines: Vec<LineState>,
    /// Lines of which so many pieces come although they are cancelled.
    unstopped: HashMap<i64, i64>,
    shipments: Vec<ShipmentRow>,
    undone: Vec<ShipmentRow>,
    /// Up to which line and parcel of its shipments the customer was told.
    mark: (i64, i64),
    /// The pieces of which the customer was not told, by shipment and line of the purchase order.
    untold: HashMap<(i64, i64), i64>,
    live: Vec<i64>,
    in_question: InQuestion,
    descriptions: Vec<String>,
}

impl<'a> Gathered<'a> {
    /// Reads what the ledger has of an order.
    pub fn of(tx: &Tx, row: OrderRow, shop: &'a Letterhead, zone: Tz) -> Result<Gathered<'a>> {
        let mut descriptions = Vec::new();
        for line in &row.order.lines {
            let own = line
                .description
                .clone()
                .filter(|text| !text.trim().is_empty());
            let text = match own {
                Some(text) => text,
                None => {
                    let offers = tx.offers_of(line.sku.trim())?;
                    let first = offers.into_iter().next();
                    first.map_or_else(|| line.sku.clone(), |offer| offer.description)
                }
            };
            descriptions.push(text);
        }
        let lines = tx.line_states_of_order(row.id)?;
        let unstopped = lines.iter().filter(|line| line.unwanted > 0);
        let unstopped = unstopped.map(|line| (line.id, line.unwanted)).collect();
        let pos = tx.pos_of_order(row.id)?.into_iter();
        let live = pos.filter(|po| po.state != PoState::Cancelled);
        let live = live.map(|po| po.id);
        let mark = tx.shipped_mark(row.id)?;
        Ok(Gathered {
            shop,
            zone,
            promises: tx.promises_of_order(row.id)?,
            lines: lines.into_iter().map(as_told).collect(),
            unstopped,
            shipments: tx.shipments_of_order(row.id)?,
            undone: tx.undone_of_order(row.id)?,
            untold: tx.untold_pieces(row.id, mark.0)?,
            mark,
            live: live.collect(),
            in_question: InQuestion::of(tx, row.id)?,
            descriptions,
            row,
        })
    }

    fn about(&self) -> NoticeCommon {
        let order = &self.row.order;
        NoticeCommon {
            shop: self.shop.clone(),
            order_number: order.number_for_customer().to_owned(),
            order_date: order.date.with_timezone(&self.zone).date_naive(),
            customer_name: order.customer.name.clone(),
            ship_to: order.ship_to.label(),
        }
    }

    /// `order_line` counts from 1.
    fn item(&self, order_line: i64, sku: &str, qty: i64) -> NoticeItem {
        let place = usize::try_from(order_line - 1).ok();
        let words = place.and_then(|place| self.descriptions.get(place));
        NoticeItem {
            qty,
            sku: sku.to_owned(),
            description: words.map_or_else(|| sku.to_owned(), Clone::clone),
        }
    }

    /// The mail about an order that was placed.
    ///
    /// # Errors
    /// When its amounts are too large.
    pub fn placed(&self) -> Result<PlacedContext> {
        let parts = self.parts(&self.live, |line| {
            line.pieces.ordered - line.pieces.cancelled
        });
        let describe = |place: usize| self.descriptions.get(place).cloned();
        placed(&self.row, self.shop, self.zone, describe, parts)
    }

    /// The mail that asks what shall become of these pieces, which an exception of this code is
    /// about.
    pub fn question(
        &self,
        code: &ExceptionCode,
        concerned: &[(LineState, i64)],
        answer_by: NaiveDate,
        unanswered: Unanswered,
    ) -> QuestionContext {
        let of = |line: &LineState| concerned.iter().find(|(about, _)| about.id == line.id);
        let asked = |line: &LineState| of(line).map_or(0, |(_, qty)| *qty);
        let others = self.coming(
            &self.live,
            |line| line.coming().min(line.pieces.open() - asked(line)),
            // what this mail asks about is no part of the others
            |line| self.in_question.undated(line) - asked(line),
        );
        let others = self.grouped(&others.iter().collect::<Vec<_>>());
        let (expected_date, estimate) = self.arrives(concerned);
        let left = self.lines.iter().any(|line| line.pieces.shipped > 0);
        let items = concerned.iter();
        QuestionContext {
            about: self.about(),
            kind: match code.known() {
                Some(Code::PoRejected) => "rejected",
                Some(Code::PoBackordered) => "backordered",
                _ => "late",
            }
            .to_owned(),
            items: items
                .map(|(line, qty)| self.item(line.order_line, &line.sku, *qty))
                .collect(),
            expected_date,
            estimate,
            divisible: left || !others.is_empty(),
            others,
            cancellable: self.row.state == OrderState::Placed,
            answer_by,
            unanswered: unanswered.about(code).as_str().to_owned(),
        }
    }

    /// When these lines arrive, if their vendors named days for all of them, and whether it is an
    /// estimate.
    fn arrives(&self, lines: &[(LineState, i64)]) -> (Option<NaiveDate>, bool) {
        let mut last = None;
        let mut estimate = false;
        for (line, _) in lines {
            let named = line.until.max(line.promised);
            let promise = self.promises.get(&line.po_id).map(|row| &row.planned);
            let (Some(leaves), Some(promise)) = (named, promise) else {
                return (None, false);
            };
            // UPS was asked about another day
            estimate |= promise.source == PromiseSource::Table || promise.ship_by != leaves;
            last = last.max(Some(deliver_date(leaves, promise.transit_days)));
        }
        (last, estimate)
    }

    /// The mail about an order that is cancelled.
    pub fn cancelled(&self) -> CancelledContext {
        let lines = self.row.order.lines.iter().zip(1..);
        CancelledContext {
            about: self.about(),
            items: lines
                .map(|(line, number)| self.item(number, &line.sku, line.qty))
                .collect(),
        }
    }
}

/// A line without the open pieces that come although they are cancelled for the customer.
fn as_told(line: LineState) -> LineState {
    let open = line.pieces.open();
    let qty = line.unwanted.min(open);
    let about = Some(Answer::Accepted);
    match line.pieces.cancel(qty) {
        Some(pieces) => LineState {
            pieces,
            shares: line.shares.take_back(qty, open, about),
            ..line
        },
        None => line,
    }
}

/// The mail about an order that was placed; `parts` is what each vendor ships and when it is
/// expected, `describe` the words for a line (from 0) that the order does not describe itself.
///
/// # Errors
/// When its amounts are too large.
pub fn placed(
    row: &OrderRow,
    shop: &Letterhead,
    zone: Tz,
    describe: impl Fn(usize) -> Option<String>,
    parts: Vec<Expected>,
) -> Result<PlacedContext> {
    let order = &row.order;
    let too_large = || {
        let text = format!("the amounts of order {} are too large", row.reference());
        LedgerError::Refused(BusinessRefusal::over_limit(text))
    };
    let mut lines = Vec::new();
    for (place, line) in order.lines.iter().enumerate() {
        let own = line.description.clone();
        lines.push(PlacedLine {
            sku: line.sku.clone(),
            description: line.described(&own.or_else(|| describe(place)).unwrap_or_default()),
            qty: line.ordered(),
            unit_price: line.unit_price,
            amount: line.price().ok_or_else(too_large)?,
        });
    }
    let beside = order.shop_order.not_shipped.iter();
    lines.extend(beside.map(|line| PlacedLine {
        sku: line.sku.clone(),
        description: format!("{} ({})", line.description, line.reason),
        qty: line.qty,
        unit_price: Money(line.amount.0 / line.qty.max(1)),
        amount: line.amount,
    }));
    let known = parts.iter().all(|part| part.date.is_some());
    let last = parts.iter().filter_map(|part| part.date).max();
    let last = last.filter(|_| known);
    let several = parts.len() > 1;
    Ok(PlacedContext {
        shop: shop.clone(),
        order_number: order.number_for_customer().to_owned(),
        order_date: order.date.with_timezone(&zone).date_naive(),
        customer_name: order.customer.name.clone(),
        goods: order.goods().ok_or_else(too_large)?,
        lines,
        currency: order.currency.clone(),
        discount: order.discount,
        shipping: order.shipping,
        charges: order.shop_order.charges.clone(),
        tax: order.tax,
        tax_included: order.shop_order.tax_included,
        total: order.total,
        ship_to: order.ship_to.label(),
        shipping_method: order.shipping_method.clone(),
        expected_date: last,
        estimate: last.is_some() && parts.iter().any(|part| part.estimate),
        gift_message: order.gift_message.clone(),
        several_parcels: several,
        parcels: if several { parts } else { Vec::new() },
    })
}
