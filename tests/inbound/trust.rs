//! Whose mail it is: the token, our own server's word, and every trick instead of these.

use super::*;
use poms::intake::openpgp::make;

pub(super) const AUTHSERV: &str = "[intake]\nauthserv_id = \"mx.shop.example\"\n";
pub(super) const PASS: &str =
    "Authentication-Results: mx.shop.example; dkim=pass header.d=acme.example header.s=s1\n";

pub(super) fn mail(head: &str, from: &str, to: &str) -> Vec<u8> {
    format!(
        "{head}From: {from}\nTo: {to}\nSubject: Re: Purchase order W200001-1\n\
         Date: Mon, 02 Jun 2025 11:00:00 +0000\nMessage-ID: <{}@acme.example>\n\nWhat about the lamps?\n",
        format!("{head}{from}{to}").len() + from.len() * 7
    )
    .into_bytes()
}

/// Whether the newest message counts as the vendor's: it belongs to the order, and nothing says that
/// its sender is not proved.
pub(super) fn believed(desk: &TestDesk) -> bool {
    let held = codes(desk).iter().any(|code| code == "untrusted_sender");
    let row = message(desk);
    assert_eq!(held, row["code"] == "untrusted_sender", "{row:#}");
    !held
}

fn reply_to(desk: &TestDesk) -> String {
    header(&mail_to(desk, "orders@acme.example"), "Reply-To")
}

#[test]
fn an_answer_to_the_purchase_orders_address_counts_in_any_case() {
    let at = |desk: &TestDesk| reply_to(desk);
    type Shape = fn(&str) -> String;
    let shapes: [(&str, Shape); 5] = [
        ("plain", str::to_owned),
        ("upper case", str::to_uppercase),
        ("with a name", |to| format!("\"Example Shop\" <{to}>")),
        ("one of several", |to| format!("sales@acme.example, <{to}>")),
        ("only in the envelope", |to| {
            format!("x@y.example\nDelivered-To: {to}")
        }),
    ];
    for (name, shape) in shapes {
        let desk = placed("");
        desk.raw_mail(&mail("", "anyone@elsewhere.example", &shape(&at(&desk))));
        process(&desk);
        assert!(believed(&desk), "{name}");
    }
}

#[test]
fn a_token_that_is_not_ours_is_refused() {
    let desk = placed("");
    let mut address = reply_to(&desk);
    let digit = if address.as_bytes()[25] == b'a' {
        "b"
    } else {
        "a"
    };
    address.replace_range(25..26, digit);
    desk.raw_mail(&mail("", "orders@acme.example", &address));
    process(&desk);
    assert!(!believed(&desk));
    let open = exceptions(&desk);
    let text = open[0]["message"].as_str().unwrap();
    assert!(text.contains("What about the lamps?"), "{text}");
}

#[test]
fn keys_roll_over() {
    let desk = placed("");
    let old = reply_to(&desk);
    desk.file("keys/new.key", &[b'n'; 64]);
    configure(
        &desk,
        "token_keys = [\"keys/new.key\", \"keys/tokens.key\"]",
        "",
    );
    desk.raw_mail(&mail("", "a@b.example", &old));
    process(&desk);
    assert!(believed(&desk));
    let said = desk.run(&["check"]).stdout;
    assert!(said.contains("1 older keys still count"), "{said}");
    configure(&desk, "token_keys = [\"keys/new.key\"]", "");
    desk.raw_mail(&mail("", "b@b.example", &old));
    process(&desk);
    assert!(!believed(&desk));
}

#[test]
fn without_a_key_there_are_no_tokens_and_check_says_so() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    assert_eq!(reply_to(&desk), "");
    let said = desk.run(&["check"]).stdout;
    assert!(said.contains("off, as site.token_keys is empty"), "{said}");
}

#[test]
fn another_pattern_is_the_sites_choice() {
    let desk = TestDesk::stocked();
    desk.file("keys/tokens.key", &[b'k'; 64]);
    let site = format!("{TOKENS}\nreply_address = \"po-{{token}}@in.shop.example\"");
    configure(&desk, &site, "");
    desk.order(&TestDesk::plain_order("W200001"));
    process(&desk);
    let address = reply_to(&desk);
    assert!(
        address.starts_with("po-p") && address.ends_with("@in.shop.example"),
        "{address}"
    );
    desk.raw_mail(&mail("", "a@b.example", &address));
    process(&desk);
    assert!(believed(&desk));
}

