//! The part of a run that faxes need beside the outbox.

use super::Run;
use crate::delivery::channels;
use crate::delivery::fax::watch;
use crate::purchasing::fallback;

impl Run<'_> {
    /// What became of faxes that a service took or may have taken.
    pub(super) fn ask_about_faxes(&mut self) -> anyhow::Result<()> {
        let site = self.site;
        let Some(fax) = &site.config.delivery.fax else {
            return Ok(());
        };
        let tx = self.ledger.read();
        let open = !tx.doubtful_faxes()?.is_empty() || tx.count_waiting_faxes()? > 0;
        if !open || self.ledger.is_rehearsal() || self.stopping() {
            return Ok(());
        }
        let service = match channels::fax_service(&site.config) {
            Ok(service) => service,
            Err(fault) => return self.fail(format!("{fault:#}")),
        };
        let Some(mut service) = service else {
            return Ok(());
        };
        let terms = watch::Terms {
            backoff: &site.config.delivery.backoff,
            attempts: fax.attempts,
        };
        let ledger = &mut self.ledger;
        let sums = watch::ask(ledger, &site.clock, service.as_mut(), terms, self.stop)?;
        self.report.add_deliveries(&sums);
        self.report.add_failures(sums.unreachable);
        Ok(())
    }

    /// Purchase orders and cancellations whose way to the vendor is dead go the other way that the vendor
    /// named.
    pub(super) fn fall_back(&mut self) -> anyhow::Result<()> {
        let site = self.site;
        let fax = site.config.delivery.fax.is_some();
        if !fallback::due(&self.ledger.read(), fax)? || self.stopping() {
            return Ok(());
        }
        let again = self
            .ledger
            .write(site.clock.now(), |tx| fallback::enqueue(tx, &site.buyer()))?;
        if again { self.send() } else { Ok(()) }
    }
}
