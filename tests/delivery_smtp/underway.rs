//! Of much mail the first documents leave while what is behind is decided on.

use crate::support::desk::TestDesk;
use crate::support::scene::{Scene, smtp_config, two_by_two};
use crate::support::smtp::{Act, Fake, NO_CUT};
use rusqlite::Connection;

const NOW: &str = "2025-06-02T10:05:00Z";

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
