//! `bad_zip`: the ZIP is malformed, or its first three digits are not of the state.

use super::places::{is_us, state};
use super::settings::Settings;
use super::words::shown;
use super::{Facts, Rule};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: "bad_zip",
    check,
};

fn check(facts: &Facts, _: &Settings) -> Option<String> {
    let to = &facts.order.ship_to;
    if !is_us(&to.country) {
        return None;
    }
    let zip = to.zip.trim();
    let Some(prefix) = prefix(zip) else {
        let shape = "five digits, or five and four as in 65367-1234";
        return Some(match zip {
            "" => format!("the ZIP is empty, not {shape}"),
            other => format!("the ZIP is '{}', not {shape}", shown(other)),
        });
    };
    // an unknown state is for incomplete_address
    let state = state(&to.state)?;
    let inside = |(low, high): &(u16, u16)| (*low..=*high).contains(&prefix);
    (!state.prefixes.iter().any(inside)).then(|| {
        let ranges: Vec<String> = state.prefixes.iter().map(range).collect();
        format!(
            "the ZIP {zip} is not of {}, whose ZIPs begin with {}",
            state.name,
            ranges.join(", ")
        )
    })
}

/// The first three digits of a ZIP or ZIP+4; `None` when it is neither.
fn prefix(zip: &str) -> Option<u16> {
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let (five, four) = zip.split_once('-').unwrap_or((zip, "0000"));
    if !digits(five, 5) || !digits(four, 4) {
        return None;
    }
    five.get(..3)?.parse().ok()
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
    use crate::rules::testing::desk;

    fn says(state: &str, zip: &str, country: &str) -> Option<String> {
        let mut desk = desk();
        let to = &mut desk.order.ship_to;
        (to.state, to.zip, to.country) = (state.to_owned(), zip.to_owned(), country.to_owned());
        desk.says("bad_zip")
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
            ("AL", "35300"), // a gap inside the range
            ("XX", "99999"), // for incomplete_address
        ] {
            assert_eq!(says(state, zip, "US"), None, "{state} {zip}");
        }
        assert_eq!(says("ON", "K1A 0B1", "CA"), None);
        assert_eq!(says("", "", "IE"), None);
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
}
