//! What Amazon SES says of a mail by way of Amazon SNS: a mail whose text is JSON, the event itself or
//! an envelope that has it as a text (Amazon SES Developer Guide, "Amazon SNS notification contents
//! for Amazon SES" and "Contents of event data that Amazon SES publishes to Amazon SNS"). SES gives a
//! mail an identity of its own; ours stands among the headers that it repeats.

use super::{Action, DeliveryReport};
use crate::domain::text::one_line;
use crate::intake::head::{self, HeaderField};
use serde_json::Value;

/// What an event is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnsEvent {
    /// What became of a mail.
    Report(DeliveryReport),
    /// A recipient marked it as unwanted; the Message-IDs that name the mail.
    Complaint(Vec<String>),
    /// That it was sent, opened or the like.
    Other,
}

/// The domains from which SNS writes.
const SENDERS: [&str; 2] = ["@sns.amazonaws.com", "@sns.amazonaws.com.cn"];
/// Longest text that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// The event in a mail of SNS; `None` when it is no such mail. Its sender is not proved by anything:
/// it counts, as any report does, only by the Message-ID of a mail of ours.
pub fn read(fields: &[HeaderField], text: &str) -> Option<SnsEvent> {
    let from = head::first(fields, "from")?.to_ascii_lowercase();
    let from = from.trim_end_matches(['>', ' ']);
    if !SENDERS.iter().any(|sender| from.ends_with(sender)) || text.len() > LONGEST {
        return None;
    }
    let event = event(text.trim_start())?;
    let kind = ["notificationType", "eventType"];
    let kind = kind.iter().find_map(|key| event[*key].as_str())?;
    let about = about(&event["mail"]);
    let (action, told, recipients) = match kind {
        // given up, also where another mail may arrive
        "Bounce" => (Action::Failed, &event["bounce"], "bouncedRecipients"),
        "Reject" => (Action::Failed, &event["reject"], ""),
        "Rendering Failure" => (Action::Failed, &event["failure"], ""),
        "DeliveryDelay" => (
            Action::Delayed,
            &event["deliveryDelay"],
            "delayedRecipients",
        ),
        "Delivery" => (Action::Delivered, &event["delivery"], "recipients"),
        "Complaint" => return Some(SnsEvent::Complaint(about)),
        _ => return Some(SnsEvent::Other),
    };
    Some(SnsEvent::Report(DeliveryReport {
        action,
        recipients: addresses(&told[recipients], &event["mail"]["destination"]),
        diagnostic: diagnostic(told, recipients),
        about,
    }))
}

/// The first JSON object of the text; of an envelope what is in it.
fn event(text: &str) -> Option<Value> {
    if !text.starts_with('{') {
        return None;
    }
    let first = |text: &str| {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        values.next()?.ok()
    };
    let value = first(text)?;
    match value["Message"].as_str() {
        Some(inner) => first(inner.trim_start()),
        None => Some(value),
    }
}

fn about(mail: &Value) -> Vec<String> {
    let common = mail["commonHeaders"]["messageId"].as_str();
    let headers = mail["headers"].as_array().into_iter().flatten();
    let named = headers.filter(|one| {
        let name = one["name"].as_str().unwrap_or_default();
        name.eq_ignore_ascii_case("message-id")
    });
    let values = common
        .into_iter()
        .chain(named.filter_map(|one| one["value"].as_str()));
    let mut ids: Vec<String> = values
        .take(20)
        .flat_map(|value| match value.contains('<') {
            true => head::message_ids(value),
            false => head::message_ids(&format!("<{}>", value.trim())),
        })
        .collect();
    ids.dedup();
    ids
}

/// Addresses, or objects that have one; else all to whom the mail went.
fn addresses(list: &Value, all: &Value) -> Vec<String> {
    let of = |list: &Value| -> Vec<String> {
        let all = list.as_array().into_iter().flatten().take(100);
        let address = |one: &Value| {
            let address = one.as_str().or_else(|| one["emailAddress"].as_str())?;
            Some(one_line(address))
        };
        all.filter_map(address).collect()
    };
    let named = of(list);
    if named.is_empty() { of(all) } else { named }
}

/// The server's words, else SES's own.
fn diagnostic(told: &Value, recipients: &str) -> String {
    let first = &told[recipients][0];
    let words = [
        &first["diagnosticCode"],
        &told["smtpResponse"],
        &told["reason"],
        &told["errorMessage"],
        &told["delayType"],
    ];
    let words = words.into_iter().find_map(Value::as_str);
    if let Some(words) = words {
        let words = words.strip_prefix("smtp;").unwrap_or(words);
        return one_line(words);
    }
    let kinds = [&told["bounceType"], &told["bounceSubType"]];
    let kinds: Vec<&str> = kinds.into_iter().filter_map(Value::as_str).collect();
    match kinds.as_slice() {
        [] => "the report gives no reason".to_owned(),
        kinds => one_line(&kinds.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_panics(text in "(\\{|\\}|\"notificationType\":\"Bounce\"|\"bounce\":|\"mail\":|\\[|\\]|,|\"Message\":\"|\\PC){0,30}") {
            let fields = head::fields(b"From: no-reply@sns.amazonaws.com\r\n\r\n");
            read(&fields, &text);
        }
    }
}
