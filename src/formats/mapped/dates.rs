//! How a document writes dates: one stated pattern, in which day and month have their places.

use super::fault::NotAsMapped;
use super::numbers::shown;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// A pattern, and the zone of times that say none.
#[derive(Clone, Debug)]
pub struct DatePattern {
    /// As the file has it.
    pub word: String,
    parts: Vec<DatePart>,
    /// The zone of times without an offset.
    pub zone: Option<Tz>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatePart {
    Year,
    ShortYear,
    /// Two digits, or one or two.
    Month(bool),
    MonthName,
    Day(bool),
    Hour(bool),
    HalfDayHour(bool),
    Minute,
    Second,
    HalfDay,
    Offset,
    Sign(char),
}

/// The words of a pattern, the longest of each letter first.
const WORDS: [(&str, DatePart); 15] = [
    ("YYYY", DatePart::Year),
    ("YY", DatePart::ShortYear),
    ("MMM", DatePart::MonthName),
    ("MM", DatePart::Month(true)),
    ("M", DatePart::Month(false)),
    ("DD", DatePart::Day(true)),
    ("D", DatePart::Day(false)),
    ("HH", DatePart::Hour(true)),
    ("H", DatePart::Hour(false)),
    ("hh", DatePart::HalfDayHour(true)),
    ("h", DatePart::HalfDayHour(false)),
    ("mm", DatePart::Minute),
    ("ss", DatePart::Second),
    ("a", DatePart::HalfDay),
    ("Z", DatePart::Offset),
];

/// The word for times as RFC 3339 and ISO 8601 have them, and that for seconds since 1970.
const ISO: &str = "ISO";
const UNIX: &str = "unix";

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

impl DatePattern {
    /// RFC 3339; times without an offset are of this zone.
    pub fn iso(zone: Option<Tz>) -> DatePattern {
        DatePattern {
            word: ISO.to_owned(),
            parts: Vec::new(),
            zone,
        }
    }

    /// From its word: `ISO`, `unix`, or a pattern such as `DD.MM.YYYY HH:mm`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(word: &str, zone: Option<Tz>) -> Result<DatePattern, NotAsMapped> {
        let mut parts = Vec::new();
        let mut rest = if matches!(word, ISO | UNIX) { "" } else { word };
        while let Some(first) = rest.chars().next() {
            if let Some((text, part)) = WORDS.iter().find(|(text, _)| rest.starts_with(text)) {
                parts.push(*part);
                rest = &rest[text.len()..];
            } else if first.is_ascii_alphabetic() && first != 'T' {
                return Err(format!(
                    "has the letter {first}, which is none of YYYY, YY, MM, M, MMM, DD, D, HH, H, hh, h, mm, ss, a, Z"
                ).into());
            } else {
                parts.push(DatePart::Sign(first));
                rest = &rest[first.len_utf8()..];
            }
        }
        let count = |is: fn(&DatePart) -> bool| parts.iter().filter(|part| is(part)).count();
        let year = count(|part| matches!(part, DatePart::Year | DatePart::ShortYear));
        let month = count(|part| matches!(part, DatePart::Month(_) | DatePart::MonthName));
        let day = count(|part| matches!(part, DatePart::Day(_)));
        let hour = count(|part| matches!(part, DatePart::Hour(_) | DatePart::HalfDayHour(_)));
        let half = count(|part| matches!(part, DatePart::HalfDayHour(_)));
        let halves = count(|part| matches!(part, DatePart::HalfDay));
        let is_pattern = !matches!(word, ISO | UNIX);
        if is_pattern && ((year, month, day) != (1, 1, 1) || hour > 1 || half != halves) {
            return Err("must name year, month and day once each, as DD.MM.YYYY HH:mm or MM/DD/YYYY hh:mm a does".into());
        }
        Ok(DatePattern {
            word: word.to_owned(),
            parts,
            zone,
        })
    }

    /// Whether times by it can be without an offset, so that a zone must be stated.
    pub fn needs_zone(&self) -> bool {
        self.word != UNIX && self.word != ISO && !self.parts.contains(&DatePart::Offset)
    }

