//! Mails and text files of `PO Number: … Tracking #: …`, one or many, with the keys that
//! [`super::headers`] knows.

use super::headers::{Field, field_of};
use super::row::{self, Cells, Context};
use super::source::Source;
use super::{AdviceRow, Format, MAX_ROWS, RowError, Rows, carrier_mail, table};
use crate::shipping::carriers::{Check, recognise};
use crate::shipping::text::dates;
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// The registry's entry.
pub const FORMAT: Format = Format {
    name: "key-value",
    about: "text with keys and values: PO Number, Tracking #, Carrier, Ship Date, SKU, Qty",
    claims,
    read,
};

/// A key that is known, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    /// Line of the key, from 1.
    pub line: usize,
    /// What the key means.
    pub field: Field,
    /// What stands after it.
    pub value: String,
}

/// A tracking number after its key; tables and carriers' own mails are other formats.
fn claims(source: &Source) -> bool {
    let tracked = |pair: &Pair| {
        pair.field == Field::Tracking && pair.value.bytes().filter(u8::is_ascii_digit).count() >= 4
    };
    !(table::FORMAT.claims)(source)
        && !carrier_mail::is_one(source)
        && pairs(text(source)).iter().any(tracked)
}

/// The vendor's own words where they say it, else the whole mail: a forwarded one has it below.
fn text(source: &Source) -> &str {
    let tracked = |text: &str| pairs(text).iter().any(|pair| pair.field == Field::Tracking);
    if tracked(&source.own) {
        &source.own
    } else {
        &source.text
    }
}

/// Every known key of a text with its value, in order.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    // A key at the end of a line has its value on the next one.
    let mut waiting: Option<(usize, Field)> = None;
    for (at, line) in text.lines().enumerate() {
        let line = line
            .trim()
            .trim_start_matches(['*', '•', '-', '·', '>', ' ']);
        if line.is_empty() || pairs.len() >= MAX_ROWS {
            continue;
        }
        for segment in segments(line) {
            let key = key_of(&segment);
            match (key, waiting.take()) {
                (Some((field, value)), _) if value.is_empty() => waiting = Some((at + 1, field)),
                (Some((field, value)), _) => pairs.push(Pair {
                    line: at + 1,
                    field,
                    value,
                }),
                (None, Some((line, field))) => {
                    pairs.push(Pair {
                        line,
                        field,
                        value: segment.clone(),
                    });
                }
                (None, None) => more(&mut pairs, &segment),
            }
        }
    }
    pairs
}

/// Text without a key may be another tracking number below the last one.
fn more(pairs: &mut [Pair], segment: &str) {
    let Some(last) = pairs.last_mut() else { return };
    let number = || {
        let found = recognise(segment);
        segment.len() >= 10 && found.first().is_some_and(|m| m.check != Check::Wrong)
    };
    if last.field == Field::Tracking && number() {
        last.value.push_str(", ");
        last.value.push_str(segment);
    }
}

/// A line parted where keys may begin: at bars, tabs, semicolons, wide gaps, and commas before a key.
fn segments(line: &str) -> Vec<String> {
    let wide = line.replace("   ", "\t").replace("  ", "\t");
    let mut parts: Vec<String> = Vec::new();
    for piece in wide.split(['|', '\t', ';']) {
        for (at, part) in piece.split(", ").enumerate() {
            let part = part.trim();
            match parts.last_mut() {
                Some(last) if at > 0 && key_of(part).is_none() => {
                    last.push_str(", ");
                    last.push_str(part);
                }
                _ if part.is_empty() => (),
                _ => parts.push(part.to_owned()),
            }
        }
    }
    parts
}

