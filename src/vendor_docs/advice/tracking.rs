//! Tracking numbers as they stand in vendors' files, with what spreadsheets do to them.

use crate::carriers::{Carrier, Check, compact, recognise_of};
use crate::domain::pattern::fits;
use crate::domain::spreadsheet::{Holds, LONG_NUMBER, damage};
use crate::vendor_docs::columns;
use regex::Regex;
use std::sync::LazyLock;

/// What a cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tracking {
    /// Numbers without blanks, in upper case.
    pub numbers: Vec<String>,
    /// Whether a check digit is wrong.
    pub wrong: bool,
    /// What was mended or looks odd.
    pub warnings: Vec<String>,
}

/// Most parcels of one row.
const MAX_PARCELS: usize = 100;

static SCIENTIFIC: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\d(?:[.,]\d+)?e\+?\d{1,3}$").ok());
static THOUSANDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\d{1,3}(?:,\d{3}){2,}(?:\.0+)?$").ok());
static ZERO_FRACTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d+)[.,]0{1,2}$").ok());

/// A telephone number as it is written in North America; of its digits a tenth pass DHL's check.
static TELEPHONE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$").ok());
/// What is called a bill, an order or a book.
static ANOTHERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^(?:inv|invoice|po|so|rma|isbn)[-# :._]*\d").ok());

/// Whether it is the number of a book (ISBN-13), by its beginning and its check digit.
fn is_isbn(number: &str) -> bool {
    let plain: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let weighed = plain.iter().zip([1, 3].iter().cycle());
    let sum: u32 = weighed.map(|(digit, weight)| digit * weight).sum();
    let book = number.starts_with("978") || number.starts_with("979");
    book && plain.len() == 13 && sum.is_multiple_of(10)
}

/// Whether a cell says that there is no number. One that is still to come says that nothing left.
fn is_blank(text: &str) -> bool {
    const BLANK: &[&str] = &[
        "",
        "-",
        "--",
        "0",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "no tracking",
    ];
    BLANK.contains(&text.to_lowercase().as_str())
}

/// The text between the two asterisks of a bar code.
pub(super) fn barred(text: &str) -> &str {
    let inner = text
        .strip_prefix('*')
        .and_then(|rest| rest.strip_suffix('*'));
    inner.map_or(text, str::trim)
}

/// The text without what makes a spreadsheet keep it as text: `="…"`, a leading apostrophe.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix('=').unwrap_or(text);
    barred(text.trim_matches(['"', '\'', '’', '`', ' ']))
}

/// What nobody can mend: an error of a spreadsheet, or digits of which it keeps fifteen.
fn spoilt(cell: &str) -> bool {
    cell.starts_with('#') || cell.ends_with(LONG_NUMBER)
}

/// Reads a cell. Numbers stand apart by comma, semicolon, slash, `and` or line ends.
///
/// # Errors
/// When digits are lost or it cannot be a tracking number; says which and what to do.
pub(super) fn read(cell: &str, named: Option<&'static Carrier>) -> Result<Tracking, String> {
    let mut tracking = Tracking::default();
    let cell = bare(cell);
    if is_blank(cell) {
        return Ok(tracking);
    }
    let shown: String = cell.chars().take(60).collect();
    if let Some(damage) = damage(cell, Holds::Other).filter(|_| spoilt(cell)) {
        return Err(format!("tracking number {damage}"));
    }
    if columns::takes_back(cell) {
        return Err(format!(
            "tracking number '{}' says that there is none yet, or none any more: nothing is taken as shipped by it",
            shown.escape_debug()
        ));
    }
    let whole = if fits(&THOUSANDS, cell) {
        tracking.warnings.push(format!(
            "tracking number '{cell}' had commas of a spreadsheet: taken out"
        ));
        cell.replace(',', "")
    } else {
        cell.to_owned()
    };
    if let Some(word) = strange_word(&whole) {
        return Err(format!(
            "tracking number '{}' says '{}' beside the number",
            shown.escape_debug(),
            word.escape_debug()
        ));
    }
    for piece in pieces(&whole) {
        if tracking.numbers.len() >= MAX_PARCELS {
            return Err(format!(
                "more than {MAX_PARCELS} tracking numbers in one row"
            ));
        }
        one(bare(&piece), named, &mut tracking)?;
    }
    Ok(tracking)
}

fn pieces(cell: &str) -> Vec<String> {
    // A decimal comma of a damaged number is no separator.
    if fits(&SCIENTIFIC, cell) || fits(&ZERO_FRACTION, cell) {
        return vec![cell.to_owned()];
    }
    let text = cell.replace(" and ", ",").replace(" & ", ",");
    let apart: Vec<String> = text
        .split([',', ';', '\n', '\r', '|', '/'])
        .map(|piece| piece.trim().to_owned())
        .filter(|piece| !piece.is_empty())
        .collect();
    if cell.contains("://") {
        return vec![cell.to_owned()];
    }
    apart.iter().flat_map(|piece| by_blanks(piece)).collect()
}

