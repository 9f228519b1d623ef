//! Words about goods that are on record as shipped: a refusal, a backorder or a day to come takes that
//! back. They change nothing by themselves, and are never passed over: a person asks which is true.

use super::LineWord;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::shipment::Answer;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::shipping::apply::Hold;
use chrono::NaiveDate;

/// Why words about these lines reach a person: nothing of the lines is open, pieces of them left, and the
/// words say otherwise. `None` while a piece is open, for then they are about that.
pub(super) fn recanted<'a>(
    po: &PoRow,
    lines: impl Iterator<Item = &'a LineState> + Clone,
    words: &[LineWord],
    today: NaiveDate,
) -> Option<Hold> {
    if lines.clone().any(|line| line.pieces.open() > 0) {
        return None;
    }
    let line = lines.clone().find(|line| line.pieces.shipped > 0)?;
    let cancelled: i64 = lines.clone().map(|line| line.pieces.cancelled).sum();
    let known = |day: NaiveDate| {
        let mut lines = lines.clone();
        lines.any(|line| line.promised == Some(day) || line.until == Some(day))
    };
    let word = words.iter().find(|word| match word.answer {
        Answer::Accepted => word.day.is_some_and(|day| day > today && !known(day)),
        // so many pieces were taken back, and the answer to them comes late
        _ => word.qty.is_none_or(|qty| qty > cancelled),
    })?;
    let day = |day: NaiveDate| day.format("%B %-d, %Y").to_string();
    let what = match (word.answer, word.day, &word.reason) {
        (Answer::Rejected, _, Some(reason)) => format!("will not come ({reason})"),
        (Answer::Rejected, ..) => "will not come".to_owned(),
        (Answer::Backordered, Some(until), _) => format!("is on backorder until {}", day(until)),
        (Answer::Backordered, ..) => "is on backorder".to_owned(),
        (_, Some(leaves), _) => format!("leaves on {}", day(leaves)),
        _ => "has not left".to_owned(),
    };
    let text = format!(
        "{} said that all of {} left, and now writes that {} {what}: nothing was changed; ask them which is true, take \
         a shipment that did not happen back with `poms shipment undo`, and tell the customer",
        po.vendor_name,
        po.number,
        cut(&line.sku, 60)
    );
    Some(Hold::new(Code::VendorMail, text).about(po))
}
