//! How messages of the rules put values and lists into words.

use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::order::{Order, OrderLine};

/// Parts of a list that a message names before it only counts.
const NAMED: usize = 5;

/// A foreign text as a message may show it: at most 60 characters, hidden ones escaped.
pub fn shown(text: &str) -> String {
    cut(text, 60)
}

/// What the shop's own state says against an order, under one code.
pub fn shop_says(order: &Order, code: Code) -> Option<String> {
    let said = order.shop_order.says(code);
    let said: Vec<String> = said.into_iter().map(shown).collect();
    Some(format!("the shop says: {}", joined(&said)?))
}

/// "a", "a and b", "a, b and c"; `None` for none.
pub fn listed(parts: &[String]) -> Option<String> {
    let (last, rest) = parts.split_last()?;
    Some(match rest {
        [] => last.clone(),
        rest => format!("{} and {last}", rest.join(", ")),
    })
}

/// Whether a text says nothing: it is blank, only signs such as `-`, or a form's word for none.
pub fn says_nothing(text: &str) -> bool {
    const NONE: &[&str] = &[
        "none",
        "n/a",
        "n.a.",
        "n.a",
        "null",
        "nil",
        "undefined",
        "unknown",
        "tbd",
        "not applicable",
    ];
    let text = text.trim().to_lowercase();
    let signs =
        |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '.' | ',' | '_' | '/' | '*');
    text.chars().all(signs)
        || NONE.contains(&text.trim_end_matches('.'))
        || NONE.contains(&text.as_str())
}

/// Parts of a message, the first few and the count of the rest; `None` for none.
pub fn joined(parts: &[String]) -> Option<String> {
    if parts.is_empty() {
        return None;
    }
    let named = parts[..parts.len().min(NAMED)].join("; ");
    Some(match parts.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named}; and {more} more"),
    })
}

/// One part for each line of the order for which `say` finds something, with the line's number.
pub fn by_line<'a>(
    order: &'a Order,
    say: impl Fn(&'a OrderLine) -> Option<String>,
) -> Option<String> {
    let parts: Vec<String> = order
        .lines
        .iter()
        .enumerate()
        .filter_map(|(place, line)| Some(format!("line {}: {}", place + 1, say(line)?)))
        .collect();
    joined(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_well_and_stay_short() {
        let parts = |n: usize| (1..=n).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!(listed(&parts(0)), None);
        assert_eq!(listed(&parts(1)).as_deref(), Some("1"));
        assert_eq!(listed(&parts(3)).as_deref(), Some("1, 2 and 3"));
        assert_eq!(joined(&parts(5)).as_deref(), Some("1; 2; 3; 4; 5"));
        let many = joined(&parts(12));
        assert_eq!(many.as_deref(), Some("1; 2; 3; 4; 5; and 7 more"));
    }
}
