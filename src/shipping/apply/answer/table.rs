//! Tables of answers: the rows about one line are taken together, for one line may be answered in
//! parts.

use super::{LineWord, older, put, recanted, settle, shut};
use crate::domain::codes::{Code, Severity};
use crate::domain::shipment::Answer;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::apply::advise::TakenAdvice;
use crate::shipping::apply::columns;
use crate::shipping::apply::matching::{self, MatchResult, Names};
use crate::shipping::apply::{Hold, Noted, ProvedPaper, no_such_sku, subject, unnamed};
use crate::vendor_docs::advice::{AdviceRow, RowError, ShipTo};
use crate::vendor_docs::reply::Ack;
use crate::vendor_docs::reply::structured::AckRow;

/// What is wrong with a row, and the purchase order that it is about, where one is known.
type RowFault = (Noted, Option<i64>);

/// The rows that speak of the same lines of one purchase order.
struct RowGroup<'a> {
    po: PoRow,
    /// The lines' numbers in the ledger.
    lines: Vec<i64>,
    /// Whether the rows name a SKU.
    named: bool,
    rows: Vec<&'a AckRow>,
}

/// Acts on the rows of an acknowledgement table.
pub fn table(
    tx: &Tx,
    paper: &ProvedPaper,
    rows: &[AckRow],
    errors: &[RowError],
) -> Result<TakenAdvice> {
    let mut taken = TakenAdvice {
        rows: rows.len() + errors.len(),
        ..TakenAdvice::default()
    };
    let mut faults: Vec<RowFault> = Vec::new();
    let mut fault = |row: &AckRow, hold: &Hold| {
        let noted = Noted {
            line: row.line,
            code: hold.code.to_owned(),
            message: hold.message.clone(),
        };
        faults.push((noted, hold.po.or(paper.about)));
    };
    let mut groups: Vec<RowGroup> = Vec::new();
    for row in rows {
        match place(tx, paper, row)? {
            Ok((po, lines)) => join(&mut groups, po, lines, row),
            Err(hold) => fault(row, &hold),
        }
    }
    // what is said of one line goes before what is said of all, wherever it stands
    let of_one: Vec<i64> = (groups.iter().filter(|group| group.named))
        .flat_map(|group| group.lines.clone())
        .collect();
    for group in groups.iter_mut().filter(|group| !group.named) {
        group.lines.retain(|line| !of_one.contains(line));
    }
    for group in &groups {
        match act(tx, paper, group)? {
            Ok(true) => taken.applied += group.rows.len(),
            Ok(false) => taken.repeated += group.rows.len(),
            Err(hold) => group.rows.iter().for_each(|row| fault(row, &hold)),
        }
    }
    faults.extend(errors.iter().map(|error| {
        let noted = Noted {
            line: usize::try_from(error.line).unwrap_or(usize::MAX),
            code: Code::VendorMail,
            message: error.message.clone(),
        };
        (noted, paper.about)
    }));
    faults.sort_by_key(|(noted, _)| noted.line);
    taken.held = faults.len();
    report(tx, paper, &faults)?;
    taken.errors = faults.into_iter().map(|(noted, _)| noted).collect();
    Ok(taken)
}

fn join<'a>(groups: &mut Vec<RowGroup<'a>>, po: PoRow, lines: Vec<i64>, row: &'a AckRow) {
    let same = |group: &&mut RowGroup| group.po.id == po.id && group.lines == lines;
    match groups.iter_mut().find(same) {
        Some(group) => group.rows.push(row),
        None => groups.push(RowGroup {
            po,
            lines,
            named: row.sku.is_some(),
            rows: vec![row],
        }),
    }
}

/// The purchase order and the lines that a row is about.
fn place(tx: &Tx, paper: &ProvedPaper, row: &AckRow) -> Result<MatchResult<(PoRow, Vec<i64>)>> {
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
    let lines: Vec<i64> = match &row.sku {
        Some(sku) => matching::of_sku(&all, sku),
        None => all.iter().collect(),
    }
    .into_iter()
    .map(|line| line.id)
    .collect();
    if let (Some(sku), true) = (&row.sku, lines.is_empty()) {
        let text = no_such_sku(sku, &po.number, &all);
        return Ok(Err(Hold::new(Code::VendorMail, text).about(&po)));
    }
    let meant: Vec<&LineState> = all.iter().filter(|line| lines.contains(&line.id)).collect();
    if let Some(doubt) = columns::doubt(
        tx,
        &row.beside,
        &po,
        &meant,
        (row.qty, 0, &ShipTo::default()),
    )? {
        let text = format!(
            "{}: {doubt}, so nothing is taken as answered by this row",
            po.number
        );
        return Ok(Err(Hold::new(Code::VendorMail, text).about(&po)));
    }
    // as it stands after `shut`: it may have arrived by that
    Ok(Ok((tx.po(po.id)?, lines)))
}

