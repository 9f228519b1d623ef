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
        let line = line.strip_prefix('#').unwrap_or(line);
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_matches(['[', ']']).to_owned();
            continue;
        }
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
    for entry in crate::config::registry() {
        let pair = ("rules".to_owned(), entry.code.to_string());
        assert!(
            explained.contains(&pair),
            "rules.{} is not in config/poms.toml",
            pair.1
        );
        for limit in entry.limits {
            let line = format!("#{} = {{", limit.code);
            let explained = EXAMPLE.lines().find(|l| l.starts_with(&line));
            let name = format!("{} = {}", limit.name, limit.default_text());
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
    // a table that is commented out is shown with each kind that it may have
    let mut header: Option<usize> = None;
    for (place, line) in lines.iter().enumerate() {
        if line.starts_with('[') || line.starts_with("#[") {
            header = line.starts_with('#').then_some(place);
        }
        let Some(shown) = line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')) else {
            continue;
        };
        let key = shown.split(" = ").next().unwrap_or_default();
        let kinds: &[&str] = match header {
            Some(at) if lines[at].contains("source") => {
                &["folder", "sftp", "https", "shopify", "woocommerce"]
            }
            Some(at) if lines[at].contains("stock_mail") => &[""],
            Some(at) if lines[at].contains("vendor_drop") => &["folder", "sftp", "https"],
            Some(at)
                if lines[at].contains("hook")
                    || lines[at].contains("strategy")
                    || lines[at].contains("vendor_layout") =>
            {
                &[""]
            }
            Some(_) => &["sinch", "gateway", "hylafax"],
            None => &[""],
        };
        let said = kinds.iter().map(|kind| {
            let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            changed[place] = shown.to_owned();
            if let Some(header) = header {
                let kind = format!("\nkind = \"{kind}\"");
                let kind = if key == "kind" || kind.ends_with("\"\"") {
                    ""
                } else {
                    &kind
                };
                changed[header] = format!("{}{kind}", lines[header].trim_start_matches('#'));
            }
            let said = said_of(&changed.join("\n"), key);
            // of a table that is in use, one kind alone is shown
            let other_kind = header.is_none() && said.contains("is for kind");
            if other_kind { String::new() } else { said }
        });
        let said: Vec<String> = said.collect();
        assert!(said.iter().any(String::is_empty), "{shown}: {said:?}");
    }
}

/// What is wrong with the text that is no matter of what else is missing, as far as it names the key.
fn said_of(text: &str, key: &str) -> String {
    let said = parse(text).err().map(|e| e.to_string()).unwrap_or_default();
    let wrong = [
        "has no key",
        "is not TOML",
        "not a text",
        "must be",
        "no such",
        "is for kind",
    ];
    let about = |line: &&str| {
        line.contains(key) && !line.contains("is missing") || line.contains("is not TOML")
    };
    let found = said
        .lines()
        .filter(about)
        .find(|line| wrong.iter().any(|wrong| line.contains(wrong)));
    found.unwrap_or_default().to_owned()
}
