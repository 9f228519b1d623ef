//! `poms message`: incoming documents.

mod contents;

use super::args::{Message, MessageAnswer};
use super::order::no_such_state;
use super::output::Usage;
use super::{Context, exit};
use crate::desk;
use crate::domain::lifecycle::MessageState;
use crate::domain::text::line;
use crate::files;
use crate::intake::contents::{harmless, is_sealed, is_sealed_document};
use crate::ledger::messages::MessageRow;
use crate::ledger::{LedgerError, Tx};
use crate::reports::exception_case::{about_message, headers};
use crate::reports::exceptions;
use crate::reports::layout::{TextSheet, View, count, quoted, table};
use anyhow::Context as _;
use serde_json::{Value, json};
use std::io::{IsTerminal, Read, Write};
use std::path::Path;

/// Runs the command.
pub fn run(context: &Context, command: &Message) -> anyhow::Result<u8> {
    match command {
        Message::List { state, limit } => list(context, state.as_deref(), *limit),
        Message::Show { id, raw: true } => raw(context, *id),
        Message::Show { id, raw: false } => show(context, *id),
        Message::Attachment { id, which, output } => {
            contents::attachment(context, *id, which.as_deref(), output)
        }
        Message::Answer(args) => answer(context, args),
        Message::Reprocess { id, note } => reprocess(context, *id, note),
    }
}

fn message_state(word: &str) -> Result<MessageState, Usage> {
    let known = MessageState::ALL.iter().map(|state| state.as_str());
    MessageState::parse(&word.to_lowercase()).ok_or_else(|| no_such_state(word, known))
}

fn list(context: &Context, state: Option<&str>, limit: usize) -> anyhow::Result<u8> {
    let state = state.map(message_state).transpose()?;
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let rows = ledger.read().messages(state, limit.saturating_add(1))?;
    context.out.answer(
        || json!({"messages": rows.iter().take(limit).collect::<Vec<_>>(), "more": rows.len() > limit}),
        || match (rows.is_empty(), state) {
            (true, Some(state)) => format!("No message is {state}. Every one: {} message list\n", view.poms),
            (true, None) => format!("No message came yet: {} process takes them in.\n", view.poms),
            _ => text(&rows, limit, &view),
        },
    );
    Ok(exit::DONE)
}

