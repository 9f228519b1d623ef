//! What folders of files have in common, whether of this machine or of a server: which files are taken, what
//! they are called, where they go.

use super::{Budget, Page, SourceDocument, SourceFailure};
use crate::clock;
use chrono::{DateTime, Utc};
use std::collections::VecDeque;

/// What became of one file of a folder.
pub(super) enum FileTaken {
    /// It is given, and holds so many bytes of memory.
    Document(SourceDocument, u64),
    /// It is gone, or not to be read now.
    Nothing,
    /// It cannot be read; the others can.
    Left(SourceFailure),
    /// Nor can any other: the rest is asked for by the next run.
    Ended(SourceFailure),
}

/// Fills a page with files that wait, until the budget is spent: `size` says what one may hold, `take` reads it.
pub(super) fn fill<T>(
    page: &mut Page,
    waiting: &mut VecDeque<T>,
    budget: &Budget,
    size: impl Fn(&T) -> u64,
    mut take: impl FnMut(T) -> FileTaken,
) {
    let mut bytes = 0u64;
    while page.documents.len() < budget.documents && bytes < budget.bytes {
        let next = waiting.front().map(&size).unwrap_or_default();
        if !page.documents.is_empty() && bytes.saturating_add(next) > budget.bytes {
            break;
        }
        let Some(found) = waiting.pop_front() else {
            break;
        };
        match take(found) {
            FileTaken::Document(document, held) => {
                bytes = bytes.saturating_add(held.min(budget.largest));
                page.documents.push(document);
            }
            FileTaken::Nothing => {}
            FileTaken::Left(failure) => page.left.push(failure),
            FileTaken::Ended(failure) => {
                page.left.push(failure);
                waiting.clear();
            }
        }
    }
    page.more = !waiting.is_empty();
}

/// What parts a file's name from when it was written, where both are its identity.
const WRITTEN: &str = " of ";

/// What a file is known again by: its name, and where it is `dated` when it was written (seconds since 1970).
pub(super) fn identity(name: &str, dated: bool, written: i64) -> String {
    let written = DateTime::from_timestamp(written, 0).filter(|_| dated);
    match written {
        Some(written) => format!("{name}{WRITTEN}{}", clock::text(written)),
        None => name.to_owned(),
    }
}

/// When a file was written, where that is in its identity.
pub fn written(identity: &str) -> Option<DateTime<Utc>> {
    let (_, moment) = identity.rsplit_once(WRITTEN)?;
    let moment = DateTime::parse_from_rfc3339(moment).ok()?;
    Some(moment.with_timezone(&Utc))
}

/// Names that a program gives to what it still writes.
const UNFINISHED: [&str; 6] = [
    ".part",
    ".tmp",
    ".filepart",
    ".partial",
    ".crdownload",
    ".swp",
];

/// Whether a file is left alone by its name: hidden, or still written to.
pub(super) fn is_left_alone(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    name.starts_with('.')
        || name.ends_with('~')
        || UNFINISHED.iter().any(|end| small.ends_with(end))
}

/// A file's name as people and the ledger see it: what is no text, or would move a cursor, is written out.
pub(super) fn shown(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => name.escape_ascii().to_string(),
    }
}

/// The names under which a file may be put away, the first that is free: `orders.csv`, `orders.2.csv` …
pub(super) fn names_for(name: String) -> impl Iterator<Item = String> {
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => (stem.to_owned(), format!(".{end}")),
        _ => (name.clone(), String::new()),
    };
    let further = (2..100_000u32).map(move |number| format!("{stem}.{number}{end}"));
    std::iter::once(name).chain(further)
}

/// The media type that a file's name stands for; empty where it says nothing.
pub(super) fn media_type(name: &str) -> &'static str {
    let small = name.to_ascii_lowercase();
    let plain = [".asc", ".gpg", ".pgp"].iter();
    let small = plain.fold(&*small, |name, end| name.strip_suffix(end).unwrap_or(name));
    let types = [
        (".json", "application/json"),
        (".csv", "text/csv"),
        (".tsv", "text/tab-separated-values"),
        (".txt", "text/plain"),
        (
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (".xml", "application/xml"),
    ];
    let found = types.iter().find(|(end, _)| small.ends_with(end));
    found.map_or("", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_written_is_left_alone() {
        for name in [
            ".orders.csv",
            "a.csv.part",
            "a.TMP",
            "a.csv.filepart",
            "a.csv~",
        ] {
            assert!(is_left_alone(name), "{name}");
        }
        for name in ["orders.csv", "part", "W1.json.asc", "tmp.json"] {
            assert!(!is_left_alone(name), "{name}");
        }
    }

    #[test]
    fn a_dated_file_says_when_it_was_written() {
        let dated = identity("list of today.csv", true, 1_750_000_000);
        assert_eq!(
            written(&dated).map(|at| at.timestamp()),
            Some(1_750_000_000)
        );
        let plain = identity("list of today.csv", false, 1_750_000_000);
        assert_eq!(
            (plain.as_str(), written(&plain)),
            ("list of today.csv", None)
        );
    }

    #[test]
    fn names_are_kept_apart_and_harmless() {
        let names: Vec<String> = names_for("a.b.csv".to_owned()).take(3).collect();
        assert_eq!(names, ["a.b.csv", "a.b.2.csv", "a.b.3.csv"]);
        let names: Vec<String> = names_for("plain".to_owned()).take(2).collect();
        assert_eq!(names, ["plain", "plain.2"]);
        assert_eq!(shown("Größe.csv".as_bytes()), "Größe.csv");
        assert_eq!(shown(b"a\xff\nb"), "a\\xff\\nb");
        assert_ne!(shown(b"a\xff"), shown(b"a\xfe"));
        assert_eq!(media_type("W1.JSON.asc"), "application/json");
        assert_eq!(media_type("orders"), "");
    }
}
