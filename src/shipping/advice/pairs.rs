//! Keys with values in running text: `PO Number: …`, `Tracking # …`, a key above its value, a row of
//! keys above rows of values.

use super::MAX_ROWS;
use super::headers::{Field, field_of};
use crate::shipping::carriers::{Check, recognise};
use crate::shipping::text::dates;
use regex::Regex;
use std::sync::LazyLock;

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

/// Every known key of a text with its value, in order.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    // A key at the end of a line has its value on the next one.
    let mut waiting: Option<(usize, Field)> = None;
    // A row of keys has its values in the rows below.
    let mut columns: Vec<Option<Field>> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line
            .trim_matches(['\r', '\n'])
            .split('\t')
            .map(str::trim)
            .collect();
        let line = line
            .trim()
            .trim_start_matches(['*', '•', '-', '·', '>', ' ']);
        if line.is_empty() || pairs.len() >= MAX_ROWS {
            continue;
        }
        if let Some(found) = heading_row(&cells) {
            (columns, waiting) = (found, None);
            continue;
        }
        if cells.len() > 1 && cells.len() == columns.len() {
            let known = columns
                .iter()
                .zip(&cells)
                .filter(|(_, cell)| !cell.is_empty());
            pairs.extend(known.filter_map(|(field, cell)| {
                let (line, field, value) = (at + 1, (*field)?, (*cell).to_owned());
                Some(Pair { line, field, value })
            }));
            continue;
        }
        columns.clear();
        if let [key, value] = cells.as_slice()
            && field_of(key).is_some_and(|(field, _)| field == Field::Order)
            && value.bytes().any(|b| b.is_ascii_digit())
        {
            let (line, field, value) = (at + 1, Field::Order, (*value).to_owned());
            waiting = None;
            pairs.push(Pair { line, field, value });
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

/// What the cells of a row of keys mean; `None` when it is none: it has two keys and no value.
fn heading_row(cells: &[&str]) -> Option<Vec<Option<Field>>> {
    let bare = |cell: &&str| !cell.contains(':') && !cell.bytes().any(|b| b.is_ascii_digit());
    if cells.len() < 2 || !cells.iter().all(bare) {
        return None;
    }
    let columns: Vec<Option<Field>> = cells
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
            && (field == Field::Tracking || !value.contains("://"))
        {
            return Some((field, value.trim().trim_start_matches('=').to_owned()));
        }
    }
    if let Some((key, value)) = text.split_once(':')
        && ["shipped", "dispatched"].contains(&key.trim().to_lowercase().as_str())
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
