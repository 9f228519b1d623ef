//! Trouble around poms: no mail server, no place, no permission.

use crate::support::desk::{CATALOGUE, TestDesk, VENDORS};
use crate::support::ports;
use crate::support::scene::{POMS, Scene, output, smtp_config};
use crate::support::smtp::Fake;
use serde_json::json;

use poms::clock::Clock;
use poms::delivery::channel::DeliveryOutcome;
use poms::delivery::engine::DeliveryStore;
use poms::delivery::outbox::{Envelopes, Outbox, OutboxState};
use poms::domain::backoff::BackoffSettings;
use poms::domain::delivery::DeliveryChannel;
use poms::ledger::{Ledger, Mode};

const NOW: &str = "2025-06-02T10:05:00Z";
const SOON: &str = "2025-06-02T10:06:00Z";
const LATER: &str = "2025-06-02T10:40:00Z";

pub(super) fn batch() -> TestDesk {
    let desk = TestDesk::stocked();
    for number in 1..=3 {
        let mut order = TestDesk::plain_order(&format!("W20000{number}"));
        order["customer"]["email"] = json!(format!("c{number}@mail.example"));
        desk.order(&order);
    }
    desk
}

pub(super) fn placed(scene: &Scene) -> i64 {
    scene.count("SELECT COUNT(*) FROM orders WHERE state = 'placed'")
}

#[test]
fn a_mail_server_that_is_down_fails_the_run_in_one_line_and_costs_nothing() {
    let scene = Scene::of(&batch());
    let port = ports::free();
    scene.configure(&smtp_config(port, 3, ""));
    let down = scene.run(&["process"], NOW).fails(1, &[&port.to_string()]);
    assert_eq!(down.stderr.lines().count(), 1, "{}", down.stderr);
    assert_eq!(placed(&scene), 3, "the orders are kept");
    let queued = "SELECT COUNT(*) FROM delivery WHERE state = 'queued'";
    assert_eq!(scene.count(queued), 6);
    // what was tried waits for its time; what the run gave up before trying goes at once
    let server = Fake::usual(&["PIPELINING"]);
    scene.configure(&smtp_config(server.port, 3, ""));
    scene.run(&["process"], SOON).ok();
    scene.run(&["process"], LATER).ok();
    assert_eq!((server.taken(), scene.count(queued)), (6, 0));
    assert_eq!(scene.problems(), Vec::<String>::new());
}

/// Runs poms with this system call failing from its n-th time on.
pub(super) fn failing(
    scene: &Scene,
    call: &str,
    error: &str,
    when: usize,
) -> crate::support::desk::Output {
    let log = scene.path("strace.log").display().to_string();
    let trace = format!("trace={call}");
    let inject = format!("inject={call}:error={error}:when={when}+");
    let args = [
        "-f", "-qq", "-o", &log, "-e", &trace, "-e", &inject, POMS, "process",
    ];
    output(scene.command("strace", &args, NOW))
}

#[test]
fn a_disk_that_fills_or_fails_at_any_write_loses_and_doubles_nothing() {
    let template = Scene::of(&batch());
    let mut tried = 0;
    for (call, error) in [
        ("pwrite64", "ENOSPC"),
        ("fdatasync", "EIO"),
        ("fsync", "EIO"),
        ("renameat2", "EACCES"),
    ] {
        for when in (1..400).step_by(if call == "pwrite64" { 23 } else { 2 }) {
            let scene = template.again();
            let server = Fake::usual(&["PIPELINING"]);
            scene.configure(&smtp_config(server.port, 1, ""));
            let done = failing(&scene, call, error, when);
            let log = std::fs::read_to_string(scene.path("strace.log")).unwrap();
            if !log.contains("(INJECTED)") {
                assert_eq!(done.code, 0, "{}", done.stderr);
                break;
            }
            tried += 1;
            let at = format!("{call} {error} {when}");
            assert_ne!(done.code, -1, "{at}: {}", done.stderr);
            if done.code != 0 {
                assert!(
                    done.code == 1 && !done.stderr.is_empty(),
                    "{at}: {} {}",
                    done.code,
                    done.stderr
                );
                assert!(done.stderr.lines().count() <= 4, "{at}: {}", done.stderr);
            }
            recovers(&scene, &server, &at);
        }
    }
    println!("{tried} failing writes");
    assert!(tried > 20, "{tried}");
}

