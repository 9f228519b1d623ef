//! From the text of a mapping file to a mapping, or to everything that is wrong with it.

use super::MappedFormat;
use super::fill::state_word;
use super::mapping::{
    FieldMapping, LineGate, MappedSource, NamedMapping, OrderMapping, StateGate, StateMeaning,
};
use super::reading::ValueReader;
use super::source::source;
pub use super::tables::MappingFault;
use super::tables::{MappingTable, MappingText};
use super::{checked, fields};
use crate::domain::codes::Code;
use crate::formats::FORMATS;
use fields::{Field, LINE_FIELDS, ORDER_FIELDS};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of a mapping file at most; a table of 50,000 articles is 2 MiB.
pub const LONGEST: u64 = 16 << 20;

const TABLES: [&str; 9] = [
    "about",
    "document",
    "order",
    "line",
    "options",
    "charges",
    "gate",
    "line_gate",
    "lookup",
];
const DOCUMENT: [&str; 14] = [
    "kind",
    "headings",
    "continued",
    "has",
    "orders",
    "lines",
    "first_line",
    "line",
    "ignore_lines",
    "encoding",
    "numbers",
    "dates",
    "timezone",
    "forget",
];
/// Parts of the order that are tables.
const GROUPS: [&str; 4] = ["customer", "ship_to", "bill_to", "payment"];

/// Reads a mapping file; `name` is the file's without `.toml`.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn parse(name: &str, text: &str) -> Result<MappedFormat, Vec<MappingFault>> {
    let file = MappingText {
        text: text.strip_prefix('\u{feff}').unwrap_or(text),
        faults: RefCell::default(),
    };
    let (root, errors) = toml::de::DeTable::parse_recoverable(file.text);
    for error in &errors {
        let byte = error.span().map_or(0, |span| span.start);
        file.fault(
            byte,
            "",
            format!("is not TOML: {}", error.message().replace('\n', ", ")),
        );
    }
    if !errors.is_empty() {
        return Err(file.faults.into_inner());
    }
    let top = file.top(root.get_ref());
    let mapping = mapping(name, &top);
    if let Some(mapping) = &mapping {
        checked::check(mapping, &top);
    }
    let mut faults = file.faults.into_inner();
    faults.sort_by_key(|fault| fault.line);
    faults.dedup();
    match mapping {
        Some(mapping) if faults.is_empty() => Ok(MappedFormat {
            mapping: Arc::new(mapping),
        }),
        _ => Err(faults),
    }
}

fn mapping(name: &str, top: &MappingTable) -> Option<OrderMapping> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 40 || !name.chars().all(is_name) {
        top.fault("the file's name must be small letters, digits and dashes, as my-shop.toml");
    }
    if FORMATS.iter().any(|format| format.name == name) {
        top.fault(format!(
            "poms has a format {name} of its own: name the file otherwise"
        ));
    }
    top.keys(&TABLES);
    let Some(document) = top.below("document") else {
        if top.key("document").is_none() {
            top.fault("has no table [document], which says kind = \"table\", \"json\" or \"text\"");
        }
        return None;
    };
    document.keys(&DOCUMENT);
    let source = source(&document)?;
    let values = ValueReader::new(&document, matches!(source, MappedSource::Json { .. }));
    let order = top
        .below("order")
        .map(|table| fields_of(&values, &table, ORDER_FIELDS, true));
    let line = top
        .below("line")
        .map(|table| fields_of(&values, &table, LINE_FIELDS, false));
    let named = |table: &str| -> Vec<NamedMapping> {
        let keys = top
            .below(table)
            .map(|table| table.keys(&[]))
            .unwrap_or_default();
        let one = |key: super::tables::MappingKey| {
            Some(NamedMapping {
                value: values.value(&key, None)?,
                name: key.name,
            })
        };
        keys.into_iter().filter_map(one).collect()
    };
    Some(OrderMapping {
        name: name.to_owned(),
        about: top
            .word("about")
            .unwrap_or_else(|| format!("orders as {name}.toml of this site has them")),
        encoding: encoding(&document),
        forget: document.words("forget"),
        source,
        options: named("options"),
        charges: named("charges"),
        gate: gate(&values, top),
        line_gate: line_gate(&values, top),
        lookups: lookups(top),
        order: order.unwrap_or_default(),
        line: line.unwrap_or_default(),
    })
}

fn encoding(document: &MappingTable) -> Option<String> {
    let key = document.key("encoding")?;
    let label = key.word()?;
    if encoding_rs::Encoding::for_label(label.as_bytes()).is_none() {
        key.fault(
            "is no character set that poms knows, such as \"windows-1252\" or \"iso-8859-15\"",
        );
    }
    Some(label)
}

