//! What others can read stops the start, and no message repeats a secret.

use super::{CONTRACT, faults};
use crate::config::Config;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_secret_in_the_file_is_taken_only_while_the_file_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("poms.toml");
    let text = CONTRACT.replace("connections = 4", "user = \"u\"\npassword = \"hunter2\"");
    std::fs::write(&file, &text).unwrap();
    for bits in 0..=0o777 {
        if bits & 0o400 == 0 {
            continue; // nobody but root could read it
        }
        set_permissions(&file, Permissions::from_mode(bits)).unwrap();
        let read = Config::read(&file);
        assert_eq!(read.is_ok(), bits & 0o077 == 0, "{bits:04o}");
        if let Err(error) = read {
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn keys_and_ledger_that_others_can_read_stop_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("poms.toml");
    std::fs::write(&file, CONTRACT).unwrap();
    set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    std::fs::create_dir(dir.path().join("keys")).unwrap();
    set_permissions(dir.path().join("keys"), Permissions::from_mode(0o700)).unwrap();
    assert!(Config::read(&file).is_ok(), "nothing there yet");
    for (name, line) in [("keys/shop.sec.asc", ":14: "), ("poms.db", ":6: ")] {
        let path = dir.path().join(name);
        std::fs::write(&path, "x").unwrap();
        for bits in 0..=0o777 {
            set_permissions(&path, Permissions::from_mode(bits)).unwrap();
            let read = Config::read(&file);
            assert_eq!(read.is_ok(), bits & 0o077 == 0, "{name} {bits:04o}");
            if let Err(error) = read {
                let said = error.to_string();
                assert!(said.contains(line) && said.contains("chmod 600"), "{said}");
            }
        }
        set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn no_message_repeats_a_secret() {
    for line in [
        "password = 12345678",
        "pasword = \"12345678\"",
        "password = \"12345678\nx",
        "password = \"1234\\r5678\"",
        "password_command = \"12345678\"",
        "password = \"12345678\"\npassword_file = \"x\"",
    ] {
        let said = faults("connections = 4", &format!("user = \"u\"\n{line}"));
        assert!(!said.is_empty(), "{line}");
        assert!(!said.contains("1234"), "{line}: {said}");
    }
}
