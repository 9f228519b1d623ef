//! An order's story on one screen.

mod contents;
mod kept;

pub use contents::contents;

use super::Story;
use super::next;
use crate::clock::Moment;
use crate::domain::codes::Severity;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState, ReturnState};
use crate::domain::promise::PromiseSource;
use crate::domain::text::line;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::outbox::DeliveryRow;
use crate::reports::exceptions;
use crate::reports::layout::{TextSheet, View, count};
use crate::reports::plain_words;
use crate::shipping::promise::by_habit;

/// Facts of the timeline that are shown: the latest.
const LATEST: usize = 12;

/// The whole story.
pub fn text(story: &Story, view: &View) -> String {
    let mut sheet = TextSheet::new(view.width);
    headline(story, view, &mut sheet);
    steps(story, view, &mut sheet);
    contents(story, None, view, &mut sheet);
    purchase_orders(story, view, &mut sheet);
    story.supply.text(view, &mut sheet);
    returns(story, &mut sheet);
    deliveries(story, view, &mut sheet);
    open_exceptions(story, view, &mut sheet);
    notes(story, view, &mut sheet);
    timeline(story, view, &mut sheet);
    sheet.finish()
}

fn headline(story: &Story, view: &View, sheet: &mut TextSheet) {
    let row = &story.row;
    let since = story
        .since()
        .map_or_else(|| Some(row.received.into()), |fact| Moment::parse(&fact.at));
    sheet.line(&format!(
        "Order {} {} since {} ({})",
        row.reference(),
        row.state.as_str().to_uppercase().replace('_', " "),
        since.map_or_else(String::new, |at| view.moment(&at)),
        since.map_or_else(|| "-".to_owned(), |at| view.age(&at)),
    ));
    sheet.field(
        "Where",
        &format!("{}{}", plain_words::order_state(row.state), parts(story)),
    );
    sheet.field("Why", &why(story));
    sheet.field("From whom", &story.routed().join("\n"));
    let in_shop = &row.order.shop_order.order_number;
    if !in_shop.is_empty() {
        let words = format!("{in_shop}: the number that the customer knows");
        sheet.field("In the shop", &words);
    }
    for other in &story.alike {
        let number = &other.order.shop_order.order_number;
        let words = format!(
            "{}, whose number is {number} in its shop",
            other.reference()
        );
        sheet.field("Beside it", &words);
    }
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
                plain_words::po_state(*state)
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
        (OrderState::Placed, None) => {
            let releases = story
                .facts
                .iter()
                .filter(|fact| fact.kind == "order.released");
            let released: Vec<String> = releases
                .map(|fact| {
                    format!(
                        "{} ({})",
                        plain_words::fact(fact),
                        plain_words::login(&fact.actor)
                    )
                })
                .collect();
            match released.is_empty() {
                true => "it passed every check".to_owned(),
                false => released.join("\n"),
            }
        }
        (_, Some(said)) => format!("{said} ({})", plain_words::login(&fact.actor)),
        _ => String::new(),
    }
}

/// Whether an exception is one of those that hold the order: told at the top.
fn is_reason(story: &Story, row: &ExceptionRow) -> bool {
    story.row.state == OrderState::Held && row.severity == Severity::Hold
}

