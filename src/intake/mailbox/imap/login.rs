//! Logging in: AUTHENTICATE PLAIN or LOGIN with a password, OAUTHBEARER or XOAUTH2 with a token.

use super::fault::{ImapFault, words};
use super::session::{AuthStep, Session, protocol};
use crate::config::ImapConfig;
use io_imap::types::auth::{AuthMechanism, AuthenticateData};
use io_imap::types::command::CommandBody;
use io_imap::types::response::{Code, Data};
use io_imap::types::secret::Secret;
use secrecy::ExposeSecret;
use std::borrow::Cow;
use zeroize::Zeroizing;

const CHECK_PASSWORD: &str = "check user and password";
const CHECK_TOKEN: &str = "check that the token is for this user, for IMAP, and not expired";

/// Asks what the server can do (RFC 3501, 6.1.1): it differs before and after TLS and login.
pub(super) fn capabilities(session: &mut Session) -> Result<(), ImapFault> {
    let answer = session.command(CommandBody::Capability, 0)?;
    let told = answer.data.into_iter().find_map(|data| match data {
        Data::Capability(list) => Some(list),
        _ => None,
    });
    let told = told.or(match answer.code {
        Some(Code::Capability(list)) => Some(list),
        _ => None,
    });
    let Some(told) = told else {
        return Err(protocol("CAPABILITY", "it names none"));
    };
    // some that io-imap knows it reads as unknown ones: their names tell
    let names = told.into_iter().map(|capability| capability.to_string());
    session.capabilities = names.map(|name| name.to_ascii_uppercase()).collect();
    Ok(())
}

/// Logs in by the best way that the server offers.
pub(super) fn log_in(session: &mut Session, config: &ImapConfig) -> Result<(), ImapFault> {
    let secret = config.password.read();
    let secret = secret.map_err(|fault| ImapFault::Secret(fault.to_string()))?;
    let secret = secret.expose_secret();
    let wrong = |text: &str| text.chars().any(char::is_control);
    if wrong(&config.user) {
        return Err(ImapFault::Character("user"));
    }
    if config.oauth2 {
        if wrong(secret) {
            return Err(ImapFault::Character("the token"));
        }
        return with_token(session, config, secret);
    }
    if secret.contains(['\0', '\r', '\n']) {
        return Err(ImapFault::Character("the password"));
    }
    with_password(session, config, secret)
}

fn with_password(
    session: &mut Session,
    config: &ImapConfig,
    password: &str,
) -> Result<(), ImapFault> {
    let user = &config.user;
    let disabled = session.offers("LOGINDISABLED");
    let done = if session.offers("AUTH=PLAIN") {
        let identity = Zeroizing::new(format!("\0{user}\0{password}"));
        sasl(session, AuthMechanism::Plain, &identity, b"")
    } else if !disabled {
        let login = CommandBody::login(user.clone(), password.to_owned());
        let login = login.map_err(|_| ImapFault::Character("user or password"))?;
        session.command(login, 0).map(|_| String::new())
    } else {
        let hint = "it wants TLS first, or an OAuth2 token: set security or token_command";
        return Err(no_login(session, "password", hint));
    };
    done.map(|_| ())
        .map_err(|fault| refused(fault, user, CHECK_PASSWORD))
}

fn with_token(session: &mut Session, config: &ImapConfig, token: &str) -> Result<(), ImapFault> {
    let user = &config.user;
    let done = if session.offers("AUTH=OAUTHBEARER") {
        // RFC 7628, 3.1, with the user as RFC 5801 writes it
        let name = user.replace('=', "=3D").replace(',', "=2C");
        let (host, port) = (&config.host, config.port);
        let response = Zeroizing::new(format!(
            "n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01"
        ));
        sasl(session, AuthMechanism::OAuthBearer, &response, b"\x01")
    } else if session.offers("AUTH=XOAUTH2") {
        let response = Zeroizing::new(format!("user={user}\x01auth=Bearer {token}\x01\x01"));
        sasl(session, AuthMechanism::XOAuth2, &response, b"")
    } else {
        let hint = "give it a password, or ask its admin for OAUTHBEARER or XOAUTH2";
        return Err(no_login(session, "token", hint));
    };
    done.map(|_| ())
        .map_err(|fault| refused(fault, user, CHECK_TOKEN))
}

