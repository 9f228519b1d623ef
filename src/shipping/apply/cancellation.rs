//! What vendors answer to cancellations. Only plain agreement acts; all else goes to a person, and
//! nothing in such an answer is taken for an answer to what stays of the purchase order.

use super::letter::person;
use super::{RuleSettings, Subject, named};
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::CancellationState;
use crate::domain::text::one_line;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, VendorMail};
use crate::vendor_docs::reply::{self, TakenBack};

/// The code of a cancellation that its vendor does not answer.
pub const UNANSWERED: Code = Code::CancellationUnanswered;
/// How a mail is told that answers one, in the words before the purchase order's number.
pub const ANSWERS: &str = " answers the cancellation of ";

/// Acts on a mail that answers a cancellation; `None` when it does not.
pub(super) fn answer(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    po: &PoRow,
) -> Result<Option<Handled>> {
    let mut open = tx.cancellations_of_po(po.id)?;
    // those of a revision are answered with it
    open.retain(|row| row.revision.is_none());
    if open
        .iter()
        .all(|row| row.state == CancellationState::Agreed)
    {
        return once_more(tx, mail, po, &open);
    }
    open.retain(|row| row.state == CancellationState::Open);
    let Some(last) = open.last() else {
        return Ok(None);
    };
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    let asked = answers(&mail.subject, last);
    if !asked && !own.to_lowercase().contains("cancel") {
        return Ok(None);
    }
    let after = mail.date >= last.opened;
    let shown = one_line(&own);
    let other = !named::others(tx, po, &format!("{}\n{own}", mail.subject))?.is_empty();
    match (reply::taken_back(&own, asked), open.as_slice()) {
        (TakenBack::Agreed, [one]) if after && !other => {
            agree(tx, one, &shown)?;
            Ok(Some(Handled {
                accepted: true,
                summary: format!(
                    "{} agrees to cancellation {} of {}",
                    po.vendor_name, one.number, po.number
                ),
            }))
        }
        (said, _) => {
            let code = match said {
                TakenBack::TooLate => Code::PoNotOpen,
                _ => Code::VendorMail,
            };
            let text = format!(
                "{}{ANSWERS}{} ({}): {shown}",
                po.vendor_name,
                po.number,
                each(&open)
            );
            person(tx, settings, mail, Some(po), code, &text).map(Some)
        }
    }
}

/// A plain yes to what is agreed already, by telephone or in an earlier mail: nobody need read it.
fn once_more(
    tx: &Tx,
    mail: &VendorMail,
    po: &PoRow,
    agreed: &[CancellationRow],
) -> Result<Option<Handled>> {
    let Some(last) = agreed.last() else {
        return Ok(None);
    };
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    let asked = answers(&mail.subject, last);
    let about_it = asked || own.to_lowercase().contains("cancel");
    let yes = about_it && reply::taken_back(&own, asked) == TakenBack::Agreed;
    let others = named::others(tx, po, &format!("{}\n{own}", mail.subject))?;
    let yes = yes && others.is_empty() && mail.date >= last.opened;
    Ok(yes.then(|| Handled {
        accepted: true,
        summary: format!(
            "{} agrees to cancellation {} of {}, as was noted before",
            po.vendor_name, last.number, po.number
        ),
    }))
}

/// The cancellations of a purchase order that its vendor has not answered: what they take back may have
/// left all the same. What the vendor refused is open again.
pub(super) fn unsettled(tx: &Tx, po: &PoRow) -> Result<Vec<CancellationRow>> {
    let mut rows = tx.cancellations_of_po(po.id)?;
    rows.retain(|row| row.state == CancellationState::Open);
    Ok(rows)
}

/// Why words that call a purchase order complete are a person's: pieces of it were taken back, and the
/// vendor may have sent them with the rest.
pub(super) fn complete_in_doubt(tx: &Tx, po: &PoRow, own: &str) -> Result<Option<String>> {
    let rows = unsettled(tx, po)?;
    if rows.is_empty() {
        return moved_in_doubt(tx, po, own);
    }
    Ok(reply::beside::says_all(own).then(|| {
        format!(
            "{} says that all of {} left, and has not agreed to what was cancelled of it ({}): nothing is taken as \
             shipped by it until it is known whether that left too: {}",
            po.vendor_name,
            po.number,
            each(&rows),
            one_line(own)
        )
    }))
}

