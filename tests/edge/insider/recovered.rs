//! `poms recover`, killed at each of its steps: typed again it says what it would have said at first.

use super::anchors::put_back;
use super::{LATER, mails, site};
use crate::support::scene::{POMS, Scene, output};

const RECOVER: [&str; 3] = ["recover", "--note", "the disk died"];

/// The recovery, killed where it makes this call for the `when`th time; whether it came to it.
fn killed(scene: &Scene, call: &str, when: usize) -> bool {
    let log = scene.path("strace.log").display().to_string();
    let trace = format!("trace={call}");
    let inject = format!("inject={call}:signal=KILL:when={when}");
    let mut args = vec!["-qq", "-o", &log, "-e", &trace, "-e", &inject, POMS];
    args.extend(RECOVER);
    let done = output(scene.command("strace", &args, LATER));
    let log = std::fs::read_to_string(&log).unwrap();
    let struck = log.contains("+++ killed by SIGKILL +++");
    assert!(struck || done.code == 0, "{call} {when}: {}", done.stderr);
    struck
}

fn highest(scene: &Scene) -> i64 {
    let text = std::fs::read_to_string(scene.path("poms.db.anchor")).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    last["seq"].as_i64().unwrap()
}

/// A site whose ledger is an older copy, and how many facts it lacks.
fn restored(acts: &[&[&str]]) -> (Scene, i64) {
    let scene = site();
    let copy = std::fs::read(scene.path("poms.db")).unwrap();
    let had = highest(&scene);
    for act in acts {
        scene.run(act, LATER).ok();
    }
    let missing = highest(&scene) - had;
    put_back(&scene, &copy);
    (scene, missing)
}

/// Nothing was lost on the way: the next typing names what is missing, and the shop goes on.
fn ends(scene: &Scene, missing: i64, at: &str) {
    let refused = scene.run(&["order", "note", "W200001", "x"], LATER);
    let said = if refused.code == 0 {
        // the kill fell behind the last step
        assert!(scene.count("SELECT COUNT(*) FROM audit WHERE kind = 'ledger.recovered'") > 0);
        let newest = "SELECT json_extract(payload, '$.anchored_to') - json_extract(payload, '$.ended_at') \
                      FROM audit WHERE kind = 'ledger.recovered' ORDER BY seq DESC LIMIT 1";
        assert_eq!(scene.count(newest), missing, "{at}");
        String::new()
    } else {
        assert!(
            refused.stderr.contains("poms recover"),
            "{at}: {}",
            refused.stderr
        );
        let done = scene.run(&RECOVER, LATER);
        assert_eq!(done.code, 0, "{at}: {}", done.stderr);
        done.stdout
    };
    if !said.is_empty() {
        let named = format!("The {missing} facts after ");
        assert!(said.contains(&named), "{at}: {said}");
        let kept = said.split("kept in ").nth(1).unwrap_or_default();
        let kept = kept.split([' ', '\n']).next().unwrap_or_default();
        let kept = std::fs::read_to_string(kept.trim_end_matches('.'));
        assert!(
            kept.is_ok_and(|text| text.lines().count() > 2),
            "{at}: {said}"
        );
    }
    let left = mails(scene);
    scene.run(&["process"], LATER).ok();
    scene.run(&["verify"], LATER).ok();
    assert!(mails(scene) > left, "{at}: the order that waited is placed");
}

#[test]
fn a_recovery_that_is_killed_is_typed_again_and_names_what_is_missing() {
    let note: &[&str] = &["order", "note", "W200001", "one"];
    let stop: &[&str] = &["stop", "on", "--note", "two"];
    let off: &[&str] = &["stop", "off", "--note", "three"];
    // fewer facts are missing than a recovery writes, and more
    for acts in [&[note][..], &[note, stop, off, note]] {
        let (scene, missing) = restored(acts);
        assert!(missing > 0);
        for call in [
            "pwrite64",
            "fdatasync",
            "fsync",
            "rename",
            "write",
            "ftruncate",
            "unlink",
        ] {
            for when in 1.. {
                let scene = scene.again();
                let at = format!("{call} {when}, {missing} facts");
                if !killed(&scene, call, when) {
                    break;
                }
                ends(&scene, missing, &at);
            }
        }
    }
}

#[test]
fn a_recovery_killed_again_and_again_still_names_what_is_missing() {
    let (scene, missing) = restored(&[&["order", "note", "W200001", "one"]]);
    for call in ["rename", "fdatasync", "rename"] {
        assert!(killed(&scene, call, 1), "{call}");
        let refused = scene.run(&["process"], LATER);
        refused.fails(1, &["A recovery was begun", "poms recover --note"]);
    }
    ends(&scene, missing, "three times");
}
