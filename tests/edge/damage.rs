//! A ledger that others hold, or that is damaged.

use super::full;
use crate::support::desk::{CATALOGUE, TestDesk, VENDORS};
use crate::support::scene::{POMS, Scene, output};
use rusqlite::Connection;
use serde_json::json;
use std::time::{Duration, Instant};

const YESTERDAY: &str = "2025-06-01T10:05:00Z";
const NOW: &str = "2025-06-02T10:05:00Z";
const LATER: &str = "2025-06-02T10:15:00Z";

/// Orders that were placed the day before, and one that waits.
fn site() -> Scene {
    let desk = TestDesk::new();
    desk.now(YESTERDAY);
    let desk = desk.vendors(VENDORS).catalogue(CATALOGUE);
    for number in 1..=4 {
        let mut order = TestDesk::plain_order(&format!("W20000{number}"));
        order["date"] = json!("2025-06-01T06:01:52-04:00");
        order["customer"]["email"] = json!(format!("c{number}@mail.example"));
        desk.order(&order);
    }
    desk.run(&["process"]).ok();
    desk.now(NOW);
    let mut order = TestDesk::plain_order("W200009");
    order["customer"]["email"] = json!("c9@mail.example");
    desk.order(&order);
    Scene::of(&desk)
}

fn files(scene: &Scene, folder: &str) -> usize {
    std::fs::read_dir(scene.path(folder)).unwrap().count()
}

