//! Answers to several purchase orders at once: to a question of ours about them, or to the own addresses
//! of several. All that the vendor writes must be understood, each part of it about its own purchase
//! order; else nothing of it acts, and one exception is tied to all of them.

use super::letter::{may_nod, person};
use super::{Hold, ProvedPaper, advise, agrees, answer, asked_lines, files, heard, judge, named};
use crate::domain::codes::Code;
use crate::domain::lifecycle::{CancellationState, PoState};
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, Trust, VendorMail};
use crate::vendor_docs::advice::{self, Advice, Document, Mail};
use crate::vendor_docs::reply::parts::{self, Block, MARK, TextParts};
use crate::vendor_docs::reply::{self, Ack, AskedPo, Scope, plain};
use crate::vendor_docs::text::quote;
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// Most words that the ledger is asked about.
const MOST: usize = 1_000;

/// One of several: "your order is confirmed" does not say which.
static ONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:it|its|this|that|one|order|po|p\.o|item|line|product|piece|package|parcel|shipment|either|some|most|only)\b").ok()
});
/// All of them.
static ALL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:all|both|everything|each|they|these)\b").ok());
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:all|the)\s+(?P<count>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)(?:\s+(?:of (?:them|these)|orders|pos|purchase orders))?\b").ok()
});
/// All of them, as each is meant by itself: "both orders are confirmed" says of one that it is.
static EACH: LazyLock<Option<[Regex; 2]>> = LazyLock::new(|| {
    let orders = "(?:orders|pos|purchase orders)";
    Some([
        Regex::new(&format!(
            r"(?i)\b(?:both|all)\b(?:\s+of\s+(?:them|these|those))?(?:\s+(?:(?:the|your|these)\s+)?{orders}\b)?"
        ))
        .ok()?,
        Regex::new(&format!(
            r"(?i)\b(?:(?:the|your|these|those)\s+)?{orders}\b|\b(?:these|those|them)\b"
        ))
        .ok()?,
    ])
});
const COUNTS: [&str; 11] = [
    "", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];

/// What of a mail counts for one purchase order.
enum MailPart {
    Answer(Vec<(Scope, Ack)>),
    Left(Advice),
}

/// The purchase orders that a mail may be about, where it is not known to be about one.
pub(super) fn asked(tx: &Tx, mail: &VendorMail) -> Result<Vec<PoRow>> {
    let mut all = Vec::new();
    for number in &mail.asked {
        all.extend(tx.po_numbered(number)?);
    }
    Ok(all)
}

/// Acts on the words of such a mail; `None` where they do not say for certain what they say of which.
pub(super) fn words(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    today: NaiveDate,
) -> Result<Option<Handled>> {
    let all = asked(tx, mail)?;
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref()).unwrap_or_default();
    let Some(first) = all.first().filter(|_| all.len() > 1) else {
        return Ok(None);
    };
    let one_of_them = |number: &String| {
        let mut asked = mail.asked.iter();
        asked.any(|asked| parts::bare(asked).eq_ignore_ascii_case(parts::bare(number)))
    };
    let others = named::others(tx, first, &mail.subject)?;
    if plain::doubtful_subject(&mail.subject) || !others.iter().all(one_of_them) {
        return Ok(None);
    }
    let Some(meant) = meant(tx, paper, mail, &own)? else {
        return Ok(None);
    };
    let found = match meant.is_empty() {
        true => of_all(tx, paper, mail, &all, &own, today)?,
        false => of_each(tx, paper, mail, &meant, &own, today)?,
    };
    match found {
        Some(parts) => act(tx, paper, mail, &parts).map(Some),
        None => Ok(None),
    }
}

/// The purchase orders that the words name; `None` where they name one that the sender may not speak of.
fn meant(tx: &Tx, paper: &ProvedPaper, mail: &VendorMail, own: &str) -> Result<Option<Vec<PoRow>>> {
    let mut all: Vec<PoRow> = Vec::new();
    for (_, word) in parts::words(own).take(MOST) {
        let found = match tx.po_numbered(word)? {
            Some(po) => Some(po),
            None => tx.po_numbered(&word.to_uppercase())?,
        };
        let Some(po) = found else { continue };
        let only = matches!(mail.trust, Trust::Addresses { .. });
        let theirs = Some(po.vendor_id.as_str()) == paper.vendor;
        if !theirs || only && !mail.asked.contains(&po.number) {
            return Ok(None);
        }
        if all.iter().all(|known| known.id != po.id) {
            all.push(po);
        }
    }
    Ok(Some(all))
}

