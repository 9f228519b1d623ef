//! What vendors answered and shipped, with tracking links.

use super::layout::{TextSheet, View};
use crate::carriers::{carrier_by_code, links};
use crate::domain::lifecycle::PoState;
use crate::domain::shipment::Answer;
use crate::domain::text::line;
use crate::ledger::po_lines::LineState;
use crate::ledger::shipments::{Parcel, ShipmentRow};
use crate::ledger::{Result, Tx};
use serde_json::{Value, json};

/// Answers and shipments of one order.
#[derive(Default)]
pub struct Supply {
    /// The lines of its purchase orders.
    pub lines: Vec<LineState>,
    /// What left.
    pub shipments: Vec<ShipmentRow>,
    /// The vendors' own numbers, by the purchase order's number in the ledger.
    pub vendor_numbers: Vec<(i64, String)>,
}

impl Supply {
    /// Gathers them.
    pub fn of_order(tx: &Tx, order: i64) -> Result<Supply> {
        let mut vendor_numbers = Vec::new();
        for po in tx.pos_of_order(order)? {
            if let Some(number) = tx.vendor_order_number(po.id)? {
                vendor_numbers.push((po.id, number));
            }
        }
        Ok(Supply {
            lines: tx.line_states_of_order(order)?,
            shipments: tx.shipments_of_order(order)?,
            vendor_numbers,
        })
    }

    /// Those of one purchase order.
    pub fn of_po(tx: &Tx, po: i64) -> Result<Supply> {
        let number = tx.vendor_order_number(po)?;
        Ok(Supply {
            lines: tx.line_states(po)?,
            shipments: tx.shipments_of_po(po)?,
            vendor_numbers: number.map(|number| (po, number)).into_iter().collect(),
        })
    }

    /// What of the open pieces of a purchase order its state does not say: those that are refused or
    /// on backorder beside others.
    pub fn beside(&self, po: i64, state: PoState) -> Option<String> {
        let lines = self.lines.iter().filter(|on| on.po_id == po);
        let sum = |of: fn(&LineState) -> i64| lines.clone().map(of).sum::<i64>();
        let open = sum(|on| on.pieces.open());
        let told = [
            (PoState::Rejected, sum(|on| on.shares.rejected), "rejected"),
            (
                PoState::Backordered,
                sum(|on| on.shares.backordered),
                "on backorder",
            ),
        ];
        let told = told
            .into_iter()
            .filter(|(of, qty, _)| *qty > 0 && (*of != state || *qty < open));
        let told: Vec<String> = told
            .map(|(_, qty, what)| format!("{qty} of {open} open pieces {what}"))
            .collect();
        (!told.is_empty()).then(|| told.join(", "))
    }

    /// The pieces of a purchase order that its vendor refused.
    pub fn rejected(&self, po: i64) -> i64 {
        let lines = self.lines.iter().filter(|on| on.po_id == po);
        lines.map(|on| on.shares.rejected).sum()
    }

    /// The vendor's own number for a purchase order.
    pub fn vendor_number(&self, po: i64) -> Option<&str> {
        let found = self.vendor_numbers.iter().find(|(id, _)| *id == po);
        found.map(|(_, number)| number.as_str())
    }

    /// The lines of a purchase order.
    pub fn lines_json(&self, po: i64) -> Vec<Value> {
        let of_po = self.lines.iter().filter(|on| on.po_id == po);
        of_po
            .map(|on| {
                let mut value = json!(on);
                value["open"] = json!(on.pieces.open());
                value
            })
            .collect()
    }

    /// The shipments.
    pub fn shipments_json(&self) -> Vec<Value> {
        self.shipments.iter().map(shipment_json).collect()
    }