/// Headers above a mail, and its From.
fn tricks() -> Vec<(String, &'static str)> {
    let evil = PASS.replace("acme.example", "evil.example");
    vec![
        // headers that others wrote
        (
            PASS.replace("mx.shop.example", "mx.evil.example"),
            "orders@acme.example",
        ),
        (
            format!("Authentication-Results: mx.shop.example; dkim=none\n{PASS}"),
            "orders@acme.example",
        ),
        (
            format!("Authentication-Results: mx.evil.example; none\n{PASS}"),
            "orders@acme.example",
        ),
        (format!("Received: x\nX-{PASS}"), "orders@acme.example"),
        (
            PASS.replace("dkim=pass", "dkim=fail (dkim=pass)"),
            "orders@acme.example",
        ),
        (
            PASS.replace(
                "dkim=pass",
                "dkim=fail reason=\"; dkim=pass header.d=acme.example;\"",
            ),
            "orders@acme.example",
        ),
        (PASS.replace("dkim=pass", "spf=pass"), "orders@acme.example"),
        // domains that look alike
        (
            PASS.replace("acme.example", "acme-example.test"),
            "orders@acme-example.test",
        ),
        (
            PASS.replace("acme.example", "acme.example.evil.test"),
            "orders@acme.example.evil.test",
        ),
        (
            PASS.replace("acme.example", "notacme.example"),
            "orders@notacme.example",
        ),
        // signed by one, written by another
        (evil.clone(), "orders@acme.example"),
        (PASS.to_owned(), "orders@evil.example"),
        // names and several senders
        (evil.clone(), "\"orders@acme.example\" <x@evil.example>"),
        (PASS.to_owned(), "orders@acme.example <x@evil.example>"),
        (evil.clone(), "<orders@acme.example> <x@evil.example>"),
        (PASS.to_owned(), "orders@acme.example, x@evil.example"),
        (PASS.to_owned(), "orders@acme.example\nFrom: x@evil.example"),
        (PASS.to_owned(), "Acme: orders@acme.example;"),
        // nothing at all
        (String::new(), "orders@acme.example"),
    ]
}

#[test]
fn no_trick_makes_a_mail_a_vendors() {
    for (head, from) in tricks() {
        let desk = placed(AUTHSERV);
        desk.raw_mail(&mail(&head, from, "orders@shop.example"));
        let report = process(&desk);
        assert_eq!(report["messages"]["held"], 1);
        assert!(!believed(&desk), "{head}{from}");
    }
    let desk = placed("");
    desk.raw_mail(&mail(PASS, "orders@acme.example", "orders@shop.example"));
    process(&desk);
    assert!(!believed(&desk), "no authserv_id, no belief");
}

#[test]
fn at_a_mail_service_for_everybody_the_whole_address_counts() {
    for (from, wanted) in [
        ("acme.goods@gmail.com", true),
        ("acme.g00ds@gmail.com", false),
    ] {
        let desk = desk(AUTHSERV);
        let vendors =
            crate::support::desk::VENDORS.replace("orders@acme.example", "acme.goods@gmail.com");
        desk.file("v.csv", vendors.as_bytes());
        desk.run(&["vendors", "import", "v.csv"]).ok();
        desk.raw_mail(&mail(
            &PASS.replace("acme.example", "gmail.com"),
            from,
            "orders@shop.example",
        ));
        process(&desk);
        assert_eq!(believed(&desk), wanted, "{from}");
    }
}

#[test]
fn an_admin_can_vouch_for_a_held_mail() {
    let desk = placed("");
    desk.raw_mail(&mail("", "dana@home.example", "orders@shop.example"));
    process(&desk);
    assert_eq!(codes(&desk), ["untrusted_sender"]);
    // the subject names the purchase order
    let said = resolve(&desk, "untrusted_sender", &["--release"]);
    assert!(said.contains("believed on your word"), "{said}");
    assert!(!codes(&desk).contains(&"untrusted_sender".to_owned()));
}

