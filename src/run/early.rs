//! Cancellations whose orders never came: after some days a person is told.

use super::Run;
use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
use crate::ledger::early_cancellations::EarlyCancellation;
use crate::ledger::exceptions::Subject;
use crate::ledger::{LedgerError, Tx};
use chrono::TimeDelta;

/// An order that comes at all comes within this time.
const PATIENCE: TimeDelta = TimeDelta::days(3);

impl Run<'_> {
    /// Tells a person of cancellations that wait for their orders for too long, each once.
    pub(super) fn watch_early_cancellations(&mut self) -> anyhow::Result<()> {
        let (site, now) = (self.site, self.site.clock.now());
        let severity = site.config.rules.severity(Code::CancellationEarly);
        let late = self.ledger.read().cancellations_untold(now - PATIENCE)?;
        if late.is_empty() || severity == Severity::Off || self.stopping() {
            return Ok(());
        }
        self.report.exceptions.opened += self.ledger.write(now, |tx| {
            let mut opened = 0;
            for row in &late {
                let what = format!("tell of a cancellation in message {}", row.message);
                let entity = format!("early:{}", row.id);
                let (_, listed) = tx.item(&entity, &what, || tell(tx, row, severity))?;
                opened += 1 + usize::from(listed);
            }
            Ok::<_, LedgerError>(opened)
        })?;
        Ok(())
    }
}

fn tell(tx: &Tx, row: &EarlyCancellation, severity: Severity) -> Result<(), LedgerError> {
    let text = format!(
        "the shop cancelled order {} on {}, and no order of that number came since",
        cut(&row.number, 64),
        row.received.time().format("%Y-%m-%d")
    );
    let about = Subject {
        message: Some(row.message),
        ..Subject::default()
    };
    let entity = format!("message:{}", row.message);
    let id = tx.open_exception(Code::CancellationEarly, severity, &entity, about, &text)?;
    tx.cancellation_told(row, id)
}
