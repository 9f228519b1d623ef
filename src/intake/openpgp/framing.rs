//! The outermost packets of a message (RFC 4880, 4.2 and 11.3), read strictly before sequoia reads
//! them leniently: session keys, then one encrypted container that ends where the message ends.

use crate::domain::codes::Code;
use crate::intake::Refusal;

const MARKER: u8 = 10;
const PADDING: u8 = 21;
const PKESK: u8 = 1;
const SKESK: u8 = 3;
const SED: u8 = 9;
const SEIP: u8 = 18;
/// GnuPG's own (LibrePGP, 5.16).
const AEAD: u8 = 20;
const ONE_PASS: u8 = 4;
const SIGNATURE: u8 = 2;
const COMPRESSED: u8 = 8;
const LITERAL: u8 = 11;

/// The container of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Container {
    /// Of RFC 4880 or RFC 9580.
    Standard,
    /// GnuPG's own, which begins at this byte.
    Gnu(usize),
}

/// Whether a binary message is encrypted and is nothing but that, and how it is wrapped.
///
/// # Errors
/// `not_for_us` when it is not encrypted, `weak_crypto` when it has no integrity protection,
/// `mixed_content` when something follows it, else `unreadable_message`.
pub fn check(message: &[u8]) -> Result<Container, Refusal> {
    let mut rest = message;
    let mut keys = 0;
    loop {
        let Some((tag, after)) = packet(rest) else {
            return Err(Refusal::new(
                Code::UnreadableMessage,
                "it is damaged, cut short or not an OpenPGP message",
            ));
        };
        let at = message.len() - rest.len();
        rest = after;
        match tag {
            MARKER | PADDING => {}
            PKESK | SKESK => keys += 1,
            SEIP if keys > 0 && rest.is_empty() => return Ok(Container::Standard),
            AEAD if keys > 0 && rest.is_empty() => return Ok(Container::Gnu(at)),
            SEIP | AEAD if keys > 0 => {
                return Err(Refusal::new(
                    Code::MixedContent,
                    format!("{} bytes follow the encrypted message", rest.len()),
                ));
            }
            SED => {
                return Err(Refusal::new(
                    Code::WeakCrypto,
                    "encrypted without integrity protection (no MDC): it could have been changed \
                     unseen",
                ));
            }
            ONE_PASS | SIGNATURE | COMPRESSED | LITERAL if keys == 0 => {
                return Err(super::helper::not_encrypted());
            }
            _ => {
                return Err(Refusal::new(
                    Code::UnreadableMessage,
                    "it is an OpenPGP key or signature, or damaged; not an encrypted message",
                ));
            }
        }
    }
}

/// Whether a binary message is signed, not encrypted, and nothing but that: one signature around one content,
/// or all of it in one compressed packet.
pub fn is_signed(message: &[u8]) -> bool {
    let (mut rest, mut tags) = (message, Vec::new());
    while !rest.is_empty() && tags.len() < 4 {
        let Some((tag, after)) = packet(rest) else {
            return false;
        };
        rest = after;
        if !matches!(tag, MARKER | PADDING) {
            tags.push(tag);
        }
    }
    let shapes: [&[u8]; 5] = [
        &[ONE_PASS, LITERAL, SIGNATURE],
        &[ONE_PASS, COMPRESSED, SIGNATURE],
        &[SIGNATURE, LITERAL],
        &[SIGNATURE, COMPRESSED],
        &[COMPRESSED],
    ];
    rest.is_empty() && shapes.contains(&&*tags)
}

/// Whether the bytes begin as a binary message does that is encrypted: by session keys.
pub fn begins_encrypted(message: &[u8]) -> bool {
    let first = packet(message).map(|(tag, rest)| (tag, packet(rest).map(|(tag, _)| tag)));
    matches!(
        first,
        Some((
            PKESK | SKESK,
            Some(PKESK | SKESK | SEIP | AEAD | SED | PADDING)
        ))
    )
}

/// Whether a detached signature, in binary, is one signature packet and nothing else: each further
/// one would be a digest of its own over the whole content.
pub fn is_one_signature(bytes: &[u8]) -> bool {
    matches!(packet(bytes), Some((SIGNATURE, [])))
}

/// The tag of the first packet and what follows its body; `None` when there is no whole packet.
fn packet(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first >> 6 {
        0b11 => Some((first & 0x3f, new_body(rest)?)),
        0b10 => Some(((first >> 2) & 0x0f, old_body(first & 3, rest)?)),
        _ => None,
    }
}

/// Past a body of the new format (4.2.2), whose length may come in pieces.
fn new_body(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (&first, after) = rest.split_first()?;
        match first {
            0..=191 => return after.get(usize::from(first)..),
            192..=223 => {
                let (&second, after) = after.split_first()?;
                let length = (usize::from(first) - 192) * 256 + usize::from(second) + 192;
                return after.get(length..);
            }
            224..=254 => rest = after.get(1 << (first & 0x1f)..)?,
            255 => return sized(4, after),
        }
    }
}

