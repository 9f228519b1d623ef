//! One parser of foreign bytes, by the name of the target that this was built as.

#![no_main]

#[path = "../../tests/support/parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let known = parsers::PARSERS.iter();
    let found = known.filter(|(name, _)| *name == env!("CARGO_BIN_NAME"));
    for (_, parser) in found {
        parser(data);
    }
});
