//! What an exception about a mail shows and offers: its files, and an answer.

use super::{Case, Choice};
use crate::domain::codes::{Code, ExceptionCode, Remedy};
use crate::domain::enclosure;
use crate::domain::lifecycle::{OrderState, PoState};
use crate::domain::order::OrderLine;
use crate::domain::text::line as one_line;
use crate::intake::classify::Class;
use crate::intake::inbound::{self, Marks};
use crate::intake::{contents, enclosed};
use crate::ledger::{Result, Tx};
use crate::reports::layout::{TextSheet, View, quoted};
use serde_json::{Value, json};

/// Codes under which a mail that somebody wrote is put before a person.
const LETTERS: [Code; 5] = [
    Code::CustomerMail,
    Code::CustomerAnswer,
    Code::VendorMail,
    Code::ReturnMail,
    Code::UntrustedSender,
];

/// Whether an exception that has an order, too, is about a mail to be read.
pub(super) fn is_about_a_mail(code: &ExceptionCode) -> bool {
    code.is_one_of(&LETTERS)
}

/// The files of a message that is not encrypted.
pub(super) fn files(tx: &Tx, message: i64) -> Result<Vec<(String, String, usize)>> {
    let raw = tx.message_raw(message)?;
    if let Some(about) = tx.message_document(message)? {
        let shown = !contents::is_sealed_document(&raw);
        let file = shown.then_some((about.file_name, about.media_type, raw.len()));
        return Ok(file.into_iter().collect());
    }
    if contents::is_sealed(&raw) {
        return Ok(Vec::new());
    }
    let found = enclosed::files(&raw).unwrap_or_default().into_iter();
    Ok(found
        .map(|file| (file.name, file.mime, file.bytes.len()))
        .collect())
}

/// Whether a mail can be written in answer to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayAnswer {
    /// Nobody has answered it.
    First,
    /// Somebody has.
    Again,
}

/// Whether a message can be answered by mail: somebody wrote it, and there is an address.
pub(super) fn answer(tx: &Tx, message: i64, on_file: bool) -> Result<Option<MayAnswer>> {
    // a file or a shop's record has nobody who could be answered
    if tx.message_document(message)?.is_some() {
        return Ok(None);
    }
    let received = tx.message(message)?.received.time();
    let raw = tx.message_raw(message)?;
    let read = inbound::read(&raw, &Marks::default(), received, tx.now());
    let letter = read
        .is_ok_and(|mail| matches!(mail.class, Class::Letter) && (on_file || mail.from.is_some()));
    if !letter {
        return Ok(None);
    }
    let facts = tx.audit_of(&format!("message:{message}"))?;
    Ok(Some(
        match facts.iter().any(|fact| fact.kind == "message.answered") {
            true => MayAnswer::Again,
            false => MayAnswer::First,
        },
    ))
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
    sheet: &mut TextSheet,
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
    let unproved = if case.unproved { " --unproved" } else { "" };
    let answer = case.answer.map(|answer| Choice {
        word: "answer",
        what: match answer {
            MayAnswer::First => "write back, in the thread",
            MayAnswer::Again => "write back once more, in the thread",
        }
        .to_owned(),
        command: format!(
            "{poms} message answer {} --text \"TEXT\"{}{unproved} --note \"WHY\"",
            message.id,
            match answer {
                MayAnswer::First => "",
                MayAnswer::Again => " --again",
            }
        ),
    });
    let mut choices: Vec<Choice> = answer.into_iter().collect();
    choices.extend(import(case, message.id, poms));
    choices.extend(later(case, poms));
    let Some(story) = case
        .story
        .as_ref()
        .filter(|_| case.row.code == Code::CustomerMail)
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
    choices.extend(lines(case, poms));
    choices.push(Choice {
        word: "note",
        what: format!("write down what was agreed about order {order}"),
        command: format!("{poms} order note {} \"TEXT\"", quoted(&order)),
    });
    choices
}

