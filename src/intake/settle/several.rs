//! The end of a message that carries several orders, or none that the shop wants placed: each order has an
//! outcome of its own, and one that fails keeps no other.
//!
//! The message is `held` while one of its orders is held back, so that it can be read again or dismissed;
//! else `accepted` where one was taken in, `duplicate` where one was there, `ignored` where the shop
//! leaves out all.

use super::{FAILED, MessageEnded, cancel, take_in, warn};
use crate::domain::codes::Severity;
use crate::domain::lifecycle::MessageState;
use crate::intake::read::{DocumentOrder, ReadOrders};
use crate::ledger::apart::ADVICE;
use crate::ledger::exceptions::Subject;
use crate::ledger::message_orders::CarriedOrder;
use crate::ledger::messages::MessageOutcome;
use crate::ledger::{LedgerError, Tx};

/// Orders that are held back which a reason names before it only counts.
const MOST_NAMED: usize = 5;

/// Takes in each order of a message.
pub(super) fn accept(tx: &Tx, id: i64, read: &ReadOrders) -> Result<MessageEnded, LedgerError> {
    let (mut carried, mut ended) = (Vec::new(), MessageEnded::of(MessageState::Pending));
    for one in &read.orders {
        carried.push(end_one(tx, id, read, one, &mut ended)?);
    }
    tx.put_message_orders(id, &carried)?;
    let state = state_of(&carried);
    let reason = reason_of(&carried);
    let outcome = MessageOutcome {
        code: held(&carried).next().and_then(|one| one.code),
        reason: Some(&reason),
        signer: read.signer.as_deref(),
        order_id: carried.iter().find_map(|one| one.order_id),
    };
    tx.settle_message(id, state, &outcome)?;
    ended.state = state;
    if !ended.orders.is_empty() {
        ended.opened += warn(tx, id, read.warning.as_deref(), None)?;
    }
    if let Some(code) = outcome.code {
        let about = Subject {
            message: Some(id),
            ..Subject::default()
        };
        let entity = format!("message:{id}");
        tx.open_exception(code, Severity::Hold, &entity, about, &reason)?;
        ended.opened += 1;
    }
    Ok(ended)
}

/// The outcome of one order; what it made is added to `ended`.
fn end_one(
    tx: &Tx,
    id: i64,
    read: &ReadOrders,
    one: &DocumentOrder,
    ended: &mut MessageEnded,
) -> Result<CarriedOrder, LedgerError> {
    let order = match one {
        DocumentOrder::Order(order) => order,
        DocumentOrder::LeftOut { number, reason } => {
            return Ok(CarriedOrder {
                number: number.clone(),
                state: MessageState::Ignored,
                order_id: None,
                code: None,
                reason: Some(reason.clone()),
            });
        }
        DocumentOrder::Cancel(cancellation) => {
            return cancel::cancel(tx, id, read.signer.as_deref(), cancellation, ended);
        }
        DocumentOrder::Refused { number, refusal } => {
            return Ok(CarriedOrder {
                number: number.clone(),
                state: MessageState::Held,
                order_id: None,
                code: Some(refusal.code),
                reason: Some(refusal.reason.clone()),
            });
        }
    };
    // what it made counts only if it was made
    let mut made = MessageEnded::of(MessageState::Pending);
    let taken = tx.apart(|| take_in(tx, id, read.signer.as_deref(), order, &mut made))?;
    Ok(match taken {
        Ok(carried) => {
            ended.add(made);
            carried
        }
        Err(fault) => CarriedOrder {
            number: order.new.order.order_number.clone(),
            state: MessageState::Held,
            order_id: None,
            code: Some(FAILED),
            reason: Some(format!(
                "poms could not finish its work on it, and undid what it had begun: {fault}; {ADVICE}"
            )),
        },
    })
}

/// Those that are held back.
fn held(carried: &[CarriedOrder]) -> impl Iterator<Item = &CarriedOrder> {
    carried.iter().filter(|one| one.state == MessageState::Held)
}

/// What the outcomes of its orders make of a message.
fn state_of(carried: &[CarriedOrder]) -> MessageState {
    let any = |state| carried.iter().any(|one| one.state == state);
    let states = [
        MessageState::Held,
        MessageState::Accepted,
        MessageState::Duplicate,
    ];
    let first = states.into_iter().find(|state| any(*state));
    first.unwrap_or(MessageState::Ignored)
}

/// The outcomes in a sentence, those that are held back with why.
fn reason_of(carried: &[CarriedOrder]) -> String {
    let count = |state: MessageState| {
        let count = carried.iter().filter(|one| one.state == state).count();
        (count > 0).then(|| format!("{count} {state}"))
    };
    let states = [
        MessageState::Accepted,
        MessageState::Duplicate,
        MessageState::Held,
        MessageState::Ignored,
    ];
    let counts: Vec<String> = states.into_iter().filter_map(count).collect();
    let mut said = match carried {
        [one] => one.reason.clone().unwrap_or_default(),
        all => format!("{} orders: {}", all.len(), counts.join(", ")),
    };
    let places = carried
        .iter()
        .zip(1..)
        .filter(|(one, _)| one.state == MessageState::Held);
    let named: Vec<String> = places
        .clone()
        .take(MOST_NAMED)
        .map(|(one, place)| {
            let number = match one.number.as_str() {
                "" => String::new(),
                number => format!(" ({number})"),
            };
            let reason = one.reason.as_deref().unwrap_or_default();
            format!("; the one in place {place}{number}: {reason}")
        })
        .collect();
    said.extend(named);
    let more = places.count().saturating_sub(MOST_NAMED);
    if more > 0 {
        said.push_str(&format!("; and {more} more"));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Code;

    fn one(state: MessageState) -> CarriedOrder {
        CarriedOrder {
            number: "W1".to_owned(),
            state,
            order_id: None,
            code: (state == MessageState::Held).then_some(Code::UnknownFormat),
            reason: Some("why".to_owned()),
        }
    }

    #[test]
    fn a_message_is_held_while_one_of_its_orders_is() {
        use MessageState::{Accepted, Duplicate, Held, Ignored};
        for (states, state, words) in [
            (
                &[Accepted, Held, Duplicate][..],
                Held,
                "3 orders: 1 accepted, 1 duplicate, 1 held; the one in place 2 (W1): why",
            ),
            (
                &[Duplicate, Accepted],
                Accepted,
                "2 orders: 1 accepted, 1 duplicate",
            ),
            (
                &[Duplicate, Ignored],
                Duplicate,
                "2 orders: 1 duplicate, 1 ignored",
            ),
            (&[Ignored], Ignored, "why"),
        ] {
            let carried: Vec<CarriedOrder> = states.iter().map(|state| one(*state)).collect();
            assert_eq!(
                (state_of(&carried), reason_of(&carried).as_str()),
                (state, words)
            );
        }
    }
}
