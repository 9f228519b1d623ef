//! `poms format`: documents of shops, and what comes out of one.

use super::args::Format;
use super::output::Usage;
use super::{Context, exit};
use crate::app::{self, Unusable};
use crate::config::ConfigError;
use crate::domain::foreign::cut;
use crate::domain::order::Order;
use crate::domain::spelling::nearest;
use crate::files;
use crate::formats::mapped::{MappedFormat, MappedOrder};
use crate::formats::{self, FORMATS, FormatError, OrderDocument, OrderFormats};
use crate::intake::cards::{self, KnownNumbers};
use crate::intake::read::{ShopCancellation, cancellation};
use crate::intake::refusal::Refusal;
use crate::reports::layout::count;
use anyhow::{Context as _, anyhow, bail};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

/// The largest document that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Runs the command.
pub fn run(context: &Context, command: &Format) -> anyhow::Result<u8> {
    let formats = known(context)?;
    match command {
        Format::List => {
            list(context, &formats);
            Ok(exit::DONE)
        }
        Format::Test { name, file } => test(context, &formats, name.as_deref(), file),
    }
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

/// The site's formats; poms' own where there is no site.
fn known(context: &Context) -> anyhow::Result<OrderFormats> {
    match context.config() {
        Ok(config) => {
            app::order_formats(&config).map_err(|fault| Unusable::new(fault.into()).into())
        }
        Err(fault) => match fault.downcast_ref::<ConfigError>() {
            Some(ConfigError::NotFound { .. }) => Ok(OrderFormats::default()),
            _ => Err(fault),
        },
    }
}

fn list(context: &Context, formats: &OrderFormats) {
    let built_in = FORMATS.len();
    let all: Vec<(&str, &str, bool)> = formats
        .all()
        .enumerate()
        .map(|(place, (name, about))| (name, about, place >= built_in))
        .collect();
    let one =
        |(name, about, own): &(&str, &str, bool)| json!({"name": name, "about": about, "own": own});
    context.out.answer(
        || json!({"formats": all.iter().map(one).collect::<Vec<_>>()}),
        || {
            let rows = all.iter().map(|(name, about, own)| {
                let whose = if *own { " (this site's)" } else { "" };
                format!("{name:<18}{}{whose}\n", cut(about, LONGEST))
            });
            rows.collect()
        },
    );
}

/// What became of one order of a document.
struct TriedOrder {
    format: String,
    number: String,
    /// The order, card numbers masked, or why it is none.
    order: Result<Value, String>,
    sources: HashMap<String, String>,
    /// Sources of what is no field of the order itself.
    others: Vec<(String, String)>,
    missing: Vec<String>,
}

fn test(
    context: &Context,
    formats: &OrderFormats,
    name: Option<&str>,
    file: &Path,
) -> anyhow::Result<u8> {
    let document = document(file)?;
    let own = match name {
        Some(name) => formats.own().iter().find(|own| own.name() == name),
        None => formats.own().iter().find(|own| own.claims(&document)),
    };
    let said = |fault: FormatError| anyhow!("{}: {}", file.display(), Refusal::from(fault).reason);
    let tried: Vec<TriedOrder> = match own {
        Some(own) => {
            if name.is_none() {
                formats.find(&document).map_err(said)?;
            }
            let orders = own.orders(&document).map_err(said)?.into_iter();
            orders.map(|order| mapped(own.name(), order)).collect()
        }
        None => {
            if let Some(name) = name {
                is_a_format(formats, name)?;
            }
            let found = formats.find(&document).map_err(said)?;
            if let Some(name) = name.filter(|name| *name != found.format) {
                let shown = file.display();
                bail!("{shown}: it is of the format {}, not {name}", found.format);
            }
            let orders = found.orders.into_iter();
            orders.map(|order| tried(&found.format, order)).collect()
        }
    };
    let faults = tried.iter().filter_map(|one| one.order.as_ref().err());
    let faults: Vec<String> = faults
        .map(|fault| format!("{}: {fault}", file.display()))
        .collect();
    if faults.len() < tried.len() {
        show(
            context,
            &tried,
            own.filter(|own| !own.claims(&document)),
            &own.map_or_else(Vec::new, |own| own.absent_columns(&document)),
            &document,
        );
    }
    match faults.is_empty() {
        true => Ok(exit::DONE),
        false => bail!("{}", faults.join("\n")),
    }
}

/// Refuses a name that is no format's.
fn is_a_format(formats: &OrderFormats, name: &str) -> anyhow::Result<()> {
    if FORMATS.iter().any(|format| format.name == name) {
        return Ok(());
    }
    let near = nearest(name, formats.all().map(|(name, _)| name));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    let fault = format!(
        "there is no format {}: `poms format list` has them{near}",
        cut(name, 60)
    );
    Err(Usage(fault).into())
}

/// Shows what was found; `unknown` is the format by whose name it was read, where it would not be known
/// by itself, `absent` are columns that the format names and the document has not.
fn show(
    context: &Context,
    tried: &[TriedOrder],
    unknown: Option<&MappedFormat>,
    absent: &[String],
    document: &OrderDocument,
) {
    context.out.answer(
        || {
            let orders: Vec<Value> = tried.iter().map(as_json).collect();
            json!({"orders": orders, "known_by_itself": unknown.is_none(), "absent": absent})
        },
        || {
            let mut text: String = tried.iter().map(as_text).collect();
            if let Some(own) = unknown {
                let why = own
                    .nearly(document)
                    .unwrap_or_else(|| "nothing by which it is known is there".to_owned());
                let _ = writeln!(text, "Such a document would not be known by itself: {why}.");
            }
            if !absent.is_empty() {
                let _ = writeln!(
                    text,
                    "No heading of the table: {}. Is each written as the table has it?",
                    absent.join(", ")
                );
            }
            text + &format!("{}; nothing was taken in.\n", count(tried.len(), "order"))
        },
    );
}

/// An order of a format that says no sources.
fn tried(format: &str, order: Result<Value, FormatError>) -> TriedOrder {
    let (number, order) = finished(format, order);
    TriedOrder {
        format: format.to_owned(),
        number,
        order,
        sources: HashMap::new(),
        others: Vec::new(),
        missing: Vec::new(),
    }
}

/// An order of a format of the site.
fn mapped(format: &str, order: MappedOrder) -> TriedOrder {
    let (number, canonical) = finished(format, order.canonical);
    let number = if number.is_empty() {
        order.number
    } else {
        number
    };
    let (mut sources, mut others) = (HashMap::new(), Vec::new());
    for one in order.sources {
        let known = canonical.as_ref().is_ok_and(|order| at(order, &one.field));
        match known {
            true => drop(sources.insert(one.field, one.source)),
            false => others.push((
                one.field,
                cards::mask_text(&one.source).unwrap_or(one.source),
            )),
        }
    }
    TriedOrder {
        format: format.to_owned(),
        number,
        order: canonical,
        sources,
        others,
        missing: order.missing,
    }
}

/// What a document says.
enum TriedDocument {
    Order(Box<Order>),
    Cancels(ShopCancellation),
}

/// The order as it would be taken in, with its number; or in words why it is none.
fn finished(format: &str, order: Result<Value, FormatError>) -> (String, Result<Value, String>) {
    let read = order.and_then(|mut canonical| {
        cards::mask(&mut canonical, &KnownNumbers::new());
        if let Some(word) = cancellation(&canonical) {
            return Ok(TriedDocument::Cancels(word));
        }
        let order = formats::order(canonical).map_err(|fault| FormatError::Malformed {
            format: format.to_owned(),
            reason: fault.0,
        })?;
        Ok(TriedDocument::Order(Box::new(order)))
    });
    match read {
        Ok(TriedDocument::Order(order)) => (order.order_number.clone(), Ok(json!(order))),
        Ok(TriedDocument::Cancels(word)) => {
            let said = json!({"cancel": word.number, "reason": word.reason});
            (word.number, Ok(said))
        }
        Err(FormatError::LeftOut { number, reason }) => {
            let said = cards::mask_text(&reason).unwrap_or(reason);
            (number, Ok(json!({"left_out": said})))
        }
        Err(fault) => (fault.number().to_owned(), Err(Refusal::from(fault).reason)),
    }
}

/// Whether a field, as `lines.1.qty`, is there.
fn at(order: &Value, field: &str) -> bool {
    let mut value = Some(order);
    for key in field.split('.') {
        value = value.and_then(|value| match key.parse::<usize>() {
            Ok(place) => value.get(place.checked_sub(1)?),
            Err(_) => value.get(key),
        });
    }
    value.is_some_and(|value| !value.is_object() && !value.is_array())
}

fn as_json(one: &TriedOrder) -> Value {
    let mut said = json!({"format": one.format, "number": one.number});
    match &one.order {
        Ok(order) => said["order"] = order.clone(),
        Err(fault) => said["fault"] = json!(fault),
    }
    if !one.sources.is_empty() {
        said["sources"] = json!(one.sources);
        said["missing"] = json!(one.missing);
    }
    said
}

fn as_text(one: &TriedOrder) -> String {
    let mut text = format!("{}: order {}\n", one.format, cut(&one.number, LONGEST));
    match &one.order {
        Ok(order) if is_cancellation(order) => {
            let _ = writeln!(
                text,
                "  cancels the order of this number, if whoever signed that signed this too"
            );
            fields(order, "", &one.sources, &mut text);
        }
        Ok(order) => fields(order, "", &one.sources, &mut text),
        Err(fault) => {
            let _ = writeln!(text, "  is no order: {fault}");
        }
    }
    for (field, source) in &one.others {
        let _ = writeln!(
            text,
            "  read: {} ({})",
            cut(field, LONGEST),
            cut(source, LONGEST)
        );
    }
    for missing in &one.missing {
        let _ = writeln!(text, "  missing: {}", cut(missing, LONGEST));
    }
    text
}

fn is_cancellation(order: &Value) -> bool {
    order.get("cancel").is_some() && order.get("order_number").is_none()
}

/// Characters of a value at most.
const LONGEST: usize = 200;

/// Each value under its path, as `--amend` takes it, with its source; what cannot be seen is escaped.
fn fields(value: &Value, path: &str, sources: &HashMap<String, String>, text: &mut String) {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    let shown = match value {
        Value::Object(map) => {
            return map
                .iter()
                .for_each(|(key, one)| fields(one, &below(key), sources, text));
        }
        Value::Array(list) => {
            let entries = list.iter().zip(1..);
            return entries.for_each(|(one, place): (&Value, usize)| {
                fields(one, &below(&place.to_string()), sources, text)
            });
        }
        Value::String(own) => cut(own, LONGEST),
        other => other.to_string(),
    };
    let source = sources
        .get(path)
        .map_or(String::new(), |source| format!("  ({source})"));
    let _ = writeln!(text, "  {:<34} {shown}{source}", cut(path, LONGEST));
}
