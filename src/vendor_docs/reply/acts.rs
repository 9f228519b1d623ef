//! What the sentences of a reply say. Whatever could turn a statement into its contrary (a "not", an
//! "if", a question, "some") makes the sentence unclear.

use super::bound;
use super::goods::{Goods, odd_subject};
use super::mask::{self, date_of, line_of};
use super::places::NOWHERE;
use super::sentences::sentences;
use super::verdict::ReplyVerdict;
use super::vocabulary::*;
use super::{Ack, AskedPo};
use crate::domain::pattern::fits;
use chrono::NaiveDate;

/// Reads one piece of the vendor's own text. `context` are the lines that the quoted text above it
/// names, for answers between the lines.
pub(super) fn read(
    text: &str,
    context: &[usize],
    asked: AskedPo<'_>,
    today: NaiveDate,
    into: &mut ReplyVerdict,
) {
    let masked = mask::mask(text, asked, today);
    let po_number = asked.po_number.to_lowercase();
    let goods = Goods::of(asked);
    let mut before: Vec<usize> = Vec::new();
    for sentence in sentences(&masked.text) {
        let named = lines_in(&sentence);
        if asked.lines.len() > 1 && bound::says_more(&sentence, !context.is_empty()) {
            into.doubt(&[]);
        }
        if named.is_empty() && bound::is_together(&sentence) {
            into.together();
        }
        let follows = named.is_empty() && fits(&PRONOUN, &sentence);
        let reader = ActReader {
            dates: &masked.dates,
            context: if follows && !before.is_empty() {
                &before
            } else {
                context
            },
            today,
            po_number: &po_number,
            several: asked.lines.len() > 1,
            goods: &goods,
        };
        let parts = split(&EXCEPT, &sentence);
        match parts.as_slice() {
            [all, but] => {
                reader.sentence(all, into);
                // "All but B" says nothing of B unless it goes on.
                if !reader.sentence(but, into) {
                    into.doubt(&lines_in(&sentence));
                }
            }
            _ => {
                reader.sentence(&sentence, into);
            }
        }
        into.named(&named);
        if !named.is_empty() {
            before = named;
        }
    }
}

fn lines_in(text: &str) -> Vec<usize> {
    text.chars().filter_map(line_of).collect()
}

struct ActReader<'a> {
    dates: &'a [Option<NaiveDate>],
    context: &'a [usize],
    today: NaiveDate,
    /// In lower case.
    po_number: &'a str,
    /// Whether the order has more than one line.
    several: bool,
    goods: &'a Goods,
}

/// A part of a sentence: the lines it names and what it says.
#[derive(Default)]
struct Clause {
    text: String,
    lines: Vec<usize>,
    dates: Vec<Option<NaiveDate>>,
}

