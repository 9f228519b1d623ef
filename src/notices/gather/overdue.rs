//! The mail about a day that came without the goods.

use super::Gathered;
use crate::notices::customer::{Expected, Item, OverdueContext};
use chrono::NaiveDate;

impl Gathered<'_> {
    /// The mail about what is open of these purchase orders, of which the customer was told the day
    /// `told`; `None` when nothing is open, or the customer was told already that nobody knows its day.
    pub fn overdue(&self, pos: &[i64], told: NaiveDate) -> Option<OverdueContext> {
        let lines = self.lines.iter().filter(|line| pos.contains(&line.po_id));
        let open = lines.filter(|line| line.pieces.open() > 0 && line.told_undated.is_none());
        let late: Vec<Item> = open
            .map(|line| self.item(line.order_line, &line.sku, line.pieces.open()))
            .collect();
        let others: Vec<i64> = self
            .live
            .iter()
            .filter(|po| !pos.contains(po))
            .copied()
            .collect();
        let others: Vec<Expected> = self.parts(&others, super::LineState::coming);
        (!late.is_empty()).then(|| OverdueContext {
            about: self.about(),
            told_date: told,
            late,
            others,
        })
    }

    /// The same about all that is still to come, for the preview.
    pub fn all_overdue(&self) -> Option<OverdueContext> {
        self.overdue(&self.live, self.told()?)
    }
}
