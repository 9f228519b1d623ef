//! Looking at invoices again: those that found no place, when vendors or purchase orders came since;
//! those billed before their goods left, when these have left since.

use super::ingest::{self, message};
use super::match_context::{KnownBilling, MatchContext, MatchOutcome, decide, po_facts};
use super::three_way;
use super::{against, close, credit_settlement, dated, reduced_claims};
use crate::domain::codes::{Code, Severity};
use crate::domain::invoice::{Invoice, PoRef, PoRefFrom};
use crate::domain::lifecycle::{InvoiceState, VarianceState};
use crate::domain::money::Money;
use crate::domain::variance::{BilledPieces, Terms, Variance};
use crate::ledger::invoices::{InvoiceFilter, InvoiceRow, VarianceRow};
use crate::ledger::{LedgerError, Tx};
use std::collections::BTreeSet;

/// What a second look may assume.
#[derive(Clone, Copy, Debug, Default)]
pub struct Assume<'a> {
    /// The purchase orders, by a person's word; several share it out.
    pub pos: &'a [String],
    /// What of it is for which, by a person's word.
    pub shares: &'a [(String, Money)],
    /// That it was not billed before, by a person's word.
    pub no_duplicate: bool,
}

/// Examines every invoice that found no place once more. Those that still find none stay as they
/// are; so do those at which poms fails, which are listed.
pub fn unmatched(tx: &Tx, context: &MatchContext) -> Result<(), LedgerError> {
    let mut waiting = tx.invoices(&InvoiceFilter {
        state: Some(InvoiceState::Unmatched),
        at_most: usize::MAX,
        ..InvoiceFilter::default()
    })?;
    waiting.sort_by_key(|row| row.id);
    let look =
        |rows: &[InvoiceRow]| examine(tx, context, rows, Assume::default(), "looked at again");
    if tx.apart(|| look(&waiting))?.is_err() {
        for row in &waiting {
            let what = format!("look at invoice {} again", row.id);
            tx.item(&bill(row.id), &what, || look(std::slice::from_ref(row)))?;
        }
    }
    Ok(())
}

/// How the list names an invoice at which poms fails: not as those that a person can resolve.
fn bill(id: i64) -> String {
    format!("bill:{id}")
}

/// Closes a purchase order if all of it is settled; where poms fails at that, it is listed. Says whether
/// that is new.
pub fn close_one(tx: &Tx, context: &MatchContext, po: i64) -> Result<bool, LedgerError> {
    let what = format!("see whether purchase order number {po} of the ledger is settled");
    let closed = tx.item(&format!("close:{po}"), &what, || {
        close::close(tx, po, context)
    })?;
    Ok(closed.1)
}

/// Examines invoices once more; returns how many found their place.
///
/// # Errors
/// The ledger's, or when a state forbids it.
pub fn examine(
    tx: &Tx,
    context: &MatchContext,
    rows: &[InvoiceRow],
    assume: Assume,
    why: &str,
) -> Result<usize, LedgerError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let known = KnownBilling::load(tx, context)?;
    let mut all: Vec<i64> = rows.iter().map(|row| row.id).collect();
    if assume.no_duplicate {
        all = tx.filed_invoices()?.iter().map(|filed| filed.id).collect();
    }
    let mut facts = known.facts(tx, context, &all)?;
    let mut placed = 0;
    for row in rows {
        let invoice = with_pos(&row.invoice, assume.pos);
        let id = format!("invoice {}", row.id);
        let believed = !assume.pos.is_empty() || !assume.shares.is_empty();
        let against = match believed {
            true => None,
            false => against::contradiction(tx, &invoice, &known, &facts)?,
        };
        let told = (assume.shares, against.as_deref());
        match decide(&invoice, &id, &known, &mut facts, context, told) {
            Ok(outcome) => placed += usize::from(settle(tx, context, row, outcome, assume, why)?),
            Err(same) => {
                end(tx, row, VarianceState::Cleared, &format!("it is {same}"))?;
                tx.move_invoice(row, InvoiceState::Ignored, &format!("it is {same}"))?;
                placed += 1;
            }
        }
    }
    Ok(placed)
}

