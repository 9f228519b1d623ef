//! A shop and the ledger are compared: every paid order of the shop is in the ledger, every shipment of the ledger
//! is in the shop, and every cancellation reached both. One page at a time; what is newer than what poms has read
//! of the shop is no difference.

mod judge;
mod nightly;
mod shipped;

pub use nightly::compared_at;

use crate::config::{SourceConfig, SourceKind};
use crate::ledger::orders::OrderRow;
use crate::ledger::{Ledger, LedgerError};
use crate::reports::shop::{ShopDifference, ShopDifferenceKind, ShopProof};
use crate::shops::compared::ComparedShop;
use crate::shops::{ShopFault, read_until, settings};
use chrono::{DateTime, TimeDelta, Utc};
use judge::Judge;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What is compared unless somebody says otherwise.
pub const PERIOD: TimeDelta = TimeDelta::days(30);
/// Orders of the ledger that are looked through at once.
const AT_ONCE: usize = 100;
/// All that a person who asks waits for a shop that has enough of us.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// Why a comparison is not to be had.
#[derive(Debug)]
enum Stopped {
    Shop(ShopFault),
    Ledger(LedgerError),
    Signal,
}

impl From<ShopFault> for Stopped {
    fn from(fault: ShopFault) -> Stopped {
        Stopped::Shop(fault)
    }
}

impl From<LedgerError> for Stopped {
    fn from(fault: LedgerError) -> Stopped {
        Stopped::Ledger(fault)
    }
}

/// What is the same for all of a comparison.
pub struct Comparison<'a> {
    /// The source, a shop.
    pub source: &'a SourceConfig,
    /// From when on.
    pub from: DateTime<Utc>,
    /// The present moment.
    pub now: DateTime<Utc>,
    /// All that it waits for a shop that has enough of us.
    pub patience: Duration,
    /// Set when it shall end.
    pub stop: &'a AtomicBool,
}

/// The format of a shop's orders, and the day from which on they are poms'; `None` for sources that nobody can be
/// asked about.
pub fn shop(source: &SourceConfig) -> Option<(&'static str, DateTime<Utc>)> {
    match &source.kind {
        SourceKind::Shopify(shop) => Some(("shopify-graphql", shop.since)),
        SourceKind::WooCommerce(shop) => Some(("woocommerce", shop.since)),
        SourceKind::Folder(_) | SourceKind::Sftp(_) => None,
    }
}

/// Compares; `None` where the source has nobody to ask. What keeps it from its end stands in what it gives.
///
/// # Errors
/// The ledger's.
pub fn compare(ledger: &Ledger, comparison: &Comparison) -> Result<Option<ShopProof>, LedgerError> {
    let Comparison { source, now, .. } = *comparison;
    let Some((format, since)) = shop(source) else {
        return Ok(None);
    };
    let Some(mut asked) = settings::compared(source, now, comparison.patience) else {
        return Ok(None);
    };
    let place = source.place();
    let from = comparison.from.max(since);
    let mut proof = ShopProof::begin(&source.name, place.clone(), from, since);
    let row = ledger.read().source(&source.name, &place)?;
    let cursor = row.and_then(|row| row.cursor);
    proof.read_until = cursor.as_deref().and_then(read_until);
    let judge = Judge {
        source,
        place: &place,
        format,
        from,
        read_until: proof.read_until,
        now,
    };
    match both_ways(ledger, comparison, &judge, asked.as_mut(), &mut proof) {
        Ok(()) => {}
        Err(Stopped::Ledger(fault)) => return Err(fault),
        Err(Stopped::Shop(fault)) => proof.broken_off = Some(fault.to_string()),
        Err(Stopped::Signal) => proof.broken_off = Some("poms was asked to end".to_owned()),
    }
    Ok(Some(proof))
}

fn both_ways(
    ledger: &Ledger,
    comparison: &Comparison,
    judge: &Judge,
    shop: &mut dyn ComparedShop,
    proof: &mut ShopProof,
) -> Result<(), Stopped> {
    let goes_on = || match comparison.stop.load(Ordering::Relaxed) {
        true => Err(Stopped::Signal),
        false => Ok(()),
    };
    // the ledger's numbers of what was met, so that it is not asked about once more
    let mut met: HashSet<i64> = HashSet::new();
    let mut place: Option<String> = None;
    loop {
        goes_on()?;
        let page = shop.page(place.as_deref(), judge.from)?;
        for order in &page.orders {
            if let Some(row) = judge.order(ledger, shop, order, proof)? {
                met.insert(row.id);
            }
        }
        match page.next {
            Some(next) => place = Some(next),
            None => break,
        }
    }
    let mut after = 0;
    loop {
        let moved = ledger
            .read()
            .shop_orders_moved(judge.format, judge.from, after, AT_ONCE)?;
        let Some(last) = moved.last() else {
            return Ok(());
        };
        after = *last;
        for id in moved.into_iter().filter(|id| !met.contains(id)) {
            goes_on()?;
            let row = ledger.read().order(id)?;
            if judge.is_of_source(ledger, &row)? {
                moved_here(ledger, judge, shop, &row, proof)?;
            }
        }
    }
}

/// An order of the ledger of which goods left, or which was cancelled, and which the shop did not change since.
fn moved_here(
    ledger: &Ledger,
    judge: &Judge,
    shop: &mut dyn ComparedShop,
    row: &OrderRow,
    proof: &mut ShopProof,
) -> Result<(), Stopped> {
    let id = &row.order.shop_order.id;
    if id.is_empty() {
        return Ok(());
    }
    match shop.order(id)? {
        Some(order) => {
            judge.order(ledger, shop, &order, proof)?;
        }
        None => proof.differs(ShopDifference {
            kind: ShopDifferenceKind::Gone,
            key: format!("gone {id}"),
            order: row.reference(),
            says: format!("it is {} here, and the shop has no order {id}", row.state),
            advice: "ask whoever runs the shop who deleted it".to_owned(),
            remedy: None,
            exception: None,
            at: row.updated,
        }),
    }
    Ok(())
}
