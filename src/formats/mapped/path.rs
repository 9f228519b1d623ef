//! Paths in JSON: `customer.name`, `notes[0].text`, and `taxes[].amount` for each entry of a list.

use super::fault::NotAsMapped;
use serde_json::Value;

/// A path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonPath {
    steps: Vec<PathStep>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PathStep {
    Key(String),
    Place(usize),
    Each,
}

impl JsonPath {
    /// From its text; an empty one is the document itself.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<JsonPath, NotAsMapped> {
        let mut steps = Vec::new();
        if text.is_empty() {
            return Ok(JsonPath { steps });
        }
        for part in text.split('.') {
            let (key, rest) = match part.find('[') {
                Some(at) => part.split_at(at),
                None => (part, ""),
            };
            if key.is_empty() && (rest.is_empty() || !steps.is_empty()) {
                return Err("is no path such as customer.name, notes[0].text or taxes[].amount: a key is empty".into());
            }
            if !key.is_empty() {
                steps.push(PathStep::Key(key.to_owned()));
            }
            for index in rest.split_inclusive(']') {
                let inner = index.strip_prefix('[').and_then(|i| i.strip_suffix(']'));
                match inner {
                    Some("") => steps.push(PathStep::Each),
                    Some(digits) => match digits.parse() {
                        Ok(place) => steps.push(PathStep::Place(place)),
                        Err(_) => {
                            return Err(format!(
                                "has [{digits}]: write [] for each entry, or its place from 0"
                            )
                            .into());
                        }
                    },
                    None => return Err("has a bracket that is not closed".into()),
                }
            }
        }
        Ok(JsonPath { steps })
    }

    /// Whether it is of each entry of a list.
    pub fn is_each(&self) -> bool {
        self.steps.contains(&PathStep::Each)
    }

    /// What stands there, with the whole path of each; null is nothing.
    pub fn find<'a>(&self, top: &'a Value, at: &str) -> Vec<(&'a Value, String)> {
        let mut found = vec![(top, at.to_owned())];
        for step in &self.steps {
            let below = found.into_iter().flat_map(|(value, at)| match step {
                PathStep::Key(key) => {
                    let path = if at.is_empty() {
                        key.clone()
                    } else {
                        format!("{at}.{key}")
                    };
                    value
                        .get(key)
                        .map(|value| (value, path))
                        .into_iter()
                        .collect()
                }
                PathStep::Place(place) => {
                    let entry = value
                        .get(*place)
                        .map(|value| (value, format!("{at}[{place}]")));
                    entry.into_iter().collect::<Vec<_>>()
                }
                PathStep::Each => {
                    let list = value.as_array().map_or(&[][..], Vec::as_slice).iter();
                    list.enumerate()
                        .map(|(place, value)| (value, format!("{at}[{place}]")))
                        .collect()
                }
            });
            found = below.collect();
        }
        found.retain(|(value, _)| !value.is_null());
        found
    }

    /// Takes what stands there out of a copy of the document.
    pub fn take_out(&self, top: &mut Value) {
        take_out(top, &self.steps);
    }
}

fn take_out(at: &mut Value, steps: &[PathStep]) {
    let Some((step, rest)) = steps.split_first() else {
        *at = Value::Null;
        return;
    };
    match (step, at) {
        (PathStep::Key(key), Value::Object(map)) => match rest {
            [] => drop(map.shift_remove(key)),
            rest => {
                if let Some(below) = map.get_mut(key) {
                    take_out(below, rest);
                }
            }
        },
        (PathStep::Place(place), Value::Array(list)) => {
            if let Some(below) = list.get_mut(*place) {
                take_out(below, rest);
            }
        }
        (PathStep::Each, Value::Array(list)) => {
            list.iter_mut().for_each(|below| take_out(below, rest));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_find_what_they_name() {
        let document = json!({"a": {"b": [{"c": 1}, {"c": 2}, {"c": null}]}});
        let found = |path: &str| -> Vec<String> {
            let path = JsonPath::parse(path).expect("a path");
            path.find(&document, "")
                .into_iter()
                .map(|(value, at)| format!("{at}={value}"))
                .collect()
        };
        assert_eq!(found("a.b[1].c"), ["a.b[1].c=2"]);
        assert_eq!(found("a.b[].c"), ["a.b[0].c=1", "a.b[1].c=2"]);
        assert!(found("a.x.c").is_empty() && found("a.b[9]").is_empty());
        for wrong in ["a..b", "a[", "a[x]", ".", "a.b[0]c"] {
            assert!(JsonPath::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_used_is_taken_out() {
        let mut document = json!({"a": {"b": 1, "c": 2}, "l": [{"x": 1, "y": 2}]});
        for path in ["a.b", "l[].x"] {
            JsonPath::parse(path)
                .expect("a path")
                .take_out(&mut document);
        }
        assert_eq!(document, json!({"a": {"c": 2}, "l": [{"y": 2}]}));
    }
}
