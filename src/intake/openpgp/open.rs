//! One message, from ciphertext to plaintext that may be used.

use super::armour;
use super::document;
use super::framing::{self, Container};
use super::helper::{Helper, OpenpgpOutcome, not_encrypted, out_of_time};
use super::inside;
use super::keys::Keys;
use super::ocb;
use super::reader::{Deadline, TimedReader};
use super::signature::CLOCK_AHEAD;
use super::{Opened, OpenpgpLimits};
use crate::domain::codes::Code;
use crate::intake::{Refusal, guard};
use chrono::{DateTime, Utc};
use sequoia_openpgp as pgp;
use std::io::Read;
use std::time::SystemTime;

use pgp::armor;
use pgp::parse::Parse;
use pgp::parse::stream::DecryptorBuilder;
use pgp::policy::StandardPolicy;
use std::borrow::Cow;
use zeroize::Zeroizing;

/// What sequoia verifies before it gives out a byte: a few times the message. Its own default of
/// 25 MiB would be zeroed for every message. What is larger comes out before it is verified: no byte
/// is used until the end.
fn buffer_bytes(ciphertext: &[u8]) -> usize {
    (ciphertext.len() * 4).clamp(16 << 10, 1 << 20)
}

/// Opens one message; see [`super::Keyring::open`].
pub fn open(
    keys: &Keys,
    ciphertext: &[u8],
    times: (DateTime<Utc>, DateTime<Utc>),
    limits: &OpenpgpLimits,
) -> Result<Opened, Refusal> {
    if document::is_signed_in_the_clear(ciphertext) {
        return Err(not_encrypted());
    }
    let mut message = binary(ciphertext)?;
    if let Container::Gnu(at) = framing::check(&message)? {
        message = Cow::Owned(ocb::standard(keys, &message, at)?);
    }
    let (received_at, now) = times;
    let (plaintext, outcome) = take_apart(keys, &message, times, limits, false)?;
    let (Some(signed), Some(encrypted_to)) = (outcome.signed, outcome.encrypted_to) else {
        return Err(not_encrypted());
    };
    let (signer_fingerprint, signed_at) = match signed {
        Some(signed) => (Some(signed.fingerprint), Some(signed.at)),
        None => (None, None),
    };
    let opened = Opened {
        plaintext,
        signer_fingerprint,
        signed_at,
        encrypted_to,
    };
    match opened.signer_fingerprint {
        Some(_) => Ok(opened),
        None => inside::verified(keys, opened, received_at, now, limits),
    }
}

/// Takes a binary message apart: all of its plaintext, after the last check passed, and what was found out.
pub(super) fn take_apart(
    keys: &Keys,
    message: &[u8],
    (received_at, now): (DateTime<Utc>, DateTime<Utc>),
    limits: &OpenpgpLimits,
    in_the_clear: bool,
) -> Result<(Vec<u8>, OpenpgpOutcome), Refusal> {
    let deadline = Deadline::after(limits.time);
    let mut outcome = OpenpgpOutcome::default();
    let policy = StandardPolicy::at(now);
    let helper = Helper {
        keys,
        policy: &policy,
        limits,
        deadline: &deadline,
        received_at,
        now,
        in_the_clear,
        outcome: &mut outcome,
    };
    let read = guard::catch(|| read(message, &policy, helper));
    let read = read.unwrap_or_else(|| Err(pgp::anyhow::anyhow!("the OpenPGP parser gave up")));
    if let Some(refusal) = outcome.refusal.take() {
        return Err(refusal);
    }
    if deadline.missed() {
        return Err(out_of_time(limits));
    }
    let plaintext = read.map_err(|error| explain(&error))?;
    Ok((plaintext, outcome))
}

/// The message without its armour.
pub(super) fn binary(message: &[u8]) -> Result<Cow<'_, [u8]>, Refusal> {
    without_armour(message, armor::Kind::Message)
}

/// Bytes of a kind without their armour, if they have any.
pub(super) fn without_armour(message: &[u8], kind: armor::Kind) -> Result<Cow<'_, [u8]>, Refusal> {
    if message.first().is_some_and(|byte| byte & 0x80 != 0) {
        return Ok(Cow::Borrowed(message));
    }
    if let Some(bytes) = armour::plain(message, kind) {
        return Ok(Cow::Owned(bytes));
    }
    let mode = armor::ReaderMode::Tolerant(Some(kind));
    let mut bytes = Vec::new();
    let read = guard::catch(|| {
        armor::Reader::from_bytes(message, mode)
            .read_to_end(&mut bytes)
            .is_ok()
    });
    match read {
        Some(true) => Ok(Cow::Owned(bytes)),
        _ => Err(Refusal::new(
            Code::UnreadableMessage,
            "its armour is damaged or cut short",
        )),
    }
}

