//! Formats as data: a file of the site says which column, path or key of its shop's documents is which
//! field of an order, how numbers and dates are written there, and what the shop's words mean.
//!
//! PURE: whoever opens a site gives the files' texts.

mod checked;
mod dates;
mod fault;
mod fields;
mod fill;
mod kept;
mod lines;
mod mapping;
mod money;
mod numbers;
mod path;
mod reader;
mod reading;
mod source;
mod table;
mod tables;
mod text;
mod unit;
mod values;

pub use reader::{LONGEST, MappingFault, parse};

use super::near::together;
use super::{FormatError, OrderDocument, OrdersRead};
use fault::NotAsMapped;
use mapping::{MappedSource, OrderMapping};
use path::JsonPath;
use serde_json::Value;
use std::sync::Arc;
use table::OrderTable;
use unit::{MappedUnit, OrderUnit};

/// One format that a site describes itself.
#[derive(Clone)]
pub struct MappedFormat {
    mapping: Arc<OrderMapping>,
}

/// One field of an order, and where its value stands in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSource {
    /// The field, as `lines.1.qty`.
    pub field: String,
    /// For people, as `line 2, column "Qty"`.
    pub source: String,
}

/// One order of a document, with the source of each field.
pub struct MappedOrder {
    /// Its number; where it stands, if that is not known.
    pub number: String,
    /// The canonical form, card numbers not yet masked.
    pub canonical: Result<Value, FormatError>,
    /// Where its values stand.
    pub sources: Vec<FieldSource>,
    /// Fields that are mapped and of which nothing is stated.
    pub missing: Vec<String>,
}

impl MappedFormat {
    /// The file's name without `.toml`.
    pub fn name(&self) -> &str {
        &self.mapping.name
    }

    /// What it is, in the site's words.
    pub fn about(&self) -> &str {
        &self.mapping.about
    }

    /// Whether a document is of this format, by what it contains.
    pub fn claims(&self, document: &OrderDocument) -> bool {
        self.lacks(document).0.is_empty()
    }

    /// What a document lacks to be of this format, and how much of it is there.
    fn lacks(&self, document: &OrderDocument) -> (Vec<String>, usize) {
        match &self.mapping.source {
            MappedSource::Table { headings, .. } => {
                let encoding = self.mapping.encoding.as_deref();
                let found = table::headings_of(document, encoding, headings);
                let missing = found.missing.into_iter();
                let missing = missing
                    .map(|one| format!("the heading \"{one}\""))
                    .collect();
                (missing, found.there)
            }
            MappedSource::Json { has, .. } => {
                let nothing = Value::Null;
                let json = document.json().unwrap_or(&nothing);
                let (there, missing): (Vec<&(JsonPath, String)>, Vec<_>) = has
                    .iter()
                    .partition(|(path, _)| !path.find(json, "").is_empty());
                let missing = missing
                    .into_iter()
                    .map(|(_, word)| format!("the key {word}"));
                (missing.collect(), there.len())
            }
            MappedSource::Text { first_line, .. } => {
                let text = match document.is_of_another_kind() {
                    true => None,
                    false => document.text_in(self.mapping.encoding.as_deref()).ok(),
                };
                let first = text
                    .as_deref()
                    .and_then(text::first_line)
                    .map(table::folded);
                match first == Some(table::folded(first_line)) {
                    true => (Vec::new(), 1),
                    false => (vec![format!("the first line \"{first_line}\"")], 0),
                }
            }
        }
    }

    /// What a document lacks to be of this format, in words; `None` where it is.
    pub fn lacking(&self, document: &OrderDocument) -> Option<String> {
        let (missing, _) = self.lacks(document);
        (!missing.is_empty()).then(|| together(&missing))
    }

    /// Columns that the file names and a table has not, which may be slips of the pen: those that need not be there,
    /// and those that are never kept.
    pub fn absent_columns(&self, document: &OrderDocument) -> Vec<String> {
        let mapping = &*self.mapping;
        let MappedSource::Table { headings, .. } = &mapping.source else {
            return Vec::new();
        };
        let Ok(table) = OrderTable::read(document, mapping, headings) else {
            return Vec::new();
        };
        let forgotten = mapping.forget.iter();
        let forgotten = forgotten.map(|word| (word, "document.forget".to_owned()));
        let values = mapping.values().into_iter();
        let read = values.flat_map(|one| {
            let name = one.name.to_string();
            let places = one.value.from.iter();
            places.map(move |place| (&place.word, name.clone()))
        });
        let absent = forgotten
            .chain(read)
            .filter(|(word, _)| table.column(word).is_none());
        absent
            .map(|(word, name)| format!("\"{word}\" ({name})"))
            .collect()
    }

