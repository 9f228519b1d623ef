//! A shop and the ledger are compared: every paid order of the shop is in the ledger, every shipment of the ledger
//! is in the shop, and every cancellation reached both. One page at a time; what is newer than what poms has read
//! of the shop is no difference.

mod going;
mod judge;
mod kept;
mod nightly;
mod shipped;
mod walk;

pub use going::{ComparePlace, Going};
pub use kept::comparisons_of;

use crate::config::{SourceConfig, SourceKind};
use crate::ledger::{Ledger, LedgerError};
use crate::reports::shop::ShopProof;
use crate::shops::compared::CompareEffort;
use crate::shops::{ShopFault, ShopFaultKind, read_until, settings};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use judge::Judge;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What is compared unless somebody says otherwise.
pub const PERIOD: TimeDelta = TimeDelta::days(30);
/// All that a person who asks waits for a shop that has enough of us.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// Why a comparison stops before its end.
#[derive(Debug)]
enum Stopped {
    Shop(ShopFault),
    Ledger(LedgerError),
    /// It shall not go on now.
    Over,
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
    /// What the shop changed later is not looked at; everything is where `None`.
    pub until: Option<DateTime<Utc>>,
    /// The present moment.
    pub now: DateTime<Utc>,
    /// The site's.
    pub zone: Tz,
    /// How long it may ask.
    pub effort: CompareEffort,
    /// Set when it shall end.
    pub stop: &'a AtomicBool,
}

impl Comparison<'_> {
    /// # Errors
    /// That it shall not go on.
    fn goes_on(&self) -> Result<(), Stopped> {
        let is_late = |end: Instant| Instant::now() >= end;
        let is_over = self.effort.deadline.is_some_and(is_late);
        match is_over || self.stop.load(Ordering::Relaxed) {
            true => Err(Stopped::Over),
            false => Ok(()),
        }
    }
}

/// How a comparison ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompareEnd {
    /// Everything was looked at.
    Whole,
    /// Its time was over, poms shall end, or the shop has enough of us for now: the rest is for the next time.
    Later,
    /// Why the rest was not to be had.
    Failed(String),
}

/// The format of a shop's orders, and the day from which on they are poms'; `None` for sources that nobody can be
/// asked about.
fn shop_of(source: &SourceConfig) -> Option<(&'static str, DateTime<Utc>)> {
    match &source.kind {
        SourceKind::Shopify(shop) => Some(("shopify-graphql", shop.since)),
        SourceKind::WooCommerce(shop) => Some(("woocommerce", shop.since)),
        SourceKind::Folder(_) | SourceKind::Sftp(_) | SourceKind::Https(_) => None,
    }
}

/// Compares, in one go; `None` where the source has nobody to ask. What keeps it from its end stands in what it
/// gives.
///
/// # Errors
/// The ledger's.
pub fn compare(ledger: &Ledger, comparison: &Comparison) -> Result<Option<ShopProof>, LedgerError> {
    let Some(mut going) = Going::begin(comparison) else {
        return Ok(None);
    };
    let end = go_on(ledger, comparison, &mut going)?;
    let mut proof = going.proof;
    proof.broken_off = match end {
        CompareEnd::Whole => None,
        CompareEnd::Later => Some("its time was over".to_owned()),
        CompareEnd::Failed(why) => Some(why),
    };
    Ok(Some(proof))
}

/// Goes on with a comparison.
///
/// # Errors
/// The ledger's.
pub(crate) fn go_on(
    ledger: &Ledger,
    comparison: &Comparison,
    going: &mut Going,
) -> Result<CompareEnd, LedgerError> {
    let Comparison { source, now, .. } = *comparison;
    let shop = settings::compared(source, now, comparison.effort);
    let (Some((format, _)), Some(mut asked)) = (shop_of(source), shop) else {
        return Ok(CompareEnd::Whole);
    };
    let place = source.place();
    let row = ledger.read().source(&source.name, &place)?;
    let cursor = row.and_then(|row| row.cursor);
    going.proof.read_until = cursor.as_deref().and_then(read_until);
    let judge = Judge {
        source,
        place: &place,
        format,
        from: going.proof.from,
        read_until: going.proof.read_until,
        now,
        zone: comparison.zone,
    };
    let begun = going.place.clone();
    let stopped = walk::both_ways(ledger, comparison, &judge, asked.as_mut(), going);
    let moved = going.place != begun;
    Ok(match stopped {
        Ok(()) => CompareEnd::Whole,
        Err(Stopped::Ledger(fault)) => return Err(fault),
        Err(Stopped::Over) => CompareEnd::Later,
        Err(Stopped::Shop(fault)) => {
            // an answer that was broken off because time is over is no failure of the shop
            let late = comparison.goes_on().is_err();
            let busy = matches!(fault.kind, ShopFaultKind::Busy(_)) && comparison.until.is_some();
            match (moved && (late || busy), late) {
                (true, _) => CompareEnd::Later,
                (false, true) => CompareEnd::Failed(format!(
                    "{fault}; all of its time (compare_seconds) was over before anything could be compared"
                )),
                (false, false) => CompareEnd::Failed(fault.to_string()),
            }
        }
    })
}
