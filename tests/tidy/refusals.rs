//! Refusals have types: whoever decides by one decides by its kind, never by its words.

use super::{is_test, sources};

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
