//! An order's story on one screen.

use super::Story;
use super::next::{self, By};
use crate::clock;
use crate::domain::codes::Severity;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::promise::Source;
use crate::domain::text::line;
use crate::domain::vendor::Offer;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::outbox::DeliveryRow;
use crate::reports::exceptions;
use crate::reports::layout::{Sheet, View, count};
use crate::reports::words;

/// Facts of the timeline that are shown: the latest.
const LATEST: usize = 15;

/// The whole story.
pub fn text(story: &Story, view: &View) -> String {
    let mut sheet = Sheet::new(view.width);
    headline(story, view, &mut sheet);
    steps(story, view, &mut sheet);
    contents(story, None, view, &mut sheet);
    purchase_orders(story, view, &mut sheet);
    deliveries(story, view, &mut sheet);
    open_exceptions(story, view, &mut sheet);
    notes(story, view, &mut sheet);
    timeline(story, view, &mut sheet);
    sheet.finish()
}

fn headline(story: &Story, view: &View, sheet: &mut Sheet) {
    let row = &story.row;
    let since = story
        .since()
        .map_or_else(|| clock::text(row.received), |fact| fact.at.clone());
    sheet.line(&format!(
        "Order {} {} since {} ({})",
        row.reference(),
        row.state.as_str().to_uppercase().replace('_', " "),
        view.moment(&since),
        view.age(&since),
    ));
    sheet.field(
        "Where",
        &format!("{}{}", words::order_state(row.state), parts(story)),
    );
    sheet.field("Why", &why(story));
    for copy in &story.copies {
        sheet.field(
            "Beside it",
            &format!(
                "another order of this number: {}, {} (received {})",
                copy.reference(),
                copy.state,
                view.at(copy.received)
            ),
        );
    }
}

/// Where its purchase orders stand, when that is more than its own state says.
fn parts(story: &Story) -> String {
    if story.row.state != OrderState::Placed {
        return String::new();
    }
    let mut states: Vec<(PoState, usize)> = Vec::new();
    for (po, _) in &story.pos {
        match states.iter_mut().find(|(state, _)| *state == po.state) {
            Some((_, number)) => *number += 1,
            None => states.push((po.state, 1)),
        }
    }
    let parts: Vec<String> = states
        .iter()
        .map(|(state, number)| {
            format!(
                "{} {}",
                count(*number, "purchase order"),
                words::po_state(*state)
            )
        })
        .collect();
    format!(": {}", parts.join("; "))
}

/// Why it is where it is.
fn why(story: &Story) -> String {
    let Some(fact) = story.since() else {
        return String::new();
    };
    let said = fact.payload["why"].as_str().map(line);
    match (story.row.state, said) {
        (OrderState::Held, _) if !story.exceptions.is_empty() => {
            let held = story.exceptions.iter().filter(|row| is_reason(story, row));
            let reasons: Vec<String> = held
                .map(|row| format!("{} {}: {}", row.id, row.code, row.message))
                .collect();
            reasons.join("\n")
        }
        (OrderState::Placed, _) => {
            let releases = story
                .facts
                .iter()
                .filter(|fact| fact.kind == "order.released");
            let released: Vec<String> = releases
                .map(|fact| format!("{} ({})", words::fact(fact), fact.actor))
                .collect();
            match released.is_empty() {
                true => "it passed every check".to_owned(),
                false => released.join("\n"),
            }
        }
        (_, Some(said)) => format!("{said} ({})", fact.actor),
        _ => String::new(),
    }
}

/// Whether an exception is one of those that hold the order: told at the top.
fn is_reason(story: &Story, row: &ExceptionRow) -> bool {
    story.row.state == OrderState::Held && row.severity == Severity::Hold
}

fn steps(story: &Story, view: &View, sheet: &mut Sheet) {
    let steps = next::steps(story);
    for (place, step) in steps.iter().enumerate() {
        let by = match step.by {
            Some(By::Day(day)) if day < view.now => format!(", was due by {}", view.day(day)),
            Some(By::Day(day)) => format!(", by {}", view.day(day)),
            Some(By::Moment(at)) if at <= view.now => ", with the next run".to_owned(),
            Some(By::Moment(at)) => {
                format!(", after {} ({})", view.at(at), view.until(&clock::text(at)))
            }
            None => String::new(),
        };
        let name = if place == 0 { "Next" } else { "" };
        sheet.field(name, &format!("{}{by}", step.what));
        if let Some(command) = &step.command {
            sheet.command(&format!("       {} {command}", view.poms));
        }
    }
    if steps.is_empty() {
        sheet.field("Next", "nothing: nothing is open");
    }
}

/// The order itself: who, where to, what, for how much; with the offers of each line, what the
/// catalogue says beside it.
pub fn contents(story: &Story, offers: Option<&[Vec<Offer>]>, view: &View, sheet: &mut Sheet) {
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
    .chain(order.payment.iter().map(|payment| {
        let part = |part: &Option<String>| line(part.as_deref().unwrap_or_default());
        format!(
            "paid by {} {}",
            part(&payment.method),
            part(&payment.reference)
        )
    }))
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
}

