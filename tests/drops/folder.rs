//! Files in a folder of this machine.

use super::{codes, delivery, names, run, site, sound};
use crate::support::desk::TestDesk;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;

const DROP: &str = "[[vendor_drop]]\nvendor = \"ACME\"\nkind = \"folder\"\npath = \"acme\"\n";

fn folder(more: &str) -> TestDesk {
    let desk = site(&format!("{DROP}{more}"));
    desk.folder("acme");
    desk
}

fn order() -> String {
    let dropped = names_of_order();
    dropped[1].trim_end_matches(".pdf").to_owned()
}

fn names_of_order() -> [String; 2] {
    ["PO-W200001-1.csv".to_owned(), "PO-W200001-1.pdf".to_owned()]
}

#[test]
fn a_purchase_order_is_put_there_whole_and_once() {
    let desk = folder("documents = [\"pdf\", \"csv\", \"json\"]\nmode = \"0644\"\n");
    for time in ["10:05", "10:15"] {
        run(&desk, time);
    }
    let there = names(&desk.path("acme"));
    assert_eq!(there.len(), 3, "{there:?}");
    let stem = order();
    for name in &there {
        assert!(name.starts_with(&stem), "{name}");
        let mode = std::fs::metadata(desk.path("acme").join(name)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o644, "{name}");
    }
    let read = |end: &str| std::fs::read(desk.path("acme").join(format!("{stem}.{end}"))).unwrap();
    assert!(read("pdf").starts_with(b"%PDF-"));
    assert!(read("csv").starts_with(b"po_number,line,vendor_sku,"));
    let json: Value = serde_json::from_slice(&read("json")).unwrap();
    assert_eq!(json["po_number"], "W200001-1");
    assert_eq!(json["lines"][0]["vendor_sku"], "AC-12163");
    assert_eq!(json["lines"][0]["qty"], 3);
    assert_eq!(json["lines"][0]["unit_cost"], "61.50");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "sent");
    assert!(said.contains("put into"), "{said}");
    assert!(desk.mails_to("orders@acme.example").is_empty());
    let shown = desk.run(&["order", "show", "W200001"]).ok();
    assert!(shown.stdout.contains("ACME"), "{}", shown.stdout);
    sound(&desk);
}

#[test]
fn what_is_there_byte_for_byte_was_there_already() {
    let desk = folder("");
    run(&desk, "10:05");
    let (id, ..) = delivery(&desk);
    let there = names(&desk.path("acme"));
    // another site's copy of the outbox, as after a restore: the same files
    let base = rusqlite::Connection::open(desk.path("poms.db")).unwrap();
    base.execute(
        "UPDATE delivery SET state = 'queued', next_attempt = created WHERE id = ?1",
        [id],
    )
    .unwrap();
    drop(base);
    desk.now("2025-06-02T10:15:00Z").run(&["process"]);
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "sent");
    assert!(
        said.contains("was in") && said.contains("already"),
        "{said}"
    );
    assert_eq!(names(&desk.path("acme")), there);
}

#[test]
fn another_file_of_the_name_is_never_overwritten() {
    let desk = folder("");
    let [csv, _] = names_of_order();
    let strange = format!("acme/{csv}");
    desk.file(&strange, b"somebody else's");
    run(&desk, "10:05");
    let (id, state, said) = delivery(&desk);
    assert_eq!(state, "failed");
    assert!(
        said.contains(&csv) && said.contains("another file"),
        "{said}"
    );
    assert_eq!(codes(&desk), ["delivery_failed"]);
    assert_eq!(
        names(&desk.path("acme")),
        [csv],
        "nor is anything beside it"
    );
    assert_eq!(
        std::fs::read(desk.path(&strange)).unwrap(),
        b"somebody else's"
    );
    std::fs::remove_file(desk.path(&strange)).unwrap();
    let id = id.to_string();
    let again = ["outbox", "retry", &id, "--note", "moved away"];
    desk.run(&again).ok();
    run(&desk, "10:15");
    assert_eq!(names(&desk.path("acme")), names_of_order());
    assert_eq!(codes(&desk), Vec::<String>::new());
    sound(&desk);
}

