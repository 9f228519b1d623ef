//! A vendor is closed for some days: nobody asks it, and what it is to ship moves behind them.

use super::Dock;
use crate::support::desk::Output;
use serde_json::Value;

fn vendors(dock: &Dock, act: &str, more: &[&str]) -> Output {
    let args = ["vendors", act, "ACME", "--note", "their mail of today"];
    dock.desk.run(&[&args[..], more].concat())
}

fn closed(dock: &Dock) -> String {
    let days = ["--from", "2025-06-03", "--until", "2025-06-13"];
    vendors(dock, "close", &days).ok().stdout
}

fn promise(dock: &Dock) -> (String, String) {
    let story = dock.show("W1");
    let promise = &story["purchase_orders"][0]["promise"];
    let day = |key: &str| promise[key].as_str().unwrap_or_default().to_owned();
    (day("ship_by"), day("deliver_by"))
}

fn told(dock: &Dock) -> Vec<String> {
    let mails = dock.desk.mails_to("W1@mail.example");
    mails.iter().map(|mail| mail.subject()).collect()
}

/// Mails to the vendor.
fn asked(dock: &Dock) -> usize {
    dock.desk.mails_to("orders@acme.example").len()
}

fn run_at(dock: &Dock, moment: &str) {
    dock.desk.now(moment);
    dock.run();
}

#[test]
fn what_is_ordered_ships_after_it_and_the_vendor_is_asked_after_it() {
    let dock = Dock::new();
    let said = closed(&dock);
    assert!(
        said.contains("Acme Home Goods is closed from 2025-06-03 through 2025-06-13: nobody asks it on these days, and it ships again from Monday, 2025-06-16 on."),
        "{said}"
    );
    let listed = dock.desk.run(&["vendors", "show", "acme"]).ok().stdout;
    assert!(
        listed.contains("Acme Home Goods is closed from 2025-06-03 through 2025-06-13."),
        "{listed}"
    );
    dock.order("W1", &[("BF63-12163", 3)]);
    assert_eq!(promise(&dock).0, "2025-06-16");
    let (_, text) = dock.last("W1");
    assert!(text.contains("June 23, 2025"), "{text}");
    for moment in [
        "2025-06-05T18:00:00Z",
        "2025-06-10T18:00:00Z",
        "2025-06-13T18:00:00Z",
    ] {
        run_at(&dock, moment);
        assert_eq!((asked(&dock), told(&dock).len()), (1, 1), "{moment}");
    }
    // two working days to acknowledge: the 2nd, as it was ordered before nine, then the 16th and 17th
    run_at(&dock, "2025-06-17T18:00:00Z");
    assert_eq!(asked(&dock), 1);
    run_at(&dock, "2025-06-18T14:00:00Z");
    assert_eq!(asked(&dock), 2);
    dock.verify();
}

#[test]
fn what_was_ordered_before_moves_and_its_customer_is_told_once() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    assert_eq!(
        promise(&dock),
        ("2025-06-03".to_owned(), "2025-06-10".to_owned())
    );
    let said = closed(&dock);
    for words in [
        "W1-1 leaves by 2025-06-16 and arrives by 2025-06-23; 2025-06-10 was its day before.",
        "Customers who were told an earlier day are told by mail",
    ] {
        assert!(said.contains(words), "{said}");
    }
    dock.run();
    let (count, text) = dock.last("W1");
    assert_eq!(count, 2);
    assert!(
        text.contains("comes later: Monday, June 23, 2025"),
        "{text}"
    );
    for moment in [
        "2025-06-04T14:00:00Z",
        "2025-06-10T15:00:00Z",
        "2025-06-12T15:00:00Z",
    ] {
        run_at(&dock, moment);
    }
    assert_eq!(told(&dock).len(), 2, "{:?}", told(&dock));
    let story = dock.desk.run(&["order", "show", "W1"]).ok().stdout;
    let flat = story.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("the vendor is closed through 2025-06-13"),
        "{story}"
    );
    dock.verify();
}

#[test]
fn it_opens_earlier_and_what_waited_leaves_earlier() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    closed(&dock);
    run_at(&dock, "2025-06-05T18:00:00Z");
    let said = vendors(&dock, "open", &[]).ok().stdout;
    assert!(
        said.contains("Acme Home Goods is open: no closed days of it are noted any more."),
        "{said}"
    );
    assert_eq!(promise(&dock).0, "2025-06-06", "{said}");
    vendors(&dock, "open", &[]).fails(1, &["is not closed"]);
    let file: Value = dock
        .desk
        .run(&["vendors", "show", "ACME", "--json"])
        .ok()
        .json();
    assert_eq!(file["vendors"][0]["closed"], serde_json::json!([]));
    dock.verify();
}

/// What the vendor itself said of a day stands.
#[test]
fn the_vendors_own_day_is_left() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.acme("Re: Purchase order W1-1", "It ships June 18.\n");
    dock.run();
    assert_eq!(promise(&dock).0, "2025-06-18");
    closed(&dock);
    dock.run();
    assert_eq!(promise(&dock).0, "2025-06-18");
    assert_eq!(told(&dock).len(), 2, "{:?}", told(&dock));
    dock.verify();
}

#[test]
fn days_that_cannot_be_are_refused() {
    let dock = Dock::new();
    let close =
        |from: &str, until: &str| vendors(&dock, "close", &["--from", from, "--until", until]);
    close("2025-06-10", "2025-06-09").fails(1, &["2025-06-09 is before 2025-06-10"]);
    close("2025-05-10", "2025-05-20").fails(1, &["2025-05-20 is over"]);
    close("2025-06-10", "2026-08-01").fails(1, &["a year is the most"]);
    close("10.6.2025", "2025-06-11").fails(2, &["written as"]);
    let weekend = close("2025-06-07", "2025-06-08").ok().stdout;
    assert!(
        weekend.contains("These are weekends and holidays"),
        "{weekend}"
    );
    close("2025-06-07", "2025-06-08").fails(1, &["already"]);
    let other = [
        "vendors",
        "close",
        "ACMR",
        "--until",
        "2025-06-10",
        "--note",
        "x",
    ];
    dock.desk
        .run(&other)
        .fails(1, &["vendor ACMR is not on file: did you mean ACME?"]);
    // from today on
    let today = vendors(&dock, "close", &["--until", "2025-06-03"])
        .ok()
        .stdout;
    assert!(
        today.contains("closed from 2025-06-02 through 2025-06-03"),
        "{today}"
    );
    dock.verify();
}
