//! What a shop says of its order in one document and not in another, in words: cancelled, refunded, taken off.

use super::cut;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::shop_order::{Charge, ShopHold, UnshippedLine};

/// What the shop says in one of the two only.
pub(super) fn words(there: &Order, here: &Order) -> Vec<String> {
    let (a, b) = (&there.shop_order, &here.shop_order);
    let mut found = Vec::new();
    only(&a.holds, &b.holds, hold, &mut found);
    if a.given_back.unwrap_or_default() != b.given_back.unwrap_or_default() {
        let (a, b) = (back(a.given_back), back(b.given_back));
        found.push(format!("the customer got {a} back there, {b} here"));
    }
    if a.received != b.received {
        let paid = |order: &Order| order.shop_order.received.unwrap_or(order.total);
        let (a, b) = (paid(there), paid(here));
        found.push(format!("{a} is paid there, {b} here"));
    }
    only(&a.not_shipped, &b.not_shipped, unshipped, &mut found);
    only(&a.charges, &b.charges, charge, &mut found);
    if a.tax_included != b.tax_included {
        let has = |one| if one { "in" } else { "beside" };
        let (a, b) = (has(a.tax_included), has(b.tax_included));
        found.push(format!("the tax is {a} the prices there, {b} them here"));
    }
    if a.id != b.id {
        let (a, b) = (cut(&a.id), cut(&b.id));
        found.push(format!("the shop's key of it is {a:?} there, {b:?} here"));
    }
    found
}

fn back(amount: Option<Money>) -> String {
    match amount.unwrap_or_default() {
        Money::ZERO => "nothing".to_owned(),
        amount => amount.to_string(),
    }
}

/// What one list has and the other has not.
fn only<T: PartialEq>(there: &[T], here: &[T], say: fn(&T) -> String, to: &mut Vec<String>) {
    let lacks = |list: &[T], one: &T| !list.contains(one);
    let new = there.iter().filter(|one| lacks(here, one));
    to.extend(new.map(|one| format!("{} there, not here", say(one))));
    let gone = here.iter().filter(|one| lacks(there, one));
    to.extend(gone.map(|one| format!("{} here, not there", say(one))));
}

fn hold(hold: &ShopHold) -> String {
    let reason = crate::domain::foreign::cut(&hold.reason, 160);
    format!("{} ({reason})", hold.code.as_str().replace('_', " "))
}

fn unshipped(line: &UnshippedLine) -> String {
    let name = match line.sku.trim() {
        "" => cut(&line.description),
        sku => cut(sku),
    };
    let reason = cut(&line.reason);
    format!("{} of {name} ({}): {reason},", line.qty, line.amount)
}

fn charge(charge: &Charge) -> String {
    format!("{} {}", cut(&charge.name), charge.amount)
}

#[cfg(test)]
mod tests {
    use crate::domain::differences::differences;
    use crate::domain::order::Order;
    use crate::domain::testing::order;
    use serde_json::json;

    #[test]
    fn a_cancellation_is_said_in_words() {
        let here = order();
        let mut there = order();
        there.lines.clear();
        there.shop_order = serde_json::from_value(json!({
            "given_back": "324.69",
            "not_shipped": [{"description": "Lamp", "sku": "BF63-12163", "qty": 3, "amount": "324.69",
                "reason": "not to be sent any more", "taken_off": 3}],
            "holds": [{"code": "cancelled_in_shop", "reason": "cancelledAt is 2025-06-02"}],
        }))
        .unwrap();
        let said: Vec<String> = differences(&there, &here);
        assert_eq!(
            said,
            [
                "cancelled in shop (cancelledAt is 2025-06-02) there, not here",
                "the customer got 324.69 back there, nothing here",
                "3 of BF63-12163 (324.69): not to be sent any more, there, not here",
                "none of BF63-12163 there, 3 here",
            ]
        );
        let same: Order = there.clone();
        assert!(differences(&there, &same).is_empty());
    }
}
