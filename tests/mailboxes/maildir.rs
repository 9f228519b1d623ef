//! A Maildir's own ways.

use crate::mailboxes::ways::{OnDisk, Site, fetch};
use poms::intake::mailbox::maildir::Maildir;
use poms::intake::mailbox::{Fetched, FilingFolder, Mailbox, MailboxError};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

#[test]
fn what_has_no_outcome_stays_where_it_is() {
    use poms::domain::lifecycle::MessageState;
    use poms::intake::receive::{self, MessageSums};
    use poms::ledger::messages::MessageOutcome;
    use poms::ledger::{Ledger, LedgerError, Mode};
    let site = OnDisk::new();
    site.write("new/1.host");
    let now = "2025-06-02T10:05:00Z".parse().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&dir.path().join("poms.db"), Mode::Write, "test").unwrap();
    let mut mailbox = site.maildir();
    let batch = mailbox.list().unwrap();
    let mut sums = MessageSums::default();
    let taken = receive::ingest(&mut ledger, &mut mailbox, &batch, 4_000, now, &mut sums).unwrap();
    let filing = taken.filing.clone();
    receive::file(&ledger, &mut mailbox, filing).unwrap();
    assert_eq!(site.keys().len(), 1, "no run has decided on it");
    ledger
        .write(now, |tx| {
            tx.settle_message(
                taken.filing[0].1,
                MessageState::Ignored,
                &MessageOutcome::default(),
            )?;
            Ok::<_, LedgerError>(())
        })
        .unwrap();
    receive::file(&ledger, &mut mailbox, taken.filing).unwrap();
    assert_eq!(site.keys(), Vec::<String>::new());
}

impl OnDisk {
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn maildir(&self) -> Maildir {
        Maildir::open("orders", self.dir.path(), "Processed", "Quarantine").unwrap()
    }

    fn write(&self, name: &str) {
        fs::write(self.path(name), name).unwrap();
    }

