//! The stages of a run, each for itself: one that fails is told, and never keeps another from its work,
//! sending above all. Only a ledger that cannot be read or written at all ends the run.

use super::{Run, invoices};
use crate::ledger::LedgerError;

/// A stage: what it was about to do, in words that follow "could not", and the work itself.
type Stage<'a> = (&'static str, fn(&mut Run<'a>) -> anyhow::Result<()>);

impl<'a> Run<'a> {
    /// What comes before the mailboxes, in its order.
    const BEFORE: &'a [Stage<'a>] = &[
        ("begin with hooks that are new", Run::begin_hooks),
        ("ask what became of faxes", Run::ask_about_faxes),
        ("ask what shops know of shipments", Run::ask_shops),
        (
            "take up what a run left that died while it sent",
            Run::recover,
        ),
        ("learn how long vendors take", Run::learn_habits),
        (
            "check the orders that the stop switch held",
            Run::release_after_stop,
        ),
        ("read the mail that an earlier run began", Run::resume),
    ];

    /// What comes after them, in its order.
    const AFTER: &'a [Stage<'a>] = &[
        (
            "act on carriers' mails that waited for vendors' advices",
            Run::carriers,
        ),
        ("check and place the orders that wait", Run::leftovers),
        ("look for what vendors owe an answer", Run::watch),
        ("look for questions without answer", Run::watch_questions),
        (
            "look for cancellations that vendors have not answered",
            Run::watch_cancellations,
        ),
        (
            "look for cancellations whose orders never came",
            Run::watch_early_cancellations,
        ),
        (
            "look for vendors' lists of what they have that did not come",
            Run::watch_stock,
        ),
        ("take bills in and compare them", |run| {
            invoices::stage(run.site, &mut run.ledger, &mut run.report, run.stop)
        }),
        (
            "look for returns and credits that are late",
            Run::watch_returns,
        ),
        ("look for money that customers are owed", Run::watch_refunds),
        ("tell shops of shipments", Run::tell_shops),
        ("send", Run::send),
        ("send by the other way", Run::fall_back),
        ("write to customers", Run::customers),
        ("compare shops with the ledger", Run::compare_shops),
        ("tell hooks what happened", Run::tell_hooks),
        ("tell the admins", Run::tell),
        ("read the mail that was put off", Run::late),
        (
            "take earlier orders in for searches",
            Run::make_earlier_orders_searchable,
        ),
    ];

    /// Every stage in its order.
    ///
    /// # Errors
    /// When the ledger cannot be read or written at all.
    pub(super) fn stages(&mut self) -> anyhow::Result<()> {
        self.all_of(Self::BEFORE)?;
        for number in 0..self.site.config.mailboxes.len() {
            let what = format!(
                "work on mailbox {}",
                self.site.config.mailboxes[number].name
            );
            self.stage(&what, |run| run.mailbox(number))?;
        }
        for (number, source) in self.site.config.sources.iter().enumerate() {
            let what = format!("work on source {}", source.name);
            self.stage(&what, |run| run.source(number))?;
        }
        self.all_of(Self::AFTER)
    }

    fn all_of(&mut self, stages: &[Stage<'a>]) -> anyhow::Result<()> {
        stages
            .iter()
            .try_for_each(|(what, work)| self.stage(what, work))
    }

    pub(super) fn stage(
        &mut self,
        what: &str,
        work: impl FnOnce(&mut Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match work(self) {
            Err(fault) if ends_the_run(&fault) => Err(fault),
            Err(fault) => self.fail(format!(
                "could not {what}: {fault:#}; the run went on with the rest, and the next one tries again; \
                 `poms verify` names what is wrong in the ledger"
            )),
            Ok(()) => Ok(()),
        }
    }

    /// What was put off, and what follows from it.
    fn late(&mut self) -> anyhow::Result<()> {
        if self.read_late()? {
            self.send()?;
            self.tell()?;
        }
        Ok(())
    }
}

/// Whether nothing more can be done with the ledger.
pub(super) fn ends_the_run(fault: &anyhow::Error) -> bool {
    let mut causes = fault.chain();
    causes.any(|cause| {
        cause
            .downcast_ref::<LedgerError>()
            .is_some_and(LedgerError::ends_all)
    })
}
