//! Refusals have types: whoever decides by one decides by its kind, never by its words.

use super::{is_function, is_test, sources};

/// The name that a pattern `LedgerError::Refused(name)` binds, and what follows it; `None` where a
/// refusal is made.
fn bound(after: &str) -> Option<(&str, &str)> {
    let (name, rest) = after.split_once(')')?;
    let word = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    (word && name != "_").then_some((name, rest))
}

/// Whether a refusal of this name is compared by its words in the code that follows its pattern.
fn compared(name: &str, code: &str) -> bool {
    let near: String = code.lines().take(15).map(str::trim).collect();
    let text = ["", ".as_str()", ".words()", ".to_string()", ".remedy()"];
    let ways = [".contains(", ".starts_with(", ".ends_with(", " == ", " != "];
    text.iter().any(|text| {
        ways.iter()
            .any(|way| near.contains(&format!("{name}{text}{way}")))
    })
}

#[test]
fn no_refusal_is_a_bare_text_and_none_is_known_by_its_words() {
    let mut seen = (0, 0);
    for source in sources("src").iter().filter(|one| !is_test(&one.name)) {
        for (at, made) in source.code.match_indices("LedgerError::Refused(") {
            let after = source.code[at + made.len()..].trim_start();
            let bare = ["\"", "format!", "String"];
            assert!(
                !bare.iter().any(|text| after.starts_with(text)),
                "src/{} refuses by a bare text",
                source.name
            );
            seen.0 += 1;
            if let Some((name, rest)) = bound(after) {
                assert!(
                    !compared(name, rest),
                    "src/{} decides by the words of `{name}`",
                    source.name
                );
                seen.1 += 1;
            }
        }
    }
    assert!(seen.0 > 40 && seen.1 > 5, "only {seen:?} were seen");
}

#[test]
fn comparisons_of_words_are_seen() {
    let (name, rest) = bound("why)) if why == \"closed\" => {}").unwrap();
    assert!(compared(name, rest));
    let (name, rest) = bound("why) => {\n    why.as_str()\n        .contains(\"x\")").unwrap();
    assert!(compared(name, rest));
    let (name, rest) = bound("why) => tell(&why.to_string()),").unwrap();
    assert!(!compared(name, rest));
    assert!(bound("BusinessRefusal::done(why))").is_none());
}

/// Functions that others call and that fail with a text, by file: what they say becomes a part of a
/// message, and no caller does one thing or another by it. A new one gets a type.
const TEXTS: [(&str, usize); 27] = [
    // clap's parsers of values, whose errors are texts
    ("cli/args/typed_values.rs", 5),
    ("clock.rs", 1),
    ("config/safety.rs", 3),
    ("delivery/fax_hylafax/program.rs", 1),
    ("delivery/smtp.rs", 1),
    ("delivery/smtp/session.rs", 1),
    ("desk/amend.rs", 1),
    ("domain/fax_number.rs", 1),
    ("domain/mail_domain.rs", 1),
    ("domain/rule_settings.rs", 1),
    ("http/answer.rs", 1),
    ("http/client.rs", 1),
    ("http/endpoint.rs", 2),
    ("intake/settle.rs", 1),
    ("invoicing/formats/bills.rs", 5),
    ("invoicing/match_context.rs", 1),
    ("ledger/verify/trail.rs", 1),
    ("purchasing/render/pdf/library.rs", 1),
    ("reports/exceptions.rs", 1),
    ("returns/mod.rs", 1),
    ("run/monitoring/heartbeat.rs", 1),
    ("tabular/cells.rs", 4),
    ("vendor_docs/advice/row.rs", 2),
    ("vendor_docs/advice/source.rs", 1),
    ("vendor_docs/advice/tracking.rs", 1),
    ("vendor_docs/reply/structured/days.rs", 1),
    ("vendor_docs/text/decode.rs", 1),
];

/// The parts between the angle brackets that are open where `text` begins.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if text[..at].ends_with('-') => {}
            '>' | ')' | ']' if depth > 0 => depth -= 1,
            ',' if depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            '>' => {
                found.push(text[start..at].trim());
                break;
            }
            _ => {}
        }
    }
    found
}

/// Whether a signature returns a result whose error is a text.
fn fails_with_text(signature: &str) -> bool {
    let starts = signature.match_indices("Result<");
    let mut all = starts.map(|(at, word)| parts(&signature[at + word.len()..]));
    all.any(|parts| matches!(parts[..], [_, "String"]))
}

#[test]
fn errors_of_public_functions_are_types() {
    for source in sources("src").iter().filter(|one| !is_test(&one.name)) {
        let lines: Vec<&str> = source.code.lines().collect();
        let mut found = 0;
        for (at, line) in lines.iter().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("pub") || !is_function(code) {
                continue;
            }
            let rest = &lines[at..];
            let end = rest.iter().position(|line| line.ends_with(['{', ';']));
            let signature = rest[..=end.unwrap_or(0)].join(" ");
            found += usize::from(fails_with_text(&signature));
        }
        let listed = TEXTS.iter().find(|(name, _)| *name == source.name);
        let listed = listed.map_or(0, |(_, number)| *number);
        assert_eq!(found, listed, "src/{}: errors that are texts", source.name);
    }
}

#[test]
fn texts_as_errors_are_seen() {
    for (signature, expected) in [
        ("pub fn a(b: &str) -> Result<(), String> {", true),
        ("-> Result<Result<Vec<(u8, i8)>, String>, Other> {", true),
        ("-> Result<BTreeMap<u8, String>, FormatError> {", false),
        ("-> Result<HashMap<String, String>> {", false),
        ("-> Result<impl Fn() -> u8, String> {", true),
    ] {
        assert_eq!(fails_with_text(signature), expected, "{signature}");
    }
}
