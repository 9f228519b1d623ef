//! Patterns of what others write, each made when it is first asked. Those of the source can be made, as their
//! tests say; one that could not fits nothing.

use regex::Regex;
use std::sync::LazyLock;

/// Whether it fits somewhere in the text.
pub fn fits(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(text))
}
