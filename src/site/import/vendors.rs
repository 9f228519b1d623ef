//! The vendors (contract: `id,name,email,fax,channel,zip`; optional
//! `street1, city, state, country, handling_days, cutoff, timezone, active`; poms' own:
//! `street2, fallback`, and among the extra columns the agreement about bills ([`terms`]), whether the
//! vendor's whole domain speaks for it ([`mail_domain`]) and whether it takes backorders ([`strategy`]))).

use super::RowError;
use super::cells::Cells;
use super::diff::ImportedRow;
use super::sheet::{self, Errors, ImportColumns, SheetRow, shown};
use crate::domain::address::Address;
use crate::domain::closure::WorkingDays;
use crate::domain::mail_domain;
use crate::domain::strategy;
use crate::domain::terms;
use crate::domain::variance::Terms;
use crate::domain::vendor::{Fallback, Vendor, VendorChannel};
use serde_json::{Map, Value};
use std::collections::HashMap;

const COLUMNS: ImportColumns = ImportColumns {
    required: &["id", "name", "email", "fax", "channel", "zip"],
    optional: &[
        "street1",
        "street2",
        "city",
        "state",
        "country",
        "handling_days",
        "cutoff",
        "timezone",
        "active",
        "fallback",
    ],
};

/// A row of the vendors' file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorRow {
    /// The vendor.
    pub vendor: Vendor,
    /// What the file's other columns hold, by their names.
    pub extra: Map<String, Value>,
    /// The line in the file; 0 when it did not come from one.
    pub line: u64,
}

/// Reads the vendors: all rows or none.
///
/// # Errors
/// Everything that is wrong, by line.
pub fn read_vendors(bytes: &[u8]) -> Result<Vec<VendorRow>, Vec<RowError>> {
    let mut rows = Vec::new();
    let mut lines = HashMap::<String, u64>::new();
    sheet::read(bytes, &COLUMNS, |row, errors| {
        let vendor = vendor(&row, errors);
        for (column, message) in terms::of_columns(&row.extra, &Terms::default())
            .err()
            .unwrap_or_default()
        {
            errors.add(row.line, column, message);
        }
        for (column, cell) in &row.extra {
            let cell = cell.as_str().unwrap_or_default();
            if column.eq_ignore_ascii_case(mail_domain::COLUMN)
                && let Err(message) = mail_domain::whole(cell, &vendor.email)
            {
                errors.add(row.line, column, message);
            }
        }
        if strategy::takes_backorders(&row.extra).is_none() {
            errors.add(row.line, strategy::TAKES_BACKORDERS, "must be yes or no");
        }
        if let Some(first) = lines.get(&vendor.id) {
            let message = format!("'{}' stands on line {first} already", shown(&vendor.id));
            errors.add(row.line, "id", message);
        } else if !vendor.id.is_empty() {
            lines.insert(vendor.id.clone(), row.line);
        }
        rows.push(VendorRow {
            vendor,
            extra: row.extra,
            line: row.line,
        });
    })?;
    Ok(rows)
}