    /// A moment. Where a spreadsheet `stored` it, its own form (`2026-03-02 14:05:00`) counts as well.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn moment(&self, text: &str, stored: bool) -> Result<DateTime<FixedOffset>, NotAsMapped> {
        let text = text.trim();
        let (local, offset) = self.read(text, stored).ok_or_else(|| self.fault(text))?;
        let zoned = match (offset, self.zone) {
            (Some(offset), _) => offset.from_local_datetime(&local).single(),
            (None, Some(zone)) => zone
                .from_local_datetime(&local)
                .earliest()
                .map(|moment| moment.fixed_offset()),
            (None, None) => {
                return Err(format!(
                    "is {}without an offset: state the `timezone` of the document's times",
                    shown(text)
                )
                .into());
            }
        };
        zoned.ok_or_else(|| {
            format!("is {}a time that does not exist in its zone", shown(text)).into()
        })
    }

    /// A day.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn day(&self, text: &str, stored: bool) -> Result<NaiveDate, NotAsMapped> {
        let text = text.trim();
        let read = self.read(text, stored);
        read.map(|(local, _)| local.date())
            .ok_or_else(|| self.fault(text).into())
    }

    fn fault(&self, text: &str) -> String {
        format!(
            "is {}no date as {}: `dates` says how they are written",
            shown(text),
            self.word
        )
    }

    fn read(&self, text: &str, stored: bool) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
        match self.word.as_str() {
            ISO => iso(text),
            UNIX => {
                let seconds: i64 = text.parse().ok()?;
                let moment = DateTime::from_timestamp(seconds, 0)?;
                Some((moment.naive_utc(), FixedOffset::east_opt(0)))
            }
            _ => {
                let own = PartsRead::of(&self.parts, text);
                own.or_else(|| stored.then(|| iso(text)).flatten())
            }
        }
    }
}

/// `2026-03-02`, `2026-03-02 14:05`, with seconds, with an offset.
fn iso(text: &str) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some((moment.naive_local(), Some(*moment.offset())));
    }
    let text = text.replacen('T', " ", 1);
    for form in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(&text, form) {
            return Some((local, None));
        }
    }
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?;
    Some((day.and_time(NaiveTime::MIN), None))
}

/// What the parts of a pattern found.
#[derive(Default)]
struct PartsRead {
    year: i32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    afternoon: Option<bool>,
    offset: Option<FixedOffset>,
}

impl PartsRead {
    fn of(parts: &[DatePart], text: &str) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
        let mut read = PartsRead::default();
        let mut rest = text;
        for part in parts {
            rest = read.part(*part, rest)?;
        }
        if !rest.is_empty() {
            return None;
        }
        let hour = match read.afternoon {
            None => read.hour,
            Some(_) if !(1..=12).contains(&read.hour) => return None,
            Some(afternoon) => read.hour % 12 + if afternoon { 12 } else { 0 },
        };
        let day = NaiveDate::from_ymd_opt(read.year, read.month, read.day)?;
        let time = NaiveTime::from_hms_opt(hour, read.minute, read.second)?;
        Some((day.and_time(time), read.offset))
    }

    /// Reads one part from the beginning; what is left.
    fn part<'a>(&mut self, part: DatePart, text: &'a str) -> Option<&'a str> {
        let two = |both: bool| if both { 2..=2 } else { 1..=2 };
        match part {
            DatePart::Year => {
                let (number, rest) = digits(text, 4..=4)?;
                self.year = i32::try_from(number).ok()?;
                return Some(rest);
            }
            DatePart::ShortYear => {
                let (number, rest) = digits(text, 2..=2)?;
                self.year = 2000 + i32::try_from(number).ok()?;
                return Some(rest);
            }
            DatePart::MonthName => {
                let name = text.get(..3)?.to_ascii_lowercase();
                let place = MONTHS.iter().position(|month| *month == name)?;
                self.month = u32::try_from(place).ok()? + 1;
                let rest = &text[3..];
                return Some(rest.trim_start_matches(|c: char| c.is_ascii_lowercase()));
            }
            DatePart::HalfDay => {
                let half = text.get(..2)?.to_ascii_lowercase();
                self.afternoon = Some(match half.as_str() {
                    "am" => false,
                    "pm" => true,
                    _ => return None,
                });
                return text.get(2..);
            }
            DatePart::Offset => return self.offset(text),
            DatePart::Sign(sign) => return text.strip_prefix(sign),
            _ => {}
        }
        let (slot, width) = match part {
            DatePart::Month(both) => (&mut self.month, two(both)),
            DatePart::Day(both) => (&mut self.day, two(both)),
            DatePart::Hour(both) | DatePart::HalfDayHour(both) => (&mut self.hour, two(both)),
            DatePart::Minute => (&mut self.minute, two(true)),
            _ => (&mut self.second, two(true)),
        };
        let (number, rest) = digits(text, width)?;
        *slot = number;
        Some(rest)
    }

    /// `Z`, `+01:00`, `-0500`.
    fn offset<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        if let Some(rest) = text.strip_prefix('Z') {
            self.offset = FixedOffset::east_opt(0);
            return Some(rest);
        }
        let (east, rest) = match text.strip_prefix('+') {
            Some(rest) => (1, rest),
            None => (-1, text.strip_prefix('-')?),
        };
        let (hours, rest) = digits(rest, 2..=2)?;
        let (minutes, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2..=2)?;
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        self.offset = Some(FixedOffset::east_opt(east * seconds)?);
        Some(rest)
    }
}

