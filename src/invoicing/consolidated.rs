//! One bill over several purchase orders: which part of it is for which.
//!
//! A part is an invoice of its own to the match: the lines of one purchase order with their share of
//! freight and fees, or its share of a total. Nothing is guessed: lines go where they say, or where
//! their SKU was ordered; a total is shared out only when what is open comes to it to the cent.

mod charges;
mod totals;

use super::matching::{self, PoIndex, PoRule};
use super::three_way;
use crate::domain::invoice::{Invoice, InvoiceLine, PoRef, PoRefFrom, po_refs_in};
use crate::domain::money::Money;
use crate::domain::variance::PoFacts;
use charges::{Charges, shared, stated, with};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What an invoice is that may name several purchase orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// It names fewer than two.
    One,
    /// These parts come to it.
    Parts(Vec<InvoicePart>),
    /// Its parts say one, and what it names beside it says another.
    Contradicted {
        /// Their numbers.
        candidates: Vec<String>,
        /// Why it is open, for people.
        why: String,
    },
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
pub struct InvoicePart {
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
    // freight that a part is too small for would become goods of it: then nobody knows whose it is
    let whole = |parts: &Vec<InvoicePart>| {
        let shared = Money::sum(parts.iter().map(|part| part.invoice.freight));
        invoice.freight == Money::ZERO || shared == Some(invoice.freight)
    };
    let by_lines = bill.by_lines(&own).filter(whole);
    if let Some(parts) = by_lines.or_else(|| bill.by_totals().filter(whole)) {
        return match bill.contradicted(&parts) {
            Some(why) => Split::Contradicted {
                why,
                candidates: bill.candidates(),
            },
            None => Split::Parts(parts),
        };
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
pub fn as_told(
    invoice: &Invoice,
    pos: &PoIndex,
    told: &[(String, Money)],
) -> Option<Vec<InvoicePart>> {
    let sum = Money::sum(told.iter().map(|(_, amount)| *amount))?;
    let facts: Option<Vec<&PoFacts>> = told.iter().map(|(po, _)| pos.get(po)).collect();
    let facts = facts.filter(|_| sum == invoice.total)?;
    let charges = stated(invoice, &facts).unwrap_or_else(|| vec![Charges::default(); facts.len()]);
    let parts = facts.iter().zip(told).zip(charges);
    Some(
        parts
            .map(|((po, (_, amount)), charges)| InvoicePart {
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

/// What a memo says of a purchase order that another bill is for.
static FOLLOWS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:follows?|following|separately|separate bill|later|next (?:bill|invoice)|to come|not (?:on|in) this)\b").ok()
});

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

    /// Whether it names another purchase order beside the one of its lines: in its memo, or one to which its
    /// total comes while it does not come to that one. For people.
    fn contradicted(&self, parts: &[InvoicePart]) -> Option<String> {
        let [only] = parts else {
            return None;
        };
        let fits = |po: &&PoFacts| matching::comes_to(po, self.invoice);
        let mut named = self.named.keys().filter_map(|place| self.pos.at(*place));
        let other = match self.pos.get(&only.po).as_ref().is_some_and(fits) {
            true => None,
            false => named.find(|po| po.po != only.po && fits(po)),
        };
        if let Some(other) = other {
            return Some(format!(
                "its lines say {}, and it names {} as well, whose open amount its total {} is",
                only.po, other.po, self.invoice.total
            ));
        }
        let other = self.in_memo(&only.po)?;
        Some(format!(
            "its lines say {}, and its memo, reference or description names {other}, not that",
            only.po
        ))
    }

    /// The purchase order that its memo names, which is silent about the one of its lines.
    fn in_memo(&self, only: &str) -> Option<&str> {
        let memo = self.invoice.po_refs.iter();
        let memo = memo.filter(|one| one.from == PoRefFrom::Memo);
        let vendor = &self.pos.get(only)?.vendor;
        let places = self.pos.own_named(vendor, memo);
        let mut named = places.into_iter().filter_map(|place| self.pos.at(place));
        let said = po_refs_in(&self.invoice.memo, PoRefFrom::Memo);
        let own = said.iter().any(|one| one.text.eq_ignore_ascii_case(only));
        let own = own
            || FOLLOWS
                .as_ref()
                .is_some_and(|follows| follows.is_match(&self.invoice.memo));
        let other = named.find(|po| po.po != only);
        other.filter(|_| !own).map(|po| po.po.as_str())
    }

    /// By its lines; `None` when there are none, they do not come to the total, or one could be of
    /// several.
    fn by_lines(&self, own: &[Option<usize>]) -> Option<Vec<InvoicePart>> {
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
                // it names several, and no article says for which it is
                [] if line.sku.is_empty() && self.names_several(&line.po) => return None,
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

    /// Whether a line's own column has more than one of the named purchase orders.
    fn names_several(&self, column: &str) -> bool {
        let refs = po_refs_in(column, PoRefFrom::Column);
        let places = self.named.keys();
        let vendor = places.filter_map(|place| self.pos.at(*place)).next();
        vendor.is_some_and(|po| self.pos.own_named(&po.vendor, refs.iter()).len() > 1)
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
    fn parts(&self, lines: BTreeMap<usize, Vec<InvoiceLine>>) -> Option<Vec<InvoicePart>> {
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
            parts.push(InvoicePart {
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
