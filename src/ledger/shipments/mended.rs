//! What a person says of shipments: another number, one that did not happen; and the list of parcels.

use super::{SELECT, ShipmentRow, shipment};
use crate::domain::lifecycle::ShipmentState;
use crate::ledger::po_lines::{LineState, day};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Result, Tx};
use chrono::NaiveDate;
use rusqlite::Row;
use serde_json::json;

/// A filter of the parcels to list; what is `None` is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParcelFilter {
    /// Of shipments in this state.
    pub state: Option<ShipmentState>,
    /// Of this purchase order, by its number in the ledger.
    pub po: Option<i64>,
    /// Of this order, by its number in the ledger.
    pub order: Option<i64>,
    /// Of this vendor.
    pub vendor: Option<String>,
    /// Of this carrier, by its code.
    pub carrier: Option<String>,
    /// That left on this day or before.
    pub left_by: Option<NaiveDate>,
    /// At most so many.
    pub at_most: usize,
}

/// A parcel, or a shipment without one, on a list.
#[derive(Clone, Debug)]
pub struct ListedParcel {
    /// The shipment.
    pub shipment: i64,
    /// Where the shipment stands.
    pub state: ShipmentState,
    /// The purchase order's number to the vendor.
    pub po: String,
    /// The order as commands name it.
    pub order: String,
    /// Who ships.
    pub vendor_id: String,
    /// Its name.
    pub vendor_name: String,
    /// The carrier's code.
    pub carrier: Option<String>,
    /// The tracking number, if it has one.
    pub tracking: Option<String>,
    /// When it left, or poms learnt of it.
    pub left: Option<NaiveDate>,
    /// Whether `left` is the day that the vendor said.
    pub dated: bool,
    /// When it arrived.
    pub delivered: Option<NaiveDate>,
    /// The day of the carrier's latest scan.
    pub last_scan: Option<NaiveDate>,
    /// What the carrier said last.
    pub status: Option<String>,
}

fn listed(row: &Row) -> rusqlite::Result<ListedParcel> {
    let number: String = row.get(3)?;
    Ok(ListedParcel {
        shipment: row.get(0)?,
        state: crate::ledger::word(row, 1, ShipmentState::parse)?,
        po: row.get(2)?,
        order: crate::ledger::orders::reference(&number, row.get(4)?),
        vendor_id: row.get(5)?,
        vendor_name: row.get(6)?,
        carrier: row.get(7)?,
        tracking: row.get(8)?,
        left: day(row, 9)?,
        dated: row.get(10)?,
        delivered: day(row, 11)?,
        last_scan: day(row, 12)?,
        status: row.get(13)?,
    })
}

