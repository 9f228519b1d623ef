//! A bill over several purchase orders by its total alone: what is open on each, to the cent.

use super::charges::{Charges, agreed, stated, with};
use super::{Bill, InvoicePart, share, with_charges};
use crate::domain::invoice::InvoiceKind;
use crate::domain::money::Money;
use crate::domain::variance::PoFacts;

impl Bill<'_> {
    /// By what is open on each, when that comes to the total to the cent: goods ordered or goods
    /// shipped, with or without the freight and fees agreed; for a credit what was billed.
    pub(super) fn by_totals(&self) -> Option<Vec<InvoicePart>> {
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
            let parts = parts.map(|(((place, po), amount), charges)| InvoicePart {
                po: po.po.clone(),
                by: self.rule(*place),
                invoice: with(share(self.invoice, po, amount), charges),
            });
            fits.then(|| parts.collect())
        })
    }

    /// By the goods that are open on each, when these and the charges that the bill tells apart come to
    /// the total.
    fn by_goods(
        &self,
        facts: &[(usize, &PoFacts)],
        named: &[&PoFacts],
    ) -> Option<Vec<InvoicePart>> {
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
                parts.push(InvoicePart {
                    po: po.po.clone(),
                    by: self.rule(*place),
                    invoice: with(share(self.invoice, po, amount), *charges),
                });
            }
            let sum = Money::sum(parts.iter().map(|part| part.invoice.total))?;
            (sum == self.invoice.total).then_some(parts)
        })
    }
}
