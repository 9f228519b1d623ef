//! The anchor file, and heads in mails.

use super::{LATER, NOW, site, verified};
use crate::support::scene::{Scene, output};

/// The file that stands in the ledger's place, without what the newer one wrote.
pub(super) fn put_back(scene: &Scene, copy: &[u8]) {
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(scene.path(&format!("poms.db{end}")));
    }
    std::fs::write(scene.path("poms.db"), copy).unwrap();
}

#[test]
fn anchors_are_believed_by_the_highest_of_all_lines_and_each_must_stand_in_its_place() {
    let scene = site();
    let copy = std::fs::read(scene.path("poms.db")).unwrap();
    let anchors = scene.path("poms.db.anchor");
    let old = std::fs::read_to_string(&anchors).unwrap();
    let line = old.lines().last().unwrap().to_owned() + "\n";
    scene.run(&["order", "note", "W200001", "one"], NOW).ok();
    scene.run(&["stop", "on", "--note", "two"], NOW).ok();
    let whole = std::fs::read_to_string(&anchors).unwrap();
    assert_eq!(whole.lines().count(), old.lines().count() + 2);
    let older = "older than its last anchor";
    let changed = "was changed outside poms";
    refused(&scene, &whole, Some(&copy), older);
    refused(&scene, &format!("{whole}{line}"), Some(&copy), older);
    let garbled = old.clone() + "x{\"at\":\"2026\",\"seq\":300,\"hash\":\"00\"}\n";
    refused(&scene, &garbled, Some(&copy), changed);
    // the ledger itself is as it should be, and the file is not
    refused(&scene, &format!("{whole}{line}"), None, changed);
    refused(&scene, &format!("{whole}\n"), None, changed);
    refused(
        &scene,
        &whole.replacen("\"seq\"", "\"Seq\"", 1),
        None,
        changed,
    );
    refused(&scene, &whole.replacen(&line, "", 1), None, changed);
}

/// A site with this anchor file, and with this ledger: what is refused with this word, and taken by the
/// command that is named.
fn refused(scene: &Scene, text: &str, copy: Option<&[u8]>, word: &str) {
    let scene = scene.again();
    let anchors = scene.path("poms.db.anchor");
    std::fs::write(&anchors, text).unwrap();
    if let Some(copy) = copy {
        put_back(&scene, copy);
    }
    for args in [&["process"][..], &["order", "note", "W200001", "x"]] {
        scene
            .run(args, LATER)
            .fails(1, &[word, "poms recover --note"]);
    }
    assert_eq!(
        std::fs::read_to_string(&anchors).unwrap(),
        text,
        "nothing is appended"
    );
    let (first, _) = verified(&scene);
    assert!(first.starts_with("anchor "), "{first}");
    // the command that was named leads on
    scene
        .run(
            &["recover", "--note", "proved by the vendors' mails"],
            LATER,
        )
        .ok();
    scene.run(&["verify"], LATER).ok();
    scene.run(&["process"], LATER).ok();
}

#[test]
fn what_a_crash_left_of_a_line_and_lines_of_before_are_taken() {
    let scene = site();
    let whole = std::fs::read_to_string(scene.path("poms.db.anchor")).unwrap();
    let line = whole.lines().last().unwrap().to_owned();
    // what a crash leaves of a line is passed over, once
    let torn = scene.again();
    std::fs::write(
        torn.path("poms.db.anchor"),
        format!("{whole}{}", &line[..40]),
    )
    .unwrap();
    torn.run(&["verify"], LATER).ok();
    torn.run(&["process"], LATER).ok();
    torn.run(&["verify"], LATER).ok();
    torn.run(&["stop", "off", "--note", "three"], LATER).ok();
    // and what poms wrote before lines were linked
    let before = scene.again();
    let (plain, _) = last_head(&before);
    std::fs::write(before.path("poms.db.anchor"), plain).unwrap();
    before.run(&["verify"], LATER).ok();
    before.run(&["process"], LATER).ok();
    before.run(&["verify"], LATER).ok();
}

/// An anchor file as poms wrote it once, and the trail's head.
fn last_head(scene: &Scene) -> (String, String) {
    let sql = "SELECT seq, lower(hex(hash)), at FROM audit ORDER BY seq DESC LIMIT 1";
    let head = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let (seq, hash, at): (i64, String, String) = scene.ledger().query_row(sql, [], head).unwrap();
    let line = format!("{{\"at\":\"{at}\",\"seq\":{seq},\"hash\":\"{hash}\"}}\n");
    (line, format!("{seq}:{hash}"))
}

#[test]
fn an_anchor_file_that_others_can_write_or_that_is_none_stops_the_start() {
    use std::os::unix::fs::PermissionsExt;
    let scene = site();
    let anchors = scene.path("poms.db.anchor");
    let mode =
        |bits| std::fs::set_permissions(&anchors, std::fs::Permissions::from_mode(bits)).unwrap();
    mode(0o666);
    scene
        .run(&["process"], LATER)
        .fails(2, &["poms.db.anchor", "chmod"]);
    mode(0o600);
    std::fs::remove_file(&anchors).unwrap();
    let made = output(scene.command("mkfifo", &["-m", "600", "poms.db.anchor"], NOW));
    assert_eq!(made.code, 0);
    for args in [
        &["process"][..],
        &["verify"],
        &["status"],
        &["stop", "on", "--note", "x"],
    ] {
        scene.run(args, LATER).fails(2, &["is no file"]);
    }
}

