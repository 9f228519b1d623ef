//! Whether the signatures of a message make it the word of a trusted signer: exactly one, good, by
//! a key of a listed certificate that is valid, and made at a believable time.

use super::date;
use super::keys::weakness;
use crate::domain::codes::Code;
use crate::intake::Refusal;
use chrono::{DateTime, TimeDelta, Utc};
use sequoia_openpgp as pgp;
use std::time::SystemTime;

use pgp::cert::amalgamation::ValidAmalgamation;
use pgp::cert::prelude::*;
use pgp::packet::Signature;
use pgp::packet::key::PublicParts;
use pgp::packet::signature::subpacket::SubpacketValue;
use pgp::parse::stream::{GoodChecksum, VerificationError, VerificationResult};
use pgp::policy::StandardPolicy;
use pgp::types::RevocationStatus;

/// How far a signer's clock may be ahead.
pub(super) const CLOCK_AHEAD: TimeDelta = TimeDelta::hours(1);

type SigningKey<'a> = ValidErasedKeyAmalgamation<'a, PublicParts>;

/// A signature that counts.
pub struct Signed {
    /// The trusted certificate.
    pub fingerprint: String,
    /// When it was made, by the signer's clock.
    pub at: DateTime<Utc>,
    /// The fingerprints of those whom it is meant for, where it names them (RFC 9580, 5.2.3.36).
    pub meant_for: Vec<String>,
}

/// The moments that a signature is judged by.
pub struct Times {
    pub received_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
    pub max_age_days: u32,
}