    fn keys(&self) -> Vec<String> {
        let handles = self.maildir().list().unwrap();
        handles.into_iter().map(|handle| handle.key).collect()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn new_and_cur_by_name_and_nothing_else() {
    let site = OnDisk::new();
    for name in [
        "new/2.b",
        "cur/1.a:2,S",
        "new/10.c",
        "cur/3.d:2,RS",
        "cur/4.keep",
    ] {
        site.write(name);
    }
    for name in [
        "tmp/0.x",
        "cur/5.t:2,ST",
        "cur/6.d:2,D",
        "new/.hidden",
        "cur/dovecot-uidlist",
        "dovecot-uidlist",
        "subscriptions",
        "dovecot.index.log",
    ] {
        site.write(name);
    }
    fs::create_dir(site.path("new/7.dir")).unwrap();
    symlink("/etc/passwd", site.path("new/8.link")).unwrap();
    nix::unistd::mkfifo(&site.path("cur/9.fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert_eq!(site.keys(), ["1.a", "10.c", "2.b", "3.d", "4.keep"]);
}

#[test]
fn filing_keeps_flags_and_marks_as_seen_and_overwrites_nothing() {
    let site = OnDisk::new();
    for name in ["new/1.a", "cur/2.b:2,RF", "cur/3.c:2,S"] {
        site.write(name);
    }
    let mut mailbox = site.maildir();
    let handles = mailbox.list().unwrap();
    assert!(
        mailbox
            .file(&handles, FilingFolder::Processed)
            .iter()
            .all(Result::is_ok)
    );
    let expected = ["1.a:2,S", "2.b:2,FRS", "3.c:2,S"];
    assert_eq!(site.names(".Processed/cur"), expected);
    assert_eq!(
        site.names(".Processed"),
        ["cur", "maildirfolder", "new", "tmp"]
    );
    let mode = fs::metadata(site.path(".Processed"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
    // the same name again, with other content
    fs::write(site.path("new/1.a"), "another").unwrap();
    let handles = mailbox.list().unwrap();
    assert!(mailbox.file(&handles, FilingFolder::Processed)[0].is_ok());
    assert_eq!(
        fs::read(site.path(".Processed/cur/1.a:2,S")).unwrap(),
        b"new/1.a"
    );
    assert_eq!(
        fs::read(site.path(".Processed/cur/1.a-1:2,S")).unwrap(),
        b"another"
    );
}

#[test]
fn a_message_that_a_mail_client_moves_meanwhile_is_found_again() {
    let site = OnDisk::new();
    site.write("new/1.a");
    site.write("new/2.b");
    let mut mailbox = site.maildir();
    let handles = mailbox.list().unwrap();
    fs::rename(site.path("new/1.a"), site.path("cur/1.a:2,S")).unwrap();
    let fetched = fetch(&mut mailbox, &handles, 100).unwrap();
    assert_eq!(fetched[0], Ok(Fetched::Message(b"new/1.a".to_vec())));
    fs::rename(site.path("cur/1.a:2,S"), site.path("cur/1.a:2,FS")).unwrap();
    assert!(
        mailbox
            .file(&handles, FilingFolder::Processed)
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(site.names(".Processed/cur"), ["1.a:2,FS", "2.b:2,S"]);
    // a person has thrown it away meanwhile: it is theirs
    site.write("new/3.c");
    let handles = mailbox.list().unwrap();
    fs::rename(site.path("new/3.c"), site.path("cur/3.c:2,T")).unwrap();
    assert_eq!(
        fetch(&mut mailbox, &handles, 100).unwrap()[0],
        Ok(Fetched::Gone)
    );
}

#[test]
fn the_same_name_in_both_places_is_taken_twice_in_turn() {
    let site = OnDisk::new();
    site.write("new/1.a");
    site.write("cur/1.a:2,S");
    let mut mailbox = site.maildir();
    for round in 1..=2 {
        let handles = mailbox.list().unwrap();
        assert_eq!(handles.len(), 1);
        assert!(mailbox.file(&handles, FilingFolder::Processed)[0].is_ok());
        assert_eq!(site.names(".Processed/cur").len(), round);
    }
}

#[test]
fn symlinks_are_never_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let site = OnDisk::new();
    site.write("new/1.a");
    let mut mailbox = site.maildir();
    let handles = mailbox.list().unwrap();
    // swapped after the list
    fs::remove_file(site.path("new/1.a")).unwrap();
    symlink(outside.path().join("secret"), site.path("new/1.a")).unwrap();
    let results = mailbox.fetch(&handles, 100).unwrap();
    assert!(
        matches!(&results[0].1, Err(MailboxError::Io { .. })),
        "{results:?}"
    );
    // a FIFO in its place neither blocks nor is read
    fs::remove_file(site.path("new/1.a")).unwrap();
    nix::unistd::mkfifo(&site.path("new/1.a"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    mailbox.list().unwrap();
    assert_eq!(
        fetch(&mut mailbox, &handles, 100).unwrap()[0],
        Ok(Fetched::Gone)
    );
    // the folder for what is done leads elsewhere
    symlink(outside.path(), site.path(".Processed")).unwrap();
    site.write("new/2.b");
    let handles = mailbox.list().unwrap();
    assert!(mailbox.file(&handles, FilingFolder::Processed)[0].is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(site.keys(), ["2.b"]);
    // and so does new itself
    fs::rename(site.path("new"), site.path("old")).unwrap();
    symlink(outside.path(), site.path("new")).unwrap();
    let error = Maildir::open("orders", site.dir.path(), "P", "Q")
        .err()
        .unwrap();
    assert!(matches!(error, MailboxError::NotMaildir { .. }), "{error}");
}

#[test]
fn one_bad_message_does_not_stop_the_others() {
    let site = OnDisk::new();
    (1..=3).for_each(|n| site.write(&format!("new/{n}.a")));
    let mut mailbox = site.maildir();
    let handles = mailbox.list().unwrap();
    fs::remove_file(site.path("new/2.a")).unwrap();
    symlink("nowhere", site.path("new/2.a")).unwrap();
    let results = mailbox.fetch(&handles, 100).unwrap();
    let good: Vec<bool> = results.iter().map(|(_, result)| result.is_ok()).collect();
    assert_eq!(good, [true, false, true]);
    let text = results[1].1.as_ref().unwrap_err().to_string();
    assert!(text.contains("new/2.a"), "{text}");
}

#[test]
fn errors_say_where_and_what_to_do() {
    let site = tempfile::tempdir().unwrap();
    let open = |path: &Path, folder: &str| {
        let opened = Maildir::open("orders", path, folder, "Quarantine");
        opened.err().unwrap().to_string()
    };
    let missing = site.path().join("missing");
    let text = open(&missing, "Processed");
    assert!(
        text.contains("missing") && text.contains("maildirmake"),
        "{text}"
    );
    assert!(open(site.path(), "Processed").contains("has no new/"));
    fs::write(site.path().join("file"), "").unwrap();
    assert!(open(&site.path().join("file"), "Processed").contains("not a folder"));
    assert!(open(site.path(), "../up").contains("'../up'"));
    assert!(open(site.path(), "Quarantine").contains("folders of their own"));
}

#[test]
fn names_that_are_not_utf8_are_messages_too() {
    use std::os::unix::ffi::OsStrExt;
    let site = OnDisk::new();
    for (name, text) in [(&b"1.\xff"[..], "one"), (b"1.\xfe", "two")] {
        fs::write(
            site.path("new").join(std::ffi::OsStr::from_bytes(name)),
            text,
        )
        .unwrap();
    }
    let mut mailbox = site.maildir();
    let handles = mailbox.list().unwrap();
    assert_eq!(handles.len(), 2);
    assert_ne!(handles[0].key, handles[1].key);
    assert!(
        mailbox
            .file(&handles, FilingFolder::Quarantine)
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(site.count("Quarantine"), 2);
}
