//! Days of arrival, and pieces that left, in tables of answers: neither is what an answer promises.

use super::{Ack, AckRow, ReplyColumn, cells_of, day};
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::columns::marked;
use crate::vendor_docs::text::dates;
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// A day of arrival so many days ahead is the usual way of goods that are there.
const USUAL: i64 = 14;

static GONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"shipped|sent$|^sent|dispatched|despatched|fulfilled|delivered|invoiced|billed")
        .ok()
});

/// A day of arrival.
#[derive(Clone, Copy)]
pub(super) struct ArrivalDay<'a> {
    heading: &'a str,
    cell: &'a str,
    /// The day.
    pub day: NaiveDate,
}

/// Whether a heading is that of the day on which goods arrive, which is not that on which they leave or are
/// there again.
pub(super) fn arrives(heading: &str) -> bool {
    let joined = words_of(heading).concat();
    let other = ["stock", "avail", "back", "bo", "ship", "ready", "release"];
    joined.ends_with("eta") && !other.iter().any(|word| joined.contains(word))
}

/// Whether a heading is that of pieces that left, which no answer knows yet.
pub(super) fn is_gone(heading: &str) -> bool {
    let joined = words_of(heading).concat();
    GONE.as_ref().is_some_and(|gone| gone.is_match(&joined))
}

/// The day on which goods leave or are there again, and that on which they arrive, as far as they are said.
/// Of goods that are on backorder (`waits`) the day may be unknown.
pub(super) fn days<'a>(
    columns: &'a [(String, ReplyColumn)],
    record: &'a csv::StringRecord,
    (today, waits): (NaiveDate, bool),
) -> Result<(Option<NaiveDate>, Option<ArrivalDay<'a>>), String> {
    let all = || {
        let cells = cells_of(columns, record, ReplyColumn::Date);
        cells.filter(|(_, cell)| !waits || !dates::undated(cell))
    };
    let leaves = all().find(|(name, _)| !arrives(name));
    let date = leaves.map(|(_, text)| day(text, today)).transpose()?;
    let Some((heading, cell)) = all().find(|(name, _)| arrives(name)) else {
        return Ok((date, None));
    };
    let day = day(cell, today)?;
    Ok((date, Some(ArrivalDay { heading, cell, day })))
}

/// A day of arrival that does not fit: on the day on which the goods leave or before, or so late that nobody
/// says when they leave.
pub(super) fn doubts(
    row: &AckRow,
    leaves: Option<NaiveDate>,
    arrival: Option<ArrivalDay<'_>>,
    today: NaiveDate,
) -> Option<String> {
    let arrival = arrival?;
    let comes = |ack: &Ack| matches!(ack, Ack::Accepted | Ack::ShipDate { .. });
    let odd = match leaves {
        Some(leaves) => arrival.day <= leaves,
        None => (arrival.day - today).num_days() > USUAL && row.acks.iter().all(comes),
    };
    odd.then(|| marked(arrival.heading, arrival.cell))
}