/// Acts on the rows about the same lines; `true` when they say anything new.
fn act(tx: &Tx, paper: &ProvedPaper, group: &RowGroup) -> Result<MatchResult<bool>> {
    let mut lines = tx.line_states(group.po.id)?;
    lines.retain(|line| group.lines.contains(&line.id));
    let mut words: Vec<LineWord> = group
        .rows
        .iter()
        .map(|row| LineWord::of(&row.acks.iter().collect::<Vec<&Ack>>(), row.qty))
        .collect();
    let today = tx.now().date_naive();
    if let Some(hold) = recanted::recanted(&group.po, lines.iter(), &words, today) {
        return Ok(Err(hold));
    }
    if let Err(text) = fits(&mut words, &lines, &group.po.number) {
        return Ok(Err(Hold::new(Code::VendorMail, text).about(&group.po)));
    }
    let mut new = false;
    let all: Vec<(LineState, Vec<LineWord>)> = (lines.into_iter())
        .map(|line| {
            let words = part(&mut words, line.pieces.open());
            (line, words)
        })
        .filter(|(_, words)| !words.is_empty())
        .collect();
    if let Some(hold) = older(tx, paper, &group.po, &all) {
        return Ok(Err(hold));
    }
    for (line, words) in &all {
        new |= put(tx, paper, &group.po, line, words)?;
    }
    settle(tx, paper, &group.po, new)?;
    Ok(Ok(new))
}

/// Whether the words are about the pieces that are open; of words about all that was ordered, what
/// left or was taken back since is left out.
fn fits(
    words: &mut Vec<LineWord>,
    lines: &[LineState],
    po: &str,
) -> std::result::Result<(), String> {
    let sum = |of: fn(&LineState) -> i64| lines.iter().map(of).sum::<i64>();
    let (open, ordered) = (
        sum(|line| line.pieces.open()),
        sum(|line| line.pieces.ordered),
    );
    let counted = |words: &[LineWord]| words.iter().filter_map(|word| word.qty).sum::<i64>();
    if counted(words) > ordered {
        // the same row twice
        words.dedup();
    }
    if open > 0 && counted(words) > open && counted(words) == ordered {
        less(words, Answer::Accepted, sum(|line| line.pieces.shipped));
        let cancelled = sum(|line| line.pieces.cancelled);
        let left = less(words, Answer::Rejected, cancelled);
        let left = less(words, Answer::Backordered, left);
        less(words, Answer::Accepted, left);
    }
    let qty = counted(words);
    if open > 0 && qty > open {
        return Err(format!(
            "purchase order {po}: it answers for {qty} pieces, {open} are open"
        ));
    }
    let numbered = words.iter().all(|word| word.qty.is_some());
    let accepts = words.iter().any(|word| word.answer == Answer::Accepted);
    match numbered && qty < open && (lines.len() > 1 || accepts) {
        true => Err(format!(
            "purchase order {po}: it answers for {qty} pieces of {open}, and says nothing of the rest"
        )),
        false => Ok(()),
    }
}

/// Takes so many pieces off the words of one answer; returns how many are left to be taken.
fn less(words: &mut [LineWord], answer: Answer, mut pieces: i64) -> i64 {
    for word in words.iter_mut().filter(|word| word.answer == answer) {
        if let Some(qty) = &mut word.qty {
            let part = pieces.min(*qty);
            *qty -= part;
            pieces -= part;
        }
    }
    pieces
}

/// What the words say of one line with so many open pieces: those with numbers are used up.
fn part(words: &mut [LineWord], open: i64) -> Vec<LineWord> {
    let mut left = open;
    let mut of_line = Vec::new();
    for word in words.iter_mut() {
        match &mut word.qty {
            None => of_line.push(word.clone()),
            Some(qty) => {
                let part = left.min(*qty);
                *qty -= part;
                left -= part;
                if part > 0 {
                    of_line.push(LineWord {
                        qty: Some(part),
                        ..word.clone()
                    });
                }
            }
        }
    }
    of_line
}

/// One exception for all rows of a table that could not be acted on, purchase order by purchase order and
/// code by code.
fn report(tx: &Tx, paper: &ProvedPaper, faults: &[RowFault]) -> Result<()> {
    const SHOWN: usize = 10;
    let mut all: Vec<(Option<i64>, Code)> =
        faults.iter().map(|(noted, po)| (*po, noted.code)).collect();
    all.sort_unstable();
    all.dedup();
    for (po, code) in all {
        let severity = paper.settings.severity(code);
        if severity == Severity::Off {
            continue;
        }
        let alike = |fault: &&RowFault| fault.1 == po && fault.0.code == code;
        let alike: Vec<&Noted> = faults
            .iter()
            .filter(alike)
            .map(|(noted, _)| noted)
            .collect();
        let mut said: Vec<String> = alike
            .iter()
            .take(SHOWN)
            .map(|noted| format!("line {}: {}", noted.line, noted.message))
            .collect();
        if alike.len() > SHOWN {
            said.push(format!("and {} more", alike.len() - SHOWN));
        }
        let entity = format!("document:{}", paper.origin.source);
        let (about, entity) = match po.map(|po| tx.po(po)).transpose()? {
            // two purchase orders of one order are two entries
            Some(po) => (
                subject(&po, paper.origin.message),
                format!("{entity}:{}", po.number),
            ),
            None => (unnamed(paper), entity),
        };
        let text = format!(
            "{}: {}",
            paper.origin.source.replacen(':', " ", 1),
            said.join("; ")
        );
        tx.open_exception(code, severity, &entity, about, &text)?;
    }
    Ok(())
}
