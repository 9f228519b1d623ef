//! Shopify's published schema (fixtures/shopify, see tests/shopify-spec), and documents held against it.

use super::graphql::{Argument, Document, Operation, Selection};
use serde_json::{Map, Value};

/// The schema.
pub struct Schema {
    types: Map<String, Value>,
}

/// The name without marks for lists and what must be there.
pub fn bare(written: &str) -> &str {
    written.trim_matches(|c| matches!(c, '[' | ']' | '!'))
}

impl Schema {
    /// That of a version.
    pub fn of(version: &str) -> Schema {
        let file = format!("fixtures/shopify/admin-{version}.json");
        let text = std::fs::read_to_string(&file)
            .unwrap_or_else(|fault| panic!("{file}: {fault}: tests/shopify-spec write makes it"));
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value["version"], version);
        let Value::Object(types) = value["types"].take() else {
            panic!("{file} has no types");
        };
        Schema { types }
    }

    /// A field of a type: what it gives, and its arguments.
    pub fn field(&self, of: &str, name: &str) -> Option<&Value> {
        self.types.get(of)?["fields"].get(name)
    }

    /// Whether the name is that of an object.
    pub fn is_object(&self, name: &str) -> bool {
        self.types
            .get(name)
            .is_some_and(|one| one.get("fields").is_some())
    }

    /// What is wrong with a document's one operation and its variables.
    pub fn faults(&self, document: &Document, variables: &Value) -> Vec<String> {
        let [operation] = document.operations.as_slice() else {
            return vec!["a document of poms has one operation".to_owned()];
        };
        let mut check = Check {
            schema: self,
            document,
            operation,
            used: Vec::new(),
            spread: Vec::new(),
            faults: Vec::new(),
        };
        let root = if operation.is_mutation {
            "Mutation"
        } else {
            "QueryRoot"
        };
        check.selections(root, &operation.selections);
        for (name, written) in &operation.variables {
            if !check.used.contains(name) {
                check.faults.push(format!("${name} is not used"));
            }
            self.value(
                written,
                &variables[name],
                &format!("${name}"),
                &mut check.faults,
            );
        }
        for name in variables.as_object().map(Map::keys).into_iter().flatten() {
            if !operation.variables.iter().any(|(known, _)| known == name) {
                check.faults.push(format!("{name} is no variable"));
            }
        }
        for name in document.fragments.keys() {
            if !check.spread.contains(name) {
                check
                    .faults
                    .push(format!("the fragment {name} is not used"));
            }
        }
        check.faults
    }

    /// Holds a value in JSON against the type of an input.
    fn value(&self, written: &str, value: &Value, at: &str, faults: &mut Vec<String>) {
        let (written, default) = written.split_once(" = ").unwrap_or((written, ""));
        let inner = written.strip_suffix('!').unwrap_or(written);
        let mut wrong = |what: &str| faults.push(format!("{at}: {what}, wanted {written}"));
        if value.is_null() {
            if inner != written && default.is_empty() {
                wrong("is missing");
            }
            return;
        }
        if let Some(inner) = inner.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            let Some(list) = value.as_array() else {
                return wrong("is no list");
            };
            for (place, one) in list.iter().enumerate() {
                self.value(inner, one, &format!("{at}[{place}]"), faults);
            }
            return;
        }
        let fits = match inner {
            "Int" => value
                .as_i64()
                .is_some_and(|number| i32::try_from(number).is_ok()),
            "Boolean" => value.is_boolean(),
            "String" | "ID" | "URL" | "DateTime" => value.is_string(),
            _ => true,
        };
        if !fits {
            return wrong("is of another kind");
        }
        let Some(inputs) = self
            .types
            .get(inner)
            .and_then(|one| one["inputs"].as_object())
        else {
            return;
        };
        let Some(given) = value.as_object() else {
            return wrong("is no object");
        };
        for name in given.keys().filter(|name| !inputs.contains_key(*name)) {
            wrong(&format!("has {name}, which is unknown"));
        }
        for (name, written) in inputs {
            let written = written.as_str().expect("a type");
            self.value(written, &value[name], &format!("{at}.{name}"), faults);
        }
    }
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a Document,
    operation: &'a Operation,
    used: Vec<String>,
    spread: Vec<String>,
    faults: Vec<String>,
}

impl<'a> Check<'a> {
    fn selections(&mut self, of: &str, selections: &'a [Selection]) {
        for selection in selections {
            match selection {
                Selection::Spread(name) => match self.document.fragments.get(name) {
                    Some((on, inner)) if on == of => {
                        self.spread.push(name.clone());
                        self.selections(of, inner);
                    }
                    Some((on, _)) => self.faults.push(format!("{name} is on {on}, here is {of}")),
                    None => self.faults.push(format!("there is no fragment {name}")),
                },
                Selection::Field {
                    name,
                    arguments,
                    selections,
                } => self.field(of, name, arguments, selections),
            }
        }
    }

    fn field(
        &mut self,
        of: &str,
        name: &str,
        arguments: &[(String, Argument)],
        selections: &'a [Selection],
    ) {
        let schema = self.schema;
        let Some(field) = schema.field(of, name) else {
            self.faults.push(format!("{of} has no field {name}"));
            return;
        };
        if field["deprecated"] == true {
            self.faults.push(format!("{of}.{name} is deprecated"));
        }
        let none = Map::new();
        let known = field["args"].as_object().unwrap_or(&none);
        for (argument, value) in arguments {
            match known.get(argument).and_then(Value::as_str) {
                Some(written) => self.argument(&format!("{of}.{name}({argument})"), written, value),
                None => self.faults.push(format!("{of}.{name} takes no {argument}")),
            }
        }
        for (argument, written) in known {
            let written = written.as_str().expect("a type");
            let is_given = arguments.iter().any(|(given, _)| given == argument);
            if written.ends_with('!') && !is_given {
                self.faults.push(format!("{of}.{name} needs {argument}"));
            }
        }
        let gives = bare(field["type"].as_str().expect("a type"));
        match (schema.is_object(gives), selections.is_empty()) {
            (true, false) => self.selections(gives, selections),
            (false, true) => {}
            (true, true) => self
                .faults
                .push(format!("{of}.{name}: no fields are named")),
            (false, false) => self.faults.push(format!("{of}.{name} has no fields")),
        }
    }

    fn argument(&mut self, at: &str, written: &str, value: &Argument) {
        let written = written.split(" = ").next().unwrap_or(written);
        match value {
            Argument::Variable(name) => {
                self.used.push(name.clone());
                let found = self
                    .operation
                    .variables
                    .iter()
                    .find(|(known, _)| known == name);
                let fits = |own: &str| own == written || own.strip_suffix('!') == Some(written);
                match found {
                    Some((_, own)) if fits(own) => {}
                    Some((_, own)) => self
                        .faults
                        .push(format!("{at}: ${name} is {own}, wanted {written}")),
                    None => self.faults.push(format!("{at}: there is no ${name}")),
                }
            }
            Argument::Enum(word) => {
                let values = self.schema.types.get(bare(written));
                let values = values.and_then(|one| one["values"].as_array());
                if !values.is_some_and(|values| values.iter().any(|one| one == word.as_str())) {
                    self.faults.push(format!("{at}: {word} is no {written}"));
                }
            }
            Argument::Plain(value) => self.schema.value(written, value, at, &mut self.faults),
        }
    }
}
