//! Which remedies an exception has as things stand. `exceptions resolve` refuses by it, and screens
//! print by it: what one lets through the other shows, and nothing else.

mod released;

use super::resolve::must_be_held;
use super::{cancel, cancellation, invoices, outbox, question, refused, shipping};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Concerns, Offered, Remedy};
use crate::domain::lifecycle::{AdviceRowState, MessageState, OrderState, PoState};
use crate::domain::remit;
use crate::domain::rule_settings::RuleSettings;
use crate::ledger::exceptions::{ExceptionRow, Subject};
use crate::ledger::orders::OrderRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::silences::SilenceRow;
use crate::ledger::{LedgerError, Result, Tx};
use crate::shipping::apply::silent::{self, gathered};
use crate::shipping::apply::{self, withdraw};

/// What an exception is about, and so whose acts are its remedies.
pub(super) enum ExceptionSubject<'a> {
    /// Where a vendor says that its money goes.
    Remit,
    /// A bill or a credit.
    Invoice,
    /// Messages that a mailbox keeps.
    Mailbox(&'a str),
    /// A document of ours.
    Delivery(i64),
    /// A message.
    Message(i64),
    /// A row of a shipping advice.
    Row(i64),
    /// A whole document of a vendor.
    Document,
    /// A question to a customer.
    Question(i64),
    /// A silent vendor's list.
    Silent,
    /// A purchase order that does not come as ordered.
    Po(i64),
    /// A purchase order of which something comes although it was cancelled.
    Unwanted(i64),
    /// An order, or what belongs to one.
    Order(i64),
    /// Nothing that has a state.
    Nothing,
}

impl ExceptionSubject<'_> {
    /// Of this exception.
    pub fn of(row: &ExceptionRow) -> ExceptionSubject<'_> {
        let (kind, name) = row.entity.split_once(':').unwrap_or_default();
        let id = name.parse().unwrap_or(0);
        let po = row
            .subject
            .po
            .filter(|_| row.code.is_one_of(withdraw::CODES));
        match (kind, row.subject.delivery, row.subject.order) {
            _ if row.code == remit::CODE => ExceptionSubject::Remit,
            ("invoice", ..) => ExceptionSubject::Invoice,
            ("mailbox", ..) => ExceptionSubject::Mailbox(name),
            (_, Some(delivery), _) => ExceptionSubject::Delivery(delivery),
            ("message", ..) => ExceptionSubject::Message(row.subject.message.unwrap_or(id)),
            ("advice", ..) => ExceptionSubject::Row(id),
            ("document", ..) => ExceptionSubject::Document,
            ("question", ..) => ExceptionSubject::Question(id),
            _ if row.code == silent::CODE => ExceptionSubject::Silent,
            ("cancellation", ..) if row.code == Code::CancellationRefused => row
                .subject
                .po
                .map_or(ExceptionSubject::Nothing, ExceptionSubject::Unwanted),
            (_, _, order) => match (po, order) {
                (Some(po), _) => ExceptionSubject::Po(po),
                (None, Some(order)) => ExceptionSubject::Order(order),
                (None, None) => ExceptionSubject::Nothing,
            },
        }
    }
}

/// The remedies of an exception: its code's, and to dismiss it where nothing waits for it and the code
/// has no other way to end it.
pub fn remedies(tx: &Tx, row: &ExceptionRow) -> Result<Vec<Remedy>> {
    let mut all = row.definition().remedies.to_vec();
    let ends = |remedy: &Remedy| matches!(remedy, Remedy::Release | Remedy::Dismiss);
    if let (ExceptionSubject::Order(order), Concerns::Order) =
        (ExceptionSubject::of(row), row.definition().concerns)
        && !all.iter().any(ends)
        && tx.order(order)?.state != OrderState::Held
    {
        all.push(Remedy::Dismiss);
    }
    Ok(all)
}

/// The remedies of an open exception, each with why it is refused as things stand, if it is; of a silent
/// vendor's list for one of its purchase orders, if that is named.
pub fn offers(
    tx: &Tx,
    rules: &RuleSettings,
    row: &ExceptionRow,
    po: Option<i64>,
) -> Result<Vec<Offered>> {
    let mut all = Vec::new();
    for remedy in remedies(tx, row)? {
        let mut one = Offered {
            remedy,
            refused: None,
            changes: Vec::new(),
        };
        let checked = check(tx, rules, row, remedy, po).and_then(|()| {
            one.changes = changes(tx, rules, row, remedy)?;
            Ok(())
        });
        match checked {
            Ok(()) => {}
            Err(LedgerError::Refused(why)) => one.refused = Some(why),
            Err(fault) => return Err(fault),
        }
        all.push(one);
    }
    Ok(all)
}

