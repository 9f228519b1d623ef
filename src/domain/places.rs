//! States and the ZIP prefixes that belong to them, and the spellings of countries.
//!
//! Source: USPS Labeling List L002 (3-digit ZIP code prefix matrix) and Publication 28, appendix B
//! (state abbreviations). A range goes from the lowest to the highest prefix of a contiguous block;
//! prefixes in it that USPS does not use do not count against it. Whole ZIPs of another state than
//! their prefix, or of several, are in [`of_zip`].

use crate::domain::address::Address;

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
    s("FL", "Florida", &[(320, 339), (341, 349)]), s("GA", "Georgia", &[(300, 319), (398, 399)]),
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
    s("NM", "New Mexico", &[(870, 884)]), s("NY", "New York", &[(5, 5), (100, 149)]),
    s("NC", "North Carolina", &[(270, 289)]), s("ND", "North Dakota", &[(580, 588)]),
    s("OH", "Ohio", &[(430, 459)]), s("OK", "Oklahoma", &[(730, 732), (734, 749)]),
    s("OR", "Oregon", &[(970, 979)]), s("PA", "Pennsylvania", &[(150, 196)]),
    s("RI", "Rhode Island", &[(28, 29)]), s("SC", "South Carolina", &[(290, 299)]),
    s("SD", "South Dakota", &[(570, 577)]), s("TN", "Tennessee", &[(370, 385)]),
    s("TX", "Texas", &[(733, 733), (750, 799), (885, 885)]), s("UT", "Utah", &[(840, 847)]),
    s("VT", "Vermont", &[(50, 54), (56, 59)]), s("VA", "Virginia", &[(201, 201), (220, 246)]),
    s("WA", "Washington", &[(980, 994)]), s("WV", "West Virginia", &[(247, 268)]),
    s("WI", "Wisconsin", &[(530, 549)]), s("WY", "Wyoming", &[(820, 831)]),
    s("PR", "Puerto Rico", &[(6, 7), (9, 9)]), s("VI", "Virgin Islands", &[(8, 8)]),
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
    ("virgin islands us", "VI"),
    ("virgin islands of the united states", "VI"),
    ("commonwealth of puerto rico", "PR"),
    ("micronesia", "FM"),
    ("northern marianas", "MP"),
    ("cnmi", "MP"),
    ("armed forces the americas", "AA"),
    ("armed forces of the americas", "AA"),
    ("armed forces africa", "AE"),
    ("armed forces canada", "AE"),
    ("armed forces middle east", "AE"),
];

/// ZIPs that say more than their first three digits: lowest, highest, and the states and territories
/// in which they are. Those of the Pacific share 967 and 969; the others are delivered across a
/// state's border, or lie in another state than all others of their prefix. Addresses in a second
/// place are right where the post delivers to both.
#[rustfmt::skip]
static WHOLE: &[(u32, u32, &[&str])] = &[
    (6390, 6390, &["NY"]), // Fishers Island
    (20588, 20588, &["MD", "DC"]), (20598, 20598, &["VA", "DC"]), // parts of the government
    (42223, 42223, &["KY", "TN"]), (59221, 59221, &["MT", "ND"]), (63673, 63673, &["MO", "IL"]),
    (71749, 71749, &["AR", "LA"]), (72643, 72643, &["AR", "MO"]), (73949, 73949, &["OK", "TX"]),
    (73960, 73960, &["TX", "OK"]), (81137, 81137, &["CO", "NM"]), (83414, 83414, &["WY", "ID"]),
    (84536, 84536, &["UT", "AZ"]), (86044, 86044, &["AZ", "UT"]), (86515, 86515, &["AZ", "NM"]),
    (88063, 88063, &["NM", "TX"]), (89439, 89439, &["NV", "CA"]), (97635, 97635, &["OR", "CA"]),
    (96701, 96798, &["HI"]), (96799, 96799, &["AS"]), (96910, 96932, &["GU"]), (96939, 96940, &["PW"]),
    (96941, 96944, &["FM"]), (96950, 96952, &["MP"]), (96960, 96970, &["MH"]),
];

/// The states of a ZIP of five digits that says more than its first three; `None` for all others.
pub fn of_zip(five: u32) -> Option<Vec<&'static State>> {
    let within = |(low, high, _): &&(u32, u32, &[&str])| (*low..=*high).contains(&five);
    let (.., codes) = WHOLE.iter().find(within)?;
    let of = |code: &&str| STATES.iter().find(|state| state.code == *code);
    Some(codes.iter().filter_map(of).collect())
}

/// Territories and associated states that have a country's code of their own (ISO 3166-1) and ZIPs of
/// the US.
const TERRITORIES: [&str; 8] = ["PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW"];

/// The territory that a country's code or name means; `None` for all others, the US too.
pub fn territory(land: &str) -> Option<&'static State> {
    let code = country(land);
    let code = TERRITORIES.into_iter().find(|known| *known == code)?;
    STATES.iter().find(|state| state.code == code)
}

/// Whether an address in the US is a military or diplomatic post office, to which only the post
/// delivers: by its state, its city (`APO`, `FPO`, `DPO`) or its ZIP (USPS Publication 28, 238).
pub fn is_military(to: &Address) -> bool {
    let region = |state: &State| ["AA", "AE", "AP"].contains(&state.code);
    let office = |word: &str| ["apo", "fpo", "dpo"].contains(&word);
    let prefix = to.zip.trim().get(..3).and_then(|first| first.parse().ok());
    let within = |(low, high): &(u16, u16)| prefix.is_some_and(|at| (*low..=*high).contains(&at));
    let mut regions = STATES.iter().filter(|state| region(state));
    is_us(&to.country)
        && (state(&to.state).is_some_and(region)
            || plain(&to.city).split(' ').any(office)
            || regions.any(|state| state.prefixes.iter().any(within)))
}

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
    ("pri", "PR"),
    ("puerto rico", "PR"),
    ("vir", "VI"),
    ("us virgin islands", "VI"),
    ("virgin islands us", "VI"),
    ("virgin islands (us)", "VI"),
    ("united states virgin islands", "VI"),
    ("gum", "GU"),
    ("guam", "GU"),
    ("asm", "AS"),
    ("american samoa", "AS"),
    ("mnp", "MP"),
    ("northern mariana islands", "MP"),
    ("fsm", "FM"),
    ("micronesia", "FM"),
    ("mhl", "MH"),
    ("marshall islands", "MH"),
    ("plw", "PW"),
    ("palau", "PW"),
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
    fn every_zip_of_its_own_is_of_states_that_are_there_and_stands_once() {
        for (place, (low, high, codes)) in WHOLE.iter().enumerate() {
            assert!(low <= high && !codes.is_empty());
            assert_eq!(of_zip(*low).map(|found| found.len()), Some(codes.len()));
            let apart = |other: &(u32, u32, &[&str])| other.1 < *low || other.0 > *high;
            assert!(WHOLE[..place].iter().all(apart), "{low}");
        }
        assert!(of_zip(10001).is_none());
        assert_eq!(territory("Puerto Rico").map(|found| found.code), Some("PR"));
        assert_eq!(
            territory("U.S. Virgin Islands").map(|found| found.code),
            Some("VI")
        );
        assert!(territory("US").is_none() && territory("VG").is_none() && territory("").is_none());
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
