//! Where a parcel goes, as mails and letters show it: a label, then lines of an address.

use super::ShipTo;
use regex::Regex;
use std::sync::LazyLock;

static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(.{1,60}?),?\s+([A-Z]{2})(?:,?\s+US)?[,\s]+(\d{5}(?:-?\d{4})?)(?:[,\s]+(?:US|USA|United States))?$").ok()
});

/// The addresses after `Ship To`, `Deliver To`, `Delivery Location` or FedEx's `TO`.
pub fn ship_tos(text: &str) -> Vec<ShipTo> {
    const LABELS: &[&str] = &[
        "ship to",
        "deliver to",
        "delivery location",
        "to",
        "recipient",
        "delivery address",
        "shipped to",
        "destination",
    ];
    let lines: Vec<&str> = text
        .split(['\n', '\t'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let mut found: Vec<ShipTo> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let (label, value) = line.split_once(':').unwrap_or((line, ""));
        let label = label.trim().to_lowercase();
        if !LABELS.contains(&label.as_str()) || (label == "to" && !value.is_empty()) {
            continue;
        }
        let below = lines
            .iter()
            .skip(at + 1)
            .take(7)
            .map(|line| (*line).to_owned());
        let below: Vec<String> = inline(value.trim()).into_iter().chain(below).collect();
        let below = joined(&below);
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        found.extend(address(&below).filter(|address| !found.contains(address)));
    }
    found
}

/// An address on one line, `NAME, STREET, CITY, ST ZIP`, as the lines that it stands for.
fn inline(value: &str) -> Vec<String> {
    let mut parts: Vec<&str> = value.split(',').map(str::trim).collect();
    if matches!(parts.last(), Some(&("US" | "USA" | "United States"))) {
        parts.pop();
    }
    let last = parts.last().copied().unwrap_or_default();
    let state = last.split(' ').next().is_some_and(|word| word.len() == 2);
    if value.is_empty() || parts.len() < 3 || !state {
        let whole = Some(value.to_owned()).filter(|value| !value.is_empty());
        return whole.into_iter().collect();
    }
    let (lines, place) = parts.split_at(parts.len() - 2);
    let lines = lines.iter().map(|line| (*line).to_owned());
    lines.chain([place.join(", ")]).collect()
}

/// City, state and ZIP on lines of their own, put on one.
fn joined(lines: &[String]) -> Vec<String> {
    let state = |line: &String| line.len() == 2 && line.bytes().all(|b| b.is_ascii_uppercase());
    let zip =
        |line: &String| line.len() >= 5 && line.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let at = lines
        .windows(3)
        .position(|three| state(&three[1]) && zip(&three[2]));
    let Some(at) = at else {
        return lines.to_vec();
    };
    let place = format!("{}, {} {}", lines[at], lines[at + 1], lines[at + 2]);
    let before = lines[..at].iter().cloned();
    before
        .chain([place])
        .chain(lines[at + 3..].iter().cloned())
        .collect()
}

/// Carriers write ZIP+4 without its dash.
fn zip_plus_4(zip: &str) -> String {
    match (zip.len(), zip.split_at_checked(5)) {
        (9, Some((zip, plus))) => format!("{zip}-{plus}"),
        _ => zip.to_owned(),
    }
}

fn address(lines: &[&str]) -> Option<ShipTo> {
    let pattern = PLACE.as_ref()?;
    let (at, place) = lines
        .iter()
        .enumerate()
        .find_map(|(at, line)| Some((at, pattern.captures(line)?)))?;
    let above = &lines[..at];
    let (name, street) = match above {
        [] => ("", ""),
        [one] if one.starts_with(|c: char| c.is_ascii_digit()) => ("", *one),
        [one] => (*one, ""),
        [name, rest @ ..] if name.starts_with(|c: char| c.is_ascii_digit()) => {
            ("", rest.first().map_or(*name, |_| *name))
        }
        [name, rest @ ..] => (*name, rest.first().copied().unwrap_or("")),
    };
    let clip = |text: &str| text.chars().take(120).collect::<String>();
    Some(ShipTo {
        name: clip(name),
        street: clip(street),
        city: clip(place[1].trim_end_matches(',')),
        state: place[2].to_owned(),
        zip: zip_plus_4(&place[3]),
    })
}