/// The invoice as if it named these purchase orders and no others.
fn with_pos(invoice: &Invoice, pos: &[String]) -> Invoice {
    let mut invoice = invoice.clone();
    let named = |po: &String| PoRef {
        text: po.clone(),
        from: PoRefFrom::Column,
    };
    if !pos.is_empty() {
        invoice.po_refs = pos.iter().map(named).collect();
    }
    if let [only] = pos {
        invoice
            .lines
            .iter_mut()
            .for_each(|line| line.po.clone_from(only));
    }
    invoice
}

/// Puts an invoice where a second look found that it belongs; whether that is a new place.
fn settle(
    tx: &Tx,
    context: &MatchContext,
    row: &InvoiceRow,
    mut outcome: MatchOutcome,
    assume: Assume,
    why: &str,
) -> Result<bool, LedgerError> {
    let same_place = outcome.at.vendor_key == row.vendor_key;
    if outcome.state == InvoiceState::Unmatched
        && row.state == InvoiceState::Unmatched
        && same_place
    {
        return Ok(false);
    }
    if !assume.pos.is_empty() || !assume.shares.is_empty() {
        let word = Some("a person's word".to_owned());
        outcome.at.matched_by.clone_from(&word);
        for (_, part) in &mut outcome.parts {
            part.at.matched_by.clone_from(&word);
        }
    }
    end(tx, row, VarianceState::Cleared, why)?;
    tx.place_invoice(row, &outcome.at, outcome.state, why)?;
    let (_, mut pos) = ingest::settle(tx, context, row.id, &row.invoice, &outcome, &row.file)?;
    pos.extend(ingest::parts(tx, context, (row.file_id, row.id), &outcome, &row.file)?.1);
    for po in pos {
        close::close(tx, po, context)?;
    }
    Ok(outcome.state != InvoiceState::Unmatched)
}

/// Ends everything that is open about an invoice, its exceptions too.
pub fn end(tx: &Tx, row: &InvoiceRow, to: VarianceState, why: &str) -> Result<(), LedgerError> {
    for variance in tx.variances_of_invoice(row.id)? {
        if matches!(
            variance.state,
            VarianceState::Open | VarianceState::Disputed
        ) {
            tx.move_variance(&variance, to, why)?;
            end_exception(tx, &variance, to.as_str(), why)?;
        }
    }
    Ok(())
}

/// Takes the exception of a variance off the list, if nothing else keeps it there, and the credit
/// that its dispute expected with it.
pub fn end_exception(
    tx: &Tx,
    variance: &VarianceRow,
    how: &str,
    why: &str,
) -> Result<(), LedgerError> {
    let Some(exception) = variance.exception_id else {
        return Ok(());
    };
    let open =
        |one: &VarianceRow| matches!(one.state, VarianceState::Open | VarianceState::Disputed);
    if tx.variances_of_exception(exception)?.iter().any(open) {
        return Ok(());
    }
    let row = tx.exception(exception)?;
    if row.open {
        tx.resolve_exception(&row, how, why)?;
        if how != VarianceState::CreditExpected.as_str() {
            credit_settlement::withdraw(tx, exception, why)?;
        }
    }
    Ok(())
}

