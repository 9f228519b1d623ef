//! The clock of acts.

use super::{NOW, site, verified};
use crate::support::scene::{POMS, output};
use rusqlite::Connection;

/// Commands that act.
const ACTS: [&[&str]; 4] = [
    &["order", "note", "W200001", "long ago"],
    &["stop", "on", "--note", "x"],
    &["order", "hold", "W200001", "--note", "x"],
    &["process"],
];

#[test]
fn no_act_is_dated_back_or_far_ahead() {
    let scene = site();
    for args in ACTS {
        scene
            .run(args, "2001-01-01T00:00:00Z")
            .fails(1, &["the clock says 2001"]);
        scene
            .run(args, "2025-06-02T09:04:59Z")
            .fails(1, &["set the clock right"]);
        scene
            .run(args, "2036-01-01T00:00:00Z")
            .fails(1, &["longest_pause_days"]);
    }
}

#[test]
fn time_in_the_trail_stands_still_until_a_person_sets_it_back() {
    let scene = site();
    // a clock that is corrected by less stands still in the trail
    for moment in ["2025-06-02T09:30:00Z", "2025-06-02T09:10:00Z"] {
        scene
            .run(&["order", "note", "W200001", "a little"], moment)
            .ok();
        scene.run(&["verify"], moment).ok();
    }
    assert_eq!(
        scene.count(
            "SELECT count(*) FROM audit a JOIN audit b ON b.seq = a.seq + 1 WHERE b.at < a.at"
        ),
        0
    );
    scene.run(&["audit", "show", "setting", "clock"], NOW).ok();
    assert_eq!(
        scene.count("SELECT count(*) FROM setting WHERE name = 'clock' AND value = 'frozen'"),
        1
    );
    // a person's word sets time back, for all to see
    scene
        .run(
            &["recover", "--note", "the clock was a day ahead"],
            "2025-06-01T10:05:00Z",
        )
        .ok();
    scene
        .run(
            &["order", "note", "W200001", "yesterday"],
            "2025-06-01T10:06:00Z",
        )
        .ok();
    scene.run(&["verify"], NOW).ok();
}

#[test]
fn a_live_ledger_takes_no_other_clock() {
    // from the first act under the machine's clock on
    let live = site();
    let mut command = live.command(POMS, &["recover", "--note", "in use from today"], NOW);
    command.env_remove("POMS_NOW");
    output(command).ok();
    for args in ACTS {
        live.run(args, NOW)
            .fails(1, &["POMS_NOW is set", "--dry-run"]);
    }
    live.run(&["order", "list"], NOW).ok();
    assert_eq!(
        live.count("SELECT count(*) FROM audit WHERE entity = 'setting:clock'"),
        2
    );
}

#[test]
fn a_fact_that_is_dated_back_is_named() {
    let scene = site();
    let row = scene.count("SELECT max(seq) FROM audit");
    // somebody who knows how to chain: only the time is wrong
    let conn = Connection::open(scene.path("poms.db")).unwrap();
    let hash: Vec<u8> = conn
        .query_row("SELECT hash FROM audit WHERE seq = ?1", [row], |row| {
            row.get(0)
        })
        .unwrap();
    let commitment = openssl::sha::sha256(b"saltnull").to_vec();
    let mut whole = Vec::new();
    let (seq, at) = ((row + 1).to_string(), "2025-06-02T09:04:00.000Z");
    let parts: [&[u8]; 9] = [
        b"poms audit v1",
        &hash,
        seq.as_bytes(),
        at.as_bytes(),
        b"me",
        b"note",
        b"ledger",
        b"",
        &commitment,
    ];
    for part in parts {
        whole.extend((part.len() as u64).to_be_bytes());
        whole.extend(part);
    }
    conn.execute(
        "INSERT INTO audit VALUES (?1, ?2, 'me', 'note', 'ledger', NULL, ?3, ?4, CAST('salt' AS BLOB), 'null')",
        (row + 1, at, &commitment, openssl::sha::sha256(&whole).to_vec()),
    )
    .unwrap();
    let (first, problems) = verified(&scene);
    assert_eq!(first, format!("audit {}", row + 1));
    assert!(
        problems.contains("under a clock that was set back"),
        "{problems}"
    );
}

#[test]
fn a_clock_that_is_no_time_is_wrong_usage_and_a_ledger_of_a_newer_poms_is_named_by_verify() {
    let scene = site();
    scene
        .run(&["status"], "garbage")
        .fails(2, &["POMS_NOW is 'garbage'"]);
    scene.run(&["verify"], NOW).ok();
    let ledger = rusqlite::Connection::open(scene.path("poms.db")).expect("a ledger");
    ledger
        .pragma_update(None, "user_version", 99)
        .expect("a version");
    scene
        .run(&["verify"], NOW)
        .fails(1, &["the ledger is of version 99"]);
}
