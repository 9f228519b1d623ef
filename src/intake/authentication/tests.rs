use super::*;
use crate::domain::mail_domain::{aligned, open_to_all};
use proptest::prelude::*;

const US: &str = "mx.shop.example";

fn domains(head: &str) -> Vec<String> {
    let passed = dkim_passed(&head::fields(head.as_bytes()), Some(US));
    passed.into_iter().map(|one| one.domain).collect()
}

#[test]
fn what_servers_really_write_is_read() {
    for (text, wanted) in [
        (
            "mx.shop.example; dkim=pass header.d=acme.example",
            vec!["acme.example"],
        ),
        (
            "MX.shop.example 1; dkim=pass (2048-bit key; unprotected) header.d=Acme.Example header.i=@acme.example header.a=rsa-sha256 header.s=s1 header.b=a1/+=",
            vec!["acme.example"],
        ),
        (
            "mx.shop.example;\r\n\tdkim=pass header.i=@acme.example header.s=google header.b=Ab1;\r\n\tspf=pass (shop: domain of x@acme.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=\"bounce+a=b@acme.example\";\r\n\tdmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=acme.example",
            vec!["acme.example"],
        ),
        (
            "mx.shop.example; dkim=fail (bad signature) header.d=acme.example; dkim=pass reason=\"good; signature\" header.d=lists.example",
            vec!["lists.example"],
        ),
        (
            "mx.shop.example (our server (really)) 1 ; spf=pass smtp.mailfrom=acme.example",
            vec![],
        ),
        ("mx.shop.example; none", vec![]),
        (
            "mx.shop.example; dkim = pass header.d = acme.example",
            vec!["acme.example"],
        ),
        (
            "mx.shop.example; dkim/1=pass header.d=acme.example;",
            vec!["acme.example"],
        ),
    ] {
        assert_eq!(
            domains(&format!("Authentication-Results: {text}\r\n")),
            wanted,
            "{text}"
        );
    }
}

#[test]
fn tricks_prove_nothing() {
    for head in [
        // another server's, and ours only as a part, a comment or a property
        "Authentication-Results: mx.evil.example; dkim=pass header.d=acme.example\r\n",
        "Authentication-Results: mx.shop.example.evil.example; dkim=pass header.d=acme.example\r\n",
        "Authentication-Results: (mx.shop.example) evil.example; dkim=pass header.d=acme.example\r\n",
        "Authentication-Results: evil.example mx.shop.example; dkim=pass header.d=acme.example\r\n",
        // a pass that stands in a comment or a quoted string
        "Authentication-Results: mx.shop.example; dkim=fail (; dkim=pass header.d=acme.example)\r\n",
        "Authentication-Results: mx.shop.example; dkim=fail reason=\"; dkim=pass header.d=acme.example\"\r\n",
        "Authentication-Results: mx.shop.example; dkim=fail (\\) ; dkim=pass header.d=acme.example) header.d=x.example\r\n",
        // two signers in one result, a comment without an end, a result without a domain
        "Authentication-Results: mx.shop.example; dkim=pass header.d=x.example header.d=acme.example\r\n",
        "Authentication-Results: mx.shop.example; dkim=pass (header.d=acme.example\r\n",
        "Authentication-Results: mx.shop.example; dkim=pass\r\n",
        "Authentication-Results: mx.shop.example; dkim=pass header.d=example\r\n",
        "Authentication-Results: mx.shop.example; dkim=pass header.d=\"acme.example>\"\r\n",
        "Authentication-Results: mx.shop.example; xdkim=pass header.d=acme.example\r\n",
        "Authentication-Results: mx.shop.example; dkim=passed header.d=acme.example\r\n",
        "Authentication-Results : mx.shop.example; dkim=pass header.d=acme.example\r\n",
        "X-Authentication-Results: mx.shop.example; dkim=pass header.d=acme.example\r\n",
        "Subject: x\r\n\r\nAuthentication-Results: mx.shop.example; dkim=pass header.d=acme.example\r\n",
        // ours, but not the topmost
        "Authentication-Results: mx.other.example; none\r\nAuthentication-Results: mx.shop.example; dkim=pass header.d=acme.example\r\n",
        "Authentication-Results: mx.shop.example; dkim=none\r\nReceived: x\r\nAuthentication-Results: mx.shop.example; dkim=pass header.d=acme.example\r\n",
    ] {
        let found = domains(head);
        assert!(!found.contains(&"acme.example".to_owned()), "{head}");
    }
    let good = head::fields(
        b"Authentication-Results: mx.shop.example; dkim=pass header.d=acme.example\r\n",
    );
    assert_eq!(dkim_passed(&good, None), Vec::new());
}

#[test]
fn look_alike_domains_are_not_aligned() {
    for (one, other, wanted) in [
        ("acme.example", "ACME.example.", true),
        ("mail.acme.example", "acme.example", true),
        ("acme.example", "mail.acme.example", true),
        ("notacme.example", "acme.example", false),
        ("acme.example.evil.test", "acme.example", false),
        ("acme-example.test", "acme.example", false),
        ("example", "acme.example", false),
        (".example", "acme.example", false),
        (".acme.example", "acme.example", false),
        ("", "acme.example", false),
        ("", "", false),
        ("xn--acm-hma.example", "acme.example", false),
    ] {
        assert_eq!(aligned(one, other), wanted, "{one} {other}");
    }
    assert!(open_to_all("gmail.com") && !open_to_all("acme.example"));
}

proptest! {
    #[test]
    fn any_header_is_read_without_a_panic(text in "[-a-z=;() \"\\\\./@\u{e9}]{0,80}") {
        domains(&format!("Authentication-Results: mx.shop.example; {text}\r\n"));
        aligned(&text, "acme.example");
    }
}
