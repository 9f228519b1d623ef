//! Notifications that carriers send, direct or forwarded by the vendor. They name the recipient,
//! seldom the order: matching needs the vendor's own words above, a reference or the ship-to. Links
//! in them are never followed.

mod blocks;
mod closed;
mod delivered;
mod destination;
pub mod dhl;
pub mod fedex;
mod lines;
mod said;
pub mod ups;
pub mod usps;
mod words;

use super::headers::AdviceField;
use super::pairs::{Pair, pairs};
use super::row::{self, Cells, Context};
use super::ship_to::ship_tos;
use super::source::AdviceSource;
use super::{AdviceRow, News, RowError, Rows};
use crate::carriers::{carrier_by_code, compact, recognise_of};
use crate::vendor_docs::text::dates;
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;
use words::{ALL_OF_THEM, CANDIDATE, IN_PROSE, ONLY_A_LABEL, PO, TAKEN_BACK};

/// What tells one carrier's notifications.
pub(super) struct Sender {
    /// The carrier's code.
    pub carrier: &'static str,
    /// Domains it sends from.
    pub domains: &'static [&'static str],
    /// What only its own mails say, in lower case: for forwarded ones.
    pub marks: &'static [&'static str],
    /// Whether the subject's number is the only one that counts.
    pub subject_only: bool,
}

const SENDERS: &[&Sender] = &[&ups::SENDER, &fedex::SENDER, &usps::SENDER, &dhl::SENDER];

/// Whether any carrier's notification is in the document.
pub(super) fn is_one(source: &AdviceSource) -> bool {
    SENDERS.iter().any(|sender| claims(source, sender))
}

/// The number after the letters PO in a text.
pub(super) fn po_in(text: &str) -> Option<String> {
    let found = PO.as_ref()?.captures_iter(text);
    let numbers = found.filter_map(|groups| groups.get(1).map(|m| m.as_str()));
    let numbers = numbers.map(|number| number.trim_end_matches(['.', '/', '-', '_']));
    let mut numbers = numbers.filter(|number| number.bytes().any(|b| b.is_ascii_digit()));
    numbers.next().map(str::to_owned)
}

/// The carrier, by its code, that mails of an address are of.
pub fn carrier_of(address: &str) -> Option<&'static str> {
    let address = address.to_lowercase();
    let found = SENDERS.iter().find(|sender| ours(&address, sender));
    found.map(|sender| sender.carrier)
}

/// Whether the document itself comes from a carrier, as it says: not from a vendor who forwards.
pub(super) fn sent_by_one(source: &AdviceSource) -> bool {
    let ours = |sender: &&&Sender| ours(&source.from, sender);
    !source.file && SENDERS.iter().any(|sender| ours(&sender))
}

/// Whether an address is one of the carrier's.
fn ours(address: &str, sender: &Sender) -> bool {
    let domain = address
        .trim_end_matches('>')
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain);
    sender.domains.iter().any(|own| {
        domain == *own
            || domain
                .strip_suffix(own)
                .is_some_and(|sub| sub.ends_with('.'))
    })
}

pub(super) fn claims(source: &AdviceSource, sender: &Sender) -> bool {
    if source.file {
        return false;
    }
    let ours = |address: &str| ours(address, sender);
    let from_carrier = |line: &str| {
        let line = line.trim_start_matches(['*', ' ']).to_lowercase();
        line.starts_with("from:")
            && line
                .split([' ', '<', '[', '(', ':'])
                .any(|word| ours(word.trim_end_matches([')', ']', ','])))
    };
    let marked = || {
        let text = source.text.to_lowercase();
        sender.marks.iter().any(|mark| text.contains(mark))
    };
    (ours(&source.from) || source.text.lines().any(from_carrier) || marked())
        && !numbers(source, sender).is_empty()
}

/// The carrier's numbers in a text: those that have one of its shapes.
fn numbers_in(text: &str, sender: &Sender) -> Vec<String> {
    let carrier = carrier_by_code(sender.carrier);
    let Some(candidate) = CANDIDATE.as_ref() else {
        return Vec::new();
    };
    let own = |number: &String| {
        let found = recognise_of(number, carrier);
        found
            .first()
            .is_some_and(|m| m.carrier.code == sender.carrier)
    };
    let found = candidate
        .find_iter(text)
        .filter_map(|m| compact(m.as_str()));
    found.filter(own).collect()
}

