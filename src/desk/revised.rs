//! What a vendor said about a revision, written down by the person who heard it.

use super::vendor_said::{self, Heard};
use super::{Said, reason, refund, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::shipment::Answer;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::revision;

/// Notes that the vendor agreed to the open revision of a purchase order, or does not take it: what it had agreed
/// to before counts then.
///
/// # Errors
/// When none is open, or it has not left.
pub fn answered(
    tx: &Tx,
    site: &App,
    number: &str,
    agreed: bool,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(number)?;
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Err(refused(BusinessRefusal::nothing(format!(
            "no revision of purchase order {} waits for an answer",
            po.number
        ))));
    };
    if !agreed && !tx.revision_may_be_known(&row)? {
        return Err(refused(
            BusinessRefusal::wrong_state(format!("revision {} has not left", row.shown()))
                .with_remedy(": change the order back (`poms order change`)"),
        ));
    }
    if !agreed {
        let said = revision::refuse(tx, &site.config.rules, &row, (note, tx.now()))?;
        refund::settle(tx, &tx.order(po.order_id)?)?;
        return Ok(said);
    }
    revision::agree(tx, &row, note)?;
    let mut said = vec![format!(
        "Revision {} of purchase order {} counts: {} agreed to it.",
        row.number, po.number, po.vendor_name
    )];
    let silent = tx
        .line_states(po.id)?
        .iter()
        .any(|line| line.pieces.open() > 0 && line.shares.answered() < line.pieces.open());
    if silent && crate::shipping::apply::standing::arrived(tx, &tx.po(po.id)?)? {
        let heard = Heard {
            answer: Answer::Accepted,
            until: None,
            lines: &[],
        };
        let plain = tx.line_states(po.id)?;
        let plain = plain
            .iter()
            .all(|line| line.shares.backordered + line.shares.rejected == 0);
        if plain {
            said.extend(vendor_said::answered(tx, site, &po.number, &heard, note)?);
        }
    }
    refund::settle(tx, &tx.order(po.order_id)?)?;
    Ok(said)
}
