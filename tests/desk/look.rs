//! What people look at: golden screens, and JSON by its keys.

use super::{morning, number_of, screen};
use crate::support::desk::TestDesk;
use crate::support::golden::golden;
use serde_json::{Value, json};

fn keys(of: &Value) -> Vec<&str> {
    let object = of.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

#[test]
fn an_order_on_one_screen() {
    let desk = morning();
    desk.run(&[
        "order",
        "note",
        "W200001",
        "Customer called: is it on its way?",
    ])
    .ok();
    for (name, order) in [
        ("placed", "W200001"),
        ("held", "w200003"),
        ("second", "W200001~2"),
    ] {
        let shown = desk.run_wide(&["order", "show", order], 100).ok().stdout;
        assert!(shown.lines().count() <= 45, "{shown}");
        assert!(
            shown.lines().all(|line| line.chars().count() <= 100),
            "{shown}"
        );
        golden(
            format!("tests/desk/expected/order_{name}.txt"),
            &screen(&desk, &shown),
        );
    }
}

#[test]
fn the_exceptions_list_and_each_kind_of_case() {
    let desk = morning();
    let list = desk.run_wide(&["exceptions", "list"], 100).ok().stdout;
    golden(
        "tests/desk/expected/exceptions_list.txt",
        &screen(&desk, &list),
    );
    for code in ["bad_zip", "price_mismatch", "duplicate_order_number"] {
        let shown = desk
            .run_wide(&["exceptions", "show", &number_of(&desk, code)], 100)
            .ok()
            .stdout;
        golden(
            format!("tests/desk/expected/exception_{code}.txt"),
            &screen(&desk, &shown),
        );
    }
}

#[test]
fn the_contracts_keys_of_the_exceptions_list() {
    let desk = morning();
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let all = list["exceptions"].as_array().expect("a list");
    for one in all {
        let there = keys(one);
        let first = [
            "id", "code", "severity", "entity", "order", "opened", "message", "remedies",
        ];
        assert_eq!(there[..first.len()], first);
    }
    let of = |code: &str| all.iter().find(|one| one["code"] == code).expect("listed");
    let second = of("duplicate_order_number");
    assert_eq!(
        (&second["order"], &second["entity"]),
        (&json!("W200001"), &json!("order:W200001~2"))
    );
    assert_eq!(second["value"], "29.90");
    assert_eq!(of("missing_phone")["severity"], "warn");
    let mail = of("unknown_format");
    assert_eq!(
        (&mail["order"], &mail["entity"]),
        (&Value::Null, &json!("message:5"))
    );
    let holds: Vec<bool> = all.iter().map(|one| one["severity"] == "hold").collect();
    assert!(holds.is_sorted_by(|a, b| a >= b), "{list:#}");
}

#[test]
fn an_orders_json_has_its_keys() {
    let desk = morning();
    let order = desk
        .run(&["order", "show", "W200001", "--json"])
        .ok()
        .json();
    let there = keys(&order);
    for key in [
        "order",
        "reference",
        "state",
        "received",
        "updated",
        "customer",
        "ship_to",
        "lines",
        "purchase_orders",
        "deliveries",
        "money",
        "exceptions",
        "notes",
        "timeline",
        "next",
        "revisions",
    ] {
        assert!(there.contains(&key), "no {key} in {there:?}");
    }
    assert_eq!(order["money"]["total"], "370.64");
    assert_eq!(order["money"]["cost"], "203.75");
    assert_eq!(order["money"]["currency"], "USD");
    assert_eq!(
        order["lines"][1]["purchase_orders"][0]["number"],
        "W200001-2"
    );
    assert_eq!(order["received"], "2025-06-02T10:05:00.000Z");
    assert_eq!(order["copies"][0]["reference"], "W200001~2");
    assert!(
        order["next"]["what"]
            .as_str()
            .is_some_and(|what| what.contains("W200001-1")),
        "{order:#}"
    );
    // sent on Monday, two working days for the answer, until the close of business
    assert_eq!(order["next"]["by"], "2025-06-04T21:00:00.000Z");
}

#[test]
fn filters_narrow_the_list() {
    let desk = morning();
    let count = |args: &[&str]| {
        let list = desk
            .run(&[&["exceptions", "list", "--json"], args].concat())
            .ok()
            .json();
        list["exceptions"].as_array().map_or(0, Vec::len)
    };
    let all = count(&[]);
    assert_eq!(
        count(&["--severity", "hold"]) + count(&["--severity", "warn"]),
        all
    );
    assert_eq!(count(&["--code", "bad_zip"]), 1);
    assert_eq!(count(&["--order", "W200001"]), 1);
    assert_eq!(count(&["--about", "message"]), 1);
    assert_eq!(count(&["--older-than", "3"]), all);
    assert_eq!(count(&["--older-than", "4"]), 0);
    assert_eq!(count(&["--older-than", "36500"]), 0);
    let ever = desk.run(&["order", "list", "--days", "36500"]).ok();
    assert!(ever.stdout.contains("W200001"), "{}", ever.stdout);
    let none = desk
        .run(&["exceptions", "list", "--older-than", "4"])
        .ok()
        .stdout;
    assert!(none.contains("exceptions list --all"), "{none}");
}

#[test]
fn an_empty_site_says_so_everywhere() {
    let desk = TestDesk::stocked();
    desk.run(&["process"]).ok();
    for (args, word) in [
        (&["exceptions", "list"][..], "nothing waits"),
        (&["order", "list"], "no order yet"),
        (&["po", "list"], "no purchase order yet"),
        (&["outbox", "list"], "outbox is empty"),
        (&["message", "list"], "No message came yet"),
        (&["status"], "nothing waits"),
        (&["verify"], "Everything holds"),
    ] {
        let said = desk.run(args).ok().stdout;
        assert!(said.contains(word), "{args:?}: {said}");
    }
}

#[test]
fn searches_find_by_what_a_customer_says() {
    let desk = morning();
    for (text, found) in [
        ("w20000", 4),
        ("wójcik", 1),
        ("wojcik", 1),
        ("WÓJCIK", 1),
        ("Łukasz", 1),
        ("lukasz  w", 1),
        ("cesar b", 3),
        ("LUKASZ@", 1),
        ("+1 (859) 589-9227", 3),
        ("W200001-2", 1),
        // one of them receives what another ordered
        ("bustos", 4),
    ] {
        let list = desk.run(&["order", "search", text, "--json"]).ok().json();
        assert_eq!(
            list["orders"].as_array().map_or(0, Vec::len),
            found,
            "{text}: {list:#}"
        );
    }
    let none = desk.run(&["order", "search", "nobody"]).ok().stdout;
    assert!(none.contains("message list"), "{none}");
}

#[test]
fn the_trail_takes_every_name_that_people_type() {
    let desk = morning();
    let exception = format!("exception {}", number_of(&desk, "bad_zip"));
    for name in [
        "W200001",
        "w200001~2",
        "W200001-1",
        "po:W200001-2",
        "message:1",
        "delivery 1",
        "order W200002",
        &exception,
    ] {
        let trail = desk.run(&["audit", "show", name, "--json"]).ok().json();
        assert!(
            trail["entries"]
                .as_array()
                .is_some_and(|all| !all.is_empty()),
            "{name}: {trail:#}"
        );
    }
    let trail = desk.run(&["audit", "show", "message", "5"]).ok().stdout;
    assert!(trail.contains("unknown_format"), "{trail}");
    desk.run(&["audit", "show", "nothing"])
        .fails(1, &["nothing is named 'nothing'", "W200001-1"]);
}

#[test]
fn a_purchase_order_its_pdf_and_its_mail() {
    let desk = morning();
    let shown = desk.run_wide(&["po", "show", "W200001-2"], 100).ok().stdout;
    assert!(
        shown.contains("Blue Ridge Garden Supply") && shown.contains("$19.25"),
        "{shown}"
    );
    let next = "acknowledges W200001-2 (else a mail asks), by Wed 2025-06-04";
    assert!(shown.contains(next), "{shown}");
    let pdf = desk.run(&["po", "pdf", "W200001-1", "-o", "-"]).ok();
    assert!(
        pdf.bytes.starts_with(b"%PDF-") && pdf.bytes.ends_with(b"%%EOF\n")
            || pdf.bytes.ends_with(b"%%EOF")
    );
    desk.run(&["po", "pdf", "W200001-1"]).ok();
    let written = std::fs::read(desk.path("PO-W200001-1.pdf")).expect("the file");
    assert_eq!(written, pdf.bytes);
    desk.run(&["po", "pdf", "W200001-1"])
        .fails(1, &["exists", "-o"]);
}

#[test]
fn raw_bytes_move_no_terminal() {
    let desk = TestDesk::stocked();
    let mail = "From: a@b.example\r\nSubject: \x1b]0;renamed\x07\r\n\r\n\x1b[31mred\x1b[0m \u{9b}2J \u{202e}live\u{2066} \u{200f}! \u{61c}\r\nover\rwritten\x08\x7f\r\n";
    desk.raw_mail(mail.as_bytes());
    desk.run(&["process"]).ok();
    // a terminal of its own, by script (bsdutils)
    let command = format!("{} message show 1 --raw", env!("CARGO_BIN_EXE_poms"));
    let shown = std::process::Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(desk.path("."))
        .env("POMS_CONFIG", desk.path("poms.toml"))
        .env("POMS_NOW", desk.moment().to_rfc3339())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("script");
    let shown = String::from_utf8(shown.stdout).expect("text");
    for word in [
        "\\u{1b}[31mred",
        "\\u{9b}2J",
        "\\u{202e}live\\u{2066}",
        "\\u{200f}!",
        "over\\u{d}written",
    ] {
        assert!(shown.contains(word), "no {word} in {shown:?}");
    }
    let moves = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    // the terminal itself makes CR LF of each line's end
    let shown = shown.replace("\r\n", "\n");
    assert_eq!(shown.chars().find(moves), None, "{shown:?}");
    // a file gets the bytes as they came
    assert_eq!(
        desk.run(&["message", "show", "1", "--raw"]).ok().bytes,
        mail.as_bytes()
    );
}

#[test]
fn raw_bytes_are_those_that_came() {
    let desk = morning();
    let raw = desk.run(&["message", "show", "5", "--raw"]).ok();
    assert!(raw.bytes.ends_with(b"\r\n\r\nNot sealed.\r\n"));
    let shown = desk.run(&["message", "show", "5"]).ok().stdout;
    assert!(
        shown.contains("someone@mail.example") && shown.contains("unknown_format"),
        "{shown}"
    );
}

#[test]
fn status_backup_and_verify_give_figures() {
    let desk = morning();
    let status = desk.run(&["status", "--json"]).ok().json();
    assert_eq!(status["orders"]["held"], 3, "{status:#}");
    assert_eq!(status["runs"][0]["outcome"], "done");
    assert_eq!(status["seconds_since_last_run"], 3 * 3600);
    assert_eq!(status["running"], Value::Null);
    let copy = desk.run(&["backup", "copy.db", "--json"]).ok().json();
    assert_eq!(copy["orders"], 4);
    assert!(!desk.path("copy.db-wal").exists());
    desk.run(&["backup", "copy.db"]).fails(1, &["exists"]);
    assert_eq!(desk.run(&["verify", "--json"]).ok().json()["ok"], true);
    let stranger = rusqlite::Connection::open(desk.path("poms.db")).expect("the ledger");
    let changed = stranger.execute("UPDATE orders SET total = 1 WHERE number = 'W200002'", []);
    assert_eq!(changed.expect("an update"), 1);
    desk.run(&["verify"])
        .fails(1, &["orders row 2 was changed outside poms"]);
}

#[test]
fn no_text_of_an_order_reaches_the_terminal_as_a_command() {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("W200001");
    order["comments"] = json!("\u{1b}]0;title\u{7}\u{202e}gnp");
    order["customer"]["name"] = json!("A\u{9b}2J\nID hold all_is_well");
    desk.order(&order);
    desk.run(&["process"]).ok();
    for args in [
        &["order", "show", "W200001"][..],
        &["order", "list"],
        &["exceptions", "list"],
        &["exceptions", "show", "1"],
        &["audit", "show"],
    ] {
        let shown = desk.run(args).ok().stdout;
        let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!shown.contains(hidden), "{args:?}: {shown:?}");
        assert!(
            !shown
                .lines()
                .any(|line| line.trim_start().starts_with("ID hold")),
            "{args:?}: {shown}"
        );
    }
}
