//! The values that a mapping takes from a document: joined, agreed between rows, looked up; and the words
//! of faults.

use super::FieldSource;
use super::fill::{FilledText, Filling};
use super::mapping::ValueMapping;
use super::path::JsonPath;
use super::unit::{MappedUnit, StatedValue};
use crate::domain::foreign::cut;
use crate::formats::FormatError;

impl Filling<'_> {
    /// A text of the order.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, FormatError> {
        let (mapping, unit) = (self.mapping, self.unit);
        let Some(one) = mapping.order_field(name) else {
            return Ok(None);
        };
        let found = self.stated(name, &one.value, &unit.order)?;
        match found {
            Some(found) => {
                self.source(name, &found.place, "");
                Ok(Some(found.text))
            }
            None => {
                self.nothing(name, &one.value);
                Ok(None)
            }
        }
    }

    /// A text of a line.
    pub fn of_line(
        &mut self,
        name: &str,
        line: &MappedUnit,
    ) -> Result<Option<String>, FormatError> {
        let mapping = self.mapping;
        let Some(one) = mapping.line_field(name) else {
            return Ok(None);
        };
        let found = self.stated(name, &one.value, line)?;
        if let Some(found) = &found {
            self.source(name, &found.place, "");
        }
        Ok(found.map(|found| found.text))
    }

    /// The text that a mapping gives. Where several places of an order differ, the first counts, and a
    /// person is asked.
    pub fn stated(
        &mut self,
        name: &str,
        value: &ValueMapping,
        unit: &MappedUnit,
    ) -> Result<Option<FilledText>, FormatError> {
        let constant = |text: &String| FilledText {
            text: text.clone(),
            place: "the mapping".to_owned(),
            stored: false,
        };
        if let Some(text) = &value.constant {
            return Ok(Some(constant(text)));
        }
        let (mut texts, mut places) = (Vec::new(), Vec::new());
        for from in &value.from {
            let found = unit.stated(from);
            let found =
                found.map_err(|place| self.at(name, &place.0, "is neither a text nor a number"))?;
            let is_each = from.path.as_ref().is_some_and(JsonPath::is_each);
            match found.split_first() {
                None => {}
                Some((first, rest)) if is_each => {
                    let all = std::iter::once(first).chain(rest);
                    texts.push(
                        all.map(|one| one.text.as_str())
                            .collect::<Vec<_>>()
                            .join(", "),
                    );
                    places.push(first.place.clone());
                }
                Some((first, rest)) => {
                    self.agree(&from.word, first, rest);
                    texts.push(first.text.clone());
                    places.push(first.place.clone());
                }
            }
        }
        if texts.is_empty() {
            return Ok(value.default.as_ref().map(constant));
        }
        let text = texts.join(&value.with);
        let text = text.strip_prefix(&value.strip).unwrap_or(&text).trim();
        Ok(Some(FilledText {
            text: self.looked_up(name, value, text),
            place: places.join(" and "),
            stored: unit.is_stored(),
        }))
    }

    /// Values of one column that should be the same in all rows of an order.
    fn agree(&mut self, column: &str, first: &StatedValue, rest: &[StatedValue]) {
        if let Some(other) = rest.iter().find(|one| one.text != first.text) {
            let said = format!(
                "{column} is \"{}\" ({}) and \"{}\" ({})",
                cut(&first.text, 80),
                first.place,
                cut(&other.text, 80),
                other.place
            );
            if !self.unclear.contains(&said) {
                self.unclear.push(said);
            }
        }
    }

    fn looked_up(&mut self, name: &str, value: &ValueMapping, text: &str) -> String {
        let table = value
            .lookup
            .as_ref()
            .and_then(|name| Some((name, self.mapping.lookups.get(name)?)));
        let Some((lookup, table)) = table else {
            return text.to_owned();
        };
        match table.get(text).or_else(|| table.get("*")) {
            Some(same) if same == "=" => text.to_owned(),
            Some(other) => other.clone(),
            None => {
                let said = format!(
                    "{name} is \"{}\", which the format {} does not list under [lookup.{lookup}]",
                    cut(text, 80),
                    self.mapping.name
                );
                self.unclear.push(said);
                text.to_owned()
            }
        }
    }

    /// Notes where a field's value stands.
    pub fn source(&mut self, field: &str, place: &str, said: &str) {
        let source = match said {
            "" => place.to_owned(),
            said => format!("{said}: {place}"),
        };
        self.sources.push(FieldSource {
            field: field.to_owned(),
            source,
        });
    }

    /// That a field is mapped, and nothing stands there.
    pub fn nothing(&mut self, name: &str, value: &ValueMapping) {
        let words: Vec<String> = value.from.iter().map(|place| place.word.clone()).collect();
        self.missing.push(format!(
            "{name}: nothing stands in {}",
            super::table::quoted(&words)
        ));
    }

    /// That a line, or the order, has no value that it must have.
    pub fn no_value(&self, name: &str, line: &MappedUnit) -> FormatError {
        let place = match line {
            MappedUnit::Rows { rows, .. } => rows.first().map(|row| format!("line {}", row.line)),
            MappedUnit::Json { path, .. } => Some(path.clone()),
            MappedUnit::Lines(lines) => lines.first().map(|line| format!("line {}", line.number)),
        };
        self.malformed(&format!(
            "order {}: {}: {name} is missing",
            cut(&self.number, 80),
            place.unwrap_or_default()
        ))
    }

    /// A fault of a value in its place.
    pub fn at(&self, name: &str, place: &str, fault: &str) -> FormatError {
        self.malformed(&format!(
            "order {}: {name} ({place}) {fault}",
            cut(&self.number, 80)
        ))
    }

    /// A fault of the order.
    pub fn malformed(&self, reason: &str) -> FormatError {
        FormatError::Malformed {
            format: self.mapping.name.clone(),
            reason: reason.to_owned(),
        }
    }
}
