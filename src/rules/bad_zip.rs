//! `bad_zip`: the ZIP is malformed, or it is not of the state or territory: by its first three digits,
//! or as a whole where it lies across a border. The territories have ZIPs of the US whether they are
//! given as a state or as a country.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::places::{State, country, is_us, of_zip, state, territory};
use crate::domain::rule_settings::RuleSettings;
use crate::domain::spelling::folded;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::BadZip,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let to = &facts.order.ship_to;
    let territory = territory(&to.country);
    if territory.is_none() && !is_us(&to.country) {
        return match country(&to.country).as_str() {
            "CA" => canadian(to.zip.trim(), &to.state),
            _ => None,
        };
    }
    let zip = to.zip.trim();
    let Some(five) = five(zip) else {
        let shape = "five digits, or five and four as in 65367-1234";
        return Some(match zip {
            "" => format!("the ZIP is empty, not {shape}"),
            other => format!("the ZIP is '{}', not {shape}", shown(other)),
        });
    };
    // an unknown state is for incomplete_address
    let named = state(&to.state);
    if let (Some(of), Some(named)) = (territory, named)
        && of.code != named.code
    {
        return Some(format!(
            "the country is {}, the state {}: one of them is wrong",
            of.name, named.name
        ));
    }
    wrong(zip, five, territory.or(named)?)
}

/// First letters of postal codes and their provinces and territories (Canada Post, Addressing Guidelines).
const PROVINCES: &[(&str, &str, &str)] = &[
    ("NL", "Newfoundland and Labrador", "A"),
    ("NS", "Nova Scotia", "B"),
    ("PE", "Prince Edward Island", "C"),
    ("NB", "New Brunswick", "E"),
    ("QC", "Quebec", "GHJ"),
    ("ON", "Ontario", "KLMNP"),
    ("MB", "Manitoba", "R"),
    ("SK", "Saskatchewan", "S"),
    ("AB", "Alberta", "T"),
    ("BC", "British Columbia", "V"),
    ("NU", "Nunavut", "X"),
    ("NT", "Northwest Territories", "X"),
    ("YT", "Yukon", "Y"),
];

/// What is wrong with a postal code of Canada: three letters and three digits in turn, and its first
/// letter the province's. A province that is not known is not judged.
fn canadian(code: &str, province: &str) -> Option<String> {
    let bare: Vec<char> = code
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let fits = |(at, c): (usize, &char)| match at % 2 {
        0 => c.is_ascii_uppercase() && !"DFIOQU".contains(*c),
        _ => c.is_ascii_digit(),
    };
    if bare.len() != 6 || !bare.iter().enumerate().all(fits) {
        let code = shown(code);
        return Some(format!(
            "the postal code is '{code}', which is none of Canada, such as K1A 0B1"
        ));
    }
    let named = folded(province.trim());
    let (_, name, letters) = PROVINCES.iter().find(|(short, name, _)| {
        named.eq_ignore_ascii_case(short) || named.eq_ignore_ascii_case(name)
    })?;
    (!letters.contains(bare[0])).then(|| {
        let code = shown(code);
        format!(
            "the postal code {code} is not of {name}, whose codes begin with {}",
            spaced(letters)
        )
    })
}

fn spaced(letters: &str) -> String {
    let letters: Vec<String> = letters.chars().map(String::from).collect();
    letters.join(", ")
}

/// What is wrong with a ZIP of this state or territory.
fn wrong(zip: &str, five: u32, state: &State) -> Option<String> {
    if let Some(states) = of_zip(five) {
        let names: Vec<&str> = states.iter().map(|state| state.name).collect();
        let here = states.iter().any(|other| other.code == state.code);
        return (!here).then(|| {
            let (names, name) = (names.join(" and "), state.name);
            format!("the ZIP {zip} is of {names}, not of {name}")
        });
    }
    let prefix = five / 100;
    let inside = |(low, high): &(u16, u16)| (u32::from(*low)..=u32::from(*high)).contains(&prefix);
    (!state.prefixes.iter().any(inside)).then(|| {
        let ranges: Vec<String> = state.prefixes.iter().map(range).collect();
        format!(
            "the ZIP {zip} is not of {}, whose ZIPs begin with {}",
            state.name,
            ranges.join(", ")
        )
    })
}

/// The five digits of a ZIP or ZIP+4; `None` when it is neither.
fn five(zip: &str) -> Option<u32> {
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let (five, four) = zip.split_once('-').unwrap_or((zip, "0000"));
    if !digits(five, 5) || !digits(four, 4) {
        return None;
    }
    five.parse().ok()
}

