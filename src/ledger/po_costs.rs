//! What a vendor and the shop agreed on after a purchase order was made: another price of its lines.

use super::po_lines::LineState;
use super::purchase_orders::PoRow;
use super::{LedgerError, Result, Tx};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::money::Money;
use serde_json::json;

impl Tx<'_> {
    /// Lines of a purchase order cost this much from now on, each piece; bills are held against it. The document as
    /// it was made is kept.
    ///
    /// # Errors
    /// When the amounts no longer fit.
    pub fn agree_costs(
        &self,
        po: &PoRow,
        agreed: &[(&LineState, Money)],
        note: &str,
    ) -> Result<Money> {
        for (line, cost) in agreed {
            self.execute(
                "UPDATE po_line SET unit_cost = ?1 WHERE id = ?2",
                (cost.0, line.id),
            )?;
        }
        let lines = self.po_lines(po.id)?;
        let amounts = lines.iter().map(|line| line.unit_cost.times(line.qty));
        let total = amounts
            .collect::<Option<Vec<Money>>>()
            .and_then(Money::sum)
            .and_then(|total| total.plausible().ok())
            .ok_or_else(|| {
                LedgerError::Refused(BusinessRefusal::over_limit(format!(
                    "the amounts of {} are too large",
                    po.number
                )))
            })?;
        self.execute(
            "UPDATE purchase_order SET total = ?1, updated = ?2 WHERE id = ?3",
            (total.0, self.now_text(), po.id),
        )?;
        let changes: Vec<_> = agreed
            .iter()
            .map(|(line, cost)| {
                json!({"line": line.line, "sku": line.sku, "before": line.unit_cost, "after": cost})
            })
            .collect();
        let payload = json!({"lines": changes, "total": total, "why": note});
        self.fact("po.cost_agreed", &po.entity(), Some(po.order_id), &payload)?;
        Ok(total)
    }
}