#[test]
fn a_ledger_that_another_program_holds_is_waited_for_and_then_named() {
    let scene = site();
    let mail = files(&scene, "mail/sent/new");
    let other = Connection::open(scene.path("poms.db")).unwrap();
    // a reader that never ends is in nobody's way
    other
        .execute_batch("BEGIN; SELECT count(*) FROM orders")
        .unwrap();
    let held = scene.again();
    scene.run(&["process"], NOW).ok();
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(files(&scene, "mail/sent/new"), mail + 2);
    scene.run(&["verify"], NOW).ok();

    // a writer is waited for, 10 s at most
    let other = Connection::open(held.path("poms.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let done = held
        .run(&["process"], NOW)
        .fails(1, &["the ledger is busy", "fuser"]);
    let took = begun.elapsed();
    assert!(
        took > Duration::from_secs(9) && took < Duration::from_secs(30),
        "{took:?}"
    );
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    assert_eq!(
        (
            files(&held, "mail/orders/new"),
            files(&held, "mail/sent/new")
        ),
        (1, mail)
    );
    let mut waiting = held.command(POMS, &["process"], NOW).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    assert!(waiting.try_wait().unwrap().is_none(), "it waits");
    other.execute_batch("COMMIT").unwrap();
    assert!(waiting.wait().unwrap().success());
    assert_eq!(files(&held, "mail/sent/new"), mail + 2);
}

/// What a run and `verify` made of a damaged ledger.
#[derive(Default, Debug)]
struct Tally {
    refused: usize,
    found: usize,
    harmless: usize,
}

/// Changes eight bytes, and looks what comes of it.
fn flipped(template: &Scene, start: usize, tally: &mut Tally) {
    let scene = template.again();
    let path = scene.path("poms.db");
    let mut bytes = std::fs::read(&path).unwrap();
    for byte in &mut bytes[start..start + 8] {
        *byte ^= 0x5a;
    }
    std::fs::write(&path, &bytes).unwrap();
    let (mail, waiting) = (
        files(&scene, "mail/sent/new"),
        files(&scene, "mail/orders/new"),
    );
    let done = scene.run(&["process"], NOW);
    let at = format!("byte {start}: {}", done.stderr);
    assert!(matches!(done.code, 0 | 1), "{at}");
    assert!(!done.stderr.contains("a fault inside poms"), "{at}");
    if done.code == 1 {
        assert!(done.stderr.lines().count() <= 3, "{at}");
        assert_eq!(
            files(&scene, "mail/sent/new"),
            mail,
            "{at}: something was sent"
        );
        assert_eq!(
            files(&scene, "mail/orders/new"),
            waiting,
            "{at}: mail was filed"
        );
        tally.refused += 1;
        return;
    }
    // SQLite's structure holds: what a row says may be changed, and that is for verify
    let verified = scene.run(&["--quiet", "verify"], LATER);
    assert!(matches!(verified.code, 0 | 1), "{at}: {}", verified.stderr);
    match verified.code {
        0 => {
            // in room that nothing uses: the waiting order went out, once
            assert_eq!(files(&scene, "mail/sent/new"), mail + 2, "{at}");
            tally.harmless += 1;
        }
        _ => tally.found += 1,
    }
}

#[test]
fn bytes_flipped_on_any_page_never_crash_a_run_and_a_refused_one_sends_nothing() {
    let template = site();
    let base = Connection::open(template.path("poms.db")).unwrap();
    base.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let size: i64 = base
        .query_row("PRAGMA page_size", [], |row| row.get(0))
        .unwrap();
    drop(base);
    let size = usize::try_from(size).unwrap();
    let pages = std::fs::metadata(template.path("poms.db")).unwrap().len() as usize / size;
    let mut tally = Tally::default();
    for page in (0..pages).step_by(if full() { 1 } else { 13 }) {
        // its head, somewhere in the middle, and its end, where the first rows of a page lie
        for place in [0, (page * 977) % (size - 8), size - 8] {
            flipped(&template, page * size + place, &mut tally);
        }
    }
    println!("{pages} pages: {tally:?}");
    assert!(
        tally.refused > 0 && tally.found + tally.harmless > 0,
        "{tally:?}"
    );
}

/// The row of a run that died may be lost with the end of the ledger: the last that is left ended in
/// order, that day.
#[test]
fn the_structure_is_checked_after_a_run_whose_own_row_is_lost() {
    let scene = site();
    scene.run(&["process"], NOW).ok();
    let ledger = Connection::open(scene.path("poms.db")).unwrap();
    ledger
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    drop(ledger);
    // a page that belongs to nothing: no stage of a run looks there, only SQLite's check
    let mut bytes = std::fs::read(scene.path("poms.db")).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    bytes.resize(bytes.len() + size, 0);
    let pages = u32::try_from(bytes.len() / size).unwrap();
    bytes[28..32].copy_from_slice(&pages.to_be_bytes());
    std::fs::write(scene.path("poms.db"), bytes).unwrap();
    scene.run(&["process"], "2025-06-02T10:15:00Z").ok();

    // the lock file knows of a run that died, until one has begun again
    let lock = scene.path("poms.db.lock");
    let kept = std::fs::read_to_string(&lock).unwrap();
    assert!(kept.contains("\nended"), "{kept}");
    std::fs::write(&lock, kept.replace("\nended", "\nrunning")).unwrap();
    for now in ["2025-06-02T10:25:00Z", "2025-06-02T10:35:00Z"] {
        scene
            .run(&["process"], now)
            .fails(1, &["damaged", "poms backup"]);
    }
}

#[test]
fn a_ledger_cut_short_or_of_nonsense_is_refused_and_a_backup_brings_it_back() {
    let template = site();
    let mail = files(&template, "mail/sent/new");
    template.run(&["backup", "kept.db"], NOW).ok();
    let whole = std::fs::read(template.path("kept.db")).unwrap();
    let half = whole.len() / 2;
    let mut zeroed = whole.clone();
    zeroed[4096..half].fill(0);
    for (name, bytes) in [
        ("half", &whole[..half]),
        ("half a page", &whole[..2000]),
        ("zeroed", &zeroed),
        ("nonsense", &[b'x'; 9000][..]),
    ] {
        let scene = template.again();
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(scene.path(&format!("poms.db{end}")));
        }
        std::fs::write(scene.path("poms.db"), bytes).unwrap();
        let done = scene
            .run(&["process"], NOW)
            .fails(1, &["damaged", "poms backup"]);
        assert_eq!(done.stderr.lines().count(), 1, "{name}: {}", done.stderr);
        for args in [&["verify"][..], &["status"], &["order", "list"], &["check"]] {
            let done = scene.run(args, NOW);
            assert_eq!(
                done.code, 1,
                "{name} {args:?}: {}{}",
                done.stdout, done.stderr
            );
            assert!(
                !done.stderr.contains("a fault inside poms"),
                "{}",
                done.stderr
            );
        }
        assert_eq!(
            (
                files(&scene, "mail/sent/new"),
                files(&scene, "mail/orders/new")
            ),
            (mail, 1),
            "{name}"
        );
        // the drill of the README: aside with the old one, the copy in its place
        std::fs::rename(scene.path("poms.db"), scene.path("damaged.db")).unwrap();
        let mut restore = scene.command("install", &["-m", "600", "kept.db", "poms.db"], NOW);
        assert!(restore.status().unwrap().success());
        scene.run(&["process"], NOW).ok();
        scene.run(&["verify"], NOW).ok();
        assert_eq!(
            files(&scene, "mail/sent/new"),
            mail + 2,
            "{name}: the waiting order, once"
        );
    }
}

#[test]
fn a_ledger_that_is_gone_is_not_begun_anew() {
    let scene = site();
    scene.run(&["process"], NOW).ok();
    let mail = files(&scene, "mail/sent/new");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(scene.path(&format!("poms.db{end}")));
    }
    for args in [
        &["process"][..],
        &["process", "--dry-run"],
        &["stop", "off", "--note", "all is well"],
        &["exceptions", "list"],
        &["verify"],
        &["check"],
    ] {
        let done = scene.run(args, LATER);
        assert_eq!(done.code, 1, "{args:?}: {}", done.stderr);
        let said = done.stdout + &done.stderr;
        assert!(
            said.contains("is gone") && said.contains("poms recover"),
            "{said}"
        );
        assert!(!scene.path("poms.db").exists(), "{args:?}");
    }
    let begin = ["recover", "--note", "the disk died, and there is no backup"];
    scene.run(&begin, LATER).ok();
    scene.run(&["process"], LATER).ok();
    assert_eq!(files(&scene, "mail/sent/new"), mail);
}

