//! `[delivery]`, `[delivery.email]` and `[delivery.backoff]`: how mail leaves, and when poms gives up.

use super::fax::FaxConfig;
use super::reader::Section;
use super::safety::Need;
use super::secret::SecretSource;
use crate::domain::backoff::BackoffSettings;
pub use crate::net::Security;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// `[delivery]`.
#[derive(Clone)]
pub struct DeliveryConfig {
    /// How mail leaves.
    pub email: EmailConfig,
    /// How faxes leave; none when the site has no fax.
    pub fax: Option<FaxConfig>,
    /// Whether each mail's envelope sender names its delivery, so that a bounce does (VERP).
    pub verp: bool,
    /// An address of the shop's own that gets a copy of every mail in the same transaction.
    pub archive: Option<String>,
    /// When to try again.
    pub backoff: BackoffSettings,
}

/// How mail leaves.
#[derive(Clone)]
pub enum EmailConfig {
    /// Through an SMTP server.
    Smtp(Box<SmtpConfig>),
    /// Into a local Maildir: for the demo and for tries.
    Maildir {
        /// The folder that has `new`, `cur` and `tmp`.
        path: PathBuf,
    },
}

/// An SMTP server (RFC 5321) and the way to it.
#[derive(Clone)]
pub struct SmtpConfig {
    /// Host name or address.
    pub host: String,
    /// TCP port: 587 with STARTTLS, 465 with TLS, 25 without, unless set.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Login name, if the server wants one.
    pub user: Option<String>,
    /// The password to it.
    pub password: Option<SecretSource>,
    /// How many connections work side by side.
    pub connections: usize,
    /// Certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// What poms calls itself in EHLO; the machine's name unless set.
    pub helo: Option<String>,
    /// How long the connection may take to be made.
    pub connect_timeout: Duration,
    /// How long one answer may take (RFC 5321 4.5.3.2: 5 minutes).
    pub timeout: Duration,
    /// How long the answer to the final dot may take (RFC 5321 4.5.3.2.6: 10 minutes).
    pub data_timeout: Duration,
}

#[derive(Clone, Copy, PartialEq)]
enum EmailKind {
    Smtp,
    Maildir,
}

/// Reads `[delivery]`.
pub fn delivery(section: &Section<'_>) -> Option<DeliveryConfig> {
    let mut verp = false;
    let mut archive = None;
    let email = match section.section("email", "delivery.email") {
        Some(email) => {
            verp = email.flag("verp");
            archive = email.text("archive");
            if let Some(address) = &archive {
                super::site::check_email(&email, "archive", address);
            }
            self::email(&email)
        }
        None if section.has("email") => None,
        None => {
            section.fault(
                "email",
                "is missing: add [delivery.email] with kind = \"smtp\" and host",
            );
            None
        }
    };
    let backoff = section.section("backoff", "delivery.backoff");
    let backoff = backoff.map_or_else(BackoffSettings::default, |section| self::backoff(&section));
    let fax = section.section("fax", "delivery.fax");
    let fax = fax.and_then(|section| super::fax::fax(&section));
    Some(DeliveryConfig {
        email: email?,
        fax,
        verp,
        archive,
        backoff,
    })
}

fn email(section: &Section<'_>) -> Option<EmailConfig> {
    if !section.has("kind") {
        section.fault("kind", "is missing: it must be \"smtp\" or \"maildir\"");
        return None;
    }
    let kinds = [("smtp", EmailKind::Smtp), ("maildir", EmailKind::Maildir)];
    match section.choice("kind", &kinds, EmailKind::Smtp) {
        EmailKind::Smtp => Some(EmailConfig::Smtp(Box::new(smtp(section)))),
        EmailKind::Maildir => {
            if !section.has("path") {
                section.fault("path", "is missing: it must be the Maildir's folder");
            }
            let path = section.path("path", Need::Open)?;
            Some(EmailConfig::Maildir { path })
        }
    }
}

