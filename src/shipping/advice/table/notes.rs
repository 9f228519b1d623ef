//! Columns of remarks: what they say against a row keeps it from acting.

use super::super::headers::words::Words;
use regex::Regex;
use std::sync::LazyLock;

static AGAINST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\bnot (?:yet|ship\w*|sent|left|available|in stock|received|picked|dispatched|found)\b|\bnever\b|\bcannot\b|\bunable\b|n't\b|\?|",
        r"\b(?:void\w*|cancel\w*|lost|missing|stolen|damaged?|broken|return(?:ed|ing|s)?|refused|rejected|replacements?|replac(?:es|ed|ing)|instead|substitut\w*|on hold|held|delay\w*|back ?order\w*|short(?:ed|age)?|wrong|incorrect|errors?|mistakes?|recall\w*|intercept\w*|duplicates?|label (?:created|printed|only)|pending)\b"
    ))
    .ok()
});

/// The columns of remarks about what left; what is written for the recipient is none.
pub(super) fn columns(headings: &[String]) -> Vec<usize> {
    let about = |heading: &String| {
        let words = Words::of(heading);
        words.has(&[
            "note",
            "notes",
            "comment",
            "comments",
            "remark",
            "remarks",
            "memo",
            "reason",
            "exception",
            "exceptions",
        ]) && !words.has(&[
            "gift",
            "customer",
            "buyer",
            "delivery",
            "packing",
            "order",
            "recipient",
        ])
    };
    let all = headings.iter().enumerate();
    all.filter(|(_, heading)| about(heading))
        .map(|(at, _)| at)
        .collect()
}

/// What a record's remarks say against it, in a sentence.
pub(super) fn against(record: &[String], notes: &[usize]) -> Option<String> {
    let mut cells = notes.iter().filter_map(|at| record.get(*at));
    let said = cells.find(|cell| AGAINST.as_ref().is_some_and(|p| p.is_match(cell)))?;
    let shown: String = said.trim().chars().take(80).collect();
    Some(format!(
        "the row says '{}': whether its goods are on their way is for a person; if they are, import the row without it \
         (`poms import-advices`)",
        shown.escape_debug()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks() {
        let headings = [
            "po",
            "Notes",
            "gift note",
            "Tracking",
            "Ship Comments",
            "Order Notes",
        ];
        let headings = headings.map(str::to_owned);
        assert_eq!(columns(&headings), [1, 4]);
        for (said, odd) in [
            ("lost by carrier", true),
            ("replacement for the damaged one", true),
            ("Label created", true),
            ("didn't make the truck", true),
            ("left at dock 4", false),
            ("leave at the door", false),
            ("", false),
        ] {
            let record = [String::new(), said.to_owned()];
            assert_eq!(against(&record, &[1]).is_some(), odd, "{said}");
        }
    }
}
