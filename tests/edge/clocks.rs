//! The machine's clock wrong, or in an odd hour.

use crate::support::desk::TestDesk;
use serde_json::Value;

fn queued_order(desk: &TestDesk, number: &str) {
    let mut order = TestDesk::plain_order(number);
    order["date"] = desk.moment().to_rfc3339().into();
    order["customer"]["email"] = format!("{number}@mail.example").into();
    desk.order(&order);
}

fn placed(desk: &TestDesk) -> usize {
    let listed = desk.run(&["--json", "order", "list"]).ok().json();
    let rows = listed["orders"].as_array().unwrap();
    rows.iter()
        .filter(|row: &&Value| row["state"] == "placed")
        .count()
}

#[test]
fn a_clock_that_is_far_ahead_sends_nothing_and_leaves_no_trace() {
    let desk = TestDesk::stocked();
    queued_order(&desk, "W200001");
    desk.run(&["process"]).ok();
    let mails = desk.mails().len();
    queued_order(&desk, "W200002");
    let runs = |desk: &TestDesk| {
        desk.run(&["--json", "status"]).ok().json()["runs"]
            .as_array()
            .unwrap()
            .len()
    };
    for (wrong, days) in [
        ("2035-06-02T10:05:00Z", "3652"),
        ("2025-11-30T10:05:00Z", "181"),
    ] {
        desk.now(wrong);
        for args in [&["process"][..], &["process", "--dry-run"]] {
            let done = desk.run(args).fails(
                1,
                &["poms recover --note", days, "longest_pause_days is 180"],
            );
            assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
        }
        assert_eq!(
            (desk.waiting(), desk.mails().len(), runs(&desk)),
            (1, mails, 1)
        );
    }
    // the clock is right again: nothing is left of the jump
    desk.now("2025-06-02T10:15:00Z").run(&["process"]).ok();
    assert_eq!(placed(&desk), 2);
    desk.run(&["verify"]).ok();
}

#[test]
fn a_real_pause_is_taken_with_a_word_and_may_be_longer_where_the_site_says_so() {
    let desk = TestDesk::stocked();
    desk.run(&["process"]).ok();
    desk.now("2026-05-02T10:05:00Z");
    queued_order(&desk, "W200003");
    desk.run(&["process"]).fails(1, &["poms recover"]);
    let said = desk
        .run(&["recover", "--note", "the shop was closed"])
        .ok()
        .stdout;
    assert!(said.contains("clock"), "{said}");
    desk.run(&["process"]).ok();
    assert_eq!(placed(&desk), 1);
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let text = text.replace("[limits]", "[limits]\nlongest_pause_days = 400");
    desk.file("poms.toml", text.as_bytes());
    desk.now("2027-05-02T10:05:00Z").run(&["process"]).ok();
    desk.now("2027-05-01T10:05:00Z")
        .run(&["process"])
        .fails(1, &["poms recover"]);
    desk.run(&["verify"]).ok();
}

#[test]
fn both_ends_of_summer_time_and_a_leap_day_in_five_zones() {
    // the hour before, the hour that is missing or comes twice, the day after
    let edges = [
        [
            "2026-03-07T23:30:00Z",
            "2026-03-08T07:30:00Z",
            "2026-03-09T14:00:00Z",
        ],
        [
            "2026-10-31T23:30:00Z",
            "2026-11-01T06:30:00Z",
            "2026-11-02T15:00:00Z",
        ],
        [
            "2027-12-31T23:30:00Z",
            "2028-01-01T04:59:59Z",
            "2028-01-01T05:00:00Z",
        ],
        [
            "2028-02-28T23:59:59Z",
            "2028-02-29T12:00:00Z",
            "2028-03-01T04:59:59Z",
        ],
    ];
    for zone in [
        "America/New_York",
        "America/Los_Angeles",
        "Pacific/Honolulu",
        "Australia/Lord_Howe",
        "UTC",
    ] {
        let desk = TestDesk::stocked();
        let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
        let text = text.replace("America/New_York", zone);
        let text = text.replace("[limits]", "[limits]\nlongest_pause_days = 500");
        desk.file("poms.toml", text.as_bytes());
        for (number, moment) in edges.into_iter().flatten().enumerate() {
            desk.now(moment);
            queued_order(&desk, &format!("W2{number:02}"));
            let report = desk.run(&["process", "--json"]).ok().json();
            assert_eq!(report["orders"]["placed"], 1, "{zone} {moment}: {report:#}");
        }
        desk.run(&["verify"]).ok();
        desk.run(&["status"]).ok();
        desk.run(&["order", "show", "W205"]).ok();
    }
}
