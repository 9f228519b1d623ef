//! A shipment, or a parcel of one, that no document told poms of.

use super::{Number, live, not_anothers, settle_rows, will_tell, withdraw_mail};
use crate::app::App;
use crate::desk::{Said, reason, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::order::MOST_PIECES;
use crate::domain::text::typed;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::{NewShipment, Origin, ShipmentRow};
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::{no_such_sku, standing};
use chrono::NaiveDate;

/// What a person says that left.
pub struct Added<'a> {
    /// `SKU=PIECES`; none for a further parcel of a shipment that is on record.
    pub goods: &'a [String],
    /// The shipment whose further parcel it is.
    pub shipment: Option<i64>,
    /// The tracking number, if there is one.
    pub number: Option<&'a Number>,
    /// When it left.
    pub date: Option<NaiveDate>,
}

/// Records what left of a purchase order, by a person's word.
///
/// # Errors
/// A sentence that says why it is impossible.
pub fn add(tx: &Tx, site: &App, po: &str, added: &Added, note: &str) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(po)?;
    let today = tx
        .now()
        .with_timezone(&site.config.site.timezone)
        .date_naive();
    if let Some(day) = added.date.filter(|day| *day > today) {
        return Err(refused(
            BusinessRefusal::bad_word(format!("--date {day} is still to come"))
                .with_remedy(": record it when it has left"),
        ));
    }
    if let Some(number) = added.number {
        not_anothers(tx, &po, number)?;
    }
    match added.goods {
        [] => parcel(tx, &po, added, note),
        _ if added.shipment.is_some() => Err(refused(BusinessRefusal::needs_word(
            "say what left (SKU=PIECES), or of which shipment it is a further parcel \
             (--shipment), not both",
        ))),
        goods => shipment(tx, site, &po, (goods, added), note),
    }
}

/// A further parcel of a shipment.
fn parcel(tx: &Tx, po: &PoRow, added: &Added, note: &str) -> Result<Said, LedgerError> {
    let row = of_which(tx, po, added)?;
    let Some(number) = added.number else {
        return Err(refused(
            BusinessRefusal::needs_word("a further parcel needs its number")
                .with_remedy(": --tracking NUMBER"),
        ));
    };
    if row.po_id != po.id {
        return Err(refused(BusinessRefusal::conflict(format!(
            "shipment {} is of purchase order {}, not {}",
            row.id, row.po_number, po.number
        ))));
    }
    if row
        .parcels
        .iter()
        .any(|one| one.tracking == number.tracking)
    {
        return Err(refused(BusinessRefusal::done(format!(
            "shipment {} has the parcel {} already",
            row.id, number.tracking
        ))));
    }
    if row.former.contains(&number.tracking) {
        return Err(refused(
            BusinessRefusal::done(format!(
                "{} is a number of shipment {} in whose place another was put",
                number.tracking, row.id
            ))
            .with_remedy(format!(
                ": poms shipment retrack {} --tracking {} puts it back",
                row.id, number.tracking
            )),
        ));
    }
    withdraw_mail(tx, &tx.order(po.order_id)?)?;
    tx.add_parcel(po, row.id, number.carrier, &number.tracking)?;
    let payload = serde_json::json!({"tracking": number.tracking, "why": note});
    let entity = format!("shipment:{}", row.id);
    tx.fact("shipment.by_hand", &entity, Some(po.order_id), &payload)?;
    let mut said = vec![format!(
        "Shipment {} of purchase order {} has the parcel {} too.",
        row.id, po.number, number.tracking
    )];
    said.extend(number.doubt());
    said.extend(settle_rows(tx, po, &number.tracking, note)?);
    said.extend(will_tell(&tx.order(po.order_id)?, "the number"));
    Ok(said)
}

/// The shipment whose further parcel it is.
fn of_which(tx: &Tx, po: &PoRow, added: &Added) -> Result<ShipmentRow, LedgerError> {
    let lines = tx.line_states(po.id)?;
    let open: Vec<String> = lines
        .iter()
        .filter(|line| line.pieces.open() > 0)
        .map(|line| format!("{}={}", line.sku, line.pieces.open()))
        .collect();
    let all = tx.shipments_of_po(po.id)?;
    match (added.shipment, all.as_slice()) {
        (Some(id), _) => live(tx, id),
        (None, [one]) if open.is_empty() => Ok(one.clone()),
        (None, []) | (None, [_]) => Err(refused(
            BusinessRefusal::needs_word(format!("say what left of purchase order {}", po.number))
                .with_remedy(format!(
                    ": poms shipment add {} {} … (or --shipment ID for a further parcel of \
                     one that is on record)",
                    typed(&po.number),
                    open.join(" ")
                )),
        )),
        (None, several) => {
            let ids: Vec<String> = several.iter().map(|one| one.id.to_string()).collect();
            Err(refused(
                BusinessRefusal::ambiguous(format!(
                    "purchase order {} has shipments {}",
                    po.number,
                    ids.join(", ")
                ))
                .with_remedy(
                    ": say of which it is a further parcel with --shipment, or what left as \
                     SKU=PIECES",
                ),
            ))
        }
    }
}

