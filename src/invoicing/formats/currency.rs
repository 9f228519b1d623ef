//! In which money a file is. The books have one currency: rows of another are refused, and a file whose
//! totals, titles or headers are in another is refused whole. A sign of the books' own is taken off.

use super::labels::{BillColumn, SUMMED};
use super::{BillSheet, FormatError};
use crate::tabular::rows::Row;
use std::collections::BTreeMap;

/// Signs and words of money beside figures, in capitals, and the currencies (ISO 4217) that they may be.
const MARKS: &[(&str, &[&str])] = &[
    ("$", &["USD", "CAD", "AUD", "NZD", "MXN", "HKD", "SGD"]),
    ("US$", &["USD"]),
    ("U$S", &["USD"]),
    ("$US", &["USD"]),
    ("CA$", &["CAD"]),
    ("C$", &["CAD"]),
    ("CAD$", &["CAD"]),
    ("CDN$", &["CAD"]),
    ("$CA", &["CAD"]),
    ("A$", &["AUD"]),
    ("AU$", &["AUD"]),
    ("NZ$", &["NZD"]),
    ("MX$", &["MXN"]),
    ("HK$", &["HKD"]),
    ("S$", &["SGD"]),
    ("SG$", &["SGD"]),
    ("R$", &["BRL"]),
    ("£", &["GBP"]),
    ("UK£", &["GBP"]),
    ("GB£", &["GBP"]),
    ("€", &["EUR"]),
    ("¥", &["JPY", "CNY"]),
    ("CN¥", &["CNY"]),
    ("RMB", &["CNY"]),
    ("₹", &["INR"]),
    ("RS", &["INR"]),
    ("KR", &["SEK", "NOK", "DKK"]),
    ("FR", &["CHF"]),
    ("SFR", &["CHF"]),
    ("ZŁ", &["PLN"]),
    ("₩", &["KRW"]),
    ("₪", &["ILS"]),
    ("₺", &["TRY"]),
    ("₽", &["RUB"]),
    ("R", &["ZAR"]),
    ("US DOLLAR", &["USD"]),
    ("US DOLLARS", &["USD"]),
    ("UNITED STATES DOLLAR", &["USD"]),
    ("CANADIAN DOLLAR", &["CAD"]),
    ("AUSTRALIAN DOLLAR", &["AUD"]),
    ("EURO", &["EUR"]),
    ("BRITISH POUND", &["GBP"]),
    ("POUND STERLING", &["GBP"]),
    ("BRITISH POUND STERLING", &["GBP"]),
    ("MEXICAN PESO", &["MXN"]),
];

/// Codes of ISO 4217 that bills come in.
const CODES: &[&str] = &[
    "USD", "CAD", "EUR", "GBP", "AUD", "NZD", "CHF", "MXN", "JPY", "CNY", "HKD", "SGD", "INR",
    "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "ILS", "TRY", "ZAR", "BRL", "ARS",
    "CLP", "COP", "PEN", "KRW", "TWD", "THB", "VND", "IDR", "MYR", "PHP", "AED", "SAR", "EGP",
    "PKR", "RUB", "UAH",
];

/// Whether a sign, word or code is the books' money; `None` when it is no money at all.
fn is_ours(mark: &str, books: &str) -> Option<bool> {
    let mark = mark.trim().to_uppercase();
    if let Some(code) = CODES.iter().find(|code| **code == mark) {
        return Some(*code == books);
    }
    let known = MARKS.iter().find(|(known, _)| *known == mark);
    known.map(|(_, codes)| codes.contains(&books))
}

/// What stands beside the figures of an amount.
fn mark(cell: &str) -> String {
    let figure =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || ",.'-()=+\u{2212}".contains(c);
    cell.chars().filter(|c| !figure(*c)).collect()
}

/// Columns with money that is read or added up.
fn columns() -> impl Iterator<Item = BillColumn> {
    let more = [
        BillColumn::Balance,
        BillColumn::Price,
        BillColumn::Freight,
        BillColumn::Fee,
        BillColumn::Tax,
        BillColumn::Total,
    ];
    SUMMED.into_iter().chain(more)
}

