//! `poms check` of drops, and of vendors that take purchase orders by one.

use super::{CheckLine, Context, line};
use crate::config::Config;
use crate::delivery::drop;
use crate::domain::vendor::VendorChannel;

/// Tries each drop, and looks for vendors that have none.
pub(super) fn check(context: &Context, config: &Config, lines: &mut Vec<CheckLine>) {
    for one in &config.drops {
        let what = format!("drop of {}", one.papers.vendor);
        lines.push(line(&what, drop::check(one)));
    }
    if config.site.ledger.exists()
        && let Err(fault) = vendors(context, config)
    {
        lines.push(line("drops", Err::<String, _>(fault)));
    }
}

/// Vendors that take purchase orders by a drop and have none, and drops of nobody.
fn vendors(context: &Context, config: &Config) -> anyhow::Result<()> {
    let ledger = context.open_ledger(config)?;
    let vendors = ledger.read().vendors()?;
    let has = |id: &str| config.drops.iter().any(|drop| drop.papers.vendor == id);
    let mut wrong = Vec::new();
    for (vendor, _) in &vendors {
        if vendor.active && vendor.channel == VendorChannel::Drop && !has(&vendor.id) {
            wrong.push(format!("vendor {0} takes its purchase orders by a drop, and has none: add [[vendor_drop]] with vendor = \"{0}\"", vendor.id));
        }
    }
    for drop in &config.drops {
        let id = &drop.papers.vendor;
        match vendors.iter().find(|(vendor, _)| vendor.id == *id) {
            Some((vendor, _)) if vendor.channel != VendorChannel::Drop => wrong.push(format!(
                "the drop of {id} is used by nobody: the vendor's channel is {}",
                vendor.channel.as_str()
            )),
            Some(_) => {}
            None => wrong.push(format!(
                "the drop of {id} is used by nobody: there is no such vendor"
            )),
        }
    }
    anyhow::ensure!(wrong.is_empty(), "{}", wrong.join("; "));
    Ok(())
}