/// Words that may stand beside a number: what it is, and whose.
const LABELS: &[&str] = &[
    "tracking",
    "track",
    "trk",
    "tracking#",
    "num",
    "number",
    "numbers",
    "nbr",
    "nos",
    "code",
    "ref",
    "reference",
    "ups",
    "upsn",
    "fedex",
    "fed",
    "usps",
    "dhl",
    "ontrac",
    "lasership",
    "amazon",
    "canada",
    "purolator",
    "post",
    "carrier",
    "courier",
    "ground",
    "grnd",
    "express",
    "priority",
    "mail",
    "air",
    "next",
    "day",
    "home",
    "delivery",
    "freight",
    "ltl",
    "standard",
    "saver",
    "overnight",
    "economy",
    "surepost",
    "smartpost",
    "first",
    "class",
    "federal",
    "united",
    "parcel",
    "parcels",
    "package",
    "packages",
    "pkg",
    "box",
    "carton",
    "ctn",
    "piece",
    "pcs",
    "service",
    "pro",
    "bol",
    "awb",
    "waybill",
    "airbill",
    "airwaybill",
    "shipment",
    "shipped",
    "ship",
    "via",
    "and",
    "lead",
    "master",
    "main",
    "con",
    "note",
    "consignment",
    "link",
    "new",
];

/// The first word of a cell that makes its number another thing: "Not used", "old", "not scanned".
fn strange_word(piece: &str) -> Option<&str> {
    if piece.contains("://") {
        return None;
    }
    let words = piece.split_whitespace().collect::<Vec<_>>();
    let strange = |word: &&&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        // two letters may be of the number itself: "RR 123 456 785 US"
        let is_word = bare.chars().count() > 2 && bare.chars().all(char::is_alphabetic);
        is_word && !LABELS.contains(&bare.to_lowercase().as_str())
    };
    (words.len() > 1).then(|| words.iter().find(strange).copied())?
}

/// Blanks may stand inside a number; they part two only when each side is whole by itself.
fn by_blanks(piece: &str) -> Vec<String> {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let whole = |word: &&str| {
        let found = recognise_of(word, None);
        word.len() >= 10 && found.first().is_some_and(|m| m.check != Check::Wrong)
    };
    if words.len() > 1 && words.iter().all(whole) {
        return words.iter().map(|word| (*word).to_owned()).collect();
    }
    // "UPS 1Z…", "Tracking: 1Z…": the label before the number is not part of it.
    let label = |word: &&str| {
        word.trim_end_matches([':', '#'])
            .chars()
            .all(char::is_alphabetic)
    };
    let number = words
        .iter()
        .skip_while(|word| label(word) && word.len() > 2);
    let number: Vec<&str> = number.copied().collect();
    vec![if number.is_empty() {
        piece.to_owned()
    } else {
        number.join(" ")
    }]
}

fn one(text: &str, named: Option<&'static Carrier>, into: &mut Tracking) -> Result<(), String> {
    let shown: String = text.chars().take(60).collect();
    if fits(&SCIENTIFIC, text) {
        return Err(format!(
            "tracking number '{shown}' was damaged by a spreadsheet: its digits are lost; ask for the column as text"
        ));
    }
    let mut text = text.to_owned();
    if fits(&ZERO_FRACTION, &text) {
        into.warnings.push(format!(
            "tracking number '{shown}' had a fraction of a spreadsheet: taken off"
        ));
        text = text.split(['.', ',']).next().unwrap_or_default().to_owned();
    }
    let no_number = || format!("'{shown}' is no tracking number");
    let mut number = compact(&text).ok_or_else(no_number)?;
    if text.contains("://") {
        number = in_address(&text).ok_or_else(no_number)?;
    }
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plain = number
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !plain || digits < 4 || !(6..=45).contains(&number.len()) {
        return Err(no_number());
    }
    let best = recognise_of(&number, named);
    let proved = best.first().is_some_and(|m| m.check == Check::Valid);
    if fits(&TELEPHONE, &text) || !proved && (fits(&ANOTHERS, &text) || is_isbn(&number)) {
        return Err(no_number());
    }
    let right = best.first().is_some_and(|m| m.check != Check::Wrong);
    if !right && rounded(&number) {
        return Err(format!(
            "tracking number '{shown}' was rounded by a spreadsheet after 15 digits; ask for the column as text"
        ));
    }
    if !right && let Some(mended) = with_zeros(&number, named) {
        into.warnings.push(format!(
            "tracking number '{shown}' had lost a leading zero: taken as {mended}"
        ));
        into.numbers.push(mended);
        return Ok(());
    }
    if let Some(right) = best.first().filter(|m| m.check == Check::Valid) {
        // Without the ZIP that USPS prints before it.
        number.clone_from(&right.number);
    }
    into.wrong |= best.first().is_some_and(|m| m.check == Check::Wrong);
    if !into.numbers.contains(&number) {
        into.numbers.push(number);
    }
    Ok(())
}

/// Spreadsheets keep 15 digits and make the rest zeros.
fn rounded(number: &str) -> bool {
    number.len() >= 17
        && number.bytes().all(|b| b.is_ascii_digit())
        && number
            .as_bytes()
            .get(15..)
            .is_some_and(|rest| rest.iter().all(|b| *b == b'0'))
}

/// The number with one or two leading zeros, when the named carrier has such numbers and its check
/// digit is then right.
fn with_zeros(number: &str, named: Option<&'static Carrier>) -> Option<String> {
    let named = named?;
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let padded = ["0", "00"].map(|zeros| format!("{zeros}{number}"));
    padded.into_iter().find(|padded| {
        let found = recognise_of(padded, Some(named));
        found
            .first()
            .is_some_and(|m| m.check == Check::Valid && m.carrier.code == named.code)
    })
}

/// The number in the address of a tracking page.
fn in_address(address: &str) -> Option<String> {
    let words = address.split(|c: char| !c.is_ascii_alphanumeric());
    let mut words = words.filter(|word| word.len() >= 10);
    words.find_map(|word| {
        let found = recognise_of(word, None);
        let found = found.into_iter().find(|m| m.check != Check::Wrong)?;
        Some(found.number)
    })
}
