//! A shipment that did not happen.

use super::{end_digit, live, withdraw_mail};
use crate::app::App;
use crate::desk::{Said, possible, reason, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Remedy};
use crate::domain::email;
use crate::invoicing::reduced_claims;
use crate::ledger::po_lines::Answered;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::ShipmentRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::{arrival, standing};
use chrono::NaiveDate;
use serde_json::json;

/// Takes a shipment back: its pieces are open again, the purchase order is watched, and a later advice
/// counts. `ships` is the day on which the vendor says that they leave, if it said one.
///
/// # Errors
/// When it was taken back already, or goods of it are in a return.
pub fn undo(
    tx: &Tx,
    site: &App,
    (id, ships): (i64, Option<NaiveDate>),
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = live(tx, id)?;
    let po = tx.po(row.po_id)?;
    let today = tx
        .now()
        .with_timezone(&site.config.site.timezone)
        .date_naive();
    if let Some(day) = ships.filter(|day| *day < today) {
        return Err(refused(
            BusinessRefusal::bad_word(format!("--ships {day} is over"))
                .with_remedy(": name the day on which the goods will leave"),
        ));
    }
    no_return(tx, &row)?;
    let order = tx.order(po.order_id)?;
    withdraw_mail(tx, &order)?;
    let knew = tx.shipped_mark(order.id)?.0;
    // the day that the vendor names now is an answer, too
    let answered = ships.is_some() || has_answered(tx, &po)?;
    tx.undo_shipment(&po, &row, (&tx.line_states(po.id)?, answered), note)?;
    if let Some(day) = ships {
        promised(tx, &row, &po, day)?;
    }
    end_digit(tx, &row, &po, note)?;
    arrival::end_stuck(tx, (order.id, id), "the shipment did not happen")?;
    standing::reopen(tx, &site.config.rules, &po, "a shipment did not happen")?;
    let bills = reduced_claims::look_again(tx, &site.match_context(), po.id)?;
    let mut said = stands(tx, &row, &po)?;
    said.extend(bills);
    said.extend(may_fit(tx, site, &po)?);
    let told = tx.undone_untold(order.id)?.contains(&id) && knew > 0;
    said.extend(told.then(|| match email::deliverable(&order.order.customer.email).is_ok() {
        true => "  The customer had been told that it left, and is told that it did not: the next `poms process` sends the mail."
            .to_owned(),
        false => "  The customer may think that it left: no mail reaches them, tell them.".to_owned(),
    }));
    Ok(said)
}

/// Whether the vendor ever said anything of a purchase order but that goods of it left.
fn has_answered(tx: &Tx, po: &PoRow) -> Result<bool, LedgerError> {
    let kinds = [
        "po.answered",
        "po.acknowledged",
        "po.backordered",
        "po.rejected",
    ];
    let facts = tx.audit_of(&po.entity())?;
    Ok(facts.iter().any(|fact| kinds.contains(&fact.kind.as_str())))
}

/// What is open again, and where purchase order and order stand.
fn stands(tx: &Tx, row: &ShipmentRow, po: &PoRow) -> Result<Said, LedgerError> {
    let (after, order) = (tx.po(po.id)?, tx.order(po.order_id)?);
    let pieces: Vec<String> = (row.lines.iter())
        .map(|part| format!("{} of {}", part.qty, part.sku))
        .collect();
    Ok(vec![
        format!(
            "Shipment {} is taken back: {} on purchase order {} are open again.",
            row.id,
            pieces.join(", "),
            po.number
        ),
        format!(
            "  {} is {}, order {} is {}; poms waits for {} again.",
            after.number,
            after.state,
            order.reference(),
            order.state,
            po.vendor_name
        ),
    ])
}

/// Refuses what goods that came back, or are on their way back, speak against.
fn no_return(tx: &Tx, row: &ShipmentRow) -> Result<(), LedgerError> {
    match tx.returned_of(row)? {
        None => Ok(()),
        Some((pieces, sku)) => Err(refused(
            BusinessRefusal::wrong_state(format!(
                "{pieces} of {sku} are in a return (`poms return list`), so they had left"
            ))
            .with_remedy(": reject the return first, if it is wrong"),
        )),
    }
}

/// Notes the day on which what did not leave will.
fn promised(tx: &Tx, row: &ShipmentRow, po: &PoRow, day: NaiveDate) -> Result<(), LedgerError> {
    for line in tx.line_states(po.id)? {
        if row.lines.iter().any(|part| part.po_line == line.id) {
            let said = Answered {
                shares: line.shares,
                until: line.until,
                reason: line.reason.clone(),
                promised: Some(day),
            };
            tx.put_answer(
                po,
                &line,
                &said,
                tx.now(),
                &json!("a person, who took a shipment back"),
            )?;
        }
    }
    Ok(())
}

/// Rows of advices that waited because nothing was open.
fn may_fit(tx: &Tx, site: &App, po: &PoRow) -> Result<Said, LedgerError> {
    let mut said = Said::new();
    for row in tx.open_exceptions_of_po(po, &[Code::OverShipment])? {
        let rules = &site.config.rules;
        if row.entity.starts_with("advice:")
            && possible::check(tx, rules, &row, Remedy::Retry, None).is_ok()
        {
            said.push(format!(
                "  Exception {} (over_shipment) fits now: poms exceptions resolve {} --retry --note \"WHY\"",
                row.id, row.id
            ));
        }
    }
    Ok(said)
}
