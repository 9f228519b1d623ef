//! A server that refuses, lies or hangs: each is named, none is believed, none takes memory.

use crate::imap::site::{client, config, fetch, message};
use crate::support::imap_fake::{Fake, State};
use poms::config::{ImapConfig, SecretSource};
use poms::delivery::smtp::Security;
use poms::intake::mailbox::imap::ImapFault;
use poms::intake::mailbox::{Fetched, Folder, Mailbox, MailboxError};
use proptest::prelude::*;
use std::time::Duration;

const LIMIT: u64 = 100_000;
const TOKEN: &str = "canary-token";

fn fault<T>(result: Result<T, MailboxError>) -> ImapFault {
    match result.err().expect("a fault") {
        MailboxError::Imap { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

/// A server with four messages of 300 bytes that has been prepared.
fn fake(prepare: impl FnOnce(&mut State)) -> Fake {
    let messages: Vec<Vec<u8>> = (0..4).map(|n| message(n, 300)).collect();
    let fake = Fake::start(&messages);
    prepare(&mut fake.state());
    fake
}

fn lie(command: &'static str, answer: &str) -> (&'static str, Vec<u8>) {
    (command, answer.as_bytes().to_vec())
}

fn impatient(port: u16) -> ImapConfig {
    ImapConfig {
        timeout: Duration::from_millis(300),
        ..config(port)
    }
}

fn list(config: &ImapConfig) -> ImapFault {
    fault(client(config).list())
}

/// Nothing that the server was told is a secret.
fn nothing_told(fake: &Fake) {
    let told = fake.state().commands.join("\n");
    assert!(
        !told.contains("AUTHENTICATE") && !told.contains("LOGIN"),
        "{told}"
    );
}

#[test]
fn starttls_is_never_optional() {
    let starttls = |port| ImapConfig {
        security: Security::StartTls,
        ..impatient(port)
    };
    let refuses = fake(|_| {});
    let said = list(&starttls(refuses.port));
    assert!(matches!(said, ImapFault::NoStartTls(_)), "{said}");
    nothing_told(&refuses);
    let injects =
        fake(|state| state.lies = vec![lie("STARTTLS", "{tag} OK go\r\n* PREAUTH hello\r\n")]);
    assert_eq!(list(&starttls(injects.port)), ImapFault::Injected);
    nothing_told(&injects);
    let pretends = fake(|state| state.greeting = "* PREAUTH come in\r\n");
    assert_eq!(list(&starttls(pretends.port)), ImapFault::PreAuth);
    nothing_told(&pretends);
}

#[test]
fn a_login_that_the_server_does_not_want_is_not_tried() {
    let disabled = fake(|state| state.capabilities = "IMAP4rev1 LOGINDISABLED STARTTLS");
    let said = list(&config(disabled.port));
    assert!(
        matches!(&said, ImapFault::NoLogin { offers, .. } if offers == "LOGINDISABLED"),
        "{said}"
    );
    nothing_told(&disabled);
    let plain = fake(|state| state.capabilities = "IMAP4rev1");
    assert_eq!(client(&config(plain.port)).list().expect("a list").len(), 4);
    assert!(
        plain
            .state()
            .commands
            .iter()
            .any(|line| line == "LOGIN shop \"canary-pass word\"")
    );
    let token = ImapConfig {
        oauth2: true,
        ..config(plain.port)
    };
    assert!(matches!(
        list(&token),
        ImapFault::NoLogin {
            wanted: "token",
            ..
        }
    ));
}

#[test]
fn a_challenge_is_waited_for_where_there_is_no_initial_response() {
    let fake = fake(|state| {
        state.capabilities = "IMAP4rev1 AUTH=PLAIN";
        state.lies = vec![lie("AUTHENTICATE PLAIN", "+ \r\n")];
        state.verdict = "OK in";
    });
    assert_eq!(client(&config(fake.port)).list().expect("a list").len(), 4);
    let told = openssl::base64::encode_block(b"\0shop\0canary-pass word");
    assert!(fake.state().commands.contains(&told));
}

fn token(port: u16) -> ImapConfig {
    let words = ["printf", "%s\n", TOKEN].map(str::to_owned);
    let password = SecretSource::Command(words.to_vec());
    ImapConfig {
        oauth2: true,
        user: "a,b=c@x.example".to_owned(),
        password,
        ..config(port)
    }
}

#[test]
fn tokens_go_by_oauthbearer_or_xoauth2() {
    for (capabilities, mechanism, response) in [
        (
            "IMAP4rev1 SASL-IR AUTH=XOAUTH2 AUTH=OAUTHBEARER",
            "OAUTHBEARER",
            "n,a=a=2Cb=3Dc@x.example,\x01host=localhost\x01port=PORT\x01auth=Bearer canary-token\x01\x01",
        ),
        (
            "IMAP4rev1 SASL-IR AUTH=XOAUTH2",
            "XOAUTH2",
            "user=a,b=c@x.example\x01auth=Bearer canary-token\x01\x01",
        ),
    ] {
        let fake = fake(|state| state.capabilities = capabilities);
        assert_eq!(client(&token(fake.port)).list().expect("a list").len(), 4);
        let response = response.replace("PORT", &fake.port.to_string());
        let encoded = openssl::base64::encode_block(response.as_bytes());
        let wanted = format!("AUTHENTICATE {mechanism} {encoded}");
        assert!(fake.state().commands.contains(&wanted), "{wanted}");
    }
}

#[test]
fn a_refused_token_is_explained_in_words() {
    let json = r#"{"status":"invalid_token","scope":"https://mail.example/"}"#;
    let challenge = format!("+ {}\r\n", openssl::base64::encode_block(json.as_bytes()));
    for (mechanism, end) in [("AUTH=OAUTHBEARER", "AQ=="), ("AUTH=XOAUTH2", "")] {
        let capabilities: &'static str = match mechanism {
            "AUTH=XOAUTH2" => "IMAP4rev1 SASL-IR AUTH=XOAUTH2",
            _ => "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER",
        };
        let fake = fake(|state| {
            state.capabilities = capabilities;
            state.lies = vec![("AUTHENTICATE", challenge.clone().into_bytes())];
            state.verdict = "NO [AUTHENTICATIONFAILED] no";
        });
        let said = list(&token(fake.port)).to_string();
        assert!(
            said.contains("status invalid_token, the scope wanted is https://mail.example/"),
            "{said}"
        );
        assert!(
            said.contains("not expired") && !said.contains("canary"),
            "{said}"
        );
        assert_eq!(fake.state().commands.last().map(String::as_str), Some(end));
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
    assert_eq!(mailbox.file(&handles[..1], Folder::Processed), [Ok(())]);
    // somebody removes the folder
    fake.state().folders.clear();
    fake.state().lies = vec![];
    let tells = (
        "UID MOVE 11 Processed",
        b"{tag} NO [TRYCREATE] no such folder\r\n".to_vec(),
    );
    fake.state().lies.push(tells);
    let said = fault(mailbox.file(&handles[1..2], Folder::Processed).remove(0));
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
    let said = fault(mailbox.file(&handles[1..2], Folder::Processed).remove(0));
    assert!(
        matches!(&said, ImapFault::OverQuota { text, .. } if text == "Kein Platz f\u{fc}r Sie"),
        "{said}"
    );
    fake.state().lies = vec![
        lie("NAMESPACE", ""),
        lie("UID MOVE", "* OK [UIDVALIDITY 8] new\r\n{tag} OK done\r\n"),
    ];
    let said = fault(mailbox.file(&handles[1..2], Folder::Processed).remove(0));
    assert_eq!(said, ImapFault::Rebuilt("INBOX".to_owned()));
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
        fault(mailbox.file(&handles, Folder::Processed).remove(0)),
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
            prop_assert_eq!(mailbox.file(&handles, Folder::Processed).len(), handles.len());
        }
    }
}
