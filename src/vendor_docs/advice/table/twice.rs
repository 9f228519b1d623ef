//! Rows that say of one parcel that it left on two days, or with two carriers: neither is certain.

use crate::carriers::carrier_by_name;
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::columns::Recant;
use std::collections::HashMap;

/// Most rows of one parcel that are held against each other.
const MOST: usize = 12;

/// Notes with each row those of the same parcel and purchase order that contradict it.
pub(super) fn look(rows: &mut [AdviceRow]) {
    let mut parcels: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(number) = &row.tracking_number {
            let po = row.po_number.as_deref().unwrap_or_default().to_uppercase();
            parcels.entry((po, number.clone())).or_default().push(at);
        }
    }
    for all in parcels.values().filter(|all| all.len() > 1) {
        for at in all.iter().take(MOST) {
            let others = all.iter().take(MOST).filter(|other| *other != at);
            let against = others.filter(|other| differ(&rows[*at], &rows[**other]));
            let recants: Vec<Recant> = against.map(|other| recant(&rows[*other])).collect();
            rows[*at].beside.recants.extend(recants);
        }
    }
}

fn differ(one: &AdviceRow, other: &AdviceRow) -> bool {
    let days = one.ship_date.zip(other.ship_date);
    let carrier = |row: &AdviceRow| {
        let named = carrier_by_name(row.carrier_text.as_deref()?)?;
        Some(named.code)
    };
    let carriers = carrier(one).zip(carrier(other));
    days.is_some_and(|(one, other)| one != other)
        || carriers.is_some_and(|(one, other)| one != other)
}

fn recant(row: &AdviceRow) -> Recant {
    let day = row.ship_date.map(|day| day.to_string());
    let said = [row.tracking_number.clone(), row.carrier_text.clone(), day];
    let said: Vec<String> = said.into_iter().flatten().collect();
    Recant {
        line: row.line,
        said: said.join(", "),
        rest: None,
        sku: None,
    }
}
