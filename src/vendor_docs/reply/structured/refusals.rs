//! What speaks against a refusal or a backorder in its own row: pieces that are accepted, none that are
//! refused, a day on which they leave.

use super::{Ack, AckRow, ReplyColumn, cells_of, days, status};
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::columns::{denies, marked, nothing};
use chrono::NaiveDate;

/// Words of headings by which goods never come.
const ENDS: &[&str] = &[
    "cancel",
    "discontinu",
    "obsolete",
    "reject",
    "refus",
    "declin",
    "endoflife",
];

/// Clauses about the cells that do; none for what comes.
pub(super) fn against(
    row: &AckRow,
    columns: &[(String, ReplyColumn)],
    record: &csv::StringRecord,
    (date, today): (Option<NaiveDate>, NaiveDate),
) -> Vec<String> {
    let (own, refused): (&[&str], bool) = match row.acks.as_slice() {
        [Ack::Rejected { .. }] => (
            &[
                "reject",
                "refus",
                "declin",
                "cancel",
                "discontinu",
                "outofstock",
            ],
            true,
        ),
        [Ack::Backordered { .. }] => (&["backorder", "qtybo", "boqty", "bo"], false),
        _ => return Vec::new(),
    };
    let own = |heading: &str| {
        own.iter().any(|word| match *word {
            "bo" => heading == "bo",
            word => heading.contains(word),
        })
    };
    let against = |heading: &str, cell: &str| {
        let heading = words_of(heading).concat();
        let has = |all: &[&str]| all.iter().any(|word| heading.contains(word));
        let counted = has(&["qty", "quantity", "units", "pieces"]);
        let accepted = has(&["accept", "confirm", "commit", "acknowledged", "promis"]);
        let day = has(&["date", "eta", "etd"]) || heading.ends_with("on");
        // what never comes is not on backorder
        let ends = !refused && !day && has(ENDS) && denies(cell);
        ends || match cell.trim().parse::<f64>().ok() {
            Some(count) if count > 0.0 => {
                accepted && (counted || !day) || own(&heading) && counted && !whole(row, count)
            }
            Some(_) => own(&heading) && is_of(row, &heading),
            None => {
                own(&heading) && !day && !nothing(cell) && !denies(cell) && is_of(row, &heading)
            }
        }
    };
    let cells = columns.iter().zip(record.iter());
    let found = cells.filter(|((heading, _), cell)| against(heading, cell));
    let mut doubts: Vec<String> = found
        .map(|((heading, _), cell)| marked(heading, cell))
        .collect();
    // the day of the paper is past or today
    if refused && date.is_some_and(|day| day > today) {
        let days = cells_of(columns, record, ReplyColumn::Date);
        doubts.extend(days.map(|(heading, cell)| marked(heading, cell)));
    }
    doubts
}

/// Whether a count is of all pieces of the row.
fn whole(row: &AckRow, count: f64) -> bool {
    row.qty.is_none_or(|qty| qty as f64 == count)
}

/// "discontinued: no" speaks against a row that is discontinued, not against one refused for another reason.
fn is_of(row: &AckRow, heading: &str) -> bool {
    let refused = ["reject", "refus", "declin"]
        .iter()
        .any(|word| heading.contains(word));
    match row.acks.as_slice() {
        [Ack::Rejected { reason }] if !refused => match reason.as_str() {
            "discontinued" => heading.contains("discontinu"),
            "out of stock" => heading.contains("outofstock"),
            "rejected" => false,
            _ => heading.contains("cancel"),
        },
        _ => true,
    }
}

/// The cell of the pieces of a row: those that are confirmed go before those that were ordered.
pub(super) fn counted<'a>(
    columns: &'a [(String, ReplyColumn)],
    record: &'a csv::StringRecord,
    said: &str,
) -> Option<&'a str> {
    let refuses = said_no(said);
    let all = |wanted| cells_of(columns, record, wanted).map(|(_, cell)| cell);
    // none are confirmed of what is refused
    let mut confirmed = all(ReplyColumn::Confirmed).filter(|cell| !refuses || !is_zero(cell));
    confirmed.next().or_else(|| all(ReplyColumn::Qty).next())
}

/// Numbers at which somebody may have put a mark, and pieces that left already.
pub(super) fn marks(
    columns: &[(String, ReplyColumn)],
    record: &csv::StringRecord,
    said: &str,
) -> Vec<String> {
    let all = |wanted| cells_of(columns, record, wanted);
    let numbers = all(ReplyColumn::Po).chain(all(ReplyColumn::Sku));
    let odd = numbers.filter(|(_, cell)| cell.contains(['*', '?']));
    let shipped = said.to_lowercase().contains("ship");
    let gone = all(ReplyColumn::Qty).filter(|(name, _)| !shipped && days::is_gone(name));
    odd.chain(gone)
        .map(|(name, cell)| marked(name, cell))
        .collect()
}

/// Whether a status is a refusal or a backorder.
fn said_no(said: &str) -> bool {
    let no = |ack: &Ack| matches!(ack, Ack::Rejected { .. } | Ack::Backordered { .. });
    status(said, None).is_ok_and(|acks| acks.iter().all(no))
}

fn is_zero(text: &str) -> bool {
    text.parse::<f64>() == Ok(0.0)
}
