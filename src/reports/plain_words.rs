//! Plain words for states and for the facts of the audit trail.

mod customer;
mod messages;
mod returns;
mod supply;
mod taken_back;
mod vendors;

use super::layout::{TextSheet, View};
use crate::domain::delivery::DeliveryKind;
use crate::domain::differences::differences;
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState};
use crate::domain::order::Order;
use crate::domain::text::line;
use crate::ledger::audit::AuditEntry;
use serde_json::Value;

/// What an order's state means.
pub fn order_state(state: OrderState) -> &'static str {
    match state {
        OrderState::Received => "received and not checked yet",
        OrderState::Ready => "ready: it passed every check and is not placed yet",
        OrderState::Held => "held: a person must look first",
        OrderState::Placed => "placed with its vendors",
        OrderState::PartlyShipped => "partly shipped",
        OrderState::Shipped => "shipped",
        OrderState::Delivered => "delivered",
        OrderState::Closed => "closed: nothing is open",
        OrderState::Cancelled => "cancelled",
    }
}

/// What a purchase order's state means.
pub fn po_state(state: PoState) -> &'static str {
    match state {
        PoState::Draft => "made, not in the outbox yet",
        PoState::Queued => "in the outbox",
        PoState::Sent => "sent, not acknowledged yet",
        PoState::Acknowledged => "acknowledged by the vendor",
        PoState::Backordered => "backordered: the vendor delivers later",
        PoState::PartlyShipped => "partly shipped",
        PoState::Shipped => "shipped",
        PoState::Invoiced => "invoiced",
        PoState::Closed => "closed",
        PoState::Rejected => "rejected by the vendor",
        PoState::Failed => "failed: it could not be brought to the vendor",
        PoState::Cancelled => "cancelled",
    }
}

/// What a delivery's state means.
pub fn delivery_state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Queued => "waits in the outbox",
        DeliveryState::Sending => "is being handed over",
        DeliveryState::Sent => "taken by the other side",
        DeliveryState::Failed => "given up",
        DeliveryState::Unknown => "may or may not have arrived",
        DeliveryState::Dropped => "shall not be sent",
    }
}

/// `W200001-1` of `po:W200001-1`.
fn name(entity: &str) -> &str {
    entity.split_once(':').map_or(entity, |(_, name)| name)
}

/// Whether a fact says only what another of the same moment says better: left out of stories for
/// people.
pub fn is_echo(entry: &AuditEntry) -> bool {
    let fact = &entry.payload;
    match entry.kind.as_str() {
        "seal" | "order.released" | "order.note" => true,
        "order.held" => !fact["why"]["codes"].is_null(),
        // who took it over says so
        "order.ready" | "order.placed" | "po.sent" | "po.acknowledged"
            if !fact["why"]["adopted"].is_null() =>
        {
            true
        }
        "po.queued" => fact["before"] == "draft",
        // it stands beside the purchase order; what moved it says why
        "po.promised" => fact["why"]
            .as_str()
            .is_none_or(|why| !why.starts_with("the vendor")),
        "delivery.queued" => fact["why"].is_null(),
        // `po.sent` follows it
        "delivery.sent" => fact["before"].is_null(),
        _ => false,
    }
}

/// What happened, from the beginning, as the last part of a sheet but its commands.
pub fn timeline(facts: &[AuditEntry], view: &View, sheet: &mut TextSheet) {
    sheet.heading("Timeline");
    for entry in facts.iter().filter(|entry| !is_echo(entry)) {
        sheet.entry(
            &view.as_written(&entry.at),
            &format!("{} ({})", fact(entry), login(&entry.actor)),
        );
    }
}

/// The login of who acted: screens leave the number away that `poms audit show` has.
pub fn login(actor: &str) -> &str {
    actor.split_once(", uid ").map_or(actor, |(login, _)| login)
}

/// One fact in a sentence without its actor.
pub fn fact(entry: &AuditEntry) -> String {
    let (what, then) = entry.kind.split_once('.').unwrap_or(("", &entry.kind));
    let told = match what {
        "message" => messages::message(entry, then),
        "mailbox" => messages::mailbox(entry, then),
        "source" => messages::source(entry, then),
        "order" => order(entry, then),
        "exception" => exception(entry, then),
        "po" => purchase_order(entry, then),
        "delivery" => delivery(entry, then),
        "return" => returns::returned(entry, then),
        "shipment" => supply::shipment(entry, then),
        "parcel" => supply::parcel(entry, then),
        "fax" => supply::fax(entry, then),
        "invoice" | "variance" | "credit" => super::books_words::fact(entry, what, then),
        _ => vendors::vendor(entry).or_else(|| site(entry)),
    };
    told.unwrap_or_else(|| {
        let what = format!("{} {}", entry.entity, then.replace('_', " "));
        match supply::plainly(&entry.payload) {
            nothing if nothing.is_empty() => what,
            told => format!("{what}: {told}"),
        }
    })
}