/// Two runs later everything is placed, once or named as doubtful, and the ledger holds.
pub(super) fn recovers(scene: &Scene, server: &Fake, at: &str) {
    for now in [LATER, "2025-06-02T16:00:00Z"] {
        scene.run(&["process"], now).done();
    }
    assert_eq!(placed(scene), 3, "{at}");
    let unknown = scene.count("SELECT COUNT(*) FROM delivery WHERE state = 'unknown'");
    let sent =
        scene.count("SELECT COUNT(*) FROM delivery WHERE state = 'sent' AND order_id IS NOT NULL");
    let doubtful = scene
        .count("SELECT COUNT(*) FROM delivery WHERE state = 'unknown' AND order_id IS NOT NULL");
    assert_eq!(sent + doubtful, 6, "{at}");
    let taken = {
        let seen = server.seen.lock().unwrap();
        let mut ids: Vec<String> = seen.taken.iter().map(|mail| message_id(mail)).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(all, ids.len(), "{at}: doubled");
        all as i64
    };
    let all_sent = scene.count("SELECT COUNT(*) FROM delivery WHERE state = 'sent'");
    assert!(
        taken >= all_sent && taken <= all_sent + unknown,
        "{at}: {taken}"
    );
    assert_eq!(scene.problems(), Vec::<String>::new(), "{at}");
}

fn message_id(mail: &[u8]) -> String {
    let mail = mail_parser::MessageParser::default().parse(mail).unwrap();
    mail.message_id().unwrap().to_owned()
}

#[test]
fn a_ledger_that_cannot_be_written_fails_in_one_line_and_moves_no_mail() {
    let scene = Scene::of(&batch());
    let server = Fake::usual(&[]);
    scene.configure(&smtp_config(server.port, 1, ""));
    let log = scene.path("strace.log").display().to_string();
    let ledger = scene.path("poms.db").display().to_string();
    let args = [
        "-f",
        "-qq",
        "-o",
        &log,
        "-P",
        &ledger,
        "-e",
        "trace=openat",
        "-e",
        "inject=openat:error=EROFS",
        POMS,
        "process",
    ];
    let done = output(scene.command("strace", &args, NOW)).fails(1, &["poms.db"]);
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    assert_eq!(
        std::fs::read_dir(scene.path("mail/orders/new"))
            .unwrap()
            .count(),
        3
    );
    assert_eq!(server.connections(), 0);
    scene.run(&["process"], NOW).ok();
    assert_eq!(placed(&scene), 3);
}

#[test]
fn a_disk_that_is_nearly_full_fetches_nothing() {
    let scene = Scene::of(&batch());
    let server = Fake::usual(&[]);
    let config = smtp_config(server.port, 1, "");
    scene.configure(&config.replace("free_disk_mib = 1", "free_disk_mib = 1000000"));
    let done = scene.run(&["process"], NOW);
    // a disk of a terabyte would be free enough: no machine of ours is
    let done = done.fails(1, &["MiB", "free_disk"]);
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    assert_eq!(
        std::fs::read_dir(scene.path("mail/orders/new"))
            .unwrap()
            .count(),
        3
    );
    scene.configure(&config);
    scene.run(&["process"], NOW).ok();
    assert_eq!(placed(&scene), 3);
}

