//! One exception on a screen.

use super::{Attempt, Case, choices, impossible, mail, silent};
use crate::domain::question::QuestionState;
use crate::domain::text::{line, one_stop};
use crate::domain::vouched::source_of;
use crate::ledger::messages::MessageRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::questions::QuestionRow;
use crate::reports::layout::{TextSheet, View, quoted};
use crate::reports::order_story::{self, Story};
use crate::reports::{exceptions, plain_words};

/// The whole case.
pub fn text(case: &Case, view: &View) -> String {
    let mut sheet = TextSheet::new(view.width);
    let row = &case.row;
    sheet.line(&format!(
        "Exception {} {} about {}, {} {} ({})",
        row.id,
        row.code,
        exceptions::about(row),
        if row.open { "open since" } else { "opened" },
        view.moment(&row.opened),
        view.age(&row.opened)
    ));
    sheet.field("Why", &row.message);
    match row.open {
        true => {
            let what = match row.severity.as_str() {
                "warn" => "only warns: nothing waits for it",
                _ => "holds until a person resolves it",
            };
            sheet.field("It", what);
            sheet.field("Advice", &advice(case));
        }
        false => sheet.field("Resolved", &resolved(case, view)),
    }
    if let Some(until) = row.snoozed.as_ref().filter(|_| row.open) {
        sheet.field("Snoozed", &format!("until {}", view.moment(until)));
    }
    if let Some(question) = &case.question {
        sheet.field("Customer", &asked(question, view));
    }
    if let Some((message, headers)) = &case.message {
        about_message(message, headers, view, &mut sheet);
        mail::told(&case.files, message.id, view, &mut sheet);
    }
    if let Some((delivery, attempts)) = &case.delivery {
        about_delivery(delivery, attempts, view, &mut sheet);
    }
    silent::list(case, view, &mut sheet);
    if let Some(story) = &case.story {
        about_order(case, story, view, &mut sheet);
    }
    to_type(case, view, &mut sheet);
    sheet.finish()
}

/// What the customer was asked, and answered.
fn asked(row: &QuestionRow, view: &View) -> String {
    let asked = format!("asked on {}", view.moment(&row.asked));
    let by = row.answer_by.format("%A, %B %-d, %Y");
    match row.state {
        QuestionState::Open => format!("{asked}, answers by {by}"),
        QuestionState::Answered => format!(
            "{asked}, answered: {}",
            line(row.said.as_deref().unwrap_or_default())
        ),
        QuestionState::Unanswered => format!("{asked}, did not answer by {by}"),
        QuestionState::Closed => format!("{asked}; it is settled"),
    }
}

fn resolved(case: &Case, view: &View) -> String {
    let row = &case.row;
    let or = |text: &Option<String>, none: &str| text.clone().unwrap_or_else(|| none.to_owned());
    format!(
        "{} by {} on {}: {}",
        or(&row.resolution, "resolved"),
        plain_words::login(row.actor.as_deref().unwrap_or("someone")),
        row.resolved
            .as_ref()
            .map_or_else(String::new, |at| view.moment(at)),
        line(&or(&row.note, "no note"))
    )
}

/// A message as it stands outside the encryption.
pub fn about_message(
    message: &MessageRow,
    headers: &[(String, String)],
    view: &View,
    sheet: &mut TextSheet,
) {
    sheet.heading(&format!(
        "Message {} is {}, received {}",
        message.id,
        message.state,
        view.moment(&message.received)
    ));
    sheet.field(
        "  Mailbox",
        &format!("{}, as {}", message.mailbox, line(&message.source)),
    );
    sheet.field(
        "  Size",
        &format!("{} bytes, SHA-256 {}", message.size, message.sha256),
    );
    if message.copies > 1 {
        sheet.field("  Copies", &format!("it came {} times", message.copies));
    }
    let signer = message.signer.as_deref();
    let signer = match (signer.and_then(source_of), signer) {
        (Some(source), _) => format!("none: the configuration trusts the source {}", line(source)),
        (None, Some(fingerprint)) => fingerprint.to_owned(),
        (None, None) => "not known: no signature that counts".to_owned(),
    };
    sheet.field("  Signer", &signer);
    if !headers.is_empty() {
        sheet.item("Outer headers, which anyone can write:");
        for (name, value) in headers {
            sheet.entry(&format!("  {name}:"), &line(value));
        }
    }
}

