//! README.md, ARCHITECTURE.md and docs/ say what is so: the table of codes is the code's own, every
//! command is one that poms takes, every file and every link that is named is there.
//!
//! `POMS_DOCS=write cargo test --test main -- docs::` writes anew what is made of the code: the table of
//! codes, the configuration's `[rules]`, and the number of rules in README.md.

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use poms::cli::args::Args;
use poms::config::keys::TABLES;
use poms::config::{CodeEntry, registry};
use poms::domain::codes::Concerns;
use regex::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The page that has the table of codes.
const CODES_PAGE: &str = "docs/admin.md";
const BEGIN: &str = "<!-- codes: made from src/domain/codes.rs by tests/docs.rs -->\n";
const END: &str = "<!-- /codes -->";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

/// The pages that are read by people: README, ARCHITECTURE and docs/.
fn pages() -> Vec<String> {
    let mut all = vec!["README.md".to_owned(), "ARCHITECTURE.md".to_owned()];
    for entry in std::fs::read_dir(file("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.ends_with(".md"), "docs/{name}");
        all.push(format!("docs/{name}"));
    }
    all.sort();
    assert!(all.len() > 10, "{all:?}");
    all
}

/// One code as a row of Markdown.
fn row(entry: &CodeEntry) -> String {
    let (name, code) = (entry.code, entry.code.definition());
    let limits = entry.limits.iter().map(|key| {
        let (name, default, about) = (key.name, key.default_text(), key.about);
        format!("<br>`{name} = {default}`: {about}")
    });
    let remedies: Vec<&str> = code.remedies.iter().map(|r| r.as_str()).collect();
    let cells = [
        format!("`{name}`"),
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
        let own = entries
            .iter()
            .filter(|e| e.code.definition().concerns == concerns);
        all.extend(own.map(row));
    }
    all + "\n"
}

#[test]
fn table_of_codes_is_true() {
    let page = text(CODES_PAGE);
    let (before, rest) = page.split_once(BEGIN).expect("the mark before the table");
    let (table, after) = rest.split_once(END).expect("the mark after the table");
    if writes() {
        let written = format!("{before}{BEGIN}{}{END}{after}", tables());
        std::fs::write(file(CODES_PAGE), written).unwrap();
        return;
    }
    same(table, &tables());
}

/// Whether what is made of the code shall be written anew.
fn writes() -> bool {
    std::env::var("POMS_DOCS").is_ok_and(|word| word == "write")
}

/// Both are one text; the first line in which they differ is told.
fn same(written: &str, made: &str) {
    for (line, made) in written.lines().zip(made.lines()) {
        assert_eq!(line, made, "POMS_DOCS=write writes it anew");
    }
    assert_eq!(written, made, "POMS_DOCS=write writes it anew");
}

/// A comment of the configuration, in lines that an editor shows whole.
fn comment(text: &str) -> String {
    let mut lines = vec!["#".to_owned()];
    for word in text.split(' ') {
        let last = lines.last_mut().unwrap();
        match last.chars().count() + 1 + word.chars().count() > 100 {
            true => lines.push(format!("# {word}")),
            false => *last += &format!(" {word}"),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A code as the configuration shows it: when it applies, its limits, its defaults.
fn setting(entry: &CodeEntry) -> String {
    let definition = entry.code.definition();
    let meaning = definition.meaning.trim_end_matches(" (poms' own code)");
    // the program's name begins no word
    let (first, rest) = match meaning.starts_with("poms ") {
        true => (String::new(), meaning),
        false => (meaning[..1].to_uppercase(), &meaning[1..]),
    };
    let mut text = comment(&format!("{first}{rest}."));
    let mut keys = format!("severity = \"{}\"", definition.severity.as_str());
    for limit in &entry.limits {
        text += &format!("#   {}: {}\n", limit.name, limit.about);
        keys += &format!(", {} = {}", limit.name, limit.default_text());
    }
    text + &format!("#{} = {{ {keys} }}\n", entry.code)
}

#[test]
fn every_code_stands_in_the_configuration_with_its_defaults() {
    const TABLE: &str = "\n[rules]\n";
    let example = text("config/poms.toml");
    let (before, settings) = example.split_once(TABLE).expect("[rules], the last table");
    let made: String = registry().iter().map(setting).collect();
    if writes() {
        std::fs::write(file("config/poms.toml"), format!("{before}{TABLE}{made}")).unwrap();
        return;
    }
    same(settings, &made);
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
    let mut names = pages();
    names.push("cron.example".to_owned());
    let mut count = 0;
    // what the audit trail's hashes begin with is no command
    let domain = "poms audit v1";
    for name in &names {
        let text = match name.as_str() {
            "cron.example" => format!("```\n{}```\n", text(name)),
            _ => text(name),
        };
        let (whole, named) = commands(&text);
        let some = !whole.is_empty() || !named.is_empty();
        assert!(some || name.starts_with("docs/"), "{name}: none found");
        count += whole.len() + named.len();
        for line in whole {
            match Args::try_parse_from(words(&line)) {
                Ok(_) => {}
                Err(fault) if fault.kind() == ErrorKind::DisplayHelp => {}
                Err(fault) => panic!("{name}: {line}\n{fault}"),
            }
        }
        for line in named.into_iter().filter(|line| line != domain) {
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
    assert!(count > 300, "{count}");
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
fn the_page_of_commands_names_every_command() {
    let page = text("docs/commands.md");
    let mut found = Vec::new();
    leaves(&Args::command(), "", &mut found);
    assert!(found.len() > 20, "{found:?}");
    let missing: Vec<_> = found
        .iter()
        .filter(|path| !page.contains(&format!("`{path}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/commands.md does not name {missing:?}"
    );
}

#[test]
fn the_papers_name_every_table_of_the_configuration() {
    let page = text("docs/operator.md");
    let tables = TABLES.iter().map(|(name, _)| *name);
    for name in tables.filter(|name| !["", "delivery"].contains(name)) {
        assert!(page.contains(&format!("[{name}]")), "[{name}]");
    }
}

#[test]
fn readme_counts_the_rules() {
    let rules = text("src/domain/codes.rs").matches("\n    rule(").count();
    let said = Regex::new(r"checks each against (\d+) rules").unwrap();
    let readme = text("README.md");
    let made = said.replace(&readme, format!("checks each against {rules} rules"));
    assert_eq!(said.find_iter(&readme).count(), 1);
    if writes() {
        std::fs::write(file("README.md"), made.as_bytes()).unwrap();
        return;
    }
    same(&readme, &made);
}

#[test]
fn files_that_are_named_exist() {
    let path = Regex::new(
        r"`((?:src|tests|benches|config|fixtures|assets|docs|packaging|\.ci)/[A-Za-z0-9_./-]*|[A-Za-z-]+\.(?:md|toml|example))`",
    )
    .unwrap();
    let mut names = pages();
    names.push("CHANGELOG.md".to_owned());
    for name in names {
        let text = text(&name);
        for found in path.captures_iter(&text) {
            // a site's configuration has the name of its example
            let there = file(&found[1]).exists() || &found[1] == "poms.toml";
            assert!(there, "{name} names {}, which is not there", &found[1]);
        }
    }
}

/// A page without its code blocks and pieces of code, in which brackets are no links.
fn prose(text: &str) -> String {
    let code = Regex::new(r"`[^`\n]*`").unwrap();
    let mut block = false;
    let lines = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        block ^= fence;
        !block && !fence
    });
    let lines: Vec<_> = lines.map(|line| code.replace_all(line, "`…`")).collect();
    lines.join("\n")
}

/// The anchors of a page as GitHub makes them of its headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut block = false;
    let mut all = BTreeSet::new();
    for line in text.lines() {
        block ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        if block || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = heading.trim().to_lowercase();
        let kept = kept.chars().filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        });
        let slug: String = kept.collect();
        let again = (1..).map(|n| format!("{slug}-{n}"));
        let mut names = std::iter::once(slug.clone()).chain(again);
        let free = names.find(|name| !all.contains(name));
        all.extend(free);
    }
    all
}

/// The links of a page within the project: the file, and the anchor in it.
fn links(name: &str) -> Vec<(PathBuf, String)> {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let folder = file(name).parent().unwrap().to_owned();
    let mut all = Vec::new();
    for found in link.captures_iter(&prose(&text(name))) {
        let target = &found[1];
        if target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = match path {
            "" => file(name),
            path => folder.join(path),
        };
        all.push((path, anchor.to_owned()));
    }
    all
}

#[test]
fn no_link_dangles() {
    let mut names = pages();
    for other in [
        "CHANGELOG.md",
        "config/templates/README.md",
        "fuzz/README.md",
    ] {
        if file(other).exists() {
            names.push(other.to_owned());
        }
    }
    let mut count = 0;
    for name in &names {
        for (path, anchor) in links(name) {
            count += 1;
            assert!(path.exists(), "{name} links to {}", path.display());
            if !anchor.is_empty() {
                let there = anchors(&std::fs::read_to_string(&path).unwrap()).contains(&anchor);
                assert!(there, "{name} links to {}#{anchor}", path.display());
            }
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn every_page_is_linked_from_readme_or_architecture() {
    let mut linked = BTreeSet::new();
    for name in ["README.md", "ARCHITECTURE.md"] {
        let found = links(name).into_iter();
        linked.extend(found.map(|(path, _)| path.canonicalize().unwrap()));
    }
    for name in pages().iter().filter(|name| name.starts_with("docs/")) {
        let there = linked.contains(&file(name).canonicalize().unwrap());
        assert!(there, "nothing links to {name}");
    }
}