impl ActReader<'_> {
    /// Reads a sentence; `false` when it says nothing that acts.
    fn sentence(&self, sentence: &str, into: &mut ReplyVerdict) -> bool {
        if fits(&POLITE, sentence) && !fits(&ACCEPTED, &without(&FILLER, sentence)) {
            return false;
        }
        let sentence = without(&FILLER, sentence);
        if fits(&TAKEN_BACK, &sentence) {
            into.doubt(&[]);
            return true;
        }
        let named = lines_in(&sentence);
        let sentence = match into.has_named() || !named.is_empty() {
            true => put(&OTHERS, &sentence, EVERYTHING_ELSE),
            false => sentence,
        };
        let lines = if named.is_empty() {
            self.context.to_vec()
        } else {
            named.clone()
        };
        let clear = without(&OUT_OF_STOCK, &without(&DISCONTINUED, &sentence));
        let says = fits(&DISCONTINUED, &sentence)
            || fits(&OUT_OF_STOCK, &sentence)
            || self.acts(&sentence);
        if !says && fits(&CLOSED, &sentence) {
            return false;
        }
        if fits(&YES, &sentence) && named.is_empty() && !self.context.is_empty() {
            into.say(self.context, Ack::Accepted);
            return true;
        }
        if let Some(lines) = says.then(|| self.riddle(&sentence, &lines)).flatten() {
            into.doubt(&lines);
            return true;
        }
        let question = sentence.trim_end().ends_with('?');
        let doubtful = fits(&DOUBT, &clear) && (says || fits(&RELEVANT, &sentence));
        if question
            || doubtful
            || (says && (foreign(&sentence) || another_order(&sentence, self.po_number)))
        {
            into.doubt(&lines);
            return true;
        }
        self.clauses(&sentence, lines, into)
    }

    /// The lines that a sentence may mean without naming them by number, where there are several:
    /// they are in doubt, or all when it could be any. `named` are those that it names.
    fn riddle(&self, sentence: &str, named: &[usize]) -> Option<Vec<usize>> {
        if sentence.contains(NOWHERE) {
            return Some(Vec::new());
        }
        if !self.several {
            return None;
        }
        let meant = self.goods.meant(sentence);
        let other = |lines: &Vec<usize>| !lines.iter().any(|line| named.contains(line));
        match meant {
            Some(lines) if other(&lines) => return Some([named, &lines].concat()),
            _ if !named.is_empty() => return None,
            _ => {}
        }
        (about_something(sentence) || odd_subject(sentence)).then(Vec::new)
    }

    fn acts(&self, text: &str) -> bool {
        [&BACKORDERED, &CANCELLED, &REJECTED, &ACCEPTED]
            .iter()
            .any(|p| fits(p, text))
            || ships(text) && text.chars().any(|c| date_of(c).is_some())
    }

    fn clause(&self, text: String) -> Clause {
        let text = put(&FINE, &text, "${1}accepted");
        let text = put(&FINE_FOR, &text, "accepted for");
        let dates = text.chars().filter_map(date_of);
        let dates = dates
            .map(|at| self.dates.get(at).copied().flatten())
            .collect();
        Clause {
            lines: lines_in(&text),
            dates,
            text,
        }
    }

    /// Reads a sentence part by part. Lines named without a statement belong to the next part that
    /// has one ("A, B are accepted"), or to the one before when statements come first
    /// ("accepted: A, B").
    fn clauses(&self, sentence: &str, lines: Vec<usize>, into: &mut ReplyVerdict) -> bool {
        let clauses: Vec<Clause> = split(&CONJUNCTION, sentence)
            .into_iter()
            .map(|text| self.clause(text))
            .collect();
        let says = |clause: &Clause| {
            fits(&DISCONTINUED, &clause.text)
                || fits(&OUT_OF_STOCK, &clause.text)
                || self.acts(&clause.text)
        };
        let first_act = clauses.iter().position(says);
        let first_line = clauses.iter().position(|clause| !clause.lines.is_empty());
        let before = matches!((first_act, first_line), (Some(act), Some(line)) if act < line || act == line && act_first(&clauses[act].text));
        let mut waiting: Vec<usize> = Vec::new();
        let mut spoke = false;
        for clause in clauses {
            if !says(&clause) {
                if !clause.lines.is_empty() && clause.dates.len() == 1 && into.last_ships() {
                    // "line 1 ships on the 4th and line 2 on the 11th"
                    let ships = Clause {
                        text: format!("ships {}", clause.text),
                        ..clause
                    };
                    self.statement(&ships, ships.lines.clone(), into);
                    continue;
                }
                if !clause.lines.is_empty() && before && spoke {
                    into.again(&clause.lines);
                } else {
                    waiting.extend(&clause.lines);
                }
                self.loose_date(&clause, &lines, into);
                continue;
            }
            let mut meant = std::mem::take(&mut waiting);
            meant.extend(&clause.lines);
            let others = clause.text.contains(EVERYTHING_ELSE);
            if others {
                meant.clear();
            } else if meant.is_empty() && spoke {
                meant = into.last_lines();
            } else if meant.is_empty() && self.context.is_empty() {
                // A statement before any line is named is about all.
                meant = Vec::new();
            } else if meant.is_empty() {
                meant = self.context.to_vec();
            }
            let dated = !clause.dates.is_empty() || fits(&BACKORDERED, &clause.text);
            if meant.is_empty() && dated && !others {
                into.all_again();
            }
            self.statement(&clause, meant, into);
            spoke = true;
        }
        if !waiting.is_empty() && spoke {
            into.doubt(&waiting);
        }
        spoke
    }

    /// A date in a part that says nothing else: when backordered goods come, or a riddle.
    fn loose_date(&self, clause: &Clause, lines: &[usize], into: &mut ReplyVerdict) {
        let comes = |into: &mut ReplyVerdict| match clause.dates.as_slice() {
            [date] => {
                let bare = |c: char| date_of(c).is_some() || !c.is_alphanumeric();
                let comes = fits(&AVAILABLE, &clause.text)
                    || fits(&SUPPLY, &clause.text)
                    || clause.text.chars().all(bare);
                comes && into.until(date.filter(|d| *d >= self.today))
            }
            _ => false,
        };
        if !clause.dates.is_empty() && !comes(into) {
            into.doubt(lines);
        }
    }

    fn statement(&self, clause: &Clause, lines: Vec<usize>, into: &mut ReplyVerdict) {
        let text = &clause.text;
        let discontinued = fits(&DISCONTINUED, text);
        let out = fits(&OUT_OF_STOCK, text);
        let back = fits(&BACKORDERED, text);
        let cancelled = fits(&CANCELLED, text);
        let rejected = fits(&REJECTED, text);
        let accepted = fits(&ACCEPTED, text);
        let ships = ships(text) && !clause.dates.is_empty();
        let date = match clause.dates.as_slice() {
            [] => None,
            [Some(day)] if *day >= self.today || fits(&SHIPPED, text) => Some(*day),
            // More than one day, a day that is none, or a promise for the past.
            _ => return into.doubt(&lines),
        };
        let kinds = [discontinued, cancelled || rejected, back || out, accepted];
        let several = kinds.iter().filter(|kind| **kind).count() > 1;
        let no_place_for_date = date.is_some() && !ships && !back && !out;
        if several || no_place_for_date || (ships && (discontinued || cancelled || rejected)) {
            return into.doubt(&lines);
        }
        let reason = |reason: &str| Ack::Rejected {
            reason: reason.to_owned(),
        };
        if discontinued {
            into.say(&lines, reason("discontinued"));
        } else if cancelled {
            into.say(&lines, reason("cancelled by the vendor"));
        } else if rejected {
            into.say(&lines, reason("rejected"));
        } else if back || (out && date.is_some()) {
            into.say(&lines, Ack::Backordered { until: date });
        } else if out {
            into.say(&lines, reason("out of stock"));
        } else {
            if accepted {
                into.say(&lines, Ack::Accepted);
            }
            if let Some(date) = date {
                into.say(&lines, Ack::ShipDate { date });
            }
        }
    }
}

