//! What of a vendor's own words poms understands, sentence by sentence. A sentence is understood
//! when all of it is a chain of phrases that stand in `phrases`; whatever else a vendor may write
//! is strange, and a person reads it. So nothing acts because a word for trouble is missing from a
//! list: what acts is what is listed.

pub(super) mod arrival;
mod block;
mod counted;
mod footers;
mod keys;
mod numbers;
mod papers;
mod phrases;
mod refusal;
mod says;
mod signature;
mod split;
mod title;
mod underway;

#[cfg(test)]
mod tests;

use crate::domain::pattern::fits;
pub use block::named_keys;
pub(super) use numbers::without_own;
pub use refusal::refuses;
pub use signature::only_signed;
pub(super) use signature::signs;

use super::mask::{self, date_of};
use super::vocabulary::WENT_WRONG;
use super::{AskedPo, acts, goods};
use chrono::{Days, NaiveDate};
use phrases::{GOODS, LINE};
use says::Says;
pub(super) use split::sentences;

pub use papers::{PaperName, has_trouble, paper_name};
pub use title::{Title, strange_in_file_name, title};

/// What a document beside the words says already, so that its numbers are no riddles in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownBeside {
    /// Tracking numbers that were read from it.
    pub tracking: Vec<String>,
    /// Numbers of orders and articles that were read from it.
    pub numbers: Vec<String>,
    /// Whether rows of a table stand in the text.
    pub table: bool,
    /// Whether the text stands beside an attached table, as a covering letter does.
    pub attached: bool,
    /// How many orders the rows name; 0 and 1 are one.
    pub orders: usize,
}

/// The vendor's own words as far as they are understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// The sentences that are not, as the vendor wrote them.
    pub strange: Vec<String>,
    /// The sentences that are.
    pub clear: Vec<String>,
    /// Those of them that say that goods do not come, or later.
    pub never: Vec<String>,
    /// Those of them that say more than that goods left: that they will.
    pub more: Vec<String>,
    /// Whether it is said that goods left, or by which number they are tracked.
    pub left: bool,
    /// Whether that is said of all that was ordered.
    pub whole: bool,
    /// Whether several parcels are spoken of.
    pub several: bool,
    /// Whether it says yes to what was ordered.
    pub yes: bool,
    /// Whether every sentence is a courtesy, says that the order came or is worked on.
    pub receipt: bool,
    /// Whether one of them says that it is worked on.
    pub underway: bool,
    /// The days on which they say that it leaves, in words of what is under way.
    pub leaves: Vec<NaiveDate>,
    /// The days on which they say that goods left, with the sentence.
    pub left_on: Vec<(NaiveDate, String)>,
    /// Whether one of the strange sentences counts what was not ordered so.
    pub miscounted: bool,
}

impl Plain {
    /// Whether it says yes, and nothing more.
    pub fn only_yes(&self) -> bool {
        self.yes
            && !self.left
            && self.strange.is_empty()
            && self.more.is_empty()
            && self.never.is_empty()
    }

    /// The sentences by which goods left before a day.
    pub fn left_before(&self, day: NaiveDate) -> Vec<String> {
        let early = self.left_on.iter().filter(|(left, _)| *left < day);
        early.map(|(_, sentence)| sentence.clone()).collect()
    }

    /// The sentences because of which the words do not say that goods left.
    pub fn doubts(&self) -> Vec<String> {
        [self.strange.as_slice(), self.more.as_slice()].concat()
    }
}

/// A day on which goods left lies at most so many days back.
const LONGEST_AGO: u64 = 60;

/// Whether a mail is a greeting and nothing else: what was meant to follow may be lost.
pub fn is_greeting(own: &str) -> bool {
    let own = own
        .trim_matches(|c: char| !c.is_alphabetic())
        .to_lowercase();
    let greets = ["hello", "hi", "hey", "dear", "greetings", "good morning"];
    let greets = greets.iter().any(|word| own.starts_with(word));
    own.is_empty() || greets && own.split_whitespace().count() <= 3
}

