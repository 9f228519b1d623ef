//! Rows and columns that a person does not see: hidden, filtered out, folded away, without height or width.
//! calamine does not tell them, so the parts of the archive are looked at; how much they may unfold to was
//! counted before.

use regex::bytes::{Captures, Regex};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::sync::LazyLock;
use zip::ZipArchive;

/// What is hidden in one sheet: ranges from 0, their ends included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unseen {
    pub rows: Vec<(u32, u32)>,
    pub columns: Vec<(u32, u32)>,
}

impl Unseen {
    /// How people call the row or column of a cell that they do not see.
    pub(super) fn at(&self, (row, column): (u32, u32)) -> Option<String> {
        let within = |all: &[(u32, u32)], place: u32| {
            let next = all.partition_point(|(_, end)| *end < place);
            all.get(next).is_some_and(|(start, _)| *start <= place)
        };
        if within(&self.rows, row) {
            return Some(format!("row {}", u64::from(row) + 1));
        }
        let address = || super::address((0, column));
        within(&self.columns, column).then(|| format!("column {}", address().trim_end_matches('1')))
    }
}

static SHEETS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"<(?:\w+:)?sheet\s[^>]*>"#).ok());
static RELATED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"<(?:\w+:)?Relationship\s[^>]*>"#).ok());
static ID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\s(?:\w+:)?[iI]d\s*=\s*["']([^"']*)["']"#).ok());
static TARGET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\sTarget\s*=\s*["']([^"']*)["']"#).ok());
static ROWS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"<(?:\w+:)?(?P<what>row|col)\b(?P<attributes>[^>]*)>"#).ok());
static HIDDEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\shidden\s*=\s*["'](?:1|true)["']|\s(?:ht|width)\s*=\s*["']0(?:\.0+)?["']"#).ok()
});
static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\s(?P<what>r|min|max)\s*=\s*["'](?P<number>\d{1,7})["']"#).ok());
static ODS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"<table:(?P<what>table|table-row|table-column)(?P<attributes>[\s/][^>]*)?>"#).ok()
});
static COLLAPSED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"table:visibility\s*=\s*["'](?:collapse|filter)["']"#).ok());
static REPEATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,9})["']"#).ok()
});

fn first<'a>(pattern: &LazyLock<Option<Regex>>, text: &'a [u8]) -> Option<&'a str> {
    let found = pattern.as_ref()?.captures(text)?;
    std::str::from_utf8(found.get(1)?.as_bytes()).ok()
}

fn is(pattern: &LazyLock<Option<Regex>>, text: &[u8]) -> bool {
    pattern.as_ref().is_some_and(|found| found.is_match(text))
}

/// A part of the archive, unfolded; how much it may unfold to was counted before.
pub(super) fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    archive.by_name(name).ok()?.read_to_end(&mut text).ok()?;
    Some(text)
}

/// What is hidden in each sheet of an .xlsx, in the order of the workbook; `None` when its parts cannot be
/// told apart.
pub(super) fn of_xlsx(bytes: &[u8]) -> Option<Vec<Unseen>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let book = part(&mut archive, "xl/workbook.xml")?;
    let related = part(&mut archive, "xl/_rels/workbook.xml.rels")?;
    let targets: HashMap<&str, &str> = RELATED
        .as_ref()?
        .find_iter(&related)
        .filter_map(|one| Some((first(&ID, one.as_bytes())?, first(&TARGET, one.as_bytes())?)))
        .collect();
    let mut all = Vec::new();
    for sheet in SHEETS.as_ref()?.find_iter(&book) {
        let target = targets.get(first(&ID, sheet.as_bytes())?)?;
        let path = match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("xl/{}", target.trim_start_matches("./")),
        };
        all.push(part(&mut archive, &path).map_or_else(Unseen::default, |sheet| of_sheet(&sheet)));
    }
    Some(all)
}

fn of_sheet(sheet: &[u8]) -> Unseen {
    let mut unseen = Unseen::default();
    let (Some(tags), Some(numbers)) = (ROWS.as_ref(), NUMBER.as_ref()) else {
        return unseen;
    };
    let mut row = 0_u32;
    for tag in tags.captures_iter(sheet) {
        let attributes = named(&tag, "attributes");
        let mut said: HashMap<&[u8], u32> = HashMap::new();
        for one in numbers.captures_iter(attributes) {
            let number = std::str::from_utf8(named(&one, "number")).ok();
            let number = number.and_then(|digits| digits.parse().ok()).unwrap_or(0);
            let what = one.name("what").map_or(&b""[..], |found| found.as_bytes());
            said.insert(what, number);
        }
        let hidden = is(&HIDDEN, attributes);
        match named(&tag, "what") {
            b"row" => {
                row = said
                    .get(&b"r"[..])
                    .copied()
                    .unwrap_or(row.saturating_add(1));
                if hidden {
                    push(&mut unseen.rows, row.saturating_sub(1), 1);
                }
            }
            _ if hidden => {
                let from = said.get(&b"min"[..]).copied().unwrap_or(1);
                let to = said.get(&b"max"[..]).copied().unwrap_or(from);
                let count = to.saturating_sub(from).saturating_add(1);
                push(&mut unseen.columns, from.saturating_sub(1), count);
            }
            _ => {}
        }
    }
    unseen.rows.sort_unstable();
    unseen.columns.sort_unstable();
    unseen
}

fn named<'a>(found: &Captures<'a>, name: &str) -> &'a [u8] {
    found.name(name).map_or(&b""[..], |one| one.as_bytes())
}

fn push(ranges: &mut Vec<(u32, u32)>, from: u32, count: u32) {
    let end = from.saturating_add(count.saturating_sub(1));
    match ranges.last_mut() {
        Some(last) if last.1.checked_add(1) == Some(from) => last.1 = end,
        _ => ranges.push((from, end)),
    }
}

/// The same of an .ods (OpenDocument 1.3, part 3, 19.749).
pub(super) fn of_ods(bytes: &[u8]) -> Option<Vec<Unseen>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let content = part(&mut archive, "content.xml")?;
    let mut all: Vec<Unseen> = Vec::new();
    let (mut row, mut column) = (0_u32, 0_u32);
    for tag in ODS.as_ref()?.captures_iter(&content) {
        let attributes = named(&tag, "attributes");
        let what = named(&tag, "what");
        if what == b"table" {
            all.push(Unseen::default());
            (row, column) = (0, 0);
            continue;
        }
        let count = first(&REPEATED, attributes).map_or(1, |digits| digits.parse().unwrap_or(1));
        let Some(unseen) = all.last_mut() else {
            continue;
        };
        let (ranges, place) = match what {
            b"table-row" => (&mut unseen.rows, &mut row),
            _ => (&mut unseen.columns, &mut column),
        };
        if is(&COLLAPSED, attributes) {
            push(ranges, *place, count);
        }
        *place = place.saturating_add(count);
    }
    Some(all)
}