/// The tracking numbers: of the subject, and of the lines that call them so.
fn numbers(source: &AdviceSource, sender: &Sender) -> Vec<String> {
    let mut numbers = numbers_in(&source.subject, sender);
    if sender.subject_only && !numbers.is_empty() {
        numbers.truncate(1);
        return numbers;
    }
    for pair in pairs(&source.text) {
        if pair.field == AdviceField::Tracking {
            numbers.extend(numbers_in(&pair.value, sender));
        }
    }
    if sender.carrier == "ups" {
        // 1Z is mistaken for nothing else: it counts wherever it stands, but not inside a link.
        let words = source
            .text
            .split_whitespace()
            .filter(|word| !word.contains("://"));
        let words: Vec<&str> = words
            .filter(|word| word.to_uppercase().contains("1Z"))
            .collect();
        numbers.extend(numbers_in(&words.join("\n"), sender));
    }
    if numbers.is_empty()
        && let Some(prose) = IN_PROSE.as_ref()
    {
        let found = prose
            .captures_iter(&source.text)
            .filter_map(|groups| groups.get(1));
        numbers.extend(found.flat_map(|number| numbers_in(number.as_str(), sender)));
    }
    let mut seen = std::collections::HashSet::new();
    numbers.retain(|number| seen.insert(number.clone()));
    numbers
}

/// What the carrier says of a parcel that does not go to the customer, if it says so.
fn taken_back(source: &AdviceSource) -> Option<&str> {
    found(&TAKEN_BACK, source)
}

/// What is told where a carrier says neither that it has a parcel nor that it has none.
const UNSAID: &str = "does not say that it has the parcel, or that it left";

/// Why the parcel of a notification is not under way; a label is none where no day stands beside it.
fn not_under_way(source: &AdviceSource, sender: &Sender, dated: bool) -> Option<String> {
    let label = found(&ONLY_A_LABEL, source).filter(|_| !dated);
    let words = taken_back(source).or(label)?;
    let numbers = numbers(source, sender).join(", ");
    Some(format!(
        "the carrier writes of {numbers}: '{words}': it is not on its way to the customer"
    ))
}

/// The words of a pattern in a notification.
fn found<'a>(pattern: &LazyLock<Option<Regex>>, source: &'a AdviceSource) -> Option<&'a str> {
    let pattern = pattern.as_ref()?;
    let found = pattern
        .find(&source.subject)
        .or_else(|| pattern.find(&source.text));
    found.map(|words| words.as_str())
}

/// Whether a notification with several numbers is about all of them.
fn all_of_them(source: &AdviceSource) -> bool {
    let said = |text: &str| ALL_OF_THEM.as_ref().is_some_and(|all| all.is_match(text));
    said(&source.subject) || said(&source.text)
}

/// What the notification's own labels say.
fn labelled(all: Vec<Pair>) -> Cells {
    let mut cells = Cells::new();
    for Pair { field, value, .. } in all {
        let number = value.bytes().any(|b| b.is_ascii_digit());
        let wanted = match field {
            AdviceField::Po
            | AdviceField::Order
            | AdviceField::Reference
            | AdviceField::VendorOrder => number,
            // one with a word beside it is an error of the row
            AdviceField::ShipDate => dates::parse(&value, None).is_some() || dates::marred(&value),
            AdviceField::Service => true,
            _ => false,
        };
        if wanted {
            let all = cells.entry(field).or_default();
            match field {
                AdviceField::Reference => {
                    all.extend(value.split(',').map(|one| one.trim().to_owned()))
                }
                _ => all.push(value),
            }
        }
    }
    // The carrier calls its own numbers orders, too; a purchase order is what says so.
    if let Some(order) = cells.remove(&AdviceField::Order) {
        cells.entry(AdviceField::Reference).or_insert(order);
    }
    // one of two references is ours, and the other the vendor's: each is tried
    if let Some(second) = cells
        .get(&AdviceField::Reference)
        .and_then(|all| all.get(1))
        .cloned()
    {
        cells
            .entry(AdviceField::VendorOrder)
            .or_insert(vec![second]);
    }
    cells
}

