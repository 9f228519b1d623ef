//! The way to the service: one host that the configuration names, verified TLS, no redirects, no
//! proxy, one connection a request, and never a silent second try.

use crate::net::inside;
use reqwest::Url;
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use std::error::Error;
use std::io::Read;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// The longest answer that is read, in bytes: a list of 1,000 faxes.
const LONGEST_ANSWER: u64 = 8 << 20;

/// Where the service is, and as whom we come.
#[derive(Clone)]
pub struct SinchSettings {
    /// Scheme, host and port; `https` unless it is this machine or `allow_plaintext`.
    pub base_url: Url,
    /// The project at Sinch.
    pub project: String,
    /// Key id and secret for Basic authentication.
    pub login: (SecretString, SecretString),
    /// The number that we call from, E.164, if the service shall not choose.
    pub from: Option<String>,
    /// The fax service at Sinch, if not the project's own.
    pub service: Option<String>,
    /// The text at the head of each page that the service prints; at most 50 characters.
    pub header: String,
    /// Calls that the service itself repeats, 0 to 5.
    pub retries: u8,
    /// Whether plain `http` to another machine is meant.
    pub allow_plaintext: bool,
    /// Whether the host may be in a private network.
    pub allow_private: bool,
    /// How long one request may take.
    pub timeout: Duration,
}

/// How a request failed.
#[derive(Debug)]
pub enum Failure {
    /// Certainly not a byte of it was handed over.
    NotSent(String),
    /// It was written, as far as we know, and no whole answer came.
    Lost(String),
}

/// An answer, whole.
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After`, as seconds from the answer's own date.
    pub retry_after: Option<Duration>,
    /// All of it.
    pub body: Vec<u8>,
}

/// The client; made at the first request.
pub struct Http {
    settings: SinchSettings,
    client: Option<Client>,
}

impl Http {
    /// Opens nothing yet.
    pub fn new(settings: SinchSettings) -> Http {
        Http {
            settings,
            client: None,
        }
    }

    /// What it works with.
    pub fn settings(&self) -> &SinchSettings {
        &self.settings
    }

    /// The address of something below the project, such as `faxes`.
    fn url(&self, below: &[&str]) -> Result<Url, Failure> {
        let mut url = self.settings.base_url.clone();
        let mut path = url.path_segments_mut().map_err(|()| {
            Failure::NotSent("delivery.fax.base_url is no address of a server".to_owned())
        })?;
        path.pop_if_empty()
            .extend(["v3", "projects", self.settings.project.as_str()])
            .extend(below);
        drop(path);
        Ok(url)
    }

    /// Makes the client, if it is not there: looks the host up, and refuses addresses inside.
    ///
    /// # Errors
    /// `NotSent`, with what to do.
    pub fn ready(&mut self) -> Result<(), Failure> {
        if self.client.is_some() {
            return Ok(());
        }
        let url = &self.settings.base_url;
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        let plain = url.scheme() == "http";
        if plain && !self.settings.allow_plaintext && !is_this_machine(&host) {
            return Err(Failure::NotSent(format!(
                "delivery.fax.base_url: plain http to {host} would show orders to everyone on the way; use https"
            )));
        }
        let addresses = look_up(&host, port, self.settings.allow_private)?;
        let client = Client::builder()
            .https_only(!plain)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(0)
            .resolve_to_addrs(&host, &addresses)
            .user_agent(concat!("poms/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.settings.timeout.min(Duration::from_secs(30)))
            .timeout(self.settings.timeout)
            .build()
            .map_err(|fault| Failure::NotSent(words(fault)))?;
        self.client = Some(client);
        Ok(())
    }

    fn client(&mut self) -> Result<&Client, Failure> {
        self.ready()?;
        self.client
            .as_ref()
            .ok_or_else(|| Failure::NotSent("there is no client".to_owned()))
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn post(&mut self, below: &[&str], json: Vec<u8>) -> Result<Reply, Failure> {
        let url = self.url(below)?;
        let request = self.client()?.post(url);
        let request = request
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .body(json);
        self.send(request)
    }

    /// Asks.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn get(&mut self, below: &[&str], query: &[(&str, &str)]) -> Result<Reply, Failure> {
        let mut url = self.url(below)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.client()?.get(url).header("Accept", "application/json");
        self.send(request)
    }

    fn send(&self, request: RequestBuilder) -> Result<Reply, Failure> {
        let (key, secret) = &self.settings.login;
        let request = request.basic_auth(key.expose_secret(), Some(secret.expose_secret()));
        let response = request.send().map_err(|fault| {
            // only a connection that never stood is certain; TLS is part of making it
            let unsent = fault.is_connect() || fault.is_builder();
            match (unsent, words(fault)) {
                (true, words) => Failure::NotSent(words),
                (false, words) => Failure::Lost(words),
            }
        })?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        let mut body = Vec::new();
        response
            .take(LONGEST_ANSWER)
            .read_to_end(&mut body)
            .map_err(|fault| Failure::Lost(format!("the answer ended too early: {fault}")))?;
        Ok(Reply {
            status,
            retry_after,
            body,
        })
    }
}

/// Seconds, or a date (RFC 9110, 10.2.3) measured from the answer's own `Date`.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    let date = headers.get(reqwest::header::DATE)?.to_str().ok()?;
    let now = chrono::DateTime::parse_from_rfc2822(date).ok()?;
    (then - now).to_std().ok()
}

/// What went wrong, without the address, which names the project.
fn words(fault: reqwest::Error) -> String {
    let fault = fault.without_url();
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text
}

/// Whether the host is this machine, without asking a name server.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>()
        .map_or(host.eq_ignore_ascii_case("localhost"), |ip| {
            ip.is_loopback()
        })
}

fn look_up(host: &str, port: u16, allow_private: bool) -> Result<Vec<SocketAddr>, Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = (bare, port)
        .to_socket_addrs()
        .map_err(|fault| Failure::NotSent(format!("{host} cannot be looked up: {fault}")))?;
    let found: Vec<SocketAddr> = found.collect();
    let trusted = allow_private || is_this_machine(host);
    match found.iter().find(|address| inside(address.ip())) {
        Some(inside) if !trusted => Err(Failure::NotSent(format!(
            "{host} is {}, an address inside a private network: nothing is sent there unless delivery.fax.allow_private says so",
            inside.ip()
        ))),
        _ if found.is_empty() => Err(Failure::NotSent(format!("{host} has no address"))),
        _ => Ok(found),
    }
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
