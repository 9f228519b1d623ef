//! Vendors and their offers.

use super::{Result, Tx};
use crate::domain::address::Address;
use crate::domain::closure::WorkingDays;
use crate::domain::money::Money;
use crate::domain::vendor::{Fallback, Offer, Vendor, VendorChannel};
use crate::ledger::sqlite::nocase;
use chrono::Days;
use rusqlite::Row;
use serde_json::{Map, Value, json};

const OFFER: &str = "SELECT sku, description, category, vendor_id, vendor_sku, cost, retail_price, weight, \
     discontinued, max_qty, priority, extra FROM offer";
const VENDOR: &str = "SELECT vendor_id, name, email, fax, channel, street1, city, state, zip, country, \
     handling_days, cutoff, timezone, active, extra, fallback FROM vendor";

/// What was closed before counts no more: no deadline is older.
const CLOSED_BEFORE: Days = Days::new(200);

/// Columns of a CSV that poms has no use for and keeps.
pub type Extra = Map<String, Value>;

fn offer(row: &Row) -> rusqlite::Result<(Offer, Extra)> {
    let offer = Offer {
        sku: row.get(0)?,
        description: row.get(1)?,
        category: row.get(2)?,
        vendor_id: row.get(3)?,
        vendor_sku: row.get(4)?,
        cost: Money(row.get(5)?),
        retail_price: Money(row.get(6)?),
        weight: row.get(7)?,
        discontinued: row.get(8)?,
        max_qty: row.get(9)?,
        priority: row.get(10)?,
        stock: None,
    };
    Ok((offer, extra(row.get(11)?)))
}

fn vendor(row: &Row) -> rusqlite::Result<(Vendor, Extra)> {
    let name: String = row.get(1)?;
    let channel: String = row.get(4)?;
    let fallback: Option<String> = row.get(15)?;
    let vendor = Vendor {
        id: row.get(0)?,
        name: name.clone(),
        email: row.get(2)?,
        fax: row.get(3)?,
        channel: VendorChannel::parse(&channel).unwrap_or(VendorChannel::Email),
        fallback: fallback.as_deref().and_then(Fallback::parse),
        address: Address {
            name,
            street1: row.get(5)?,
            city: row.get(6)?,
            state: row.get(7)?,
            zip: row.get(8)?,
            country: row.get(9)?,
            ..Address::default()
        },
        handling_days: row.get(10)?,
        cutoff: row.get(11)?,
        timezone: row.get(12)?,
        active: row.get(13)?,
        days: WorkingDays::default(),
        habit: Default::default(),
    };
    Ok((vendor, extra(row.get(14)?)))
}

fn extra(text: String) -> Extra {
    serde_json::from_str(&text).unwrap_or_default()
}

