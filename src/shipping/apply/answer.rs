//! Acknowledgements: what the vendor answers to a purchase order, line by line.

use super::advise::Taken;
use super::matching::{self, Found, Names};
use super::{Hold, Noted, Paper, standing};
use crate::domain::codes::Severity;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::shipment::{Answer, Event};
use crate::ledger::exceptions::Subject;
use crate::ledger::po_lines::{Answered, LineState};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::advice::{AdviceRow, RowError};
use crate::shipping::reply::structured::AckRow;
use crate::shipping::reply::{Ack, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// Acts on what a reply says of a purchase order; returns whether it said anything new.
///
/// # Errors
/// The ledger's.
pub fn answer(tx: &Tx, paper: &Paper, po: &PoRow, said: &[(Scope, Ack)]) -> Result<Found<bool>> {
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
        let acks = match of_line.is_empty() {
            true => of_all.map(|(_, ack)| ack).collect(),
            false => of_line,
        };
        all.push((line, acks));
    }
    if let Some(hold) = older(tx, paper, &po, &all, None) {
        return Ok(Err(hold));
    }
    for (line, acks) in &all {
        new |= put(tx, paper, &po, line, acks, None)?;
    }
    settle(tx, paper, &po, new)?;
    Ok(Ok(new))
}

fn settle(tx: &Tx, paper: &Paper, po: &PoRow, new: bool) -> Result<()> {
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
        false => return Ok(None),
    };
    let text = format!(
        "{} answers purchase order {}, which is {why}: tell them",
        po.vendor_name, po.number
    );
    Ok(Some(Hold::new("po_not_open", text).about(po)))
}