/// The whole plaintext, after the last check passed.
fn read(
    ciphertext: &[u8],
    policy: &StandardPolicy<'_>,
    helper: Helper<'_>,
) -> pgp::Result<Vec<u8>> {
    let limits = helper.limits;
    let input = TimedReader::new(ciphertext, helper.deadline);
    let clock = SystemTime::from(helper.now + CLOCK_AHEAD);
    let mut decryptor = DecryptorBuilder::from_buffered_reader(input)?
        .buffer_size(buffer_bytes(ciphertext))
        .with_policy(policy, clock, helper)?;
    let inflated = ciphertext
        .len()
        .saturating_mul(limits.ratio)
        .max(limits.ratio_floor_bytes);
    let mut plaintext = Zeroizing::new(Vec::new());
    let mut piece = Zeroizing::new(vec![0; 8 << 10]);
    loop {
        if decryptor.helper_ref().deadline.is_over() {
            break;
        }
        let length = decryptor.read(&mut piece)?;
        if length == 0 {
            break;
        }
        let total = plaintext.len() + length;
        let reason = match total {
            _ if total > limits.plaintext_bytes => {
                format!("its content has more than {} bytes", limits.plaintext_bytes)
            }
            _ if total > inflated => format!(
                "its content is more than {} times as large as the message ({} bytes)",
                limits.ratio,
                ciphertext.len()
            ),
            _ => {
                grow(&mut plaintext, &piece[..length]);
                continue;
            }
        };
        decryptor.helper_mut().outcome.refusal = Some(Refusal::new(Code::TooLarge, reason));
        break;
    }
    Ok(std::mem::take(&mut *plaintext))
}

/// Appends without leaving copies of plaintext in freed memory.
fn grow(plaintext: &mut Zeroizing<Vec<u8>>, piece: &[u8]) {
    if plaintext.capacity() - plaintext.len() < piece.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity((plaintext.len() + piece.len()) * 2));
        larger.extend_from_slice(plaintext);
        *plaintext = larger;
    }
    plaintext.extend_from_slice(piece);
}

/// Whether the policy's complaint is about a packet that no message has: bytes that are none of
/// OpenPGP's read as such.
fn is_foreign(what: &str) -> bool {
    let kinds = [
        "Reserved - ",
        "Unknown Packet",
        "Private/Experimental Packet",
        "Trust Packet",
        "User ID Packet",
        "User Attribute Packet",
        "Secret-Key Packet",
        "Secret-Subkey Packet",
        "Public-Key Packet",
        "Public-Subkey Packet",
        "Modification Detection Code Packet",
        "Literal Data Packet",
        "Compressed Data Packet",
        "Marker Packet",
    ];
    kinds.iter().any(|kind| what.starts_with(kind))
}

/// Sequoia's error as a refusal. Its text may quote the message, so only its kind is told.
fn explain(error: &pgp::anyhow::Error) -> Refusal {
    let kind = error.chain().find_map(|cause| {
        // the stream wraps its errors for std::io::Read
        cause.downcast_ref::<pgp::Error>().or_else(|| {
            let io = cause.downcast_ref::<std::io::Error>()?;
            io.get_ref()?.downcast_ref::<pgp::Error>()
        })
    });
    match kind {
        Some(pgp::Error::PolicyViolation(what, _)) if is_foreign(what) => Refusal::new(
            Code::UnreadableMessage,
            format!("what is encrypted is no OpenPGP message ({what})"),
        ),
        Some(pgp::Error::PolicyViolation(what, _)) => Refusal::new(
            Code::WeakCrypto,
            format!("uses what is no longer safe: {what}"),
        ),
        Some(pgp::Error::ManipulatedMessage) => Refusal::new(
            Code::UnreadableMessage,
            "its integrity check failed: it was changed or damaged on its way",
        ),
        Some(
            pgp::Error::UnsupportedSymmetricAlgorithm(_)
            | pgp::Error::UnsupportedAEADAlgorithm(_)
            | pgp::Error::UnsupportedPacketType(_),
        ) => Refusal::new(
            Code::UnreadableMessage,
            "it uses an algorithm that poms does not know",
        ),
        _ => Refusal::new(
            Code::UnreadableMessage,
            "it is damaged, cut short or not an OpenPGP message",
        ),
    }
}

#[cfg(test)]
mod tests;
