//! Words of number and extent, held against the very purchase order: "both", "all four", "the two lamps", "a pair",
//! "these orders", "your package". What does not fit its lines and pieces exactly, the parcels and the orders that
//! are spoken of, or says only a part of them, is not understood. The one place for it, for answers and for what
//! says that goods left.

mod words;

use super::super::AskedLine;
use super::super::goods::Goods;
use std::ops::Range;
use words::*;

/// Words of a sentence: nobody writes longer ones, and each is looked at with those beside it.
const MOST: usize = 300;

/// What may be counted.
pub(super) struct Countable<'a> {
    /// The lines of the purchase order; none where it is not known.
    pub lines: &'a [AskedLine],
    /// The words by which they are told apart.
    pub goods: &'a Goods,
    /// The parcels of the rows beside the words; 0 in an answer.
    pub parcels: usize,
    /// The orders that the rows name; 1 without any.
    pub orders: usize,
    /// Whether the words stand beside a table: its rows say how many.
    pub rows: bool,
}

/// A masked sentence without the numbers that are right: "all 4 lamps" as "all lamps"; `None` where one is not.
pub(super) fn fitting(masked: &str, of: &Countable) -> Option<String> {
    let tokens = tokens(masked);
    if tokens.len() > MOST {
        return None;
    }
    let reader = CountReader { tokens, of };
    let mut put: Vec<(Range<usize>, &str)> = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        let Some((words, with)) = reader.number(at)? else {
            at += 1;
            continue;
        };
        let from = reader.tokens.get(words.start)?.span.start;
        let to = reader.tokens.get(words.end - 1)?.span.end;
        put.push((from..to, with));
        at = words.end;
    }
    if !(0..reader.tokens.len()).all(|place| reader.noun(place, &put)) {
        return None;
    }
    let mut out = masked.to_owned();
    for (span, with) in put.into_iter().rev() {
        out.replace_range(span, with);
    }
    Some(out)
}

struct CountReader<'a> {
    tokens: Vec<Token>,
    of: &'a Countable<'a>,
}

/// What a number counts.
enum Noun {
    Lines(Vec<usize>),
    Items,
    Pieces,
    Orders,
    Parcels,
    /// "both", and no word for what.
    Bare,
}

