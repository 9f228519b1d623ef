//! Cancellations that vendors do not answer: after the time that the site sets a person is told.

use super::Run;
use crate::app::App;
use crate::config::Config;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::failures::Failures;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::cancellation::unanswered;
use crate::shipping::watch::Hours;
use chrono::{DateTime, Utc};

impl Run<'_> {
    /// Tells a person of cancellations that are open for too long, once.
    pub(super) fn watch_cancellations(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let (site, now) = (self.site, self.site.clock.now());
        let tx = self.ledger.read();
        let mut failures = Failures::of("cancellations");
        let open = failures.rows("read", WHAT, tx.open_cancellations()?)?;
        let mut due = Vec::new();
        for row in open {
            let item = row.id.to_string();
            let by = by(&tx, &site.config, &row);
            let by = failures.keep(&item, &what(&row), by)?;
            let late = by.flatten().is_some_and(|by| by <= now);
            // what the vendor wrote since may be its answer: a person reads it first
            if late && failures.keep(&item, &what(&row), is_read(&tx, &row))? == Some(false) {
                due.push(row);
            }
        }
        if due.is_empty() && !failures.is_due(&tx)? {
            return Ok(());
        }
        let act = |tx: &Tx| {
            let opened = tell(tx, site, &due, &mut failures)?;
            Ok::<_, LedgerError>(opened + failures.settle(tx)?)
        };
        self.report.exceptions.opened += self.ledger.write(now, act)?;
        Ok(())
    }
}

const WHAT: &str = "look after the cancellation with the ledger's number";

fn what(row: &CancellationRow) -> String {
    format!("look after cancellation {} of {}", row.number, row.po)
}

/// By when a vendor should have answered a cancellation; `None` where the site does not watch.
pub fn by(
    tx: &Tx,
    config: &Config,
    row: &CancellationRow,
) -> Result<Option<DateTime<Utc>>, LedgerError> {
    let (Some(age), Some(vendor)) = (config.watch.cancellation, tx.vendor(&row.vendor_id)?) else {
        return Ok(None);
    };
    let hours = Hours::of(&vendor, config.site.timezone, &config.watch);
    Ok(Some(hours.after(row.opened, age)))
}

/// Whether something that the vendor wrote since waits for a person: it may be the answer.
fn is_read(tx: &Tx, row: &CancellationRow) -> Result<bool, LedgerError> {
    let heard = tx.heard_of((row.po_id, row.order_id, &row.po))?;
    let opened = heard.waits.map(|id| tx.exception(id)).transpose()?;
    let since = row.opened.into();
    Ok(opened.is_some_and(|open| open.opened >= since))
}

fn tell(
    tx: &Tx,
    site: &App,
    due: &[CancellationRow],
    failures: &mut Failures,
) -> Result<usize, LedgerError> {
    let mut opened = 0;
    for row in due {
        let day = row.opened.with_timezone(&site.config.site.timezone);
        let text = format!(
            "{} has not answered cancellation {} of {}, made on {} ({}): goods may be on their way that nobody wants",
            row.vendor_name,
            row.number,
            row.po,
            day.format("%B %-d, %Y"),
            row.goods()
        );
        let tell = || unanswered(tx, &site.config.rules, row, &text);
        let told = failures.apart(tx, (&row.id.to_string(), &what(row)), tell)?;
        opened += usize::from(told.unwrap_or_default());
    }
    Ok(opened)
}
