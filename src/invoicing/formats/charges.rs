//! Lines of a plain table that are freight or a fee: by a closed list of what they are called, for what an
//! article is called may have such a word. They are held against what was agreed.

use super::draft::Draft;
use crate::domain::money::Money;

const FREIGHT: &[&str] = &[
    "freight",
    "freight out",
    "outbound freight",
    "frt",
    "shipping",
    "shipping charge",
    "shipping charges",
    "ship",
    "freight charge",
    "freight charges",
    "postage",
    "shipping cost",
    "delivery",
    "delivery charge",
    "ups freight",
    "ups ground",
    "ground freight",
];
const FEES: &[&str] = &[
    "handling",
    "handling fee",
    "handling charge",
    "shipping handling",
    "shipping and handling",
    "s h",
    "dropship",
    "drop ship",
    "dropship fee",
    "drop ship fee",
    "dropship charge",
    "drop ship charge",
    "dsfee",
    "small order fee",
    "fuel surcharge",
];

fn bare(text: &str) -> String {
    let words = text.to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether a line is one, by its item and its description: both say so, or one of them and the other nothing.
pub(super) fn is_one(item: &str, description: &str) -> bool {
    let said = [bare(item), bare(description)];
    let charge = |text: &String| {
        let text = text.as_str();
        FREIGHT.contains(&text) || FEES.contains(&text)
    };
    said.iter().any(charge) && said.iter().all(|text| text.is_empty() || charge(text))
}

/// Adds its amount to those of its kind; `None` when that is too large an amount.
pub(super) fn add(draft: &mut Draft, item: &str, description: &str, amount: Money) -> Option<()> {
    let fee = [bare(item), bare(description)]
        .iter()
        .any(|text| FEES.contains(&text.as_str()));
    let sum = match fee {
        true => &mut draft.fees,
        false => &mut draft.freight,
    };
    *sum = sum.plus(amount)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_charges() {
        for (item, description) in [
            ("FREIGHT", ""),
            ("", "Shipping & Handling"),
            ("FRT", "Freight charges"),
            ("Drop-ship fee", ""),
        ] {
            assert!(is_one(item, description), "{item} {description}");
        }
        for (item, description) in [
            ("FRT-100", ""),
            ("AC-1", "Freight"),
            ("FREIGHT", "Freight for order 7781"),
            ("", "Shipping cartons"),
            ("", ""),
        ] {
            assert!(!is_one(item, description), "{item} {description}");
        }
    }
}
