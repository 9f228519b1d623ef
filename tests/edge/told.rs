//! Who hears of what went wrong, and whether what is then typed does what was said.

use crate::support::desk::TestDesk;
use crate::support::postfix::{self, sink};
use crate::support::scene::smtp_config;
use std::thread::sleep;
use std::time::Duration;

/// A stocked site whose mail leaves by this server; without admins unless `admins`.
fn desk(port: u16, admins: bool) -> TestDesk {
    let desk = TestDesk::stocked();
    let config = smtp_config(port, 1, "");
    let config = match admins {
        true => config,
        false => config.replace("[\"ops@shop.example\"]", "[]"),
    };
    desk.file("poms.toml", config.as_bytes());
    desk.order(&TestDesk::plain_order("W1"));
    desk
}

/// A person must mend it: exit 1, as the contract has it, whether a mail to the admins says it too
/// or cron is the only one who can.
#[test]
fn a_refused_purchase_order_is_told_to_cron() {
    if !postfix::installed(postfix::SINK) {
        return;
    }
    for admins in [true, false] {
        let (_group, port) = sink(&["-f", "RCPT"]);
        let desk = desk(port, admins);
        let run = desk.run(&["process"]);
        run.fails(
            1,
            &[
                "Purchase order W1-1",
                "could not be delivered",
                "exceptions show 1)",
            ],
        );
        // once; the mail to the admins was refused as well
        let again = desk.now("2025-06-02T10:15:00Z").run(&["process"]).done();
        assert!(!again.stderr.contains("Purchase order"), "{}", again.stderr);
    }
}

#[test]
fn a_document_that_waits_can_be_hastened_and_is_not_stopped_by_taking_note() {
    if !postfix::installed(postfix::SINK) {
        return;
    }
    let (group, port) = sink(&["-r", "RCPT"]);
    let desk = desk(port, true);
    desk.run(&["process"]).ok();
    desk.now("2025-06-02T11:30:00Z").run(&["process"]).ok();
    let shown = desk.run(&["exceptions", "show", "1"]).ok().stdout;
    assert!(
        shown.contains("waits since 2025-06-02 10:05 UTC"),
        "{shown}"
    );
    assert!(shown.contains("have the next run try it"), "{shown}");
    assert!(shown.contains("take note; poms goes on trying"), "{shown}");
    let retry = ["exceptions", "resolve", "1", "--retry", "--note", "mended"];
    let said = desk.run(&retry).ok().stdout;
    assert!(said.contains("waits no longer"), "{said}");
    drop(group);
    sleep(Duration::from_millis(50));
    let (_group, other) = sink(&[]);
    desk.file("poms.toml", smtp_config(other, 1, "").as_bytes());
    // not due for some minutes but for the retry
    let report = desk.run(&["process", "--json"]).ok().json();
    assert!(report["deliveries"]["sent"].as_i64() >= Some(1), "{report}");
    let po = desk.run(&["po", "show", "W1-1", "--json"]).ok().json();
    let first = desk.run(&["outbox", "show", "1", "--json"]).ok().json();
    assert_eq!(first["state"], "sent", "{first} {po}");
    let trail = desk.run(&["audit", "show", "delivery", "1"]).ok().stdout;
    assert!(
        trail.contains("is to be tried by the next run: mended"),
        "{trail}"
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn when_the_switch_is_off_again_the_order_waits_for_the_run_alone() {
    let desk = TestDesk::stocked();
    desk.run(&["stop", "on", "--note", "moving"]).ok();
    desk.order(&TestDesk::plain_order("W1"))
        .run(&["process"])
        .ok();
    let next = |desk: &TestDesk| desk.run(&["order", "show", "W1"]).ok().stdout;
    assert!(next(&desk).contains("a person decides: retry or cancel"));
    desk.run(&["stop", "off", "--note", "moved"]).ok();
    let shown = next(&desk);
    assert!(
        shown.contains("off again: the next `poms process` checks it"),
        "{shown}"
    );
}
