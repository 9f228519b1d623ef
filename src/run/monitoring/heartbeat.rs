//! The call after a run. Its address is as good as a password: no message names more than the host.

use crate::config::HeartbeatConfig;
use crate::config::monitoring::address;
use crate::http::{CallLimits, Endpoint, Hosts, HttpClient, Reason, Request, SettingNames};
use crate::net;
use reqwest::Url;
use secrecy::ExposeSecret;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The longest answer that is read, in bytes; nothing in it is looked at.
const LONGEST_ANSWER: u64 = 1 << 20;

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
        let endpoint = server(settings)?;
        let found = endpoint.addresses(left)?;
        let host = endpoint.host();
        let wrong = |fault: std::io::Error| {
            format!("{host} cannot be reached: {fault}; is this machine let out to it?")
        };
        let stream = net::Stream::connect(&found, left).map_err(wrong)?;
        if endpoint.base.scheme() == "https" {
            let tls = net::connector(None).map_err(|fault| fault.to_string())?;
            stream
                .secure(&tls, endpoint.bare_host(), left)
                .map_err(|fault| {
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

/// Where it is.
fn server(settings: &HeartbeatConfig) -> Result<Endpoint, String> {
    let text = settings.url.read();
    let text = text.map_err(|fault| format!("monitoring.heartbeat_url: {fault}"))?;
    let url = address(text.expose_secret(), settings.allow_plaintext);
    Ok(Endpoint {
        base: url.map_err(|why| format!("monitoring.heartbeat_url {why}"))?,
        hosts: match settings.allow_private {
            true => Hosts::Any,
            false => Hosts::Public,
        },
        allow_plaintext: settings.allow_plaintext,
        ca_file: None,
        settings: SettingNames {
            base: "monitoring.heartbeat_url",
            hosts: "monitoring.allow_private",
        },
    })
}

fn call(settings: &HeartbeatConfig, failed: bool, limit: Duration) -> Result<(), String> {
    let deadline = Instant::now() + limit;
    let mut endpoint = server(settings)?;
    if failed {
        add(&mut endpoint.base, &settings.failure);
    }
    let limits = CallLimits {
        one_call: limit,
        deadline: Some(deadline),
        longest_answer: LONGEST_ANSWER,
        keep_connections: false,
    };
    let client = HttpClient::new(&endpoint, limits)?;
    let host = endpoint.host();
    let answer =
        client
            .send(&Request::get(&[], &[]))
            .map_err(|failure| match failure.reason() {
                Reason::Late => format!("{host} did not answer in time"),
                why => format!("{host}: {why}"),
            })?;
    match answer.status {
        200..=299 => Ok(()),
        status @ 300..=399 => Err(format!(
            "{host} answers with a redirection ({status}), which is not followed: write the address that it leads to"
        )),
        status => Err(format!("{host} answers {status}: is the address right?")),
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