/// Reads the vendor's own words; `today` is the day on which they were written.
pub fn read(own: &str, asked: AskedPo<'_>, today: NaiveDate, known: &KnownBeside) -> Plain {
    let mut plain = Plain {
        receipt: true,
        ..Plain::default()
    };
    let mut strange = Vec::new();
    let (mut label, mut number) = (false, false);
    let answers = known.tracking.is_empty() && !known.table && !known.attached;
    let block = block::BlockOf::text(own, answers.then_some(asked.lines));
    for piece in split::pieces(own, known.table) {
        let says = match &piece {
            split::Piece::Cell(cell) => {
                block::cell(cell, &block, |text| says(text, asked, today, known))
            }
            split::Piece::Sentence(text) => says(text, asked, today, known),
        };
        let text = piece.text();
        let left_on = says.left_on.map(|day| (day, text.clone()));
        plain.left_on.extend(left_on);
        plain.left |= says.left;
        label |= says.label;
        number |= says.number;
        plain.whole |= says.whole;
        plain.several |= says.several;
        plain.yes |= says.yes;
        plain.underway |= says.underway;
        plain.receipt &= says.receipt || !says.answer;
        plain.miscounted |= says.miscounted;
        plain.leaves.extend(says.leaves);
        let days = mask::mask(&text, asked, today).dates;
        let soon = |day: &Option<NaiveDate>| day.is_some_and(|day| underway::is_soon(day, today));
        plain.receipt &= says.arrives || says.leaves.is_some() || days.iter().all(soon);
        match (says.answer, says.shipment) {
            (true, true) => strange.push((text, false)),
            (true, false) => {
                match says.never {
                    true => plain.never.push(text.clone()),
                    false => plain.more.push(text.clone()),
                }
                strange.push((text, false));
            }
            (false, _) => strange.push((text, true)),
        }
    }
    // "the tracking number is:", and the number below
    plain.left |= label && number;
    signature::cut(&mut strange, asked.vendor);
    plain.receipt &= strange.iter().all(|(_, strange)| !strange);
    for (text, strange) in strange {
        match strange {
            true => plain.strange.push(text),
            false => plain.clear.push(text),
        }
    }
    plain
}

/// What a note in a cell of a table says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Every sentence may stand beside a shipment.
    pub shipment: bool,
    /// Every sentence may stand in an answer.
    pub answer: bool,
    /// One of them says that goods do not come, or later.
    pub never: bool,
    /// One of them says that goods left.
    pub left: bool,
    /// One of them says yes to what was ordered.
    pub yes: bool,
    /// The days that it names; `None` for one that is not certain.
    pub days: Vec<Option<NaiveDate>>,
}

/// Reads a note in a cell by the same phrases; `known` has the numbers of its row.
pub fn note(cell: &str, today: NaiveDate, known: &KnownBeside) -> Note {
    let asked = AskedPo {
        po_number: "",
        lines: &[],
        vendor: None,
    };
    let known = KnownBeside {
        table: true,
        ..known.clone()
    };
    let cell = cell.replace(['\r', '\n', '\t'], " ");
    let mut note = Note {
        shipment: true,
        answer: true,
        days: mask::mask(&cell, asked, today).dates,
        ..Note::default()
    };
    let pieces = split::sentences(&cell);
    for sentence in &pieces {
        let says = says(sentence, asked, today, &known);
        note.shipment &= says.shipment;
        note.answer &= says.answer;
        note.never |= says.never;
        note.left |= says.left;
        note.yes |= says.yes;
    }
    // signs alone say nothing that is understood
    note.shipment &= !pieces.is_empty();
    note.answer &= !pieces.is_empty();
    note
}

/// Whether a number has the form of this purchase order's, or of its order's.
pub fn looks_like(number: &str, po_number: &str) -> bool {
    acts::another_order(&number.to_lowercase(), &po_number.to_lowercase())
}

/// Whether a subject puts what the mail says in doubt: it asks, or speaks of what went wrong.
pub fn doubtful_subject(subject: &str) -> bool {
    subject.contains('?') || fits(&WENT_WRONG, subject)
}

/// The text with the sentences that are not understood marked: `>>Freight will be $25.00<<`.
pub fn marked(own: &str, sentences: &[String]) -> String {
    let mut out = String::with_capacity(own.len() + 8);
    let mut rest = own;
    for sentence in sentences {
        let Some(at) = rest.find(sentence.as_str()) else {
            continue;
        };
        out.push_str(&rest[..at]);
        out.push_str(&format!(">>{sentence}<<"));
        rest = &rest[at + sentence.len()..];
    }
    out.push_str(rest);
    out
}

