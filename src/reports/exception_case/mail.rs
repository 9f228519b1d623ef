//! What an exception about a mail shows and offers: its files, and an answer.

use super::{Case, Choice};
use crate::domain::codes::Remedy;
use crate::domain::enclosure;
use crate::domain::lifecycle::OrderState;
use crate::domain::question::QuestionState;
use crate::intake::{contents, enclosed};
use crate::ledger::questions::QuestionRow;
use crate::ledger::{Result, Tx};
use crate::reports::layout::{Sheet, View, quoted};
use serde_json::{Value, json};

/// Codes under which a mail that somebody wrote is put before a person.
const LETTERS: [&str; 5] = [
    "customer_mail",
    "customer_answer",
    "vendor_mail",
    "return_mail",
    "untrusted_sender",
];

/// Whether an exception that has an order, too, is about a mail to be read.
pub(super) fn is_about_a_mail(code: &str) -> bool {
    LETTERS.contains(&code)
}

/// The files of a message that is not encrypted.
pub(super) fn files(tx: &Tx, message: i64) -> Result<Vec<(String, String, usize)>> {
    let raw = tx.message_raw(message)?;
    if contents::is_sealed(&raw) {
        return Ok(Vec::new());
    }
    let found = enclosed::files(&raw).unwrap_or_default().into_iter();
    Ok(found
        .map(|file| (file.name, file.mime, file.bytes.len()))
        .collect())
}

/// The files as JSON, numbered as `poms message attachment` takes them.
pub(super) fn json(files: &[(String, String, usize)]) -> Value {
    let one = |(place, (name, mime, size)): (usize, &(String, String, usize))| json!({"number": place + 1, "name": enclosure::shown_name(name), "type": mime, "size": size});
    files.iter().enumerate().map(one).collect()
}

/// The files, and how to see more.
pub(super) fn told(
    files: &[(String, String, usize)],
    message: i64,
    view: &View,
    sheet: &mut Sheet,
) {
    if !files.is_empty() {
        sheet.item("Attached:");
        for (place, (name, mime, size)) in files.iter().enumerate() {
            let told = enclosure::told(name, mime, *size);
            let hint = enclosure::hint(name, mime);
            let hint = hint.map_or_else(String::new, |hint| format!(": {hint}"));
            sheet.entry(&format!("  {}", place + 1), &format!("{told}{hint}"));
        }
        sheet.item("write one out, by its number");
        sheet.command(&format!(
            "{} message attachment {message} 1 -o FILE",
            view.poms
        ));
    }
    sheet.item("the whole text of it, decrypted where it is encrypted");
    sheet.command(&format!("{} message show {message}", view.poms));
}

/// What a person can do about a mail beside the remedies.
pub(super) fn choices(case: &Case, view: &View) -> Vec<Choice> {
    let Some((message, _)) = case
        .message
        .as_ref()
        .filter(|_| is_about_a_mail(&case.row.code))
    else {
        return Vec::new();
    };
    let poms = &view.poms;
    let mut choices = vec![Choice {
        word: "answer",
        what: "write back, in the thread".to_owned(),
        command: format!(
            "{poms} message answer {} --text \"TEXT\" --note \"WHY\"",
            message.id
        ),
    }];
    let Some(story) = case
        .story
        .as_ref()
        .filter(|_| case.row.code == "customer_mail")
    else {
        return choices;
    };
    let order = story.row.reference();
    if matches!(story.row.state, OrderState::Ready | OrderState::Held) {
        choices.push(Choice {
            word: "hold",
            what: format!("keep order {order} from being placed"),
            command: format!("{poms} order hold {} --note \"WHY\"", quoted(&order)),
        });
    }
    choices.push(Choice {
        word: "note",
        what: format!("write down what was agreed about order {order}"),
        command: format!("{poms} order note {} \"TEXT\"", quoted(&order)),
    });
    choices
}

/// What a remedy does about a mail, where that is not what it does elsewhere.
pub(super) fn what(case: &Case, remedy: Remedy) -> Option<&'static str> {
    match (remedy, case.row.code.as_str()) {
        (Remedy::Release, "mixed_content") => {
            Some("open its one encrypted part, with every other check; nothing beside it is used")
        }
        (Remedy::Dismiss, "customer_mail") => Some("it needs no answer: close it"),
        _ => None,
    }
}

/// Whether the order's state allows a remedy: a customer's mail comes in every state. Nobody is asked
/// while an answer is waited for, or waits to be acted on.
pub(super) fn allows(case: &Case, remedy: Remedy) -> bool {
    if remedy == Remedy::AskCustomer {
        return can_ask(case);
    }
    let wanted = ["customer_mail", "customer_answer"].contains(&case.row.code.as_str());
    let story = case.story.as_ref().filter(|_| wanted);
    story.is_none_or(|story| match remedy {
        Remedy::Cancel => story.row.state.may_become(OrderState::Cancelled),
        Remedy::CancelLine | Remedy::OtherVendor => matches!(
            story.row.state,
            OrderState::Placed | OrderState::PartlyShipped
        ),
        _ => true,
    })
}

fn can_ask(case: &Case) -> bool {
    let waits = |question: &QuestionRow| {
        matches!(
            question.state,
            QuestionState::Open | QuestionState::Answered
        )
    };
    !case.question.as_ref().is_some_and(waits)
}
