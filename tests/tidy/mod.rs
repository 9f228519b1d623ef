//! The house's rules, held by reading its source: who may use whom, sizes, what must not be left
//! behind, registries.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

mod codes;
mod names;
mod refusals;
mod rules;

use rules::{ALSO, LONGEST_FILE, LONGEST_FUNCTION, MAY_USE};

struct Source {
    /// Below `src/`, as `rules/bad_zip.rs`.
    name: String,
    /// Without unit tests and comments.
    code: String,
    text: String,
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

fn sources(top: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(top);
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
        Source {
            name: name.to_owned(),
            code: code_of(&text),
            text,
        }
    };
    paths.into_iter().map(read).collect()
}

/// Without the unit tests at the end, and without comments.
fn code_of(text: &str) -> String {
    let end = text
        .find("#[cfg(test)]\nmod tests")
        .or_else(|| text.find("#[cfg(all(test"))
        .unwrap_or(text.len());
    let lines = text[..end].lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.fold(String::new(), |all, line| all + line + "\n")
}

/// The part of the house that a file belongs to.
fn part(name: &str) -> &str {
    let first = name.split('/').next().unwrap();
    first.trim_end_matches(".rs")
}

fn is_test(name: &str) -> bool {
    name.ends_with("tests.rs") || name.contains("/tests/") || name.ends_with("testing.rs")
}

