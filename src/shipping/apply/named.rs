//! Numbers of orders that a mail names and that are none of the purchase order's which it answers: a
//! vendor who answers from the wrong thread means another one, and nothing of it must act.

use crate::domain::text::one_line;
use crate::ledger::cancellations;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::reply::plain;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Longest text that is looked through, in characters, and most words that the ledger is asked about.
const LONGEST: usize = 8_000;
const MOST: usize = 400;

/// Words before a number that make it one of ours: the buyer's, as vendors name it.
static OURS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:p\.? ?o\.?|purchase[ -]?orders?|(?:your|customer|cust\.?|buyer'?s?) (?:p\.? ?o\.?|purchase order|order|ref(?:erence)?))\s*(?:(?:number|numbers|no|nos|nr|num|ref|id)\b\.?)?\s*(?:(?:is|was)\b)?\s*[:#=.-]*\s*#?\s*(?P<number>[a-z0-9][a-z0-9~._-]*)",
    )
    .ok()
});
/// Words before a number that make it an order's, perhaps the vendor's own.
static ORDERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?P<whose>\b(?:our|sales|vendor|web|internal|s) )?\border\s*(?:(?:number|numbers|no|nos|nr|num|ref|id)\b\.?)?\s*(?:(?:is|was)\b)?\s*[:#=.-]*\s*#?\s*(?P<number>[a-z0-9][a-z0-9~._-]*)",
    )
    .ok()
});

/// The numbers in a text that name another order than the purchase order's, ours or one that poms never
/// made, as they were written.
pub(super) fn others(tx: &Tx, po: &PoRow, text: &str) -> Result<Vec<String>> {
    let text: String = text.chars().take(LONGEST).collect();
    let own = Own::of(tx, po)?;
    let mut found = BTreeSet::new();
    for number in labelled(&OURS, &text) {
        let like_one = number.len() >= 3 && number.contains(|c: char| c.is_ascii_digit());
        // a long row of letters and digits is a parcel's
        let parcel = number.len() >= 12 && !number.contains('-');
        if like_one && !parcel && !is_day(&number) && !own.has(&number) {
            found.insert(number);
        }
    }
    for number in labelled(&ORDERS, &text) {
        if !own.has(&number) && (is_ours(tx, &number)? || plain::looks_like(&number, &po.number)) {
            found.insert(number);
        }
    }
    for word in words(&text).take(MOST).map(cancellations::po_of) {
        // a bare number may be anything
        let telling = word.contains(|c: char| c.is_alphabetic() || c == '-');
        let digit = word.contains(|c: char| c.is_ascii_digit());
        if telling
            && digit
            && !own.has(word)
            && (plain::looks_like(word, &po.number)
                || is_po(tx, word)?
                || word.contains('-') && is_ours(tx, word)?)
        {
            found.insert(word.to_owned());
        }
    }
    Ok(found.into_iter().collect())
}

/// The same as a sentence for the person who must read the mail; `None` where nothing else is named.
pub(super) fn doubt(tx: &Tx, po: &PoRow, texts: &[&str], shown: &str) -> Result<Option<String>> {
    let others = others(tx, po, &texts.join("\n"))?;
    Ok((!others.is_empty()).then(|| {
        format!(
            "{} writes to the address or in the thread of {}, and names {}, which is another order: nothing is taken \
             for {} by it: {}",
            po.vendor_name,
            po.number,
            one_line(&others.join(", ")),
            po.number,
            one_line(shown)
        )
    }))
}