#[test]
fn a_mailbox_for_vendors_never_places_an_order() {
    let desk = desk("");
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    desk.file(
        "poms.toml",
        text.replace("\"any\"", "\"vendors\"").as_bytes(),
    );
    desk.order(&TestDesk::plain_order("W200001"));
    let report = process(&desk);
    assert_eq!(report["orders"]["received"], 0);
    assert_eq!(codes(&desk), ["untrusted_sender"]);
    // the same message once the mailbox may bring orders
    desk.file("poms.toml", text.as_bytes());
    resolve(&desk, "untrusted_sender", &["--retry"]);
    let report = process(&desk);
    assert_eq!(report["orders"]["placed"], 1);
}

#[test]
fn in_a_mailbox_for_orders_bounces_count_and_letters_are_no_orders() {
    let desk = placed("");
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    desk.file(
        "poms.toml",
        text.replace("\"any\"", "\"orders\"").as_bytes(),
    );
    desk.raw_mail(&mail("", "dana@home.example", "orders@shop.example"));
    process(&desk);
    assert_eq!(codes(&desk), ["unknown_format"]);
    let id = header(&mail_to(&desk, "orders@acme.example"), "Message-ID");
    desk.raw_mail(&fixture("qmail", &id, "orders@shop.example"));
    process(&desk);
    assert_eq!(po_state(&desk, "W200001-1"), "failed");
}

/// A mail with this entity signed by a key, PGP/MIME, its lines ending in LF as in a Maildir.
fn signed(entity: &str, shown: &str, by: &make::KeyPair, desk: &TestDesk) -> Vec<u8> {
    let signature = make::sign(entity.replace('\n', "\r\n").as_bytes(), by, desk.moment()).unwrap();
    let signature = String::from_utf8(signature).unwrap().replace('\r', "");
    format!(
        "From: dana@home.example\nTo: orders@shop.example\nSubject: Re: W200002-1\nMIME-Version: 1.0\n\
         Content-Type: multipart/signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"; boundary=\"s\"\n\n\
         --s\n{shown}\n--s\nContent-Type: application/pgp-signature; name=\"signature.asc\"\n\n{signature}\n--s--\n"
    )
    .into_bytes()
}

#[test]
fn a_mail_signed_with_the_vendors_key_counts_and_only_what_is_signed() {
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    let key = make::KeyPair::generate("Acme <orders@acme.example>", make::KeyKind::Cv25519, made)
        .unwrap();
    let other = make::KeyPair::generate("Acme <orders@acme.example>", make::KeyKind::Cv25519, made)
        .unwrap();
    let entity =
        "Content-Type: text/plain; charset=utf-8\n\nAbout W200001-1:\nwhat about the lamps?\n";
    let changed = entity.replace("lamps", "hoses");
    for (by, listed, shown, wanted) in [
        (&key, true, entity, true),
        (&key, true, changed.as_str(), false),
        (&other, true, entity, false),
        (&key, false, entity, false),
    ] {
        let desk = placed("");
        desk.file("keys/acme.pub.asc", &key.public_armoured().unwrap());
        let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
        let text = text.replace(
            "[openpgp]",
            "[openpgp]\nvendor_keys = [\"keys/acme.pub.asc\"]",
        );
        desk.file("poms.toml", text.as_bytes());
        let print = if listed {
            key.fingerprint()
        } else {
            String::new()
        };
        let csv = format!(
            "id,name,email,fax,channel,zip,openpgp_fingerprint\n\
             ACME,Acme Home Goods,orders@acme.example,,email,04101,{print}\n"
        );
        desk.file("v.csv", csv.as_bytes());
        desk.run(&["vendors", "import", "v.csv"]).ok();
        desk.raw_mail(&signed(entity, shown, by, &desk));
        process(&desk);
        assert_eq!(believed(&desk), wanted, "{shown}");
        if wanted {
            // the subject names another one; it is not signed
            let rows = exceptions(&desk);
            assert!(
                rows.iter().all(|row| row["order"] == "W200001"),
                "{rows:#?}"
            );
        }
    }
}
