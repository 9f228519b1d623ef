//! Files in a folder of a real OpenSSH server.

use super::{codes, delivery, names, run, site, sound};
use crate::support::desk::TestDesk;
use crate::support::scene::Scene;
use crate::support::sshd::Sshd;
use std::path::Path;

fn server(more: &str) -> Sshd {
    Sshd::start(&["ed25519"], more)
}

fn table(server: &Sshd, folder: &Path, host_key: &str) -> String {
    format!(
        "[[vendor_drop]]\nvendor = \"ACME\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\n\
         host_key = \"{host_key}\"\nkey_file = \"{}\"\npath = \"{}\"\nmode = \"0644\"\ntimeout_seconds = 10\n",
        server.port,
        server.user,
        server.path("user").display(),
        folder.display()
    )
}

fn drops_into(server: &Sshd, folder: &Path) -> TestDesk {
    site(&table(server, folder, &server.fingerprint("ed25519")))
}

const FILES: [&str; 2] = ["PO-W200001-1.csv", "PO-W200001-1.pdf"];

#[test]
fn a_purchase_order_is_put_there_whole_and_once() {
    let server = server("");
    let desk = drops_into(&server, &server.files());
    let checked = desk.run(&["check"]);
    assert!(
        checked.stdout.contains("a file can be put into"),
        "{}",
        checked.stdout
    );
    assert_eq!(names(&server.files()), Vec::<String>::new(), "none is left");
    for time in ["10:05", "10:15"] {
        run(&desk, time);
    }
    assert_eq!(names(&server.files()), FILES);
    let pdf = std::fs::read(server.files().join(FILES[1])).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "sent");
    assert!(said.contains("put into"), "{said}");
    sound(&desk);
}

#[test]
fn another_file_of_the_name_is_never_overwritten() {
    let server = server("");
    let desk = drops_into(&server, &server.files());
    let strange = server.files().join(FILES[0]);
    std::fs::write(&strange, "somebody else's").unwrap();
    run(&desk, "10:05");
    let (id, state, said) = delivery(&desk);
    assert_eq!(state, "failed", "{said}");
    assert!(
        said.contains("another file") && said.contains(FILES[0]),
        "{said}"
    );
    assert_eq!(names(&server.files()), [FILES[0]]);
    assert_eq!(std::fs::read(&strange).unwrap(), b"somebody else's");
    std::fs::remove_file(&strange).unwrap();
    let id = id.to_string();
    desk.run(&["outbox", "retry", &id, "--note", "moved away"])
        .ok();
    run(&desk, "10:15");
    assert_eq!(names(&server.files()), FILES);
}

#[test]
fn nothing_is_said_to_a_server_with_another_key() {
    let server = server("");
    let other = format!("SHA256:{}", "A".repeat(43));
    let desk = site(&table(&server, &server.files(), &other));
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "queued");
    assert!(said.contains("somebody may stand between"), "{said}");
    assert!(!server.log().contains("Accepted"), "{}", server.log());
}

#[test]
fn what_the_server_refuses_is_named_and_waited_for() {
    // a folder that is not there
    let plain = server("");
    let desk = drops_into(&plain, &plain.path("nowhere"));
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert!(state == "queued" && said.contains("is not there"), "{said}");
    // no right to write
    let reads = server("ForceCommand internal-sftp -R");
    let desk = drops_into(&reads, &reads.files());
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert!(state == "queued" && said.contains("does not let"), "{said}");
    let checked = desk.run(&["check"]);
    assert!(
        checked.stdout.contains("does not let"),
        "{}",
        checked.stdout
    );
    // a server that is down, and comes back
    let mut down = server("");
    let desk = drops_into(&down, &down.files());
    down.kill();
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert!(
        state == "queued" && said.contains("cannot be reached"),
        "{said}"
    );
    down.restart();
    run(&desk, "11:05");
    assert_eq!(names(&down.files()), FILES);
    assert_eq!(codes(&desk), Vec::<String>::new());
}

#[test]
fn a_full_disk_leaves_nothing_in_part() {
    let (server, empty) = (server(""), tempfile::tempdir().unwrap());
    let Some(disk) = Scene::on_disk(empty.path(), 4) else {
        return;
    };
    let desk = drops_into(&server, &disk.path(""));
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "queued", "{said}");
    assert!(said.contains("its disk may be full"), "{said}");
    assert_eq!(names(&disk.path("")), Vec::<String>::new());
    disk.remount("size=4m");
    run(&desk, "11:05");
    assert_eq!(names(&disk.path("")), FILES);
}