/// The rows of an attached table by hand; those that could not be read are no better so.
fn import(case: &Case, message: i64, poms: &str) -> Option<Choice> {
    let readable = case.row.code == Code::VendorMail && !case.row.entity.starts_with("document:");
    let place = case
        .files
        .iter()
        .position(|(_, mime, _)| mime.starts_with("text/"));
    let number = place.filter(|_| readable)? + 1;
    let file = format!("table-{message}-{number}.csv");
    Some(Choice {
        word: "import",
        what: "the rows of the attached table are right, as you know from the vendor".to_owned(),
        command: format!(
            "{poms} message attachment {message} {number} -o {file} && {poms} import-advices {file}"
        ),
    })
}

/// What a vendor's mail may answer of what is still to come.
fn later(case: &Case, poms: &str) -> Option<Choice> {
    let story = case.story.as_ref()?;
    let po = case
        .row
        .subject
        .po
        .filter(|_| case.row.code == Code::VendorMail)?;
    let with_vendor = |state| {
        use PoState::{Acknowledged, Backordered, PartlyShipped, Rejected, Sent};
        matches!(
            state,
            Sent | Acknowledged | Backordered | PartlyShipped | Rejected
        )
    };
    let mut pos = story.pos.iter().map(|(po, _)| po);
    let row = pos.find(|row| row.id == po && with_vendor(row.state))?;
    let mut lines = story.supply.lines.iter();
    let open = lines.any(|line| line.po_id == po && line.pieces.open() > 0);
    open.then(|| Choice {
        word: "backordered",
        what: "it comes later: note it, and dismiss this (--until DATE where a day is named, --line N for one line)"
            .to_owned(),
        command: format!(
            "{poms} po answer {} backordered --note \"WHO SAID SO\"",
            quoted(&row.number)
        ),
    })
}

/// Each line of a placed order by itself, of which something has not left.
fn lines(case: &Case, poms: &str) -> Vec<Choice> {
    let Some(story) = &case.story else {
        return Vec::new();
    };
    let state = story.row.state;
    if !matches!(state, OrderState::Placed | OrderState::PartlyShipped) {
        return Vec::new();
    }
    let name = story.row.reference();
    let of_line = |(number, line): (i64, &OrderLine)| {
        let all = story.supply.lines.iter();
        let all = all.filter(|one| one.order_line == number);
        let open: i64 = all.map(|one| one.pieces.open()).sum();
        let sku = one_line(line.sku.trim());
        (open > 0).then(|| Choice {
            word: "cancel",
            what: format!("take line {number}, {open} of {sku}, off the order"),
            command: format!(
                "{poms} order cancel {} --line {number} --pieces {open} --note \"WHY\"",
                quoted(&name)
            ),
        })
    };
    let lines = &story.row.order.lines;
    let all: Vec<Choice> = (1..).zip(lines).filter_map(of_line).collect();
    // the only line is the order, which --cancel takes back
    match (state, lines.as_slice()) {
        (OrderState::Placed, [one]) if one.qty <= 1 => Vec::new(),
        _ => all,
    }
}

/// What a remedy does about a mail, where that is not what it does elsewhere.
pub(super) fn what(case: &Case, remedy: Remedy) -> Option<&'static str> {
    match (remedy, case.row.code.known()) {
        (Remedy::Release, Some(Code::MixedContent)) => {
            Some("open its one encrypted part, with every other check; nothing beside it is used")
        }
        (Remedy::Release, Some(Code::RemitToChanged)) => Some(
            "the vendor confirmed it at the number on file: the same words are no alarm from now on",
        ),
        (Remedy::Dismiss, Some(Code::RemitToChanged)) => {
            Some("nothing comes of it; the same words are an alarm again")
        }
        (Remedy::Dismiss, Some(Code::CustomerMail)) => Some("it needs no answer: close it"),
        _ => None,
    }
}
