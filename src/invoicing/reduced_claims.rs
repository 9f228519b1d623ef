//! Bills of a purchase order of which less is owed since they were judged: pieces were cancelled or
//! ordered elsewhere, or a shipment did not happen.

use super::ingest;
use super::match_context::{MatchContext, MatchOutcome, state};
use super::rematch::{compare, now};
use crate::domain::codes::Code;
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::{InvoiceState, VarianceState};
use crate::domain::money::Money;
use crate::domain::variance::Variance;
use crate::ledger::invoices::{InvoiceRow, Placement, VarianceRow};
use crate::ledger::{LedgerError, Tx};

/// Compares every bill that counts on a purchase order again. Every act that takes pieces or a shipment
/// off a purchase order calls this in its own transaction: what was billed is at stake from then on.
/// Returns a sentence for each exception that is new on the list.
pub fn look_again(tx: &Tx, context: &MatchContext, po: i64) -> Result<Vec<String>, LedgerError> {
    let mut opened = Vec::new();
    for row in tx.invoices_of_po(po)? {
        if row.state.counts() && row.invoice.kind == InvoiceKind::Bill {
            opened.extend(compare(tx, context, &row)?.opened);
        }
    }
    let sentence =
        |id: &i64| format!("  A bill has it on it: exception {id} (`poms exceptions show {id}`).");
    Ok(opened.iter().map(sentence).collect())
}

/// What an invoice has wrong now that nobody decided yet: what was decided of the same finding is off
/// it, and what is at stake beyond that is left.
pub(super) fn undecided(
    tx: &Tx,
    context: &MatchContext,
    row: &InvoiceRow,
    po: i64,
) -> Result<Vec<Variance>, LedgerError> {
    let (mut found, _) = now(tx, context, row, po)?;
    let mut known = tx.variances_of_invoice(row.id)?;
    known.retain(|old| {
        use VarianceState::{Cleared, Disputed, Open};
        !matches!(old.state, Open | Disputed | Cleared)
    });
    let of = |new: &Variance, old: &VarianceRow| {
        old.source_line == new.line as i64 && speaks_of(old, new.code)
    };
    // to the cent what was decided first: freight and fees share a code and a line
    found.retain(|new| {
        let same = |old: &VarianceRow| of(new, old) && old.at_stake == new.at_stake;
        let place = known.iter().position(same);
        place.map(|place| known.remove(place)).is_none()
    });
    found.retain_mut(|new| {
        let mut before = Money::ZERO;
        for old in known.iter_mut().filter(|old| of(new, old)) {
            let left = Money(new.at_stake.0.saturating_sub(before.0));
            let part = old.at_stake.min(left);
            old.at_stake = Money(old.at_stake.0.saturating_sub(part.0));
            before = Money(before.0.saturating_add(part.0));
        }
        if before <= Money::ZERO {
            return true;
        }
        new.at_stake = Money(new.at_stake.0.saturating_sub(before.0));
        new.evidence
            .push_str(&format!(", of which {before} was decided before"));
        new.at_stake > Money::ZERO
    });
    Ok(found)
}

/// Whether what is on record of an invoice is about what has this code now. Pieces that were billed
/// before they left are pieces never ordered once they are cancelled: money that comes back for the
/// one comes back for the other; who meant to pay for them, as they would come, is asked again.
pub(super) fn speaks_of(old: &VarianceRow, code: Code) -> bool {
    const GOODS: [Code; 2] = [Code::InvoiceNotShipped, Code::InvoiceQuantity];
    let comes_back = matches!(
        old.state,
        VarianceState::CreditExpected | VarianceState::Credited
    );
    old.code == code || (comes_back && old.code.is_one_of(&GOODS) && GOODS.contains(&code))
}

/// Lists what is new of a bill, which waits for a person then. Returns the exceptions that were not on
/// the list.
pub(super) fn list(
    tx: &Tx,
    context: &MatchContext,
    row: &InvoiceRow,
    new: Vec<Variance>,
) -> Result<Vec<i64>, LedgerError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let before = tx.open_exceptions_of_entity(&row.entity())?;
    let outcome = MatchOutcome {
        at: Placement {
            vendor_key: row.vendor_key.clone(),
            vendor_id: row.vendor_id.clone(),
            po_id: row.po_id,
            matched_by: None,
            terms: row.terms.clone(),
            part_of: None,
            lines: Vec::new(),
        },
        state: state(&new, context),
        variances: new,
        candidates: Vec::new(),
        parts: Vec::new(),
    };
    let wrong = ingest::list(tx, context, row.id, &row.invoice, &outcome, &row.file)?;
    if row.state == InvoiceState::Matched && outcome.state == InvoiceState::Variance {
        let why = "less is owed than it bills";
        tx.move_invoice(row, InvoiceState::Variance, why)?;
    }
    let mut opened: Vec<i64> = wrong.iter().filter_map(|one| one.exception).collect();
    opened.retain(|id| before.iter().all(|known| known.id != *id));
    opened.sort_unstable();
    opened.dedup();
    Ok(opened)
}
