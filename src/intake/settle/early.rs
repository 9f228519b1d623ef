//! A cancellation that comes before its order: it is kept, and when the order comes that is held, and cancelled
//! where the same key signed both.

use super::{MessageEnded, changed};
use crate::domain::foreign::cut;
use crate::intake::read::ShopCancellation;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};

/// Keeps a cancellation for an order that is not there; in a sentence what follows. In the inner error the message
/// that said the same before.
pub(super) fn keep(
    tx: &Tx,
    id: i64,
    signer: &str,
    word: &ShopCancellation,
) -> Result<Result<String, i64>, LedgerError> {
    let mut waiting = tx.waiting_cancellations(&word.number)?.into_iter();
    let same = waiting.find(|one| one.signer == signer && one.message != id);
    if let Some(same) = same {
        return Ok(Err(same.message));
    }
    tx.keep_cancellation(&word.number, signer, &cut(&word.reason, 300), id)?;
    Ok(Ok(format!(
        "it cancels order {}, which is not here yet: kept, and when the order comes it is not placed",
        cut(&word.number, 64)
    )))
}

/// Looks whether a cancellation waits for an order that came just now. The order is put on the list by it, which
/// holds it; where who gave the order took it back, it is cancelled.
pub(super) fn meets(
    tx: &Tx,
    row: &OrderRow,
    signer: Option<&str>,
    ended: &mut MessageEnded,
) -> Result<(), LedgerError> {
    for early in tx.waiting_cancellations(&row.order.order_number)? {
        let same = signer == Some(early.signer.as_str());
        let reason = match early.reason.trim() {
            "" => String::new(),
            reason => format!(": {reason}"),
        };
        let why = match same {
            true => format!(
                "the shop cancelled it before it came, by message {}{reason}",
                early.message
            ),
            false => format!(
                "message {}, which another key signed, cancelled an order of this number before it came{reason}; only who \
                 gives an order takes it back: ask the shop",
                early.message
            ),
        };
        changed::list(tx, row, &why)?;
        ended.opened += 1;
        tx.cancellation_met(&early, row.id)?;
        if let Some(id) = early.exception {
            let told = tx.exception(id)?;
            if told.open {
                tx.resolve_exception(&told, "cleared", "the order came")?;
            }
        }
        if same {
            ended.cancelled.push((row.id, why));
        }
    }
    Ok(())
}
