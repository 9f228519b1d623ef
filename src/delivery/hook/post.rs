//! Posts an event: <https://github.com/standard-webhooks/standard-webhooks>, version 1.0.

use super::{WANTS_NONE, event_id};
use crate::config::HookAddress;
use crate::delivery::channel::{DeliveryOutcome, OutgoingMessage};
use crate::http::{
    Auth, Body, CallLimits, Endpoint, Failure, Hosts, HttpAnswer, HttpClient, Request, SettingNames,
};
use crate::net;
use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// The longest answer that is read, in bytes; nothing in it is looked at.
const LONGEST_ANSWER: u64 = 1 << 20;

fn endpoint(to: &HookAddress) -> Endpoint {
    Endpoint {
        base: to.url.clone(),
        hosts: match to.allow_private {
            true => Hosts::Any,
            false => Hosts::Public,
        },
        allow_plaintext: to.allow_plaintext,
        ca_file: to.ca_file.clone(),
        settings: SettingNames {
            base: "hook.url",
            hosts: "hook.allow_private",
        },
    }
}

/// The client of a hook's server.
///
/// # Errors
/// Why it may not be asked, in words.
pub(super) fn client(to: &HookAddress, timeout: Duration) -> anyhow::Result<HttpClient> {
    let limits = CallLimits {
        one_call: timeout,
        deadline: None,
        longest_answer: LONGEST_ANSWER,
        keep_connections: false,
    };
    HttpClient::new(&endpoint(to), limits).map_err(anyhow::Error::msg)
}

/// Posts one event and says what came of it.
pub(super) fn tell(
    client: &HttpClient,
    to: &HookAddress,
    now: DateTime<Utc>,
    message: &OutgoingMessage,
) -> DeliveryOutcome {
    let secret = match to.secret.read() {
        Ok(secret) => secret,
        Err(fault) => return DeliveryOutcome::deferred(format!("hook.secret: {fault}")),
    };
    let at = now.timestamp().to_string();
    let id = event_id(message);
    let Some(signature) = signature(&secret, id, &at, &message.content) else {
        return DeliveryOutcome::deferred(
            "hook.secret: what stands behind whsec_ is no base64: nothing was sent",
        );
    };
    let headers = [
        ("webhook-id", id),
        ("webhook-timestamp", at.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    let answer = client.send(&Request {
        path: &[],
        query: &[],
        headers: &headers,
        auth: Auth::None,
        body: Body::Json(&message.content),
        idempotency_key: Some(id),
    });
    outcome(answer)
}

fn outcome(answer: Result<HttpAnswer, Failure>) -> DeliveryOutcome {
    match answer {
        Err(Failure::NotSent(why)) => {
            DeliveryOutcome::deferred(net::explained_of_certificate(&why.to_string()))
        }
        Err(Failure::Unknown(why)) => {
            DeliveryOutcome::unknown(format!("posted, and no whole answer came: {why}"))
        }
        Ok(answer) => match answer.status {
            200..=299 => DeliveryOutcome::accepted(format!("answered {}", answer.status)),
            // the specification: the receiver wants no more of them
            410 => DeliveryOutcome::refused(WANTS_NONE),
            status => DeliveryOutcome::Deferred {
                detail: format!("answered {status}"),
                retry_after: answer.retry_after,
            },
        },
    }
}

/// `v1,` and the HMAC-SHA256 of id, time and body; `None` for a key that is none.
fn signature(secret: &SecretString, id: &str, at: &str, body: &[u8]) -> Option<String> {
    let secret = secret.expose_secret();
    let key = match secret.strip_prefix("whsec_") {
        Some(encoded) => openssl::base64::decode_block(encoded).ok()?,
        None => secret.as_bytes().to_vec(),
    };
    let key = PKey::hmac(&key).ok()?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key).ok()?;
    signer.update(format!("{id}.{at}.").as_bytes()).ok()?;
    signer.update(body).ok()?;
    let mac = signer.sign_to_vec().ok()?;
    Some(format!("v1,{}", openssl::base64::encode_block(&mac)))
}

/// Whether the server answers under TLS that is trusted, and the key can be read.
///
/// # Errors
/// What is wrong and what to do.
pub(super) fn check(to: &HookAddress, timeout: Duration) -> anyhow::Result<String> {
    let secret = to.secret.read().context("hook.secret")?;
    ensure!(
        signature(&secret, "", "", b"").is_some(),
        "hook.secret: what stands behind whsec_ is no base64"
    );
    let endpoint = endpoint(to);
    let found = endpoint.addresses(timeout).map_err(anyhow::Error::msg)?;
    let host = endpoint.host();
    let stream = net::Stream::connect(&found, timeout)
        .with_context(|| format!("{host} cannot be reached"))?;
    if endpoint.base.scheme() == "https" {
        let tls = net::connector(to.ca_file.as_deref())?;
        stream
            .secure(&tls, endpoint.bare_host(), timeout)
            .with_context(|| format!("{host} is there, but not by TLS that is trusted"))?;
    }
    Ok(format!("{host} answers; no event was posted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn signs_as_the_specification_does() {
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = signature(&secret, id, "1614265330", br#"{"test": 2432232314}"#);
        assert_eq!(
            signed.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
        assert_eq!(
            signature(&SecretString::from("whsec_!"), id, "1", b""),
            None
        );
    }

    #[test]
    fn answers() {
        let of = |status| outcome(Ok(HttpAnswer::of_parts(status, None, Vec::new()))).word();
        for (status, word) in [
            (200, "accepted"),
            (204, "accepted"),
            (301, "deferred"),
            (404, "deferred"),
            (410, "refused"),
            (429, "deferred"),
            (503, "deferred"),
        ] {
            assert_eq!(of(status), word, "{status}");
        }
    }
}
