//! Every code of an exception that stands in the source is one of the table.

use super::sources;
use poms::domain::codes;

/// What a literal code stands behind.
const BEFORE: [&str; 8] = [
    "open_exception(",
    "Refusal::new(",
    "Hold::new(",
    ".severity(",
    "orders_held_by(",
    "row.code == ",
    "row.code != ",
    "open.code == ",
];

#[test]
fn every_code_in_the_source_stands_in_the_table() {
    let mut seen = 0;
    for source in sources("src") {
        for before in BEFORE {
            for rest in source.code.split(before).skip(1) {
                let Some(word) = rest.trim_start().strip_prefix('"') else {
                    continue;
                };
                let word = word.split('"').next().unwrap_or_default();
                let known = codes::find(word).is_some();
                assert!(known, "src/{}: '{word}' is no code", source.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
