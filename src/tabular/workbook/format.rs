//! What a number format makes of a number: `00000` shows 123 as 00123, and who reads the sheet means that.
//! Formats as ECMA-376, part 1, 18.8.31 has them, as far as they change what a person reads.

/// How a format shows a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Drawn {
    /// As it is stored, but for its decimals, groups and dollar sign.
    Stored,
    /// With its digits in these places, the signs between them as they are.
    Places(Vec<Place>),
    /// In money that is not the site's.
    Money(String),
    /// As hundredths.
    Percent,
    /// In another way that poms does not know.
    Other,
}

/// One place of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A digit, or a zero where there is none.
    Digit,
    /// A digit, or nothing.
    Optional,
    /// What stands there.
    Sign(String),
}

/// Units of counts and measures: the number is what counts.
const UNITS: &[&str] = &[
    "ea", "each", "pc", "pcs", "pieces", "unit", "units", "lb", "lbs", "oz", "kg", "g", "in", "cm",
    "mm", "ft", "days", "day", "x", "qty",
];
/// Names of money that is not dollars of the US.
const MONEY: &[&str] = &[
    "EUR", "GBP", "CAD", "AUD", "NZD", "JPY", "CHF", "MXN", "CNY", "RMB", "SEK", "NOK", "DKK",
    "INR", "BRL", "PLN", "CZK", "HKD", "SGD", "ZAR", "C$", "CA$", "CDN$", "A$", "AU$", "NZ$", "R$",
    "HK$", "S$", "MX$", "KR", "ZŁ", "KČ",
];

/// Reads a format; the part for numbers above zero counts.
pub(super) fn drawn(format: &str) -> Drawn {
    let Some(parts) = parts(format) else {
        return Drawn::Stored;
    };
    let mut text = String::new();
    for part in &parts {
        if let Part::Text(said) = part {
            text.push_str(said);
        }
    }
    let pattern: String = parts
        .iter()
        .filter_map(|part| match part {
            Part::Mark(mark) => Some(*mark),
            Part::Text(_) => None,
        })
        .collect();
    if pattern.is_empty() {
        return Drawn::Other;
    }
    if let Some(money) = foreign(&text) {
        return Drawn::Money(money);
    }
    let bare = text.trim().to_lowercase();
    let dollars = [
        "", "$", "usd", "us$", "$usd", "usd$", "-", "$-", "()", "($)", "(", ")",
    ];
    let bare: String = bare.split_whitespace().collect();
    let unit = UNITS.contains(&bare.trim_end_matches('.'));
    if pattern.contains('%') {
        return Drawn::Percent;
    }
    let plain = |c: char| matches!(c, '0' | '#' | '?');
    let digits = pattern.chars().all(plain);
    let zeros = pattern.chars().filter(|c| *c == '0').count();
    let between = parted(&parts);
    if (dollars.contains(&bare.as_str()) || unit) && !between && !(digits && zeros > 1) {
        return match pattern.contains('/') || scaled(&pattern) {
            true => Drawn::Other,
            false => Drawn::Stored,
        };
    }
    match digits {
        true => Drawn::Places(places(&parts)),
        false => Drawn::Other,
    }
}

/// A piece of a format: a sign of the pattern, or text that is shown.
enum Part {
    Mark(char),
    Text(String),
}

/// The pieces of its first section; `None` where it draws numbers as they are, or by conditions.
fn parts(format: &str) -> Option<Vec<Part>> {
    if format.is_empty() || format.eq_ignore_ascii_case("general") || format == "@" {
        return None;
    }
    let mut parts = Vec::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => {
                let said: String = chars.by_ref().take_while(|c| *c != '"').collect();
                parts.push(Part::Text(said));
            }
            '\\' => parts.extend(chars.next().map(|c| Part::Text(c.to_string()))),
            // the width of a sign, and a sign that fills
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let said: String = chars.by_ref().take_while(|c| *c != ']').collect();
                match said.strip_prefix('$') {
                    Some(money) => {
                        let sign = money.rsplit_once('-').map_or(money, |(sign, _)| sign);
                        parts.push(Part::Text(sign.to_owned()));
                    }
                    None if said.starts_with(['<', '>', '=']) => return None,
                    None => {}
                }
            }
            '0' | '#' | '?' | '.' | ',' | '%' | '/' => parts.push(Part::Mark(c)),
            'E' | 'e' => {
                chars.next();
                parts.push(Part::Mark(c));
            }
            c => parts.push(Part::Text(c.to_string())),
        }
    }
    Some(parts)
}

