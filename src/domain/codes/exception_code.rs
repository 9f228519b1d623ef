//! The code of an exception on the list: one of the table, or the word of another version of poms,
//! which stays what it is and takes nobody's advice.

use super::{CODES, Code, CodeDefinition, Concerns, DEFINITIONS, MESSAGE, Remedy, Severity};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;

/// The code of an exception in a row of the ledger.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum ExceptionCode {
    /// One of the table.
    Known(Code),
    /// A word of another version of poms.
    Unknown(Box<str>),
}

/// What is said of a code that the table does not have: of an order's, of a message's, and of any other.
const fn unknown(
    concerns: Concerns,
    advice: &'static str,
    remedies: &'static [Remedy],
) -> CodeDefinition {
    CodeDefinition {
        word: "",
        concerns,
        severity: Severity::Hold,
        meaning: "a code of another version of poms, which this one does not know",
        advice,
        remedies,
    }
}

static OF_AN_ORDER: CodeDefinition = unknown(
    Concerns::Order,
    "Read its reason. Retry has the order checked by the rules of this version; amend or cancel it if it shall not go on.",
    &[Remedy::Retry, Remedy::Amend, Remedy::Cancel],
);

static OF_A_MESSAGE: CodeDefinition = unknown(
    Concerns::Message,
    "Read its reason. Retry has the message read by this version; dismiss this when it is settled.",
    MESSAGE,
);

static OF_ANY_OTHER: CodeDefinition = unknown(
    Concerns::Document,
    "Read its reason, do what it asks by the commands of what it is about, and dismiss this when it is settled.",
    &[Remedy::Dismiss],
);

impl Code {
    /// From its word in the configuration or on the command line; `None` for a word that is no code.
    pub fn parse(word: &str) -> Option<Code> {
        let place = DEFINITIONS.iter().position(|known| known.word == word);
        place.and_then(|place| CODES.get(place).copied())
    }

    /// Its line of the table.
    pub fn definition(self) -> &'static CodeDefinition {
        // the codes and their definitions are made of one list
        &DEFINITIONS[self as usize]
    }

    /// The word for it in the configuration, in the ledger and in JSON.
    pub fn as_str(self) -> &'static str {
        self.definition().word
    }
}

impl ExceptionCode {
    /// From its word in the ledger, whatever it is.
    pub fn of(word: &str) -> ExceptionCode {
        Code::parse(word).map_or_else(|| ExceptionCode::Unknown(word.into()), ExceptionCode::Known)
    }

    /// The word for it in the ledger and in JSON.
    pub fn as_str(&self) -> &str {
        match self {
            ExceptionCode::Known(code) => code.as_str(),
            ExceptionCode::Unknown(word) => word,
        }
    }

    /// The code, if this version knows it.
    pub fn known(&self) -> Option<Code> {
        match self {
            ExceptionCode::Known(code) => Some(*code),
            ExceptionCode::Unknown(_) => None,
        }
    }

    /// Whether it is one of these.
    pub fn is_one_of(&self, codes: &[Code]) -> bool {
        self.known().is_some_and(|code| codes.contains(&code))
    }

    /// Its line of the table; for a code that has none, what holds of every exception about such an
    /// entity (`order:W200001`).
    pub fn definition(&self, entity: &str) -> &'static CodeDefinition {
        match self {
            ExceptionCode::Known(code) => code.definition(),
            ExceptionCode::Unknown(_) if entity.starts_with("order:") => &OF_AN_ORDER,
            ExceptionCode::Unknown(_) if entity.starts_with("message:") => &OF_A_MESSAGE,
            ExceptionCode::Unknown(_) => &OF_ANY_OTHER,
        }
    }
}

impl From<Code> for ExceptionCode {
    fn from(code: Code) -> ExceptionCode {
        ExceptionCode::Known(code)
    }
}

impl PartialEq<Code> for ExceptionCode {
    fn eq(&self, other: &Code) -> bool {
        self.known() == Some(*other)
    }
}

impl PartialEq<ExceptionCode> for Code {
    fn eq(&self, other: &ExceptionCode) -> bool {
        other == self
    }
}

/// By their words, as lists of them are sorted.
impl Ord for Code {
    fn cmp(&self, other: &Code) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Code) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for ExceptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for ExceptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl Serialize for ExceptionCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ExceptionCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<ExceptionCode, D::Error> {
        String::deserialize(from).map(|word| ExceptionCode::of(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::super::CODES;
    use super::*;

    #[test]
    fn a_code_of_the_table_has_its_own_line() {
        for code in CODES {
            let own = ExceptionCode::of(code.as_str());
            assert!(own.known() == Some(*code) && own == *code);
            assert_eq!(own.as_str(), code.as_str());
            assert_eq!(own.definition("order:1").advice, code.definition().advice);
        }
    }

    #[test]
    fn a_code_of_another_version_takes_nobodys_advice_and_can_be_ended() {
        let code = ExceptionCode::of("from_tomorrow");
        assert!(code.known().is_none());
        assert_eq!(code.as_str(), "from_tomorrow");
        assert_eq!(serde_json::json!(code), "from_tomorrow");
        for entity in ["order:W200001", "message:3", "po:W200001-1", ""] {
            let definition = code.definition(entity);
            assert!(
                DEFINITIONS
                    .iter()
                    .all(|known| known.advice != definition.advice)
            );
            assert!(!definition.remedies.is_empty() && definition.advice.ends_with('.'));
        }
        assert_eq!(code.definition("order:W200001").concerns, Concerns::Order);
    }
}
