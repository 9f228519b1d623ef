//! What poms opens, made by a real GnuPG.

mod inside;
mod refused;

use crate::support::gpg::Gpg;
use crate::support::lab::*;
use chrono::TimeDelta;
use poms::intake::mime;
use poms::intake::openpgp::Keyring;
use poms::intake::openpgp::make::{self, KeyKind};
use secrecy::SecretString;

#[test]
fn opens_every_usual_kind_of_message() {
    for algorithm in ["rsa3072", "ed25519"] {
        let Lab { gpg, ring, trader } = lab(algorithm);
        for options in [
            &["-a"][..],
            &["-a", "-z0"],
            &["-a", "--compress-algo", "zip"],
            &["-a", "--compress-algo", "zlib"],
            &["-a", "--compress-algo", "bzip2"],
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
fn unsigned_is_refused_with_its_plaintext_apart() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    let unsigned = gpg.run(&["-r", "shop", "-e"], ORDER);
    let refusal = open(&ring, &unsigned).expect_err("unsigned");
    assert_eq!(refusal.code.as_str(), "unsigned");
    assert!(!format!("{refusal} {refusal:?}").contains("canary"));
    let opened = refusal.into_unsigned().expect("the content is kept");
    assert_eq!(
        (opened.signer_fingerprint.as_deref(), opened.signed_at),
        (None, None)
    );
    assert_eq!(opened.into_plaintext(), ORDER);
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
            mime::document(&opened.plaintext, &Default::default())
                .unwrap()
                .text()
                .unwrap()
                .trim_end(),
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
    gpg.key("second", "ed25519", "never", "");
    let two = [&public[..], &gpg.public("second")].concat();
    let ring = Keyring::load(&[("a", &secret)], &[("b", &two)], &[], now()).expect("keys load");
    assert_eq!(
        ring.trusted_signers().len(),
        2,
        "blocks one after the other in one file"
    );
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
