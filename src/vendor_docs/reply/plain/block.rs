//! Lines of keys and values, and of cells: `Carrier: UPS`, `Tracking # | Qty`. A key that is not
//! known, or a value that is more than a value, is strange like a sentence.

use super::keys::{CARRYING, CREDITS, LONGEST, SERVICES, bare, fits, inert, is_value};
use super::phrases;
use super::says::Says;
use crate::vendor_docs::advice::{AdviceField, field_of};
use crate::vendor_docs::columns::{self, ColumnKind, NamedCell, Of};
use crate::vendor_docs::reply::AskedLine;
use regex::Regex;
use std::sync::LazyLock;

/// Words of keys. A known key with any other word is another key: `Old tracking`, `Return tracking`.
const KEY_WORDS: &[&str] = &[
    "po",
    "p",
    "o",
    "purchase",
    "order",
    "orders",
    "number",
    "numbers",
    "no",
    "nos",
    "num",
    "your",
    "our",
    "the",
    "customer",
    "cust",
    "ref",
    "reference",
    "sku",
    "item",
    "items",
    "part",
    "product",
    "article",
    "code",
    "qty",
    "quantity",
    "shipped",
    "ship",
    "date",
    "carrier",
    "courier",
    "via",
    "service",
    "method",
    "tracking",
    "track",
    "trk",
    "shipping",
    "level",
    "status",
    "shipment",
    "vendor",
    "sales",
    "invoice",
    "line",
    "name",
    "street",
    "address",
    "city",
    "state",
    "zip",
    "id",
    "ids",
    "dispatched",
    "dispatch",
    "units",
    "pieces",
    "pcs",
    "upc",
    "by",
    "on",
    "s",
    "waybill",
    "awb",
    "pro",
    "package",
    "parcel",
    "ups",
    "fedex",
    "usps",
    "dhl",
    "postal",
    "to",
    "day",
    "and",
];
/// Most lines that are looked at.
const MOST_LINES: usize = 400;

/// What stands before a colon or the like, and after it.
fn key_and_value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim().trim_start_matches(['-', '*', '•', '·', ' ']);
    let parted = |separator: char| {
        let (key, value) = text.split_once(separator)?;
        let short = key.split_whitespace().count() <= 4 && key.chars().any(char::is_alphabetic);
        (short && !value.starts_with("//"))
            .then(|| (key.trim(), value.trim_matches(['#', ' ', ':'])))
    };
    parted(':').or_else(|| parted('=')).or_else(|| {
        let (key, value) = parted('#')?;
        let field = field_of(key).map(|(field, _)| field)?;
        // "Item #1 ships June 4" is a sentence
        let line = matches!(
            field,
            AdviceField::Sku | AdviceField::PoLine | AdviceField::Po
        );
        (!line || value.split_whitespace().count() <= 2).then_some((key, value))
    })
}

/// What a key means; `None` for one that is not known word for word.
fn field(key: &str) -> Option<AdviceField> {
    let words = key.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty());
    let known = words.all(|word| KEY_WORDS.contains(&word.to_lowercase().as_str()));
    field_of(key).map(|(field, _)| field).filter(|_| known)
}

/// Whether a cell is a key that is known, with or without its value.
pub(super) fn has_key(cell: &str) -> bool {
    match key_and_value(cell) {
        Some((key, _)) => field_of(key).is_some() || inert(key) || said(key),
        None => field_of(cell.trim()).is_some() && cell.split_whitespace().count() <= 4,
    }
}

/// `Shipped: 06/02/2025`.
fn said(key: &str) -> bool {
    ["shipped", "dispatched", "shipped on", "dispatched on"].contains(&bare(key).as_str())
}

/// Whether the lines below are an address.
pub(super) fn begins_address(line: &str) -> bool {
    let key = line.trim().trim_end_matches(':');
    let alone =
        key.len() < line.trim().len() && key_and_value(line).is_none_or(|(_, v)| v.is_empty());
    let known = [
        "ship to",
        "shipped to",
        "shipping to",
        "shipping address",
        "deliver to",
    ];
    alone && known.contains(&bare(key).as_str())
}