/// A plain yes to a question that asked for nothing else: it says it of all.
fn of_all(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    all: &[PoRow],
    own: &str,
    today: NaiveDate,
) -> Result<Option<Vec<(PoRow, MailPart)>>> {
    let mut own = own.to_owned();
    if let Some(found) = COUNTED.as_ref().and_then(|counted| counted.captures(&own)) {
        let count = found["count"].to_lowercase();
        let right = count == all.len().to_string() || COUNTS.get(all.len()) == Some(&&*count);
        if !right {
            return Ok(None);
        }
        let whole = found.get(0).map_or(0..0, |whole| whole.range());
        own.replace_range(whole, "all");
    }
    let has = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_none_or(|p| p.is_match(&own));
    let both = own.to_lowercase().contains("both") && all.len() != 2;
    if !mail.yes_to_all || has(&ONE) || both {
        return Ok(None);
    }
    let each = EACH.as_ref().map_or_else(
        || own.clone(),
        |[all, them]| {
            let text = all.replace_all(&own, "everything");
            them.replace_all(&text, "it").into_owned()
        },
    );
    let mut parts = Vec::new();
    for po in all {
        if matches!(po.state, PoState::Cancelled | PoState::Closed) {
            continue;
        }
        let Some(MailPart::Answer(said)) = part(tx, paper, po, &each, today)? else {
            return Ok(None);
        };
        let yes = |(scope, ack): &(Scope, Ack)| {
            let day = matches!(ack, Ack::ShipDate { .. }) && has(&ALL);
            *scope == Scope::All && (day || *ack == Ack::Accepted)
        };
        if !said.iter().all(yes) || !may_nod(po, &tx.line_states(po.id)?) {
            return Ok(None);
        }
        parts.push((po.clone(), MailPart::Answer(said)));
    }
    Ok((!parts.is_empty()).then_some(parts))
}

/// Words beside numbers.
fn of_each(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    named: &[PoRow],
    own: &str,
    today: NaiveDate,
) -> Result<Option<Vec<(PoRow, MailPart)>>> {
    let numbers: Vec<String> = named.iter().map(|po| po.number.clone()).collect();
    let Some(parts) = parts::of(own, &numbers).filter(|parts| are_certain(parts, named, today))
    else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for (at, po) in named.iter().enumerate() {
        let of = parts.blocks.iter().filter(|one| one.numbers.contains(&at));
        let text: String = of.map(|one| text_of(one, po)).collect();
        let Some(part) = part(tx, paper, po, &text, today)? else {
            return Ok(None);
        };
        found.push((po.clone(), part));
    }
    // what is said of none of those that were asked about is no answer
    let answers = named.iter().any(|po| mail.asked.contains(&po.number));
    Ok(answers.then_some(found))
}

fn text_of(block: &Block, po: &PoRow) -> String {
    let said = block.said.replace(MARK, &po.number);
    format!("{said}{}", block.more)
}

/// Whether it is certain which words belong to which number: what stands apart says nothing, and words
/// that follow one are no words about all.
fn are_certain(parts: &TextParts, named: &[PoRow], today: NaiveDate) -> bool {
    let vendor = named.first().map(|po| po.vendor_name.as_str());
    let apart = read(&format!("Thank you.\n{}", parts.apart), "", vendor, today);
    let silent = apart.strange.is_empty()
        && apart.never.is_empty()
        && apart.more.is_empty()
        && !apart.left
        && !apart.yes;
    let number = |block: &Block| {
        let first = block.numbers.first().and_then(|at| named.get(*at));
        first.map_or("", |po| po.number.as_str()).to_owned()
    };
    // "both ship Friday" below the last one
    let follows = |block: &&Block| {
        let number = number(block);
        let said = block.said.replace(MARK, &number);
        let (before, after) = (
            read(&said, &number, vendor, today),
            read(&format!("{said}{}", block.more), &number, vendor, today),
        );
        let count = |plain: &plain::Plain| {
            let all = [&plain.strange, &plain.never, &plain.more];
            all.map(Vec::len)
        };
        !block.more.is_empty() && (count(&before) != count(&after) || before.left != after.left)
    };
    let following = parts.blocks.iter().filter(follows).count();
    let tracked = parts.blocks.iter().filter(follows).all(|block| {
        let text = block.more.to_uppercase();
        text.contains("1Z") || text.chars().filter(char::is_ascii_digit).count() >= 9
    });
    let left = |block: &&Block| {
        let number = number(block);
        let said = block.said.replace(MARK, &number);
        !follows(block) && read(&said, &number, vendor, today).left
    };
    let alone = following == 0 || following == parts.blocks.len();
    silent && (alone || tracked && !parts.blocks.iter().any(|block| left(&block)))
}

