//! The fax API on a whole site: every way in which it can end, and what follows in later runs.

use super::{log, run, sound, stands, with_order};
use crate::support::sinch::{Act, FakeSinch};
use serde_json::json;

#[test]
fn a_fax_is_handed_over_and_its_arrival_is_asked_for_later() {
    let fake = FakeSinch::start();
    let desk = with_order(&fake);
    let report = run(&desk, "10:05");
    assert_eq!(report["deliveries"]["sent"], 2, "{report:#}");
    fake.all_fine();
    assert_eq!(fake.taken(), 1);
    fake.with(|state| {
        assert_eq!(state.faxes[0]["to"], "+12075550142");
        assert_eq!(state.faxes[0]["from"], "+12075550199");
    });
    let line = log(&desk);
    assert_eq!(line["outcome"], "handed_over", "{line:#}");
    assert_eq!(
        (&line["po"], &line["job"]),
        (&json!("W200001-1"), &json!("01FAX0001"))
    );
    assert_eq!(stands(&desk), ("sent".to_owned(), vec![]));
    run(&desk, "10:15");
    assert_eq!(log(&desk)["status"], "QUEUED");
    fake.ends(0, json!({"status": "COMPLETED", "numberOfPages": 2, "retryCount": 1, "completedTime": "2025-06-02T10:02:31Z"}));
    run(&desk, "10:25");
    let line = log(&desk);
    assert_eq!(line["outcome"], "delivered", "{line:#}");
    assert_eq!(
        (&line["pages"], &line["seconds"], &line["attempts"]),
        (&json!(2), &json!(91), &json!(2))
    );
    let asked = fake.with(|state| state.requests.len());
    run(&desk, "10:35");
    assert_eq!(fake.with(|state| state.requests.len()), asked, "it is over");
    let text = desk.run(&["fax", "log", "--po", "W200001-1"]).ok().stdout;
    for word in ["arrived", "1:31", "+12075550142", "poms po", "resend"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    sound(&desk);
}

#[test]
fn a_fax_that_fails_an_hour_after_it_was_taken_is_an_exception() {
    let fake = FakeSinch::start();
    let desk = with_order(&fake);
    run(&desk, "10:05");
    for time in ["10:15", "10:25"] {
        run(&desk, time);
    }
    fake.ends(
        0,
        json!({"status": "FAILURE", "errorType": "CALL_ERROR", "errorCode": 34,
        "errorMessage": "Phone number not operational"}),
    );
    let report = run(&desk, "11:05");
    assert_eq!(report["deliveries"]["failed"], 1, "{report:#}");
    assert_eq!(
        stands(&desk),
        ("failed".to_owned(), vec!["delivery_failed".to_owned()])
    );
    let line = log(&desk);
    assert_eq!(line["outcome"], "failed", "{line:#}");
    assert!(
        line["resend"]
            .as_str()
            .unwrap()
            .starts_with("poms outbox retry")
    );
    let list = desk.run(&["fax", "log"]).ok().stdout;
    assert!(list.contains("CALL_ERROR"), "{list}");
    assert_eq!(fake.taken(), 1, "another call would end the same way");
    sound(&desk);
}

#[test]
fn a_busy_line_is_called_again_a_bounded_number_of_times() {
    let fake = FakeSinch::start();
    let desk = super::site(&fake, super::VENDORS, "attempts = 2");
    desk.order(&crate::support::desk::TestDesk::plain_order("W200001"));
    run(&desk, "10:05");
    let busy = json!({"status": "FAILURE", "errorType": "CALL_ERROR", "errorCode": 17, "errorMessage": "Busy"});
    fake.ends(0, busy.clone());
    let report = run(&desk, "10:15");
    assert_eq!(report["deliveries"]["deferred"], 1, "{report:#}");
    assert_eq!(stands(&desk).0, "queued", "it has not arrived");
    assert_eq!(fake.taken(), 1, "not before the pause is over");
    run(&desk, "10:35");
    assert_eq!(fake.taken(), 2);
    assert_eq!(stands(&desk).0, "sent");
    fake.ends(1, busy);
    let report = run(&desk, "10:45");
    assert_eq!(report["deliveries"]["failed"], 1, "{report:#}");
    assert_eq!(
        stands(&desk),
        ("failed".to_owned(), vec!["delivery_failed".to_owned()])
    );
    let reference = fake.with(|state| {
        assert_eq!(state.faxes[0]["labels"], state.faxes[1]["labels"]);
        state.faxes.len()
    });
    assert_eq!(reference, 2);
    sound(&desk);
}

#[test]
fn a_refused_key_is_a_failure_that_names_the_configuration() {
    for status in [401, 403] {
        let fake = FakeSinch::start();
        let desk = with_order(&fake);
        fake.next(Act::Say(status, "", "{}"));
        let done = desk.run(&["process", "--json"]);
        assert_eq!(done.code, 1);
        let failures = done.json()["failures"].to_string();
        assert!(failures.contains("delivery.fax.key"), "{failures}");
        assert_eq!(stands(&desk).0, "queued");
        run(&desk, "10:30");
        assert_eq!((fake.taken(), stands(&desk).0.as_str()), (1, "sent"));
    }
}

#[test]
fn retry_after_is_honoured_between_one_run_and_an_hour() {
    for (header, too_early, due) in [
        ("Retry-After: 1\r\n", "10:14", "10:16"),
        ("Retry-After: 1800\r\n", "10:34", "10:36"),
        ("Retry-After: 86400\r\n", "11:04", "11:06"),
    ] {
        let fake = FakeSinch::start();
        let desk = with_order(&fake);
        fake.next(Act::Say(429, header, "{}"));
        let report = run(&desk, "10:05");
        assert_eq!(report["deliveries"]["deferred"], 1, "{report:#}");
        assert_eq!(report["failures"], json!([]), "no person is needed");
        run(&desk, too_early);
        assert_eq!(fake.taken(), 0, "{header}");
        run(&desk, due);
        assert_eq!(fake.taken(), 1, "{header}");
    }
}

#[test]
fn an_answer_that_never_came_is_settled_by_asking_before_anything_is_sent() {
    for act in [Act::TakeAndDrop, Act::TakeAndSay(500), Act::TakeAndSay(503)] {
        let fake = FakeSinch::start();
        let desk = with_order(&fake);
        fake.next(act.clone());
        let report = run(&desk, "10:05");
        assert_eq!(report["deliveries"]["unknown"], 1, "{act:?} {report:#}");
        assert_eq!(stands(&desk).1, ["delivery_unknown"]);
        assert_eq!(log(&desk)["outcome"], "unknown");
        run(&desk, "10:06");
        assert_eq!(fake.taken(), 1, "{act:?}: it has it");
        assert_eq!(stands(&desk), ("sent".to_owned(), vec![]), "{act:?}");
        assert_eq!(log(&desk)["job"], "01FAX0001");
        sound(&desk);
    }
}

#[test]
fn only_when_the_service_certainly_does_not_have_it_is_it_sent_again() {
    for act in [Act::Drop, Act::Say(502, "", "{}")] {
        let fake = FakeSinch::start();
        let desk = with_order(&fake);
        fake.next(act.clone());
        run(&desk, "10:05");
        // it cannot be asked
        fake.with(|state| state.questions = Some(500));
        assert_eq!(desk.now("2025-06-02T10:15:00Z").run(&["process"]).code, 1);
        assert_eq!((fake.taken(), stands(&desk).1.len()), (0, 1));
        // too early: a fax that it took a moment ago may not be listed yet
        fake.with(|state| state.questions = None);
        run(&desk, "10:08");
        assert_eq!(fake.taken(), 0);
        run(&desk, "10:20");
        assert_eq!(fake.taken(), 1, "{act:?}");
        assert_eq!(stands(&desk), ("sent".to_owned(), vec![]), "{act:?}");
        run(&desk, "10:30");
        assert_eq!(fake.taken(), 1);
    }
}

#[test]
fn an_old_fax_of_the_same_reference_is_not_taken_for_the_doubtful_one() {
    let fake = FakeSinch::start();
    let desk = with_order(&fake);
    run(&desk, "10:05");
    fake.ends(
        0,
        json!({"status": "FAILURE", "errorType": "CALL_ERROR", "errorCode": 17}),
    );
    run(&desk, "10:15");
    fake.next(Act::Drop);
    run(&desk, "10:35");
    assert_eq!(stands(&desk).1, ["delivery_unknown"]);
    run(&desk, "10:45");
    assert_eq!(fake.taken(), 2, "the first one is known to have failed");
}

#[test]
fn after_a_week_only_a_person_can_tell() {
    let fake = FakeSinch::start();
    let desk = with_order(&fake);
    fake.next(Act::Drop);
    run(&desk, "10:05");
    desk.now("2025-06-09T10:05:00Z").run(&["process"]);
    assert_eq!(fake.taken(), 0);
    assert_eq!(stands(&desk).1, ["delivery_unknown"]);
}

#[test]
fn a_number_that_cannot_be_called_is_refused_before_anything_is_sent() {
    let fake = FakeSinch::start();
    let vendors = "id,name,email,fax,channel,zip\nACME,Acme,,1-859-555-0100 x12,fax,04101\n\
                   BLUE,Blue,b@blue.example,,email,28801\n";
    let desk = super::site(&fake, vendors, "");
    let check = desk.run(&["check"]);
    assert_eq!(check.code, 1);
    assert!(check.stdout.contains("vendor ACME") && check.stdout.contains("no extension"));
    desk.order(&crate::support::desk::TestDesk::plain_order("W200001"));
    let asked = fake.with(|state| state.requests.len());
    let report = run(&desk, "10:05");
    assert_eq!(report["deliveries"]["failed"], 1, "{report:#}");
    assert_eq!(fake.with(|state| state.requests.len()), asked);
    assert_eq!(
        stands(&desk),
        ("failed".to_owned(), vec!["delivery_failed".to_owned()])
    );
}

#[test]
fn check_says_whether_the_service_lets_us_in() {
    let fake = FakeSinch::start();
    let desk = super::site(&fake, super::VENDORS, "");
    let said = desk.run(&["check"]).ok().stdout;
    assert!(said.contains("127.0.0.1 lets us in"), "{said}");
    fake.with(|state| state.questions = Some(403));
    let said = desk.run(&["check"]);
    assert!(
        said.code == 1 && said.stdout.contains("delivery.fax.key"),
        "{}",
        said.stdout
    );
}

#[test]
fn without_a_fax_service_a_fax_waits_and_the_mails_leave() {
    let fake = FakeSinch::start();
    let desk = with_order(&fake);
    desk.config("");
    let done = desk.run(&["process"]);
    assert_eq!(done.code, 1);
    assert!(
        done.stderr.contains("add [delivery.fax]"),
        "{}",
        done.stderr
    );
    assert!(
        desk.mails()
            .iter()
            .any(|mail| mail.to() == "c@mail.example")
    );
    assert_eq!(stands(&desk).0, "queued");
}

#[test]
fn a_run_killed_after_the_post_never_doubles_and_never_loses_a_fax() {
    for taken in [true, false] {
        let fake = FakeSinch::start();
        let desk = with_order(&fake);
        fake.next(Act::Hang { taken });
        let mut poms = std::process::Command::new(env!("CARGO_BIN_EXE_poms"))
            .env("POMS_CONFIG", desk.path("poms.toml"))
            .env("POMS_NOW", "2025-06-02T10:05:00Z")
            .arg("process")
            .spawn()
            .expect("poms runs");
        let posted = || fake.with(|state| state.requests.iter().any(|r| r.starts_with("POST")));
        for _ in 0..2000 {
            if posted() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(posted(), "the fault must have fired");
        poms.kill().and_then(|()| poms.wait()).expect("killed");
        run(&desk, "10:15");
        assert_eq!(fake.taken(), 1, "{taken}");
        run(&desk, "10:25");
        assert_eq!(fake.taken(), 1, "{taken}");
        assert_eq!(stands(&desk), ("sent".to_owned(), vec![]), "{taken}");
        sound(&desk);
    }
}
