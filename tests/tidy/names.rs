//! One word for one thing: how often a type's name may stand in `src/`.

use super::rules::MOST_TYPES_OF_A_NAME;
use super::{is_test, sources, without_visibility};
use std::collections::BTreeMap;

/// The name that a line gives to a type. A `type` that stands further in belongs to a trait.
fn type_named(line: &str) -> Option<&str> {
    let code = without_visibility(line.trim_start());
    let code = code.strip_prefix("unsafe ").unwrap_or(code);
    let (word, rest) = code.split_once(' ')?;
    let is_type = match word {
        "struct" | "enum" | "union" | "trait" => true,
        "type" => !line.starts_with(' '),
        _ => false,
    };
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    let name = &rest[..end.unwrap_or(rest.len())];
    (is_type && !name.is_empty()).then_some(name)
}

#[test]
fn a_types_name_says_which_one_it_is() {
    let all = sources("src");
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in all.iter().filter(|source| !is_test(&source.name)) {
        for name in source.code.lines().filter_map(type_named) {
            files.entry(name).or_default().push(&source.name);
        }
    }
    assert!(files.len() > 500, "only {} names were seen", files.len());
    files.retain(|_, files| files.len() > MOST_TYPES_OF_A_NAME);
    assert!(files.is_empty(), "too many of one name: {files:#?}");
}

#[test]
fn names_are_seen_in_all_forms() {
    let lines = [
        ("pub struct A<'a> {", Some("A")),
        ("    pub(super) enum B {", Some("B")),
        ("pub(in crate::desk) struct C(u8);", Some("C")),
        ("pub unsafe trait D {", Some("D")),
        ("type E = u8;", Some("E")),
        ("    type Target = str;", None),
        ("let struct_of = 1;", None),
    ];
    for (line, name) in lines {
        assert_eq!(type_named(line), name, "{line}");
    }
}
