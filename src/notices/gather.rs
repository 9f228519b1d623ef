//! What a customer's mail says, gathered from the ledger: for sending and for the preview alike.

mod overdue;
mod taken_off;

use super::customer::{
    About, CancelledContext, DelayedContext, Expected, Item, Parcel, Shipment, ShippedContext,
};
use super::question::QuestionContext;
use super::{PlacedContext, PlacedLine};
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::promise::Source;
use crate::domain::question::Unanswered;
use crate::domain::shipment::Answer;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::promises::PromiseRow;
use crate::ledger::shipments::ShipmentRow;
use crate::ledger::{LedgerError, Result, Tx};
use crate::purchasing::document::Letterhead;
use crate::shipping::calendar::deliver_date;
use crate::shipping::carriers::{self, links::tracking_url};
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
    /// The lines of all its purchase orders.
    pub lines: Vec<LineState>,
    shipments: Vec<ShipmentRow>,
    live: Vec<i64>,
    descriptions: Vec<String>,
}

impl<'a> Gathered<'a> {
    /// Reads what the ledger has of an order.
    ///
    /// # Errors
    /// SQLite's.
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
        let pos = tx.pos_of_order(row.id)?.into_iter();
        let live = pos.filter(|po| po.state != PoState::Cancelled);
        let live = live.map(|po| po.id);
        Ok(Gathered {
            shop,
            zone,
            promises: tx.promises_of_order(row.id)?,
            lines: tx.line_states_of_order(row.id)?,
            shipments: tx.shipments_of_order(row.id)?,
            live: live.collect(),
            descriptions,
            row,
        })
    }

    fn about(&self) -> About {
        let order = &self.row.order;
        About {
            shop: self.shop.clone(),
            order_number: order.order_number.clone(),
            order_date: order.date.with_timezone(&self.zone).date_naive(),
            customer_name: order.customer.name.clone(),
            ship_to: order.ship_to.label(),
        }
    }

    /// `order_line` counts from 1.
    fn item(&self, order_line: i64, sku: &str, qty: i64) -> Item {
        let place = usize::try_from(order_line - 1).ok();
        let words = place.and_then(|place| self.descriptions.get(place));
        Item {
            qty,
            sku: sku.to_owned(),
            description: words.map_or_else(|| sku.to_owned(), Clone::clone),
        }
    }

    /// What of the given purchase orders is counted by `pieces`, a part for each.
    fn parts(&self, pos: &[i64], pieces: impl Fn(&LineState) -> i64) -> Vec<Expected> {
        let items = |po: i64, dated: bool| -> Vec<Item> {
            let lines = self.lines.iter().filter(|line| line.po_id == po);
            let counted = lines.map(|line| {
                let (all, undated) = (pieces(line), line.undated_pieces());
                let undated = undated.min(all);
                (line, if dated { all - undated } else { undated })
            });
            let some = counted.filter(|(_, qty)| *qty > 0);
            some.map(|(line, qty)| self.item(line.order_line, &line.sku, qty))
                .collect()
        };
        let part = |po: &i64| {
            // a day of whose passing the customer knows is none any more
            let row = self.promises.get(po);
            let row = row.filter(|row| row.overdue.is_none_or(|day| day < row.promise.deliver_by));
            let promise = row.map(|row| &row.promise);
            let dated = Expected {
                date: promise.map(|promise| promise.deliver_by),
                estimate: promise.is_some_and(|promise| promise.source == Source::Table),
                items: items(*po, true),
            };
            let undated = Expected {
                items: items(*po, false),
                ..Expected::default()
            };
            [dated, undated]
        };
        let mut parts: Vec<Expected> = pos.iter().flat_map(part).collect();
        parts.retain(|part| !part.items.is_empty());
        parts.sort_by_key(|part| part.date.unwrap_or(NaiveDate::MAX));
        parts
    }

    /// What is still to come, by day.
    pub fn still(&self) -> Vec<Expected> {
        self.parts(&self.live, LineState::coming)
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

    /// The mail about shipments, those numbered in `new`; `None` when there is none of them.
    pub fn shipped(&self, new: &[i64]) -> Option<ShippedContext> {
        let (told, earlier): (Vec<&ShipmentRow>, Vec<&ShipmentRow>) = self
            .shipments
            .iter()
            .filter(|one| !one.lines.is_empty())
            .partition(|one| new.contains(&one.id));
        (!told.is_empty()).then(|| ShippedContext {
            about: self.about(),
            shipments: told.iter().map(|one| self.shipment(one)).collect(),
            still: self.still(),
            earlier: !earlier.is_empty(),
        })
    }

    /// All shipments, for the preview.
    pub fn shipments(&self) -> Vec<i64> {
        self.shipments.iter().map(|one| one.id).collect()
    }

    fn shipment(&self, row: &ShipmentRow) -> Shipment {
        let promise = self.promises.get(&row.po_id).map(|row| &row.promise);
        let left = row.ship_date;
        let date = promise.map(|promise| match left {
            Some(left) => deliver_date(left, promise.transit_days),
            None => promise.deliver_by,
        });
        // UPS was asked about the day that was promised, not about the one on which it left
        let asked = |promise: &&crate::domain::promise::Promise| {
            promise.source == Source::Ups && left.is_none_or(|left| left == promise.ship_by)
        };
        let items = row.lines.iter();
        Shipment {
            expected: Expected {
                date,
                estimate: date.is_some() && promise.filter(asked).is_none(),
                items: items
                    .map(|line| self.item(line.order_line, &line.sku, line.qty))
                    .collect(),
            },
            ship_date: left,
            parcels: row
                .parcels
                .iter()
                .map(|one| {
                    let code = one.carrier.as_deref().or(row.carrier.as_deref());
                    let carrier = code.and_then(carriers::carrier_by_code);
                    Parcel {
                        carrier: carrier.map_or_else(String::new, |it| it.name.to_owned()),
                        url: carrier.and_then(|it| tracking_url(it, &one.tracking)),
                        tracking: one.tracking.clone(),
                    }
                })
                .collect(),
        }
    }

    /// The latest day that the customer read in a mail.
    fn told(&self) -> Option<NaiveDate> {
        self.promises.values().filter_map(|row| row.told).max()
    }

    /// The mail about a delay, and what makes it the only one of its kind; `None` when the customer
    /// knows everything, or was told of nothing yet.
    pub fn delayed(&self) -> Option<(DelayedContext, String)> {
        let told = self.told();
        let was_undated = self.lines.iter().any(|line| line.told_undated.is_some());
        if told.is_none() && !was_undated {
            return None;
        }
        let undated = self
            .lines
            .iter()
            .any(|line| line.awaits_a_day() && line.told_undated.is_none());
        let context = self.delay();
        let last = context
            .late
            .iter()
            .chain(&context.others)
            .filter_map(|part| part.date)
            .max();
        let name = |day: Option<NaiveDate>| day.map_or("-".to_owned(), |day| day.to_string());
        let once = match self.dated_again() {
            _ if undated => format!("undated:{}", name(told)),
            Some(since) => format!("{}:after:{since}", name(last)),
            None if last > told => name(last),
            None => return None,
        };
        Some((context, once))
    }

    /// Since when the customer thought that the day of something is not known whose day is known by
    /// now: the vendor named it, or it was ordered elsewhere.
    fn dated_again(&self) -> Option<&str> {
        let lines = self.lines.iter();
        let known = lines.filter(|line| !line.awaits_a_day());
        let known = known.filter(|line| match line.pieces.open() {
            0 => line.moved > 0,
            _ => line.answer != Some(Answer::Rejected),
        });
        known.filter_map(|line| line.told_undated.as_deref()).max()
    }

    /// The mail about a delay as things stand, late or not.
    pub fn delay(&self) -> DelayedContext {
        let (told, still) = (self.told(), self.still());
        let told_undated = self.dated_again().is_some();
        let last = still.iter().filter_map(|part| part.date).max();
        let known = still.iter().all(|part| part.date.is_some());
        let is_late =
            |part: &Expected| part.date.is_none() || part.date > told || known && part.date == last;
        let (late, others) = match told_undated && known {
            true => (still, Vec::new()),
            false => still.into_iter().partition(is_late),
        };
        DelayedContext {
            about: self.about(),
            expected_date: last.filter(|_| known),
            estimate: known && late.iter().any(|part| part.estimate && part.date == last),
            told_date: told,
            told_undated,
            late,
            others,
        }
    }

    /// The mail that asks what shall become of these pieces, which an exception of this code is
    /// about.
    pub fn question(
        &self,
        code: &str,
        concerned: &[(LineState, i64)],
        answer_by: NaiveDate,
        unanswered: Unanswered,
    ) -> QuestionContext {
        let of = |line: &LineState| concerned.iter().find(|(about, _)| about.id == line.id);
        let others = self.parts(&self.live, |line| {
            let asked = of(line).map_or(0, |(_, qty)| *qty);
            line.coming().min(line.pieces.open() - asked)
        });
        let (expected_date, estimate) = self.arrives(concerned);
        let left = self.lines.iter().any(|line| line.pieces.shipped > 0);
        let items = concerned.iter();
        QuestionContext {
            about: self.about(),
            kind: match code {
                "po_rejected" => "rejected",
                "po_backordered" => "backordered",
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
            let promise = self.promises.get(&line.po_id).map(|row| &row.promise);
            let (Some(leaves), Some(promise)) = (named, promise) else {
                return (None, false);
            };
            // UPS was asked about another day
            estimate |= promise.source == Source::Table || promise.ship_by != leaves;
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
        LedgerError::Refused(text)
    };
    let mut lines = Vec::new();
    for (place, line) in order.lines.iter().enumerate() {
        let own = line.description.clone();
        lines.push(PlacedLine {
            sku: line.sku.clone(),
            description: own.or_else(|| describe(place)).unwrap_or_default(),
            qty: line.qty,
            unit_price: line.unit_price,
            amount: line.unit_price.times(line.qty).ok_or_else(too_large)?,
        });
    }
    let known = parts.iter().all(|part| part.date.is_some());
    let last = parts.iter().filter_map(|part| part.date).max();
    let last = last.filter(|_| known);
    let several = parts.len() > 1;
    Ok(PlacedContext {
        shop: shop.clone(),
        order_number: order.order_number.clone(),
        order_date: order.date.with_timezone(&zone).date_naive(),
        customer_name: order.customer.name.clone(),
        goods: order.goods().ok_or_else(too_large)?,
        lines,
        currency: order.currency.clone(),
        discount: order.discount,
        shipping: order.shipping,
        tax: order.tax,
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
