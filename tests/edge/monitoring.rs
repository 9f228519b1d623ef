//! Heartbeat and metrics file, as monitoring meets them.

use crate::support::authority::Authority;
use crate::support::desk::TestDesk;
use crate::support::gpg::Gpg;
use crate::support::http::Calls;
use crate::support::ports;
use crate::support::scene::config;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// What no log, screen or file may show.
const SECRET: &str = "0c7b3f54-aaaa-4c4e-9d3f-canarycanary";

fn desk(more: &str) -> TestDesk {
    let desk = TestDesk::stocked();
    desk.config(&format!(
        "[monitoring]\nmetrics_file = \"metrics/poms.prom\"\n{more}"
    ));
    std::fs::create_dir(desk.path("metrics")).unwrap();
    desk
}

fn beating(port: u16, more: &str) -> TestDesk {
    desk(&format!(
        "heartbeat_url = \"http://127.0.0.1:{port}/ping/{SECRET}\"\n{more}"
    ))
}

/// The page of figures by name and labels, held to the text format 0.0.4 and to Prometheus' own
/// habits: HELP and TYPE before each family, families in one piece, counters that end in `_total`
/// and nothing else, no series twice.
fn figures(desk: &TestDesk) -> BTreeMap<String, f64> {
    page(&desk.path("metrics/poms.prom"))
}

fn page(file: &Path) -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(file).expect("a page");
    assert!(text.ends_with('\n') && !text.contains(SECRET), "{text}");
    let (mut found, mut families) = (BTreeMap::new(), BTreeSet::new());
    let (mut family, mut helped) = (String::new(), String::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            helped = rest.split_once(' ').expect("a text").0.to_owned();
            assert!(families.insert(helped.clone()), "{helped} twice");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a type");
            assert_eq!(name, helped);
            assert_eq!(kind == "counter", name.ends_with("_total"), "{name}");
            assert!(["counter", "gauge"].contains(&kind), "{name} {kind}");
            family = name.to_owned();
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let name = series.split('{').next().unwrap();
            assert_eq!(name, family, "{line}");
            assert!(
                name.starts_with("poms_")
                    && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            );
            if let Some(labels) = series.strip_prefix(name).and_then(|l| l.strip_prefix('{')) {
                let labels = labels.strip_suffix("\"}").expect(line);
                for label in labels.split("\",") {
                    let (name, value) = label.split_once("=\"").expect(line);
                    assert!(!name.is_empty() && !value.contains(['"', '\n']), "{line}");
                }
            }
            let value: f64 = value.parse().expect(line);
            assert!(value.is_finite(), "{line}");
            assert!(
                found.insert(series.to_owned(), value).is_none(),
                "{series} twice"
            );
        }
    }
    found
}

fn value(figures: &BTreeMap<String, f64>, series: &str) -> f64 {
    *figures
        .get(series)
        .unwrap_or_else(|| panic!("no {series} in {figures:#?}"))
}

/// The moment of the desk, in seconds since 1970.
const NOW: f64 = 1_748_858_700.0;

/// Figures after one run on a good order and a bad one.
const EXPECTED: &[(&str, f64)] = &[
    ("poms_build_info{version=\"0.1.0\"}", 1.0),
    ("poms_last_run_success", 1.0),
    ("poms_last_run_exit_code", 0.0),
    ("poms_last_run_outcome{outcome=\"done\"}", 1.0),
    ("poms_last_run_outcome{outcome=\"failed\"}", 0.0),
    ("poms_last_run_end_timestamp_seconds", NOW),
    ("poms_last_success_timestamp_seconds", NOW),
    ("poms_last_run_messages{outcome=\"accepted\"}", 2.0),
    ("poms_last_run_orders{outcome=\"placed\"}", 1.0),
    ("poms_runs_total", 1.0),
    ("poms_messages{state=\"accepted\"}", 2.0),
    ("poms_orders{state=\"held\"}", 1.0),
    ("poms_orders{state=\"closed\"}", 0.0),
    ("poms_purchase_orders{state=\"sent\"}", 1.0),
    ("poms_deliveries{state=\"sent\"}", 3.0),
    ("poms_deliveries{state=\"unknown\"}", 0.0),
    (
        "poms_exceptions_open{code=\"bad_zip\",severity=\"hold\"}",
        1.0,
    ),
    (
        "poms_exceptions_open{code=\"bad_phone\",severity=\"warn\"}",
        0.0,
    ),
    (
        "poms_exceptions_oldest_open_timestamp_seconds{severity=\"hold\"}",
        NOW,
    ),
    ("poms_exceptions_opened_total", 2.0),
    ("poms_stop_switch", 0.0),
    ("poms_ledger_readable", 1.0),
    ("poms_ledger_anchor_agrees", 1.0),
    ("poms_disk_needed_bytes", 1_048_576.0),
    ("poms_heartbeat_up", 1.0),
    ("poms_heartbeat_failures_total", 0.0),
];

