//! What is particular to IMAP, against a real Dovecot.

use crate::mailboxes::ways::{ByImap, Disk, Site, client, config, fetch, fetch_all, file, message};
use crate::support::authority::Authority;
use crate::support::dovecot::{PASSWORD, Wishes};
use poms::config::{ImapConfig, SecretSource};
use poms::delivery::smtp::Security;
use poms::intake::mailbox::imap::ImapFault;
use poms::intake::mailbox::{Fetched, FilingFolder, Mailbox, MailboxError};
use std::time::{Duration, Instant};

const LIMIT: u64 = 25 << 20;

fn fault(result: Result<impl Sized, MailboxError>) -> ImapFault {
    match result.err().expect("a fault") {
        MailboxError::Imap { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

fn starttls(site: &ByImap) -> ImapConfig {
    let mut config = site.config.clone();
    config.port = site.dovecot.port;
    config.security = Security::StartTls;
    config
}

#[test]
fn starttls_and_implicit_tls_are_verified() {
    let site = ByImap::new(Wishes::default());
    site.deliver("1.M1.host", &message(1, 300));
    for right in [site.config.clone(), starttls(&site)] {
        assert_eq!(client(&right).list().expect("a list").len(), 1);
    }
    let log = site.dovecot.log();
    assert_eq!(log.matches("Login: user=<shop>").count(), 2, "{log}");
    assert_eq!(log.matches(", TLS,").count(), 2, "{log}");
    let dir = tempfile::tempdir().expect("a folder");
    let stranger = dir.path().join("ca.pem");
    std::fs::write(&stranger, Authority::new("localhost").root).expect("a file");
    for right in [site.config.clone(), starttls(&site)] {
        let mut other_authority = right.clone();
        other_authority.ca_file = Some(stranger.clone());
        let mut no_authority = right.clone();
        no_authority.ca_file = None;
        let mut other_name = right.clone();
        other_name.host = "127.0.0.1".to_owned();
        for (wrong, advice) in [
            (other_authority, "name that in ca_file"),
            (no_authority, "name that in ca_file"),
            (other_name, "host must be"),
        ] {
            let fault = fault(client(&wrong).list());
            assert!(matches!(fault, ImapFault::Tls(_)), "{fault}");
            assert!(fault.to_string().contains(advice), "{fault}");
        }
    }
    let log = site.dovecot.log();
    assert_eq!(
        log.matches("Login: user=<shop>").count(),
        2,
        "nobody logs in without trust: {log}"
    );
}

#[test]
fn the_wrong_way_in_is_named() {
    let site = ByImap::new(Wishes::default());
    let tls_to_plain = ImapConfig {
        port: site.dovecot.port,
        ..site.config.clone()
    };
    assert!(matches!(
        fault(client(&tls_to_plain).list()),
        ImapFault::Tls(_)
    ));
    let plain_to_tls = ImapConfig {
        security: Security::StartTls,
        timeout: Duration::from_secs(1),
        ..site.config.clone()
    };
    assert!(matches!(
        fault(client(&plain_to_tls).list()),
        ImapFault::TimedOut { .. } | ImapFault::Lost { .. }
    ));
    let nobody = ImapConfig {
        port: 9,
        ..site.config.clone()
    };
    let fault_of_nobody = fault(client(&nobody).list());
    assert!(
        matches!(fault_of_nobody, ImapFault::Connect(_)),
        "{fault_of_nobody}"
    );
    let missing = ImapConfig {
        ca_file: Some("/nonexistent/ca.pem".into()),
        ..site.config.clone()
    };
    let opened = poms::intake::mailbox::imap::Imap::new("test", &missing, "a", "b");
    assert!(fault(opened).to_string().contains("/nonexistent/ca.pem"));
}

#[test]
fn logins_that_fail_say_why_without_the_password() {
    let site = ByImap::new(Wishes::default());
    let with = |user: &str, password: &str| {
        let mut config = site.config.clone();
        config.user = user.to_owned();
        config.password = SecretSource::Inline(password.to_owned().into());
        fault(client(&config).list()).to_string()
    };
    let wrong = with("shop", "canary-wrong");
    assert!(
        wrong.contains("'shop'") && wrong.contains("check user and password"),
        "{wrong}"
    );
    let away = with("away", PASSWORD);
    assert!(
        away.contains("'away'") && away.contains("moved_to_another_server"),
        "{away}"
    );
    assert!(!format!("{wrong}{away}").contains("canary"));
    assert!(with("shop", "a\0b").contains("control character"));
    let folder = ImapConfig {
        folder: "Auftr\u{e4}ge".to_owned(),
        ..site.config.clone()
    };
    let folder = fault(client(&folder).list()).to_string();
    assert!(
        folder.contains("'Auftr\u{e4}ge' cannot be opened") && folder.contains("correct folder"),
        "{folder}"
    );
}

#[test]
fn a_folder_that_was_rebuilt_is_read_anew() {
    let mut site = ByImap::new(Wishes::default());
    for n in 0..4 {
        site.deliver(&format!("{n}.M1.host"), &message(n, 300));
    }
    let mut mailbox = site.imap();
    let (before, _) = fetch_all(&mut mailbox, LIMIT).expect("mail");
    site.dovecot.kill();
    for name in [
        "dovecot-uidlist",
        "dovecot-uidvalidity",
        "dovecot.index",
        "dovecot.index.log",
        "dovecot.index.cache",
    ] {
        let _ = std::fs::remove_file(site.root().join(name));
    }
    for entry in std::fs::read_dir(site.root()).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("dovecot-uidvalidity.") {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    // UIDVALIDITY is the second of its making
    std::thread::sleep(Duration::from_millis(1100));
    site.dovecot.restart();
    let filed = mailbox.file(&before[..2], FilingFolder::Processed);
    assert!(
        filed
            .iter()
            .all(|result| fault(result.clone()) == ImapFault::Rebuilt("INBOX".to_owned())),
        "{filed:?}"
    );
    assert_eq!(
        fault(mailbox.fetch(&before, LIMIT)),
        ImapFault::Rebuilt("INBOX".to_owned())
    );
    assert_eq!((site.count(""), site.count("Processed")), (4, 0));
    let mut mailbox = site.imap();
    let (after, fetched) = fetch_all(&mut mailbox, LIMIT).expect("mail");
    assert!(
        after
            .iter()
            .all(|handle| before.iter().all(|old| old.key != handle.key))
    );
    assert!(
        fetched
            .into_iter()
            .eq((0..4).map(|n| Fetched::Message(message(n, 300))))
    );
    file(&mut mailbox, &after, FilingFolder::Processed);
    assert_eq!((site.count(""), site.count("Processed")), (0, 4));
}

#[test]
fn a_server_killed_in_the_middle_of_a_fetch_loses_nothing() {
    let mut site = ByImap::new(Wishes::default());
    for n in 0..60 {
        site.deliver(&format!("{n:02}.M1.host"), &message(n, 300_000));
    }
    let mut broken = 0;
    for delay in [0, 2, 5, 10, 20] {
        let mut mailbox = site.imap();
        let handles = mailbox.list().expect("a list");
        assert_eq!(handles.len(), 60);
        let dovecot = &mut site.dovecot;
        let fetched = std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(delay));
                dovecot.kill();
            });
            mailbox.fetch(&handles, LIMIT)
        });
        if let Err(error) = fetched {
            broken += 1;
            // or it is asked first whether it is still there, when the machine is slow
            let said = error.to_string();
            let words = ["the connection broke during", "no connection"];
            assert!(words.iter().any(|words| said.contains(words)), "{said}");
            let start = Instant::now();
            assert!(
                mailbox.fetch(&handles[..1], LIMIT).is_err()
                    && mailbox.fetch(&handles[..1], LIMIT).is_err()
            );
            assert!(start.elapsed() < Duration::from_secs(15), "no waiting");
        }
        let inbox = site.content("");
        assert!(inbox.len() == 60 && inbox.values().all(|flags| flags.is_empty()));
        site.dovecot.restart();
    }
    assert!(broken > 0, "no fetch was cut");
    let (_, fetched) = fetch_all(&mut site.imap(), LIMIT).expect("mail");
    assert!(
        fetched
            .into_iter()
            .eq((0..60).map(|n| Fetched::Message(message(n, 300_000))))
    );
}

