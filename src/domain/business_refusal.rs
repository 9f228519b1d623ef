//! Why an act is refused as things stand: its kind to decide by, its words, and what to do instead.

use std::fmt;

/// What kind of thing forbids an act. Whoever decides by a refusal decides by this, never by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The state of the thing.
    WrongState,
    /// It was done before.
    Done,
    /// Another is at it right now, or acted meanwhile: the same again may be possible.
    Busy,
    /// Nothing is there that the act would change.
    Nothing,
    /// What it names does not exist.
    Unknown,
    /// What it names may be several things.
    Ambiguous,
    /// The remedy or option is not one of this exception or thing.
    NotForThis,
    /// A word is missing: a note, an option, an amount.
    NeedsWord,
    /// A word that was given is impossible.
    BadWord,
    /// More pieces, money or letters than there may be.
    OverLimit,
    /// It contradicts what belongs to another thing.
    Conflict,
    /// Something is doubtful: a person must vouch for it.
    Unproved,
    /// What was stored cannot be read.
    Unreadable,
    /// A mail or document cannot be made or addressed.
    CannotBeMade,
}

/// A refusal of the business, as whole sentences for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessRefusal {
    kind: RefusalKind,
    text: String,
    /// Where in the text the remedy begins; its end where there is none.
    remedy: usize,
    exception: Option<i64>,
}

impl BusinessRefusal {
    fn new(kind: RefusalKind, words: impl Into<String>) -> BusinessRefusal {
        let text = words.into();
        BusinessRefusal {
            kind,
            remedy: text.len(),
            text,
            exception: None,
        }
    }

    /// The state of the thing forbids it.
    pub fn wrong_state(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::WrongState, words)
    }

    /// It was done before.
    pub fn done(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Done, words)
    }

    /// Another is at it right now, or acted meanwhile.
    pub fn busy(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Busy, words)
    }

    /// Nothing is there that the act would change.
    pub fn nothing(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Nothing, words)
    }

    /// What it names does not exist.
    pub fn unknown(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Unknown, words)
    }

    /// What it names may be several things.
    pub fn ambiguous(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Ambiguous, words)
    }

    /// The remedy or option is not one of this exception or thing.
    pub fn not_for_this(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::NotForThis, words)
    }

    /// A word is missing: a note, an option, an amount.
    pub fn needs_word(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::NeedsWord, words)
    }

    /// A word that was given is impossible.
    pub fn bad_word(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::BadWord, words)
    }

    /// More pieces, money or letters than there may be.
    pub fn over_limit(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::OverLimit, words)
    }

    /// It contradicts what belongs to another thing.
    pub fn conflict(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Conflict, words)
    }

    /// A person must vouch for it.
    pub fn unproved(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Unproved, words)
    }

    /// What was stored cannot be read.
    pub fn unreadable(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::Unreadable, words)
    }

    /// A mail or document cannot be made or addressed.
    pub fn cannot_be_made(words: impl Into<String>) -> BusinessRefusal {
        BusinessRefusal::new(RefusalKind::CannotBeMade, words)
    }

    /// With what to do instead, which follows the words as it stands: `: say which one`, `; dismiss it`.
    /// An earlier remedy becomes a part of the words.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl AsRef<str>) -> BusinessRefusal {
        self.remedy = self.text.len();
        self.text.push_str(remedy.as_ref());
        self
    }

    /// Whose words name this exception.
    #[must_use]
    pub fn of_exception(mut self, id: i64) -> BusinessRefusal {
        self.exception = Some(id);
        self
    }

    /// With the name of what it is about before its words: `PO-1: it is closed`.
    #[must_use]
    pub fn under(mut self, name: &str) -> BusinessRefusal {
        self.text = format!("{name}: {}", self.text);
        self.remedy += name.len() + 2;
        self
    }

    /// Without the full stop at its end, so that a sentence may go on.
    #[must_use]
    pub fn open_ended(mut self) -> BusinessRefusal {
        let end = self.text.trim_end_matches('.').len();
        self.text.truncate(end);
        self.remedy = self.remedy.min(end);
        self
    }

    /// What kind of thing forbids the act.
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// The exception that the words name, if they name one.
    pub fn exception(&self) -> Option<i64> {
        self.exception
    }

    /// All of it: the words and the remedy.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What forbids it, without the remedy.
    pub fn words(&self) -> &str {
        &self.text[..self.remedy]
    }

    /// What to do instead, if that is said apart.
    pub fn remedy(&self) -> Option<&str> {
        let remedy = self.text[self.remedy..].trim_start_matches([':', ';', ',', '.', ' ']);
        (!remedy.is_empty()).then_some(remedy)
    }
}

impl fmt::Display for BusinessRefusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.text)
    }
}

impl std::error::Error for BusinessRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_remedy_stand_apart_and_make_one_sentence() {
        let plain = BusinessRefusal::done("it is closed already");
        assert_eq!(
            (plain.words(), plain.remedy()),
            ("it is closed already", None)
        );
        let why = BusinessRefusal::wrong_state("exception 7 is held")
            .with_remedy(": release it.")
            .of_exception(7)
            .under("PO-1");
        assert_eq!(why.to_string(), "PO-1: exception 7 is held: release it.");
        assert_eq!(why.words(), "PO-1: exception 7 is held");
        assert_eq!(why.remedy(), Some("release it."));
        let open = why.open_ended();
        assert_eq!(open.remedy(), Some("release it"));
        let more = open.with_remedy(". Nothing was changed");
        assert_eq!(more.words(), "PO-1: exception 7 is held: release it");
        assert_eq!(more.remedy(), Some("Nothing was changed"));
        assert_eq!(
            (more.kind(), more.exception()),
            (RefusalKind::WrongState, Some(7))
        );
        let ends = BusinessRefusal::nothing("nothing is open...").open_ended();
        assert_eq!((ends.words(), ends.remedy()), ("nothing is open", None));
    }
}
