//! For which purchase order an invoice is: by number, never by guess. What is not certain comes back
//! as candidates for a person. Whose invoice it is, [`super::vendors`] says.

mod amount;
mod goods;
mod unknown;

pub(super) use amount::comes_to;

use super::three_way;
use crate::domain::invoice::{Invoice, InvoiceKind, PoRef, PoRefFrom};
use crate::domain::money::Money;
use crate::domain::variance::PoFacts;
use std::collections::{BTreeSet, HashMap};

/// A reference without case and with one kind of separator: `w200001/1` is `W200001-1`.
pub fn normalise_reference(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '#' => {}
            '-' | '_' | '/' | '.' | ' ' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                bare.push('-');
            }
            c => bare.extend(c.to_uppercase()),
        }
    }
    bare.trim_matches('-').to_owned()
}

/// How an invoice was tied to its purchase order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoRule {
    /// By a number in a column of its own, in the invoice number or in the memo.
    Reference(PoRefFrom),
    /// By the vendor's own number of the order.
    VendorOrder,
    /// A credit, by the return or the bill that it names.
    Claim,
    /// A bill, by its articles, pieces and prices: only one open purchase order within the window has them.
    Goods,
    /// A credit, by the only open purchase order of the vendor with this amount, within the window.
    AmountAndDate,
}

/// Which purchase order an invoice is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoMatch {
    /// This one.
    Found {
        /// Number of the purchase order.
        po: String,
        /// By which rule.
        by: PoRule,
    },
    /// More than one fits, or none does.
    Open {
        /// Numbers of those that fit, in order.
        candidates: Vec<String>,
        /// Why it is open, for people.
        why: String,
    },
}

/// All purchase orders that may be billed, by what invoices call them.
#[derive(Clone, Debug, Default)]
pub struct PoIndex {
    all: Vec<PoFacts>,
    by_number: HashMap<String, usize>,
    by_order: HashMap<String, Vec<usize>>,
    by_vendor_order: HashMap<(String, String), Vec<usize>>,
    by_vendor: HashMap<String, Vec<usize>>,
    /// What a vendor's credits may name: returns that expect one, and bills.
    by_claim: HashMap<(String, String), BTreeSet<usize>>,
    /// Credits that are expected, by purchase order.
    expected: HashMap<usize, Vec<Money>>,
}

impl PoIndex {
    /// From all purchase orders; of two with one number the later counts.
    pub fn new(all: Vec<PoFacts>) -> PoIndex {
        let mut index = PoIndex::default();
        for (place, po) in all.iter().enumerate() {
            index.by_number.insert(normalise_reference(&po.po), place);
            let order = normalise_reference(&po.order);
            index.by_order.entry(order).or_default().push(place);
            let vendor = index.by_vendor.entry(po.vendor.clone());
            vendor.or_default().push(place);
            for number in &po.vendor_orders {
                let key = (po.vendor.clone(), normalise_reference(number));
                index.by_vendor_order.entry(key).or_default().push(place);
            }
        }
        index.all = all;
        index
    }

    /// The facts of a purchase order by its number.
    pub fn get(&self, po: &str) -> Option<&PoFacts> {
        let place = self.by_number.get(&normalise_reference(po))?;
        self.all.get(*place)
    }

    /// Adds what a vendor's credits may name instead of the purchase order: a bill's number, or a
    /// return's with the credit that it expects.
    pub fn claim(&mut self, vendor: &str, reference: &str, po: &str, expected: Option<Money>) {
        let Some(place) = self.by_number.get(&normalise_reference(po)).copied() else {
            return;
        };
        if let Some(amount) = expected {
            self.expected.entry(place).or_default().push(amount);
        }
        let bare = normalise_reference(reference);
        if !bare.is_empty() {
            let claim = self.by_claim.entry((vendor.to_owned(), bare));
            claim.or_default().insert(place);
        }
    }

    /// The purchase orders of the returns and bills that a credit names.
    fn claimed(&self, vendor: &str, credit: &Invoice) -> BTreeSet<usize> {
        let mut places = BTreeSet::new();
        let refs = credit
            .po_refs
            .iter()
            .filter(|one| one.from != PoRefFrom::Number);
        for reference in refs {
            let key = (vendor.to_owned(), normalise_reference(&reference.text));
            places.extend(self.by_claim.get(&key).into_iter().flatten());
        }
        places
    }

    /// The facts of a purchase order by its place.
    pub fn at(&self, place: usize) -> Option<&PoFacts> {
        self.all.get(place)
    }