/// A text of the fact, as one line; `None` when it has none.
pub(super) fn text(fact: &Value, key: &str) -> Option<String> {
    let text = line(fact[key].as_str()?);
    (!text.is_empty()).then_some(text)
}

/// `: why`, or nothing.
pub(super) fn because(fact: &Value, key: &str) -> String {
    text(fact, key).map_or_else(String::new, |why| format!(": {why}"))
}

fn words(list: &Value) -> Vec<&str> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).collect()
}

/// The end of a fingerprint, by which people tell keys apart.
pub fn short(fingerprint: &str) -> String {
    let tail: Vec<char> = fingerprint.chars().rev().take(16).collect();
    tail.into_iter().rev().collect()
}

fn order(entry: &AuditEntry, then: &str) -> Option<String> {
    let fact = &entry.payload;
    Some(match then {
        "received" => {
            let masked = words(&fact["masked"]);
            let masked = match masked.is_empty() {
                true => String::new(),
                false => format!("; a card number was masked in {}", masked.join(", ")),
            };
            format!(
                "the order was taken in, total {}{masked}",
                text(fact, "total")?
            )
        }
        "ready" => match words(&fact["why"]["released"]).as_slice() {
            [] => "it passed every check".to_owned(),
            codes => format!("it may go on; released: {}", codes.join(", ")),
        },
        "held" => match words(&fact["why"]["codes"]).as_slice() {
            [] => format!("held{}", because(fact, "why")),
            codes => format!("held: {}", codes.join(", ")),
        },
        "placed" => match words(&fact["why"]["purchase_orders"]).as_slice() {
            [] => "placed".to_owned(),
            numbers => format!("placed: {}", numbers.join(", ")),
        },
        "amended" => format!("amended{} ({})", because(fact, "why"), changes(fact)),
        "released" => format!(
            "released: {}{}",
            words(&fact["codes"]).join(", "),
            because(fact, "note")
        ),
        "adopted" => format!("taken over as it stood{}", because(fact, "why")),
        "note" => format!("note{}", because(fact, "note")),
        "retried" => format!("checked again{}", because(fact, "note")),
        "comment_to_vendor" => format!("on the purchase orders{}", because(fact, "comment")),
        "customer_asked"
        | "customer_answered"
        | "customer_unanswered"
        | "refunded"
        | "refund_waived" => {
            return customer::told(fact, then);
        }
        _ => format!("{}{}", then.replace('_', " "), because(fact, "why")),
    })
}

fn changes(fact: &Value) -> String {
    let read = |key: &str| serde_json::from_value::<Order>(fact[key].clone()).ok();
    match read("before").zip(read("after")) {
        Some((before, after)) => before_and_now(&differences(&before, &after)),
        None => "what changed was erased".to_owned(),
    }
}

/// [`differences`] of an order from its earlier self: `zip "1" before, "2" now`.
pub fn before_and_now(found: &[String]) -> String {
    let told = found.iter().map(|change| {
        let now = change.strip_suffix(" here").map(|rest| (rest, " now"));
        let (rest, end) = now.unwrap_or((change, ""));
        match rest.rsplit_once(" there, ") {
            Some((before, now)) => format!("{before} before, {now}{end}"),
            None => change.clone(),
        }
    });
    told.collect::<Vec<_>>().join("; ")
}

fn exception(entry: &AuditEntry, then: &str) -> Option<String> {
    let fact = &entry.payload;
    let (id, code) = (fact["exception"].as_i64()?, text(fact, "code")?);
    Some(match then {
        "opened" => format!("exception {id}{} ({code})", because(fact, "message")),
        "snoozed" => format!(
            "exception {id} ({code}) is put off until {}{}",
            supply::day(fact, "until")?,
            because(fact, "note")
        ),
        _ => match fact["resolution"].as_str()? {
            "cleared" => format!("exception {id} ({code}) no longer applies"),
            "release" => format!(
                "exception {id} ({code}) is released{}",
                because(fact, "note")
            ),
            "cancel" => format!("exception {id} ({code}) ends: the order is cancelled"),
            how => {
                let how = match how {
                    "dismiss" => "is dismissed".to_owned(),
                    "credited" => "is settled by a credit".to_owned(),
                    "amend" => "is resolved by an amendment".to_owned(),
                    "dispute" => "is disputed with the vendor".to_owned(),
                    how => format!("is resolved ({})", how.replace(['-', '_'], " ")),
                };
                format!("exception {id} ({code}) {how}{}", because(fact, "note"))
            }
        },
    })
}

