//! The one HTTP client: every service that poms asks is asked through it.
//!
//! https only but for this machine (or where the configuration says so twice), TLS 1.2 at least,
//! the host held to the addresses that were looked at, no redirects, no proxy from the environment,
//! no second try that nobody asked for, a deadline for the whole call, answers bounded in bytes.
//! A failure says what the caller must know: whether the request may have been taken.

mod answer;
mod client;
mod endpoint;
mod token;

pub use answer::HttpAnswer;
pub use client::{Auth, Body, BodyFile, CallLimits, HttpClient, Request};
pub use endpoint::{Endpoint, Hosts, SettingNames, find};
pub use token::{Credentials, Secret, TokenFault, TokenScheme, Tokens};

/// A request to which no whole answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Certainly not a byte of the request was handed over.
    #[error("{0}")]
    NotSent(Reason),
    /// It was written, as far as we know: whether it was taken is unknown.
    #[error("{0}")]
    Unknown(Reason),
}

impl Failure {
    /// Why.
    pub fn reason(&self) -> &Reason {
        let (Failure::NotSent(reason) | Failure::Unknown(reason)) = self;
        reason
    }
}

/// A reason why no whole answer came. Never holds an address, a token or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The time of the call was over.
    #[error("no answer in time")]
    Late,
    /// The host was not found or may not be asked, the connection was refused or broke; in words.
    #[error("{0}")]
    Broken(String),
    /// More bytes came than are read.
    #[error("the answer has more than {0} bytes")]
    TooLong(u64),
}

impl Reason {
    fn of(fault: &reqwest::Error) -> Reason {
        match fault.is_timeout() {
            true => Reason::Late,
            false => Reason::Broken(innermost(fault)),
        }
    }
}

/// The innermost cause, on one line: the outer ones repeat the address, which may be a secret.
fn innermost(fault: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = fault;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    crate::domain::text::line(&cause.to_string())
}
