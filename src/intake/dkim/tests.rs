use super::*;
use proptest::prelude::*;

fn read(head: &str, value: Option<&str>) -> Signed {
    let raw = format!("{head}\r\nHello\r\n");
    let passed = [Passed {
        domain: "acme.example".to_owned(),
        value: value.map(str::to_owned),
    }];
    let fields = head::fields(raw.as_bytes());
    let mut found = signed(raw.as_bytes(), &fields, &passed);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

const HEAD: &str = "From: a@acme.example\r\nSubject: x\r\nMessage-ID: <1@a>\r\n";

fn with(signature: &str) -> String {
    format!("DKIM-Signature: v=1; a=rsa-sha256; {signature}\r\n{HEAD}")
}

#[test]
fn fields_count_that_the_signature_names_and_that_stand_once() {
    let good =
        with("d=Acme.example; s=s1;\r\n\th=From:Subject : to;\r\n\tb=QUJD\r\n REVG; bh=eA==");
    let found = read(&good, None);
    assert!(found.covers("from") && found.covers("subject"));
    assert!(!found.covers("message-id"), "it is not named");
    assert!(!found.covers("to"), "it is not there");
    assert_eq!(
        read(&good, Some("QUJDRE")),
        found,
        "the value that our server tells"
    );
    for doubled in ["Subject: y\r\n", "subject : y\r\n", "X: z\rSubject: y\r\n"] {
        let found = read(&format!("{doubled}{good}"), None);
        assert!(!found.covers("subject"), "{doubled}");
        assert!(found.covers("from"), "{doubled}");
    }
}

#[test]
fn nothing_counts_where_it_is_not_certain_what_passed() {
    for (head, value) in [
        (with("d=acme.example; h=from:subject; l=20; b=QUJD"), None),
        (with("d=acme.example; h=subject; b=QUJD"), None),
        (with("d=acme.example; d=acme.example; h=from; b=QUJD"), None),
        (with("d=evil.example; h=from:subject; b=QUJD"), None),
        (with("d=acme.example; h=from:subject; b=QUJD"), Some("RUZH")),
        (
            format!("DKIM-Signature : d=acme.example; h=from; b=QUJD\r\n{HEAD}"),
            None,
        ),
        (
            format!("X: a\rDKIM-Signature: d=acme.example; h=from; b=QUJD\r\n{HEAD}"),
            None,
        ),
        (
            format!(
                "DKIM-Signature : x\r\n{}",
                with("d=acme.example; h=from; b=QUJD")
            ),
            None,
        ),
    ] {
        let found = read(&head, value);
        assert!(
            matches!(found.cover, Cover::Nothing(_)),
            "{head}: {found:?}"
        );
    }
    let hidden = read(HEAD, None);
    assert_eq!(hidden.cover, Cover::Hidden);
    assert!(hidden.covers("subject") && !hidden.covers("in-reply-to"));
}

#[test]
fn of_two_signatures_only_what_both_cover_counts() {
    let both = format!(
        "DKIM-Signature: d=acme.example; h=from:in-reply-to; b=AAAA\r\nIn-Reply-To: <2@b>\r\n{}",
        with("d=acme.example; h=from:subject; b=QUJD; t=1748858400")
    );
    let found = read(&both, None);
    assert!(!found.covers("in-reply-to") && !found.covers("subject"));
    assert_eq!(found.values.len(), 2);
    let told = read(&both, Some("QUJD"));
    assert!(told.covers("subject") && !told.covers("in-reply-to"));
    assert!(found.values.contains(&told.values[0]));
    assert_eq!(told.at.map(|at| at.timestamp()), Some(1_748_858_400));
}

#[test]
fn the_text_is_the_same_however_its_blanks_are_changed() {
    let one = body_digest(b"A: b\r\n\r\nwe  ship\t today \r\n\r\nbye\r\n\r\n");
    assert_eq!(one, body_digest(b"A: c\nB: d\n\nwe ship today\n\nbye"));
    assert_ne!(one, body_digest(b"A: b\n\nwe ship\ntoday\n\nbye"));
}

proptest! {
    #[test]
    fn any_signature_is_read_without_a_panic(text in "[-a-z=;: \\t./@+\r\n\u{e9}]{0,80}") {
        read(&format!("DKIM-Signature: d=acme.example; {text}\r\n"), None);
        body_digest(text.as_bytes());
    }
}
