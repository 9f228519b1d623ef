//! Tokens (OAuth 2.0 client credentials, RFC 6749 section 4.4): one lasts for hours and is kept
//! between runs in a file of mode 0600. Asking for one with every call is a known cause of 429.

use super::{Auth, Body, Failure, HttpAnswer, HttpClient, Request};
use crate::clock;
use crate::files;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use zeroize::{Zeroize, Zeroizing};

/// A token that ends within this time is not used any more, in seconds.
const MARGIN: i64 = 60;

/// The longest that a token is believed to last, in seconds.
const LONGEST: i64 = 24 * 3600;

/// Gives a secret when it is needed; it may take its time, and then the deadline passes.
pub type Secret = Arc<dyn Fn() -> Result<SecretString, String> + Send + Sync>;

/// The manners in which a service wants an app's proof and its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenScheme {
    /// Name and secret by Basic authentication (RFC 6749, 2.3.1), tokens as RFC 6750 has them.
    Bearer,
    /// Name and secret among the fields of the form (allowed there too), tokens in this header.
    Header(&'static str),
}

/// The name and secret with which an app comes. No `Debug`: it leads to a secret.
#[derive(Clone)]
pub struct Credentials {
    /// The service's name, for messages.
    pub service: &'static str,
    /// How the service wants them.
    pub scheme: TokenScheme,
    /// Where tokens are given, below the service's address.
    pub path: &'static [&'static str],
    /// Headers that the service wants beside.
    pub headers: Vec<(&'static str, String)>,
    /// Scheme and host that a token is for.
    pub of: String,
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub secret: Secret,
    /// Where tokens are kept between runs.
    pub file: PathBuf,
}

/// A reason why there is no answer to who asks with a token.
#[derive(Clone, Debug)]
pub enum TokenFault {
    /// The secret cannot be read.
    Secret(String),
    /// No whole answer came.
    Failed(Failure),
    /// The service gives no token: status and body of its answer.
    Refused(u16, Vec<u8>),
    /// What it gave is no token.
    Malformed(String),
}

/// The tokens of one app, shared by the threads of a run.
pub struct Tokens {
    credentials: Credentials,
    now: DateTime<Utc>,
    begun: Instant,
    held: Mutex<Held>,
}

/// What this run knows. No `Debug`.
#[derive(Default)]
struct Held {
    token: Option<SecretString>,
    /// Why the service gave none: it is not asked again by each thread.
    fault: Option<TokenFault>,
}

/// What stands in the file. No `Debug`.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Host and client id that it is for.
    of: String,
    token: String,
    expires: DateTime<Utc>,
}

/// The answer (RFC 6749, 5.1); some services write its number as text.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Value,
}

impl Tokens {
    /// None yet. `now` is the moment at which they are made.
    pub fn new(credentials: Credentials, now: DateTime<Utc>) -> Tokens {
        Tokens {
            credentials,
            now,
            begun: Instant::now(),
            held: Mutex::default(),
        }
    }

    /// Sends a request with a token, and once more with a fresh one when the answer is 401: a request
    /// that is refused for its token was not acted on.
    ///
    /// # Errors
    /// When the service gives no token, or no whole answer.
    pub fn send(
        &self,
        client: &HttpClient,
        request: &Request<'_>,
    ) -> Result<HttpAnswer, TokenFault> {
        let with = |token: &SecretString| {
            let auth = match self.credentials.scheme {
                TokenScheme::Bearer => Auth::Bearer(token),
                TokenScheme::Header(name) => Auth::Header(name, token),
            };
            client.send(&Request { auth, ..*request })
        };
        let token = self.current(client)?;
        let answer = with(&token).map_err(TokenFault::Failed)?;
        if answer.status != 401 {
            return Ok(answer);
        }
        with(&self.renew(client, &token)?).map_err(TokenFault::Failed)
    }

