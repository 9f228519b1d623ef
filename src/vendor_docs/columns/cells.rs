//! What a cell beside the fields says: harmless, or a doubt.

mod odd;
mod ways;

use super::left::is_left;
use super::{Beside, ColumnKind, NamedCell, Of, Price, marked, takes_back};
use crate::domain::pattern::fits;
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::reply::plain::{self, KnownBeside};
use crate::vendor_docs::text::dates;
use chrono::NaiveDate;
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;
pub use ways::of_packages;
use ways::{arrives_in_time, collects, fetched, idle, is_box, outward, planned};

/// Which kind of table a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Goods left.
    Shipments,
    /// Answers to purchase orders.
    Answers,
}

/// What the fields of the row say already.
#[derive(Clone, Copy, Debug)]
pub struct RowFields<'a> {
    /// Of which table it is.
    pub table: TableKind,
    /// The article.
    pub sku: Option<&'a str>,
    /// Pieces.
    pub qty: Option<i64>,
    /// The day on which goods left, or on which they will or are there again.
    pub day: Option<NaiveDate>,
    /// Whether goods left, or come as ordered.
    pub comes: bool,
    /// Its numbers, which are no riddles in notes.
    pub known: &'a KnownBeside,
    /// The day on which it was written.
    pub today: NaiveDate,
}

/// What is written where nothing is to be said.
const NOTHING: &[&str] = &[
    "",
    "-",
    "--",
    "---",
    "n/a",
    "na",
    "none",
    "null",
    "nil",
    "not applicable",
    ".",
];
/// Units that are pieces (UN/ECE Recommendation 20 and X12 element 355 have EA, C62, PCE and PC).
const PIECES: &[&str] = &[
    "ea", "each", "eaches", "pc", "pcs", "pce", "piece", "pieces", "unit", "units", "un", "u",
    "c62", "st", "item", "items", "1",
];
/// Names of the site's money.
const MONEY: &[&str] = &[
    "usd",
    "us$",
    "$",
    "us dollar",
    "us dollars",
    "dollar",
    "dollars",
    "840",
];
const NO: &[&str] = &["no", "n", "false", "f", "0"];
const YES: &[&str] = &["yes", "y", "true", "t", "1", "x", "ok", "✓", "✔"];

const PAID: &[&str] = &[
    "paid",
    "unpaid",
    "open",
    "authorized",
    "authorised",
    "partially paid",
    "net 30",
    "on account",
    "invoiced",
    "billed",
];

/// In lower case, with one blank between its words.
pub(super) fn bare(cell: &str) -> String {
    let signs = |c: char| if matches!(c, '_' | '-') { ' ' } else { c };
    let words: String = cell.to_lowercase().chars().map(signs).collect();
    words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_matches(['.', '!', '"', '\'', '*', ' '])
        .to_owned()
}

/// An amount of money, `$1,234.50`; `None` for what is none.
pub(super) fn amount(cell: &str) -> Option<Decimal> {
    let text = cell.trim().to_uppercase();
    let text = text.trim_start_matches("USD").trim_end_matches("USD");
    let text = text.trim().trim_start_matches('$').trim();
    let whole = text.split('.').next().unwrap_or_default();
    let grouped = whole.split(',').skip(1).all(|part| part.len() == 3);
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'));
    let comma_after = text
        .split_once('.')
        .is_some_and(|(_, part)| part.contains(','));
    if !plain || !grouped || comma_after {
        return None;
    }
    text.replace(',', "").parse().ok()
}

/// Whether a cell says nothing.
pub fn nothing(cell: &str) -> bool {
    NOTHING.contains(&cell.trim().to_lowercase().as_str())
}

/// Whether a cell says what its column, which says nothing of its row, cannot say of one that counts.
pub fn speaks(heading: &str, cell: &str) -> bool {
    odd::speaks(heading, cell)
}

