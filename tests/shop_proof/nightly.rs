//! The comparison of each night, by `poms process`.

use super::{order, site};
use crate::support::shop::Act;

#[test]
fn one_exception_lists_what_differs_and_ends_when_nothing_does() {
    let site = site("");
    site.server
        .with(|shop| shop.orders.push(order(1002, "2025-06-02T08:30:00Z")));
    // the day on which the source is new, and before the hour (3:00 in New York)
    for moment in ["2025-06-02T20:00:00Z", "2025-06-03T06:50:00Z"] {
        site.desk.now(moment).run(&["process"]).ok();
        assert_eq!(site.unreconciled().len(), 0, "{moment}");
    }
    site.desk.now("2025-06-03T07:10:00Z").run(&["process"]).ok();
    let open = site.unreconciled();
    assert_eq!(open.len(), 1);
    let text = open[0]["message"].as_str().expect("words");
    for words in [
        "1 difference",
        "#1002",
        "`poms source reread webshop --from 2025-06-02`",
    ] {
        assert!(text.contains(words), "{text}");
    }
    // once a night, and the shop is asked once
    site.server.asked();
    site.desk.now("2025-06-03T07:20:00Z").run(&["process"]).ok();
    assert_eq!(site.server.asked().len(), 1, "the list of orders");
    // the next night it stays one
    site.server
        .with(|shop| shop.orders.push(order(1003, "2025-06-02T08:31:00Z")));
    site.desk.now("2025-06-04T07:10:00Z").run(&["process"]).ok();
    let open = site.unreconciled();
    assert_eq!(open.len(), 1);
    assert!(
        open[0]["message"]
            .as_str()
            .expect("words")
            .contains("#1003"),
        "{open:?}"
    );
    site.desk
        .run(&["source", "reread", "webshop", "--from", "2025-06-02"])
        .ok();
    site.desk.now("2025-06-04T07:20:00Z").run(&["process"]).ok();
    site.desk.now("2025-06-05T07:10:00Z").run(&["process"]).ok();
    assert_eq!(site.unreconciled().len(), 0);
    let status = site.desk.run(&["status", "--json"]).ok().json();
    let source = &status["sources"][0];
    assert_eq!(source["compared"], "2025-06-05T07:10:00.000Z", "{source:#}");
    site.verify();
}

#[test]
fn what_a_person_dismissed_is_not_told_again_and_what_is_new_is() {
    let site = site("");
    site.server
        .with(|shop| shop.orders.push(order(1002, "2025-06-02T08:30:00Z")));
    site.desk.now("2025-06-03T07:10:00Z").run(&["process"]).ok();
    let id = site.unreconciled()[0]["id"].to_string();
    let act = [
        "exceptions",
        "resolve",
        &id,
        "--dismiss",
        "--note",
        "sold over the counter",
    ];
    site.desk.run(&act).ok();
    site.desk.now("2025-06-04T07:10:00Z").run(&["process"]).ok();
    assert_eq!(site.unreconciled().len(), 0);
    site.server
        .with(|shop| shop.orders.push(order(1003, "2025-06-02T08:31:00Z")));
    site.desk.now("2025-06-05T07:10:00Z").run(&["process"]).ok();
    let open = site.unreconciled();
    assert_eq!(open.len(), 1);
    let text = open[0]["message"].as_str().expect("words");
    assert!(text.contains("#1003") && !text.contains("#1002"), "{text}");
}

#[test]
fn a_shop_that_cannot_be_asked_at_night_is_asked_an_hour_later() {
    let site = site("");
    site.server
        .with(|shop| shop.orders.push(order(1002, "2025-06-02T08:30:00Z")));
    // the list of orders comes, the comparison does not
    site.server.next(Act::Well).next(Act::Drop);
    site.desk.now("2025-06-03T07:10:00Z").run(&["process"]).ok();
    assert_eq!(site.unreconciled().len(), 0);
    site.server.asked();
    site.desk.now("2025-06-03T07:20:00Z").run(&["process"]).ok();
    assert_eq!(site.server.asked().len(), 1, "too soon");
    site.desk.now("2025-06-03T08:15:00Z").run(&["process"]).ok();
    assert_eq!(site.unreconciled().len(), 1);
    // for days: then it is told
    for day in 4..8 {
        site.server.next(Act::Well).next(Act::Drop);
        let moment = format!("2025-06-0{day}T07:10:00Z");
        let run = site.desk.now(&moment).run(&["process"]);
        let said = run
            .stderr
            .contains("could not be compared with its shop since");
        assert_eq!(
            (run.code == 1, said),
            (day > 5, day > 5),
            "{moment}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_site_may_leave_it() {
    let site = site("compare = \"none\"");
    site.server
        .with(|shop| shop.orders.push(order(1002, "2025-06-02T08:30:00Z")));
    site.server.asked();
    site.desk.now("2025-06-03T07:10:00Z").run(&["process"]).ok();
    assert_eq!(site.server.asked().len(), 1);
    assert_eq!(site.unreconciled().len(), 0);
}

#[test]
fn status_says_how_sources_stand() {
    let site = site("");
    let source =
        |site: &super::Site| site.desk.run(&["status", "--json"]).ok().json()["sources"][0].clone();
    let well = source(&site);
    assert_eq!(well["read"], "2025-06-02T10:05:00.000Z", "{well:#}");
    assert_eq!(well["read_until"], "2025-06-02T08:50:00.000Z", "{well:#}");
    assert_eq!(
        (&well["documents"], well["failing_since"].is_null()),
        (&1.into(), true)
    );
    for minute in [10, 20] {
        site.server.next(Act::Say(500, "", "{}".to_owned()));
        let moment = format!("2025-06-02T11:{minute}:00Z");
        assert_eq!(site.desk.now(&moment).run(&["process"]).code, 1);
    }
    let ill = source(&site);
    assert_eq!(
        (&ill["polled"], &ill["read"], &ill["failing_since"]),
        (
            &"2025-06-02T11:20:00.000Z".into(),
            &"2025-06-02T10:05:00.000Z".into(),
            &"2025-06-02T11:10:00.000Z".into()
        ),
        "{ill:#}"
    );
    assert!(
        ill["why"].as_str().expect("words").contains("500"),
        "{ill:#}"
    );
    let shown = site.desk.run(&["status"]).ok().stdout;
    assert!(
        shown.contains("webshop: read 75 min ago") || shown.contains("webshop: read 1 h ago"),
        "{shown}"
    );
    assert!(
        shown.contains("FAILING since 2025-06-02 07:10 EDT"),
        "{shown}"
    );
    // left alone at its word is no failure
    let rest = Act::Say(429, "Retry-After: 600\r\n", String::new());
    site.server.next(rest);
    site.desk.now("2025-06-02T11:30:00Z").run(&["process"]).ok();
    assert_eq!(source(&site)["put_off"], true);
}
