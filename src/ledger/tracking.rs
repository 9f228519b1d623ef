//! What a carrier says of parcels that are on their way.

use super::{Result, Tx};
use crate::clock;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;

/// A parcel that the carrier is asked about.
#[derive(Clone, Debug)]
pub struct WatchedParcel {
    /// Its number in the ledger.
    pub parcel: i64,
    /// Its shipment's.
    pub shipment: i64,
    /// Its order's.
    pub order: i64,
    /// Its purchase order's.
    pub po: i64,
    /// Its tracking number.
    pub tracking: String,
    /// Asked so often since it was last seen to move.
    pub tries: u32,
    /// The day of the latest scan that is known.
    pub last_scan: Option<NaiveDate>,
    /// When it left, or poms learnt of it.
    pub left: NaiveDate,
}

/// News of a parcel.
#[derive(Clone, Debug)]
pub struct Learnt<'a> {
    /// When to ask again.
    pub next: DateTime<Utc>,
    /// As [`WatchedParcel::tries`].
    pub tries: u32,
    /// The day of the latest scan.
    pub last_scan: Option<NaiveDate>,
    /// The day of delivery.
    pub delivered: Option<NaiveDate>,
    /// The carrier's words.
    pub status: &'a str,
}

fn watched(row: &Row) -> rusqlite::Result<WatchedParcel> {
    let left: Option<NaiveDate> = super::po_lines::day(row, 7)?;
    let created: String = row.get(8)?;
    let created = clock::parse(&created).map(|at| at.date_naive());
    Ok(WatchedParcel {
        parcel: row.get(0)?,
        shipment: row.get(1)?,
        order: row.get(2)?,
        po: row.get(3)?,
        tracking: row.get(4)?,
        tries: row.get(5)?,
        last_scan: super::po_lines::day(row, 6)?,
        left: left.or(created).unwrap_or_default(),
    })
}

impl Tx<'_> {
    /// Parcels of a carrier that are under way and due to be asked about, longest unasked first.
    pub fn parcels_to_ask(
        &self,
        carrier: &str,
        at_most: usize,
        now: &str,
    ) -> Result<Vec<WatchedParcel>> {
        self.rows(
            "SELECT c.id, s.id, p.order_id, p.id, c.tracking, coalesce(w.tries, 0), w.last_scan, s.ship_date, s.created \
             FROM shipment s JOIN parcel c ON c.shipment_id = s.id JOIN purchase_order p ON p.id = s.po_id \
             LEFT JOIN parcel_watch w ON w.parcel_id = c.id \
             WHERE s.state IN ('in_transit', 'exception') AND coalesce(c.carrier, s.carrier) = ?1 \
             AND c.replaced_by IS NULL AND w.delivered IS NULL AND coalesce(w.next, '') <= ?2 ORDER BY coalesce(w.next, ''), c.id LIMIT ?3",
            (carrier, now, at_most as i64),
            watched,
        )
    }

    /// Keeps what the carrier said of a parcel.
    pub fn put_parcel_watch(&self, parcel: i64, learnt: &Learnt) -> Result<()> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        self.execute(
            "INSERT INTO parcel_watch (parcel_id, asked, next, tries, last_scan, delivered, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (parcel_id) DO UPDATE SET asked = ?2, next = ?3, tries = ?4, last_scan = ?5, delivered = ?6, status = ?7",
            (
                parcel,
                self.now_text(),
                clock::text(learnt.next),
                learnt.tries,
                day(learnt.last_scan),
                day(learnt.delivered),
                learnt.status,
            ),
        )?;
        Ok(())
    }

    /// The parcels of a tracking number that left; only those that this carrier has, when one is named.
    pub fn parcels_numbered(
        &self,
        tracking: &str,
        carrier: Option<&str>,
    ) -> Result<Vec<WatchedParcel>> {
        self.rows(
            "SELECT c.id, s.id, p.order_id, p.id, c.tracking, coalesce(w.tries, 0), w.last_scan, s.ship_date, s.created \
             FROM parcel c JOIN shipment s ON s.id = c.shipment_id JOIN purchase_order p ON p.id = s.po_id \
             LEFT JOIN parcel_watch w ON w.parcel_id = c.id \
             WHERE c.tracking = ?1 AND c.replaced_by IS NULL AND s.state <> 'undone' \
             AND (?2 IS NULL OR coalesce(c.carrier, s.carrier, ?2) = ?2) ORDER BY c.id",
            (tracking, carrier),
            watched,
        )
    }

    /// The parcels of a shipment.
    pub fn parcels_of_shipment(&self, shipment: i64) -> Result<Vec<WatchedParcel>> {
        self.rows(
            "SELECT c.id, s.id, p.order_id, p.id, c.tracking, coalesce(w.tries, 0), w.last_scan, s.ship_date, s.created \
             FROM parcel c JOIN shipment s ON s.id = c.shipment_id JOIN purchase_order p ON p.id = s.po_id \
             LEFT JOIN parcel_watch w ON w.parcel_id = c.id WHERE s.id = ?1 AND c.replaced_by IS NULL ORDER BY c.id",
            [shipment],
            watched,
        )
    }

    /// Whether a parcel is known to have arrived.
    pub fn parcel_arrived(&self, parcel: i64) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM parcel_watch WHERE parcel_id = ?1 AND delivered IS NOT NULL)",
            [parcel],
        )
    }

    /// Counts the parcels of a shipment that are not known to have arrived.
    pub fn parcels_under_way(&self, shipment: i64) -> Result<i64> {
        self.value(
            "SELECT count(*) FROM parcel c LEFT JOIN parcel_watch w ON w.parcel_id = c.id \
             WHERE c.shipment_id = ?1 AND c.replaced_by IS NULL AND w.delivered IS NULL",
            [shipment],
        )
    }
}