/// Whether a cell that names an order names another than the purchase order's: any number that is none of
/// its own where the column asks for ours, else one of ours, or one that looks like it.
pub(super) fn is_other(tx: &Tx, po: &PoRow, cell: &str, asks_for_ours: bool) -> Result<bool> {
    let own = Own::of(tx, po)?;
    let mut text = cell.trim().to_lowercase();
    for label in ["purchase order", "p.o.", "po", "order"] {
        let rest = text.strip_prefix(label);
        if let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '#', ':'])) {
            text = rest.to_owned();
            break;
        }
    }
    let text = text.trim_matches([' ', '#', ':', '=', '"', '\'', '.']);
    if text.is_empty() || own.has(text) {
        return Ok(false);
    }
    // "your order W1-1"
    let words: Vec<&str> = text.split_whitespace().map(bare).collect();
    if words.iter().any(|word| own.has(word)) {
        for word in words.into_iter().filter(|word| !own.has(word)) {
            if is_ours(tx, word)? || plain::looks_like(word, &po.number) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    Ok(asks_for_ours || is_ours(tx, text)? || plain::looks_like(text, &po.number))
}

/// Whether a number under a heading that says not whose it is has the form of the purchase order's number:
/// its letters with other figures, or, with a dash, other letters too.
pub(super) fn has_form(heading: &str, cell: &str, po_number: &str) -> bool {
    let words = words_of(heading);
    let theirs = [
        "our",
        "vendor",
        "supplier",
        "seller",
        "sales",
        "so",
        "invoice",
        "inv",
        "confirmation",
        "ack",
        "packing",
        "delivery",
        "internal",
        "shipment",
        "bol",
    ];
    if words.iter().any(|word| theirs.contains(&word.as_str())) {
        return false;
    }
    let form = |text: &str, letters: bool| -> String {
        let mut form = String::new();
        for c in text.trim_matches([' ', '#']).to_lowercase().chars() {
            let sign = match c {
                c if c.is_ascii_digit() => '9',
                c if c.is_alphabetic() && !letters => 'a',
                c => c,
            };
            if !(sign == '9' || sign == 'a' && !letters) || !form.ends_with(sign) {
                form.push(sign);
            }
        }
        form
    };
    let order = po_number
        .rsplit_once('-')
        .map_or(po_number, |(order, _)| order);
    let telling = order.contains(|c: char| c.is_alphabetic());
    let same = [po_number, order]
        .iter()
        .any(|own| form(own, true) == form(cell, true));
    let dashed = po_number.contains('-') && form(po_number, false) == form(cell, false);
    telling && (same || dashed)
}

/// The numbers by which a purchase order is known, in small letters.
struct Own(Vec<String>);

impl Own {
    fn of(tx: &Tx, po: &PoRow) -> Result<Own> {
        let mut all = vec![
            po.number.to_lowercase(),
            po.order.0.to_lowercase(),
            po.order_reference().to_lowercase(),
        ];
        let cancelled = tx.cancellations_of_po(po.id)?;
        all.extend(cancelled.iter().map(|row| row.number.to_lowercase()));
        let lines = tx.line_states(po.id)?;
        all.extend(lines.iter().map(|line| line.sku.to_lowercase()));
        all.extend(lines.iter().map(|line| line.vendor_sku.to_lowercase()));
        for number in &mut all {
            *number = bare(number).to_owned();
        }
        Ok(Own(all))
    }

    fn has(&self, number: &str) -> bool {
        let number = number.to_lowercase();
        let number = bare(&number);
        self.0.iter().any(|own| own == number)
    }
}

fn bare(number: &str) -> &str {
    number.trim_matches(|c: char| matches!(c, '#' | '.' | '\'' | '-' | '/' | '~' | ' '))
}

fn labelled(pattern: &LazyLock<Option<Regex>>, text: &str) -> Vec<String> {
    let found = pattern.as_ref().map(|pattern| pattern.captures_iter(text));
    let found = found.into_iter().flatten();
    // "our order 4711" is the vendor's own
    let theirs = found.filter(|one| one.name("whose").is_none());
    let numbers = theirs.filter_map(|one| {
        let number = one.name("number")?;
        let share = text[number.end()..].starts_with('%');
        (!share).then(|| bare(number.as_str()).to_owned())
    });
    numbers.filter(|number| !number.is_empty()).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let parted = |c: char| c.is_whitespace() || ",:;()[]<>\"!?=|".contains(c);
    text.split(parted).map(bare).filter(|word| word.len() > 2)
}

/// `12/4`, `2026-12-04`, `2nd`.
fn is_day(number: &str) -> bool {
    let parts: Vec<&str> = number.split(['-', '.']).collect();
    let all_digits = parts
        .iter()
        .all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| {
        number
            .to_lowercase()
            .strip_suffix(end)
            .is_some_and(|day| day.len() <= 2 && day.bytes().all(|b| b.is_ascii_digit()))
    });
    ordinal || all_digits && parts.len() == 3
}

/// Whether the ledger knows a purchase order of that number, however it is written.
fn is_po(tx: &Tx, number: &str) -> Result<bool> {
    let large = number.to_uppercase();
    Ok(tx.po_numbered(number)?.is_some() || tx.po_numbered(&large)?.is_some())
}

/// Whether the ledger knows an order or a purchase order of that number.
fn is_ours(tx: &Tx, number: &str) -> Result<bool> {
    let large = number.to_uppercase();
    Ok(is_po(tx, number)?
        || !tx.orders_numbered(number)?.is_empty()
        || !tx.orders_numbered(&large)?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_words_for_them() {
        let ours = |text: &str| labelled(&OURS, text);
        for (text, number) in [
            ("PO#: V030-1\nConfirmed.", "V030-1"),
            ("Purchase order V030-1 confirmed", "V030-1"),
            ("We cancelled PO S99-1.", "S99-1"),
            ("PO Number: 4711-1", "4711-1"),
            ("Your order no. 10032 ships today", "10032"),
            ("P.O. 4711", "4711"),
            ("customer PO = #1001-1", "1001-1"),
        ] {
            assert_eq!(ours(text), [number], "{text}");
        }
        assert_eq!(labelled(&ORDERS, "Order number: V030"), ["V030"]);
        assert_eq!(labelled(&ORDERS, "Our order number: 4711"), [""; 0]);
        for text in ["shipped", "PO Box 12", "repo 12345"] {
            let numbers = ours(text).into_iter();
            let mut numbers = numbers.filter(|one| one.contains(|c: char| c.is_ascii_digit()));
            assert_eq!(numbers.next(), None, "{text}");
        }
        assert_eq!(cancellations::po_of("W1-1-C12"), "W1-1");
        assert_eq!(cancellations::po_of("W1-Cable"), "W1-Cable");
        assert!(is_day("2026-12-04") && is_day("2nd") && !is_day("4711-1"));
    }
}
