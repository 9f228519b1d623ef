//! What a customer is asked when goods do not come as ordered, and what follows without an answer.

use crate::domain::codes::{Code, ExceptionCode};

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionState {
    /// The customer may answer.
    Open,
    /// The customer did; a person acts on it.
    Answered,
    /// The customer did not in time, and what the site set followed.
    Unanswered,
    /// What it was about is settled.
    Closed,
}

impl QuestionState {
    /// Its word in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            QuestionState::Open => "open",
            QuestionState::Answered => "answered",
            QuestionState::Unanswered => "unanswered",
            QuestionState::Closed => "closed",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<QuestionState> {
        use QuestionState::*;
        let all = [Open, Answered, Unanswered, Closed];
        all.into_iter().find(|one| one.as_str() == word)
    }
}

/// The consequence when a customer does not answer in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unanswered {
    /// A person is told.
    #[default]
    Tell,
    /// The customer waits; where waiting brings nothing, a person is told.
    Wait,
    /// What it is about is taken off the order.
    TakeOff,
}

impl Unanswered {
    /// All of them.
    pub const ALL: [Unanswered; 3] = [Unanswered::Tell, Unanswered::Wait, Unanswered::TakeOff];

    /// The word for it in the configuration and in templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Unanswered::Tell => "tell",
            Unanswered::Wait => "wait",
            Unanswered::TakeOff => "take-off",
        }
    }

    /// Says what it means for an exception of this code: nobody waits for what was rejected.
    pub fn about(self, code: &ExceptionCode) -> Unanswered {
        match self {
            Unanswered::Wait if *code == Code::PoRejected => Unanswered::Tell,
            other => other,
        }
    }
}