/// The one signature that makes the message trusted; `None` when there is none at all.
///
/// # Errors
/// The reason why the signature, or one of several, does not count.
pub fn judge(
    results: &[&VerificationResult<'_>],
    policy: &StandardPolicy<'_>,
    times: &Times,
) -> Result<Option<Signed>, Refusal> {
    match results {
        [] => Ok(None),
        [Ok(good)] => judge_good(good, policy, times).map(Some),
        [Err(error)] => Err(judge_error(error, policy, times)),
        _ => Err(several()),
    }
}

/// The refusal of a message with more than one signature.
pub fn several() -> Refusal {
    Refusal::new(
        Code::UntrustedSigner,
        "it has more than one signature; poms accepts exactly one, by a trusted key",
    )
}

fn judge_good(
    good: &GoodChecksum<'_>,
    policy: &StandardPolicy<'_>,
    times: &Times,
) -> Result<Signed, Refusal> {
    let key = &good.ka;
    if let Some(weakness) = weakness(key.key()) {
        let reason = format!("signed by {}, which is {weakness}", name(key));
        return Err(Refusal::new(Code::WeakCrypto, reason));
    }
    let at = check_time(good.sig, times)?;
    // valid when it was made is not enough: whoever has an old key can date a signature back
    let arrival = at.max(times.received_at);
    if let Some(reason) = invalid(key, policy, arrival).or_else(|| revoked(key, policy, times.now))
    {
        return Err(Refusal::new(Code::SignerKeyInvalid, reason));
    }
    Ok(Signed {
        fingerprint: key.cert().fingerprint().to_hex(),
        at,
        meant_for: good
            .sig
            .intended_recipients()
            .map(|to| to.to_hex())
            .collect(),
    })
}

fn check_time(sig: &Signature, times: &Times) -> Result<DateTime<Utc>, Refusal> {
    let refuse = |reason: String| Refusal::new(Code::SignatureTime, reason);
    let Some(at) = sig.signature_creation_time().map(DateTime::<Utc>::from) else {
        return Err(refuse("the signature has no date".into()));
    };
    if at > times.now + CLOCK_AHEAD {
        return Err(refuse(format!(
            "signed on {}, more than an hour after now ({})",
            date(at),
            date(times.now)
        )));
    }
    let limit = TimeDelta::days(i64::from(times.max_age_days));
    if times.received_at - at > limit {
        return Err(refuse(format!(
            "signed on {}, {} days before it arrived ({}); the limit is {} \
             (openpgp.max_signature_age_days)",
            date(at),
            (times.received_at - at).num_days(),
            date(times.received_at),
            times.max_age_days
        )));
    }
    if let Some(end) = sig.signature_expiration_time().map(DateTime::<Utc>::from)
        && end <= times.received_at
    {
        return Err(refuse(format!("the signature expired on {}", date(end))));
    }
    Ok(at)
}

fn judge_error(
    error: &VerificationError<'_>,
    policy: &StandardPolicy<'_>,
    times: &Times,
) -> Refusal {
    use VerificationError::{BadKey, BadSignature, MissingKey, UnboundKey};
    match error {
        MissingKey { sig } => {
            let issuer = sig
                .get_issuers()
                .first()
                .map(|issuer| format!("{issuer:X}"));
            Refusal::new(
                Code::UntrustedSigner,
                format!(
                    "signed by {}, which is not among the trusted signers",
                    issuer.as_deref().unwrap_or("a key that it does not name")
                ),
            )
        }
        UnboundKey { cert, error, sig } => unbound(cert, error, sig),
        BadKey { ka, sig, error } => {
            let at = sig
                .signature_creation_time()
                .map_or(times.received_at, DateTime::from);
            let reason = invalid(ka, policy, at).or_else(|| revoked(ka, policy, times.now));
            let reason = reason.unwrap_or_else(|| format!("signed by {}: {error}", name(ka)));
            Refusal::new(Code::SignerKeyInvalid, reason)
        }
        BadSignature { sig, ka, .. } if has_foreign_demand(sig) => Refusal::new(
            Code::BadSignature,
            format!(
                "the signature by {} has a critical notation that poms does not know: \
                 have the shop sign without it",
                name(ka)
            ),
        ),
        BadSignature { sig, ka, error } if is_policy(error) => Refusal::new(
            Code::WeakCrypto,
            format!("signed by {} with {}: {error}", name(ka), sig.hash_algo()),
        ),
        BadSignature { sig, ka, .. } => match check_time(sig, times) {
            Err(refusal) => refusal,
            Ok(_) => Refusal::new(
                Code::BadSignature,
                format!(
                    "the signature by {} does not fit the content or its recipient",
                    name(ka)
                ),
            ),
        },
        _ => Refusal::new(Code::BadSignature, "the signature is malformed"),
    }
}

/// A signature by a key that its certificate does not vouch for.
fn unbound(cert: &pgp::Cert, error: &pgp::anyhow::Error, sig: &Signature) -> Refusal {
    let code = match is_policy(error) {
        true => Code::WeakCrypto,
        false => Code::SignerKeyInvalid,
    };
    let cert_name = cert.fingerprint();
    if let Some(weakness) = weakness(cert.primary_key().key()) {
        return Refusal::new(code, format!("signed by {cert_name}, which is {weakness}"));
    }
    let when = sig.signature_creation_time().map(date);
    Refusal::new(
        code,
        format!(
            "signed by a key of {cert_name} that was not valid on {}: {error}",
            when.as_deref().unwrap_or("an unknown date")
        ),
    )
}

/// Whether the signer demands that a reader know a note of the signature (RFC 9580, 5.2.3.24).
fn has_foreign_demand(sig: &Signature) -> bool {
    let mut critical = sig.hashed_area().iter().filter(|one| one.critical());
    critical.any(|one| matches!(one.value(), SubpacketValue::NotationData(_)))
}

fn is_policy(error: &pgp::anyhow::Error) -> bool {
    error.chain().any(|cause| {
        matches!(
            cause.downcast_ref::<pgp::Error>(),
            Some(pgp::Error::PolicyViolation(..))
        )
    })
}

/// "FINGERPRINT", and of which certificate it is a subkey.
fn name(key: &SigningKey<'_>) -> String {
    let (key, cert) = (key.key().fingerprint(), key.cert().fingerprint());
    match key == cert {
        true => cert.to_hex(),
        false => format!("{key}, a subkey of {cert}"),
    }
}

/// Says why the key cannot sign at a moment.
fn invalid(key: &SigningKey<'_>, policy: &StandardPolicy<'_>, at: DateTime<Utc>) -> Option<String> {
    let moment = SystemTime::from(at);
    let then = match key.clone().with_policy(policy, moment) {
        Ok(then) => then,
        Err(error) => return Some(format!("signed by {}: {error}", name(key))),
    };
    let primary = then.valid_cert().primary_key();
    let ends = [primary.key_expiration_time(), then.key_expiration_time()];
    if let Some(end) = ends
        .into_iter()
        .flatten()
        .filter(|end| *end <= moment)
        .min()
    {
        return Some(format!(
            "signed by {}, which expired on {}",
            name(key),
            date(end)
        ));
    }
    if then.valid_cert().alive().is_err() || then.alive().is_err() {
        return Some(format!(
            "signed by {}, which was not valid on {}",
            name(key),
            date(at)
        ));
    }
    if !then.for_signing() {
        return Some(format!(
            "signed by {}, which is not made for signing",
            name(key)
        ));
    }
    revoked(&then, policy, at)
}

/// Whether the key or its certificate is revoked at a moment.
fn revoked(key: &SigningKey<'_>, policy: &StandardPolicy<'_>, at: DateTime<Utc>) -> Option<String> {
    let then = key.clone().with_policy(policy, SystemTime::from(at)).ok()?;
    let of_cert = then.valid_cert().revocation_status();
    let of_key = then.revocation_status();
    [of_cert, of_key]
        .into_iter()
        .find_map(|status| match status {
            RevocationStatus::Revoked(revocations) => {
                let since = revocations
                    .iter()
                    .filter_map(|r| r.signature_creation_time())
                    .min();
                let since = since.map(|since| format!(" on {}", date(since)));
                Some(format!(
                    "signed by {}, which was revoked{}",
                    name(key),
                    since.unwrap_or_default()
                ))
            }
            _ => None,
        })
}