fn range((low, high): &(u16, u16)) -> String {
    if low == high {
        format!("{low:03}")
    } else {
        format!("{low:03} to {high:03}")
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    fn says(state: &str, zip: &str, country: &str) -> Option<String> {
        let mut desk = desk();
        let to = &mut desk.order.ship_to;
        (to.state, to.zip, to.country) = (state.to_owned(), zip.to_owned(), country.to_owned());
        desk.says(Code::BadZip)
    }

    #[test]
    fn right_ones_pass() {
        for (state, zip) in [
            ("MO", "65367"),
            ("mo", " 63001-0001 "),
            ("Missouri", "65899"),
            ("TX", "88512"),
            ("TX", "73301"),
            ("TX", "79999"),
            ("NY", "00501"),
            ("NY", "06390"),
            ("NY", "14905"),
            ("MA", "05501"),
            ("MA", "01001"),
            ("VT", "05001"),
            ("VA", "20101"),
            ("GA", "39901"),
            ("OH", "45999"),
            ("AR", "75502"),
            ("PR", "00901"),
            ("VI", "00801"),
            ("GU", "96910"),
            ("AE", "09012"),
            ("AA", "34001"),
            ("AP", "96201"),
            ("WY", "83414"), // delivered from Idaho
            ("TX", "73960"),
            ("OK", "73949"),
            ("IL", "63673"),
            ("TN", "42223-0001"),
            ("CA", "97635"),
            ("VA", "20598"),
            ("AS", "96799"),
            ("MP", "96950"),
            ("MH", "96960"),
            ("GU", "96999"), // of the Pacific, to no island's own
            ("Armed Forces Americas", "34002"),
            ("AL", "35300"), // a gap inside the range
            ("XX", "99999"), // for incomplete_address
        ] {
            assert_eq!(says(state, zip, "US"), None, "{state} {zip}");
        }
        assert_eq!(says("ON", "K1A 0B1", "CA"), None);
        assert_eq!(says("", "", "IE"), None);
        for (state, zip, country) in [
            ("", "00926", "PR"),
            ("PR", "00725-1234", "Puerto Rico"),
            ("San Juan", "00901", "PRI"),
            ("", "00802", "U.S. Virgin Islands"),
            ("GU", "96913", "GU"),
            ("", "96799", "American Samoa"),
            ("", "96952", "MP"),
        ] {
            assert_eq!(says(state, zip, country), None, "{state} {zip} {country}");
        }
    }

    #[test]
    fn territories_and_zips_across_borders() {
        for (state, zip, country) in [
            ("PR", "00802", "US"),
            ("VI", "00907", "US"),
            ("HI", "96799", "US"),
            ("FL", "34002", "US"),
            ("AS", "96720", "US"),
            ("GU", "96950", "US"),
            ("PW", "96910", "US"),
            ("VT", "05501", "US"),
            ("NY", "06320", "US"),
            ("CT", "06390", "US"),
            ("OK", "73301", "US"),
            ("", "02138", "PR"),
            ("PR", "", "PR"),
            ("", "1234", "Guam"),
            ("", "00926", "VI"),
            ("MA", "00926", "PR"),
        ] {
            assert!(
                says(state, zip, country).is_some(),
                "{state} {zip} {country}"
            );
        }
        assert_eq!(
            says("HI", "96799", "US").as_deref(),
            Some("the ZIP 96799 is of American Samoa, not of Hawaii")
        );
        assert_eq!(
            says("MA", "00926", "PR").as_deref(),
            Some("the country is Puerto Rico, the state Massachusetts: one of them is wrong")
        );
    }

    #[test]
    fn wrong_ones_fire() {
        for (state, zip) in [
            ("MO", "62999"),
            ("MO", "65900"),
            ("MO", "6536"),
            ("MO", "653670"),
            ("MO", "65367-"),
            ("MO", "65367-12"),
            ("MO", "653671234"),
            ("MO", "65367 1234"),
            ("MO", "6536a"),
            ("MO", "６５３６７"),
            ("MO", ""),
            ("XX", "1234"),
            ("VA", "20201"),
            ("GA", "32000"),
            ("AR", "75600"),
            ("CA", "10001"),
        ] {
            assert!(says(state, zip, "usa").is_some(), "{state} {zip}");
        }
        assert_eq!(
            says("TX", "10001", "United States").as_deref(),
            Some("the ZIP 10001 is not of Texas, whose ZIPs begin with 733, 750 to 799, 885")
        );
    }

    #[test]
    fn postal_codes_of_canada() {
        for (province, code, fires) in [
            ("ON", "K1A 0B1", false),
            ("Ontario", "m5v3l9", false),
            ("Qu\u{e9}bec", "H2X 1Y4", false),
            ("XX", "K1A 0B1", false),
            ("ON", "02138", true),
            ("ON", "V6B 1A1", true),
            ("BC", "K1A 0B1", true),
            ("ON", "K1A 0B", true),
            ("ON", "D1A 0B1", true),
            ("ON", "", true),
        ] {
            assert_eq!(
                says(province, code, "CA").is_some(),
                fires,
                "{province} {code}"
            );
            assert_eq!(
                says(province, code, "Canada").is_some(),
                fires,
                "{province} {code}"
            );
        }
    }
}