    /// The places of a vendor's purchase orders that references name, by their number or their
    /// order's.
    pub fn own_named<'a>(
        &self,
        vendor: &str,
        references: impl Iterator<Item = &'a PoRef>,
    ) -> BTreeSet<usize> {
        let mut own = BTreeSet::new();
        for reference in references {
            own.extend(
                self.all_meant(&reference.text)
                    .flat_map(|(_, places)| places),
            );
        }
        let theirs = |place: &usize| self.at(*place).is_some_and(|po| po.vendor == vendor);
        own.retain(theirs);
        own
    }

    /// What a reference names: a purchase order itself, or all those of an order; whether the former.
    fn meant(&self, text: &str) -> (bool, &[usize]) {
        let bare = normalise_reference(text);
        // `POW200001-1`: where the mark ends only a number that is on file can say
        let marked = bare.strip_prefix("PO").map(|rest| rest.trim_matches('-'));
        for bare in [Some(bare.as_str()), marked].into_iter().flatten() {
            if let Some(place) = self.by_number.get(bare) {
                return (true, std::slice::from_ref(place));
            }
            if let Some(places) = self.by_order.get(bare) {
                return (false, places);
            }
        }
        (false, &[])
    }

    /// As [`Self::meant`]; two numbers with a stroke between them are two, where they are not one:
    /// `W1-1/W2-1` and `W200001/1`.
    fn all_meant(&self, text: &str) -> impl Iterator<Item = (bool, &[usize])> {
        let whole = self.meant(text);
        let halves = text.split_once('/').filter(|_| whole.1.is_empty());
        let halves = halves.map(|(one, other)| [self.meant(one), self.meant(other)]);
        std::iter::once(whole).chain(halves.into_iter().flatten())
    }

    /// Counts an invoice that was taken as billed or credited, so that the next is compared with
    /// what it leaves open. Nothing when there is no such purchase order.
    pub fn apply(&mut self, po: &str, invoice: &Invoice) {
        let place = self.by_number.get(&normalise_reference(po));
        if let Some(facts) = place.and_then(|place| self.all.get_mut(*place)) {
            three_way::apply(invoice, facts);
        }
    }

    /// The purchase order of a vendor's invoice: by a purchase order number that it names, by the
    /// number of the order where that has one purchase order with this vendor, by the vendor's own
    /// order number, and last by what is open on one purchase order, placed at most `window_days` before the
    /// invoice: of a bill its articles, pieces and prices, for an amount alone may be that of other goods; of a
    /// credit the amount.
    pub fn find(&self, vendor: &str, invoice: &Invoice, window_days: i64) -> PoMatch {
        let mut foreign: Option<&PoFacts> = None;
        for rank in [PoRefFrom::Column, PoRefFrom::Number, PoRefFrom::Memo] {
            let (own, other) = self.named(vendor, invoice, rank);
            foreign = foreign.or(other);
            match self.decide(&own, PoRule::Reference(rank)) {
                Some(PoMatch::Open { candidates, .. }) => {
                    return self.break_tie(candidates, invoice, rank);
                }
                Some(PoMatch::Found { po, by }) => {
                    return self.unless_beside(vendor, invoice, po, by);
                }
                None => {}
            }
        }
        if let Some(number) = &invoice.vendor_order_number {
            let key = (vendor.to_owned(), normalise_reference(number));
            let found = self
                .by_vendor_order
                .get(&key)
                .map_or(&[][..], Vec::as_slice);
            let found: BTreeSet<usize> = found.iter().copied().collect();
            if let Some(decided) = self.decide(&found, PoRule::VendorOrder) {
                return decided;
            }
        }
        if invoice.kind == InvoiceKind::Credit {
            let claimed = self.claimed(vendor, invoice);
            if let Some(decided) = self.decide(&claimed, PoRule::Claim) {
                return decided;
            }
        }
        if let Some(foreign) = foreign {
            return PoMatch::Open {
                candidates: Vec::new(),
                why: format!(
                    "it names {}, which went to vendor {}",
                    foreign.po, foreign.vendor
                ),
            };
        }
        self.unnamed(vendor, invoice, window_days)
    }

    /// Purchase orders that the invoice's references of one rank name: this vendor's, and another's.
    fn named(
        &self,
        vendor: &str,
        invoice: &Invoice,
        rank: PoRefFrom,
    ) -> (BTreeSet<usize>, Option<&PoFacts>) {
        let mut own = BTreeSet::new();
        let mut foreign = None;
        for reference in invoice.po_refs.iter().filter(|r| r.from == rank) {
            let meant = self.all_meant(&reference.text);
            let meant =
                meant.flat_map(|(direct, places)| places.iter().map(move |place| (direct, *place)));
            for (direct, place) in meant {
                match self.all.get(place) {
                    Some(po) if po.vendor == vendor => {
                        own.insert(place);
                    }
                    // an order's number names other vendors' purchase orders too: no foreign claim
                    Some(po) if direct => foreign = foreign.or(Some(po)),
                    _ => {}
                }
            }
        }
        (own, foreign)
    }

    fn decide(&self, places: &BTreeSet<usize>, by: PoRule) -> Option<PoMatch> {
        let mut candidates: Vec<String> = places
            .iter()
            .filter_map(|place| self.all.get(*place))
            .map(|po| po.po.clone())
            .collect();
        match candidates.len() {
            0 => None,
            1 => candidates.pop().map(|po| PoMatch::Found { po, by }),
            several => Some(PoMatch::Open {
                why: format!("{several} purchase orders fit: {}", shorten(&candidates)),
                candidates,
            }),
        }
    }

    /// Of several purchase orders that an invoice names, the only one whose open amount it is.
    pub fn only_one(&self, candidates: &[String], invoice: &Invoice) -> Option<PoMatch> {
        let rank = invoice.po_refs.iter().map(|one| one.from).min()?;
        match self.break_tie(candidates.to_vec(), invoice, rank) {
            PoMatch::Open { .. } => None,
            found => Some(found),
        }
    }

    fn break_tie(&self, candidates: Vec<String>, invoice: &Invoice, rank: PoRefFrom) -> PoMatch {
        let mut exact = candidates
            .iter()
            .filter(|po| self.get(po).is_some_and(|po| comes_to(po, invoice)));
        match (exact.next(), exact.next()) {
            (Some(po), None) => PoMatch::Found {
                po: po.clone(),
                by: PoRule::Reference(rank),
            },
            _ => PoMatch::Open {
                why: format!(
                    "it names {} purchase orders and its total {} is not that of exactly one: {}",
                    candidates.len(),
                    invoice.total,
                    shorten(&candidates)
                ),
                candidates,
            },
        }
    }
}

/// The first ten, and how many more.
fn shorten(candidates: &[String]) -> String {
    let shown = candidates
        .iter()
        .take(10)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match candidates.len().saturating_sub(10) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests;
