//! `[delivery.fax]`: how faxes leave.

mod gateway;

pub use gateway::GatewayConfig;

use super::delivery::{is_host, is_loopback, port};
use super::reader::Section;
use super::secret::SecretSource;
use crate::domain::fax_number::e164;
use crate::domain::fax_pattern::{NUMBER_WORDS, fault};
use crate::http::{Endpoint, Hosts, SettingNames};
use reqwest::Url;
use std::path::PathBuf;
use std::time::Duration;

/// `[delivery.fax]`.
#[derive(Clone)]
pub struct FaxConfig {
    /// Which service.
    pub way: FaxWay,
    /// How often a fax is handed over before it counts as undeliverable.
    pub attempts: i64,
    /// Whether a cover sheet goes before the purchase order.
    pub cover_sheet: bool,
}

/// Which service takes faxes.
#[derive(Clone)]
pub enum FaxWay {
    /// The Sinch Fax API.
    Sinch(Box<SinchConfig>),
    /// A gateway from mail to fax, by way of `[delivery.email]`.
    Gateway(Box<GatewayConfig>),
    /// A HylaFAX server.
    HylaFax(Box<HylaFaxConfig>),
}

/// The Sinch Fax API.
#[derive(Clone)]
pub struct SinchConfig {
    /// Scheme, host, port, and a path if the service lies below one.
    pub endpoint: Endpoint,
    /// The project's id.
    pub project: String,
    /// The access key's id.
    pub key: SecretSource,
    /// The access key's secret.
    pub secret: SecretSource,
    /// The number that we call from, E.164.
    pub from: Option<String>,
    /// The id of the fax service, if not the project's own.
    pub service: Option<String>,
    /// Calls that the service repeats by itself.
    pub retries: u8,
    /// How long one request may take.
    pub timeout: Duration,
}

/// A HylaFAX server.
#[derive(Clone)]
pub struct HylaFaxConfig {
    /// The program `sendfax`.
    pub sendfax: PathBuf,
    /// The program `faxstat`.
    pub faxstat: PathBuf,
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Owner of the jobs.
    pub user: String,
    /// The modem, if the server shall not choose.
    pub modem: Option<String>,
    /// Pattern of what is dialled.
    pub number: String,
    /// Further arguments of `sendfax`.
    pub options: Vec<String>,
    /// How long a program may run.
    pub timeout: Duration,
}

/// The keys of one kind alone, for a fault when they are set with another.
const SINCH: &[&str] = &[
    "base_url",
    "project",
    "service",
    "key",
    "key_file",
    "key_command",
    "key_credential",
    "secret",
    "secret_file",
    "secret_command",
    "secret_credential",
    "retries",
    "allow_plaintext",
    "allow_private",
];
const GATEWAY: &[&str] = &[
    "address",
    "subject",
    "text",
    "attachment",
    "attachment_type",
    "reports_from",
    "report_success",
    "report_failure",
];
const HYLAFAX: &[&str] = &[
    "sendfax", "faxstat", "host", "port", "user", "modem", "number", "options",
];

#[derive(Clone, Copy, PartialEq)]
enum FaxKind {
    Sinch,
    Gateway,
    HylaFax,
}

/// Reads `[delivery.fax]`.
pub fn fax(section: &Section<'_>) -> Option<FaxConfig> {
    if !section.has("kind") {
        section.fault(
            "kind",
            "is missing: it must be \"sinch\", \"gateway\" or \"hylafax\"",
        );
        return None;
    }
    let kinds = [
        ("sinch", FaxKind::Sinch),
        ("gateway", FaxKind::Gateway),
        ("hylafax", FaxKind::HylaFax),
    ];
    let kind = section.choice("kind", &kinds, FaxKind::Sinch);
    for (name, other, keys) in [
        ("sinch", FaxKind::Sinch, SINCH),
        ("gateway", FaxKind::Gateway, GATEWAY),
        ("hylafax", FaxKind::HylaFax, HYLAFAX),
    ] {
        for key in keys.iter().filter(|key| other != kind && section.has(key)) {
            section.fault(key, format!("is for kind = \"{name}\""));
        }
    }
    let way = match kind {
        FaxKind::Sinch => FaxWay::Sinch(Box::new(sinch(section)?)),
        FaxKind::Gateway => FaxWay::Gateway(Box::new(gateway::gateway(section))),
        FaxKind::HylaFax => FaxWay::HylaFax(Box::new(hylafax(section))),
    };
    Some(FaxConfig {
        way,
        attempts: section.number("attempts", 1..=20, 5),
        cover_sheet: section.flag("cover_sheet"),
    })
}

