//! The words of a column's heading.

/// The words of one header, in lower case.
pub(super) struct HeadingWords(pub(super) Vec<String>);

impl HeadingWords {
    /// Takes a header apart: at signs, and at humps as in `camelCase`.
    pub(super) fn of(header: &str) -> HeadingWords {
        let mut text = String::new();
        let chars: Vec<char> = header.chars().take(80).collect();
        for (at, c) in chars.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|place| chars.get(place));
            let after = chars.get(at + 1);
            // camelCase, and the end of an acronym as in PONumber
            let hump = c.is_uppercase()
                && (before.is_some_and(|b| b.is_lowercase())
                    || (before.is_some_and(|b| b.is_uppercase())
                        && after.is_some_and(|a| a.is_lowercase())));
            if hump {
                text.push(' ');
            }
            if !matches!(c, '.' | '\'' | '’') {
                text.extend(c.to_lowercase());
            }
        }
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned);
        let mut words: Vec<String> = words.collect();
        // "Lineitem sku", "line_item_quantity": of the line, as all is
        let line: &[&str] = match words.first().map(String::as_str) {
            Some("lineitem") => &["lineitem"],
            _ => &["line", "item"],
        };
        if words.len() > line.len() && words.iter().zip(line).all(|(word, one)| word == one) {
            words.drain(..line.len());
        }
        HeadingWords(words)
    }

    /// Whether one of these is among them.
    pub(super) fn has(&self, any: &[&str]) -> bool {
        self.0.iter().any(|word| any.contains(&word.as_str()))
    }

    /// Whether one of them begins like one of these.
    pub(super) fn begins(&self, any: &[&str]) -> bool {
        let begins = |word: &String| any.iter().any(|start| word.starts_with(start));
        self.0.iter().any(begins)
    }

    /// All of them without blanks.
    pub(super) fn joined(&self) -> String {
        self.0.concat()
    }

    /// Whether it is about a day or time.
    pub(super) fn dated(&self) -> bool {
        self.has(&["date", "at", "on", "day", "time", "when", "dt"])
            || self.joined().contains("date")
    }

    /// The words without those that only say "number".
    pub(super) fn core(&self) -> String {
        const NUMBER: &[&str] = &[
            "number", "no", "num", "nbr", "nr", "id", "code", "numbers", "s",
        ];
        let core = self
            .0
            .iter()
            .filter(|word| !NUMBER.contains(&word.as_str()));
        let core: String = core.map(String::as_str).collect();
        for number in ["number", "num", "no", "nbr", "id", "code"] {
            match core.strip_suffix(number) {
                Some(rest) if rest.len() >= 2 => return rest.to_owned(),
                _ => (),
            }
        }
        core
    }
}
