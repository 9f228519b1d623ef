//! The three-way match: billed against ordered cost and shipped quantity.
//!
//! Where an invoice has lines that can be told apart by SKU and quantity, each line is compared;
//! where it has not, the purchase order's total is, over all its invoices so far. Money at stake is
//! what would be lost by paying as billed: the parts of one invoice never count the same cent twice.
//! A bill below what was agreed costs nothing and is no variance.

mod lines;

pub use lines::po_line;

use crate::domain::codes::Code;
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::domain::variance::{Matched, PoFacts, PoLine, Variance};
use lines::{BilledLine, lines_by_po_line, pieces};

/// Compares an invoice with the purchase order that it is for. Credits have nothing at stake: they
/// only lower what was billed.
pub fn compare(invoice: &Invoice, po: &PoFacts) -> Matched {
    let mut variances = Vec::new();
    if invoice.kind == InvoiceKind::Bill {
        match lines_by_po_line(invoice, po) {
            Some(lines) => {
                goods(&lines, po, &mut variances);
                charges(invoice, po, &mut variances);
            }
            None => total(invoice, po, &mut variances),
        }
    }
    Matched {
        po: po.po.clone(),
        variances,
        pieces: pieces(invoice, po).unwrap_or_default(),
    }
}

/// Line by line: pieces never ordered, pieces not shipped, price.
fn goods(lines: &[BilledLine], po: &PoFacts, into: &mut Vec<Variance>) {
    for line in lines {
        match line.ordered {
            Some(ordered) => one_line(line, ordered, po, into),
            None if line.amount > Money::ZERO => into.push(Variance {
                code: Code::InvoiceQuantity,
                at_stake: line.amount,
                evidence: format!(
                    "{}: billed {} pieces for {}, but {} has no such line; at stake {}",
                    line.sku, line.qty, line.amount, po.po, line.amount
                ),
                line: line.source_line,
            }),
            None => {}
        }
    }
}

fn one_line(line: &BilledLine, ordered: &PoLine, po: &PoFacts, into: &mut Vec<Variance>) {
    let cost = ordered.unit_cost;
    let before = ordered.billed.saturating_sub(ordered.credited).max(0);
    let earlier = match before {
        0 => String::new(),
        pieces => format!(" after {pieces} billed before"),
    };
    let facts = format!(
        "{} on {}: billed {} at {} in all{earlier}, ordered {} at {}, shipped {}",
        line.sku, po.po, line.qty, line.amount, ordered.ordered, cost, ordered.shipped
    );
    let mut report = |code, at_stake: Money, what: String| {
        into.push(Variance {
            code,
            at_stake,
            evidence: format!("{facts}; {what}, at stake {at_stake}"),
            line: line.source_line,
        });
    };
    let worth = |pieces: i64| cost.times(pieces).unwrap_or(Money(i64::MAX));
    let (never_ordered, not_shipped) = beyond(line, ordered, before);
    // no more is lost than is billed beyond what is owed: the pieces may be cheaper than agreed
    let owed = worth(line.qty.saturating_sub(never_ordered + not_shipped));
    let lost = line.amount.minus(owed).unwrap_or_default().max(Money::ZERO);
    let most = worth(never_ordered).min(lost);
    if never_ordered > 0 {
        let what = format!("{never_ordered} more than ordered");
        report(Code::InvoiceQuantity, most, what);
    } else if let Some(paper) = line.on_paper {
        let what = format!(
            "{paper} on the bill for the money of {}: another unit, such as a case",
            line.qty
        );
        report(Code::InvoiceQuantity, Money::ZERO, what);
    }
    if not_shipped > 0 {
        let left = Money(lost.0.saturating_sub(most.0));
        let what = format!("{not_shipped} not shipped");
        report(Code::InvoiceNotShipped, worth(not_shipped).min(left), what);
    }
    let expected = worth(line.qty);
    let over = line.amount.minus(expected).unwrap_or_default();
    if over > Money::ZERO && !po.terms.goods.allows(over, expected) {
        let what = match line.qty {
            1 => format!("it costs {expected} as agreed"),
            pieces => format!("{pieces} of them cost {expected} as agreed"),
        };
        report(Code::InvoicePrice, over, what);
    }
}

