//! What poms refuses to open, made by a real GnuPG.

use crate::support::gpg::Gpg;
use crate::support::lab::*;
use chrono::{DateTime, TimeDelta, Utc};
use poms::intake::openpgp::{Keyring, OpenpgpLimits};

#[test]
fn only_one_signature_by_a_listed_fingerprint_counts() {
    let Lab { gpg, ring, trader } = lab("ed25519");
    gpg.key("stranger", "ed25519", "never", "");
    let encrypt = ["-r", "shop", "-e", "-s"];
    let by = |users: &[&str]| gpg.run(&[users, &encrypt[..]].concat(), ORDER);
    let reason = assert_refused(&ring, &by(&["-u", "stranger"]), "untrusted_signer");
    assert!(reason.contains(&gpg.fingerprint("stranger")), "{reason}");
    assert_refused(
        &ring,
        &by(&["-u", "trader", "-u", "stranger"]),
        "untrusted_signer",
    );
    let trusted_both = ring_of(&gpg, "shop", &["trader", "stranger"]);
    assert_refused(
        &trusted_both,
        &by(&["-u", "trader", "-u", "stranger"]),
        "untrusted_signer",
    );

    let sub = [
        "--passphrase",
        "",
        "--quick-add-key",
        &trader,
        "ed25519",
        "sign",
        "never",
    ];
    gpg.run(&sub, b"");
    assert_refused(&ring, &by(&["-u", "trader"]), "untrusted_signer");
    let ring = ring_of(&gpg, "shop", &["trader"]);
    let opened =
        open(&ring, &by(&["-u", "trader"])).expect("a signing subkey of a listed key counts");
    assert_eq!(opened.signer_fingerprint, Some(trader));
}

#[test]
fn what_is_not_encrypted_is_refused() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    for options in [
        &["-s"][..],
        &["-s", "-a"],
        &["-s", "-z0"],
        &["--clearsign"],
        &["--store"],
    ] {
        let message = gpg.run(&[&["-u", "trader"], options].concat(), ORDER);
        assert_refused(&ring, &message, "not_for_us");
    }
    let clear = gpg.run(&["-u", "trader", "--clearsign"], ORDER);
    assert_refused(&ring, &sealed_in(&mail_with("", &clear)), "not_for_us");
    assert_refused(&ring, &gpg.public("trader"), "unreadable_message");
}

#[test]
fn weak_algorithms_are_refused() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    for options in [
        &["--digest-algo", "SHA1", "--weak-digest", "MD5"][..],
        &["--digest-algo", "RIPEMD160"],
        &["--cipher-algo", "3DES"],
        &["--cipher-algo", "CAST5"],
        &["--cipher-algo", "BLOWFISH"],
        &["--cipher-algo", "IDEA"],
    ] {
        let reason = assert_refused(&ring, &seal(&gpg, options), "weak_crypto");
        assert!(reason.contains("poms accepts"), "{reason}");
    }
    for cipher in ["TWOFISH", "CAMELLIA256"] {
        let sealed = seal(&gpg, &["--cipher-algo", cipher]);
        let reason = assert_refused(&ring, &sealed, "unreadable_message");
        assert!(reason.contains("poms accepts AES"), "{reason}");
    }
    let sealed = seal(&gpg, &["--sig-notation", "!x@shop.example=1"]);
    let reason = assert_refused(&ring, &sealed, "bad_signature");
    assert!(reason.contains("critical notation"), "{reason}");
    let mut without_mdc = seal(&gpg, &["-z0"]);
    let data = 3 + usize::from(u16::from_be_bytes([without_mdc[1], without_mdc[2]]));
    let data = if without_mdc[0] == 0x85 {
        data
    } else {
        2 + usize::from(without_mdc[1])
    };
    assert_eq!(without_mdc[data], 0xd2, "the encrypted data packet");
    without_mdc[data] = 0xc9;
    assert_refused(&ring, &without_mdc, "weak_crypto");

    gpg.key("small", "rsa1024", "never", "");
    let ring = ring_of(&gpg, "shop", &["small"]);
    assert_eq!(ring.warnings().len(), 1, "{:?}", ring.warnings());
    let message = gpg.run(&["-u", "small", "-r", "shop", "-s", "-e"], ORDER);
    assert_refused(&ring, &message, "weak_crypto");
    let old = [
        "--passphrase",
        "",
        "--quick-generate-key",
        "old",
        "dsa2048",
        "sign",
    ];
    gpg.run(&old, b"");
    let ring = ring_of(&gpg, "shop", &["old"]);
    assert_eq!(ring.warnings().len(), 1, "{:?}", ring.warnings());
    let message = gpg.run(&["-u", "old", "-r", "shop", "-s", "-e"], ORDER);
    let reason = assert_refused(&ring, &message, "weak_crypto");
    assert!(reason.contains("DSA"), "{reason}");
    let (secret, public) = (gpg.secret("small", ""), gpg.public("trader"));
    let error =
        Keyring::load(&[("small.asc", &secret)], &[("w", &public)], &[], now()).unwrap_err();
    assert!(error.to_string().contains("less than 2048 bits"), "{error}");
}

