//! Returns: what a person decides about goods that come back, never came, or shall not be sent.

mod goods;
mod money;
mod payment;
mod tell;
mod typed_goods;

pub use goods::{inspect, receive};
pub use money::{refund, reject};
pub(super) use payment::one_line;
pub use payment::{Paid, Sum};

use super::cancellation::by_return;
use super::{Said, reason, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::{CreditState, OrderState};
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::domain::shipment::VendorEvent;
use crate::domain::text::typed;
use crate::invoicing::{close, early_credits, reduced_claims};
use crate::ledger::orders::OrderRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::returns::{NewReturn, ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::cancellation::{self, TakenBack};
use crate::reports::returns::kind as label;
use crate::returns::watch::{RETURN_WAITING, settled, today};
use crate::returns::{allocate, credit};
use crate::shipping::apply::standing;
use chrono::{Days, NaiveDate};

/// Opens a return of an order: one for each purchase order that brought what is asked back. Returns
/// what to say, and their numbers.
///
/// # Errors
/// A sentence that says why it is impossible: no such line, or more than shipped (or is open, where
/// it is to be taken back before it ships).
pub fn open(
    tx: &Tx,
    order: &OrderRow,
    kind: ReturnKind,
    asked: &[String],
    why: &str,
) -> Result<(Said, Vec<String>), LedgerError> {
    let why = reason(why)?;
    let goods = tx.goods_of_order(order.id)?;
    may_open(order, goods.is_empty(), kind)?;
    let named: Vec<typed_goods::NamedLine> = goods
        .iter()
        .map(|one| (one.order_line, one.sku.as_str()))
        .collect();
    let asked = typed_goods::pieces(asked, &named)?;
    let parts = allocate(&goods, kind, &asked).map_err(|fault| {
        refused(BusinessRefusal::over_limit(format!(
            "order {}: {fault}",
            order.reference()
        )))
    })?;
    let (mut said, mut numbers) = (Vec::new(), Vec::new());
    for (po, lines) in &parts {
        let row = tx.open_return(&NewReturn {
            po: &tx.po(*po)?,
            order_number: &order.order.order_number,
            kind,
            reason: why,
            lines,
        })?;
        let of_kind = match kind {
            ReturnKind::Customer => String::new(),
            _ => format!(" ({})", label(kind)),
        };
        said.push(format!(
            "Return {}{of_kind} is requested: {}; from {}, purchase order {}.",
            row.number,
            listed(&tx.return_lines(row.id)?),
            row.vendor_name,
            row.po
        ));
        said.push(format!(
            "  Next: poms return authorise {} --note \"WHY\"",
            typed(&row.number)
        ));
        numbers.push(row.number);
    }
    Ok((said, numbers))
}

fn may_open(order: &OrderRow, unordered: bool, kind: ReturnKind) -> Result<(), LedgerError> {
    if unordered {
        return Err(refused(
            BusinessRefusal::wrong_state(format!(
                "order {} is {}: nothing of it was ordered from a vendor, so nothing can \
                 come back",
                order.reference(),
                order.state
            ))
            .with_remedy("; cancel or amend it instead"),
        ));
    }
    if order.state == OrderState::Cancelled && kind == ReturnKind::CancelledBeforeShipping {
        return Err(refused(BusinessRefusal::done(format!(
            "order {} is cancelled already: nothing of it ships",
            order.reference()
        ))));
    }
    Ok(())
}

/// `2 of BF63-12163, 1 of KT10-00010`.
fn listed(lines: &[ReturnLineRow]) -> String {
    let one = |line: &ReturnLineRow| format!("{} of {}", line.counts(), line.sku);
    lines.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The lines of a return as a person names them.
fn named(lines: &[ReturnLineRow]) -> Vec<typed_goods::NamedLine<'_>> {
    lines
        .iter()
        .map(|line| (line.order_line, line.sku.as_str()))
        .collect()
}

/// The line of a return that is a line of the order.
fn line_of<'a>(
    row: &ReturnRow,
    lines: &'a [ReturnLineRow],
    line: u32,
) -> Result<&'a ReturnLineRow, LedgerError> {
    let found = lines.iter().find(|one| one.order_line == i64::from(line));
    found.ok_or_else(|| {
        let has: Vec<String> = lines.iter().map(|one| one.order_line.to_string()).collect();
        refused(BusinessRefusal::unknown(format!(
            "return {} has no line {line}: it has {}",
            row.number,
            has.join(", ")
        )))
    })
}

