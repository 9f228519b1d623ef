//! Promises: when the customer has the goods of a purchase order, and what UPS said about the way.

use super::failures::Sound;
use super::{Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::promise::{Promise, PromiseSource, Service};
use chrono::NaiveDate;
use rusqlite::Row;
use serde_json::json;
use std::collections::HashMap;

/// A promise as the ledger has it.
#[derive(Clone, Debug)]
pub struct PromiseRow {
    /// The purchase order.
    pub po_id: i64,
    /// The order.
    pub order_id: i64,
    /// What is promised for the last of it that is still to come.
    pub promise: Promise,
    /// What was planned with the purchase order, before its vendor named days.
    pub planned: Promise,
    /// The day that the customer last read in a mail.
    pub told: Option<NaiveDate>,
    /// The day of whose passing the customer was told, too.
    pub overdue: Option<NaiveDate>,
}

impl PromiseRow {
    /// Whether its vendor named a later day than was planned.
    pub fn is_moved(&self) -> bool {
        self.planned.ship_by != self.promise.ship_by
    }
}

/// A way that a carrier is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CarrierWay {
    /// Five digits.
    pub origin: String,
    /// Five digits.
    pub destination: String,
    /// How it travels.
    pub service: Service,
    /// When it leaves.
    pub ship_day: NaiveDate,
}

const SELECT: &str = "SELECT r.po_id, p.order_id, r.ship_by, r.deliver_by, r.source, r.service, r.transit_days, r.asked, r.why, r.told, \
     coalesce(r.planned_ship_by, r.ship_by), coalesce(r.planned_deliver_by, r.deliver_by), coalesce(r.planned_source, r.source), r.overdue \
     FROM promise r JOIN purchase_order p ON p.id = r.po_id";

/// Reads a day that the ledger keeps as text.
fn date(row: &Row, place: usize) -> rusqlite::Result<NaiveDate> {
    let text: String = row.get(place)?;
    text.parse()
        .map_err(|_| super::unreadable(place, format!("'{text}' is not a day")))
}

fn promise(row: &Row) -> rusqlite::Result<PromiseRow> {
    let asked: Option<Moment> = row.get(7)?;
    let told: Option<String> = row.get(9)?;
    let overdue: Option<String> = row.get(13)?;
    let promise = Promise {
        ship_by: date(row, 2)?,
        deliver_by: date(row, 3)?,
        source: super::word(row, 4, PromiseSource::parse)?,
        service: super::word(row, 5, Service::parse)?,
        transit_days: row.get(6)?,
        asked: asked.map(Moment::time),
        why: row.get(8)?,
    };
    let mut planned = Promise {
        ship_by: date(row, 10)?,
        deliver_by: date(row, 11)?,
        source: super::word(row, 12, PromiseSource::parse)?,
        ..promise.clone()
    };
    if planned.ship_by != promise.ship_by {
        planned.why = "as planned: no later day of the vendor's stands any more".to_owned();
    }
    Ok(PromiseRow {
        po_id: row.get(0)?,
        order_id: row.get(1)?,
        promise,
        planned,
        told: told.and_then(|text| text.parse().ok()),
        overdue: overdue.and_then(|text| text.parse().ok()),
    })
}

