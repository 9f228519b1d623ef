//! Days of tables without a year, `06/04` and `4-Jun`: the year is that nearest to the day of the mail, where only
//! one is near. What is far from it, or near with day and month changed alone, stays as it is, and is asked about.

use super::advice::{AdviceField, field_of};
use super::reply::structured::is_day;
use super::text::{dates, decode};
use chrono::{Datelike, NaiveDate};
use csv::StringRecord;
use regex::Regex;
use std::sync::LazyLock;

/// So many days before and after the mail are near.
const NEAR: (i64, i64) = (45, 120);

static FIGURES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d{1,2})[/-](\d{1,2})$").ok());
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?P<d>\d{1,2})[ -](?P<m>[a-z]{3,9})|(?P<m2>[a-z]{3,9})\.?[ -](?P<d2>\d{1,2}))$",
    )
    .ok()
});

/// The same table with years; `None` where no cell wants one.
pub fn with_years(bytes: &[u8], today: NaiveDate) -> Option<Vec<u8>> {
    let text = decode::text(bytes).ok()?;
    let first = text.lines().next()?;
    b",\t;|".iter().find_map(|comma| {
        let headings = record(first, *comma)?;
        let of_orders = headings.iter().any(|one| {
            let field = field_of(one).map(|(field, _)| field);
            matches!(field, Some(AdviceField::Po | AdviceField::Order))
        });
        let days: Vec<bool> = headings.iter().map(is_day).collect();
        (of_orders && days.contains(&true)).then(|| dated(&text, *comma, &days, today))?
    })
}

/// Each line as it was, but for those that have such a day.
fn dated(text: &str, comma: u8, days: &[bool], today: NaiveDate) -> Option<Vec<u8>> {
    let mut changed = false;
    let mut whole = String::with_capacity(text.len() + 64);
    for (at, line) in text.lines().enumerate() {
        // a cell over several lines: the table stays as it is
        if line.matches('"').count() % 2 == 1 {
            return None;
        }
        let new = if at == 0 {
            None
        } else {
            of_line(line, comma, days, today)
        };
        changed |= new.is_some();
        whole.push_str(new.as_deref().unwrap_or(line));
        whole.push('\n');
    }
    changed.then(|| whole.into_bytes())
}

fn of_line(line: &str, comma: u8, days: &[bool], today: NaiveDate) -> Option<String> {
    let cells = record(line, comma)?;
    let mut changed = false;
    let all = cells
        .iter()
        .zip(days.iter().copied().chain(std::iter::repeat(false)));
    let new: StringRecord = all
        .map(|(cell, day)| match year_of(cell, today).filter(|_| day) {
            Some(full) => {
                changed = true;
                full
            }
            None => cell.to_owned(),
        })
        .collect();
    let mut writer = csv::WriterBuilder::new()
        .delimiter(comma)
        .from_writer(Vec::new());
    writer.write_record(&new).ok()?;
    let line = String::from_utf8(writer.into_inner().ok()?).ok()?;
    changed.then(|| line.trim_end_matches('\n').to_owned())
}

fn record(line: &str, comma: u8) -> Option<StringRecord> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(comma)
        .has_headers(false)
        .flexible(true)
        .from_reader(line.as_bytes());
    reader.records().next()?.ok()
}

/// The day with its year, as 2025-06-04.
fn year_of(cell: &str, today: NaiveDate) -> Option<String> {
    let cell = cell.trim();
    if let Some(found) = FIGURES.as_ref()?.captures(cell) {
        let figure = |at: usize| found[at].parse::<u32>().ok();
        return Some(nearest(figure(1)?, figure(2)?, today)?.to_string());
    }
    let found = NAMED.as_ref()?.captures(cell)?;
    let part = |one: &str, other: &str| found.name(one).or(found.name(other));
    let month = dates::month(part("m", "m2")?.as_str())?.parse().ok()?;
    let day = part("d", "d2")?.as_str().parse().ok()?;
    Some(nearest(month, day, today)?.to_string())
}

/// The only one of three years in which the day is near.
fn nearest(month: u32, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let near = |date: &NaiveDate| {
        let ahead = date.signed_duration_since(today).num_days();
        (-NEAR.0..=NEAR.1).contains(&ahead)
    };
    let mut all = years
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .filter(near);
    all.next().filter(|_| all.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(today: &str, cell: &str) -> Option<String> {
        year_of(cell, today.parse().unwrap())
    }

    #[test]
    fn the_year_is_the_nearest_or_none() {
        for (today, cell, day) in [
            ("2025-06-02", "06/04", "2025-06-04"),
            ("2025-06-02", "6-20", "2025-06-20"),
            ("2025-06-02", "4-Jun", "2025-06-04"),
            ("2025-06-02", "Jun 4", "2025-06-04"),
            ("2025-12-29", "01/05", "2026-01-05"),
            ("2026-01-02", "12/30", "2025-12-30"),
        ] {
            assert_eq!(on(today, cell).as_deref(), Some(day), "{cell}");
        }
        for cell in [
            "12/02",
            "02/06",
            "13/45",
            "1",
            "06/04/2025",
            "06/31",
            "Foo 4",
            "6.4",
            "",
        ] {
            assert_eq!(on("2025-06-02", cell), None, "{cell}");
        }
        assert!(FIGURES.is_some() && NAMED.is_some());
    }

    #[test]
    fn tables_keep_their_lines() {
        let today = "2025-06-02".parse().unwrap();
        let with = |table: &str| {
            let bytes = with_years(table.as_bytes(), today);
            bytes.map(|bytes| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(
            with("PO,SKU,Size,Est. Ship\n\nW1-1,A,1/2,06/04\n").as_deref(),
            Some("PO,SKU,Size,Est. Ship\n\nW1-1,A,1/2,2025-06-04\n")
        );
        assert_eq!(with("PO,SKU,Est. Ship\nW1-1,A,12/02\n"), None);
        assert_eq!(with("SKU,Est. Ship\nA,06/04\n"), None);
        assert_eq!(with("PO,Note,Est. Ship\nW1-1,\"a\nb\",06/04\n"), None);
    }
}
