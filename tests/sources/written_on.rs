//! A file whose writer pauses for longer than it must stand still: what comes after it was read is not lost.

use super::sftp::World;
use super::*;
use std::io::Write;

/// Writes on in a file where it lies now, as a program does that has it open.
fn append(path: &Path, bytes: &[u8]) {
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn what_was_written_on_after_it_was_read_is_read_again_and_told() {
    let desk = desk(TRUSTED);
    let whole = order(1).to_string();
    let (first, rest) = whole.split_at(whole.len() / 2);
    desk.file("in/W1.json", first.as_bytes());
    desk.run(&["process"]);
    assert_eq!(states(&desk).len(), 1);
    assert_ne!(states(&desk)[0], "accepted");
    let away = ["in/.processed/W1.json", "in/.failed/W1.json"].map(|path| desk.path(path));
    let lies = away.iter().find(|path| path.exists()).expect("put away");
    append(lies, rest.as_bytes());
    let said = desk.now("2025-06-02T10:20:00Z").run(&["process"]);
    assert_eq!(said.code, 1, "{}", said.stderr);
    for words in [
        "in/W1.json was written on after it had been read",
        "settle_seconds",
    ] {
        assert!(said.stderr.contains(words), "{}", said.stderr);
    }
    assert_eq!(states(&desk)[1..], ["accepted"]);
    assert!(lies.exists());
    // once
    let said = desk.now("2025-06-02T10:30:00Z").run(&["process"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(states(&desk).len(), 2);
    desk.run(&["verify"]).ok();
}

/// Under another name, as the first one was taken; and its rest comes after the run that moved it.
#[test]
fn it_is_found_under_another_name() {
    let desk = desk(TRUSTED);
    desk.file("in/W.json", order(1).to_string().as_bytes());
    desk.run(&["process"]).ok();
    let whole = order(2).to_string();
    let (first, rest) = whole.split_at(whole.len() / 2);
    desk.file("in/W.json", first.as_bytes());
    desk.now("2025-06-02T10:20:00Z").run(&["process"]);
    let away = ["in/.processed/W.2.json", "in/.failed/W.json"].map(|path| desk.path(path));
    let lies = away.iter().find(|path| path.exists()).expect("put away");
    append(lies, rest.as_bytes());
    desk.now("2025-06-02T10:30:00Z").run(&["process"]);
    assert_eq!(states(&desk)[2..], ["accepted"]);
}

/// The same of a server, which tells of no file which it is.
#[test]
fn what_was_written_on_at_a_server_is_read_again_and_told() {
    let world = World::new(&["ed25519"]);
    let desk = &world.desk;
    // one of the same name was there before, whole
    // of another size, as a server tells of a file only its size and the second in which it was written
    world.order("W.json", 100);
    desk.run(&["process"]).ok();
    let whole = order(2).to_string();
    let (first, rest) = whole.split_at(whole.len() / 2);
    world.put("W.json", first.as_bytes());
    desk.now("2025-06-02T10:20:00Z").run(&["process"]);
    assert_eq!(states(desk).len(), 2);
    let files = world.server.files();
    let away = [".processed/W.2.json", ".failed/W.json"].map(|path| files.join(path));
    let lies = away.iter().find(|path| path.exists()).expect("put away");
    let nothing = desk.now("2025-06-02T10:25:00Z").run(&["process"]);
    assert!(!nothing.stderr.contains("written on"), "{}", nothing.stderr);
    append(lies, rest.as_bytes());
    let said = desk.now("2025-06-02T10:30:00Z").run(&["process"]);
    assert_eq!(said.code, 1, "{}", said.stderr);
    for words in [
        "W.json was written on after it had been read",
        "W.json.part",
    ] {
        assert!(said.stderr.contains(words), "{}", said.stderr);
    }
    assert_eq!(states(desk)[2..], ["accepted"]);
    assert!(lies.exists() && world.left().is_empty());
    // once
    let said = desk.now("2025-06-02T10:40:00Z").run(&["process"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(states(desk).len(), 3);
    desk.run(&["verify"]).ok();
}