/// The modules after `crate::`: `delivery::channel`, or `domain` alone.
fn uses(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        let end = text.find(|c: char| !c.is_ascii_lowercase() && c != '_');
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let first = word(rest);
        let second = rest[first.len()..].strip_prefix("::").map(word);
        match second {
            Some(second) if !second.is_empty() => found.push(format!("{first}::{second}")),
            _ => found.push(first),
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn each_part_uses_only_what_lies_below_it() {
    let may: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut wrong = Vec::new();
    let mut needed = Vec::new();
    for source in sources("src") {
        if ["lib.rs", "ground.rs"].contains(&source.name.as_str()) || is_test(&source.name) {
            continue;
        }
        let part = part(&source.name);
        let allowed = may.get(part).copied().unwrap_or_default();
        for used in uses(&source.code) {
            let to = used.split("::").next().unwrap();
            if to.is_empty() || to == part || allowed.contains(&to) {
                continue;
            }
            let also = ALSO
                .iter()
                .find(|(file, module, _)| *file == source.name && *module == used);
            match also {
                Some(entry) => needed.push(*entry),
                None => wrong.push(format!("src/{} uses {used}", source.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle: Vec<_> = ALSO.iter().filter(|e| !needed.contains(e)).collect();
    assert!(idle.is_empty(), "no longer needed: {idle:?}");
}

#[test]
fn no_part_uses_one_that_stands_above_it() {
    for (at, (part, uses)) in MAY_USE.iter().enumerate() {
        let below = &MAY_USE[..at];
        for used in *uses {
            let there = below.iter().any(|(lower, _)| lower == used);
            assert!(
                there,
                "{part} may use {used}, which stands beside or above it"
            );
        }
    }
}

#[test]
fn every_part_of_the_house_is_listed_and_uses_what_it_may() {
    let all = sources("src");
    for source in &all {
        let part = part(&source.name);
        let known = MAY_USE.iter().any(|(listed, _)| *listed == part);
        assert!(known, "src/{}: its part is not in MAY_USE", source.name);
    }
    for (part, may) in MAY_USE {
        for to in may {
            let used = |source: &&Source| {
                self::part(&source.name) == part
                    && uses(&source.code)
                        .iter()
                        .any(|used| used.split("::").next() == Some(to))
            };
            assert!(
                all.iter().any(|source| used(&source)),
                "{part} no longer uses {to}"
            );
        }
    }
}

#[test]
fn the_only_sql_is_in_the_ledger() {
    for source in sources("src") {
        if part(&source.name) != "ledger" && !is_test(&source.name) {
            let found = source.code.contains("rusqlite") || source.code.contains("SELECT ");
            assert!(!found, "src/{} has SQL", source.name);
        }
    }
}

/// So that a second engine finds a seam: what only SQLite understands is in one file, beside the seals
/// (its hook and row ids) and what reads the schema.
#[test]
fn what_only_sqlite_understands_is_in_one_place() {
    let only = [
        "COLLATE",
        "PRAGMA",
        "json_extract",
        "json_each",
        " ->> ",
        "group_concat",
        "IFNULL",
        "ifnull(",
        "GLOB",
        "INSERT OR",
        "last_insert_rowid",
        " IS ?",
        " IS NOT ?",
        "strftime",
        "AND +",
    ];
    for source in sources("src") {
        let name = source.name.as_str();
        let there = ["ledger/sqlite.rs", "ledger/seal.rs", "ledger/schema.rs"].contains(&name);
        if part(name) != "ledger" || there || is_test(name) {
            continue;
        }
        for word in only {
            assert!(!source.code.contains(word), "src/{name} has {word}");
        }
    }
}

/// Both panic where the system has no thread left; `std::thread::Builder` says so.
#[test]
fn threads_are_asked_for() {
    for source in sources("src") {
        let taken = ["thread::spawn(", "thread::scope("];
        let found = taken.iter().any(|call| source.code.contains(call));
        assert!(!found || is_test(&source.name), "src/{}", source.name);
    }
}

/// Without `pub`, `pub(super)`, `pub(in crate::desk)`.
fn without_visibility(code: &str) -> &str {
    match code.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ").map_or(rest, |(_, code)| code),
        Some(rest) => rest.trim_start(),
        None => code,
    }
}

/// Whether a line begins a function, whatever stands before its `fn`.
fn is_function(code: &str) -> bool {
    let before = ["default", "const", "async", "unsafe", "safe", "extern"];
    let mut words = without_visibility(code).split_whitespace();
    words.find(|word| !before.contains(word) && !word.starts_with('"')) == Some("fn")
}

#[test]
fn functions_are_seen_in_all_forms() {
    let heads = [
        "fn",
        "pub fn",
        "pub(super) fn",
        "pub(crate) fn",
        "pub(in crate::desk) fn",
        "const fn",
        "pub(super) async fn",
        "pub const unsafe fn",
        "unsafe extern \"C\" fn",
        "extern \"C\" fn",
    ];
    for head in heads {
        assert!(is_function(&format!("{head} name(")), "{head}");
    }
    for line in [
        "// fn name(",
        "call: fn(u8) -> u8,",
        "pub call: fn(u8),",
        "public fn(",
    ] {
        assert!(!is_function(line), "{line}");
    }
}

/// Functions with more lines than allowed. rustfmt puts the closing brace below the `fn`.
fn long_functions(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        // a trait's method without a body ends in a semicolon
        if !is_function(code) || line.ends_with(';') {
            continue;
        }
        let indent = line.len() - code.len();
        let close = format!("{}}}", " ".repeat(indent));
        let bare = format!("{})", " ".repeat(indent));
        let after = &lines[start..];
        let length = after.iter().position(|line| *line == close);
        let declared = after
            .iter()
            .position(|line| line.starts_with(&bare) && line.ends_with(';'));
        if declared.is_some() && declared < length {
            continue;
        }
        if length.is_some_and(|length| length + 1 > LONGEST_FUNCTION) {
            long.push(format!("{}: {code}", source.name));
        }
    }
    long
}

#[test]
fn files_and_functions_fit_a_person() {
    let mut wrong = Vec::new();
    for top in ["src", "tests", "benches"] {
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join(top).is_dir() {
            continue;
        }
        for source in sources(top) {
            let lines = source.text.lines().count();
            if lines > LONGEST_FILE {
                wrong.push(format!("{top}/{}: file", source.name));
            }
            wrong.extend(long_functions(&source).iter().map(|l| format!("{top}/{l}")));
        }
    }
    assert!(wrong.is_empty(), "too long: {wrong:#?}");
}

#[test]
fn nothing_is_left_half_done() {
    // spelled in two parts, so that this file does not hold them
    let banned = [
        ("to", "do!("),
        ("unimple", "mented!("),
        ("db", "g!("),
        ("#[ign", "ore"),
        ("FIX", "ME"),
        ("TO", "DO"),
    ];
    for top in ["src", "tests"] {
        for source in sources(top) {
            for (one, two) in banned {
                let word = format!("{one}{two}");
                let found = source.text.contains(&word);
                assert!(!found, "{top}/{} has {word}", source.name);
            }
        }
    }
}

/// The modules that a `registry!` declares.
fn registered(text: &str) -> Vec<&str> {
    let list = text
        .split_once("\nregistry! {")
        .and_then(|(_, rest)| rest.split_once("\n}"));
    let names = list.and_then(|(list, _)| list.rsplit_once('='));
    names.map_or_else(Vec::new, |(_, names)| {
        names.split(',').map(str::trim).collect()
    })
}

#[test]
fn every_file_is_part_of_the_house() {
    let benches = sources("benches");
    for top in ["src", "tests"] {
        let all = sources(top);
        for source in &all {
            let path = source.name.trim_end_matches(".rs");
            let (parent, own) = path.rsplit_once('/').unwrap_or(("", path));
            let (parent, own) = match own {
                "mod" => parent.rsplit_once('/').unwrap_or(("", parent)),
                own => (parent, own),
            };
            if ["ground", "main", "lib"].contains(&own) && parent.is_empty() {
                continue;
            }
            let named = |source: &&Source| {
                let roots = ["ground.rs", "lib.rs", "main.rs"].contains(&source.name.as_str());
                let above = source.name == format!("{parent}.rs")
                    || source.name == format!("{parent}/mod.rs")
                    || (parent.is_empty() && roots);
                let line = format!("mod {own};");
                let stated = source.text.lines().any(|l| l.ends_with(&line));
                above && (stated || registered(&source.text).contains(&own))
            };
            let line = format!("mod {own};");
            let of_a_bench = |source: &Source| source.text.lines().any(|l| l.ends_with(&line));
            let there = all.iter().any(|source| named(&source)) || benches.iter().any(of_a_bench);
            assert!(there, "{top}/{} is in no module", source.name);
        }
    }
}

/// Files of `src/rules` that are no rules.
const NO_RULES: [&str; 5] = ["mod", "phrases", "review", "testing", "tests"];

/// Files of the formats that are none: what they share.
#[test]
fn every_rule_stands_in_its_registry() {
    let all = sources("src");
    // the list of codes is the registry of the rules
    let codes = all.iter().find(|s| s.name == "domain/codes.rs").unwrap();
    let (_, rules) = codes.text.split_once("codes! {").unwrap();
    let lines = rules.lines().filter(|line| line.starts_with("    rule("));
    let lines: Vec<&str> = lines.collect();
    let files = all.iter().filter_map(|source| {
        let rule = source.name.strip_prefix("rules/")?.strip_suffix(".rs")?;
        (!rule.contains('/') && !NO_RULES.contains(&rule)).then_some(rule)
    });
    let mut seen = 0;
    for rule in files {
        let named = lines
            .iter()
            .any(|line| line.contains(&format!(", {rule}, ")));
        assert!(named, "{rule} is named by no `rule` of src/domain/codes.rs");
        seen += 1;
    }
    assert_eq!(lines.len(), seen);
}
