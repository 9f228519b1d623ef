//! From what the cells or keys of one row say to a row that makes sense.

use super::headers::AdviceField;
use super::tracking::barred;
use super::{AdviceRow, ShipTo, carrier_cell, counted, tracking};
use crate::carriers::{Carrier, Check, carrier_by_name, recognise};
use crate::vendor_docs::columns;
use crate::vendor_docs::text::dates::{self, First};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// What a row says of each field, the best column first; empty cells are left out.
pub(super) type Cells = BTreeMap<AdviceField, Vec<String>>;

/// What the whole document says about its rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// The day of reading.
    pub today: NaiveDate,
    /// Whether `12/03` begins with the month, where some row decides it.
    pub first: Option<First>,
    /// Whether a row must say which order it belongs to: the document has a column for it.
    pub needs_order: bool,
}

/// Longest number of an order, SKU or reference, in characters.
const MAX_NUMBER: usize = 64;
/// Most pieces that a row may say.
const MAX_QTY: i64 = crate::domain::order::MOST_PIECES;
/// A ship date is likely within so many days before and after the day of reading.
const LIKELY_DAYS: (u64, u64) = (60, 10);

pub(super) fn cell(cells: &Cells, field: AdviceField) -> Option<&str> {
    cells.get(&field)?.first().map(String::as_str)
}

/// Makes the row.
///
/// # Errors
/// When the row makes no sense: a sentence that names the field, the value and what to do.
pub(super) fn build(cells: &Cells, line: usize, context: Context) -> Result<AdviceRow, String> {
    let mut row = AdviceRow {
        line,
        ..AdviceRow::default()
    };
    row.beside.doubts = shipped(cells)?;
    identify(cells, &mut row)?;
    if row.sku.is_none() {
        let place = cell(cells, AdviceField::PoLine).and_then(|text| text.trim().parse().ok());
        row.po_line = place.filter(|place| *place > 0);
    }
    row.qty = cell(cells, AdviceField::Qty).map(quantity).transpose()?;
    parcel(cells, &mut row)?;
    if let Some(text) = cell(cells, AdviceField::ShipDate) {
        row.ship_date = ship_date(text, context, &mut row.warnings)?;
        let others = cells
            .get(&AdviceField::ShipDate)
            .into_iter()
            .flatten()
            .skip(1);
        let other = |text: &&String| {
            let found = ship_date(text, context, &mut Vec::new());
            found.as_ref() != Ok(&row.ship_date)
        };
        let others: Vec<_> = others.filter(other).collect();
        let doubts = others.iter().map(|text| columns::marked("ship date", text));
        row.beside.doubts.extend(doubts);
    }
    counted::twice(cells, &mut row);
    carrier_cell::two(cells, &mut row);
    let text = |field| {
        let text = cell(cells, field).unwrap_or_default();
        text.chars().take(120).collect()
    };
    row.ship_to = ShipTo {
        name: text(AdviceField::Name),
        street: text(AdviceField::Street),
        city: text(AdviceField::City),
        state: text(AdviceField::State),
        zip: text(AdviceField::Zip),
    };
    let named =
        row.po_number.is_some() || row.reference.is_some() || row.vendor_order_number.is_some();
    if context.needs_order && !named && row.ship_to == ShipTo::default() {
        return Err("the row names no purchase order, reference or recipient".to_owned());
    }
    let says_so = cell(cells, AdviceField::Status).is_some_and(columns::is_left);
    let silent = row.tracking_number.is_none() && row.ship_date.is_none() && !says_so;
    if silent && row.qty != Some(0) {
        return Err(
            "nothing in the row says that goods left: no tracking number and no ship date; where they left all the \
             same, `poms shipment add` says so"
                .to_owned(),
        );
    }
    if row.tracking_number.is_some() && row.tracking_number == row.po_number {
        return Err("the tracking number is the purchase order's number".to_owned());
    }
    Ok(row)
}

/// Whether a row says that nothing left by its number.
pub(super) fn says_none_left(cells: &Cells) -> bool {
    shipped(cells).is_err()
}

