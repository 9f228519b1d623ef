//! Parcels as people look for them: each with its state and age.

use super::layout::{View, count, table};
use crate::carriers::{carrier_by_code, links};
use crate::domain::lifecycle::ShipmentState;
use crate::domain::text::line;
use crate::ledger::shipments::ListedParcel;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// Where a parcel stands: one of a shipment may have arrived before the others.
fn state(row: &ListedParcel) -> &'static str {
    match (row.state, row.delivered) {
        (ShipmentState::InTransit | ShipmentState::Exception, Some(_)) => {
            ShipmentState::Delivered.as_str()
        }
        (state, _) => state.as_str(),
    }
}

/// Days from its leaving until it arrived, or until today.
fn age(row: &ListedParcel, today: NaiveDate) -> Option<i64> {
    let left = row.left?;
    Some((row.delivered.unwrap_or(today) - left).num_days().max(0))
}

fn url(row: &ListedParcel) -> Option<String> {
    let carrier = carrier_by_code(row.carrier.as_deref()?)?;
    links::tracking_url(carrier, row.tracking.as_deref()?)
}

/// A list of which at most `limit` are shown, as JSON.
pub fn json(rows: &[ListedParcel], limit: usize, today: NaiveDate) -> Value {
    let each = rows.iter().take(limit).map(|row| {
        json!({
            "id": row.shipment, "purchase_order": row.po, "order": row.order, "vendor_id": row.vendor_id,
            "vendor": row.vendor_name, "carrier": row.carrier, "tracking_number": row.tracking, "tracking_url": url(row),
            "state": state(row), "shipment_state": row.state, "ship_date": row.left.filter(|_| row.dated), "left": row.left,
            "age_days": age(row, today), "delivered": row.delivered, "last_scan": row.last_scan, "status": row.status,
        })
    });
    json!({"shipments": each.collect::<Vec<_>>(), "more": rows.len() > limit})
}

/// The same on a screen.
pub fn text(rows: &[ListedParcel], limit: usize, today: NaiveDate, view: &View) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(limit)
        .map(|row| {
            let name = row.carrier.as_deref().and_then(carrier_by_code);
            let parcel = match &row.tracking {
                Some(number) => format!("{} {}", name.map_or("", |it| it.name), line(number)),
                None => "no number".to_owned(),
            };
            vec![
                row.shipment.to_string(),
                state(row).replace('_', " "),
                age(row, today).map_or_else(String::new, |days| format!("{days} d")),
                row.left.map_or_else(String::new, |day| match row.dated {
                    true => day.to_string(),
                    false => format!("~{day}"),
                }),
                parcel.trim().to_owned(),
                row.po.clone(),
                line(&row.vendor_name),
                seen(row),
            ]
        })
        .collect();
    let header = [
        "ID",
        "State",
        "Age",
        "Left",
        "Parcel",
        "Purchase order",
        "Vendor",
        "Last known",
    ];
    let more = match rows.len() > limit {
        true => format!("\nThe newest {limit}; there are more: --limit N\n"),
        false => format!("\n{}\n", count(cells.len(), "parcel")),
    };
    format!("{}{more}", table(&header, &cells, view.width))
}

/// What is known of it last.
fn seen(row: &ListedParcel) -> String {
    let status = row.status.as_deref().map(line).unwrap_or_default();
    match (row.delivered, row.last_scan) {
        (Some(day), _) => format!("arrived {day}"),
        (None, Some(day)) => format!("seen {day} {status}").trim_end().to_owned(),
        (None, None) => status,
    }
}
