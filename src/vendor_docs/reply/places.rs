//! Lines named by their place on the purchase order: `line 2`, `items 1 and 3`, `lines 1-3`, `#2` at
//! the beginning of a line, `the second item`.

use super::AskedPo;
use super::mask::{line_of, sign_of};
use regex::Regex;
use std::sync::LazyLock;

/// Stands for a line that is not on the purchase order, or cannot be told from another: what is
/// said of it is in doubt.
pub(super) const NOWHERE: char = '\u{E000}';

static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?m)(?:\b(?:line[ -]?items?|lines?|items?|ln|pos|positions?|articles?|products?)[.:]?[ ]?(?:(?:#|no\.?|nos\.?|numbers?)[ ]?)?|^[ \t]*#)(?P<number>\d)",
    )
    .ok()
});
static ORDINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?P<which>first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|last) (?:line[ -]?item|line|item|product|article|sku)\b",
    )
    .ok()
});
/// What makes the number before it a quantity or a time.
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^ ?(?:of|out of|pcs?|pieces?|units?|ea|each|x|boxes|cartons?|cases|on hand|left|short|more|items?|lines?|business|working|days?|weeks?|months?|hours?|%)(?:\W|$)",
    )
    .ok()
});

/// Puts signs in the place of such names; `text` is in lower case and has the signs of SKUs already.
pub(super) fn marked(text: &str, asked: AskedPo<'_>) -> String {
    ordinals(&numbers(text, asked), asked)
}

fn sign(number: u64, asked: AskedPo<'_>) -> char {
    let mut lines = asked.lines.iter();
    let at = lines.position(|line| u64::try_from(line.line) == Ok(number));
    // answers are kept by SKU: of two lines with one SKU neither can be told from the other
    let alone = |at: &usize| {
        let sku = &asked.lines[*at].sku;
        asked.lines.iter().filter(|line| line.sku == *sku).count() == 1
    };
    at.filter(alone).and_then(sign_of).unwrap_or(NOWHERE)
}

fn ordinals(text: &str, asked: AskedPo<'_>) -> String {
    let Some(ordinal) = ORDINAL.as_ref() else {
        return text.to_owned();
    };
    let put = |found: &regex::Captures| {
        let which = &found["which"];
        let names = ["first", "second", "third", "fourth", "fifth", "sixth"];
        let digit = which.chars().next().and_then(|c| c.to_digit(10));
        let number = match names.iter().position(|name| *name == which) {
            Some(at) => at as u64 + 1,
            None => digit.map_or(asked.lines.len() as u64, u64::from),
        };
        String::from(sign(number, asked))
    };
    ordinal.replace_all(text, put).into_owned()
}