/// Past a body of the old format (4.2.1); one without length ends with the message.
fn old_body(length_type: u8, rest: &[u8]) -> Option<&[u8]> {
    match length_type {
        3 => Some(&[]),
        kind => sized(1 << kind, rest),
    }
}

/// Past a body whose length stands in the first `octets` bytes.
fn sized(octets: usize, rest: &[u8]) -> Option<&[u8]> {
    let (length, body) = rest.split_at_checked(octets)?;
    let length = length
        .iter()
        .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    body.get(length..)
}

/// The body of one packet of the new format, its pieces joined; `None` when it is none.
pub fn body(packet: &[u8]) -> Option<Vec<u8>> {
    let (first, mut rest) = packet.split_first()?;
    if first >> 6 != 0b11 {
        return None;
    }
    let mut joined = Vec::with_capacity(packet.len());
    loop {
        let (&octet, after) = rest.split_first()?;
        if !(224..=254).contains(&octet) {
            let header = match octet {
                0..=191 => 1,
                192..=223 => 2,
                _ => 5,
            };
            joined.extend_from_slice(rest.get(header..)?);
            return Some(joined);
        }
        let (piece, next) = after.split_at_checked(1 << (octet & 0x1f))?;
        joined.extend_from_slice(piece);
        rest = next;
    }
}

/// A packet of the new format.
pub fn packet_of(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut packet = vec![0xc0 | tag, 255];
    packet.extend_from_slice(&length.to_be_bytes());
    packet.extend_from_slice(body);
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(message: &[u8]) -> Option<Code> {
        check(message).err().map(|refusal| refusal.code)
    }

    #[test]
    fn only_session_keys_and_one_whole_container_pass() {
        for good in [
            &[0xc1, 1, 0, 0xd2, 2, 1, 0][..],
            &[0x84, 1, 0, 0xd2, 2, 1, 0],
            &[0x85, 0, 1, 0, 0xd2, 0xe1, 1, 0, 1, 0],
            &[
                0xca, 3, b'P', b'G', b'P', 0xc3, 1, 0, 0xd2, 255, 0, 0, 0, 1, 0,
            ],
        ] {
            assert_eq!(code(good), None, "{good:?}");
        }
        for (bad, expected) in [
            (&[][..], Code::UnreadableMessage),
            (&[0xd2, 1, 0], Code::UnreadableMessage),
            (&[0xc1, 1, 0, 0xd2, 3, 1, 0], Code::UnreadableMessage),
            (&[0xc1, 255, 255, 255, 255, 255, 0], Code::UnreadableMessage),
            (&[0xc1, 1, 0, 0xd2, 1, 0, b'x'], Code::MixedContent),
            (&[0xc1, 1, 0, 0xd2, 1, 0, 0xcb, 1, 0], Code::MixedContent),
            (&[0xc1, 1, 0, 0xc9, 1, 0], Code::WeakCrypto),
            (&[0xc4, 1, 0], Code::NotForUs),
            (&[0xa3, 1, 2, 3], Code::NotForUs),
            (&[0xc6, 1, 0], Code::UnreadableMessage),
        ] {
            assert_eq!(code(bad), Some(expected), "{bad:?}");
        }
    }

    #[test]
    fn only_one_signature_around_one_content_is_a_signed_message() {
        for good in [
            &[0xc4, 1, 0, 0xcb, 1, 0, 0xc2, 1, 0][..],
            &[0xc2, 1, 0, 0xcb, 1, 0],
            &[0xc8, 1, 0],
            &[0xa3, 1, 2, 3],
        ] {
            assert!(is_signed(good), "{good:?}");
        }
        for bad in [
            &[][..],
            &[0xcb, 1, 0],
            &[0xc4, 1, 0, 0xcb, 1, 0],
            &[0xc4, 1, 0, 0xc4, 1, 0, 0xcb, 1, 0, 0xc2, 1, 0, 0xc2, 1, 0],
            &[0xc2, 1, 0, 0xcb, 1, 0, 0xcb, 1, 0],
            &[0xc1, 1, 0, 0xd2, 2, 1, 0],
            &[0xc4, 1, 0, 0xcb, 1, 0, 0xc2, 1, 0, 0],
        ] {
            assert!(!is_signed(bad), "{bad:?}");
        }
        assert!(begins_encrypted(&[0xc1, 1, 0, 0xd2, 2, 1, 0]));
        assert!(!begins_encrypted("äöü".as_bytes()) && !begins_encrypted(b"PK\x03\x04"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
            let _ = check(&noise);
            let _ = is_signed(&noise) || begins_encrypted(&noise);
        }
    }
}