fn people(order: &Order, sheet: &mut Sheet) {
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

fn lines(story: &Story, offers: Option<&[Vec<Offer>]>, sheet: &mut Sheet) {
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
                    false => format!("{}  {} ({} pieces)", po.number, po.state, on.qty),
                })
                .collect();
            let mut cells = vec![
                number.to_string(),
                line(&item.sku),
                line(story.description(&item.sku, item.description.as_deref())),
                item.qty.to_string(),
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

fn money(story: &Story, sheet: &mut Sheet) {
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
    parts.push(format!("shipping {}", show(order.shipping)));
    parts.push(format!("tax {}", show(order.tax)));
    parts.push(format!("total {}", show(order.total)));
    let mut text = parts.join(" · ");
    if let Some((cost, margin)) = story.cost().zip(story.margin()) {
        text.push_str(&format!(
            " · cost {} · margin on goods {}",
            show(cost),
            show(margin)
        ));
    }
    sheet.field("  Money", &text);
}

fn purchase_orders(story: &Story, view: &View, sheet: &mut Sheet) {
    if story.pos.is_empty() {
        return;
    }
    sheet.heading("Purchase orders");
    let rows: Vec<Vec<String>> = story
        .pos
        .iter()
        .map(|(po, _)| {
            vec![
                po.number.clone(),
                format!("{} ({})", line(&po.vendor_name), po.vendor_id),
                po.state.to_string(),
                po.sent
                    .as_deref()
                    .map_or_else(|| "-".to_owned(), |sent| view.moment(sent)),
                promised(story, po.id),
                po.total.display(&po.currency),
            ]
        })
        .collect();
    let header = ["Number", "Vendor", "State", "Sent", "Promised", "Cost"];
    sheet.columns(&header, &rows);
}

/// When it ships and when the customer has it, at the latest.
fn promised(story: &Story, po: i64) -> String {
    let Some(row) = story.promises.get(&po) else {
        return "-".to_owned();
    };
    let (promise, day) = (&row.promise, "%a %Y-%m-%d");
    let word = match promise.source {
        Source::Ups => "UPS",
        Source::Table => "estimate",
    };
    format!(
        "ships {}\narrives {} ({word})",
        promise.ship_by.format(day),
        promise.deliver_by.format(day)
    )
}

fn deliveries(story: &Story, view: &View, sheet: &mut Sheet) {
    if story.deliveries.is_empty() {
        return;
    }
    sheet.heading("Deliveries");
    let rows: Vec<Vec<String>> = story
        .deliveries
        .iter()
        .map(|row| {
            vec![
                row.id.to_string(),
                match story.po_number(row.po_id) {
                    Some(number) => number.to_owned(),
                    None => words::delivery_kind(&row.kind).to_owned(),
                },
                format!("{} ({})", row.recipients.join(", "), row.channel),
                row.state.to_string(),
                row.attempts.to_string(),
                outcome(row, view),
            ]
        })
        .collect();
    sheet.columns(&["ID", "What", "To", "State", "Tries", "Then"], &rows);
}

/// What came of a delivery, or when it is tried next.
pub fn outcome(row: &DeliveryRow, view: &View) -> String {
    match (row.state, &row.next_attempt) {
        (DeliveryState::Queued, Some(at)) => {
            let next = format!("next try {} ({})", view.moment(at), view.until(at));
            match row.detail.is_empty() {
                true => next,
                false => format!("{next}; last answer: {}", line(&row.detail)),
            }
        }
        (DeliveryState::Sent, _) => view.moment(&row.updated),
        _ => format!("{} {}", view.moment(&row.updated), line(&row.detail)),
    }
}

fn open_exceptions(story: &Story, view: &View, sheet: &mut Sheet) {
    let others: Vec<_> = story
        .exceptions
        .iter()
        .filter(|row| !is_reason(story, row))
        .collect();
    if others.is_empty() {
        return;
    }
    sheet.heading("Open exceptions");
    for row in others {
        sheet.entry(&row.id.to_string(), &exceptions::one_line(row, view));
    }
}

/// What people wrote about it.
pub fn notes(story: &Story, view: &View, sheet: &mut Sheet) {
    if story.notes.is_empty() {
        return;
    }
    sheet.heading("Notes");
    for (at, actor, note) in &story.notes {
        sheet.entry(&view.moment(at), &format!("{} ({actor})", line(note)));
    }
}

fn timeline(story: &Story, view: &View, sheet: &mut Sheet) {
    let told: Vec<_> = story
        .facts
        .iter()
        .filter(|fact| !words::is_echo(fact))
        .collect();
    let earlier = told.len().saturating_sub(LATEST);
    sheet.heading(&match earlier {
        0 => "Timeline".to_owned(),
        n => format!("Timeline (the latest {LATEST}; {n} earlier ones with --json)"),
    });
    for fact in &told[earlier..] {
        // an exception's whole reason stands above, or in `audit show`
        let said = cut(&words::fact(fact), 2 * view.width);
        sheet.entry(&view.moment(&fact.at), &format!("{said} ({})", fact.actor));
    }
}