/// Whether the vendor's goods leave; what the vendor itself waits for is something else.
fn ships(text: &str) -> bool {
    fits(&SHIPS, text) && !fits(&SUPPLY, text)
}

/// Whether the statement stands before the first line that is named: "accepted: A".
fn act_first(text: &str) -> bool {
    let line = text
        .char_indices()
        .find(|(_, c)| line_of(*c).is_some())
        .map(|(at, _)| at);
    let acts = [
        &DISCONTINUED,
        &OUT_OF_STOCK,
        &BACKORDERED,
        &CANCELLED,
        &REJECTED,
        &ACCEPTED,
        &SHIPS,
    ];
    let act = acts
        .iter()
        .filter_map(|p| Some(p.as_ref()?.find(text)?.start()))
        .min();
    matches!((act, line), (Some(act), Some(line)) if act < line)
}

/// Whether a sentence names another purchase order of ours: a word that is like this one's number,
/// which itself is masked, in all but digits.
pub(super) fn another_order(sentence: &str, po_number: &str) -> bool {
    let shape = |text: &str| -> String {
        let like = |c: char| if c.is_ascii_digit() { '9' } else { c };
        text.chars().map(like).collect()
    };
    let order = po_number
        .rsplit_once('-')
        .map_or(po_number, |(order, _)| order);
    let telling = order.contains(|c: char| c.is_alphabetic());
    let (whole, order) = (shape(po_number), shape(order));
    let mut words = sentence
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '(' | ')' | '"' | '#'));
    words.any(|word| {
        let word = shape(word.trim_matches(['.', '\'', '-', '/']));
        !word.is_empty() && (word == whole && whole.contains('9') || telling && word == order)
    })
}

/// Whether a sentence names an article that is not on the order.
fn foreign(sentence: &str) -> bool {
    if fits(&NAMED, sentence) {
        return true;
    }
    let mut at = 0;
    sentence
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '(' | ')' | '"'))
        .any(|word| {
            let start = sentence[at..].find(word).map_or(at, |found| at + found);
            at = start + word.len();
            let word = word.trim_matches(['.', '\'', '#', '-', '/']);
            let digit = word.chars().any(|c| c.is_ascii_digit());
            let letter = word.chars().any(|c| c.is_ascii_alphabetic()) || word.contains('-');
            let plain = word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
            let phone = word
                .chars()
                .all(|c| c.is_ascii_digit() || c == '-' || c == '.')
                && word.len() >= 8;
            let time = word.ends_with("am") || word.ends_with("pm") || word.starts_with("1z");
            let own = fits(&OWN_NUMBER, &sentence[..start]);
            digit && letter && plain && word.len() >= 4 && !phone && !time && !own
        })
}
