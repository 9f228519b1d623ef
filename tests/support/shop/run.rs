//! An operation of GraphQL, answered out of values that are kept whole.

use super::graphql::{Argument, Document, Selection};
use super::schema::{Schema, bare};
use serde_json::{Map, Value, json};

/// One operation that is being answered.
pub struct Run<'a> {
    pub schema: &'a Schema,
    pub document: &'a Document,
    pub variables: &'a Value,
}

impl Run<'_> {
    pub fn arguments(&self, arguments: &[(String, Argument)]) -> Value {
        let value = |argument: &Argument| match argument {
            Argument::Variable(name) => self.variables[name].clone(),
            Argument::Enum(word) => json!(word),
            Argument::Plain(value) => value.clone(),
        };
        let all = arguments
            .iter()
            .map(|(name, argument)| (name.clone(), value(argument)));
        Value::Object(all.collect())
    }

    /// What is wanted of a value of this type.
    pub fn select(&self, of: &str, value: &Value, selections: &[Selection]) -> Value {
        match value {
            Value::Array(list) => Value::Array(
                list.iter()
                    .map(|one| self.select(of, one, selections))
                    .collect(),
            ),
            Value::Object(_) => {
                let mut found = Map::new();
                self.fields(of, value, selections, &mut found);
                Value::Object(found)
            }
            other => other.clone(),
        }
    }

    fn fields(
        &self,
        of: &str,
        value: &Value,
        selections: &[Selection],
        to: &mut Map<String, Value>,
    ) {
        for selection in selections {
            match selection {
                Selection::Spread(name) => {
                    self.fields(of, value, &self.document.fragments[name].1, to)
                }
                Selection::Field {
                    name,
                    arguments,
                    selections,
                } => {
                    let field = self.schema.field(of, name).expect("a field");
                    let written = field["type"].as_str().expect("a type");
                    let own = &value[name];
                    assert!(
                        !own.is_null() || !written.ends_with('!'),
                        "{of}.{name} must be there"
                    );
                    let gives = bare(written);
                    let own = match (gives.ends_with("Connection"), own.as_array()) {
                        (true, Some(list)) => page_of(list, &self.arguments(arguments)),
                        _ => own.clone(),
                    };
                    to.insert(name.clone(), self.select(gives, &own, selections));
                }
            }
        }
    }

    /// Points: one for each object, as often as the list may have it.
    pub fn cost(&self, of: &str, selections: &[Selection]) -> f64 {
        let one = |selection: &Selection| match selection {
            Selection::Spread(name) => self.cost(of, &self.document.fragments[name].1),
            Selection::Field {
                name,
                arguments,
                selections,
            } => {
                let Some(field) = self.schema.field(of, name) else {
                    return 10.0; // an act
                };
                let gives = bare(field["type"].as_str().expect("a type"));
                let inner = self.cost(gives, selections);
                match (
                    self.arguments(arguments)["first"].as_f64(),
                    selections.is_empty(),
                ) {
                    (Some(first), _) => 2.0 + first * inner,
                    (None, true) => 0.0,
                    (None, false) => {
                        inner + f64::from(u8::from(!matches!(name.as_str(), "edges" | "pageInfo")))
                    }
                }
            }
        };
        selections.iter().map(one).sum()
    }
}

/// A page of a list within an object.
fn page_of(list: &[Value], given: &Value) -> Value {
    let first = given["first"].as_u64().expect("first") as usize;
    let after = given["after"].as_str();
    let start = after.map_or(0, |after| after[1..].parse::<usize>().expect("a place") + 1);
    let page: Vec<Value> = list.iter().skip(start).take(first).cloned().collect();
    let places: Vec<String> = (start..start + page.len())
        .map(|place| format!("p{place}"))
        .collect();
    connection(&page, &places, start + page.len() < list.len())
}

/// A connection of these nodes, each at its place.
pub fn connection(nodes: &[Value], places: &[String], more: bool) -> Value {
    let edges: Vec<Value> = nodes
        .iter()
        .zip(places)
        .map(|(node, place)| json!({"node": node, "cursor": place}))
        .collect();
    json!({"edges": edges, "nodes": nodes, "pageInfo": {"hasNextPage": more, "hasPreviousPage": false,
        "startCursor": places.first(), "endCursor": places.last()}})
}