fn steps(story: &Story, view: &View, sheet: &mut TextSheet) {
    let steps = next::steps(story, view.now);
    for (place, step) in steps.iter().enumerate() {
        let by = step.by.map_or_else(String::new, |by| by.words(view));
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

fn returns(story: &Story, sheet: &mut TextSheet) {
    if story.returns.is_empty() {
        return;
    }
    sheet.heading("Returns");
    for back in &story.returns {
        let row = &back.row;
        let show = |amount: crate::domain::money::Money| amount.display(&row.currency);
        let mut told = format!(
            "{} ({}): {}",
            row.state,
            crate::reports::returns::kind(row.kind),
            back.goods()
        );
        for refund in &back.refunds {
            told.push_str(&format!(
                "; refunded {} by {}",
                show(refund.amount),
                line(&refund.method)
            ));
        }
        for credit in &back.credits {
            told.push_str(&format!(
                "; credit of {} {}",
                show(credit.amount),
                credit.state
            ));
        }
        if let Some(deadline) = row
            .deadline
            .filter(|_| row.state == ReturnState::Authorised)
        {
            told.push_str(&format!(
                "; may come until {}",
                deadline.format("%B %-d, %Y")
            ));
        }
        sheet.entry(&row.number, &told);
    }
}

fn purchase_orders(story: &Story, view: &View, sheet: &mut TextSheet) {
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
                match story.supply.beside(po.id, po.state) {
                    Some(beside) => format!("{}\n{beside}", po.state),
                    None => po.state.to_string(),
                },
                po.sent
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), |sent| view.moment(sent)),
                promised(story, po.id),
                story.cost_of(po).unwrap_or(po.total).display(&po.currency),
            ]
        })
        .collect();
    let header = [
        "Number",
        "Vendor",
        "State",
        "Sent",
        "Ships, arrives",
        "Cost",
    ];
    sheet.columns(&header, &rows);
    for (po, _) in &story.pos {
        let promise = story.promises.get(&po.id).map(|row| &row.promise);
        if let Some(why) = promise.and_then(by_habit) {
            sheet.entry(&po.number, why);
        }
    }
}

/// When it ships and when the customer has it, at the latest; an estimate has a mark.
fn promised(story: &Story, po: i64) -> String {
    let Some(row) = story.promises.get(&po) else {
        return "-".to_owned();
    };
    let mark = match row.promise.source {
        PromiseSource::Ups => "",
        PromiseSource::Table => "~",
    };
    let (ships, arrives) = (row.promise.ship_by, row.promise.deliver_by);
    format!(
        "{} {mark}{}",
        ships.format("%m-%d"),
        arrives.format("%a %m-%d")
    )
}

fn deliveries(story: &Story, view: &View, sheet: &mut TextSheet) {
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
                    None => row.kind.told().to_owned(),
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

/// What came of a delivery, or when it is tried next; and when it was sent, if it was before.
pub fn outcome(row: &DeliveryRow, view: &View) -> String {
    match (&row.sent_before, row.state) {
        (Some(at), DeliveryState::Dropped) => format!(
            "sent {}; it shall not go again ({})",
            view.moment(at),
            view.moment(&row.updated)
        ),
        (Some(at), _) => format!("sent {}; then: {}", view.moment(at), now(row, view)),
        (None, _) => now(row, view),
    }
}

fn now(row: &DeliveryRow, view: &View) -> String {
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

fn open_exceptions(story: &Story, view: &View, sheet: &mut TextSheet) {
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
pub fn notes(story: &Story, view: &View, sheet: &mut TextSheet) {
    if story.notes.is_empty() {
        return;
    }
    sheet.heading("Notes");
    for (at, actor, note) in &story.notes {
        sheet.entry(
            &view.moment(at),
            &format!("{} ({})", line(note), plain_words::login(actor)),
        );
    }
}

fn timeline(story: &Story, view: &View, sheet: &mut TextSheet) {
    let told: Vec<_> = story
        .facts
        .iter()
        .filter(|fact| !plain_words::is_echo(fact))
        .collect();
    let earlier = told.len().saturating_sub(LATEST);
    sheet.heading(&match earlier {
        0 => "Timeline".to_owned(),
        n => format!("Timeline (the latest {LATEST}; {n} earlier ones with --json)"),
    });
    for fact in &told[earlier..] {
        // an exception's whole reason stands above, or in `audit show`
        let said = cut(&plain_words::fact(fact), 2 * view.width);
        sheet.entry(
            &view.as_written(&fact.at),
            &format!("{said} ({})", plain_words::login(&fact.actor)),
        );
    }
}