fn read(text: &str, po_number: &str, vendor: Option<&str>, today: NaiveDate) -> plain::Plain {
    let asked = AskedPo {
        po_number,
        lines: &[],
        vendor,
    };
    plain::read(text, asked, today, &plain::KnownBeside::default())
}

/// What a text says of one purchase order, if all of it is understood and could act.
fn part(
    tx: &Tx,
    paper: &ProvedPaper,
    po: &PoRow,
    text: &str,
    today: NaiveDate,
) -> Result<Option<MailPart>> {
    let cancelled = tx.cancellations_of_po(po.id)?;
    if cancelled
        .iter()
        .any(|row| row.state == CancellationState::Open)
    {
        return Ok(None);
    }
    let said = Mail {
        text: Some(text),
        ..Mail::default()
    };
    if named::doubt(tx, po, &[text], text)?.is_some() || agrees::keys(tx, po, text)?.is_some() {
        return Ok(None);
    }
    let paper = of(paper, po);
    if let Ok(found) = advice::read(&Document::Mail(said), today)
        && (!found.rows.is_empty() || !found.errors.is_empty())
        && files::says_that_goods_left(&found)
    {
        let own = heard::is_own(&found) && found.errors.is_empty();
        let (found, doubt) = heard::of(tx, &said, Some(po), found, today)?;
        if !own || doubt.is_some() {
            return Ok(None);
        }
        for row in &found.rows {
            match judge::judge(tx, &paper, row, found.rows.len() == 1)? {
                Ok((meant, _)) if meant.id == po.id => {}
                _ => return Ok(None),
            }
        }
        return Ok(Some(MailPart::Left(found)));
    }
    let states = tx.line_states(po.id)?;
    let lines = asked_lines(po, &states);
    let asked = AskedPo {
        po_number: &po.number,
        lines: &lines,
        vendor: Some(&po.vendor_name),
    };
    let reply = reply::read(Some(text), None, asked, today);
    let whole = reply.unclear.is_none() && reply.strange.is_empty() && !reply.per_line.is_empty();
    let clear = whole && !plain::read(text, asked, today, &plain::KnownBeside::default()).left;
    let means_it = !reply.nod || may_nod(po, &states);
    Ok((clear && means_it).then_some(MailPart::Answer(reply.per_line)))
}

/// The same document, about one purchase order.
fn of<'a>(paper: &ProvedPaper<'a>, po: &PoRow) -> ProvedPaper<'a> {
    ProvedPaper {
        only_po: Some(po.id),
        about: Some(po.id),
        ..*paper
    }
}

fn act(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    parts: &[(PoRow, MailPart)],
) -> Result<Handled> {
    let mut held = None;
    for (po, part) in parts {
        let paper = of(paper, po);
        match part {
            MailPart::Answer(said) => {
                if let Err(Hold { code, message, .. }) = answer::answer(tx, &paper, po, said)? {
                    held = Some(person(tx, paper.settings, mail, Some(po), code, &message)?);
                }
            }
            MailPart::Left(found) => {
                advise::advise(tx, &paper, found)?;
            }
        }
    }
    let numbers: Vec<&str> = parts.iter().map(|(po, _)| po.number.as_str()).collect();
    Ok(held.unwrap_or_else(|| Handled {
        accepted: true,
        summary: one_line(&format!(
            "the answer to purchase orders {} is acted on",
            numbers.join(", ")
        )),
    }))
}

/// Puts the mail before a person, on the list of each purchase order that it may be about.
pub(super) fn person_for_all(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    why: &str,
) -> Result<Handled> {
    let name = paper.vendor.map(|id| tx.vendor(id)).transpose()?.flatten();
    let name = name.map_or_else(|| "a vendor".to_owned(), |vendor| vendor.name);
    let numbers = mail.asked.join(", ");
    let what = match mail.trust {
        Trust::Addresses { .. } => format!("writes to the addresses of {numbers}"),
        _ => format!("answers our question about {numbers}"),
    };
    let text = format!("{name} {what}, {why}");
    let handled = person(tx, paper.settings, mail, None, Code::VendorMail, &text)?;
    let shown = tx.open_exceptions_of_message(mail.message_id)?;
    let shown = shown.iter().find(|row| row.code == Code::VendorMail);
    for po in asked(tx, mail)? {
        if let Some(row) = shown {
            tx.answer_waits(&po, row.id)?;
        }
    }
    Ok(handled)
}

/// Whether the purchase orders of a mail are of more than the one vendor who may have sent it.
pub(super) fn of_several_vendors(tx: &Tx, paper: &ProvedPaper, mail: &VendorMail) -> Result<bool> {
    let theirs = |po: &PoRow| Some(po.vendor_id.as_str()) == paper.vendor;
    Ok(!asked(tx, mail)?.iter().all(theirs))
}
