//! `poms format`: documents of shops, and what comes out of one.

use super::args::Format;
use super::{Context, exit};
use crate::domain::foreign::cut;
use crate::files;
use crate::formats::{FORMATS, OrderDocument};
use crate::intake::cards::KnownNumbers;
use crate::intake::read::orders_in;
use crate::reports::layout::count;
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// The largest document that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Runs the command.
pub fn run(context: &Context, command: &Format) -> anyhow::Result<u8> {
    match command {
        Format::List => list(context),
        Format::Test { file } => test(context, file)?,
    }
    Ok(exit::DONE)
}

/// A document at somebody's word.
///
/// # Errors
/// Why the file cannot be read.
pub fn document(file: &Path) -> anyhow::Result<OrderDocument> {
    let shown = file.display();
    let bytes = files::read(file, LARGEST).with_context(|| format!("{shown} cannot be read"))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(OrderDocument::new(bytes).named(&name))
}

fn list(context: &Context) {
    let one =
        |format: &crate::formats::OrderFormat| json!({"name": format.name, "about": format.about});
    context.out.answer(
        || json!({"formats": FORMATS.iter().map(one).collect::<Vec<_>>()}),
        || {
            let rows = FORMATS
                .iter()
                .map(|format| format!("{:<18}{}\n", format.name, format.about));
            rows.collect()
        },
    );
}

fn test(context: &Context, file: &Path) -> anyhow::Result<()> {
    let document = document(file)?;
    let orders = match orders_in(&document, &KnownNumbers::new()) {
        Ok(orders) => orders,
        Err(refusal) => bail!("{}: {}", file.display(), refusal.reason),
    };
    let read: Vec<(&str, Value)> = orders
        .iter()
        .map(|(new, _)| (new.format, json!(new.order)))
        .collect();
    context.out.answer(
        || {
            let one = |(format, order): &(&str, Value)| json!({"format": format, "order": order});
            json!({"orders": read.iter().map(one).collect::<Vec<_>>()})
        },
        || {
            let mut text = String::new();
            for (format, order) in &read {
                let number = order["order_number"].as_str().unwrap_or_default();
                let _ = writeln!(text, "{format}: order {}", cut(number, LONGEST));
                fields(order, "", &mut text);
            }
            text + &format!("{}; nothing was taken in.\n", count(read.len(), "order"))
        },
    );
    Ok(())
}

/// Characters of a value at most.
const LONGEST: usize = 200;

/// Each value under its path, as `--amend` takes it; what cannot be seen in it is escaped.
fn fields(value: &Value, path: &str, text: &mut String) {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    let shown = match value {
        Value::Object(map) => {
            return map
                .iter()
                .for_each(|(key, one)| fields(one, &below(key), text));
        }
        Value::Array(list) => {
            let entries = list.iter().zip(1..);
            return entries.for_each(|(one, place): (&Value, usize)| {
                fields(one, &below(&place.to_string()), text)
            });
        }
        Value::String(own) => cut(own, LONGEST),
        other => other.to_string(),
    };
    let _ = writeln!(text, "  {:<34} {shown}", cut(path, LONGEST));
}
