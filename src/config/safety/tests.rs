//! Every mode of files and folders, on disk.

use super::*;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

fn mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn every_mode_of_a_private_file_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key");
    std::fs::write(&key, "k").unwrap();
    for bits in 0..=0o777 {
        mode(&key, bits);
        let private = bits & 0o077 == 0;
        for need in [Need::Private, Need::Ledger] {
            assert_eq!(check(&key, need).is_ok(), private, "{bits:04o}");
        }
        assert_eq!(check(&key, Need::Open), Ok(()));
        let credential = bits & 0o037 == 0;
        assert_eq!(
            check(&key, Need::Credential).is_ok(),
            credential,
            "{bits:04o}"
        );
    }
    mode(&key, 0o640);
    let fault = check(&key, Need::Private).unwrap_err();
    assert!(
        fault.contains("0640") && fault.contains("chmod 600"),
        "{fault}"
    );
}

#[test]
fn every_mode_of_files_that_others_may_read() {
    for bits in 0..=0o777 {
        let guarded = fault_of(bits, Need::Guarded, false).is_none();
        assert_eq!(guarded, bits & 0o022 == 0, "{bits:04o}");
        let own_group = fault_of(bits, Need::Guarded, true).is_none();
        assert_eq!(own_group, bits & 0o002 == 0, "{bits:04o}");
    }
}

#[test]
fn every_mode_of_a_folder() {
    for bits in 0..=0o1777 {
        let safe = bits & 0o022 == 0 || bits & 0o1000 != 0;
        assert_eq!(folder_fault(bits, false).is_none(), safe, "{bits:04o}");
    }
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key");
    for (bits, safe) in [(0o700, true), (0o755, true), (0o777, false), (0o1777, true)] {
        mode(dir.path(), bits);
        // the ledger is not there yet, and its folder counts already
        assert_eq!(check(&key, Need::Ledger).is_ok(), safe, "{bits:04o}");
    }
}

#[test]
fn sqlites_files_beside_the_ledger_count() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = dir.path().join("poms.db");
    let wal = dir.path().join("poms.db-wal");
    for path in [&ledger, &wal] {
        std::fs::write(path, "").unwrap();
        mode(path, 0o600);
    }
    assert_eq!(check(&ledger, Need::Ledger), Ok(()));
    mode(&wal, 0o644);
    assert!(
        check(&ledger, Need::Ledger)
            .unwrap_err()
            .contains("poms.db-wal")
    );
}

#[test]
fn a_link_is_as_safe_as_where_it_leads() {
    let (open, safe) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (real, link) = (open.path().join("key"), safe.path().join("key"));
    std::fs::write(&real, "k").unwrap();
    mode(&real, 0o600);
    symlink(&real, &link).unwrap();
    assert_eq!(check(&link, Need::Private), Ok(()));
    mode(open.path(), 0o777);
    assert!(check(&link, Need::Private).is_err());
}

#[test]
fn templates_stay_in_their_folder() {
    let dir = tempfile::tempdir().unwrap();
    let top = dir.path().join("templates");
    std::fs::create_dir_all(top.join("en")).unwrap();
    std::fs::write(top.join("en/po.txt"), "x").unwrap();
    for path in [&top, &top.join("en"), &top.join("en/po.txt")] {
        mode(path, 0o755);
    }
    assert_eq!(check(&top, Need::Tree), Ok(()));
    mode(&top.join("en/po.txt"), 0o666);
    assert!(check(&top, Need::Tree).unwrap_err().contains("po.txt"));
    mode(&top.join("en/po.txt"), 0o644);
    symlink("/etc/passwd", top.join("en/evil.txt")).unwrap();
    assert!(check(&top, Need::Tree).unwrap_err().contains("leads out"));
    assert!(check(&dir.path().join("templates/en/po.txt"), Need::Tree).is_err());
}

#[test]
fn what_is_too_long_or_no_file_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    std::fs::write(&path, "12345").unwrap();
    mode(&path, 0o600);
    assert!(read(&path, Need::Private, 5).is_ok());
    assert!(
        read(&path, Need::Private, 4)
            .unwrap_err()
            .contains("5 bytes, and 4 are the most")
    );
    assert!(
        read(dir.path(), Need::Private, 9)
            .unwrap_err()
            .contains("it is a folder")
    );
}

#[test]
fn files_of_strangers_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let metadata = dir.path().metadata().unwrap();
    let owner = metadata.uid();
    assert_eq!(check_owner(dir.path(), &metadata, owner), Ok(()));
    let stranger = check_owner(dir.path(), &metadata, owner + 1);
    assert_eq!(stranger.is_ok(), owner == 0, "root's files are trusted");
    if owner == 0 {
        std::os::unix::fs::chown(dir.path(), Some(12345), None).unwrap();
        let fault = check(&dir.path().join("x"), Need::Private).unwrap_err();
        assert!(fault.contains("12345"), "{fault}");
    }
}

/// umask and limits are the whole process's, so this runs in one of its own.
#[test]
fn hardening_closes_files_and_memory() {
    const INSIDE: &str = "POMS_TEST_HARDEN";
    if let Some(file) = std::env::var_os(INSIDE) {
        harden().unwrap();
        std::fs::write(&file, "x").unwrap();
        assert_eq!(
            nix::sys::resource::getrlimit(Resource::RLIMIT_CORE),
            Ok((0, 0))
        );
        assert_eq!(nix::sys::prctl::get_dumpable(), Ok(false));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("new");
    let name = "config::safety::tests::hardening_closes_files_and_memory";
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name])
        .env(INSIDE, &file)
        .output()
        .unwrap();
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stdout)
    );
    assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600);
}
