//! What a workbook says outside the cells of its tables: comments on cells, words at the head and foot of
//! its pages, and a part of a cell that is struck out. calamine tells none of them.

use super::WorkbookFault;
use super::hidden::part;
use regex::bytes::Regex;
use std::io::Cursor;
use std::sync::LazyLock;
use zip::ZipArchive;

static COMMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"<(?:\w+:)?(?:t|text)\b[^>]*>\s*([^<\s][^<]*)<").ok());
static STRUCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"<(?:\w+:)?d?strike\s*(?:/>|val\s*=\s*["'](?:1|true|sngStrike|dblStrike)["'])"#)
        .ok()
});
static PAGES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>([^<]+)<").ok()
});
/// Words at the head of a page by which its rows count no longer, or not yet; a company's name and the
/// title of a report stand there as well.
static TROUBLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:void\w*|cancel\w*|not|nothing|none|never|draft|sample|test|template|copy|paid|pending|planned|hold|return(?:s|ed)|unshipped|labels?|ignore|disregard|superseded|storniert|error)\b").ok()
});
static ANNOTATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?s)<office:annotation\b.*?<text:p\b[^>]*>(?:<[^>]*>)*\s*([^<\s][^<]*)<").ok()
});
static LINED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"style:text-line-through-(?:style|type)\s*=\s*["']([^"']*)["']"#).ok()
});

/// Words of boxes that stand above the cells: of an .xlsx, and of an .ods.
static DRAWN_TEXT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"<a:t\b[^>]*>([^<]+)<").ok());
static FRAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?s)<draw:(?:frame|custom-shape|rect|text-box|caption)\b.*?<text:p\b[^>]*>(?:<[^>]*>)*([^<]+)<").ok()
});
static MASTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?s)<style:(?:header|footer)(?:-left|-first)?>.*?</style:(?:header|footer)").ok()
});
static STYLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?s)<style:style\s[^>]*style:name\s*=\s*"([^"]*)"[^>]*[^/]>.*?</style:style>"#)
        .ok()
});
static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[^>]*>").ok());

fn found(pattern: &LazyLock<Option<Regex>>, text: &[u8]) -> Option<String> {
    let found = pattern.as_ref()?.captures(text)?;
    let words = found.get(1).or_else(|| found.get(0))?;
    let words = String::from_utf8_lossy(words.as_bytes());
    let shown: String = words.trim().chars().take(60).collect();
    Some(shown.escape_debug().to_string())
}

/// Refuses an .xlsx with such words.
///
/// # Errors
/// [`WorkbookFault::Beside`], [`WorkbookFault::Struck`].
pub(super) fn of_xlsx(bytes: &[u8]) -> Result<(), WorkbookFault> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return Ok(());
    };
    let names: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .map(|name| name.into_owned())
        .collect();
    for name in names {
        let lower = name.to_ascii_lowercase();
        let comments = lower.contains("comments") && lower.ends_with(".xml");
        let sheet = lower.contains("worksheets/") && lower.ends_with(".xml");
        let texts = lower.ends_with("sharedstrings.xml");
        let drawing = lower.contains("/drawings/") && lower.ends_with(".xml");
        if !(comments || sheet || texts || drawing) {
            continue;
        }
        let Some(text) = part(&mut archive, &name) else {
            continue;
        };
        if comments && let Some(said) = found(&COMMENT, &text) {
            return Err(WorkbookFault::Beside(format!(
                "a comment on a cell ('{said}')"
            )));
        }
        if drawing {
            drawn_words(&text, &DRAWN_TEXT)?;
            continue;
        }
        if !comments && found(&STRUCK, &text).is_some() {
            return Err(WorkbookFault::Struck("a part of a cell's text".to_owned()));
        }
        let pages = PAGES.as_ref().filter(|_| sheet);
        let heads = pages
            .into_iter()
            .flat_map(|pages| pages.captures_iter(&text));
        for page in heads {
            let said = page.get(1).map_or(&b""[..], |said| said.as_bytes());
            // "&amp;CVOID": its middle part
            let said = String::from_utf8_lossy(said).replace("&amp;", " &");
            let plain = said
                .replace(" &L", " ")
                .replace(" &C", " ")
                .replace(" &R", " ");
            if let Some(shown) = trouble(plain.as_bytes()) {
                return Err(at_pages(&shown));
            }
        }
    }
    Ok(())
}

