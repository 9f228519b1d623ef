//! Where a notification says that a parcel went, and to whom: what it names is held against the purchase
//! order by whoever knows that. Who has it is
//! compared likewise; one who signs for the sender is news at once.

use super::super::source::AdviceSource;
use super::delivered::PLACE;
use crate::domain::pattern::fits;
use crate::domain::places;
use crate::domain::text::one_line;
use crate::vendor_docs::columns::{NamedCell, Of};
use regex::Regex;
use std::sync::LazyLock;

/// What is named.
#[derive(Default)]
pub(super) struct Destination {
    /// Recipient, city, state and ZIP, as far as they stand there.
    pub cells: Vec<NamedCell>,
    /// The line that says that the parcel is with its sender.
    pub sender: Option<String>,
}

/// Labels of a recipient or an address; those of the second group only where a parcel arrived.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:^|[.;!]\s+)[\s*|>-]*(?:(?P<to>delivered to|deliver to|delivery (?:location|address)|recipient(?: name)?|consignee(?: name)?|destination|ship(?:ped)? to)|",
        r"(?P<city>(?:delivery |destination )?(?:city|town))|(?P<state>(?:delivery |destination )?(?:state|province))|(?P<zip>(?:delivery |destination )?(?:zip(?: code)?|postal code|post ?code))|(?P<country>(?:delivery |destination )?country)|",
        r"(?P<at>location|delivered (?:at|in))|(?P<by>signed (?:for )?by|received by|accepted by|left (?:at|with)))[ *]*(?::|\t|$)[\s*]*(?P<value>.*)$"
    ))
    .ok()
});
/// A place inside a sentence about a delivery.
static INSIDE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bdeliver\w*\b.*?\b(?:in|at|to) (?P<city>[a-z][a-z .'-]{1,39}?)(?:,? (?P<state>(?-i:[A-Z]{2})),? (?P<zip>[0-9]{5})(?:-?[0-9]{4})?|, (?P<bare>(?-i:[A-Z]{2})))\b").ok()
});
/// Where parcels are left, and who is nobody by name.
static ANYBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)^\W*(?:{PLACE}|(?:(?:the|a|your|front|rear|side|back|inside|met|left|with|at|in|apartment|apt|building|leasing|main|security) )*(?:neighbou?rs?|agent|other|lobby|concierge|doorman|guard|security|office|resident|occupant|customer|man|woman|person|individual|family(?: member)?|house ?hold member|spouse|wife|husband|locker|desk|counter|lot|patio|deck|carport|yard|entrance|building|warehouse dock|mail|post office|access point|po box|hand)s?)\W*$"
    ))
    .ok()
});
/// A place of the recipient's address, or somebody there: not a neighbour, a shop, a locker or a carrier.
static RECIPIENTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)^\W*(?:{PLACE}|(?:(?:the|a|your|front|rear|side|back|inside|met|left|with|at|in|apartment|apt|building|leasing|main|security|customer) )*(?:lobby|concierge|doorman|guard|security|office|resident|occupant|customer|man|woman|person|individual|family(?: member)?|house ?hold member|spouse|wife|husband|desk|counter|lot|patio|deck|carport|yard|entrance|building|warehouse dock|basement|receiver|receiving|delivery|hand|residential|address)s?|signature (?:service )?not (?:required|requested)|no signature required)\W*$"
    ))
    .ok()
});
/// Who signed, inside a line.
static SIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:signed(?: for)?|received|accepted) by:?\s+(?P<who>[a-z][a-z.'& -]{0,60}?)(?: (?:on|at)\b.*)?[\s.;,]*$").ok()
});
/// One line of FedEx: from whom, or to whom, and the place.
static ROUTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<way>FROM|TO) (?P<who>[A-Za-z0-9][A-Za-z0-9 .,&'-]{2,70}?),? (?P<state>[A-Z]{2})(?:,? US)?$").ok()
});
static SENDERS_SIDE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:(?:the|your|original|return(?:ed)? to|back to|to) )*(?:shippers?|senders?|returns?|returned|rts|vendor|merchant|seller|consignor|refused)\b").ok()
});
static ZIP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b([0-9]{5})(?:-?[0-9]{4})?$").ok());
static COUNTRY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:us|u\.s\.|usa|u\.s\.a\.|united states(?: of america)?|ca|canada|mx|mexico|gb|uk|united kingdom|cn|china|hk|hong kong|de|germany|fr|france|au|australia|in|india)\.?$").ok()
});

