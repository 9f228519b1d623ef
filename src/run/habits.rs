//! How long vendors take by what they did, learnt once a day.

use super::Run;
use crate::clock;
use crate::ledger::LedgerError;
use crate::shipping::promise;

/// The setting that says when it was learnt last, and for which rate.
const LEARNT: &str = "vendor_habits";

impl Run<'_> {
    /// Learns how long each vendor takes, where promises are made by that and a new day has begun, or another rate is
    /// wanted.
    pub(super) fn learn_habits(&mut self) -> anyhow::Result<()> {
        let (site, now) = (self.site, self.site.clock.now());
        let (zone, settings) = (site.config.site.timezone, &site.config.promise.settings);
        let Some(rate) = settings.hit_rate else {
            return Ok(());
        };
        let today = format!("{} {rate}", now.with_timezone(&zone).date_naive());
        if self.stopping() || self.ledger.read().setting(LEARNT)?.as_deref() == Some(&today) {
            return Ok(());
        }
        self.ledger.write(now, |tx| {
            for (listed, _) in tx.vendors()? {
                // with the days on which it works
                if let Some(vendor) = tx.vendor(&listed.id)? {
                    let habit = promise::learnt(tx, &vendor, zone, settings, rate)?;
                    tx.put_habit(&vendor.id, &habit)?;
                }
            }
            let why = format!("how long vendors take was learnt at {}", clock::text(now));
            tx.set_setting(LEARNT, &today, &why)?;
            Ok::<_, LedgerError>(())
        })?;
        Ok(())
    }
}
