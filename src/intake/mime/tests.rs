//! Which mails are one sealed object, which are mixed, which are too large.

use super::*;
use crate::domain::codes::Code;

const SEALED: &str = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n-----END PGP MESSAGE-----\r\n";

fn mail(content_type: &str, body: &str) -> Vec<u8> {
    format!("From: a@b.example\r\nSubject: s\r\nContent-Type: {content_type}\r\n\r\n{body}")
        .into_bytes()
}

fn multipart(kind: &str, parts: &[&str]) -> String {
    let parts: String = parts
        .iter()
        .map(|part| format!("--b\r\n{part}\r\n"))
        .collect();
    format!("Content-Type: multipart/{kind}; boundary=\"b\"\r\n\r\n{parts}--b--\r\n")
}

fn with_parts(kind: &str, parts: &[&str]) -> Vec<u8> {
    format!("From: a@b.example\r\n{}", multipart(kind, parts)).into_bytes()
}

/// The same for mails as they travel and as a Maildir keeps them.
fn outcome(raw: &[u8]) -> String {
    let travelling = String::from_utf8(raw.to_vec()).expect("text");
    let stored = travelling.replace("\r\n", "\n");
    let outcome = outcome_of(raw);
    assert_eq!(outcome_of(stored.as_bytes()), outcome, "{stored}");
    outcome
}

fn outcome_of(raw: &[u8]) -> String {
    match find(raw, &Default::default()) {
        Ok(Content::Pgp(bytes)) => {
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            assert_eq!(text.trim(), SEALED.replace("\r\n", "\n").trim());
            "pgp".into()
        }
        Ok(Content::PlainOrder(_)) => "plain order".into(),
        Ok(Content::Other) => "other".into(),
        Err(refusal) => refusal.code.to_string(),
    }
}

const VERSION: &str = "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n";
const NOTE: &str = "Content-Type: text/plain\r\n\r\nplease hurry\r\n";
const BLANK: &str = "Content-Type: text/plain\r\n\r\n \r\n\t\r\n";
const JSON: &str = "Content-Type: application/json\r\n\r\n{\"order_number\": \"1\"}\r\n";

fn part(content_type: &str) -> String {
    format!("Content-Type: {content_type}\r\n\r\n{SEALED}")
}

#[test]
fn one_sealed_object_is_found_however_it_is_packed() {
    let data = part("application/octet-stream; name=encrypted.asc");
    let attached = part("text/plain; name=order.asc");
    let inner = multipart("mixed", &[BLANK, &attached]);
    for raw in [
        with_parts(
            "encrypted; protocol=\"application/pgp-encrypted\"",
            &[VERSION, &data],
        ),
        with_parts("Encrypted", &[VERSION, &part("application/octet-stream")]),
        with_parts(
            "encrypted",
            &[&VERSION.replace(": 1", ":1\r\nComment: x"), &data],
        ),
        with_parts("mixed", &[BLANK, VERSION, &data]),
        with_parts("mixed", &[BLANK, &attached]),
        with_parts("mixed", &[&attached]),
        with_parts(
            "mixed",
            &[&inner.replace("\"b\"", "c").replace("--b", "--c")],
        ),
        mail("text/plain", SEALED),
        mail(
            "text/plain; charset=utf-8",
            &format!("\r\n\r\n{SEALED}\r\n\r\n"),
        ),
        mail("application/pgp", SEALED),
        format!("Subject: s\r\n\r\n{SEALED}").into_bytes(),
    ] {
        assert_eq!(outcome(&raw), "pgp", "{}", String::from_utf8_lossy(&raw));
    }
}

#[test]
fn anything_beside_the_sealed_object_is_mixed_content() {
    let data = part("application/octet-stream; name=encrypted.asc");
    let html = "Content-Type: text/html\r\n\r\n<img src=\"http://evil.example/";
    let footer = "Content-Type: text/plain\r\n\r\n____\r\nlist@example mailing list\r\n";
    let encrypted = multipart("encrypted", &[VERSION, &data]).replace("b", "c");
    let twice = part("text/plain; name=a.asc\r\nContent-Type: text/html");
    let epilogue = [
        with_parts("encrypted", &[VERSION, &data]),
        b"more text\r\n".to_vec(),
    ]
    .concat();
    let forwarded = format!("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n{SEALED}");
    for raw in [
        with_parts("mixed", &[NOTE, &data]),
        with_parts(
            "mixed",
            &[html, &data, "Content-Type: text/html\r\n\r\n\">"],
        ),
        with_parts("mixed", &[&encrypted, footer]),
        with_parts("mixed", &[&data, &data]),
        with_parts("mixed", &[JSON, &data]),
        with_parts("encrypted", &[VERSION, &data, NOTE]),
        with_parts("mixed", &[&twice]),
        with_parts("mixed", &[NOTE, &forwarded]),
        epilogue,
        mail("text/plain", &format!("Hello,\r\n{SEALED}")),
        mail("text/plain", &format!("{SEALED}-- \r\nlist footer\r\n")),
        mail("text/plain", &format!("{SEALED}{SEALED}")),
        mail("text/html", &format!("<p>Hello</p><pre>{SEALED}</pre>")),
    ] {
        assert_eq!(
            outcome(&raw),
            "mixed_content",
            "{}",
            String::from_utf8_lossy(&raw)
        );
    }
}

