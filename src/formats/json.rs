//! Foreign JSON, read so that it has one meaning: an object with a key twice has none (RFC 8259,
//! section 4: which of the two counts differs from program to program).

use super::FormatError;
use crate::domain::step::Step;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Reads one JSON document.
///
/// # Errors
/// Where it is no JSON, or the path of a key that stands twice in one object. Values are never in
/// the message.
pub fn parse(text: &str) -> Result<Value, FormatError> {
    let mut doubled = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let place = JsonPlace {
        at: None,
        doubled: &mut doubled,
    };
    let read = place.deserialize(&mut json);
    match read.and_then(|value| json.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(fault) => Err(match doubled {
            Some(key) => FormatError::Doubled {
                key,
                line: fault.line(),
                column: fault.column(),
            },
            None => FormatError::NotJson {
                line: fault.line(),
                column: fault.column(),
            },
        }),
    }
}

/// A value that is about to be read, and where it stands.
struct JsonPlace<'a> {
    at: Option<&'a Step<'a>>,
    /// The path of the key that was found twice.
    doubled: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for JsonPlace<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonPlace<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let step = Step::index(self.at, list.len());
            let place = JsonPlace {
                at: Some(&step),
                doubled: &mut *self.doubled,
            };
            match items.next_element_seed(place)? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let step = Step::key(self.at, &key);
            if map.contains_key(&key) {
                *self.doubled = Some(step.path());
                return Err(A::Error::custom("a key stands twice"));
            }
            let place = JsonPlace {
                at: Some(&step),
                doubled: &mut *self.doubled,
            };
            let value = entries.next_value_seed(place)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_that_stands_twice_is_named_with_its_place() {
        for (text, key) in [
            (r#"{"total": "1.00", "total": "2.00"}"#, "total"),
            (r#"{"a": 1, "b": {"zip": 1, "zip": 1}}"#, "b.zip"),
            (
                r#"{"lines": [{"qty": 1}, {"qty": 1, "sku": "x", "qty": 2}]}"#,
                "lines[1].qty",
            ),
            (r#"[[{"": 1, "": 2}]]"#, "[0][0]."),
            // an escaped key is the same key
            (r#"{"total": "1.00", "\u0074otal": "2.00"}"#, "total"),
            (r#"{"a\nb": 1, "a\nb": 2}"#, "a\\u{a}b"),
        ] {
            let Err(FormatError::Doubled { key: found, .. }) = parse(text) else {
                panic!("{text} was taken");
            };
            assert_eq!(found, key, "{text}");
        }
        let said = parse("{\"a\": 1,\n \"a\": 2}").unwrap_err().to_string();
        assert!(said.contains("line 2, column 4"), "{said}");
    }

    #[test]
    fn the_same_key_in_two_objects_is_no_double() {
        let text = r#"{"a": {"zip": 1}, "b": {"zip": 1}, "l": [{"sku": 1}, {"sku": 1}]}"#;
        assert_eq!(
            parse(text).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[test]
    fn what_is_no_json_is_told_by_place() {
        for text in ["", "{", "{\"a\": 1} x", "{\"a\": 1}{", "nul", "[1e999]"] {
            let said = parse(text).map_err(|fault| fault.to_string());
            assert!(said.unwrap_err().contains("not JSON (line 1"), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(parse(&deep).is_err());
    }

    proptest! {
        #[test]
        fn agrees_with_serde(text in r#"(\{|\}|\[|\]|"a"|"b"|:|,|1|-|\.5|e9|null|true| |\\){0,24}"#) {
            match parse(&text) {
                Ok(value) => prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap()),
                Err(FormatError::Doubled { .. }) => {}
                Err(_) => prop_assert!(serde_json::from_str::<Value>(&text).is_err()),
            }
        }
    }
}
