//! Money that customers are owed: what is settled goes off the list, what waits for too long comes onto
//! the exceptions.

use super::Run;
use super::site::Site;
use crate::clock;
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
        let tx = self.ledger.read();
        let (mut over, mut late) = (Vec::new(), Vec::new());
        for id in tx.orders_with_refund_due()? {
            let row = tx.order(id)?;
            let due = owed(&tx, &row)?;
            match due.filter(Owed::is_open) {
                None => over.push(row),
                Some(due) => {
                    let days = i64::from(site.config.returns.waiting_days);
                    let since = clock::parse(&due.since).unwrap_or(now);
                    let told = tx.last_opened(REFUND_DUE, &row.entity(), row.id)?;
                    if now - since > Duration::days(days) && told.is_none_or(|at| at < due.since) {
                        late.push((row, due));
                    }
                }
            }
        }
        if over.is_empty() && late.is_empty() {
            return Ok(());
        }
        let act = |tx: &Tx| -> Result<usize, LedgerError> {
            for row in &over {
                settle(tx, row)?;
            }
            late.iter().map(|(row, due)| tell(tx, site, row, due)).sum()
        };
        self.report.exceptions.opened += self.ledger.write(now, act)?;
        Ok(())
    }
}

fn tell(tx: &Tx, site: &Site, row: &OrderRow, due: &Owed) -> Result<usize, LedgerError> {
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
        due.since.get(..10).unwrap_or_default()
    );
    let about = Subject {
        order: Some(row.id),
        ..Subject::default()
    };
    tx.open_exception(REFUND_DUE, severity, &row.entity(), about, &text)?;
    Ok(1)
}
