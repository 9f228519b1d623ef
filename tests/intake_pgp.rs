//! What poms opens and what it refuses, made by a real GnuPG.

#[path = "support/gpg.rs"]
mod gpg;

use chrono::{DateTime, TimeDelta, Utc};
use gpg::Gpg;
use poms::intake::Refusal;
use poms::intake::mime::{self, Content};
use poms::intake::openpgp::make::{self, KeyKind};
use poms::intake::openpgp::{Keyring, Limits, Opened};
use secrecy::SecretString;

const CLOCK: &str = "20250602T100000";
const ORDER: &[u8] = b"{\"order_number\": \"W200001\", \"comments\": \"canary-7f3a\"}";

fn now() -> DateTime<Utc> {
    "2025-06-02T10:05:00Z".parse().expect("a time")
}

/// A shop that receives and a web shop that signs.
struct Lab {
    gpg: Gpg,
    ring: Keyring,
    trader: String,
}

fn lab(algorithm: &str) -> Lab {
    let gpg = Gpg::at(CLOCK);
    gpg.key("shop", algorithm, "never", "");
    let trader = gpg.key("trader", algorithm, "never", "");
    let ring = ring(&gpg, "shop", &["trader"]);
    Lab { gpg, ring, trader }
}

fn ring(gpg: &Gpg, shop: &str, signers: &[&str]) -> Keyring {
    let secret = gpg.secret(shop, "");
    let public: Vec<Vec<u8>> = signers.iter().map(|user| gpg.public(user)).collect();
    let public: Vec<(&str, &[u8])> = public
        .iter()
        .map(|key| ("signer", key.as_slice()))
        .collect();
    Keyring::load(&[("shop", &secret)], &public, &[], now()).expect("keys load")
}

/// Signed by the web shop and encrypted to the shop, with more of gpg's options.
fn seal(gpg: &Gpg, options: &[&str]) -> Vec<u8> {
    let usual = ["-u", "trader", "-r", "shop", "--sign", "--encrypt"];
    gpg.run(&[options, &usual[..]].concat(), ORDER)
}

fn open(ring: &Keyring, message: &[u8]) -> Result<Opened, Refusal> {
    ring.open(message, now(), now(), &Limits::default())
}

/// Refused with this code; the reason tells nothing of the plaintext, and it is not kept.
fn assert_refused(ring: &Keyring, message: &[u8], code: &str) -> String {
    let refusal = open(ring, message).expect_err("must be refused");
    assert_eq!(refusal.code, code, "{}", refusal.reason);
    assert!(
        !format!("{refusal} {refusal:?}").contains("canary"),
        "{refusal:?}"
    );
    let reason = refusal.reason.clone();
    assert!(
        refusal.into_unsigned().is_none(),
        "{code} keeps no plaintext"
    );
    reason
}

fn mail_with(headers: &str, body: &[u8]) -> Vec<u8> {
    let start = format!("From: a@b.example\r\nTo: c@d.example\r\nSubject: order\r\n{headers}\r\n");
    [start.as_bytes(), body].concat()
}

fn sealed_in(mail: &[u8]) -> Vec<u8> {
    match mime::find(mail) {
        Ok(Content::Pgp(sealed)) => sealed,
        other => panic!("no sealed message: {other:?}"),
    }
}

fn base64(bytes: &[u8]) -> String {
    let text = openssl::base64::encode_block(bytes);
    let lines: Vec<&str> = (0..text.len())
        .step_by(76)
        .map(|i| &text[i..(i + 76).min(text.len())])
        .collect();
    lines.join("\r\n")
}

