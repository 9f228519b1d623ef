//! HTML as its reader sees it: what is not seen is left out, and what is struck out is said to be. Who
//! strikes words out takes them back, and who hides them does not write to the person who reads; neither
//! may act. The rule for style sheets is in [`sheet`]: only what can hide or strike words is looked at.

mod look;
mod sheet;

use crate::domain::pattern::fits;
use regex::Regex;
use sheet::StyleRule;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Elements whose content no reader sees.
const UNSEEN: &[&str] = &[
    "template", "datalist", "iframe", "object", "audio", "video", "canvas", "noframes", "noembed",
    "title",
];
/// Elements whose content is there to be filled in, or to be opened first.
const FORM: &[&str] = &["textarea", "select", "details", "dialog"];
/// Elements that strike their content out.
const STRUCK: &[&str] = &["s", "strike", "del"];
/// Elements that end a paragraph that is open (HTML, 13.1.2.4).
const END_PARAGRAPHS: &[&str] = &[
    "address",
    "blockquote",
    "center",
    "div",
    "dl",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
];
/// Most characters of what is struck out that are shown.
const SHOWN: usize = 300;

static STYLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?is)\bstyle\s*=\s*(?:"([^"]*)"|'([^']*)')"#).ok());
static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)\s(class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#).ok()
});
static ATTRIBUTE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)^<[a-z0-9]+(?:\s[^>]*?)?\shidden(?:\s|=|/|>)"#).ok());

/// What becomes of the words of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// They are not seen.
    Hidden,
    /// They are struck out.
    Struck,
}

/// What is done with an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Left out.
    Gone,
    /// Shown with a word before it that says what it is: its numbers are no numbers any more.
    Told(&'static str),
}

/// An element whose content is kept apart.
struct Apart {
    name: String,
    /// How deep inside its like.
    depth: usize,
    fate: Fate,
    said: String,
}

/// The HTML without elements that are not seen. What is struck out, and what a style sheet may hide,
/// stands in brackets with its digits masked, which no reader of answers understands.
pub(super) fn without(html: &str) -> String {
    let mut page = ShownText {
        rules: sheet::rules(html),
        grounds: false,
        out: String::with_capacity(html.len()),
        apart: None,
    };
    if page.rules.iter().any(StyleRule::is_of_any) {
        page.out
            .push_str("<p>[a style sheet may hide or strike words of this]</p>");
    }
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        page.text(before);
        let end = match from.strip_prefix("<!--") {
            Some(comment) => comment.find("-->").map(|end| end + 7),
            None => from.find('>').map(|end| end + 1),
        };
        let (tag, after) = from.split_at(end.unwrap_or(from.len()));
        rest = after;
        if !tag.starts_with("<!--") {
            page.tag(tag);
        }
    }
    page.text(rest);
    page.end();
    page.out
}

/// What has been read so far.
struct ShownText {
    rules: Vec<StyleRule>,
    /// Whether anything before had a ground that is not white: on it white is seen.
    grounds: bool,
    out: String,
    apart: Option<Apart>,
}

impl ShownText {
    fn text(&mut self, text: &str) {
        match &mut self.apart {
            Some(apart) => apart.said.push_str(text),
            None => self.out.push_str(text),
        }
    }

    fn tag(&mut self, tag: &str) {
        let (name, closes) = name_of(tag);
        let ends_paragraph = !closes && END_PARAGRAPHS.contains(&name.as_str());
        match &mut self.apart {
            Some(apart) if apart.name == "p" && ends_paragraph => self.end(),
            Some(apart) if apart.name == name => {
                apart.depth = match closes {
                    true => apart.depth.saturating_sub(1),
                    false => apart.depth + 1,
                };
                if apart.depth == 0 {
                    self.end();
                }
                return;
            }
            Some(apart) => {
                apart.said.push(' ');
                return;
            }
            None => {}
        }
        self.grounds |= look::has_ground(tag);
        let ends = VOID.contains(&name.as_str()) || tag.ends_with("/>");
        if closes || ends || name.is_empty() {
            self.out.push_str(tag);
            return;
        }
        match self.fate(tag, &name) {
            None => self.out.push_str(tag),
            Some(fate) => {
                self.apart = Some(Apart {
                    name,
                    depth: 1,
                    fate,
                    said: String::new(),
                });
            }
        }
    }

