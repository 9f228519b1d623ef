//! Whose invoice it is: a name to a vendor, never by guess. What is not certain comes back as
//! candidates for a person, whose answer becomes an alias.

use std::collections::{BTreeSet, HashMap};

/// A vendor as far as names concern it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorName {
    /// The shop's key.
    pub id: String,
    /// Company name.
    pub name: String,
    /// Other names that a person said are this vendor's.
    pub aliases: Vec<String>,
}

/// What a name on an invoice is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VendorMatch {
    /// This vendor.
    Known {
        /// Its key.
        id: String,
        /// By which rule.
        by: NameRule,
    },
    /// None for certain: the nearest, best first, for a person to choose from.
    Unknown {
        /// (key, name) of at most five.
        nearest: Vec<(String, String)>,
    },
}

/// How a vendor was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRule {
    /// Letter by letter.
    Exact,
    /// By an alias that a person taught.
    Alias,
    /// Without case, punctuation and company suffix.
    Normalised,
}

/// All vendors by name.
#[derive(Clone, Debug, Default)]
pub struct VendorBook {
    vendors: Vec<VendorName>,
    exact: HashMap<String, BTreeSet<usize>>,
    aliases: HashMap<String, BTreeSet<usize>>,
    normalised: HashMap<String, BTreeSet<usize>>,
}

impl VendorBook {
    /// From all vendors.
    pub fn new(vendors: Vec<VendorName>) -> VendorBook {
        let mut book = VendorBook::default();
        for (place, vendor) in vendors.iter().enumerate() {
            let name = vendor.name.trim().to_owned();
            book.exact.entry(name).or_default().insert(place);
            let bare = normalise_name(&vendor.name);
            book.normalised.entry(bare).or_default().insert(place);
            for alias in &vendor.aliases {
                let alias = normalise_name(alias);
                book.aliases.entry(alias).or_default().insert(place);
            }
        }
        book.vendors = vendors;
        book
    }

    /// Whose name it is. A name that two vendors share by a rule is not known by it.
    pub fn find(&self, name: &str) -> VendorMatch {
        let bare = normalise_name(name);
        let rules = [
            (self.exact.get(name.trim()), NameRule::Exact),
            (self.aliases.get(&bare), NameRule::Alias),
            (self.normalised.get(&bare), NameRule::Normalised),
        ];
        for (found, by) in rules {
            let mut places = found.into_iter().flatten();
            if let (Some(place), None) = (places.next(), places.next())
                && let Some(vendor) = self.vendors.get(*place)
                && !bare.is_empty()
            {
                let id = vendor.id.clone();
                return VendorMatch::Known { id, by };
            }
        }
        VendorMatch::Unknown {
            nearest: self.nearest(&bare),
        }
    }

    fn nearest(&self, bare: &str) -> Vec<(String, String)> {
        let mut scored: Vec<(f64, &VendorName)> = self
            .vendors
            .iter()
            .map(|vendor| {
                let names = std::iter::once(&vendor.name).chain(&vendor.aliases);
                let likeness = |name: &String| strsim::jaro_winkler(bare, &normalise_name(name));
                let best = names.map(likeness).fold(0.0, f64::max);
                (best, vendor)
            })
            .filter(|(likeness, _)| *likeness >= 0.8)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
        let best = scored.into_iter().take(5);
        best.map(|(_, vendor)| (vendor.id.clone(), vendor.name.clone()))
            .collect()
    }
}

/// A company's name without case, punctuation, "the", "(deleted)" and the suffix of its legal form.
pub fn normalise_name(name: &str) -> String {
    const FORMS: [&str; 14] = [
        "inc",
        "incorporated",
        "llc",
        "llp",
        "lp",
        "ltd",
        "limited",
        "co",
        "company",
        "corp",
        "corporation",
        "plc",
        "gmbh",
        "pllc",
    ];
    let spelled = name
        .to_lowercase()
        .replace("(deleted)", " ")
        .replace('&', " and ");
    // dots and apostrophes vanish, so that L.L.C. is llc and O'Neil is oneil
    let spelled: String = spelled
        .chars()
        .filter(|c| !matches!(c, '.' | '\'' | '\u{2019}'))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let mut words: Vec<&str> = spelled.split_whitespace().collect();
    if words.len() > 1 && words.first() == Some(&"the") {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(last)) {
        words.pop();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> VendorBook {
        let vendor = |id: &str, name: &str, aliases: &[&str]| VendorName {
            id: id.to_owned(),
            name: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        };
        VendorBook::new(vec![
            vendor("V1", "Ashgrove Lamps, Inc.", &["AGL Lighting"]),
            vendor("V2", "Birch & Sons LLC", &[]),
            vendor("V3", "Moraine Cycle Components", &[]),
            vendor("V4", "Moraine Cycle Components, Inc.", &[]),
        ])
    }

    #[test]
    fn names_are_known_exactly_by_alias_and_without_trimmings_only() {
        let known = |name: &str| match book().find(name) {
            VendorMatch::Known { id, by } => Some((id, by)),
            VendorMatch::Unknown { .. } => None,
        };
        let is = |id: &str, by| Some((id.to_owned(), by));
        assert_eq!(known("Ashgrove Lamps, Inc."), is("V1", NameRule::Exact));
        assert_eq!(known("agl lighting co."), is("V1", NameRule::Alias));
        assert_eq!(known("The ASHGROVE LAMPS"), is("V1", NameRule::Normalised));
        assert_eq!(
            known("Birch and Sons L.L.C."),
            is("V2", NameRule::Normalised)
        );
        // two vendors without their suffix: exact only
        assert_eq!(known("Moraine Cycle Components"), is("V3", NameRule::Exact));
        assert_eq!(
            known("Moraine Cycle Components, Inc."),
            is("V4", NameRule::Exact)
        );
        assert_eq!(known("moraine cycle components"), None);
        assert_eq!(known(""), None);
        assert_eq!(known("Inc."), None);
    }

    #[test]
    fn the_nearest_are_offered_and_never_taken() {
        let VendorMatch::Unknown { nearest } = book().find("Ashgrove Lamp") else {
            panic!("taken for known");
        };
        assert_eq!(
            nearest[0],
            ("V1".to_owned(), "Ashgrove Lamps, Inc.".to_owned())
        );
        let VendorMatch::Unknown { nearest } = book().find("Zzz") else {
            panic!("taken for known");
        };
        assert!(nearest.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn a_name_is_itself_in_any_case(name: String) {
            let shouted = normalise_name(&name.to_uppercase());
            proptest::prop_assert_eq!(normalise_name(&name.to_uppercase().to_lowercase()), shouted);
        }
    }
}
