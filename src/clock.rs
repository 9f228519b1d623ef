//! The only reader of time and randomness. Clippy bans `Utc::now` everywhere else, so that every
//! decision is a function of a `now` that a test can freeze.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Serialize, Serializer};
use std::fmt;

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Stands still at one moment, for tests and rehearsals.
    Frozen(DateTime<Utc>),
}

impl Clock {
    /// The machine's clock, or the moment in `POMS_NOW` (RFC 3339) for rehearsals of past mail.
    ///
    /// # Errors
    /// When `POMS_NOW` is set and is not a time.
    pub fn from_env() -> Result<Clock, String> {
        match std::env::var("POMS_NOW") {
            Err(_) => Ok(Clock::System),
            Ok(text) => DateTime::parse_from_rfc3339(&text)
                .map(|moment| Clock::Frozen(moment.to_utc()))
                .map_err(|_| {
                    format!("POMS_NOW is '{text}': write it as 2025-06-02T10:00:00Z, or unset it")
                }),
        }
    }

    /// The present moment, UTC, to the millisecond.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now().trunc_subsecs(3),
            Clock::Frozen(moment) => *moment,
        }
    }
}

/// The machine's time, whatever `POMS_NOW` says: for the age of files, which the machine dated.
#[allow(clippy::disallowed_methods)]
pub fn machine_time() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

/// The ledger's and the contract's way to write a moment: RFC 3339, UTC, milliseconds, `Z`.
pub fn text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// Reads a moment that [`text`] wrote.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|moment| moment.to_utc())
}

/// A moment in a row of the ledger: a time, said to others as the ledger writes it, see [`text`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(DateTime<Utc>);

impl Moment {
    /// The same as a time to calculate with.
    pub fn time(self) -> DateTime<Utc> {
        self.0
    }

    /// Reads a moment that [`text`] wrote.
    pub fn parse(text: &str) -> Option<Moment> {
        parse(text).map(Moment)
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(time: DateTime<Utc>) -> Moment {
        Moment(time)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&text(self.0))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Adds up how long things take, for the log; decides nothing.
#[derive(Debug, Default)]
pub struct Stopwatch(std::time::Duration);

impl Stopwatch {
    /// Does `work` and adds the time that it took.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = std::time::Instant::now();
        let done = work();
        self.0 += begun.elapsed();
        done
    }

    /// All of it.
    pub fn elapsed(&self) -> std::time::Duration {
        self.0
    }

    /// Milliseconds in all.
    pub fn milliseconds(&self) -> u128 {
        self.0.as_millis()
    }
}

/// Fresh random bytes from OpenSSL's generator.
///
/// # Panics
/// When OpenSSL has no randomness to give, which it asks of the operating system: getrandom(2) fails
/// on no Linux that runs poms. Message-IDs, salts of the audit trail and reply tokens would be
/// guessed or repeated, so the run must end there and then; its transaction is rolled back, as by
/// SIGKILL.
#[expect(
    clippy::expect_used,
    reason = "no caller could go on, and a value that is not random must never be returned"
)]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    openssl::rand::rand_bytes(&mut bytes).expect("the system's random generator failed");
    bytes
}

/// `bytes` in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    // each seal writes some hundred digests: formatting byte by byte was a twentieth of the writer's work
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    let pairs = bytes.iter().map(|byte| [byte >> 4, byte & 15]);
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(pairs.flatten().map(digit));
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn hexadecimal_has_two_digits_a_byte() {
        assert_eq!(super::hex(&[0, 9, 0xa0, 0xff]), "0009a0ff");
        assert_eq!(super::hex(&[]), "");
    }
}