/// Whether a line names who gets the goods, with a street or town below it ("Ship To: Ann Lee").
pub(super) fn heads_address(line: &str, below: Option<&str>) -> bool {
    let Some((key, value)) = key_and_value(line) else {
        return false;
    };
    let known = [
        "ship to",
        "shipped to",
        "shipping address",
        "deliver to",
        "sold to",
        "bill to",
    ];
    let street = below.is_some_and(is_place);
    known.contains(&bare(key).as_str()) && !value.is_empty() && street
}

/// A street with its number, or a town with its ZIP.
pub(super) fn is_place(line: &str) -> bool {
    static TOWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^\s*[A-Za-z .'-]{2,40},? [A-Z]{2},? \d{5}(?:-\d{4})?\s*$").ok()
    });
    let line = line.trim();
    let street = line.starts_with(|c: char| c.is_ascii_digit())
        && line.chars().filter(|c| c.is_alphabetic()).count() > 4
        && line.len() < 60;
    street && !line.contains([':', '$', '?', '\t', '|']) || fits(&TOWN, line)
}

/// A row of a table: cells parted by commas, semicolons, bars or tabs.
pub(super) fn is_row(line: &str) -> bool {
    [',', ';', '|', '\t']
        .iter()
        .any(|mark| line.split(*mark).count() > 2)
}

/// The cells of a line: parted by bars, tabs and wide gaps, and by commas before a key.
pub(super) fn cells(line: &str) -> Vec<String> {
    let wide = line.replace("   ", "\t").replace("  ", "\t");
    let mut cells: Vec<String> = Vec::new();
    for piece in wide.split(['|', '\t']) {
        for (at, part) in piece.split(", ").enumerate() {
            let keyed = key_and_value(part).is_some_and(|(key, _)| field(key).is_some());
            match cells.last_mut() {
                Some(last) if at > 0 && !keyed => {
                    last.push_str(", ");
                    last.push_str(part.trim());
                }
                _ if part.trim().is_empty() => {}
                _ => cells.push(part.trim().to_owned()),
            }
        }
    }
    cells
}

/// What a block of keys stands in.
#[derive(Clone, Copy)]
pub(super) struct BlockOf<'a> {
    /// The lines of the purchase order, where the block answers it: what it says of parcels is held against
    /// them where their rows are.
    pub answers: Option<&'a [AskedLine]>,
    /// Whether the header of another mail stands in the text.
    pub passed_on: bool,
}