    /// A token that should still be good: that of this run, of the file, or a fresh one.
    fn current(&self, client: &HttpClient) -> Result<SecretString, TokenFault> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.token.take().or_else(|| self.kept()) {
            Some(token) => Ok(held.token.insert(token).clone()),
            None => self.fresh(client, &mut held),
        }
    }

    /// A fresh one, or the fault that there was when one was asked for in this run.
    fn fresh(&self, client: &HttpClient, held: &mut Held) -> Result<SecretString, TokenFault> {
        if let Some(fault) = &held.fault {
            return Err(fault.clone());
        }
        let token = self.fetch(client).inspect_err(|fault| {
            held.fault = Some(fault.clone());
        })?;
        Ok(held.token.insert(token).clone())
    }

    /// Another token than `old`, which the service no longer takes.
    fn renew(&self, client: &HttpClient, old: &SecretString) -> Result<SecretString, TokenFault> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = held.token.as_ref()
            && token.expose_secret() != old.expose_secret()
        {
            return Ok(token.clone()); // another thread was faster
        }
        held.token = None;
        self.fresh(client, &mut held)
    }

    /// Proves that the service knows the app: a token that was kept says nothing of the secret.
    ///
    /// # Errors
    /// When the service gives none.
    pub fn prove(&self, client: &HttpClient) -> Result<(), TokenFault> {
        let token = self.fetch(client)?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        (held.token, held.fault) = (Some(token), None);
        Ok(())
    }

    fn moment(&self) -> DateTime<Utc> {
        let gone = TimeDelta::from_std(self.begun.elapsed()).unwrap_or_default();
        self.now.checked_add_signed(gone).unwrap_or(self.now)
    }

    fn of(&self) -> String {
        format!("{} {}", self.credentials.of, self.credentials.client_id)
    }

    /// That of the file, if nobody else can read it and it is not about to end.
    fn kept(&self) -> Option<SecretString> {
        let (file, about) = files::open(&self.credentials.file).ok()?;
        if about.mode() & 0o077 != 0 || about.uid() != nix::unistd::geteuid().as_raw() {
            return None;
        }
        let text = files::take(file, about.len(), 64 * 1024).ok()?;
        let kept: Kept = serde_json::from_slice(&Zeroizing::new(text)).ok()?;
        let good = kept.of == self.of()
            && kept.expires > self.moment() + TimeDelta::seconds(MARGIN)
            && kept.expires < self.moment() + TimeDelta::seconds(LONGEST + MARGIN);
        let token = SecretString::from(kept.token);
        good.then_some(token)
    }

    fn fetch(&self, client: &HttpClient) -> Result<SecretString, TokenFault> {
        let whom = &self.credentials;
        let secret = (whom.secret)().map_err(TokenFault::Secret)?;
        let headers: Vec<(&str, &str)> = whom
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let grant = ("grant_type", "client_credentials");
        let proof = [
            grant,
            ("client_id", whom.client_id.as_str()),
            ("client_secret", secret.expose_secret()),
        ];
        let (auth, form) = match whom.scheme {
            TokenScheme::Bearer => (Auth::Basic(&whom.client_id, &secret), &proof[..1]),
            TokenScheme::Header(_) => (Auth::None, &proof[..]),
        };
        let answer = client.send(&Request {
            auth,
            headers: &headers,
            body: Body::Form(form),
            ..Request::get(whom.path, &[])
        });
        let mut answer = answer.map_err(TokenFault::Failed)?;
        if answer.status != 200 {
            return Err(TokenFault::Refused(answer.status, answer.body));
        }
        let granted = answer.json::<Granted>();
        answer.body.zeroize();
        let granted = granted.map_err(TokenFault::Malformed)?;
        let sound = !granted.access_token.is_empty()
            && granted.access_token.bytes().all(|b| b.is_ascii_graphic());
        if !sound {
            let what = "the token is empty or has characters that no header may have";
            return Err(TokenFault::Malformed(what.to_owned()));
        }
        let seconds = match &granted.expires_in {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_i64(),
        };
        // without a believable end it is good for this run only
        if let Some(seconds) = seconds.filter(|s| (MARGIN..=LONGEST).contains(s)) {
            self.keep(&granted.access_token, seconds);
        }
        Ok(SecretString::from(granted.access_token))
    }

    /// Writes the file anew, whole or not at all; a full disk costs only a token a run.
    fn keep(&self, token: &str, seconds: i64) {
        let kept = Kept {
            of: self.of(),
            token: token.to_owned(),
            expires: self.moment() + TimeDelta::seconds(seconds),
        };
        let Ok(text) = serde_json::to_string(&kept).map(Zeroizing::new) else {
            return;
        };
        drop(Zeroizing::new(kept.token));
        let path = &self.credentials.file;
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}", clock::hex(&clock::random::<8>())));
        let written = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&name)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .and_then(|()| std::fs::rename(&name, path));
        if let Err(error) = written {
            let _ = std::fs::remove_file(&name);
            tracing::warn!(
                "the token of {} cannot be kept in {}: {error}",
                self.credentials.service,
                path.display()
            );
        }
    }
}