#[test]
fn without_a_sealed_object_only_json_is_for_the_order_desk() {
    let key = "Content-Type: application/pgp-keys; name=key.asc\r\n\r\n-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n";
    let signature = "Content-Type: application/pgp-signature; name=s.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n";
    let bounced = format!("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n{SEALED}");
    for (raw, expected) in [
        (
            mail("text/plain", "{\"order_number\": \"1\"}"),
            "plain order",
        ),
        (
            mail("application/json", "{\"order_number\": "),
            "plain order",
        ),
        (with_parts("mixed", &[NOTE, JSON]), "plain order"),
        (with_parts("mixed", &[JSON, JSON]), "mixed_content"),
        (with_parts("signed", &[JSON, signature]), "not_for_us"),
        (with_parts("signed", &[NOTE, signature]), "other"),
        (with_parts("mixed", &[NOTE, key]), "other"),
        (with_parts("report", &[NOTE, &bounced]), "other"),
        (
            mail("text/plain", "> -----BEGIN PGP MESSAGE-----\r\n"),
            "other",
        ),
        (mail("text/html", "<p>hello"), "other"),
        (with_parts("encrypted", &[VERSION]), "unreadable_message"),
        (b"".to_vec(), "unreadable_message"),
    ] {
        assert_eq!(outcome(&raw), expected, "{}", String::from_utf8_lossy(&raw));
    }
}

#[test]
fn huge_structures_are_refused_before_they_are_built() {
    let nested = |levels: usize| {
        let open: String = (0..levels)
            .map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}x\r\n\r\n--b{i}x\r\n"))
            .collect();
        format!("{open}\r\ntext")
    };
    let mails = |levels: usize| {
        "Content-Type: message/rfc822\r\n\r\n".repeat(levels) + "Subject: x\r\n\r\ny"
    };
    let parts = |count: usize| {
        format!(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}",
            "--b\r\n\r\n".repeat(count)
        )
    };
    let headers = |bytes: usize| format!("X: {}\r\n\r\nbody", "y".repeat(bytes));
    let many_headers = "a:\n".repeat(8 << 20);
    let inner_headers = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{}\r\n",
        "a:\n".repeat(50_000)
    );
    let blocks = format!("--b\r\nX: {}\r\n\r\n", "y".repeat(90 << 10)).repeat(12);
    let all_headers = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{blocks}");
    let missing = "--b\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\nx\r\n".repeat(900);
    let slow = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n{missing}{}",
        "z".repeat(20 << 20)
    );
    for (raw, fits) in [
        (nested(90), true),
        (nested(101), false),
        (mails(90), true),
        (mails(101), false),
        (mails(200_000), false),
        (parts(900), true),
        (parts(1001), false),
        (parts(3_000_000), false),
        (headers(100 << 10), false),
        (headers(99 << 10), true),
        (many_headers, false),
        (inner_headers, false),
        (all_headers, false),
        (slow, false),
        (format!("Subject: s\r\n\r\n{}", "x".repeat(24 << 20)), true),
        (format!("Subject: s\r\n\r\n{}", "x".repeat(25 << 20)), false),
    ] {
        let start = raw[..raw.len().min(60)].to_string();
        match find(raw.as_bytes(), &Default::default()) {
            Ok(_) => assert!(fits, "{start}"),
            Err(refusal) => assert!(
                !fits && refusal.code == Code::TooLarge,
                "{refusal}: {start}"
            ),
        }
    }
}

fn entity(headers: &str, body: &[u8]) -> Vec<u8> {
    [format!("{headers}\r\n\r\n").as_bytes(), body].concat()
}

/// The text of the one document in what was decrypted.
fn text_of(plaintext: &[u8]) -> Result<String, Refusal> {
    let found = document(plaintext, &Default::default())?;
    Ok(found.text()?.into_owned())
}

#[test]
fn the_document_is_decoded_to_utf_8() {
    let text = "{\"name\": \"César Muñoz\"}";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let (le, be): (Vec<u8>, Vec<u8>) = (
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    );
    let base64 = openssl::base64::encode_block(text.as_bytes());
    let base64_latin = openssl::base64::encode_block(&latin);
    let base64_be = openssl::base64::encode_block(&be);
    let alternatives = multipart(
        "mixed",
        &[
            NOTE,
            &format!("Content-Type: application/json\r\n\r\n{text}"),
        ],
    );
    for plaintext in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [b"\xff\xfe", &le[..]].concat(),
        [b"\xfe\xff", &be[..]].concat(),
        le,
        be,
        entity("Content-Type: application/json", text.as_bytes()),
        entity("Content-Type: text/plain; charset=utf-8", text.as_bytes()),
        entity("Content-Type: text/plain; charset=iso-8859-1", &latin),
        entity(
            "Content-Type: application/json; charset=ISO-8859-1\r\nContent-Transfer-Encoding: base64",
            base64_latin.as_bytes(),
        ),
        entity(
            "Content-Type: application/json\r\nContent-Transfer-Encoding: BASE64",
            base64.as_bytes(),
        ),
        entity(
            "Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64",
            base64_be.as_bytes(),
        ),
        entity(
            "Content-Type: application/json\r\nContent-Transfer-Encoding: quoted-printable",
            b"{\"name\": \"C=C3=A9sar =\r\nMu=C3=B1oz\"}",
        ),
        entity(
            "Content-Type: application/octet-stream; name=order.json",
            text.as_bytes(),
        ),
        alternatives.into_bytes(),
    ] {
        let shown = String::from_utf8_lossy(&plaintext).into_owned();
        assert_eq!(
            text_of(&plaintext)
                .unwrap_or_else(|e| panic!("{e}: {shown}"))
                .trim_end(),
            text,
            "{shown}"
        );
    }
}

