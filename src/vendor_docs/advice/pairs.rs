//! Keys with values in running text: `PO Number: …`, `Tracking # …`, a key above its value, a row of
//! keys above rows of values.

use super::headers::{AdviceField, field_of};
use super::{MAX_ROWS, prose};
use crate::carriers::{Check, carrier_by_name, recognise};
use crate::vendor_docs::text::dates;

/// A key that is known, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    /// Line of the key, from 1.
    pub line: usize,
    /// What the key means.
    pub field: AdviceField,
    /// What stands after it.
    pub value: String,
}

/// Every known key of a text with its value, in order.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    let mut reading = PairsReading::default();
    for (at, line) in text.lines().enumerate() {
        if reading.pairs.len() >= MAX_ROWS {
            break;
        }
        reading.line(at + 1, line);
    }
    reading.pairs
}

/// What was read so far.
#[derive(Default)]
struct PairsReading {
    pairs: Vec<Pair>,
    /// A key at the end of a line has its value on the next one.
    waiting: Option<(usize, AdviceField)>,
    /// A row of keys has its values in the rows below.
    columns: Vec<Option<AdviceField>>,
}

impl PairsReading {
    fn push(&mut self, line: usize, field: AdviceField, value: impl Into<String>) {
        let value = value.into();
        self.pairs.push(Pair { line, field, value });
    }

    fn line(&mut self, at: usize, line: &str) {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let line = line
            .trim()
            .trim_start_matches(['*', '•', '-', '·', '>', ' ']);
        if line.is_empty() || self.table(at, &cells) {
            return;
        }
        let segments = segments(line);
        if self.waiting.is_none() && segments.iter().all(|segment| key_of(segment).is_none()) {
            let record = prose::record(line);
            // a number alone below another is one more of the same
            let tracked = self
                .pairs
                .last()
                .is_some_and(|pair| pair.field == AdviceField::Tracking);
            if !record.is_empty() && (!tracked || line.contains(' ')) {
                for (field, value) in record {
                    self.push(at, field, value);
                }
                return;
            }
        }
        let mut bare = false;
        for segment in segments {
            match (key_of(&segment), self.waiting.take()) {
                // several keys without values are the head of a table, not one key
                (Some((_, value)), _) if value.is_empty() && bare => (),
                (Some((field, value)), _) if value.is_empty() => {
                    bare = true;
                    self.waiting = Some((at, field));
                }
                (Some((field, value)), _) => self.push(at, field, value),
                // the carrier's name between the key and its number
                (None, Some(waiting)) if is_carrier(waiting.1, &segment) => {
                    self.push(at, AdviceField::Carrier, segment);
                    self.waiting = Some(waiting);
                }
                (None, Some((line, field))) => self.push(line, field, segment),
                (None, None) => more(&mut self.pairs, &segment),
            }
        }
    }

    /// Rows of cells: keys above values, and an order's number beside its key.
    fn table(&mut self, at: usize, cells: &[&str]) -> bool {
        if let Some(found) = heading_row(cells) {
            (self.columns, self.waiting) = (found, None);
            return true;
        }
        if cells.len() > 1 && cells.len() == self.columns.len() {
            let columns = std::mem::take(&mut self.columns);
            for (field, cell) in columns.iter().zip(cells) {
                if let Some(field) = field.filter(|_| !cell.is_empty()) {
                    self.push(at, field, *cell);
                }
            }
            self.columns = columns;
            return true;
        }
        self.columns.clear();
        if let [key, value] = cells
            && field_of(key).is_some_and(|(field, _)| field == AdviceField::Order)
            && value.bytes().any(|b| b.is_ascii_digit())
        {
            self.waiting = None;
            self.push(at, AdviceField::Order, *value);
            return true;
        }
        false
    }
}

/// Whether below the key of a tracking number stands the carrier's name.
fn is_carrier(field: AdviceField, segment: &str) -> bool {
    let number = segment.bytes().filter(u8::is_ascii_digit).count() > 2;
    field == AdviceField::Tracking && !number && carrier_by_name(segment).is_some()
}

/// What the cells of a row of keys mean; `None` when it is none: it has two keys and no value.
fn heading_row(cells: &[&str]) -> Option<Vec<Option<AdviceField>>> {
    let bare = |cell: &&str| !cell.contains(':') && !cell.bytes().any(|b| b.is_ascii_digit());
    if cells.len() < 2 || !cells.iter().all(bare) {
        return None;
    }
    let columns: Vec<Option<AdviceField>> = cells
        .iter()
        .map(|cell| key_of(cell).map(|(field, _)| field))
        .collect();
    (columns.iter().flatten().count() >= 2).then_some(columns)
}

/// Text without a key may be another tracking number below the last one.
fn more(pairs: &mut [Pair], segment: &str) {
    let Some(last) = pairs.last_mut() else { return };
    let number = || {
        let found = recognise(segment);
        segment.len() >= 10 && found.first().is_some_and(|m| m.check != Check::Wrong)
    };
    if last.field == AdviceField::Tracking && number() {
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
fn key_of(text: &str) -> Option<(AdviceField, String)> {
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
            && (field == AdviceField::Tracking || !value.contains("://"))
        {
            return Some((field, value.trim().trim_start_matches('=').to_owned()));
        }
    }
    if let Some((key, value)) = text.split_once(':')
        && ["shipped", "dispatched"].contains(&key.trim().to_lowercase().as_str())
        && (dates::parse(value, None).is_some() || dates::marred(value))
    {
        return Some((AdviceField::ShipDate, value.trim().to_owned()));
    }
    if let Some((key, value)) = text.split_once('#')
        && let Some(field) = known(key)
        && value.bytes().any(|b| b.is_ascii_digit())
        // "PO # W1-1 has shipped" is a sentence
        && (field != AdviceField::Po || value.split_whitespace().count() <= 3)
    {
        return Some((field, value.trim().to_owned()));
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let field = known(text).filter(|_| digits < 3)?;
    let alone = matches!(
        field,
        AdviceField::Tracking
            | AdviceField::Po
            | AdviceField::Carrier
            | AdviceField::ShipDate
            | AdviceField::Reference
            | AdviceField::Service
            | AdviceField::Sku
            | AdviceField::Qty
    );
    // Prose of one word ("order", "customer") is no key.
    (alone && text.split_whitespace().count() <= 4).then(|| (field, String::new()))
}
