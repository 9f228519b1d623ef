//! What a style does to the words that have it: hides them, strikes them out, or neither.

use super::Effect;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

static HIDES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden|",
        r"mso-hide\s*:\s*all|font\s*:\s*0|",
        r"font-size\s*:\s*(?:0|1px|0?\.[0-9]+)(?:px|pt|em|rem|%)?\s*(?:!important)?\s*(?:;|\}|$)|",
        r"opacity\s*:\s*0(?:\.0[0-9]*)?\s*(?:!important)?\s*(?:;|\}|$)|",
        r"(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:!important)?\s*(?:;|\}|$)|",
        r"(?:left|top|text-indent|margin-left)\s*:\s*-[0-9]{3,}|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*(?:inset|circle)|",
        r"transform\s*:\s*(?:scale[xy]?\(\s*0|translate[^;]*-[0-9]{3,})|(?:-webkit-text-fill-)?color\s*:\s*transparent)"
    ))
    .ok()
});
static STRIKES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)text-decoration(?:-line)?\s*:[^;}]*line-through|text-line-through\s*:\s*(?:single|double)",
    )
    .ok()
});
static SHOWS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[;{\s])(?:display\s*:\s*(?:block|inline|table|flex|grid|list-item)|visibility\s*:\s*visible)")
        .ok()
});
static COLOUR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[;{\s])color\s*[:=]\s*['\x22]?\s*(#[0-9a-f]{3,8}|rgba?\([^)]*\)|[a-z]+)")
        .ok()
});
static GROUND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:background(?:-color)?\s*:|bgcolor\s*=)\s*['\x22]?\s*(#[0-9a-f]{3,8}|rgba?\([^)]*\)|url|[a-z]+)").ok()
});

fn group(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<String> {
    let found = pattern.as_ref()?.captures(text)?;
    let group = found.iter().skip(1).flatten().next()?;
    Some(group.as_str().to_ascii_lowercase())
}

/// What declarations do; `tag` is the tag whose style they are, with its own colours, or empty. White
/// without a ground of its own is not looked at here.
pub(super) fn effect(style: &str, tag: &str) -> Option<Effect> {
    if fits(&STRIKES, style) {
        return Some(Effect::Struck);
    }
    let hidden = || {
        let colour = colour(style, tag)?;
        let ground = ground(style).or_else(|| ground(tag))?;
        Some(ground == colour || white(&ground) && white(&colour))
    };
    (fits(&HIDES, style) || hidden() == Some(true)).then_some(Effect::Hidden)
}

/// Whether declarations bring back what another rule hid.
pub(super) fn shows(style: &str) -> bool {
    fits(&SHOWS, style)
}

/// Whether words are white, on no ground of their own.
pub(super) fn is_white(style: &str, tag: &str) -> bool {
    let plain = ground(style).is_none() && ground(tag).is_none();
    plain && colour(style, tag).is_some_and(|colour| white(&colour))
}

fn colour(style: &str, tag: &str) -> Option<String> {
    group(&COLOUR, style).or_else(|| group(&COLOUR, tag.trim_start_matches('<')))
}

fn ground(text: &str) -> Option<String> {
    group(&GROUND, text)
        .filter(|ground| !matches!(ground.as_str(), "none" | "transparent" | "inherit"))
}

/// Whether a tag, or a sheet, gives a ground that is not white: on it white is seen.
pub(super) fn has_ground(text: &str) -> bool {
    ground(text).is_some_and(|ground| !white(&ground))
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

#[cfg(test)]
#[test]
fn patterns_are_right() {
    for pattern in [&HIDES, &STRIKES, &SHOWS, &COLOUR, &GROUND] {
        assert!(pattern.is_some());
    }
}
