//! What vendors write, in as many voices as could be thought of, read by the whole site: one purchase
//! order for each mail of `fixtures/voices`. The texts were written before the reader that reads
//! them, and half of them are traps.
//!
//! A text stands below `=== EXPECTED`: `ack`, `ack DAY`, `ship`, `part`, `backorder`, `backorder DAY`,
//! `reject` for what a plain one does by itself, or else must bring before a person; `person` for a
//! trap, which changes nothing; `terms` for a yes with terms beside it, which changes nothing either and
//! goes before a person; `remit` the same with `remit_to_changed`; `quiet` for what no person wrote. `pair`
//! after it makes an order of two lamps, `two` one of two lamps and a kettle, else it is one lamp.

use super::Dock;
use crate::support::desk::TestDesk;
use rusqlite::Connection;
use serde_json::json;
use std::collections::BTreeMap;

/// Of the plain texts of a file so many hundredths act by themselves, at least.
const FLOORS: [(&str, usize); 3] = [
    ("plain-answers", 75),
    ("plain-shipments", 80),
    ("everyday", 95),
];

/// A mail, and what is expected of it.
struct Voice {
    file: String,
    expected: String,
    day: Option<String>,
    lines: &'static [(&'static str, i64)],
    text: String,
}

/// What became of its purchase order.
pub(super) struct Outcome {
    state: String,
    pub(super) answers: Vec<String>,
    pub(super) day: Option<String>,
    pub(super) shipped: i64,
    pub(super) codes: Vec<String>,
    pub(super) messages: Vec<String>,
}

/// The texts of a file, each with the line above it.
pub(super) fn entries(path: impl AsRef<std::path::Path>) -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(path)).unwrap();
    let entries = text.split("=== ").filter(|entry| !entry.trim().is_empty());
    let parted = entries.map(|entry| entry.split_once('\n').unwrap());
    parted
        .map(|(head, text)| (head.trim().to_owned(), text.trim_end().to_owned()))
        .collect()
}

fn voices() -> Vec<Voice> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/voices");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for path in files {
        for (head, text) in entries(&path) {
            let words: Vec<&str> = head.split_whitespace().collect();
            let flag = |flag: &str| words.contains(&flag);
            all.push(Voice {
                file: path.file_stem().unwrap().to_string_lossy().into_owned(),
                expected: words[0].to_owned(),
                day: words
                    .iter()
                    .find(|word| word.starts_with("20"))
                    .map(|day| (*day).to_owned()),
                lines: match (flag("two"), flag("pair")) {
                    (true, _) => &[("BF63-12163", 2), ("KT10-00010", 1)],
                    (_, true) => &[("BF63-12163", 2)],
                    _ => &[("BF63-12163", 1)],
                },
                text,
            });
        }
    }
    all
}

/// A UPS number with the right check digit.
pub(super) fn ups(number: usize) -> String {
    let serial = format!("A1B2C303{number:07}");
    let value = |c: char| match c {
        '0'..='9' => c as u32 - '0' as u32,
        c => (c as u32 - 'A' as u32 + 2) % 10,
    };
    let sum: u32 = serial
        .chars()
        .enumerate()
        .map(|(at, c)| value(c) * if at % 2 == 1 { 2 } else { 1 })
        .sum();
    format!("1Z{serial}{}", (10 - sum % 10) % 10)
}

/// A FedEx number of twelve digits with the right check digit.
fn fedex(number: usize) -> String {
    let serial = format!("7946{number:07}");
    let weights = [3, 1, 7].iter().cycle();
    let sum: u32 = serial
        .chars()
        .zip(weights)
        .map(|(c, weight)| c.to_digit(10).unwrap() * weight)
        .sum();
    format!("{serial}{}", sum % 11 % 10)
}

