//! The period that a report says it is of: `October 2026`, `1 September - 31 October, 2026`,
//! `January - December 2025`, `01/09/2026 - 31/10/2026`, `As of 31 octobre 2026`.

use super::dates::{DateOrder, Figures};
use crate::tabular::rows::Row;
use chrono::{Datelike, Months, NaiveDate};

/// The days that a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// From and to, both included; the first days of time where only an end is given.
    Named(NaiveDate, NaiveDate),
    /// Two dates in figures, whose order of day and month is open too.
    Figures(Figures, Figures),
}

impl Period {
    /// Whether a day lies in it, when figures are read in this order.
    pub fn holds(&self, day: NaiveDate, order: DateOrder) -> bool {
        let days = self.days(order);
        days.is_some_and(|(from, to)| from <= day && day <= to)
    }

    /// Its first and last day, when figures are read in this order.
    pub fn days(&self, order: DateOrder) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Period::Named(from, to) => Some((*from, *to)),
            Period::Figures(from, to) => from.read(order).zip(to.read(order)),
        }
    }

    /// The first that stands above a report's header.
    pub fn find(titles: &[Row]) -> Option<Period> {
        titles.iter().find_map(|row| {
            let said: Vec<&str> = row
                .cells
                .iter()
                .map(String::as_str)
                .filter(|cell| !cell.is_empty())
                .collect();
            of_text(&said.join(" "))
        })
    }
}

/// The order in which a line of words writes its days: `March 1-31, 2026` has the month first,
/// `1 - 31 March 2026` the day. What stands before a day of the week, and the time behind the year, are
/// left out: `Cash Basis Friday, October 10, 2025 02:35 PM GMTZ`.
pub fn habit(row: &Row) -> Option<DateOrder> {
    let text = row.cells.join(" ").to_lowercase();
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let from = parts
        .iter()
        .position(|part| part.len() > 4 && part.ends_with("day"));
    let year = |part: &&str| matches!(word(part), Some(PeriodWord::Year(_)));
    let to = parts.iter().rposition(year)?;
    let words: Vec<PeriodWord> = parts
        .get(from.map_or(0, |at| at + 1)..=to)?
        .iter()
        .map(|part| word(part))
        .collect::<Option<_>>()?;
    let mut said = words
        .into_iter()
        .filter(|word| !matches!(word, PeriodWord::Link | PeriodWord::Until));
    match (said.next()?, said.next()?) {
        (PeriodWord::Month(_), PeriodWord::Day(_)) => Some(DateOrder::MonthFirst),
        (PeriodWord::Day(_), PeriodWord::Month(_) | PeriodWord::Day(_)) => {
            Some(DateOrder::DayFirst)
        }
        _ => None,
    }
}

/// What a word of such a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PeriodWord {
    Month(u32),
    Year(i32),
    Day(u32),
    Quarter(u32),
    /// The end alone is given: `as of`.
    Until,
    Link,
}

fn of_text(text: &str) -> Option<Period> {
    let figures: Vec<Figures> = text.split_whitespace().filter_map(Figures::of).collect();
    if let [from, to] = figures.as_slice() {
        return Some(Period::Figures(*from, *to));
    }
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<PeriodWord> = parts
        .filter(|word| !word.is_empty())
        .map(word)
        .collect::<Option<_>>()?;
    let until = words.contains(&PeriodWord::Until);
    let mut years = Vec::new();
    let (mut months, mut days, mut quarters) = (Vec::new(), Vec::new(), Vec::new());
    for word in words {
        match word {
            PeriodWord::Month(month) => months.push(month),
            PeriodWord::Year(year) => years.push(year),
            PeriodWord::Day(day) => days.push(day),
            PeriodWord::Quarter(quarter) => quarters.push(quarter),
            PeriodWord::Until | PeriodWord::Link => {}
        }
    }
    let (from, to) = match (quarters.as_slice(), months.as_slice()) {
        ([quarter], []) if days.is_empty() => {
            let year = *years.first()?;
            (first(year, quarter * 3 - 2)?, last(year, quarter * 3)?)
        }
        ([], months) => of_months(months, &days, &years)?,
        _ => return None,
    };
    match until {
        true => Some(Period::Named(NaiveDate::MIN, to)),
        // one day alone may be that of the printing
        false if from == to => None,
        false => Some(Period::Named(from, to)),
    }
}