/// Pieces of a line that were never ordered, and those that were and have not shipped, after so many
/// that were billed before.
fn beyond(line: &BilledLine, ordered: &PoLine, before: i64) -> (i64, i64) {
    let sum = before.saturating_add(line.qty);
    let beyond = |limit: i64| sum.saturating_sub(limit.max(before)).max(0);
    let never_ordered = beyond(ordered.ordered);
    let not_shipped = beyond(ordered.shipped.min(ordered.ordered)) - never_ordered;
    (never_ordered, not_shipped)
}

/// What is billed, and what was before, against goods ordered and shipped and what is agreed beside.
fn facts(
    po: &PoFacts,
    (this, before): (Money, Money),
    (ordered, shipped, allowed): (Money, Money, Money),
) -> String {
    let charges = match allowed {
        Money::ZERO => String::new(),
        allowed => format!(", freight and fees as agreed {allowed}"),
    };
    let left = match po.pieces_shipped() {
        0 => "none shipped".to_owned(),
        pieces => format!("{pieces} shipped for {shipped}"),
    };
    format!(
        "{}: billed {this}{}; {} pieces ordered for {ordered}, {left}{charges}",
        po.po,
        after(before),
        po.pieces_ordered(),
    )
}

/// What was billed before, where anything was.
fn after(before: Money) -> String {
    match before {
        Money::ZERO => String::new(),
        before => format!(" after {before} billed before"),
    }
}

/// Freight and fees against the agreement, over all bills of the purchase order so far.
fn charges(invoice: &Invoice, po: &PoFacts, into: &mut Vec<Variance>) {
    let both = [
        (
            "freight",
            invoice.freight,
            po.freight_billed,
            po.terms.freight,
        ),
        ("fees", invoice.fees, po.fees_billed, po.terms.fees),
    ];
    for (what, billed, before, allowance) in both {
        let Some(allowed) = allowance.of(po) else {
            continue;
        };
        let sum = billed.plus(before).unwrap_or(Money(i64::MAX));
        let over = sum.minus(allowed.max(before)).unwrap_or_default();
        if over <= Money::ZERO || po.terms.charges.allows(over, allowed) {
            continue;
        }
        into.push(Variance {
            code: Code::InvoiceFreight,
            at_stake: over,
            evidence: format!(
                "{}: billed {what} {billed}{}, agreed {allowed} for {} pieces shipped of {} \
                 ordered; at stake {over}",
                po.po,
                after(before),
                po.pieces_shipped(),
                po.pieces_ordered(),
            ),
            line: invoice.source_line,
        });
    }
}

/// Totals: all bills less credits so far and this one, against goods ordered and shipped with the
/// freight and fees of the agreement. What the invoice tells apart as freight or fees is compared
/// on its own, and only the rest with the goods.
fn total(invoice: &Invoice, po: &PoFacts, into: &mut Vec<Variance>) {
    let told_apart = invoice.freight != Money::ZERO
        || invoice.fees != Money::ZERO
        || names_goods_alone(invoice, po);
    if told_apart {
        charges(invoice, po, into);
    }
    let Some(Totals {
        this,
        before,
        allowed,
        ordered,
        shipped,
    }) = totals(invoice, po, told_apart)
    else {
        return;
    };
    let sum = this.plus(before).unwrap_or(Money(i64::MAX));
    let limit = |goods: Money| goods.plus(allowed).unwrap_or(Money(i64::MAX));
    // what earlier bills were already over was said of them
    let over = |goods: Money| sum.minus(limit(goods).max(before)).unwrap_or_default();
    let (over_ordered, over_shipped) = (
        over(ordered).max(Money::ZERO),
        over(shipped).max(Money::ZERO),
    );
    if over_shipped <= Money::ZERO || po.terms.goods.allows(over_shipped, limit(shipped)) {
        untold(invoice, po, (this, before), (shipped, allowed), into);
        return;
    }
    let facts = facts(po, (this, before), (ordered, shipped, allowed));
    // a rounding of cents beside goods not shipped is not a second finding
    let slight = po.terms.goods.allows(over_ordered, limit(ordered));
    let price = if slight { Money::ZERO } else { over_ordered };
    let found = [
        (
            Code::InvoiceNotShipped,
            Money(over_shipped.0 - over_ordered.0),
            "billed and not shipped",
        ),
        (Code::InvoicePrice, price, "more than ordered and agreed"),
    ];
    let found = found
        .into_iter()
        .filter(|(_, at_stake, _)| *at_stake > Money::ZERO);
    into.extend(found.map(|(code, at_stake, what)| Variance {
        code,
        at_stake,
        evidence: format!("{facts}; {what}, at stake {at_stake}"),
        line: invoice.source_line,
    }));
}