/// The key at the beginning of a text, and what follows it.
fn key_of(text: &str) -> Option<(Field, String)> {
    let known = |key: &str| {
        let key = key.trim();
        let (field, rank) = field_of(key)?;
        // "Date:" in a mail is a forwarded header, not the day of shipping.
        (key.len() <= 40 && rank < 5 && !key.contains(['/', '?', '&'])).then_some(field)
    };
    for separator in [':', '='] {
        if let Some((key, value)) = text.split_once(separator)
            && !value.starts_with("//")
            && let Some(field) = known(key)
        {
            return Some((field, value.trim().trim_start_matches('=').to_owned()));
        }
    }
    if let Some((key, value)) = text.split_once(':')
        && ["shipped", "dispatched", "sent"].contains(&key.trim().to_lowercase().as_str())
        && dates::parse(value, None).is_some()
    {
        return Some((Field::ShipDate, value.trim().to_owned()));
    }
    if let Some((key, value)) = text.split_once('#')
        && let Some(field) = known(key)
        && value.bytes().any(|b| b.is_ascii_digit())
    {
        return Some((field, value.trim().to_owned()));
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let Some(field) = known(text).filter(|_| digits < 3) else {
        return in_prose(text);
    };
    let alone = matches!(
        field,
        Field::Tracking
            | Field::Po
            | Field::Carrier
            | Field::ShipDate
            | Field::Reference
            | Field::Service
            | Field::Sku
            | Field::Qty
    );
    // Prose of one word ("order", "customer") is no key.
    (alone && text.split_whitespace().count() <= 4).then(|| (field, String::new()))
}

static PROSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\btracking(?: numbers?| nos?\.?| id| code)?(?: is| are|:|#)*\s+#?([0-9A-Z]{8,40})\b",
    )
    .ok()
});

/// "… shipped via UPS, tracking number 1Z…": only a number that is of a carrier for certain.
fn in_prose(text: &str) -> Option<(Field, String)> {
    let number = PROSE.as_ref()?.captures(text)?.get(1)?.as_str();
    let found = recognise(number);
    let certain = found.first().is_some_and(|m| m.check == Check::Valid);
    certain.then(|| (Field::Tracking, number.to_owned()))
}

/// Puts the purchase order before what is said of it. Where a record begins with something else
/// ("Tracking: … PO: …"), it ends before the next of that kind; one without a purchase order of its
/// own gets none.
fn orders_first(pairs: Vec<Pair>) -> Vec<Pair> {
    let order = |pair: &Pair| matches!(pair.field, Field::Po | Field::Order);
    let goods = |pair: &Pair| matches!(pair.field, Field::Sku | Field::Qty | Field::Tracking);
    let first = |test: &dyn Fn(&Pair) -> bool| pairs.iter().position(test);
    let (Some(at), Some(po)) = (first(&goods), first(&order)) else {
        return pairs;
    };
    if po < at {
        return pairs;
    }
    let lead = pairs[at].field;
    let numbers: Vec<&Pair> = pairs.iter().filter(|pair| order(pair)).collect();
    let one = numbers
        .iter()
        .all(|pair| pair.field == numbers[0].field && pair.value == numbers[0].value)
        || numbers
            .iter()
            .filter(|pair| pair.field == numbers[0].field)
            .count()
            == 1;
    let mut records: Vec<Vec<Pair>> = vec![Vec::new()];
    for pair in &pairs {
        let begun = records
            .last()
            .is_some_and(|record| record.iter().any(goods));
        if !one && begun && pair.field == lead {
            records.push(Vec::new());
        }
        if let Some(record) = records.last_mut() {
            record.push(pair.clone());
        }
    }
    for record in &mut records {
        if !record.iter().any(order) {
            let line = record.first().map_or(0, |pair| pair.line);
            let value = String::new();
            record.insert(
                0,
                Pair {
                    line,
                    field: Field::Po,
                    value,
                },
            );
        }
        record.sort_by_key(|pair| !order(pair));
    }
    records.concat()
}