/// The same of pieces that the vendor refused and another one was asked for since: who calls it complete may
/// have sent them after all, and they would come twice. What the vendor agreed to have taken back is settled.
fn moved_in_doubt(tx: &Tx, po: &PoRow, own: &str) -> Result<Option<String>> {
    if !reply::beside::says_all(own) {
        return Ok(None);
    }
    let mut agreed = tx.cancellations_of_po(po.id)?;
    agreed.retain(|row| row.state == CancellationState::Agreed);
    let taken = |sku: &str| -> i64 {
        let lines = agreed
            .iter()
            .filter_map(|row| row.document["lines"].as_array());
        let lines = lines.flatten().filter(|line| line["sku"] == sku);
        lines.filter_map(|line| line["qty"].as_i64()).sum()
    };
    let lines = tx.line_states(po.id)?;
    let moved = lines.iter().filter(|line| line.moved > taken(&line.sku));
    let moved: Vec<String> = moved
        .map(|line| format!("{} of {}", line.moved, line.sku))
        .collect();
    Ok((!moved.is_empty()).then(|| {
        format!(
            "{} says that all of {} left, and would not send {}, which another vendor was asked for since: nothing is \
             taken as shipped by it until it is known whether that left too: {}",
            po.vendor_name,
            po.number,
            moved.join(", "),
            one_line(own)
        )
    }))
}

/// Whether a subject is that of our mail.
fn answers(subject: &str, row: &CancellationRow) -> bool {
    let subject = subject.to_lowercase();
    subject.contains(&row.number.to_lowercase())
        || subject.contains("do not ship")
        || subject.contains("cancel")
}

fn agree(tx: &Tx, row: &CancellationRow, said: &str) -> Result<()> {
    tx.answer_cancellation(row, CancellationState::Agreed, said)?;
    settled(tx, row)
}

/// Takes what asks after a cancellation off the list.
pub fn settled(tx: &Tx, row: &CancellationRow) -> Result<()> {
    for open in tx.open_exceptions_of_entity(&entity(row))? {
        tx.resolve_exception(&open, "cleared", "the cancellation was answered")?;
    }
    Ok(())
}

/// How the exceptions list names it.
pub fn entity(row: &CancellationRow) -> String {
    format!("cancellation:{}", row.number)
}

fn each(rows: &[CancellationRow]) -> String {
    let one = |row: &CancellationRow| format!("{}: {}", row.number, row.goods());
    rows.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// `; 2 of A-1 were cancelled on June 3, 2025 (W1-1-C1, not answered)`, for what is said of a
/// purchase order that goods left all the same; empty when nothing of it was cancelled by a document.
pub(super) fn history(tx: &Tx, po: &PoRow) -> Result<String> {
    let rows = tx.cancellations_of_po(po.id)?;
    let one = |row: &CancellationRow| {
        let answer = match row.state {
            CancellationState::Open => "not answered",
            CancellationState::Agreed => "the vendor agreed",
            CancellationState::Refused => "the vendor refused",
        };
        format!(
            "{} cancelled on {} ({}, {answer})",
            row.goods(),
            row.opened.format("%B %-d, %Y"),
            row.number
        )
    };
    let all: Vec<String> = rows.iter().map(one).collect();
    Ok(match all.is_empty() {
        true => String::new(),
        false => format!("; {}", all.join("; ")),
    })
}

/// Puts a cancellation on the list that nobody answered; returns whether it was not there before.
pub fn unanswered(
    tx: &Tx,
    settings: &RuleSettings,
    row: &CancellationRow,
    text: &str,
) -> Result<bool> {
    let severity = settings.severity(UNANSWERED);
    let entity = entity(row);
    let before = tx.last_opened(UNANSWERED, &entity, row.order_id)?;
    if severity == Severity::Off || before.is_some() {
        return Ok(false);
    }
    let about = Subject {
        order: Some(row.order_id),
        po: Some(row.po_id),
        ..Subject::default()
    };
    tx.open_exception(UNANSWERED, severity, &entity, about, text)?;
    Ok(true)
}