fn vendor(row: &SheetRow, errors: &mut Errors) -> Vendor {
    let mut cells = Cells { row, errors };
    let channels = [
        ("email", VendorChannel::Email),
        ("fax", VendorChannel::Fax),
        ("email+fax", VendorChannel::EmailAndFax),
        ("drop", VendorChannel::Drop),
    ];
    let channel = cells.word("channel", &channels, None);
    let email = cells.email("email");
    let fax = cells.fax("fax");
    let by_fax = matches!(
        channel,
        Some(VendorChannel::Fax | VendorChannel::EmailAndFax)
    );
    reachable(&mut cells, channel, (&email, &fax));
    let ways = [
        ("none", None),
        ("email", Some(Fallback::Email)),
        ("fax", Some(Fallback::Fax)),
    ];
    let fallback = cells.word("fallback", &ways, Some(None)).flatten();
    let missing = match fallback {
        Some(Fallback::Email) => email.is_empty().then_some("an address"),
        Some(Fallback::Fax) => fax.is_empty().then_some("a number"),
        None => None,
    };
    if let (Some(way), Some(what)) = (fallback, missing) {
        let message = format!("is {0}, which needs {what} in the column {0}", way.as_str());
        cells.fault("fallback", message);
    }
    if (by_fax || fallback == Some(Fallback::Fax)) && !fax.is_empty() {
        cells.callable("fax", &fax);
    }
    let (id, name) = (cells.key("id"), cells.required("name"));
    Vendor {
        address: address(&mut cells, &name),
        id,
        name,
        email,
        fax,
        channel: channel.unwrap_or(VendorChannel::Email),
        fallback,
        handling_days: cells.whole("handling_days", 0..=90).unwrap_or(1),
        cutoff: cells.time_of_day("cutoff"),
        timezone: cells.timezone("timezone"),
        active: cells.word("active", YES_NO, Some(true)) != Some(false),
        days: WorkingDays::default(),
        habit: Default::default(),
    }
}

/// Notes what a channel needs and the row has not.
fn reachable(cells: &mut Cells<'_>, channel: Option<VendorChannel>, (email, fax): (&str, &str)) {
    let need = match channel {
        Some(VendorChannel::Email | VendorChannel::EmailAndFax) => {
            "is empty, and the channel needs an address"
        }
        Some(VendorChannel::Drop) => {
            "is empty, and cancellations and questions go by mail, whatever the channel"
        }
        Some(VendorChannel::Fax) | None => "",
    };
    if email.is_empty() && !need.is_empty() {
        cells.fault("email", need);
    }
    let by_fax = matches!(
        channel,
        Some(VendorChannel::Fax | VendorChannel::EmailAndFax)
    );
    if by_fax && fax.is_empty() {
        cells.fault("fax", "is empty, and the channel needs a number");
    }
}

/// What people and spreadsheets write for true and false.
const YES_NO: &[(&str, bool)] = &[
    ("true", true),
    ("false", false),
    ("yes", true),
    ("no", false),
    ("y", true),
    ("n", false),
    ("1", true),
    ("0", false),
];

fn address(cells: &mut Cells<'_>, name: &str) -> Address {
    let country = cells.two_letters("country", "an ISO 3166 country of two letters", "US");
    Address {
        name: name.to_owned(),
        company: String::new(),
        street1: cells.text("street1"),
        street2: cells.text("street2"),
        city: cells.text("city"),
        state: if country == "US" {
            cells.two_letters("state", "a state of two letters", "")
        } else {
            cells.text("state")
        },
        zip: cells.zip("zip", &country),
        country,
        extra: Map::new(),
    }
}

impl ImportedRow for VendorRow {
    fn key(&self) -> String {
        self.vendor.id.clone()
    }

    fn fields(&self) -> Vec<(String, String)> {
        let vendor = &self.vendor;
        let address = &vendor.address;
        let known = [
            ("name", vendor.name.clone()),
            ("email", vendor.email.clone()),
            ("fax", vendor.fax.clone()),
            ("channel", vendor.channel.as_str().to_owned()),
            (
                "fallback",
                vendor.fallback.map_or("none", Fallback::as_str).to_owned(),
            ),
            ("street1", address.street1.clone()),
            ("street2", address.street2.clone()),
            ("city", address.city.clone()),
            ("state", address.state.clone()),
            ("zip", address.zip.clone()),
            ("country", address.country.clone()),
            ("handling_days", vendor.handling_days.to_string()),
            ("cutoff", vendor.cutoff.clone().unwrap_or_default()),
            ("timezone", vendor.timezone.clone().unwrap_or_default()),
            ("active", vendor.active.to_string()),
        ];
        super::diff::with_extra(known.into_iter(), &self.extra)
    }
}
