//! Patterns of the configuration with a number or a subject in them, such as `{number}@fax.example`.

/// What may stand between the braces.
pub const NUMBER_WORDS: &[&str] = &["e164", "number", "national"];

/// The pattern with the number in it: `{e164}` is `+12075550142`, `{number}` the same without the
/// plus, `{national}` without the country code where that is 1.
pub fn fill(pattern: &str, e164: &str) -> String {
    let number = e164.trim_start_matches('+');
    let national = number
        .strip_prefix('1')
        .filter(|rest| rest.len() == 10)
        .unwrap_or(number);
    pattern
        .replace("{e164}", e164)
        .replace("{number}", number)
        .replace("{national}", national)
}

/// Names what is wrong with a pattern: an unknown word in braces, or no number where one must be.
pub fn fault(pattern: &str, words: &[&str], needed: bool) -> Option<String> {
    let listed = || {
        let all: Vec<String> = words.iter().map(|word| format!("{{{word}}}")).collect();
        all.join(", ")
    };
    let mut found = 0;
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let inside = rest[at..].strip_prefix('{').and_then(|r| r.split_once('}'));
        match inside {
            Some((word, after)) if words.contains(&word) => {
                found += 1;
                rest = after;
            }
            _ => return Some(format!("knows only {} between braces", listed())),
        }
    }
    (needed && found == 0).then(|| format!("must have one of {} in it", listed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_says_the_number_in_three_ways() {
        let all = "{e164} {number} {national}";
        assert_eq!(
            fill(all, "+12075550142"),
            "+12075550142 12075550142 2075550142"
        );
        assert_eq!(fill("{national}", "+442079460018"), "442079460018");
    }

    #[test]
    fn a_wrong_pattern_is_named() {
        assert_eq!(fault("{number}@x", NUMBER_WORDS, true), None);
        for wrong in ["x@y", "{nmber}@x", "{number", "number}@x", "{{number}}"] {
            assert!(fault(wrong, NUMBER_WORDS, true).is_some(), "{wrong}");
        }
    }
}