impl Tx<'_> {
    /// Every offer of a SKU, the preferred one first.
    pub fn offers_of(&self, sku: &str) -> Result<Vec<Offer>> {
        let sql = format!("{OFFER} WHERE sku = ?1 ORDER BY priority, cost, vendor_id");
        Ok(self
            .rows(&sql, [sku], offer)?
            .into_iter()
            .map(|(offer, _)| offer)
            .collect())
    }

    /// The extra columns of every offer of a SKU.
    pub fn extras_of(&self, sku: &str) -> Result<Vec<Extra>> {
        let rows = self.rows(&format!("{OFFER} WHERE sku = ?1"), [sku], offer)?;
        Ok(rows.into_iter().map(|(_, extra)| extra).collect())
    }

    /// The extra columns of one offer.
    pub fn extra_of(&self, of: &Offer) -> Result<Extra> {
        let sql = format!("{OFFER} WHERE sku = ?1 AND vendor_id = ?2");
        let rows = self.rows(&sql, [&of.sku, &of.vendor_id], offer)?;
        Ok(rows
            .into_iter()
            .next()
            .map(|(_, extra)| extra)
            .unwrap_or_default())
    }

    /// Offers in whose description a word stands, in small letters: the vendor's own first.
    pub fn described(&self, vendor: &str, word: &str) -> Result<Vec<Offer>> {
        let sql = format!(
            "{OFFER} WHERE instr(lower(description), ?2) > 0 \
             ORDER BY CASE WHEN vendor_id = ?1 THEN 0 ELSE 1 END, sku LIMIT 200"
        );
        let rows = self.rows(&sql, [vendor, word], offer)?;
        Ok(rows.into_iter().map(|(offer, _)| offer).collect())
    }

    /// The SKU of the vendor's offer that has this number, ours or the vendor's own.
    pub fn sold_as(&self, vendor: &str, number: &str) -> Result<Option<String>> {
        let sql = format!(
            "{OFFER} WHERE vendor_id = ?1 AND (sku = ?2 OR vendor_sku = ?2) ORDER BY sku LIMIT 1"
        );
        let rows = self.rows(&sql, [vendor, number], offer)?;
        Ok(rows.into_iter().next().map(|(offer, _)| offer.sku))
    }

    /// The whole catalogue by SKU, with its extra columns.
    pub fn catalogue(&self) -> Result<Vec<(Offer, Extra)>> {
        self.rows(
            &format!("{OFFER} ORDER BY sku, priority, cost, vendor_id"),
            [],
            offer,
        )
    }

    /// One vendor, with the days on which it works.
    pub fn vendor(&self, id: &str) -> Result<Option<Vendor>> {
        let found = self.first(&format!("{VENDOR} WHERE vendor_id = ?1"), [id], vendor)?;
        let Some((mut vendor, _)) = found else {
            return Ok(None);
        };
        let today = self.now().date_naive();
        let since = today.checked_sub_days(CLOSED_BEFORE).unwrap_or(today);
        vendor.days = self.working_days(&vendor.id, since)?;
        vendor.habit = self.habit(&vendor.id)?;
        Ok(Some(vendor))
    }

    /// The extra columns of one vendor; none where it is not on file.
    pub fn vendor_columns(&self, id: &str) -> Result<Extra> {
        let found = self.first(&format!("{VENDOR} WHERE vendor_id = ?1"), [id], vendor)?;
        Ok(found.map(|(_, extra)| extra).unwrap_or_default())
    }

    /// All vendors by id, with their extra columns.
    pub fn vendors(&self) -> Result<Vec<(Vendor, Extra)>> {
        self.rows(&format!("{VENDOR} ORDER BY vendor_id"), [], vendor)
    }

    /// Adds or changes one offer.
    pub fn put_offer(&self, offer: &Offer, extra: &Extra) -> Result<()> {
        self.execute(
            "INSERT INTO offer (sku, vendor_id, vendor_sku, description, category, cost, retail_price, weight, \
             discontinued, max_qty, priority, extra) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) \
             ON CONFLICT (sku, vendor_id) DO UPDATE SET vendor_sku = ?3, description = ?4, category = ?5, cost = ?6, \
             retail_price = ?7, weight = ?8, discontinued = ?9, max_qty = ?10, priority = ?11, extra = ?12",
            (
                &offer.sku,
                &offer.vendor_id,
                &offer.vendor_sku,
                &offer.description,
                &offer.category,
                offer.cost.0,
                offer.retail_price.0,
                &offer.weight,
                offer.discontinued,
                offer.max_qty,
                offer.priority,
                Value::Object(extra.clone()).to_string(),
            ),
        )?;
        let entity = format!("sku:{}", offer.sku);
        self.fact("catalogue.changed", &entity, None, &json!(offer))
    }

    /// Id and name of each vendor that takes mail at this address, in any capitals.
    pub fn vendors_of_mail(&self, address: &str) -> Result<Vec<(String, String)>> {
        self.rows(
            concat!(
                "SELECT vendor_id, name FROM vendor WHERE trim(email) = ?1 ",
                nocase!(),
                " ORDER BY vendor_id LIMIT 100"
            ),
            [address.trim()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// The name of a vendor that takes mail at this address, in any capitals.
    pub fn vendor_of_mail(&self, address: &str) -> Result<Option<String>> {
        self.first(
            concat!(
                "SELECT name FROM vendor WHERE trim(email) = ?1 ",
                nocase!(),
                " ORDER BY vendor_id LIMIT 1"
            ),
            [address],
            |row| row.get(0),
        )
    }

    /// Adds or changes one vendor.
    pub fn put_vendor(&self, vendor: &Vendor, extra: &Extra) -> Result<()> {
        let at = &vendor.address;
        self.execute(
            "INSERT INTO vendor (vendor_id, name, email, fax, channel, street1, city, state, zip, country, \
             handling_days, cutoff, timezone, active, extra, fallback) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16) \
             ON CONFLICT (vendor_id) DO UPDATE SET name = ?2, email = ?3, fax = ?4, channel = ?5, street1 = ?6, city = ?7, \
             state = ?8, zip = ?9, country = ?10, handling_days = ?11, cutoff = ?12, timezone = ?13, active = ?14, extra = ?15, fallback = ?16",
            (
                &vendor.id,
                &vendor.name,
                &vendor.email,
                &vendor.fax,
                vendor.channel.as_str(),
                &at.street1,
                &at.city,
                &at.state,
                &at.zip,
                &at.country,
                vendor.handling_days,
                &vendor.cutoff,
                &vendor.timezone,
                vendor.active,
                Value::Object(extra.clone()).to_string(),
                vendor.fallback.map(Fallback::as_str),
            ),
        )?;
        self.fact(
            "vendor.changed",
            &format!("vendor:{}", vendor.id),
            None,
            &json!(vendor),
        )
    }
}