#[test]
fn opens_every_usual_kind_of_message() {
    for algorithm in ["rsa3072", "ed25519"] {
        let Lab { gpg, ring, trader } = lab(algorithm);
        for options in [
            &["-a"][..],
            &["-a", "-z0"],
            &["-a", "--compress-algo", "zip"],
            &["-a", "--compress-algo", "zlib"],
            &["-a", "--textmode"],
            &["-a", "--cipher-algo", "AES"],
            &["-a", "--digest-algo", "SHA256"],
        ] {
            let armoured = seal(&gpg, options);
            let opened = open(&ring, &armoured).unwrap_or_else(|e| panic!("{options:?}: {e}"));
            assert_eq!(opened.plaintext, ORDER, "{options:?}");
            assert_eq!(opened.signer_fingerprint.as_deref(), Some(trader.as_str()));
            assert_eq!(
                opened.signed_at,
                Some("2025-06-02T10:00:00Z".parse().unwrap())
            );
            assert_eq!(opened.encrypted_to, gpg.fingerprint("shop"));
            assert!(!format!("{opened:?}").contains("canary"));

            let text = mail_with("Content-Type: text/plain\r\n", &armoured);
            let whole = make::pgp_mime(
                "Web Shop <w@shop.example>",
                "o@shop.example",
                "Bestellung für César",
                now(),
                "<1@shop.example>",
                &armoured,
            )
            .expect("a mail");
            for mail in [text, whole] {
                assert_eq!(
                    open(&ring, &sealed_in(&mail)).expect("opens").plaintext,
                    ORDER
                );
            }
        }
        let binary = seal(&gpg, &[]);
        let attached = format!(
            "--b\r\nContent-Type: text/plain\r\n\r\n \r\n--b\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: attachment; filename=\"order.json.gpg\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
            base64(&binary)
        );
        let mail = mail_with(
            "Content-Type: multipart/mixed; boundary=b\r\n",
            attached.as_bytes(),
        );
        assert_eq!(
            open(&ring, &sealed_in(&mail)).expect("opens").plaintext,
            ORDER
        );
    }
}

#[test]
fn locked_secret_keys_open_with_their_passphrase_only() {
    let gpg = Gpg::at(CLOCK);
    gpg.key("shop", "ed25519", "never", "open sesame");
    gpg.key("trader", "ed25519", "never", "");
    let (secret, public) = (gpg.secret("shop", "open sesame"), gpg.public("trader"));
    let load = |passphrases: &[&str]| {
        let passphrases: Vec<SecretString> = passphrases.iter().map(|p| (*p).into()).collect();
        Keyring::load(
            &[("keys/shop.sec.asc", &secret)],
            &[("w", &public)],
            &passphrases,
            now(),
        )
    };
    let ring = load(&["wrong", "open sesame"]).expect("one of the passphrases fits");
    assert!(open(&ring, &seal(&gpg, &[])).is_ok());
    for (passphrases, part) in [
        (&[][..], "none is given"),
        (&["wrong"], "none of the 1 given fits"),
    ] {
        let error = load(passphrases).expect_err("stays locked").to_string();
        assert!(
            error.starts_with("keys/shop.sec.asc: key ") && error.contains(part),
            "{error}"
        );
        assert!(error.contains("openpgp.passphrase_file"), "{error}");
    }
}

#[test]
fn several_hidden_and_foreign_recipients_and_rollover() {
    let Lab { gpg, ring: old, .. } = lab("ed25519");
    gpg.key("new", "rsa3072", "never", "");
    gpg.key("other", "ed25519", "never", "");
    let (first, second, public) = (
        gpg.secret("shop", ""),
        gpg.secret("new", ""),
        gpg.public("trader"),
    );
    let both = Keyring::load(
        &[("1", &first), ("2", &second)],
        &[("w", &public)],
        &[],
        now(),
    )
    .unwrap();
    assert_eq!(both.our_keys().len(), 2);
    let to =
        |recipients: &[&str]| gpg.run(&[&["-u", "trader", "-s", "-e"], recipients].concat(), ORDER);
    for recipients in [
        &["-r", "other", "-r", "shop"][..],
        &["-r", "new"],
        &["-R", "new"],
        &["-R", "shop"],
        &["-R", "other", "-R", "shop"],
        &["-r", "other", "-R", "new"],
    ] {
        let opened = open(&both, &to(recipients)).unwrap_or_else(|e| panic!("{recipients:?}: {e}"));
        assert_eq!(opened.plaintext, ORDER);
    }
    for recipients in [
        &["-r", "other"][..],
        &["-r", "new"],
        &["-R", "other"],
        &["-R", "new"],
    ] {
        let reason = assert_refused(&old, &to(recipients), "not_for_us");
        assert!(reason.contains("encrypted to"), "{reason}");
    }
    let with_passphrase = gpg.run(&["--passphrase", "x", "--symmetric"], ORDER);
    assert_refused(&old, &with_passphrase, "not_for_us");
}

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
    let trusted_both = self::ring(&gpg, "shop", &["trader", "stranger"]);
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
    let ring = self::ring(&gpg, "shop", &["trader"]);
    let opened =
        open(&ring, &by(&["-u", "trader"])).expect("a signing subkey of a listed key counts");
    assert_eq!(opened.signer_fingerprint, Some(trader));
}

