//! Rows that wait for a person.

use super::judge::{self, RowStep};
use super::parcels::TAKEN_BACK;
use super::{Hold, ProvedPaper, RuleSettings, subject, tied};
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::AdviceRowState;
use crate::ledger::advices::{HeldRow, NewHeldRow, entity_of_row};
use crate::ledger::exceptions::Subject;
use crate::ledger::shipments::Origin;
use crate::ledger::{LedgerError, Result, Tx};
use crate::vendor_docs::advice::AdviceRow;
use openssl::sha::Sha256;
use serde::Serialize;
use serde_json::json;

/// What is wrong with a held row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// Its line in the document, from 1.
    pub line: usize,
    /// The exception's code.
    pub code: Code,
    /// In a sentence.
    pub message: String,
}

/// Keeps a row with its exception; `None` when the same row waits, or was decided on, already.
pub(super) fn keep(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    hold: &Hold,
) -> Result<Option<Noted>> {
    let noted = Noted {
        line: row.line,
        code: hold.code,
        message: hold.message.clone(),
    };
    let severity = paper.settings.severity(hold.code);
    if severity == Severity::Off {
        // the site does not want to hear of it, so nothing waits for a person
        return Ok(Some(noted));
    }
    let held = tx.hold_advice_row(&NewHeldRow {
        fingerprint: fingerprint(paper, row, &hold.message),
        source: paper.origin.source,
        line: row.line as i64,
        message: paper.origin.message,
        file: paper.origin.file,
        vendor: paper.vendor,
        only_po: paper.only_po.or(paper.about),
        proved_for_it: paper.only_po.is_some(),
        code: hold.code,
        content: &json!(row),
    })?;
    let Some(id) = held else {
        return Ok(None);
    };
    let hold = Hold {
        po: hold.po.or(paper.about),
        ..hold.clone()
    };
    list(tx, severity, id, (&paper.origin, row.line), &hold)?;
    Ok(Some(noted))
}

fn list(
    tx: &Tx,
    severity: Severity,
    id: i64,
    (origin, line): (&Origin, usize),
    hold: &Hold,
) -> Result<i64> {
    let about = match hold.po {
        Some(po) => subject(&tx.po(po)?, origin.message),
        None => Subject {
            message: origin.message,
            ..Subject::default()
        },
    };
    let text = format!("{}: {}", place(origin.source, line), hold.message);
    tx.open_exception(hold.code, severity, &entity_of_row(id), about, &text)
}

/// Puts what holds a row now onto the list; one whose code the site has off is listed all the same,
/// for the row waits. Returns the exception's number.
pub(super) fn relist(
    tx: &Tx,
    settings: &RuleSettings,
    held: &HeldRow,
    row: &AdviceRow,
    hold: &Hold,
) -> Result<i64> {
    let severity = match settings.severity(hold.code) {
        Severity::Off => Severity::Hold,
        severity => severity,
    };
    let origin = Origin {
        message: held.message,
        file: held.file,
        source: &held.source,
    };
    let hold = Hold {
        po: hold.po.or(held.only_po),
        ..hold.clone()
    };
    list(tx, severity, held.id, (&origin, row.line), &hold)
}

/// The same row, when it was held before.
pub(super) fn known(tx: &Tx, paper: &ProvedPaper, row: &AdviceRow) -> Result<Option<HeldRow>> {
    tx.advice_row_of(&fingerprint(paper, row, ""))
}

/// Has a row that is over wait for a person again, when a document says it once more and things have
/// changed: its shipment was taken back, or what it was dismissed for is no longer so. `None` while it
/// stands, or nothing was to come of it.
pub(super) fn again(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    over: &HeldRow,
) -> Result<Option<Noted>> {
    let (found, why) = match over.state {
        AdviceRowState::Applied => (
            judge::undone_since(tx, paper, row)?,
            "its shipment was taken back, and a document says it again",
        ),
        AdviceRowState::Dismissed => (
            wanted_since(tx, paper, row, over)?,
            "its goods are waited for now, and a document says it again",
        ),
        AdviceRowState::Held => return Ok(None),
    };
    let Some(hold) = found else {
        return Ok(None);
    };
    tx.move_advice_row(over, AdviceRowState::Held, why)?;
    let mut released = over.released.clone();
    released.retain(|check| check != TAKEN_BACK);
    tx.release_advice_row(over, &released, hold.code)?;
    relist(tx, paper.settings, over, row, &hold)?;
    Ok(Some(Noted {
        line: row.line,
        code: hold.code,
        message: hold.message,
    }))
}