#[test]
fn an_older_copy_put_back_sends_nothing_until_a_person_says_so() {
    let scene = site();
    scene.run(&["backup", "kept.db"], NOW).ok();
    scene.run(&["process"], NOW).ok();
    let mail = files(&scene, "mail/sent/new");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(scene.path(&format!("poms.db{end}")));
    }
    let restored = output(scene.command("install", &["-m", "600", "kept.db", "poms.db"], NOW));
    assert_eq!(restored.code, 0);
    let done = scene
        .run(&["process"], LATER)
        .fails(1, &["older than its last anchor", "poms recover"]);
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    assert_eq!(files(&scene, "mail/sent/new"), mail);
    scene
        .run(
            &[
                "recover",
                "--note",
                "disk failure; the mail log was compared",
            ],
            LATER,
        )
        .ok();
    scene.run(&["process"], LATER).ok();
    // the order's mail lies in Processed: only a person puts it back
    assert_eq!(files(&scene, "mail/sent/new"), mail);
    scene.run(&["verify"], LATER).ok();
}

/// A word of a row that nobody can read is named by its place, and is nothing that can be read instead.
#[test]
fn a_time_that_cannot_be_read_is_named_by_its_place() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    let ledger = rusqlite::Connection::open(desk.path("poms.db")).unwrap();
    let change = "UPDATE delivery SET created = 'soon' WHERE id = 1";
    assert_eq!(ledger.execute(change, []).unwrap(), 1);
    let place = "table delivery, row 1, column created: 'soon' is not a time";
    desk.run(&["outbox", "list", "--all"]).fails(1, &[place]);
}
