//! What is expected and was looked at by a person, kept in a file: the one mechanism of unit tests and
//! integration tests. `POMS_REGENERATE=1` writes the files anew; what then differs is for git to show.

use std::path::Path;

/// The project's folder: that of the lock file, in or above a crate's own.
pub fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let locked = own
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").exists());
    locked.unwrap_or(own)
}

/// Holds what is `shown` against the file with what is expected, by its path from the project's root.
#[track_caller]
pub fn golden(expected: impl AsRef<Path>, shown: &str) {
    let path = root().join(expected);
    if std::env::var_os("POMS_REGENERATE").is_some() {
        let folder = path.parent().expect("a folder");
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(&path, shown).expect("written");
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if known == shown {
        return;
    }
    let (due, is) = (known.split('\n'), shown.split('\n'));
    let ends = std::iter::once("(its end)");
    let pairs = due.chain(ends.clone()).zip(is.chain(ends));
    let (at, (due, is)) = pairs
        .enumerate()
        .find(|(_, (due, is))| due != is)
        .unwrap_or((0, ("", "")));
    panic!(
        "{}:{}: expected\n  {due:?}\nand it is\n  {is:?}\nPOMS_REGENERATE=1 writes it anew. All of it:\n{shown}",
        path.display(),
        at + 1
    );
}