#[test]
fn a_folder_that_is_missing_is_waited_for_and_not_made() {
    let desk = site(DROP);
    run(&desk, "10:05");
    let (_, state, said) = delivery(&desk);
    assert_eq!(state, "queued");
    assert!(said.contains("is not there"), "{said}");
    assert!(!desk.path("acme").exists());
    let said = desk.run(&["check"]);
    assert!(
        said.stdout.contains("drop of ACME") && said.stdout.contains("is not there"),
        "{}",
        said.stdout
    );
    desk.folder("acme");
    let said = desk.run(&["check"]);
    assert!(
        said.stdout.contains("a file can be put into"),
        "{}",
        said.stdout
    );
    assert_eq!(
        names(&desk.path("acme")),
        Vec::<String>::new(),
        "check leaves nothing"
    );
    run(&desk, "10:25");
    assert_eq!(names(&desk.path("acme")), names_of_order());
}

#[test]
fn a_vendor_without_a_drop_is_waited_for_and_told() {
    let desk = site("");
    let done = desk.run(&["process"]);
    assert_eq!(done.code, 1);
    assert!(
        done.stderr
            .contains("no [[vendor_drop]] is set up for vendor 'ACME'"),
        "{}",
        done.stderr
    );
    let checked = desk.run(&["check"]);
    assert!(
        checked
            .stdout
            .contains("takes its purchase orders by a drop"),
        "{}",
        checked.stdout
    );
    desk.config(DROP);
    desk.folder("acme");
    run(&desk, "10:15");
    assert_eq!(names(&desk.path("acme")), names_of_order());
}

#[test]
fn sent_again_it_has_names_of_its_own_and_says_so() {
    let desk = folder("documents = [\"json\"]\n");
    run(&desk, "10:05");
    desk.run(&["po", "resend", "W200001-1", "--note", "they lost it"])
        .ok();
    run(&desk, "10:15");
    let there = names(&desk.path("acme"));
    assert_eq!(there, ["PO-W200001-1-again1.json", "PO-W200001-1.json"]);
    let again = std::fs::read(desk.path("acme").join(&there[0])).unwrap();
    let again: Value = serde_json::from_slice(&again).unwrap();
    assert_eq!(again["possible_duplicate"], true);
    sound(&desk);
}

#[test]
fn a_cancellation_still_goes_by_mail() {
    let desk = folder("");
    run(&desk, "10:05");
    desk.run(&["order", "cancel", "W200001", "--note", "customer called"])
        .ok();
    run(&desk, "10:15");
    let mails = desk.mails_to("orders@acme.example");
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].subject().contains("W200001-1"),
        "{}",
        mails[0].subject()
    );
    assert_eq!(names(&desk.path("acme")), names_of_order());
}

#[test]
fn what_does_not_fit_the_configuration_is_refused_at_start() {
    let desk = TestDesk::stocked();
    for (table, word) in [
        ("documents = [\"docx\"]\n", "none of: pdf, csv, json"),
        ("documents = []\n", "is empty"),
        ("mode = \"0755\"\n", "must be a file's mode"),
        ("mode = \"9\"\n", "must be a file's mode"),
        ("colour = \"red\"\n", "colour"),
    ] {
        desk.config(&format!("{DROP}{table}"));
        desk.run(&["status"]).fails(2, &[word]);
    }
    desk.config(&format!("{DROP}{DROP}"));
    desk.run(&["status"]).fails(2, &["has a drop already"]);
    let rows = "id,name,email,fax,channel,zip\nACME,Acme,,,drop,04101\n";
    desk.config("").file("v.csv", rows.as_bytes());
    let said = desk.run(&["vendors", "import", "v.csv"]);
    assert!(
        said.code != 0 && said.stderr.contains("go by mail"),
        "{}",
        said.stderr
    );
}
