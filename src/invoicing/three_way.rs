//! The three-way match: billed against ordered cost and shipped quantity.
//!
//! Where an invoice has lines that can be told apart by SKU and quantity, each line is compared;
//! where it has not, the purchase order's total is, over all its invoices so far. Money at stake is
//! what would be lost by paying as billed: the parts of one invoice never count the same cent twice.
//! A bill below what was agreed costs nothing and is no variance.

use super::matching::normalise_reference;
use super::variance::{Matched, Pieces, PoFacts, PoLine, Variance};
use crate::domain::invoice::{Invoice, InvoiceKind, InvoiceLine};
use crate::domain::money::Money;

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

/// Which line of the purchase order each line of the invoice is for, and how many pieces of it;
/// `None` when they cannot be told apart, as [`lines_by_po_line`] has it.
fn pieces(invoice: &Invoice, po: &PoFacts) -> Option<Vec<Pieces>> {
    lines_by_po_line(invoice, po)?;
    let place = |line: &InvoiceLine| {
        let ordered = po_line(line, po)?;
        let qty = pieces_of(line, ordered)?;
        let po_line = po
            .lines
            .iter()
            .position(|known| std::ptr::eq(known, ordered))?;
        Some((po_line, qty))
    };
    let lines = invoice.lines.iter().enumerate();
    Some(
        lines
            .filter_map(|(at, line)| {
                let (po_line, qty) = place(line)?;
                Some(Pieces {
                    line: at,
                    po_line,
                    qty,
                })
            })
            .collect(),
    )
}

/// Lines of the invoice that are the same goods, added up.
struct BilledLine<'a> {
    /// `None`: not on the purchase order.
    ordered: Option<&'a PoLine>,
    sku: &'a str,
    qty: i64,
    /// As the paper has it, where that is another unit.
    on_paper: Option<i64>,
    amount: Money,
    source_line: u64,
}

/// The invoice's lines by line of the purchase order; `None` when they cannot be compared: there are
/// none, they do not add up to the total, one has neither SKU nor quantity, or earlier bills had no
/// lines, so that it is not known which pieces they billed.
fn lines_by_po_line<'a>(invoice: &'a Invoice, po: &'a PoFacts) -> Option<Vec<BilledLine<'a>>> {
    if invoice.itemised()? != invoice.total || earlier_without_lines(po) {
        return None;
    }
    let mut billed: Vec<BilledLine> = Vec::with_capacity(invoice.lines.len());
    for line in &invoice.lines {
        let ordered = po_line(line, po);
        if line.sku.is_empty() && ordered.is_none() {
            return None;
        }
        let qty = match ordered {
            Some(ordered) => pieces_of(line, ordered)?,
            None => line.qty.unwrap_or(0),
        };
        let on_paper = line.qty.filter(|paper| *paper != qty);
        let same = |known: &&mut BilledLine| match (known.ordered, ordered) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            (None, None) => known.sku == line.sku,
            _ => false,
        };
        if let Some(known) = billed.iter_mut().find(same) {
            known.qty = known.qty.checked_add(qty)?;
            known.on_paper = known.on_paper.or(on_paper);
            known.amount = known.amount.plus(line.amount)?;
        } else {
            billed.push(BilledLine {
                sku: ordered.map_or(line.sku.as_str(), |ordered| ordered.sku.as_str()),
                ordered,
                qty,
                on_paper,
                amount: line.amount,
                source_line: line.source_line,
            });
        }
    }
    Some(billed)
}

/// Whether money was billed earlier of which no line tells the pieces.
fn earlier_without_lines(po: &PoFacts) -> bool {
    po.billed > Money::ZERO && po.lines.iter().all(|line| line.billed == 0)
}

