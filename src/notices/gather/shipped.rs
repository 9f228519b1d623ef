//! The mails about what left, and about what did not leave after all.

use super::Gathered;
use crate::carriers::{self, links::tracking_url};
use crate::domain::calendar::deliver_date;
use crate::domain::lifecycle::ShipmentState;
use crate::domain::promise::PromiseSource;
use crate::ledger::shipments::{self, ShipmentRow, ShippedLine};
use crate::notices::customer::{
    Expected, NotShippedContext, NoticeItem, Parcel, ShippedContext, ShippedGoods,
};

impl Gathered<'_> {
    /// The mail about shipments, those numbered in `new`; `None` when there is none of them.
    pub fn shipped(&self, new: &[i64]) -> Option<ShippedContext> {
        let (told, earlier): (Vec<&ShipmentRow>, Vec<&ShipmentRow>) = self
            .shipments
            .iter()
            .filter(|one| !one.lines.is_empty())
            .partition(|one| new.contains(&one.id));
        let mut shipments: Vec<ShippedGoods> = told.iter().map(|one| self.shipment(one)).collect();
        // what left now comes first: of the others the customer read before
        let read = |one: &ShippedGoods| one.again || one.added || one.numbered;
        shipments.sort_by_key(|one| (read(one) && !one.added, one.again));
        (!told.is_empty()).then(|| ShippedContext {
            about: self.about(),
            corrected: shipments.iter().all(|one| one.again && !one.added),
            numbers: shipments.iter().all(|one| one.numbered),
            delivered: shipments.iter().all(|one| one.arrived),
            earlier: !earlier.is_empty() || shipments.iter().any(read),
            unstopped: self.unstopped(&told),
            shipments,
            still: self.still(),
        })
    }

    /// What of these shipments is cancelled for the customer, and could not be stopped.
    fn unstopped(&self, told: &[&ShipmentRow]) -> Vec<NoticeItem> {
        let mut left = self.unstopped.clone();
        let mut items = Vec::new();
        for line in told.iter().flat_map(|one| &one.lines) {
            let qty = left.get(&line.po_line).copied().unwrap_or(0).min(line.qty);
            if qty > 0 {
                left.entry(line.po_line).and_modify(|of| *of -= qty);
                items.push(self.item(line.order_line, &line.sku, qty));
            }
        }
        items
    }

    /// All shipments, for the preview.
    pub fn shipments(&self) -> Vec<i64> {
        self.shipments.iter().map(|one| one.id).collect()
    }

    fn shipment(&self, row: &ShipmentRow) -> ShippedGoods {
        let known = self.promises.get(&row.po_id);
        let promise = known.map(|known| &known.planned);
        let left = row.ship_date;
        let date = known.map(|known| match left {
            Some(left) => deliver_date(left, known.planned.transit_days),
            None => known.promise.deliver_by,
        });
        // UPS was asked about the day that was promised, not about the one on which it left
        let asked = |promise: &&crate::domain::promise::Promise| {
            promise.source == PromiseSource::Ups && left.is_none_or(|left| left == promise.ship_by)
        };
        let untold = |line: &ShippedLine| self.untold_of(row, line);
        let read = row.lines.iter().any(|line| untold(line) < line.qty);
        let added = read && row.lines.iter().any(|line| untold(line) > 0);
        let arrived = row.state == ShipmentState::Delivered;
        let parcels = row.parcels.iter();
        let parcels: Vec<Parcel> = parcels
            .map(|one| self.parcel(row, one, read, arrived))
            .collect();
        let again = parcels.iter().any(|one| one.replaces.is_some());
        let items = row.lines.iter().map(|line| {
            let qty = if added { untold(line) } else { line.qty };
            self.item(line.order_line, &line.sku, qty)
        });
        ShippedGoods {
            again,
            added,
            numbered: !again && !added && parcels.iter().any(|one| one.new),
            arrived,
            arrived_on: row
                .parcels
                .iter()
                .filter_map(|one| one.delivered)
                .max()
                .filter(|_| arrived),
            expected: Expected {
                date,
                estimate: date.is_some() && promise.filter(asked).is_none(),
                items: items.filter(|item| item.qty > 0).collect(),
            },
            ship_date: left,
            parcels,
        }
    }

    /// Pieces of a line in a shipment of which the customer was not told.
    fn untold_of(&self, row: &ShipmentRow, line: &ShippedLine) -> i64 {
        let untold = self.untold.get(&(row.id, line.po_line));
        untold.copied().unwrap_or(0)
    }

    /// One parcel of a shipment; `read` says that the customer knows of the shipment, `arrived` that all
    /// of it did.
    fn parcel(
        &self,
        row: &ShipmentRow,
        one: &shipments::Parcel,
        read: bool,
        arrived: bool,
    ) -> Parcel {
        let code = one.carrier.as_deref().or(row.carrier.as_deref());
        let carrier = code.and_then(carriers::carrier_by_code);
        let replaces = (one.replaces.as_ref())
            .filter(|(former, _)| *former <= self.mark.1 && one.id > self.mark.1)
            .map(|(_, number)| number.clone());
        Parcel {
            carrier: carrier.map_or_else(String::new, |it| it.name.to_owned()),
            url: carrier.and_then(|it| tracking_url(it, &one.tracking)),
            tracking: one.tracking.clone(),
            new: read && replaces.is_none() && one.id > self.mark.1,
            replaces,
            delivered: one.delivered.filter(|_| !arrived),
        }
    }

    /// The mail about shipments that did not happen, those numbered in `undone`, or all of them for the
    /// preview; `None` when there is none.
    pub fn not_shipped(&self, undone: Option<&[i64]>) -> Option<NotShippedContext> {
        let told = |one: &&ShipmentRow| undone.is_none_or(|ids| ids.contains(&one.id));
        let told: Vec<&ShipmentRow> = self.undone.iter().filter(told).collect();
        let mut items: Vec<NoticeItem> = Vec::new();
        for line in told.iter().flat_map(|one| &one.lines) {
            match items.iter_mut().find(|item| item.sku == line.sku) {
                Some(item) => item.qty += line.qty,
                None => items.push(self.item(line.order_line, &line.sku, line.qty)),
            }
        }
        let numbers = told.iter().flat_map(|one| &one.parcels);
        (!items.is_empty()).then(|| NotShippedContext {
            about: self.about(),
            items,
            numbers: numbers.map(|one| one.tracking.clone()).collect(),
            still: self.still(),
        })
    }
}