#[test]
fn old_and_future_signatures_are_refused() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    let message = seal(&gpg, &[]);
    let at = |received: DateTime<Utc>, now: DateTime<Utc>| {
        ring.open(&message, received, now, &OpenpgpLimits::default())
            .map_err(|refusal| refusal.code)
    };
    let signed: DateTime<Utc> = "2025-06-02T10:00:00Z".parse().unwrap();
    let week = signed + TimeDelta::days(7);
    assert!(at(week, week).is_ok());
    assert!(
        at(week, week + TimeDelta::days(30)).is_ok(),
        "age counts until arrival"
    );
    let late = week + TimeDelta::seconds(1);
    assert_eq!(at(late, late).unwrap_err().as_str(), "signature_time");
    let hour_before = signed - TimeDelta::hours(1);
    let earlier = hour_before - TimeDelta::seconds(1);
    assert_eq!(at(earlier, earlier).unwrap_err().as_str(), "signature_time");
    assert!(at(hour_before, hour_before).is_ok(), "clocks differ");
    let brief = seal(&gpg, &["--default-sig-expire", "1d"]);
    let later = signed + TimeDelta::days(2);
    let refusal = ring
        .open(&brief, later, later, &OpenpgpLimits::default())
        .unwrap_err();
    assert_eq!(refusal.code.as_str(), "signature_time", "{refusal}");
}

#[test]
fn expired_and_revoked_signers_are_refused() {
    let mut gpg = Gpg::at("20250501T100000");
    gpg.key("shop", "ed25519", "never", "");
    let trader = gpg.key("trader", "ed25519", "40d", "");
    gpg.set_clock("20250609T100000");
    let message = seal(&gpg, &[]);
    let ring = ring_of(&gpg, "shop", &["trader"]);
    assert!(
        ring.warnings()[0].contains("expires on 2025-06-10"),
        "{:?}",
        ring.warnings()
    );
    let signed: DateTime<Utc> = "2025-06-09T10:00:00Z".parse().unwrap();
    let at = |ring: &Keyring, when| ring.open(&message, when, when, &OpenpgpLimits::default());
    assert!(at(&ring, signed).is_ok());
    let refusal = at(&ring, signed + TimeDelta::days(3)).expect_err("dated back, or late");
    assert_eq!(refusal.code.as_str(), "signer_key_invalid", "{refusal}");
    assert!(refusal.reason.contains("expired on 2025-06-10") && refusal.reason.contains(&trader));

    gpg.revoke(&trader);
    let ring = ring_of(&gpg, "shop", &["trader"]);
    assert!(
        ring.warnings().iter().any(|w| w.contains("revoked")),
        "{:?}",
        ring.warnings()
    );
    let refusal = at(&ring, signed).expect_err("revoked");
    assert_eq!(refusal.code.as_str(), "signer_key_invalid", "{refusal}");
    assert!(
        refusal.reason.contains("revoked on 2025-05-01"),
        "{refusal}"
    );
}