#[test]
fn a_false_label_does_not_spoil_a_name() {
    let text = "{\"name\": \"C\u{e9}sar\"}";
    let labelled = entity(
        "Content-Type: application/json; charset=iso-8859-1",
        text.as_bytes(),
    );
    assert_eq!(text_of(&labelled).unwrap().trim_end(), text);
}

#[test]
fn text_that_is_no_json_is_left_to_the_formats() {
    assert_eq!(text_of(b"hello").expect("text"), "hello");
}

#[test]
fn a_document_that_is_not_one_is_refused() {
    let two = multipart("mixed", &[JSON, JSON]);
    let two_texts = multipart("mixed", &[NOTE, NOTE]);
    let none = multipart("mixed", &["Content-Type: image/png\r\n\r\nx"]);
    for (plaintext, code) in [
        (two.into_bytes(), Code::MixedContent),
        (two_texts.into_bytes(), Code::MixedContent),
        (none.into_bytes(), Code::UnknownFormat),
        (
            b"{\"name\": \"C\xe9sar\"}".to_vec(),
            Code::UnreadableMessage,
        ),
        (
            entity("Content-Type: application/json; charset=klingon", b"{}"),
            Code::UnreadableMessage,
        ),
        (
            entity(
                "Content-Type: application/json\r\nContent-Transfer-Encoding: base64",
                b"{\"a\": 1}",
            ),
            Code::UnreadableMessage,
        ),
    ] {
        let refusal = text_of(&plaintext).expect_err(code.as_str());
        assert_eq!(refusal.code, code, "{refusal}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let _ = find(&noise, &Default::default());
        let _ = text_of(&noise);
    }

    #[test]
    fn no_mail_shaped_text_makes_it_panic(
        lines in proptest::collection::vec(proptest::sample::select(vec![
            "Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/digest; boundary=bb",
            "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "--b", "--b--", "--bb", "--bb--",
            "", " ", "U3ViamVjdDogeAoKeQ==", "{}", "-----BEGIN PGP MESSAGE-----", "Content-Type: text/plain; charset=utf-16",
            "Content-Transfer-Encoding: quoted-printable", "=C3=A9=", "-----END PGP MESSAGE-----", "\u{e9}", "a: b",
        ]), 0..40))
    {
        for end in ["\n", "\r\n"] {
            let text = lines.join(end);
            let _ = find(text.as_bytes(), &Default::default());
            let _ = text_of(text.as_bytes());
            // the scan walks as the parser does: it counts every part that the parser makes
            if let Ok(mail) = parse(text.as_bytes()) {
                proptest::prop_assert!(count(&mail) <= limits::parts_seen(text.as_bytes()));
            }
        }
    }
}

fn count(mail: &Message<'_>) -> usize {
    mail.parts
        .iter()
        .map(|part| 1 + part.message().map_or(0, count))
        .sum()
}

#[test]
fn what_is_shown_as_nothing_and_a_second_version_of_the_same_are_nothing_beside_it() {
    let plain = part("text/plain; charset=utf-8");
    let rich = format!("Content-Type: text/html\r\n\r\n<pre>{SEALED}</pre>\r\n");
    for raw in [
        mail("text/plain", &format!("\u{a0}\r\n{SEALED}\u{200b}\r\n")),
        mail("text/plain", &format!("\u{feff}{SEALED}\u{2060}\u{200d}")),
        with_parts("alternative", &[&plain, &plain]),
        with_parts("alternative", &[&plain, &rich]),
    ] {
        assert_eq!(outcome(&raw), "pgp", "{}", String::from_utf8_lossy(&raw));
    }
    let other = plain.replace("hQEMA0", "hQEMA1");
    for raw in [
        with_parts("alternative", &[&plain, &other]),
        with_parts("alternative", &[&plain, &plain, NOTE]),
        mail("text/plain", &format!("\u{a0}x\r\n{SEALED}")),
    ] {
        assert_eq!(outcome(&raw), "mixed_content");
    }
    let attached = format!("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n{SEALED}");
    let raw = with_parts("mixed", &[BLANK, &attached]);
    let refusal = find(&raw, &Default::default()).unwrap_err();
    assert!(
        refusal.reason.contains("is attached to this one"),
        "{refusal:?}"
    );
}
