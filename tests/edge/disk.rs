//! Disks that are full, too small, or cannot be written: real ones, small and in memory. Where
//! mounting is forbidden, system calls that fail stand in for them, loudly.

use super::full;
use super::trouble::{batch, failing, placed, recovers};
use crate::support::scene::{Scene, smtp_config};
use crate::support::smtp::Fake;
use std::path::Path;

const NOW: &str = "2025-06-02T10:05:00Z";
const SOON: &str = "2025-06-02T10:06:00Z";

/// The site on a disk of its own; `None`, said loudly, where mounting is forbidden.
fn on_disk(template: &Scene, kib: usize) -> Option<Scene> {
    let scene = Scene::on_disk(&template.path(""), kib);
    if scene.is_none() {
        eprintln!(
            "MOUNTING IS FORBIDDEN HERE: real small disks were not tried, failing system calls stand in"
        );
    }
    scene
}

fn waiting(scene: &Scene) -> usize {
    let folder = scene.path("mail/orders/new");
    std::fs::read_dir(folder).unwrap().count()
}

/// Leaves so many KiB on the disk.
fn fill(scene: &Scene, kib: u64) {
    let stat = nix::sys::statvfs::statvfs(&scene.path("")).unwrap();
    let free = stat.blocks_available() as u64 * stat.fragment_size() as u64;
    let ballast = std::fs::File::create(scene.path("ballast")).unwrap();
    let length = free.saturating_sub(kib << 10);
    nix::fcntl::posix_fallocate(&ballast, 0, i64::try_from(length).unwrap()).unwrap();
}

/// One line at most for each thing that failed, and never a panic.
fn sane(done: &crate::support::desk::Output, at: &str) {
    assert!(
        matches!(done.code, 0 | 1),
        "{at}: {} {}",
        done.code,
        done.stderr
    );
    assert_eq!(
        done.code == 0,
        done.stderr.is_empty(),
        "{at}: {}",
        done.stderr
    );
    assert!(done.stderr.lines().count() <= 4, "{at}: {}", done.stderr);
    assert!(
        !done.stderr.contains("a fault inside poms"),
        "{at}: {}",
        done.stderr
    );
}

/// The limit off, so that the run begins.
fn reckless(scene: &Scene, server: &Fake) {
    let config = smtp_config(server.port, 1, "");
    scene.configure(&config.replace("free_disk_mib = 1", "free_disk_mib = 0"));
}

#[test]
fn a_disk_that_fills_during_a_run_loses_and_doubles_nothing() {
    let template = Scene::of(&batch());
    // KiB that are left: from not a page to enough
    let left = [
        0, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 4096,
    ];
    let (mut failed, mut fine) = (0, 0);
    for kib in left.into_iter().step_by(if full() { 1 } else { 2 }) {
        let Some(scene) = on_disk(&template, 16 << 10) else {
            return by_system_calls(&template);
        };
        let server = Fake::usual(&["PIPELINING"]);
        reckless(&scene, &server);
        fill(&scene, kib);
        let at = format!("{kib} KiB left");
        let done = scene.run(&["process"], NOW);
        sane(&done, &at);
        match done.code {
            0 => fine += 1,
            _ => {
                failed += 1;
                for line in done.stderr.lines() {
                    assert!(line.contains("is full: make room, then "), "{at}: {line}");
                }
                let status = scene.run(&["status"], SOON);
                let said = format!("{}{}", status.stdout, status.stderr);
                assert!(!said.contains("There was no run yet"), "{at}: {said}");
            }
        }
        // nothing was sent that is not marked: it is counted when there is room again
        std::fs::remove_file(scene.path("ballast")).unwrap();
        recovers(&scene, &server, &at);
    }
    assert!(
        failed >= 3 && fine >= 1,
        "{failed} failed, {fine} were fine"
    );
}

fn by_system_calls(template: &Scene) {
    for when in (1..200).step_by(40) {
        let scene = template.again();
        let server = Fake::usual(&["PIPELINING"]);
        reckless(&scene, &server);
        let done = failing(&scene, "pwrite64,ftruncate,fallocate,write", "ENOSPC", when);
        assert!(matches!(done.code, 0 | 1), "{when}: {}", done.stderr);
        recovers(&scene, &server, &format!("ENOSPC {when}"));
    }
}

