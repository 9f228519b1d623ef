//! What spreadsheets do to values, told apart from values: a file that went through one may have lost
//! what nobody can get back, so it is named and refused rather than printed on a purchase order.

/// The most columns of a table. Exports of shops have a hundred.
pub const MOST_COLUMNS: usize = 1000;

/// The first line that would have more than [`MOST_COLUMNS`], by whatever stands between its cells, as a
/// sentence. Such a file is no table of ours, and each of its columns costs with each row.
pub fn too_wide(text: &[u8]) -> Option<String> {
    text.split(|byte| *byte == b'\n')
        .enumerate()
        .find_map(|(at, line)| {
            let columns = width(line);
            (columns > MOST_COLUMNS).then(|| {
                format!(
                    "line {} has {columns} columns, and {MOST_COLUMNS} are the most: export the columns that poms reads",
                    at + 1
                )
            })
        })
}

/// The columns of a line, cut at the sign that stands in it most often. Quotation marks are not looked
/// at: no cell holds a thousand commas.
pub fn width(line: &[u8]) -> usize {
    let mut counts = [0_usize; 4];
    for byte in line {
        if let Some(at) = b",;\t|".iter().position(|sign| sign == byte) {
            counts[at] += 1;
        }
    }
    1 + counts.iter().max().copied().unwrap_or_default()
}

/// Stands behind a number of a workbook that has more digits than a spreadsheet keeps.
pub const LONG_NUMBER: &str = " (a number of more than 15 digits)";

/// The kind of cell, by which it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A name such as a SKU or a number of a paper, which is never a date.
    Key,
    /// A number of a paper, which may be a date in figures.
    Number,
    /// Anything else.
    Other,
}

/// Names what a spreadsheet did to a cell, with the way to export it whole; `None` when nothing is known.
/// Begins with the value in quotes.
pub fn damage(cell: &str, holds: Holds) -> Option<String> {
    let cell = cell.trim();
    if let Some(number) = cell.strip_suffix(LONG_NUMBER) {
        let shown: String = number.chars().take(40).collect();
        return Some(format!(
            "'{}' stands in the workbook as a number, of which spreadsheets keep 15 digits: set the column to Text, \
             write it once more, and export again",
            shown.escape_debug()
        ));
    }
    let said = if is_error(cell) {
        "is an error of the spreadsheet, which found no value here: put the value in, and export again"
    } else if cell.len() >= 2 && cell.bytes().all(|b| b == b'#') {
        "is what a spreadsheet shows where a column is too narrow: widen the column, and export again"
    } else if is_scientific(cell) {
        "is what a spreadsheet makes of a long number, whose last digits are lost: set the column to Text \
         before the file is read in (Excel: Data, From Text/CSV, data type Text), and export again"
    } else if holds != Holds::Other && is_short_date(cell)
        || holds == Holds::Key && is_date_of_figures(cell)
    {
        "is the date that a spreadsheet made of it: set the column to Text before the file is read in \
         (Excel: Data, From Text/CSV, data type Text), and export again"
    } else {
        return None;
    };
    let shown: String = cell.chars().take(40).collect();
    Some(format!("'{}' {said}", shown.escape_debug()))
}

/// `#N/A`, `#REF!`, `#NAME?`, and what other languages and programs have for them.
fn is_error(cell: &str) -> bool {
    let upper = cell.to_uppercase();
    let Some(rest) = upper.strip_prefix('#') else {
        return upper
            .strip_prefix("ERR:")
            .is_some_and(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit()));
    };
    let word = rest.trim_matches(['!', '?', '¡', '¿']);
    let letters = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '/' | '_' | '0' | '-'));
    let ended = rest.ends_with(['!', '?']) && letters;
    ended || matches!(word, "N/A" | "NV" | "N/V" | "N/D" | "GETTING_DATA")
}

/// `4.00638E+12`: spreadsheets write the sign, which people and SKUs do not.
fn is_scientific(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let upper = cell.to_ascii_uppercase();
    let Some((figure, power)) = upper.split_once('E') else {
        return false;
    };
    let figure = figure.strip_prefix('-').unwrap_or(figure);
    let (whole, part) = figure.split_once(['.', ',']).unwrap_or((figure, "0"));
    let power = power.strip_prefix(['+', '-']);
    whole.len() == 1 && digits(whole) && digits(part) && power.is_some_and(digits)
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `5-Mar`, `Mar-05`, `5-Mar-26`: letter for letter as spreadsheets write them; `MAR-05` is a SKU.
fn is_short_date(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split('-').collect();
    let figure = |text: &str, most: u32| {
        let short = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        short && text.parse::<u32>().is_ok_and(|value| value <= most)
    };
    let month = |text: &str| MONTHS.contains(&text);
    match parts.as_slice() {
        [day, name] if month(name) => figure(day, 31),
        [name, year] if month(name) => figure(year, 99),
        [day, name, year] => {
            let year =
                figure(year, 99) || year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
            month(name) && figure(day, 31) && year
        }
        _ => false,
    }
}

/// `3/5/2026`, `2026-03-05`, `2026-03-05 00:00:00`.
fn is_date_of_figures(cell: &str) -> bool {
    let day = cell.strip_suffix(" 00:00:00").unwrap_or(cell);
    let day = day.strip_suffix(" 0:00").unwrap_or(day);
    ["%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%d"].iter().any(|form| {
        let date = chrono::NaiveDate::parse_from_str(day, form);
        date.is_ok_and(|date| (1900..=2100).contains(&chrono::Datelike::year(&date)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_do_is_told_from_values() {
        use Holds::{Key, Number, Other};
        for (cell, holds, word) in [
            ("4.00638E+12", Key, "long number"),
            ("7.94E+11", Other, "long number"),
            ("1E+15", Key, "long number"),
            ("1,23E+03", Other, "long number"),
            ("1.5e-07", Key, "long number"),
            ("5-Mar", Key, "date"),
            ("Mar-05", Key, "date"),
            ("05-Mar-26", Number, "date"),
            ("3/5/2026", Key, "date"),
            ("2026-03-05 00:00:00", Key, "date"),
            ("#N/A", Other, "error"),
            ("#REF!", Other, "error"),
            ("#NAME?", Key, "error"),
            ("#DIV/0!", Other, "error"),
            ("#VALUE!", Other, "error"),
            ("#¡REF!", Other, "error"),
            ("#BEZUG!", Other, "error"),
            ("#NV", Other, "error"),
            ("Err:502", Other, "error"),
            ("########", Other, "too narrow"),
            (
                "1234567890123456 (a number of more than 15 digits)",
                Key,
                "keep 15 digits",
            ),
        ] {
            let said = damage(cell, holds).unwrap_or_default();
            assert!(
                said.contains(word) && said.starts_with('\''),
                "{cell}: {said}"
            );
            assert!(said.contains("export again"), "{cell}: {said}");
        }
        for (cell, holds) in [
            ("BF63-12163", Key),
            ("4006381333931", Key),
            ("4E10", Key),
            ("12E-5", Key),
            ("MAR-05", Key),
            ("5-MAR", Key),
            ("32-Mar", Key),
            ("3/5/2026", Number),
            ("5-Mar", Other),
            ("#1001", Key),
            ("# 12", Other),
            ("#", Other),
            ("#PO-12!", Other),
            ("N/A", Other),
            ("1/2", Key),
            ("", Key),
        ] {
            assert_eq!(damage(cell, holds), None, "{cell} {holds:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(cell: String) {
            for holds in [Holds::Key, Holds::Number, Holds::Other] {
                let _ = damage(&cell, holds);
            }
        }
    }
}
