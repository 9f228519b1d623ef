//! `bad_phone`: the telephone number cannot be dialled, by its length (ITU E.164 and the numbering plans).

use super::places::country;
use super::settings::Settings;
use super::words::shown;
use super::{Facts, Rule};
use crate::domain::foreign::decimal;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: "bad_phone",
    check,
};

fn check(facts: &Facts, _: &Settings) -> Option<String> {
    let phone = facts.order.customer.phone.trim();
    if phone.is_empty() {
        return None;
    }
    let land = match country(&facts.order.ship_to.country) {
        empty if empty.is_empty() => "US".to_owned(),
        land => land,
    };
    let why = fault(phone, &land)?;
    Some(format!("'{}' is no telephone number: {why}", shown(phone)))
}

/// Countries and territories with country code 1 to which shops of the US ship most. Those left out
/// are judged by the metadata, to the same end.
const AMERICAN: &[&str] = &["US", "CA", "PR", "VI", "GU", "AS", "MP"];

/// Why the number cannot be dialled from the country; `None` when it can, as far as lengths tell.
/// Blocks of the numbering plans change by the month, so that an unused one does not count.
fn fault(phone: &str, land: &str) -> Option<String> {
    if phone.chars().count() > 60 {
        return Some("it is longer than 60 characters".to_owned());
    }
    let (plus, digits) = match digits(without_extension(phone)) {
        Ok(found) => found,
        Err(why) => return Some(why),
    };
    let home = land.parse::<Id>().ok();
    // shops of the US write foreign and domestic numbers with 00 and 001 too
    let (plus, digits) = match digits.strip_prefix("00") {
        Some(rest) if !plus => (true, rest.to_owned()),
        _ => (plus, digits),
    };
    if digits.bytes().all(|b| b == b'0') {
        return Some("it has no digits but 0".to_owned());
    }
    let abroad = !plus && digits.starts_with("011");
    // North America needs no look into the metadata, whose loading takes a tenth of a second
    let american = match plus {
        true => digits.starts_with('1'),
        false => !abroad && AMERICAN.contains(&land),
    };
    if american {
        let national = digits.strip_prefix('1').unwrap_or(&digits).len();
        let right = national == 10 || (!plus && digits.len() == 10);
        return (!right)
            .then(|| format!("it has {national} digits after the country code, 10 are needed"));
    }
    let count = digits.len() - if abroad { 3 } else { 0 };
    if !(5..=15).contains(&count) {
        return Some(format!("it has {count} digits, 5 to 15 are possible"));
    }
    // without a known country a number that is not international cannot be judged further
    if !plus && home.is_none() {
        return None;
    }
    let written = format!("{}{digits}", if plus { "+" } else { "" });
    abroad_or_national(home, &written)
}

/// The judgement of the numbering plans' metadata on `+` and digits.
fn abroad_or_national(home: Option<Id>, written: &str) -> Option<String> {
    let Ok(number) = phonenumber::parse(home, written) else {
        return Some("no country has such a number".to_owned());
    };
    if number.is_valid() {
        return None;
    }
    let code = number.code().value();
    let length = u16::try_from(number.national().to_string().len()).unwrap_or(u16::MAX);
    let plans = DATABASE.by_code(&code).unwrap_or_default();
    let possible = plans.iter().any(|plan| {
        let general = plan.descriptors().general();
        general.possible_length().contains(&length)
    });
    (!possible).then(|| format!("numbers of country code {code} do not have {length} digits"))
}

