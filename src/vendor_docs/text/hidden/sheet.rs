//! Style sheets of mails: which of their rules can keep words from being seen, or strike them out, and of
//! which elements. Rules that set fonts, widths and colours of what is seen are none of these; neither are
//! those for small screens, for paper, and for what a pointer does.

use super::{Effect, look};
use std::collections::HashSet;

/// What a rule does to the elements that it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StyleRule {
    /// The element's name; any when empty.
    tag: String,
    /// `.class` and `#id` that it must have.
    names: Vec<String>,
    /// What becomes of its words.
    pub effect: Effect,
    /// Whether nothing else decides about it: no element around it, no condition, no other rule.
    pub certain: bool,
}

impl StyleRule {
    /// Whether it means an element.
    pub fn means(&self, tag: &str, names: &HashSet<String>) -> bool {
        (self.tag.is_empty() || self.tag == tag) && self.names.iter().all(|one| names.contains(one))
    }

    /// Whether it may mean any element: poms cannot tell which.
    pub fn is_of_any(&self) -> bool {
        self.tag.is_empty() && self.names.is_empty()
    }
}

/// All rules of the style sheets in a mail that hide or strike.
pub(super) fn rules(html: &str) -> Vec<StyleRule> {
    let lower = html.to_ascii_lowercase();
    let (mut all, mut shown) = (Vec::new(), Vec::new());
    let mut rest = lower.as_str();
    while let Some(at) = rest.find("<style") {
        let sheet = &rest[at..];
        let end = sheet.find("</style").unwrap_or(sheet.len());
        let text = sheet[..end].split_once('>').map_or("", |(_, text)| text);
        read(&without_comments(text), true, 0, &mut all, &mut shown);
        rest = &sheet[end..];
        rest = rest.strip_prefix("</style").unwrap_or(rest);
    }
    for rule in &mut all {
        let again = |(tag, names): &(String, Vec<String>)| *tag == rule.tag && *names == rule.names;
        rule.certain &= !shown.iter().any(again);
    }
    all
}

fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        out.push(' ');
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace("<!--", " ").replace("-->", " ")
}

/// The name and the classes of the elements that rules show.
type Shown = Vec<(String, Vec<String>)>;

/// Reads rules; `certain` says that no condition stands around them.
fn read(sheet: &str, certain: bool, depth: usize, all: &mut Vec<StyleRule>, shown: &mut Shown) {
    let mut rest = sheet;
    while let Some(at) = rest.find(['{', ';', '}']) {
        let (head, after) = (rest[..at].trim(), &rest[at + 1..]);
        if !rest[at..].starts_with('{') {
            rest = after;
            continue;
        }
        let end = closing(after);
        let body = &after[..end];
        rest = after.get(end + 1..).unwrap_or_default();
        if let Some(at_rule) = head.strip_prefix('@') {
            if let Some(always) = applies(at_rule).filter(|_| depth < 4) {
                read(body, certain && always, depth + 1, all, shown);
            }
            continue;
        }
        for selector in head.split(',') {
            add(selector, body, certain, all, shown);
        }
    }
}

/// Where the block that has begun ends.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether what stands in an at-rule applies where a mail is read: surely, perhaps, or `None`. Small
/// screens, paper and dark screens show the same words otherwise, and at a desk they are seen.
fn applies(at_rule: &str) -> Option<bool> {
    let name: String = at_rule
        .chars()
        .take_while(|c| c.is_ascii_alphabetic())
        .collect();
    let elsewhere = [
        "max-width",
        "max-device-width",
        "print",
        "prefers-",
        "orientation",
        "pixel-ratio",
    ];
    match name.as_str() {
        "media" if elsewhere.iter().any(|word| at_rule.contains(word)) => None,
        "media" => Some(!at_rule.contains('(')),
        "supports" | "layer" | "container" | "scope" => Some(false),
        _ => None,
    }
}

fn add(selector: &str, body: &str, certain: bool, all: &mut Vec<StyleRule>, shown: &mut Shown) {
    const AT_REST: [&str; 6] = [
        ":hover", ":focus", ":active", ":visited", "::before", "::after",
    ];
    let selector = selector.trim();
    if selector.is_empty() || AT_REST.iter().any(|state| selector.contains(state)) {
        return;
    }
    let effect = look::effect(body, "");
    if effect.is_none() && !look::shows(body) {
        return;
    }
    let combined = |c: char| c.is_whitespace() || matches!(c, '>' | '+' | '~');
    let last = selector.rsplit(combined).next().unwrap_or_default();
    let simple = !selector.contains(combined) && !selector.contains([':', '[', '*']);
    let (tag, names) = compound(last);
    match effect {
        Some(effect) => all.push(StyleRule {
            tag,
            names,
            effect,
            certain: certain && simple,
        }),
        None => shown.push((tag, names)),
    }
}

/// `p.note#first[x]:nth-child(2)` in its name, classes and ids.
fn compound(text: &str) -> (String, Vec<String>) {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let text = text.split(['[', ':']).next().unwrap_or_default();
    let tag: String = text.chars().take_while(|c| word(*c)).collect();
    let mut names: Vec<String> = text
        .match_indices(['.', '#'])
        .map(|(at, sign)| {
            let name = text[at + 1..].chars().take_while(|c| word(*c));
            name.fold(sign.to_owned(), |mut name, c| {
                name.push(c);
                name
            })
        })
        .collect();
    names.sort_unstable();
    (tag, names)
}
