//! The configuration with any number in any key: refused by file, line, key and what is allowed; or
//! taken, and then every command answers, with all keys at one end of what is taken.

use super::{EXTREMES, answered, looks};
use crate::support::desk::TestDesk;
use poms::config::{Config, ConfigError};
use std::collections::{BTreeMap, BTreeSet};

/// Keys that begin with a digit and are no number.
const WORDS: &[&str] = &[
    "phone",
    "project",
    "service",
    "account",
    "client_id",
    "host",
    "api_version",
    "since",
];

/// Keys that, at one of their ends, rightly keep a run from its work: each is tried alone.
const STOPPING: &[&str] = &["port", "free_disk_mib", "longest_pause_days"];

/// Servers on ports that nobody listens on, in the place of the site's own outgoing mail.
const FAR: &str = "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\nsecurity = \"none\"\n\
     [returns]\ncredit_restocked = true\n\
     [[mailbox]]\nname = \"far\"\nkind = \"imap\"\nhost = \"127.0.0.1\"\nuser = \"u\"\n\
     password = \"p\"\nsecurity = \"none\"\nallow_plaintext = true\n\
     [[source]]\nname = \"watched\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nuser = \"u\"\npassword = \"p\"\npath = \"in\"\n\
     host_key = \"SHA256:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE\"\n\
     [[source]]\nname = \"shop\"\nkind = \"woocommerce\"\nurl = \"http://127.0.0.1:9\"\nconsumer_key = \"k\"\n\
     consumer_secret = \"s\"\nsince = \"2025-06-01\"\n\
     [[source]]\nname = \"list\"\nkind = \"https\"\nurl = \"http://127.0.0.1:9/l.csv\"\nstock_of = \"ACME\"\n\
     [[hook]]\nname = \"told\"\non = [\"po.sent\"]\nprogram = [\"/bin/true\"]\n\
     [[stock_mail]]\nstock_of = \"ACME\"\nsubject = \"daily stock\"\n\
     [[vendor_drop]]\nvendor = \"ACME\"\nkind = \"folder\"\npath = \"acme\"\n\
     [[vendor_drop]]\nvendor = \"POST\"\nkind = \"https\"\nurl = \"http://127.0.0.1:9\"\n\
     [[vendor_drop]]\nvendor = \"BLUE\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nuser = \"u\"\npassword = \"p\"\npath = \"in\"\n\
     host_key = \"SHA256:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE\"\n\
     [[strategy]]\nname = \"lamps\"\n\
     [delivery.fax]\nkind = \"sinch\"\nproject = \"p\"\nservice = \"s\"\nkey = \"k\"\nsecret = \"s\"\n\
     base_url = \"http://127.0.0.1:9\"\nallow_plaintext = true\nallow_private = true\n";

/// A key with a number in it, its default as it is written, and how a limit of a rule stands in its table.
struct Key {
    section: String,
    name: String,
    default: String,
    rule: Option<String>,
}

/// Every key of `config/poms.toml` with a number in it.
fn keys() -> Vec<Key> {
    let text = include_str!("../../../config/poms.toml");
    let mut section = String::new();
    let mut keys = Vec::new();
    let numeric = |text: &str| {
        let text = text.trim_matches('"');
        text.starts_with(|c: char| c.is_ascii_digit())
    };
    for line in text.lines() {
        let line = line.strip_prefix('#').unwrap_or(line);
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']']).to_owned();
            continue;
        }
        let Some((name, default)) = line.split_once(" = ") else {
            continue;
        };
        let bare = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let limits = match section.as_str() {
            "rules" => default.trim_matches(['{', '}', ' ']).split(", ").collect(),
            _ => vec![line],
        };
        for limit in limits {
            let Some((inner, default)) = limit.split_once(" = ") else {
                continue;
            };
            let hylafax = section == "delivery.fax" && inner == "port";
            if bare && numeric(default) && !WORDS.contains(&inner) && !hylafax {
                keys.push(Key {
                    section: section.clone(),
                    name: inner.to_owned(),
                    default: default.to_owned(),
                    rule: (section == "rules").then(|| name.to_owned()),
                });
            }
        }
    }
    keys
}

