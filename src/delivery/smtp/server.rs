//! Which server, how secured, as whom: settled once, shared by all connections.

pub use crate::net::Security;
use crate::net::{self, TrustError};
use native_tls::TlsConnector;
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The TCP connection; and again the TLS handshake.
    pub connect: Duration,
    /// The reply to a command, the greeting included.
    pub command: Duration,
    /// The body; and again the reply to the final dot (RFC 5321, 4.5.3.2.6: 10 minutes).
    pub final_dot: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(60),
            final_dot: Duration::from_secs(600),
        }
    }
}

/// A name and password for AUTH.
#[derive(Debug, Clone)]
pub struct Login {
    /// As the server knows it.
    pub user: String,
    /// Never shown.
    pub password: SecretString,
}

/// What the site says about its mail server.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Name or address; for TLS the name in the server's certificate.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// TLS or not.
    pub security: Security,
    /// Lets `Security::None` leave this machine.
    pub allow_plaintext: bool,
    /// PEM file of the certificate authorities to trust **instead of** the system's.
    pub ca_file: Option<PathBuf>,
    /// AUTH PLAIN or LOGIN.
    pub login: Option<Login>,
    /// The name for EHLO; the machine's name when absent.
    pub hello: Option<String>,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// Why the settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSetupError {
    /// The CA file, or TLS itself.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A value that SMTP cannot carry.
    #[error("{name} '{value}' is not usable in SMTP: {hint}")]
    Value {
        /// Which setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        hint: &'static str,
    },
}

/// A mail server, ready to be connected to.
pub struct Server {
    pub(super) settings: SmtpSettings,
    pub(super) hello: String,
    pub(super) tls: Option<TlsConnector>,
}

impl Server {
    /// Checks the settings and loads certificates; opens no connection.
    ///
    /// # Errors
    /// When the CA file cannot be read, or host, EHLO name, user or password cannot be used.
    pub fn new(settings: SmtpSettings) -> Result<Server, SmtpSetupError> {
        let hello = match &settings.hello {
            Some(name) => name.clone(),
            None => lettre::transport::smtp::extension::ClientId::default().to_string(),
        };
        let named = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b))
        };
        let hint = "letters, digits, dots and hyphens, as in mail.shop.example";
        for (name, value) in [("host", &settings.host), ("hello", &hello)] {
            if !named(value) {
                let value = super::one_line(value);
                return Err(SmtpSetupError::Value { name, value, hint });
            }
        }
        let tls = match settings.security {
            Security::None => None,
            Security::StartTls | Security::Tls => {
                Some(net::connector(settings.ca_file.as_deref())?)
            }
        };
        Ok(Server {
            settings,
            hello,
            tls,
        })
    }

    /// `HOST:PORT`, for messages.
    pub fn address(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }
}