/// So many digits at the beginning, and what is left.
fn digits(text: &str, width: std::ops::RangeInclusive<usize>) -> Option<(u32, &str)> {
    let count = text
        .bytes()
        .take(*width.end())
        .take_while(u8::is_ascii_digit)
        .count();
    match width.contains(&count) {
        true => Some((text[..count].parse().ok()?, &text[count..])),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, text: &str) -> Result<String, String> {
        let pattern = DatePattern::parse(pattern, Some(Tz::Europe__Berlin)).expect("a pattern");
        pattern
            .moment(text, false)
            .map(|moment| moment.to_rfc3339())
            .map_err(|fault| fault.0)
    }

    #[test]
    fn the_stated_order_counts_and_no_other() {
        for (pattern, text, moment) in [
            (
                "DD.MM.YYYY HH:mm",
                "03.12.2026 14:05",
                "2026-12-03T14:05:00+01:00",
            ),
            (
                "MM/DD/YYYY hh:mm a",
                "03/12/2026 02:05 PM",
                "2026-03-12T14:05:00+01:00",
            ),
            ("M/D/YY", "3/2/26", "2026-03-02T00:00:00+01:00"),
            ("D MMM YYYY", "3 August 2026", "2026-08-03T00:00:00+02:00"),
            (
                "YYYY-MM-DDTHH:mm:ssZ",
                "2026-03-02T01:02:03-0500",
                "2026-03-02T01:02:03-05:00",
            ),
            ("ISO", "2026-03-02 14:05:00", "2026-03-02T14:05:00+01:00"),
            (
                "ISO",
                "2026-03-02T14:05:00.123Z",
                "2026-03-02T14:05:00.123+00:00",
            ),
            ("unix", "1772460300", "2026-03-02T14:05:00+00:00"),
            // the hour that there is twice: the first of them
            (
                "DD.MM.YYYY HH:mm",
                "25.10.2026 02:30",
                "2026-10-25T02:30:00+02:00",
            ),
        ] {
            assert_eq!(
                read(pattern, text).as_deref(),
                Ok(moment),
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn what_is_of_no_pattern_is_no_date() {
        for (pattern, text) in [
            ("DD.MM.YYYY", "12/03/2026"),
            ("DD/MM/YYYY", "03/13/2026"),
            ("DD/MM/YYYY", "3/1/2026"),
            ("DD/MM/YYYY", "03/01/26"),
            ("DD.MM.YYYY HH:mm", "29.03.2026 02:30"),
            ("MM/DD/YYYY hh:mm a", "03/12/2026 14:05 PM"),
            ("ISO", "02.03.2026"),
            ("unix", "x"),
            ("D MMM YYYY", "3 M\u{e4}r 2026"),
        ] {
            assert!(read(pattern, text).is_err(), "{pattern} {text}");
        }
        for wrong in [
            "DD.MM",
            "DD.MM.YYYY x",
            "hh:mm DD.MM.YYYY",
            "",
            "MM.MM.YYYY",
        ] {
            assert!(DatePattern::parse(wrong, None).is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(pattern: String, text: String, stored: bool) {
            if let Ok(pattern) = DatePattern::parse(&pattern, Some(Tz::America__New_York)) {
                let _ = (pattern.moment(&text, stored), pattern.day(&text, stored));
            }
            for word in ["ISO", "unix", "D.M.YYYY H:mm", "MMM D YYYY hh:mm aZ"] {
                let pattern = DatePattern::parse(word, Some(Tz::America__New_York)).expect("a pattern");
                let _ = (pattern.moment(&text, stored), pattern.day(&text, stored));
            }
        }
    }
}
