//! A signature inside the encryption that is none of OpenPGP's packets: multipart/signed (RFC 1847),
//! as Thunderbird and others sign before they encrypt (RFC 3156, 6.1).

use super::{Opened, OpenpgpLimits, detached, signature};
use crate::domain::codes::Code;
use crate::intake::openpgp::keys::Keys;
use crate::intake::{Refusal, mime};
use chrono::{DateTime, Utc};

/// What was decrypted and carries no OpenPGP signature of its own: the signed entity, when it is one
/// multipart/signed by a trusted signer.
///
/// # Errors
/// `unsigned` when nobody signed it, else why the signature does not count.
pub fn verified(
    keys: &Keys,
    opened: Opened,
    received_at: DateTime<Utc>,
    now: DateTime<Utc>,
    limits: &OpenpgpLimits,
) -> Result<Opened, Refusal> {
    if is_cleartext_signed(&opened.plaintext) {
        return Err(Refusal::new(
            Code::BadSignature,
            "what is encrypted is a text signed in the clear (as by gpg --clearsign), which poms does not verify: have the \
             shop sign and encrypt in one step (gpg --sign --encrypt)",
        ));
    }
    let Ok(entity) = mime::parse(&opened.plaintext) else {
        return Err(Refusal::unsigned(opened));
    };
    if !mime::states_signed(&entity) {
        return Err(Refusal::unsigned(opened));
    }
    let Some(parts) = mime::signed_parts(&entity, &opened.plaintext) else {
        return Err(Refusal::new(
            Code::BadSignature,
            "what is encrypted is multipart/signed, but not made of one signed part and one signature: it cannot be verified",
        ));
    };
    let times = signature::Times {
        received_at,
        now,
        max_age_days: limits.max_signature_age_days,
    };
    let signed = detached::verify(&keys.signers, &parts.entity, &parts.signature, times)?;
    if !signed.meant_for.is_empty() && !signed.meant_for.contains(&opened.encrypted_to) {
        return Err(Refusal::new(
            Code::BadSignature,
            format!(
                "signed by {} for {}, not for our key {}",
                signed.fingerprint,
                signed.meant_for.join(", "),
                opened.encrypted_to
            ),
        ));
    }
    Ok(Opened {
        plaintext: parts.entity,
        signer_fingerprint: Some(signed.fingerprint),
        signed_at: Some(signed.at),
        encrypted_to: opened.encrypted_to.clone(),
    })
}

/// Whether a text is one that was signed in the clear, by itself or as the one part of a mail.
fn is_cleartext_signed(plaintext: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
    let mut lines = plaintext.split(|byte| *byte == b'\n');
    lines.any(|line| line.trim_ascii() == BEGIN)
}
