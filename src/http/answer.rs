//! An answer: whole, or none.

use super::Reason;
use reqwest::blocking::Response;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde::de::DeserializeOwned;
use std::fmt;
use std::io::Read;
use std::time::Duration;

/// An answer, whole.
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` (RFC 9110, 10.2.3); a date is measured from the answer's own `Date`.
    pub retry_after: Option<Duration>,
    /// All of it.
    pub body: Vec<u8>,
    headers: HeaderMap,
}

/// Its size alone: a token may stand in it.
impl fmt::Debug for HttpAnswer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} with {} bytes", self.status, self.body.len())
    }
}

impl HttpAnswer {
    /// One that nobody sent, for tests and for readers that are given any bytes.
    pub fn of_parts(status: u16, retry_after: Option<Duration>, body: Vec<u8>) -> HttpAnswer {
        HttpAnswer {
            status,
            retry_after,
            body,
            headers: HeaderMap::new(),
        }
    }

    /// A header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads it to its end, if that comes within `largest` bytes.
    pub(super) fn of(response: Response, largest: u64) -> Result<HttpAnswer, Reason> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let retry_after = retry_after(&headers);
        let mut body = Vec::new();
        let read = response.take(largest + 1).read_to_end(&mut body);
        read.map_err(|fault| cut(&fault))?;
        if body.len() as u64 > largest {
            return Err(Reason::TooLong(largest));
        }
        Ok(HttpAnswer {
            status,
            retry_after,
            body,
            headers,
        })
    }

    /// Its JSON, of the wanted form.
    ///
    /// # Errors
    /// Where it is not; what it says stays out of the words.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        json(&self.body)
    }
}

/// JSON of the wanted form in a body.
fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|fault| {
        format!(
            "no JSON of the known form (line {}, column {})",
            fault.line(),
            fault.column()
        )
    })
}

/// Why a body did not end.
fn cut(fault: &std::io::Error) -> Reason {
    let inner = fault
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    match (fault.kind(), inner) {
        (std::io::ErrorKind::TimedOut, _) => Reason::Late,
        (_, Some(inner)) => Reason::of(inner),
        _ => Reason::Broken("the connection broke in the answer".to_owned()),
    }
}

/// Seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    let date = headers.get(DATE)?.to_str().ok()?;
    let now = chrono::DateTime::parse_from_rfc2822(date).ok()?;
    (then - now).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect::<HeaderMap>()
        };
        let wish = |pairs: &[(&'static str, &'static str)]| {
            retry_after(&headers(pairs)).map(|wish| wish.as_secs())
        };
        assert_eq!(wish(&[("retry-after", "90")]), Some(90));
        let date = ("date", "Mon, 02 Jun 2025 10:00:00 GMT");
        let then = ("retry-after", "Mon, 02 Jun 2025 10:20:00 GMT");
        assert_eq!(wish(&[date, then]), Some(1200));
        assert_eq!(wish(&[then]), None);
        assert_eq!(wish(&[("retry-after", "-5")]), None);
    }
}