fn smtp(section: &Section<'_>) -> SmtpConfig {
    if section.has("path") {
        section.fault("path", "is for kind = \"maildir\", and this is smtp");
    }
    let host = section.required("host", "the SMTP server's name");
    let security = security(section, Security::StartTls);
    check_host(section, &host, security);
    let user = section.text("user").filter(|user| !user.is_empty());
    let password = section.secret("password");
    if user.is_some() != password.is_some() {
        section.fault(
            "user",
            "and a password go together: set user and password_file (or _command, _credential), or neither",
        );
    }
    let helo = section.text("helo");
    if helo.as_deref().is_some_and(|name| !is_host(name)) {
        section.fault("helo", "must be a host name, such as \"mail.shop.example\"");
    }
    let default_port = match security {
        Security::None => 25,
        Security::StartTls => 587,
        Security::Tls => 465,
    };
    let seconds = |key, highest, default| {
        Duration::from_secs(section.number(key, 1..=highest, default).unsigned_abs())
    };
    SmtpConfig {
        host,
        port: port(section, default_port),
        security,
        user,
        password,
        connections: usize::try_from(section.number("connections", 1..=32, 4)).unwrap_or(4),
        ca_file: section.path("ca_file", Need::Guarded),
        helo,
        connect_timeout: seconds("connect_timeout_seconds", 300, 30),
        timeout: seconds("timeout_seconds", 600, 300),
        data_timeout: seconds("data_timeout_seconds", 1200, 600),
    }
}

/// The key `security`.
pub fn security(section: &Section<'_>, default: Security) -> Security {
    let words = [
        ("tls", Security::Tls),
        ("starttls", Security::StartTls),
        ("none", Security::None),
    ];
    section.choice("security", &words, default)
}

/// The key `port`.
pub fn port(section: &Section<'_>, default: u16) -> u16 {
    u16::try_from(section.number("port", 1..=65535, default.into())).unwrap_or(default)
}

/// Notes a host that is no host name or address, and one that plain text may not be sent to.
pub fn check_host(section: &Section<'_>, host: &str, security: Security) {
    let allowed = section.flag("allow_plaintext");
    if host.is_empty() {
        return; // noted already
    }
    if !is_host(host) {
        section.fault(
            "host",
            "must be a host name or an IP address, without port or scheme",
        );
    } else if security == Security::None && !allowed && !is_loopback(host) {
        section.fault(
            "security",
            format!(
                "\"none\" would send mail and passwords readable to '{host}': use \"starttls\" or \"tls\", or write \
                 allow_plaintext = true as well if the way there is protected otherwise"
            ),
        );
    }
}

/// A name of letters, digits, dots and dashes (RFC 1123 2.1), or an IP address.
pub(super) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}

/// Whether the host is this machine, without asking a name server.
pub(super) fn is_loopback(host: &str) -> bool {
    host.parse::<IpAddr>()
        .map_or(host.eq_ignore_ascii_case("localhost"), |ip| {
            ip.is_loopback()
        })
}

/// `[delivery.backoff]`: when a delivery is tried again, and when a person is told.
fn backoff(section: &Section<'_>) -> BackoffSettings {
    let usual = BackoffSettings::default();
    let number = |key, highest, default: u32| {
        u32::try_from(section.number(key, 1..=highest, default.into())).unwrap_or(default)
    };
    let backoff = BackoffSettings {
        first_minutes: number("first_minutes", 10_080, usual.first_minutes),
        longest_minutes: number("longest_minutes", 10_080, usual.longest_minutes),
        alert_minutes: number("alert_minutes", 10_080, usual.alert_minutes),
        purchase_order_hours: number("po_give_up_hours", 720, usual.purchase_order_hours),
        mail_hours: number("customer_give_up_hours", 720, usual.mail_hours),
        ..usual
    };
    if backoff.longest_minutes < backoff.first_minutes {
        let message = format!("must be at least first_minutes ({})", backoff.first_minutes);
        section.fault("longest_minutes", message);
    }
    backoff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_or_addresses() {
        for host in [
            "localhost",
            "mail.shop.example",
            "127.0.0.1",
            "::1",
            "a-b.c",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in ["", "a b", "https://x", "x:25", "-a", "a..b", "[::1]", "a/b"] {
            assert!(!is_host(host), "{host}");
        }
        for (host, local) in [
            ("127.0.0.2", true),
            ("::1", true),
            ("LOCALHOST", true),
            ("localhost.evil.example", false),
            ("10.0.0.1", false),
            ("127.evil.example", false),
        ] {
            assert_eq!(is_loopback(host), local, "{host}");
        }
    }
}
