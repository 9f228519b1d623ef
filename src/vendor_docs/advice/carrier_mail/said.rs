//! Every line of a carrier's notification, held against what carriers write: that a parcel is with them or
//! left, by a closed list of whole sentences and status lines; labels with values that say nothing against
//! it; whom it is of and to whom it goes, for whoever knows the purchase order; and what stands below every
//! mail of theirs. What else stands there is odd, and is for a person.

use super::super::ship_to::ship_tos;
use super::super::source::AdviceSource;
use super::blocks::{self, AddressBlock};
use super::closed::{self, Closed, is, whole};
use super::delivered::{plain, sentences, without_forward};
use super::{Sender, delivered, destination, lines, sent_by_one};
use crate::domain::text::one_line;
use crate::vendor_docs::columns::{NamedCell, Of};

/// Most lines of an address below its label.
const BELOW: usize = 7;
/// Most words of a line that is none of a running text.
const SHORT: usize = 6;

/// What the lines come to.
#[derive(Default)]
pub(super) struct Said {
    /// Whether one says that the carrier has the parcel, or that it left.
    pub left: bool,
    /// What is not known.
    pub odd: Vec<String>,
    /// Of that, labels with values, and short lines: no running text about other things.
    pub short: Vec<String>,
    /// Whom it is of and to whom it goes, and what it is called.
    pub names: Vec<NamedCell>,
    /// Whether that is said of as many parcels as it names numbers.
    pub all: bool,
    /// Whether it says on which day it is to arrive.
    planned: bool,
    numbers: usize,
    references: Vec<String>,
    /// Whether the lines are of who asked for the mail.
    asked_by: bool,
    /// Whether it says that it arrived.
    arrived: bool,
    blocks: Vec<AddressBlock>,
}

/// Reads a notification with as many numbers of parcels.
pub(super) fn read(source: &AdviceSource, sender: &Sender, numbers: usize) -> Said {
    let mut said = Said {
        numbers,
        ..Said::default()
    };
    let Some(closed) = closed::of(sender.carrier) else {
        return said;
    };
    let direct = sent_by_one(source);
    let lines = lines::of_carrier(source, direct);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mut at = 0;
    while at < lines.len() {
        at += said.line(closed, &lines[at..]).max(1);
    }
    match blocks::names(&said.blocks) {
        Some(names) => said.names.extend(names),
        None => said.strange("several addresses"),
    }
    let subject = without_forward(&source.subject);
    let (before, short) = (said.odd.len(), said.short.len());
    said.sentences(closed, subject);
    said.short.truncate(short);
    if !direct {
        // it may be the vendor's
        said.odd.truncate(before);
    }
    let theirs = !direct && is(&closed.vendors, &source.own.to_lowercase());
    said.left |= theirs;
    said.all |= theirs || numbers < 2;
    let alone = said.references.len() == 1 && direct;
    let of = if alone { Of::Order } else { Of::Number };
    for reference in std::mem::take(&mut said.references) {
        said.names.push(cell("reference", &reference, of));
    }
    said
}

/// Whether a line begins with a label of its own.
fn is_labelled(closed: &Closed, line: &str) -> bool {
    let key = line
        .split_once(':')
        .map(|(key, _)| key.trim().to_lowercase());
    key.is_some_and(|key| closed.is_label(&key))
}

fn cell(heading: &str, cell: &str, of: Of) -> NamedCell {
    NamedCell {
        heading: heading.to_owned(),
        cell: cell.trim().chars().take(120).collect(),
        of,
    }
}

impl Said {
    /// Takes the first of the lines, and those that belong to it: how many.
    fn line(&mut self, closed: &Closed, lines: &[&str]) -> usize {
        let line = lines[0].trim_start_matches(['*', '•', '·', '|', '>', ' ']);
        let nothing = !line.chars().any(char::is_alphanumeric);
        let link = line.trim_start_matches('<').starts_with("http") && !line.contains(' ');
        if nothing || link {
            return 1;
        }
        if closed.carrier == "fedex"
            && let Some((block, took)) = blocks::first(closed, lines)
        {
            self.blocks.push(block);
            return took;
        }
        if let Some(names) = blocks::named(closed, line) {
            self.names.extend(names);
            return 1;
        }
        if self.after_plan(closed, line, lines) {
            return 1;
        }
        let (key, value) = match line.split_once(':') {
            Some((key, value)) if !value.starts_with("//") => (key, value.trim()),
            _ => (line, ""),
        };
        let key = key.to_lowercase();
        let key = key.trim_matches([' ', '*', '#', '.', '(', ')']);
        if whole(&closed.to, key) {
            return self.recipient(closed, line, value, lines);
        }
        if whole(&closed.from, key) {
            return self.shipper(closed, value, lines);
        }
        let below = lines.iter().skip(1).position(|line| !line.is_empty());
        let below = below.map(|at| at + 1);
        let (value, took) = match below {
            Some(at) if value.is_empty() && !is_labelled(closed, lines[at]) => (lines[at], at + 1),
            _ => (value, 1),
        };
        match self.labelled(closed, key, value) {
            Some(true) => took,
            // a word of a label may be a line of its own: "Shipped", "On the way"
            Some(false) if took == 1 && line.contains(':') => {
                self.strange(line);
                1
            }
            _ => {
                self.sentences(closed, line);
                1
            }
        }
    }

