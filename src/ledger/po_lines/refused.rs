//! Pieces that were taken back and come all the same: their vendor refused.

use super::LineState;
use crate::clock;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::shipment::Answer;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Result, Tx};
use chrono::{DateTime, Utc};
use serde_json::json;

impl Tx<'_> {
    /// Has pieces of a line open again that were taken back: their vendor ships them, as was said then.
    /// `moved` when they were ordered elsewhere, which stays so: they come twice. Else they are cancelled
    /// for the customer all the same, until a person decides.
    ///
    /// # Errors
    /// When so many were not taken back.
    pub fn take_again(
        &self,
        po: &PoRow,
        line: &LineState,
        (qty, moved): (i64, bool),
        (why, written): (&str, DateTime<Utc>),
    ) -> Result<()> {
        let Some(pieces) = line.pieces.take_again(qty) else {
            return Err(LedgerError::Refused(BusinessRefusal::over_limit(format!(
                "{qty} of {} on purchase order {} cannot come all the same: {} were taken back",
                line.sku, po.number, line.pieces.cancelled
            ))));
        };
        let accepted = line.shares.accepted;
        let shares = line.shares.with(Answer::Accepted, accepted + qty);
        let (again, unwanted) = if moved { (qty, 0) } else { (0, qty) };
        self.put_pieces(line.id, pieces, shares, -again)?;
        self.twice(line, again)?;
        // a day that was named for pieces before says nothing of these
        self.execute(
            "UPDATE po_line_status SET unwanted = nullif(?1, 0), to_tell = nullif(max(coalesce(to_tell, 0) - ?2, 0), 0), \
             answer = ?3, answer_qty = NULL, promised = CASE ?4 WHEN 0 THEN NULL ELSE promised END, answered = ?5, \
             written = ?6 WHERE po_line_id = ?7",
            (
                line.unwanted + unwanted,
                qty,
                Answer::Accepted.as_str(),
                accepted,
                self.now_text(),
                clock::text(written),
                line.id,
            ),
        )?;
        let payload = json!({"line": line.line, "sku": line.sku, "qty": qty, "ordered_elsewhere": moved, "why": why});
        let (entity, order) = (po.entity(), Some(po.order_id));
        self.fact("po.line_comes_all_the_same", &entity, order, &payload)
    }

    /// So many more pieces of a line come from here and from elsewhere.
    fn twice(&self, line: &LineState, more: i64) -> Result<()> {
        self.execute(
            "UPDATE po_line_status SET twice = nullif(max(coalesce(twice, 0) + ?1, 0), 0) WHERE po_line_id = ?2",
            (more, line.id),
        )?;
        Ok(())
    }

    /// So many pieces of a line fewer are cancelled for the customer and come: the customer keeps them,
    /// they are sent back, or the vendor took them back after all. Returns how many fewer.
    pub fn decided(&self, po: &PoRow, line: &LineState, qty: i64, how: &str) -> Result<i64> {
        let qty = qty.min(line.unwanted);
        if qty <= 0 {
            return Ok(0);
        }
        self.execute(
            "UPDATE po_line_status SET unwanted = nullif(?1, 0), updated = ?2 WHERE po_line_id = ?3",
            (line.unwanted - qty, self.now_text(), line.id),
        )?;
        let payload = json!({"line": line.line, "sku": line.sku, "qty": qty, "how": how});
        let (entity, order) = (po.entity(), Some(po.order_id));
        self.fact("po.line_decided", &entity, order, &payload)?;
        Ok(qty)
    }

    /// Takes pieces of a line back that were to come all the same: their vendor does not ship them after
    /// all.
    ///
    /// # Errors
    /// When so many are not open.
    pub fn taken_back_after_all(
        &self,
        po: &PoRow,
        line: &LineState,
        (qty, moved): (i64, bool),
        why: &str,
    ) -> Result<()> {
        let open = line.pieces.open();
        let Some(pieces) = line.pieces.cancel(qty) else {
            return Err(LedgerError::Refused(BusinessRefusal::over_limit(format!(
                "{qty} of {} on purchase order {} cannot be taken back: {open} are open",
                line.sku, po.number
            ))));
        };
        let shares = line.shares.take_back(qty, open, Some(Answer::Accepted));
        self.decided(po, line, qty, "the vendor took them back after all")?;
        let again = if moved { qty } else { 0 };
        self.put_pieces(line.id, pieces, shares, again)?;
        self.twice(line, -again)?;
        if !moved {
            self.refund_may_be_due(po.order_id)?;
        }
        let payload = json!({"line": line.line, "sku": line.sku, "qty": qty, "why": why});
        let (entity, order) = (po.entity(), Some(po.order_id));
        self.fact("po.line_cancelled", &entity, order, &payload)
    }

    /// Pieces of a line that a return took back before they shipped, whose money is that return's.
    pub fn taken_back_by_returns(&self, line: &LineState) -> Result<i64> {
        self.value(
            "SELECT coalesce(sum(n.qty), 0) FROM rma_line n JOIN rma r ON r.id = n.rma_id WHERE n.po_line_id = ?1 \
             AND r.kind = 'cancelled_before_shipping' AND r.state IN ('authorised', 'refunded')",
            [line.id],
        )
    }
}
