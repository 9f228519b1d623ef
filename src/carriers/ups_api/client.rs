//! UPS by the house's HTTP client: who asks, and what its answers mean.

use crate::http::{
    CallLimits, Credentials, Endpoint, Failure, HttpAnswer, HttpClient, Reason, Request, Secret,
    TokenFault, TokenScheme, Tokens,
};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Most bytes of an answer that are read.
const LARGEST: u64 = 1024 * 1024;

/// Longest that one request may take, within the deadline.
const ONE_REQUEST: Duration = Duration::from_secs(5);

/// How UPS is reached. No `Debug`: it leads to a secret.
#[derive(Clone)]
pub struct UpsSettings {
    /// Where it is, without a path.
    pub endpoint: Endpoint,
    /// The app's client id.
    pub client_id: String,
    /// The app's secret.
    pub secret: Secret,
    /// UPS account number for `x-merchant-id`; may be empty.
    pub account: String,
    /// Where tokens are kept between runs, mode 0600.
    pub token_file: PathBuf,
}

/// Why UPS cannot say. Never holds a secret or a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpsFault {
    /// No answer came in time.
    #[error("UPS did not answer in time")]
    Late,
    /// It could not be reached, or the connection broke.
    #[error("UPS could not be reached: {0}")]
    Unreachable(String),
    /// HTTP 429. UPS sends no Retry-After with it: nothing more is asked in this run.
    #[error("UPS answers that too many requests came (429)")]
    Busy,
    /// HTTP 401 or 403 even with a fresh token, or no token at all: a person must mend it.
    #[error("UPS refuses client_id and client_secret: {0}")]
    Credentials(String),
    /// HTTP 5xx and what else is none of the request's fault.
    #[error("UPS failed: {0}")]
    Server(String),
    /// UPS understood and refused this request.
    #[error("UPS refuses: {0}")]
    Refused(String),
    /// The answer is none that UPS' specification knows.
    #[error("UPS' answer makes no sense: {0}")]
    Malformed(String),
}

impl UpsFault {
    /// Whether asking something else in the same run would be in vain.
    pub fn ends_the_asking(&self) -> bool {
        !matches!(self, UpsFault::Refused(_) | UpsFault::Malformed(_))
    }
}

/// A client for one run.
pub struct Client {
    http: HttpClient,
    tokens: Tokens,
}

