//! The mail about a day that came without the goods.

use super::Gathered;
use crate::ledger::po_lines::LineState;
use crate::notices::customer::{NoticeItem, OverdueContext};
use chrono::NaiveDate;

/// What passed between us and the vendors of what is late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inquiry {
    /// What the vendor wrote of it waits for a person.
    pub heard: bool,
    /// Each was asked: a question about it left.
    pub asked: bool,
}

impl Gathered<'_> {
    /// Whether more is open of a purchase order than is in question.
    pub fn has_more_than_questions(&self, po: i64) -> bool {
        let mut lines = self.lines.iter().filter(|line| line.po_id == po);
        lines.any(|line| self.in_question.rest(line) > 0)
    }

    /// The mail about what is open of these purchase orders although the customer was told `told` or an
    /// earlier day for it, but for what is in question; `None` when nothing is, or the customer knows that nobody knows its day.
    pub fn overdue(
        &self,
        pos: &[i64],
        told: NaiveDate,
        inquiry: Inquiry,
    ) -> Option<OverdueContext> {
        let is_late = |line: &LineState| {
            pos.contains(&line.po_id)
                && self.in_question.rest(line) > 0
                && line.told_undated.is_none()
                && self.told_of(line).is_some_and(|day| day <= told)
        };
        let lines = self.lines.iter().filter(|line| is_late(line));
        let late: Vec<NoticeItem> = lines
            .map(|line| self.item(line.order_line, &line.sku, self.in_question.rest(line)))
            .collect();
        let others = self.parts(&self.live, |line| match is_late(line) {
            true => 0,
            false => line.coming().min(self.in_question.rest(line)),
        });
        (!late.is_empty()).then(|| OverdueContext {
            about: self.about(),
            told_date: told,
            heard: inquiry.heard,
            asked: inquiry.asked,
            late,
            others,
        })
    }

    /// The same about all that is still to come and not in question, for the preview.
    pub fn all_overdue(&self) -> Option<OverdueContext> {
        let told = self
            .lines
            .iter()
            .filter_map(|line| self.told_of(line))
            .max()?;
        self.overdue(&self.live, told, Inquiry::default())
    }
}
