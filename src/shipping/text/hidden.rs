//! HTML without what its reader does not see: `display:none`, no size, white on white. Who hides
//! words in a mail does not write to the person who reads it, and they must not act.

use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

static HIDES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|",
        r"font-size\s*:\s*(?:0|1px|0?\.[0-9]+)(?:px|pt|em|rem|%)?\s*(?:!important)?\s*(?:;|\}|$)|",
        r"opacity\s*:\s*0(?:\.0[0-9]*)?\s*(?:!important)?\s*(?:;|\}|$)|",
        r"(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:!important)?\s*(?:;|\}|$)|",
        r"(?:left|top|text-indent|margin-left)\s*:\s*-[0-9]{3,}|clip\s*:\s*rect\(\s*0|color\s*:\s*transparent)"
    ))
    .ok()
});
static COLOUR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[;{\s])color\s*[:=]\s*['\x22]?\s*(#[0-9a-f]{3,8}|rgba?\([^)]*\)|[a-z]+)")
        .ok()
});
static GROUND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:background(?:-color)?\s*:|bgcolor\s*=)\s*['\x22]?\s*(#[0-9a-f]{3,8}|rgba?\([^)]*\)|url|[a-z]+)").ok()
});
static STYLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?is)\bstyle\s*=\s*(?:"([^"]*)"|'([^']*)')"#).ok());
static CLASS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\b(?:class|id)\s*=\s*["']?([\w\s-]+)"#).ok());
static RULE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)([^{}]{1,300})\{([^{}]{0,2000})\}").ok());
static ATTRIBUTE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)^<[a-z0-9]+(?:\s[^>]*?)?\shidden(?:\s|=|/|>)"#).ok());

/// The HTML without elements that are not seen.
pub(super) fn without(html: &str) -> String {
    let classes = hidden_classes(html);
    let mut grounds = false;
    let mut out = String::with_capacity(html.len());
    // the element that is not seen, and how deep inside its like it is
    let mut inside: Option<(String, usize)> = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        let end = from.find('>').map_or(from.len(), |end| end + 1);
        let (tag, after) = from.split_at(end);
        rest = after;
        if inside.is_none() {
            out.push_str(before);
        }
        let (name, closes) = name_of(tag);
        match &mut inside {
            Some((hidden, depth)) if *hidden == name => {
                *depth = if closes {
                    depth.saturating_sub(1)
                } else {
                    *depth + 1
                };
                if *depth == 0 {
                    inside = None;
                }
            }
            Some(_) => {}
            None => {
                grounds |= ground_of(tag).is_some_and(|ground| !white(&ground));
                let ends = VOID.contains(&name.as_str()) || tag.ends_with("/>");
                if !closes && !ends && !name.is_empty() && is_hidden(tag, &classes, grounds) {
                    inside = Some((name, 1));
                } else {
                    out.push_str(tag);
                }
            }
        }
    }
    if inside.is_none() {
        out.push_str(rest);
    }
    out
}

fn name_of(tag: &str) -> (String, bool) {
    let inner = tag.trim_start_matches('<');
    let closes = inner.starts_with('/');
    let name = inner.trim_start_matches('/').chars();
    let name = name.take_while(char::is_ascii_alphanumeric);
    (name.map(|c| c.to_ascii_lowercase()).collect(), closes)
}

