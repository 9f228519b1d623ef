//! The mails of a run to customers and admins.

use super::site::Site;
use super::{Run, notices, overdue, promise, tracking};
use crate::desk::possible;
use crate::domain::codes::Remedy;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::{LedgerError, Tx};
use crate::notices::tell;
use crate::reports::exception_case::{self, Case, Limits};
use crate::reports::layout::View;
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
        let told = self.ledger.write(site.clock.now(), |tx| {
            tell::admins(tx, &site.desk(), run, &|tx, row| ways(tx, site, row))
        })?;
        self.report.failures.extend(told.failed);
        if told.mailed { self.send() } else { Ok(()) }
    }
}

/// What can be done about an exception as things stand, and what to type for it: as `exceptions show` has
/// it.
fn ways(
    tx: &Tx,
    site: &Site,
    row: &ExceptionRow,
) -> Result<(Vec<Remedy>, Vec<String>), LedgerError> {
    let rules = &site.config.rules;
    let limits = Limits {
        duplicate_hours: rules.duplicate_hours,
        spending: &|order| rules.spending_limit(order),
        offers: &|tx, row, po| possible::offers(tx, rules, row, po),
    };
    let case = Case::gather(tx, row.id, &limits)?;
    let view = View {
        width: 76,
        zone: site.config.site.timezone,
        now: tx.now(),
        poms: site.desk().poms,
    };
    let resolves = |command: &String| command.contains(" exceptions resolve ");
    let commands = exception_case::choices(&case, &view).into_iter();
    let commands = commands.map(|choice| choice.command).filter(resolves);
    let possible = case.remedies.iter().filter(|one| one.refused.is_none());
    Ok((possible.map(|one| one.remedy).collect(), commands.collect()))
}
