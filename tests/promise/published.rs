//! UPS as its OpenAPI documents have it, by Prism: each request that poms sends is checked against
//! them, and poms digests what Prism makes of them. `tests/ups-spec` brings Prism and tries all sets of
//! documents, `tests/run` one of them; without Prism this says so where nobody can miss it.

use super::{mail_of, order_to, promise_of, vendor_mails};
use crate::support::desk::TestDesk;
use crate::support::prism::{Prism, program};
use std::io::Write;
use std::path::{Path, PathBuf};

const PARCEL: &str = "1Z5R89390357567127";

/// Says what was not tried, past the test harness, which shows nothing of a test that passes.
fn not_run(what: &str) {
    let _ = writeln!(std::io::stderr(), "NOT RUN: {what}");
}

/// UPS' own files beside the clone.
fn beside() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let given = std::env::var_os("POMS_SHARED").map(PathBuf::from);
    let mut places = given.into_iter().chain(above.map(|dir| dir.join("shared")));
    places.find_map(|dir| Some(dir.join("specs/ups")).filter(|dir| dir.is_dir()))
}

/// One set of documents.
struct Set {
    name: &'static str,
    documents: [(&'static str, PathBuf); 3],
    /// Whether Prism refuses, too, what the documents say of its own answers: UPS' own schemas
    /// demand properties that do not exist.
    strict: bool,
    /// Whether the answers are such that poms can tell a day from them.
    sound: bool,
}

fn sets() -> Vec<Set> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ups");
    let paths = ["/security", "/shipments", "/track"];
    let set = |name, files: [PathBuf; 3], strict, sound| {
        let [token, transit, tracking] = files;
        let documents = [(paths[0], token), (paths[1], transit), (paths[2], tracking)];
        Set {
            name,
            documents,
            strict,
            sound,
        }
    };
    let ours = ["token.yaml", "transit.yaml", "tracking.yaml"].map(|file| own.join(file));
    let mut sets = vec![set("our own subset", ours, true, true)];
    let Some(dir) = beside() else {
        not_run(
            "UPS' published documents: ../shared/specs/ups is not beside the clone; only our own subset of them is tried",
        );
        return sets;
    };
    let file = |name: &str| dir.join(name);
    let mock = [
        file("mock/OAuthClientCredentials.mock.yaml"),
        file("mock/TimeInTransit.mock.yaml"),
        own.join("tracking.yaml"),
    ];
    sets.push(set("the corrected ones", mock, true, true));
    let full = [
        "OAuthClientCredentials.yaml",
        "TimeInTransit.yaml",
        "Tracking.yaml",
    ];
    sets.push(set("UPS' own, unchanged", full.map(file), false, false));
    sets
}

fn site_at(prism: &Prism) -> TestDesk {
    let desk = TestDesk::stocked();
    desk.file("keys/ups.secret", b"hunter2\n");
    desk.config(&format!(
        "[promise]\nkind = \"ups\"\nserver = \"http://127.0.0.1:{}\"\nclient_id = \"shop-id\"\n\
         client_secret_file = \"keys/ups.secret\"\nbudget_seconds = 30\ntracking = true\naccount = \"A1B2C3\"",
        prism.port
    ));
    desk
}

#[test]
fn every_request_is_as_published_and_every_answer_is_digested() {
    let Some(program) = program() else {
        not_run("UPS by Prism: POMS_PRISM is not set; tests/ups-spec brings it");
        return;
    };
    let mut sets = sets();
    if std::env::var("POMS_SWEEP").as_deref() != Ok("full") {
        // of what is there the nearest to UPS' own from which a day can be told
        sets.retain(|set| set.sound);
        sets.drain(..sets.len() - 1);
    }
    for set in sets {
        let prism = Prism::start(&program, &set.documents, set.strict);
        // the published example is of 2022
        for (from, to) in [("2022-10-14", "2025-06-03"), ("2022-10-17", "2025-06-06")] {
            prism.moved(from, to);
        }
        it_bites(&prism, set.name);
        let desk = site_at(&prism);
        examples(&prism, &desk, &set);
        refusals(&prism, &desk, &set);
        invented(&prism, &desk, &set);
        parcels(&prism, &desk, &set);
        desk.run(&["verify"]).ok();
        let _ = writeln!(std::io::stderr(), "UPS by Prism: {} passed", set.name);
    }
}

/// A request that is not as published is found: the check would see one of ours.
fn it_bites(prism: &Prism, name: &str) {
    use std::net::TcpStream;
    for (line, head, body) in [
        ("POST /security/v1/oauth/token", "", ""),
        (
            "POST /api/shipments/v1/transittimes",
            "Authorization: Bearer x\r\n",
            "{}",
        ),
        (
            "GET /api/track/v1/details/1Z5R89390357567127",
            "Authorization: Bearer x\r\n",
            "",
        ),
    ] {
        let mut stream = TcpStream::connect(("127.0.0.1", prism.port)).unwrap();
        let kind = "Content-Type: application/json\r\n";
        let text = format!(
            "{line} HTTP/1.1\r\nHost: x\r\n{head}{kind}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(text.as_bytes()).unwrap();
        let mut first = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut first).unwrap();
        let wrong = prism.wrong();
        assert_eq!(wrong.len(), 1, "{name}: {line} went through: {wrong:?}");
    }
    prism.take("");
}

/// The examples: one question for a way, and the day that the documents' own answer gives.
fn examples(prism: &Prism, desk: &TestDesk, set: &Set) {
    desk.order(&order_to("W1", "65367"))
        .order(&order_to("W2", "65367"));
    desk.run(&["process"]).ok();
    let seen = prism.take("");
    let of = |part: &str| seen.iter().filter(|one| one.line.contains(part)).count();
    assert_eq!(
        (of("/oauth/token"), of("/transittimes")),
        (1, 1),
        "{}",
        set.name
    );
    let promise = promise_of(desk, "W1");
    if set.sound {
        assert_eq!(promise["source"], "ups", "{}: {promise:#}", set.name);
        assert_eq!(promise["deliver_by"], "2025-06-06", "{}", set.name);
    }
    assert_eq!(vendor_mails(desk), 2, "{}", set.name);
}

/// Every documented refusal: the order goes on with an estimate. Where credentials are refused, a
/// person is told.
fn refusals(prism: &Prism, desk: &TestDesk, set: &Set) {
    let name = set.name;
    for (at, code) in [400, 403, 429, 206, 401].into_iter().enumerate() {
        prism.prefer(&format!("code={code}"));
        let number = format!("R{at}");
        desk.order(&order_to(&number, &format!("6530{at}")));
        let run = desk.run(&["process"]);
        let tell = matches!(code, 401 | 403);
        // UPS' own document says of no token when it ends: a run asks for its own, and is refused
        let asked = prism
            .take("")
            .iter()
            .any(|one| !set.sound || one.line.contains("/transittimes"));
        assert!(asked, "{name} {code}");
        assert!(
            run.code == i32::from(tell) || !set.sound,
            "{name} {code}: {}",
            run.stderr
        );
        let promise = promise_of(desk, &number);
        assert_eq!(promise["source"], "table", "{name} {code}: {promise:#}");
        assert!(
            mail_of(desk, &number).contains("(estimate)"),
            "{name} {code}"
        );
    }
    prism.prefer("");
}

/// Answers that Prism makes up from the schemas alone: whatever they say, the order goes on.
fn invented(prism: &Prism, desk: &TestDesk, set: &Set) {
    let name = set.name;
    // after credentials were refused there is no token: one as in the example
    desk.order(&order_to("I", "65310"));
    desk.run(&["process"]).ok();
    prism.prefer("dynamic=true");
    for round in 0..8 {
        let number = format!("I{round}");
        desk.order(&order_to(&number, &format!("6532{round}")));
        desk.run(&["process"]).ok();
        let promise = promise_of(desk, &number);
        let source = promise["source"].as_str().unwrap_or_default();
        assert!(matches!(source, "ups" | "table"), "{name}: {promise:#}");
    }
    // a token that Prism makes up may be none that a header can hold
    let part = if set.sound { "/transittimes" } else { "" };
    assert!(prism.take(part).len() >= 8, "{name}");
    prism.prefer("");
}

/// Where parcels are.
fn parcels(prism: &Prism, desk: &TestDesk, set: &Set) {
    // the example of the published document is another parcel
    prism.moved("1Z023E2X0214323462", PARCEL);
    desk.now("2025-06-06T20:00:00Z");
    let csv = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\nW1-1,BF63-12163,3,UPS,{PARCEL},2025-06-03\n"
    );
    desk.file("advice.csv", csv.as_bytes());
    desk.run(&["import-advices", "advice.csv"]).ok();
    desk.run(&["process"]).ok();
    let asked = prism.take("/track/v1/details/");
    assert_eq!(asked.len(), 1, "{}", set.name);
    assert!(asked[0].line.contains(PARCEL));
    let story = desk.run(&["order", "show", "W1", "--json"]).ok().json();
    let state = story["state"].as_str().unwrap_or_default();
    match set.sound {
        true => assert_eq!(state, "delivered", "{}", set.name),
        false => assert!(
            matches!(state, "shipped" | "delivered"),
            "{}: {state}",
            set.name
        ),
    }
    prism.prefer("dynamic=true");
    for day in 10..14 {
        desk.now(&format!("2025-06-{day}T20:00:00Z"))
            .run(&["process"])
            .ok();
    }
    prism.take("");
}