impl Tx<'_> {
    /// Writes down what is promised for a purchase order, for the first time or anew.
    pub fn put_promise(&self, po_id: i64, new: &Promise) -> Result<()> {
        let asked = new.asked.map(clock::text);
        self.execute(
            "INSERT INTO promise (po_id, ship_by, deliver_by, source, service, transit_days, asked, why, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (po_id) DO UPDATE SET ship_by = ?2, deliver_by = ?3, \
             source = ?4, service = ?5, transit_days = ?6, asked = ?7, why = ?8, updated = ?9, planned_ship_by = NULL, \
             planned_deliver_by = NULL, planned_source = NULL",
            (
                po_id,
                new.ship_by.to_string(),
                new.deliver_by.to_string(),
                new.source.as_str(),
                new.service.code(),
                new.transit_days,
                asked,
                &new.why,
                self.now_text(),
            ),
        )?;
        let (number, order_id) = self.name_of_po(po_id)?;
        self.fact(
            "po.promised",
            &format!("po:{number}"),
            Some(order_id),
            &json!(new),
        )
    }

    /// Moves what is promised for a purchase order to another day, and keeps what was planned.
    pub fn move_promise(&self, known: &PromiseRow, to: &Promise) -> Result<()> {
        let planned = Some(&known.planned).filter(|planned| planned.ship_by != to.ship_by);
        self.execute(
            "UPDATE promise SET ship_by = ?1, deliver_by = ?2, source = ?3, why = ?4, updated = ?5, planned_ship_by = ?6, \
             planned_deliver_by = ?7, planned_source = ?8 WHERE po_id = ?9",
            (
                to.ship_by.to_string(),
                to.deliver_by.to_string(),
                to.source.as_str(),
                &to.why,
                self.now_text(),
                planned.map(|planned| planned.ship_by.to_string()),
                planned.map(|planned| planned.deliver_by.to_string()),
                planned.map(|planned| planned.source.as_str()),
                known.po_id,
            ),
        )?;
        let (number, _) = self.name_of_po(known.po_id)?;
        let entity = format!("po:{number}");
        self.fact("po.promised", &entity, Some(known.order_id), &json!(to))
    }

    /// The promise of a purchase order.
    pub fn promise(&self, po_id: i64) -> Result<Option<PromiseRow>> {
        self.first(&format!("{SELECT} WHERE r.po_id = ?1"), [po_id], promise)
    }

    /// Notes the day that the customer read in a mail about a purchase order.
    pub fn told_promise(&self, po_id: i64, day: NaiveDate) -> Result<()> {
        self.execute(
            "UPDATE promise SET told = ?1, updated = ?2 WHERE po_id = ?3",
            (day.to_string(), self.now_text(), po_id),
        )?;
        Ok(())
    }

    /// The purchase orders of which something is open although the day that their customers were told of
    /// it is at most this one, with each such day; what customers know already left out. Where a
    /// purchase order came later than the customer's mail, the latest day that the mail had counts.
    pub fn promises_over(&self, day: NaiveDate) -> Result<Vec<(i64, i64, NaiveDate)>> {
        self.rows(
            "WITH live AS (SELECT p.order_id, r.po_id, r.overdue, coalesce(s.told, r.told, (SELECT max(b.told) \
               FROM purchase_order a JOIN promise b ON b.po_id = a.id WHERE a.order_id = p.order_id)) AS told \
             FROM purchase_order p JOIN promise r ON r.po_id = p.id JOIN orders o ON o.id = p.order_id \
             JOIN po_line l ON l.po_id = p.id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
             WHERE p.state IN ('queued', 'sent', 'acknowledged', 'partly_shipped', 'backordered', 'rejected', 'failed') \
             AND o.state IN ('placed', 'partly_shipped') AND s.told_undated IS NULL \
             AND l.qty > coalesce(s.shipped, 0) + coalesce(s.cancelled, 0)) \
             SELECT DISTINCT order_id, po_id, told FROM live WHERE told <= ?1 AND (overdue IS NULL OR overdue < told) \
             ORDER BY order_id, po_id, told",
            [day.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, date(row, 2)?)),
        )
    }

    /// Notes that the customer was told that a day passed, or knows it.
    pub fn told_overdue(&self, po_id: i64, day: NaiveDate) -> Result<()> {
        self.execute(
            "UPDATE promise SET overdue = ?1, updated = ?2 WHERE po_id = ?3",
            (day.to_string(), self.now_text(), po_id),
        )?;
        let (number, order_id) = self.name_of_po(po_id)?;
        self.fact(
            "po.told_overdue",
            &format!("po:{number}"),
            Some(order_id),
            &json!({"day": day}),
        )
    }

    /// The promises of an order by purchase order.
    pub fn promises_of_order(&self, order_id: i64) -> Result<HashMap<i64, PromiseRow>> {
        let sql = format!("{SELECT} WHERE p.order_id = ?1");
        let rows = self.rows(&sql, [order_id], promise)?;
        Ok(rows.into_iter().map(|row| (row.po_id, row)).collect())
    }

    /// Promises about which the carrier is still to be asked, oldest first, each read by itself; so many
    /// of them are passed over.
    pub fn promises_to_ask(&self, passed: usize, at_most: usize) -> Result<Sound<PromiseRow>> {
        let sql = format!("{SELECT} WHERE r.asked IS NULL ORDER BY r.id LIMIT ?1 OFFSET ?2");
        self.rows_apart(&sql, (at_most as i64, passed as i64), promise)
    }

    /// Finds when UPS said that goods arrive which leave on that day.
    pub fn transit(&self, way: &CarrierWay) -> Result<Option<NaiveDate>> {
        self.first(
            "SELECT deliver_by FROM transit WHERE origin_zip = ?1 AND destination_zip = ?2 AND service = ?3 AND ship_day = ?4",
            (
                &way.origin,
                &way.destination,
                way.service.code(),
                way.ship_day.to_string(),
            ),
            |row| date(row, 0),
        )
    }

    /// Keeps what UPS said.
    pub fn put_transit(&self, way: &CarrierWay, deliver_by: NaiveDate) -> Result<()> {
        self.execute(
            "INSERT INTO transit (origin_zip, destination_zip, service, ship_day, deliver_by, asked) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT DO UPDATE SET deliver_by = ?5, asked = ?6",
            (
                &way.origin,
                &way.destination,
                way.service.code(),
                way.ship_day.to_string(),
                deliver_by.to_string(),
                self.now_text(),
            ),
        )?;
        Ok(())
    }
}