    /// Ends the element that is kept apart.
    fn end(&mut self) {
        let Some(apart) = self.apart.take() else {
            return;
        };
        let said = apart.said.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Fate::Told(what) = apart.fate
            && said.chars().any(char::is_alphanumeric)
        {
            self.out.push_str(&format!(" [{what}: {}] ", masked(&said)));
        }
    }

    fn fate(&self, tag: &str, name: &str) -> Option<Fate> {
        const STRUCK_OUT: Fate = Fate::Told("struck out");
        const MAYBE: Fate = Fate::Told("hidden by a style sheet");
        let style = style_of(tag);
        let own = look::effect(&style, tag);
        if UNSEEN.contains(&name) || own == Some(Effect::Hidden) || fits(&ATTRIBUTE, tag) {
            return Some(Fate::Gone);
        }
        if STRUCK.contains(&name) || own == Some(Effect::Struck) {
            return Some(STRUCK_OUT);
        }
        if FORM.contains(&name) {
            return Some(Fate::Told("not shown or to be filled in"));
        }
        if look::is_white(&style, tag) && !self.grounds {
            return Some(Fate::Gone);
        }
        let names = names_of(tag);
        let mut meant = self.rules.iter();
        let rule = meant.find(|rule| !rule.is_of_any() && rule.means(name, &names))?;
        Some(match rule.effect {
            Effect::Struck => STRUCK_OUT,
            Effect::Hidden if rule.certain && !look::shows(&style) => Fate::Gone,
            Effect::Hidden => MAYBE,
        })
    }
}

/// The words with their digits masked, those that are written as numbers of letters too.
fn masked(said: &str) -> String {
    let mut plain = String::with_capacity(said.len());
    let mut rest = said;
    while let Some((before, letter)) = rest.split_once("&#") {
        plain.push_str(before);
        plain.push(' ');
        rest = letter.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        rest = rest.strip_prefix(';').unwrap_or(rest);
    }
    plain.push_str(rest);
    let mask = |c: char| if c.is_ascii_digit() { '#' } else { c };
    plain.chars().take(SHOWN).map(mask).collect()
}

fn name_of(tag: &str) -> (String, bool) {
    let inner = tag.trim_start_matches('<');
    let closes = inner.starts_with('/');
    let name = inner.trim_start_matches('/').chars();
    let name = name.take_while(char::is_ascii_alphanumeric);
    (name.map(|c| c.to_ascii_lowercase()).collect(), closes)
}

fn style_of(tag: &str) -> String {
    let found = STYLE.as_ref().and_then(|style| style.captures(tag));
    let found = found.and_then(|found| found.iter().skip(1).flatten().next().map(|m| m.as_str()));
    found.unwrap_or_default().to_ascii_lowercase()
}

/// The classes and the id of a tag, as selectors write them.
fn names_of(tag: &str) -> HashSet<String> {
    let Some(pattern) = NAMES.as_ref() else {
        return HashSet::new();
    };
    let mut names = HashSet::new();
    for found in pattern.captures_iter(tag) {
        let sign = match found[1].eq_ignore_ascii_case("class") {
            true => '.',
            false => '#',
        };
        let value = found.iter().skip(2).flatten().next();
        let words = value.map_or("", |value| value.as_str()).split_whitespace();
        names.extend(words.map(|word| format!("{sign}{}", word.to_ascii_lowercase())));
    }
    names
}

#[cfg(test)]
mod tests;
