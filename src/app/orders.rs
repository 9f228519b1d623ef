//! Orders through rules and purchasing: the one step that runs and acts of people share.

use super::report::RunReport;
use super::{App, around};
use crate::config::Config;
use crate::domain::lifecycle::OrderState;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::place;
use crate::purchasing::routing::RouteSettings;
use crate::rules::review::{self, Catalogue};

/// How vendors are chosen.
pub fn route_settings(config: &Config) -> RouteSettings<'_> {
    RouteSettings {
        strategies: &config.strategies,
        terms: &config.invoicing.settings.terms,
        promise: &config.promise.settings,
        timezone: config.site.timezone,
    }
}

/// Applies the rules to orders that are `received` or `held`, and places those that are `ready`. One at
/// which poms fails is held.
pub fn review_and_place(
    tx: &Tx,
    site: &App,
    rows: &[OrderRow],
    report: &mut RunReport,
) -> Result<(), LedgerError> {
    let mut catalogue = Catalogue::of(&site.config.rules);
    let mut ready = Vec::new();
    for row in rows {
        let row = match row.state {
            OrderState::Ready => row.clone(),
            _ => match tx.apart(|| reviewed(tx, site, row, &mut catalogue))? {
                Ok(verdict) => {
                    report.exceptions.opened += verdict.opened;
                    verdict.row
                }
                Err(fault) => {
                    aside(tx, row.id, "check", &fault, report)?;
                    continue;
                }
            },
        };
        match row.state {
            OrderState::Ready => ready.push(row),
            _ => report.orders.held += 1,
        }
    }
    report.orders.ready += ready.len();
    let placed = place::place(tx, &ready, &site.buyer(), &mut catalogue)?;
    report.orders.placed += placed.orders;
    report.orders.held += ready.len() - placed.orders;
    report.purchase_orders.created += placed.purchase_orders;
    report.exceptions.opened += placed.opened;
    Ok(())
}

/// What the rules say of an order that was changed after it was placed, and did not say of it before.
pub fn objections(
    tx: &Tx,
    site: &App,
    before: &OrderRow,
    now: &OrderRow,
) -> Result<Vec<String>, LedgerError> {
    let mut catalogue = Catalogue::of(&site.config.rules);
    let mut of = |row: &OrderRow| {
        let around = around::around(tx, site, row, &mut catalogue)?;
        review::holding(tx, row, &site.config.rules, &mut catalogue, &around)
    };
    let (known, found) = (of(before)?, of(now)?);
    let new = found
        .into_iter()
        .filter(|one| known.iter().all(|old| old.code != one.code));
    Ok(new
        .map(|one| format!("{}: {}", one.code, one.message))
        .collect())
}

/// Applies the rules to one order, with what is known around it.
fn reviewed(
    tx: &Tx,
    site: &App,
    row: &OrderRow,
    catalogue: &mut Catalogue,
) -> Result<review::ReviewVerdict, LedgerError> {
    let around = around::around(tx, site, row, catalogue)?;
    review::review(tx, row, &site.config.rules, catalogue, &around)
}

/// Holds an order at which poms failed; where not even that can be written down, the run says so.
pub fn aside(
    tx: &Tx,
    id: i64,
    what: &str,
    fault: &LedgerError,
    report: &mut RunReport,
) -> Result<(), LedgerError> {
    match tx.apart(|| tx.set_order_aside(id, what, fault))? {
        Ok(new) => {
            report.orders.held += 1;
            report.exceptions.opened += usize::from(new);
        }
        Err(why) => report.add_failures([format!(
            "the order with the ledger's number {id} was left as it is: {fault}; and that cannot be noted: {why}; {}",
            crate::ledger::apart::ADVICE
        )]),
    }
    Ok(())
}
