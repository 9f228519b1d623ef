//! Mail that should not be believed, as the admin then sees it.

use crate::support::corpus::{envelope, garble};
use crate::support::desk::TestDesk;
use crate::support::gpg::Gpg;
use crate::support::scene::{self, snapshot};
use chrono::{DateTime, TimeDelta, Utc};
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use serde_json::{Value, json};

/// Each message's state and code, in order of arrival.
fn outcomes(desk: &TestDesk) -> Vec<(String, String)> {
    let ledger = scene::open(&desk.path("poms.db"));
    let mut rows = ledger
        .prepare("SELECT state, coalesce(code, '') FROM message ORDER BY id")
        .unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

fn seal(desk: &TestDesk, order: &Value, at: DateTime<Utc>) -> Vec<u8> {
    let entity = make::json_entity(&order.to_string());
    make::seal(&entity, desk.webshop_key(), &[desk.shop_key()], at).unwrap()
}

fn key(user: &str) -> KeyPair {
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    KeyPair::generate(user, KeyKind::Cv25519, made).unwrap()
}

fn mail(sealed: &[u8]) -> Vec<u8> {
    envelope("W1", sealed, "2025-06-02T10:00:00Z".parse().unwrap())
}

/// A mail of parts, each with its type.
fn multipart(kind: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let head = format!(
        "From: Web Shop <web@shop.example>\r\nTo: orders@shop.example\r\nSubject: order\r\n\
         MIME-Version: 1.0\r\nContent-Type: {kind}; boundary=\"b\"\r\n\r\n"
    );
    let mut mail = head.into_bytes();
    for (headers, body) in parts {
        mail.extend_from_slice(format!("--b\r\n{headers}\r\n\r\n").as_bytes());
        mail.extend_from_slice(body);
        mail.extend_from_slice(b"\r\n");
    }
    mail.extend_from_slice(b"--b--\r\n");
    mail
}

/// What it is, the mail, and the state and the code that it must end with.
type Hostile = (&'static str, Vec<u8>, &'static str, &'static str);

/// Mail that could have been written by anyone, or at another time, or for another.
fn of_strangers(desk: &TestDesk, order: &Value) -> Vec<Hostile> {
    let now = desk.moment();
    let entity = make::json_entity(&order.to_string());
    let (stranger, shop) = (key("Web Shop <web@shop.example>"), [desk.shop_key()]);
    let forged = make::seal(&entity, &stranger, &shop, now).unwrap();
    let unsigned = make::encrypt(&entity, &shop, now).unwrap();
    let clear = b"From: Web Shop <web@shop.example>\r\nSubject: order\r\n";
    let astray = make::seal(&entity, desk.webshop_key(), &[&stranger], now).unwrap();
    let old = seal(desk, order, now - TimeDelta::days(8));
    let ahead = seal(desk, order, now + TimeDelta::days(2));
    vec![
        ("forged", mail(&forged), "held", "untrusted_signer"),
        ("unsigned", mail(&unsigned), "held", "unsigned"),
        (
            "in the clear",
            [&clear[..], &entity].concat(),
            "held",
            "unsigned",
        ),
        ("to another", mail(&astray), "quarantined", "not_for_us"),
        ("signed long ago", mail(&old), "held", "signature_time"),
        ("signed tomorrow", mail(&ahead), "held", "signature_time"),
    ]
}

/// Mail in which something stands beside the encrypted part.
fn of_many_parts(sealed: &[u8]) -> Vec<Hostile> {
    let html: (&str, &[u8]) = (
        "Content-Type: text/html",
        b"<img src=\"http://evil.example/",
    );
    let version: (&str, &[u8]) = ("Content-Type: application/pgp-encrypted", b"Version: 1\r\n");
    let inner = ("Content-Type: application/octet-stream", sealed);
    let text = String::from_utf8(sealed.to_vec()).unwrap();
    let around = format!("Subject: x\r\n\r\nPay me first\r\n{text}");
    [
        (
            "a part before",
            multipart("multipart/mixed", &[html, version, inner]),
        ),
        (
            "a part behind",
            multipart("multipart/mixed", &[version, inner, html]),
        ),
        ("two objects", multipart("multipart/mixed", &[inner, inner])),
        ("text around", around.into_bytes()),
    ]
    .map(|(what, mail)| (what, mail, "held", "mixed_content"))
    .to_vec()
}

/// Mail that is damaged, or that says nothing.
fn of_no_use(desk: &TestDesk, sealed: &[u8]) -> Vec<Hostile> {
    let other = seal(desk, &json!({"a": 1}), desk.moment());
    let lacking = seal(desk, &json!({"order_number": "W9"}), desk.moment());
    let (half, damaged) = (&sealed[..sealed.len() / 2], garble(sealed.to_vec()));
    vec![
        ("truncated", mail(half), "quarantined", "unreadable_message"),
        (
            "damaged",
            mail(&damaged),
            "quarantined",
            "unreadable_message",
        ),
        ("no mail at all", vec![0xff; 2000], "held", "unknown_format"),
        ("no order", mail(&other), "held", "unknown_format"),
        ("a key missing", mail(&lacking), "held", "unknown_format"),
    ]
}

fn hostile(desk: &TestDesk) -> Vec<Hostile> {
    let order = TestDesk::plain_order("W300001");
    let sealed = seal(desk, &order, desk.moment());
    let mut all = of_strangers(desk, &order);
    all.extend(of_many_parts(&sealed));
    all.extend(of_no_use(desk, &sealed));
    all
}

#[test]
fn hostile_mail_is_listed_with_its_reason_and_buys_nothing() {
    let desk = TestDesk::stocked();
    let mails = hostile(&desk);
    for (_, mail, _, _) in &mails {
        desk.raw_mail(mail);
    }
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["purchase_orders"]["created"], 0, "{report:#}");
    let outcomes = outcomes(&desk);
    assert_eq!(outcomes.len(), mails.len());
    for ((what, _, state, code), found) in mails.iter().zip(&outcomes) {
        assert_eq!(
            (found.0.as_str(), found.1.as_str()),
            (*state, *code),
            "{what}"
        );
    }
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let list = list["exceptions"].as_array().unwrap();
    assert_eq!(list.len(), mails.len());
    for exception in list {
        for key in [
            "id", "code", "severity", "entity", "order", "opened", "message", "remedies",
        ] {
            assert!(exception.get(key).is_some(), "no {key}: {exception}");
        }
        assert!(
            exception["message"].as_str().unwrap().len() > 20,
            "{exception}"
        );
        assert!(
            !exception["remedies"].as_array().unwrap().is_empty(),
            "{exception}"
        );
    }
    let told: Vec<String> = desk.mails().iter().map(|mail| mail.to()).collect();
    assert_eq!(told, ["ops@shop.example"], "nobody else hears of it");
    assert_eq!(desk.waiting(), 0);
    desk.run(&["verify"]).ok();
}

#[test]
fn what_is_too_large_too_deep_or_a_bomb_is_kept_closed() {
    let desk = TestDesk::stocked();
    let order = TestDesk::plain_order("W300002");
    let gpg = Gpg::at("20250602T100000");
    gpg.run(
        &["--import"],
        &desk.webshop_key().secret_armoured(None).unwrap(),
    );
    gpg.run(&["--import"], &desk.shop_key().public_armoured().unwrap());
    let zeros = format!(
        "Content-Type: application/json\r\n\r\n{}",
        "0".repeat(60 << 20)
    );
    let usual = [
        "-a",
        "-u",
        "web@shop.example",
        "-r",
        "orders@shop.example",
        "-s",
        "-e",
        "--compress-algo",
        "zip",
    ];
    let bomb = mail(&gpg.run(&usual, zeros.as_bytes()));
    let large = [
        &mail(&seal(&desk, &order, desk.moment()))[..],
        &vec![b'\n'; 26 << 20],
    ]
    .concat();
    let mut deep = b"Subject: x\r\n".to_vec();
    for level in 0..400 {
        deep.extend(
            format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
                .bytes(),
        );
    }
    let parts: Vec<(&str, &[u8])> = vec![("Content-Type: text/plain", b"x"); 3000];
    let many = multipart("multipart/mixed", &parts);
    let heads = format!("Subject: {}\r\n\r\nx", "a".repeat(300 << 10)).into_bytes();
    for mail in [&bomb, &large, &deep, &many, &heads] {
        desk.raw_mail(mail);
    }
    desk.order(&order);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(
        report["orders"]["placed"], 1,
        "the good order goes on: {report:#}"
    );
    let found = outcomes(&desk);
    for (number, (state, code)) in found.iter().take(5).enumerate() {
        assert_eq!(
            (state.as_str(), code.as_str()),
            ("quarantined", "too_large"),
            "mail {number}"
        );
    }
}

#[test]
fn an_order_is_placed_once_however_often_and_however_it_comes() {
    let desk = TestDesk::stocked();
    let order = TestDesk::plain_order("W300003");
    let first = mail(&seal(&desk, &order, desk.moment()));
    for _ in 0..1000 {
        desk.raw_mail(&first);
    }
    desk.order(&order).order(&order);
    let mut changed = order.clone();
    changed["lines"][0]["qty"] = json!(4);
    changed["total"] = json!("432.92");
    desk.order(&changed);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["messages"]["accepted"], 2, "{report:#}");
    assert_eq!(report["messages"]["duplicate"], 1001, "{report:#}");
    assert_eq!(report["purchase_orders"]["created"], 1, "{report:#}");
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let codes: Vec<&str> = list["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"duplicate_order_number"), "{codes:?}");
    let conflict = list["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["code"] == "duplicate_order_number")
        .unwrap();
    let message = conflict["message"].as_str().unwrap();
    assert!(
        message.contains("324.69") && message.contains("432.92"),
        "the difference: {message}"
    );
}

#[test]
fn names_of_attachments_and_links_lead_nowhere() {
    let desk = TestDesk::stocked();
    let sealed = seal(&desk, &TestDesk::plain_order("W300004"), desk.moment());
    for name in [
        "../../../../tmp/poms-was-here.asc",
        "/tmp/poms-was-here.asc",
        "..\\..\\poms-was-here.asc",
        "nul",
    ] {
        let disposition = format!(
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\""
        );
        desk.raw_mail(&multipart(
            "multipart/mixed",
            &[(disposition.as_str(), &sealed)],
        ));
    }
    let secret = desk.path("secret.txt");
    desk.file(
        "secret.txt",
        b"From: x\r\nSubject: canary-link\r\n\r\ncanary-link",
    );
    std::os::unix::fs::symlink(&secret, desk.path("mail/orders/new/1.link.test")).unwrap();
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(
        report["messages"]["seen"], 4,
        "a link is no mail: {report:#}"
    );
    let made: Vec<_> = snapshot(&desk.path(""))
        .into_keys()
        .filter(|path| path.to_string_lossy().contains("was-here"))
        .collect();
    assert!(made.is_empty(), "{made:?}");
    assert!(!std::path::Path::new("/tmp/poms-was-here.asc").exists());
    assert!(secret.exists());
}

#[test]
fn a_card_number_in_any_field_holds_the_order_and_is_masked_before_it_is_written() {
    let desk = TestDesk::stocked();
    let pan = "4111111111111111";
    for (number, pointer) in [
        "/comments",
        "/gift_message",
        "/customer/name",
        "/ship_to/street2",
        "/payment/reference",
        "/x_note",
        "/lines/0/description",
    ]
    .iter()
    .enumerate()
    {
        let mut order = TestDesk::plain_order(&format!("W30010{number}"));
        order["customer"]["email"] = json!(format!("c{number}@mail.example"));
        order["payment"] = json!({"method": "card"});
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = order.pointer_mut(parent).unwrap();
        parent[key] = json!("card 4111 1111-1111 1111 please");
        desk.order(&order);
    }
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["orders"]["held"], 7, "{report:#}");
    assert_eq!(report["orders"]["placed"], 0, "{report:#}");
    let held = scene::open(&desk.path("poms.db"));
    let count: i64 = held
        .query_row("SELECT COUNT(DISTINCT order_id) FROM exception WHERE code = 'card_number' AND state = 'open'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 7);
    for (path, bytes) in snapshot(&desk.path("")) {
        for spelling in [pan, "4111 1111-1111 1111", "411111111111"] {
            let found = bytes
                .windows(spelling.len())
                .any(|part| part == spelling.as_bytes());
            assert!(!found, "{} holds a card number", path.display());
        }
    }
}
