use super::*;
use proptest::prelude::*;
use zeroize::Zeroizing;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn mail(head: &str) -> Inbound {
    read(
        format!("{head}\r\n\r\nHello\r\n").as_bytes(),
        &Marks::default(),
        NOW,
        NOW,
    )
    .unwrap()
}

#[test]
fn a_sender_is_one_plain_address_or_nobody() {
    for (from, wanted) in [
        ("From: A@Acme.example", Some("a@acme.example")),
        (
            "From: \"x@evil.example\" <a@acme.example>",
            Some("a@acme.example"),
        ),
        ("From: Dana <a@acme.example>", Some("a@acme.example")),
        ("From: a@acme.example, b@acme.example", None),
        (
            "From: a@acme.example <b@evil.example>",
            Some("b@evil.example"),
        ),
        ("From: <a@acme.example> <b@evil.example>", None),
        ("From: a@acme.example (b@evil.example)", None),
        ("From: Acme: a@acme.example;", None),
        ("From: a@acme.example\r\nFrom: b@evil.example", None),
        ("From: \"a\"@acme.example", None),
        ("From: a@b@acme.example", None),
        ("From: a@acm\u{e9}.example", None),
        ("Sender: a@acme.example", None),
    ] {
        let found = mail(from).from;
        assert!(
            found.as_deref() == wanted || found.is_none(),
            "{from}: {found:?}"
        );
        if !from.contains("> <") {
            assert_eq!(found.as_deref(), wanted, "{from}");
        }
    }
}

#[test]
fn what_it_says_is_taken_apart() {
    let raw = "From: a@acme.example\r\nSubject: Hi\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
        --c\r\n\r\nplain\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>rich\r\n--c--\r\n\
        --b\r\nContent-Type: Text/CSV; name=a.csv\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nYSxi\r\n--b--\r\n";
    let mail = read(raw.as_bytes(), &Marks::default(), NOW, NOW).unwrap();
    assert_eq!(mail.text.as_deref().map(str::trim), Some("plain"));
    assert_eq!(mail.html.as_deref().map(str::trim), Some("<p>rich"));
    let files: Vec<_> = mail
        .files
        .iter()
        .map(|f| (f.name.as_str(), f.mime.as_str(), f.bytes.as_slice()))
        .collect();
    assert_eq!(files, [("a.csv", "text/csv", b"a,b".as_slice())]);
    let only = "Content-Type: text/html\r\n\r\n<p>rich</p>";
    let mail = read(only.as_bytes(), &Marks::default(), NOW, NOW).unwrap();
    assert!(mail.text.is_none() && mail.html.is_some());
    assert_eq!(mail.excerpt(), "rich");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(raw: Vec<u8>, head in "(From|To|Message-ID|Date|Return-Path): [ -~]{0,60}\r\n") {
        let marks = Marks {
            tokens: TokenKeys::new(vec![Zeroizing::new(vec![7; 32])]),
            authserv_id: Some("mx.shop.example".to_owned()),
            ..Marks::default()
        };
        let _ = read(&raw, &marks, NOW, NOW);
        let _ = read(&[head.as_bytes(), &raw].concat(), &marks, NOW, NOW);
        let _ = message_id(&raw);
    }
}
