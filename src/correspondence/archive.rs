//! Copies of what poms sent, in the archive's mailbox.

use super::end;
use crate::delivery::bounce;
use crate::domain::lifecycle::MessageState;
use crate::ledger::{LedgerError, Tx};

/// A copy of what poms sent came to the archive: the mail server took it.
pub fn settle_copy(tx: &Tx, id: i64, reference: Option<&str>) -> Result<MessageState, LedgerError> {
    let row = reference
        .map(|reference| tx.delivery_by_reference(reference))
        .transpose()?
        .flatten();
    let news = match &row {
        Some(row) => bounce::proved(tx, row, "its copy came to the archive mailbox")?,
        None => false,
    };
    let reason = match &row {
        Some(row) if news => format!("the copy that proves that delivery {} was sent", row.id),
        Some(row) => format!("the archive's copy of delivery {}", row.id),
        None => "in the archive mailbox, and none of our mails".to_owned(),
    };
    let order = row.and_then(|row| row.order_id);
    end(tx, id, MessageState::Ignored, order, &reason)?;
    Ok(MessageState::Ignored)
}
