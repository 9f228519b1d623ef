//! Names of the ledger, and where copies of it go.

use super::{LATER, NOW, site};
use std::path::PathBuf;

#[test]
fn a_ledger_has_one_name_and_its_runs_one_lock() {
    let scene = site();
    std::fs::hard_link(scene.path("poms.db"), scene.path("other.db")).unwrap();
    for args in [
        &["process"][..],
        &["order", "list"],
        &["stop", "on", "--note", "x"],
    ] {
        scene
            .run(args, LATER)
            .fails(1, &["2 names (hard links)", "-samefile"]);
    }
    std::fs::remove_file(scene.path("other.db")).unwrap();
    // by a link in another folder, and by a detour: the run that goes on keeps both out
    std::fs::create_dir(scene.path("way")).unwrap();
    std::os::unix::fs::symlink("../poms.db", scene.path("way/l.db")).unwrap();
    let lock = std::fs::File::create(scene.path("poms.db.lock")).unwrap();
    lock.lock().unwrap();
    let text = std::fs::read_to_string(scene.path("poms.toml")).unwrap();
    for name in ["poms.db", "way/l.db", "way/../poms.db", "./poms.db"] {
        scene.configure(&text.replace("\"poms.db\"", &format!("\"{name}\"")));
        scene
            .run(&["process"], LATER)
            .fails(75, &["another run holds the lock"]);
    }
}

#[test]
fn a_backup_goes_where_nobody_else_can_put_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let scene = site();
    let folder = scene.path("copies");
    std::fs::create_dir(&folder).unwrap();
    let copies = || -> PathBuf { folder.join("copy.part") };
    for (mode, safe) in [
        (0o777, false),
        (0o1777, false),
        (0o702, false),
        (0o700, true),
        (0o755, true),
    ] {
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
        // what somebody left there before
        std::fs::write(copies(), "").unwrap();
        std::fs::set_permissions(copies(), std::fs::Permissions::from_mode(0o666)).unwrap();
        let done = scene.run(&["backup", "copies/copy.db"], NOW);
        if !safe {
            done.fails(1, &["nothing was copied", "install -d -m 700"]);
            assert!(!folder.join("copy.db").exists());
            continue;
        }
        done.ok();
        let made = std::fs::metadata(folder.join("copy.db"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(made & 0o777, 0o600);
        std::fs::remove_file(folder.join("copy.db")).unwrap();
    }
}
