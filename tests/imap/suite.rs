//! What every kind of mailbox does.

use crate::imap::site::{ByImap, OnDisk, Site, fetch, fetch_all, file, message};
use crate::support::dovecot::Wishes;
use poms::intake::mailbox::{Fetched, FilingFolder, HEAD};

const LIMIT: u64 = 200_000;

/// Dovecot as it is, without MOVE, without UIDPLUS too, and with another hierarchy.
fn servers() -> Vec<ByImap> {
    let wishes = [
        Wishes::default(),
        Wishes {
            capabilities: Some("IMAP4rev1 UIDPLUS NAMESPACE"),
            ..Wishes::default()
        },
        Wishes {
            capabilities: Some("IMAP4rev1 NAMESPACE"),
            prefixed: true,
            ..Wishes::default()
        },
        Wishes {
            prefixed: true,
            ..Wishes::default()
        },
    ];
    wishes.map(ByImap::new).into()
}

fn on_each(test: impl Fn(&dyn Site)) {
    test(&OnDisk::new());
    for server in servers() {
        test(&server);
    }
}

#[test]
fn nothing_is_there() {
    on_each(|site| {
        let mut mailbox = site.open();
        assert_eq!(mailbox.name(), "test");
        assert_eq!(mailbox.list().expect("a list"), []);
        assert_eq!(mailbox.fetch(&[], LIMIT).expect("nothing"), []);
        assert_eq!(mailbox.file(&[], FilingFolder::Processed), []);
    });
}

#[test]
fn mail_comes_whole_and_in_order_and_is_not_touched() {
    on_each(|site| {
        let sent: Vec<Vec<u8>> = (0..30).map(|n| message(n, 60 + 977 * n)).collect();
        for (n, content) in sent.iter().enumerate() {
            site.deliver(&format!("17000000{n:02}.M1.host"), content);
        }
        let mut mailbox = site.open();
        let (handles, fetched) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        assert!(
            handles
                .iter()
                .map(|handle| handle.size)
                .eq(sent.iter().map(|content| content.len() as u64))
        );
        assert!(
            fetched
                .into_iter()
                .eq(sent.into_iter().map(Fetched::Message))
        );
        let inbox = site.content("");
        assert_eq!(inbox.len(), 30);
        assert!(
            inbox.values().all(String::is_empty),
            "no flag is set: {:?}",
            inbox.values()
        );
        // any order, any part
        let some = [handles[7].clone(), handles[3].clone()];
        let fetched = fetch(mailbox.as_mut(), &some, LIMIT).expect("mail");
        assert_eq!(
            fetched,
            [
                Ok(Fetched::Message(message(7, 60 + 977 * 7))),
                Ok(Fetched::Message(message(3, 60 + 977 * 3)))
            ]
        );
    });
}

#[test]
fn filing_moves_what_is_named_and_nothing_else() {
    on_each(|site| {
        for n in 0..6 {
            site.deliver(&format!("1700000{n}.M1.host"), &message(n, 300));
        }
        let mut mailbox = site.open();
        let (handles, _) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        site.deliver("18000000.M1.host", &message(9, 300));
        file(mailbox.as_mut(), &handles[..3], FilingFolder::Processed);
        file(mailbox.as_mut(), &handles[4..5], FilingFolder::Quarantine);
        assert_eq!(site.count("Processed"), 3);
        assert!(site.content("Quarantine").contains_key(&message(4, 300)));
        assert_eq!(site.count(""), 3);
        // once more, as after a crash: they are there no more, and that is fine
        file(mailbox.as_mut(), &handles[..5], FilingFolder::Processed);
        assert_eq!((site.count("Processed"), site.count("Quarantine")), (4, 1));
        let mut mailbox = site.open();
        let (_, rest) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        assert_eq!(rest, [5, 9].map(|n| Fetched::Message(message(n, 300))));
    });
}

#[test]
fn what_is_too_large_comes_in_part_with_its_digest() {
    on_each(|site| {
        let sizes = [LIMIT as usize, LIMIT as usize + 1, 3_500_000];
        for (n, size) in sizes.into_iter().enumerate() {
            let mut content = message(n, size - 20);
            content.resize(size, b'x');
            site.deliver(&format!("170000{n}.M1.host"), &content);
        }
        let mut mailbox = site.open();
        let (handles, fetched) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        let inbox: Vec<Vec<u8>> = site.content("").into_keys().collect();
        for (result, size) in fetched.iter().zip(sizes) {
            let content = inbox
                .iter()
                .find(|content| content.len() == size)
                .expect("it");
            match result {
                Fetched::Message(bytes) => assert!(size == sizes[0] && bytes == content),
                Fetched::TooLarge {
                    size: told,
                    head,
                    sha256,
                } => {
                    assert_eq!(*told, size as u64);
                    assert_eq!(head, &content[..HEAD]);
                    assert_eq!(*sha256, openssl::sha::sha256(content));
                }
                Fetched::Gone => panic!("it is there"),
            }
        }
        assert!(
            matches!(fetched[1], Fetched::TooLarge { .. })
                && matches!(fetched[0], Fetched::Message(_))
        );
        file(mailbox.as_mut(), &handles[1..], FilingFolder::Quarantine);
        assert_eq!((site.count("Quarantine"), site.count("")), (2, 1));
    });
}

#[test]
fn what_another_program_took_away_is_gone() {
    on_each(|site| {
        for n in 0..3 {
            site.deliver(&format!("1700000{n}.M1.host"), &message(n, 300));
        }
        let mut mailbox = site.open();
        let handles = mailbox.list().expect("a list");
        let gone = handles[1].clone();
        file(
            site.open().as_mut(),
            std::slice::from_ref(&gone),
            FilingFolder::Processed,
        );
        let fetched = fetch(mailbox.as_mut(), &handles, LIMIT).expect("mail");
        assert_eq!(fetched[1], Ok(Fetched::Gone));
        assert!(
            matches!(fetched[0], Ok(Fetched::Message(_)))
                && matches!(fetched[2], Ok(Fetched::Message(_)))
        );
        file(mailbox.as_mut(), &[gone], FilingFolder::Processed);
        assert_eq!((site.count("Processed"), site.count("")), (1, 2));
    });
}
