//! The purchase orders whose goods a bill names: every line of it an article of theirs, at its price, and no more
//! pieces than are to be billed yet.

use super::{PoIndex, three_way};
use crate::domain::invoice::Invoice;
use crate::domain::money::Money;
use crate::domain::variance::PoFacts;
use std::collections::{BTreeMap, BTreeSet};

impl PoIndex {
    /// Those of a vendor that were placed at most so many days before the bill.
    pub(super) fn by_goods(
        &self,
        vendor: &str,
        invoice: &Invoice,
        window_days: i64,
    ) -> BTreeSet<usize> {
        let places = self.by_vendor.get(vendor).map_or(&[][..], Vec::as_slice);
        let fits = |place: &&usize| {
            let po = self.all.get(**place);
            po.is_some_and(|po| {
                let age = invoice.date.signed_duration_since(po.placed).num_days();
                (0..=window_days).contains(&age) && has(po, invoice)
            })
        };
        places.iter().filter(fits).copied().collect()
    }
}

fn has(po: &PoFacts, invoice: &Invoice) -> bool {
    if invoice.lines.is_empty() || invoice.itemised() != Some(invoice.total) {
        return false;
    }
    let mut pieces: BTreeMap<usize, i64> = BTreeMap::new();
    for line in &invoice.lines {
        let found = three_way::po_line(line, po).filter(|_| !line.sku.is_empty());
        let found = found.and_then(|found| {
            let place = po.lines.iter().position(|one| std::ptr::eq(one, found))?;
            let qty = line.qty.filter(|qty| *qty > 0)?;
            let worth = found.unit_cost.times(qty)?;
            (worth == line.amount && worth > Money::ZERO).then_some((place, qty))
        });
        let Some((place, qty)) = found else {
            return false;
        };
        let sum = pieces.entry(place).or_default();
        *sum = sum.saturating_add(qty);
    }
    pieces.iter().all(|(place, qty)| {
        let line = po.lines.get(*place);
        line.is_some_and(|line| {
            let billed = line.billed.saturating_sub(line.credited).max(0);
            *qty <= line.ordered.saturating_sub(billed)
        })
    })
}