fn purchase_order(entry: &AuditEntry, then: &str) -> Option<String> {
    let (number, fact) = (name(&entry.entity), &entry.payload);
    if let Some(told) = supply::answered(entry, then).or_else(|| taken_back::told(entry, then)) {
        return Some(told);
    }
    Some(match then {
        "adopted" => format!(
            "purchase order {number} is from the system before poms: it was sent on {}",
            text(fact, "sent")?
        ),
        "cost_agreed" => cost_agreed(number, fact),
        "created" => format!(
            "purchase order {number} was made for {}, cost {}",
            text(fact, "vendor")?,
            text(fact, "total")?
        ),
        "queued" => format!(
            "purchase order {number} goes into the outbox{}",
            because(fact, "why")
        ),
        "sent" => match fact["delivery"].as_i64() {
            Some(delivery) => format!(
                "purchase order {number} was taken by the vendor's side (delivery {delivery})"
            ),
            None if matches!(fact["before"].as_str(), Some("shipped" | "partly_shipped")) => {
                format!(
                    "purchase order {number} waits for its vendor again, who has not acknowledged it{}",
                    because(fact, "why")
                )
            }
            // a person's word instead
            None => format!(
                "purchase order {number} is confirmed as sent: {}",
                line(fact.as_str().unwrap_or("without a note"))
            ),
        },
        _ => format!(
            "purchase order {number} is {}{}",
            then.replace('_', " "),
            because(fact, "why")
        ),
    })
}

fn cost_agreed(number: &str, fact: &Value) -> String {
    let lines = fact["lines"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let one = |line: &Value| {
        let of = |key: &str| text(line, key).unwrap_or_default();
        format!(
            "{} costs {} each, {} before",
            of("sku"),
            of("after"),
            of("before")
        )
    };
    let lines: Vec<String> = lines.iter().map(one).collect();
    format!(
        "another price was agreed for purchase order {number}: {}{}",
        lines.join(", "),
        because(fact, "why")
    )
}

fn delivery(entry: &AuditEntry, then: &str) -> Option<String> {
    let (id, fact) = (name(&entry.entity), &entry.payload);
    let why = match text(fact, "why") {
        Some(_) => because(fact, "why"),
        None => because(fact, "answer"),
    };
    Some(match then {
        "queued" => match text(fact, "kind") {
            Some(kind) => format!(
                "{} for {} goes into the outbox (delivery {id})",
                DeliveryKind::of(&kind).told(),
                words(&fact["to"]).join(", ")
            ),
            None => format!("delivery {id} goes into the outbox again{why}"),
        },
        "sent" if fact["before"].is_string() => {
            format!("delivery {id} is confirmed as sent{why}")
        }
        "sent" => format!("delivery {id} was taken by the other side{why}"),
        "deferred" => format!("delivery {id} was not taken and waits{why}"),
        "failed" => format!("delivery {id} is given up{why}"),
        "unknown" => format!("delivery {id} may or may not have arrived{why}"),
        "dropped" => format!("delivery {id} shall not be sent{why}"),
        "hastened" => format!("delivery {id} is to be tried by the next run{why}"),
        "readdressed" => format!(
            "delivery {id} goes to {} and not to {}",
            words(&fact["after"]).join(", "),
            words(&fact["before"]).join(", ")
        ),
        "note" => format!("about delivery {id}{}", because(fact, "note")),
        _ => return None,
    })
}

fn site(entry: &AuditEntry) -> Option<String> {
    let (name, fact) = (name(&entry.entity), &entry.payload);
    Some(match entry.kind.as_str() {
        "run.started" => format!("run {name} began"),
        "run.finished" => format!(
            "run {name} ended: mails {}, orders placed {}, held {}",
            fact["messages"]["seen"], fact["orders"]["placed"], fact["orders"]["held"]
        ),
        "setting.changed" if name == "stop_switch" => match text(fact, "after") {
            Some(_) => format!("the stop switch was turned on{}", because(fact, "why")),
            None => format!("the stop switch was turned off{}", because(fact, "why")),
        },
        "setting.changed" => format!(
            "setting {name} is now '{}'{}",
            text(fact, "after").unwrap_or_default(),
            because(fact, "why")
        ),
        "ledger.recovered" => format!(
            "the ledger was accepted although older than its anchor{}",
            because(fact, "why")
        ),
        _ => return None,
    })
}
