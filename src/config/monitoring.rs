//! `[monitoring]`: who is told, from machine to machine, that runs happen and how they end.

use super::reader::Section;
use super::safety::Need;
use super::secret::SecretSource;
use reqwest::Url;
use secrecy::ExposeSecret;
use std::path::PathBuf;
use std::time::Duration;

/// `[monitoring]`. No `Debug`: a secret may stand in it.
#[derive(Clone, Default)]
pub struct MonitoringConfig {
    /// The address that is called after a run.
    pub heartbeat: Option<HeartbeatConfig>,
    /// The file that is written after a run, for Prometheus.
    pub metrics_file: Option<PathBuf>,
}

/// The address that is called after a run. No `Debug`: it is a secret.
#[derive(Clone)]
pub struct HeartbeatConfig {
    /// The address; who knows it can pretend to be us.
    pub url: SecretSource,
    /// What is added to it after a run that failed; nothing is called then where this is empty.
    pub failure: String,
    /// How long all of it may take, from the look-up of the name.
    pub timeout: Duration,
    /// Whether plain `http` to another machine is meant.
    pub allow_plaintext: bool,
    /// Whether the host may be in a private network.
    pub allow_private: bool,
}

/// Reads `[monitoring]`, if it is there.
pub fn of(top: &Section<'_>) -> MonitoringConfig {
    let Some(section) = top.section("monitoring", "monitoring") else {
        return MonitoringConfig::default();
    };
    MonitoringConfig {
        heartbeat: heartbeat(&section),
        metrics_file: section.path("metrics_file", Need::Open),
    }
}

fn heartbeat(section: &Section<'_>) -> Option<HeartbeatConfig> {
    // what is written is looked at, whether or not there is an address
    let allow_plaintext = section.flag("allow_plaintext");
    let allow_private = section.flag("allow_private");
    let seconds = section.number("heartbeat_timeout_seconds", 1..=60, 5);
    let url = section.secret("heartbeat_url")?;
    if let SecretSource::Inline(text) = &url
        && let Err(why) = address(text.expose_secret(), allow_plaintext)
    {
        section.fault("heartbeat_url", why);
    }
    let failure = section.text("heartbeat_failure").unwrap_or_default();
    if !failure.is_empty() && !failure.starts_with(['/', '?']) {
        let why = "must begin with / (a path to add, such as \"/fail\") or ? (a query to add)";
        section.fault("heartbeat_failure", why);
    }
    Some(HeartbeatConfig {
        url,
        failure,
        timeout: Duration::from_secs(seconds.unsigned_abs()),
        allow_plaintext,
        allow_private,
    })
}

/// The address of a heartbeat: https, or http to this machine or where that is said twice.
///
/// # Errors
/// What is wrong with it, without repeating it.
pub fn address(text: &str, allow_plaintext: bool) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim()).ok();
    let Some(url) = url.filter(|url| url.has_host() && url.fragment().is_none()) else {
        return Err("must be an address such as https://hc-ping.com/your-id");
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match url.scheme() {
        "https" => Ok(url),
        "http" if allow_plaintext || super::delivery::is_loopback(host) => Ok(url),
        "http" => Err(
            "would show the address to everyone on the way: use https, or write allow_plaintext = true as well",
        ),
        _ => Err("must begin with https://"),
    }
}