fn timeout(section: &Section<'_>) -> Duration {
    Duration::from_secs(
        section
            .number("timeout_seconds", 1..=600, 60)
            .unsigned_abs(),
    )
}

fn sinch(section: &Section<'_>) -> Option<SinchConfig> {
    let allow_plaintext = section.flag("allow_plaintext");
    let base_url = base_url(section, allow_plaintext);
    let project = section.required("project", "the project's id at Sinch");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    for key in ["project", "service"] {
        if section.text(key).is_some_and(|id| !id.chars().all(plain)) {
            section.fault(key, "must be an id of letters, digits and dashes");
        }
    }
    let secret = |name: &str, what: &str| {
        let source = section.secret(name);
        let forms = ["", "_file", "_command", "_credential"];
        if source.is_none()
            && !forms
                .iter()
                .any(|form| section.has(&format!("{name}{form}")))
        {
            section.fault(
                name,
                format!("is missing: {what}, as {name}_file, {name}_command or {name}_credential"),
            );
        }
        source
    };
    let key = secret("key", "the access key's id");
    let secret = secret("secret", "the access key's secret");
    let from = section.text("from").and_then(|written| {
        let number = e164(&written);
        if number.is_err() {
            section.fault("from", "must be a fax number such as +12075550142");
        }
        number.ok()
    });
    Some(SinchConfig {
        endpoint: Endpoint {
            base: base_url?,
            hosts: match section.flag("allow_private") {
                true => Hosts::Any,
                false => Hosts::Public,
            },
            allow_plaintext,
            ca_file: None,
            settings: SettingNames {
                base: "delivery.fax.base_url",
                hosts: "delivery.fax.allow_private",
            },
        },
        project,
        key: key?,
        secret: secret?,
        from,
        service: section.text("service").filter(|id| !id.is_empty()),
        retries: u8::try_from(section.number("retries", 0..=5, 2)).unwrap_or(2),
        timeout: timeout(section),
    })
}

/// Where the service is: the one host that faxes go to.
fn base_url(section: &Section<'_>, allow_plaintext: bool) -> Option<Url> {
    let text = section
        .text("base_url")
        .unwrap_or_else(|| "https://fax.api.sinch.com".to_owned());
    let url = Url::parse(&text).ok().filter(|url| {
        url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    let Some(url) = url else {
        section.fault(
            "base_url",
            "must be an address such as https://fax.api.sinch.com, without user or query",
        );
        return None;
    };
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match url.scheme() {
        "https" => Some(url),
        "http" if allow_plaintext || is_loopback(host) => Some(url),
        "http" => {
            section.fault(
                "base_url",
                "must begin with https: plain http would show orders and the secret to everyone on the way; write \
                 allow_plaintext = true as well if the way there is protected otherwise",
            );
            None
        }
        _ => {
            section.fault("base_url", "must begin with https://");
            None
        }
    }
}

fn hylafax(section: &Section<'_>) -> HylaFaxConfig {
    let program = |key: &str| {
        let written = section.text(key).filter(|path| !path.is_empty());
        PathBuf::from(written.unwrap_or_else(|| key.to_owned()))
    };
    let host = section
        .text("host")
        .unwrap_or_else(|| "127.0.0.1".to_owned());
    if !is_host(&host) {
        section.fault("host", "must be a host name or an address, without a port");
    }
    let word = |key: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let text = section.text(key).filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| !text.chars().all(plain)) {
            section.fault(key, "must be a name of letters, digits, dots and dashes");
        }
        text
    };
    let number = section
        .text("number")
        .unwrap_or_else(|| "{e164}".to_owned());
    if let Some(why) = fault(&number, NUMBER_WORDS, true) {
        section.fault("number", why);
    }
    let options = match section.has("options") {
        true => section.texts("options"),
        false => vec!["-m".to_owned()],
    };
    // the number, the tag, the server and the owner are poms' business
    let ours = ["-d", "-i", "-h", "-o", "-f", "-n", "-N", "-D", "-R"];
    if let Some(option) = options
        .iter()
        .find(|option| ours.iter().any(|own| option.starts_with(own)))
    {
        section.fault("options", format!("may not have {option}: poms sets it"));
    }
    let from = section.text("from");
    if from.is_some() {
        section.fault("from", "is not for hylafax: the server knows its number");
    }
    HylaFaxConfig {
        sendfax: program("sendfax"),
        faxstat: program("faxstat"),
        host,
        port: port(section, 4559),
        user: word("user").unwrap_or_else(|| "poms".to_owned()),
        modem: word("modem"),
        number,
        options,
        timeout: timeout(section),
    }
}
