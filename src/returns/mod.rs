//! Stage 7. Returns: RMA. What may come back, what it is worth to the customer and to the vendor, and
//! what is late; the acts are [`crate::desk::returns`].

pub mod owed;
pub mod watch;

use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::rma::{self, Condition, CreditLine, QuantityError, ReturnKind, ReturnableLine};
use crate::ledger::returns::{Goods, ReturnLineRow, ReturnRow};
use crate::ledger::{LedgerError, Result, Tx};
use std::collections::BTreeMap;

/// Where goods go back to, by when, and what vendors credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnSettings {
    /// The label to which all goods go back, line by line; empty for the vendor's own address.
    pub address: Vec<String>,
    /// Days from the authorisation until which goods may come.
    pub deadline_days: u32,
    /// Days from the receipt of goods until which the vendor's credit should have come.
    pub credit_days: u32,
    /// Days for which a return may wait for the shop itself: to be authorised, looked at, paid back.
    pub waiting_days: u32,
    /// Whether vendors credit goods that come back as new: the customer's reason, not theirs.
    pub credit_restocked: bool,
    /// What vendors keep of such a credit, in percent.
    pub restocking_percent: u32,
}

impl Default for ReturnSettings {
    fn default() -> Self {
        ReturnSettings {
            address: Vec::new(),
            deadline_days: 30,
            credit_days: 30,
            waiting_days: 7,
            credit_restocked: false,
            restocking_percent: 0,
        }
    }
}

/// What of one purchase order comes back: line of it, line of the order, pieces.
pub type ReturnParts = BTreeMap<i64, Vec<(i64, i64, i64)>>;

/// Finds the purchase orders that brought what is asked back (line of the order and pieces), or, for
/// goods that did not ship, those that would have: the earlier ones first.
///
/// # Errors
/// A sentence: no such line, not a quantity, or more than there is.
pub fn allocate(
    goods: &[Goods],
    kind: ReturnKind,
    asked: &[(u32, i64)],
) -> std::result::Result<ReturnParts, String> {
    let unshipped = kind == ReturnKind::CancelledBeforeShipping;
    let left = |one: &Goods| match unshipped {
        true => one.open.saturating_sub(one.claimed).max(0),
        false => one.shipped.saturating_sub(one.returned).max(0),
    };
    let mut lines: BTreeMap<i64, ReturnableLine> = BTreeMap::new();
    for one in goods {
        let line = lines.entry(one.order_line).or_insert(ReturnableLine {
            line: u32::try_from(one.order_line).unwrap_or(u32::MAX),
            sku: one.sku.clone(),
            shipped: 0,
            returned: 0,
        });
        line.shipped += if unshipped { one.open } else { one.shipped };
        line.returned += if unshipped { one.claimed } else { one.returned };
    }
    let lines: Vec<ReturnableLine> = lines.into_values().collect();
    let asked = rma::check_quantities(&lines, asked).map_err(|fault| match (unshipped, fault) {
        (true, QuantityError::TooMany { line, sku, asked, shipped, returned, returnable }) => format!(
            "line {line} ({sku}): {asked} asked to take back, but {shipped} open (neither shipped nor cancelled) and {returned} in \
             requested returns: {returnable} at most"
        ),
        (false, fault @ QuantityError::TooMany { shipped: 0, .. }) => format!(
            "{fault}. What has not shipped is taken back with --kind cancelled_before_shipping"
        ),
        (_, fault) => fault.to_string(),
    })?;
    let mut parts = ReturnParts::new();
    for (line, mut qty) in asked {
        for one in goods.iter().filter(|one| one.order_line == i64::from(line)) {
            let take = left(one).min(qty);
            if take > 0 {
                let of = parts.entry(one.po).or_default();
                of.push((one.po_line, one.order_line, take));
                qty -= take;
            }
        }
    }
    Ok(parts)
}

/// What a customer gets back for a return by the order's prices, and the tax in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// In all.
    pub amount: Money,
    /// The tax in it.
    pub tax: Money,
}

