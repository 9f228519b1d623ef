//! Shapes in which mail programs wrap what they sign and encrypt, made by a real GnuPG.

use crate::support::gpg::Gpg;
use crate::support::lab::*;
use poms::intake::mime::{self, Content};
use poms::intake::openpgp::{Keyring, OpenpgpLimits, make};
use sequoia_openpgp as pgp;
use std::io::Write;

use pgp::Cert;
use pgp::parse::Parse;
use pgp::policy::StandardPolicy;
use pgp::serialize::stream::{Encryptor, LiteralWriter, Message, Signer};

const ENTITY: &str = "Content-Type: application/json; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
    {\"order_number\": \"W200001\",  \r\n \"comments\": \"canary-7f3a\"}\r\n";

/// multipart/signed around an entity, as Thunderbird signs before it encrypts: with this signature.
fn signed(entity: &str, signature: &[u8]) -> Vec<u8> {
    let signature = String::from_utf8_lossy(signature)
        .replace("\r\n", "\n")
        .replace('\n', "\r\n");
    format!(
        "Content-Type: multipart/signed; micalg=pgp-sha512;\r\n protocol=\"application/pgp-signature\";\r\n boundary=\"in\"\r\n\
         \r\nThis is an OpenPGP/MIME signed message\r\n--in\r\n{entity}\r\n--in\r\n\
         Content-Type: application/pgp-signature; name=\"OpenPGP_signature.asc\"\r\n\r\n{signature}\r\n--in--\r\n"
    )
    .into_bytes()
}

fn detached(gpg: &Gpg, by: &str, entity: &str, options: &[&str]) -> Vec<u8> {
    let usual = ["-u", by, "--armor", "--detach-sign"];
    gpg.run(&[options, &usual[..]].concat(), entity.as_bytes())
}

fn encrypted(gpg: &Gpg, entity: &[u8]) -> Vec<u8> {
    gpg.run(&["--armor", "-r", "shop", "--encrypt"], entity)
}

#[test]
fn a_signature_inside_the_encryption_counts_over_its_very_bytes() {
    let Lab { gpg, ring, trader } = lab("ed25519");
    let signature = detached(&gpg, "trader", ENTITY, &[]);
    let whole = signed(ENTITY, &signature);
    let lf: Vec<u8> = whole
        .iter()
        .copied()
        .filter(|byte| *byte != b'\r')
        .collect();
    for entity in [&whole, &lf] {
        let opened = open(&ring, &encrypted(&gpg, entity)).expect("a trusted signature");
        assert_eq!(opened.signer_fingerprint.as_deref(), Some(trader.as_str()));
        assert_eq!(opened.plaintext, ENTITY.as_bytes());
        assert_eq!(
            opened.signed_at,
            Some("2025-06-02T10:00:00Z".parse().unwrap())
        );
        let document = mime::document(&opened.plaintext, &Default::default()).expect("the order");
        let text = document.text().expect("text");
        assert!(text.contains("W200001"), "{text}");
    }
    let mut seen = Vec::new();
    for (at, byte) in ENTITY
        .bytes()
        .enumerate()
        .filter(|(_, byte)| !byte.is_ascii_whitespace())
    {
        let mut changed = ENTITY.as_bytes().to_vec();
        changed[at] = byte ^ 1;
        let changed = signed(&String::from_utf8(changed).unwrap(), &signature);
        if at % 9 == 0 {
            seen.push(assert_refused(
                &ring,
                &encrypted(&gpg, &changed),
                "bad_signature",
            ));
        }
    }
    assert!(seen.len() > 10);
}

#[test]
fn a_signature_inside_that_does_not_count_is_refused_with_its_reason() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    gpg.key("stranger", "ed25519", "never", "");
    let stranger = gpg.fingerprint("stranger");
    let by = |signature: &[u8]| encrypted(&gpg, &signed(ENTITY, signature));
    let reason = assert_refused(
        &ring,
        &by(&detached(&gpg, "stranger", ENTITY, &[])),
        "untrusted_signer",
    );
    assert!(reason.contains(&stranger), "{reason}");
    let two = detached(&gpg, "trader", ENTITY, &["-u", "stranger"]);
    assert_refused(&ring, &by(&two), "untrusted_signer");
    let sha1 = detached(
        &gpg,
        "trader",
        ENTITY,
        &["--digest-algo", "SHA1", "--allow-weak-digest-algos"],
    );
    assert_refused(&ring, &by(&sha1), "weak_crypto");
    assert_refused(&ring, &by(b"no signature"), "bad_signature");
    // text beside the signed part, and a cut
    let whole = String::from_utf8(signed(ENTITY, &detached(&gpg, "trader", ENTITY, &[]))).unwrap();
    for broken in [
        whole.replace(
            "--in\r\nContent-Type: application/pgp",
            "--in\r\n\r\nmore\r\n--in\r\nContent-Type: application/pgp",
        ),
        whole.replace("--in--", ""),
    ] {
        let reason = assert_refused(&ring, &encrypted(&gpg, broken.as_bytes()), "bad_signature");
        assert!(reason.contains("multipart/signed"), "{reason}");
    }
    let fine = encrypted(&gpg, whole.as_bytes());
    assert!(open(&ring, &fine).is_ok());
    let later = now() + chrono::TimeDelta::days(20);
    let refused = ring.open(&fine, later, later, &OpenpgpLimits::default());
    assert_eq!(
        refused.expect_err("too old").code.as_str(),
        "signature_time"
    );
}

