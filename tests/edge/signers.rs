//! `poms check` about the keys that orders are believed by.

use crate::support::desk::TestDesk;
use crate::support::gpg::Gpg;

/// The line about keys with these trusted signers, and whether it is well.
fn check(desk: &TestDesk, signers: &[&[u8]]) -> (bool, String) {
    let names: Vec<String> = (0..signers.len())
        .map(|n| format!("\"keys/{n}.asc\""))
        .collect();
    for (n, key) in signers.iter().enumerate() {
        desk.file(&format!("keys/{n}.asc"), key);
    }
    desk.config("");
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let text = text.replace("\"keys/webshop.pub.asc\"", &names.join(", "));
    desk.file("poms.toml", text.as_bytes());
    let done = desk.run(&["check"]);
    let mut lines = done.stdout.lines();
    let line = lines
        .find(|line| line.contains(" keys "))
        .expect("a line")
        .to_owned();
    assert_eq!(done.code == 0, line.starts_with("ok"), "{}", done.stdout);
    (done.code == 0, line)
}

#[test]
fn no_signer_that_can_be_believed_is_wrong_and_each_is_named() {
    let desk = TestDesk::stocked();
    let gpg = Gpg::at("20250501T100000");
    let good = gpg.key("good", "ed25519", "never", "");
    let expired = gpg.key("expired", "ed25519", "1d", "");
    let revoked = gpg.key("revoked", "ed25519", "never", "");
    gpg.revoke(&revoked);
    let weak = gpg.key("weak", "rsa1024", "never", "");
    let sha1 = [
        "--passphrase",
        "",
        "--cert-digest-algo",
        "SHA1",
        "--quick-generate-key",
        "old",
        "ed25519",
        "cert,sign",
        "never",
    ];
    gpg.run(&sha1, b"");
    let old = gpg.fingerprint("old");
    let bad = [
        (&expired, "expired on 2025-05-02"),
        (&revoked, "is revoked"),
        (&weak, "RSA with less than 2048 bits"),
        (&old, "SHA"),
    ];
    for (name, word) in bad {
        let key = gpg.public(name);
        let (fine, line) = check(&desk, &[&key]);
        assert!(
            !fine && line.contains("every order would be refused"),
            "{line}"
        );
        assert!(
            line.contains(&format!("{name} ")) && line.contains(word),
            "{word}: {line}"
        );
    }
    let mut keys: Vec<Vec<u8>> = bad.iter().map(|(name, _)| gpg.public(name)).collect();
    let all: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    let (fine, line) = check(&desk, &all);
    assert!(
        !fine && bad.iter().all(|(name, _)| line.contains(name.as_str())),
        "{line}"
    );
    keys.push(gpg.public(&good));
    let all: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    let (fine, line) = check(&desk, &all);
    assert!(
        fine && line.contains(&format!(
            "no order is believed that is signed by {expired} expired"
        )),
        "{line}"
    );
    let told = desk.run(&["check", "--json"]).ok().json();
    assert!(told["checks"].to_string().contains(&revoked), "{told:#}");
}