impl Tx<'_> {
    /// Pieces and SKU that are in returns and would not be, had a shipment not happened; `None` when it
    /// may be taken back.
    pub fn returned_of(&self, row: &ShipmentRow) -> Result<Option<(i64, String)>> {
        let billing = self.po_billing(row.po_id, None)?;
        for line in billing.into_iter().flat_map(|billing| billing.lines) {
            let parts = row.lines.iter().filter(|part| part.po_line == line.id);
            let qty: i64 = parts.map(|part| part.qty).sum();
            if qty > 0 && line.returned > line.shipped - qty {
                return Ok(Some((line.returned, line.sku)));
            }
        }
        Ok(None)
    }

    /// One shipment, whatever became of it.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn shipment(&self, id: i64) -> Result<ShipmentRow> {
        let found = self.rows(&format!("{SELECT} WHERE s.id = ?1"), [id], shipment)?;
        self.filled(found)?.pop().ok_or_else(|| {
            LedgerError::NotFound(format!(
                "there is no shipment {id}: `poms shipment list` shows all"
            ))
        })
    }

    /// The shipments of a purchase order that did not happen, oldest first.
    pub fn undone_of_po(&self, po_id: i64) -> Result<Vec<ShipmentRow>> {
        let sql = format!("{SELECT} WHERE s.po_id = ?1 AND s.state = 'undone' ORDER BY s.id");
        self.filled(self.rows(&sql, [po_id], shipment)?)
    }

    /// The shipments of an order that did not happen, oldest first.
    pub fn undone_of_order(&self, order_id: i64) -> Result<Vec<ShipmentRow>> {
        let sql = format!("{SELECT} WHERE p.order_id = ?1 AND s.state = 'undone' ORDER BY s.id");
        self.filled(self.rows(&sql, [order_id], shipment)?)
    }

    /// Puts another tracking number in place of a parcel's. Both are kept. Returns whether it is news to
    /// the customer: not where it is the number that they read last.
    pub fn retrack_parcel(
        &self,
        po: &PoRow,
        shipment: i64,
        old: &str,
        (carrier, tracking): (Option<&str>, &str),
        why: &str,
    ) -> Result<bool> {
        let of = |number: &str| {
            let sql = "SELECT id FROM parcel WHERE shipment_id = ?1 AND tracking = ?2";
            self.first(sql, (shipment, number), |row| row.get::<_, i64>(0))
        };
        let mut news = true;
        let new = match of(tracking)? {
            // the number that it had before: the later one was wrong
            Some(known) => {
                news = !self.read_last(po.order_id, known)?;
                self.execute(
                    "UPDATE parcel SET replaced_by = NULL, carrier = coalesce(?1, carrier) WHERE id = ?2",
                    (carrier, known),
                )?;
                if news {
                    self.tell_parcels_from(po.order_id, known)?;
                }
                known
            }
            None => self.insert(
                "INSERT INTO parcel (shipment_id, carrier, tracking) VALUES (?1, ?2, ?3)",
                (shipment, carrier, tracking),
            )?,
        };
        if let Some(old) = of(old)? {
            self.execute(
                "UPDATE parcel SET replaced_by = ?1 WHERE id = ?2",
                (new, old),
            )?;
        }
        let payload = json!({"before": old, "after": tracking, "carrier": carrier, "why": why});
        let entity = format!("shipment:{shipment}");
        self.fact("shipment.retracked", &entity, Some(po.order_id), &payload)?;
        Ok(news)
    }

    /// Whether a parcel's number that others were put in place of is the one that the customer read, and
    /// none of those that came after it.
    fn read_last(&self, order_id: i64, parcel: i64) -> Result<bool> {
        let (_, told) = self.shipped_mark(order_id)?;
        let mut at = parcel;
        let mut seen = vec![parcel];
        while let Some(next) = self
            .first(
                "SELECT replaced_by FROM parcel WHERE id = ?1",
                [at],
                |row| row.get::<_, Option<i64>>(0),
            )?
            .flatten()
        {
            if next <= told || seen.contains(&next) {
                return Ok(false);
            }
            seen.push(next);
            at = next;
        }
        Ok(parcel <= told)
    }

    /// Takes a shipment back that did not happen: it stays on record, and its pieces are open again,
    /// accepted by a vendor who ever `answered` about the purchase order.
    ///
    /// # Errors
    /// When its state forbids it.
    pub fn undo_shipment(
        &self,
        po: &PoRow,
        row: &ShipmentRow,
        (lines, answered): (&[LineState], bool),
        why: &str,
    ) -> Result<()> {
        let pieces: Vec<_> = (row.lines.iter())
            .map(|part| json!({"sku": part.sku, "qty": part.qty}))
            .collect();
        let why = json!({"note": why, "pieces": pieces});
        self.move_shipment(row, ShipmentState::Undone, &why)?;
        for part in &row.lines {
            let line = lines.iter().find(|line| line.id == part.po_line);
            let back = line.and_then(|line| Some((line, line.pieces.unship(part.qty)?)));
            let Some((line, pieces)) = back else {
                return Err(LedgerError::Broken(format!(
                    "shipment {} holds {} of {}, and purchase order {} has fewer shipped; run `poms verify`",
                    row.id, part.qty, part.sku, po.number
                )));
            };
            let accepted = line.shares.accepted + if answered { part.qty } else { 0 };
            let shares = crate::domain::shipment::Shares {
                accepted,
                ..line.shares
            };
            self.put_pieces(line.id, pieces, shares, 0)?;
        }
        // the same file may say it again, and is read anew then
        self.execute(
            "UPDATE advice_file SET complete = 0 WHERE id = (SELECT file_id FROM shipment WHERE id = ?1)",
            [row.id],
        )?;
        Ok(())
    }

    /// Parcels, newest first, and shipments without any.
    pub fn listed_parcels(&self, filter: &ParcelFilter) -> Result<Vec<ListedParcel>> {
        self.rows(
            "SELECT s.id, s.state, p.number, o.number, o.copy, p.vendor_id, coalesce(v.name, p.vendor_id), \
             coalesce(c.carrier, s.carrier), c.tracking, coalesce(s.ship_date, substr(s.created, 1, 10)), s.ship_date IS NOT NULL, \
             w.delivered, w.last_scan, w.status FROM shipment s JOIN purchase_order p ON p.id = s.po_id \
             JOIN orders o ON o.id = p.order_id LEFT JOIN vendor v ON v.vendor_id = p.vendor_id \
             LEFT JOIN parcel c ON c.shipment_id = s.id AND c.replaced_by IS NULL LEFT JOIN parcel_watch w ON w.parcel_id = c.id \
             WHERE (?1 IS NULL OR s.state = ?1) AND (?2 IS NULL OR s.po_id = ?2) AND (?3 IS NULL OR p.order_id = ?3) \
             AND (?4 IS NULL OR p.vendor_id = ?4) AND (?5 IS NULL OR coalesce(c.carrier, s.carrier) = ?5) \
             AND (?6 IS NULL OR coalesce(s.ship_date, substr(s.created, 1, 10)) <= ?6) ORDER BY s.id DESC, c.id LIMIT ?7",
            (
                filter.state.map(ShipmentState::as_str),
                filter.po,
                filter.order,
                &filter.vendor,
                &filter.carrier,
                filter.left_by.map(|day| day.to_string()),
                i64::try_from(filter.at_most).unwrap_or(i64::MAX),
            ),
            listed,
        )
    }
}