/// What a remedy takes, where poms can work it out.
fn changes(
    tx: &Tx,
    rules: &RuleSettings,
    row: &ExceptionRow,
    remedy: Remedy,
) -> Result<Vec<String>> {
    match (ExceptionSubject::of(row), remedy) {
        (ExceptionSubject::Row(id), Remedy::Amend) => {
            let held = tx.advice_row(id)?;
            match row.code.known() {
                // tied to the purchase order whose address it came to, and about another
                Some(Code::UnknownPo | Code::UntrustedSender) => {
                    apply::amendment(tx, rules, &held, None)
                }
                _ => apply::amendment(tx, rules, &held, row.subject.po),
            }
        }
        (ExceptionSubject::Po(po), Remedy::OtherVendor) => {
            let named = shipping::may_move(tx, row, &tx.po(po)?)?;
            Ok(named.into_iter().collect())
        }
        (ExceptionSubject::Message(_), Remedy::OtherVendor) => match refuses(row, remedy) {
            Some(po) => Ok(shipping::may_move(tx, row, &tx.po(po)?)?
                .into_iter()
                .collect()),
            None => Ok(Vec::new()),
        },
        (ExceptionSubject::Question(id), Remedy::OtherVendor) => {
            let about = tx.exception(tx.question(id)?.exception_id)?;
            changes(tx, rules, &about, remedy)
        }
        _ => Ok(Vec::new()),
    }
}

/// Whether a remedy is possible as things stand.
///
/// # Errors
/// A sentence that says why it is not; SQLite's.
pub fn check(
    tx: &Tx,
    rules: &RuleSettings,
    row: &ExceptionRow,
    remedy: Remedy,
    po: Option<i64>,
) -> Result<()> {
    match ExceptionSubject::of(row) {
        ExceptionSubject::Invoice => invoices::possible(tx, row, remedy),
        ExceptionSubject::Remit | ExceptionSubject::Mailbox(_) => Ok(()),
        ExceptionSubject::Delivery(id) => outbox::possible(tx, row, id, remedy),
        ExceptionSubject::Message(id) => of_message(tx, row, id, remedy),
        ExceptionSubject::Row(id) => of_a_row(tx, rules, row, id, remedy),
        ExceptionSubject::Document => only_to_dismiss(
            remedy,
            "it is about a whole document: send or import it again once it is mended, and dismiss this",
        ),
        ExceptionSubject::Question(id) => of_a_question(tx, rules, row, id, remedy),
        ExceptionSubject::Silent => of_a_list(tx, row, remedy, po),
        ExceptionSubject::Po(po) => of_a_po(tx, row, &tx.po(po)?, remedy),
        ExceptionSubject::Unwanted(po) if remedy == Remedy::Release => {
            cancellation::may_keep(tx, po)
        }
        ExceptionSubject::Unwanted(_) => {
            only_to_dismiss(remedy, "the goods come: a return is the way back")
        }
        ExceptionSubject::Order(id) => of_an_order(tx, row, id, remedy),
        ExceptionSubject::Nothing => {
            only_to_dismiss(remedy, "nothing has to be decided here: dismiss it")
        }
    }
}

fn only_to_dismiss(remedy: Remedy, why: &str) -> Result<()> {
    match remedy {
        Remedy::Dismiss => Ok(()),
        _ => Err(refused(BusinessRefusal::not_for_this(why))),
    }
}

fn of_message(tx: &Tx, row: &ExceptionRow, id: i64, remedy: Remedy) -> Result<()> {
    let state = tx.message(id)?.state;
    let waits = matches!(state, MessageState::Held | MessageState::Quarantined);
    if matches!(remedy, Remedy::CancelLine | Remedy::OtherVendor)
        && let Some(about) = question::answered_late(tx, row)?
        && let Some(po) = about.subject.po
    {
        return of_a_po(tx, &about, &tx.po(po)?, remedy);
    }
    if let Some(po) = refuses(row, remedy) {
        return of_a_po(tx, row, &tx.po(po)?, remedy);
    }
    match (remedy, row.subject.order) {
        (Remedy::Dismiss, _) => Ok(()),
        (Remedy::Cancel, Some(order)) => cancel::possible(tx, &tx.order(order)?),
        (Remedy::Retry, _) if row.code == Code::PoNotOpen && !is_open(tx, row)? => Err(refused(
            BusinessRefusal::wrong_state(
                "its purchase order is not open: read again it says the same",
            )
            .with_remedy(
                "; where a cancellation came too late, note that first (`poms po \
                 cancel-refused`)",
            ),
        )),
        (Remedy::Retry, _) if state.may_become(MessageState::Pending) => Ok(()),
        (Remedy::Retry, _) => Err(refused(
            BusinessRefusal::wrong_state(format!(
                "message {id} is {state}: only one that is held, could not be read or \
                 was put aside is read again"
            ))
            .with_remedy("; dismiss this when it is settled"),
        )),
        (Remedy::Release, _) if released::is_by_message(&row.code) && waits => {
            released::possible(tx, &row.code, id, state)
        }
        (Remedy::Release, _) if !waits => Ok(()),
        _ => Err(refused(
            BusinessRefusal::not_for_this(format!(
                "exception {} is about the whole of message {id}, not about a line of an \
                 order",
                row.id
            ))
            .with_remedy(format!(
                ": read it (`poms message show {id}`), and dismiss this when what it \
                 asks is done"
            ))
            .of_exception(row.id),
        )),
    }
}