impl CountReader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    fn is(&self, at: usize, list: &[&str]) -> bool {
        list.contains(&self.word(at))
    }

    /// A number that begins here and is right: the words of it, and what stands for them; `None` inside for no
    /// number of what was ordered, `None` for one that is wrong.
    fn number(&self, at: usize) -> Option<Option<(Range<usize>, &'static str)>> {
        let Some((count, words)) = self.count(at) else {
            return Some(None);
        };
        let mut next = at + words;
        let both = self.word(at) == "both";
        // "all four", and no word for what
        let all = self.before(at) == "all" && (next >= self.tokens.len() || self.is(next, VERBS));
        // "2 of 4", "2 out of the 4"
        let out = self.word(next) == "out" && self.word(next + 1) == "of";
        let mut of = if out { next + 2 } else { next + 1 };
        while self.is(of, DETERMINERS) {
            of += 1;
        }
        if (self.word(next) == "of" || out) && self.count(of).is_some() && !both {
            return None;
        }
        let unit = self.is(next, PIECES) || self.is(next, PIECE);
        next += usize::from(unit);
        while self.is(next, DETERMINERS) && self.kind(next).is_none() {
            next += 1;
        }
        let end = at + words + usize::from(unit);
        let (noun, long, end) = match self.kind(next) {
            Some((noun, long)) => (noun, long, next),
            None if unit => (Noun::Pieces, 0, end),
            None if both || all => (Noun::Bare, 0, end),
            // a number of something else
            None => return Some(None),
        };
        if !self.fits(count, &noun) {
            // digits beside rows are held against these
            let digits = self.word(at).bytes().all(|b| b.is_ascii_digit());
            let shown = self.of.rows || self.of.parcels > 0;
            let compared = digits && shown && !matches!(noun, Noun::Orders);
            return compared.then_some(None);
        }
        if matches!(noun, Noun::Parcels) && self.before(at) == "in" {
            // "in 2 boxes"
            return Some(Some((at - 1..end + long, "")));
        }
        let from = at.saturating_sub(1);
        Some(Some(match (self.before(at), count) {
            ("all", _) => (at..end, ""),
            ("the" | "your" | "our" | "these" | "those", 1) => (at..end, ""),
            ("the", _) => (from..end, "all the"),
            ("your", _) => (from..end, "all your"),
            ("our", _) => (from..end, "all our"),
            ("these", _) => (from..end, "all these"),
            ("those", _) => (from..end, "all those"),
            (_, 1) if long == 0 => (at..end, ""),
            (_, 1) => (at..end, "the"),
            _ => (at..end, "all"),
        }))
    }

    /// A number in digits or words: how many, in how many words.
    fn count(&self, at: usize) -> Option<(i64, usize)> {
        let word = self.word(at);
        // of a name or an amount
        let labels = [
            "order",
            "po",
            "no",
            "number",
            "so",
            "ref",
            "reference",
            "invoice",
            "line",
            "item",
            "sku",
            "part",
            "model",
            "ext",
            "suite",
            "apt",
            "room",
            "this",
            "that",
            "which",
            "ticket",
            "job",
        ];
        let token = self.tokens.get(at)?;
        let labelled = at > 0 && !token.apart && labels.contains(&self.before(at));
        match word {
            "both" => Some((2, 1)),
            "pair" => Some((2, 1)),
            "dozen" => Some((12, 1)),
            _ if labelled => None,
            "a" if self.is(at + 1, &["pair"]) => Some((2, 2)),
            "a" if self.is(at + 1, &["dozen"]) => Some((12, 2)),
            _ if word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()) => {
                let count = word.parse().ok()?;
                Some((count, 1))
            }
            _ => {
                let found = NUMBERS.iter().position(|one| *one == word);
                let count = found.filter(|count| *count > 0)?;
                Some((i64::try_from(count).ok()?, 1))
            }
        }
    }

    /// What stands here for goods, orders or parcels, and in how many words.
    fn kind(&self, at: usize) -> Option<(Noun, usize)> {
        match () {
            () if self.is(at, ORDERS) || self.is(at, &["order", "po"]) => Some((Noun::Orders, 1)),
            () if self.is(at, &["purchase"]) && self.is(at + 1, &["order", "orders"]) => {
                Some((Noun::Orders, 2))
            }
            () if self.is(at, PARCELS) || self.is(at, PARCEL) => Some((Noun::Parcels, 1)),
            () if self.is(at, ITEMS) || self.is(at, ITEM) => Some((Noun::Items, 1)),
            () if self.is(at, PIECES) || self.is(at, PIECE) => Some((Noun::Pieces, 1)),
            () if self.is(at, &["them"]) => Some((Noun::Bare, 1)),
            () => {
                let run = self.run(at);
                let lines = self.lines(at, run);
                (run > 0).then_some((Noun::Lines(lines), run))
            }
        }
    }

    /// How many words of goods stand here, one after another.
    fn run(&self, at: usize) -> usize {
        let goods = |(place, token): &(usize, &Token)| {
            (*place == 0 || !token.apart)
                && (self.of.goods.has(&token.text) || line_sign(&token.text).is_some())
        };
        let rest = self.tokens.iter().skip(at).enumerate();
        rest.take_while(goods).count()
    }

    /// The lines that all words of a run fit.
    fn lines(&self, at: usize, run: usize) -> Vec<usize> {
        let all = (at..at + run).map(|place| self.word(place));
        let mut found: Option<Vec<usize>> = None;
        for word in all {
            let of = match line_sign(word) {
                Some(line) => vec![line],
                None => self.of.goods.of_word(word),
            };
            found = Some(match found {
                None => of,
                Some(before) => before.into_iter().filter(|one| of.contains(one)).collect(),
            });
        }
        found.unwrap_or_default()
    }

    /// The pieces of lines that are still to come, else those that were ordered; `None` where it is not known.
    fn pieces(&self, lines: &[usize]) -> Option<i64> {
        let of = |at: &usize| self.of.lines.get(*at).map(AskedLine::pieces);
        let all: Option<Vec<i64>> = lines.iter().map(of).collect();
        let all = all.filter(|all| !all.is_empty() && all.iter().all(|one| *one > 0))?;
        Some(all.iter().sum())
    }

    fn every(&self) -> Vec<usize> {
        (0..self.of.lines.len()).collect()
    }

    fn fits(&self, count: i64, noun: &Noun) -> bool {
        let every = self.every();
        let is = |number: usize| i64::try_from(number) == Ok(count);
        match noun {
            Noun::Lines(lines) => {
                let several = lines.len() > 1 && is(lines.len());
                !lines.is_empty() && (self.pieces(lines) == Some(count) || several)
            }
            Noun::Items | Noun::Bare => {
                self.pieces(&every) == Some(count) || !every.is_empty() && is(every.len())
            }
            Noun::Pieces => self.pieces(&every) == Some(count),
            Noun::Orders => is(self.of.orders),
            Noun::Parcels => self.of.parcels > 0 && is(self.of.parcels),
        }
    }

    /// Whether a word by itself is of no other number than what was ordered. `counted` are the places whose
    /// number was found right.
    fn noun(&self, at: usize, counted: &[(Range<usize>, &str)]) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return true;
        };
        let inside = |(span, _): &(Range<usize>, &str)| span.contains(&token.span.start);
        if counted.iter().any(inside) {
            return true;
        }
        let every = self.every();
        let total = self.pieces(&every);
        let single = total == Some(1);
        match () {
            () if self.is(at, PARTS) => self.is_idiom(at),
            () if self.is(at, OTHERS) => every.len() > 1 || self.of.rows || self.is_idiom(at),
            () if self.is(at, ORDERS) => self.of.orders > 1 || self.of.rows,
            () if self.is(at, PARCELS) => self.of.parcels > 1 || self.of.rows,
            () if self.is(at, ITEM) => self.is_one_line(at),
            () if self.is(at, PIECE) => single || self.of.rows,
            () if self.is(at, PIECES) => !single || self.is(at, &["each", "ea", "x"]),
            () if self.is(at, THEM) => {
                !single || self.before(at) == "of" || self.of.rows || self.is_items(at + 1)
            }
            () if self.run(at) > 0 && !self.goes_on(at) => self.goods(at),
            () => true,
        }
    }

    /// Whether a run of goods goes on here that began before.
    fn goes_on(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |before| self.run(before));
        before > 1
    }

    /// Words of extent that are part of another word: "first class", "2nd day", "last night".
    fn is_idiom(&self, at: usize) -> bool {
        let next = self.word(at + 1);
        match self.word(at) {
            "first" => matches!(next, "class" | "thing"),
            "second" | "2nd" | "3rd" | "third" => matches!(next, "day" | "party"),
            "last" => matches!(next, "night" | "week" | "name"),
            "part" => matches!(next, "number" | "no") || line_sign(next).is_some(),
            "other" => matches!(next, "charges" | "fees" | "questions"),
            "else" => matches!(self.before(at), "anything" | "something"),
            "more" if self.before(at) == "expect" => true,
            "more" | "additional" => matches!(next, "questions" | "information" | "help"),
            _ => false,
        }
    }

    /// "The item": the only line, or the one that stands beside it.
    fn is_one_line(&self, at: usize) -> bool {
        let beside = self.tokens.iter().any(|one| line_sign(&one.text).is_some());
        self.of.lines.len() < 2
            || beside
            || self.of.rows
            || self.word(at) == "sku"
            || self.word(at) == "line" && self.word(at + 1).bytes().all(|b| b.is_ascii_digit())
    }

    fn is_items(&self, at: usize) -> bool {
        self.is(at, ITEMS) || self.is(at, &["goods"])
    }

    /// Goods that are named: of one line at least, and no more or fewer than there are of it.
    fn goods(&self, at: usize) -> bool {
        let run = self.run(at);
        let signed = (at..at + run).any(|place| line_sign(self.word(place)).is_some());
        let lines = self.lines(at, run);
        if lines.is_empty() {
            return false;
        }
        if signed || self.of.rows {
            return true;
        }
        let pieces = self.pieces(&lines);
        let plural = (at..at + run).any(|place| self.of.goods.is_plural(self.word(place)));
        if plural {
            return pieces != Some(1);
        }
        // "the lamp" of four, or of two that are not the same
        let one = ["the", "your", "this", "that", "a", "an"].contains(&self.before(at));
        let named = (at..at + run).any(|place| self.of.goods.is_singular(self.word(place)));
        lines.len() == 1 && (!one || !named || pieces.is_none_or(|pieces| pieces == 1))
    }
}

#[cfg(test)]
#[path = "counted/tests.rs"]
mod tests;