/// Whether all that a cell says is that its row is none: a test, a sample, a plan.
pub fn is_unreal(cell: &str) -> bool {
    odd::is_unreal(cell)
}

/// Whether a cell of a column such as `voided` says that it is so.
pub fn denies(cell: &str) -> bool {
    !no(cell)
}

fn no(cell: &str) -> bool {
    let zero = amount(cell.trim().trim_end_matches('%')).is_some_and(|amount| amount.is_zero());
    nothing(cell) || zero || NO.contains(&bare(cell).as_str())
}

fn yes(cell: &str) -> bool {
    let many = amount(cell).is_some_and(|amount| amount > Decimal::ZERO);
    let day = cell.trim().len() > 5 && dates::parse(cell.trim(), None).is_some();
    many || day || is_left(cell) || YES.contains(&bare(cell).as_str())
}

/// Looks at the cells beside the fields of a row: each with its column's heading and kind.
pub fn look<'a>(
    cells: impl Iterator<Item = (&'a str, ColumnKind, &'a str)>,
    told: &RowFields,
) -> Beside {
    let mut beside = Beside::default();
    let cells: Vec<_> = cells.collect();
    let pieces = |(_, kind, cell): &(&str, ColumnKind, &str)| {
        *kind == ColumnKind::Unit && PIECES.contains(&bare(cell).as_str())
    };
    let in_pieces = cells.iter().any(pieces);
    for (heading, kind, cell) in cells {
        if nothing(cell) || kind == ColumnKind::Pack && in_pieces {
            continue;
        }
        if is_box(heading) && of_packages(cell).is_some() {
            beside.names.push(NamedCell {
                heading: heading.to_owned(),
                cell: cell.trim().to_owned(),
                of: Of::Packages,
            });
            continue;
        }
        match kind {
            // of an advice without a price: what the carrier takes
            ColumnKind::UnitPrice if carriage(heading, told) && amount(cell).is_some() => {}
            ColumnKind::UnitPrice | ColumnKind::Amount if !no(cell) => beside.prices.push(Price {
                heading: heading.to_owned(),
                cell: cell.trim().to_owned(),
                each: kind == ColumnKind::UnitPrice,
            }),
            ColumnKind::Affirms | ColumnKind::Stock if counted(heading, cell, told) => {
                beside.names.push(NamedCell {
                    heading: heading.to_owned(),
                    cell: cell.trim().to_owned(),
                    of: Of::Ordered,
                });
            }
            ColumnKind::Remit if !no(cell) => beside
                .remits
                .push((heading.to_owned(), cell.trim().to_owned())),
            _ if harmless(kind, heading, cell, told) => {}
            _ => beside.doubts.push(marked(heading, cell)),
        }
    }
    beside
}

/// Whether a column of an answer says how many pieces come, or are kept for us: as many as were ordered, or
/// the answer is to a part of them.
fn counted(heading: &str, cell: &str, told: &RowFields) -> bool {
    let kept = [
        "alloc",
        "reserv",
        "commit",
        "accept",
        "confirm",
        "acknowledg",
    ];
    let heading = heading.to_lowercase();
    let named = kept.iter().any(|word| heading.contains(word));
    let several = amount(cell).is_some_and(|said| said > Decimal::ONE);
    told.table == TableKind::Answers && told.comes && named && several
}

/// Whether a key of a block says nothing against what it stands beside, by the rules for columns of its kind.
pub fn is_harmless(key: &str, value: &str) -> bool {
    let told = RowFields {
        table: TableKind::Shipments,
        sku: None,
        qty: None,
        day: None,
        comes: true,
        known: &KnownBeside::default(),
        today: NaiveDate::MIN,
    };
    let found = look([(key, super::kind(key), value)].into_iter(), &told);
    found == Beside::default()
}

/// Whether a column of an advice is called "cost" and nothing more, as exports of shipping programs call
/// what the carrier takes.
fn carriage(heading: &str, told: &RowFields) -> bool {
    told.table == TableKind::Shipments && heading.trim().eq_ignore_ascii_case("cost")
}

