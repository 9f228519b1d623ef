//! The end of intake: every message gets its outcome, and orders are recorded. What is no order is
//! handed back, for the run to act on it.

mod cancel;
mod changed;
mod early;
mod known;
mod numbered;
mod several;
mod sums;
mod taken_over;

pub use sums::MessageSums;

use super::inbound::Inbound;
use super::read::{
    DocumentOrder, MailSource, MessageReading, ReadOrder, ReadOrders, StockDocument,
};
use super::receive::Read;
use super::refusal::Refusal;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::{MessageState, OrderState};
use crate::domain::rule_settings::RuleSettings;
use crate::ledger::apart::ADVICE;
use crate::ledger::exceptions::Subject;
use crate::ledger::message_orders::CarriedOrder;
use crate::ledger::messages::MessageOutcome;
use crate::ledger::orders::{NewOrder, OrderRow, content_hash};
use crate::ledger::{LedgerError, Tx};
use changed::{Brought, ShopChange};
use known::Known;

/// The outcome of settling a batch.
#[derive(Default)]
pub struct SettledBatch {
    /// Orders that are new, `received`.
    pub orders: Vec<OrderRow>,
    /// Orders that the shop changed, and that the rules must look at anew.
    pub changed: Vec<OrderRow>,
    /// Orders, by their numbers in the ledger, that the shop cancelled, and its word for it.
    pub cancelled: Vec<(i64, String)>,
    /// Exceptions that were opened.
    pub opened: usize,
    /// Mails that are no orders, by their messages' numbers: still without outcome.
    pub mails: Vec<(i64, MailSource, Box<Inbound>)>,
    /// Copies of what poms sent, with their Message-ID: still without outcome.
    pub copies: Vec<(i64, Option<String>)>,
    /// Lists of what vendors have, by their messages' numbers: still without outcome.
    pub lists: Vec<(i64, Box<StockDocument>)>,
    /// Messages that have no outcome: not even their fault could be written down. One sentence each.
    pub left: Vec<String>,
}

/// The code of a message on which poms failed.
pub const FAILED: Code = Code::MessageFailed;

/// Gives every message that should bring an order its outcome, and records the orders; one at which
/// poms fails is held, and the others go on.
pub fn settle(
    tx: &Tx,
    read: Vec<Read>,
    settings: &RuleSettings,
    sums: &mut MessageSums,
) -> Result<SettledBatch, LedgerError> {
    let mut settled = SettledBatch::default();
    for message in read {
        let id = message.id;
        let result = match message.result {
            Ok(MessageReading::Mail(source, mail)) => {
                settled.mails.push((id, source, mail));
                continue;
            }
            Ok(MessageReading::Copy(reference)) => {
                settled.copies.push((id, reference));
                continue;
            }
            Ok(MessageReading::Stock(list)) => {
                settled.lists.push((id, list));
                continue;
            }
            Ok(MessageReading::Orders(orders)) => Ok(orders),
            Err(refusal) => Err(refusal),
        };
        match tx.apart(|| end(tx, id, result, settings))? {
            Ok(ended) => {
                sums.count(ended.state);
                settled.opened += ended.opened;
                settled.orders.extend(ended.orders);
                has_again(&mut settled.cancelled, &ended.changed);
                settled.changed.extend(ended.changed);
                settled.cancelled.extend(ended.cancelled);
            }
            Err(fault) => match failed(tx, id, &fault)? {
                Ok(()) => {
                    sums.count(MessageState::Held);
                    settled.opened += 1;
                }
                Err(sentence) => settled.left.push(sentence),
            },
        }
    }
    Ok(settled)
}

/// The end of a message that should bring an order.
struct MessageEnded {
    state: MessageState,
    opened: usize,
    orders: Vec<OrderRow>,
    changed: Vec<OrderRow>,
    cancelled: Vec<(i64, String)>,
}

impl MessageEnded {
    /// So, and nothing came of it yet.
    fn of(state: MessageState) -> MessageEnded {
        MessageEnded {
            state,
            opened: 0,
            orders: Vec::new(),
            changed: Vec::new(),
            cancelled: Vec::new(),
        }
    }

    /// Adds what one of its orders made.
    fn add(&mut self, made: MessageEnded) {
        self.opened += made.opened;
        self.orders.extend(made.orders);
        has_again(&mut self.cancelled, &made.changed);
        self.changed.extend(made.changed);
        self.cancelled.extend(made.cancelled);
    }
}