/// Goods that left.
fn shipment(
    tx: &Tx,
    site: &App,
    po: &PoRow,
    (goods, added): (&[String], &Added),
    note: &str,
) -> Result<Said, LedgerError> {
    may_leave(tx, po)?;
    let order = tx.order(po.order_id)?;
    let lines = tx.line_states(po.id)?;
    let parts = parts(&lines, goods, po)?;
    let origin = Origin {
        source: "a person",
        ..Origin::default()
    };
    standing::arrived(tx, po)?;
    withdraw_mail(tx, &order)?;
    let new = NewShipment {
        carrier: added.number.and_then(|number| number.carrier),
        service: "",
        ship_date: added.date,
        origin,
    };
    let id = tx.insert_shipment(po, &new)?;
    let payload = serde_json::json!({"why": note});
    tx.fact(
        "shipment.by_hand",
        &format!("shipment:{id}"),
        Some(po.order_id),
        &payload,
    )?;
    for (line, qty) in &parts {
        tx.ship_line(po, id, line, *qty, &origin)?;
    }
    if let Some(number) = added.number {
        tx.add_parcel(po, id, number.carrier, &number.tracking)?;
    }
    standing::follow(tx, &site.config.rules, &tx.po(po.id)?, Some(id))?;
    let mut said = left(tx, po, id, &parts)?;
    if let Some(number) = added.number {
        said.extend(number.doubt());
        said.extend(settle_rows(tx, po, &number.tracking, note)?);
    }
    said.extend(will_tell(&order, "that it left"));
    Ok(said)
}

/// What left, and where purchase order and order stand.
fn left(tx: &Tx, po: &PoRow, id: i64, parts: &[(&LineState, i64)]) -> Result<Said, LedgerError> {
    let (after, order) = (tx.po(po.id)?, tx.order(po.order_id)?);
    let what: Vec<String> = parts
        .iter()
        .map(|(line, qty)| format!("{qty} of {}", line.sku))
        .collect();
    Ok(vec![
        format!(
            "Shipment {id} of purchase order {}: {} left.",
            po.number,
            what.join(", ")
        ),
        format!(
            "  {} is {}, order {} is {}.",
            after.number,
            after.state,
            order.reference(),
            order.state
        ),
    ])
}

/// Refuses what cannot have left.
fn may_leave(tx: &Tx, po: &PoRow) -> Result<(), LedgerError> {
    let over = matches!(po.state, PoState::Draft | PoState::Cancelled)
        || tx.order(po.order_id)?.state == OrderState::Cancelled
        || !standing::may_be_known(tx, po)?;
    match over {
        true => Err(refused(BusinessRefusal::wrong_state(format!(
            "purchase order {} is {}: nothing of it can have left",
            po.number, po.state
        )))),
        false => Ok(()),
    }
}

/// The lines and pieces that a person names as `SKU=PIECES`.
fn parts<'l>(
    lines: &'l [LineState],
    goods: &[String],
    po: &PoRow,
) -> Result<Vec<(&'l LineState, i64)>, LedgerError> {
    let mut parts: Vec<(&LineState, i64)> = Vec::new();
    for one in goods {
        let split = one.rsplit_once('=');
        let read = split.and_then(|(sku, qty)| Some((sku.trim(), qty.trim().parse::<i64>().ok()?)));
        let Some((sku, qty)) =
            read.filter(|(sku, qty)| !sku.is_empty() && (1..=MOST_PIECES).contains(qty))
        else {
            return Err(refused(
                BusinessRefusal::bad_word(format!(
                    "'{}' does not say how many pieces of what left",
                    cut(one, 80)
                ))
                .with_remedy(": SKU=PIECES"),
            ));
        };
        let named = |line: &&LineState| {
            line.sku.eq_ignore_ascii_case(sku) || line.vendor_sku.eq_ignore_ascii_case(sku)
        };
        let mut left = qty;
        for line in lines.iter().filter(named) {
            let taken: i64 = parts
                .iter()
                .filter(|(known, _)| known.id == line.id)
                .map(|(_, qty)| qty)
                .sum();
            let part = left.min(line.pieces.open() - taken);
            if part > 0 {
                parts.push((line, part));
                left -= part;
            }
        }
        if left > 0 {
            return Err(refused(BusinessRefusal::over_limit(
                match lines.iter().any(|line| named(&line)) {
                    false => no_such_sku(sku, &po.number, lines),
                    true => format!(
                        "{qty} of {} cannot have left purchase order {}: {} are open",
                        cut(sku, 60),
                        po.number,
                        qty - left
                    ),
                },
            )));
        }
    }
    Ok(parts)
}
