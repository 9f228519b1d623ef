//! The promise: when the vendor ships, and when the customer has the goods.
//!
//! Made with the purchase order from the table of days or from what UPS said before; where UPS is
//! to be asked, the table's answer stands until [`crate::run`] has asked, after the purchase orders
//! are on their way.

mod taken;

pub use taken::{PromiseEnd, learnt, promised_well};

use crate::domain::calendar::{self, Calendar};
use crate::domain::habit::HabitDays;
use crate::domain::order::Order;
use crate::domain::promise::{Promise, PromiseSource, Service, TransitTable, zip5};
use crate::domain::vendor::Vendor;
use crate::domain::zones::zone_of;
use crate::ledger::promises::CarrierWay;
use crate::ledger::{Result, Tx};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// How the reason begins where the day is by what the vendor did.
const BY_HABIT: &str = "by its last";

/// Why a promise is later than the vendor says, in words, where that is by what it did.
pub fn by_habit(promise: &Promise) -> Option<&str> {
    let begin = promise.why.find(BY_HABIT)?;
    promise.why.get(begin..)
}

/// How promises are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseSettings {
    /// Whether UPS is asked.
    pub ups: bool,
    /// Days in transit where nobody can be asked.
    pub table: TransitTable,
    /// Cut-off of vendors who have none on file, local time.
    pub cutoff: NaiveTime,
    /// The service of orders that name none.
    pub service: Service,
    /// How many of a hundred promises are to be kept, by what vendors did; by the vendors' own days alone where `None`.
    pub hit_rate: Option<u32>,
}

impl Default for PromiseSettings {
    fn default() -> PromiseSettings {
        PromiseSettings {
            ups: false,
            table: TransitTable::default(),
            cutoff: NaiveTime::from_hms_opt(14, 0, 0).unwrap_or_default(),
            service: Service::Ground,
            hit_rate: None,
        }
    }
}

/// The way that an order's goods take from one vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    /// The day on which the vendor ships, as it says.
    pub ship_by: NaiveDate,
    /// The day on which the goods leave, as the customer's day is counted: not before that, and as late as the vendor
    /// does where it takes longer than it says.
    leaves: NaiveDate,
    /// Why that is later.
    habit: Option<HabitDays>,
    /// How it travels.
    pub service: Service,
    /// What UPS can be asked; `None` when the way is not within the US, or another carrier's.
    pub way: Option<CarrierWay>,
    origin: String,
    destination: String,
}

impl Journey {
    /// Of what an order buys from a vendor, at this moment. The day of shipping is counted in the
    /// vendor's zone: as on file, else by the ZIP code, else the site's.
    pub fn new(
        vendor: &Vendor,
        order: &Order,
        now: DateTime<Utc>,
        site: Tz,
        settings: &PromiseSettings,
    ) -> Journey {
        let (zone, cutoff) = Journey::counted(vendor, site, settings);
        let counted = |days| vendor.days.ship_date(now, cutoff, zone, days);
        let ship_by = counted(vendor.handling());
        let habit = settings.hit_rate.and_then(|_| {
            let goods = order.lines.iter().map(|line| line.sku.trim());
            let habit = vendor.habit.of_goods(goods);
            habit.filter(|habit| habit.kept > vendor.handling())
        });
        let leaves = habit.map_or(ship_by, |habit| counted(habit.kept));
        Journey {
            habit,
            ..Journey::between(vendor, order, (ship_by, leaves), settings)
        }
    }

    /// Where and up to when a vendor's day is counted.
    fn counted(vendor: &Vendor, site: Tz, settings: &PromiseSettings) -> (Tz, NaiveTime) {
        let on_file = vendor
            .timezone
            .as_deref()
            .and_then(|name| name.parse().ok());
        let zone = on_file.or_else(|| zone_of(&vendor.address)).unwrap_or(site);
        let cutoff = vendor.cutoff.as_deref();
        let cutoff = cutoff.and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
        (zone, cutoff.unwrap_or(settings.cutoff))
    }