fn numbers(text: &str, asked: AskedPo<'_>) -> String {
    let Some(named) = NAMED.as_ref() else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = named.captures_at(text, at) {
        let (Some(all), Some(number)) = (found.get(0), found.name("number")) else {
            break;
        };
        let (numbers, end) = list(text, number.start());
        if numbers.is_empty() {
            out.push_str(&text[at..all.end()]);
            at = all.end();
            continue;
        }
        out.push_str(&text[at..all.start()]);
        let signs: Vec<char> = numbers.iter().map(|one| sign(*one, asked)).collect();
        let beside = neighbour(&out, &text[end..]);
        match (signs.as_slice(), beside) {
            ([_, _, ..], _) | (_, None) => {
                let signs: Vec<String> = signs.into_iter().map(String::from).collect();
                out.push_str(&signs.join(", "));
            }
            ([one], Some(line)) if line_of(*one) == Some(line) => {}
            _ => out.push(NOWHERE),
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// The numbers of a list that begins at `start`, ranges spelled out, and where it ends. None when
/// what stands there is a quantity, a date or a part of something longer.
fn list(text: &str, start: usize) -> (Vec<u64>, usize) {
    const BETWEEN: &[&str] = &[
        ", and ",
        " and ",
        " & ",
        ", ",
        ",",
        "&",
        " + ",
        " to ",
        " through ",
        " thru ",
        "-",
        " - ",
    ];
    let Some((first, mut end)) = number(text, start) else {
        return (Vec::new(), start);
    };
    let mut numbers = vec![first];
    while let Some((next, after, range)) = BETWEEN.iter().find_map(|between| {
        let rest = text[end..].strip_prefix(between)?;
        let begin = text.len() - rest.trim_start_matches('#').len();
        let (next, after) = number(text, begin)?;
        let range = matches!(between.trim(), "-" | "to" | "through" | "thru");
        Some((next, after, range))
    }) {
        let last = numbers.last().copied().unwrap_or(first);
        if range && (next <= last || next - last > 50) {
            break;
        }
        let from = if range { last + 1 } else { next };
        numbers.extend(from..=next);
        end = after;
    }
    (numbers, end)
}

/// A number of at most three digits at `start` that is nothing else, and where it ends.
fn number(text: &str, start: usize) -> Option<(u64, usize)> {
    let rest = text.get(start..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = &rest[digits..];
    let mut next = after.chars();
    let (first, second) = (next.next(), next.next());
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let glued = first.is_some_and(word)
        || matches!(first, Some('/' | '.')) && second.is_some_and(word)
        || matches!(first, Some('-')) && second.is_some_and(char::is_alphabetic);
    let counted = COUNTED.as_ref().is_some_and(|unit| unit.is_match(after));
    let plain = (1..=3).contains(&digits) && !glued && !counted;
    let number = rest[..digits].parse().ok()?;
    plain.then_some((number, start + digits))
}

/// The line that stands right before or after by its SKU: `line 2 (AC-00010)`.
fn neighbour(before: &str, after: &str) -> Option<usize> {
    const BETWEEN: &[char] = &[' ', ':', '(', '#', '-', '=', '.'];
    let after = after.trim_start_matches(BETWEEN);
    let after = ["sku", "item", "part"]
        .iter()
        .find_map(|word| after.strip_prefix(word))
        .unwrap_or(after);
    let next = after.trim_start_matches(BETWEEN).chars().next();
    let last = before.trim_end_matches(BETWEEN).chars().next_back();
    next.and_then(line_of).or_else(|| last.and_then(line_of))
}

#[cfg(test)]
mod tests {
    use super::super::AskedLine;
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> String {
        let line = |line, sku: &str| AskedLine {
            line,
            sku: sku.to_owned(),
            ..AskedLine::default()
        };
        let lines = [line(1, "AB-100"), line(2, "AB-200"), line(3, "AB-300")];
        let asked = AskedPo {
            po_number: "W1-1",
            lines: &lines,
            vendor: None,
        };
        let text = marked(text, asked);
        let shown = text.chars().map(|c| match line_of(c) {
            Some(at) => format!("<{}>", at + 1),
            None if c == NOWHERE => "<?>".to_owned(),
            None => c.to_string(),
        });
        shown.collect()
    }

    #[test]
    fn places() {
        for (text, signs) in [
            ("line 2 is discontinued", "<2> is discontinued"),
            ("item #2: out of stock", "<2>: out of stock"),
            ("line item no. 3 - ok", "<3> - ok"),
            ("lines 1 and 3 ship", "<1>, <3> ship"),
            ("lines 1-3 ship", "<1>, <2>, <3> ship"),
            ("items 1, 2 & 3", "<1>, <2>, <3>"),
            ("#1 ok\n#2 no", "<1> ok\n<2> no"),
            ("line 1, 6/4", "<1>, 6/4"),
            ("line 1 - 2 pcs left", "<1> - 2 pcs left"),
            ("the second item and the last line", "the <2> and the <3>"),
            ("line 4 is discontinued", "<?> is discontinued"),
            // what is no place
            (
                "2 items, item 1.5, item 2x, item 3-b",
                "2 items, item 1.5, item 2x, item 3-b",
            ),
            (
                "items 2 weeks out, item 1 of 3",
                "items 2 weeks out, item 1 of 3",
            ),
            ("suite #2, so #1", "suite #2, so #1"),
            ("item 4711", "item 4711"),
        ] {
            assert_eq!(of(text), signs, "{text}");
        }
        let two = |text: &str| {
            let sign = sign_of(1).unwrap();
            of(&text.replace('$', &sign.to_string()))
        };
        assert_eq!(two("line 2 ($) ships"), " (<2>) ships");
        assert_eq!(two("line 1 ($) ships"), "<?> (<2>) ships");
        assert_eq!(two("$, line 1"), "<2>, <1>");
        assert!(NAMED.is_some() && ORDINAL.is_some() && COUNTED.is_some());
    }

    proptest! {
        #[test]
        fn never_panics(text in "(line|items?|#|[0-9]| |, | and |-|/|first|item|\\PC){0,20}") {
            of(&text);
        }
    }
}
