//! Acknowledgements: what the vendor answers to a purchase order, line by line.

mod recanted;
mod table;

pub use table::table;

use super::matching::MatchResult;
use super::{Hold, ProvedPaper, cancellation, revision, standing};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::shipment::{Answer, Shares, VendorEvent};
use crate::ledger::po_lines::{Answered, LineState};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::reply::{Ack, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// Acts on what a reply says of a purchase order; returns whether it said anything new.
pub fn answer(
    tx: &Tx,
    paper: &ProvedPaper,
    po: &PoRow,
    said: &[(Scope, Ack)],
) -> Result<MatchResult<bool>> {
    if let Some(hold) = shut(tx, po)? {
        return Ok(Err(hold));
    }
    let po = tx.po(po.id)?;
    let mut new = false;
    let mut all = Vec::new();
    for line in tx.line_states(po.id)? {
        let of_line: Vec<&Ack> = said
            .iter()
            .filter(|(scope, _)| matches!(scope, Scope::Sku(sku) if *sku == line.sku))
            .map(|(_, ack)| ack)
            .collect();
        let of_all = said.iter().filter(|(scope, _)| *scope == Scope::All);
        let acks: Vec<&Ack> = match of_line.is_empty() {
            true => of_all.map(|(_, ack)| ack).collect(),
            false => of_line,
        };
        if !acks.is_empty() {
            all.push((line, vec![LineWord::of(&acks, None)]));
        }
    }
    let taken_back = taken_back(tx, &po, said, &all);
    if let Some(hold) = older(tx, paper, &po, &all).or(taken_back) {
        return Ok(Err(hold));
    }
    for (line, words) in &all {
        new |= put(tx, paper, &po, line, words)?;
    }
    settle(tx, paper, &po, new)?;
    Ok(Ok(new))
}

/// Why words take back what left already: those about one SKU, and those about all the others, each
/// looked at by themselves.
fn taken_back(
    tx: &Tx,
    po: &PoRow,
    said: &[(Scope, Ack)],
    all: &[(LineState, Vec<LineWord>)],
) -> Option<Hold> {
    let today = tx.now().date_naive();
    let named = |line: &LineState| {
        let mut scopes = said.iter().map(|(scope, _)| scope);
        scopes.any(|scope| matches!(scope, Scope::Sku(sku) if *sku == line.sku))
    };
    all.iter().find_map(|(line, words)| {
        let own = named(line);
        let alike = all.iter().map(|(other, _)| other);
        let alike = alike.filter(|other| match own {
            true => other.sku == line.sku,
            false => !named(other),
        });
        recanted::recanted(po, alike, words, today)
    })
}

fn settle(tx: &Tx, paper: &ProvedPaper, po: &PoRow, new: bool) -> Result<()> {
    if new {
        standing::follow(tx, paper.settings, po, None)?;
        let po = tx.po(po.id)?;
        standing::tell(tx, paper.settings, &po, &tx.line_states(po.id)?, true)?;
    }
    Ok(())
}

/// Why an answer to a purchase order can change nothing.
fn shut(tx: &Tx, po: &PoRow) -> Result<Option<Hold>> {
    let over = matches!(po.state, PoState::Cancelled | PoState::Closed)
        || tx.order(po.order_id)?.state == OrderState::Cancelled;
    let why = match over {
        true => "cancelled or closed",
        false if !standing::arrived(tx, po)? => "not sent yet",
        false => return revision::open(tx, po),
    };
    let text = format!(
        "{} answers purchase order {}, which is {why}: tell them{}",
        po.vendor_name,
        po.number,
        cancellation::history(tx, po)?
    );
    Ok(Some(Hold::new(Code::PoNotOpen, text).about(po)))
}

/// Why a word changes nothing that was written before the one that stands, and says otherwise.
fn older(
    tx: &Tx,
    paper: &ProvedPaper,
    po: &PoRow,
    all: &[(LineState, Vec<LineWord>)],
) -> Option<Hold> {
    let written = paper.written?;
    let (line, stands) = all.iter().find_map(|(line, words)| {
        let stands = line.written().filter(|stands| written < *stands)?;
        let said = merged(line, words, tx.now().date_naive());
        let changes = line.pieces.open() > 0 && said != line.stands();
        changes.then_some((line, stands))
    })?;
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    let text = format!(
        "{} wrote on {} about {} of purchase order {} what its later word of {} does not say: nothing was changed; ask \
         them if in doubt",
        po.vendor_name,
        time(written),
        cut(&line.sku, 60),
        po.number,
        time(stands)
    );
    Some(Hold::new(Code::VendorMail, text).about(po))
}

/// What one row, or one mail, says of a line: one answer about some pieces, or about all that no other
/// speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LineWord {
    answer: Answer,
    qty: Option<i64>,
    /// When these pieces leave, if it says a day.
    day: Option<NaiveDate>,
    reason: Option<String>,
}