/// Most lines of an address below its label.
const BELOW: usize = 5;
/// Most cells of one notification.
const MOST: usize = 30;

/// What a notification names; `arrived` where it speaks of a delivery.
pub(super) fn named(source: &AdviceSource, arrived: bool) -> Destination {
    let mut found = Destination::default();
    let (Some(label), Some(inside)) = (LABEL.as_ref(), INSIDE.as_ref()) else {
        return found;
    };
    let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
    for (at, line) in lines.iter().enumerate() {
        if let Some(told) = label.captures(line) {
            let has = |name: &str| told.name(name).is_some();
            let value = value_of(told["value"].trim(), &lines[at + 1..]);
            let of = match () {
                () if value.is_empty() || value.contains('@') => continue,
                () if fits(&SENDERS_SIDE, &value) && (has("to") || has("by") || has("at")) => {
                    found.sender = arrived.then(|| one_line(line));
                    continue;
                }
                () if arrived && has("by") => {
                    found.cells.extend(receiver(&value));
                    continue;
                }
                () if arrived && has("to") && is_anywhere(&value) => {
                    found.cells.extend(receiver(&value));
                    continue;
                }
                () if has("to") => None,
                () if !arrived || has("by") => continue,
                () if has("city") => Some(Of::City),
                () if has("state") => Some(Of::Region),
                () if has("zip") => Some(Of::Zip),
                () if has("country") => {
                    found.cells.extend(abroad(&value));
                    continue;
                }
                () => {
                    found.cells.extend(address(&value, false));
                    continue;
                }
            };
            match of {
                Some(of) => found.cells.push(cell("delivered to", &value, of)),
                None => found.cells.extend(address(&value, true)),
            }
        } else if arrived && let Some(signed) = SIGNED.as_ref().and_then(|all| all.captures(line)) {
            found.cells.extend(receiver(&signed["who"]));
        } else if arrived && let Some(told) = inside.captures(line) {
            let text = |name: &str| told.name(name).map(|found| found.as_str());
            let state = text("state").or(text("bare")).unwrap_or_default();
            if places::state(state).is_some() {
                found
                    .cells
                    .push(cell("delivered in", &told["city"], Of::City));
                found.cells.push(cell("delivered in", state, Of::Region));
                let zip = text("zip").map(|zip| cell("delivered in", zip, Of::Zip));
                found.cells.extend(zip);
            }
        }
    }
    found.cells.truncate(MOST);
    found
}

/// Whether it is a place where parcels are left for anybody, and names nobody.
pub(super) fn is_anywhere(value: &str) -> bool {
    fits(&ANYBODY, value) || is_recipients(value)
}

/// Whether it is a place of the recipient's own, or somebody there.
pub(super) fn is_recipients(value: &str) -> bool {
    fits(&RECIPIENTS, value)
}

/// Who has it, where that is no place of the recipient's.
fn receiver(value: &str) -> Option<NamedCell> {
    (!is_recipients(value)).then(|| cell("delivered to", value, Of::Receiver))
}

/// From whom or to whom it goes, in one line of capitals.
pub(super) fn routed(line: &str) -> Vec<NamedCell> {
    let Some(told) = ROUTED.as_ref().and_then(|routed| routed.captures(line)) else {
        return Vec::new();
    };
    match &told["way"] {
        "FROM" => vec![cell("from", &told["who"], Of::Sender)],
        _ => vec![
            cell("to", &told["who"], Of::Recipient),
            cell("to", &told["state"], Of::Region),
        ],
    }
}

