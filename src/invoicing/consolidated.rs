//! One bill over several purchase orders: which part of it is for which.
//!
//! A part is an invoice of its own to the match: the lines of one purchase order with their share of
//! freight and fees, or its share of a total. Nothing is guessed: lines go where they say, or where
//! their SKU was ordered; a total is shared out only when what is open comes to it to the cent.

mod charges;

use super::matching::{PoIndex, PoRule};
use super::three_way;
use super::variance::PoFacts;
use crate::domain::invoice::{Invoice, InvoiceKind, InvoiceLine, PoRef, PoRefFrom, po_refs_in};
use crate::domain::money::Money;
use charges::{Charges, agreed, shared, stated, with};
use std::collections::{BTreeMap, BTreeSet};

/// What an invoice is that may name several purchase orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// It names fewer than two.
    One,
    /// These parts come to it.
    Parts(Vec<Part>),
    /// It names several, and which part is for which cannot be told.
    Open {
        /// Their numbers.
        candidates: Vec<String>,
        /// Why it is open, for people.
        why: String,
    },
}

/// The part of an invoice that is for one purchase order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Number of the purchase order.
    pub po: String,
    /// How it was found.
    pub by: PoRule,
    /// The part, as an invoice.
    pub invoice: Invoice,
}

/// Shares an invoice of a vendor out to the purchase orders that it and its lines name.
pub fn over(vendor: &str, invoice: &Invoice, pos: &PoIndex) -> Split {
    let mut named: BTreeMap<usize, PoRefFrom> = BTreeMap::new();
    for rank in [PoRefFrom::Column, PoRefFrom::Number, PoRefFrom::Memo] {
        let refs = invoice.po_refs.iter().filter(|one| one.from == rank);
        for place in pos.own_named(vendor, refs) {
            named.entry(place).or_insert(rank);
        }
    }
    let own: Vec<Option<usize>> = invoice
        .lines
        .iter()
        .map(|line| of_line(vendor, line, pos))
        .collect();
    for place in own.iter().flatten() {
        named.entry(*place).or_insert(PoRefFrom::Column);
    }
    let something = |place: &usize| {
        pos.at(*place)
            .is_some_and(|po| po.pieces_ordered() > 0 || po.billed > Money::ZERO)
    };
    if named.keys().filter(|place| something(place)).count() < 2 {
        return Split::One;
    }
    named.retain(|place, _| something(place));
    let bill = Bill {
        invoice,
        pos,
        named,
    };
    if let Some(parts) = bill.by_lines(&own).or_else(|| bill.by_totals()) {
        return Split::Parts(parts);
    }
    let candidates = bill.candidates();
    Split::Open {
        why: format!(
            "it names {} purchase orders ({}), its lines do not say which of them each is for, and what is \
             open on them does not come to its total {}",
            candidates.len(),
            candidates.join(", "),
            invoice.total
        ),
        candidates,
    }
}

/// The parts as a person gave them: purchase order and amount; `None` when they do not come to the
/// total, or one is not on file.
pub fn as_told(invoice: &Invoice, pos: &PoIndex, told: &[(String, Money)]) -> Option<Vec<Part>> {
    let sum = Money::sum(told.iter().map(|(_, amount)| *amount))?;
    let facts: Option<Vec<&PoFacts>> = told.iter().map(|(po, _)| pos.get(po)).collect();
    let facts = facts.filter(|_| sum == invoice.total)?;
    let charges = stated(invoice, &facts).unwrap_or_else(|| vec![Charges::default(); facts.len()]);
    let parts = facts.iter().zip(told).zip(charges);
    Some(
        parts
            .map(|((po, (_, amount)), charges)| Part {
                po: po.po.clone(),
                by: PoRule::Reference(PoRefFrom::Column),
                invoice: with(share(invoice, po, *amount), charges),
            })
            .collect(),
    )
}

/// The purchase order that a line names: in a column of its own, or in its words.
fn of_line(vendor: &str, line: &InvoiceLine, pos: &PoIndex) -> Option<usize> {
    let named = |text: &str, from| {
        let refs = po_refs_in(text, from);
        let found = pos.own_named(vendor, refs.iter());
        let mut found = found.into_iter();
        found.next().filter(|_| found.next().is_none())
    };
    named(&line.po, PoRefFrom::Column).or_else(|| named(&line.description, PoRefFrom::Memo))
}

struct Bill<'a> {
    invoice: &'a Invoice,
    pos: &'a PoIndex,
    /// By place, with how each was named.
    named: BTreeMap<usize, PoRefFrom>,
}

