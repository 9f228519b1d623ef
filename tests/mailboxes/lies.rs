//! A server that refuses, lies or hangs: each is named, none is believed, none takes memory.

use crate::mailboxes::ways::{client, config, fetch, message};
use crate::support::imap_fake::{Fake, State};
use poms::config::ImapConfig;
use poms::intake::mailbox::imap::ImapFault;
use poms::intake::mailbox::{Fetched, FilingFolder, Mailbox, MailboxError};
use proptest::prelude::*;
use std::time::Duration;

const LIMIT: u64 = 100_000;

pub fn fault<T>(result: Result<T, MailboxError>) -> ImapFault {
    match result.err().expect("a fault") {
        MailboxError::Imap { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

/// A server with four messages of 300 bytes that has been prepared.
pub fn fake(prepare: impl FnOnce(&mut State)) -> Fake {
    let messages: Vec<Vec<u8>> = (0..4).map(|n| message(n, 300)).collect();
    let fake = Fake::start(&messages);
    prepare(&mut fake.state());
    fake
}

pub fn lie(command: &'static str, answer: &str) -> (&'static str, Vec<u8>) {
    (command, answer.as_bytes().to_vec())
}

pub fn impatient(port: u16) -> ImapConfig {
    ImapConfig {
        timeout: Duration::from_secs(1),
        ..config(port)
    }
}

#[test]
fn greetings_that_are_none() {
    for (greeting, part) in [
        ("* BYE too busy\r\n", "it ends the session: too busy"),
        ("HTTP/1.1 400 Bad Request\r\n", "is there an IMAP server"),
        ("* OK pi\u{f1}ata\r\n", ""),
        ("", "no answer to the connection (its greeting)"),
    ] {
        let fake = fake(|state| state.greeting = greeting);
        let result = client(&impatient(fake.port)).list();
        match part {
            "" => assert_eq!(result.expect("a list").len(), 4),
            part => {
                let said = fault(result).to_string();
                assert!(said.contains(part), "{said}");
            }
        }
    }
}

#[test]
fn a_literal_of_four_gigabytes_is_not_believed() {
    let fake = fake(|state| {
        state.lies = vec![lie(
            "(UID BODY.PEEK[])",
            "* 1 FETCH (UID 10 BODY[] {4294967295}\r\nFrom: x\r\n",
        )];
    });
    let mut mailbox = client(&impatient(fake.port));
    let handles = mailbox.list().expect("a list");
    let said = fault(mailbox.fetch(&handles, LIMIT));
    assert!(
        matches!(
            said,
            ImapFault::TimedOut {
                command: "FETCH",
                ..
            }
        ),
        "{said}"
    );
}

#[test]
fn more_than_was_announced_is_fetched_in_parts() {
    let flood = format!(
        "* 1 FETCH (UID 10 BODY[] {{4000000000}}\r\n{}",
        "x".repeat(8 << 20)
    );
    let fake = fake(|state| state.lies = vec![lie("(UID BODY.PEEK[])", &flood)]);
    let mut mailbox = client(&config(fake.port));
    let handles = mailbox.list().expect("a list");
    let fetched = fetch(&mut mailbox, &handles, LIMIT).expect("mail");
    assert!(
        fetched
            .into_iter()
            .eq((0..4).map(|n| Ok(Fetched::Message(message(n, 300)))))
    );
}

#[test]
fn sizes_that_are_lies_do_not_matter() {
    let big = message(9, 200_000);
    let small = message(8, 300);
    let fake = Fake::start(&[big.clone(), small.clone()]);
    fake.state().lies = vec![lie(
        "RFC822.SIZE",
        "* 1 FETCH (UID 10 RFC822.SIZE 5)\r\n* 2 FETCH (UID 11 RFC822.SIZE 4294967295)\r\n{tag} OK done\r\n",
    )];
    let mut mailbox = client(&config(fake.port));
    let handles = mailbox.list().expect("a list");
    let fetched = fetch(&mut mailbox, &handles, LIMIT).expect("mail");
    let sha256 = openssl::sha::sha256(&big);
    let head = big[..65_536].to_vec();
    assert_eq!(
        fetched[0],
        Ok(Fetched::TooLarge {
            size: big.len() as u64,
            head,
            sha256
        })
    );
    assert_eq!(fetched[1], Ok(Fetched::Message(small)));
}

#[test]
fn one_message_that_cannot_be_had_does_not_keep_the_others_back() {
    let no = "{tag} NO [SERVERBUG] internal error\r\n";
    let nul = "* 2 FETCH (UID 11 BODY[] {3}\r\na\0b)\r\n{tag} OK done\r\n";
    for (last, part) in [
        (no, "it refuses FETCH: internal error"),
        (nul, "the message with UID 11 cannot be had"),
    ] {
        let fake = fake(|state| {
            state.lies = vec![
                lie("10:13 (UID BODY", no),
                lie("10:11 (UID BODY", no),
                lie("UID FETCH 11 (UID BODY", last),
            ];
        });
        let mut mailbox = client(&config(fake.port));
        let handles = mailbox.list().expect("a list");
        let fetched = fetch(&mut mailbox, &handles, LIMIT).expect("mail");
        for (n, result) in fetched.into_iter().enumerate() {
            match n {
                1 => assert!(fault(result).to_string().contains(part)),
                n => assert_eq!(result, Ok(Fetched::Message(message(n, 300)))),
            }
        }
    }
}

#[test]
fn filing_copes_with_what_changes_on_the_server() {
    let fake = fake(|_| {});
    let mut mailbox = client(&config(fake.port));
    let handles = mailbox.list().expect("a list");
    assert_eq!(
        mailbox.file(&handles[..1], FilingFolder::Processed),
        [Ok(())]
    );
    // somebody removes the folder
    fake.state().folders.clear();
    fake.state().lies = vec![];
    let tells = (
        "UID MOVE 11 Processed",
        b"{tag} NO [TRYCREATE] no such folder\r\n".to_vec(),
    );
    fake.state().lies.push(tells);
    let said = fault(
        mailbox
            .file(&handles[1..2], FilingFolder::Processed)
            .remove(0),
    );
    assert!(said.to_string().contains("no such folder"), "{said}");
    assert_eq!(
        fake.state().folders,
        ["Processed"],
        "it was made anew, once"
    );
    fake.state().lies = vec![lie(
        "UID MOVE",
        "{tag} NO [OVERQUOTA] Kein Platz f\u{fc}r Sie\r\n",
    )];
    let said = fault(
        mailbox
            .file(&handles[1..2], FilingFolder::Processed)
            .remove(0),
    );
    assert!(
        matches!(&said, ImapFault::OverQuota { text, .. } if text == "Kein Platz f\u{fc}r Sie"),
        "{said}"
    );
    fake.state().lies = vec![
        lie("NAMESPACE", ""),
        lie("UID MOVE", "* OK [UIDVALIDITY 8] new\r\n{tag} OK done\r\n"),
    ];
    let said = fault(
        mailbox
            .file(&handles[1..2], FilingFolder::Processed)
            .remove(0),
    );
    assert_eq!(said, ImapFault::Rebuilt("INBOX".to_owned()));
}

#[test]
fn a_folder_out_of_which_nothing_can_be_moved_is_named_before_anything_is_copied() {
    let only = |rest: &str| format!("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{rest}");
    let read_only = only("{tag} OK [READ-ONLY] opened\r\n");
    let undeletable = only("* OK [PERMANENTFLAGS (\\Seen)] x\r\n{tag} OK opened\r\n");
    for (opened, words) in [(read_only, "reading only"), (undeletable, "delete nothing")] {
        let fake = fake(|state| {
            state.capabilities = "IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS";
            state.lies = vec![lie("SELECT", &opened)];
        });
        let mut mailbox = client(&config(fake.port));
        let handles = mailbox.list().expect("a list");
        let fetched = mailbox.fetch(&handles, 1 << 20).expect("mail").len();
        assert_eq!(fetched, handles.len(), "it is read all the same");
        let filed = fault(mailbox.file(&handles, FilingFolder::Processed).remove(0));
        let checked = fault(client(&config(fake.port)).check());
        for said in [filed, checked] {
            assert!(said.to_string().contains(words), "{said}");
        }
        let commands = fake.state().commands.join("\n");
        for touched in ["COPY", "MOVE", "STORE", "CREATE"] {
            assert!(!commands.contains(touched), "{commands}");
        }
    }
}

#[test]
fn an_empty_folder_need_not_answer_a_search() {
    let fake = fake(|state| {
        state.inbox.clear();
        state.lies = vec![lie("SEARCH", "{tag} OK nothing\r\n")];
    });
    let mut mailbox = client(&config(fake.port));
    assert!(mailbox.list().expect("a list").is_empty());
    assert_eq!(mailbox.check().expect("a folder").waiting, 0);
    let folders = fake.state().folders.clone();
    assert_eq!(folders, ["Processed", "Quarantine"], "check made them");
}

#[test]
fn a_connection_made_anew_finds_the_same_folder_or_does_nothing() {
    for (validity, moved) in [(7, 1), (8, 0)] {
        let fake = fake(|_| {});
        let mut mailbox = client(&config(fake.port));
        let handles = mailbox.list().expect("a list");
        fake.state().cut = Some(0);
        fake.state().validity = validity;
        // long enough that the server is asked first
        std::thread::sleep(Duration::from_millis(1100));
        let filed = mailbox
            .file(&handles[..1], FilingFolder::Processed)
            .remove(0);
        match moved {
            1 => assert_eq!(filed, Ok(())),
            _ => assert!(matches!(fault(filed), ImapFault::Rebuilt(_))),
        }
        assert_eq!(fake.state().filed.len(), moved);
    }
}

#[test]
fn keys_of_another_mailbox_are_refused() {
    let fake = fake(|_| {});
    let mut mailbox = client(&config(fake.port));
    let mut handles = mailbox.list().expect("a list");
    handles[0].key = "1700000000.M1.host".to_owned();
    assert!(matches!(
        fault(mailbox.fetch(&handles, LIMIT)),
        ImapFault::Key(_)
    ));
    assert!(matches!(
        fault(mailbox.file(&handles, FilingFolder::Processed).remove(0)),
        ImapFault::Key(_)
    ));
    handles[0].key = "8:10".to_owned();
    assert!(matches!(
        fault(mailbox.fetch(&handles, LIMIT)),
        ImapFault::Rebuilt(_)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Noise in place of any answer, pure or with a frame: a fault or a result, never a panic, and
    /// what is given as a message is what the server said is one.
    #[test]
    fn noise_is_survived(
        noise in prop::collection::vec(any::<u8>(), 0..80),
        text in "[ -~]{0,40}",
        place in 0usize..6,
        framed: bool,
    ) {
        let commands = ["CAPABILITY", "SELECT", "SEARCH", "SIZE", "BODY", "MOVE"];
        let answer = match framed {
            true => format!("* {text}\r\n* 1 FETCH (UID 10 {text})\r\n{{tag}} OK done\r\n").into_bytes(),
            false => noise,
        };
        let fake = fake(|state| {
            state.lies = vec![(commands[place], answer)];
            state.hang_up = !framed;
        });
        let mut mailbox = client(&config(fake.port));
        if let Ok(handles) = mailbox.list() {
            if let Ok(results) = mailbox.fetch(&handles, LIMIT) {
                prop_assert_eq!(results.len(), handles.len());
                for (index, result) in results {
                    if let Ok(Fetched::Message(bytes)) = result && place < 4 {
                        prop_assert_eq!(bytes, message(index, 300));
                    }
                }
            }
            prop_assert_eq!(mailbox.file(&handles, FilingFolder::Processed).len(), handles.len());
        }
    }
}