/// Refuses rows whose status says that nothing left; of the others what puts that in doubt: a status
/// that is none of those known, a word in any cell that takes the row back.
fn shipped(cells: &Cells) -> Result<Vec<String>, String> {
    let all = |field| cells.get(&field).into_iter().flatten();
    let void = |cell: &&String| {
        let cell = cell.trim().to_lowercase();
        !matches!(
            cell.as_str(),
            "" | "n" | "no" | "false" | "0" | "f" | "-" | "none" | "n/a"
        )
    };
    if all(AdviceField::Void).any(|cell| void(&cell)) {
        return Err("the label was voided: nothing left by it".to_owned());
    }
    let mut doubts: Vec<String> = Vec::new();
    for (field, name) in READ {
        let odd = all(*field).filter(|cell| columns::takes_back(cell) || columns::is_unreal(cell));
        doubts.extend(odd.map(|cell| columns::marked(name, cell)));
    }
    let ways = all(AdviceField::Service);
    let fetched = ways.filter(|cell| columns::collected(cell) && !columns::nothing(cell));
    doubts.extend(fetched.map(|cell| columns::marked("service", cell)));
    for (field, name) in MARKED {
        let odd = all(*field).filter(|cell| barred(cell.trim()).contains(['*', '?']));
        doubts.extend(odd.map(|cell| columns::marked(name, cell)));
    }
    for doubt in carrier_cell::doubts(cells) {
        if !doubts.contains(&doubt) {
            doubts.push(doubt);
        }
    }
    let none = |cell: &&String| cells.contains_key(&AdviceField::Tracking) && says_none(cell);
    let no_day = all(AdviceField::ShipDate).filter(none);
    doubts.extend(no_day.map(|cell| columns::marked("ship date", cell)));
    let strange = all(AdviceField::Status).filter(|status| !columns::is_left(status));
    doubts.extend(strange.map(|status| columns::marked("status", status)));
    match cell(cells, AdviceField::Status) {
        Some(status) if !columns::is_left(status) && columns::takes_back(status) => {
            Err(format!("status '{}' is not a shipment", short(status)))
        }
        _ => Ok(doubts),
    }
}

/// Fields in which words that take the row back are looked for; those that name something are held
/// against the purchase order, which may have such a word itself.
const READ: &[(AdviceField, &str)] = &[
    (AdviceField::Carrier, "carrier"),
    (AdviceField::Service, "service"),
    (AdviceField::Reference, "reference"),
    (AdviceField::VendorOrder, "vendor order number"),
    (AdviceField::Order, "order number"),
    (AdviceField::State, "state"),
    (AdviceField::Zip, "ZIP"),
];

/// Numbers at which somebody may have put a mark.
const MARKED: &[(AdviceField, &str)] = &[
    (AdviceField::Po, "PO number"),
    (AdviceField::Order, "order number"),
    (AdviceField::Sku, "SKU"),
];

/// `-`: written where a day would stand, so that there is none.
fn says_none(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "n/a" | "-" | "--" | "none")
}

fn identify(cells: &Cells, row: &mut AdviceRow) -> Result<(), String> {
    let mut read = |field, name| match cell(cells, field) {
        Some(text) => number(text, name, &mut row.warnings),
        None => Ok(None),
    };
    let po = read(AdviceField::Po, "PO number")?;
    let order = read(AdviceField::Order, "order number")?;
    let reference = read(AdviceField::Reference, "reference")?;
    let vendor_order_number = read(AdviceField::VendorOrder, "vendor order number")?;
    let sku = read(AdviceField::Sku, "SKU")?;
    row.asks_for_ours = po.is_some();
    let (po_number, spare) = match po {
        Some(po) => (Some(po), order),
        None => (order, None),
    };
    row.po_number = po_number;
    row.reference = reference.or(spare);
    row.vendor_order_number = vendor_order_number;
    row.sku = sku;
    Ok(())
}

/// A number of an order or an article: no label before it, no fraction after it.
fn number(text: &str, name: &str, warnings: &mut Vec<String>) -> Result<Option<String>, String> {
    let mut text = text.trim();
    text = text.strip_prefix("=\"").unwrap_or(text);
    text = text.trim_matches(['"', '\'', '’', '`', ' ', '\t']);
    // a bar code's own signs; one alone is a mark of somebody's
    text = barred(text);
    if name == "PO number" || name == "order number" {
        for label in ["purchase order", "p.o.", "po", "order"] {
            let Some(head) = text.get(..label.len()) else {
                continue;
            };
            let rest = &text[label.len()..];
            let parted = rest.starts_with([' ', '#', ':']);
            if head.eq_ignore_ascii_case(label) && parted {
                text = rest;
                break;
            }
        }
        text = text.trim_start_matches([' ', '#', ':', '.']).trim();
    }
    if text.is_empty()
        || matches!(
            text.to_lowercase().as_str(),
            "n/a" | "na" | "none" | "null" | "-"
        )
    {
        return Ok(None);
    }
    if text.chars().count() > MAX_NUMBER || text.chars().any(char::is_control) {
        return Err(format!(
            "{name} '{}' is no number: more than {MAX_NUMBER} characters or control characters",
            short(text)
        ));
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some((whole, "0" | "00")) = text.split_once('.')
        && digits(whole)
    {
        warnings.push(format!(
            "{name} '{text}' had a fraction of a spreadsheet: taken as {whole}"
        ));
        return Ok(Some(whole.to_owned()));
    }
    let scientific = text.to_uppercase();
    if let Some((mantissa, exponent)) = scientific.split_once("E+")
        && digits(exponent)
        && digits(&mantissa.replace('.', ""))
    {
        return Err(format!(
            "{name} '{text}' was damaged by a spreadsheet; ask for the column as text"
        ));
    }
    Ok(Some(text.to_owned()))
}

/// Pieces of a row; zero for zero and below.
///
/// # Errors
/// When they are no whole number.
pub(super) fn quantity(text: &str) -> Result<i64, String> {
    let clean = text.trim().trim_matches(['\'', '’', '"', '=']);
    let clean = clean.replace([',', ' '], "").to_lowercase();
    let clean = ["pieces", "pcs", "pc", "each", "ea", "units", "unit", "x"]
        .iter()
        .fold(clean.as_str(), |text, unit| text.trim_end_matches(unit))
        .trim_start_matches('x');
    let clean = match clean.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        _ => clean,
    };
    match clean.parse::<i64>() {
        // kept, so that a person sees of what: it never acts
        Ok(qty) if qty <= 0 => Ok(0),
        Ok(qty) if (1..=MAX_QTY).contains(&qty) => Ok(qty),
        _ => Err(format!(
            "quantity '{}' is not a whole number from 1 to {MAX_QTY}",
            short(text)
        )),
    }
}

