//! What a mapping file says, read and checked.

use super::dates::DatePattern;
use super::fields::{Field, FieldKind};
use super::numbers::NumberPattern;
use super::path::JsonPath;
use crate::domain::codes::Code;
use std::collections::BTreeMap;

/// One mapping file.
pub struct OrderMapping {
    /// The file's name without `.toml`.
    pub name: String,
    /// What it is, in the site's words.
    pub about: String,
    /// What it reads.
    pub source: MappedSource,
    /// The character set of a file that says none; UTF-8 where it is not stated.
    pub encoding: Option<String>,
    /// Columns, paths or keys that are never kept.
    pub forget: Vec<String>,
    /// Of the order.
    pub order: Vec<FieldMapping>,
    /// Of each line.
    pub line: Vec<FieldMapping>,
    /// What the customer chose for a line, under the vendor's words for it.
    pub options: Vec<NamedMapping>,
    /// What the total has beside goods, discount, shipping and tax.
    pub charges: Vec<NamedMapping>,
    /// What the shop's state means.
    pub gate: StateGate,
    /// Which lines are shipped.
    pub line_gate: Option<LineGate>,
    /// Words in the place of others, by the table's name.
    pub lookups: BTreeMap<String, BTreeMap<String, String>>,
}

/// What kind of document, how it is known, and how its orders are told apart.
pub enum MappedSource {
    /// Rows of CSV, TSV or a workbook.
    Table {
        /// Headings that must be there.
        headings: Vec<String>,
        /// Whether a row without an order number belongs to the order above it.
        continued: bool,
    },
    /// JSON.
    Json {
        /// Paths that must be there, with their words.
        has: Vec<(JsonPath, String)>,
        /// Where the orders are; the document itself where it is empty.
        orders: JsonPath,
        /// Where an order's lines are.
        lines: JsonPath,
    },
    /// Lines of `Key: value`.
    Text {
        /// The first line that says something; each line like it begins an order.
        first_line: String,
        /// The key that begins a line of the order.
        line: String,
        /// Lines that say nothing.
        ignore: Vec<String>,
    },
}

/// Where the value of a field comes from.
pub struct FieldMapping {
    /// The field.
    pub field: &'static Field,
    /// Its value.
    pub value: ValueMapping,
}

/// Where a value under a name of the site's own comes from.
pub struct NamedMapping {
    /// The name.
    pub name: String,
    /// Its value.
    pub value: ValueMapping,
}

/// Where a value comes from, and how it is read.
#[derive(Clone)]
pub struct ValueMapping {
    /// Columns, paths or keys; several are joined.
    pub from: Vec<ValuePlace>,
    /// What stands between several.
    pub with: String,
    /// A value that is always the same.
    pub constant: Option<String>,
    /// The value where nothing stands there.
    pub default: Option<String>,
    /// The table of words in whose place others stand.
    pub lookup: Option<String>,
    /// What is taken off its beginning.
    pub strip: String,
    /// How numbers are written.
    pub numbers: NumberPattern,
    /// How dates are written.
    pub dates: DatePattern,
    /// Whether amounts are whole numbers of the smallest unit.
    pub cents: bool,
    /// Whether the column may be missing in the document.
    pub optional: bool,
    /// Whether the total is the sum of the parts, as the document states none.
    pub sum: bool,
}

/// A column, path or key.
#[derive(Clone)]
pub struct ValuePlace {
    /// As the file has it.
    pub word: String,
    /// The same as a path, in a mapping of JSON.
    pub path: Option<JsonPath>,
}

/// What the shop's state means.
pub enum StateGate {
    /// Every order of the document is to be placed.
    Always,
    /// By a value.
    By {
        /// Where it stands.
        from: Box<ValueMapping>,
        /// What each of its words means.
        words: BTreeMap<String, StateMeaning>,
    },
}

/// The meaning of a word of the shop's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateMeaning {
    /// Paid, and to be sent.
    Place,
    /// Held under a code.
    Hold(Code),
    /// Nothing to poms.
    LeaveOut,
}

/// Which lines are shipped.
pub struct LineGate {
    /// Where it stands.
    pub from: ValueMapping,
    /// Words of lines that are shipped, and of those that are not.
    pub words: BTreeMap<String, bool>,
}

impl OrderMapping {
    /// Every mapping of a value, with the field's name for people, whether it is of a line, and whether it
    /// is an amount.
    pub fn values(&self) -> Vec<MappedValue<'_>> {
        let mut all = of_fields("order", &self.order);
        all.extend(of_fields("line", &self.line));
        for (list, named, amount) in [
            ("options", &self.options, false),
            ("charges", &self.charges, true),
        ] {
            all.extend(named.iter().map(|one| MappedValue {
                name: format!("{list}.{}", one.name),
                of_line: list == "options",
                amount,
                value: &one.value,
            }));
        }
        if let StateGate::By { from, .. } = &self.gate {
            all.push(MappedValue {
                name: "gate.from".to_owned(),
                of_line: false,
                amount: false,
                value: from,
            });
        }
        if let Some(gate) = &self.line_gate {
            all.push(MappedValue {
                name: "line_gate.from".to_owned(),
                of_line: true,
                amount: false,
                value: &gate.from,
            });
        }
        all
    }

    /// The mapping of a field of the order.
    pub fn order_field(&self, name: &str) -> Option<&FieldMapping> {
        self.order.iter().find(|one| one.field.name == name)
    }

    /// The mapping of a field of a line.
    pub fn line_field(&self, name: &str) -> Option<&FieldMapping> {
        self.line.iter().find(|one| one.field.name == name)
    }
}

fn of_fields<'a>(list: &str, all: &'a [FieldMapping]) -> Vec<MappedValue<'a>> {
    let of = |mapping: &'a FieldMapping| MappedValue {
        name: format!("{list}.{}", mapping.field.name),
        of_line: list == "line",
        amount: mapping.field.kind == FieldKind::Amount,
        value: &mapping.value,
    };
    all.iter().map(of).collect()
}

/// One mapping of a value, wherever it stands in the file.
pub struct MappedValue<'a> {
    /// Table and key.
    pub name: String,
    /// Whether it is read for each line.
    pub of_line: bool,
    /// Whether it is money.
    pub amount: bool,
    /// Where it comes from.
    pub value: &'a ValueMapping,
}