#[test]
fn unsigned_is_refused_with_its_plaintext_apart() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    let unsigned = gpg.run(&["-r", "shop", "-e"], ORDER);
    let refusal = open(&ring, &unsigned).expect_err("unsigned");
    assert_eq!(refusal.code, "unsigned");
    assert!(!format!("{refusal} {refusal:?}").contains("canary"));
    let opened = refusal.into_unsigned().expect("the content is kept");
    assert_eq!(
        (opened.signer_fingerprint.as_deref(), opened.signed_at),
        (None, None)
    );
    assert_eq!(opened.into_plaintext(), ORDER);
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
    let ring = self::ring(&gpg, "shop", &["small"]);
    assert_eq!(ring.warnings().len(), 1, "{:?}", ring.warnings());
    let message = gpg.run(&["-u", "small", "-r", "shop", "-s", "-e"], ORDER);
    assert_refused(&ring, &message, "weak_crypto");
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
        ring.open(&message, received, now, &Limits::default())
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
    assert_eq!(at(late, late).unwrap_err(), "signature_time");
    let hour_before = signed - TimeDelta::hours(1);
    let earlier = hour_before - TimeDelta::seconds(1);
    assert_eq!(at(earlier, earlier).unwrap_err(), "signature_time");
    assert!(at(hour_before, hour_before).is_ok(), "clocks differ");
    let brief = seal(&gpg, &["--default-sig-expire", "1d"]);
    let later = signed + TimeDelta::days(2);
    let refusal = ring
        .open(&brief, later, later, &Limits::default())
        .unwrap_err();
    assert_eq!(refusal.code, "signature_time", "{refusal}");
}

#[test]
fn expired_and_revoked_signers_are_refused() {
    let mut gpg = Gpg::at("20250501T100000");
    gpg.key("shop", "ed25519", "never", "");
    let trader = gpg.key("trader", "ed25519", "40d", "");
    gpg.set_clock("20250609T100000");
    let message = seal(&gpg, &[]);
    let ring = ring(&gpg, "shop", &["trader"]);
    assert!(
        ring.warnings()[0].contains("expires on 2025-06-10"),
        "{:?}",
        ring.warnings()
    );
    let signed: DateTime<Utc> = "2025-06-09T10:00:00Z".parse().unwrap();
    let at = |ring: &Keyring, when| ring.open(&message, when, when, &Limits::default());
    assert!(at(&ring, signed).is_ok());
    let refusal = at(&ring, signed + TimeDelta::days(3)).expect_err("dated back, or late");
    assert_eq!(refusal.code, "signer_key_invalid", "{refusal}");
    assert!(refusal.reason.contains("expired on 2025-06-10") && refusal.reason.contains(&trader));

    gpg.revoke(&trader);
    let ring = self::ring(&gpg, "shop", &["trader"]);
    assert!(
        ring.warnings().iter().any(|w| w.contains("revoked")),
        "{:?}",
        ring.warnings()
    );
    let refusal = at(&ring, signed).expect_err("revoked");
    assert_eq!(refusal.code, "signer_key_invalid", "{refusal}");
    assert!(
        refusal.reason.contains("revoked on 2025-05-01"),
        "{refusal}"
    );
}