    /// As [`Journey::new`], for goods that leave on a day that is known.
    pub fn leaving(
        vendor: &Vendor,
        order: &Order,
        ship_by: NaiveDate,
        settings: &PromiseSettings,
    ) -> Journey {
        Journey::between(vendor, order, (ship_by, ship_by), settings)
    }

    fn between(
        vendor: &Vendor,
        order: &Order,
        (ship_by, leaves): (NaiveDate, NaiveDate),
        settings: &PromiseSettings,
    ) -> Journey {
        let words = order.shipping_method.as_deref().unwrap_or_default();
        let service = Service::by_words(words).unwrap_or(settings.service);
        let (from, to) = (&vendor.address, &order.ship_to);
        let domestic = is_us(&from.country) && is_us(&to.country);
        let asked = settings.ups && domestic && !Service::is_of_another_carrier(words);
        let way = zip5(&from.zip).zip(zip5(&to.zip)).filter(|_| asked);
        Journey {
            ship_by,
            leaves,
            habit: None,
            service,
            way: way.map(|(origin, destination)| CarrierWay {
                origin: origin.to_owned(),
                destination: destination.to_owned(),
                service,
                ship_day: leaves,
            }),
            origin: from.zip.clone(),
            destination: to.zip.clone(),
        }
    }

    /// The same of goods that the vendor itself has on a day, and not before.
    pub fn not_before(
        self,
        day: NaiveDate,
        vendor: &Vendor,
        order: &Order,
        settings: &PromiseSettings,
    ) -> Journey {
        let ready = vendor.days.add(day, vendor.handling());
        match ready > self.leaves {
            true => Journey::leaving(vendor, order, ready, settings),
            false => self,
        }
    }

    /// The day on which the goods leave, as the customer's day is counted.
    pub fn leaves(&self) -> NaiveDate {
        self.leaves
    }

    /// What the table says.
    pub fn by_table(
        &self,
        settings: &PromiseSettings,
        asked: Option<DateTime<Utc>>,
        why: &str,
    ) -> Promise {
        let days = settings
            .table
            .days(&self.origin, &self.destination, self.service);
        Promise {
            ship_by: self.ship_by,
            deliver_by: calendar::deliver_date(self.leaves, days),
            source: PromiseSource::Table,
            service: self.service,
            transit_days: days,
            asked,
            why: self.with_habit(why),
        }
    }

    /// What UPS said.
    pub fn by_ups(&self, deliver_by: NaiveDate, asked: DateTime<Utc>) -> Promise {
        Promise {
            ship_by: self.ship_by,
            deliver_by,
            source: PromiseSource::Ups,
            service: self.service,
            transit_days: business_days(self.leaves, deliver_by),
            asked: Some(asked),
            why: self.with_habit(""),
        }
    }

    /// Why the day is what it is, with what the vendor did.
    fn with_habit(&self, why: &str) -> String {
        let Some(habit) = self.habit else {
            return why.to_owned();
        };
        let habit = format!(
            "{BY_HABIT} {} purchase orders the vendor ships in {} business days as often as promises are to be kept",
            habit.counted, habit.kept
        );
        match why.is_empty() {
            true => habit,
            false => format!("{why}; {habit}"),
        }
    }
}

/// The promise that can be made at once: what UPS said before, else the table's. Its `asked` is
/// empty when UPS is still to be asked.
pub fn at_once(tx: &Tx, journey: &Journey, settings: &PromiseSettings) -> Result<Promise> {
    let Some(way) = &journey.way else {
        return Ok(journey.by_table(settings, Some(tx.now()), ""));
    };
    Ok(match tx.transit(way)? {
        Some(day) => journey.by_ups(day, tx.now()),
        None => journey.by_table(settings, None, "UPS is still to be asked"),
    })
}

fn is_us(country: &str) -> bool {
    let word = country.trim().to_ascii_uppercase();
    matches!(word.as_str(), "US" | "USA" | "UNITED STATES")
}

/// UPS' business days after one day up to another; 0 when it is not later.
fn business_days(from: NaiveDate, to: NaiveDate) -> u32 {
    let days = from.iter_days().skip(1).take_while(|day| *day <= to);
    let counted = days
        .take(400)
        .filter(|day| Calendar::Ups.is_business_day(*day));
    u32::try_from(counted.count()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
