//! Rows that say of one parcel that it left on two days, or with two carriers: neither is certain. Nor is what
//! stands beside a row of the same parcel that says that nothing left.

use super::super::headers::AdviceField;
use super::super::row::{self, Cells};
use crate::carriers::{carrier_by_name, compact};
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::columns::Recant;
use std::collections::HashMap;

/// Most rows of one parcel that are held against each other.
const MOST: usize = 12;

/// Notes with each row those of the same parcel and purchase order that contradict it, and those that are refused.
pub(super) fn look(rows: &mut [AdviceRow], refused: &[RefusedRow]) {
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
    beside_refused(rows, refused);
}

/// A row that is none, with the numbers of its parcels: line, and why.
pub(super) type RefusedRow = (Vec<String>, usize, String);

/// The numbers of parcels of which the cells of a row say that nothing left by them.
pub(super) fn numbers(cells: Option<&Cells>) -> Vec<String> {
    let none_left = cells.filter(|cells| row::says_none_left(cells));
    let all = none_left.and_then(|cells| cells.get(&AdviceField::Tracking));
    let all = all.into_iter().flatten();
    all.filter_map(|cell| compact(cell)).collect()
}

/// Notes with each row those that are refused and of the same parcel: what is said of a number is said of all that
/// is in the box.
fn beside_refused(rows: &mut [AdviceRow], refused: &[RefusedRow]) {
    let mut of_number: HashMap<&str, Vec<Recant>> = HashMap::new();
    for (numbers, line, why) in refused {
        for number in numbers {
            let all = of_number.entry(number).or_default();
            if all.len() < MOST {
                all.push(Recant {
                    line: *line,
                    said: format!("{number}: {why}"),
                    rest: None,
                    sku: None,
                });
            }
        }
    }
    for row in rows {
        let own = row.tracking_number.iter().chain(&row.further_tracking);
        let against = own.filter_map(|number| of_number.get(number.as_str()));
        let recants: Vec<Recant> = against.flatten().cloned().collect();
        row.beside.recants.extend(recants);
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
