//! What happens next with an order, and by when.

use super::{Story, revised, taken_back};
use crate::domain::codes::Code;
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState};
use crate::domain::question::QuestionState;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::promises::PromiseRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::questions::QuestionRow;
use crate::reports::layout::{View, count, quoted};
use crate::reports::plain_words;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

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

    /// The end of a sentence: `, by Mon 2025-06-02`, or that it was due by then.
    pub fn words(self, view: &View) -> String {
        let local = |at: DateTime<Utc>| at.with_timezone(&view.zone).date_naive();
        match self {
            By::Day(day) if day < view.now && local(day) < local(view.now) => {
                format!(", was due by {}", view.day(day))
            }
            By::Day(day) => format!(", by {}", view.day(day)),
            By::Moment(at) if at <= view.now => ", with the next run".to_owned(),
            By::Moment(at) => {
                format!(", after {} ({})", view.at(at), view.until(&at.into()))
            }
        }
    }
}

/// One thing that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// In a sentence.
    pub what: String,
    /// When it should have happened, if that is known.
    pub by: Option<By>,
    /// What a person can type about it, without the program's name.
    pub command: Option<String>,
}

fn step(what: String, by: Option<By>, command: Option<String>) -> NextStep {
    NextStep { what, by, command }
}

/// Everything that is waited for, what needs a person first; empty when nothing is.
pub fn steps(story: &Story, now: DateTime<Utc>) -> Vec<NextStep> {
    let mut steps = undelivered(story);
    if let Some(of_state) = of_state(story) {
        steps.push(of_state);
    }
    let mails = story
        .exceptions
        .iter()
        .filter(|row| row.code == Code::CustomerMail);
    steps.extend(mails.map(|row| {
        let what = "a person reads what the customer wrote, before anything else is done";
        step(
            what.to_owned(),
            None,
            Some(format!("exceptions show {}", row.id)),
        )
    }));
    steps.extend(story.questions.iter().filter_map(of_question));
    let taken_back = story.cancellations.iter();
    steps.extend(
        taken_back.filter_map(|row| taken_back::step(row, story.answers_due.get(&row.id).copied())),
    );
    steps.extend(story.exceptions.iter().filter_map(taken_back::undecided));
    steps.extend(story.po_revisions.iter().filter_map(revised::step));
    for row in &story.deliveries {
        if matches!(row.state, DeliveryState::Queued | DeliveryState::Sending) {
            steps.push(waiting(story, row));
        }
    }
    if story.row.state != OrderState::Cancelled {
        for (po, _) in &story.pos {
            steps.extend(of_rejected(story, po));
            match story.watched.get(&po.id) {
                Some(watched) => steps.push(watched.clone()),
                None => steps.extend(of_po(po, story.promises.get(&po.id), now)),
            }
        }
    }
    steps.extend(of_money(story));
    let waits = story.returns.iter().filter_map(|back| back.waits());
    steps.extend(waits.map(|(what, command)| step(what, None, Some(command))));
    steps
}

/// Documents that did not arrive, or may not have.
fn undelivered(story: &Story) -> Vec<NextStep> {
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
                        _ => plain_words::delivery_state(row.state),
                    }
                ),
                None,
                Some(command),
            ));
        }
    }
    steps
}

fn brings(story: &Story, row: &DeliveryRow) -> String {
    match story.po_number(row.po_id) {
        Some(number) => format!("purchase order {number}"),
        None => row.kind.told().to_owned(),
    }
}