/// The purchase order of which a vendor's mail may refuse what is still to come, for the remedies that
/// are about that.
pub(super) fn refuses(row: &ExceptionRow, remedy: Remedy) -> Option<i64> {
    let about = matches!(
        remedy,
        Remedy::CancelLine | Remedy::OtherVendor | Remedy::AskCustomer
    );
    let mail = row.code == Code::VendorMail && row.entity.starts_with("message:");
    row.subject.po.filter(|_| about && mail)
}

/// Whether something of the purchase order that an exception is about is still to come.
fn is_open(tx: &Tx, row: &ExceptionRow) -> Result<bool> {
    let Some(po) = row.subject.po else {
        return Ok(false);
    };
    let lines = tx.line_states(po)?;
    let open = lines.iter().any(|line| line.pieces.open() > 0);
    Ok(open && tx.po(po)?.state != PoState::Cancelled)
}

fn of_a_row(
    tx: &Tx,
    rules: &RuleSettings,
    row: &ExceptionRow,
    id: i64,
    remedy: Remedy,
) -> Result<()> {
    let held = tx.advice_row(id)?;
    match remedy {
        Remedy::Dismiss => Ok(()),
        _ if held.state != AdviceRowState::Held => Err(refused(
            BusinessRefusal::done("the row waits no longer").with_remedy(": dismiss this"),
        )),
        // what is typed decides
        Remedy::Amend => Ok(()),
        remedy => apply::possible(tx, rules, &held, (row, remedy == Remedy::Release)),
    }
}

fn of_a_question(
    tx: &Tx,
    rules: &RuleSettings,
    row: &ExceptionRow,
    id: i64,
    remedy: Remedy,
) -> Result<()> {
    let about = tx.exception(tx.question(id)?.exception_id)?;
    match (remedy, about.open) {
        (Remedy::Dismiss, _) => Ok(()),
        (_, true) => check(tx, rules, &about, remedy, None),
        (_, false) => Err(refused(
            BusinessRefusal::done(format!(
                "what exception {} is about is settled already (exception {})",
                row.id, about.id
            ))
            .with_remedy(": dismiss it")
            .of_exception(row.id),
        )),
    }
}

fn of_a_list(tx: &Tx, row: &ExceptionRow, remedy: Remedy, po: Option<i64>) -> Result<()> {
    let listed = tx.silences_of(row.id)?;
    let pos = gathered(&listed);
    let one = match (po, pos.as_slice()) {
        (Some(po), _) => pos.iter().find(|one| one.po_id == po).copied(),
        (None, [one]) => Some(*one),
        // all of them, one by one
        (None, _) => None,
    };
    match one {
        Some(one) => {
            of_a_po(tx, &alone(row, one), &tx.po(one.po_id)?, remedy).map_err(|fault| match fault {
                LedgerError::Refused(why) => refused(why.under(&one.po)),
                other => other,
            })
        }
        None => Ok(()),
    }
}

/// The exception as it will be about one purchase order of a list alone.
fn alone(row: &ExceptionRow, one: &SilenceRow) -> ExceptionRow {
    ExceptionRow {
        code: silent::code_of(&one.kind).into(),
        subject: Subject {
            order: Some(one.order_id),
            po: Some(one.po_id),
            ..Subject::default()
        },
        ..row.clone()
    }
}

fn of_a_po(tx: &Tx, row: &ExceptionRow, po: &PoRow, remedy: Remedy) -> Result<()> {
    match remedy {
        Remedy::Dismiss => Ok(()),
        Remedy::Cancel => cancel::possible(tx, &tx.order(po.order_id)?),
        Remedy::AskCustomer => question::possible(tx, row, po).map(|_| ()),
        Remedy::CancelLine => shipping::may_cancel_lines(tx, row, po),
        Remedy::OtherVendor => shipping::may_move(tx, row, po).map(|_| ()),
        other => Err(refused(
            BusinessRefusal::not_for_this(format!(
                "exception {} is about purchase order {}: --{} does nothing for it",
                row.id,
                po.number,
                other.as_str()
            ))
            .of_exception(row.id),
        )),
    }
}

/// Whether its purchase orders are made, and something may still be to come.
fn is_placed(order: &OrderRow) -> bool {
    matches!(order.state, OrderState::Placed | OrderState::PartlyShipped)
}

fn of_an_order(tx: &Tx, row: &ExceptionRow, id: i64, remedy: Remedy) -> Result<()> {
    let order = tx.order(id)?;
    match remedy {
        Remedy::Release => Ok(()),
        Remedy::Dismiss if row.definition().remedies.contains(&Remedy::Dismiss) => Ok(()),
        Remedy::Dismiss if order.state != OrderState::Held => Ok(()),
        Remedy::Cancel => cancel::possible(tx, &order),
        Remedy::Amend if row.code == Code::ChangedInShop && is_placed(&order) => Ok(()),
        Remedy::Amend => must_be_held(&order, "amended"),
        Remedy::Retry => must_be_held(&order, "checked again"),
        _ => Err(refused(
            BusinessRefusal::not_for_this(format!(
                "exception {} is about no line of a purchase order",
                row.id
            ))
            .of_exception(row.id),
        )),
    }
}