/// The part before an extension (`x123`, `ext. 123`, `#123`, RFC 3966 `;ext=123`).
fn without_extension(phone: &str) -> &str {
    let lower = phone.to_ascii_lowercase();
    let is_digits = |text: &str| {
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        (1..=11).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    ["extension", "ext", "x", "#"]
        .iter()
        .filter_map(|mark| Some((lower.find(mark)?, mark.len())))
        .find(|(at, length)| is_digits(&lower[at + length..]))
        .map_or(phone, |(at, _)| &phone[..at])
}

/// Whether there is a leading `+`, and the digits; letters count as on a keypad when digits come
/// first (`1-800-FLOWERS`). The error says what has no place in a number.
fn digits(text: &str) -> Result<(bool, String), String> {
    let text = text.strip_prefix("tel:").unwrap_or(text).trim();
    let (plus, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut digits = String::new();
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            'a'..='z' | 'A'..='Z' if digits.len() >= 3 => digits.push(key(c)),
            '(' | ')' | '-' | '.' | '/' | '~' | '+' | ';' | ',' | '\u{ad}' => {}
            '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{2060}' | '\u{2212}' => {}
            c if c.is_whitespace() => {}
            c => match decimal(c) {
                Some(digit) => digits.push(digit),
                None => return Err(format!("'{}' has no place in one", shown(&c.to_string()))),
            },
        }
    }
    if digits.is_empty() {
        return Err("it has no digits".to_owned());
    }
    Ok((plus, digits))
}

/// The digit on whose key an ASCII letter stands (ITU E.161).
fn key(letter: char) -> char {
    match letter.to_ascii_lowercase() {
        'a'..='c' => '2',
        'd'..='f' => '3',
        'g'..='i' => '4',
        'j'..='l' => '5',
        'm'..='o' => '6',
        'p'..='s' => '7',
        't'..='v' => '8',
        _ => '9',
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::desk;

    fn says(phone: &str, country: &str) -> Option<String> {
        let mut desk = desk();
        desk.order.customer.phone = phone.to_owned();
        desk.order.ship_to.country = country.to_owned();
        desk.says("bad_phone")
    }

    #[test]
    fn what_can_be_dialled_passes() {
        for phone in [
            "859-589-9227",
            "001-859-589-9227x123",
            "+1-859-589-9227x12345",
            "+1-859-589-9227",
            "(859)589-9227",
            "(859) 589-9227 ext. 12",
            "859.589.9227",
            "859.589.9227x0042",
            "8595899227",
            "18595899227",
            "1 859 589 9227 #12",
            "tel:+1-859-589-9227;ext=12",
            "859\u{2011}589\u{a0}9227",
            "８５９-589-9227",
            "1-800-FLOWERS",
            "045-123-4567",
            "+44 7912 345678",
            "+49 30 123456",
            "011 44 7912 345678",
            "0044 7912 345678",
        ] {
            assert_eq!(says(phone, "US"), None, "{phone}");
        }
        for (phone, country) in [
            ("06 31 96 65 43", "FR"),
            ("020 7946 0018", "United Kingdom"),
            ("613-555-0123", "Canada"),
            ("033316005", "NZ"),
            ("+1 859 589 9227", "DE"),
            ("859-589-9227", ""),
            ("12345678", "Narnia"),
        ] {
            assert_eq!(says(phone, country), None, "{phone} {country}");
        }
    }

    #[test]
    fn what_cannot_fires() {
        for phone in [
            "12345",
            "589-9227",
            "859-589-922",
            "859-589-92277",
            "+1 859 589 922",
            "000-000-0000",
            "not a phone",
            "abcdefghij",
            "n/a",
            "-",
            "x123",
            "c@mail.example",
            "+999 1234 5678",
            "+44 1",
            "+",
            "1234567890123456789",
        ] {
            assert!(says(phone, "US").is_some(), "{phone}");
        }
        assert!(says("12", "FR").is_some());
        assert!(says("123", "Narnia").is_some());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(phone in "\\PC{0,30}|[+0-9x #a-z();.-]{0,30}|\\+?[0-9]{1,20}", country in "[A-Z]{2}") {
            let said = says(&phone, &country);
            proptest::prop_assert!(said.is_none_or(|said| !said.contains('\n')));
        }
    }
}
