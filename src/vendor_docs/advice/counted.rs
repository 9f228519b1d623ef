//! Counts that say another thing than the first.

use super::AdviceRow;
use super::headers::AdviceField;
use super::row::{Cells, cell, quantity};
use crate::vendor_docs::columns;

/// Pieces that come back, or were counted before.
fn below_zero(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('-') && text.bytes().any(|b| (b'1'..=b'9').contains(&b))
}

/// A second count that says another thing than the first.
pub(super) fn twice(cells: &Cells, row: &mut AdviceRow) {
    let counted = cell(cells, AdviceField::Qty).unwrap_or_default();
    if row.qty == Some(0) && below_zero(counted) {
        row.beside.doubts.push(columns::marked("quantity", counted));
    }
    let others = cells.get(&AdviceField::Qty).into_iter().flatten().skip(1);
    let other = others.filter(|text| quantity(text).ok() != row.qty);
    let doubts: Vec<String> = other
        .map(|text| columns::marked("quantity", text))
        .collect();
    row.beside.doubts.extend(doubts);
}