fn text(rows: &[MessageRow], limit: usize, view: &View) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(limit)
        .map(|row| {
            vec![
                row.id.to_string(),
                row.state.to_string(),
                view.moment(&row.received),
                row.mailbox.clone(),
                line(&row.sender),
                line(&row.subject),
                line(row.reason.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    let header = [
        "ID",
        "State",
        "Received",
        "Mailbox",
        "From (unproved)",
        "Subject",
        "Why",
    ];
    let more = match rows.len() > limit {
        true => format!("\nThe newest {limit}; there are more: --limit N\n"),
        false => format!("\n{}\n", count(rows.len(), "message")),
    };
    format!("{}{more}", table(&header, &cells, view.width))
}

fn show(context: &Context, id: i64) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let tx = ledger.read();
    let row = tx.message(id)?;
    let headers = headers(&tx, id)?;
    let order = row.order_id.map(|order| tx.order(order)).transpose()?;
    let order = order.map(|order| order.reference());
    let carried = carried(&tx, id)?;
    let open = tx.open_exceptions_of_message(id)?;
    let said = contents::read(context, &config, &tx, id)?;
    let sealed = match tx.message_document(id)? {
        Some(_) => is_sealed_document(&tx.message_raw(id)?),
        None => is_sealed(&tx.message_raw(id)?),
    };
    context.out.answer(
        || {
            let mut document = json!(row);
            document["order"] = json!(order);
            document["orders"] = carried.iter().map(|one| one.0.clone()).collect();
            document["headers"] = headers
                .iter()
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect();
            document["exceptions"] = open
                .iter()
                .map(|row| exceptions::json(row, view.now))
                .collect();
            (document["content"], document["attachments"]) = contents::json(&said);
            document
        },
        || {
            let mut sheet = TextSheet::new(view.width);
            about_message(&row, &headers, &view, &mut sheet);
            sheet.field("  Why", &line(row.reason.as_deref().unwrap_or_default()));
            sheet.field("  Read", &count(attempts(&row), "time"));
            orders(&carried, order.as_deref(), &view, &mut sheet);
            for row in &open {
                sheet.heading(&format!(
                    "Open exception {}",
                    exceptions::one_line(row, &view)
                ));
                sheet.command(&format!("{} exceptions show {}", view.poms, row.id));
            }
            contents::files(&said, id, &view, &mut sheet);
            sheet.heading(match sealed {
                true => "Its bytes as they came, still encrypted",
                false => "Its bytes as they came",
            });
            sheet.command(&format!("{} message show {id} --raw", view.poms));
            format!("{}{}", sheet.finish().trim_start(), contents::text(&said))
        },
    );
    Ok(exit::DONE)
}

/// One of several orders of a message: as JSON, in words, and what it is called.
type Carried = (Value, String, Option<String>);

/// The orders of a message, each with the command that shows it.
fn orders(carried: &[Carried], order: Option<&str>, view: &View, sheet: &mut TextSheet) {
    let show = |order: &str| format!("{} order show {}", view.poms, quoted(order));
    for (_, words, order) in carried {
        sheet.heading(words);
        if let Some(order) = order {
            sheet.command(&show(order));
        }
    }
    if let Some(order) = order.filter(|_| carried.is_empty()) {
        sheet.heading("It carried or repeated an order, or is about one");
        sheet.command(&show(order));
    }
}

/// The orders of a message that carries several.
fn carried(tx: &Tx, id: i64) -> anyhow::Result<Vec<Carried>> {
    let mut all = Vec::new();
    for row in tx.message_orders(id)? {
        let order = row.order_id.map(|order| tx.order(order)).transpose()?;
        let order = order.map(|order| order.reference());
        let mut document = json!(row);
        document["order"] = json!(order);
        let name = order.as_deref().unwrap_or(&row.number);
        let name = match name {
            "" => "without a number".to_owned(),
            name => line(name),
        };
        let why = row
            .reason
            .as_deref()
            .map_or(String::new(), |why| format!(": {}", line(why)));
        let words = format!("Order {} in it, {name}, is {}{why}", row.place, row.state);
        all.push((document, words, order));
    }
    Ok(all)
}

fn attempts(row: &MessageRow) -> usize {
    usize::try_from(row.attempts).unwrap_or_default()
}

fn raw(context: &Context, id: i64) -> anyhow::Result<u8> {
    if context.out.json {
        return Err(Usage(
            "--raw writes the message's own bytes, which are no JSON: leave one of the two away"
                .to_owned(),
        )
        .into());
    }
    let (_, ledger) = context.look()?;
    let tx = ledger.read();
    let row = tx.message(id)?;
    let bytes = tx.message_raw(id)?;
    let mut stdout = std::io::stdout().lock();
    let written = match stdout.is_terminal() {
        // a mail may hold what moves the cursor or renames the window
        true => {
            let shown = harmless(&String::from_utf8_lossy(&bytes));
            writeln!(stdout, "{shown}")
        }
        false => stdout.write_all(&bytes),
    };
    written.context("cannot write the message to stdout")?;
    if usize::try_from(row.size).is_ok_and(|size| size > bytes.len()) {
        context.out.error(&format!(
            "message {id} has {} bytes and was too large to keep: these are the first {}",
            row.size,
            bytes.len()
        ));
    }
    Ok(exit::DONE)
}

fn answer(context: &Context, args: &MessageAnswer) -> anyhow::Result<u8> {
    let text = match (&args.text, &args.file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => text_of(file)?,
        (None, None) => String::new(),
    };
    context.act(|tx, site| {
        let answer = desk::answer::MailAnswer {
            text: &text,
            note: &args.note,
            to: args.to.as_deref(),
            again: args.again,
            unproved: args.unproved,
        };
        desk::answer::answer(tx, site, args.id, &answer)
    })
}

/// An answer that was written into a file.
fn text_of(file: &Path) -> anyhow::Result<String> {
    const MOST: u64 = 1 << 20;
    let read = match file == Path::new("-") {
        true => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().take(MOST).read_to_end(&mut bytes);
            read.map(|_| bytes)
        }
        false => files::read(file, MOST),
    };
    let bytes = read.with_context(|| format!("cannot read the answer from {}", file.display()))?;
    let text =
        String::from_utf8(bytes).with_context(|| format!("{} is no UTF-8 text", file.display()))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn reprocess(context: &Context, id: i64, note: &str) -> anyhow::Result<u8> {
    let config = context.config()?;
    let now = context.clock()?.now();
    let mut ledger = context.write_ledger(&config)?;
    let said = ledger.write(now, |tx| {
        desk::message::reprocess(tx, id, desk::reason(note)?)?;
        Ok::<_, LedgerError>(vec![format!(
            "Message {id} is taken up again: the next `poms process` reads it."
        )])
    })?;
    ledger.anchor(&config.site.anchor, now)?;
    context.out.said(&said);
    Ok(exit::DONE)
}
