//! Tokens (OAuth 2.0 client credentials, RFC 6749 section 4.4): one lasts about four hours and is
//! kept between runs in a file of mode 0600. Asking for one with every call is a known cause of 429.

use super::client::{Client, Fault, Settings, read, refusal};
use crate::clock;
use crate::files;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use zeroize::Zeroizing;

/// A token that ends within this time is not used any more, in seconds.
const MARGIN: i64 = 60;

/// The longest that a token is believed to last, in seconds.
const LONGEST: i64 = 24 * 3600;

/// The tokens of one app, shared by the threads of a run.
pub struct Tokens {
    settings: Settings,
    now: DateTime<Utc>,
    begun: Instant,
    held: Mutex<Held>,
}

/// What this run knows. No `Debug`.
#[derive(Default)]
struct Held {
    token: Option<SecretString>,
    /// Why UPS gave none: it is not asked again by each thread.
    fault: Option<Fault>,
}

/// What stands in the file. No `Debug`.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Host and client id that it is for.
    of: String,
    token: String,
    expires: DateTime<Utc>,
}

/// UPS' answer; its numbers are texts.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Value,
}

impl Tokens {
    /// None yet.
    pub fn new(settings: Settings, now: DateTime<Utc>) -> Tokens {
        Tokens {
            settings,
            now,
            begun: Instant::now(),
            held: Mutex::default(),
        }
    }

    /// A token that should still be good: that of this run, of the file, or a fresh one.
    ///
    /// # Errors
    /// When UPS gives none.
    pub fn current(&self, client: &Client) -> Result<SecretString, Fault> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.token.take().or_else(|| self.kept()) {
            Some(token) => Ok(held.token.insert(token).clone()),
            None => self.fresh(client, &mut held),
        }
    }

    /// A fresh one, or the fault that there was when one was asked for in this run.
    fn fresh(&self, client: &Client, held: &mut Held) -> Result<SecretString, Fault> {
        if let Some(fault) = &held.fault {
            return Err(fault.clone());
        }
        let token = self.fetch(client).inspect_err(|fault| {
            held.fault = Some(fault.clone());
        })?;
        Ok(held.token.insert(token).clone())
    }

    /// Another token than `old`, which UPS no longer takes.
    ///
    /// # Errors
    /// When UPS gives none.
    pub fn renew(&self, client: &Client, old: &SecretString) -> Result<SecretString, Fault> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = held.token.as_ref()
            && token.expose_secret() != old.expose_secret()
        {
            return Ok(token.clone()); // another thread was faster
        }
        held.token = None;
        self.fresh(client, &mut held)
    }

    /// Proves that UPS knows the app: a token that was kept says nothing of the secret.
    ///
    /// # Errors
    /// When UPS gives none.
    pub fn prove(&self, client: &Client) -> Result<(), Fault> {
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
        let host = self.settings.base.as_str();
        format!("{host} {}", self.settings.client_id)
    }

    /// That of the file, if nobody else can read it and it is not about to end.
    fn kept(&self) -> Option<SecretString> {
        let (file, about) = files::open(&self.settings.token_file).ok()?;
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

    fn fetch(&self, client: &Client) -> Result<SecretString, Fault> {
        let secret = (self.settings.secret)().map_err(Fault::Credentials)?;
        let mut request = client
            .post(client.url("/security/v1/oauth/token")?)
            .basic_auth(&self.settings.client_id, Some(secret.expose_secret()))
            .form(&[("grant_type", "client_credentials")]);
        if !self.settings.account.is_empty() {
            request = request.header("x-merchant-id", &self.settings.account);
        }
        let (status, body) = client.send(request)?;
        let body = Zeroizing::new(body);
        if status != 200 {
            return Err(match refusal(status, &body) {
                // every refusal here is about who asks
                Fault::Refused(said) => Fault::Credentials(said),
                other => other,
            });
        }
        let granted: Granted = read(&body)?;
        let sound = !granted.access_token.is_empty()
            && granted.access_token.bytes().all(|b| b.is_ascii_graphic());
        if !sound {
            let what = "the token is empty or has characters that no header may have";
            return Err(Fault::Malformed(what.to_owned()));
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
        let path = &self.settings.token_file;
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
                "the token of UPS cannot be kept in {}: {error}",
                path.display()
            );
        }
    }
}