    /// Whether a label has a value that says nothing against the parcel; `None` where it is no label.
    fn labelled(&mut self, closed: &Closed, key: &str, value: &str) -> Option<bool> {
        let low = one_line(value).to_lowercase();
        let text = plain(value);
        if whole(&closed.packages, key) {
            let counted = low.parse() == Ok(self.numbers.max(1));
            self.all |= counted;
            return Some(counted);
        }
        if whole(&closed.reference, key) {
            let all: Vec<&str> = value.split(',').map(str::trim).collect();
            let number = |one: &&str| {
                one.bytes().any(|b| b.is_ascii_digit()) && one.split_whitespace().count() < 4
            };
            if low == "leave at door" {
                return Some(true);
            }
            let fits = low.len() <= 80 && all.iter().all(number);
            if fits {
                self.references.extend(all.into_iter().map(str::to_owned));
            }
            return Some(fits);
        }
        if self.asked_by && whole(&closed.asker, key) {
            return Some(true);
        }
        if whole(&closed.status, key) {
            let left = whole(&closed.stage, &text);
            self.left |= left;
            return Some(left || delivered::says(closed.carrier, &format!("status: {text}")));
        }
        for (keys, values, raw) in &closed.labels {
            if whole(keys, key) {
                return Some(whole(values, if *raw { &low } else { &text }));
            }
        }
        if whole(&closed.planned, key) {
            self.planned = true;
            return Some(whole(&closed.when, &text));
        }
        if whole(&closed.shipped, key) {
            let day = whole(&closed.when, &text) && text.contains('@');
            self.left |= day && key.starts_with("shipped");
            return Some(day);
        }
        self.placed(closed, key, value, &text)
    }

    /// The same of labels of a place.
    fn placed(&mut self, closed: &Closed, key: &str, value: &str, text: &str) -> Option<bool> {
        if whole(&closed.at, key) {
            let place = destination::is_anywhere(value) || whole(&closed.when, text);
            let cells = destination::address(value, false);
            let known = place || !cells.is_empty();
            self.names.extend(cells);
            return Some(known);
        }
        let of = match key {
            "city" | "town" | "delivery city" | "destination city" => Of::City,
            "state" | "province" => Of::Region,
            "zip" | "zip code" | "postal code" => Of::Zip,
            "country" => Of::Country,
            "description" => Of::Text,
            _ => return None,
        };
        self.names.push(cell(key, value, of));
        Some(!value.is_empty() && value.len() <= 60)
    }

    /// The shipper's name by itself, as UPS has it between the day and the number.
    fn after_plan(&mut self, closed: &Closed, line: &str, lines: &[&str]) -> bool {
        let next = lines.iter().skip(1).find(|line| !line.is_empty());
        let number = next.is_some_and(|next| next.to_lowercase().starts_with("tracking number"));
        let name = |word: &str| word.starts_with(char::is_uppercase);
        let fits = (self.planned || self.arrived)
            && number
            && !line.contains(':')
            && line.split_whitespace().count() <= 4
            && line.split_whitespace().all(name)
            && !closed.is_label(&line.to_lowercase());
        if fits {
            self.names.push(cell("seller", line, Of::Sender));
        }
        fits
    }

