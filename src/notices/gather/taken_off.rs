//! The mail about pieces that were taken off an order.

use super::Gathered;
use crate::ledger::po_lines::LineState;
use crate::notices::customer::TakenOffContext;

impl Gathered<'_> {
    /// The mail about what was taken off and the customer was not told, and how many pieces were
    /// taken off by now in all; `None` when there is nothing to tell.
    pub fn taken_off(&self) -> Option<(TakenOffContext, i64)> {
        let context = self.about_pieces(|line| line.to_tell);
        let off = self
            .lines
            .iter()
            .map(|line| line.pieces.cancelled - line.moved);
        (!context.items.is_empty()).then(|| (context, off.sum()))
    }

    /// The mail about all that was ever taken off, for the preview; `None` when nothing was.
    pub fn ever_taken_off(&self) -> Option<TakenOffContext> {
        let context = self.about_pieces(|line| line.pieces.cancelled - line.moved);
        (!context.items.is_empty()).then_some(context)
    }

    fn about_pieces(&self, pieces: impl Fn(&LineState) -> i64) -> TakenOffContext {
        let counted = self.lines.iter().map(|line| (line, pieces(line)));
        let items = counted.filter(|(_, qty)| *qty > 0);
        TakenOffContext {
            about: self.about(),
            items: items
                .map(|(line, qty)| self.item(line.order_line, &line.sku, qty))
                .collect(),
            others: self.still(),
        }
    }
}
