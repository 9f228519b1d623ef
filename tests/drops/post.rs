//! Files posted to a server of the vendor's.

use super::{codes, delivery, run, site, sound};
use crate::support::authority::Authority;
use crate::support::desk::TestDesk;
use crate::support::ports;
use crate::support::shop::{Act, Answer, Asked, Shop, ShopServer, answer};
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::X509;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;

const TOKEN: &str = "canary-drop-token";

/// Headers and body.
type Took = (Vec<(String, String)>, Vec<u8>);

/// A vendor's server: what it took, by each request.
#[derive(Default)]
struct Orders {
    took: Vec<Took>,
}

impl Shop for Orders {
    fn is_counted(&self, _: &Asked) -> bool {
        true
    }

    fn respond(&mut self, asked: &Asked) -> Answer {
        assert_eq!(
            (asked.method.as_str(), asked.path.as_str()),
            ("POST", "/in")
        );
        self.took.push((asked.headers.clone(), asked.body.clone()));
        answer(201, "{\"order\": 4711}")
    }
}

fn start() -> ShopServer<Orders> {
    ShopServer::start(Orders::default())
}

fn table(url: &str, more: &str) -> String {
    format!(
        "[[vendor_drop]]\nvendor = \"ACME\"\nkind = \"https\"\nurl = \"{url}/in\"\ntimeout_seconds = 3\n{more}"
    )
}

fn posts_to(server: &ShopServer<Orders>, more: &str) -> TestDesk {
    let desk = site(&table(
        &server.url(),
        &format!("token_file = \"keys/drop.token\"\n{more}"),
    ));
    desk.file("keys/drop.token", format!("{TOKEN}\n").as_bytes());
    desk
}

fn header<'a>(took: &'a Took, name: &str) -> &'a str {
    let found = took.0.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

#[test]
fn one_file_is_the_body_and_its_key_tells_it_from_all_others() {
    let server = start();
    let desk = posts_to(&server, "documents = [\"json\"]\n");
    let checked = desk.run(&["check"]);
    assert!(
        checked.stdout.contains("nothing was posted"),
        "{}",
        checked.stdout
    );
    for time in ["10:05", "10:15"] {
        run(&desk, time);
    }
    let took = server.with(|orders| orders.took.clone());
    assert_eq!(took.len(), 1, "once");
    assert_eq!(header(&took[0], "authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(header(&took[0], "content-type"), "application/json");
    assert!(header(&took[0], "idempotency-key").starts_with("W200001-1."));
    let body: Value = serde_json::from_slice(&took[0].1).unwrap();
    assert_eq!(body["po_number"], "W200001-1");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "sent");
    assert!(
        said.contains("answered 201") && said.contains("4711"),
        "{said}"
    );
    let ledger = std::fs::read(desk.path("poms.db")).unwrap();
    let canary = TOKEN.as_bytes();
    assert!(!ledger.windows(canary.len()).any(|part| part == canary));
    sound(&desk);
}

#[test]
fn several_files_are_fields_of_a_form() {
    let server = start();
    let desk = posts_to(&server, "");
    run(&desk, "10:05");
    let took = server.with(|orders| orders.took.clone());
    assert!(header(&took[0], "content-type").starts_with("multipart/form-data"));
    let body = String::from_utf8_lossy(&took[0].1).into_owned();
    for part in [
        "name=\"pdf\"; filename=\"PO-W200001-1.pdf\"",
        "name=\"csv\"; filename=\"PO-W200001-1.csv\"",
        "%PDF-",
        "po_number,line,",
    ] {
        assert!(body.contains(part), "{part}");
    }
}

#[test]
fn what_may_pass_is_tried_again_under_the_same_key() {
    for act in [
        Act::Say(429, "Retry-After: 60\r\n", String::new()),
        Act::Say(503, "", "busy".to_owned()),
    ] {
        let server = start();
        let desk = posts_to(&server, "documents = [\"csv\"]\n");
        server.next(act);
        run(&desk, "10:05");
        assert_eq!(delivery(&desk).1, "queued");
        run(&desk, "11:05");
        assert_eq!(delivery(&desk).1, "sent");
        assert_eq!(server.with(|orders| orders.took.len()), 1);
    }
    // nobody there
    let desk = site(&table(&format!("http://127.0.0.1:{}", ports::free()), ""));
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "queued", "{said}");
}

