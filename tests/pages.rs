//! Man pages are the command line's own: made from its definitions, and committed, so that a package is
//! made of files.
//!
//! `POMS_DOCS=write cargo test --test main -- pages::` writes them anew.

use clap::CommandFactory;
use poms::cli::args::Args;
use std::collections::BTreeMap;
use std::path::Path;

/// A page for each command: file name and text.
fn man_pages() -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    clap_mangen::generate_to(Args::command(), folder.path()).unwrap();
    let pages = std::fs::read_dir(folder.path()).unwrap();
    pages
        .map(|page| {
            let page = page.unwrap();
            let name = page.file_name().into_string().unwrap();
            (format!("man/{name}"), std::fs::read(page.path()).unwrap())
        })
        .collect()
}

#[test]
fn man_pages_are_those_of_the_command_line() {
    let all = man_pages();
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
    if std::env::var("POMS_DOCS").is_ok_and(|word| word == "write") {
        let _ = std::fs::remove_dir_all(packaging.join("man"));
        std::fs::create_dir_all(packaging.join("man")).unwrap();
        for (name, text) in &all {
            std::fs::write(packaging.join(name), text).unwrap();
        }
        return;
    }
    for (name, text) in &all {
        let kept = std::fs::read(packaging.join(name)).unwrap_or_default();
        assert!(
            kept == *text,
            "packaging/{name} is not what the command line says: POMS_DOCS=write writes it anew"
        );
    }
    for file in std::fs::read_dir(packaging.join("man")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let known = all.contains_key(&format!("man/{name}"));
        assert!(known, "packaging/man/{name} is of no command");
    }
}