/// What the shop changed after it cancelled it, it wants again.
fn has_again(cancelled: &mut Vec<(i64, String)>, changed: &[OrderRow]) {
    cancelled.retain(|(order, _)| changed.iter().all(|row| row.id != *order));
}

fn end(
    tx: &Tx,
    id: i64,
    result: Result<Box<ReadOrders>, Refusal>,
    settings: &RuleSettings,
) -> Result<MessageEnded, LedgerError> {
    let refused = |refusal: &Refusal, severity| {
        Ok(MessageEnded {
            opened: usize::from(severity != Severity::Off),
            ..MessageEnded::of(refuse(tx, id, refusal, severity)?)
        })
    };
    match result {
        Ok(orders) => {
            let known = tx.known_words(&orders.words())?.into_iter().collect();
            match orders.with_known(&known) {
                Ok(orders) => accept(tx, id, &orders),
                Err(refusal) => refused(&refusal, Severity::Hold),
            }
        }
        Err(refusal) if refusal.is_firm() => refused(&refusal, Severity::Hold),
        Err(refusal) => refused(&refusal, settings.severity(refusal.code)),
    }
}

/// Holds a message at which poms failed, whatever the site has off: it may carry an order. In the inner
/// result the sentence where not even that can be written down.
pub fn failed(
    tx: &Tx,
    id: i64,
    fault: &LedgerError,
) -> Result<std::result::Result<(), String>, LedgerError> {
    let reason = format!(
        "poms could not finish its work on it, and undid what it had begun: {fault}; {ADVICE}"
    );
    let refusal = Refusal::new(FAILED, reason);
    let held = tx.apart(|| refuse(tx, id, &refusal, Severity::Hold))?;
    Ok(held.map(|_| ()).map_err(|why| {
        format!("message {id} has no outcome: {fault}; and that cannot be noted: {why}; {ADVICE}")
    }))
}

/// Takes in the orders of a held message that a person vouches for, in place of its outcome; they are
/// then `received`. Those that were there before are left out.
pub fn let_in(
    tx: &Tx,
    id: i64,
    orders: ReadOrders,
    note: &str,
) -> Result<Vec<OrderRow>, LedgerError> {
    let known = tx.known_words(&orders.words())?.into_iter().collect();
    let orders = orders.with_known(&known);
    let orders =
        orders.map_err(|why| LedgerError::Refused(BusinessRefusal::unreadable(why.reason)))?;
    tx.move_message(id, MessageState::Pending, note)?;
    Ok(accept(tx, id, &orders)?.orders)
}

/// Takes in an order that a person brings, `received`; `identity` is what its content is known again by.
/// In the inner error the order that this content made before, unless that is cancelled: then it is wanted again.
pub fn by_hand(
    tx: &Tx,
    identity: &[u8; 32],
    new: &NewOrder,
) -> Result<std::result::Result<OrderRow, Box<OrderRow>>, LedgerError> {
    if let Some(same) = taken(tx, identity, new)? {
        let hash = new.content_hash();
        let all = tx.orders_numbered(&new.order.order_number)?.into_iter();
        let mut equal = all
            .filter(|row| content_hash(&row.order) == hash)
            .chain([same]);
        if let Some(same) = equal.find(|row| row.state != OrderState::Cancelled) {
            return Ok(Err(Box::new(same)));
        }
    }
    let row = tx.insert_order(new)?;
    tx.take_order(&row, identity, None, None)?;
    early::meets(tx, &row, None, &mut MessageEnded::of(MessageState::Pending))?;
    Ok(Ok(row))
}

fn accept(tx: &Tx, id: i64, read: &ReadOrders) -> Result<MessageEnded, LedgerError> {
    let [DocumentOrder::Order(order)] = read.orders.as_slice() else {
        return several::accept(tx, id, read);
    };
    let mut outcome = MessageOutcome {
        signer: read.signer.as_deref(),
        ..MessageOutcome::default()
    };
    let mut ended = MessageEnded::of(MessageState::Pending);
    let carried = take_in(tx, id, read.signer.as_deref(), order, &mut ended)?;
    outcome.order_id = carried.order_id;
    outcome.reason = carried.reason.as_deref();
    tx.settle_message(id, carried.state, &outcome)?;
    ended.state = carried.state;
    if let Some(row) = ended.orders.first() {
        ended.opened += warn(tx, id, read.warning.as_deref(), Some(row.id))?;
    }
    Ok(ended)
}

