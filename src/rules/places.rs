//! States and the ZIP prefixes that belong to them, and the spellings of countries.
//!
//! Source: USPS Labeling List L002 (3-digit ZIP code prefix matrix) and Publication 28, appendix B
//! (state abbreviations). A range goes from the lowest to the highest prefix of a contiguous block;
//! prefixes in it that USPS does not use, or lent to a neighbour, do not count against it.

/// A state, territory or military region of the US.
#[derive(Debug)]
pub struct State {
    /// Two letters (USPS Publication 28, appendix B).
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// First three digits of its ZIPs: lowest and highest of each block, both included.
    pub prefixes: &'static [(u16, u16)],
}

const fn s(code: &'static str, name: &'static str, prefixes: &'static [(u16, u16)]) -> State {
    State {
        code,
        name,
        prefixes,
    }
}

/// All of them.
#[rustfmt::skip]
pub static STATES: &[State] = &[
    s("AL", "Alabama", &[(350, 369)]), s("AK", "Alaska", &[(995, 999)]),
    s("AZ", "Arizona", &[(850, 865)]), s("AR", "Arkansas", &[(716, 729), (755, 755)]),
    s("CA", "California", &[(900, 961)]), s("CO", "Colorado", &[(800, 816)]),
    s("CT", "Connecticut", &[(60, 69)]), s("DE", "Delaware", &[(197, 199)]),
    s("DC", "District of Columbia", &[(200, 200), (202, 205), (569, 569)]),
    s("FL", "Florida", &[(320, 349)]), s("GA", "Georgia", &[(300, 319), (398, 399)]),
    s("HI", "Hawaii", &[(967, 968)]), s("ID", "Idaho", &[(832, 838)]),
    s("IL", "Illinois", &[(600, 629)]), s("IN", "Indiana", &[(460, 479)]),
    s("IA", "Iowa", &[(500, 528)]), s("KS", "Kansas", &[(660, 679)]),
    s("KY", "Kentucky", &[(400, 427)]), s("LA", "Louisiana", &[(700, 714)]),
    s("ME", "Maine", &[(39, 49)]), s("MD", "Maryland", &[(206, 219)]),
    s("MA", "Massachusetts", &[(10, 27), (55, 55)]), s("MI", "Michigan", &[(480, 499)]),
    s("MN", "Minnesota", &[(550, 567)]), s("MS", "Mississippi", &[(386, 397)]),
    s("MO", "Missouri", &[(630, 658)]), s("MT", "Montana", &[(590, 599)]),
    s("NE", "Nebraska", &[(680, 693)]), s("NV", "Nevada", &[(889, 898)]),
    s("NH", "New Hampshire", &[(30, 38)]), s("NJ", "New Jersey", &[(70, 89)]),
    s("NM", "New Mexico", &[(870, 884)]), s("NY", "New York", &[(5, 5), (63, 63), (100, 149)]),
    s("NC", "North Carolina", &[(270, 289)]), s("ND", "North Dakota", &[(580, 588)]),
    s("OH", "Ohio", &[(430, 459)]), s("OK", "Oklahoma", &[(730, 749)]),
    s("OR", "Oregon", &[(970, 979)]), s("PA", "Pennsylvania", &[(150, 196)]),
    s("RI", "Rhode Island", &[(28, 29)]), s("SC", "South Carolina", &[(290, 299)]),
    s("SD", "South Dakota", &[(570, 577)]), s("TN", "Tennessee", &[(370, 385)]),
    s("TX", "Texas", &[(733, 733), (750, 799), (885, 885)]), s("UT", "Utah", &[(840, 847)]),
    s("VT", "Vermont", &[(50, 59)]), s("VA", "Virginia", &[(201, 201), (220, 246)]),
    s("WA", "Washington", &[(980, 994)]), s("WV", "West Virginia", &[(247, 268)]),
    s("WI", "Wisconsin", &[(530, 549)]), s("WY", "Wyoming", &[(820, 831)]),
    s("PR", "Puerto Rico", &[(6, 9)]), s("VI", "Virgin Islands", &[(8, 8)]),
    s("GU", "Guam", &[(969, 969)]), s("AS", "American Samoa", &[(967, 967)]),
    s("MP", "Northern Mariana Islands", &[(969, 969)]),
    s("FM", "Federated States of Micronesia", &[(969, 969)]),
    s("MH", "Marshall Islands", &[(969, 969)]), s("PW", "Palau", &[(969, 969)]),
    s("AA", "Armed Forces Americas", &[(340, 340)]), s("AE", "Armed Forces Europe", &[(90, 99)]),
    s("AP", "Armed Forces Pacific", &[(962, 966)]),
];

