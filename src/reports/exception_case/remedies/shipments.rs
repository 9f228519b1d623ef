//! Mending the shipments that an exception is about: another number, a further parcel, one that did not
//! happen.

use super::Choice;
use crate::carriers::{Check, recognise};
use crate::domain::codes::Code;
use crate::domain::text::line;
use crate::ledger::shipments::ShipmentRow;
use crate::reports::exception_case::Case;
use crate::reports::layout::quoted;

/// Codes that may mean that what is on record of a shipment is wrong.
const CODES: &[Code] = &[
    Code::OverShipment,
    Code::VendorMail,
    Code::AdviceUnclear,
    Code::TrackingReused,
    Code::TrackingCheckDigit,
    Code::ShipmentStuck,
];

/// The commands; nothing where no shipment of the purchase order is on record.
pub(super) fn choices(case: &Case, poms: &str) -> Vec<Choice> {
    let Some(po) = case.row.subject.po else {
        return Vec::new();
    };
    if !case.row.code.is_one_of(CODES) {
        return Vec::new();
    }
    let all = case.story.iter().flat_map(|story| &story.supply.shipments);
    let about = case.row.entity.strip_prefix("shipment:");
    let meant =
        |row: &&ShipmentRow| row.po_id == po && about.is_none_or(|id| row.id.to_string() == id);
    all.filter(meant)
        .flat_map(|row| of_one(case, row, poms))
        .collect()
}

fn of_one(case: &Case, row: &ShipmentRow, poms: &str) -> Vec<Choice> {
    let has = |number: &str| row.parcels.iter().any(|one| one.tracking == number);
    let new = case.tracking.as_deref().filter(|number| !has(number));
    let number = new.map_or_else(|| "NUMBER".to_owned(), |number| quoted(number).to_string());
    // a number that the desk would not take without a word
    let wrong = new.is_some_and(|number| {
        let first = recognise(number).into_iter().next();
        first.is_some_and(|one| one.check == Check::Wrong)
    });
    let typed = if wrong { " --as-typed" } else { "" };
    let numbers: Vec<String> = row.parcels.iter().map(|one| line(&one.tracking)).collect();
    let which = match numbers.as_slice() {
        [_, _, ..] => format!(" --parcel {}", quoted(&row.parcels[0].tracking)),
        _ => String::new(),
    };
    let held = match numbers.is_empty() {
        true => format!("shipment {}, which has no number", row.id),
        false => format!("shipment {} ({})", row.id, numbers.join(", ")),
    };
    let mut all = vec![Choice {
        word: "retrack",
        what: format!("the right number of {held} is another one"),
        command: format!(
            "{poms} shipment retrack {} --tracking {number}{which}{typed} --note \"WHY\"",
            row.id
        ),
    }];
    if new.is_some() {
        all.push(Choice {
            word: "add",
            what: format!("it is a further parcel of {held}"),
            command: format!(
                "{poms} shipment add {} --shipment {} --tracking {number}{typed} --note \"WHY\"",
                quoted(&row.po_number),
                row.id
            ),
        });
    }
    if !case.returned.contains(&row.id) {
        all.push(Choice {
            word: "undo",
            what: format!("{held} did not happen: its pieces are open again"),
            command: format!("{poms} shipment undo {} --note \"WHY\"", row.id),
        });
    }
    all
}