#[test]
fn every_damaged_message_is_refused() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    for options in [&["-z0"][..], &["--compress-algo", "zlib"]] {
        let message = seal(&gpg, options);
        for place in 0..message.len() {
            for bit in [0, 3, 7] {
                let mut damaged = message.clone();
                damaged[place] ^= 1 << bit;
                let result = open(&ring, &damaged);
                assert!(
                    result.is_err(),
                    "byte {place} of {}, bit {bit}: opened",
                    message.len()
                );
            }
        }
        for length in 0..message.len() {
            assert!(open(&ring, &message[..length]).is_err(), "cut at {length}");
        }
        assert!(
            open(&ring, &[&message[..], b"x"].concat()).is_err(),
            "something after the end"
        );
        assert!(
            open(&ring, &[&message[..], &message[..]].concat()).is_err(),
            "twice"
        );
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
    let reason = assert_refused(&ring, &seal(&zeros, &[]), "too_large");
    assert!(reason.contains("100 times"), "{reason}");
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

    let limits = Limits {
        time: std::time::Duration::ZERO,
        ..Limits::default()
    };
    let refusal = ring
        .open(&seal(ORDER, &[]), now(), now(), &limits)
        .unwrap_err();
    assert_eq!(refusal.code, "too_large");
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

#[test]
fn keys_made_here_work_here_and_in_gpg() {
    let created = "2025-06-01T00:00:00Z".parse().unwrap();
    for kind in [KeyKind::Cv25519, KeyKind::Rsa3072] {
        let shop = make::KeyPair::generate("Shop <o@shop.example>", kind, created).unwrap();
        let webshop = make::KeyPair::generate("Web Shop <w@shop.example>", kind, created).unwrap();
        let passphrase = SecretString::from("open sesame");
        let locked = shop.secret_armoured(Some(&passphrase)).unwrap();
        let public = webshop.public_armoured().unwrap();
        assert!(
            Keyring::load(&[("s", &locked)], &[("w", &public)], &[], now()).is_err(),
            "locked"
        );
        let ring =
            Keyring::load(&[("s", &locked)], &[("w", &public)], &[passphrase], now()).unwrap();
        assert!(ring.warnings().is_empty(), "{:?}", ring.warnings());
        let entity = make::json_entity("{\"name\": \"César\"}");
        let sealed = make::seal(&entity, &webshop, &[&shop], now()).unwrap();
        let opened = open(&ring, &sealed).expect("opens");
        assert_eq!(opened.signer_fingerprint, Some(webshop.fingerprint()));
        assert_eq!(
            mime::document(&opened.plaintext).unwrap().trim_end(),
            "{\"name\": \"César\"}"
        );

        let gpg = Gpg::at(CLOCK);
        gpg.run(&["--passphrase", "open sesame", "--import"], &locked);
        gpg.run(&["--import"], &webshop.secret_armoured(None).unwrap());
        let opened = gpg.run(&["--passphrase", "open sesame", "--decrypt"], &sealed);
        assert_eq!(opened, entity);
        let sealed = gpg.run(
            &["-u", "w@shop.example", "-r", "o@shop.example", "-s", "-e"],
            ORDER,
        );
        assert_eq!(open(&ring, &sealed).expect("opens").plaintext, ORDER);
    }
}

#[test]
fn key_files_that_are_none_say_so() {
    let gpg = Gpg::at(CLOCK);
    gpg.key("shop", "ed25519", "never", "");
    let (secret, public) = (gpg.secret("shop", ""), gpg.public("shop"));
    let load = |secret: &[u8], signer: &[u8]| {
        Keyring::load(&[("a.asc", secret)], &[("b.asc", signer)], &[], now())
            .map(|ring| ring.warnings().to_vec())
    };
    assert_eq!(load(&secret, &public), Ok(vec![]));
    for (secret, signer, part) in [
        (&b""[..], &public[..], "a.asc: "),
        (b"hello", &public, "a.asc: "),
        (&public, &public, "only the public half"),
        (&secret, b"", "b.asc: "),
    ] {
        let error = load(secret, signer).expect_err(part).to_string();
        assert!(error.contains(part), "{error}");
    }
    assert!(load(&secret, &secret).unwrap()[0].contains("secret key of a signer"));
}

#[test]
fn messages_with_aead_open() {
    use pgp::cert::prelude::*;
    use pgp::serialize::SerializeInto;
    use sequoia_openpgp as pgp;
    let created = now() - TimeDelta::days(1);
    let (cert, _) = CertBuilder::general_purpose(Some("shop"))
        .set_creation_time(std::time::SystemTime::from(created))
        .generate()
        .unwrap();
    let secret = cert.as_tsk().armored().to_vec().unwrap();
    let signer = make::KeyPair::generate("trader", KeyKind::Cv25519, created).unwrap();
    let ring = Keyring::load(
        &[("s", &secret)],
        &[("w", &signer.public_armoured().unwrap())],
        &[],
        now(),
    )
    .unwrap();
    let recipient = make::KeyPair::read(&secret).unwrap();
    let sealed = make::seal(ORDER, &signer, &[&recipient], now()).unwrap();
    assert_eq!(open(&ring, &sealed).expect("opens").plaintext, ORDER);
    let mut binary = Vec::new();
    let mut reader = pgp::armor::Reader::from_bytes(&sealed, None);
    std::io::Read::read_to_end(&mut reader, &mut binary).unwrap();
    for place in 0..binary.len() {
        let mut damaged = binary.clone();
        damaged[place] ^= 0x80;
        assert!(open(&ring, &damaged).is_err(), "byte {place}");
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