/// Says yes: goods may come until the deadline, or, where none come, what is lost or not wanted is
/// noted with the vendor. Mails go to the customer and the vendor.
///
/// # Errors
/// When its state forbids it, no address to send goods to is known, or what should not ship has left.
pub fn authorise(
    tx: &Tx,
    site: &App,
    number: &str,
    days: Option<u32>,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let row = tx.find_return(number)?;
    let (deadline, address) = match row.kind.goods_come_back() {
        true => (Some(deadline(tx, site, days)?), address(tx, site, &row)?),
        false if days.is_some() => {
            return Err(refused(BusinessRefusal::not_for_this(format!(
                "return {} is {}: no goods come back, so it has no deadline",
                row.number,
                row.kind.as_str()
            ))));
        }
        false => (None, Vec::new()),
    };
    tx.authorise_return(&row, deadline, &address, note)?;
    settled(tx, &row, &[RETURN_WAITING])?;
    let row = tx.find_return(number)?;
    let lines = tx.return_lines(row.id)?;
    let mut said = vec![format!(
        "Return {} is authorised: {}.",
        row.number,
        listed(&lines)
    )];
    if let Some(day) = deadline {
        said.push(format!(
            "  It goes to {} by {}.",
            address.join(", "),
            day.format("%B %-d, %Y")
        ));
    }
    match row.kind {
        ReturnKind::CancelledBeforeShipping => {
            take_back(tx, site, &row, &lines, note, &mut said)?;
            said.extend(reduced_claims::look_again(
                tx,
                &site.match_context(),
                row.po_id,
            )?);
        }
        ReturnKind::LostInTransit => expect_credit(tx, site, &row, &lines, &mut said)?,
        ReturnKind::Customer | ReturnKind::RefusedAtDoor => {}
    }
    said.extend(by_return(tx, &row, &lines)?);
    tell::authorised(tx, site, &row, &lines, &mut said)?;
    Ok(said)
}

fn deadline(tx: &Tx, site: &App, days: Option<u32>) -> Result<NaiveDate, LedgerError> {
    let days = days.unwrap_or(site.config.returns.deadline_days);
    let day = today(tx.now(), site.config.site.timezone);
    (1..=365)
        .contains(&days)
        .then(|| day.checked_add_days(Days::new(u64::from(days))))
        .flatten()
        .ok_or_else(|| {
            refused(
                BusinessRefusal::bad_word(format!("{days} is not a deadline"))
                    .with_remedy(": give 1 to 365 days"),
            )
        })
}

/// The label to which goods go: the site's, else the vendor's.
fn address(tx: &Tx, site: &App, row: &ReturnRow) -> Result<Vec<String>, LedgerError> {
    let own = &site.config.returns.address;
    if !own.is_empty() {
        return Ok(own.clone());
    }
    let vendor = tx.vendor(&row.vendor_id)?.map(|vendor| vendor.address);
    match vendor {
        Some(at) if !at.street1.trim().is_empty() && !at.city.trim().is_empty() => Ok(at.label()),
        _ => Err(refused(
            BusinessRefusal::needs_word(format!(
                "where shall the goods go? {} has no street and city on file",
                row.vendor_name
            ))
            .with_remedy(": import its address (`poms vendors import`), or set returns.address"),
        )),
    }
}

