//! What a document has and its mapping does not use: kept and shown, never lost in silence.

use super::fill::Filling;
use super::path::JsonPath;
use super::table::folded;
use super::unit::MappedUnit;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::formats::shop::ShopDraft;
use serde_json::{Map, Value, json};

/// Stray lines that a message names.
const MOST_NAMED: usize = 3;

impl Filling<'_> {
    /// What stands beside the order's fields.
    pub fn beside(&mut self, draft: &mut ShopDraft) {
        let (mapping, unit) = (self.mapping, self.unit);
        let mut kept = match &unit.order {
            // of a table every row is a line
            MappedUnit::Rows { .. } => Map::new(),
            MappedUnit::Json { value, .. } => {
                let lines = match &mapping.source {
                    super::mapping::MappedSource::Json { lines, .. } => Some(lines.clone()),
                    _ => None,
                };
                self.rest_of(value, false, lines)
            }
            MappedUnit::Lines(lines) => {
                let of_lines: Vec<usize> = unit.lines.iter().flat_map(numbers).collect();
                let own = lines.iter().filter(|line| !of_lines.contains(&line.number));
                self.rest_of_lines(own.map(|line| (line.key.as_str(), line.value.as_str())))
            }
        };
        if !unit.stray.is_empty() {
            let said = unit.stray.iter().take(MOST_NAMED);
            let said: Vec<String> = said
                .map(|line| format!("\"{}\" (line {})", cut(&line.value, 80), line.number))
                .collect();
            draft.hold(
                Code::UnclearOrder,
                format!("words stand beside the order's fields: {}", said.join(", ")),
            );
            let words = unit.stray.iter().map(|line| json!(line.value));
            kept.insert("words_beside".to_owned(), words.collect());
        }
        draft.set(&mapping.name, kept);
    }

    /// What stands beside the fields of a line, under the format's name.
    pub fn others_of_line(&self, line: &MappedUnit) -> Map<String, Value> {
        let kept = match line {
            MappedUnit::Rows { table, rows } => {
                let used = self.used();
                let cells = rows.iter().flat_map(|row| table.others(row, &used));
                cells
                    .map(|(heading, cell)| (heading.to_owned(), json!(cell)))
                    .collect()
            }
            MappedUnit::Json { value, .. } => self.rest_of(value, true, None),
            MappedUnit::Lines(lines) => self.rest_of_lines(
                lines
                    .iter()
                    .map(|line| (line.key.as_str(), line.value.as_str())),
            ),
        };
        match kept.is_empty() {
            true => Map::new(),
            false => Map::from_iter([(self.mapping.name.clone(), json!(kept))]),
        }
    }

    /// Columns or keys that are used, or never kept, folded.
    fn used(&self) -> Vec<String> {
        let values = self.mapping.values();
        let used = values
            .iter()
            .flat_map(|one| one.value.from.iter().map(|place| folded(&place.word)));
        let never = self.mapping.forget.iter().map(|word| folded(word));
        used.chain(never).collect()
    }

    fn rest_of_lines<'a>(
        &self,
        lines: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Map<String, Value> {
        let used = self.used();
        let kept = lines.filter(|(key, value)| !value.is_empty() && !used.contains(&folded(key)));
        kept.map(|(key, value)| (key.to_owned(), json!(value)))
            .collect()
    }

    /// A record without what is used of it.
    fn rest_of(
        &self,
        record: &Value,
        of_line: bool,
        lines: Option<JsonPath>,
    ) -> Map<String, Value> {
        let mut rest = record.clone();
        let values = self.mapping.values();
        let used = values.iter().filter(|one| one.of_line == of_line);
        let used =
            used.flat_map(|one| one.value.from.iter().filter_map(|place| place.path.clone()));
        let never = self
            .mapping
            .forget
            .iter()
            .filter_map(|word| JsonPath::parse(word).ok());
        for path in used.chain(never).chain(lines) {
            path.take_out(&mut rest);
        }
        without_nothing(&mut rest);
        match rest {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

/// The numbers of a unit's lines.
fn numbers(unit: &MappedUnit) -> Vec<usize> {
    match unit {
        MappedUnit::Lines(lines) => lines.iter().map(|line| line.number).collect(),
        _ => Vec::new(),
    }
}

/// Takes out what says nothing: null, empty texts, lists and objects.
fn without_nothing(value: &mut Value) {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(without_nothing);
            map.retain(|_, value| says(value));
        }
        Value::Array(list) => list.iter_mut().for_each(without_nothing),
        _ => {}
    }
}