/// A delivery with its attempts.
pub fn about_delivery(
    delivery: &DeliveryRow,
    attempts: &[Attempt],
    view: &View,
    sheet: &mut TextSheet,
) {
    sheet.heading(&format!(
        "Delivery {} ({}) is {}: {}",
        delivery.id,
        line(&delivery.subject),
        delivery.state,
        plain_words::delivery_state(delivery.state)
    ));
    sheet.field(
        "  To",
        &format!("{} by {}", delivery.recipients.join(", "), delivery.channel),
    );
    sheet.field("  From", &delivery.sender);
    sheet.field("  Ref", &delivery.reference);
    sheet.field("  Made", &view.moment(&delivery.created));
    if let Some(at) = &delivery.next_attempt {
        sheet.field(
            "  Next try",
            &format!("{} ({})", view.moment(at), view.until(at)),
        );
    }
    if attempts.is_empty() {
        sheet.field("  Attempts", "none so far");
        return;
    }
    sheet.item("Attempts and what the other side answered:");
    for attempt in attempts {
        let text = match attempt.answer.is_empty() {
            true => attempt.outcome.clone(),
            false => format!("{}: {}", attempt.outcome, line(&attempt.answer)),
        };
        sheet.entry(&format!("  {}", view.as_written(&attempt.at)), &text);
    }
}

fn about_order(case: &Case, story: &Story, view: &View, sheet: &mut TextSheet) {
    sheet.heading(&format!(
        "Order {} is {}",
        story.row.reference(),
        plain_words::order_state(story.row.state)
    ));
    order_story::contents(story, Some(&case.offers), view, sheet);
    let currency = &story.row.order.currency;
    if let Some(spending) = &case.spending {
        let limit = spending
            .limit
            .map_or_else(|| "none now".to_owned(), |limit| limit.display(currency));
        sheet.field(
            "  Spending",
            &format!(
                "{} in other orders, {} in this one; the limit is {limit}",
                spending.before.display(currency),
                story.row.order.total.display(currency)
            ),
        );
    }
    if let Some((earlier, differences)) = &case.earlier {
        sheet.heading(&format!(
            "The earlier order {} is {}, ordered {}, total {}",
            earlier.reference(),
            earlier.state,
            view.at(earlier.order.date.to_utc()),
            earlier.order.total.display(currency)
        ));
        match differences.is_empty() {
            true => sheet.item("it says the same in every field"),
            false => differences.iter().for_each(|found| sheet.entry("-", found)),
        }
    }
    let others: Vec<_> = story
        .exceptions
        .iter()
        .filter(|other| other.id != case.row.id)
        .collect();
    if !others.is_empty() {
        sheet.heading("Other open exceptions of this order");
        for other in others {
            sheet.entry(&other.id.to_string(), &exceptions::one_line(other, view));
        }
    }
    order_story::notes(story, view, sheet);
}

/// The advice of the code, without the remedies that are not possible as things stand.
fn advice(case: &Case) -> String {
    let refused = impossible(case);
    let no = |word: &str| refused.iter().any(|(remedy, _)| *remedy == word);
    let all = case.row.definition().advice.split_inclusive(". ");
    let of = |sentence: &str| {
        let first = sentence.split([' ', ',']).next().unwrap_or_default();
        !first.is_empty() && no(&first.to_lowercase())
    };
    let amends = |sentence: &str| sentence.contains(": amend ") && no("amend");
    let left = all
        .filter(|sentence| !of(sentence))
        .map(|sentence| match amends(sentence) {
            // what to ask stays
            true => {
                let asked = sentence.split(" and say it").next().unwrap_or_default();
                format!("{}. ", asked.split(": amend ").next().unwrap_or_default())
            }
            false => sentence.to_owned(),
        });
    let left = left.collect::<String>();
    match left.trim() {
        "" => case.row.definition().advice.to_owned(),
        left => left.to_owned(),
    }
}

fn to_type(case: &Case, view: &View, sheet: &mut TextSheet) {
    let choices = choices(case, view);
    if !choices.is_empty() {
        sheet.heading("What to type");
        for choice in &choices {
            sheet.item(&format!("{}: {}", choice.word, choice.what));
            sheet.command(&choice.command);
        }
    }
    if let Some(order) = case.row.order_reference() {
        sheet.item("the order's whole story");
        sheet.command(&format!("{} order show {}", view.poms, quoted(&order)));
    }
    let refused = impossible(case);
    if !refused.is_empty() {
        sheet.heading("Not possible as things stand");
        for (word, why) in refused {
            sheet.entry(&format!("{word}:"), &one_stop(&line(why)));
        }
    }
}
