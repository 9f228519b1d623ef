//! What SQLite had committed, and a disk lost: the write-ahead log, whole or its end. What poms then
//! sent or filed nobody in the house would know of, but for the anchors that stand before each effect.

use crate::support::desk::TestDesk;
use crate::support::scene::{POMS, Scene, smtp_config};
use crate::support::smtp;
use std::time::{Duration, Instant};

const NOW: &str = "2025-06-02T10:05:00Z";
const LATER: &str = "2025-06-02T10:15:00Z";

fn orders(desk: &TestDesk, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let mut order = TestDesk::plain_order(&format!("W3{number:05}"));
        order["customer"]["email"] = format!("c{number}@mail.example").into();
        desk.order(&order);
    }
}

/// A site with so many orders, whose run was killed when the server had taken so many mails.
fn killed(number: u32, when: usize) -> (Scene, smtp::Fake) {
    let desk = TestDesk::stocked();
    orders(&desk, 0..number);
    let scene = Scene::of(&desk);
    let server = smtp::Fake::start(&["PIPELINING"], smtp::NO_CUT, |_| smtp::Act::Usual);
    scene.configure(&smtp_config(server.port, 1, ""));
    let mut run = scene.command(POMS, &["process"], NOW).spawn().unwrap();
    let taken = || server.seen.lock().unwrap().taken.len();
    let begun = Instant::now();
    while taken() < when && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    (scene, server)
}

#[test]
fn a_log_that_is_lost_while_mail_leaves_is_noticed_and_recover_leads_on() {
    let (scene, server) = killed(12, 5);
    let taken = || server.seen.lock().unwrap().taken.len();
    assert!(taken() >= 5);
    let filed = std::fs::read_dir(scene.path("mail/orders/.Processed/cur"))
        .unwrap()
        .count();
    assert_eq!(filed, 12, "filed before anything is sent");
    for end in ["-wal", "-shm"] {
        std::fs::remove_file(scene.path(&format!("poms.db{end}"))).unwrap();
    }
    let sent = taken();
    for args in [
        &["process"][..],
        &["stop", "on", "--note", "x"],
        &["process", "--dry-run"],
    ] {
        scene.run(args, LATER).fails(
            1,
            &["older than its last anchor", "-wal", "poms recover --note"],
        );
    }
    scene
        .run(&["--quiet", "verify"], LATER)
        .fails(1, &["rows were removed"]);
    assert_eq!(taken(), sent);
    let said = scene
        .run(&["recover", "--note", "the disk lost the log"], LATER)
        .ok()
        .stdout;
    for word in ["are not in it", "Processed", "outbox drop"] {
        assert!(said.contains(word), "{said}");
    }
    scene.run(&["verify"], LATER).ok();
    scene.run(&["process"], LATER).ok();
    assert_eq!(taken(), sent, "nothing leaves twice by itself");
    // what the person moves back is taken as new
    let back = std::fs::read_dir(scene.path("mail/orders/.Processed/cur"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    std::fs::rename(back.path(), scene.path("mail/orders/new/back")).unwrap();
    scene.run(&["process"], LATER).ok();
    assert_eq!(taken(), sent + 2);
    scene.run(&["verify"], LATER).ok();
}

#[test]
fn every_commit_that_mail_was_filed_or_sent_on_has_its_anchor_before() {
    // the log's end is lost, frame by frame: what was done outside is always known to the anchors
    let (scene, _server) = killed(3, 4);
    let log = std::fs::read(scene.path("poms.db-wal")).unwrap();
    let anchored = std::fs::read_to_string(scene.path("poms.db.anchor")).unwrap();
    let last = anchored.lines().last().unwrap();
    let last: i64 = last.split([':', ',']).nth(1).unwrap().parse().unwrap();
    const FRAME: usize = 4096 + 24;
    let frames = (log.len() - 32) / FRAME;
    let (mut refused, mut whole) = (0, 0);
    let some = (0..frames).step_by((frames / 24).max(1));
    for left in some.chain([frames]) {
        let scene = scene.again();
        let _ = std::fs::remove_file(scene.path("poms.db-shm"));
        std::fs::write(scene.path("poms.db-wal"), &log[..32 + left * FRAME]).unwrap();
        let done = scene.run(&["stop", "on", "--note", "x"], LATER);
        let facts = scene.count("SELECT coalesce(max(seq), 0) FROM audit");
        match done.code {
            0 => {
                assert!(
                    facts > last,
                    "{left} frames of {frames}: {facts} facts, anchored {last}"
                );
                whole += 1;
            }
            _ => {
                assert!(
                    done.stderr.contains("older than its last anchor"),
                    "{}",
                    done.stderr
                );
                refused += 1;
            }
        }
    }
    assert!(
        refused > 10 && whole > 0,
        "{refused} refused, {whole} whole"
    );
}