/// Days that are past when they are written: of the order, of packing.
static PAST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:your|our|customer|cust|po|purchase|purchaseorder|order|ordered|packed|picked|printed|created?|creation|entered|entry|placed|processed)+(?:date|dt|on|at|time|datetime|timestamp|day)+|created|updated|printed|placed|packed|picked|processed|entered|date(?:ordered|created|entered|placed|printed|packed|processed|oforder|ofpo)|(?:actual|carrier|date)*(?:delivered|arrived)(?:date|dt|on|at|time|day)*)$").ok()
});

/// Whether a day that is past by its heading is still to come: a row of a plan.
fn to_come(heading: &str, cell: &str, today: NaiveDate) -> bool {
    let ahead = |day: NaiveDate| (day - today).num_days() > 1;
    let day = || dates::parse(cell.trim(), None);
    fits(&PAST, &words_of(heading).concat())
        && day().is_some_and(|found| ahead(found.date) && found.other.is_none_or(ahead))
}

fn harmless(kind: ColumnKind, heading: &str, cell: &str, told: &RowFields) -> bool {
    let answers = told.table == TableKind::Answers;
    match kind {
        ColumnKind::Harmless | ColumnKind::Planned if to_come(heading, cell, told.today) => false,
        ColumnKind::Harmless if fetched(heading, cell) || collects(heading, cell) => false,
        ColumnKind::Harmless if odd::is_arrival(heading) && !arrives_in_time(cell, told) => false,
        ColumnKind::Harmless if !answers && idle(heading, cell, told.qty) => false,
        // no day of arrival is known yet
        ColumnKind::Harmless if odd::arrives(heading) && dates::undated(cell) => true,
        ColumnKind::Harmless if odd::speaks(heading, cell) => false,
        ColumnKind::Harmless => answers && !told.comes || !takes_back(cell),
        ColumnKind::Currency => MONEY.contains(&bare(cell).as_str()),
        // twelve of them in a case: whether the count is of cases nobody says
        ColumnKind::Pack => {
            let figure = cell.bytes().any(|b| b.is_ascii_digit());
            no(cell) || amount(cell).map_or(!(answers && figure), |each| each == Decimal::ONE)
        }
        ColumnKind::Words => words(cell, told),
        ColumnKind::Denies => {
            no(cell) || answers && !told.comes || !answers && is_limit(heading, cell, told.day)
        }
        ColumnKind::Affirms if answers && !is_dropship(heading) => affirmed(heading, cell, told),
        ColumnKind::Affirms if is_dropship(heading) => is_dropshipped(cell),
        ColumnKind::Affirms => yes(cell) && (counts(heading, cell, told) || is_left(cell)),
        ColumnKind::Direction => outward(heading, cell, answers),
        ColumnKind::Payment => {
            no(cell) || yes(cell) && !is_left(cell) || PAID.contains(&bare(cell).as_str())
        }
        ColumnKind::Charge if !answers => no(cell) || is_billed(heading, cell),
        ColumnKind::UnitPrice | ColumnKind::Amount | ColumnKind::Charge | ColumnKind::Remit => {
            no(cell)
        }
        ColumnKind::Goods => {
            no(cell)
                || told
                    .sku
                    .is_some_and(|sku| sku.trim().eq_ignore_ascii_case(cell.trim()))
        }
        ColumnKind::Planned => planned(heading, cell, told),
        ColumnKind::Stock if answers => {
            let enough = |there| there >= Decimal::from(told.qty.unwrap_or(1));
            let there = amount(cell).map_or(yes(cell), enough);
            // goods that are there are not refused
            there == told.comes
        }
        // pieces that they have are none that left
        ColumnKind::Stock => {
            told.qty.is_some() && (amount(cell).is_some() || yes(cell) || no(cell))
        }
        ColumnKind::Account => {
            cell.trim().len() <= 10
                && cell
                    .trim()
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-')
        }
        ColumnKind::Unit => no(cell) || PIECES.contains(&bare(cell).as_str()),
        ColumnKind::Unknown => false,
    }
}

