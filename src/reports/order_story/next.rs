//! What happens next with an order, and by when.

use super::Story;
use crate::clock;
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState};
use crate::domain::question::QuestionState;
use crate::domain::vendor::Vendor;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::questions::QuestionRow;
use crate::reports::layout::quoted;
use crate::reports::words;
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};

/// When something should have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// On this day.
    Day(DateTime<Utc>),
    /// From this moment on.
    Moment(DateTime<Utc>),
}

impl By {
    /// The moment.
    pub fn moment(self) -> DateTime<Utc> {
        match self {
            By::Day(at) | By::Moment(at) => at,
        }
    }
}

/// One thing that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// In a sentence.
    pub what: String,
    /// When it should have happened, if that is known.
    pub by: Option<By>,
    /// What a person can type about it, without the program's name.
    pub command: Option<String>,
}

fn step(what: String, by: Option<By>, command: Option<String>) -> Step {
    Step { what, by, command }
}

/// Everything that is waited for, what needs a person first; empty when nothing is.
pub fn steps(story: &Story) -> Vec<Step> {
    let mut steps = Vec::new();
    let about_delivery = |row: &DeliveryRow| {
        let of = |e: &&crate::ledger::exceptions::ExceptionRow| e.subject.delivery == Some(row.id);
        story.exceptions.iter().find(of)
    };
    for row in &story.deliveries {
        if matches!(row.state, DeliveryState::Failed | DeliveryState::Unknown) {
            let command = match about_delivery(row) {
                Some(exception) => format!("exceptions show {}", exception.id),
                None => format!("outbox show {}", row.id),
            };
            steps.push(step(
                format!(
                    "a person decides about the {} to {}, which {}",
                    brings(story, row),
                    row.recipients.join(", "),
                    match row.state {
                        DeliveryState::Failed => "could not be delivered",
                        _ => words::delivery_state(row.state),
                    }
                ),
                None,
                Some(command),
            ));
        }
    }
    if let Some(of_state) = of_state(story) {
        steps.push(of_state);
    }
    steps.extend(story.questions.iter().filter_map(of_question));
    for row in &story.deliveries {
        if matches!(row.state, DeliveryState::Queued | DeliveryState::Sending) {
            steps.push(waiting(story, row));
        }
    }
    if story.row.state != OrderState::Cancelled {
        for (po, _) in &story.pos {
            match story.watched.get(&po.id) {
                Some(watched) => steps.push(watched.clone()),
                None => steps.extend(of_po(po, story.vendors.get(&po.vendor_id))),
            }
        }
    }
    let waits = story.returns.iter().filter_map(|back| back.waits());
    steps.extend(waits.map(|(what, command)| step(what, None, Some(command))));
    steps
}

fn brings(story: &Story, row: &DeliveryRow) -> String {
    match story.po_number(row.po_id) {
        Some(number) => format!("purchase order {number}"),
        None => words::delivery_kind(&row.kind).to_owned(),
    }
}

/// The step that the order's own state asks for.
fn of_state(story: &Story) -> Option<Step> {
    let name = story.row.reference();
    match story.row.state {
        OrderState::Received => Some(step(
            "the next `poms process` checks it".to_owned(),
            None,
            None,
        )),
        OrderState::Ready => Some(step(
            "the next `poms process` places it".to_owned(),
            None,
            None,
        )),
        OrderState::Held => {
            let mut holds = story.exceptions.iter().filter(|e| {
                e.severity == crate::domain::codes::Severity::Hold && e.subject.delivery.is_none()
            });
            let first = holds.next()?;
            let command = match holds.next() {
                None => format!("exceptions show {}", first.id),
                Some(_) => format!("exceptions list --order {}", quoted(&name)),
            };
            Some(step(
                "a person decides: release, amend or cancel".to_owned(),
                None,
                Some(command),
            ))
        }
        _ => None,
    }
}

/// A customer who was asked.
fn of_question(row: &QuestionRow) -> Option<Step> {
    let id = row.exception_id;
    let show = Some(format!("exceptions show {id}"));
    match row.state {
        QuestionState::Open => Some(step(
            format!("the customer answers what shall become of it (exception {id})"),
            // some hours before it is over for the customer it is the same day for the shop, too
            Some(By::Day(row.ends - TimeDelta::hours(6))),
            show,
        )),
        QuestionState::Answered => Some(step(
            format!("a person does what the customer answered (exception {id})"),
            None,
            show,
        )),
        QuestionState::Unanswered | QuestionState::Closed => None,
    }
}

fn waiting(story: &Story, row: &DeliveryRow) -> Step {
    let what = format!(
        "{} goes to {} by {}{}",
        brings(story, row),
        row.recipients.join(", "),
        row.channel,
        match (row.attempts, row.detail.is_empty()) {
            (0, _) | (_, true) => String::new(),
            (attempts, false) => format!(
                " (attempt {}; the last answer was: {})",
                attempts + 1,
                row.detail
            ),
        }
    );
    let at = row
        .next_attempt
        .as_deref()
        .and_then(clock::parse)
        .map(By::Moment);
    let command = (row.attempts > 0).then(|| format!("outbox show {}", row.id));
    step(what, at, command)
}

/// What a purchase order waits for on its vendor's side; `None` when nothing.
pub fn of_po(po: &PoRow, vendor: Option<&Vendor>) -> Option<Step> {
    let (number, vendor_name) = (&po.number, &po.vendor_name);
    let show = Some(format!("po show {}", quoted(number)));
    let ships = vendor.and_then(|vendor| ship_day(po, vendor)).map(By::Day);
    Some(match po.state {
        PoState::Sent => step(
            format!("{vendor_name} acknowledges and ships {number}"),
            ships,
            None,
        ),
        PoState::Acknowledged => step(format!("{vendor_name} ships {number}"), ships, None),
        PoState::Backordered => step(
            format!("{vendor_name} has {number} on backorder and ships later"),
            None,
            show,
        ),
        PoState::PartlyShipped => step(
            format!("{vendor_name} ships the rest of {number}"),
            None,
            show,
        ),
        PoState::Rejected => step(
            format!("a person decides what becomes of {number}, which {vendor_name} rejected"),
            None,
            show,
        ),
        PoState::Shipped => step(format!("{vendor_name} bills {number}"), None, None),
        _ => return None,
    })
}

/// The end of the day on which a vendor who was sent a purchase order should have shipped it: so
/// many working days (Monday to Friday) after it was sent.
fn ship_day(po: &PoRow, vendor: &Vendor) -> Option<DateTime<Utc>> {
    working_days_after(
        po.sent.as_deref().and_then(clock::parse)?,
        vendor.handling_days,
    )
}

fn working_days_after(sent: DateTime<Utc>, days: i64) -> Option<DateTime<Utc>> {
    let (mut day, mut left) = (sent, days.clamp(0, 365));
    while left > 0 || matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day = day.checked_add_signed(TimeDelta::days(1))?;
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_are_no_working_days() {
        let at =
            |day: &str| -> DateTime<Utc> { format!("{day}T12:00:00Z").parse().expect("a time") };
        for (sent, days, due) in [
            ("2025-06-02", 0, "2025-06-02"),
            ("2025-06-02", 1, "2025-06-03"),
            ("2025-06-06", 1, "2025-06-09"),
            ("2025-06-07", 0, "2025-06-09"),
            ("2025-06-07", 1, "2025-06-09"),
            ("2025-06-05", 7, "2025-06-16"),
        ] {
            assert_eq!(
                working_days_after(at(sent), days),
                Some(at(due)),
                "{sent} + {days}"
            );
        }
    }
}
