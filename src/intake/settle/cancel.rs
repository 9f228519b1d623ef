//! A shop's word that an order is cancelled: `{"cancel": "W200001"}`, signed by whoever signed the order.

use super::MessageEnded;
use super::changed;
use super::early;
use super::numbered;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{MessageState, OrderState};
use crate::intake::read::ShopCancellation;
use crate::ledger::message_orders::CarriedOrder;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};

/// Why a cancellation is not acted on.
struct NotHere(Code, String);

/// Notes a cancellation. Until it is done, or a person decided, the order is on the list, and held where it
/// is not placed.
pub(super) fn cancel(
    tx: &Tx,
    id: i64,
    signer: Option<&str>,
    word: &ShopCancellation,
    ended: &mut MessageEnded,
) -> Result<CarriedOrder, LedgerError> {
    let word = &ShopCancellation {
        number: numbered::cancelled(tx, id, signer, word)?,
        in_shop: word.in_shop.clone(),
        reason: word.reason.clone(),
    };
    let number = cut(&word.number, 64);
    let carried = |state, order_id, code, reason| CarriedOrder {
        number: number.clone(),
        state,
        order_id,
        code,
        reason: Some(reason),
    };
    if let Some(signer) = signer
        && tx.orders_numbered(&word.number)?.is_empty()
    {
        return Ok(match early::keep(tx, id, signer, word)? {
            Ok(said) => carried(MessageState::Accepted, None, None, said),
            Err(before) => {
                let said = format!("message {before} said so before: it waits for the order");
                carried(MessageState::Duplicate, None, None, said)
            }
        });
    }
    let row = match the_order(tx, signer, &word.number)? {
        Ok(row) => row,
        Err(NotHere(code, why)) => {
            return Ok(carried(MessageState::Held, None, Some(code), why));
        }
    };
    let name = row.reference();
    if row.state == OrderState::Cancelled {
        let said = format!("order {name} is cancelled already");
        return Ok(carried(MessageState::Duplicate, Some(row.id), None, said));
    }
    let why = match word.reason.trim() {
        "" => format!("the shop cancelled it, by message {id}"),
        reason => format!(
            "the shop cancelled it, by message {id}: {}",
            cut(reason, 300)
        ),
    };
    changed::list(tx, &row, &why)?;
    ended.opened += 1;
    let said = format!("the shop cancels order {name}");
    ended.cancelled.push((row.id, why));
    Ok(carried(MessageState::Accepted, Some(row.id), None, said))
}

/// The one order of this number that the same key signed.
fn the_order(
    tx: &Tx,
    signer: Option<&str>,
    number: &str,
) -> Result<Result<OrderRow, NotHere>, LedgerError> {
    let shown = cut(number, 64);
    let Some(signer) = signer else {
        let why = format!("it cancels order {shown}, and nobody signed it: have the shop sign it");
        return Ok(Err(NotHere(Code::Unsigned, why)));
    };
    let all = tx.orders_numbered(number)?;
    let mut own = Vec::new();
    for row in all {
        let given = tx.order_given(&row)?;
        if given.and_then(|given| given.signer).as_deref() == Some(signer) {
            own.push(row);
        }
    }
    if own.len() > 1 {
        // one of them, unless all are cancelled
        let left: Vec<OrderRow> = own
            .iter()
            .filter(|row| row.state != OrderState::Cancelled)
            .cloned()
            .collect();
        own = if left.is_empty() {
            own.split_off(own.len() - 1)
        } else {
            left
        };
    }
    match (own.pop(), own.len()) {
        (Some(row), 0) => Ok(Ok(row)),
        (Some(_), _) => Ok(Err(NotHere(
            Code::UnknownFormat,
            format!(
                "it cancels order {shown}, of which there are several: `poms order show` has them; cancel the one that is meant, and dismiss this"
            ),
        ))),
        (None, _) => Ok(Err(NotHere(
            Code::UntrustedSigner,
            format!(
                "it cancels order {shown}, which another key signed, or nobody: only who gives an order takes it back"
            ),
        ))),
    }
}