impl LineWord {
    /// What several words about the same pieces come to: the worst counts.
    fn of(acks: &[&Ack], qty: Option<i64>) -> LineWord {
        let mut word = LineWord {
            answer: Answer::Accepted,
            qty,
            day: None,
            reason: None,
        };
        let mut until = None;
        for ack in acks {
            let answer = match ack {
                Ack::Accepted => Answer::Accepted,
                Ack::ShipDate { date } => {
                    word.day = Some(*date);
                    Answer::Accepted
                }
                Ack::Backordered { until: day } => {
                    until = until.or(*day);
                    Answer::Backordered
                }
                Ack::Rejected { reason } => {
                    word.reason = Some(cut(reason, 200));
                    Answer::Rejected
                }
            };
            word.answer = word.answer.max(answer);
        }
        word.day = until.or(word.day);
        word
    }
}

/// Keeps the answer about one line that is open.
fn put(
    tx: &Tx,
    paper: &ProvedPaper,
    po: &PoRow,
    line: &LineState,
    words: &[LineWord],
) -> Result<bool> {
    if line.pieces.open() == 0 {
        return Ok(false);
    }
    let said = merged(line, words, tx.now().date_naive());
    let written = paper.written.unwrap_or(tx.now());
    if !tx.put_answer(po, line, &said, written, &json!(paper.origin.source))? {
        return Ok(false);
    }
    let (order, po, po_line) = (po.order_id, po.id, line.id);
    if said.shares.backordered > 0 {
        tx.happened(VendorEvent::Delayed {
            order,
            po,
            po_line,
            new_date: said.until,
        });
    }
    if said.shares.rejected > 0 {
        tx.happened(VendorEvent::Rejected { order, po, po_line });
    }
    if let Some(date) = said.promised.filter(|date| line.promised != Some(*date)) {
        let before = line.promised.or(line.until);
        tx.happened(VendorEvent::ShipDate {
            order,
            po,
            po_line,
            date,
            later: before.is_some_and(|before| date > before),
        });
    }
    Ok(true)
}

/// What a document's words about one line come to. What they do not speak of stays as it was; a bare
/// "accepted" takes no day back, and neither does a bare "on backorder" before the day is over.
fn merged(line: &LineState, words: &[LineWord], today: NaiveDate) -> Answered {
    let open = line.pieces.open();
    let shares = line.shares.said(said_shares(words, open), open);
    let latest = |answer: Answer| {
        let of = words.iter().filter(|word| word.answer == answer);
        of.filter_map(|word| word.day).max()
    };
    let spoken = |answer: Answer| words.iter().any(|word| word.answer == answer);
    let reason = words.iter().find_map(|word| word.reason.clone());
    // "still on backorder" does not take the day back that was named for it
    let waited = line.shares.backordered > 0;
    let known = line.until.filter(|_| waited);
    let known = known.filter(|day| !spoken(Answer::Backordered) || *day >= today);
    let of_late = latest(Answer::Backordered).or(known);
    let before = line
        .promised
        .or(line.until.filter(|_| shares.backordered == 0));
    Answered {
        shares,
        until: of_late.filter(|_| shares.backordered > 0),
        reason: reason
            .or(line.reason.clone())
            .filter(|_| shares.rejected > 0),
        promised: latest(Answer::Accepted)
            .or(before)
            .filter(|_| shares.accepted > 0),
    }
}

/// The pieces of each answer; words without a number are about all that the others leave.
fn said_shares(words: &[LineWord], open: i64) -> Shares {
    let mut said = Shares::default();
    for word in words {
        if let Some(qty) = word.qty {
            said = said.with(word.answer, said.of(word.answer) + qty);
        }
    }
    let rest = words.iter().filter(|word| word.qty.is_none());
    let left = open - said.answered();
    match rest.map(|word| word.answer).max() {
        Some(answer) if left > 0 => said.with(answer, said.of(answer) + left),
        _ => said,
    }
}

#[cfg(test)]
mod tests;