#[test]
fn every_damaged_message_is_refused() {
    for (algorithm, options) in [
        ("ed25519", &["-z0"][..]),
        ("ed25519", &["--compress-algo", "zlib"]),
        ("rsa3072", &["-z0"]),
    ] {
        let Lab { gpg, ring, .. } = lab(algorithm);
        let message = seal(&gpg, options);
        assert!(open(&ring, &message).is_ok(), "as it was sent");
        for place in 0..message.len() {
            // the private operation of RSA takes its time: all bits of its packet's head, then one each
            let every = algorithm == "ed25519" || place < 20;
            for bit in (0..8).filter(|bit| every || *bit == place % 8) {
                let mut damaged = message.clone();
                damaged[place] ^= 1 << bit;
                assert!(
                    open(&ring, &damaged).is_err(),
                    "{algorithm}, byte {place} of {}, bit {bit}: opened",
                    message.len()
                );
            }
        }
        for length in 0..message.len() {
            assert!(open(&ring, &message[..length]).is_err(), "cut at {length}");
        }
        let longer = [&message[..], b"x"].concat();
        assert!(open(&ring, &longer).is_err(), "something after the end");
        let twice = [&message[..], &message[..]].concat();
        assert!(open(&ring, &twice).is_err(), "twice");
    }
}

#[test]
fn bombs_are_refused() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    let zeros = vec![0; 64 << 20];
    let seal = |content: &[u8], options: &[&str]| {
        gpg.run(
            &[options, &["-u", "trader", "-r", "shop", "-s", "-e"]].concat(),
            content,
        )
    };
    for options in [&[][..], &["--compress-algo", "bzip2"]] {
        let reason = assert_refused(&ring, &seal(&zeros, options), "too_large");
        assert!(reason.contains("100 times"), "{reason}");
    }
    let reason = assert_refused(
        &ring,
        &seal(&zeros[..(10 << 20) + 1], &["-z0"]),
        "too_large",
    );
    assert!(reason.contains("10485760 bytes"), "{reason}");
    assert!(open(&ring, &seal(&zeros[..(10 << 20)], &["-z0"])).is_ok());
    assert!(
        open(&ring, &seal(&zeros[..(1 << 20)], &[])).is_ok(),
        "small ones may compress well"
    );

    let limits = OpenpgpLimits {
        time: std::time::Duration::ZERO,
        ..OpenpgpLimits::default()
    };
    let refusal = ring
        .open(&seal(ORDER, &[]), now(), now(), &limits)
        .unwrap_err();
    assert_eq!(refusal.code.as_str(), "too_large");
    assert!(
        refusal.reason.contains("longer than 0 seconds"),
        "{refusal}"
    );
}

#[test]
fn compression_inside_compression_is_refused() {
    use pgp::parse::Parse;
    use pgp::serialize::stream::{Compressor, Encryptor, LiteralWriter, Message};
    use sequoia_openpgp as pgp;
    use std::io::Write;
    let Lab { gpg, ring, .. } = lab("ed25519");
    let cert = pgp::Cert::from_bytes(&gpg.public("shop")).unwrap();
    let policy = pgp::policy::StandardPolicy::new();
    for rounds in [2, 128] {
        let mut sealed = Vec::new();
        let keys = cert
            .keys()
            .with_policy(&policy, None)
            .for_transport_encryption();
        let mut message = Encryptor::for_recipients(Message::new(&mut sealed), keys)
            .build()
            .unwrap();
        for _ in 0..rounds {
            message = Compressor::new(message)
                .algo(pgp::types::CompressionAlgorithm::Zip)
                .build()
                .unwrap();
        }
        let mut message = LiteralWriter::new(message).build().unwrap();
        message.write_all(ORDER).unwrap();
        message.finalize().unwrap();
        assert_refused(&ring, &sealed, "too_large");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(256))]
    #[test]
    fn random_bytes_are_refused(noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400),
        armoured in proptest::prelude::any::<bool>())
    {
        let ring = Keyring::load(&[], &[], &[], now()).unwrap();
        let message = match armoured {
            true => format!("-----BEGIN PGP MESSAGE-----\n\n{}\n-----END PGP MESSAGE-----\n", base64(&noise)).into_bytes(),
            false => noise,
        };
        proptest::prop_assert!(open(&ring, &message).is_err());
    }
}

#[test]
fn a_text_signed_in_the_clear_and_then_encrypted_is_called_what_it_is() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    let signed = gpg.run(&["-u", "trader", "--clearsign"], ORDER);
    let reason = assert_refused(
        &ring,
        &gpg.run(&["-r", "shop", "-e"], &signed),
        "bad_signature",
    );
    assert!(reason.contains("signed in the clear"), "{reason}");
}
