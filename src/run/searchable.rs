//! The orders of a ledger that an older poms made are taken in for searches: the latest first, in
//! portions, behind all other work of a run.

use super::Run;

/// Orders of one transaction: its seal names some twenty rows of each.
const PORTION: usize = 250;
/// Portions of one run, so that the next one of cron need not wait for a ledger of years.
const PORTIONS: usize = 80;

impl Run<'_> {
    /// Writes the words of orders that have none. An order that cannot be read is told in this one run.
    pub(super) fn make_earlier_orders_searchable(&mut self) -> anyhow::Result<()> {
        for _ in 0..PORTIONS {
            if self.stopping() || self.ledger.read().search_is_complete()? {
                break;
            }
            let now = self.site.clock.now();
            let filled = self.ledger.write(now, |tx| tx.fill_search_words(PORTION))?;
            let sentences = filled.unreadable.into_iter().map(|(order, why)| {
                format!(
                    "order {order} is found by number, name, e-mail address and telephone only: its document in the ledger cannot be \
                     read ({why}); `poms verify` says whether it was changed, the latest good `poms backup` has it"
                )
            });
            self.report.add_failures(sentences);
        }
        Ok(())
    }
}