#[test]
fn a_mark_before_the_armour_and_html_around_it_are_read() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    let armour = String::from_utf8(seal(&gpg, &["-a"])).unwrap();
    let escaped = armour.replace('+', "&#43;").replace('=', "&#61;");
    let html = |body: &str| {
        (
            "text/html",
            format!("<html><head></head><body>{body}</body></html>"),
        )
    };
    for (kind, body) in [
        ("text/plain", format!("\u{feff}{armour}")),
        ("text/plain", format!("\n\u{feff}\n{armour}\u{feff}\n")),
        html(&format!("<pre>{armour}</pre>")),
        html(&format!("<div class=\"x\"><pre>\n{escaped}</pre></div>")),
        html(&armour.trim_end().replace('\n', "<br>\n")),
        html(&format!(
            "<p>{}</p>",
            armour.trim_end().replace('\n', "<br/>")
        )),
    ] {
        let mail = mail_with(
            &format!("Content-Type: {kind}; charset=utf-8\r\n"),
            body.as_bytes(),
        );
        let opened = open(&ring, &sealed_in(&mail)).unwrap_or_else(|e| panic!("{body}: {e}"));
        assert_eq!(opened.plaintext, ORDER);
    }
    for body in [
        format!("<p>Hello</p><pre>{armour}</pre>"),
        format!("<style>p {{}}</style><pre>{armour}</pre>"),
        format!("<pre>{armour}</pre><pre>{armour}</pre>"),
        format!("<pre>{armour}</pre>{{\"order_number\": 1}}"),
    ] {
        let mail = mail_with("Content-Type: text/html\r\n", body.as_bytes());
        let refused = mime::find(&mail, &Default::default()).expect_err("text beside it");
        assert_eq!(refused.code.as_str(), "mixed_content", "{body}");
    }
    let mail = mail_with("Content-Type: text/html\r\n", b"<p>see -----BEGIN PGP</p>");
    assert!(matches!(
        mime::find(&mail, &Default::default()),
        Ok(Content::Other)
    ));
}

#[test]
fn bytes_that_are_none_of_openpgps_are_called_so() {
    let Lab { gpg, ring, .. } = lab("ed25519");
    for content in [
        &b"{\"order_number\": \"W200001\", \"comments\": \"canary\"}"[..],
        b"hello canary",
        &[0xff; 60],
        &[0xc2; 40],
    ] {
        let sealed = gpg.run(&["-a", "-z0", "--no-literal", "-r", "shop", "-e"], content);
        let reason = assert_refused(&ring, &sealed, "unreadable_message");
        assert!(!reason.contains("safe"), "{reason}");
    }
}

fn key(user: &str) -> make::KeyPair {
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    make::KeyPair::generate(user, make::KeyKind::Cv25519, made).unwrap()
}

fn cert(key: &make::KeyPair) -> Cert {
    Cert::from_bytes(&key.secret_armoured(None).unwrap()).unwrap()
}

fn signer<'a>(message: Message<'a>, by: &make::KeyPair, meant_for: &make::KeyPair) -> Signer<'a> {
    let (policy, moment) = (StandardPolicy::new(), std::time::SystemTime::from(now()));
    let cert_of = cert(by);
    let keys = cert_of.keys().unencrypted_secret();
    let mut keys = keys.with_policy(&policy, moment).for_signing();
    let pair = keys.next().unwrap().key().clone().into_keypair().unwrap();
    let signer = Signer::new(message, pair).unwrap().creation_time(moment);
    signer.add_intended_recipient(&cert(meant_for))
}

/// multipart/signed whose signature names this recipient.
fn signed_for(by: &make::KeyPair, meant_for: &make::KeyPair) -> Vec<u8> {
    let mut signature = Vec::new();
    let signer = signer(Message::new(&mut signature), by, meant_for);
    let mut writer = signer.detached().build().unwrap();
    writer.write_all(ENTITY.as_bytes()).unwrap();
    writer.finalize().unwrap();
    let encoded = format!(
        "\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        base64(&signature)
    );
    let text = String::from_utf8(signed(ENTITY, b"SIG")).unwrap();
    text.replace("\r\n\r\nSIG", &encoded).into_bytes()
}

#[test]
fn what_is_signed_for_another_recipient_is_refused_where_the_signature_says_so() {
    let [shop, trader, other] = ["shop", "trader", "other"].map(key);
    let (secret, public) = (
        shop.secret_armoured(None).unwrap(),
        trader.public_armoured().unwrap(),
    );
    let ring = Keyring::load(&[("s", &secret)], &[("t", &public)], &[], now()).unwrap();
    let (policy, moment) = (StandardPolicy::new(), std::time::SystemTime::from(now()));
    let shops = cert(&shop);
    for (named, inner, wanted) in [
        (&shop, false, true),
        (&other, false, false),
        (&shop, true, true),
        (&other, true, false),
    ] {
        let keys = shops.keys().with_policy(&policy, moment);
        let mut sealed = Vec::new();
        let message = Message::new(&mut sealed);
        let message = Encryptor::for_recipients(message, keys.for_transport_encryption());
        let mut writer = message.build().unwrap();
        let content = match inner {
            true => signed_for(&trader, named),
            false => {
                writer = signer(writer, &trader, named).build().unwrap();
                ENTITY.as_bytes().to_vec()
            }
        };
        let mut writer = LiteralWriter::new(writer).build().unwrap();
        writer.write_all(&content).unwrap();
        writer.finalize().unwrap();
        match wanted {
            true => drop(open(&ring, &sealed).unwrap_or_else(|e| panic!("{inner}: {e}"))),
            false => drop(assert_refused(&ring, &sealed, "bad_signature")),
        }
    }
}