/// Reads the one row of a notification.
pub(super) fn read(source: &AdviceSource, today: NaiveDate, sender: &Sender) -> Rows {
    let all = pairs(&source.text);
    let dated = all.iter().any(|pair| {
        pair.field == AdviceField::ShipDate && dates::parse(&pair.value, None).is_some()
    });
    let line = all
        .iter()
        .find(|pair| pair.field == AdviceField::Tracking)
        .map_or(0, |pair| pair.line);
    let mut cells = labelled(all);
    if let Some(po) = po_in(&source.own).or_else(|| po_in(&source.subject)) {
        cells.insert(AdviceField::Po, vec![po]);
    }
    let name = carrier_by_code(sender.carrier).map_or(sender.carrier, |carrier| carrier.name);
    let named = cells
        .get(&AdviceField::Service)
        .is_some_and(|text| text.first().is_some_and(|text| text.starts_with(name)));
    if !named {
        cells.insert(AdviceField::Carrier, vec![name.to_owned()]);
    }
    cells.insert(AdviceField::Tracking, numbers(source, sender));
    let context = Context {
        today,
        first: None,
        needs_order: false,
    };
    match row::build(&cells, line, context) {
        Ok(mut row) => {
            says(&mut row, source, sender, (today, dated));
            row.no_carriers_number = row.check_digit_wrong;
            if row.delivered.is_some() && !row.further_tracking.is_empty() && !all_of_them(source) {
                let message = format!(
                    "the carrier writes that a parcel was delivered, and names {} of them: which one is not said",
                    row.further_tracking.len() + 1
                );
                return (Vec::new(), vec![RowError::at(line, message)]);
            }
            (vec![row], Vec::new())
        }
        Err(message) => (Vec::new(), vec![RowError::at(line, message)]),
    }
}

/// Puts into a row what its notification says of the parcel: where it is, and to whom it went.
fn says(
    row: &mut AdviceRow,
    source: &AdviceSource,
    sender: &Sender,
    (today, dated): (NaiveDate, bool),
) {
    let told = delivered::told(source, sender, today);
    let arrived = !matches!(told, delivered::CarrierNews::Nothing);
    let to = destination::named(source, arrived);
    let said = said::read(source, sender, numbers(source, sender).len());
    let short: Vec<&str> = said.short.iter().map(String::as_str).collect();
    match (not_under_way(source, sender, dated), told) {
        (Some(back), _) => row.news = Some(News::Trouble(back)),
        (None, delivered::CarrierNews::Arrived(day)) => match to.sender {
            Some(sender) => row.news = Some(News::Trouble(sender)),
            None if !short.is_empty() => {
                let unknown = format!("delivered, and beside it: {}", delivered::shown(&short));
                row.news = Some(News::Trouble(unknown));
            }
            None => row.delivered = Some(day),
        },
        (None, delivered::CarrierNews::News(news)) => row.news = Some(news),
        (None, delivered::CarrierNews::Nothing) => {
            let name = carrier_by_code(sender.carrier);
            let name = name.map_or(sender.carrier, |carrier| carrier.name);
            if !said.left {
                let doubts = &mut row.beside.doubts;
                row.unsaid = Some(format!("{name} {UNSAID}"));
                doubts.extend(row.unsaid.take_if(|_| !said.odd.is_empty()));
            }
            if said.left && !said.all {
                let count = row.further_tracking.len() + 1;
                row.beside.doubts.push(format!(
                    "{name} names {count} numbers of parcels, and does not say that all of them left"
                ));
            }
            let odd: Vec<&str> = said.odd.iter().map(String::as_str).collect();
            row.odd = (!odd.is_empty()).then(|| delivered::shown(&odd));
            let told = row.odd.as_ref();
            let told = told.map(|odd| format!("{name} writes >>{odd}<<"));
            row.beside.doubts.extend(told);
        }
    }
    let all = ship_tos(&source.text);
    row.ship_to = all.into_iter().next().unwrap_or_default();
    let whole = &row.ship_to;
    let whole = [
        &whole.name,
        &whole.street,
        &whole.city,
        &whole.state,
        &whole.zip,
    ];
    let more = to.cells.into_iter().chain(said.names);
    // "40507" of "40507-1234"
    let zip = |cell: &str| cell.len() == 5 && row.ship_to.zip.starts_with(cell);
    let more = more.filter(|one| !whole.contains(&&one.cell) && !zip(&one.cell));
    let more: Vec<_> = more.collect();
    row.beside.names.extend(more);
}