impl Key {
    fn full(&self) -> String {
        match &self.rule {
            Some(code) => format!("{code}.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// The key with this in the place of its first number; of a quoted one the words behind it stay.
    fn with(&self, value: &str) -> String {
        let value = match self.default.strip_prefix('"') {
            Some(words) => {
                let rest = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
                format!("\"{value}{rest}")
            }
            None => value.to_owned(),
        };
        match &self.rule {
            Some(code) => format!(
                "{code} = {{ severity = \"warn\", {} = {value} }}",
                self.name
            ),
            None => format!("{} = {value}", self.name),
        }
    }

    /// A configuration with this line in the key's place.
    fn put(&self, text: &str, line: &str) -> String {
        let head = match self.section.as_str() {
            "mailbox" => "name = \"far\"\n".to_owned(),
            "source" if self.name.starts_with("compare_") => "name = \"shop\"\n".to_owned(),
            "source" if self.name == "every_minutes" => "name = \"list\"\n".to_owned(),
            "source" => "name = \"watched\"\n".to_owned(),
            "hook" => "name = \"told\"\n".to_owned(),
            "vendor_drop" if self.name == "port" => "vendor = \"BLUE\"\n".to_owned(),
            "vendor_drop" if self.name == "timeout_seconds" => "vendor = \"POST\"\n".to_owned(),
            "vendor_drop" => "vendor = \"ACME\"\n".to_owned(),
            "strategy" => "name = \"lamps\"\n".to_owned(),
            section => format!("[{section}]\n"),
        };
        let own = line.split(" = ").next().unwrap_or_default();
        let own = format!("{own} = ");
        let (mut section, mut kept) = (String::new(), String::new());
        for old in text.lines() {
            if old.starts_with('[') {
                section = old.trim_matches(['[', ']']).to_owned();
            }
            if section != self.section || !old.starts_with(&own) {
                kept += &format!("{old}\n");
            }
        }
        match kept.contains(&head) {
            true => kept.replacen(&head, &format!("{head}{line}\n"), 1),
            false => format!("{kept}{head}{line}\n"),
        }
    }
}

/// What is said of a configuration that is not taken, and by which key.
fn refusal(desk: &TestDesk, text: &str) -> Option<String> {
    match Config::parse(text, &desk.path("poms.toml")) {
        Ok(_) => None,
        Err(fault @ ConfigError::Invalid { .. }) => Some(fault.to_string()),
        Err(fault) => panic!("{fault}"),
    }
}

/// The numbers that a sentence names: the ends of what is allowed.
fn named(said: &str) -> Vec<String> {
    let words = said.split(|c: char| !c.is_ascii_digit() && c != '.');
    let numbers = words.map(|word| word.trim_matches('.'));
    let numbers = numbers.filter(|word| word.parse::<f64>().is_ok());
    numbers.map(str::to_owned).collect()
}

/// Which numbers a key takes, from the lowest; each that it does not take is refused in a way by which it
/// can be mended.
fn taken(desk: &TestDesk, base: &str, key: &Key) -> Vec<String> {
    let mut left: Vec<String> = EXTREMES.iter().map(|value| (*value).to_owned()).collect();
    let (mut taken, mut seen) = (Vec::new(), BTreeSet::new());
    while let Some(value) = left.pop() {
        if !seen.insert(value.clone()) {
            continue;
        }
        let text = key.put(base, &key.with(&value));
        let Some(said) = refusal(desk, &text) else {
            taken.push(value);
            continue;
        };
        let what = format!("[{}] {}: {said}", key.section, key.with(&value));
        assert!(said.contains("poms.toml:"), "{what}");
        let remedies = ["must be", "allowed is", "at most", "is of no use without"];
        let mended = remedies.iter().any(|word| said.contains(word)) && said.contains(&key.name);
        let syntax = said.contains("is not TOML") && value == "NaN";
        assert!(mended || syntax, "{what}");
        // the ends that it names are tried as well, but not the line's number or the value again
        let (_, rule) = said.rsplit_once(':').unwrap_or(("", &said));
        left.extend(named(rule));
    }
    taken.sort_by(|a, b| a.parse::<f64>().unwrap().total_cmp(&b.parse().unwrap()));
    taken
}

/// The keys, each with the numbers that it takes.
type Ends<'a> = BTreeMap<String, (&'a Key, Vec<String>)>;

/// All keys at the lowest, and all at the highest that they take: two runs, and then every command.
fn at_both_ends(desk: &TestDesk, base: &str, ends: &Ends) {
    let mut number = 500_000;
    for highest in [false, true] {
        let mut text = base.to_owned();
        for (key, taken) in ends.values() {
            if STOPPING.contains(&key.name.as_str()) {
                continue;
            }
            let end = if highest { taken.last() } else { taken.first() };
            text = key.put(&text, &key.with(end.unwrap()));
        }
        assert_eq!(refusal(desk, &text), None, "{text}");
        desk.file("poms.toml", text.as_bytes());
        for _ in 0..2 {
            number += 1;
            desk.order(&TestDesk::plain_order(&format!("W{number}")));
            answered(&desk.run(&["process"]), &text);
        }
        looks(desk);
    }
}

/// Each key that may stop a run, at both of its ends.
fn alone(desk: &TestDesk, base: &str, ends: &Ends) {
    for (key, taken) in ends.values() {
        if STOPPING.contains(&key.name.as_str()) && key.name != "port" {
            for value in [taken.first().unwrap(), taken.last().unwrap()] {
                desk.file("poms.toml", key.put(base, &key.with(value)).as_bytes());
                for _ in 0..2 {
                    answered(&desk.run(&["process"]), &key.with(value));
                }
            }
        }
    }
}

#[test]
fn a_configuration_with_any_number_is_taken_or_refused() {
    let desk = TestDesk::stocked();
    let near = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let base = near.replace("kind = \"maildir\"\npath = \"mail/sent\"\n", FAR);
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    assert_eq!(refusal(&desk, &base), None);
    let keys = keys();
    let sections: BTreeSet<&str> = keys.iter().map(|key| key.section.as_str()).collect();
    assert!(keys.len() >= 55, "{}", keys.len());
    assert!(sections.len() >= 12, "{sections:?}");
    let ends: Ends = keys
        .iter()
        .map(|key| (key.full() + &key.section, (key, taken(&desk, &base, key))))
        .collect();
    for (name, (key, taken)) in &ends {
        println!("[{}] {}: {taken:?}", key.section, key.name);
        assert!(!taken.is_empty(), "{name} takes nothing");
    }
    at_both_ends(&desk, &base, &ends);
    alone(&desk, &base, &ends);
    // what is refused is refused before anything is done
    desk.file(
        "poms.toml",
        base.replace("free_disk_mib = 1", "free_disk_mib = 1e308")
            .as_bytes(),
    );
    desk.run(&["process"]).fails(
        2,
        &["poms.toml:", "free_disk_mib", "must be a whole number"],
    );
    desk.config("");
    looks(&desk);
}