/// Compares every invoice again that waits for its goods, or bills more than is ordered: what was
/// shipped since clears it. Those at
/// which poms fails stay as they are, and are listed. Returns how many exceptions are new.
pub fn goods(tx: &Tx, context: &MatchContext) -> Result<usize, LedgerError> {
    let mut opened = 0;
    for id in tx.invoices_awaiting_goods()? {
        let what = format!("compare invoice {id} again");
        let done = tx.item(&bill(id), &what, || compare(tx, context, &tx.invoice(id)?))?;
        opened += usize::from(done.1) + done.0.map_or(0, |compared| compared.opened.len());
    }
    for po in tx.pos_to_close()? {
        opened += usize::from(close_one(tx, context, po)?);
    }
    Ok(opened)
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub struct Compared {
    /// How many findings ended.
    pub ended: usize,
    /// Exceptions that are new on the list.
    pub opened: Vec<i64>,
}

/// Compares a bill that counts on its purchase order with what is ordered and shipped now: ends what is
/// no longer so, corrects the money at stake of the rest, and lists what was not so before.
pub fn compare(tx: &Tx, context: &MatchContext, row: &InvoiceRow) -> Result<Compared, LedgerError> {
    let mut compared = Compared::default();
    let (Some(po), true) = (row.po_id, row.state.counts()) else {
        return Ok(compared);
    };
    let found = reduced_claims::undecided(tx, context, row, po)?;
    let mut left: Vec<&Variance> = found.iter().collect();
    let mut touched: BTreeSet<Code> = BTreeSet::new();
    for old in tx.variances_of_invoice(row.id)? {
        // a date is judged when a bill is taken in: no shipment changes it
        let waits = matches!(old.state, VarianceState::Open | VarianceState::Disputed);
        if !waits || old.code == dated::CODE {
            continue;
        }
        let place = left
            .iter()
            .position(|new| new.code == old.code && new.line as i64 == old.source_line);
        match place.map(|place| left.remove(place)) {
            None => {
                tx.move_variance(&old, VarianceState::Cleared, "no longer so")?;
                end_exception(tx, &old, "cleared", "no longer so")?;
                compared.ended += 1;
            }
            Some(new) if new.at_stake != old.at_stake => {
                tx.change_variance(&old, new.at_stake, &new.evidence)?;
                touched.insert(new.code);
            }
            Some(_) => {}
        }
    }
    let new: Vec<Variance> = left.into_iter().cloned().collect();
    touched.extend(new.iter().map(|one| one.code));
    compared.opened = reduced_claims::list(tx, context, row, new)?;
    for code in touched {
        if context.rules.severity(code) != Severity::Off {
            reword(tx, context, row, &found, code)?;
        }
    }
    if compared.ended > 0 {
        rest(tx, &tx.invoice(row.id)?)?;
        close::close(tx, po, context)?;
    }
    Ok(compared)
}

/// Pieces that an invoice bills: (place of its line, the purchase order's line, pieces).
type Billed = Vec<(usize, i64, i64)>;

/// What an invoice has wrong by today's shipments, under the agreement of its day, and which pieces
/// it bills.
pub fn now(
    tx: &Tx,
    context: &MatchContext,
    row: &InvoiceRow,
    po: i64,
) -> Result<(Vec<Variance>, Billed), LedgerError> {
    let Some(billing) = tx.po_billing(po, row.counted)? else {
        return Ok(Default::default());
    };
    let terms: Option<Terms> = row
        .terms
        .as_ref()
        .and_then(|terms| serde_json::from_value(terms.clone()).ok());
    let facts = po_facts(
        &billing,
        terms.unwrap_or(context.config.terms),
        context.zone,
    );
    let matched = three_way::compare(&row.invoice, &facts);
    let of = |one: &BilledPieces| Some((one.line, billing.lines.get(one.po_line)?.id, one.qty));
    Ok((
        matched.variances,
        matched.pieces.iter().filter_map(of).collect(),
    ))
}

/// The exception says what is at stake now.
fn reword(
    tx: &Tx,
    context: &MatchContext,
    row: &InvoiceRow,
    found: &[Variance],
    code: Code,
) -> Result<(), LedgerError> {
    let of: Vec<&Variance> = found.iter().filter(|one| one.code == code).collect();
    let text = message(&row.invoice, &of, &[], &row.file);
    let po = row.po_id.map(|id| tx.po(id)).transpose()?;
    let about = crate::ledger::exceptions::Subject {
        order: po.as_ref().map(|po| po.order_id),
        po: row.po_id,
        ..Default::default()
    };
    tx.open_exception(
        code,
        context.rules.severity(code),
        &row.entity(),
        about,
        &text,
    )?;
    Ok(())
}

/// An invoice of which nothing holds any more is matched.
pub fn rest(tx: &Tx, row: &InvoiceRow) -> Result<(), LedgerError> {
    let holds = tx.variances_of_invoice(row.id)?.iter().any(|variance| {
        matches!(
            variance.state,
            VarianceState::Open | VarianceState::Disputed
        )
    });
    if row.state == InvoiceState::Variance && !holds {
        tx.move_invoice(row, InvoiceState::Matched, "nothing is open")?;
    }
    Ok(())
}
