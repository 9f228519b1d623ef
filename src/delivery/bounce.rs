//! What a mail system said after it had taken a mail: it came back, it is late, it did arrive.

use super::outbox::{asks_again, not_arrived};
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::{DeliveryState, PoState};
use crate::ledger::exceptions::Subject;
use crate::ledger::outbox::{DeliveryRow, SettledAttempt};
use crate::ledger::{LedgerError, Tx};
use serde_json::json;

/// What came back, and why.
pub struct Returned<'a> {
    /// The report, by its number in the ledger.
    pub message: i64,
    /// Whom the mail did not reach; may be empty.
    pub recipients: &'a [String],
    /// The other side's words, on one line.
    pub diagnostic: &'a str,
    /// Whether the site has `bounced` on hold, warn or off.
    pub severity: Severity,
}

/// A mail came back: the delivery is `failed`, with an exception, and so is its purchase order unless
/// another way to the vendor is open. Returns whether an exception was opened; a second report
/// about the same mail is a note.
pub fn returned(tx: &Tx, row: &DeliveryRow, why: &Returned) -> Result<bool, LedgerError> {
    let whom = match why.recipients {
        [] => row.recipients.join(", "),
        some => some.join(", "),
    };
    let text = format!("{} came back from {whom}: {}", row.subject, why.diagnostic);
    if !matches!(row.state, DeliveryState::Sent | DeliveryState::Unknown) {
        let state = row.state;
        let note = format!("A report says: {text}. The delivery is {state} already.");
        tx.note_delivery(row, why.message, &note)?;
        return Ok(false);
    }
    tx.settle_delivery(
        row,
        &SettledAttempt {
            to: DeliveryState::Failed,
            detail: &text,
            next_attempt: None,
        },
    )?;
    for old in tx.open_exceptions_of_delivery(row.id)? {
        tx.resolve_exception(&old, "cleared", "replaced by what happened next")?;
    }
    not_arrived(tx, row, PoState::Failed, why.diagnostic)?;
    if why.severity == Severity::Off || asks_again(row) {
        return Ok(false);
    }
    let about = Subject {
        message: None,
        order: row.order_id,
        po: row.po_id,
        delivery: Some(row.id),
    };
    tx.open_exception(Code::Bounced, why.severity, &row.entity(), about, &text)?;
    Ok(true)
}

/// Something proves that the mail server took a mail whose answer was lost. Returns whether that was
/// news.
pub fn proved(tx: &Tx, row: &DeliveryRow, proof: &str) -> Result<bool, LedgerError> {
    if row.state != DeliveryState::Unknown {
        return Ok(false);
    }
    tx.settle_delivery(
        row,
        &SettledAttempt {
            to: DeliveryState::Sent,
            detail: proof,
            next_attempt: None,
        },
    )?;
    for old in tx.open_exceptions_of_delivery(row.id)? {
        tx.resolve_exception(&old, "cleared", proof)?;
    }
    if let Some(po) = row.po_id {
        tx.po_arrived(po, &json!({"delivery": row.id, "proof": proof}))?;
    }
    Ok(true)
}
