//! `customer_comment`: the customer wrote a comment that someone should read.

use super::phrases::says_nothing;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::CustomerComment,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let comment = facts.order.comments.as_deref()?;
    let words: Vec<&str> = comment.split_whitespace().collect();
    let comment = words.join(" ");
    if is_none(&comment) {
        return None;
    }
    (!comment.is_empty()).then(|| format!("the customer wrote: {}", cut(&comment, 300)))
}

/// Whether a comment is what a form sends, or a customer types, for none.
fn is_none(comment: &str) -> bool {
    const NONE: &[&str] = &[
        "no",
        "na",
        "nope",
        "nothing",
        "no comment",
        "no comments",
        "no note",
        "no notes",
        "none at this time",
        "no special instructions",
        "no instructions",
        "no thanks",
        "no thank you",
    ];
    let word = comment.trim_end_matches(['.', '!']).to_lowercase();
    says_nothing(comment) || NONE.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn a_blank_comment_is_none() {
        for (comment, said) in [
            (None, None),
            (Some(""), None),
            (Some(" \r\n\t"), None),
            (Some("."), None),
            (Some("none"), None),
            (Some("N/A"), None),
            (Some(" - "), None),
            (Some("No."), None),
            (Some("no special instructions"), None),
            (Some("No ice"), Some("the customer wrote: No ice")),
            (Some("?"), Some("the customer wrote: ?")),
            (
                Some("Leave it\nat the  door\u{1b}[2J"),
                Some("the customer wrote: Leave it at the door\\u{1b}[2J"),
            ),
        ] {
            let mut desk = desk();
            desk.order.comments = comment.map(str::to_owned);
            assert_eq!(desk.says(Code::CustomerComment).as_deref(), said);
        }
    }
}