/// One exchange. What the server says in a challenge after the response is its error (RFC 7628,
/// 3.2.2); it is answered with `end`, and joins the words of the refusal.
fn sasl(
    session: &mut Session,
    mechanism: AuthMechanism<'static>,
    response: &str,
    end: &'static [u8],
) -> Result<String, ImapFault> {
    let at_once = session.offers("SASL-IR");
    let secret = || Cow::Owned(response.as_bytes().to_vec());
    let body = CommandBody::Authenticate {
        mechanism,
        initial_response: at_once.then(|| Secret::new(secret())),
    };
    let (tag, mut step) = session.authenticate(body)?;
    if !at_once && let AuthStep::Challenge(_) = step {
        step = session.reply(&tag, AuthenticateData::Continue(Secret::new(secret())))?;
    }
    let AuthStep::Challenge(error) = step else {
        return Ok(String::new());
    };
    let told = explain(&error);
    let last = AuthenticateData::Continue(Secret::new(Cow::Borrowed(end)));
    match session.reply(&tag, last) {
        Ok(AuthStep::Done) => Ok(told),
        Ok(AuthStep::Challenge(_)) => Err(protocol("AUTHENTICATE", "it asks without end")),
        Err(ImapFault::Refused {
            command,
            text,
            code,
        }) if !told.is_empty() => {
            let text = format!("{text} ({told})");
            Err(ImapFault::Refused {
                command,
                text,
                code,
            })
        }
        Err(fault) => Err(fault),
    }
}

/// The server's JSON in words: `status`, and the scope that the token should have.
fn explain(error: &[u8]) -> String {
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(error) else {
        return match error.is_empty() {
            true => String::new(),
            false => words(&String::from_utf8_lossy(error)),
        };
    };
    let field = |name: &str| match json.get(name) {
        Some(serde_json::Value::String(text)) => Some(text.clone()),
        Some(serde_json::Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let named = [
        ("status", "status"),
        ("error", "error"),
        ("error_description", "that is"),
        ("scope", "the scope wanted is"),
    ];
    let told = named
        .iter()
        .filter_map(|(name, word)| field(name).map(|value| format!("{word} {value}")));
    words(&told.collect::<Vec<_>>().join(", "))
}

fn no_login(session: &Session, wanted: &'static str, hint: &'static str) -> ImapFault {
    let login = |name: &&String| name.starts_with("AUTH=") || *name == "LOGINDISABLED";
    let ways: Vec<&str> = session
        .capabilities
        .iter()
        .filter(login)
        .map(String::as_str)
        .collect();
    let offers = match ways.is_empty() {
        true => "it names none".to_owned(),
        false => words(&ways.join(" ")),
    };
    ImapFault::NoLogin {
        wanted,
        offers,
        hint,
    }
}

/// Says what a refusal means, by its response code (RFC 5530).
fn refused(fault: ImapFault, user: &str, check: &'static str) -> ImapFault {
    let ImapFault::Refused { text, code, .. } = fault else {
        return fault;
    };
    let hint = match code.as_str() {
        "UNAVAILABLE" | "SERVERBUG" => {
            "that is trouble of the server's own: the next run tries again"
        }
        "LIMIT" | "INUSE" => "too many sessions are open: the next run tries again",
        "EXPIRED" => "its password has expired: set a new one",
        "AUTHORIZATIONFAILED" | "CONTACTADMIN" => "ask the server's admin why",
        "PRIVACYREQUIRED" => "it wants TLS first: set security to \"tls\" or \"starttls\"",
        _ => check,
    };
    let user = words(user);
    ImapFault::Login { user, text, hint }
}
