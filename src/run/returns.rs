//! What a run does about returns.

use super::Run;
use crate::ledger::Tx;
use crate::returns::watch;

impl Run<'_> {
    /// Puts goods and credits that are late onto the list, and takes off what came.
    pub(super) fn watch_returns(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let (site, report) = (self.site, &mut self.report);
        let (limits, now) = (site.return_watch(), site.clock.now());
        if watch::is_due(&self.ledger.read(), &limits, now)? {
            let act = |tx: &Tx| watch::watch(tx, &limits);
            report.exceptions.opened += self.ledger.write(now, act)?;
        }
        Ok(())
    }
}