/// A USPS number of 22 digits with the right check digit.
fn usps(number: usize) -> String {
    let serial = format!("94001092055{number:010}");
    let sum: u32 = serial
        .chars()
        .rev()
        .enumerate()
        .map(|(at, c)| c.to_digit(10).unwrap() * if at % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{serial}{}", (10 - sum % 10) % 10)
}

pub(super) fn filled(text: &str, place: usize) -> String {
    text.replace("{U}", &ups(place * 2))
        .replace("{V}", &ups(place * 2 + 1))
        .replace("{F}", &fedex(place))
        .replace("{P}", &usps(place))
        .replace("{po}", &format!("W{}-1", place + 1000))
}

/// Every voice has its purchase order, and its mail was read.
fn heard(voices: &[Voice]) -> Vec<Outcome> {
    let dock = Dock::new();
    for (place, voice) in voices.iter().enumerate() {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        let cents = |sku: &str| if sku == "KT10-00010" { 2990 } else { 10823 };
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let total = voice.lines.iter().map(|(sku, qty)| cents(sku) * qty).sum();
        let line = |(sku, qty): &(&str, i64)| json!({"sku": sku, "qty": qty, "unit_price": money(cents(sku))});
        order["lines"] = voice.lines.iter().map(line).collect();
        order["total"] = json!(money(total));
        order["customer"]["email"] = json!(format!("w{place}@mail.example"));
        dock.desk.order(&order);
    }
    dock.run();
    for (place, voice) in voices.iter().enumerate() {
        let subject = format!("Re: Purchase order W{}-1", place + 1000);
        dock.acme(&subject, &filled(&voice.text, place));
    }
    dock.run();
    dock.verify();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    (0..voices.len())
        .map(|place| outcome(&ledger, place))
        .collect()
}

pub(super) fn outcome(ledger: &Connection, place: usize) -> Outcome {
    let po = format!("W{}-1", place + 1000);
    let state = "SELECT state FROM purchase_order WHERE number = ?1";
    let lines = "SELECT s.answer, coalesce(s.until, s.promised), s.shipped FROM po_line_status s \
                 JOIN po_line l ON l.id = s.po_line_id JOIN purchase_order p ON p.id = l.po_id WHERE p.number = ?1 ORDER BY l.line";
    let said = "SELECT e.code FROM exception e JOIN purchase_order p ON p.order_id = e.order_id WHERE p.number = ?1";
    let mut query = ledger.prepare(lines).unwrap();
    let rows = query.query_map([&po], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows: Vec<(Option<String>, Option<String>, i64)> =
        rows.unwrap().map(Result::unwrap).collect();
    let mut query = ledger.prepare(said).unwrap();
    let codes = query.query_map([&po], |row| row.get(0)).unwrap();
    let mut query = ledger
        .prepare(&said.replace("e.code", "e.message"))
        .unwrap();
    let messages = query.query_map([&po], |row| row.get(0)).unwrap();
    Outcome {
        state: ledger.query_row(state, [&po], |row| row.get(0)).unwrap(),
        answers: rows
            .iter()
            .filter_map(|(answer, _, _)| answer.clone())
            .collect(),
        day: rows.iter().find_map(|(_, day, _)| day.clone()),
        shipped: rows.iter().map(|(_, _, shipped)| shipped).sum(),
        codes: codes.map(Result::unwrap).collect(),
        messages: messages.map(Result::unwrap).collect(),
    }
}

/// Whether it did what a plain text says.
fn did(voice: &Voice, outcome: &Outcome) -> bool {
    let told = outcome
        .codes
        .iter()
        .any(|code| !matches!(code.as_str(), "po_backordered" | "po_rejected"));
    let ordered: i64 = voice.lines.iter().map(|(_, qty)| qty).sum();
    let answered = |word: &str| outcome.answers.iter().any(|answer| answer == word);
    let day = outcome.day == voice.day;
    !told
        && match voice.expected.as_str() {
            "ack" => outcome.state == "acknowledged" && day && outcome.shipped == 0,
            "ship" => outcome.shipped == ordered,
            "part" => outcome.shipped > 0 && outcome.shipped < ordered,
            "backorder" => answered("backordered") && day && outcome.shipped == 0,
            "reject" => answered("rejected") && outcome.shipped == 0,
            _ => false,
        }
}

/// Whether nothing was done and a person was told.
fn asked(outcome: &Outcome) -> bool {
    untouched(outcome) && !outcome.codes.is_empty()
}

fn untouched(outcome: &Outcome) -> bool {
    outcome.state == "sent" && outcome.answers.is_empty() && outcome.shipped == 0
}

/// Whether an outcome is wrong: an act that the text does not say, or words that nobody reads.
fn wrong(voice: &Voice, outcome: &Outcome) -> bool {
    let told = !outcome.codes.is_empty();
    match voice.expected.as_str() {
        "person" => !asked(outcome),
        "terms" => !(untouched(outcome) && told),
        "remit" => {
            !(untouched(outcome) && outcome.codes.iter().any(|code| code == "remit_to_changed"))
        }
        "quiet" => !untouched(outcome),
        _ => !(did(voice, outcome) || asked(outcome) || partly(voice, outcome)),
    }
}

/// A plain yes with a sentence beside it that is not understood: acknowledged, and before a person.
fn partly(voice: &Voice, outcome: &Outcome) -> bool {
    let yes = outcome.shipped == 0 && outcome.answers.iter().all(|answer| answer == "accepted");
    let open = voice.expected == "ack" || voice.lines.len() > 1;
    open && yes && !outcome.codes.is_empty()
}

#[test]
fn no_voice_is_misheard() {
    let voices = voices();
    assert!(voices.len() >= 500, "{} voices", voices.len());
    let outcomes = heard(&voices);
    let mut share: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for (place, (voice, outcome)) in voices.iter().zip(&outcomes).enumerate() {
        let shown = || {
            format!(
                "{} {} {:?}: {} {:?} {:?} {} {:?}\n    {}",
                voice.file,
                voice.expected,
                voice.day,
                outcome.state,
                outcome.answers,
                outcome.day,
                outcome.shipped,
                outcome.codes,
                filled(&voice.text, place).replace('\n', "\n    ")
            )
        };
        if wrong(voice, outcome) {
            mistakes.push(shown());
        }
        if matches!(
            voice.expected.as_str(),
            "ack" | "ship" | "part" | "backorder" | "reject"
        ) {
            let (acted, all) = share.entry(&voice.file).or_default();
            *all += 1;
            *acted += usize::from(did(voice, outcome));
            if !did(voice, outcome) && std::env::var_os("POMS_SHOW").is_some() {
                println!("ASKED {} {:?}", shown(), outcome.messages);
            }
        }
    }
    println!(
        "{} voices, {} misheard; of the plain ones act by themselves: {share:?}",
        voices.len(),
        mistakes.len()
    );
    assert!(
        mistakes.is_empty(),
        "{} misheard:\n{}",
        mistakes.len(),
        mistakes.join("\n")
    );
    for (file, floor) in FLOORS {
        let (acted, all) = share[file];
        assert!(acted * 100 >= floor * all, "{file}: {acted} of {all}");
    }
}

/// Tables in HTML, each with the states in which it leaves its purchase order: alone, and beside a warning.
const TABLES: [(&str, [&str; 2]); 2] = [
    (
        "<tr><th>PO</th><th>SKU</th><th>Qty</th><th>Tracking</th></tr>\
             <tr><td>{po}</td><td>BF63-12163</td><td>1</td><td>{U}</td></tr>",
        ["shipped", "sent"],
    ),
    (
        "<tr><th>PO</th><th>SKU</th><th>Qty</th><th>Status</th></tr>\
             <tr><td>{po}</td><td>BF63-12163</td><td>1</td><td>Accepted</td></tr>",
        ["acknowledged", "sent"],
    ),
];
/// Prose beside them; 1 where it warns.
const PROSE: [(&str, usize); 10] = [
    ("", 0),
    ("<p>Thank you for your business!</p>", 0),
    ("<p>Note: line 1 will not ship.</p>", 1),
    ("<p>The blue one is out of stock.</p>", 1),
    ("<p>Unfortunately we had to cut the order by one.</p>", 1),
    ("<div>* BF63-12163 is on allocation.</div>", 1),
    (
        "<p><b>PLEASE NOTE</b>: the lamp was pulled from the truck</p>",
        1,
    ),
    (
        "<table><tr><td>Remarks: the carton is missing</td></tr></table>",
        1,
    ),
    (
        "<p>*** order confirmations may be incorrect, check prices ***</p>",
        1,
    ),
    (
        "<p style='font-size:9px'>All orders are subject to product availability and may be cancelled.</p>",
        1,
    ),
];

/// Vendors' tables in HTML, and prose beside them that warns: nothing acts.
#[test]
fn prose_beside_a_table_in_html_holds() {
    let dock = Dock::new();
    let all = || {
        TABLES
            .iter()
            .flat_map(|row| PROSE.iter().map(move |note| (row, note)))
    };
    for place in 0..all().count() {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        order["lines"] = json!([{"sku": "BF63-12163", "qty": 1, "unit_price": "108.23"}]);
        order["total"] = json!("108.23");
        order["customer"]["email"] = json!(format!("w{place}@mail.example"));
        dock.desk.order(&order);
    }
    dock.run();
    for (place, ((row, _), (note, _))) in all().enumerate() {
        let body = format!("<html><body><p>Hello,</p><table>{row}</table>{note}</body></html>");
        dock.acme(
            &format!("Re: Purchase order W{}-1", place + 1000),
            &filled(&body, place),
        );
        dock.last_mail(|mail| mail.replace("text/plain", "text/html"));
    }
    dock.run();
    dock.verify();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    let mut odd = Vec::new();
    for (place, ((row, states), (note, wanted))) in all().enumerate() {
        let outcome = outcome(&ledger, place);
        if outcome.state != states[*wanted] || (*wanted == 1) == outcome.codes.is_empty() {
            odd.push(format!(
                "{row} {note}: {} {:?}",
                outcome.state, outcome.messages
            ));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}