fn too_few_open(row: &ReturnRow, line: &ReturnLineRow, open: i64, po: &PoRow) -> BusinessRefusal {
    BusinessRefusal::over_limit(format!(
        "{} of {} cannot be taken back any more: {open} of purchase order {} are open",
        line.qty, line.sku, po.number
    ))
    .with_remedy(format!(
        "; reject return {} and open another for what is",
        row.number
    ))
}

/// Takes the pieces off the purchase order, so that nobody waits for them, and tells the vendor.
fn take_back(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
    note: &str,
    said: &mut Said,
) -> Result<(), LedgerError> {
    let (po, mut pieces) = (tx.po(row.po_id)?, Vec::new());
    cancellation::not_on_its_way(tx, &po)?;
    let known = standing::may_be_known(tx, &po)?;
    for line in lines {
        let states = tx.line_states(po.id)?;
        let Some(state) = states.iter().find(|state| state.id == line.po_line_id) else {
            continue;
        };
        if state.pieces.open() < line.qty {
            return Err(refused(too_few_open(row, line, state.pieces.open(), &po)));
        }
        tx.cancel_pieces(&po, state, line.qty, false, note)?;
        pieces.push((state.clone(), line.qty.min(state.coming())));
        tx.happened(VendorEvent::LineCancelled {
            order: po.order_id,
            po: po.id,
            po_line: state.id,
            qty: line.qty,
        });
    }
    standing::follow(tx, &site.config.rules, &po, None)?;
    let (po, order) = (tx.po(po.id)?, tx.order(po.order_id)?);
    said.push(format!(
        "  Off purchase order {}, which is {}; order {} is {}.",
        po.number,
        po.state,
        order.reference(),
        order.state
    ));
    if order.state == OrderState::Cancelled {
        tell::instead_of_notices(tx, &order)?;
    }
    pieces.retain(|(_, qty)| *qty > 0);
    let taken = TakenBack {
        po: po.id,
        known,
        pieces: &pieces,
        rma: Some(&row.number),
        moved: false,
        why: note,
    };
    said.extend(cancellation::tell(tx, &site.buyer(), &taken)?);
    Ok(())
}

/// Notes what the vendor owes for the return, if anything.
fn expect_credit(
    tx: &Tx,
    site: &App,
    row: &ReturnRow,
    lines: &[ReturnLineRow],
    said: &mut Said,
) -> Result<(), LedgerError> {
    let owed = credit(row.kind, lines, &site.config.returns).ok_or_else(|| {
        refused(BusinessRefusal::over_limit(format!(
            "the credit for return {} is too large",
            row.number
        )))
    })?;
    if owed <= Money::ZERO {
        said.push(format!("  {} owes no credit for it.", row.vendor_name));
        return Ok(());
    }
    let mut before = tx.credits_of_return(&row.number)?;
    before.retain(|credit| credit.state != CreditState::Withdrawn);
    let known = Money::sum(before.iter().map(|credit| credit.amount)).unwrap_or_default();
    let more = owed.minus(known).unwrap_or_default();
    let open = before
        .iter()
        .find(|credit| credit.state == CreditState::Open);
    let note = format!("return {} ({})", row.number, row.kind.as_str());
    match open {
        _ if more <= Money::ZERO => {}
        Some(open) => tx.raise_credit(open, more, &note)?,
        None => {
            tx.expect_credit(&row.vendor_id, row.po_id, &row.number, None, more, &note)?;
        }
    }
    let book = site.match_context();
    let came = match more > Money::ZERO {
        true => early_credits::look(tx, &book, &row.vendor_id, row.po_id)?,
        false => Vec::new(),
    };
    said.push(format!(
        "  {} owes a credit of {}{}.",
        row.vendor_name,
        owed.display(&row.currency),
        match known {
            Money::ZERO => "",
            _ => " in all",
        }
    ));
    if !came.is_empty() {
        close::close(tx, row.po_id, &book)?;
    }
    said.extend(came);
    Ok(())
}
