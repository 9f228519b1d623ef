//! Documents that come by themselves, as files: what of OpenPGP they are, and opening them. A file need not
//! be encrypted, as who can read the folder can read it anyway; its signature is what makes it an order.

use super::helper::MAX_RECIPIENTS;
use super::open::{binary, take_apart};
use super::{Keyring, Opened, OpenpgpLimits, Signed, framing, open};
use crate::domain::codes::Code;
use crate::intake::Refusal;
use chrono::{DateTime, Utc};
use memchr::memmem;

const BEGIN: &[u8] = b"-----BEGIN PGP ";
const BEGIN_MESSAGE: &[u8] = b"-----BEGIN PGP MESSAGE-----";
const END_MESSAGE: &[u8] = b"-----END PGP MESSAGE-----";
const BEGIN_CLEAR: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";

/// Whether the bytes are meant to be OpenPGP, armoured or binary, and not a document in the clear.
pub fn is_openpgp(document: &[u8]) -> bool {
    let text = without_mark(document);
    text.starts_with(BEGIN)
        || framing::begins_encrypted(document)
        || framing::is_signed(document)
        || framing::check(document).is_ok()
}

/// Whether a text is one that was signed in the clear (RFC 4880, 7), of which readers differ in what is signed.
pub(super) fn is_signed_in_the_clear(document: &[u8]) -> bool {
    without_mark(document).starts_with(BEGIN_CLEAR)
}

/// The text behind blanks and a byte order mark.
fn without_mark(document: &[u8]) -> &[u8] {
    let document = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    document.trim_ascii()
}

/// Opens a document; see [`Keyring::open_document`].
pub(super) fn open(
    keyring: &Keyring,
    document: &[u8],
    times: (DateTime<Utc>, DateTime<Utc>),
    limits: &OpenpgpLimits,
) -> Result<Opened, Refusal> {
    let bytes = one_object(document)?;
    let message = binary(bytes)?;
    if !framing::is_signed(&message) {
        return open::open(&keyring.0, bytes, times, limits);
    }
    let (plaintext, outcome) = take_apart(&keyring.0, &message, times, limits, true)?;
    let Some(Some(signed)) = outcome.signed else {
        return Err(Refusal::new(
            Code::Unsigned,
            "it is packed by OpenPGP, and nobody signed it: anyone can have written it",
        ));
    };
    meant_for_us(keyring, &signed)?;
    Ok(Opened {
        plaintext,
        signer_fingerprint: Some(signed.fingerprint),
        signed_at: Some(signed.at),
        encrypted_to: String::new(),
    })
}

/// The bytes of the one object that the document is, from its first to its last.
fn one_object(document: &[u8]) -> Result<&[u8], Refusal> {
    let text = without_mark(document);
    if text.starts_with(BEGIN_CLEAR) {
        return Err(Refusal::new(
            Code::BadSignature,
            "it is signed in the clear (as by gpg --clearsign), and readers differ in what such a signature covers: have it \
             signed with gpg --sign --armor, or --sign --encrypt",
        ));
    }
    let armoured = text.starts_with(BEGIN);
    if armoured && !(text.starts_with(BEGIN_MESSAGE) && text.ends_with(END_MESSAGE)) {
        return Err(Refusal::new(
            Code::UnreadableMessage,
            "it is no OpenPGP message from its first line to its last: a key, a signature without what it signs, or a file \
             that is cut short",
        ));
    }
    if armoured && memmem::find_iter(text, BEGIN).count() > 1 {
        return Err(Refusal::new(
            Code::MixedContent,
            "it holds more than one OpenPGP object: one file is one document",
        ));
    }
    Ok(if armoured { text } else { document })
}

/// Refuses what its signer meant for others (RFC 9580, 5.2.3.36).
fn meant_for_us(keyring: &Keyring, signed: &Signed) -> Result<(), Refusal> {
    let ours = keyring.our_keys();
    let is_ours = |to: &String| ours.contains(to);
    let meant_for = signed.meant_for.iter().take(MAX_RECIPIENTS);
    if !signed.meant_for.is_empty() && !meant_for.clone().any(is_ours) {
        let meant_for: Vec<&str> = meant_for.map(String::as_str).collect();
        return Err(Refusal::new(
            Code::BadSignature,
            format!(
                "signed by {} for {}, which is no key of ours",
                signed.fingerprint,
                meant_for.join(", ")
            ),
        ));
    }
    Ok(())
}
