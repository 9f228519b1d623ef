//! `[[vendor_layout]]`: tables of vendors' own columns.

use super::reader::Section;
use crate::domain::layout::{LayoutColumn, VendorLayout};
use chrono::format::{Item, StrftimeItems};

/// Reads every `[[vendor_layout]]`.
pub fn layouts(sections: &[Section<'_>]) -> Vec<VendorLayout> {
    let mut found: Vec<VendorLayout> = Vec::new();
    for section in sections {
        let layout = layout(section);
        if found.iter().any(|other| other.name == layout.name) {
            section.fault("name", "is the name of another layout: each needs its own");
        }
        found.push(layout);
    }
    found
}

fn layout(section: &Section<'_>) -> VendorLayout {
    let separators = [
        ("comma", b','),
        ("semicolon", b';'),
        ("tab", b'\t'),
        ("pipe", b'|'),
    ];
    let points = [("point", false), ("comma", true)];
    let date = section
        .text("date")
        .unwrap_or_else(|| "%Y-%m-%d".to_owned());
    let known = "%Y %y %m %d %j %b %B";
    let is_day = |item: Item<'_>| !matches!(item, Item::Error);
    let of_days = date
        .split('%')
        .skip(1)
        .all(|rest| rest.starts_with(['Y', 'y', 'm', 'd', 'j', 'b', 'B']));
    if !StrftimeItems::new(&date).all(is_day) || !of_days {
        section.fault(
            "date",
            format!("must be a pattern of {known}, such as \"%m/%d/%Y\""),
        );
    }
    let layout = VendorLayout {
        name: section.required("name", "a short name, such as \"acme\""),
        separator: section.choice("separator", &separators, b','),
        header: !section.flag("no_header"),
        decimal_comma: section.choice("decimal", &points, false),
        date,
        columns: columns(section),
    };
    for fault in layout.lacks() {
        section.fault("columns", fault.to_string());
    }
    layout
}

fn columns(section: &Section<'_>) -> Vec<LayoutColumn> {
    let mut columns = Vec::new();
    for text in section.texts("columns") {
        match LayoutColumn::parse(&text) {
            Ok(column) => columns.push(column),
            Err(fault) => section.fault("columns", fault.to_string()),
        }
    }
    columns
}
