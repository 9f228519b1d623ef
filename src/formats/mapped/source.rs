//! `[document]` of a mapping file: the kind of the document, how it is known, how its orders are told apart.

use super::mapping::MappedSource;
use super::path::JsonPath;
use super::tables::MappingTable;

/// Keys of `[document]` that are of one kind of document alone.
const OWN: [&str; 8] = [
    "headings",
    "continued",
    "has",
    "orders",
    "lines",
    "first_line",
    "line",
    "ignore_lines",
];

/// The kind of the document, and how it is known.
pub(super) fn source(document: &MappingTable) -> Option<MappedSource> {
    match document.word("kind").as_deref() {
        Some("table") => Some(table(document)),
        Some("json") => Some(json(document)),
        Some("text") => Some(text(document)),
        _ => {
            document.fault(
                "kind must be \"table\" (CSV, TSV, .xlsx, .ods), \"json\" or \"text\" (lines of Key: value)",
            );
            None
        }
    }
}

/// Notes keys that say nothing of this kind.
fn only(document: &MappingTable, kind: &str, own: &[&str]) {
    for key in OWN.iter().filter(|key| !own.contains(key)) {
        if let Some(key) = document.key(key) {
            key.fault(format!("says nothing of a document of the kind \"{kind}\""));
        }
    }
}

fn table(document: &MappingTable) -> MappedSource {
    only(document, "table", &["headings", "continued"]);
    let headings = document.words("headings");
    if headings.len() < 2 {
        document.fault("headings must name two or more headings by which the document is known");
    }
    MappedSource::Table {
        headings,
        continued: document.flag("continued"),
    }
}

fn json(document: &MappingTable) -> MappedSource {
    only(document, "json", &["has", "orders", "lines"]);
    let words = document.words("has");
    if words.is_empty() {
        document.fault("has must name a path or more by which the document is known");
    }
    let mut has = Vec::new();
    for word in words {
        match JsonPath::parse(&word) {
            Ok(path) => has.push((path, word)),
            Err(fault) => document.fault(format!("has: {word} {fault}")),
        }
    }
    if document.key("lines").is_none() {
        document.fault("lines must say where an order's lines are, as \"items\"");
    }
    let path = |name: &str| {
        let word = document.word(name).unwrap_or_default();
        JsonPath::parse(&word).unwrap_or_else(|fault| {
            document.fault(format!("{name} {fault}"));
            JsonPath::default()
        })
    };
    MappedSource::Json {
        has,
        orders: path("orders"),
        lines: path("lines"),
    }
}

fn text(document: &MappingTable) -> MappedSource {
    only(document, "text", &["first_line", "line", "ignore_lines"]);
    let word = |name: &str, what: &str| {
        let word = document.word(name).unwrap_or_default();
        if word.trim().is_empty() {
            document.fault(format!("{name} must say {what}"));
        }
        word
    };
    MappedSource::Text {
        first_line: word("first_line", "the line that begins an order"),
        line: word("line", "the key that begins a line of it"),
        ignore: document.words("ignore_lines"),
    }
}
