//! Where mail lies when it has its outcome: what an admin sees with any mail program.

use crate::support::desk::TestDesk;
use crate::support::scene::{POMS, Scene, output};
use serde_json::Value;

const NOW: &str = "2025-06-02T10:05:00Z";
const LATER: &str = "2025-06-02T10:15:00Z";

/// A good order, one that a rule holds, one that a stranger could have written, one that was damaged
/// on its way, and one that is too large.
fn batch() -> TestDesk {
    let desk = TestDesk::stocked();
    desk.config("");
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let text = text.replace("[limits]", "[limits]\nmessage_mib = 1");
    desk.file("poms.toml", text.as_bytes());
    let mut bad = TestDesk::plain_order("W200002");
    bad["ship_to"]["zip"] = "10001".into();
    desk.order(&TestDesk::plain_order("W200001")).order(&bad);
    desk.raw_mail(b"From: a@b.example\r\nSubject: open?\r\n\r\nwhen are you open?\r\n");
    desk.sealed_mail(
        b"-----BEGIN PGP MESSAGE-----\r\n\r\nwcBMA0000\r\n-----END PGP MESSAGE-----\r\n",
    );
    let mut large = b"From: a@b.example\r\nSubject: large\r\n\r\n".to_vec();
    large.resize(2 << 20, b'x');
    desk.raw_mail(&large);
    desk
}

fn lies(scene: &Scene, folder: &str) -> usize {
    let folder = scene.path(&format!("mail/orders/{folder}"));
    std::fs::read_dir(folder).map_or(0, |entries| entries.count())
}

/// As they lie: waiting, processed, quarantined.
fn filed(scene: &Scene) -> (usize, usize, usize) {
    let waiting = lies(scene, "new") + lies(scene, "cur");
    (
        waiting,
        lies(scene, ".Processed/cur"),
        lies(scene, ".Quarantine/cur"),
    )
}

fn states(scene: &Scene, state: &str) -> usize {
    let listed = scene.run(&["--json", "message", "list"], LATER).ok().json();
    let rows = listed["messages"].as_array().unwrap();
    rows.iter()
        .filter(|row: &&Value| row["state"] == state)
        .count()
}

#[test]
fn what_could_not_be_read_lies_in_quarantine_and_all_else_in_processed() {
    let scene = Scene::of(&batch());
    scene.run(&["process"], NOW).ok();
    assert_eq!(filed(&scene), (0, 3, 2));
    assert_eq!(
        (states(&scene, "quarantined"), states(&scene, "held")),
        (2, 1)
    );
    // a copy of what could not be read goes where the first lies
    let from = scene.path("mail/orders/.Quarantine/cur");
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, scene.path("mail/orders/new/9.again")).unwrap();
    }
    let report = scene.run(&["process", "--json"], LATER).ok().json();
    assert_eq!(report["messages"]["duplicate"], 1);
    assert_eq!(filed(&scene), (0, 3, 3));
}

#[test]
fn a_run_that_is_killed_before_it_files_files_in_the_next_one() {
    let template = Scene::of(&batch());
    for when in 1..=5 {
        let scene = template.again();
        let log = scene.path("strace.log").display().to_string();
        let inject = format!("inject=renameat2:signal=KILL:when={when}");
        let args = [
            "-f",
            "-qq",
            "-o",
            &log,
            "-e",
            "trace=renameat2",
            "-e",
            &inject,
            POMS,
            "process",
        ];
        let killed = output(scene.command("strace", &args, NOW));
        assert_ne!(killed.code, 0, "{when}: no kill");
        let report = scene.run(&["process", "--json"], LATER).ok().json();
        assert_eq!(
            report["messages"]["seen"], 0,
            "{when}: all had their outcomes"
        );
        assert_eq!(filed(&scene), (0, 3, 2), "{when}");
        assert_eq!(scene.count("SELECT COUNT(*) FROM message"), 5);
        assert_eq!(scene.count("SELECT COUNT(*) FROM orders"), 2);
        assert_eq!(scene.problems(), Vec::<String>::new(), "{when}");
    }
}

/// IMAP carries lines that end in CRLF, a Maildir has what its server wrote.
#[test]
fn a_mail_whose_lines_end_otherwise_is_the_same_mail() {
    let desk = TestDesk::stocked();
    desk.config("");
    let mail =
        "From: Eve <eve@other.example>\nSubject: open?\nMessage-ID: <1@other.example>\n\nwhen?\n";
    for text in [mail.to_owned(), mail.replace('\n', "\r\n"), mail.to_owned()] {
        desk.raw_mail(text.as_bytes());
        desk.run(&["process"]).ok();
    }
    let list = |what: &[&str], key: &str| {
        let said = desk.run(&[what, &["--json"]].concat()).ok().json();
        said[key].as_array().unwrap().len()
    };
    assert_eq!(list(&["message", "list"], "messages"), 1);
    assert_eq!(list(&["exceptions", "list"], "exceptions"), 1);
    desk.run(&["verify"]).ok();
}
