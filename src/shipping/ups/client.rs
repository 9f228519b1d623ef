//! One connection to UPS: https only, to the hosts on the list, without redirects or proxies, every
//! answer bounded in time and size.

use super::token::Tokens;
use crate::files;
use chrono::{DateTime, Utc};
use reqwest::Url;
use reqwest::blocking::{Client as Http, RequestBuilder, Response};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// UPS' own hosts: production, and the Customer Integration Environment.
pub const HOSTS: [&str; 2] = ["onlinetools.ups.com", "wwwcie.ups.com"];

/// Most bytes of an answer that are read.
const LARGEST: u64 = 1024 * 1024;

/// Longest that one request may take, within the deadline.
const ONE_REQUEST: Duration = Duration::from_secs(5);

/// Gives a secret when it is needed; it may take its time, and then the deadline passes.
pub type Secret = Arc<dyn Fn() -> Result<SecretString, String> + Send + Sync>;

/// How UPS is reached. No `Debug`: it leads to a secret.
#[derive(Clone)]
pub struct Settings {
    /// `https://onlinetools.ups.com`, without a path.
    pub base: Url,
    /// Whether `base` may be another host than UPS' own, or a private address.
    pub allow_other_host: bool,
    /// The app's client id.
    pub client_id: String,
    /// The app's secret.
    pub secret: Secret,
    /// UPS account number for `x-merchant-id`; may be empty.
    pub account: String,
    /// Authorities (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Where tokens are kept between runs, mode 0600.
    pub token_file: PathBuf,
}

/// Why UPS cannot say. Never holds a secret or a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
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

impl Fault {
    /// Whether asking something else in the same run would be in vain.
    pub fn ends_the_asking(&self) -> bool {
        !matches!(self, Fault::Refused(_) | Fault::Malformed(_))
    }
}

/// A client for one run.
pub struct Client {
    http: Http,
    tokens: Tokens,
    base: Url,
    deadline: Instant,
}

impl Client {
    /// Prepares everything; sends nothing yet. `now` is the moment at which `deadline` was set.
    ///
    /// # Errors
    /// When the host may not be asked, or TLS cannot be set up.
    pub fn new(
        settings: &Settings,
        now: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<Client, Fault> {
        let unreachable = |text: String| Fault::Unreachable(text);
        let host = settings.base.host_str().unwrap_or_default().to_owned();
        let port = settings.base.port_or_known_default().unwrap_or(443);
        let bare = host.trim_matches(['[', ']']);
        let addresses = crate::net::addresses(bare, port)
            .map_err(|error| unreachable(format!("{host}: {error}")))?;
        check_host(settings, bare, &addresses).map_err(unreachable)?;
        let mut builder = Http::builder()
            .redirect(Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never())
            .https_only(settings.base.scheme() == "https")
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .user_agent(concat!("poms/", env!("CARGO_PKG_VERSION")))
            // the addresses that were checked, and no others
            .resolve_to_addrs(bare, &addresses);
        if let Some(path) = &settings.ca_file {
            let wrong = |why: String| unreachable(format!("cannot use {}: {why}", path.display()));
            let pem =
                files::read(path, files::LARGEST_KEY).map_err(|error| wrong(error.to_string()))?;
            let all = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|error| wrong(words(&error)))?;
            builder = builder.tls_certs_only(all);
        }
        let http = builder
            .build()
            .map_err(|error| unreachable(words(&error)))?;
        Ok(Client {
            tokens: Tokens::new(settings.clone(), now),
            http,
            base: settings.base.clone(),
            deadline,
        })
    }

    /// Gets a fresh token, to prove that UPS knows the app.
    ///
    /// # Errors
    /// When UPS gives none.
    pub fn log_in(&self) -> Result<(), Fault> {
        self.tokens.prove(self)
    }