    /// Answers and shipments on a screen; nothing when there are none.
    pub fn text(&self, view: &View, sheet: &mut TextSheet) {
        let answered: Vec<Vec<String>> = self
            .lines
            .iter()
            .filter(|on| on.answer.is_some() || on.pieces.cancelled > 0)
            .map(|on| {
                vec![
                    line(&on.sku),
                    on.pieces.ordered.to_string(),
                    on.pieces.shipped.to_string(),
                    on.pieces.cancelled.to_string(),
                    on.pieces.open().to_string(),
                    answer(on),
                    on.answered
                        .as_ref()
                        .map_or_else(String::new, |at| view.moment(at)),
                ]
            })
            .collect();
        if !answered.is_empty() {
            sheet.heading("Vendors' answers");
            let header = [
                "SKU",
                "Ordered",
                "Shipped",
                "Cancelled",
                "Open",
                "Answer",
                "When",
            ];
            sheet.columns(&header, &answered);
        }
        if !self.shipments.is_empty() {
            self.shipments_text(view, sheet);
        }
    }

    fn shipments_text(&self, view: &View, sheet: &mut TextSheet) {
        sheet.heading("Shipments");
        for shipment in &self.shipments {
            let goods: Vec<String> = shipment
                .lines
                .iter()
                .map(|inside| format!("{} × {}", inside.qty, line(&inside.sku)))
                .collect();
            let left = match shipment.ship_date {
                Some(date) => format!("left {date}"),
                None => format!("told {}", view.moment(&shipment.created)),
            };
            let told = format!(
                "{}: {}, {}, {left}",
                shipment.po_number,
                goods.join(", "),
                shipment.state.as_str().replace('_', " ")
            );
            sheet.entry(&shipment.id.to_string(), &told);
            for parcel in &shipment.parcels {
                let link = url(parcel).map_or_else(String::new, |url| format!("  {url}"));
                sheet.item(&format!(
                    "{} {}{link}",
                    carrier(parcel),
                    line(&parcel.tracking)
                ));
            }
        }
    }
}

/// A line's answer in words, part by part where it has several.
fn answer(on: &LineState) -> String {
    let parts = [Answer::Accepted, Answer::Backordered, Answer::Rejected];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|answer| on.shares.of(*answer) > 0)
        .map(|answer| {
            let qty = on.shares.of(answer);
            let pieces = match qty == on.pieces.open() {
                true => String::new(),
                false => format!("{qty} "),
            };
            let more = match (answer, on.promised, on.until, &on.reason) {
                (Answer::Accepted, Some(day), ..) => format!(", ships {day}"),
                (Answer::Backordered, _, Some(day), _) => format!(" until {day}"),
                (Answer::Rejected, .., Some(reason)) => format!(": {}", line(reason)),
                _ => String::new(),
            };
            format!("{pieces}{}{more}", answer.as_str())
        })
        .collect();
    let told = match (told.is_empty(), on.answer) {
        (true, Some(last)) => last.as_str().to_owned(),
        _ => told.join("; "),
    };
    match (on.unwanted, on.unwanted.min(on.pieces.open())) {
        (0, _) => told,
        (qty, 0) => format!("{told}; cancellation of {qty} refused, they left"),
        (_, open) => format!("{told}; cancellation of {open} refused, coming"),
    }
}

fn carrier(parcel: &Parcel) -> &str {
    let known = parcel.carrier.as_deref().and_then(carrier_by_code);
    known.map_or("parcel", |carrier| carrier.name)
}

/// The carrier's page for a parcel.
pub fn url(parcel: &Parcel) -> Option<String> {
    let carrier = carrier_by_code(parcel.carrier.as_deref()?)?;
    links::tracking_url(carrier, &parcel.tracking)
}

/// A shipment with its parcels and contents.
pub fn shipment_json(row: &ShipmentRow) -> Value {
    let parcels = row.parcels.iter().map(|parcel| {
        json!({"carrier": parcel.carrier, "tracking_number": parcel.tracking, "tracking_url": url(parcel)})
    });
    let lines = row.lines.iter().map(
        |inside| json!({"order_line": inside.order_line, "sku": inside.sku, "qty": inside.qty}),
    );
    json!({
        "id": row.id, "purchase_order": row.po_number, "state": row.state, "carrier": row.carrier, "service": row.service,
        "ship_date": row.ship_date, "source": row.source,
        "told": row.created, "parcels": parcels.collect::<Vec<_>>(),
        "lines": lines.collect::<Vec<_>>(),
    })
}
