//! What vendors answered about lines: kept, and read again.

use super::LineState;
use crate::clock;
use crate::domain::shipment::{Answer, Shares};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;
use serde::Serialize;
use serde_json::{Value, json};

/// A vendor's answer about one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The open pieces by the answer about them.
    #[serde(flatten)]
    pub shares: Shares,
    /// Those on backorder come then.
    pub until: Option<NaiveDate>,
    /// Why rejected.
    pub reason: Option<String>,
    /// The day on which the vendor will ship those that it accepted.
    pub promised: Option<NaiveDate>,
}

/// The worst answer about what is open, else the last one, and how many pieces each is about. Rows
/// that are older than the shares have one answer, about some pieces or all.
pub(super) fn of_row(row: &Row, open: i64) -> rusqlite::Result<(Option<Answer>, Shares)> {
    let word: Option<String> = row.get(11)?;
    let last = word.and_then(|word| Answer::parse(&word));
    let of_last: Option<i64> = row.get(12)?;
    let shares = match (row.get(19)?, row.get(20)?, row.get(21)?) {
        (Some(accepted), Some(backordered), Some(rejected)) => Shares {
            accepted,
            backordered,
            rejected,
        },
        _ => Shares::default().say(last, of_last.unwrap_or(open), open),
    };
    Ok((shares.worst().or(last), shares))
}

impl LineState {
    /// What stands of the vendor's answers. What was said of pieces that are no longer open says
    /// nothing.
    pub fn stands(&self) -> Answered {
        Answered {
            shares: self.shares,
            until: self.until.filter(|_| self.shares.backordered > 0),
            reason: self.reason.clone().filter(|_| self.shares.rejected > 0),
            promised: self.promised.filter(|_| self.shares.accepted > 0),
        }
    }
}

impl Tx<'_> {
    /// Keeps what a vendor answered about a line, written then; `from` says where it stands. Returns
    /// whether it is anything new.
    pub fn put_answer(
        &self,
        po: &PoRow,
        line: &LineState,
        said: &Answered,
        written: DateTime<Utc>,
        from: &Value,
    ) -> Result<bool> {
        let (before, written) = (line.stands(), clock::text(written));
        if before == *said {
            // the same word again, later: it is the newest that stands
            self.execute(
                "UPDATE po_line_status SET written = ?1 WHERE po_line_id = ?2 AND coalesce(written, answered) < ?1",
                (written, line.id),
            )?;
            return Ok(false);
        }
        self.status_row(line.id)?;
        let worst = said.shares.worst();
        let part = worst.map(|answer| said.shares.of(answer));
        self.execute(
            "UPDATE po_line_status SET answer = ?1, answer_qty = ?2, until = ?3, reason = ?4, promised = ?5, \
             answered = ?6, updated = ?6, accepted = ?7, backordered = ?8, rejected = ?9, \
             written = ?11 WHERE po_line_id = ?10",
            (
                worst.map(Answer::as_str),
                part.filter(|qty| *qty < line.pieces.open()),
                said.until.map(|day| day.to_string()),
                &said.reason,
                said.promised.map(|day| day.to_string()),
                self.now_text(),
                said.shares.accepted,
                said.shares.backordered,
                said.shares.rejected,
                line.id,
                written,
            ),
        )?;
        let payload = json!({"line": line.line, "sku": line.sku, "before": before, "after": said, "from": from});
        self.fact("po.answered", &po.entity(), Some(po.order_id), &payload)?;
        Ok(true)
    }

    /// Notes the day that the customer read of a line; none where it is its purchase order's.
    pub fn told_day(&self, line: &LineState, day: Option<NaiveDate>) -> Result<()> {
        if line.told == day {
            return Ok(());
        }
        self.status_row(line.id)?;
        self.execute(
            "UPDATE po_line_status SET told = ?1 WHERE po_line_id = ?2",
            (day.map(|day| day.to_string()), line.id),
        )?;
        Ok(())
    }
}
