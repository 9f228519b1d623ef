//! GnuPG's own container, the AEAD encrypted data packet (tag 20; LibrePGP, 5.16): GnuPG from 2.3 on
//! writes it to keys that it made itself. Sequoia does not read it, so its content is checked and
//! decrypted here and put into the container of RFC 4880, 5.13 under the same session key; all that
//! is demanded of a message is then demanded of it too.

use super::framing;
use super::helper::{MAX_RECIPIENTS, for_others, is_hidden, session_key};
use super::keys::Keys;
use crate::domain::codes::Code;
use crate::intake::Refusal;
use openssl::hash::MessageDigest;
use openssl::symm::{self, Cipher, Crypter, Mode};
use sequoia_openpgp as pgp;
use zeroize::Zeroizing;

use pgp::Packet;
use pgp::crypto::SessionKey;
use pgp::packet::PKESK;
use pgp::parse::{PacketParser, PacketParserResult, Parse};
use pgp::types::SymmetricAlgorithm;

const OCB: u8 = 2;
/// Octets of OCB's starting value and of its tags.
const IV: usize = 15;
const TAG: usize = 16;
/// Version, cipher, mode and chunk size.
const HEAD: usize = 4;
/// Chunks of 2^(16+6) octets are the largest that GnuPG writes; a message has 25 MiB at most.
const LARGEST_CHUNK: u8 = 20;
/// Block of AES, in octets.
const BLOCK: usize = 16;

/// The same message in the container that sequoia reads. `at` is where GnuPG's own begins.
///
/// # Errors
/// `not_for_us`, or `unreadable_message` when it was changed or uses what poms does not read.
pub fn standard(keys: &Keys, message: &[u8], at: usize) -> Result<Vec<u8>, Refusal> {
    let (recipients, container) = message.split_at(at);
    let body = framing::body(container).ok_or_else(damaged)?;
    let Some((head, sealed)) = body.split_at_checked(HEAD) else {
        return Err(damaged());
    };
    let [1, algorithm, OCB, chunk] = *head else {
        return Err(unread("an AEAD mode other than OCB"));
    };
    if chunk > LARGEST_CHUNK {
        return Err(unread("chunks larger than a message may be"));
    }
    let algorithm = SymmetricAlgorithm::from(algorithm);
    let (ocb, cfb) = match algorithm {
        SymmetricAlgorithm::AES128 => (Cipher::aes_128_ocb(), Cipher::aes_128_cfb128()),
        SymmetricAlgorithm::AES192 => (Cipher::aes_192_ocb(), Cipher::aes_192_cfb128()),
        SymmetricAlgorithm::AES256 => (Cipher::aes_256_ocb(), Cipher::aes_256_cfb128()),
        other => return Err(unread(&format!("the cipher {other}"))),
    };
    let pkesks = pkesks(recipients).ok_or_else(damaged)?;
    for session in session_keys(keys, &pkesks, algorithm) {
        if session.len() == ocb.key_len()
            && let Some(content) = open(ocb, &session, head, 1 << (chunk + 6), sealed)
        {
            let again = rewrap(cfb, &session, &content).ok_or_else(damaged)?;
            return Ok([recipients, &again].concat());
        }
    }
    let is_for_us = |pkesk: &PKESK| !is_hidden(pkesk) && keys.candidates(pkesk).next().is_some();
    Err(match pkesks.iter().any(is_for_us) {
        true => Refusal::new(
            Code::UnreadableMessage,
            "its integrity check failed: it was changed or damaged on its way",
        ),
        false => Refusal::new(Code::NotForUs, for_others(keys, &pkesks)),
    })
}

fn damaged() -> Refusal {
    Refusal::new(
        Code::UnreadableMessage,
        "it is damaged, cut short or not an OpenPGP message",
    )
}

fn unread(what: &str) -> Refusal {
    Refusal::new(
        Code::UnreadableMessage,
        format!(
            "encrypted by GnuPG with {what}, which poms does not read: have the shop encrypt with AES"
        ),
    )
}