/// Computes it from the order, less what was refunded or cancelled before; with the last of an order of
/// which nothing ever left, the shipping charge too.
///
/// # Errors
/// The ledger's; when the amounts cannot be computed.
pub fn worth(tx: &Tx, row: &ReturnRow, order: &Order, lines: &[ReturnLineRow]) -> Result<Worth> {
    let state = tx.order(row.order_id)?.state;
    let mut gone = owed::Gone::of(tx, row.order_id, state, order)?;
    let before = gone.worth(order);
    let mut fits = true;
    for back in lines {
        let place = usize::try_from(back.order_line - 1).unwrap_or(usize::MAX);
        match (gone.pieces.get_mut(place), order.lines.get(place)) {
            (Some(pieces), Some(line)) => {
                *pieces += back.counts();
                fits &= *pieces <= line.qty;
            }
            _ => fits = false,
        }
    }
    let after = gone.worth(order).filter(|_| fits);
    let worth = before.zip(after).and_then(|(before, after)| {
        Some(Worth {
            amount: after.amount.minus(before.amount)?,
            tax: after.tax.minus(before.tax)?.max(Money::ZERO),
        })
    });
    worth.ok_or_else(|| {
        LedgerError::Refused(
            BusinessRefusal::needs_word(format!(
                "what return {} is worth cannot be computed from order {}",
                row.number, row.order
            ))
            .with_remedy(": say it with --amount and --note"),
        )
    })
}

/// The credit that the vendor owes for a return: the cost of what is damaged, wrong or lost; of
/// goods that came back as new what the site's agreement says. Nothing for what never shipped.
pub fn credit(kind: ReturnKind, lines: &[ReturnLineRow], config: &ReturnSettings) -> Option<Money> {
    let mut owed = Vec::new();
    for line in lines {
        let of = |qty, vendor_fault| CreditLine {
            qty,
            unit_cost: line.unit_cost,
            vendor_fault,
        };
        match kind {
            ReturnKind::CancelledBeforeShipping => {}
            ReturnKind::LostInTransit => owed.push(of(line.counts(), true)),
            ReturnKind::Customer | ReturnKind::RefusedAtDoor => {
                for (condition, qty) in &line.conditions {
                    match condition {
                        Condition::Restock if !config.credit_restocked => {}
                        Condition::Restock => owed.push(of(*qty, false)),
                        Condition::Damaged | Condition::WrongItem => owed.push(of(*qty, true)),
                    }
                }
            }
        }
    }
    rma::vendor_credit(&owed, config.restocking_percent.saturating_mul(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goods(po: i64, shipped: i64, open: i64, returned: i64) -> Goods {
        Goods {
            po_line: po * 10,
            po,
            order_line: 1,
            sku: "S-1".to_owned(),
            shipped,
            open,
            returned,
            claimed: 0,
        }
    }

    #[test]
    fn what_two_vendors_shipped_comes_back_to_both() {
        let all = [goods(1, 2, 0, 1), goods(2, 3, 1, 0)];
        let parts = allocate(&all, ReturnKind::Customer, &[(1, 2), (1, 1)]).unwrap();
        assert_eq!(parts[&1], [(10, 1, 1)]);
        assert_eq!(parts[&2], [(20, 1, 2)]);
        let fault = allocate(&all, ReturnKind::Customer, &[(1, 5)]).unwrap_err();
        assert!(
            fault.contains("5 shipped and 1 already in returns: 4 at most"),
            "{fault}"
        );
        let fault = allocate(&all, ReturnKind::CancelledBeforeShipping, &[(1, 2)]).unwrap_err();
        assert!(
            fault.contains("1 open") && fault.contains("1 at most"),
            "{fault}"
        );
        let fault = allocate(&all[..0], ReturnKind::Customer, &[(1, 1)]).unwrap_err();
        assert_eq!(fault, "the order has no line 1");
    }

    #[test]
    fn vendors_owe_what_is_their_fault() {
        let line = |conditions: &[(Condition, i64)]| ReturnLineRow {
            id: 1,
            po_line_id: 1,
            order_line: 1,
            sku: "S-1".to_owned(),
            vendor_sku: String::new(),
            qty: 3,
            received: None,
            unit_cost: Money(1000),
            conditions: conditions.to_vec(),
        };
        let found = [line(&[(Condition::Restock, 2), (Condition::Damaged, 1)])];
        let mut config = ReturnSettings::default();
        let owed = |kind, config: &ReturnSettings| credit(kind, &found, config);
        assert_eq!(owed(ReturnKind::Customer, &config), Some(Money(1000)));
        assert_eq!(owed(ReturnKind::LostInTransit, &config), Some(Money(3000)));
        assert_eq!(
            owed(ReturnKind::CancelledBeforeShipping, &config),
            Some(Money::ZERO)
        );
        config.credit_restocked = true;
        config.restocking_percent = 15;
        assert_eq!(owed(ReturnKind::Customer, &config), Some(Money(2700)));
    }
}