#[test]
fn disks_from_64_kib_to_64_mib() {
    let template = Scene::of(&batch());
    for kib in [64, 128, 256, 512, 1 << 10, 2 << 10, 8 << 10, 64 << 10] {
        // the mail and the keys elsewhere: only the ledger is on the small disk
        let empty = tempfile::tempdir().unwrap();
        let Some(small) = Scene::on_disk(empty.path(), kib) else {
            return by_system_calls(&template);
        };
        let scene = template.again();
        let server = Fake::usual(&["PIPELINING"]);
        let config = smtp_config(server.port, 1, "");
        let ledger = small.path("poms.db").display().to_string();
        let config = config.replace("\"poms.db\"", &format!("\"{ledger}\""));
        for limit in ["free_disk_mib = 200", "free_disk_mib = 0"] {
            scene.configure(&config.replace("free_disk_mib = 1", limit));
            let imported = scene.run(&["vendors", "import", "vendors.csv"], NOW);
            sane(&imported, &format!("{kib} KiB, import"));
            let done = scene.run(&["process"], NOW);
            sane(&done, &format!("{kib} KiB, {limit}"));
            if limit.ends_with("200") {
                assert_eq!(done.code, 1, "{kib} KiB are fewer than 200 MiB");
                assert_eq!((waiting(&scene), server.connections()), (3, 0), "{kib} KiB");
            }
        }
        small.remount("size=80m");
        for file in ["vendors", "catalogue"] {
            scene
                .run(&[file, "import", &format!("{file}.csv")], SOON)
                .ok();
        }
        scene.run(&["process"], SOON).done();
        let orders = scene.run(&["--json", "order", "list"], SOON).ok().json();
        assert_eq!(
            orders["orders"].as_array().map(Vec::len),
            Some(3),
            "{kib} KiB"
        );
        assert_eq!(
            problems(Path::new(&ledger)),
            Vec::<String>::new(),
            "{kib} KiB"
        );
    }
}

fn problems(ledger: &Path) -> Vec<String> {
    crate::support::scene::problems(ledger)
}

#[test]
fn a_disk_that_cannot_be_written_stops_a_run_before_it_begins() {
    let template = Scene::of(&batch());
    let Some(scene) = on_disk(&template, 16 << 10) else {
        return;
    };
    let server = Fake::usual(&["PIPELINING"]);
    scene.configure(&smtp_config(server.port, 1, ""));
    scene.remount("ro");
    for args in [
        &["process"][..],
        &["process", "--dry-run"],
        &["stop", "on", "--note", "n"],
    ] {
        let done = scene.run(args, NOW);
        assert_eq!(
            (done.code, done.stderr.lines().count()),
            (1, 1),
            "{args:?} {}",
            done.stderr
        );
        assert!(
            done.stderr.contains("read-only") || done.stderr.contains("Read-only"),
            "{}",
            done.stderr
        );
    }
    assert_eq!((waiting(&scene), server.connections()), (3, 0));
    // looking still works
    scene.run(&["status"], NOW);
    scene.remount("rw");
    scene.run(&["process"], NOW).ok();
    assert_eq!(placed(&scene), 3);
}

#[test]
fn a_disk_that_becomes_read_only_during_a_run_loses_and_doubles_nothing() {
    // the kernel lets nobody remount what is open for writing: after an error it does so itself, and
    // then every call that writes fails in this way
    let template = Scene::of(&batch());
    for when in (1..160).step_by(if full() { 3 } else { 31 }) {
        let scene = template.again();
        let server = Fake::usual(&["PIPELINING"]);
        reckless(&scene, &server);
        let calls = "pwrite64,ftruncate,fallocate,renameat2,unlink,fsync,fdatasync";
        let done = failing(&scene, calls, "EROFS", when);
        assert!(
            matches!(done.code, 0 | 1),
            "{when}: {} {}",
            done.code,
            done.stderr
        );
        recovers(&scene, &server, &format!("EROFS {when}"));
    }
}