impl<'a> BlockOf<'a> {
    /// Of a text; `answers` as above.
    pub(super) fn text(text: &str, answers: Option<&'a [AskedLine]>) -> BlockOf<'a> {
        let begins = |key: &str| {
            text.lines().any(|line| {
                line.trim_start_matches(['*', ' ', '>'])
                    .to_lowercase()
                    .starts_with(key)
            })
        };
        BlockOf {
            answers,
            passed_on: begins("from:") && (begins("subject:") || begins("sent:")),
        }
    }
}

/// What a cell says; `read` reads words.
pub(super) fn cell(cell: &str, of: &BlockOf, read: impl Fn(&str) -> Says) -> Says {
    if key_and_value(cell).is_some_and(|(_, value)| fits(&CREDITS, value)) {
        return Says::default();
    }
    let whole = read(cell);
    if whole.answer && whole.shipment {
        return whole;
    }
    let number = cell.len() <= 12 && cell.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let bare = !cell.contains([':', '=']);
    let heading = bare && field(cell).is_some_and(|field| field != AdviceField::Void);
    let counts = |lines: &[AskedLine]| is_ordered(cell, lines) || is_line(cell, lines);
    let number = number && of.answers.is_none_or(counts);
    let priced = bare && (is_price(cell) || is_named(cell));
    if number || heading || priced || bare && inert(cell) {
        return Says::inert();
    }
    let Some((key, value)) =
        key_and_value(cell).filter(|(key, _)| field(key).is_some() || inert(key) || said(key))
    else {
        return whole;
    };
    if said(key) {
        return dated(&read(value));
    }
    let Some(field) = field(key) else {
        let fits = inert(key) && is_value(key, value, of.passed_on, &read(value));
        return if fits { Says::inert() } else { Says::default() };
    };
    of_field(field, value, of, &read)
}

/// A value by itself: a number, a day, a name.
fn of_field(field: AdviceField, value: &str, of: &BlockOf, read: &impl Fn(&str) -> Says) -> Says {
    let words = value.split_whitespace().count();
    let digits = value.bytes().any(|b| b.is_ascii_digit());
    let neutral = || read(value).is_neutral();
    let numbered = || words <= 2 && digits && !columns::takes_back(value);
    match field {
        _ if value.is_empty() => Says::inert(),
        AdviceField::Tracking => match read(&format!("tracking {value}")) {
            says if says.shipment => says,
            _ => Says::default(),
        },
        AdviceField::Status if phrases::is_left(value) => Says::left(),
        AdviceField::Status if of.answers.is_some() => match read(value) {
            says if says.receipt => says,
            _ => Says::default(),
        },
        AdviceField::Status | AdviceField::Void => Says::default(),
        AdviceField::ShipDate => dated(&read(value)),
        AdviceField::Carrier
            if neutral() || words <= 3 && capital(value) && fits(&CARRYING, value) =>
        {
            Says::inert()
        }
        AdviceField::Service if neutral() || fits(&SERVICES, value) => Says::inert(),
        AdviceField::Carrier | AdviceField::Service => Says::default(),
        AdviceField::Qty if words <= 2 && digits => match of.answers {
            Some(lines) if !is_ordered(value, lines) => Says::default(),
            _ => Says::inert(),
        },
        AdviceField::Po
        | AdviceField::Order
        | AdviceField::Reference
        | AdviceField::VendorOrder
        | AdviceField::Sku
        | AdviceField::PoLine
            if neutral() || numbered() =>
        {
            Says::inert()
        }
        AdviceField::Name
        | AdviceField::Street
        | AdviceField::City
        | AdviceField::State
        | AdviceField::Zip
            if words <= LONGEST =>
        {
            Says::inert()
        }
        _ => Says::default(),
    }
}

fn capital(value: &str) -> bool {
    value
        .split_whitespace()
        .all(|word| word.chars().next().is_some_and(char::is_uppercase))
}

/// A day and nothing else: which one is looked at where the row is.
fn dated(says: &Says) -> Says {
    let gone = says.left && says.shipment;
    if says.days == 1 && (says.bare || gone) {
        Says::inert()
    } else {
        Says::default()
    }
}

/// The heading of a column of prices.
fn is_price(cell: &str) -> bool {
    let kind = columns::kind(cell);
    let priced = matches!(kind, ColumnKind::UnitPrice | ColumnKind::Amount);
    priced && !cell.bytes().any(|b| b.is_ascii_digit()) && cell.split_whitespace().count() <= 3
}

/// The heading of a column that names what the purchase order has: "Description", "Ordered".
fn is_named(cell: &str) -> bool {
    let named = matches!(
        columns::names(cell),
        Some(Of::Text | Of::Ordered | Of::Line | Of::Look | Of::Article)
    );
    named && !cell.bytes().any(|b| b.is_ascii_digit()) && cell.split_whitespace().count() <= 3
}

/// Whether a number is that of a line on the purchase order, or longer than any count: one of the vendor's own.
fn is_line(cell: &str, lines: &[AskedLine]) -> bool {
    let number: Option<i64> = cell.parse().ok();
    let is = |number: i64| lines.iter().any(|line| line.line == number);
    number.is_none_or(|number| number > 9_999 || is(number))
}

/// Whether a number of pieces is that of a line, as it was ordered.
fn is_ordered(value: &str, lines: &[AskedLine]) -> bool {
    let number: String = value.chars().take_while(char::is_ascii_digit).collect();
    let number: i64 = number.parse().unwrap_or_default();
    let known = lines.iter().any(|line| line.ordered > 0);
    number > 0 && (!known || lines.iter().any(|line| line.ordered == number))
}

/// The lines of keys in a text that name what the purchase order has once more, without those of fields
/// that are read elsewhere.
pub fn named_keys(text: &str) -> Vec<NamedCell> {
    let lines = text.lines().take(MOST_LINES);
    let lines = lines.map(|line| line.trim_start_matches([' ', '>', '\u{2022}', '\u{b7}', '*']));
    let cells = lines.flat_map(cells);
    let named = cells.filter_map(|cell| {
        let (key, value) = key_and_value(&cell)?;
        let of = columns::names(key).filter(|_| !columns::nothing(value))?;
        Some(NamedCell {
            heading: key.to_owned(),
            cell: value.chars().take(200).collect(),
            of,
        })
    });
    named.collect()
}
