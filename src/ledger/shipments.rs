//! Shipments: what left a vendor, in which parcels.

mod mended;

pub use mended::{ListedParcel, ParcelFilter};

use super::po_lines::{LineState, day};
use super::purchase_orders::PoRow;
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::ShipmentState;
use chrono::NaiveDate;
use rusqlite::Row;
use serde_json::{Value, json};

/// The origin of a shipment or an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// The message that said it.
    pub message: Option<i64>,
    /// The file that said it.
    pub file: Option<i64>,
    /// For people and for telling documents apart: `message:12`, `file:3`.
    pub source: &'a str,
}

/// A shipment to be recorded.
pub struct NewShipment<'a> {
    /// The carrier's code.
    pub carrier: Option<&'a str>,
    /// Carrier and service as the vendor wrote them; may be empty.
    pub service: &'a str,
    /// When the goods left.
    pub ship_date: Option<NaiveDate>,
    /// Who says so.
    pub origin: Origin<'a>,
}

/// One parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Its number in the ledger.
    pub id: i64,
    /// The carrier's code.
    pub carrier: Option<String>,
    /// Its tracking number.
    pub tracking: String,
    /// The parcel in whose place a person put it, and that one's number.
    pub replaces: Option<(i64, String)>,
    /// The day on which it reached its recipient, if that is known.
    pub delivered: Option<NaiveDate>,
}

/// Pieces of a line in a shipment.
#[derive(Clone, Debug)]
pub struct ShippedLine {
    /// The line of the purchase order.
    pub po_line: i64,
    /// The line of the order, from 1.
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: String,
    /// Pieces.
    pub qty: i64,
}

/// A shipment as the ledger has it.
#[derive(Clone, Debug)]
pub struct ShipmentRow {
    /// Its number.
    pub id: i64,
    /// The purchase order's number in the ledger.
    pub po_id: i64,
    /// The purchase order's number to the vendor.
    pub po_number: String,
    /// Where it stands.
    pub state: ShipmentState,
    /// The carrier's code.
    pub carrier: Option<String>,
    /// Carrier and service as the vendor wrote them.
    pub service: String,
    /// When the goods left.
    pub ship_date: Option<NaiveDate>,
    /// The document that said it first.
    pub source: String,
    /// When poms learnt of it, RFC 3339 UTC.
    pub created: Moment,
    /// Its parcels.
    pub parcels: Vec<Parcel>,
    /// The tracking numbers in whose place a person put others.
    pub former: Vec<String>,
    /// What is in it.
    pub lines: Vec<ShippedLine>,
}

const SELECT: &str = "SELECT s.id, s.po_id, p.number, s.state, s.carrier, s.service, s.ship_date, s.source, s.created \
     FROM shipment s JOIN purchase_order p ON p.id = s.po_id";

fn shipment(row: &Row) -> rusqlite::Result<ShipmentRow> {
    Ok(ShipmentRow {
        id: row.get(0)?,
        po_id: row.get(1)?,
        po_number: row.get(2)?,
        state: super::word(row, 3, ShipmentState::parse)?,
        carrier: row.get(4)?,
        service: row.get(5)?,
        ship_date: day(row, 6)?,
        source: row.get(7)?,
        created: row.get(8)?,
        parcels: Vec::new(),
        former: Vec::new(),
        lines: Vec::new(),
    })
}