#[test]
fn a_delivery_dropped_while_a_run_prepares_it_costs_no_other_its_result() {
    let desk = batch();
    let scene = Scene::of(&desk);
    scene.configure(&smtp_config(ports::free(), 1, ""));
    scene.run(&["process"], NOW);
    scene.run(&["outbox", "list"], LATER).ok();
    let anchor = scene.path("poms.db.anchor");
    let mut ledger = Ledger::open(&scene.path("poms.db"), Mode::Write, "test").unwrap();
    let clock = Clock::Frozen(LATER.parse().unwrap());
    let backoff = BackoffSettings::default();
    let mut state = OutboxState::new(DeliveryChannel::Email);
    let mut book = Outbox {
        ledger: &mut ledger,
        clock: &clock,
        backoff: &backoff,
        envelopes: Envelopes::default(),
        anchor: &anchor,
        state: &mut state,
    };
    let ids: Vec<i64> = book.next(4).unwrap().iter().map(|p| p.id).collect();
    let [marked, ended, drop_ready, drop_ended] = ids[..] else {
        panic!("four are due: {ids:?}");
    };
    assert!(book.record(vec![], &[marked]).unwrap().is_empty());
    for id in [drop_ready, drop_ended] {
        let args = ["outbox", "drop", &id.to_string(), "--note", "by telephone"];
        scene.run(&args, LATER).ok();
    }
    let busy = || DeliveryOutcome::Deferred {
        detail: "451 later".to_owned(),
        retry_after: None,
    };
    let settled = vec![
        (marked, DeliveryOutcome::accepted("250 ok")),
        (ended, busy()),
        (drop_ended, busy()),
    ];
    assert_eq!(book.record(settled, &[drop_ready]).unwrap(), [drop_ready]);
    assert_eq!((book.state.sums.sent, book.state.sums.deferred), (1, 1));
    let state = |id| {
        scene.count(&format!("SELECT CASE state WHEN 'sent' THEN 1 WHEN 'queued' THEN 2 WHEN 'dropped' THEN 3 END FROM delivery WHERE id = {id}"))
    };
    assert_eq!(
        [marked, ended, drop_ready, drop_ended].map(state),
        [1, 2, 3, 3]
    );
    assert!(scene.problems().is_empty(), "{:?}", scene.problems());
}

#[test]
fn nothing_is_done_to_an_older_ledger_until_a_person_accepts_it() {
    let scene = Scene::of(&batch());
    scene.run(&["process"], NOW).ok();
    scene.run(&["backup", "older.db"], NOW).ok();
    let note = ["order", "note", "W200001", "after the copy"];
    scene.run(&note, SOON).ok();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(scene.path(&format!("poms.db{end}")));
    }
    std::fs::rename(scene.path("older.db"), scene.path("poms.db")).unwrap();
    std::fs::write(scene.path("vendors.csv"), VENDORS).unwrap();
    std::fs::write(scene.path("catalogue.csv"), CATALOGUE).unwrap();
    let facts = scene.count("SELECT max(seq) FROM audit");
    // twice: none of them may make the next one believe that all is well
    for _ in 0..2 {
        for args in [
            &["process"][..],
            &["catalogue", "import", "catalogue.csv"],
            &["vendors", "import", "vendors.csv"],
            &["stop", "on", "--note", "x"],
            &note,
            &["order", "hold", "W200001", "--note", "x"],
            &["outbox", "drop", "1", "--note", "x"],
            &["message", "reprocess", "1", "--note", "x"],
            &["import-advices", "catalogue.csv"],
            &["import-invoices", "catalogue.csv"],
        ] {
            scene
                .run(args, SOON)
                .fails(1, &["older than its last anchor"]);
        }
    }
    assert_eq!(scene.count("SELECT max(seq) FROM audit"), facts);
    scene.run(&["recover", "--note", "disk failure"], SOON).ok();
    scene.run(&note, SOON).ok();
    scene.run(&["process"], LATER).ok();
    assert!(scene.problems().is_empty(), "{:?}", scene.problems());
}
