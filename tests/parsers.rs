//! Inputs that fuzzing kept (`fuzz/README.md`): each parser of foreign bytes gets each of them.

use crate::support::parsers::PARSERS;
use std::path::Path;

fn kept(parser: &str) -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(parser);
    let files =
        std::fs::read_dir(&folder).unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()));
    files.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn no_input_that_was_kept_makes_a_parser_panic() {
    for (name, parser) in PARSERS {
        let files = kept(name);
        assert!(!files.is_empty(), "{name} has no inputs");
        for file in files {
            let data = std::fs::read(&file).unwrap();
            let read = std::panic::catch_unwind(|| parser(&data));
            assert!(read.is_ok(), "{name}: {}", file.display());
        }
    }
}
