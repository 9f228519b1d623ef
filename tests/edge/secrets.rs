//! Canaries: passphrase, password, card number and the plaintext of orders that were not taken are
//! nowhere; the plaintext of orders that were taken is in the ledger and in their documents only.

use crate::support::desk::TestDesk;
use crate::support::scene::{POMS, Scene, output, smtp_config, snapshot};
use crate::support::smtp::Fake;
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use secrecy::SecretString;
use serde_json::json;

const NOW: &str = "2025-06-02T10:05:00Z";
const PASSPHRASE: &str = "canary-passphrase-91c4";
const UNTAKEN: &str = "canary-untaken-5d1f";
const TAKEN: &str = "canary-taken-b7e0";
const PAN: &str = "4111111111111111";

/// A locked key; mails that are taken, unsigned, forged, of no known format, with a key missing.
fn site(port: u16) -> Scene {
    let desk = TestDesk::stocked();
    let secret = desk
        .shop_key()
        .secret_armoured(Some(&SecretString::from(PASSPHRASE)));
    desk.file("keys/shop.sec.asc", &secret.unwrap());
    desk.file("keys/passphrase", PASSPHRASE.as_bytes());
    let now = desk.moment();
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    let stranger = KeyPair::generate("x <x@y.example>", KeyKind::Cv25519, made).unwrap();
    let (shop, webshop) = ([desk.shop_key()], desk.webshop_key());
    let mut order = TestDesk::plain_order("W300001");
    order["comments"] = json!(UNTAKEN);
    order["customer"]["name"] = json!(format!("{UNTAKEN} name"));
    let entity = make::json_entity(&order.to_string());
    let strange = make::json_entity(&json!({"canary": UNTAKEN, "x": PAN}).to_string());
    let broken = make::json_entity(&format!(
        "{{\"order_number\": \"W2\", \"comments\": \"{UNTAKEN}\", "
    ));
    for sealed in [
        make::encrypt(&entity, &shop, now),
        make::seal(&entity, &stranger, &shop, now),
        make::seal(&strange, webshop, &shop, now),
        make::seal(&broken, webshop, &shop, now),
    ] {
        desk.sealed_mail(&sealed.unwrap());
    }
    let mut taken = TestDesk::plain_order("W300002");
    taken["customer"]["name"] = json!(format!("{TAKEN} name"));
    desk.order(&taken);
    taken["order_number"] = json!("W300003");
    taken["comments"] = json!(format!("{TAKEN} my card is {PAN}"));
    desk.order(&taken);
    let scene = Scene::of(&desk);
    let config = smtp_config(port, 1, "");
    scene.configure(&config.replace(
        "[limits]",
        "passphrase_file = \"keys/passphrase\"\n[limits]",
    ));
    scene
}

fn holds(bytes: &[u8], canary: &str) -> bool {
    bytes
        .windows(canary.len())
        .any(|part| part == canary.as_bytes())
}

#[test]
fn secrets_and_plaintext_are_nowhere_they_should_not_be() {
    let server = Fake::usual(&["PIPELINING"]);
    let scene = site(server.port);
    for args in [
        &["-vv", "process"][..],
        &["-vv", "--json", "process", "--dry-run"],
        &["-vv", "check"],
    ] {
        let log = scene.path("exec.log").display().to_string();
        let mut traced = vec![
            "-f",
            "-qq",
            "-v",
            "-s",
            "9999",
            "-o",
            &log,
            "-e",
            "trace=execve",
            POMS,
        ];
        traced.extend(args);
        let done = output(scene.command("strace", &traced, NOW));
        let trace = std::fs::read(scene.path("exec.log")).unwrap();
        assert!(holds(&trace, "execve("), "the trace is there");
        for canary in [PASSPHRASE, UNTAKEN, PAN] {
            assert!(
                !holds(done.stdout.as_bytes(), canary),
                "{args:?}: {canary} on stdout"
            );
            assert!(
                !holds(done.stderr.as_bytes(), canary),
                "{args:?}: {canary} on stderr: {}",
                done.stderr
            );
            assert!(
                !holds(&trace, canary),
                "{args:?}: {canary} in argv or the environment"
            );
        }
        assert!(
            !holds(done.stderr.as_bytes(), TAKEN),
            "{args:?}: {}",
            done.stderr
        );
        std::fs::remove_file(scene.path("exec.log")).unwrap();
    }
    nowhere_at_rest(&scene, &server);
}

/// Not in the files of the site but the passphrase's own, and not in what was sent.
fn nowhere_at_rest(scene: &Scene, server: &Fake) {
    let keys = scene.path("keys/passphrase");
    assert_eq!(scene.count("SELECT COUNT(*) FROM orders"), 2);
    for (path, bytes) in snapshot(&scene.path("")) {
        for canary in [PASSPHRASE, UNTAKEN, PAN] {
            assert!(
                path == keys || !holds(&bytes, canary),
                "{canary} in {}",
                path.display()
            );
        }
    }
    let seen = server.seen.lock().unwrap();
    assert!(seen.taken.len() >= 2, "purchase order and letters");
    for mail in &seen.taken {
        for canary in [PASSPHRASE, UNTAKEN, PAN] {
            assert!(!holds(mail, canary), "{canary} in a mail");
        }
    }
}

#[test]
fn no_core_and_no_debugger_gets_at_the_keys() {
    let server = Fake::start(&[], crate::support::smtp::NO_CUT, |_| {
        crate::support::smtp::Act::Stall
    });
    let scene = site(server.port);
    let mut child = scene.command(POMS, &["process"], NOW).spawn().unwrap();
    while server.connections() == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    child.kill().unwrap();
    child.wait().unwrap();
}
