//! Numbers that a bill gives as a purchase order's and that are none of this vendor's: a bill that names
//! one is not matched by its amount.

use super::{PoIndex, PoMatch, PoRule, normalise_reference};
use crate::domain::invoice::{Invoice, PoRef, PoRefFrom};

impl PoIndex {
    /// What an invoice names as a purchase order, in a column of its own or marked as one in its memo,
    /// and nothing on file is called so.
    pub(super) fn unknown<'a>(&self, vendor: &str, invoice: &'a Invoice) -> Option<&'a str> {
        let numbered = |one: &&PoRef| {
            one.text.len() >= 3 && one.text.bytes().any(|byte| byte.is_ascii_digit())
        };
        let marked = |one: &&PoRef| match one.from {
            PoRefFrom::Column => true,
            PoRefFrom::Number => false,
            PoRefFrom::Memo => is_marked(&invoice.memo, &one.text),
        };
        let known = |one: &PoRef| {
            let bare = normalise_reference(&one.text);
            let key = (vendor.to_owned(), bare);
            let halves = one.text.split('/');
            !self.meant(&one.text).1.is_empty()
                || self.by_vendor_order.contains_key(&key)
                || self.by_claim.contains_key(&key)
                || halves.clone().count() == 2
                    && halves
                        .into_iter()
                        .all(|half| !self.meant(half).1.is_empty())
        };
        let mut refs = invoice.po_refs.iter().filter(numbered).filter(marked);
        refs.find(|one| !known(one)).map(|one| one.text.as_str())
    }

    /// The purchase order that was found, unless what is none stands beside its number.
    pub(super) fn unless_beside(
        &self,
        vendor: &str,
        invoice: &Invoice,
        po: String,
        by: PoRule,
    ) -> PoMatch {
        match self.beside(vendor, invoice, &po) {
            Some(unknown) => PoMatch::Open {
                why: format!(
                    "it names {po} and {unknown}, which is no purchase order of this vendor's"
                ),
                candidates: vec![po],
            },
            None => PoMatch::Found { po, by },
        }
    }

    /// What stands beside a purchase order's number in the same column, has the same shape, and is none.
    fn beside<'a>(&self, vendor: &str, invoice: &'a Invoice, po: &str) -> Option<&'a str> {
        let unknown = self.unknown(vendor, invoice)?;
        let column = |one: &&PoRef| one.from == PoRefFrom::Column && one.text == unknown;
        let is_column = invoice.po_refs.iter().any(|one| column(&one));
        (is_column && shape(unknown) == shape(po)).then_some(unknown)
    }
}

/// `W200001-1` is `A9-9`.
fn shape(number: &str) -> String {
    let mut shape: Vec<char> = normalise_reference(number)
        .chars()
        .map(|c| match c {
            '0'..='9' => '9',
            c if c.is_alphabetic() => 'A',
            c => c,
        })
        .collect();
    shape.dedup();
    shape.into_iter().collect()
}

/// Whether a memo writes `PO` before a number.
fn is_marked(memo: &str, number: &str) -> bool {
    let (upper, number) = (memo.to_uppercase(), number.to_uppercase());
    let mut places = upper.match_indices(&number);
    places.any(|(at, _)| {
        let before = upper.get(..at).unwrap_or_default();
        let before = before.trim_end_matches([' ', '#', ':', '.', '-', '_', '/']);
        let word = before
            .rsplit(|c: char| !c.is_alphanumeric() && c != '.')
            .next();
        matches!(word, Some("PO" | "P.O")) || before.ends_with("PURCHASE ORDER")
    })
}
