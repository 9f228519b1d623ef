//! HTML of a mail to text: mail-parser's converter, told where lines end and where quotes begin.

use super::hidden;
use mail_parser::decoders::html::html_to_text;
use regex::Regex;
use std::sync::LazyLock;

/// Marks of the beginning and end of a quote, from Unicode's private use area.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';
/// Deepest quote that is told apart.
const DEEPEST: usize = 8;

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address", "article", "caption", "center", "dd", "div", "dl", "dt", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table",
    "tbody", "tr", "ul",
];

/// The text of an HTML mail: a line for each block, a tab after each table cell, `> ` before each
/// line inside a `blockquote`, once for each level; what is not seen is left out. Never fails; whatever is not HTML is text.
pub fn to_text(html: &str) -> String {
    laid(&marked(&hidden::without(html)))
}

/// All that is written in an HTML mail, what no reader sees too: hidden and tiny words, title, comments,
/// scripts, what a style sheet puts there, and what fields would show.
pub fn everything(html: &str) -> String {
    laid(&marked(&opened(html)))
}

static CONTENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?is)\bcontent\s*:\s*(?:"([^"]*)"|'([^']*)')"#).ok());

/// The HTML without the bounds of what is not shown.
fn opened(html: &str) -> String {
    const BOUNDS: &[&str] = &[
        "head", "title", "template", "script", "noscript", "noframes", "noembed", "iframe",
        "object", "textarea", "xmp", "svg", "canvas", "audio", "video",
    ];
    let mut out = String::with_capacity(html.len());
    // as long as the HTML itself
    let small = html.to_ascii_lowercase();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(comment) = from.strip_prefix("<!--") {
            out.push_str("<br>");
            rest = comment;
            continue;
        }
        let end = from.find('>').filter(|_| {
            let next = from[1..].chars().next();
            next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
        });
        let Some(end) = end else {
            out.push_str("&lt;");
            rest = &from[1..];
            continue;
        };
        let (tag, after) = from.split_at(end + 1);
        rest = after;
        let name = tag.trim_start_matches(['<', '/']).chars();
        let name = name.take_while(char::is_ascii_alphanumeric);
        let name: String = name.map(|c| c.to_ascii_lowercase()).collect();
        if name == "style" && !tag.starts_with("</") {
            let end = small[html.len() - after.len()..].find("</style");
            let (sheet, behind) = after.split_at(end.unwrap_or(after.len()));
            for said in CONTENT
                .iter()
                .flat_map(|content| content.captures_iter(sheet))
            {
                let said = said.get(1).or(said.get(2)).map_or("", |said| said.as_str());
                out.push_str(&format!("<br>{said}<br>"));
            }
            rest = behind;
            continue;
        }
        out.push_str(match BOUNDS.contains(&name.as_str()) || name == "style" {
            true => "<br>",
            false => tag,
        });
    }
    out.push_str(rest);
    // where a comment ends
    out.replace("-->", "<br>")
}

/// The text of HTML that is marked: lines, and quotes behind their signs.
fn laid(marked: &str) -> String {
    let text = html_to_text(marked).replace(" \t ", "\t");
    let mut lines: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    for line in text.lines() {
        for (place, piece) in line.split_inclusive([OPEN, CLOSE]).enumerate() {
            let words = piece.trim_end_matches([OPEN, CLOSE]);
            if place == 0 || !words.trim().is_empty() {
                let prefix = "> ".repeat(depth.min(DEEPEST));
                lines.push(format!("{prefix}{}", words.trim_matches(' ')));
            }
            if piece.ends_with(OPEN) {
                depth += 1;
            } else if piece.ends_with(CLOSE) {
                depth = depth.saturating_sub(1);
            }
        }
    }
    without_gaps(&lines)
}

static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?is)[\s"'](?:alt|title|aria-label|placeholder|summary|label|value|content)\s*=\s*(?:"(?P<two>[^"]*)"|'(?P<one>[^']*)'|(?P<bare>[^\s>"']+))"#).ok()
});

