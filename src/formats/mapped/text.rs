//! Orders as lines of `Key: value`.

use super::table::folded;
use super::unit::{MappedUnit, OrderUnit};

/// Characters of a key at most: what is longer is a sentence with a colon in it.
const LONGEST_KEY: usize = 60;

/// One line of a text, with those that go on with it.
#[derive(Debug, PartialEq, Eq)]
pub struct TextLine {
    /// Its number in the document, from 1.
    pub number: usize,
    /// What stands before the colon; empty where there is none.
    pub key: String,
    /// What stands behind it; the whole line where there is no key.
    pub value: String,
}

impl TextLine {
    /// Whether this is its key, whatever capitals and blanks.
    pub fn is_key(&self, key: &str) -> bool {
        !self.key.is_empty() && folded(&self.key) == folded(key)
    }
}

/// The first line of a text that says something.
pub fn first_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| !line.is_empty())
}

/// The lines of a text that say something. One that begins with a blank goes on with the one above.
pub fn lines(text: &str) -> Vec<TextLine> {
    let mut found: Vec<TextLine> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let bare = line.trim();
        // rules that are drawn say nothing
        if bare.chars().all(|c| "-=_*~# ".contains(c)) {
            continue;
        }
        let goes_on = line.starts_with([' ', '\t']);
        if let Some(last) = found
            .last_mut()
            .filter(|last| goes_on && !last.key.is_empty())
        {
            last.value.push('\n');
            last.value.push_str(bare);
            continue;
        }
        let key = bare.split_once(':').filter(|(key, value)| {
            !key.trim().is_empty() && key.chars().count() <= LONGEST_KEY && !value.starts_with("//")
        });
        let (key, value) = key.unwrap_or(("", bare));
        found.push(TextLine {
            number: place + 1,
            key: key.trim().to_owned(),
            value: value.trim().to_owned(),
        });
    }
    found
}

/// The orders: each begins with a line like the first.
pub fn orders<'a>(
    lines: &'a [TextLine],
    first: &str,
    item: &str,
    ignore: &[String],
) -> Vec<OrderUnit<'a>> {
    let begins = |line: &TextLine| {
        let whole = match line.key.is_empty() {
            true => line.value.clone(),
            false => format!("{}: {}", line.key, line.value),
        };
        folded(&whole) == folded(first)
    };
    let mut found: Vec<OrderUnit<'a>> = Vec::new();
    let (mut own, mut items, mut stray) = (Vec::new(), Vec::<Vec<&TextLine>>::new(), Vec::new());
    let mut start = 1;
    let mut close = |own: &mut Vec<&'a TextLine>,
                     items: &mut Vec<Vec<&'a TextLine>>,
                     stray: &mut Vec<&'a TextLine>,
                     start: usize| {
        if !own.is_empty() || !items.is_empty() {
            found.push(OrderUnit {
                place: format!("line {start}"),
                order: MappedUnit::Lines(std::mem::take(own)),
                lines: std::mem::take(items)
                    .into_iter()
                    .map(MappedUnit::Lines)
                    .collect(),
                stray: std::mem::take(stray),
                doubt: None,
            });
        }
    };
    for line in lines {
        if begins(line) {
            close(&mut own, &mut items, &mut stray, start);
            start = line.number;
        } else if line.key.is_empty() {
            let ignored = ignore.iter().any(|one| folded(one) == folded(&line.value));
            if !ignored {
                stray.push(line);
            }
        } else if line.is_key(item) {
            items.push(vec![line]);
        } else {
            match items.last_mut() {
                // which of the line's keys are the order's is the mapping's to say
                Some(last) => {
                    last.push(line);
                    own.push(line);
                }
                None => own.push(line),
            }
        }
    }
    close(&mut own, &mut items, &mut stray, start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_keys_and_values_and_words_beside_them() {
        let text = "NEW ORDER\n-----\nOrder: T-1\nNote: first\n  second\nThank you!\nSee https://shop.example\nItem: A\nQty: 2\nItem: B\nQty: 3\nTotal: 5\nNEW ORDER\nOrder: T-2\n";
        let read = lines(text);
        let found = orders(&read, "new order", "Item", &["thank you!".to_owned()]);
        let counts: Vec<_> = found
            .iter()
            .map(|one| (one.place.as_str(), one.lines.len(), one.stray.len()))
            .collect();
        assert_eq!(counts, [("line 1", 2, 1), ("line 13", 0, 0)]);
        assert_eq!(
            read.iter()
                .find(|line| line.is_key("note"))
                .expect("a note")
                .value,
            "first\nsecond"
        );
    }
}