fn fits(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

fn group(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<String> {
    let found = pattern.as_ref()?.captures(text)?;
    let group = found.iter().skip(1).flatten().next()?;
    Some(group.as_str().to_ascii_lowercase())
}

fn ground_of(tag: &str) -> Option<String> {
    group(&GROUND, tag)
        .filter(|ground| !matches!(ground.as_str(), "none" | "transparent" | "inherit"))
}

/// `grounds` says that something before had a ground that is not white: on it white is seen.
fn is_hidden(tag: &str, classes: &HashSet<String>, grounds: bool) -> bool {
    let style = group(&STYLE, tag).unwrap_or_default();
    let named = group(&CLASS, tag).unwrap_or_default();
    if fits(&HIDES, &style) || fits(&ATTRIBUTE, tag) {
        return true;
    }
    if named
        .split_whitespace()
        .any(|class| classes.contains(class))
    {
        return true;
    }
    let Some(colour) =
        group(&COLOUR, &style).or_else(|| group(&COLOUR, tag.trim_start_matches('<')))
    else {
        return false;
    };
    match ground_of(tag) {
        Some(ground) => ground == colour || white(&ground) && white(&colour),
        None => white(&colour) && !grounds,
    }
}

fn white(colour: &str) -> bool {
    let plain: String = colour.chars().filter(|c| !c.is_whitespace()).collect();
    let near = |hex: &str| hex.len() >= 3 && hex.chars().all(|c| c == 'f' || c == 'e');
    let rgb = || {
        let inner = plain.split_once('(').map_or("", |(_, inner)| inner);
        let parts = inner.trim_end_matches(')').split(',').take(3);
        let parts: Vec<u32> = parts.filter_map(|part| part.parse().ok()).collect();
        parts.len() == 3 && parts.iter().all(|part| *part >= 238)
    };
    plain == "white"
        || plain == "snow"
        || plain == "ivory"
        || plain.strip_prefix('#').is_some_and(near)
        || rgb()
}

/// Classes and ids that a style sheet in the mail hides, `@media` rules left out.
fn hidden_classes(html: &str) -> HashSet<String> {
    let mut classes = HashSet::new();
    let lower = html.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some(at) = rest.find("<style") {
        let sheet = &rest[at..];
        let end = sheet.find("</style").unwrap_or(sheet.len());
        let rules = RULE.as_ref().map(|rule| rule.captures_iter(&sheet[..end]));
        for rule in rules.into_iter().flatten() {
            let (selectors, body) = (&rule[1], &rule[2]);
            if fits(&HIDES, body) {
                let names = selectors.split([',', ' ', '>', '\n']);
                let names = names.filter_map(|one| one.rsplit_once(['.', '#']));
                classes.extend(names.map(|(_, name)| name.trim().to_owned()));
            }
        }
        rest = &sheet[end..];
        if let Some(next) = rest.strip_prefix("</style") {
            rest = next;
        }
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_nobody_sees_is_gone() {
        for (html, seen) in [
            ("<p>a</p><p style=\"display:none\">b</p>c", "<p>a</p>c"),
            (
                "a<div style='display: none !important'><div>b</div>c</div>d",
                "ad",
            ),
            ("a<span style=\"font-size:0\">b</span>c", "ac"),
            ("a<span style=\"font-size:1px;color:#fff\">b</span>c", "ac"),
            ("a<span style=\"color:#ffffff\">b</span>c", "ac"),
            (
                "a<span style=\"background:#eee;color:white\">b</span>c",
                "ac",
            ),
            ("a<font color=\"white\">b</font>c", "ac"),
            ("a<p hidden>b</p>c", "ac"),
            ("a<p style=\"opacity:0\">b</p>c", "ac"),
            ("a<p style=\"max-height:0px;overflow:hidden\">b</p>c", "ac"),
            ("a<p style=\"position:absolute;left:-9999px\">b</p>c", "ac"),
            (
                "<style>.x, .y{display:none}</style>a<p class=\"z x\">b</p>c",
                "<style>.x, .y{display:none}</style>ac",
            ),
            ("a<p style=\"visibility:hidden\">never closed", "a"),
        ] {
            assert_eq!(without(html), seen, "{html}");
        }
    }

    #[test]
    fn what_is_seen_stays() {
        for html in [
            "<td style=\"background:#0055aa\"><a style=\"color:#fff\">Track</a></td>",
            "<p style=\"font-size:10px\">a</p>",
            "<p style=\"line-height:0\">a</p><p style=\"opacity:0.9\">b</p>",
            "<p style=\"color:#333\">a</p>",
            "<div style=\"border-width:0\">a</div>",
            "<a href=\"x\" title=\"hidden\">a</a>",
        ] {
            assert_eq!(without(html), html, "{html}");
        }
        for pattern in [&HIDES, &COLOUR, &GROUND, &STYLE, &CLASS, &RULE, &ATTRIBUTE] {
            assert!(pattern.is_some());
        }
    }

    proptest! {
        #[test]
        fn never_panics(html in "(<|>|</?p|style=\"| style='display:none'|\"|color:#fff|<style>|\\{|\\}|\\.x|\\PC){0,40}") {
            without(&html);
        }
    }
}
