//! Opening OpenPGP messages (RFC 4880, RFC 9580): decrypt, check integrity, verify the signature
//! against the list of trusted fingerprints; and only then hand out the plaintext.

mod armour;
mod detached;
pub mod document;
mod framing;
mod helper;
mod inside;
mod keys;
pub mod make;
mod ocb;
mod open;
mod reader;
mod rsa;
mod signature;
mod x25519;

pub use detached::VendorKeys;
pub use keys::{KeyError, Keyring};
pub use signature::Signed;

use chrono::{DateTime, Utc};
use std::time::Duration;

/// A message that was opened: its integrity and its signature are final.
pub struct Opened {
    /// The content of the literal data packet: a MIME entity or bare text.
    pub plaintext: Vec<u8>,
    /// The trusted certificate whose key signed, as 40 (v4) or 64 (v6) upper-case hexadecimal
    /// digits; `None` only inside an `unsigned` refusal.
    pub signer_fingerprint: Option<String>,
    /// When the signer says it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// The fingerprint of the certificate of ours that it was encrypted to; empty for a document that was signed
    /// alone.
    pub encrypted_to: String,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("plaintext", &format_args!("{} bytes", self.plaintext.len()))
            .field("signer_fingerprint", &self.signer_fingerprint)
            .field("signed_at", &self.signed_at)
            .field("encrypted_to", &self.encrypted_to)
            .finish()
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.plaintext);
    }
}

impl Opened {
    /// The plaintext alone.
    pub fn into_plaintext(mut self) -> Vec<u8> {
        std::mem::take(&mut self.plaintext)
    }
}

/// The bounds of a message: cost of opening it, and age of its signature.
#[derive(Clone, Debug)]
pub struct OpenpgpLimits {
    /// Days between signature and arrival (`openpgp.max_signature_age_days`).
    pub max_signature_age_days: u32,
    /// Containers inside containers.
    pub nesting: usize,
    /// Bytes of plaintext.
    pub plaintext_bytes: usize,
    /// Plaintext bytes for each byte of ciphertext …
    pub ratio: usize,
    /// … beyond this many bytes: small orders that compress well are no bombs.
    pub ratio_floor_bytes: usize,
    /// Time to decrypt, decompress and verify.
    pub time: Duration,
}

impl Default for OpenpgpLimits {
    fn default() -> OpenpgpLimits {
        OpenpgpLimits {
            max_signature_age_days: 7,
            nesting: 4,
            plaintext_bytes: 10 << 20,
            ratio: 100,
            ratio_floor_bytes: 1 << 20,
            time: Duration::from_secs(5),
        }
    }
}

/// A date for people.
fn date(moment: impl Into<DateTime<Utc>>) -> String {
    moment.into().format("%Y-%m-%d %H:%M UTC").to_string()
}