fn foreign(text: &str) -> Option<String> {
    let sign = text.chars().find(|c| "€£¥₹₽₩₪₺₴₦₫฿₱₿".contains(*c));
    if let Some(sign) = sign {
        return Some(sign.to_string());
    }
    let word = text
        .trim()
        .trim_matches(['(', ')', '-', ' ', '.'])
        .to_uppercase();
    MONEY.contains(&word.as_str()).then_some(word)
}

/// Whether text stands between digits.
fn parted(parts: &[Part]) -> bool {
    let mark = |part: &Part| matches!(part, Part::Mark(_));
    let first = parts.iter().position(mark);
    let last = parts.iter().rposition(mark);
    match (first, last) {
        (Some(first), Some(last)) => !parts[first..last].iter().all(mark),
        _ => false,
    }
}

/// Whether commas behind the digits divide by thousands.
fn scaled(pattern: &str) -> bool {
    pattern.ends_with(',') || pattern.contains(",.")
}

fn places(parts: &[Part]) -> Vec<Place> {
    let place = |part: &Part| match part {
        Part::Mark('0') => Place::Digit,
        Part::Mark(_) => Place::Optional,
        Part::Text(said) => Place::Sign(said.clone()),
    };
    parts.iter().map(place).collect()
}

/// A whole number in its places; `None` for what is none.
pub(super) fn placed(number: f64, places: &[Place]) -> Option<String> {
    if number.fract() != 0.0 || !(0.0..1e15).contains(&number) {
        return None;
    }
    let digits = format!("{number:.0}");
    let mut left: Vec<char> = digits.chars().collect();
    if digits == "0" {
        left.clear();
    }
    let first = places
        .iter()
        .position(|place| !matches!(place, Place::Sign(_)))?;
    let mut drawn: Vec<String> = Vec::new();
    for (at, place) in places.iter().enumerate().rev() {
        let mut text = match place {
            Place::Sign(said) => said.clone(),
            Place::Digit => left.pop().unwrap_or('0').to_string(),
            Place::Optional => left.pop().map(String::from).unwrap_or_default(),
        };
        if at == first {
            let rest: String = left.drain(..).collect();
            text.insert_str(0, &rest);
        }
        drawn.push(text);
    }
    drawn.reverse();
    Some(drawn.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(format: &str, number: f64) -> String {
        match drawn(format) {
            Drawn::Stored => format!("{number}"),
            Drawn::Places(places) => placed(number, &places).unwrap_or("?".to_owned()),
            Drawn::Money(sign) => format!("{sign} {number}"),
            Drawn::Percent => "%".to_owned(),
            Drawn::Other => "?".to_owned(),
        }
    }

    #[test]
    fn numbers_are_what_the_screen_shows() {
        for (code, number, want) in [
            ("General", 123.0, "123"),
            ("", 123.0, "123"),
            ("@", 123.0, "123"),
            ("0", 123.0, "123"),
            ("0.00", 3.2, "3.2"),
            ("#,##0.00", 1234.5, "1234.5"),
            ("\"$\"#,##0.00", 3.2, "3.2"),
            ("[$$-409]#,##0.00", 3.2, "3.2"),
            (
                "_(\"$\"* #,##0.00_);_(\"$\"* \\(#,##0.00\\);_(\"$\"* \"-\"??_);_(@_)",
                3.2,
                "3.2",
            ),
            (
                "_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)",
                3.2,
                "3.2",
            ),
            ("#,##0.00_);[Red](#,##0.00)", 3.2, "3.2"),
            ("0.0 \"lb\"", 1.5, "1.5"),
            ("0.00E+00", 123.0, "123"),
            ("00000", 123.0, "00123"),
            ("000", 1234.0, "1234"),
            ("00000\\-0000", 21_381_001.0, "02138-1001"),
            ("00000-0000", 21_381_001.0, "02138-1001"),
            ("\"AC-\"0000", 28.0, "AC-0028"),
            ("0\"-A\"", 28.0, "28-A"),
            ("(000) 000-0000", 5_035_550_100.0, "(503) 555-0100"),
            ("[$€-407]#,##0.00", 3.2, "€ 3.2"),
            ("#,##0.00\\ [$EUR]", 3.2, "EUR 3.2"),
            ("\"CAD\" 0.00", 3.2, "CAD 3.2"),
            ("#,##0.00 \"kr\"", 3.2, "KR 3.2"),
            ("0%", 0.5, "%"),
            (";;;", 3.0, "?"),
            ("#,##0,", 3000.0, "?"),
            ("# ?/?", 0.5, "?"),
            ("00000", 1.5, "?"),
        ] {
            assert_eq!(shown(code, number), want, "{code}");
        }
    }
}
