//! `bad_phone`: the telephone number cannot be dialled, by its length (ITU E.164 and the numbering
//! plans).

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::foreign::decimal;
use crate::domain::places::country;
use crate::domain::rule_settings::RuleSettings;
use phonenumber::Metadata;
use phonenumber::metadata::DATABASE;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::BadPhone,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
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
/// Whether a number is in use would take dozens of regular expressions, and the answer changes by
/// the month.
fn fault(phone: &str, land: &str) -> Option<String> {
    if phone.chars().count() > 60 {
        return Some("it is longer than 60 characters".to_owned());
    }
    let (plus, digits) = match digits(without_extension(phone)) {
        Ok(found) => found,
        Err(why) => return Some(why),
    };
    if digits.bytes().all(|b| b == b'0') {
        return Some("it has no digits but 0".to_owned());
    }
    // shops of the US write 00 and 001 where the plan of the US has 011
    let abroad = ["00", "011"]
        .iter()
        .find_map(|mark| digits.strip_prefix(mark));
    match abroad.filter(|_| !plus) {
        // the same digits may begin a number at home, as 011 does in Riyadh
        Some(number) => international(number).filter(|_| national(&digits, land).is_some()),
        None if plus => international(&digits),
        None => national(&digits, land),
    }
}

/// The judgement of a number that begins with its country code.
fn international(number: &str) -> Option<String> {
    if let Some(rest) = number.strip_prefix('1') {
        return american(rest.len());
    }
    let codes = (1..=3).filter_map(|length| Some((length, number.get(..length)?.parse().ok()?)));
    let known = codes.into_iter().find_map(|(length, code): (usize, u16)| {
        let plans = DATABASE.by_code(&code)?;
        Some((code, &number[length..], plans))
    });
    let Some((code, rest, plans)) = known else {
        return Some("it begins with no country's code".to_owned());
    };
    // people keep the 0 of the national form: +44 (0)20 …
    let lengths = [rest.len(), rest.strip_prefix('0').unwrap_or(rest).len()];
    let right = plans
        .iter()
        .any(|plan| lengths.iter().any(|length| possible(plan, *length)));
    let count = rest.len();
    (!right).then(|| format!("numbers of country code {code} do not have {count} digits after it"))
}

/// The judgement of a number as it is dialled in the country.
fn national(number: &str, land: &str) -> Option<String> {
    if AMERICAN.contains(&land) {
        return match number.len() {
            10 => None,
            _ => american(number.strip_prefix('1').unwrap_or(number).len()),
        };
    }
    let Some(plan) = DATABASE.by_id(land) else {
        let count = number.len();
        let right = (5..=15).contains(&count);
        return (!right).then(|| format!("it has {count} digits, 5 to 15 are possible"));
    };
    let code = plan.country_code().to_string();
    let prefixes = ["", plan.national_prefix().unwrap_or_default(), &code];
    let rests = prefixes
        .iter()
        .filter_map(|prefix| number.strip_prefix(prefix));
    let right = rests.map(str::len).any(|length| possible(plan, length));
    (!right).then(|| format!("numbers of {land} do not have {} digits", number.len()))
}

/// The judgement of a number of North America by its digits after the country code. It needs no
/// look into the metadata, whose loading takes a tenth of a second.
fn american(digits: usize) -> Option<String> {
    (digits != 10)
        .then(|| format!("it has {digits} digits without the country code, 10 are needed"))
}

/// Whether the country's numbering plan has numbers of this length, or shorter and longer ones.
fn possible(plan: &Metadata, digits: usize) -> bool {
    let kinds = plan.descriptors();
    let lengths = [
        Some(kinds.general()),
        kinds.fixed_line(),
        kinds.mobile(),
        kinds.toll_free(),
        kinds.premium_rate(),
        kinds.shared_cost(),
        kinds.personal_number(),
        kinds.voip(),
        kinds.pager(),
        kinds.uan(),
    ];
    let all = || {
        lengths
            .iter()
            .flatten()
            .flat_map(|kind| kind.possible_length())
    };
    let bounds = all().min().zip(all().max());
    bounds.is_none_or(|(least, most)| (usize::from(*least)..=usize::from(*most)).contains(&digits))
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
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    fn says(phone: &str, country: &str) -> Option<String> {
        let mut desk = desk();
        desk.order.customer.phone = phone.to_owned();
        desk.order.ship_to.country = country.to_owned();
        desk.says(Code::BadPhone)
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
            "+44 (0)20 7946 0018",
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

    /// The metadata's own examples: if one of them is refused, customers are.
    #[test]
    fn the_examples_of_every_country_pass() {
        let mut count = 0;
        for plan in super::DATABASE.iter().filter(|plan| plan.id() != "001") {
            let kinds = plan.descriptors();
            for kind in [kinds.fixed_line(), kinds.mobile()] {
                let Some(example) = kind.and_then(|kind| kind.example()) else {
                    continue;
                };
                let prefix = plan.national_prefix().unwrap_or_default();
                for (written, from) in [
                    (format!("+{} {example}", plan.country_code()), "US"),
                    (format!("011 {} {example}", plan.country_code()), "US"),
                    (format!("00{}-{example}", plan.country_code()), plan.id()),
                    (format!("{prefix}{example}"), plan.id()),
                    (example.to_owned(), plan.id()),
                ] {
                    let why = super::fault(&written, from);
                    assert_eq!(why, None, "{written} from {from}");
                    count += 1;
                }
            }
        }
        assert!(count > 2000, "{count}");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(phone in "\\PC{0,30}|[+0-9x #a-z();.-]{0,30}|\\+?[0-9]{1,20}", country in "[A-Z]{2}") {
            let said = says(&phone, &country);
            proptest::prop_assert!(said.is_none_or(|said| !said.contains('\n')));
        }
    }
}