/// Whether a bill consists of lines that name articles of its purchase order: no freight is in them.
fn names_goods_alone(invoice: &Invoice, po: &PoFacts) -> bool {
    let mut lines = invoice.lines.iter();
    !invoice.lines.is_empty()
        && invoice.itemised() == Some(invoice.total)
        && lines.all(|line| po_line(line, po).is_some())
}

/// What is above the goods, where the bill does not say that it is freight: all that was agreed may be it, and a
/// part of that may as well be a price.
fn untold(
    invoice: &Invoice,
    po: &PoFacts,
    (this, before): (Money, Money),
    (shipped, allowed): (Money, Money),
    into: &mut Vec<Variance>,
) {
    let sum = this.0.saturating_add(before.0);
    let told = po.freight_billed.0.saturating_add(po.fees_billed.0);
    let above = sum.saturating_sub(shipped.0.saturating_add(told).max(before.0));
    let above = Money(above.max(0));
    // what is left of the agreement
    let short = Money(allowed.0.saturating_sub(sum.saturating_sub(shipped.0)));
    if above == Money::ZERO
        || allowed == Money(i64::MAX)
        || po.terms.goods.allows(above, shipped)
        || short <= Money::ZERO
        || po.terms.charges.allows(short, allowed)
    {
        return;
    }
    into.push(Variance {
        code: Code::InvoicePrice,
        at_stake: above,
        evidence: format!(
            "{}; {above} above the goods, and the bill does not say that it is freight or a fee, of which {allowed} \
             are agreed; at stake {above}",
            facts(po, (this, before), (po.ordered_value().unwrap_or_default(), shipped, allowed))
        ),
        line: invoice.source_line,
    });
}

/// What [`total`] compares.
struct Totals {
    /// Billed by this invoice.
    this: Money,
    /// Billed before it, less credits.
    before: Money,
    /// Freight and fees that may be in both.
    allowed: Money,
    /// Goods as ordered.
    ordered: Money,
    /// Goods as shipped.
    shipped: Money,
}

/// `None` where a sum is beyond what money can count.
fn totals(invoice: &Invoice, po: &PoFacts, told_apart: bool) -> Option<Totals> {
    let (mut this, mut before, mut allowed) = (invoice.total, po.billed_net()?, allowed_unseen(po));
    if told_apart {
        this = this.minus(invoice.freight.plus(invoice.fees)?)?;
        before = before.minus(po.freight_billed.plus(po.fees_billed)?)?;
        allowed = Money::ZERO;
    }
    Some(Totals {
        this,
        before,
        allowed,
        ordered: po.ordered_value()?,
        shipped: po.shipped_value()?,
    })
}

/// Freight and fees that may be in a total: as agreed; without limit where the agreement has none,
/// but only once something shipped.
fn allowed_unseen(po: &PoFacts) -> Money {
    match po.terms.charges(po) {
        Some(allowed) => allowed,
        None if po.pieces_shipped() > 0 => Money(i64::MAX),
        None => Money::ZERO,
    }
}

/// Counts an invoice as an earlier one: its total, what it tells apart, and the pieces of its lines.
pub fn apply(invoice: &Invoice, po: &mut PoFacts) {
    let add = |sum: &mut Money, amount: Money| *sum = Money(sum.0.saturating_add(amount.0));
    let pieces: Vec<(usize, i64)> = lines_by_po_line(invoice, po)
        .unwrap_or_default()
        .iter()
        .filter_map(|line| {
            let ordered = line.ordered?;
            let place = po
                .lines
                .iter()
                .position(|known| std::ptr::eq(known, ordered))?;
            Some((place, line.qty))
        })
        .collect();
    match invoice.kind {
        InvoiceKind::Bill => {
            add(&mut po.billed, invoice.total);
            add(&mut po.freight_billed, invoice.freight);
            add(&mut po.fees_billed, invoice.fees);
        }
        InvoiceKind::Credit => add(&mut po.credited, invoice.total),
    }
    for (place, qty) in pieces {
        let line = &mut po.lines[place];
        let sum = match invoice.kind {
            InvoiceKind::Bill => &mut line.billed,
            InvoiceKind::Credit => &mut line.credited,
        };
        *sum = sum.saturating_add(qty);
    }
}

#[cfg(test)]
mod tests;
