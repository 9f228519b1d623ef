//! What credits are for: what returns, promises and disputes expect, and what is wrong with bills.

use crate::domain::invoice::Invoice;
use crate::domain::money::Money;
use crate::domain::variance::Tolerance;

/// One thing that a credit can be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What people and memos call it: a return's number, `credit 7`, `finding 31`.
    pub name: String,
    /// What is owed; what came already is taken off.
    pub amount: Money,
}

/// What a credit is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreditMatch {
    /// These, by their places, and nothing is left owing of them.
    Settles(Vec<usize>),
    /// This one, but the vendor gave less than is owed.
    Short(usize),
    /// Any of these could be meant.
    Ambiguous(Vec<usize>),
    /// None of them.
    Unexpected,
}

/// More claims than this are not tried in every combination.
const COMBINED: usize = 16;

/// Ties a credit to the claims of its purchase order: those that its memo or number names; else the
/// one whose amount it is; else the only several whose sum it is to the cent; else, where a credit is
/// `expected`, the only one. What more than one answer fits is ambiguous.
pub fn settle(
    credit: &Invoice,
    claims: &[Claim],
    tolerance: &Tolerance,
    expected: bool,
) -> CreditMatch {
    let open: Vec<usize> = (0..claims.len())
        .filter(|at| claims[*at].amount > Money::ZERO)
        .collect();
    let short = |at: usize| {
        claims[at]
            .amount
            .minus(credit.total)
            .unwrap_or(Money(i64::MAX))
    };
    let whole = |at: &usize| tolerance.allows(Tolerance::magnitude(short(*at)), claims[*at].amount);
    let one = |at: usize| match short(at) <= Money::ZERO || whole(&at) {
        true => CreditMatch::Settles(vec![at]),
        false => CreditMatch::Short(at),
    };
    let named = named(credit, claims, &open);
    match named.as_slice() {
        [] => {}
        [only] => return one(*only),
        several => {
            let sum = Money::sum(several.iter().map(|at| claims[*at].amount));
            let fits = sum.is_some_and(|sum| {
                let gap = sum.minus(credit.total).unwrap_or(Money(i64::MAX));
                tolerance.allows(Tolerance::magnitude(gap), sum)
            });
            return match fits {
                true => CreditMatch::Settles(named),
                false => CreditMatch::Ambiguous(named),
            };
        }
    }
    let equal: Vec<usize> = open.iter().copied().filter(whole).collect();
    match equal.as_slice() {
        [] => {}
        [only] => return CreditMatch::Settles(vec![*only]),
        _ => return CreditMatch::Ambiguous(equal),
    }
    match together(claims, &open, credit.total).as_slice() {
        [] => {}
        [only] => return CreditMatch::Settles(only.clone()),
        several => {
            let mut any: Vec<usize> = several.iter().flatten().copied().collect();
            any.sort_unstable();
            any.dedup();
            return CreditMatch::Ambiguous(any);
        }
    }
    match (expected, open.as_slice()) {
        (false, _) | (_, []) => CreditMatch::Unexpected,
        (true, [only]) => one(*only),
        (true, _) => CreditMatch::Ambiguous(open),
    }
}

/// The open claims that a credit's memo or number names.
fn named(credit: &Invoice, claims: &[Claim], open: &[usize]) -> Vec<usize> {
    let bare = |text: &str| text.replace([' ', ':', '-', '#'], "").to_uppercase();
    let is_named = |at: &usize| {
        let name = bare(&claims[*at].name);
        credit.po_refs.iter().any(|one| bare(&one.text) == name)
    };
    open.iter().copied().filter(is_named).collect()
}

/// Every two or more of the claims that come to a sum to the cent.
fn together(claims: &[Claim], open: &[usize], sum: Money) -> Vec<Vec<usize>> {
    let open = &open[..open.len().min(COMBINED)];
    let chosen = |set: u32| (0..open.len()).filter(move |bit| set >> bit & 1 == 1);
    (1u32..1 << open.len())
        .filter(|set| set.count_ones() > 1)
        .filter(|set| Money::sum(chosen(*set).map(|bit| claims[open[bit]].amount)) == Some(sum))
        .map(|set| chosen(set).map(|bit| open[bit]).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invoice::{InvoiceKind, PoRefFrom, po_refs_in};

    fn settled(memo: &str, cents: i64, claims: &[(&str, i64)], expected: bool) -> CreditMatch {
        let claims: Vec<Claim> = claims
            .iter()
            .map(|(name, cents)| Claim {
                name: (*name).to_owned(),
                amount: Money(*cents),
            })
            .collect();
        let credit = Invoice {
            vendor_name: "Ashgrove".to_owned(),
            kind: InvoiceKind::Credit,
            number: "CM-1".to_owned(),
            date: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            due: None,
            po_refs: po_refs_in(memo, PoRefFrom::Memo),
            vendor_order_number: None,
            memo: memo.to_owned(),
            total: Money(cents),
            open_balance: false,
            open: None,
            says: Vec::new(),
            lines: Vec::new(),
            freight: Money::ZERO,
            fees: Money::ZERO,
            source_line: 1,
            rows: vec![1],
        };
        settle(&credit, &claims, &Tolerance::default(), expected)
    }

    #[test]
    fn a_credit_settles_what_it_names_or_equals() {
        use CreditMatch::{Ambiguous, Settles, Short, Unexpected};
        let two = [("RMA100", 500), ("RMA101", 700)];
        assert_eq!(settled("", 700, &two, true), Settles(vec![1]));
        assert_eq!(settled("for RMA100", 450, &two, true), Short(0));
        assert_eq!(settled("for RMA-100", 500, &two, true), Settles(vec![0]));
        assert_eq!(settled("", 1200, &two, true), Settles(vec![0, 1]));
        assert_eq!(
            settled("RMA100, RMA101", 1200, &two, true),
            Settles(vec![0, 1])
        );
        assert_eq!(
            settled("RMA100, RMA101", 900, &two, true),
            Ambiguous(vec![0, 1])
        );
        assert_eq!(settled("", 450, &two, true), Ambiguous(vec![0, 1]));
        assert_eq!(settled("", 450, &two, false), Unexpected);
        assert_eq!(settled("", 450, &two[..1], true), Short(0));
        assert_eq!(settled("", 450, &[], true), Unexpected);
    }

    #[test]
    fn what_fits_twice_is_for_a_person() {
        use CreditMatch::Ambiguous;
        let equal = [("RMA100", 500), ("RMA101", 500), ("credit 3", 300)];
        assert_eq!(settled("", 500, &equal, true), Ambiguous(vec![0, 1]));
        assert_eq!(settled("", 800, &equal, true), Ambiguous(vec![0, 1, 2]));
        assert_eq!(
            settled("", 1000, &equal, true),
            CreditMatch::Settles(vec![0, 1])
        );
    }
}
