//! A folder of a real OpenSSH server.

use super::*;
use crate::support::sshd::Sshd;

/// A site that watches a server's folder.
pub(super) struct World {
    pub(super) desk: TestDesk,
    pub(super) server: Sshd,
}

impl World {
    pub(super) fn new(kinds: &[&str]) -> World {
        let world = World {
            desk: TestDesk::stocked(),
            server: Sshd::start(kinds, ""),
        };
        world.set(
            &world.server.fingerprint(kinds[0]),
            "user",
            "trusted = true",
        );
        world
    }

    fn set(&self, host_key: &str, key: &str, more: &str) {
        let Sshd { port, user, .. } = &self.server;
        let (key, files) = (self.server.path(key), self.server.files());
        self.desk.config(&format!(
            "[[source]]\nname = \"shop\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nport = {port}\nuser = \"{user}\"\n\
             host_key = \"{host_key}\"\nkey_file = \"{}\"\npath = \"{}\"\nsettle_seconds = 0\ntimeout_seconds = 10\n{more}\n",
            key.display(),
            files.display()
        ));
    }

    pub(super) fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.server.files().join(name);
        std::fs::write(&path, bytes).unwrap();
        mode(&path, 0o600);
    }

    pub(super) fn order(&self, name: &str, number: usize) {
        self.put(name, order(number).to_string().as_bytes());
    }

    pub(super) fn left(&self) -> Vec<String> {
        names(&self.server.files())
    }
}

#[test]
fn files_become_orders_once_and_are_put_away() {
    let world = World::new(&["ed25519"]);
    let desk = &world.desk;
    world.order("W1.json", 1);
    world.put("W2.json.asc", &signed(desk, &order(2)));
    world.put("bad.asc", b"-----BEGIN PGP MESSAGE-----\n\nabc");
    world.put(".hidden", b"x");
    world.put("W3.json.part", b"{");
    let said = desk.run(&["check"]).stdout;
    assert!(said.contains("ok    source shop"), "{said}");
    assert!(said.contains("3 files wait"), "{said}");
    desk.run(&["process"]).ok();
    let mut states = states(desk);
    states.sort();
    assert_eq!(states, ["accepted", "accepted", "quarantined"]);
    let files = world.server.files();
    assert_eq!(world.left(), ["W3.json.part"]);
    assert_eq!(names(&files.join(".processed")), ["W1.json", "W2.json.asc"]);
    assert_eq!(names(&files.join(".failed")), ["bad.asc"]);
    // the same again is the same, another content is not
    world.order("W1.json", 1);
    desk.run(&["process"]).ok();
    assert_eq!(messages(desk).len(), 3);
    world.order("W1.json", 4);
    desk.run(&["process"]).ok();
    assert_eq!(messages(desk).len(), 4);
    let kept = names(&files.join(".processed"));
    assert_eq!(kept, ["W1.2.json", "W1.3.json", "W1.json", "W2.json.asc"]);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 3);
    desk.run(&["--json", "verify"]).ok();
}

#[test]
fn a_server_with_another_key_is_told_nothing() {
    let world = World::new(&["ed25519"]);
    world.order("W1.json", 1);
    let stranger = "SHA256:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE";
    world.set(stranger, "user", "");
    let own = world.server.fingerprint("ed25519");
    let said = world.desk.run(&["process"]);
    let said = said.fails(
        1,
        &["source shop", stranger, &own, "nothing was said to it"],
    );
    assert!(said.stderr.contains("ssh-keygen -lf"), "{}", said.stderr);
    let log = world.server.log();
    assert!(
        !log.contains("Accepted") && !log.contains(&world.server.user),
        "{log}"
    );
    assert_eq!(world.left(), ["W1.json"]);
}

#[test]
fn the_pinned_key_is_found_among_several() {
    let world = World::new(&["rsa", "ecdsa", "ed25519"]);
    for (number, kind) in ["rsa", "ecdsa", "ed25519"].iter().enumerate() {
        world.set(&world.server.fingerprint(kind), "user", "trusted = true");
        world.order("W.json", number + 1);
        world.desk.run(&["process"]).ok();
        assert_eq!(messages(&world.desk).len(), number + 1, "{kind}");
    }
}

#[test]
fn who_is_not_let_in_is_told_so() {
    let world = World::new(&["ed25519"]);
    let own = world.server.fingerprint("ed25519");
    world.set(&own, "stranger", "");
    let words = ["does not let", "publickey", "authorized_keys"];
    world.desk.run(&["process"]).fails(1, &words);
    let said = world.desk.run(&["check"]).stdout;
    assert!(said.contains("WRONG source shop"), "{said}");
    // a key with a passphrase, without and with it
    world.set(&own, "locked", "");
    world.desk.run(&["process"]).fails(1, &["does not let"]);
    world.desk.file("passphrase", b"open sesame\n");
    world.set(
        &own,
        "locked",
        "trusted = true\nkey_passphrase_file = \"passphrase\"",
    );
    world.order("W1.json", 1);
    world.desk.run(&["process"]).ok();
    assert_eq!(states(&world.desk), ["accepted"]);
    // others could read it
    mode(&world.server.path("locked"), 0o644);
    world
        .desk
        .run(&["process"])
        .fails(2, &["locked", "chmod 600"]);
}

#[test]
fn a_server_that_is_down_keeps_nothing_else_from_its_work() {
    let mut world = World::new(&["ed25519"]);
    world.order("W1.json", 1);
    world.server.kill();
    world.desk.order(&order(9));
    world
        .desk
        .run(&["process"])
        .fails(1, &["source shop", "cannot be reached"]);
    assert_eq!(states(&world.desk), ["accepted"]);
    world.server.restart();
    world.desk.run(&["process"]).ok();
    assert_eq!(states(&world.desk), ["accepted", "accepted"]);
    assert_eq!(world.left(), [""; 0]);
}

#[test]
fn what_others_could_write_is_not_believed() {
    let world = World::new(&["ed25519"]);
    world.order("W1.json", 1);
    mode(&world.server.files().join("W1.json"), 0o666);
    world
        .desk
        .run(&["process"])
        .fails(1, &["has mode 0666", "chmod go-w"]);
    mode(&world.server.files(), 0o777);
    world.desk.run(&["process"]).fails(1, &["has mode 0777"]);
    assert_eq!(world.left(), ["W1.json"]);
    let link = world.server.files().join("link.json");
    std::os::unix::fs::symlink(world.server.files().join("W1.json"), link).unwrap();
    let own = world.server.fingerprint("ed25519");
    world.set(&own, "user", "");
    world
        .desk
        .run(&["process"])
        .fails(1, &["link.json", "a symbolic link"]);
    assert_eq!(messages(&world.desk)[0]["code"], json!("unsigned"));
}

#[test]
fn a_missing_folder_is_named() {
    let world = World::new(&["ed25519"]);
    std::fs::remove_dir(world.server.files()).unwrap();
    world
        .desk
        .run(&["process"])
        .fails(1, &["source shop", "files", "make it there"]);
}