/// Why a word changes nothing that was written before the one that stands, and says otherwise.
fn older(
    tx: &Tx,
    paper: &Paper,
    po: &PoRow,
    all: &[(LineState, Vec<&Ack>)],
    qty: Option<i64>,
) -> Option<Hold> {
    let written = paper.written?;
    let (line, stands) = all.iter().find_map(|(line, acks)| {
        let stands = line.written().filter(|stands| written < *stands)?;
        let said = merged(line, acks, qty, tx.now().date_naive());
        let changes = !acks.is_empty() && line.pieces.open() > 0 && said != line.stands();
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
    Some(Hold::new("vendor_mail", text).about(po))
}

/// Keeps the answer about one line that is open.
fn put(
    tx: &Tx,
    paper: &Paper,
    po: &PoRow,
    line: &LineState,
    acks: &[&Ack],
    qty: Option<i64>,
) -> Result<bool> {
    if acks.is_empty() || line.pieces.open() == 0 {
        return Ok(false);
    }
    let said = merged(line, acks, qty, tx.now().date_naive());
    let written = paper.written.unwrap_or(tx.now());
    if !tx.put_answer(po, line, &said, written, &json!(paper.origin.source))? {
        return Ok(false);
    }
    let (order, po, po_line) = (po.order_id, po.id, line.id);
    match said.answer {
        Some(Answer::Backordered) => tx.happened(Event::Delayed {
            order,
            po,
            po_line,
            new_date: said.until,
        }),
        Some(Answer::Rejected) => tx.happened(Event::Rejected { order, po, po_line }),
        _ => {}
    }
    if let Some(date) = said.promised.filter(|date| line.promised != Some(*date)) {
        let before = line.promised.or(line.until);
        tx.happened(Event::ShipDate {
            order,
            po,
            po_line,
            date,
            later: before.is_some_and(|before| date > before),
        });
    }
    Ok(true)
}

/// What several words about one line come to: the worst counts; a bare "accepted" takes no day back,
/// and neither does a bare "on backorder" before the day is over.
fn merged(line: &LineState, acks: &[&Ack], qty: Option<i64>, today: NaiveDate) -> Answered {
    let mut said = Answered {
        qty: qty.filter(|qty| *qty < line.pieces.open()),
        ..Answered::default()
    };
    let mut day = None;
    for ack in acks {
        let answer = match ack {
            Ack::Accepted => Answer::Accepted,
            Ack::ShipDate { date } => {
                day = Some(*date);
                Answer::Accepted
            }
            Ack::Backordered { until } => {
                said.until = said.until.or(*until);
                Answer::Backordered
            }
            Ack::Rejected { reason } => {
                said.reason = Some(cut(reason, 200));
                Answer::Rejected
            }
        };
        said.answer = said.answer.max(Some(answer));
    }
    match said.answer {
        Some(Answer::Accepted) => said.promised = day.or(line.promised).or(line.until),
        // "still on backorder" does not take the day back that was named for it
        Some(Answer::Backordered) => {
            let known = line.until.filter(|_| line.answer == said.answer);
            said.until = said.until.or(day).or(known.filter(|day| *day >= today));
        }
        _ => {}
    }
    said
}

/// Acts on the rows of an acknowledgement table.
///
/// # Errors
/// The ledger's.
pub fn table(tx: &Tx, paper: &Paper, rows: &[AckRow], errors: &[RowError]) -> Result<Taken> {
    let mut taken = Taken {
        rows: rows.len() + errors.len(),
        ..Taken::default()
    };
    let mut faults: Vec<Noted> = Vec::new();
    for row in rows {
        match table_row(tx, paper, row)? {
            Ok(true) => taken.applied += 1,
            Ok(false) => taken.repeated += 1,
            Err(hold) => faults.push(Noted {
                line: row.line,
                code: hold.code.to_owned(),
                message: hold.message,
            }),
        }
    }
    faults.extend(errors.iter().map(|error| Noted {
        line: error.line,
        code: "vendor_mail".to_owned(),
        message: error.message.clone(),
    }));
    faults.sort_by_key(|noted| noted.line);
    taken.held = faults.len();
    report(tx, paper, &faults)?;
    taken.errors = faults;
    Ok(taken)
}

fn table_row(tx: &Tx, paper: &Paper, row: &AckRow) -> Result<Found<bool>> {
    let named = AdviceRow {
        po_number: row.po_number.clone(),
        sku: row.sku.clone(),
        ..AdviceRow::default()
    };
    let po = match matching::purchase_order(tx, paper, &Names::of(&named))? {
        Ok(po) => po,
        Err(hold) => return Ok(Err(hold)),
    };
    if let Some(hold) = shut(tx, &po)? {
        return Ok(Err(hold));
    }
    let all = tx.line_states(po.id)?;
    let lines = match &row.sku {
        Some(sku) => matching::of_sku(&all, sku),
        None => all.iter().collect(),
    };
    let open: i64 = lines.iter().map(|line| line.pieces.open()).sum();
    let fault = match (&row.sku, row.qty) {
        (Some(sku), _) if lines.is_empty() => Some(format!(
            "SKU '{}' is not on purchase order {}",
            cut(sku, 60),
            po.number
        )),
        (_, Some(qty)) if qty > open && open > 0 => Some(format!(
            "purchase order {}: it answers for {qty} pieces, {open} are open",
            po.number
        )),
        (_, Some(qty)) if qty < open && (lines.len() > 1 || row.acks.contains(&Ack::Accepted)) => {
            Some(format!(
                "purchase order {}: it answers for {qty} pieces of {open}, and says nothing of the rest",
                po.number
            ))
        }
        _ => None,
    };
    if let Some(text) = fault {
        return Ok(Err(Hold::new("vendor_mail", text).about(&po)));
    }
    let mut new = false;
    let all: Vec<(LineState, Vec<&Ack>)> = lines
        .into_iter()
        .map(|line| (line.clone(), row.acks.iter().collect()))
        .collect();
    if let Some(hold) = older(tx, paper, &po, &all, row.qty) {
        return Ok(Err(hold));
    }
    for (line, acks) in &all {
        new |= put(tx, paper, &po, line, acks, row.qty)?;
    }
    settle(tx, paper, &po, new)?;
    Ok(Ok(new))
}

/// One exception for all rows of a table that could not be acted on, code by code.
fn report(tx: &Tx, paper: &Paper, faults: &[Noted]) -> Result<()> {
    const SHOWN: usize = 10;
    let mut codes: Vec<&str> = faults.iter().map(|noted| noted.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        let severity = paper.settings.severity(code);
        if severity == Severity::Off {
            continue;
        }
        let of_code: Vec<&Noted> = faults.iter().filter(|noted| noted.code == code).collect();
        let mut said: Vec<String> = of_code
            .iter()
            .take(SHOWN)
            .map(|noted| format!("line {}: {}", noted.line, noted.message))
            .collect();
        if of_code.len() > SHOWN {
            said.push(format!("and {} more", of_code.len() - SHOWN));
        }
        let about = Subject {
            message: paper.origin.message,
            ..Subject::default()
        };
        let entity = format!("document:{}", paper.origin.source);
        let text = format!(
            "{}: {}",
            paper.origin.source.replacen(':', " ", 1),
            said.join("; ")
        );
        tx.open_exception(code, severity, &entity, about, &text)?;
    }
    Ok(())
}
