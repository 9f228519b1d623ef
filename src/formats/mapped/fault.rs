//! Why a value, or a document, is not as its mapping has it.

/// The end of a sentence that begins with the field or the format; nobody does one thing or another by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAsMapped(pub String);

impl From<String> for NotAsMapped {
    fn from(words: String) -> NotAsMapped {
        NotAsMapped(words)
    }
}

impl From<&str> for NotAsMapped {
    fn from(words: &str) -> NotAsMapped {
        NotAsMapped(words.to_owned())
    }
}