fn cell(heading: &str, cell: &str, of: Of) -> NamedCell {
    NamedCell {
        heading: heading.to_owned(),
        cell: cell.trim().chars().take(120).collect(),
        of,
    }
}

/// What stands behind a label, or on the lines below it.
fn value_of(value: &str, below: &[&str]) -> String {
    if !value.is_empty() {
        return value.to_owned();
    }
    let lines = below.iter().skip_while(|line| line.is_empty()).take(BELOW);
    let lines = lines.take_while(|line| !line.is_empty() && !line.contains(':'));
    lines.copied().collect::<Vec<_>>().join(", ")
}

/// A country that is not the United States.
fn abroad(land: &str) -> Option<NamedCell> {
    let name = match land.trim().to_uppercase().as_str() {
        "CA" => "Canada".to_owned(),
        "MX" => "Mexico".to_owned(),
        "GB" | "UK" => "United Kingdom".to_owned(),
        "CN" => "China".to_owned(),
        "DE" => "Germany".to_owned(),
        "FR" => "France".to_owned(),
        _ => land.trim().to_owned(),
    };
    let us = places::is_us(&name) || places::territory(&name).is_some();
    (!us).then(|| cell("country", &name, Of::Recipient))
}

/// `NAME, STREET, CITY, ST ZIP, US`, or less of it; a name and a street only behind the label of a
/// recipient.
pub(super) fn address(value: &str, recipient: bool) -> Vec<NamedCell> {
    const HEADING: &str = "delivered to";
    let value = value.trim_end_matches('.');
    let parts = value.split([',', '\t', '|', ';']);
    let mut parts: Vec<&str> = parts.map(str::trim).filter(|one| !one.is_empty()).collect();
    let mut cells = Vec::new();
    // "TORONTO, ON, CA": the last of three is a country
    if parts.len() > 2 && parts.last().is_some_and(|last| fits(&COUNTRY, last)) {
        cells.extend(parts.pop().and_then(abroad));
    }
    let mut placed = false;
    if let Some(last) = parts.pop() {
        let last = last
            .trim_end_matches(" USA")
            .trim_end_matches(" US")
            .trim_end_matches(" United States");
        let zip = ZIP.as_ref().and_then(|zip| zip.captures(last));
        let head = match &zip {
            Some(zip) => last[..last.len() - zip[0].len()].trim(),
            None => last,
        };
        let (city, state) = split_state(head);
        placed = !state.is_empty() || zip.is_some() && !parts.is_empty();
        if placed {
            cells.extend(zip.map(|zip| cell(HEADING, &zip[1], Of::Zip)));
            if !state.is_empty() {
                cells.push(cell(HEADING, state, Of::Region));
            }
            let city = match city.is_empty() {
                true => parts.pop().unwrap_or_default(),
                false => city,
            };
            if !city.is_empty() {
                cells.push(cell(HEADING, city, Of::City));
            }
        } else {
            parts.push(last);
        }
    }
    if recipient && let Some(name) = parts.first() {
        let plain = !name.chars().any(|c| c.is_ascii_digit()) && !fits(&ANYBODY, name);
        if plain && (placed || parts.len() < 3) {
            cells.push(cell(HEADING, name, Of::Recipient));
        }
    }
    cells
}

/// The state at the end of a text, and what stands before it: `Dayton OH`, `ON`.
fn split_state(text: &str) -> (&str, &str) {
    let code = |word: &str| word.len() == 2 && word.bytes().all(|b| b.is_ascii_uppercase());
    let words: Vec<&str> = text.split_whitespace().collect();
    for count in [1, 2] {
        let Some(at) = words.len().checked_sub(count) else {
            continue;
        };
        let begin = words[at].as_ptr() as usize - text.as_ptr() as usize;
        let (before, state) = text.split_at(begin);
        if places::state(state).is_some() || count == 1 && code(state) && at == 0 {
            return (before.trim(), state.trim());
        }
    }
    (text, "")
}
