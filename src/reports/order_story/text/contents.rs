//! The order itself: who, where to, what, for how much.

use super::kept::kept;
use crate::domain::money::Money;
use crate::domain::order::{Order, Payment};
use crate::domain::text::line;
use crate::domain::vendor::Offer;
use crate::reports::layout::{TextSheet, View, count};
use crate::reports::order_story::Story;
use serde_json::Value;

/// The order itself: who, where to, what, for how much; with the offers of each line, what the
/// catalogue says beside it.
pub fn contents(story: &Story, offers: Option<&[Vec<Offer>]>, view: &View, sheet: &mut TextSheet) {
    let order = &story.row.order;
    sheet.heading(&format!(
        "Ordered {}, received {}{}",
        view.at(order.date.to_utc()),
        view.at(story.row.received),
        match story.row.revision {
            1 => String::new(),
            n => format!("; amended, this is revision {n}"),
        }
    ));
    people(order, sheet);
    let extra: Vec<String> = [
        ("shipping", &order.shipping_method),
        ("needed by", &order.required_by),
    ]
    .iter()
    .filter_map(|(name, value)| Some(format!("{name} {}", line(value.as_deref()?))))
    .chain(order.payment.as_ref().and_then(paid_by))
    .collect();
    sheet.field("  How", line(&extra.join("; ")).as_str());
    for (name, text) in [
        ("  Comment", &order.comments),
        ("  Gift", &order.gift_message),
    ] {
        sheet.field(name, &line(text.as_deref().unwrap_or_default()));
    }
    lines(story, offers, sheet);
    money(story, sheet);
    kept(order, sheet);
}

/// How it was paid, what of it by gift cards; nothing where the order does not say.
fn paid_by(payment: &Payment) -> Option<String> {
    let part = |part: &Option<String>| line(part.as_deref().unwrap_or_default());
    let card = payment.extra.get("by_gift_card").and_then(Value::as_str);
    let card = card.map(|amount| format!("gift card ({})", line(amount)));
    let way = [part(&payment.method), part(&payment.reference)];
    let way: Vec<String> = way.into_iter().filter(|part| !part.is_empty()).collect();
    let ways = [way.join(" "), card.unwrap_or_default()];
    let ways: Vec<String> = ways.into_iter().filter(|part| !part.is_empty()).collect();
    (!ways.is_empty()).then(|| format!("paid by {}", ways.join(" and ")))
}

fn people(order: &Order, sheet: &mut TextSheet) {
    let customer = &order.customer;
    let or = |text: &str, none: &str| match line(text) {
        text if text.is_empty() => none.to_owned(),
        text => text,
    };
    let mut who = vec![
        or(&customer.name, "no name"),
        or(&customer.email, "no e-mail address"),
        or(&customer.phone, "no telephone number"),
    ];
    who.extend(
        customer
            .id
            .as_ref()
            .map(|id| format!("customer {}", line(id))),
    );
    sheet.field("  Customer", &who.join(" · "));
    let label = |address: &crate::domain::address::Address| {
        let parts: Vec<String> = address.label().iter().map(|part| line(part)).collect();
        parts.join(", ")
    };
    sheet.field("  Ship to", &label(&order.ship_to));
    if let Some(bill_to) = &order.bill_to {
        sheet.field("  Bill to", &label(bill_to));
    }
}

