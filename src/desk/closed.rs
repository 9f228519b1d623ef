//! A vendor that is not active any more: what is open with it goes to a person, with who else has the
//! goods.

use super::possible;
use crate::domain::codes::{Code, Remedy, Severity};
use crate::domain::lifecycle::PoState;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::vendor::Vendor;
use crate::ledger::exceptions::Subject;
use crate::ledger::po_lines::LineState;
use crate::ledger::{LedgerError, Tx};

/// The exceptions list's code for it.
pub const VENDOR_CLOSED: Code = Code::VendorClosed;

/// Puts each purchase order that is open with the vendor on the list, once, and says which and what to
/// type; nothing for a vendor that is active.
pub fn open_with(
    tx: &Tx,
    settings: &RuleSettings,
    vendor: &Vendor,
) -> Result<Vec<String>, LedgerError> {
    let severity = settings.severity(VENDOR_CLOSED);
    let mut said = Vec::new();
    if vendor.active || severity == Severity::Off {
        return Ok(said);
    }
    for po in tx.pos(None, Some(&vendor.id), 100_000)? {
        if matches!(
            po.state,
            PoState::Cancelled | PoState::Closed | PoState::Shipped
        ) {
            continue;
        }
        let mut lines = tx.line_states(po.id)?;
        lines.retain(|line| line.pieces.open() > 0);
        if lines.is_empty()
            || tx
                .last_opened(VENDOR_CLOSED, &po.entity(), po.order_id)?
                .is_some()
        {
            continue;
        }
        let goods: Vec<String> = lines
            .iter()
            .map(|line| format!("{} of {}", line.pieces.open(), line.sku))
            .collect();
        let others = others(tx, &vendor.id, &lines)?;
        let whom = match others.as_slice() {
            [] => "nobody else offers all of it".to_owned(),
            ids => format!("all of it is offered by {}", ids.join(", ")),
        };
        let text = format!(
            "{} is not active any more, and {} is open with it ({}): {whom}",
            vendor.name,
            po.number,
            goods.join(", ")
        );
        let about = Subject {
            order: Some(po.order_id),
            po: Some(po.id),
            ..Subject::default()
        };
        let id = tx.open_exception(VENDOR_CLOSED, severity, &po.entity(), about, &text)?;
        said.push(text);
        let row = tx.exception(id)?;
        let may = possible::check(tx, settings, &row, Remedy::OtherVendor, None).is_ok();
        for other in others.iter().filter(|_| may) {
            said.push(format!(
                "  poms exceptions resolve {id} --other-vendor {other} --note \"WHY\""
            ));
        }
        said.push(format!("  poms exceptions show {id}"));
    }
    Ok(said)
}

/// Active vendors who offer every one of the lines, in the order in which they would be taken.
fn others(tx: &Tx, not: &str, lines: &[LineState]) -> Result<Vec<String>, LedgerError> {
    let mut common: Option<Vec<String>> = None;
    for line in lines {
        let mut of_line = Vec::new();
        for offer in tx.offers_of(line.sku.trim())? {
            let active = tx
                .vendor(&offer.vendor_id)?
                .is_some_and(|vendor| vendor.active);
            if active && !offer.discontinued && offer.vendor_id != not {
                of_line.push(offer.vendor_id);
            }
        }
        common = Some(match common {
            None => of_line,
            Some(before) => before
                .into_iter()
                .filter(|id| of_line.contains(id))
                .collect(),
        });
    }
    Ok(common.unwrap_or_default())
}