fn of_months(months: &[u32], days: &[u32], years: &[i32]) -> Option<(NaiveDate, NaiveDate)> {
    let until = *years.last()?;
    let date = NaiveDate::from_ymd_opt;
    Some(match (months, days) {
        ([month], []) => (first(until, *month)?, last(until, *month)?),
        ([month], [day]) => (date(until, *month, *day)?, date(until, *month, *day)?),
        ([month], [from, to]) => (date(until, *month, *from)?, date(until, *month, *to)?),
        ([from, to], days) => {
            let year = match years {
                [year] if from > to => year - 1,
                years => *years.first()?,
            };
            match days {
                [] => (first(year, *from)?, last(until, *to)?),
                [one, other] => (date(year, *from, *one)?, date(until, *to, *other)?),
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn first(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)
}

fn last(year: i32, month: u32) -> Option<NaiveDate> {
    first(year, month)?
        .checked_add_months(Months::new(1))?
        .pred_opt()
}

/// Words between months, days and years.
const LINKS: &[&str] = &[
    "a", "al", "and", "au", "bis", "by", "date", "dates", "de", "del", "do", "du", "for", "from",
    "la", "le", "month", "months", "of", "period", "periode", "periodo", "range", "report", "the",
    "through", "thru", "to", "vom", "von", "y", "year", "zum",
];

fn word(word: &str) -> Option<PeriodWord> {
    if let Some(month) = month(word) {
        return Some(PeriodWord::Month(month));
    }
    if let Some(quarter) = word.strip_prefix('q').and_then(|n| n.parse::<u32>().ok()) {
        return (1..=4)
            .contains(&quarter)
            .then_some(PeriodWord::Quarter(quarter));
    }
    let bare = ["st", "nd", "rd", "th", "er"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    if let Ok(number) = bare.parse::<u32>() {
        return match (bare.len(), number) {
            (4, 1990..=2199) => i32::try_from(number).ok().map(PeriodWord::Year),
            (1..=2, 1..=31) => Some(PeriodWord::Day(number)),
            _ => None,
        };
    }
    if matches!(
        word,
        "as" | "until" | "ending" | "ended" | "hasta" | "stand"
    ) {
        return Some(PeriodWord::Until);
    }
    LINKS.contains(&word).then_some(PeriodWord::Link)
}

/// The months in English, Spanish, French and German, in small letters; the first three letters of the
/// English ones too.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "enero", "janvier", "januar", "jänner"],
    &[
        "february", "feb", "febrero", "février", "fevrier", "februar",
    ],
    &["march", "mar", "marzo", "mars", "märz", "maerz"],
    &["april", "apr", "abril", "avril"],
    &["may", "mayo", "mai"],
    &["june", "jun", "junio", "juin", "juni"],
    &["july", "jul", "julio", "juillet", "juli"],
    &["august", "aug", "agosto", "août", "aout"],
    &[
        "september",
        "sep",
        "sept",
        "septiembre",
        "setiembre",
        "septembre",
    ],
    &["october", "oct", "octubre", "octobre", "oktober", "okt"],
    &["november", "nov", "noviembre", "novembre"],
    &[
        "december",
        "dec",
        "diciembre",
        "décembre",
        "decembre",
        "dezember",
        "dez",
    ],
];

/// The number of a month by its name, in small letters.
pub fn month(name: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|names| names.contains(&name))?;
    u32::try_from(at + 1).ok()
}

/// A date with its month as a word: `3 Oct 2026`, `Oct 3, 2026`, `03-Oct-26`; `None` for all others.
pub fn with_month(text: &str) -> Option<NaiveDate> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower
        .split([' ', ',', '-', '/', '.'])
        .filter(|part| !part.is_empty())
        .collect();
    let [a, b, year] = parts.as_slice() else {
        return None;
    };
    let number = |part: &str| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (month, day) = match (month(a), month(b)) {
        (Some(month), None) => (month, number(b)?),
        (None, Some(month)) => (month, number(a)?),
        _ => return None,
    };
    let year: i32 = match year.len() {
        2 => 2000 + i32::try_from(number(year)?).ok()?,
        4 => year.parse().ok()?,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year, month, day).filter(|date| (1900..=2199).contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn periods_in_their_many_forms() {
        for (text, from, to) in [
            ("October 2026", "2026-10-01", "2026-10-31"),
            ("Feb 2028", "2028-02-01", "2028-02-29"),
            ("January - December 2025", "2025-01-01", "2025-12-31"),
            ("1 September - 31 October, 2026", "2026-09-01", "2026-10-31"),
            ("September 1 - October 31, 2026", "2026-09-01", "2026-10-31"),
            ("March 1-31, 2026", "2026-03-01", "2026-03-31"),
            ("1-15 March 2026", "2026-03-01", "2026-03-15"),
            (
                "From 1st Nov 2025 to 31st Jan 2026",
                "2025-11-01",
                "2026-01-31",
            ),
            ("November - January 2026", "2025-11-01", "2026-01-31"),
            (
                "1 de octubre de 2026 al 31 de octubre de 2026",
                "2026-10-01",
                "2026-10-31",
            ),
            (
                "du 1er septembre au 31 octobre 2026",
                "2026-09-01",
                "2026-10-31",
            ),
            ("Oktober 2026", "2026-10-01", "2026-10-31"),
            ("Q3 2026", "2026-07-01", "2026-09-30"),
        ] {
            let found = of_text(text);
            assert_eq!(found, Some(Period::Named(day(from), day(to))), "{text}");
        }
        let until = Some(Period::Named(NaiveDate::MIN, day("2026-10-31")));
        assert_eq!(of_text("As of October 31, 2026"), until);
        assert_eq!(of_text("As of 31 October 2026"), until);
        assert!(matches!(
            of_text("01/09/2026 - 31/10/2026"),
            Some(Period::Figures(..))
        ));
        for text in [
            "All Dates",
            "November 29, 2026",
            "May Supply 2026 Ltd",
            "2026",
            "Transaction List by Supplier",
            "",
            "October 99, 2026",
            "February 30 - March 31, 2026",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }

    #[test]
    fn how_a_line_writes_its_days() {
        use DateOrder::{DayFirst, MonthFirst};
        for (text, order) in [
            ("March 1-31, 2026", Some(MonthFirst)),
            ("As of June 30, 2025", Some(MonthFirst)),
            (
                "Thursday, April 02, 2026 03:12 PM GMT-04:00",
                Some(MonthFirst),
            ),
            (
                "Accrual Basis Friday, October 10, 2025 02:35 PM GMTZ",
                Some(MonthFirst),
            ),
            ("1 - 31 March 2026", Some(DayFirst)),
            ("As of 30 June 2025", Some(DayFirst)),
            ("Thursday, 2 April 2026 03:12 pm GMT+10:00", Some(DayFirst)),
            ("du 1er septembre au 31 octobre 2026", Some(DayFirst)),
            ("January - December 2025", None),
            ("October 2026", None),
            ("Marlow 12 Elm St", None),
            ("May 7 Supply 2026", None),
            ("", None),
        ] {
            let cells = text.split(", ").map(str::to_owned).collect();
            assert_eq!(habit(&Row { line: 1, cells }), order, "{text}");
        }
    }

    #[test]
    fn dates_with_their_month_as_a_word() {
        for text in [
            "3 Oct 2026",
            "Oct 3, 2026",
            "03-Oct-26",
            "3. Oktober 2026",
            "October 3 2026",
        ] {
            assert_eq!(with_month(text), Some(day("2026-10-03")), "{text}");
        }
        for text in [
            "5-Mar",
            "Mar-2026",
            "3 Foo 2026",
            "31 Feb 2026",
            "10/03/2026",
            "",
        ] {
            assert_eq!(with_month(text), None, "{text}");
        }
    }
}