/// Takes the signs of the books' currency off all amounts, and returns the rows that are in another.
///
/// # Errors
/// When the file is in another: by its titles, its headers, its totals, or all of its rows.
pub fn settle(sheet: &mut BillSheet, books: &str) -> Result<BTreeMap<u64, String>, FormatError> {
    let whole = |what: String| FormatError::Currency {
        what,
        books: books.to_owned(),
    };
    if let Some(what) = above(sheet, books) {
        return Err(whole(what));
    }
    let header = sheet.header.clone();
    let places: Vec<usize> = columns()
        .filter_map(|column| header.place(column))
        .collect();
    let (mut bad, mut rows) = (BTreeMap::new(), 0);
    for row in sheet.rows.iter_mut().skip(header.at + 1) {
        let dated = [BillColumn::Date, BillColumn::InvoiceDate, BillColumn::Type]
            .into_iter()
            .any(|column| !header.cell(row, column).is_empty());
        let total = |cell: &String| cell.to_lowercase().starts_with("total");
        let is_total = !dated && row.cells.iter().any(total);
        let foreign = cells(row, &places, books).or_else(|| said(row, &header, books));
        rows += usize::from(dated);
        let Some(foreign) = foreign else {
            continue;
        };
        if is_total {
            return Err(whole(format!("line {}: {foreign}", row.line)));
        }
        bad.insert(
            row.line,
            format!("{foreign} is not in {books}, the currency of the books: enter it by hand"),
        );
    }
    match bad.first_key_value() {
        Some((line, _)) if bad.len() >= rows => {
            let what = format!("line {line}");
            Err(whole(what))
        }
        _ => Ok(bad),
    }
}

/// Takes the books' signs off a row's amounts; the first amount in other money, in quotes.
fn cells(row: &mut Row, places: &[usize], books: &str) -> Option<String> {
    let mut foreign = None;
    for place in places {
        let Some(cell) = row.cells.get_mut(*place) else {
            continue;
        };
        let mark = mark(cell);
        match is_ours(&mark, books) {
            _ if mark.is_empty() => {}
            Some(true) if mark != "$" => {
                let bare = |c: &char| !mark.contains(*c);
                *cell = cell
                    .chars()
                    .filter(bare)
                    .collect::<String>()
                    .trim()
                    .to_owned();
            }
            Some(false) => {
                foreign.get_or_insert_with(|| format!("'{cell}'"));
            }
            // no money, or what amounts know themselves
            Some(true) | None => {}
        }
    }
    foreign
}

/// What a row says of its currency in a column of its own, or by a rate other than one. Reports that
/// have a column of foreign amounts beside give the books' own in the other.
fn said(row: &Row, header: &super::labels::Header, books: &str) -> Option<String> {
    let currency = header.cell(row, BillColumn::Currency);
    let rate = header.cell(row, BillColumn::ExchangeRate);
    let other = !currency.is_empty() && is_ours(currency, books) != Some(true);
    let rated = currency.is_empty()
        && rate
            .parse::<rust_decimal::Decimal>()
            .is_ok_and(|rate| rate != rust_decimal::Decimal::ONE);
    match (header.both_moneys, other, rated) {
        (false, true, _) => Some(format!("'{currency}'")),
        (false, _, true) => Some(format!("what has an exchange rate of {rate}")),
        _ => None,
    }
}

/// What titles and headers say of other money: `Amount (CAD)`, `All amounts in EUR`, `Currency: GBP`.
fn above(sheet: &BillSheet, books: &str) -> Option<String> {
    let header = &sheet.header;
    let labels = sheet.rows.get(header.at)?;
    for column in columns() {
        let label = header.place(column).map_or("", |place| labels.cell(place));
        let unit = label
            .strip_suffix(')')
            .and_then(|rest| rest.rsplit_once('('));
        if let Some((_, unit)) = unit
            && is_ours(unit, books) == Some(false)
        {
            return Some(format!("line {}: '{label}'", labels.line));
        }
    }
    let titles = sheet.rows.iter().take(header.at);
    let mut cells = titles.flat_map(|row| row.cells.iter().map(move |cell| (row.line, cell)));
    cells.find_map(|(line, cell)| {
        let lower = cell.to_lowercase();
        let words: Vec<&str> = cell.split(|c: char| !c.is_alphanumeric()).collect();
        let code = words.iter().find(|word| CODES.contains(*word))?;
        let stated = lower.contains("currency")
            || lower.contains("amounts in")
            || cell.contains(&format!("({code})"))
            || cell.contains(&format!(" in {code}"));
        (stated && *code != books).then(|| format!("line {line}: '{cell}'"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_told_apart() {
        for (cell, books, ours) in [
            ("$100.00", "USD", Some(true)),
            ("$100.00", "CAD", Some(true)),
            ("$100.00", "EUR", Some(false)),
            ("CA$100.00", "USD", Some(false)),
            ("CA$100.00", "CAD", Some(true)),
            ("-US$1,000.00", "USD", Some(true)),
            ("USD 1,000.00", "USD", Some(true)),
            ("1,000.00 EUR", "USD", Some(false)),
            ("£(400.00)", "USD", Some(false)),
            ("€ 1.234,50", "EUR", Some(true)),
            ("100.00 CR", "USD", None),
            ("100.00", "USD", None),
            ("abc", "USD", None),
        ] {
            assert_eq!(is_ours(&mark(cell), books), ours, "{cell} {books}");
        }
    }
}
