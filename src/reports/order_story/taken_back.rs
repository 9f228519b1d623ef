//! Cancellations that their vendors have not answered.

use super::next::{By, NextStep};
use crate::domain::codes::Code;
use crate::domain::lifecycle::CancellationState;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::exceptions::ExceptionRow;
use crate::reports::layout::quoted;

/// What an open cancellation waits for; `None` when it was answered.
pub fn step(row: &CancellationRow, by: Option<By>) -> Option<NextStep> {
    if row.state != CancellationState::Open {
        return None;
    }
    let what = format!(
        "{} agrees not to ship {} of {} (cancellation {}; else a person is told)",
        row.vendor_name,
        row.goods(),
        row.po,
        row.number
    );
    Some(NextStep {
        what,
        by,
        command: Some(format!("po show {}", quoted(&row.po))),
    })
}

/// Goods that come although they were cancelled, of which a person decides; `None` for another exception.
pub fn undecided(row: &ExceptionRow) -> Option<NextStep> {
    let number = row.entity.strip_prefix("cancellation:")?;
    (row.code == Code::CancellationRefused).then(|| NextStep {
        what: format!(
            "a person decides what becomes of goods that come although they were cancelled ({number})"
        ),
        by: None,
        command: Some(format!("exceptions show {}", row.id)),
    })
}

/// Where a cancellation stands, in a sentence.
pub fn told(row: &CancellationRow) -> String {
    let said = row.said.as_deref().unwrap_or_default();
    let answer = match row.state {
        CancellationState::Open => "not answered yet".to_owned(),
        CancellationState::Agreed => format!("agreed: {said}"),
        CancellationState::Refused => format!("refused, it comes: {said}"),
    };
    format!("{}: {}; {answer}", row.number, row.goods())
}
