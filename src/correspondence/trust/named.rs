//! Which purchase order a mail means.

use crate::intake::dkim::Signed;
use crate::intake::inbound::Inbound;
use crate::ledger::cancellations;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};

/// The purchase order that the mail answers, that its subject names, or its words: only by fields
/// that the signature covers.
pub(super) fn meant(
    tx: &Tx,
    mail: &Inbound,
    signed: &Signed,
) -> Result<Option<PoRow>, LedgerError> {
    for (reference, field) in mail.answers.iter().zip(&mail.answers_in) {
        if signed.covers(field)
            && let Some(row) = tx.delivery_by_reference(reference)?
            && let Some(id) = row.po_id
        {
            return tx.po_if_any(id);
        }
    }
    if signed.covers("subject")
        && let Some(po) = named_in_subject(tx, mail)?
    {
        return Ok(Some(po));
    }
    named_in(tx, &mail.words())
}

/// The one purchase order whose number is a word of the subject; none when there are several.
pub fn named_in_subject(tx: &Tx, mail: &Inbound) -> Result<Option<PoRow>, LedgerError> {
    named_in(tx, &mail.subject)
}

pub(super) fn named_in(tx: &Tx, text: &str) -> Result<Option<PoRow>, LedgerError> {
    let mut found: Option<PoRow> = None;
    for word in text.split_whitespace().take(1000) {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '#');
        let word = word.trim_end_matches('#');
        if word.is_empty() {
            continue;
        }
        // `PO#1001-1`
        let behind = word.split_once('#').map_or("", |(_, behind)| behind);
        let mut meant = tx.po_numbered(word)?;
        for name in [behind, cancellations::po_of(word)] {
            if meant.is_none() && !name.is_empty() && name != word {
                meant = tx.po_numbered(name)?;
            }
        }
        match (meant, &found) {
            (Some(po), Some(other)) if po.id != other.id => return Ok(None),
            (Some(po), _) => found = Some(po),
            (None, _) => {}
        }
    }
    Ok(found)
}