/// Notes on a message that is taken although nobody signed it; how many exceptions that is.
fn warn(tx: &Tx, id: i64, warning: Option<&str>, order: Option<i64>) -> Result<usize, LedgerError> {
    let Some(warning) = warning else {
        return Ok(0);
    };
    let about = Subject {
        message: Some(id),
        order,
        ..Subject::default()
    };
    tx.open_exception(
        Code::Unsigned,
        Severity::Warn,
        &format!("message:{id}"),
        about,
        warning,
    )?;
    Ok(1)
}

/// Takes in one order of a message, unless its content is there: a new one, or what the shop made of one
/// that is there. What it made is added to `ended`.
fn take_in(
    tx: &Tx,
    id: i64,
    signer: Option<&str>,
    order: &ReadOrder,
    ended: &mut MessageEnded,
) -> Result<CarriedOrder, LedgerError> {
    let renumbered = numbered::order(tx, id, signer, order)?;
    take_in_as(tx, id, signer, renumbered.as_ref().unwrap_or(order), ended)
}

/// The same under the number that the order has here.
fn take_in_as(
    tx: &Tx,
    id: i64,
    signer: Option<&str>,
    order: &ReadOrder,
    ended: &mut MessageEnded,
) -> Result<CarriedOrder, LedgerError> {
    let number = order.new.order.order_number.clone();
    let carried = |state, row: &OrderRow, reason| CarriedOrder {
        number,
        state,
        order_id: Some(row.id),
        code: None,
        reason,
    };
    let by = Brought {
        message: id,
        signer,
    };
    let same = taken(tx, &order.identity, &order.new)?;
    let known = known::known(tx, same.as_ref(), order, &by)?;
    let shop = &order.new.order.shop_order;
    let cancelled = shop.says(Code::CancelledInShop).join("; ");
    let found = match known {
        Known::Repeats => None,
        known => changed::changed(tx, &by, order, known)?,
    };
    let (row, said) = match (found, same) {
        (None, Some(same)) => {
            let asked = known == Known::Returns;
            ended.opened += usize::from(asked);
            let (state, said) = known::came_before(tx, &by, (&same, order), asked)?;
            return Ok(carried(state, &same, said));
        }
        (None, None) => {
            let row = tx.insert_order(&order.new)?;
            tx.take_order(&row, &order.identity, Some(id), signer)?;
            early::meets(tx, &row, signer, ended)?;
            ended.orders.push(row.clone());
            return Ok(carried(MessageState::Accepted, &row, None));
        }
        (Some(ShopChange::Nothing(row, why)), _) => {
            return Ok(carried(MessageState::Duplicate, &row, Some(why)));
        }
        (Some(ShopChange::TakenOver(row, said)), _) => {
            ended.changed.push(row.clone());
            (row, said)
        }
        (Some(ShopChange::Asked(row, said)), _) => {
            ended.opened += 1;
            (row, said)
        }
    };
    if !cancelled.is_empty() {
        ended.cancelled.push((row.id, cancelled));
    }
    Ok(carried(MessageState::Accepted, &row, Some(said)))
}

/// The order that this content made already: as it came, whatever was amended since, or as it stands.
fn taken(tx: &Tx, identity: &[u8; 32], new: &NewOrder) -> Result<Option<OrderRow>, LedgerError> {
    let number = &new.order.order_number;
    if let Some(same) = tx.order_of_content(identity, number)? {
        return Ok(Some(same));
    }
    let hash = new.content_hash();
    let mut earlier = tx.orders_numbered(number)?.into_iter();
    Ok(earlier.find(|row| content_hash(&row.order) == hash))
}

/// Puts a message that cannot be acted on where a person finds it.
pub fn refuse(
    tx: &Tx,
    id: i64,
    refusal: &Refusal,
    severity: Severity,
) -> Result<MessageState, LedgerError> {
    let state = match (severity, refusal.code) {
        (Severity::Off, _) => MessageState::Ignored,
        (_, Code::UnreadableMessage | Code::TooLarge | Code::NotForUs) => MessageState::Quarantined,
        _ => MessageState::Held,
    };
    let outcome = MessageOutcome {
        code: Some(refusal.code),
        reason: Some(&refusal.reason),
        ..MessageOutcome::default()
    };
    tx.settle_message(id, state, &outcome)?;
    if state != MessageState::Ignored {
        let about = Subject {
            message: Some(id),
            ..Subject::default()
        };
        tx.open_exception(
            refusal.code,
            severity,
            &format!("message:{id}"),
            about,
            &refusal.reason,
        )?;
    }
    Ok(state)
}