#[test]
fn a_connection_that_broke_between_two_batches_is_made_anew_once() {
    let mut site = ByImap::new(Wishes::default());
    for n in 0..2 {
        site.deliver(&format!("{n}.M1.host"), &message(n, 300));
    }
    let mut mailbox = site.imap();
    let handles = mailbox.list().expect("a list");
    site.dovecot.kill();
    site.dovecot.restart();
    // after a silence the server is asked first: the batch does not notice
    std::thread::sleep(Duration::from_millis(1100));
    let fetched = fetch(&mut mailbox, &handles, LIMIT).expect("mail");
    assert!(
        fetched
            .iter()
            .all(|result| matches!(result, Ok(Fetched::Message(_))))
    );
    file(&mut mailbox, &handles, FilingFolder::Processed);
    assert_eq!(site.count("Processed"), 2);
}

#[test]
fn expunge_never_takes_what_a_person_has_marked() {
    let wishes = Wishes {
        capabilities: Some("IMAP4rev1 NAMESPACE"),
        ..Wishes::default()
    };
    let site = ByImap::new(wishes);
    site.deliver("1.M1.host", &message(1, 300));
    site.deliver("2.M1.host", &message(2, 300));
    let trashed = site.root().join("cur/2.M1.host:2,T");
    std::fs::rename(site.root().join("new/2.M1.host"), &trashed).expect("a flag");
    let mut mailbox = site.imap();
    let (handles, fetched) = fetch_all(&mut mailbox, LIMIT).expect("mail");
    assert_eq!(
        fetched,
        [Fetched::Message(message(1, 300))],
        "the marked one is not listed"
    );
    file(&mut mailbox, &handles, FilingFolder::Processed);
    let inbox = site.content("");
    assert!(
        inbox.len() == 2 && inbox.values().all(|flags| flags == "T"),
        "{:?}",
        inbox.values()
    );
    assert_eq!(site.content("Processed").values().collect::<Vec<_>>(), [""]);
    assert_eq!(site.imap().list().expect("a list"), []);
}