/// What to ask about a row that a person dismissed when nobody waited for its goods, as after a
/// cancellation, and that nothing speaks against now: its vendor may have refused the cancellation since,
/// and the purchase order would wait for ever. Asked once: who dismisses it again means the row.
fn wanted_since(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    over: &HeldRow,
) -> Result<Option<Hold>> {
    let then = match over.code.known() {
        Some(Code::PoNotOpen) => "the purchase order was not open",
        Some(Code::OverShipment) => "not so many were open",
        _ => return Ok(None),
    };
    let Ok((po, RowStep::Left { lines, qty, .. })) = judge::judge(tx, paper, row, true)? else {
        return Ok(None);
    };
    let text = format!(
        "purchase order {}: {qty} of {} are said again to have left. That was dismissed when {then}; now it waits for them: \
         retry takes it",
        po.number, lines[0].sku
    );
    Ok(Some(Hold::new(Code::AdviceUnclear, text).about(&po)))
}

/// Ends the waiting of a row that was acted on after all.
pub(super) fn clear(tx: &Tx, held: &HeldRow) -> Result<()> {
    tx.move_advice_row(held, AdviceRowState::Applied, "the document came again")?;
    for row in tx.open_exceptions_of_entity(&held.entity())? {
        tx.resolve_exception(
            &row,
            "cleared",
            "the document came again and could be acted on",
        )?;
    }
    Ok(())
}

fn place(source: &str, line: usize) -> String {
    match line {
        0 => source.replacen(':', " ", 1),
        _ => format!("{}, line {line}", source.replacen(':', " ", 1)),
    }
}

/// One exception for the rows beyond those that have their own.
pub(super) fn overflow(tx: &Tx, paper: &ProvedPaper, rows: usize) -> Result<()> {
    let severity = paper.settings.severity(Code::AdviceUnclear);
    if severity == Severity::Off {
        return Ok(());
    }
    let about = tied(tx, paper, None)?;
    let text = format!(
        "{}: {rows} more rows could not be acted on: have the sender mend the document and send it again",
        place(paper.origin.source, 0)
    );
    let entity = format!("document:{}", paper.origin.source);
    tx.open_exception(Code::AdviceUnclear, severity, &entity, about, &text)?;
    Ok(())
}

/// What makes a held row the only one: who says it of what; for one that makes no sense, where.
fn fingerprint(paper: &ProvedPaper, row: &AdviceRow, fault: &str) -> [u8; 32] {
    let empty = AdviceRow {
        line: row.line,
        ..AdviceRow::default()
    };
    let senseless = *row == empty;
    let content = match senseless {
        true => json!([fault, row.line]),
        false => json!([
            row.po_number,
            row.reference,
            row.vendor_order_number,
            row.sku
                .clone()
                .or(row.po_line.map(|place| format!("line {place}"))),
            row.qty,
            row.tracking_number,
            row.further_tracking,
            row.ship_date.filter(|_| row.tracking_number.is_none()),
            row.ship_to,
        ]),
    };
    // the same row without what was not understood is another word, and may act
    let content = match row.beside.is_empty() {
        true => content,
        false => json!([content, row.beside]),
    };
    let mut sha = Sha256::new();
    for part in [
        json!([paper.vendor, paper.only_po, paper.about]).to_string(),
        content.to_string(),
    ] {
        sha.update(&(part.len() as u64).to_be_bytes());
        sha.update(part.as_bytes());
    }
    sha.finish()
}

/// What the row says.
///
/// # Errors
/// When the ledger's copy of it is broken.
pub(super) fn content(held: &HeldRow) -> Result<AdviceRow> {
    serde_json::from_value(held.content.clone()).map_err(|fault| {
        LedgerError::Broken(format!(
            "row {} of an advice cannot be read: {fault}",
            held.id
        ))
    })
}