/// The packets before the container.
fn pkesks(bytes: &[u8]) -> Option<Vec<PKESK>> {
    let mut found = Vec::new();
    let mut parser = PacketParser::from_bytes(bytes).ok()?;
    while let PacketParserResult::Some(one) = parser {
        let (packet, next) = one.next().ok()?;
        if let Packet::PKESK(pkesk) = packet {
            found.push(pkesk);
        }
        parser = next;
    }
    Some(found)
}

/// Opens the packets for our keys, as far as these find any.
fn session_keys<'a>(
    keys: &'a Keys,
    pkesks: &'a [PKESK],
    algorithm: SymmetricAlgorithm,
) -> impl Iterator<Item = SessionKey> + 'a {
    let named = pkesks.iter().take(MAX_RECIPIENTS);
    named
        .flat_map(|pkesk| keys.candidates(pkesk).map(move |ours| (ours, pkesk)))
        .filter_map(|(ours, pkesk)| session_key(ours, pkesk, None))
        .filter(move |(stated, _)| *stated == Some(algorithm))
        .map(|(_, session)| session)
}

/// Every chunk, each and all of them proved (LibrePGP, 5.16.2); `None` when one was changed.
fn open(
    cipher: Cipher,
    key: &SessionKey,
    head: &[u8],
    chunk: usize,
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (iv, sealed) = sealed.split_at_checked(IV)?;
    let (mut rest, last) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
    let mut content = Zeroizing::new(Vec::with_capacity(rest.len()));
    let mut index: u64 = 0;
    let about = |index: u64| [&[0xd4], head, &index.to_be_bytes()[..]].concat();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.len().min(chunk + TAG));
        let (piece, tag) = piece.split_at_checked(piece.len().checked_sub(TAG)?)?;
        let nonce = nonce(iv, index);
        let plain = symm::decrypt_aead(cipher, key, Some(&nonce), &about(index), piece, tag);
        content.extend_from_slice(&Zeroizing::new(plain.ok()?));
        (rest, index) = (after, index + 1);
    }
    let all = [about(index), (content.len() as u64).to_be_bytes().to_vec()].concat();
    symm::decrypt_aead(cipher, key, Some(&nonce(iv, index)), &all, &[], last).ok()?;
    Some(content)
}

fn nonce(iv: &[u8], index: u64) -> Vec<u8> {
    let mut nonce = iv.to_vec();
    for (octet, of_index) in nonce.iter_mut().rev().zip(index.to_le_bytes()) {
        *octet ^= of_index;
    }
    nonce
}

/// A symmetrically encrypted and integrity protected data packet (RFC 4880, 5.13).
fn rewrap(cipher: Cipher, key: &SessionKey, content: &[u8]) -> Option<Vec<u8>> {
    let mut prefix = [0; BLOCK + 2];
    openssl::rand::rand_bytes(&mut prefix[..BLOCK]).ok()?;
    prefix.copy_within(BLOCK - 2..BLOCK, BLOCK);
    const MDC: [u8; 2] = [0xd3, 20];
    let mut plain = Zeroizing::new(Vec::with_capacity(content.len() + BLOCK + 24));
    plain.extend_from_slice(&prefix);
    plain.extend_from_slice(content);
    plain.extend_from_slice(&MDC);
    let digest = openssl::hash::hash(MessageDigest::sha1(), &plain).ok()?;
    plain.extend_from_slice(&digest);
    let mut crypter = Crypter::new(cipher, Mode::Encrypt, key, Some(&[0; BLOCK])).ok()?;
    let mut body = vec![0; 1 + plain.len() + BLOCK];
    body[0] = 1;
    let mut length = 1 + crypter.update(&plain, &mut body[1..]).ok()?;
    length += crypter.finalize(&mut body[length..]).ok()?;
    body.truncate(length);
    Some(framing::packet_of(18, &body))
}

#[cfg(test)]
#[path = "ocb/tests.rs"]
mod tests;
