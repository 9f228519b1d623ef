//! README.md and ARCHITECTURE.md say what is so: the table of codes is the code's own, every command
//! is one that poms takes, every file that is named is there.
//!
//! `POMS_DOCS=write cargo test docs::` writes the table of codes anew.

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use poms::cli::args::Args;
use poms::config::keys::TABLES;
use poms::domain::codes::Concerns;
use poms::domain::rule_settings::{Entry, registry};
use regex::Regex;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- codes: made from src/domain/codes.rs by tests/docs.rs -->\n";
const END: &str = "<!-- /codes -->";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

/// One code as a row of Markdown.
fn row(entry: &Entry) -> String {
    let code = entry.code;
    let limits = entry.limits.iter().map(|key| {
        let (name, default, about) = (key.name, key.default, key.about);
        format!("<br>`{name} = {default}`: {about}")
    });
    let remedies: Vec<&str> = code.remedies.iter().map(|r| r.as_str()).collect();
    let cells = [
        format!("`{}`", code.code),
        code.severity.as_str().to_owned(),
        format!("{}{}", code.meaning, limits.collect::<String>()),
        code.advice.to_owned(),
        remedies.join(", "),
    ];
    assert!(!cells.iter().any(|cell| cell.contains('|')), "{cells:?}");
    format!("| {} |\n", cells.join(" | "))
}

/// The tables of all codes, by what they concern.
fn tables() -> String {
    let parts = [
        (Concerns::Order, "About an order"),
        (Concerns::Message, "About a message"),
        (Concerns::Document, "About a document"),
    ];
    let entries = registry();
    let mut all = String::new();
    for (concerns, heading) in parts {
        all += &format!("\n**{heading}**\n\n");
        all += "| code | default | when, and its limits | what to do | remedies |\n";
        all += "|---|---|---|---|---|\n";
        let own = entries.iter().filter(|e| e.code.concerns == concerns);
        all.extend(own.map(row));
    }
    all + "\n"
}

#[test]
fn readme_table_is_true() {
    let readme = text("README.md");
    let (before, rest) = readme.split_once(BEGIN).expect("the mark before the table");
    let (table, after) = rest.split_once(END).expect("the mark after the table");
    if std::env::var("POMS_DOCS").is_ok_and(|word| word == "write") {
        let written = format!("{before}{BEGIN}{}{END}{after}", tables());
        std::fs::write(file("README.md"), written).unwrap();
        return;
    }
    for (written, true_one) in table.lines().zip(tables().lines()) {
        assert_eq!(written, true_one, "POMS_DOCS=write writes the table anew");
    }
    assert_eq!(table, tables());
}

/// The words of a command line as a shell would make them: quotes, and `\%` of crontab(5).
fn words(line: &str) -> Vec<String> {
    let word = Regex::new(r#"(?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s"'])+"#).unwrap();
    let found = word.find_iter(line).map(|word| word.as_str());
    found
        .take_while(|word| !matches!(*word, "#" | "|" | ">" | "&&"))
        .map(|word| word.replace(['"', '\''], "").replace("\\%", "%"))
        .collect()
}

/// The command line in a line of a code block, from the word poms on.
fn command(line: &str) -> Option<String> {
    let line = line.trim_start().trim_start_matches("$ ");
    if let Some(rest) = line.strip_prefix("cargo run --release -- ") {
        return Some(format!("poms {rest}"));
    }
    let scheduled = Regex::new(r"^(?:[-*/0-9,]+ +){5}(poms .*)$").unwrap();
    match scheduled.captures(line) {
        Some(found) => Some(found[1].to_owned()),
        None => line.starts_with("poms ").then(|| line.to_owned()),
    }
}

/// Commands in code blocks, which must work as they stand, and those named in a sentence.
fn commands(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut whole, mut named) = (Vec::new(), Vec::new());
    let inline = Regex::new(r"`(poms [^`]+)`").unwrap();
    let mut block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            block = !block;
        } else if block {
            whole.extend(command(line));
        } else {
            named.extend(inline.captures_iter(line).map(|found| found[1].to_owned()));
        }
    }
    (whole, named)
}

#[test]
fn every_command_that_is_shown_is_one() {
    for name in ["README.md", "ARCHITECTURE.md", "cron.example"] {
        let text = match name {
            "cron.example" => format!("```\n{}```\n", text(name)),
            _ => text(name),
        };
        let (whole, named) = commands(&text);
        assert!(!whole.is_empty() || !named.is_empty(), "{name}: none found");
        for line in whole {
            match Args::try_parse_from(words(&line)) {
                Ok(_) => {}
                Err(fault) if fault.kind() == ErrorKind::DisplayHelp => {}
                Err(fault) => panic!("{name}: {line}\n{fault}"),
            }
        }
        for line in named {
            // a sentence may leave out what an example would give
            let short = [
                ErrorKind::DisplayHelp,
                ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
                ErrorKind::MissingRequiredArgument,
                ErrorKind::MissingSubcommand,
            ];
            match Args::try_parse_from(words(&line)) {
                Ok(_) => {}
                Err(fault) if short.contains(&fault.kind()) => {}
                Err(fault) => panic!("{name}: {line}\n{fault}"),
            }
        }
    }
}

/// Every command that does something, such as `poms order show`.
fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
    let path = format!("{path} {}", command.get_name());
    match command.has_subcommands() {
        true => command
            .get_subcommands()
            .for_each(|inner| leaves(inner, &path, found)),
        false => found.push(path.trim_start().to_owned()),
    }
}

#[test]
fn the_readme_names_every_command() {
    let readme = text("README.md");
    let mut found = Vec::new();
    leaves(&Args::command(), "", &mut found);
    assert!(found.len() > 20, "{found:?}");
    let missing: Vec<_> = found
        .iter()
        .filter(|path| !readme.contains(path.as_str()))
        .collect();
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
}

#[test]
fn the_readme_names_every_table_of_the_configuration() {
    let readme = text("README.md");
    let tables = TABLES.iter().map(|(name, _)| *name);
    for name in tables.filter(|name| !["", "delivery"].contains(name)) {
        assert!(readme.contains(&format!("[{name}]")), "[{name}]");
    }
}

#[test]
fn files_that_are_named_exist() {
    let path = Regex::new(
        r"`((?:src|tests|benches|config|fixtures|assets|\.ci)/[A-Za-z0-9_./-]*|[A-Za-z-]+\.(?:md|toml|example))`",
    )
    .unwrap();
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text = text(name);
        for found in path.captures_iter(&text) {
            // a site's configuration has the name of its example
            let there = file(&found[1]).exists() || &found[1] == "poms.toml";
            assert!(there, "{name} names {}, which is not there", &found[1]);
        }
    }
}