#[test]
fn a_full_mailbox_is_named_and_keeps_its_mail() {
    let wishes = Wishes {
        capabilities: Some("IMAP4rev1 UIDPLUS NAMESPACE"),
        more: "mail_plugins = quota\nprotocol imap {\n  mail_plugins = quota imap_quota\n}\nplugin {\n  quota = maildir:User quota\n  quota_rule = *:messages=2\n}\n",
        ..Wishes::default()
    };
    let site = ByImap::new(wishes);
    for n in 0..2 {
        site.deliver(&format!("{n}.M1.host"), &message(n, 300));
    }
    let mut mailbox = site.imap();
    let handles = mailbox.list().expect("a list");
    let filed = mailbox.file(&handles, FilingFolder::Processed);
    for result in filed {
        let fault = fault(result);
        assert!(matches!(fault, ImapFault::OverQuota { .. }), "{fault:?}");
    }
    assert_eq!((site.count(""), site.count("Processed")), (2, 0));
    let fetched = fetch(&mut mailbox, &handles, LIMIT).expect("the session goes on");
    assert_eq!(fetched.len(), 2);
}

/// Figures: `cargo test --release --test mailboxes speed -- --nocapture`.
#[test]
fn speed_of_fetching() {
    let site = ByImap::new(Wishes::default());
    let count = 2000;
    for n in 0..count {
        site.deliver(&format!("{n:05}.M1.host"), &message(n, 4000));
    }
    let mut mailbox = site.imap();
    mailbox.list().expect("a list");
    let start = Instant::now();
    let handles = mailbox.list().expect("a list");
    let listed = start.elapsed();
    let mut got = 0;
    let start = Instant::now();
    for batch in handles.chunks(100) {
        got += mailbox.fetch(batch, LIMIT).expect("mail").len();
    }
    let fetched = start.elapsed();
    let start = Instant::now();
    for batch in handles.chunks(100) {
        file(&mut mailbox, batch, FilingFolder::Processed);
    }
    let filed = start.elapsed();
    let rate = |time: Duration| (count as f64 / time.as_secs_f64()).round();
    println!(
        "{count} messages of 4 kB over TLS, in batches of 100: listed in {listed:?}, fetched {}/s, moved {}/s",
        rate(fetched),
        rate(filed)
    );
    assert_eq!((got, site.count("Processed")), (count, count));
}

#[test]
fn plain_text_stays_on_this_machine() {
    let site = ByImap::new(Wishes::default());
    // loopback counts as secure for Dovecot
    assert_eq!(
        client(&config(site.dovecot.port)).list().expect("a list"),
        []
    );
    let mut outside = config(143);
    outside.host = "192.0.2.1".to_owned();
    let fault = fault(client(&outside).list());
    assert!(matches!(fault, ImapFault::Outside(_)), "{fault}");
}
