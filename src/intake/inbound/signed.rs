//! A mail that its writer signed with OpenPGP: multipart/signed (RFC 1847, RFC 3156 5). Only what the
//! signature covers is then read.

use super::{Marks, Signer};
use crate::intake::mime::{self, SignedParts};
use chrono::{DateTime, Utc};
use mail_parser::Message;
use openssl::sha::Sha256;

/// What was signed, as a MIME entity, and by which certificate.
pub struct SignedEntity {
    /// The entity, its lines ending in CRLF.
    pub entity: Vec<u8>,
    /// Whose signature it is.
    pub signer: Signer,
}

/// The signed part, when the whole mail is one that a vendor's known key signed.
pub fn find(
    mail: &Message<'_>,
    raw: &[u8],
    marks: &Marks,
    received: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<SignedEntity> {
    let SignedParts { entity, signature } = mime::signed_parts(mail, raw)?;
    let signed = marks.vendor_keys.signer(&entity, &signature, received, now);
    let signed = signed.ok()?;
    let mut mark = Sha256::new();
    mark.update(signed.fingerprint.as_bytes());
    mark.update(&signed.at.timestamp().to_be_bytes());
    mark.update(&entity);
    let signer = Signer {
        fingerprint: signed.fingerprint,
        at: signed.at,
        mark: mark.finish(),
    };
    Some(SignedEntity { entity, signer })
}