#[test]
fn anchors_that_were_taken_away_are_missed_and_a_new_ledger_needs_none() {
    let scene = site();
    let anchors = scene.path("poms.db.anchor");
    let whole = std::fs::read_to_string(&anchors).unwrap();
    // removed, emptied, and down to what a crash could have left of the first line
    for left in [None, Some(""), Some("\n"), Some(&whole[..40])] {
        let scene = scene.again();
        let anchors = scene.path("poms.db.anchor");
        match left {
            None => std::fs::remove_file(&anchors).unwrap(),
            Some(left) => std::fs::write(&anchors, left).unwrap(),
        }
        for args in [&["process"][..], &["order", "note", "W200001", "x"]] {
            let done = scene.run(args, LATER);
            done.fails(1, &["anchor", "poms recover --note"]);
        }
        assert_eq!(
            std::fs::read_to_string(&anchors).ok().as_deref(),
            left,
            "nothing is appended"
        );
        let (first, _) = verified(&scene);
        assert!(first.starts_with("anchor"), "{left:?}: {first}");
        let rehearsed = ["--dry-run", "recover", "--note", "the disk died"];
        scene.run(&rehearsed, LATER).ok();
        scene.run(&["process"], LATER).fails(1, &["recover"]);
        scene
            .run(&["recover", "--note", "the disk died"], LATER)
            .ok();
        scene.run(&["verify"], LATER).ok();
        scene.run(&["process"], LATER).ok();
    }
}

#[test]
fn a_mail_is_a_witness_that_nobody_calls_back() {
    let scene = site();
    let heads = |scene: &Scene| {
        let mut found = Vec::new();
        for mail in std::fs::read_dir(scene.path("mail/sent/new")).unwrap() {
            let mail = std::fs::read_to_string(mail.unwrap().path()).unwrap();
            let purchase_order = mail.contains("Subject: Purchase order");
            let head = mail.lines().find(|line| line.starts_with("X-Poms-Head: "));
            assert_eq!(
                head.is_some(),
                purchase_order,
                "customers learn nothing of it: {mail}"
            );
            found.extend(head.map(str::to_owned));
        }
        found
    };
    let first = heads(&scene).pop().expect("a purchase order's");
    let early = std::fs::read(scene.path("poms.db")).unwrap();
    scene.run(&["process"], NOW).ok();
    let last = heads(&scene);
    let last = last.iter().find(|head| **head != first).expect("another");
    let said = scene
        .run(&["verify", "--witness", &first, "--witness", last], LATER)
        .ok();
    assert!(
        said.stdout.contains("2 heads out of mails agree"),
        "{}",
        said.stdout
    );
    // ledger and anchors of one moment, long past: nothing in the house tells
    put_back(&scene, &early);
    std::fs::write(scene.path("poms.db.anchor"), last_head(&scene).0).unwrap();
    scene.run(&["verify"], LATER).ok();
    scene.run(&["verify", "--witness", &first], LATER).ok();
    let seq = last.split([' ', ':']).nth(2).unwrap();
    let done = scene.run(&["--json", "verify", "--witness", last], LATER);
    assert_eq!(done.json()["first_bad"], format!("witness {seq}"));
    for wrong in ["12", "x:y", "0:00", "", &last[..last.len() - 1]] {
        scene
            .run(&["verify", "--witness", wrong], LATER)
            .fails(2, &["NUMBER:HASH"]);
    }
}

/// Lines that are missing at the end are what a crash before an anchor leaves as well: they are said, and an
/// error for whoever asks for it.
#[test]
fn lines_cut_from_the_end_are_counted_and_by_option_an_error() {
    let scene = site();
    let anchors = scene.path("poms.db.anchor");
    scene.run(&["verify", "--anchored"], LATER).ok();
    let whole = std::fs::read_to_string(&anchors).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let kept = &lines[..lines.len() - 1];
    std::fs::write(&anchors, kept.concat()).unwrap();
    let last: serde_json::Value = serde_json::from_str(kept.last().unwrap()).unwrap();
    let said = scene.run(&["verify", "--json"], LATER).ok().json();
    let (rows, to) = (&said["audit_rows"], &said["anchored_to"]);
    assert_eq!(*to, last["seq"], "{said}");
    let loose = rows.as_i64().unwrap() - to.as_i64().unwrap();
    assert!(loose > 0 && said["unanchored"] == loose, "{said}");
    let text = scene.run(&["verify"], LATER).ok().stdout;
    let words = format!("the last at fact {to}; {loose} facts are newer");
    assert!(text.contains(&words), "{text}");
    let strict = scene.run(&["verify", "--anchored"], LATER);
    strict.fails(
        1,
        &[
            "newer than the last anchor",
            "poms.db.anchor",
            "X-Poms-Head",
        ],
    );
    // the next act anchors them
    scene.run(&["order", "note", "W200001", "x"], LATER).ok();
    scene.run(&["verify", "--anchored"], LATER).ok();
}
