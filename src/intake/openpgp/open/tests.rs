//! Messages that are made to cost time.

use super::super::make::{self, KeyKind, KeyPair};
use super::super::{Keyring, VendorKeys};
use super::*;
use crate::domain::codes::Code;
use pgp::policy::StandardPolicy;
use pgp::serialize::stream::{Encryptor, Message};
use std::io::Write;

fn now() -> DateTime<Utc> {
    "2025-06-02T10:00:00Z".parse().unwrap()
}

fn pair(user: &str) -> KeyPair {
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    KeyPair::generate(user, KeyKind::Cv25519, made).unwrap()
}

/// These packets, encrypted to a key.
fn around(packets: &[u8], to: &KeyPair) -> Vec<u8> {
    let cert = pgp::Cert::from_bytes(&to.public_armoured().unwrap()).unwrap();
    let policy = StandardPolicy::at(now());
    let valid = cert.with_policy(&policy, SystemTime::from(now())).unwrap();
    let keys = valid.keys().for_transport_encryption();
    let mut sealed = Vec::new();
    let message = Encryptor::for_recipients(Message::new(&mut sealed), keys);
    let mut message = message.build().unwrap();
    message.write_all(packets).unwrap();
    message.finalize().unwrap();
    sealed
}

/// A one-pass signature packet of version 6 with a salt of its own (RFC 9580, 5.4): text, SHA-256,
/// Ed25519.
fn one_pass(salt: u16) -> Vec<u8> {
    let mut body = vec![6, 1, 8, 27, 16];
    body.extend([0; 14]);
    body.extend(salt.to_be_bytes());
    body.extend([7; 32]);
    body.push(0);
    framing::packet_of(4, &body)
}

/// A signature packet of version 4 that fits nothing (RFC 9580, 5.2.3).
fn signature(number: u16) -> Vec<u8> {
    let mut body = vec![4, 0, 22, 8, 0, 0, 0, 0];
    body.extend(number.to_be_bytes());
    body.extend([0, 9, 1, 1, 0, 9, 1, 1]);
    framing::packet_of(2, &body)
}

fn ring(shop: &KeyPair, signer: &KeyPair) -> Keyring {
    let secret = shop.secret_armoured(None).unwrap();
    let public = signer.public_armoured().unwrap();
    Keyring::load(&[("shop", &secret)], &[("signer", &public)], &[], now()).unwrap()
}

#[test]
fn a_flood_of_signatures_is_refused_at_the_second_one() {
    let (shop, signer) = (pair("shop@shop.example"), pair("web@shop.example"));
    let ring = ring(&shop, &signer);
    // nothing that could be read stands behind them: who reads on says so
    let garbage = [0xff; 64];
    let floods: [Vec<u8>; 2] = [
        (0..4000).flat_map(one_pass).collect(),
        (0..4000).flat_map(signature).collect(),
    ];
    for flood in floods {
        for packets in [flood.clone(), [&*flood, &garbage].concat()] {
            let sealed = around(&packets, &shop);
            let opened = ring.open(&sealed, now(), now(), &OpenpgpLimits::default());
            let refusal = opened.expect_err("refused");
            assert_eq!(refusal.code, Code::UntrustedSigner, "{refusal}");
            assert!(
                refusal.reason.contains("more than one signature"),
                "{refusal}"
            );
        }
    }
}

#[test]
fn a_detached_signature_is_one_packet() {
    let vendor = pair("orders@acme.example");
    let public = vendor.public_armoured().unwrap();
    let keys = VendorKeys::load(&[("acme", &public)], 7).unwrap();
    let content = b"Content-Type: text/plain\r\n\r\nShipped.\r\n";
    let good = make::sign(content, &vendor, now()).unwrap();
    assert!(keys.signer(content, &good, now(), now()).is_ok());
    let one = without_armour(&good, armor::Kind::Signature).unwrap();
    for flood in [
        [&*one, &*one].concat(),
        [&*one, &signature(1)].concat(),
        (0..600).flat_map(signature).collect(),
    ] {
        let refusal = keys.signer(content, &flood, now(), now()).err();
        let refusal = refusal.expect("refused");
        assert!(
            refusal.reason.contains("more than one signature"),
            "{refusal}"
        );
    }
}
