//! The promise: UPS asked as its specification wants, and every way in which it fails; what
//! customers are told, and when.

mod apart;
mod door;
mod killed;
mod published;
mod scenario;
mod sequences;
mod tracked;

use crate::support::desk::TestDesk;
use crate::support::ups::{Reply, Ups, gateway};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

/// A site that asks this UPS.
fn site(ups: &Ups, more: &str) -> TestDesk {
    let desk = TestDesk::stocked();
    desk.file("keys/ups.secret", b"hunter2\n");
    desk.config(&ups.config(more));
    desk
}

/// An order to a ZIP code of Missouri.
fn order_to(number: &str, zip: &str) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["ship_to"]["zip"] = json!(zip);
    order["customer"]["email"] = json!(format!("{number}@mail.example"));
    order
}

/// The customer's mail of an order.
fn mail_of(desk: &TestDesk, number: &str) -> String {
    let mails = desk.mails();
    let to = format!("{number}@mail.example");
    let mine: Vec<_> = mails.iter().filter(|mail| mail.to() == to).collect();
    assert_eq!(mine.len(), 1, "one mail to {to}");
    let text = mine[0].text();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn vendor_mails(desk: &TestDesk) -> usize {
    let mails = desk.mails();
    let to_vendor = mails.iter().filter(|m| m.to() == "orders@acme.example");
    to_vendor.count()
}

fn promise_of(desk: &TestDesk, number: &str) -> Value {
    let story = desk.run(&["order", "show", number, "--json"]).ok().json();
    story["purchase_orders"][0]["promise"].clone()
}

#[test]
fn ups_is_asked_once_for_a_way_and_its_token_is_kept() {
    let ups = Ups::start("2025-06-06");
    let desk = site(&ups, "");
    desk.order(&order_to("W1", "65367"))
        .order(&order_to("W2", "65367"));
    desk.run(&["process"]).ok();
    for number in ["W1", "W2"] {
        let text = mail_of(&desk, number);
        assert!(text.contains("by Friday, June 6, 2025."), "{text}");
    }
    let promise = promise_of(&desk, "W1");
    assert_eq!(promise["source"], "ups");
    assert_eq!(promise["ship_by"], "2025-06-03");
    assert_eq!(promise["deliver_by"], "2025-06-06");
    assert_eq!(promise["told"], "2025-06-06");
    assert_eq!(ups.seen("/transittimes").len(), 1, "one way, one question");
    let asked = ups.seen("/transittimes")[0].json();
    assert_eq!(asked["originPostalCode"], "04101");
    assert_eq!(asked["destinationPostalCode"], "65367");
    assert_eq!(asked["destinationCityName"], "South Willie");
    assert_eq!(asked["shipDate"], "2025-06-03");
    // the next run knows way and token
    desk.now("2025-06-02T10:15:00Z");
    desk.order(&order_to("W3", "65367"))
        .order(&order_to("W4", "63101"));
    desk.run(&["process"]).ok();
    assert_eq!(ups.seen("/transittimes").len(), 2);
    assert_eq!(ups.seen("/oauth/token").len(), 1);
    let kept = std::fs::metadata(desk.path("poms.db.ups-token")).unwrap();
    assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    // four hours later the token is over
    desk.now("2025-06-02T14:30:00Z")
        .order(&order_to("W5", "63102"));
    desk.run(&["process"]).ok();
    assert_eq!(ups.seen("/oauth/token").len(), 2);
    desk.run(&["verify"]).ok();
}

#[test]
fn a_token_that_ups_no_longer_takes_is_renewed_once() {
    let ups = Ups::start("2025-06-06");
    let desk = site(&ups, "");
    desk.order(&order_to("W1", "65367"));
    desk.run(&["process"]).ok();
    ups.revoke();
    desk.order(&order_to("W2", "63101"));
    desk.run(&["process"]).ok();
    assert_eq!(ups.seen("/oauth/token").len(), 2);
    assert_eq!(promise_of(&desk, "W2")["source"], "ups");
}

/// The run fails by name, the secret stays hidden, and the order goes on.
#[test]
fn wrong_credentials_are_a_persons_to_mend() {
    let ups = Ups::start("2025-06-06");
    let refused = gateway(401, "10401", "Invalid Client Credentials");
    ups.tokens(&[refused]);
    let desk = site(&ups, "");
    desk.order(&order_to("W1", "65367"));
    let run = desk.run(&["process"]);
    let run = run.fails(1, &["10401 Invalid Client Credentials", "[promise]"]);
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    let text = mail_of(&desk, "W1");
    assert!(
        text.contains("by Tuesday, June 10, 2025 (estimate)."),
        "{text}"
    );
    assert_eq!(vendor_mails(&desk), 1);
}

/// Name, answer, and what of it stands in the promise.
fn failures() -> Vec<(&'static str, Reply, &'static str)> {
    let ambiguous = json!({"validationList": {"invalidFieldList": [], "destinationAmbiguous": true},
        "destinationPickList": [{"countryCode": "US", "city": "ELSEWHERE", "postalCode": "11111"}],
        "emsResponse": null});
    let invalid = json!({"validationList": {"invalidFieldList": ["ShipDate"],
        "invalidFieldListCodes": ["1085"]}, "emsResponse": null});
    let no_ground = json!({"emsResponse": {"services": [{"serviceLevel": "1DA", "deliveryDate": "2025-06-04"}]}});
    let absurd = json!({"emsResponse": {"services": [{"serviceLevel": "GND", "deliveryDate": "2031-06-04"}]}});
    vec![
        ("hang", Reply::Hang, "in time"),
        ("stall", Reply::Stall, "in time"),
        ("drop", Reply::Drop, "could not be reached"),
        ("429", gateway(429, "10429", "Too Many Requests"), "429"),
        ("503", Reply::With(503, "<html>".into()), "503"),
        ("400", gateway(400, "9270", "Bad zip"), "9270 Bad zip"),
        (
            "malformed",
            Reply::With(200, "{\"emsResponse\": [".into()),
            "no JSON",
        ),
        ("wrong form", Reply::With(200, "[1, 2]".into()), "no JSON"),
        ("empty", Reply::With(200, "{}".into()), "neither"),
        (
            "redirect",
            Reply::Redirect("http://169.254.169.254/".into()),
            "redirect",
        ),
        (
            "invalid",
            Reply::With(200, invalid.to_string()),
            "ShipDate (1085)",
        ),
        (
            "ambiguous",
            Reply::With(206, ambiguous.to_string()),
            "ambiguous",
        ),
        ("no ground", Reply::With(200, no_ground.to_string()), "GND"),
        ("absurd", Reply::With(200, absurd.to_string()), "2031"),
    ]
}

/// Whatever UPS does, the purchase order and the customer's mail go in the same run, with the
/// table's day, and the run is not held up by more than its budget.
#[test]
fn every_failure_of_ups_ends_in_an_estimate() {
    for (name, reply, why) in failures() {
        let ups = Ups::start("2025-06-06");
        ups.transits(&[reply]);
        let desk = site(&ups, "");
        desk.order(&order_to("W1", "65367"));
        let begun = Instant::now();
        desk.run(&["process"]).ok();
        assert!(begun.elapsed() < Duration::from_secs(20), "{name}");
        assert_eq!(vendor_mails(&desk), 1, "{name}");
        let text = mail_of(&desk, "W1");
        assert!(text.contains("June 10, 2025 (estimate)."), "{name}: {text}");
        let promise = promise_of(&desk, "W1");
        assert_eq!(promise["source"], "table", "{name}");
        let said = promise["why"].as_str().unwrap();
        assert!(said.contains(why), "{name}: {said}");
        let shown = desk.run(&["order", "show", "W1"]).ok().stdout;
        assert!(shown.contains("06-03 ~Tue 06-10"), "{shown}");
        // a settled promise is not asked about again
        desk.run(&["process"]).ok();
        assert_eq!(ups.seen("/transittimes").len(), 1, "{name}");
    }
}

/// While UPS hangs, the purchase order has left already.
#[test]
fn no_purchase_order_waits_for_ups() {
    let ups = Ups::start("2025-06-06");
    ups.tokens(&[Reply::Hang]);
    let desk = site(&ups, "");
    desk.order(&order_to("W1", "65367"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_poms"));
    command.env("POMS_CONFIG", desk.path("poms.toml"));
    command
        .env("POMS_NOW", "2025-06-02T10:05:00Z")
        .env("SHLVL", "1");
    let mut child = command.arg("process").spawn().unwrap();
    let begun = Instant::now();
    while ups.seen("/oauth/token").is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "UPS is never asked"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    // UPS was asked and has not answered: it never will
    assert_eq!(
        (vendor_mails(&desk), desk.mails().len()),
        (1, 1),
        "the purchase order alone"
    );
    assert!(child.wait().unwrap().success());
    assert!(mail_of(&desk, "W1").contains("(estimate)"));
}

#[test]
fn an_ambiguous_address_is_asked_about_again_with_the_one_that_fits() {
    let ups = Ups::start("2025-06-06");
    let list = json!({"emsResponse": null, "validationList": {"destinationAmbiguous": true},
        "destinationPickList": [
            {"countryCode": "US", "stateProvince": "MO", "city": "WILLIE", "postalCode": "65367"},
            {"countryCode": "US", "stateProvince": "MO", "city": "OTHER", "postalCode": "65368"}]});
    ups.transits(&[Reply::With(206, list.to_string())]);
    let desk = site(&ups, "");
    desk.order(&order_to("W1", "65367"));
    desk.run(&["process"]).ok();
    let asked = ups.seen("/transittimes");
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].json()["destinationCityName"], "WILLIE");
    assert_eq!(promise_of(&desk, "W1")["source"], "ups");
}

/// A run that is killed, or stopped, before UPS is asked: the next one does the rest, once.
#[test]
fn a_rehearsal_asks_nobody_and_the_next_run_does() {
    let ups = Ups::start("2025-06-06");
    let desk = site(&ups, "");
    desk.order(&order_to("W1", "65367"));
    desk.run(&["process", "--dry-run"]).ok();
    assert!(ups.seen("").is_empty() && desk.mails().is_empty());
    desk.run(&["process"]).ok();
    assert!(mail_of(&desk, "W1").contains("June 6, 2025."));
}

#[test]
fn another_carriers_service_and_another_country_are_not_asked_about() {
    let ups = Ups::start("2025-06-06");
    let desk = site(&ups, "");
    let mut order = order_to("W1", "65367");
    order["shipping_method"] = json!("USPS Priority Mail");
    desk.order(&order);
    desk.run(&["process"]).ok();
    assert!(ups.seen("").is_empty());
    assert!(mail_of(&desk, "W1").contains("(estimate)"));
}

#[test]
fn the_configuration_refuses_other_hosts_and_plain_text() {
    for (more, words) in [
        ("server = \"http://onlinetools.ups.com\"", "allow_plaintext"),
        ("server = \"https://evil.example\"", "none of UPS' hosts"),
        (
            "server = \"https://onlinetools.ups.com@evil.example\"",
            "production",
        ),
        (
            "server = \"https://onlinetools.ups.com/path\"",
            "production",
        ),
        ("server = \"ftp://onlinetools.ups.com\"", "https://"),
        ("ground_days = \"1 2\"", "ten whole numbers"),
        ("service = \"pigeon\"", "service of UPS"),
        ("cutoff = \"2 pm\"", "time of day"),
    ] {
        let desk = TestDesk::new();
        desk.file("keys/ups.secret", b"hunter2\n");
        desk.config(&format!(
            "[promise]\nkind = \"ups\"\nclient_id = \"x\"\nclient_secret_file = \"keys/ups.secret\"\n{more}"
        ));
        desk.run(&["status"]).fails(2, &[words]);
    }
    let desk = TestDesk::new();
    desk.config("[promise]\nkind = \"ups\"\nclient_id = \"x\"\n[notices]\nquiet_hours = \"night\"");
    let said = desk.run(&["status"]);
    said.fails(2, &["client_secret_file", "quiet_hours"]);
}