impl Tx<'_> {
    /// Records a shipment without contents; returns its number.
    pub fn insert_shipment(&self, po: &PoRow, new: &NewShipment) -> Result<i64> {
        let id = self.insert(
            "INSERT INTO shipment (po_id, state, carrier, service, ship_date, source, message_id, file_id, created, updated) \
             VALUES (?1, 'in_transit', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
            (
                po.id,
                new.carrier,
                new.service,
                new.ship_date.map(|date| date.to_string()),
                new.origin.source,
                new.origin.message,
                new.origin.file,
                self.now_text(),
            ),
        )?;
        let payload = json!({"po": po.number, "carrier": new.carrier, "ship_date": new.ship_date, "source": new.origin.source});
        self.fact(
            "shipment.created",
            &format!("shipment:{id}"),
            Some(po.order_id),
            &payload,
        )?;
        Ok(id)
    }

    /// Adds a parcel to a shipment, unless it is there.
    pub fn add_parcel(
        &self,
        po: &PoRow,
        shipment: i64,
        carrier: Option<&str>,
        tracking: &str,
    ) -> Result<()> {
        let added = self.execute(
            "INSERT INTO parcel (shipment_id, carrier, tracking) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            (shipment, carrier, tracking),
        )?;
        if added == 0 {
            return Ok(());
        }
        let payload = json!({"carrier": carrier, "tracking": tracking});
        self.fact(
            "shipment.parcel",
            &format!("shipment:{shipment}"),
            Some(po.order_id),
            &payload,
        )
    }

    /// Puts pieces of a line into a shipment.
    ///
    /// # Errors
    /// When so many are not open.
    pub fn ship_line(
        &self,
        po: &PoRow,
        shipment: i64,
        line: &LineState,
        qty: i64,
        origin: &Origin,
    ) -> Result<()> {
        let Some(pieces) = line.pieces.ship(qty) else {
            return Err(LedgerError::Refused(BusinessRefusal::over_limit(format!(
                "{qty} of {} on purchase order {} cannot have been shipped: {} are open",
                line.sku,
                po.number,
                line.pieces.open()
            ))));
        };
        self.insert(
            "INSERT INTO shipment_line (shipment_id, po_line_id, qty, source, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (shipment, line.id, qty, origin.source, self.now_text()),
        )?;
        let shares = line.shares.leave(qty, line.pieces.open());
        self.put_pieces(line.id, pieces, shares, 0)?;
        let payload = json!({"po": po.number, "line": line.line, "sku": line.sku, "qty": qty, "source": origin.source});
        self.fact(
            "shipment.line",
            &format!("shipment:{shipment}"),
            Some(po.order_id),
            &payload,
        )
    }

    /// Moves a shipment, with what the audit trail shall say of it.
    ///
    /// # Errors
    /// When its state forbids it.
    pub fn move_shipment(&self, row: &ShipmentRow, to: ShipmentState, why: &Value) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
                "shipment {} is {} and cannot become {to}",
                row.id, row.state
            ))));
        }
        self.move_state("shipment", row.id, row.state.as_str(), to.as_str())?;
        let order = self.po(row.po_id)?.order_id;
        let payload = json!({"before": row.state, "why": why});
        self.fact(
            &format!("shipment.{}", to.as_str()),
            &format!("shipment:{}", row.id),
            Some(order),
            &payload,
        )
    }

    /// The shipments of a purchase order, oldest first, without those that did not happen.
    pub fn shipments_of_po(&self, po_id: i64) -> Result<Vec<ShipmentRow>> {
        let sql = format!("{SELECT} WHERE s.po_id = ?1 AND s.state <> 'undone' ORDER BY s.id");
        self.filled(self.rows(&sql, [po_id], shipment)?)
    }

    /// The shipments of an order, oldest first, without those that did not happen.
    pub fn shipments_of_order(&self, order_id: i64) -> Result<Vec<ShipmentRow>> {
        let sql = format!("{SELECT} WHERE p.order_id = ?1 AND s.state <> 'undone' ORDER BY s.id");
        self.filled(self.rows(&sql, [order_id], shipment)?)
    }

    /// Shipments of one state, oldest first, after number `after`.
    pub fn shipments_in(
        &self,
        state: ShipmentState,
        after: i64,
        at_most: usize,
    ) -> Result<Vec<ShipmentRow>> {
        let sql = format!("{SELECT} WHERE s.state = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3");
        self.filled(self.rows(&sql, (state.as_str(), after, at_most as i64), shipment)?)
    }

    fn filled(&self, mut rows: Vec<ShipmentRow>) -> Result<Vec<ShipmentRow>> {
        for row in &mut rows {
            row.parcels = self.rows(
                "SELECT c.carrier, c.tracking, c.id, f.id, f.tracking, w.delivered FROM parcel c \
                 LEFT JOIN parcel f ON f.id = (SELECT max(id) FROM parcel WHERE shipment_id = c.shipment_id AND replaced_by = c.id) \
                 LEFT JOIN parcel_watch w ON w.parcel_id = c.id \
                 WHERE c.shipment_id = ?1 AND c.replaced_by IS NULL ORDER BY c.id",
                [row.id],
                |row| {
                    let former: (Option<i64>, Option<String>) = (row.get(3)?, row.get(4)?);
                    Ok(Parcel {
                        carrier: row.get(0)?,
                        tracking: row.get(1)?,
                        id: row.get(2)?,
                        replaces: former.0.zip(former.1),
                        delivered: day(row, 5)?,
                    })
                },
            )?;
            row.former = self.rows(
                "SELECT tracking FROM parcel WHERE shipment_id = ?1 AND replaced_by IS NOT NULL ORDER BY id",
                [row.id],
                |row| row.get(0),
            )?;
            row.lines = self.rows(
                "SELECT l.id, l.order_line, l.sku, sum(c.qty) FROM shipment_line c JOIN po_line l ON l.id = c.po_line_id \
                 WHERE c.shipment_id = ?1 GROUP BY l.id ORDER BY l.line",
                [row.id],
                |row| {
                    Ok(ShippedLine {
                        po_line: row.get(0)?,
                        order_line: row.get(1)?,
                        sku: row.get(2)?,
                        qty: row.get(3)?,
                    })
                },
            )?;
        }
        Ok(rows)
    }

    /// The purchase orders that have a parcel of this tracking number, by their numbers in the
    /// ledger; parcels that did not leave, and numbers that were wrong, are none.
    pub fn pos_tracked_by(&self, tracking: &str) -> Result<Vec<i64>> {
        self.rows(
            "SELECT DISTINCT s.po_id FROM parcel p JOIN shipment s ON s.id = p.shipment_id WHERE p.tracking = ?1 \
             AND p.replaced_by IS NULL AND s.state <> 'undone'",
            [tracking],
            |row| row.get(0),
        )
    }

    /// Counts the pieces of a line that a document put into a shipment.
    pub fn told_by(&self, shipment: i64, po_line: i64, source: &str) -> Result<i64> {
        self.value(
            "SELECT coalesce(sum(qty), 0) FROM shipment_line WHERE shipment_id = ?1 AND po_line_id = ?2 AND source = ?3",
            (shipment, po_line, source),
        )
    }

    /// Counts shipments by state.
    pub fn count_shipments(&self) -> Result<Value> {
        super::counts(self, "SELECT state, count(*) FROM shipment GROUP BY state")
    }
}