/// The day after which a shop takes no goods any more, where they left before it.
static LIMIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:po|order|customer|cust|your|ship|line|item)*cancel(?:date|day|by|after|on)(?:date|day)?$").ok()
});

/// Whether a column called "Cancel Date" has a day after the one on which goods left, so that nothing was
/// cancelled by it.
pub fn is_limit(heading: &str, cell: &str, left: Option<NaiveDate>) -> bool {
    let found = dates::parse(cell.trim(), None);
    let after = |day: NaiveDate| left.is_some_and(|left| day > left);
    fits(&LIMIT, &words_of(heading).concat())
        && found.is_some_and(|found| after(found.date) && found.other.is_none_or(after))
}

/// Whether a column says whether goods go to the shop's customer.
pub fn is_dropship(heading: &str) -> bool {
    let heading = words_of(heading).concat();
    heading.contains("dropship") && !heading.contains("fee") && !heading.contains("charge")
}

/// Whether such a column says so; no amount, no day.
pub fn is_dropshipped(cell: &str) -> bool {
    let said = bare(cell);
    matches!(
        said.as_str(),
        "yes" | "y" | "true" | "t" | "x" | "1" | "✓" | "✔" | "dropship" | "drop ship" | "ds"
    )
}

/// "Shipped: 1" beside two pieces may be a yes or one of them.
fn counts(heading: &str, cell: &str, told: &RowFields) -> bool {
    let flag = heading.trim().to_lowercase().starts_with("is");
    let said = amount(cell).filter(|_| !flag && cell.trim().len() < 6);
    said.is_none_or(|said| told.qty.is_some_and(|qty| said == Decimal::from(qty)))
}

/// "Accepted: yes" beside an acceptance, "shipped: no" beside any answer.
fn affirmed(heading: &str, cell: &str, told: &RowFields) -> bool {
    let heading = heading.to_lowercase();
    let leaves = [
        "ship", "dispatch", "despatch", "sent", "fulfil", "left", "deliver", "transit", "complete",
        "final",
    ];
    let leaves = leaves.iter().any(|word| heading.contains(word));
    match (yes(cell), no(cell)) {
        (true, _) => told.comes,
        (_, true) => leaves || !told.comes,
        _ => false,
    }
}

/// Free words: understood as a vendor's sentences are, and at one with the row.
fn words(cell: &str, told: &RowFields) -> bool {
    if no(cell) || YES.contains(&bare(cell).as_str()) && told.comes {
        return no(cell) || told.table == TableKind::Answers || bare(cell) == "ok";
    }
    let note = plain::note(cell, told.today, told.known);
    if told.table == TableKind::Shipments {
        return note.shipment && !odd::elsewhere(cell) || is_left(cell);
    }
    // beside a refusal: the same once more, or courtesy
    let courtesy = note.shipment && !note.left && !note.yes;
    // "available" alone, without a day on which it is
    let there = odd::is_yes(cell) && note.days.is_empty();
    if !told.comes && (there || !note.never && !courtesy) || odd::elsewhere(cell) {
        return false;
    }
    let known = |day: &Option<NaiveDate>| day.is_some() && *day == told.day;
    let days = note.days.iter().all(known);
    note.answer && days && (!note.never || !told.comes)
}

/// Whether a charge beside the goods is compared when they bill it; what the driver takes from the customer is not.
fn is_billed(heading: &str, cell: &str) -> bool {
    let at_the_door = words_of(heading).concat().starts_with("cod");
    amount(cell).is_some_and(|sum| sum.is_zero() || !at_the_door)
}

#[cfg(test)]
mod tests;