#[test]
fn what_is_refused_is_a_persons_with_the_servers_words() {
    let server = start();
    let desk = posts_to(&server, "documents = [\"json\"]\n");
    let words = format!("no such item AC-12163 for {TOKEN}, account 123456789012");
    server.next(Act::Say(422, "", words));
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "failed");
    assert!(
        said.contains("answered 422: no such item AC-12163"),
        "{said}"
    );
    assert!(!said.contains(TOKEN) && said.contains("…9012"), "{said}");
    assert_eq!(codes(&desk), ["delivery_failed"]);
    run(&desk, "11:05");
    assert_eq!(
        server.with(|orders| orders.took.len()),
        0,
        "never by itself"
    );
}

#[test]
fn redirects_are_not_followed() {
    let (server, other) = (start(), start());
    let desk = posts_to(&server, "documents = [\"json\"]\n");
    let to: &'static str = Box::leak(format!("Location: {}/in\r\n", other.url()).into_boxed_str());
    server.next(Act::Say(307, to, String::new()));
    run(&desk, "10:05");
    assert_eq!(delivery(&desk).1, "failed");
    assert_eq!(other.with(|orders| orders.took.len()), 0);
}

#[test]
fn what_nobody_knows_is_never_repeated_by_itself() {
    let acts = [
        Act::Cut(0),
        Act::Cut(20),
        Act::Silence,
        Act::Say(504, "", String::new()),
        Act::DoAndSay(502, "", String::new()),
    ];
    for act in acts {
        let server = start();
        let desk = posts_to(&server, "documents = [\"json\"]\n");
        server.next(act.clone());
        run(&desk, "10:05");
        let took = server.with(|orders| orders.took.len());
        run(&desk, "11:05");
        let (id, state, said) = delivery(&desk);
        assert_eq!(state, "unknown", "{act:?}: {said}");
        assert_eq!(codes(&desk), ["delivery_unknown"], "{act:?}");
        assert_eq!(server.with(|orders| orders.took.len()), took, "{act:?}");
        // a person has it go again: by a key of its own, marked
        desk.run(&[
            "outbox",
            "retry",
            &id.to_string(),
            "--note",
            "they have not",
        ])
        .ok();
        run(&desk, "12:05");
        let took = server.with(|orders| orders.took.clone());
        let last = took.last().unwrap();
        assert!(
            header(last, "idempotency-key").ends_with("-again1"),
            "{act:?}"
        );
        let body: Value = serde_json::from_slice(&last.1).unwrap();
        assert_eq!(body["possible_duplicate"], true, "{act:?}");
        sound(&desk);
    }
}

/// By TLS that the vendor's authority vouches for, and by none other.
#[test]
fn by_tls_that_is_trusted_alone() {
    let authority = Authority::new("localhost");
    let mut acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls_server()).unwrap();
    let key = openssl::pkey::PKey::private_key_from_pem(&authority.key).unwrap();
    acceptor.set_private_key(&key).unwrap();
    acceptor
        .set_certificate(&X509::from_pem(&authority.chain).unwrap())
        .unwrap();
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Ok(mut tls) = acceptor.accept(stream) else {
                continue;
            };
            let mut heard = Vec::new();
            let mut piece = [0; 4096];
            while !String::from_utf8_lossy(&heard).contains("\"lines\"") {
                match tls.read(&mut piece) {
                    Ok(0) | Err(_) => break,
                    Ok(length) => heard.extend_from_slice(&piece[..length]),
                }
            }
            let _ =
                tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = tls.shutdown();
        }
    });
    let url = format!("https://localhost:{port}");
    let drop = |more: &str| {
        table(
            &url,
            &format!("documents = [\"json\"]\nallow_private = true\n{more}"),
        )
    };
    let desk = site(&drop(""));
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "queued", "{said}");
    assert!(said.contains("certificate"), "{said}");
    desk.file("keys/acme-ca.pem", &authority.root);
    desk.config(&drop("ca_file = \"keys/acme-ca.pem\"\n"));
    run(&desk, "11:05");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "sent", "{said}");
}

#[test]
fn addresses_in_the_clear_and_odd_tables_are_refused_at_start() {
    let desk = TestDesk::stocked();
    for (table, word) in [
        (table("http://vendor.example", ""), "https"),
        (table("https://u:p@vendor.example", ""), "has a user in it"),
        (
            table("https://vendor.example", "path = \"x\"\n"),
            "is for kind = \"folder\"",
        ),
        (
            table("https://vendor.example", "user = \"u\"\n"),
            "needs password_file",
        ),
    ] {
        desk.config(&table);
        desk.run(&["status"]).fails(2, &[word]);
    }
}
