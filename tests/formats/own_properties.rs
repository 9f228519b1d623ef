//! Documents of a site's own formats, spoiled at random: nothing panics, and what the parts come to is what
//! was paid, to the cent, or is seen.

use super::{fixtures, formats_of};
use poms::domain::money::Money;
use poms::formats::{self, OrderDocument, OrderFormats};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::path::Path;
use std::sync::LazyLock;

/// Every fixture of the site's own formats.
static DOCUMENTS: LazyLock<Vec<(OrderFormats, Vec<u8>)>> = LazyLock::new(|| {
    let own = fixtures().into_iter();
    let own = own.filter(|(folder, _)| folder.starts_with("own-"));
    let read = own.flat_map(|(_, paths)| {
        let formats = formats_of(paths[0].parent().expect("a folder"));
        let files = paths.into_iter();
        files.map(move |path| (formats.clone(), std::fs::read(path).expect("a fixture")))
    });
    read.collect()
});

/// The format of tables.
static TABLE: LazyLock<OrderFormats> = LazyLock::new(|| {
    formats_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/orders/own-csv"))
});

proptest! {
    #[test]
    fn a_spoiled_document_is_read_or_refused_in_words(
        which in any::<Index>(),
        cuts in prop::collection::vec((any::<Index>(), select(vec!["", ";", "\"", "\n", "-", "1", ",", ":", "[", "{", "é", "9999999999"])), 1..5),
        end in any::<Index>(),
    ) {
        let (own, bytes) = which.get(&DOCUMENTS);
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for (place, junk) in cuts {
            let mut at = place.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, junk);
        }
        let mut end = end.index(text.len() * 3 + 1).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        for own in own.own() {
            match own.orders(&OrderDocument::new(text.clone().into_bytes())) {
                Ok(orders) => {
                    for order in orders {
                        let read = order.canonical.map_err(|fault| fault.to_string()).and_then(|canonical| formats::order(canonical).map_err(|fault| fault.to_string()));
                        match read {
                            Ok(order) => {
                                let again = serde_json::to_value(&order).expect("JSON");
                                prop_assert_eq!(formats::order(again).expect("the same"), order);
                            }
                            Err(fault) => prop_assert!(!fault.is_empty()),
                        }
                    }
                }
                Err(fault) => prop_assert!(!fault.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn the_parts_of_rows_come_to_the_total_to_the_cent_or_are_seen(
        lines in prop::collection::vec((1i64..9, 0i64..500_000), 1..6),
        (postage, vat, off, wrapping) in (0i64..3_000, 0i64..9_000, 0i64..100, 0i64..500),
        (included, wrong) in any::<(bool, bool)>(),
    ) {
        let comma = |cents: i64| {
            let text = Money(cents).to_string().replace('.', ",");
            let (whole, cents) = text.split_once(',').expect("cents");
            // with groups of thousands
            match whole.len() {
                4.. => format!("{}.{},{cents}", &whole[..whole.len() - 3], &whole[whole.len() - 3..]),
                _ => text.clone(),
            }
        };
        let goods: i64 = lines.iter().map(|(qty, price)| qty * price).sum();
        let top = if included { 0 } else { vat };
        let total = goods - off + postage + top + wrapping + i64::from(wrong);
        prop_assume!((0..100_000_000).contains(&total));
        let mut csv = "Order No;Status;Ordered;Currency;First name;Last name;E-mail;Phone;Company;Street;City;Postcode;Country;Article;Name;Kind;Pieces;Price;Postage;VAT;Discount;Total;Service;Payment;Comment;VAT included;Wrapping fee\n".to_owned();
        for (qty, price) in &lines {
            csv += &format!(
                "7;paid;03.12.2026 14:05;EUR;A;B;;;;S 1;C;10969;DE;X;;;{qty};{};{};{};{};{};DHL;;;{};{}\n",
                comma(*price), comma(postage), comma(vat), comma(off), comma(total), if included { "yes" } else { "no" }, comma(wrapping)
            );
        }
        let found = TABLE.find(&OrderDocument::new(csv.into_bytes())).expect("orders").orders.remove(0);
        let order = formats::order(found.expect("an order")).expect("an order");
        prop_assert_eq!(order.total, Money(total));
        prop_assert_eq!(super::properties::sum(&order) == Some(order.total), !wrong);
    }
}