fn lines(story: &Story, offers: Option<&[Vec<Offer>]>, sheet: &mut TextSheet) {
    let order = &story.row.order;
    let show = |amount: Money| amount.display(&order.currency);
    let rows: Vec<Vec<String>> = order
        .lines
        .iter()
        .zip(1..)
        .map(|(item, number)| {
            let sources: Vec<String> = story
                .sources(number)
                .map(|(po, on)| match on.qty == item.qty {
                    true => format!("{}  {}", po.number, po.state),
                    false => {
                        let pieces = count(usize::try_from(on.qty).unwrap_or_default(), "piece");
                        format!("{}  {} ({pieces})", po.number, po.state)
                    }
                })
                .collect();
            let mut cells = vec![
                number.to_string(),
                line(&item.sku),
                line(&item.described(story.description(&item.sku, item.description.as_deref()))),
                match item.ordered() == item.qty {
                    true => item.qty.to_string(),
                    false => format!("{} of {}", item.qty, item.ordered()),
                },
                show(item.unit_price),
                item.unit_price
                    .times(item.qty)
                    .map_or_else(|| "?".to_owned(), show),
            ];
            if let Some(offers) = offers {
                cells.extend(catalogue(
                    usize::try_from(number - 1)
                        .ok()
                        .and_then(|place| offers.get(place)),
                    &order.currency,
                ));
            }
            if !story.pos.is_empty() {
                cells.push(sources.join("\n"));
            }
            cells
        })
        .collect();
    sheet.gap();
    let mut header = vec!["#", "SKU", "Description", "Qty", "Price", "Amount"];
    if offers.is_some() {
        header.extend(["Catalogue", "Cost", "Vendor"]);
    }
    if !story.pos.is_empty() {
        header.push("Purchase order");
    }
    sheet.columns(&header, &rows);
}

/// Price, cost and vendor of the offers of a SKU, the preferred one first.
fn catalogue(offers: Option<&Vec<Offer>>, currency: &str) -> [String; 3] {
    let offers = offers.map(Vec::as_slice).unwrap_or_default();
    let join =
        |cell: &dyn Fn(&Offer) -> String| offers.iter().map(cell).collect::<Vec<_>>().join("\n");
    match offers {
        [] => ["not in it".to_owned(), String::new(), String::new()],
        _ => [
            join(&|offer| offer.retail_price.display(currency)),
            join(&|offer| offer.cost.display(currency)),
            join(&|offer| match offer.discontinued {
                true => format!("{} (discontinued)", offer.vendor_id),
                false => offer.vendor_id.clone(),
            }),
        ],
    }
}

fn money(story: &Story, sheet: &mut TextSheet) {
    let order = &story.row.order;
    let show = |amount: Money| amount.display(&order.currency);
    let mut parts = vec![format!(
        "goods {}",
        order.goods().map_or_else(|| "?".to_owned(), show)
    )];
    parts.extend(
        order
            .discount
            .map(|discount| format!("discount {}", show(discount))),
    );
    let charges = order.shop_order.charges.iter();
    parts.extend(charges.map(|charge| format!("{} {}", line(&charge.name), show(charge.amount))));
    parts.push(format!("shipping {}", show(order.shipping)));
    let included = match order.shop_order.tax_included {
        true => " in the prices",
        false => "",
    };
    parts.push(format!("tax {}{included}", show(order.tax)));
    parts.push(format!("total {}", show(order.total)));
    let mut text = parts.join(" · ");
    if story.refunded() > Money::ZERO {
        text.push_str(&format!(" · refunded {}", show(story.refunded())));
    }
    match story.owed.as_ref().map(|due| (due.amount, &due.unpaid)) {
        Some((_, Some(why))) => text.push_str(&format!(" · nothing is owed: {}", line(why))),
        Some((None, _)) => text.push_str(" · owed to the customer: cannot be computed"),
        Some((Some(owed), _)) if owed > Money::ZERO => {
            text.push_str(&format!(" · owed to the customer {}", show(owed)));
        }
        _ => {}
    }
    if story.credited() > Money::ZERO {
        text.push_str(&format!(" · vendors' credits {}", show(story.credited())));
    }
    if let Some((cost, margin)) = story.cost().zip(story.margin()) {
        text.push_str(&format!(
            " · cost {} · margin on goods {}",
            show(cost),
            show(margin)
        ));
    }
    sheet.field("  Money", &text);
    let beside = order.shop_order.not_shipped.iter().map(|one| {
        let (what, why) = (line(&one.description), line(&one.reason));
        format!("{} of {what}, {}: {why}", one.qty, show(one.amount))
    });
    let beside: Vec<String> = beside.collect();
    if !beside.is_empty() {
        sheet.field("  Not sent", &beside.join("\n"));
    }
}
