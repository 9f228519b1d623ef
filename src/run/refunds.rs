//! Money that customers are owed: what is settled goes off the list, what waits for too long comes onto
//! the exceptions.

use super::Run;
use crate::app::App;
use crate::desk::refund::settle;
use crate::domain::codes::Severity;
use crate::ledger::exceptions::Subject;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::returns::owed::{Owed, REFUND_DUE, owed};
use chrono::Duration;

impl Run<'_> {
    /// Tells a person, once, of money that is owed for longer than `returns.waiting_days`.
    pub(super) fn watch_refunds(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let (site, now) = (self.site, self.site.clock.now());
        let ids = self.ledger.read().orders_with_refund_due()?;
        if ids.is_empty() {
            return Ok(());
        }
        self.report.exceptions.opened += self.ledger.write(now, |tx| {
            let mut opened = 0;
            for id in ids {
                let what = format!(
                    "see what the customer of the order with the ledger's number {id} is owed"
                );
                let (new, listed) = tx.item(&format!("owed:{id}"), &what, || one(tx, site, id))?;
                opened += new.unwrap_or_default() + usize::from(listed);
            }
            Ok::<_, LedgerError>(opened)
        })?;
        Ok(())
    }
}

/// Settles what is owed no more, and tells of what waits for too long.
fn one(tx: &Tx, site: &App, id: i64) -> Result<usize, LedgerError> {
    let (row, now) = (tx.order(id)?, tx.now());
    let Some(due) = owed(tx, &row)?.filter(Owed::is_open) else {
        settle(tx, &row)?;
        return Ok(0);
    };
    let days = i64::from(site.config.returns.waiting_days);
    let since = due.since.time();
    let told = tx.last_opened(REFUND_DUE, &row.entity(), row.id)?;
    match now - since > Duration::days(days) && told.is_none_or(|at| at < due.since) {
        true => tell(tx, site, &row, &due),
        false => Ok(0),
    }
}

fn tell(tx: &Tx, site: &App, row: &OrderRow, due: &Owed) -> Result<usize, LedgerError> {
    let severity = site.config.rules.severity(REFUND_DUE);
    if severity == Severity::Off {
        return Ok(0);
    }
    let what = match due.amount {
        Some(amount) => amount.display(&row.order.currency),
        None => "a sum that cannot be computed from the order".to_owned(),
    };
    let text = format!(
        "the customer of order {} is owed {what} for what does not ship, since {}, and no refund is recorded",
        row.reference(),
        due.since.time().date_naive()
    );
    let about = Subject {
        order: Some(row.id),
        ..Subject::default()
    };
    tx.open_exception(REFUND_DUE, severity, &row.entity(), about, &text)?;
    Ok(1)
}
