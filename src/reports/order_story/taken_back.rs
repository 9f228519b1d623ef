//! Cancellations that their vendors have not answered.

use super::next::{By, Step};
use crate::domain::lifecycle::CancellationState;
use crate::ledger::cancellations::CancellationRow;
use crate::reports::layout::quoted;

/// What an open cancellation waits for; `None` when it was answered.
pub fn step(row: &CancellationRow, by: Option<By>) -> Option<Step> {
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
    Some(Step {
        what,
        by,
        command: Some(format!("po show {}", quoted(&row.po))),
    })
}

/// Where a cancellation stands, in a sentence.
pub fn told(row: &CancellationRow) -> String {
    let said = row.said.as_deref().unwrap_or_default();
    let answer = match row.state {
        CancellationState::Open => "not answered yet".to_owned(),
        CancellationState::Agreed => format!("agreed: {said}"),
        CancellationState::Refused => format!("too late: {said}"),
    };
    format!("{}: {}; {answer}", row.number, row.goods())
}
