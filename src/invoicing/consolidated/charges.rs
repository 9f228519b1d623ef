//! Freight and fees of a bill over several purchase orders: to each what is agreed for it.

use crate::domain::invoice::Invoice;
use crate::domain::money::Money;
use crate::domain::variance::{Allowance, PoFacts};

/// What of a part is freight, and what fees.
#[derive(Clone, Copy, Default)]
pub struct Charges {
    pub freight: Money,
    pub fees: Money,
}

/// The freight and fees that an invoice tells apart, shared out; `None` when it tells none.
pub fn stated(invoice: &Invoice, facts: &[&PoFacts]) -> Option<Vec<Charges>> {
    if invoice.freight == Money::ZERO && invoice.fees == Money::ZERO {
        return None;
    }
    let freight = shared(facts, invoice.freight, |po| {
        (po.terms.freight, po.freight_billed)
    })?;
    let fees = shared(facts, invoice.fees, |po| (po.terms.fees, po.fees_billed))?;
    let both = freight.into_iter().zip(fees);
    Some(
        both.map(|(freight, fees)| Charges { freight, fees })
            .collect(),
    )
}

/// Freight and fees as agreed and not billed yet.
pub fn agreed(po: &PoFacts) -> Option<Charges> {
    let open = |allowance: Allowance, before: Money| {
        Some(allowance.of(po)?.minus(before)?.max(Money::ZERO))
    };
    Some(Charges {
        freight: open(po.terms.freight, po.freight_billed)?,
        fees: open(po.terms.fees, po.fees_billed)?,
    })
}

/// A part with its charges told apart, as far as its amount goes.
pub fn with(part: Invoice, charges: Charges) -> Invoice {
    let freight = charges.freight.min(part.total);
    let rest = Money(part.total.0.saturating_sub(freight.0));
    Invoice {
        freight,
        fees: charges.fees.min(rest),
        ..part
    }
}

/// A charge over purchase orders: to each what is agreed and not billed yet, the rest to the first.
pub fn shared(
    facts: &[&PoFacts],
    charge: Money,
    agreed: impl Fn(&PoFacts) -> (Allowance, Money),
) -> Option<Vec<Money>> {
    let mut left = charge;
    let mut shares = Vec::with_capacity(facts.len());
    for po in facts {
        let (allowance, before) = agreed(po);
        let open = match allowance.of(po) {
            Some(allowed) => allowed.minus(before)?.max(Money::ZERO),
            None => left,
        };
        let here = left.min(open).max(Money::ZERO);
        left = left.minus(here)?;
        shares.push(here);
    }
    if let Some(first) = shares.first_mut() {
        *first = first.plus(left)?;
    }
    Some(shares)
}