    /// Each sentence of a line.
    fn sentences(&mut self, closed: &Closed, line: &str) {
        for one in sentences(line) {
            let text = plain(one);
            if text.is_empty() || whole(&closed.harmless, &text) {
                self.asked_by |= text.ends_with("requested by");
                continue;
            }
            let bare = match closed.greeting.as_ref().and_then(|hi| hi.find(&text)) {
                Some(hi) => text[hi.end()..].trim(),
                None => &text,
            };
            let arrived = delivered::says(closed.carrier, bare)
                || bare.starts_with("left ") && destination::is_recipients(bare);
            let plan = whole(&closed.to_come, bare);
            let coming = whole(&closed.coming, bare);
            let announced = whole(&closed.announced, bare);
            self.planned |= plan;
            self.arrived |= arrived;
            match whole(&closed.left, bare) || whole(&closed.stage, bare) {
                true => {
                    self.left = true;
                    self.all |= is(&closed.several, bare);
                    self.names.extend(
                        closed
                            .sender_in(one)
                            .map(|name| cell("from", name, Of::Sender)),
                    );
                }
                false if arrived || plan || coming || announced => (),
                false if self.is_pair(closed, one) => (),
                false => self.strange(one),
            }
        }
    }

    /// Whether a sentence is a label with a good value: "Location: Front Porch".
    fn is_pair(&mut self, closed: &Closed, sentence: &str) -> bool {
        let Some((key, value)) = sentence.split_once(':') else {
            return false;
        };
        let key = key.trim().to_lowercase();
        self.labelled(closed, &key, value.trim()) == Some(true)
    }

    fn strange(&mut self, text: &str) {
        let text = one_line(text);
        let words = text.split_whitespace().count();
        let label = text
            .split_once(':')
            .is_some_and(|(key, _)| key.split_whitespace().count() <= 4);
        if words <= SHORT || label {
            self.short.push(text.clone());
        }
        self.odd.push(text);
    }

    /// Who gets it.
    fn recipient(&mut self, closed: &Closed, line: &str, value: &str, lines: &[&str]) -> usize {
        let below = self.block(closed, lines);
        // a name behind the label, and its street and town below
        let street = below
            .first()
            .is_some_and(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let all = value.is_empty() || street && below.iter().any(|line| whole(&closed.town, line));
        let took = if all { below.len() + 1 } else { 1 };
        let says = |one: &&str| !one.is_empty() && !matches!(*one, "US" | "USA");
        let text: Vec<&str> = Some(value).into_iter().chain(below).filter(says).collect();
        let inside = match all {
            true => text.join("\n"),
            false => value.to_owned(),
        };
        let found = ship_tos(&format!("Ship To:\n{}", inside.replace(", US", "")));
        if let Some(to) = found.first() {
            let all = [
                ("ship to", &to.name, Of::Recipient),
                ("ship to", &to.zip, Of::Zip),
            ];
            let all = all.into_iter().filter(|(_, said, _)| !said.is_empty());
            self.names
                .extend(all.map(|(heading, said, of)| cell(heading, said, of)));
            return took;
        }
        let cells = destination::address(&inside.replace('\n', ", "), true);
        if cells.is_empty() && !destination::is_anywhere(&inside) {
            self.strange(line);
            return 1;
        }
        self.names.extend(cells);
        took
    }

    /// Who ships it: a name, and an address below it.
    fn shipper(&mut self, closed: &Closed, value: &str, lines: &[&str]) -> usize {
        let below = self.block(closed, lines);
        let first = below.iter().position(|line| !line.is_empty());
        let name = match (value.is_empty(), first) {
            (false, _) => value,
            (true, Some(first)) => below[first],
            (true, None) => return 1,
        };
        self.names.push(cell("from", name, Of::Sender));
        let mut took = if value.is_empty() {
            first.map_or(1, |first| first + 2)
        } else {
            1
        };
        while let Some(line) = lines.get(took)
            && (line.starts_with(|c: char| c.is_ascii_digit()) || whole(&closed.town, line))
        {
            took += 1;
        }
        took
    }

    /// The lines of an address below a label, up to its town or the next label.
    fn block<'a>(&self, closed: &Closed, lines: &[&'a str]) -> Vec<&'a str> {
        let mut found = Vec::new();
        for line in lines.iter().skip(1) {
            let key = line.to_lowercase();
            let key = key.split(':').next().unwrap_or_default().trim();
            if closed.is_label(key) || found.len() > BELOW + 3 {
                break;
            }
            found.push(*line);
            let land = |line: &str| matches!(line, "US" | "USA" | "United States");
            if found.iter().any(|line| whole(&closed.town, line)) && !land(line) {
                let place = found.len();
                if lines.get(place + 1).is_some_and(|next| land(next)) {
                    found.push(lines[place + 1]);
                }
                break;
            }
        }
        found
    }
}

#[cfg(test)]
#[path = "said/tests.rs"]
mod tests;
