//! The parser of foreign bytes that `POMS_PARSER` names.

#![no_main]

#[path = "../../tests/support/parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static PARSER: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = std::env::var("POMS_PARSER").unwrap_or_default();
    let known = parsers::PARSERS.iter();
    let found = known.clone().find(|(name, _)| *name == wanted);
    let names: Vec<&str> = known.map(|(name, _)| *name).collect();
    let (_, parser) = found.unwrap_or_else(|| panic!("POMS_PARSER is none of {}", names.join(", ")));
    *parser
});

fuzz_target!(|data: &[u8]| PARSER(data));
