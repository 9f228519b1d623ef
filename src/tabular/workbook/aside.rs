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
        if !(comments || sheet || texts) {
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
        if !comments && found(&STRUCK, &text).is_some() {
            return Err(WorkbookFault::Struck("a part of a cell's text".to_owned()));
        }
        let pages = PAGES.as_ref().filter(|_| sheet);
        let trouble = pages
            .into_iter()
            .flat_map(|pages| pages.captures_iter(&text));
        for page in trouble {
            let said = page.get(1).map_or(&b""[..], |said| said.as_bytes());
            // "&amp;CVOID": its middle part
            let said = String::from_utf8_lossy(said).replace("&amp;", " &");
            let plain = said
                .replace(" &L", " ")
                .replace(" &C", " ")
                .replace(" &R", " ");
            if TROUBLE
                .as_ref()
                .is_some_and(|words| words.is_match(plain.as_bytes()))
            {
                let shown: String = plain.trim().chars().take(60).collect();
                return Err(WorkbookFault::Beside(format!(
                    "words at the head or foot of its pages ('{}')",
                    shown.escape_debug()
                )));
            }
        }
    }
    Ok(())
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
    let lines = LINED.as_ref().map(|lines| lines.captures_iter(&text));
    let drawn = lines
        .into_iter()
        .flatten()
        .any(|line| line.get(1).is_some_and(|how| how.as_bytes() != b"none"));
    match drawn {
        true => Err(WorkbookFault::Struck("by a style of its cells".to_owned())),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        for pattern in [&COMMENT, &STRUCK, &PAGES, &TROUBLE, &ANNOTATION, &LINED] {
            assert!(pattern.is_some());
        }
    }
}