    /// Sends one request with a token, and again with a fresh one when UPS says 401. `make` builds
    /// it without headers; `path` begins after the host.
    ///
    /// # Errors
    /// Everything but an answer of 200 or 206 whose body is JSON of the wanted form.
    pub fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        make: impl Fn(&Http, Url) -> RequestBuilder,
    ) -> Result<T, Fault> {
        let url = self.url(path)?;
        let mut token = self.tokens.current(self)?;
        for fresh in [false, true] {
            let request = make(&self.http, url.clone())
                .bearer_auth(token.expose_secret())
                .header("transId", crate::clock::hex(&crate::clock::random::<16>()))
                .header("transactionSrc", "poms");
            let (status, body) = self.send(request)?;
            if status == 401 && !fresh {
                token = self.tokens.renew(self, &token)?;
                continue;
            }
            return match status {
                200 | 206 => read(&body),
                _ => Err(refusal(status, &body)),
            };
        }
        Err(Fault::Credentials("401 with a fresh token".to_owned()))
    }

    /// The address of a path at UPS.
    pub(super) fn url(&self, path: &str) -> Result<Url, Fault> {
        let joined = self.base.join(path);
        joined.map_err(|error| Fault::Malformed(format!("the address {path}: {error}")))
    }

    /// A POST without a token, for getting one.
    pub(super) fn post(&self, url: Url) -> RequestBuilder {
        self.http.post(url)
    }

    /// Sends a request within what is left of the time; status and body.
    pub(super) fn send(&self, request: RequestBuilder) -> Result<(u16, Vec<u8>), Fault> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Fault::Late);
        }
        let sent = request
            .timeout(left.min(ONE_REQUEST))
            .header("Accept", "application/json")
            .send();
        let response = sent.map_err(|error| fault_of(&error))?;
        let status = response.status().as_u16();
        Ok((status, body(response)?))
    }
}

/// The whole body, if it is not too large.
fn body(response: Response) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = response.take(LARGEST + 1).read_to_end(&mut bytes);
    if let Err(error) = read {
        return Err(match error.kind() {
            std::io::ErrorKind::TimedOut => Fault::Late,
            _ => match error
                .get_ref()
                .and_then(|e| e.downcast_ref::<reqwest::Error>())
            {
                Some(inner) => fault_of(inner),
                None => Fault::Unreachable("the connection broke in the answer".to_owned()),
            },
        });
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Fault::Malformed(format!(
            "it has more than {LARGEST} bytes"
        )));
    }
    Ok(bytes)
}

/// JSON of the wanted form; what it says stays out of the fault.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|fault| {
        Fault::Malformed(format!(
            "no JSON of the known form (line {}, column {})",
            fault.line(),
            fault.column()
        ))
    })
}

/// What a status other than success means, with UPS' own codes. Its error bodies come in two forms:
/// `{"response": {"errors": […]}}` from the gateway and `{"errors": […]}`.
pub(super) fn refusal(status: u16, body: &[u8]) -> Fault {
    let said = errors(body).unwrap_or_else(|| format!("HTTP {status}"));
    match status {
        429 => Fault::Busy,
        401 | 403 => Fault::Credentials(said),
        300..=399 => Fault::Malformed(format!("HTTP {status}: redirects are not followed")),
        400..=499 if status != 408 => Fault::Refused(said),
        _ => Fault::Server(said),
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

fn fault_of(error: &reqwest::Error) -> Fault {
    match error.is_timeout() {
        true => Fault::Late,
        false => Fault::Unreachable(words(error)),
    }
}

/// The innermost cause: the outer ones repeat the address.
fn words(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    crate::domain::text::line(&cause.to_string())
}

/// Whether this host at these addresses may be asked.
fn check_host(
    settings: &Settings,
    host: &str,
    addresses: &[std::net::SocketAddr],
) -> Result<(), String> {
    let loopback = |ip: std::net::IpAddr| ip.to_canonical().is_loopback();
    let this_machine = host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(loopback);
    if this_machine {
        return match addresses.iter().find(|address| !loopback(address.ip())) {
            Some(address) => Err(format!("{host} is {}, not this machine", address.ip())),
            None => Ok(()),
        };
    }
    if settings.allow_other_host {
        return Ok(());
    }
    if !HOSTS.contains(&host) {
        return Err(format!("{host} is none of UPS' hosts"));
    }
    let private = addresses
        .iter()
        .find(|address| crate::net::inside(address.ip()));
    match private {
        Some(address) => Err(format!(
            "{host} has the private address {}: the name server is not to be trusted",
            address.ip()
        )),
        None => Ok(()),
    }
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
            Fault::Credentials("250002 Invalid Authentication Information.".to_owned())
        );
        assert_eq!(refusal(400, own), Fault::Refused("1085 x".to_owned()));
        assert_eq!(refusal(429, b""), Fault::Busy);
        assert_eq!(
            refusal(503, b"<html>"),
            Fault::Server("HTTP 503".to_owned())
        );
        assert!(matches!(refusal(302, b""), Fault::Malformed(_)));
    }

    proptest! {
        #[test]
        fn any_error_body(status in 0_u16..700, body in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(refusal(status, &body).to_string().len() < 1200);
        }
    }
}
