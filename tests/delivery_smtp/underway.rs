//! Of much mail the first documents leave while what is behind is decided on.

use crate::support::desk::TestDesk;
use crate::support::scene::{POMS, Scene, smtp_config, two_by_two};
use crate::support::smtp::{Act, Fake, NO_CUT};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};

const NOW: &str = "2025-06-02T10:05:00Z";
const LATER: &str = "2025-06-02T11:05:00Z";

/// Ten orders, which come two by two.
fn ten(server: &Fake) -> Scene {
    let desk = TestDesk::stocked();
    for number in 1..=10 {
        let mut order = TestDesk::plain_order(&format!("W2000{number:02}"));
        order["customer"]["email"] = format!("c{number}@mail.example").into();
        desk.order(&order);
    }
    let scene = Scene::of(&desk);
    scene.configure(&two_by_two(&smtp_config(server.port, 2, "")));
    scene
}

fn number(scene: &Scene, question: &str) -> i64 {
    let ledger = Connection::open(scene.path("poms.db")).unwrap();
    ledger.query_row(question, [], |row| row.get(0)).unwrap()
}

#[test]
fn documents_leave_while_the_mail_behind_is_decided_on() {
    let server = Fake::start(&["PIPELINING"], NO_CUT, |_| Act::Usual);
    let scene = ten(&server);
    scene.run(&["process"], NOW).ok();
    let placed = "SELECT max(seq) FROM audit WHERE kind = 'order.placed'";
    let sent = "SELECT min(seq) FROM audit WHERE kind = 'delivery.sent'";
    assert!(number(&scene, sent) < number(&scene, placed));
    let taken = server.seen.lock().unwrap().taken.len();
    let rows = "SELECT count(*) FROM delivery WHERE state = 'sent'";
    assert_eq!((taken, number(&scene, rows)), (20, 20));
    scene.run(&["verify"], NOW).ok();
}

/// The connections that were tried meanwhile are this run's: the stage that sends asks no second time.
#[test]
fn a_server_that_has_no_time_is_left_alone_for_the_run() {
    let server = Fake::start(&["PIPELINING"], NO_CUT, |stage| match stage.name.as_str() {
        "connect" => Act::SayAndClose("421 4.3.2 come later"),
        _ => Act::Usual,
    });
    let scene = ten(&server);
    let done = scene.run(&["process"], NOW);
    assert_eq!(done.code, 1, "{}", done.stderr);
    assert_eq!(
        done.stderr.matches("come later").count(),
        1,
        "{}",
        done.stderr
    );
    assert!(server.seen.lock().unwrap().connections <= 6);
    assert_eq!(
        number(&scene, "SELECT count(*) FROM orders WHERE state = 'placed'"),
        10
    );
    assert_eq!(
        number(
            &scene,
            "SELECT count(*) FROM delivery WHERE state = 'queued'"
        ),
        20
    );
}

/// The site after a run that was killed when the server had its ninth mail and had not said so, while many
/// more were marked; and the server.
fn killed() -> (Scene, Fake) {
    let (pid, asked) = (Arc::new(AtomicI32::new(0)), AtomicUsize::new(0));
    let target = pid.clone();
    let server = Fake::start(&["PIPELINING"], NO_CUT, move |stage| {
        // the server is asked twice about each body: whether to take it, and what to say
        if stage.name != "body" || asked.fetch_add(1, Ordering::SeqCst) != 17 {
            return Act::Usual;
        }
        while target.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        kill(
            Pid::from_raw(target.load(Ordering::SeqCst)),
            Signal::SIGKILL,
        )
        .unwrap();
        Act::Close
    });
    let scene = ten(&server);
    scene.configure(&smtp_config(server.port, 1, ""));
    let mut child = scene.command(POMS, &["process"], NOW).spawn().unwrap();
    pid.store(child.id() as i32, Ordering::SeqCst);
    assert!(!child.wait().unwrap().success());
    (scene, server)
}

const SENDING: &str = "SELECT count(*) FROM delivery WHERE state = 'sending'";

/// Twenty mails of which each was taken once; so many are unknown.
fn are_taken_once(scene: &Scene, server: &Fake, unknown: i64) {
    let states = |state: &str| {
        number(
            scene,
            &format!(
                "SELECT count(*) FROM delivery WHERE order_id IS NOT NULL AND state = '{state}'"
            ),
        )
    };
    assert_eq!((states("unknown"), states("sent")), (unknown, 20 - unknown));
    let seen = server.seen.lock().unwrap();
    let mut ids = BTreeSet::new();
    for mail in &seen.taken {
        let mail = mail_parser::MessageParser::default().parse(mail).unwrap();
        let id = mail.message_id().unwrap().to_owned();
        assert!(ids.insert(id), "taken twice");
    }
    for row in ["unknown", "sent"] {
        let sql = format!(
            "SELECT count(*) FROM delivery d WHERE state = '{row}' AND NOT EXISTS (SELECT 1 FROM exception WHERE delivery_id = d.id AND code = 'delivery_unknown' AND state = 'open')"
        );
        assert_eq!(number(scene, &sql) > 0, row == "sent");
    }
}

#[test]
fn after_a_kill_only_what_was_on_the_wire_is_unknown() {
    let (scene, server) = killed();
    assert!(
        number(&scene, SENDING) > 3,
        "many were marked before their turn"
    );
    scene.run(&["process"], LATER);
    // that one, and the mail to the admins about it is another
    are_taken_once(&scene, &server, 1);
    scene.run(&["verify"], LATER).ok();
    assert!(!scene.path("poms.db.sending").exists());
}

/// What a killed process wrote is lost with the machine: then nobody knows of any that was marked.
#[test]
fn after_a_power_cut_all_that_were_marked_are_unknown() {
    for (from, to) in [(15, "z"), (0, "x")] {
        let (scene, server) = killed();
        let marked = number(&scene, SENDING);
        let journal = scene.path("poms.db.sending");
        let mut text = std::fs::read_to_string(&journal).unwrap();
        text.replace_range(from..from + 1, to);
        std::fs::write(&journal, text).unwrap();
        scene.run(&["process"], LATER);
        are_taken_once(&scene, &server, marked);
        scene.run(&["verify"], LATER).ok();
    }
}

/// A copy of the ledger of another time: the journal is not of it.
#[test]
fn a_journal_of_another_ledger_says_nothing() {
    let (scene, server) = killed();
    let marked = number(&scene, SENDING);
    let journal = scene.path("poms.db.sending");
    let text = std::fs::read_to_string(&journal).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let (head, _) = first.rsplit_once(' ').unwrap();
    std::fs::write(&journal, format!("{head} {}\n{rest}", "0".repeat(64))).unwrap();
    scene.run(&["process"], LATER);
    are_taken_once(&scene, &server, marked);
}

#[test]
fn where_the_journal_cannot_be_mail_leaves_all_the_same() {
    let desk = TestDesk::stocked();
    std::fs::create_dir(desk.path("poms.db.sending")).unwrap();
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).ok();
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);
    desk.run(&["verify"]).ok();
}
