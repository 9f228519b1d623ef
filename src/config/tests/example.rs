//! `config/poms.toml` is valid and complete.

use super::parse;
use crate::config::keys;

const EXAMPLE: &str = include_str!("../../../config/poms.toml");

#[test]
fn the_example_is_valid_and_explains_every_key() {
    assert_eq!(parse(EXAMPLE).err().map(|e| e.to_string()), None);
    // a key belongs to the last header above it, whether either is commented out or not
    let mut table = String::new();
    let mut explained = Vec::new();
    for line in EXAMPLE.lines() {
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_matches(['[', ']']).to_owned();
            continue;
        }
        let line = line.strip_prefix('#').unwrap_or(line);
        if let Some((key, _)) = line.split_once(" = ")
            && !key.starts_with(' ')
        {
            explained.push((table.clone(), key.to_owned()));
        }
    }
    for (table, known) in keys::TABLES
        .iter()
        .filter(|(table, _)| !["", "delivery"].contains(table))
    {
        for key in *known {
            let pair = ((*table).to_owned(), (*key).to_owned());
            assert!(
                explained.contains(&pair),
                "[{table}] {key} is not in config/poms.toml"
            );
        }
    }
    for entry in crate::rules::settings::registry() {
        let pair = ("rules".to_owned(), entry.code.code.to_owned());
        assert!(
            explained.contains(&pair),
            "rules.{} is not in config/poms.toml",
            pair.1
        );
        for limit in entry.limits {
            let line = format!("#{} = {{", limit.code);
            let explained = EXAMPLE.lines().find(|l| l.starts_with(&line));
            let name = format!("{} = {}", limit.name, limit.default);
            assert!(
                explained.is_some_and(|l| l.contains(&name)),
                "{line} … {name}"
            );
        }
    }
}

#[test]
fn every_key_that_the_example_shows_is_known_and_well_formed() {
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        let Some(shown) = line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')) else {
            continue;
        };
        let mut changed = lines.clone();
        changed[place] = shown;
        let said = parse(&changed.join("\n"))
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        for wrong in [
            "has no key",
            "is not TOML",
            "not a text",
            "must be",
            "no such",
        ] {
            assert!(!said.contains(wrong), "{shown}: {said}");
        }
    }
}
