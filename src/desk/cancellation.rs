//! What a vendor said about a cancellation, written down by the person who heard it; and what becomes
//! of goods that come although they were cancelled.

use super::resolve::Case;
use super::{Said, reason, refund, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Remedy};
use crate::domain::lifecycle::{CancellationState, MessageState};
use crate::domain::rma::ReturnKind;
use crate::domain::text::typed;
use crate::invoicing::reduced_claims;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::returns::{ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::cancellation::{self, settled};
use crate::shipping::apply::refused::{agree_after_all, refuse, undecided};

/// Notes that the vendor agreed to every cancellation of a purchase order that is open, or refused
/// them: the goods left, or will.
///
/// # Errors
/// When nothing of the purchase order was cancelled, or all was answered so already.
pub fn answered(
    tx: &Tx,
    site: &App,
    number: &str,
    agreed: bool,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(number)?;
    let mut all = tx.cancellations_of_po(po.id)?;
    // what a revision takes off is answered with it
    all.retain(|row| row.revision.is_none());
    if all.is_empty() {
        return Err(refused(BusinessRefusal::nothing(format!(
            "nothing of purchase order {0} was cancelled by a word to {1}: `poms po show {2}`",
            po.number,
            po.vendor_name,
            typed(&po.number)
        ))));
    }
    let to = match agreed {
        true => CancellationState::Agreed,
        false => CancellationState::Refused,
    };
    let rows: Vec<_> = match all.iter().any(is_open) {
        true => all.iter().filter(|row| is_open(row)).collect(),
        // who said yes, and ships all the same, or the other way round
        false => all.iter().filter(|row| row.state.may_become(to)).collect(),
    };
    if rows.is_empty() {
        return Err(refused(BusinessRefusal::done(format!(
            "the cancellation of purchase order {} is {to} already",
            po.number
        ))));
    }
    let mut said = Vec::new();
    for row in rows {
        match agreed {
            true => said.push(agree(tx, site, row, note)?),
            false => said.extend(refuse(tx, &site.config.rules, row, (note, tx.now()))?),
        }
    }
    let order = tx.order(po.order_id)?;
    refund::settle(tx, &order)?;
    said.extend(reduced_claims::look_again(
        tx,
        &site.match_context(),
        po.id,
    )?);
    if !agreed {
        said.extend(held(tx, po.id, note)?);
    }
    Ok(said)
}

fn agree(tx: &Tx, site: &App, row: &CancellationRow, note: &str) -> Result<String, LedgerError> {
    if row.state == CancellationState::Refused {
        agree_after_all(tx, &site.config.rules, row, note)?;
        return Ok(format!(
            "Cancellation {} is agreed after all: {} does not ship what has not left of {}.",
            row.number,
            row.vendor_name,
            row.goods()
        ));
    }
    tx.answer_cancellation(row, CancellationState::Agreed, note)?;
    settled(tx, row)?;
    Ok(format!(
        "Cancellation {} is agreed: {} does not ship {}.",
        row.number,
        row.vendor_name,
        row.goods()
    ))
}

/// What the vendor said before of goods that nobody waited for then.
fn held(tx: &Tx, po: i64, note: &str) -> Result<Said, LedgerError> {
    let po = tx.po(po)?;
    let listed = tx.open_exceptions_of_po(&po, &[Code::PoNotOpen])?;
    let (over, listed): (Vec<_>, Vec<_>) = listed.into_iter().partition(says_no_more);
    let mut said = Vec::new();
    for row in over {
        tx.resolve_exception(&row, "cleared", note)?;
        if let Some(id) = row.subject.message
            && tx.message(id)?.state.may_become(MessageState::Accepted)
            && tx.open_exceptions_of_message(id)?.is_empty()
        {
            tx.move_message(id, MessageState::Accepted, note)?;
        }
        said.push(format!("  Exception {} said so: it is closed.", row.id));
    }
    let one = |id: i64| {
        format!(
            "  What they wrote of it before waits as exception {id}: poms exceptions resolve {id} --retry --note \"WHY\" takes it"
        )
    };
    said.extend(listed.iter().map(|row| one(row.id)));
    Ok(said)
}

/// Whether a mail says that a cancellation came too late, and has no number by which goods may travel.
fn says_no_more(row: &ExceptionRow) -> bool {
    let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let said = row.message.rsplit_once("): ").map_or("", |(_, said)| said);
    row.entity.starts_with("message:")
        && row.message.contains(cancellation::ANSWERS)
        && !said.split_whitespace().any(|word| digits(word) > 5)
}

/// Whether somebody can still decide that the customer keeps what comes.
///
/// # Errors
/// When nothing waits for that.
pub(super) fn may_keep(tx: &Tx, po: i64) -> Result<(), LedgerError> {
    match undecided(tx, po)?.is_empty() {
        false => Ok(()),
        true => Err(refused(BusinessRefusal::nothing(
            "no money waits for it: nothing that comes is cancelled for the \
             customer, or a return has its money",
        ))),
    }
}

/// Ends the question what becomes of goods that come although they were cancelled.
///
/// # Errors
/// As [`may_keep`].
pub(super) fn resolve(case: &Case, po: i64) -> Result<Said, LedgerError> {
    let Case { tx, row, note, .. } = *case;
    if case.act.remedy != Remedy::Release {
        case.end()?;
        return Ok(vec![format!(
            "Exception {} is closed: what was cancelled stays owed to the customer (`poms report refunds-due`).",
            row.id
        )]);
    }
    may_keep(tx, po)?;
    let (po, mut said) = (tx.po(po)?, Vec::new());
    for (line, qty) in undecided(tx, po.id)? {
        tx.decided(&po, &line, qty, note)?;
        said.push(format!(
            "The customer keeps {qty} of {}: nothing is owed for that.",
            line.sku
        ));
    }
    case.end()?;
    let order = tx.order(po.order_id)?;
    refund::settle(tx, &order)?;
    let back = tx.refunds_without_return(order.id)?;
    if !back.is_empty() {
        said.push(format!(
            "  Money of order {0} went back before: see whether it is to be asked for: poms order show {1}",
            order.reference(),
            typed(&order.reference())
        ));
    }
    Ok(said)
}

/// What comes back of goods that were cancelled is paid by the return from now on.
pub(super) fn by_return(
    tx: &Tx,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
) -> Result<Option<String>, LedgerError> {
    if row.kind == ReturnKind::CancelledBeforeShipping {
        return Ok(None);
    }
    let (po, mut pieces) = (tx.po(row.po_id)?, 0);
    for line in tx.line_states(po.id)? {
        let same = |one: &&ReturnLineRow| one.po_line_id == line.id;
        let back: i64 = lines.iter().filter(same).map(|one| one.qty).sum();
        pieces += tx.decided(&po, &line, back, &format!("return {}", row.number))?;
    }
    if pieces == 0 {
        return Ok(None);
    }
    if undecided(tx, po.id)?.is_empty() {
        for open in tx.open_exceptions_of_po(&po, &[Code::CancellationRefused])? {
            tx.resolve_exception(&open, "cleared", "it comes back by a return")?;
        }
    }
    refund::settle(tx, &tx.order(po.order_id)?)?;
    Ok(Some(
        "  It was cancelled before it came: this return pays for it when it is back, and nothing else is owed for it."
            .to_owned(),
    ))
}

fn is_open(row: &CancellationRow) -> bool {
    row.state == CancellationState::Open
}