/// Carrier and tracking numbers, each with the other's help.
fn parcel(cells: &Cells, row: &mut AdviceRow) -> Result<(), String> {
    let words = |field| cells.get(&field).into_iter().flatten();
    let texts: Vec<&String> = words(AdviceField::Carrier)
        .chain(words(AdviceField::Service))
        .collect();
    let named: Option<&'static Carrier> = texts.iter().find_map(|text| carrier_by_name(text));
    row.carrier_text = (!texts.is_empty()).then(|| {
        let all: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
        all.join(" ").chars().take(80).collect()
    });
    let mut found = tracking::Tracking::default();
    for cell in words(AdviceField::Tracking) {
        let more = tracking::read(cell, named)?;
        found.wrong |= more.wrong;
        found.warnings.extend(more.warnings);
        for number in more.numbers {
            if !found.numbers.contains(&number) {
                found.numbers.push(number);
            }
        }
    }
    let mut carrier = named;
    if let Some(first) = found.numbers.first()
        && let Some(other) = recognise(first)
            .into_iter()
            .next()
            .filter(|m| m.check != Check::Wrong)
    {
        let fits = |carrier: &Carrier| {
            recognise(first)
                .iter()
                .any(|m| m.carrier.code == carrier.code)
        };
        match named {
            None => carrier = other.tells().then_some(other.carrier),
            // The post delivers what others take in (SurePost, SmartPost, eCommerce).
            Some(named)
                if !named.formats.is_empty()
                    && !fits(named)
                    && other.check == Check::Valid
                    && other.carrier.code != "usps" =>
            {
                row.beside.doubts.push(format!(
                    "{}, but {first} is a number of {}",
                    columns::marked("carrier", named.name),
                    other.carrier.name
                ));
                carrier = Some(other.carrier);
            }
            Some(_) => (),
        }
    }
    row.carrier = carrier.map(|carrier| carrier.code.to_owned());
    row.check_digit_wrong = found.wrong;
    row.warnings.extend(found.warnings);
    let mut numbers = found.numbers.into_iter();
    row.tracking_number = numbers.next();
    row.further_tracking = numbers.collect();
    Ok(())
}

fn ship_date(
    text: &str,
    context: Context,
    warnings: &mut Vec<String>,
) -> Result<Option<NaiveDate>, String> {
    if says_none(text) {
        return Ok(None);
    }
    let found = dates::parse(text, context.first).ok_or_else(|| {
        format!(
            "ship date '{}' is no date; write it as 2025-12-31",
            short(text)
        )
    })?;
    let from = context.today.checked_sub_days(Days::new(LIKELY_DAYS.0));
    let to = context.today.checked_add_days(Days::new(LIKELY_DAYS.1));
    let likely =
        |date: NaiveDate| from.is_none_or(|from| date >= from) && to.is_none_or(|to| date <= to);
    if let Some(other) = found.other
        && likely(other)
        && !likely(found.date)
    {
        warnings.push(format!(
            "ship date '{}' could be {} or {other}: taken as {other}",
            short(text),
            found.date
        ));
        return Ok(Some(other));
    }
    if let Some(other) = found.other
        && (likely(other) || !likely(found.date))
    {
        warnings.push(format!(
            "ship date '{}' could be {} or {other}: taken as {}",
            short(text),
            found.date,
            found.date
        ));
    } else if !likely(found.date) {
        warnings.push(format!("ship date {} is far from today", found.date));
    }
    Ok(Some(found.date))
}

/// The text as it may stand in a message.
fn short(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    short.escape_debug().to_string()
}