/// The fields of the order or of its lines. Tables in it are groups of fields, or say more of one.
fn fields_of(
    values: &ValueReader,
    table: &MappingTable,
    known: &'static [Field],
    groups: bool,
) -> Vec<FieldMapping> {
    let mut found: Vec<(FieldMapping, usize)> = Vec::new();
    let mut add = |name: &str, key: &super::tables::MappingKey| {
        let Some(field) = fields::named(known, name) else {
            let nearest =
                crate::domain::spelling::closest(name, known.iter().map(|field| field.name));
            key.fault(format!(
                "is no field that poms knows; the nearest is '{}'",
                nearest.unwrap_or_default()
            ));
            return;
        };
        if let Some((_, line)) = found.iter().find(|(one, _)| one.field.name == name) {
            key.fault(format!("is mapped twice, in line {line} as well: keep one"));
            return;
        }
        if let Some(value) = values.value(key, Some(field)) {
            found.push((FieldMapping { field, value }, key.line()));
        }
    };
    for key in table.keys(&[]) {
        match key
            .table()
            .filter(|_| groups && GROUPS.contains(&key.name.as_str()))
        {
            Some(inner) => {
                for field in inner.keys(&[]) {
                    add(&format!("{}.{}", key.name, field.name), &field);
                }
            }
            None => add(&key.name, &key),
        }
    }
    found.into_iter().map(|(one, _)| one).collect()
}

/// Words of the shop's state: each in one list.
fn words_of<T: Copy>(table: &MappingTable, lists: &[(&str, T)]) -> BTreeMap<String, T> {
    let mut words = BTreeMap::new();
    for (list, meaning) in lists {
        for word in table.words(list) {
            if words.insert(state_word(&word), *meaning).is_some() {
                table.fault(format!(
                    "\"{word}\" is listed twice: it can mean one thing only"
                ));
            }
        }
    }
    words
}

fn gate(values: &ValueReader, top: &MappingTable) -> StateGate {
    let meanings = [
        ("place", StateMeaning::Place),
        ("hold", StateMeaning::Hold(Code::NotPaid)),
        ("sent", StateMeaning::Hold(Code::AlreadyFulfilled)),
        ("refunded", StateMeaning::Hold(Code::RefundedInShop)),
        ("cancel", StateMeaning::Hold(Code::CancelledInShop)),
        ("test", StateMeaning::Hold(Code::TestOrder)),
        ("ignore", StateMeaning::LeaveOut),
    ];
    let Some(table) = top.below("gate") else {
        if top.key("gate").is_none() {
            top.fault(
                "has no table [gate]: from = a column and the words in it that mean place, hold, sent, refunded, cancel, \
                 test or ignore; or always = \"place\", where every order in the document is paid and to be sent",
            );
        }
        return StateGate::Always;
    };
    let mut known: Vec<&str> = meanings.iter().map(|(word, _)| *word).collect();
    known.extend(["from", "always"]);
    table.keys(&known);
    let Some(from) = table.key("from") else {
        if table.word("always").as_deref() != Some("place") {
            table.fault(
                "needs from, the column, path or key of the shop's state; or always = \"place\"",
            );
        }
        return StateGate::Always;
    };
    if table.key("always").is_some() {
        table.fault("has both from and always: keep one");
    }
    let words = words_of(&table, &meanings);
    if !words
        .values()
        .any(|meaning| *meaning == StateMeaning::Place)
    {
        table.fault("place lists no word: no order would ever be placed");
    }
    match values.value(&from, None) {
        Some(value) => StateGate::By {
            from: Box::new(value),
            words,
        },
        None => StateGate::Always,
    }
}

fn line_gate(values: &ValueReader, top: &MappingTable) -> Option<LineGate> {
    let table = top.below("line_gate")?;
    table.keys(&["from", "ship", "not_shipped"]);
    let words = words_of(&table, &[("ship", true), ("not_shipped", false)]);
    let Some(from) = table.key("from") else {
        table.fault("needs from, the column, path or key that says whether a line is shipped");
        return None;
    };
    Some(LineGate {
        from: values.value(&from, None)?,
        words,
    })
}

fn lookups(top: &MappingTable) -> BTreeMap<String, BTreeMap<String, String>> {
    let tables = top
        .below("lookup")
        .map(|table| table.keys(&[]))
        .unwrap_or_default();
    let table = |key: super::tables::MappingKey| {
        let inner = key.table_or_fault()?;
        let words = inner.keys(&[]).into_iter();
        let words = words.filter_map(|word| Some((word.name.clone(), word.word()?)));
        Some((key.name.clone(), words.collect()))
    };
    tables.into_iter().filter_map(table).collect()
}
