//! Mail that is no order, through the real binary: bounces, automatic answers, vendors' answers, and
//! all that only pretends to be one of these.

mod again;
mod archive;
mod bounces;
mod cards;
mod contents;
mod customers;
mod domains;
mod echo;
mod footers;
mod hashed;
mod held;
mod trust;
mod unread;

use crate::support::desk::{SentMail, TestDesk};
use serde_json::Value;
use std::path::Path;

/// The Message-ID in every fixture.
const FIXTURE_ID: &str = "<0123456789abcdef0123456789abcdef@shop.example>";

/// A site whose one mailbox takes everything, with a key for tokens; `site` and `more` are added to
/// `[site]` and at the end.
fn configure(desk: &TestDesk, site: &str, more: &str) {
    desk.config(more);
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let text = text
        .replace("[[mailbox]]", &format!("{site}\n[[mailbox]]"))
        .replace("name = \"orders\"", "name = \"orders\"\npurpose = \"any\"");
    desk.file("poms.toml", text.as_bytes());
}

const TOKENS: &str = "token_keys = [\"keys/tokens.key\"]";

fn desk(more: &str) -> TestDesk {
    let desk = TestDesk::stocked();
    desk.file("keys/tokens.key", &[b'k'; 64]);
    configure(&desk, TOKENS, more);
    desk
}

/// As [`desk`], with order W200001 placed and its mails sent.
fn placed(more: &str) -> TestDesk {
    let desk = desk(more);
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    desk
}

/// The mail to this address.
fn mail_to(desk: &TestDesk, address: &str) -> SentMail {
    let mut mails = desk.mails().into_iter().filter(|mail| mail.to() == address);
    mails.next().expect("a mail to the address")
}

fn header(mail: &SentMail, name: &str) -> String {
    let text = String::from_utf8_lossy(&mail.raw);
    let head = text.split("\r\n\r\n").next().unwrap();
    let prefix = format!("{name}: ");
    let mut lines = head.lines().filter_map(|line| line.strip_prefix(&prefix));
    lines.next().unwrap_or_default().trim().to_owned()
}

/// A fixture of `fixtures/bounces`, about this mail, sent to this address.
fn fixture(name: &str, id: &str, to: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bounces");
    let text = std::fs::read_to_string(root.join(format!("{name}.eml"))).unwrap();
    text.replace(FIXTURE_ID, id)
        .replace(
            &FIXTURE_ID[1..FIXTURE_ID.len() - 1],
            id.trim_matches(['<', '>']),
        )
        .replacen("To: orders@shop.example", &format!("To: {to}"), 2)
        .into_bytes()
}

fn get(desk: &TestDesk, args: &[&str], key: &str) -> Vec<Value> {
    let args: Vec<&str> = [&["--json"], args].concat();
    let answer = desk.run(&args).ok().json();
    answer[key]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:#}"))
        .clone()
}

fn exceptions(desk: &TestDesk) -> Vec<Value> {
    get(desk, &["exceptions", "list"], "exceptions")
}

/// The open exceptions' codes.
fn codes(desk: &TestDesk) -> Vec<String> {
    let word = |row: &Value| row["code"].as_str().unwrap().to_owned();
    exceptions(desk).iter().map(word).collect()
}

fn po_state(desk: &TestDesk, number: &str) -> String {
    let rows = get(desk, &["po", "list"], "purchase_orders");
    let row = rows.iter().find(|row| row["number"] == number).unwrap();
    row["state"].as_str().unwrap().to_owned()
}

/// The delivery whose recipient is this.
fn delivery(desk: &TestDesk, to: &str) -> Value {
    let rows = get(desk, &["outbox", "list", "--all"], "deliveries");
    let mut rows = rows.into_iter().filter(|row| row["to"][0] == to);
    rows.next().expect("a delivery to the address")
}

/// The newest message.
fn message(desk: &TestDesk) -> Value {
    get(desk, &["message", "list"], "messages")[0].clone()
}

/// Reads what has come, and proves that the ledger holds.
fn process(desk: &TestDesk) -> Value {
    let report = desk.run(&["process", "--json"]).done().json();
    desk.run(&["verify"]).ok();
    report
}

/// Resolves the one open exception of a code.
fn resolve(desk: &TestDesk, code: &str, how: &[&str]) -> String {
    let open = exceptions(desk);
    let mut rows = open.iter().filter(|row| row["code"] == code);
    let id = rows.next().expect("an open exception")["id"].to_string();
    let args = [
        &["exceptions", "resolve", &id],
        how,
        &["--note", "asked by telephone"],
    ]
    .concat();
    let said = desk.run(&args).ok().stdout;
    desk.run(&["verify"]).ok();
    said
}
