//! `poms message show` and `poms message attachment`: what a message says, and the files in it.

use super::super::output::{Usage, is_stdout};
use super::super::{Context, exit};
use crate::app;
use crate::config::Config;
use crate::domain::enclosure;
use crate::intake::contents::{self, Contents, How};
use crate::intake::inbound::File;
use crate::ledger::Tx;
use crate::reports::layout::{TextSheet, View};
use serde_json::{Value, json};
use std::path::Path;

/// What a message says, opened with the site's keys where it is encrypted; keys that cannot be used
/// are the reason why it is not shown.
pub fn read(context: &Context, config: &Config, tx: &Tx, id: i64) -> anyhow::Result<Contents> {
    let row = tx.message(id)?;
    let raw = tx.message_raw(id)?;
    let now = context.clock()?.now();
    let received = row.received.time();
    let closed = |why: String| Contents {
        how: How::Closed(why),
        text: None,
        files: Vec::new(),
    };
    let document = tx.message_document(id)?;
    let sealed = match document {
        Some(_) => contents::is_sealed_document(&raw),
        None => contents::is_sealed(&raw),
    };
    let reader = match sealed {
        true => match app::reader(config, &context.clock()?) {
            Ok(reader) => Some(reader),
            Err(fault) => return Ok(closed(format!("{fault:#}"))),
        },
        false => None,
    };
    let keys = reader
        .as_ref()
        .map(|reader| (&reader.keyring, &reader.limits));
    if let Some(about) = &document {
        return Ok(contents::of_document(&raw, about, keys, received, now));
    }
    let read = contents::of(&raw, keys, received, now);
    Ok(read.unwrap_or_else(|refusal| closed(refusal.reason)))
}

/// Gives it as JSON.
pub fn json(contents: &Contents) -> (Value, Value) {
    let signer = match &contents.how {
        How::Signed(key) => Some(key),
        How::Clear | How::Unsigned | How::Trusted(_) | How::Closed(_) => None,
    };
    let said = json!({"how": contents.how.told(), "signer": signer, "text": contents.text});
    let files = contents.files.iter().enumerate();
    let files = files.map(|(place, file)| {
        json!({
            "number": place + 1,
            "name": enclosure::shown_name(&file.name),
            "type": file.mime,
            "size": file.bytes.len(),
            "about": enclosure::hint(&file.name, &file.mime),
        })
    });
    (said, files.collect())
}

/// The files, and how each is written out.
pub fn files(contents: &Contents, id: i64, view: &View, sheet: &mut TextSheet) {
    if contents.files.is_empty() {
        return;
    }
    sheet.heading("Attached");
    for (place, file) in contents.files.iter().enumerate() {
        let told = enclosure::told(&file.name, &file.mime, file.bytes.len());
        let hint = enclosure::hint(&file.name, &file.mime);
        let hint = hint.map_or_else(String::new, |hint| format!(": {hint}"));
        sheet.entry(&(place + 1).to_string(), &format!("{told}{hint}"));
    }
    sheet.item("write one out, by its number:");
    sheet.command(&format!("{} message attachment {id} 1 -o FILE", view.poms));
}

/// The text, each line as it stands.
pub fn text(contents: &Contents) -> String {
    let mut said = format!("\nWhat it says ({})\n", contents.how.told());
    for line in contents.text.iter().flat_map(|text| text.lines()) {
        said.push_str(format!("    {line}").trim_end());
        said.push('\n');
    }
    if contents.text.is_none() && !matches!(contents.how, How::Closed(_)) {
        said.push_str("    (no text)\n");
    }
    said
}

/// Writes one file of a message out: to a new file, never to a place that the mail names.
///
/// # Errors
/// When there is none, several are meant, or the file cannot be made.
pub fn attachment(
    context: &Context,
    id: i64,
    which: Option<&str>,
    output: &Path,
) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let contents = read(context, &config, &ledger.read(), id)?;
    let file = find(id, &contents, which)?;
    if is_stdout(output) {
        context.out.bytes(&file.bytes);
        return Ok(exit::DONE);
    }
    context.out.new_file(output, &file.bytes)?;
    let told = enclosure::told(&file.name, &file.mime, file.bytes.len());
    context.out.said(&[format!(
        "{} holds {told} of message {id}, as the sender made it: open it with care.",
        output.display()
    )]);
    Ok(exit::DONE)
}

fn find<'c>(id: i64, contents: &'c Contents, which: Option<&str>) -> anyhow::Result<&'c File> {
    let files = &contents.files;
    let list = || {
        let all = files.iter().enumerate();
        let told = |(place, file): (usize, &File)| {
            format!(
                "{} {}",
                place + 1,
                enclosure::told(&file.name, &file.mime, file.bytes.len())
            )
        };
        all.map(told).collect::<Vec<_>>().join(", ")
    };
    if files.is_empty() {
        let why = match &contents.how {
            How::Closed(why) => format!(" that can be seen: {why}"),
            How::Clear | How::Signed(_) | How::Unsigned | How::Trusted(_) => String::new(),
        };
        anyhow::bail!("message {id} has no attachment{why}");
    }
    let Some(which) = which else {
        return match files.as_slice() {
            [only] => Ok(only),
            _ => Err(Usage(format!("which of them? {}", list())).into()),
        };
    };
    let number = which
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    if let Some(file) = number.and_then(|place| files.get(place)) {
        return Ok(file);
    }
    let mut named = files.iter().filter(|file| {
        file.name.eq_ignore_ascii_case(which) || enclosure::shown_name(&file.name) == which
    });
    match (named.next(), named.next()) {
        (Some(file), None) => Ok(file),
        (None, _) => Err(Usage(format!(
            "message {id} has no attachment '{}'. It has {}",
            which.escape_debug(),
            list()
        ))
        .into()),
        (Some(_), Some(_)) => Err(Usage(format!(
            "message {id} has several of that name: say the number. It has {}",
            list()
        ))
        .into()),
    }
}
