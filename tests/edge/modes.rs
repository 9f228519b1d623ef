//! Who else may read or write what poms trusts: every mode from 0000 to 0777 of keys,
//! configuration, ledger and their folders, through the real binary.

use super::full;
use crate::support::desk::TestDesk;
use crate::support::scene::{Scene, config};
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;

const NOW: &str = "2025-06-02T10:05:00Z";

/// What is wrong with a file or folder, by the bits of its mode. A group that is its owner's alone may
/// write what others may read: in it is nobody else.
type Wrong = fn(u32) -> bool;

#[test]
fn what_others_can_reach_stops_the_start_with_the_chmod_that_mends_it() {
    if !nix::unistd::geteuid().is_root() {
        eprintln!("THIS USER IS NOT ROOT: modes without the owner's own rights were left out");
    }
    let scene = Scene::of(&TestDesk::stocked());
    scene.configure(&config("kind = \"maildir\"\npath = \"mail/sent\"", ""));
    let secret = config(
        "kind = \"smtp\"\nhost = \"127.0.0.1\"\nuser = \"u\"\nsecurity = \"none\"\npassword = \"canary-pw\"",
        "",
    );
    let private: Wrong = |mode| mode & 0o077 != 0;
    let guarded: Wrong = match own_group(&scene) {
        true => |mode| mode & 0o002 != 0,
        false => |mode| mode & 0o022 != 0,
    };
    let places: [(&str, Wrong, u32); 6] = [
        ("keys/shop.sec.asc", private, 0o600),
        ("poms.db", private, 0o600),
        ("keys/webshop.pub.asc", guarded, 0o600),
        ("poms.toml", guarded, 0o600),
        ("keys", guarded, 0o700),
        ("", guarded, 0o700),
    ];
    for (place, wrong, usual) in places {
        modes(&scene, place, wrong, usual);
    }
    scene.configure(&secret);
    modes(&scene, "poms.toml", private, 0o600);
}

/// Whether the files' group is their owner's alone, as poms sees it.
fn own_group(scene: &Scene) -> bool {
    set_permissions(scene.path("poms.toml"), Permissions::from_mode(0o620)).unwrap();
    let taken = scene.run(&["status"], NOW).code == 0;
    set_permissions(scene.path("poms.toml"), Permissions::from_mode(0o600)).unwrap();
    taken
}

fn modes(scene: &Scene, place: &str, wrong: Wrong, usual: u32) {
    let root = nix::unistd::geteuid().is_root();
    for mode in 0..=0o777_u32 {
        // each bit alone, all of a class, and the usual ones; all of them in tests/faults
        let telling = mode.count_ones() <= 1
            || [
                0o600, 0o640, 0o644, 0o660, 0o666, 0o700, 0o750, 0o755, 0o777,
            ]
            .contains(&mode);
        if !(full() || telling) || !(root || mode & usual == usual) {
            continue;
        }
        let path = scene.path(place);
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        // a command that opens what it needs and sends nothing
        let done = scene.run(&["process", "--dry-run"], NOW);
        set_permissions(&path, Permissions::from_mode(usual)).unwrap();
        let at = format!("'{place}' {mode:04o}: {} {}", done.code, done.stderr);
        if wrong(mode) {
            assert_eq!(done.code, 2, "{at}");
            assert!(done.stderr.contains("chmod"), "{at}");
            assert!(!done.stderr.contains("canary"), "{at}");
        } else {
            // no mail server is there in the second configuration, and none is asked
            assert_eq!(done.code, 0, "{at}");
        }
    }
}