/// The line of the purchase order with this SKU, ours or the vendor's; by a word of the description
/// when the invoice's line has no SKU.
pub fn po_line<'a>(line: &InvoiceLine, po: &'a PoFacts) -> Option<&'a PoLine> {
    let is = |known: &PoLine, text: &str| {
        let bare = normalise_reference(text);
        !bare.is_empty()
            && [&known.sku, &known.vendor_sku]
                .iter()
                .any(|sku| normalise_reference(sku) == bare)
    };
    if !line.sku.is_empty() {
        return po.lines.iter().find(|known| is(known, &line.sku));
    }
    let words = || {
        line.description
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':'))
    };
    let mut found = po
        .lines
        .iter()
        .filter(|known| words().any(|word| is(known, word)));
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Pieces of the purchase order's line on a line of an invoice: as the paper has it; by the amount
/// where it has none, and where it counts in another unit (a case, a dozen): the amount is that of all
/// that is still to be billed, and one quantity is a multiple of the other.
fn pieces_of(line: &InvoiceLine, ordered: &PoLine) -> Option<i64> {
    let by_amount = whole_pieces(line.amount, ordered.unit_cost);
    let Some(qty) = line.qty else {
        return by_amount;
    };
    let before = ordered.billed.saturating_sub(ordered.credited).max(0);
    let open = ordered.ordered.saturating_sub(before);
    let whole = |all: i64, unit: i64| unit > 0 && all % unit == 0;
    let another = |pieces: &i64| {
        *pieces > 0 && *pieces == open && (whole(qty, *pieces) || whole(*pieces, qty))
    };
    Some(by_amount.filter(another).unwrap_or(qty))
}

/// Pieces by amount, where the amount is a multiple of the cost.
fn whole_pieces(amount: Money, cost: Money) -> Option<i64> {
    (cost > Money::ZERO && amount.0 % cost.0 == 0).then(|| amount.0 / cost.0)
}

/// Line by line: pieces never ordered, pieces not shipped, price.
fn goods(lines: &[BilledLine], po: &PoFacts, into: &mut Vec<Variance>) {
    for line in lines {
        match line.ordered {
            Some(ordered) => one_line(line, ordered, po, into),
            None if line.amount > Money::ZERO => into.push(Variance {
                code: "invoice_quantity",
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
        report("invoice_quantity", most, what);
    } else if let Some(paper) = line.on_paper {
        let what = format!(
            "{paper} on the bill for the money of {}: another unit, such as a case",
            line.qty
        );
        report("invoice_quantity", Money::ZERO, what);
    }
    if not_shipped > 0 {
        let left = Money(lost.0.saturating_sub(most.0));
        let what = format!("{not_shipped} not shipped");
        report("invoice_not_shipped", worth(not_shipped).min(left), what);
    }
    let expected = worth(line.qty);
    let over = line.amount.minus(expected).unwrap_or_default();
    if over > Money::ZERO && !po.terms.goods.allows(over, expected) {
        let what = format!("{} of them cost {expected} as agreed", line.qty);
        report("invoice_price", over, what);
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
            code: "invoice_freight",
            at_stake: over,
            evidence: format!(
                "{}: billed {what} {billed} after {before} billed before, agreed {allowed} for {} \
                 pieces shipped of {} ordered; at stake {over}",
                po.po,
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
    let told_apart = invoice.freight != Money::ZERO || invoice.fees != Money::ZERO;
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
        return;
    }
    let facts = format!(
        "{}: billed {this} after {before} billed before; ordered {} pieces for {ordered}, shipped \
         {} for {shipped}, freight and fees as agreed {allowed}",
        po.po,
        po.pieces_ordered(),
        po.pieces_shipped(),
    );
    // a rounding of cents beside goods not shipped is not a second finding
    let slight = po.terms.goods.allows(over_ordered, limit(ordered));
    let price = if slight { Money::ZERO } else { over_ordered };
    let found = [
        (
            "invoice_not_shipped",
            Money(over_shipped.0 - over_ordered.0),
            "billed and not shipped",
        ),
        ("invoice_price", price, "more than ordered and agreed"),
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
