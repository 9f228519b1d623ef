//! What UPS answers one after the other: tokens that end, answers that never come, bodies of every
//! kind of rubbish. Orders go on, and nothing is asked more often than it must.

use super::{mail_of, order_to, promise_of, site, vendor_mails};
use crate::support::desk::TestDesk;
use crate::support::ups::{Reply, Ups, gateway, services};
use serde_json::json;
use std::time::{Duration, Instant};

/// Orders that ask about ways of their own.
fn orders(desk: &TestDesk, count: usize) {
    for at in 0..count {
        desk.order(&order_to(&format!("W{at}"), &format!("{}", 65301 + at)));
    }
}

fn sources(desk: &TestDesk, count: usize) -> Vec<String> {
    let of = |at| {
        promise_of(desk, &format!("W{at}"))["source"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    (0..count).map(of).collect()
}

/// A server that takes every question and answers none. What bounds the run is the budget, not a
/// limit for each question: no more are under way than side by side, and none is asked again.
#[test]
fn a_server_that_never_answers_costs_the_budget_once() {
    for reply in [
        Reply::Hang,
        Reply::Stall,
        Reply::Drip(services("2025-06-06")),
    ] {
        let ups = Ups::start("2025-06-06");
        ups.transits(&vec![reply.clone(); 100]);
        let desk = site(&ups, "");
        orders(&desk, 12);
        let begun = Instant::now();
        desk.run(&["process"]).ok();
        // one after the other, twelve questions would take the budget of two seconds twelve times
        assert!(begun.elapsed() < Duration::from_secs(20), "{reply:?}");
        assert_eq!(ups.seen("/oauth/token").len(), 1, "{reply:?}");
        let asked = ups.seen("/transittimes").len();
        assert!((1..=4).contains(&asked), "{reply:?}: {asked} questions");
        assert_eq!(vendor_mails(&desk), 12, "{reply:?}");
        assert_eq!(sources(&desk, 12), vec!["table"; 12], "{reply:?}");
        assert!(mail_of(&desk, "W11").contains("(estimate)"), "{reply:?}");
        desk.run(&["process"]).ok();
        assert_eq!(
            ups.seen("/transittimes").len(),
            asked,
            "{reply:?}: asked again"
        );
    }
}

/// 429 has no Retry-After at UPS: the rest of the run asks nothing, and the next run asks again.
#[test]
fn too_many_requests_end_the_asking_of_this_run_only() {
    let ups = Ups::start("2025-06-06");
    ups.transits(&vec![gateway(429, "10429", "Too Many Requests"); 4]);
    let desk = site(&ups, "");
    orders(&desk, 12);
    desk.run(&["process"]).ok();
    let asked = ups.seen("/transittimes").len();
    assert!((1..=4).contains(&asked), "{asked} questions");
    assert_eq!(sources(&desk, 12), vec!["table"; 12]);
    ups.transits(&[]);
    desk.now("2025-06-02T10:15:00Z")
        .order(&order_to("X1", "63101"));
    desk.run(&["process"]).ok();
    let left = 4 - asked;
    let wanted = if left == 0 { "ups" } else { "table" };
    assert_eq!(promise_of(&desk, "X1")["source"], wanted);
}

/// 401 for the kept token, a fresh one, and all questions are answered; 401 for the fresh one, too,
/// and a person is told, after one more token and no more.
#[test]
fn a_refused_token_is_renewed_once_for_the_whole_run() {
    let ups = Ups::start("2025-06-06");
    let desk = site(&ups, "");
    orders(&desk, 1);
    desk.run(&["process"]).ok();
    ups.revoke();
    for at in 1..9 {
        desk.order(&order_to(&format!("W{at}"), &format!("{}", 65301 + at)));
    }
    desk.run(&["process"]).ok();
    assert_eq!(
        ups.seen("/oauth/token").len(),
        2,
        "eight questions, one fresh token"
    );
    assert_eq!(sources(&desk, 9), vec!["ups"; 9]);
    // from now on whatever token is refused
    let refused = gateway(401, "250002", "Invalid Authentication Information.");
    ups.transits(&vec![refused; 100]);
    desk.now("2025-06-02T10:15:00Z")
        .order(&order_to("X1", "63101"));
    let run = desk.run(&["process"]);
    run.fails(1, &["250002", "[promise]"]);
    assert_eq!(ups.seen("/oauth/token").len(), 3);
    assert_eq!(promise_of(&desk, "X1")["source"], "table");
}

/// What comes instead of a token.
#[test]
fn no_token_no_question() {
    for (reply, code) in [
        (Reply::Hang, 0),
        (Reply::Drop, 0),
        (Reply::With(503, "<html>down</html>".into()), 0),
        (gateway(429, "10429", "Too Many Requests"), 0),
        (Reply::Cut("{\"access_token\":".into()), 0),
        (Reply::With(200, "{}".into()), 0),
        (
            Reply::With(
                200,
                json!({"access_token": "a\nb", "expires_in": "14399"}).to_string(),
            ),
            0,
        ),
        (Reply::With(400, "{}".into()), 1),
        (gateway(403, "250003", "Forbidden"), 1),
    ] {
        let ups = Ups::start("2025-06-06");
        ups.tokens(&vec![reply.clone(); 10]);
        let desk = site(&ups, "");
        orders(&desk, 2);
        let run = desk.run(&["process"]);
        assert_eq!(run.code, code, "{reply:?}: {}", run.stderr);
        assert!(!run.stderr.contains("hunter2"));
        assert_eq!(
            ups.seen("").len(),
            1,
            "{reply:?}: one question for a token, and no other"
        );
        assert_eq!(sources(&desk, 2), ["table", "table"], "{reply:?}");
        assert_eq!(vendor_mails(&desk), 2, "{reply:?}");
    }
}

/// Bodies of every kind of rubbish, one for each of many ways in one run: none stops another, and
/// good ones among them are read.
#[test]
fn rubbish_spoils_its_own_question_only() {
    let good = services("2025-06-06");
    let cut = |at: usize| Reply::Cut(good[..at].to_owned());
    let mut noise = good.clone().into_bytes();
    for at in (0..noise.len()).step_by(7) {
        noise[at] = noise[at].wrapping_add(128);
    }
    let bodies = vec![
        Reply::With(200, good.replace("2025-06-06", "2025-06-31")),
        Reply::With(200, good.replace("\"2025-06-06\"", "20250606")),
        Reply::With(200, good.replace("\"GND\"", "null")),
        Reply::With(200, good.replace("[{", "{\"x\":[{").replace("}]", "}]}")),
        Reply::With(200, "[".repeat(20_000)),
        Reply::With(
            200,
            format!("{{\"emsResponse\":\"{}\"}}", "x".repeat(100_000)),
        ),
        Reply::With(200, "null".into()),
        Reply::With(200, String::new()),
        Reply::With(206, "{\"destinationPickList\":[null,{}]}".into()),
        Reply::With(
            200,
            json!({"validationList": {"invalidFieldList": 7}}).to_string(),
        ),
        Reply::Bytes(noise),
        Reply::Bytes(vec![0xff; 1000]),
        Reply::Bytes(vec![b' '; 2 << 20]),
        Reply::With(200, good.clone()),
    ];
    let count = bodies.len();
    let ups = Ups::start("2025-06-06");
    ups.transits(&bodies);
    let desk = site(&ups, "");
    orders(&desk, count);
    desk.run(&["process"]).ok();
    assert_eq!(ups.seen("/transittimes").len(), count);
    let sources = sources(&desk, count);
    let known = sources.iter().filter(|source| *source == "ups").count();
    // the good one, and the one whose ground is told by its words
    assert_eq!(known, 2, "{sources:?}");
    assert_eq!(vendor_mails(&desk), count);
    // a body that breaks off says that the connection is not to be trusted: nothing more is asked
    for at in [0, 1, good.len() / 2, good.len() - 1] {
        let ups = Ups::start("2025-06-06");
        ups.transits(&[cut(at)]);
        let desk = site(&ups, "");
        orders(&desk, 1);
        desk.run(&["process"]).ok();
        assert_eq!(sources_of_one(&desk), "table", "cut at {at}");
    }
    desk.run(&["verify"]).ok();
}

fn sources_of_one(desk: &TestDesk) -> String {
    sources(desk, 1).remove(0)
}
