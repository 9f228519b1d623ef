//! The code of an exception on the list: one of the table, or the word of another version of poms,
//! which stays what it is and takes nobody's advice.

use super::{Code, Concerns, MESSAGE, Remedy, Severity, find};
use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::Deref;

/// The code of an exception. It reads as its word.
#[derive(Clone)]
pub struct ExceptionCode(CodeWord);

#[derive(Clone)]
enum CodeWord {
    Known(&'static Code),
    Unknown(Box<str>),
}

/// What is said of a code that the table does not have: of an order's, of a message's, and of any other.
const fn unknown(concerns: Concerns, advice: &'static str, remedies: &'static [Remedy]) -> Code {
    Code {
        code: "",
        concerns,
        severity: Severity::Hold,
        meaning: "a code of another version of poms, which this one does not know",
        advice,
        remedies,
    }
}

static OF_AN_ORDER: Code = unknown(
    Concerns::Order,
    "Read its reason. Retry has the order checked by the rules of this version; amend or cancel it if it shall not go on.",
    &[Remedy::Retry, Remedy::Amend, Remedy::Cancel],
);

static OF_A_MESSAGE: Code = unknown(
    Concerns::Message,
    "Read its reason. Retry has the message read by this version; dismiss this when it is settled.",
    MESSAGE,
);

static OF_ANY_OTHER: Code = unknown(
    Concerns::Document,
    "Read its reason, do what it asks by the commands of what it is about, and dismiss this when it is settled.",
    &[Remedy::Dismiss],
);

impl ExceptionCode {
    /// From its word in the ledger, whatever it is.
    pub fn of(word: &str) -> ExceptionCode {
        ExceptionCode(find(word).map_or_else(|| CodeWord::Unknown(word.into()), CodeWord::Known))
    }

    /// The word for it in the ledger and in JSON.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            CodeWord::Known(code) => code.code,
            CodeWord::Unknown(word) => word,
        }
    }

    /// Whether the table has it.
    pub fn is_known(&self) -> bool {
        matches!(self.0, CodeWord::Known(_))
    }

    /// Its line of the table; for a code that has none, what holds of every exception about such an
    /// entity (`order:W200001`).
    pub fn definition(&self, entity: &str) -> &'static Code {
        match &self.0 {
            CodeWord::Known(code) => code,
            CodeWord::Unknown(_) if entity.starts_with("order:") => &OF_AN_ORDER,
            CodeWord::Unknown(_) if entity.starts_with("message:") => &OF_A_MESSAGE,
            CodeWord::Unknown(_) => &OF_ANY_OTHER,
        }
    }
}

impl Deref for ExceptionCode {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ExceptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ExceptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for ExceptionCode {
    fn eq(&self, other: &ExceptionCode) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for ExceptionCode {}

impl PartialEq<&str> for ExceptionCode {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<str> for ExceptionCode {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<ExceptionCode> for &str {
    fn eq(&self, other: &ExceptionCode) -> bool {
        *self == other.as_str()
    }
}

impl Serialize for ExceptionCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::super::CODES;
    use super::*;

    #[test]
    fn a_code_of_the_table_has_its_own_line() {
        for code in CODES {
            let own = ExceptionCode::of(code.code);
            assert!(own.is_known() && own == code.code);
            assert_eq!(own.definition("order:1").advice, code.advice);
        }
    }

    #[test]
    fn a_code_of_another_version_takes_nobodys_advice_and_can_be_ended() {
        let code = ExceptionCode::of("from_tomorrow");
        assert!(!code.is_known());
        assert_eq!(code.as_str(), "from_tomorrow");
        assert_eq!(serde_json::json!(code), "from_tomorrow");
        for entity in ["order:W200001", "message:3", "po:W200001-1", ""] {
            let definition = code.definition(entity);
            assert!(CODES.iter().all(|known| known.advice != definition.advice));
            assert!(!definition.remedies.is_empty() && definition.advice.ends_with('.'));
        }
        assert_eq!(code.definition("order:W200001").concerns, Concerns::Order);
    }
}
