//! The configuration with any number in any key outside `[rules]`: taken or refused.

use super::{EXTREMES, answered, looks};
use crate::support::desk::TestDesk;
use poms::config::Config;

/// A key of a section, and its default as it is written.
struct Key {
    section: String,
    name: String,
    default: String,
}

/// Keys that name another machine, and none of which a test may ask anything.
const ELSEWHERE: &[&str] = &[
    "port",
    "phone",
    "project",
    "service",
    "account",
    "client_id",
    "host",
];

/// Every key of `config/poms.toml` whose default has a number in it.
fn keys() -> Vec<Key> {
    let text = include_str!("../../../config/poms.toml");
    let mut section = String::new();
    let mut keys = Vec::new();
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
        let number = default
            .trim_matches('"')
            .starts_with(|c: char| c.is_ascii_digit());
        if bare && number && section != "rules" && !ELSEWHERE.contains(&name) {
            keys.push(Key {
                section: section.clone(),
                name: name.to_owned(),
                default: default.to_owned(),
            });
        }
    }
    keys
}

impl Key {
    /// The key with this in the place of its first number; of a quoted one the words behind it stay.
    fn with(&self, value: &str) -> String {
        let value = match self.default.strip_prefix('"') {
            Some(words) => {
                let rest = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
                format!("\"{value}{rest}")
            }
            None => value.to_owned(),
        };
        format!("{} = {value}", self.name)
    }

    /// The site's configuration with it.
    fn put(&self, desk: &TestDesk, value: &str) {
        desk.config("");
        let path = desk.path("poms.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let (head, line) = (format!("[{}]\n", self.section), self.with(value));
        let kept = text
            .lines()
            .filter(|old| !old.starts_with(&format!("{} = ", self.name)));
        let kept: String = kept.map(|old| format!("{old}\n")).collect();
        let text = match kept.contains(&head) {
            true => kept.replacen(&head, &format!("{head}{line}\n"), 1),
            false => format!("{kept}{head}{line}\n"),
        };
        desk.file("poms.toml", text.as_bytes());
    }
}

#[test]
fn a_configuration_with_any_number_is_taken_or_refused() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    let keys = keys();
    let sections: std::collections::BTreeSet<&str> =
        keys.iter().map(|key| key.section.as_str()).collect();
    assert!(
        keys.len() >= 35 && sections.len() >= 9,
        "{} {sections:?}",
        keys.len()
    );
    let mut number = 500_000;
    let (mut taken, mut refused) = (0, 0);
    for key in &keys {
        let mut last = None;
        for value in EXTREMES {
            key.put(&desk, value);
            let what = format!("[{}] {}", key.section, key.with(value));
            if let Err(fault) = Config::load(Some(&desk.path("poms.toml"))) {
                // by its place, before anything is done
                let said = fault.to_string();
                assert!(said.contains("poms.toml:"), "{what}: {said}");
                refused += 1;
                last = Some(value);
                continue;
            }
            taken += 1;
            number += 1;
            desk.order(&TestDesk::plain_order(&format!("W{number}")));
            for _ in 0..2 {
                answered(&desk.run(&["process"]), &what);
            }
        }
        if let Some(value) = last {
            key.put(&desk, value);
            desk.run(&["process"]).fails(2, &["poms.toml:"]);
        }
    }
    assert!(
        taken > 5 && refused > 100,
        "{taken} taken, {refused} refused"
    );
    desk.config("");
    for _ in 0..2 {
        looks(&desk);
    }
}
