//! Messages as GnuPG 2.3 and newer write them, made here. One made the same way by another program
//! was decrypted by GnuPG 2.2.40, which reads them and does not write them.

use super::super::make::{KeyKind, KeyPair};
use super::super::{Keyring, Opened, OpenpgpLimits};
use super::*;
use crate::domain::codes::Code;
use chrono::{DateTime, Utc};
use std::io::Write;
use std::time::SystemTime;

use pgp::Cert;
use pgp::policy::StandardPolicy;
use pgp::serialize::SerializeInto;
use pgp::serialize::stream::{LiteralWriter, Message, Signer};

const SESSION: [u8; 32] = [42; 32];
const ORDER: &[u8] = b"{\"order_number\": \"W1\"}";

fn now() -> DateTime<Utc> {
    "2025-06-02T10:00:00Z".parse().unwrap()
}

fn cert(user: &str) -> Cert {
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    let pair = KeyPair::generate(user, KeyKind::Cv25519, made).unwrap();
    Cert::from_bytes(&pair.secret_armoured(None).unwrap()).unwrap()
}

/// The signed content, without any container.
fn signed(by: &Cert) -> Vec<u8> {
    let policy = StandardPolicy::at(now());
    let keys = by.keys().secret().with_policy(&policy, None).for_signing();
    let pair = keys
        .map(|key| key.key().clone().into_keypair().unwrap())
        .next();
    let mut bytes = Vec::new();
    let message = Signer::new(Message::new(&mut bytes), pair.unwrap()).unwrap();
    let message = message.creation_time(SystemTime::from(now())).build();
    let mut message = LiteralWriter::new(message.unwrap()).build().unwrap();
    message.write_all(ORDER).unwrap();
    message.finalize().unwrap();
    bytes
}

/// The packet with the session key for a recipient.
fn recipient(cert: &Cert) -> Vec<u8> {
    let policy = StandardPolicy::at(now());
    let valid = cert.with_policy(&policy, None).unwrap();
    let key = valid.keys().for_transport_encryption().next().unwrap();
    let session = SessionKey::from(&SESSION[..]);
    let aes = SymmetricAlgorithm::AES256;
    let pkesk = pgp::packet::pkesk::PKESK3::for_recipient(aes, &session, key.key()).unwrap();
    Packet::from(pkesk).to_vec().unwrap()
}

/// GnuPG's container around `content`; with `pieces` its packet comes in pieces.
fn container(content: &[u8], chunk: u8, pieces: bool) -> Vec<u8> {
    let head = [1, 9, OCB, chunk];
    let iv = [7; IV];
    let about = |index: u64| [&[0xd4], &head[..], &index.to_be_bytes()[..]].concat();
    let mut body = [&head[..], &iv].concat();
    let mut put = |about: Vec<u8>, index: u64, piece: &[u8]| {
        let (cipher, mut tag) = (Cipher::aes_256_ocb(), [0; TAG]);
        let nonce = nonce(&iv, index);
        let sealed = symm::encrypt_aead(cipher, &SESSION, Some(&nonce), &about, piece, &mut tag);
        body.extend_from_slice(&sealed.unwrap());
        body.extend_from_slice(&tag);
    };
    let mut index = 0;
    for piece in content.chunks(1 << (chunk + 6)) {
        put(about(index), index, piece);
        index += 1;
    }
    let length = (content.len() as u64).to_be_bytes();
    put([&about(index)[..], &length].concat(), index, b"");
    match pieces {
        false => framing::packet_of(20, &body),
        true => {
            let (first, rest) = body.split_at(64);
            let rest = &framing::packet_of(20, rest)[1..];
            [&[0xd4, 0xe6], first, rest].concat()
        }
    }
}

struct Lab {
    ring: Keyring,
    shop: Cert,
    content: Vec<u8>,
}

fn lab() -> Lab {
    let (shop, web) = (
        cert("Shop <shop@shop.example>"),
        cert("Web <web@shop.example>"),
    );
    let secret = shop.as_tsk().to_vec().unwrap();
    let trusted = web.to_vec().unwrap();
    let ring = Keyring::load(&[("shop", &secret)], &[("web", &trusted)], &[], now());
    Lab {
        ring: ring.unwrap(),
        content: signed(&web),
        shop,
    }
}

fn open(lab: &Lab, message: &[u8]) -> Result<Opened, Refusal> {
    lab.ring
        .open(message, now(), now(), &OpenpgpLimits::default())
}

#[test]
fn what_newer_gnupg_writes_is_read() {
    let lab = lab();
    for chunk in [0, 1, 16] {
        for pieces in [false, true] {
            let message = [recipient(&lab.shop), container(&lab.content, chunk, pieces)].concat();
            let opened = open(&lab, &message).unwrap();
            assert_eq!(opened.plaintext, ORDER);
            assert!(opened.signer_fingerprint.is_some());
        }
    }
}

#[test]
fn every_changed_byte_and_every_cut_is_refused() {
    let lab = lab();
    let (keys, sealed) = (recipient(&lab.shop), container(&lab.content, 0, false));
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 0x20;
        let refusal = open(&lab, &[&keys[..], &changed].concat()).unwrap_err();
        assert_ne!(refusal.code, Code::Unsigned, "byte {at}");
        assert!(
            open(&lab, &[&keys[..], &sealed[..at]].concat()).is_err(),
            "cut at {at}"
        );
    }
    // whole chunks left out, the container's length mended
    let body = &sealed[6..];
    let less = [&body[..HEAD + IV], &body[HEAD + IV + 64 + TAG..]].concat();
    let less = framing::packet_of(20, &less);
    let refusal = open(&lab, &[&keys[..], &less].concat()).unwrap_err();
    assert!(refusal.reason.contains("integrity"), "{refusal}");
}

#[test]
fn what_is_not_for_us_or_not_signed_says_so() {
    let lab = lab();
    let sealed = container(&lab.content, 16, false);
    let stranger = recipient(&cert("Other <other@shop.example>"));
    let refusal = open(&lab, &[&stranger[..], &sealed].concat()).unwrap_err();
    assert_eq!(refusal.code, Code::NotForUs);
    let mut literal = Vec::new();
    let message = Message::new(&mut literal);
    let mut message = LiteralWriter::new(message).build().unwrap();
    message.write_all(ORDER).unwrap();
    message.finalize().unwrap();
    let sealed = container(&literal, 16, false);
    let refusal = open(&lab, &[&recipient(&lab.shop)[..], &sealed].concat()).unwrap_err();
    assert_eq!(refusal.code, Code::Unsigned);
}
