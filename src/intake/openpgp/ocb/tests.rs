//! Messages as GnuPG 2.3 and newer write them, made here; `gpg 2.2 --decrypt` read the first of
//! their kind.

use super::super::make::{self, KeyKind, KeyPair};
use super::super::{Keyring, Limits};
use super::*;
use chrono::{DateTime, Utc};
use sequoia_openpgp::crypto::Encryptor as _;

const NOW: &str = "2025-06-02T10:00:00Z";

fn key(user: &str) -> KeyPair {
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    KeyPair::generate(user, KeyKind::Cv25519, made).unwrap()
}

/// The container around `content`; with `pieces` its packet comes in pieces.
fn seal(session: &[u8], content: &[u8], chunk: u8, pieces: bool) -> Vec<u8> {
    let head = [1, 9, OCB, chunk];
    let (cipher, iv) = (Cipher::aes_256_ocb(), [7; IV]);
    let about = |index: u64| [&[0xd4], &head[..], &index.to_be_bytes()[..]].concat();
    let mut body = [&head[..], &iv].concat();
    let mut index = 0;
    let mut put = |about: Vec<u8>, nonce: &[u8], piece: &[u8]| {
        let mut tag = [0; TAG];
        let sealed = symm::encrypt_aead(cipher, session, Some(nonce), &about, piece, &mut tag);
        body.extend_from_slice(&sealed.unwrap());
        body.extend_from_slice(&tag);
    };
    for piece in content.chunks(1 << (chunk + 6)) {
        put(about(index), &nonce(&iv, index), piece);
        index += 1;
    }
    let all = [about(index), (content.len() as u64).to_be_bytes().to_vec()].concat();
    put(all, &nonce(&iv, index), b"");
    match pieces {
        false => framing::packet_of(20, &body),
        true => {
            let (first, rest) = body.split_at(512);
            let rest = &framing::packet_of(20, rest)[1..];
            [&[0xd4, 0xe9], first, rest].concat()
        }
    }
}