/// What an HTML mail says instead of its pictures, and beside its links.
pub fn alternatives(html: &str) -> Vec<String> {
    let found = TOLD.as_ref().map(|told| told.captures_iter(html));
    let found = found.into_iter().flatten().filter_map(|one| {
        let said = one.name("two").or(one.name("one")).or(one.name("bare"))?;
        Some(to_text(said.as_str()).trim().to_owned())
    });
    found.filter(|said| !said.is_empty()).take(200).collect()
}

/// The HTML with line breaks, tabs and marks that the converter keeps.
fn marked(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        push_text(&mut out, before);
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some(end) = tag.find('>') else {
            rest = "";
            break;
        };
        let (tag, after) = tag.split_at(end + 1);
        push_tag(&mut out, tag);
        rest = after;
    }
    push_text(&mut out, rest);
    out
}

fn push_text(out: &mut String, text: &str) {
    out.extend(text.chars().filter(|c| !matches!(*c, OPEN | CLOSE)));
}

fn push_tag(out: &mut String, tag: &str) {
    let inner = tag.trim_start_matches('<');
    let (closes, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let name: String = inner
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match name.as_str() {
        "blockquote" if closes => out.push_str("<br>\u{e001}<br>"),
        "blockquote" => out.push_str("<br>\u{e000}<br>"),
        "td" | "th" if closes => out.push_str(" &#9; "),
        name if BLOCKS.contains(&name) => out.push_str("<br>"),
        "br" => out.push_str("<br>"),
        "head" | "style" | "script" | "template" => {
            out.push_str(if closes { "</" } else { "<" });
            out.push_str(&name);
            out.push('>');
        }
        _ => (),
    }
}

/// At most one empty line between two lines.
fn without_gaps(lines: &[String]) -> String {
    let mut out = String::new();
    let mut gap = true;
    for line in lines {
        let empty = line.trim_matches([' ', '\t', '>', '\u{a0}']).is_empty();
        if !(empty && gap) {
            out.push_str(if empty {
                ""
            } else {
                line.trim_end_matches([' ', '\t'])
            });
            out.push('\n');
        }
        gap = empty;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_cells_and_quotes() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><div>Accepted &amp; \
                    caf&eacute;.</div><table><tr><td>PO</td><td><b>W1-1</b></td></tr></table>\
                    <div>On Monday:<br></div><blockquote class=\"gmail_quote\"><div>line 1</div>\
                    <p>line 2</p><blockquote>deep</blockquote></blockquote><p>below</p>";
        let text = to_text(html);
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines,
            [
                "Accepted & café.",
                "PO\tW1-1",
                "On Monday:",
                "> line 1",
                "> line 2",
                "> > deep",
                "below"
            ]
        );
    }

    #[test]
    fn what_stands_in_for_pictures() {
        let html = "<p title='Go &amp; see'>x</p><img src=x alt=\"Our bank\nhas moved\"><img alt=Logo><img alt=''>";
        assert_eq!(
            alternatives(html),
            ["Go & see", "Our bank has moved", "Logo"]
        );
    }

    #[test]
    fn all_that_is_written() {
        for html in [
            "<title>New bank</title><p>x</p>",
            "<p>x</p><!-- a < New bank -->",
            "<p style='display:none'>New bank</p>",
            "<script>New bank</script>",
            "<style>a{content:'New bank'}</style>",
            "<template>New bank</template>",
            "<p>x</p><!-- New bank",
        ] {
            assert!(
                everything(html).contains("New bank"),
                "{html}: {}",
                everything(html)
            );
        }
        assert_eq!(everything("<style>.bank{}</style><p>x</p>").trim(), "x");
    }

    proptest! {
        #[test]
        fn never_panics(html in "(<|>|&|;|!--|-->|/?(blockquote|td|div|style|head|br)|[ é\u{e000}a#x0-9]){0,60}", any in "\\PC{0,200}") {
            to_text(&html);
            to_text(&any);
            everything(&html);
            everything(&any);
            alternatives(&html);
        }
    }
}
