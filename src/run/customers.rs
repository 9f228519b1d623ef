//! The mails of a run to customers and admins.

use super::{Run, notices, overdue, promise, tracking};
use crate::app::App;
use crate::carriers::ups_api::batch::Budget;
use crate::desk::possible;
use crate::domain::codes::Remedy;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::notices::admin_mail;
use crate::reports::exception_case::{self, Case, CaseLimits};
use crate::reports::layout::View;
use crate::rules::{spending_limit, suspected_duplicate};

impl Run<'_> {
    /// After the purchase orders are on their way: asks UPS within the budget, and tells customers
    /// what became of their orders. Each for itself: one that fails keeps no other from its work.
    pub(super) fn customers(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let mut budget = Budget::new(self.site.config.promise.budget);
        let mut mails = 0;
        self.stage("ask UPS when goods will arrive", |run| {
            let settled = promise::settle(&mut run.ledger, run.site, &mut budget)?;
            run.report.add_failures(settled.failure);
            run.report.exceptions.opened += settled.opened;
            mails += settled.mails;
            Ok(())
        })?;
        self.stage("ask UPS where parcels are", |run| {
            run.report.exceptions.opened += tracking::poll(&mut run.ledger, run.site, &mut budget)?;
            Ok(())
        })?;
        self.stage("write to customers what became of their orders", |run| {
            mails += run.told(notices::all)?;
            Ok(())
        })?;
        self.stage("write to customers of days that came", |run| {
            mails += run.told(overdue::all)?;
            Ok(())
        })?;
        match mails {
            0 => Ok(()),
            _ => self.send(),
        }
    }

    /// Counts the exceptions that were opened; how many mails wait to be sent.
    fn told(
        &mut self,
        tell: fn(&mut Ledger, &App) -> anyhow::Result<(usize, usize)>,
    ) -> anyhow::Result<usize> {
        let (mails, opened) = tell(&mut self.ledger, self.site)?;
        self.report.exceptions.opened += opened;
        Ok(mails)
    }

    /// One mail to the admins about what is new, sent at once.
    pub(super) fn tell(&mut self) -> anyhow::Result<()> {
        let (site, run) = (self.site, self.report.run);
        let told = self.ledger.write(site.clock.now(), |tx| {
            admin_mail::admins(tx, &site.admin_mailer(), run, &|tx, row| {
                ways(tx, site, row)
            })
        })?;
        self.report.add_failures(told.failed);
        if told.mailed { self.send() } else { Ok(()) }
    }
}

/// What can be done about an exception as things stand, and what to type for it: as `exceptions show` has
/// it.
fn ways(
    tx: &Tx,
    site: &App,
    row: &ExceptionRow,
) -> Result<(Vec<Remedy>, Vec<String>), LedgerError> {
    let rules = &site.config.rules;
    let limits = CaseLimits {
        duplicate_hours: suspected_duplicate::hours(rules),
        spending: &|order| spending_limit::of(rules, order),
        offers: &|tx, row, po| possible::offers(tx, rules, row, po),
    };
    let case = match Case::gather(tx, row.id, &limits) {
        Ok(case) => case,
        Err(fault) if fault.ends_all() => return Err(fault),
        // what it is about cannot be read: it is told all the same
        Err(_) => return Ok((row.definition().remedies.to_vec(), Vec::new())),
    };
    let view = View {
        width: 76,
        zone: site.config.site.timezone,
        now: tx.now(),
        poms: site.admin_mailer().poms,
    };
    let resolves = |command: &String| command.contains(" exceptions resolve ");
    let commands = exception_case::choices(&case, &view).into_iter();
    let commands = commands.map(|choice| choice.command).filter(resolves);
    let possible = case.remedies.iter().filter(|one| one.refused.is_none());
    Ok((possible.map(|one| one.remedy).collect(), commands.collect()))
}