/// Refuses words in a picture or a box above the cells, by which the rows count no longer, or not yet.
fn drawn_words(text: &[u8], pattern: &LazyLock<Option<Regex>>) -> Result<(), WorkbookFault> {
    let all = pattern
        .as_ref()
        .into_iter()
        .flat_map(|pattern| pattern.captures_iter(text));
    for words in all {
        let said = words.get(1).map_or(&b""[..], |said| said.as_bytes());
        if let Some(shown) = trouble(said) {
            return Err(WorkbookFault::Beside(format!(
                "words above its cells ('{shown}')"
            )));
        }
    }
    Ok(())
}

/// Words by which rows count no longer, or not yet, as they are shown.
pub(super) fn trouble(said: &[u8]) -> Option<String> {
    let words = TROUBLE.as_ref()?;
    words.is_match(said).then(|| {
        let said = String::from_utf8_lossy(said);
        let shown: String = said.trim().chars().take(60).collect();
        shown.escape_debug().to_string()
    })
}

/// Refuses an .ods with such words; a style with a line through its text is one of some cell.
///
/// # Errors
/// [`WorkbookFault::Beside`], [`WorkbookFault::Struck`].
pub(super) fn of_ods(bytes: &[u8]) -> Result<(), WorkbookFault> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return Ok(());
    };
    let Some(text) = part(&mut archive, "content.xml") else {
        return Ok(());
    };
    if let Some(said) = found(&ANNOTATION, &text) {
        return Err(WorkbookFault::Beside(format!(
            "a comment on a cell ('{said}')"
        )));
    }
    drawn_words(&text, &FRAMED)?;
    let styles = part(&mut archive, "styles.xml").unwrap_or_default();
    let pages = MASTER.as_ref();
    for page in pages.into_iter().flat_map(|pages| pages.find_iter(&styles)) {
        let plain = without_tags(page.as_bytes());
        if let Some(shown) = trouble(&plain) {
            return Err(at_pages(&shown));
        }
    }
    match lined(&text) || names_lined(&styles, &text) {
        true => Err(WorkbookFault::Struck("by a style of its cells".to_owned())),
        false => Ok(()),
    }
}

fn at_pages(shown: &str) -> WorkbookFault {
    WorkbookFault::Beside(format!(
        "words at the head or foot of its pages ('{shown}')"
    ))
}

fn without_tags(text: &[u8]) -> Vec<u8> {
    let tags = TAG.as_ref();
    tags.map_or_else(Vec::new, |tags| {
        tags.replace_all(text, &b" "[..]).into_owned()
    })
}

/// Whether a style draws a line through what it shows.
fn lined(text: &[u8]) -> bool {
    let lines = LINED.as_ref().map(|lines| lines.captures_iter(text));
    lines
        .into_iter()
        .flatten()
        .any(|line| line.get(1).is_some_and(|how| how.as_bytes() != b"none"))
}

/// Whether a sheet uses one of the workbook's own styles that does.
fn names_lined(styles: &[u8], content: &[u8]) -> bool {
    let all = STYLE.as_ref().map(|style| style.captures_iter(styles));
    all.into_iter().flatten().any(|style| {
        let name = style.get(1).map_or(&b""[..], |name| name.as_bytes());
        let used = [&b"style-name=\""[..], name, b"\""].concat();
        let whole = style.get(0).map_or(&b""[..], |whole| whole.as_bytes());
        !name.is_empty() && lined(whole) && content.windows(used.len()).any(|part| part == used)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        for pattern in [
            &COMMENT,
            &STRUCK,
            &PAGES,
            &TROUBLE,
            &ANNOTATION,
            &LINED,
            &DRAWN_TEXT,
            &FRAMED,
            &MASTER,
            &STYLE,
            &TAG,
        ] {
            assert!(pattern.is_some());
        }
    }
}