/// The step that the order's own state asks for.
fn of_state(story: &Story) -> Option<NextStep> {
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
            // the configuration's switch is not in the ledger
            let lifted = |row: &ExceptionRow| {
                row.code == Code::StopSwitch
                    && !story.stopped
                    && !row.message.contains("rules.stop_switch.on")
            };
            if lifted(first) && holds.clone().all(lifted) {
                let what = "the stop switch is off again: the next `poms process` checks it";
                return Some(step(what.to_owned(), None, None));
            }
            let (decides, command) = match holds.next() {
                None => {
                    let ways: Vec<&str> = first
                        .definition()
                        .remedies
                        .iter()
                        .map(|r| r.as_str())
                        .collect();
                    let ways = match ways.as_slice() {
                        [first @ .., last] if !first.is_empty() => {
                            format!("{} or {last}", first.join(", "))
                        }
                        ways => ways.concat(),
                    };
                    (
                        format!("a person decides: {ways}"),
                        format!("exceptions show {}", first.id),
                    )
                }
                Some(_) => (
                    "a person decides about each of the reasons".to_owned(),
                    format!("exceptions list --order {}", quoted(&name)),
                ),
            };
            Some(step(decides, None, Some(command)))
        }
        _ => None,
    }
}

/// A customer who was asked.
fn of_question(row: &QuestionRow) -> Option<NextStep> {
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

/// Money that the customer is owed.
fn of_money(story: &Story) -> Option<NextStep> {
    let due = story.owed.as_ref().filter(|due| due.is_open())?;
    let owed = match due.amount {
        Some(amount) => amount.display(&story.row.order.currency),
        None => "what it did not get (say it with --amount and --note)".to_owned(),
    };
    let name = quoted(&story.row.reference());
    Some(step(
        format!("the customer is paid back {owed} for what does not ship, and a person records it"),
        None,
        Some(format!(
            "order refund {name} --method WAY --reference NUMBER{}",
            match due.amount {
                Some(_) => "",
                None => " --amount AMOUNT --note \"WHY\"",
            }
        )),
    ))
}

fn waiting(story: &Story, row: &DeliveryRow) -> NextStep {
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
    let at = row.next_attempt.map(|at| By::Moment(at.time()));
    let command = (row.attempts > 0).then(|| format!("outbox show {}", row.id));
    step(what, at, command)
}

/// Pieces that the vendor refused while others are still to come of the purchase order.
fn of_rejected(story: &Story, po: &PoRow) -> Option<NextStep> {
    let pieces = story.supply.rejected(po.id);
    let over = matches!(po.state, PoState::Rejected | PoState::Cancelled);
    let about = |row: &&ExceptionRow| row.code == Code::PoRejected && row.subject.po == Some(po.id);
    let listed = story.exceptions.iter().find(about);
    (pieces > 0 && !over).then(|| {
        let what = format!(
            "a person decides what becomes of {} of {}, which {} rejected",
            count(usize::try_from(pieces).unwrap_or(usize::MAX), "piece"),
            po.number,
            po.vendor_name
        );
        let command = match listed {
            Some(row) => format!("exceptions show {}", row.id),
            None => format!("po show {}", quoted(&po.number)),
        };
        step(what, None, Some(command))
    })
}

/// What a purchase order waits for on its vendor's side where no watch has a word for it; `None` when
/// nothing.
pub fn of_po(po: &PoRow, promise: Option<&PromiseRow>, now: DateTime<Utc>) -> Option<NextStep> {
    let (number, vendor_name) = (&po.number, &po.vendor_name);
    let show = Some(format!("po show {}", quoted(number)));
    let ships = promise.and_then(|row| middle_of(row.promise.ship_by));
    let waits = matches!(po.state, PoState::Sent | PoState::Acknowledged);
    if let Some(day) = ships.filter(|day| waits && now - *day > OVER) {
        return Some(step(
            format!(
                "{vendor_name} has not said that {number} left, which was planned for {}; nobody is asked about it \
                 ([watch] in the configuration)",
                day.format("%a %Y-%m-%d")
            ),
            None,
            show,
        ));
    }
    let ships = ships.map(By::Day);
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

/// So long after the middle of a day it is over in every zone of the US.
const OVER: TimeDelta = TimeDelta::hours(16);

/// A moment that has this day in every zone of the US.
fn middle_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    day.and_hms_opt(18, 0, 0).map(|noon| noon.and_utc())
}
