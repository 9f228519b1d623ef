//! The package for Debian: put together from the same table of `Cargo.toml` as `cargo deb` reads, with the
//! program under test, and tried by `packaging/try` in a bare Debian.
//!
//! `cargo deb` itself takes longer to build than all of poms, so it makes the packages that are handed out
//! and not this one: what it writes into the maintainers' scripts (`#DEBHELPER#`) is not in here.

use crate::support::postfix::installed;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use toml::{Table, Value};

/// What `packaging/try` ends with when there is no bare Debian to try in.
const NO_DEBIAN: i32 = 75;
/// What it ends with where nothing may be mounted, as in some containers.
const NO_MOUNTS: i32 = 77;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    let value = table.get(key).and_then(Value::as_str);
    value.unwrap_or_else(|| panic!("Cargo.toml has no {key}"))
}

fn list<'a>(table: &'a Table, key: &str) -> &'a [Value] {
    let value = table.get(key).and_then(Value::as_array);
    value.unwrap_or_else(|| panic!("Cargo.toml has no {key}"))
}

/// The files that an asset's first word means: one, or all of a folder with an ending.
fn meant(source: &str) -> Vec<PathBuf> {
    if source == "target/release/poms" {
        return vec![env!("CARGO_BIN_EXE_poms").into()];
    }
    let Some((folder, ending)) = source.split_once("/*") else {
        return vec![root().join(source)];
    };
    let files = fs::read_dir(root().join(folder)).unwrap();
    let files: Vec<PathBuf> = files
        .map(|file| file.unwrap().path())
        .filter(|file| file.to_str().unwrap().ends_with(ending))
        .collect();
    assert!(!files.is_empty(), "no {source}");
    files
}

fn put(source: &Path, target: &Path, mode: u32) {
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::copy(source, target).unwrap_or_else(|fault| panic!("{}: {fault}", source.display()));
    fs::set_permissions(target, fs::Permissions::from_mode(mode)).unwrap();
}

fn put_assets(deb: &Table, tree: &Path) {
    for asset in list(deb, "assets") {
        let [source, target, mode] = [0, 1, 2].map(|at| asset[at].as_str().unwrap());
        for file in meant(source) {
            let mut place = tree.join(target);
            if target.ends_with('/') {
                place.push(if source.starts_with("target/") {
                    "poms".as_ref()
                } else {
                    file.file_name().unwrap()
                });
            }
            put(&file, &place, u32::from_str_radix(mode, 8).unwrap());
        }
    }
    for units in list(deb, "systemd-units") {
        let units = units.as_table().unwrap();
        for ending in ["service", "timer"] {
            let name = format!("{}.{ending}", text(units, "unit-name"));
            let source = root().join(text(units, "unit-scripts")).join(&name);
            put(
                &source,
                &tree.join("usr/lib/systemd/system").join(&name),
                0o644,
            );
        }
    }
}

/// What the package says of itself, and what is run when it comes and goes.
fn put_control(package: &Table, deb: &Table, tree: &Path) {
    let architecture = Command::new("dpkg")
        .arg("--print-architecture")
        .output()
        .unwrap();
    let control = format!(
        "Package: {}\nVersion: {}-1\nArchitecture: {}Maintainer: {}\nDepends: {}\nSection: {}\nPriority: {}\n\
         Description: {}\n",
        text(package, "name"),
        text(package, "version"),
        String::from_utf8(architecture.stdout).unwrap(),
        text(deb, "maintainer"),
        text(deb, "depends").replace("$auto", "libc6"),
        text(deb, "section"),
        text(deb, "priority"),
        text(package, "description"),
    );
    let folder = tree.join("DEBIAN");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("control"), control).unwrap();
    for script in ["preinst", "postinst", "prerm", "postrm"] {
        let source = root().join(text(deb, "maintainer-scripts")).join(script);
        if source.exists() {
            put(&source, &folder.join(script), 0o755);
        }
    }
}

fn made(folder: &Path) -> PathBuf {
    let manifest: Table = fs::read_to_string(root().join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let package = manifest["package"].as_table().unwrap();
    let deb = package["metadata"]["deb"].as_table().unwrap();
    let tree = folder.join("tree");
    put_assets(deb, &tree);
    put_control(package, deb, &tree);
    let file = folder.join("poms.deb");
    let built = Command::new("dpkg-deb")
        .args(["--root-owner-group", "-Zgzip", "-z1", "--build"])
        .args([&tree, &file])
        .output()
        .unwrap();
    assert!(built.status.success(), "{built:?}");
    file
}

#[test]
fn the_package_is_installed_run_and_removed_in_a_bare_debian() {
    if !installed("/usr/bin/mmdebstrap") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tried = Command::new(root().join("packaging/try"))
        .arg(made(folder.path()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tried.stderr);
    let strict = std::env::var_os("POMS_TESTS_STRICT").is_some();
    let code = tried.status.code();
    // where nobody may mount there is no bare Debian, whatever was installed
    if code == Some(NO_MOUNTS) || code == Some(NO_DEBIAN) && !strict {
        eprintln!("SKIPPED: {said}");
        return;
    }
    assert!(
        tried.status.success() && said.contains("the site is whole"),
        "{said}"
    );
}