#[test]
fn after_a_good_run_the_address_is_called_once_and_the_figures_are_there() {
    let calls = Calls::start("200 OK");
    let desk = beating(calls.port, "heartbeat_failure = \"/fail\"");
    let mut bad = TestDesk::plain_order("W200002");
    bad["ship_to"]["zip"] = "10001".into();
    desk.order(&TestDesk::plain_order("W200001")).order(&bad);
    assert_eq!(desk.run(&["process", "--dry-run"]).code, 0);
    assert_eq!(calls.take(), Vec::<String>::new(), "a rehearsal is no run");
    assert!(!desk.path("metrics/poms.prom").exists());

    desk.run(&["process"]).ok();
    assert_eq!(calls.take(), [format!("GET /ping/{SECRET} HTTP/1.1")]);
    let is = figures(&desk);
    for (series, expected) in EXPECTED.iter().copied() {
        assert_eq!(value(&is, series), expected, "{series}");
    }
    assert!(value(&is, "poms_disk_free_bytes") > 0.0);
    assert!(value(&is, "poms_ledger_size_bytes") > 0.0);
    let oldest = "poms_outbox_oldest_queued_timestamp_seconds";
    assert!(!is.contains_key(oldest), "nothing waits");
    let text = std::fs::read_to_string(desk.path("metrics/poms.prom")).unwrap();
    for personal in ["W20000", "César", "Bustos", "mail.example", "ACME", "/tmp"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    let mode = std::fs::metadata(desk.path("metrics/poms.prom"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644, "another user reads it");
    assert_eq!(std::fs::read_dir(desk.path("metrics")).unwrap().count(), 1);
}

#[test]
fn after_a_run_that_failed_the_failure_is_told_and_the_last_success_is_kept() {
    let calls = Calls::start("200 OK");
    let desk = beating(calls.port, "heartbeat_failure = \"/fail\"");
    desk.run(&["process"]).ok();
    let before = value(&figures(&desk), "poms_last_success_timestamp_seconds");
    calls.take();
    // with a report: the mailbox is gone
    std::fs::rename(desk.path("mail/orders"), desk.path("mail/elsewhere")).unwrap();
    desk.now("2025-06-02T10:15:00Z")
        .run(&["process"])
        .fails(1, &["mailbox orders"]);
    assert_eq!(calls.take(), [format!("GET /ping/{SECRET}/fail HTTP/1.1")]);
    let is = figures(&desk);
    assert_eq!(
        value(&is, "poms_last_run_outcome{outcome=\"with_failures\"}"),
        1.0
    );
    assert_eq!(value(&is, "poms_last_run_failures"), 1.0);
    // with none: the ledger is none, a key is none
    std::fs::rename(desk.path("poms.db"), desk.path("kept.db")).unwrap();
    desk.file("poms.db", &[b'x'; 4096]);
    desk.run(&["process"]).fails(1, &["the ledger is damaged"]);
    let is = figures(&desk);
    assert_eq!(value(&is, "poms_last_run_outcome{outcome=\"failed\"}"), 1.0);
    assert_eq!(
        (
            value(&is, "poms_ledger_readable"),
            value(&is, "poms_last_run_exit_code")
        ),
        (0.0, 1.0)
    );
    assert!(
        !is.contains_key("poms_orders{state=\"held\"}"),
        "nothing is made up"
    );
    desk.file("keys/webshop.pub.asc", b"no key");
    desk.run(&["process"]).fails(2, &["webshop.pub.asc"]);
    let is = figures(&desk);
    assert_eq!(value(&is, "poms_last_run_exit_code"), 2.0);
    assert_eq!(value(&is, "poms_last_success_timestamp_seconds"), before);
    assert_eq!(calls.take().len(), 2);
}

#[test]
fn a_heartbeat_that_fails_in_any_way_costs_a_run_nothing_and_is_told_with_v() {
    let redirecting = Calls::start("302 Found\r\nLocation: http://169.254.169.254/");
    let refusing = Calls::start("404 Not Found");
    let silent = Calls::start("");
    let timeout = "heartbeat_timeout_seconds = 1";
    for (port, word) in [
        (ports::free(), "refused"),
        (redirecting.port, "redirection"),
        (refusing.port, "404"),
        (silent.port, "answer"),
    ] {
        let desk = beating(port, timeout);
        let begun = Instant::now();
        assert_eq!(desk.run(&["process"]).ok().stdout, "", "{word}");
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{word}: {:?}",
            begun.elapsed()
        );
        let told = desk.run(&["-v", "-v", "process"]);
        assert_eq!(told.code, 0);
        assert!(
            told.stderr.contains("heartbeat") && told.stderr.contains(word),
            "{}",
            told.stderr
        );
        assert!(
            !told.stderr.contains(SECRET) && !told.stdout.contains(SECRET),
            "{}",
            told.stderr
        );
        let is = figures(&desk);
        assert_eq!(
            (
                value(&is, "poms_heartbeat_up"),
                value(&is, "poms_heartbeat_failures_total")
            ),
            (0.0, 2.0)
        );
    }
    assert_eq!(redirecting.take().len(), 2, "no redirect is followed");
}

#[test]
fn a_command_for_the_address_that_hangs_delays_a_run_by_no_more_than_the_timeout() {
    let desk = desk("heartbeat_url_command = [\"sleep\", \"60\"]\nheartbeat_timeout_seconds = 1");
    let begun = Instant::now();
    desk.run(&["process"]).ok();
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(value(&figures(&desk), "poms_heartbeat_up"), 0.0);
}

#[test]
fn an_address_inside_is_called_only_where_that_is_said_and_plain_http_only_to_this_machine() {
    let desk = desk("heartbeat_url = \"https://10.11.12.13/x\"\nheartbeat_timeout_seconds = 1");
    let told = desk.run(&["-v", "process"]);
    assert!(told.stderr.contains("allow_private"), "{}", told.stderr);
    for (address, word) in [
        ("http://monitor.example/canary", "allow_plaintext"),
        ("ftp://monitor.example/canary", "https"),
        ("canary", "hc-ping.com"),
    ] {
        let text = format!("[monitoring]\nheartbeat_url = \"{address}\"");
        desk.config(&text);
        let done = desk
            .run(&["process"])
            .fails(2, &["monitoring.heartbeat_url", word]);
        assert!(!done.stderr.contains("canary"), "{}", done.stderr);
    }
    desk.config(
        "[monitoring]\nheartbeat_url = \"https://monitor.example/\"\nheartbeat_failure = \"fail\"",
    );
    desk.run(&["process"])
        .fails(2, &["heartbeat_failure", "/fail"]);
    // who knows the address can pretend to be us: nobody else may read it
    desk.config("[monitoring]\nheartbeat_url = \"https://monitor.example/\"");
    std::fs::set_permissions(
        desk.path("poms.toml"),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    desk.run(&["process"]).fails(2, &["chmod"]);
}

#[test]
fn a_file_that_cannot_be_written_is_said_and_the_old_one_stays() {
    let desk = desk("");
    desk.order(&TestDesk::plain_order("W200001"));
    std::fs::remove_dir(desk.path("metrics")).unwrap();
    let done = desk
        .run(&["process"])
        .fails(1, &["monitoring.metrics_file", "poms.prom"]);
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    assert_eq!(desk.mails().len(), 2, "the run itself was done");
    let checked = desk.run(&["check"]);
    assert!(
        checked.code == 1 && checked.stdout.contains("WRONG metrics"),
        "{}",
        checked.stdout
    );
    std::fs::create_dir(desk.path("metrics")).unwrap();
    let checked = desk.run(&["check"]).ok();
    assert!(
        checked.stdout.contains("ok    metrics"),
        "{}",
        checked.stdout
    );
    assert_eq!(
        std::fs::read_dir(desk.path("metrics")).unwrap().count(),
        0,
        "check leaves nothing"
    );
    desk.run(&["process"]).ok();
    assert_eq!(value(&figures(&desk), "poms_last_run_success"), 1.0);
}

#[test]
fn keys_and_certificates_that_end_are_told() {
    let gpg = Gpg::at("20250601T000000");
    gpg.key("Web Shop <web@shop.example>", "ed25519", "60d", "");
    let authority = Authority::new("localhost");
    let desk = TestDesk::new();
    desk.file("keys/webshop.pub.asc", &gpg.public("web@shop.example"));
    desk.file("keys/ca.pem", &authority.root);
    let port = ports::free();
    let smtp =
        format!("kind = \"smtp\"\nhost = \"localhost\"\nport = {port}\nca_file = \"keys/ca.pem\"");
    let more = "[monitoring]\nmetrics_file = \"poms.prom\"";
    desk.file("poms.toml", config(&smtp, more).as_bytes());
    desk.run(&["process"]).ok();
    let is = page(&desk.path("poms.prom"));
    let find = |begin: &str| {
        let mut series = is.iter().filter(|(name, _)| name.starts_with(begin));
        *series
            .next()
            .unwrap_or_else(|| panic!("no {begin} in {is:#?}"))
            .1
    };
    let key = find("poms_key_expiry_timestamp_seconds{file=\"webshop.pub.asc\",key=\"");
    let days = (key - NOW) / 86_400.0;
    assert!((57.0..60.0).contains(&days), "{days}");
    assert!(find("poms_ca_file_expiry_timestamp_seconds{file=\"ca.pem\"}") > NOW);
}

#[test]
fn a_second_run_leaves_the_first_ones_figures_alone() {
    let calls = Calls::start("200 OK");
    let desk = beating(calls.port, "heartbeat_failure = \"/fail\"");
    let lock = std::fs::File::create(desk.path("poms.db.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(desk.run(&["process"]).code, 75);
    assert!(calls.take().is_empty() && !desk.path("metrics/poms.prom").exists());
}
