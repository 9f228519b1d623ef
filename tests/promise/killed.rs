//! The customer's first mail waits for UPS: killed at every commit of the run, there is exactly one
//! in the end, and one purchase order. Every second commit in `tests/run`, all in `tests/faults`.

use super::{order_to, site};
use crate::kill::step;
use crate::kill::strace::{occurrences, strike, traced};
use crate::support::scene::{Scene, output};
use crate::support::ups::Ups;

/// Mails in the outgoing Maildir to this address.
fn sent(scene: &Scene, to: &str) -> usize {
    let files = std::fs::read_dir(scene.path("mail/sent/new")).unwrap();
    let is = |raw: &Vec<u8>| {
        let mail = mail_parser::MessageParser::default().parse(raw).unwrap();
        let first = mail.to().and_then(|to| to.first());
        first.and_then(|one| one.address()) == Some(to)
    };
    let mails = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    mails.filter(is).count()
}

fn judge(scene: &Scene, at: &str) {
    for now in ["2025-06-02T11:05:00Z", "2025-06-02T15:05:00Z"] {
        let done = scene.run(&["process"], now);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{at}");
    }
    assert_eq!(sent(scene, "W1@mail.example"), 1, "{at}");
    assert_eq!(sent(scene, "orders@acme.example"), 1, "{at}");
    let told = "SELECT count(*) FROM promise WHERE asked IS NOT NULL AND told = deliver_by";
    assert_eq!(scene.count(told), 1, "{at}");
    assert_eq!(scene.problems(), Vec::<String>::new(), "{at}");
}

#[test]
fn one_mail_wherever_the_run_is_killed() {
    let ups = Ups::start("2025-06-06");
    let desk = site(&ups, "");
    desk.order(&order_to("W1", "65367"));
    let before = Scene::of(&desk);
    let whole = before.again();
    let done = output(traced(&whole, "fdatasync", None));
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let commits = occurrences(&whole.path("strace.log"), "fdatasync");
    assert!(commits > 5, "{commits} commits");
    judge(&whole, "undisturbed");
    let mut fired = 0;
    for when in (1..=commits).step_by(step(2)) {
        let scene = before.again();
        fired += usize::from(strike(&scene, "fdatasync", when));
        judge(&scene, &format!("killed at commit {when}"));
    }
    assert!(fired > 0, "none of {commits} struck");
}
