//! How long vendors take, by what they did.

use super::po_lines::day;
use super::{Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::habit::{HabitDays, VendorHabit};
use crate::domain::lifecycle::PoState;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// A purchase order that left for its vendor, with what came of its promise.
#[derive(Clone, Debug)]
pub struct PromisedPo {
    /// Its number.
    pub number: String,
    /// When it was made.
    pub created: Moment,
    /// Where it stands.
    pub state: PoState,
    /// The day on which the customer was to have it, as planned when it was made.
    pub planned: NaiveDate,
    /// Business days that its carrier takes.
    pub transit_days: u32,
    /// The day on which the last that left did so; `None` while nothing has.
    pub left: Option<NaiveDate>,
    /// The day on which the last of it arrived, where a carrier said so.
    pub arrived: Option<NaiveDate>,
    /// The one article that it is for; `None` for several.
    pub sku: Option<String>,
}

impl PromisedPo {
    /// Whether all of it left.
    pub fn is_gone(&self) -> bool {
        let gone = matches!(
            self.state,
            PoState::Shipped | PoState::Invoiced | PoState::Closed
        );
        gone && self.left.is_some()
    }
}

impl Tx<'_> {
    /// The purchase orders of a vendor that left for it since a moment, the newest first, at most so many; not those
    /// that were cancelled, refused, or could not be brought to it.
    pub fn promised_pos(
        &self,
        vendor: &str,
        since: DateTime<Utc>,
        at_most: usize,
    ) -> Result<Vec<PromisedPo>> {
        let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
        self.rows(
            "SELECT p.number, p.created, p.state, coalesce(r.planned_deliver_by, r.deliver_by), r.transit_days, \
             (SELECT max(coalesce(s.ship_date, substr(s.created, 1, 10))) FROM shipment s \
              WHERE s.po_id = p.id AND s.state <> 'undone'), \
             (SELECT max(w.delivered) FROM shipment s JOIN parcel c ON c.shipment_id = s.id \
              JOIN parcel_watch w ON w.parcel_id = c.id WHERE s.po_id = p.id AND s.state <> 'undone' AND c.replaced_by IS NULL), \
             (SELECT CASE WHEN min(l.sku) = max(l.sku) THEN min(l.sku) END FROM po_line l WHERE l.po_id = p.id) \
             FROM purchase_order p JOIN promise r ON r.po_id = p.id WHERE p.vendor_id = ?1 AND p.created >= ?2 \
             AND p.sent IS NOT NULL AND p.state NOT IN ('queued', 'cancelled', 'failed', 'rejected') ORDER BY p.id DESC LIMIT ?3",
            (vendor, clock::text(since), at_most),
            |row| {
                Ok(PromisedPo {
                    number: row.get(0)?,
                    created: row.get(1)?,
                    state: super::word(row, 2, PoState::parse)?,
                    planned: day(row, 3)?.unwrap_or_default(),
                    transit_days: row.get(4)?,
                    left: day(row, 5)?,
                    arrived: day(row, 6)?,
                    sku: row.get(7)?,
                })
            },
        )
    }

    /// How long a vendor takes, as it was learnt last.
    pub fn habit(&self, vendor: &str) -> Result<VendorHabit> {
        let rows: Vec<(String, HabitDays)> = self.rows(
            "SELECT sku, kept, half, nine_in_ten, counted FROM vendor_habit WHERE vendor_id = ?1 ORDER BY sku",
            [vendor],
            |row| {
                let days = HabitDays {
                    kept: row.get(1)?,
                    half: row.get(2)?,
                    nine_in_ten: row.get(3)?,
                    counted: row.get(4)?,
                };
                Ok((row.get(0)?, days))
            },
        )?;
        let mut habit = VendorHabit::default();
        for (sku, days) in rows {
            match sku.is_empty() {
                true => habit.all = Some(days),
                false => drop(habit.articles.insert(sku, days)),
            }
        }
        Ok(habit)
    }

    /// Writes down how long a vendor takes; a fact where its days are others than before.
    pub fn put_habit(&self, vendor: &str, new: &VendorHabit) -> Result<()> {
        let before = self.habit(vendor)?;
        if before == *new {
            return Ok(());
        }
        self.execute("DELETE FROM vendor_habit WHERE vendor_id = ?1", [vendor])?;
        let all = new.all.iter().map(|days| ("", days));
        let articles = new.articles.iter().map(|(sku, days)| (sku.as_str(), days));
        for (sku, days) in all.chain(articles) {
            self.insert(
                "INSERT INTO vendor_habit (vendor_id, sku, kept, half, nine_in_ten, counted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (vendor, sku, days.kept, days.half, days.nine_in_ten, days.counted),
            )?;
        }
        let days = |habit: &VendorHabit| habit.all.map(|days| days.kept);
        let articles = new.articles.iter();
        let articles: serde_json::Map<String, serde_json::Value> = articles
            .map(|(sku, days)| (sku.clone(), json!(days.kept)))
            .collect();
        let payload = json!({"days": days(new), "before": days(&before), "articles": articles,
                             "counted": new.all.map(|days| days.counted)});
        self.fact("vendor.habit", &format!("vendor:{vendor}"), None, &payload)
    }
}