/// What one sentence says.
fn says(sentence: &str, asked: AskedPo<'_>, today: NaiveDate, known: &KnownBeside) -> Says {
    let strange = Says::default();
    let text = sentence.trim();
    // an address of the web may have a question mark
    if numbers::contacts(text).contains('?') && !phrases::any_questions(text) {
        return strange;
    }
    let text = numbers::signs(split::greeted(text), known, asked.po_number);
    if footers::is_one(text.trim()) || signature::signed_off(text.trim(), asked.vendor) {
        return Says::inert();
    }
    let answers = known.tracking.is_empty() && !known.attached;
    let text = numbers::vendor_named(&text, asked.vendor);
    let text = match answers {
        true => numbers::own_amounts(&numbers::all_pieces(&text, asked.lines), asked),
        false => text,
    };
    let mut masked = mask::mask(&text, asked, today);
    let ordered = goods::Goods::of(asked);
    if phrases::is_courtesy(&phrases::normal(&masked.text)) {
        // that nobody is there is no receipt
        return Says {
            receipt: !masked.text.contains("closed"),
            ..Says::inert()
        };
    }
    let Some(fitting) = as_ordered(&masked.text, asked, &ordered, known) else {
        return Says {
            miscounted: true,
            ..strange
        };
    };
    masked.text = fitting;
    if !known.attached {
        masked.text = numbers::own_pieces(&masked.text, asked.lines);
    }
    if acts::another_order(&masked.text, &asked.po_number.to_lowercase()) {
        return strange;
    }
    let days: Vec<Option<NaiveDate>> = masked
        .text
        .chars()
        .filter_map(date_of)
        .map(|at| masked.dates.get(at).copied().flatten())
        .collect();
    let words = goods_marked(&phrases::normal(&masked.text), &ordered);
    if arrival::is_one(&words, &days, today) {
        return Says {
            arrives: true,
            ..Says::inert()
        };
    }
    understood(&words, &days, asked, (today, known))
}

/// A masked sentence without the numbers of what was ordered; `None` where it counts otherwise.
fn as_ordered(
    masked: &str,
    asked: AskedPo<'_>,
    ordered: &goods::Goods,
    known: &KnownBeside,
) -> Option<String> {
    let countable = counted::Countable {
        lines: asked.lines,
        goods: ordered,
        parcels: known.tracking.len(),
        orders: known.orders.max(1),
        rows: known.table || known.attached,
    };
    counted::fitting(masked, &countable)
}

/// What the words of a sentence say, with the days in them.
fn understood(
    words: &str,
    days: &[Option<NaiveDate>],
    asked: AskedPo<'_>,
    (today, known): (NaiveDate, &KnownBeside),
) -> Says {
    let rows = known.table || !known.tracking.is_empty();
    if !rows && !known.attached && underway::is_of_past(words, days, today) {
        return Says::default();
    }
    let mut says = match known.attached {
        true => phrases::read_cover(words),
        false => phrases::read(words, rows),
    };
    says.days = days.len();
    // of several articles it is not the order that is meant
    let of_all = asked.lines.len() < 2 || !words.contains([GOODS, LINE]);
    let underway = underway::read(words, days, today).filter(|_| of_all);
    says.receipt = underway.is_some();
    says.underway = underway.is_some_and(|underway| underway.accepted);
    says.leaves = match (underway, days) {
        (Some(underway), [day]) if underway.leaves => *day,
        _ => None,
    };
    says.answer |= says.receipt && !known.table;
    says.yes &= of_all;
    says.whole &= of_all;
    // "this shipped", of an order of one article
    says.whole |= says.left && asked.lines.len() == 1 && underway::this_left(words);
    if !days
        .iter()
        .all(|day| day.is_some_and(|day| past(day, today)))
    {
        // "shipped next week" is no sentence, and beside a shipment no other day is understood
        says.shipment = false;
        says.answer &= !says.left;
        says.left = false;
    }
    says.left_on = days.iter().flatten().min().copied().filter(|_| says.left);
    says
}

/// Whether goods can have left on this day.
fn past(day: NaiveDate, today: NaiveDate) -> bool {
    let earliest = today.checked_sub_days(Days::new(LONGEST_AGO));
    day <= today && earliest.is_none_or(|earliest| day >= earliest)
}

/// Words of the descriptions of what was ordered as signs.
fn goods_marked(text: &str, ordered: &goods::Goods) -> String {
    let word = |word: &str| match ordered.has(word) {
        true => GOODS.to_string(),
        false => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
