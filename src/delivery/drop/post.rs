//! Files posted to an address of a vendor's, once: what a second try would do is the receiver's to know, by the key
//! of each purchase order.

use crate::config::{DropAddress, HttpsLogin};
use crate::delivery::channel::DeliveryOutcome;
use crate::domain::foreign::cut;
use crate::domain::papers::DropBundle;
use crate::domain::text::line;
use crate::http::{Auth, Body, BodyFile, CallLimits, Failure, HttpAnswer, HttpClient, Request};
use crate::net;
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: u64 = 1 << 20;
/// Letters of an answer that people are shown.
const SHOWN: usize = 160;
/// A run of so many digits in an answer may be a number that nobody else should see.
const DIGITS: usize = 9;

/// A purchase order that can be posted.
pub(super) struct Posting {
    client: HttpClient,
    login: Option<HttpsLogin>,
    secret: Option<SecretString>,
    bundle: DropBundle,
}

fn client(to: &DropAddress) -> Result<HttpClient, String> {
    let limits = CallLimits {
        one_call: to.timeout,
        deadline: None,
        longest_answer: LONGEST_ANSWER,
        keep_connections: false,
    };
    HttpClient::new(&to.endpoint, limits)
}

fn secret(to: &DropAddress) -> Result<Option<SecretString>, crate::config::SecretError> {
    match &to.login {
        Some(HttpsLogin::Basic(_, source) | HttpsLogin::Bearer(source)) => source.read().map(Some),
        None => Ok(None),
    }
}

/// Looks the address up and reads what poms proves itself by; nothing is sent.
pub(super) fn ready(to: &DropAddress, bundle: DropBundle) -> Result<Posting, DeliveryOutcome> {
    let host = to.endpoint.host();
    let secret = secret(to).map_err(|fault| {
        DeliveryOutcome::deferred(format!("the secret for {host} cannot be read: {fault}"))
    })?;
    let client = client(to)
        .map_err(|why| DeliveryOutcome::deferred(format!("{host} cannot be asked: {why}")))?;
    Ok(Posting {
        client,
        login: to.login.clone(),
        secret,
        bundle,
    })
}

impl Posting {
    /// Posts it, once.
    pub(super) fn post(self) -> DeliveryOutcome {
        let end = |name: &'_ str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let fields: Vec<String> = self
            .bundle
            .files
            .iter()
            .map(|file| end(&file.name))
            .collect();
        let each = self.bundle.files.iter().zip(&fields);
        let files: Vec<BodyFile> = each
            .map(|(file, field)| BodyFile {
                field,
                name: &file.name,
                media_type: &file.media_type,
                bytes: &file.bytes,
            })
            .collect();
        let body = match files.as_slice() {
            [one] => Body::File(*one),
            several => Body::Files(several),
        };
        let auth = match (&self.login, &self.secret) {
            (Some(HttpsLogin::Basic(user, _)), Some(secret)) => Auth::Basic(user, secret),
            (Some(HttpsLogin::Bearer(_)), Some(secret)) => Auth::Bearer(secret),
            _ => Auth::None,
        };
        let answer = self.client.send(&Request {
            path: &[],
            query: &[],
            headers: &[("X-Poms-PO", &self.bundle.number)],
            auth,
            body,
            idempotency_key: Some(&self.bundle.key),
        });
        outcome(answer, self.secret.as_ref())
    }
}

fn outcome(answer: Result<HttpAnswer, Failure>, secret: Option<&SecretString>) -> DeliveryOutcome {
    let answer = match answer {
        Err(Failure::NotSent(why)) => {
            return DeliveryOutcome::deferred(net::explained_of_certificate(&why.to_string()));
        }
        Err(Failure::Unknown(why)) => {
            return DeliveryOutcome::unknown(format!("posted, and no whole answer came: {why}"));
        }
        Ok(answer) => answer,
    };
    let status = answer.status;
    let said = format!("answered {status}{}", said(&answer, secret));
    match status {
        200..=299 => DeliveryOutcome::accepted(said),
        300..=399 => DeliveryOutcome::refused(format!(
            "{said}: it points elsewhere, which is not followed; is that the vendor's? Then write it as vendor_drop.url"
        )),
        // not done, and to be done again: a lock, a time-out of reading, too early, too many, busy
        408 | 423 | 425 | 429 | 503 => DeliveryOutcome::Deferred {
            detail: super::super::channel::one_line(&said),
            retry_after: answer.retry_after,
        },
        // it failed at some place, and may have taken it before; who heeds no key would take it twice
        500..=599 => DeliveryOutcome::unknown(said),
        _ => DeliveryOutcome::refused(said),
    }
}

/// What the server said, cut, without our secret and without long numbers.
fn said(answer: &HttpAnswer, secret: Option<&SecretString>) -> String {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let text = match secret.map(|secret| secret.expose_secret()) {
        Some(secret) if !secret.is_empty() => text.replace(secret, "…"),
        _ => text,
    };
    let text = line(&masked(&text));
    match text.is_empty() {
        true => String::new(),
        false => format!(": {}", cut(&text, SHOWN)),
    }
}

/// Runs of digits without all but their last four.
fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_digit() {
            run.push(c);
            continue;
        }
        if run.len() >= DIGITS {
            shown.push('…');
            shown.push_str(&run[run.len() - 4..]);
        } else {
            shown.push_str(&run);
        }
        run.clear();
        if c != '\0' {
            shown.push(c);
        }
    }
    shown
}

/// Whether the server answers under TLS that is trusted, and the secret can be read; nothing is posted.
pub(super) fn check(to: &DropAddress) -> anyhow::Result<String> {
    secret(to).context("vendor_drop")?;
    let host = to.endpoint.host();
    let found = to
        .endpoint
        .addresses(to.timeout)
        .map_err(anyhow::Error::msg)?;
    let stream = net::Stream::connect(&found, to.timeout)
        .with_context(|| format!("{host} cannot be reached"))?;
    if to.endpoint.base.scheme() == "https" {
        let tls = net::connector(to.endpoint.ca_file.as_deref())?;
        stream
            .secure(&tls, to.endpoint.bare_host(), to.timeout)
            .with_context(|| format!("{host} is there, but not by TLS that is trusted"))?;
    }
    Ok(format!("{host} answers; nothing was posted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_one_outcome() {
        let of = |status| outcome(Ok(HttpAnswer::of_parts(status, None, Vec::new())), None).word();
        for (status, word) in [
            (200, "accepted"),
            (202, "accepted"),
            (302, "refused"),
            (400, "refused"),
            (401, "refused"),
            (409, "refused"),
            (422, "refused"),
            (429, "deferred"),
            (500, "unknown"),
            (502, "unknown"),
            (503, "deferred"),
            (504, "unknown"),
        ] {
            assert_eq!(of(status), word, "{status}");
        }
    }

    #[test]
    fn what_the_server_said_is_cut_and_masked() {
        let body = format!(
            "<b>no</b>\nkey tok-1 card 4111111111111111 PO 12345678 {}",
            "x".repeat(400)
        );
        let answer = HttpAnswer::of_parts(400, None, body.into_bytes());
        let shown = outcome(Ok(answer), Some(&SecretString::from("tok-1")));
        let shown = shown.detail();
        assert!(
            !shown.contains("tok-1") && !shown.contains("4111111"),
            "{shown}"
        );
        assert!(
            shown.contains("…1111") && shown.contains("12345678"),
            "{shown}"
        );
        assert!(shown.chars().count() < 220, "{shown}");
    }
}
