//! Events posted to services: signed, once each, and what their answers mean.

use super::{seen, told_to_a_program, words};
use crate::support::authority::Authority;
use crate::support::desk::TestDesk;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::X509;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// One request: its headers in lower case, and its body.
pub(super) type Posted = (Vec<String>, Vec<u8>);

/// A receiver that answers with each of these in turn, and with the last ever after.
pub(super) fn receiver(answers: &'static [&'static str]) -> (u16, Arc<Mutex<Vec<Posted>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let all = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&all);
    std::thread::spawn(move || {
        for (place, stream) in listener.incoming().flatten().enumerate() {
            let mut reader = BufReader::new(stream);
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
                    break;
                }
                head.push(line.trim().to_owned());
            }
            let length = head.iter().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().unwrap())
            });
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            seen.lock().unwrap().push((head, body));
            let answer = answers[place.min(answers.len() - 1)];
            let whole =
                format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = reader.get_mut().write_all(whole.as_bytes());
        }
    });
    (port, all)
}

fn header<'a>(posted: &'a Posted, name: &str) -> &'a str {
    let found = posted.0.iter().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    });
    found.unwrap_or_else(|| panic!("no {name} in {:?}", posted.0))
}

pub(super) fn posts_to(port: u16) -> TestDesk {
    let desk = TestDesk::stocked();
    desk.file(
        "keys/hook.secret",
        b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
    );
    desk.config(&format!(
        "[[hook]]\nname = \"erp\"\non = [\"po.sent\"]\nurl = \"http://127.0.0.1:{port}/in\"\nsecret_file = \"keys/hook.secret\"\n"
    ));
    desk
}

#[test]
fn a_service_gets_what_it_can_prove() {
    let (port, all) = receiver(&["503 Busy", "204 Taken"]);
    let desk = posts_to(port);
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).done();
    desk.now("2025-06-02T11:15:00Z").run(&["process"]).done();
    desk.now("2025-06-02T12:15:00Z").run(&["process"]).done();
    let all = all.lock().unwrap();
    assert_eq!(all.len(), 2, "once more, and then no more");
    let ids: Vec<&str> = all
        .iter()
        .map(|posted| header(posted, "webhook-id"))
        .collect();
    assert_eq!(ids[0], ids[1]);
    let posted = &all[1];
    assert!(posted.0[0].starts_with("POST /in "), "{:?}", posted.0);
    let event: Value = serde_json::from_slice(&posted.1).unwrap();
    assert_eq!(
        (&event["event"], &event["id"]),
        (&"po.sent".into(), &ids[1].into())
    );
    let at = header(posted, "webhook-timestamp");
    assert_eq!(at, "1748862900", "the clock of the run");
    let key = openssl::base64::decode_block("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let key = PKey::hmac(&key).unwrap();
    let mut mac = Signer::new(MessageDigest::sha256(), &key).unwrap();
    mac.update(format!("{}.{at}.", ids[1]).as_bytes()).unwrap();
    mac.update(&posted.1).unwrap();
    let mac = openssl::base64::encode_block(&mac.sign_to_vec().unwrap());
    assert_eq!(header(posted, "webhook-signature"), format!("v1,{mac}"));
}

/// Two hooks want the same event: each hears it, under the event's own id.
#[test]
fn several_hooks_hear_the_same_event() {
    let (port, all) = receiver(&["204 Taken"]);
    let desk = told_to_a_program("", "");
    desk.file("keys/hook.secret", b"0123456789abcdef0123456789abcdef\n");
    let tell = desk.path("tell");
    desk.config(&format!(
        "[[hook]]\nname = \"warehouse\"\non = [\"*\"]\nprogram = [\"{}\"]\n\
         [[hook]]\nname = \"erp\"\non = [\"po.*\"]\nurl = \"http://127.0.0.1:{port}/in\"\n\
         secret_file = \"keys/hook.secret\"\n",
        tell.display()
    ));
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).done();
    let seen = seen(&desk);
    let all = all.lock().unwrap();
    let posted: Vec<&str> = all.iter().map(|one| header(one, "webhook-id")).collect();
    let program: Vec<&str> = seen
        .iter()
        .filter(|event| event["event"].as_str().unwrap().starts_with("po."))
        .map(|event| event["id"].as_str().unwrap())
        .collect();
    assert_eq!(posted, program, "{:?}", words(&seen));
    assert_eq!(posted.len(), 2);
    assert_eq!(header(&all[0], "idempotency-key"), posted[0]);
    desk.run(&["verify"]).ok();
}

/// An order of a customer of its own, who is no doublet of another.
fn of_its_own(number: &str) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["customer"]["email"] = format!("{number}@mail.example").into();
    order
}

#[test]
fn who_wants_no_more_is_a_persons_to_see_once() {
    let (port, all) = receiver(&["410 Gone"]);
    let desk = posts_to(port);
    for number in ["W1", "W2", "W3"] {
        desk.order(&of_its_own(number));
    }
    desk.run(&["process"]);
    let list = desk.run(&["exceptions", "list"]).ok().stdout;
    assert!(list.contains("410"), "{list}");
    assert_eq!(list.matches("delivery_failed").count(), 1, "{list}");
    assert_eq!(all.lock().unwrap().len(), 1, "the others are not posted");
    // another event, in a later run: it is tried, and nothing is asked twice
    desk.order(&of_its_own("W4"));
    desk.now("2025-06-02T12:15:00Z").run(&["process"]);
    assert_eq!(all.lock().unwrap().len(), 2);
    let list = desk.run(&["exceptions", "list"]).ok().stdout;
    assert_eq!(list.matches("delivery_failed").count(), 1, "{list}");
}

#[test]
fn a_service_with_a_certificate_of_its_own_needs_its_authority() {
    let authority = Authority::new("localhost");
    let port = tls_server(&authority);
    let desk = TestDesk::stocked();
    desk.file("keys/hook.secret", b"0123456789abcdef0123456789abcdef\n");
    desk.file("keys/ca.pem", &authority.root);
    let hook = format!(
        "[[hook]]\nname = \"erp\"\non = [\"po.sent\"]\nurl = \"https://localhost:{port}/in\"\nsecret_file = \"keys/hook.secret\"\n"
    );
    desk.config(&hook);
    let said = desk.run(&["check"]);
    let said = format!("{}{}", said.stdout, said.stderr);
    assert!(said.contains("name that in ca_file"), "{said}");
    desk.config(&format!("{hook}ca_file = \"keys/ca.pem\"\n"));
    let said = desk.run(&["check"]);
    let said = format!("{}{}", said.stdout, said.stderr);
    assert!(said.contains("no event was posted"), "{said}");
}

/// A server that speaks TLS and then ends the connection.
fn tls_server(authority: &Authority) -> u16 {
    let mut tls = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
    let (chain, key) = (
        X509::from_pem(&authority.chain).unwrap(),
        PKey::private_key_from_pem(&authority.key).unwrap(),
    );
    tls.set_certificate(&chain).unwrap();
    tls.set_private_key(&key).unwrap();
    let tls = tls.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = tls.accept(stream);
        }
    });
    port
}
