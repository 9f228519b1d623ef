//! The call after a run. Its address is as good as a password: no message names more than the host.

use crate::config::HeartbeatConfig;
use crate::config::monitoring::address;
use crate::net;
use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Beat {
    /// No address is set.
    Off,
    /// A run that failed, and nothing is called then.
    Silent,
    /// It was taken.
    Sent,
    /// Why it was not taken; never the address.
    Failed(String),
}

/// Calls the address that this outcome of a run asks for. The work is done on a thread of its own
/// that is left behind when the time is over, so that nothing (a name server, a command for the
/// secret) delays a run by more.
pub fn send(settings: &HeartbeatConfig, outcome: &str) -> Beat {
    let failed = match outcome {
        "done" => false,
        // told to stop by a person or a shutdown: neither a success nor a failure
        "stopped" => return Beat::Silent,
        _ if settings.failure.is_empty() => return Beat::Silent,
        _ => true,
    };
    let call = move |settings: &HeartbeatConfig, left| call(settings, failed, left);
    match within(settings, call) {
        Ok(()) => Beat::Sent,
        Err(why) => Beat::Failed(why),
    }
}

/// Whether the server of the address answers under TLS that is trusted, for `poms check`. Nothing is
/// called: that would count as a run.
///
/// # Errors
/// What is wrong and what to do.
pub fn check(settings: &HeartbeatConfig) -> Result<String, String> {
    within(settings, |settings, left| {
        let (url, found) = server(settings)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let wrong = |fault: std::io::Error| {
            format!("{host} cannot be reached: {fault}; is this machine let out to it?")
        };
        let stream = net::Stream::connect(&found, left).map_err(wrong)?;
        if url.scheme() == "https" {
            let tls = net::connector(None).map_err(|fault| fault.to_string())?;
            let bare = host.trim_matches(['[', ']']);
            stream.secure(&tls, bare, left).map_err(|fault| {
                format!("{host} is there, but not by TLS that is trusted: {fault}")
            })?;
        }
        Ok(format!(
            "{host} answers; it was not called, as that would count as a run"
        ))
    })
}

/// Does `work` on a thread of its own within the time of the settings.
fn within<T: Send + 'static>(
    settings: &HeartbeatConfig,
    work: impl FnOnce(&HeartbeatConfig, Duration) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let limit = settings.timeout;
    let (sender, receiver) = mpsc::channel();
    let settings = settings.clone();
    let begun = std::thread::Builder::new().spawn(move || {
        // nobody may listen any more
        let _ = sender.send(work(&settings, limit));
    });
    begun.map_err(|fault| format!("no thread can be started: {fault}"))?;
    receiver
        .recv_timeout(limit)
        .unwrap_or_else(|_| Err(format!("no answer within {} s", limit.as_secs())))
}

/// The address, and where its host is.
fn server(settings: &HeartbeatConfig) -> Result<(Url, Vec<SocketAddr>), String> {
    let text = settings.url.read();
    let text = text.map_err(|fault| format!("monitoring.heartbeat_url: {fault}"))?;
    let url = address(text.expose_secret(), settings.allow_plaintext);
    let url = url.map_err(|why| format!("monitoring.heartbeat_url {why}"))?;
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let bare = host.trim_matches(['[', ']']);
    let found = net::addresses(bare, port);
    let found = found.map_err(|fault| {
        format!("{host} cannot be looked up: {fault}; check the address and this machine's DNS")
    })?;
    let own = |ip: std::net::IpAddr| ip.to_canonical().is_loopback();
    let local = bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(own);
    if local || settings.allow_private {
        return Ok((url, found));
    }
    match found.iter().find(|address| net::inside(address.ip())) {
        Some(address) => Err(format!(
            "{host} is {}, an address inside a private network: it is not called unless monitoring.allow_private says so",
            address.ip()
        )),
        None => Ok((url, found)),
    }
}

fn call(settings: &HeartbeatConfig, failed: bool, limit: Duration) -> Result<(), String> {
    let begun = Instant::now();
    let (mut url, found) = server(settings)?;
    if failed {
        add(&mut url, &settings.failure);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let client = Client::builder()
        .https_only(url.scheme() == "https")
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        // the addresses that were looked at, and no others
        .resolve_to_addrs(host.trim_matches(['[', ']']), &found)
        .user_agent(concat!("poms/", env!("CARGO_PKG_VERSION")))
        .timeout(limit.saturating_sub(begun.elapsed()))
        .build()
        .map_err(|fault| words(&host, fault))?;
    let answer = client
        .get(url)
        .send()
        .map_err(|fault| words(&host, fault))?;
    match answer.status() {
        status if status.is_success() => Ok(()),
        status if status.is_redirection() => Err(format!(
            "{host} answers with a redirection ({}), which is not followed: write the address that it leads to",
            status.as_u16()
        )),
        status => Err(format!(
            "{host} answers {}: is the address right?",
            status.as_u16()
        )),
    }
}

/// Adds a path or a query.
fn add(url: &mut Url, end: &str) {
    match end.strip_prefix('?') {
        Some(query) => {
            let old = url.query().filter(|old| !old.is_empty());
            let all = old.map_or(query.to_owned(), |old| format!("{old}&{query}"));
            url.set_query(Some(&all));
        }
        None => {
            let path = format!("{}{end}", url.path().trim_end_matches('/'));
            url.set_path(&path);
        }
    }
}

/// What went wrong, without the address.
fn words(host: &str, fault: reqwest::Error) -> String {
    let late = fault.is_timeout();
    let fault = fault.without_url();
    let mut cause: &dyn Error = &fault;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match late {
        true => format!("{host} did not answer in time"),
        false => format!("{host}: {}", crate::domain::text::line(&cause.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_was_told_to_stop_is_neither_a_success_nor_a_failure() {
        let nowhere = |failure: &str| HeartbeatConfig {
            url: crate::config::SecretSource::Inline("https://127.0.0.1:1/".into()),
            failure: failure.to_owned(),
            timeout: Duration::from_secs(1),
            allow_plaintext: false,
            allow_private: false,
        };
        assert_eq!(send(&nowhere("/fail"), "stopped"), Beat::Silent);
        assert_eq!(send(&nowhere(""), "failed"), Beat::Silent);
        for outcome in ["done", "failed", "with_failures"] {
            let beat = send(&nowhere("/fail"), outcome);
            assert!(matches!(beat, Beat::Failed(_)), "{outcome}: {beat:?}");
        }
    }

    #[test]
    fn paths_and_queries_are_added() {
        for (url, end, is) in [
            (
                "https://hc-ping.com/u-1",
                "/fail",
                "https://hc-ping.com/u-1/fail",
            ),
            (
                "https://hc-ping.com/u-1/",
                "/fail",
                "https://hc-ping.com/u-1/fail",
            ),
            (
                "https://hc-ping.com/u?create=1",
                "/fail",
                "https://hc-ping.com/u/fail?create=1",
            ),
            (
                "https://up.example/p/k?status=up",
                "?x=1",
                "https://up.example/p/k?status=up&x=1",
            ),
            (
                "https://up.example/p/k",
                "?status=down",
                "https://up.example/p/k?status=down",
            ),
        ] {
            let mut address = Url::parse(url).unwrap();
            add(&mut address, end);
            assert_eq!(address.as_str(), is);
        }
    }
}
