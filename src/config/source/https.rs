//! A list that lies at an address.

use super::shop::{any_address, endpoint, timeout};
use crate::config::reader::Section;
use crate::config::secret::SecretSource;
use crate::http::Endpoint;
use std::time::Duration;

/// An address at which a vendor's list lies.
#[derive(Clone)]
pub struct HttpsConfig {
    /// The address; its query may be a secret.
    pub endpoint: Endpoint,
    /// How poms proves itself; not at all where `None`.
    pub login: Option<HttpsLogin>,
    /// How often it is asked for.
    pub every: Duration,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// How poms proves itself to a web server.
#[derive(Clone)]
pub enum HttpsLogin {
    /// RFC 7617: name and password.
    Basic(String, SecretSource),
    /// RFC 6750.
    Bearer(SecretSource),
}

impl HttpsConfig {
    /// The address without its query.
    pub fn place(&self) -> String {
        let mut bare = self.endpoint.base.clone();
        bare.set_query(None);
        bare.to_string()
    }
}

/// Reads an address.
pub fn https(section: &Section<'_>) -> Option<HttpsConfig> {
    let example = "https://vendor.example/stock.csv";
    if !section.has("stock_of") {
        section.fault(
            "kind",
            "\"https\" brings a vendor's lists of stock alone: stock_of names the vendor",
        );
    }
    let base = match section.has("url") {
        true => any_address(section, "url", example, "without user"),
        false => {
            section.fault(
                "url",
                format!("is missing: where the list lies, such as {example}"),
            );
            None
        }
    };
    let every = section
        .number("every_minutes", 1..=10_080, 60)
        .unsigned_abs();
    let login = login(section);
    Some(HttpsConfig {
        endpoint: endpoint(section, base?, "source.url"),
        login,
        every: Duration::from_secs(every * 60),
        timeout: timeout(section),
    })
}

/// How poms proves itself, by `user` and a password, or by a token.
pub fn login(section: &Section<'_>) -> Option<HttpsLogin> {
    let user = section.text("user").filter(|user| !user.is_empty());
    let (password, token) = (section.secret("password"), section.secret("token"));
    match (user, password, token) {
        (None, None, None) => None,
        (Some(user), Some(password), None) => Some(HttpsLogin::Basic(user, password)),
        (None, None, Some(token)) => Some(HttpsLogin::Bearer(token)),
        (_, _, Some(_)) => {
            section.fault("token", "stands beside a user or a password: keep one way");
            None
        }
        (Some(_), None, None) => {
            section.fault(
                "user",
                "needs password_file, password_command or password_credential",
            );
            None
        }
        (None, Some(_), None) => {
            section.fault_plain("user", "is missing: whose is the password?".to_owned());
            None
        }
    }
}
