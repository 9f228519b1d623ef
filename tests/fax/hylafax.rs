//! Faxes through a real HylaFAX without a modem.

use super::{VENDORS, log, run, site_with, sound, stands};
use crate::support::desk::TestDesk;
use crate::support::hylafax::HylaFax;
use serde_json::json;

fn site(fax: &HylaFax, more: &str) -> TestDesk {
    let table = format!(
        "[delivery.fax]\nkind = \"hylafax\"\nport = {}\ntimeout_seconds = 20\n{more}\n",
        fax.port
    );
    let desk = site_with(&table, VENDORS);
    desk.order(&TestDesk::plain_order("W200001"));
    desk
}

#[test]
fn a_job_carries_the_reference_and_its_end_is_asked_for() {
    for (state, status, result, po) in [
        ("7", "", "delivered", "sent"),
        ("8", "Busy signal detected", "failed", "queued"),
        ("8", "Job aborted by request", "failed", "failed"),
    ] {
        let mut fax = HylaFax::start();
        let desk = site(&fax, "number = \"9{national}\"");
        desk.run(&["check"]).ok();
        run(&desk, "10:05");
        let jobs = fax.jobs();
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        assert!(jobs[0].contains("number:92075550142"), "{}", jobs[0]);
        let reference: String = rusqlite::Connection::open(desk.path("poms.db"))
            .and_then(|base| {
                let sql = "SELECT reference FROM delivery WHERE channel = 'fax'";
                base.query_row(sql, [], |row| row.get(0))
            })
            .expect("the reference");
        let tag = format!("jobtag:{}", reference.trim_matches(['<', '>']));
        assert!(jobs[0].contains(&tag), "{tag}: {}", jobs[0]);
        let line = log(&desk);
        assert_eq!(line["outcome"], "handed_over", "{line:#}");
        run(&desk, "10:15");
        assert_eq!(log(&desk)["result"], "waiting");
        fax.end(line["job"].as_str().expect("a job"), state, status);
        run(&desk, "10:25");
        let line = log(&desk);
        assert_eq!(line["result"], result, "{line:#}");
        assert_eq!(line["pages"], json!(2), "{line:#}");
        assert_eq!(stands(&desk).0, po, "{status}");
        sound(&desk);
    }
}

#[test]
fn a_server_that_is_down_is_a_failure_and_the_fax_goes_later() {
    let mut fax = HylaFax::start();
    let desk = site(&fax, "");
    fax.halt();
    let done = desk.run(&["process"]);
    assert_eq!(done.code, 1);
    assert!(
        done.stderr.contains("HylaFAX cannot be reached"),
        "{}",
        done.stderr
    );
    assert_eq!(stands(&desk).0, "queued");
    assert_eq!(desk.run(&["check"]).code, 1);
    fax.boot();
    run(&desk, "10:30");
    assert_eq!((fax.jobs().len(), stands(&desk).0.as_str()), (1, "sent"));
}

/// hfaxd calls back from the port before its own, and says nothing for minutes when that is taken.
#[test]
fn nobody_has_to_call_back() {
    let fax = HylaFax::start();
    // whoever has it already takes it as well
    let _taken = std::net::TcpListener::bind(("127.0.0.1", fax.port - 1));
    let desk = site(&fax, "");
    desk.run(&["check"]).ok();
    run(&desk, "10:05");
    assert_eq!((fax.jobs().len(), stands(&desk).0.as_str()), (1, "sent"));
}

/// A `sendfax` that is killed, or that kills poms, before or after the server took the job.
#[test]
fn after_a_kill_the_job_is_looked_for_by_its_tag() {
    for (script, first) in [
        ("kill -9 $PPID\nexit 1\n", 0),
        ("/usr/bin/sendfax \"$@\" >/dev/null\nkill -9 $PPID\n", 1),
        ("/usr/bin/sendfax \"$@\" >/dev/null\nexit 7\n", 1),
    ] {
        let fax = HylaFax::start();
        let desk = site(&fax, "sendfax = \"SENDFAX\"");
        desk.file("sendfax.sh", format!("#!/bin/sh\n{script}").as_bytes());
        let program = desk.path("sendfax.sh");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(&program, mode).expect("a program");
        let config = std::fs::read_to_string(desk.path("poms.toml")).expect("the configuration");
        let broken = config.replace("SENDFAX", &program.display().to_string());
        desk.file("poms.toml", broken.as_bytes());
        desk.now("2025-06-02T10:05:00Z").run(&["process"]);
        assert_eq!(fax.jobs().len(), first, "the fault must have fired");
        desk.file("poms.toml", config.replace("SENDFAX", "sendfax").as_bytes());
        for time in ["10:15", "10:25"] {
            run(&desk, time);
        }
        assert_eq!(fax.jobs().len(), 1, "{script}");
        assert_eq!(stands(&desk), ("sent".to_owned(), vec![]), "{script}");
        sound(&desk);
    }
}