/// Other names that people write.
const ALIASES: &[(&str, &str)] = &[
    ("washington dc", "DC"),
    ("us virgin islands", "VI"),
    ("commonwealth of puerto rico", "PR"),
    ("micronesia", "FM"),
];

/// The state that a text names, by its two letters or its name, in any case.
pub fn state(text: &str) -> Option<&'static State> {
    let word = plain(text);
    let code = ALIASES
        .iter()
        .find(|(alias, _)| *alias == word)
        .map_or(word.as_str(), |(_, code)| code);
    STATES.iter().find(|state| {
        state.code.eq_ignore_ascii_case(code) || state.name.eq_ignore_ascii_case(code)
    })
}

/// Spellings of countries beside their two letters (ISO 3166-1).
const COUNTRIES: &[(&str, &str)] = &[
    ("usa", "US"),
    ("united states", "US"),
    ("united states of america", "US"),
    ("can", "CA"),
    ("canada", "CA"),
    ("mex", "MX"),
    ("mexico", "MX"),
    ("méxico", "MX"),
    ("gbr", "GB"),
    ("uk", "GB"),
    ("united kingdom", "GB"),
    ("great britain", "GB"),
    ("deu", "DE"),
    ("germany", "DE"),
    ("fra", "FR"),
    ("france", "FR"),
    ("aus", "AU"),
    ("australia", "AU"),
    ("nzl", "NZ"),
    ("new zealand", "NZ"),
];

/// The two letters of a country in capitals; a text that is not understood comes back in capitals.
/// Empty for an empty text.
pub fn country(text: &str) -> String {
    let word = plain(text);
    COUNTRIES
        .iter()
        .find(|(name, _)| *name == word)
        .map_or_else(|| word.to_uppercase(), |(_, code)| (*code).to_owned())
}

/// Whether a country is the United States, in any spelling.
pub fn is_us(text: &str) -> bool {
    text == "US" || country(text) == "US"
}

/// Without points, with single spaces, in lower case.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_by_letters_and_names() {
        assert_eq!(STATES.len(), 50 + 1 + 8 + 3);
        for (text, code) in [
            ("MO", "MO"),
            (" mo ", "MO"),
            ("Missouri", "MO"),
            ("NEW  YORK", "NY"),
            ("D.C.", "DC"),
            ("Washington, D.C.", "DC"),
            ("Washington D.C.", "DC"),
            ("Washington", "WA"),
        ] {
            assert_eq!(state(text).map_or("", |state| state.code), code, "{text}");
        }
        assert!(state("XX").is_none() && state("").is_none() && state("Ontario").is_none());
    }

    #[test]
    fn every_range_is_in_order_and_of_three_digits() {
        for state in STATES {
            assert!(!state.prefixes.is_empty());
            for (low, high) in state.prefixes {
                assert!(low <= high && *high <= 999, "{}", state.code);
            }
        }
    }

    #[test]
    fn countries_in_their_spellings() {
        for text in [
            "US",
            "us",
            "USA",
            "U.S.A.",
            " United  States ",
            "united states of america",
        ] {
            assert!(is_us(text), "{text}");
        }
        for text in ["", "CA", "USSR", "United Kingdom"] {
            assert!(!is_us(text), "{text}");
        }
        assert_eq!(country("Canada"), "CA");
        assert_eq!(country("ca"), "CA");
        assert_eq!(country(" "), "");
    }
}