    /// In what a document differs that looks like this format and is not quite of it.
    pub fn nearly(&self, document: &OrderDocument) -> Option<String> {
        let (missing, there) = self.lacks(document);
        let looks = there > 0 && there >= missing.len();
        looks.then(|| {
            format!(
                "it looks like the format {} of this site, but lacks {}",
                self.name(),
                together(&missing)
            )
        })
    }

    /// The orders in a document, each with its sources.
    ///
    /// # Errors
    /// Where nothing in it can be told apart.
    pub fn orders(&self, document: &OrderDocument) -> Result<Vec<MappedOrder>, FormatError> {
        let mapping = &*self.mapping;
        let wrong = |fault: NotAsMapped| FormatError::Malformed {
            format: mapping.name.clone(),
            reason: fault.0,
        };
        match &mapping.source {
            MappedSource::Table {
                headings,
                continued,
            } => {
                let table = OrderTable::read(document, mapping, headings).map_err(wrong)?;
                let number = mapping
                    .order_field("order_number")
                    .and_then(|one| one.value.from.first());
                let number = number.map_or("", |place| place.word.as_str());
                let units = table.orders(number, *continued);
                match units.is_empty() {
                    true => Ok(vec![nothing_in_it()]),
                    false => Ok(self.fill(&units)),
                }
            }
            MappedSource::Json { orders, lines, .. } => {
                let units = of_json(document.json()?, orders, lines).map_err(wrong)?;
                Ok(self.fill(&units))
            }
            MappedSource::Text {
                first_line,
                line,
                ignore,
            } => {
                let text = document.text_in(mapping.encoding.as_deref())?;
                let lines = text::lines(&text);
                Ok(self.fill(&text::orders(&lines, first_line, line, ignore)))
            }
        }
    }

    fn fill(&self, units: &[OrderUnit]) -> Vec<MappedOrder> {
        let one = |unit| fill::fill(&self.mapping, unit);
        units.iter().map(one).collect()
    }

    /// The orders in a document.
    ///
    /// # Errors
    /// As [`MappedFormat::orders`].
    pub fn read(&self, document: &OrderDocument) -> OrdersRead {
        let orders = self.orders(document)?.into_iter();
        Ok(orders.map(|order| order.canonical).collect())
    }
}

/// An export of a day without orders.
fn nothing_in_it() -> MappedOrder {
    MappedOrder {
        number: String::new(),
        canonical: Err(FormatError::LeftOut {
            number: String::new(),
            reason: "the table has its headings and no row: no order is in it".to_owned(),
        }),
        sources: Vec::new(),
        missing: Vec::new(),
    }
}

/// The orders of a JSON document.
fn of_json<'a>(
    json: &'a Value,
    orders: &JsonPath,
    lines: &JsonPath,
) -> Result<Vec<OrderUnit<'a>>, NotAsMapped> {
    let mut records: Vec<(&Value, String)> = Vec::new();
    for (value, path) in orders.find(json, "") {
        match value {
            Value::Array(list) => {
                let entries = list.iter().enumerate();
                records.extend(entries.map(|(place, entry)| (entry, format!("{path}[{place}]"))));
            }
            _ => records.push((value, path)),
        }
    }
    let unit = |(value, path): (&'a Value, String)| {
        if !value.is_object() {
            return Err(format!("{path} is no object, and so no order").into());
        }
        let mut items = Vec::new();
        for (found, at) in lines.find(value, &path) {
            let Value::Array(list) = found else {
                return Err(format!("{at} is no list of lines").into());
            };
            let entries = list.iter().enumerate();
            items.extend(entries.map(|(place, value)| MappedUnit::Json {
                value,
                path: format!("{at}[{place}]"),
            }));
        }
        Ok(OrderUnit {
            place: if path.is_empty() {
                "the top".to_owned()
            } else {
                path.clone()
            },
            order: MappedUnit::Json { value, path },
            lines: items,
            stray: Vec::new(),
            doubt: None,
        })
    };
    records.into_iter().map(unit).collect()
}
