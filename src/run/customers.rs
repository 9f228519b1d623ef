//! The mails of a run to customers and admins.

use super::{Run, notices, overdue, promise, tracking};
use crate::notices::tell;
use crate::shipping::ups::desk::Budget;

impl Run<'_> {
    /// After the purchase orders are on their way: asks UPS within the budget, and tells customers
    /// what became of their orders.
    pub(super) fn customers(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let mut budget = Budget::new(self.site.config.promise.budget);
        let settled = promise::settle(&mut self.ledger, self.site, &mut budget)?;
        self.report.failures.extend(settled.failure);
        let stuck = tracking::poll(&mut self.ledger, self.site, &mut budget)?;
        let (mails, opened) = notices::all(&mut self.ledger, self.site)?;
        let late = overdue::all(&mut self.ledger, self.site)?;
        self.report.exceptions.opened += settled.opened + stuck + opened + late.1;
        match settled.mails + mails + late.0 {
            0 => Ok(()),
            _ => self.send(),
        }
    }

    /// One mail to the admins about what is new, sent at once.
    pub(super) fn tell(&mut self) -> anyhow::Result<()> {
        let (site, run) = (self.site, self.report.run);
        let told = self
            .ledger
            .write(site.clock.now(), |tx| tell::admins(tx, &site.desk(), run))?;
        self.report.failures.extend(told.failed);
        if told.mailed { self.send() } else { Ok(()) }
    }
}
