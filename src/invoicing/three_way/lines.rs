//! Which lines of a bill are for which lines of its purchase order, and how many pieces of them.

use super::super::matching::normalise_reference;
use crate::domain::invoice::{Invoice, InvoiceLine};
use crate::domain::money::Money;
use crate::domain::variance::{BilledPieces, PoFacts, PoLine};

/// Which line of the purchase order each line of the invoice is for, and how many pieces of it;
/// `None` when they cannot be told apart, as [`lines_by_po_line`] has it.
pub(super) fn pieces(invoice: &Invoice, po: &PoFacts) -> Option<Vec<BilledPieces>> {
    lines_by_po_line(invoice, po)?;
    let place = |line: &InvoiceLine| {
        let ordered = line_of(invoice, line, po)?;
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
                Some(BilledPieces {
                    line: at,
                    po_line,
                    qty,
                })
            })
            .collect(),
    )
}

/// Lines of the invoice that are the same goods, added up.
pub(super) struct BilledLine<'a> {
    /// `None`: not on the purchase order.
    pub(super) ordered: Option<&'a PoLine>,
    pub(super) sku: &'a str,
    pub(super) qty: i64,
    /// As the paper has it, where that is another unit.
    pub(super) on_paper: Option<i64>,
    pub(super) amount: Money,
    pub(super) source_line: u64,
}

/// The invoice's lines by line of the purchase order; `None` when they cannot be compared: there are
/// none, they do not add up to the total, one has neither SKU nor quantity, or earlier bills had no
/// lines, so that it is not known which pieces they billed.
pub(super) fn lines_by_po_line<'a>(
    invoice: &'a Invoice,
    po: &'a PoFacts,
) -> Option<Vec<BilledLine<'a>>> {
    if invoice.itemised()? != invoice.total || earlier_without_lines(po) {
        return None;
    }
    let mut billed: Vec<BilledLine> = Vec::with_capacity(invoice.lines.len());
    for line in &invoice.lines {
        let ordered = line_of(invoice, line, po);
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

/// As [`po_line`]; one line with a quantity and no SKU is for the only line of the purchase order.
fn line_of<'a>(invoice: &Invoice, line: &InvoiceLine, po: &'a PoFacts) -> Option<&'a PoLine> {
    let only = || match (invoice.lines.as_slice(), po.lines.as_slice()) {
        ([_], [only]) if line.sku.is_empty() && line.qty.is_some() => Some(only),
        _ => None,
    };
    po_line(line, po).or_else(only)
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