impl Client {
    /// Prepares everything; sends nothing yet. `now` is the moment at which `deadline` was set.
    ///
    /// # Errors
    /// When the host may not be asked, or TLS cannot be set up.
    pub fn new(
        settings: &UpsSettings,
        now: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<Client, UpsFault> {
        let limits = CallLimits {
            one_call: ONE_REQUEST,
            deadline: Some(deadline),
            longest_answer: LARGEST,
            // only questions are asked
            keep_connections: true,
        };
        let http = HttpClient::new(&settings.endpoint, limits).map_err(UpsFault::Unreachable)?;
        Ok(Client {
            http,
            tokens: Tokens::new(credentials(settings), now),
        })
    }

    /// Gets a fresh token, to prove that UPS knows the app.
    ///
    /// # Errors
    /// When UPS gives none.
    pub fn log_in(&self) -> Result<(), UpsFault> {
        self.tokens.prove(&self.http).map_err(no_token)
    }

    /// Sends one request with a token; the answer of 200 or 206 as JSON of the wanted form.
    ///
    /// # Errors
    /// Everything else.
    pub fn ask<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, UpsFault> {
        let id = crate::clock::hex(&crate::clock::random::<16>());
        let headers = [("transId", id.as_str()), ("transactionSrc", "poms")];
        let request = Request {
            headers: &headers,
            ..*request
        };
        let answer = self.tokens.send(&self.http, &request).map_err(no_token)?;
        match answer.status {
            200 | 206 => read(&answer),
            status => Err(refusal(status, &answer.body)),
        }
    }
}

fn credentials(settings: &UpsSettings) -> Credentials {
    let account = Some(&settings.account).filter(|account| !account.is_empty());
    Credentials {
        service: "UPS",
        scheme: TokenScheme::Bearer,
        path: &["security", "v1", "oauth", "token"],
        headers: account
            .map(|account| ("x-merchant-id", account.clone()))
            .into_iter()
            .collect(),
        of: settings.endpoint.base.as_str().to_owned(),
        client_id: settings.client_id.clone(),
        secret: settings.secret.clone(),
        file: settings.token_file.clone(),
    }
}

/// JSON of the wanted form.
fn read<T: DeserializeOwned>(answer: &HttpAnswer) -> Result<T, UpsFault> {
    answer.json().map_err(UpsFault::Malformed)
}

/// JSON of the wanted form in the body of an answer, for tests that give it any bytes.
pub(super) fn of_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, UpsFault> {
    read(&HttpAnswer::of_parts(200, None, body.to_vec()))
}

fn no_token(fault: TokenFault) -> UpsFault {
    match fault {
        TokenFault::Secret(why) => UpsFault::Credentials(why),
        TokenFault::Malformed(why) => UpsFault::Malformed(why),
        TokenFault::Failed(failure) => no_answer(&failure),
        TokenFault::Refused(status, body) => match refusal(status, &body) {
            // every refusal here is about who asks
            UpsFault::Refused(said) => UpsFault::Credentials(said),
            other => other,
        },
    }
}

/// UPS is only asked: whether a question was taken makes no difference.
fn no_answer(failure: &Failure) -> UpsFault {
    match failure.reason() {
        Reason::Late => UpsFault::Late,
        Reason::Broken(why) => UpsFault::Unreachable(why.clone()),
        Reason::TooLong(most) => UpsFault::Malformed(format!("it has more than {most} bytes")),
    }
}

/// What a status other than success means, with UPS' own codes. Its error bodies come in two forms:
/// `{"response": {"errors": […]}}` from the gateway and `{"errors": […]}`.
fn refusal(status: u16, body: &[u8]) -> UpsFault {
    let said = errors(body).unwrap_or_else(|| format!("HTTP {status}"));
    match status {
        429 => UpsFault::Busy,
        401 | 403 => UpsFault::Credentials(said),
        300..=399 => UpsFault::Malformed(format!("HTTP {status}: redirects are not followed")),
        400..=499 if status != 408 => UpsFault::Refused(said),
        _ => UpsFault::Server(said),
    }
}

/// Codes and words of an error body, on one short line.
fn errors(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let list = value
        .pointer("/response/errors")
        .or_else(|| value.get("errors"))?;
    let one = |error: &Value| {
        let part = |key: &str| match error.get(key) {
            Some(Value::String(text)) => crate::domain::text::line(text),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        format!("{} {}", part("code"), part("message"))
    };
    let said: Vec<String> = list.as_array()?.iter().take(3).map(one).collect();
    let said: String = said.join("; ").trim().chars().take(200).collect();
    (!said.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn error_bodies_of_both_forms() {
        let gateway =
            br#"{"response":{"errors":[{"code":"250002","message":"Invalid Authentication\n Information."}]}}"#;
        let own = br#"{"errors":[{"code":1085,"message":"x"}]}"#;
        assert_eq!(
            refusal(401, gateway),
            UpsFault::Credentials("250002 Invalid Authentication Information.".to_owned())
        );
        assert_eq!(refusal(400, own), UpsFault::Refused("1085 x".to_owned()));
        assert_eq!(refusal(429, b""), UpsFault::Busy);
        assert_eq!(
            refusal(503, b"<html>"),
            UpsFault::Server("HTTP 503".to_owned())
        );
        assert!(matches!(refusal(302, b""), UpsFault::Malformed(_)));
    }

    proptest! {
        #[test]
        fn any_error_body(status in 0_u16..700, body in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(refusal(status, &body).to_string().len() < 1200);
        }
    }
}