/// The rows as they are put together while reading.
#[derive(Default)]
struct Builder {
    /// What was said before any purchase order, for all of them.
    common: Cells,
    /// What was said of the present purchase order, for all its rows.
    order: Cells,
    /// The present row.
    row: Cells,
    /// Fields of the present row that it took over from the row before.
    taken: Vec<Field>,
    line: usize,
    rows: Vec<(usize, Cells)>,
    seen_order: bool,
}

impl Builder {
    fn add(&mut self, pair: Pair) {
        let Pair { line, field, value } = pair;
        match field {
            Field::Po | Field::Order if self.is_new_order(field, &value) => {
                self.flush();
                if self.seen_order {
                    self.order.clear();
                }
                self.seen_order = true;
                self.taken.clear();
                self.line = line;
                self.order.insert(field, vec![value]);
            }
            Field::Sku | Field::Qty | Field::Tracking => self.add_to_row(line, field, value),
            _ if self.seen_order => self.order.entry(field).or_default().push(value),
            _ => self.common.entry(field).or_default().push(value),
        }
    }

    /// A second kind of number for the same order is no new order.
    fn is_new_order(&mut self, field: Field, value: &str) -> bool {
        let other = if field == Field::Po {
            Field::Order
        } else {
            Field::Po
        };
        let beside = self.order.contains_key(&other) && !self.order.contains_key(&field);
        if beside && self.row.is_empty() {
            self.order.insert(field, vec![value.to_owned()]);
            return false;
        }
        let same = self
            .order
            .get(&field)
            .is_some_and(|known| known.first().is_some_and(|k| k == value));
        !same
    }

    /// A field that the row has already begins the next row. The next article keeps the parcel of
    /// the one before, until its own tracking number comes; the next parcel keeps no article.
    fn add_to_row(&mut self, line: usize, field: Field, value: String) {
        let has = self.row.contains_key(&field) && !self.taken.contains(&field);
        if has {
            let parcel = self.row.get(&Field::Tracking).cloned();
            self.flush();
            if field != Field::Tracking
                && let Some(parcel) = parcel
            {
                self.row.insert(Field::Tracking, parcel);
                self.taken.push(Field::Tracking);
            }
        }
        if self.row.is_empty() || self.line == 0 || has {
            self.line = line;
        }
        self.taken.retain(|taken| *taken != field);
        self.row.insert(field, vec![value]);
    }

    fn flush(&mut self) {
        self.taken.clear();
        if self.row.is_empty() {
            return;
        }
        let mut cells = self.common.clone();
        cells.extend(self.order.clone());
        cells.append(&mut self.row);
        self.rows.push((self.line, cells));
    }
}

fn read(source: &Source, today: NaiveDate) -> Rows {
    let mut builder = Builder::default();
    for mut pair in orders_first(pairs(text(source))) {
        if matches!(pair.field, Field::Tracking | Field::Qty)
            && let Some((value, _)) = pair.value.split_once(" (")
        {
            pair.value = value.to_owned();
        }
        builder.add(pair);
    }
    builder.flush();
    if !builder.seen_order
        && let Some(po) = carrier_mail::po_in(&source.subject)
    {
        for (_, cells) in &mut builder.rows {
            cells.entry(Field::Po).or_insert_with(|| vec![po.clone()]);
        }
    }
    let context = Context {
        today,
        first: None,
        needs_order: false,
    };
    let mut rows: (Vec<AdviceRow>, Vec<RowError>) = (Vec::new(), Vec::new());
    for (line, cells) in builder.rows {
        match row::build(&cells, line, context) {
            Ok(row) => rows.0.push(row),
            Err(message) => rows.1.push(RowError { line, message }),
        }
    }
    // One address is that of all; of several it is not said whose.
    if let [to] = carrier_mail::ship_tos(text(source)).as_slice() {
        for row in rows.0.iter_mut().filter(|row| row.ship_to.zip.is_empty()) {
            row.ship_to = to.clone();
        }
    }
    rows
}
