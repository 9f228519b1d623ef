//! Invoices that name no purchase order: what their amount can say.

use super::{PoIndex, PoMatch, PoRule, shorten};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::domain::variance::{PoFacts, Tolerance};
use std::collections::BTreeSet;

const NAMES_NONE: &str = "it names no purchase order of this vendor";

impl PoIndex {
    /// The purchase order of an invoice that names none: by what is open on one that was placed at most
    /// `window_days` before it.
    pub(super) fn unnamed(&self, vendor: &str, invoice: &Invoice, window_days: i64) -> PoMatch {
        let fits = self.by_amount(vendor, invoice, window_days);
        if let Some(unknown) = self.unknown(vendor, invoice) {
            let fits = fits.iter().filter_map(|place| self.all.get(*place));
            return PoMatch::Open {
                why: format!("it names {unknown}, which is no purchase order of this vendor's"),
                candidates: fits.map(|po| po.po.clone()).collect(),
            };
        }
        if invoice.kind == InvoiceKind::Bill {
            let goods = self.by_goods(vendor, invoice, window_days);
            return self
                .decide(&goods, PoRule::Goods)
                .unwrap_or_else(|| self.by_amount_alone(vendor, invoice, (&fits, window_days)));
        }
        self.decide(&fits, PoRule::AmountAndDate)
            .unwrap_or_else(|| PoMatch::Open {
                candidates: Vec::new(),
                why: self.why_none(vendor, invoice, window_days),
            })
    }

    /// A bill that names no purchase order: those whose amount it is are told to a person.
    fn by_amount_alone(
        &self,
        vendor: &str,
        invoice: &Invoice,
        (fits, window_days): (&BTreeSet<usize>, i64),
    ) -> PoMatch {
        let candidates = fits.iter().filter_map(|place| self.all.get(*place));
        let candidates: Vec<String> = candidates.map(|po| po.po.clone()).collect();
        let why = match candidates.as_slice() {
            [] => self.why_none(vendor, invoice, window_days),
            one => format!(
                "{NAMES_NONE}, nor its articles with pieces and prices; {} {} to its amount, and an amount alone may be \
                 that of other goods",
                shorten(one),
                if one.len() == 1 { "comes" } else { "come" }
            ),
        };
        PoMatch::Open { candidates, why }
    }

    /// Why no purchase order is found by amount and date; one of the amount and another date is named.
    fn why_none(&self, vendor: &str, invoice: &Invoice, window_days: i64) -> String {
        let places = self.by_vendor.get(vendor).map_or(&[][..], Vec::as_slice);
        let mut all = places.iter().filter_map(|place| self.all.get(*place));
        let total = invoice.total;
        match all.find(|po| comes_to(po, invoice)) {
            Some(po) if po.placed > invoice.date => format!(
                "{NAMES_NONE}; {} comes to {total}, but was placed on {}, after the day of the {}",
                po.po,
                po.placed,
                invoice.kind.as_str()
            ),
            Some(po) => format!(
                "{NAMES_NONE}; {} comes to {total}, but was placed on {}, more than {window_days} days before",
                po.po, po.placed
            ),
            None => format!("{NAMES_NONE}, and none that is open comes to {total}"),
        }
    }

    fn by_amount(&self, vendor: &str, invoice: &Invoice, window_days: i64) -> BTreeSet<usize> {
        let places = self.by_vendor.get(vendor).map_or(&[][..], Vec::as_slice);
        let near = |po: &PoFacts| {
            let age = invoice.date.signed_duration_since(po.placed).num_days();
            (0..=window_days).contains(&age) && comes_to(po, invoice)
        };
        let expects = |place: &usize| {
            let amounts = self.expected.get(place).map_or(&[][..], Vec::as_slice);
            invoice.kind == InvoiceKind::Credit && amounts.contains(&invoice.total)
        };
        let fits = |place: &&usize| expects(place) || self.all.get(**place).is_some_and(near);
        places.iter().filter(fits).copied().collect()
    }
}

/// Whether an invoice's total is what is still open on a purchase order: for a bill, its goods not
/// yet billed (all ordered, or those shipped), with or without freight and fees as agreed; for a
/// credit, what was billed and not credited, in whole.
pub(in crate::invoicing) fn comes_to(po: &PoFacts, invoice: &Invoice) -> bool {
    let (Some(ordered), Some(shipped), Some(billed)) =
        (po.ordered_value(), po.shipped_value(), po.billed_net())
    else {
        return false;
    };
    let near = |expected: Money| {
        expected > Money::ZERO
            && expected
                .minus(invoice.total)
                .is_some_and(|gap| po.terms.goods.allows(Tolerance::magnitude(gap), expected))
    };
    if invoice.kind == InvoiceKind::Credit {
        return near(billed);
    }
    let charges = po.terms.charges(po).unwrap_or_default();
    let bases = [ordered, shipped];
    bases.into_iter().any(|goods| {
        let open = goods.minus(billed).unwrap_or_default();
        let with = goods.plus(charges).and_then(|all| all.minus(billed));
        (goods > Money::ZERO && near(open)) || with.is_some_and(near)
    })
}
