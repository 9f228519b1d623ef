use super::*;
use proptest::prelude::*;

fn shipped(line: u32, shipped: i64, returned: i64) -> ReturnableLine {
    ReturnableLine {
        line,
        sku: format!("SKU-{line}"),
        shipped,
        returned,
    }
}

#[test]
fn never_more_comes_back_than_shipped_less_returned() {
    let lines = [shipped(1, 3, 1), shipped(2, 0, 0)];
    assert_eq!(
        check_quantities(&lines, &[(1, 1), (1, 1)]),
        Ok(vec![(1, 2)])
    );
    let error = check_quantities(&lines, &[(1, 2), (1, 1)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1 (SKU-1): 3 asked to return, but 3 shipped and 1 already in returns: 2 at most"
    );
    assert!(check_quantities(&lines, &[(2, 1)]).is_err());
    assert_eq!(
        check_quantities(&lines, &[(9, 1)]),
        Err(QuantityError::NoSuchLine(9))
    );
    assert!(matches!(
        check_quantities(&lines, &[(1, 0)]),
        Err(QuantityError::NotPositive { .. })
    ));
    assert_eq!(check_quantities(&lines, &[]), Err(QuantityError::Nothing));
}

#[test]
fn money_moves_before_goods_only_where_no_goods_can_come() {
    use ReturnState::*;
    assert!(!ReturnKind::Customer.may_become(Authorised, Refunded));
    assert!(ReturnKind::Customer.may_become(Authorised, Received));
    assert!(ReturnKind::LostInTransit.may_become(Authorised, Refunded));
    assert!(!ReturnKind::LostInTransit.may_become(Authorised, Received));
    for kind in ReturnKind::ALL {
        assert_eq!(ReturnKind::parse(kind.as_str()), Some(*kind));
        for to in ReturnState::ALL {
            assert!(!kind.may_become(Refunded, *to), "{to}");
            assert!(!kind.may_become(Rejected, *to), "{to}");
        }
    }
}

#[test]
fn a_refund_shares_discount_and_tax_to_the_cent() {
    let lines = [
        PaidLine {
            qty: 3,
            price: Money(3000),
            refunded: 0,
            refund: 1,
        },
        PaidLine {
            qty: 1,
            price: Money(999),
            refunded: 0,
            refund: 1,
        },
    ];
    let refund = refund(&lines, Money(100), Money(333)).unwrap();
    // discount 100 over 3000:999 is 75 + 25; tax 333 over 2925:974 is 250 + 83 (249.81, 83.19)
    assert_eq!(refund.lines[0].discount, Money(25));
    assert_eq!(refund.lines[0].tax, Money(83));
    assert_eq!(refund.lines[0].total, Money(1000 - 25 + 83));
    assert_eq!(refund.lines[1].total, Money(999 - 25 + 83));
    assert_eq!(refund.total, Money(2115));
}

#[test]
fn the_vendor_owes_cost_less_restocking_unless_it_is_the_vendors_fault() {
    let line = |vendor_fault| CreditLine {
        qty: 2,
        unit_cost: Money(1005),
        vendor_fault,
    };
    assert_eq!(vendor_credit(&[line(true)], 1500), Some(Money(2010)));
    assert_eq!(vendor_credit(&[line(false)], 1500), Some(Money(2010 - 301)));
    assert_eq!(
        vendor_credit(&[line(false), line(true)], 0),
        Some(Money(4020))
    );
    let negative = CreditLine {
        qty: -1,
        unit_cost: Money(1),
        vendor_fault: true,
    };
    assert_eq!(vendor_credit(&[negative], 0), None);
}

proptest! {
    #[test]
    fn shares_sum_to_the_whole(amount in -1_000_000i64..1_000_000, weights in prop::collection::vec(0i64..1_000_000, 1..20)) {
        let weights: Vec<Money> = weights.into_iter().map(Money).collect();
        let shares = spread(Money(amount), &weights).unwrap();
        prop_assert_eq!(Money::sum(shares), Some(Money(amount)));
    }

    #[test]
    fn refunds_in_parts_come_to_what_the_customer_paid(
        goods in prop::collection::vec((1i64..9, 0i64..100_000), 1..6),
        cut in 0i64..9,
        discount in 0i64..5_000,
        tax in 0i64..50_000,
    ) {
        let gross: i64 = goods.iter().map(|(qty, price)| qty * price).sum();
        let discount = discount.min(gross);
        let lines = |from: &dyn Fn(i64) -> i64, to: &dyn Fn(i64) -> i64| -> Vec<PaidLine> {
            goods.iter().map(|&(qty, price)| PaidLine {
                qty, price: Money(qty * price), refunded: from(qty), refund: to(qty) - from(qty),
            }).collect()
        };
        let middle = |qty: i64| cut.min(qty);
        let first = refund(&lines(&|_| 0, &middle), Money(discount), Money(tax)).unwrap();
        let second = refund(&lines(&middle, &|qty| qty), Money(discount), Money(tax)).unwrap();
        prop_assert_eq!(first.total.0 + second.total.0, gross - discount + tax);
    }
}
