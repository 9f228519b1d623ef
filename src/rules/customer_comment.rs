//! `customer_comment`: the customer wrote a comment that someone should read.

use super::settings::Settings;
use super::{Facts, Rule};
use crate::domain::foreign::cut;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: "customer_comment",
    check,
};

fn check(facts: &Facts, _: &Settings) -> Option<String> {
    let comment = facts.order.comments.as_deref()?;
    let words: Vec<&str> = comment.split_whitespace().collect();
    let comment = words.join(" ");
    (!comment.is_empty()).then(|| format!("the customer wrote: {}", cut(&comment, 300)))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::desk;

    #[test]
    fn a_blank_comment_is_none() {
        for (comment, said) in [
            (None, None),
            (Some(""), None),
            (Some(" \r\n\t"), None),
            (Some("."), Some("the customer wrote: .")),
            (
                Some("Leave it\nat the  door\u{1b}[2J"),
                Some("the customer wrote: Leave it at the door\\u{1b}[2J"),
            ),
        ] {
            let mut desk = desk();
            desk.order.comments = comment.map(str::to_owned);
            assert_eq!(desk.says("customer_comment").as_deref(), said);
        }
    }
}