impl Bill<'_> {
    fn candidates(&self) -> Vec<String> {
        let facts = self.named.keys().filter_map(|place| self.pos.at(*place));
        facts.map(|po| po.po.clone()).collect()
    }

    /// By its lines; `None` when there are none, they do not come to the total, or one could be of
    /// several.
    fn by_lines(&self, own: &[Option<usize>]) -> Option<Vec<Part>> {
        if self.invoice.itemised()? != self.invoice.total {
            return None;
        }
        let mut lines: BTreeMap<usize, Vec<InvoiceLine>> = BTreeMap::new();
        let mut several: BTreeMap<Vec<usize>, Vec<&InvoiceLine>> = BTreeMap::new();
        let first = *self.named.keys().next()?;
        for (line, own) in self.invoice.lines.iter().zip(own) {
            let known = |place: &usize| self.named.contains_key(place);
            let fits = match own.filter(|place| known(place)) {
                Some(place) => vec![place],
                None => self.with_sku(line),
            };
            match fits.as_slice() {
                // ordered nowhere: the match says so on the first of them
                [] => lines.entry(first).or_default().push(line.clone()),
                [only] => lines.entry(*only).or_default().push(line.clone()),
                _ => several.entry(fits).or_default().push(line),
            }
        }
        for (fits, ambiguous) in several {
            for (place, line) in self.filled(&fits, &ambiguous, &lines)? {
                lines.entry(place).or_default().push(line);
            }
        }
        self.parts(lines)
    }

    /// The named purchase orders on which a line's SKU is.
    fn with_sku(&self, line: &InvoiceLine) -> Vec<usize> {
        let has = |place: &&usize| {
            let po = self.pos.at(**place);
            po.is_some_and(|po| three_way::po_line(line, po).is_some())
        };
        self.named.keys().filter(has).copied().collect()
    }

    /// Lines of one SKU that is on several purchase orders: filled into what is open there, when they
    /// come to exactly that.
    fn filled(
        &self,
        fits: &[usize],
        ambiguous: &[&InvoiceLine],
        placed: &BTreeMap<usize, Vec<InvoiceLine>>,
    ) -> Option<Vec<(usize, InvoiceLine)>> {
        let mut open: Vec<(usize, i64)> = Vec::new();
        for place in fits {
            let po = self.pos.at(*place)?;
            let ordered = three_way::po_line(ambiguous.first()?, po)?;
            let before = (placed.get(place).into_iter().flatten())
                .filter(|line| three_way::po_line(line, po).is_some_and(|one| one == ordered))
                .filter_map(|line| line.qty);
            let taken = before.fold(ordered.billed, i64::saturating_add);
            open.push((*place, ordered.ordered.saturating_sub(taken).max(0)));
        }
        let wanted: Option<Vec<i64>> = ambiguous.iter().map(|line| line.qty).collect();
        let wanted = wanted?.into_iter().try_fold(0i64, i64::checked_add)?;
        if wanted != open.iter().map(|(_, pieces)| *pieces).sum::<i64>() {
            return None;
        }
        let mut filled = Vec::new();
        let mut open = open
            .into_iter()
            .filter(|(_, pieces)| *pieces > 0)
            .peekable();
        for line in ambiguous {
            let (mut qty, mut amount) = (line.qty?, line.amount);
            while qty > 0 {
                let (place, pieces) = open.peek_mut()?;
                let here = qty.min(*pieces);
                let share = i128::from(amount.0) * i128::from(here) / i128::from(qty);
                let share = Money(i64::try_from(share).ok()?);
                let part = InvoiceLine {
                    qty: Some(here),
                    amount: share,
                    ..(*line).clone()
                };
                filled.push((*place, part));
                (qty, amount) = (qty - here, amount.minus(share)?);
                *pieces -= here;
                if *pieces == 0 {
                    open.next();
                }
            }
        }
        Some(filled)
    }

    /// Parts of lines, with their share of freight and fees: as agreed first, and what is beyond that
    /// with the first of them.
    fn parts(&self, lines: BTreeMap<usize, Vec<InvoiceLine>>) -> Option<Vec<Part>> {
        let facts: Vec<&PoFacts> = lines
            .keys()
            .map(|place| self.pos.at(*place))
            .collect::<Option<_>>()?;
        let freight = shared(&facts, self.invoice.freight, |po| {
            (po.terms.freight, po.freight_billed)
        })?;
        let fees = shared(&facts, self.invoice.fees, |po| {
            (po.terms.fees, po.fees_billed)
        })?;
        let mut parts = Vec::new();
        for (at, (place, lines)) in lines.into_iter().enumerate() {
            let goods = Money::sum(lines.iter().map(|line| line.amount))?;
            let total = goods.plus(freight[at])?.plus(fees[at])?;
            if total <= Money::ZERO {
                return None;
            }
            let source_line = lines.first().map_or(0, |line| line.source_line);
            let po = self.pos.at(place)?;
            parts.push(Part {
                po: po.po.clone(),
                by: self.rule(place),
                invoice: Invoice {
                    lines,
                    freight: freight[at],
                    fees: fees[at],
                    source_line,
                    ..share(self.invoice, po, total)
                },
            });
        }
        Some(parts)
    }

    /// By what is open on each, when that comes to the total to the cent: goods ordered or goods
    /// shipped, with or without the freight and fees agreed; for a credit what was billed.
    fn by_totals(&self) -> Option<Vec<Part>> {
        let facts: Vec<(usize, &PoFacts)> = self
            .named
            .keys()
            .map(|place| Some((*place, self.pos.at(*place)?)))
            .collect::<Option<_>>()?;
        type Base = fn(&PoFacts) -> Option<Money>;
        const BILL: [Base; 4] = [
            |po| po.ordered_value()?.minus(po.billed_net()?),
            |po| with_charges(po, po.ordered_value()?),
            |po| po.shipped_value()?.minus(po.billed_net()?),
            |po| with_charges(po, po.shipped_value()?),
        ];
        const CREDIT: [Base; 1] = [|po| po.billed_net()];
        let bases: &[Base] = match self.invoice.kind {
            InvoiceKind::Bill => &BILL,
            InvoiceKind::Credit => &CREDIT,
        };
        let named: Vec<&PoFacts> = facts.iter().map(|(_, po)| *po).collect();
        if let Some(parts) = self.by_goods(&facts, &named) {
            return Some(parts);
        }
        let none = || vec![Charges::default(); facts.len()];
        bases.iter().enumerate().find_map(|(at, base)| {
            let open: Option<Vec<Money>> = facts.iter().map(|(_, po)| base(po)).collect();
            let open = open?;
            let all = open.iter().all(|amount| *amount > Money::ZERO);
            let fits = all && Money::sum(open.iter().copied())? == self.invoice.total;
            // every other base has what is agreed beside the goods
            let charged = match at % 2 {
                1 => named.iter().map(|po| agreed(po)).collect(),
                _ => None,
            };
            let charges = stated(self.invoice, &named)
                .or(charged)
                .unwrap_or_else(none);
            let parts = facts.iter().zip(open).zip(charges);
            let parts = parts.map(|(((place, po), amount), charges)| Part {
                po: po.po.clone(),
                by: self.rule(*place),
                invoice: with(share(self.invoice, po, amount), charges),
            });
            fits.then(|| parts.collect())
        })
    }

    /// By the goods that are open on each, when these and the charges that the bill tells apart come to
    /// the total.
    fn by_goods(&self, facts: &[(usize, &PoFacts)], named: &[&PoFacts]) -> Option<Vec<Part>> {
        let charges = stated(self.invoice, named)?;
        let bases: [fn(&PoFacts) -> Option<Money>; 2] =
            [PoFacts::ordered_value, PoFacts::shipped_value];
        bases.iter().find_map(|base| {
            let open = named.iter().map(|po| {
                let charged = po.freight_billed.plus(po.fees_billed)?;
                base(po)?.minus(po.billed_net()?.minus(charged)?)
            });
            let open: Vec<Money> = open.collect::<Option<_>>()?;
            let mut parts = Vec::with_capacity(facts.len());
            for (((place, po), goods), charges) in facts.iter().zip(open).zip(&charges) {
                let amount = goods.plus(charges.freight)?.plus(charges.fees)?;
                (goods > Money::ZERO).then_some(())?;
                parts.push(Part {
                    po: po.po.clone(),
                    by: self.rule(*place),
                    invoice: with(share(self.invoice, po, amount), *charges),
                });
            }
            let sum = Money::sum(parts.iter().map(|part| part.invoice.total))?;
            (sum == self.invoice.total).then_some(parts)
        })
    }

    fn rule(&self, place: usize) -> PoRule {
        PoRule::Reference(self.named.get(&place).copied().unwrap_or(PoRefFrom::Column))
    }
}

fn with_charges(po: &PoFacts, goods: Money) -> Option<Money> {
    let charges = po.terms.charges(po)?;
    goods.plus(charges)?.minus(po.billed_net()?)
}

/// A part without lines: an amount for one purchase order.
fn share(invoice: &Invoice, po: &PoFacts, amount: Money) -> Invoice {
    Invoice {
        po_refs: vec![PoRef {
            text: po.po.clone(),
            from: PoRefFrom::Column,
        }],
        total: amount,
        lines: Vec::new(),
        freight: Money::ZERO,
        fees: Money::ZERO,
        ..invoice.clone()
    }
}

/// The numbers of several purchase orders as one text, in order: by it a bill over the same ones is
/// found again.
pub fn joined<'a>(numbers: impl IntoIterator<Item = &'a str>) -> String {
    let numbers: BTreeSet<&str> = numbers.into_iter().collect();
    numbers.into_iter().collect::<Vec<_>>().join("+")
}

#[cfg(test)]
mod tests;
