//! What every kind of mailbox does, by each way to one. A new kind gets a way in `ways.rs`.

use crate::mailboxes::ways::{Site, each, fetch, fetch_all, file, message};
use poms::intake::mailbox::{Fetched, FilingFolder, HEAD, Handle};

const LIMIT: u64 = 200_000;

/// Delivers so many messages, in their order.
fn some(site: &dyn Site, count: usize) {
    for n in 0..count {
        site.deliver(&format!("1700000{n}.M1.host"), &message(n, 300));
    }
}

#[test]
fn nothing_is_there() {
    each(|site| {
        let mut mailbox = site.open();
        assert_eq!(mailbox.name(), "test");
        assert_eq!(mailbox.list().expect("a list"), []);
        assert_eq!(mailbox.fetch(&[], LIMIT).expect("nothing"), []);
        assert_eq!(mailbox.file(&[], FilingFolder::Processed), []);
    });
}

#[test]
fn mail_comes_whole_and_in_order_and_is_not_touched() {
    each(|site| {
        let sent: Vec<Vec<u8>> = (0..30).map(|n| message(n, 60 + 977 * n)).collect();
        for (n, content) in sent.iter().enumerate() {
            let name = format!("17000000{n:02}.M1.host");
            match n % 3 {
                2 => site.deliver_seen(&name, content),
                _ => site.deliver(&name, content),
            }
        }
        let before = site.content("");
        let mut mailbox = site.open();
        let (handles, _) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        let sizes = sent.iter().map(|content| content.len() as u64);
        assert!(handles.iter().map(|handle| handle.size).eq(sizes));
        // it can be read again, and is the same
        for _ in 0..2 {
            let fetched = fetch(mailbox.as_mut(), &handles, LIMIT).expect("mail");
            let whole = sent.iter().cloned().map(|one| Ok(Fetched::Message(one)));
            assert!(fetched.into_iter().eq(whole));
            let listed = mailbox.list().expect("a list");
            assert_eq!(listed, handles, "reading has changed the mailbox");
        }
        let anew = site.open().list().expect("a list");
        assert_eq!(anew, handles, "keys are not stable");
        assert_eq!(before.len(), 30);
        assert_eq!(site.content(""), before, "content or flags were touched");
        // any order, any part
        let part = [handles[7].clone(), handles[3].clone()];
        let fetched = fetch(mailbox.as_mut(), &part, LIMIT).expect("mail");
        let whole = [7, 3].map(|n| Ok(Fetched::Message(message(n, 60 + 977 * n))));
        assert_eq!(fetched, whole);
    });
}

#[test]
fn filing_moves_what_is_named_and_nothing_else() {
    each(|site| {
        some(site, 6);
        let mut mailbox = site.open();
        let (handles, _) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        site.deliver("18000000.M1.host", &message(9, 300));
        file(mailbox.as_mut(), &handles[..3], FilingFolder::Processed);
        file(mailbox.as_mut(), &handles[4..5], FilingFolder::Quarantine);
        let is = |folder: &str, numbers: &[usize]| {
            let there: Vec<Vec<u8>> = site.content(folder).into_keys().collect();
            let mut due: Vec<Vec<u8>> = numbers.iter().map(|n| message(*n, 300)).collect();
            due.sort();
            assert_eq!(there, due, "{folder}");
        };
        is("Processed", &[0, 1, 2]);
        is("Quarantine", &[4]);
        is("", &[3, 5, 9]);
        let listed = mailbox.list().expect("a list");
        assert_eq!(listed[..2], [handles[3].clone(), handles[5].clone()]);
        // once more, as after a crash: they are there no more, and that is fine
        file(mailbox.as_mut(), &handles[..5], FilingFolder::Processed);
        is("Processed", &[0, 1, 2, 3]);
        is("Quarantine", &[4]);
        let mut mailbox = site.open();
        let (rest, fetched) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        assert_eq!(fetched, [5, 9].map(|n| Fetched::Message(message(n, 300))));
        file(mailbox.as_mut(), &rest, FilingFolder::Processed);
        assert_eq!(mailbox.list().expect("a list"), []);
        is("", &[]);
    });
}

#[test]
fn what_is_too_large_comes_in_part_with_its_digest() {
    each(|site| {
        let sizes = [LIMIT as usize, LIMIT as usize + 1, 3_500_000];
        let sent = sizes.map(|size| {
            (0..size)
                .map(|n| b'a' + (n % 23) as u8)
                .collect::<Vec<u8>>()
        });
        for (n, content) in sent.iter().enumerate() {
            site.deliver(&format!("170000{n}.M1.host"), content);
        }
        let mut mailbox = site.open();
        let (handles, fetched) = fetch_all(mailbox.as_mut(), LIMIT).expect("mail");
        let in_part = |content: &[u8]| Fetched::TooLarge {
            size: content.len() as u64,
            head: content[..HEAD].to_vec(),
            sha256: openssl::sha::sha256(content),
        };
        let due = [
            Fetched::Message(sent[0].clone()),
            in_part(&sent[1]),
            in_part(&sent[2]),
        ];
        assert!(fetched == due);
        // a limit below the head's size does not shorten the head
        let fetched = fetch(mailbox.as_mut(), &handles[1..2], 10).expect("mail");
        assert!(fetched == [Ok(in_part(&sent[1]))]);
        file(mailbox.as_mut(), &handles[1..], FilingFolder::Quarantine);
        assert_eq!((site.count("Quarantine"), site.count("")), (2, 1));
    });
}

#[test]
fn what_another_program_took_away_is_gone() {
    each(|site| {
        some(site, 3);
        let mut mailbox = site.open();
        let handles = mailbox.list().expect("a list");
        let gone = handles[1].clone();
        let taken = std::slice::from_ref(&gone);
        file(site.open().as_mut(), taken, FilingFolder::Processed);
        let fetched = fetch(mailbox.as_mut(), &handles, LIMIT).expect("mail");
        let due = [0, 1, 2].map(|n| match n {
            1 => Ok(Fetched::Gone),
            _ => Ok(Fetched::Message(message(n, 300))),
        });
        assert_eq!(fetched, due);
        file(mailbox.as_mut(), &[gone], FilingFolder::Processed);
        assert_eq!((site.count("Processed"), site.count("")), (1, 2));
        // and all the rest
        let rest = [handles[0].clone(), handles[2].clone()];
        file(site.open().as_mut(), &rest, FilingFolder::Quarantine);
        let fetched = fetch(mailbox.as_mut(), &handles, LIMIT).expect("mail");
        assert_eq!(fetched, [0, 1, 2].map(|_| Ok(Fetched::Gone)));
        file(mailbox.as_mut(), &handles, FilingFolder::Processed);
        assert_eq!((site.count("Processed"), site.count("Quarantine")), (1, 2));
    });
}

#[test]
fn a_later_run_fetches_and_files_what_an_earlier_one_listed() {
    each(|site| {
        some(site, 3);
        let handles: Vec<Handle> = site.open().list().expect("a list");
        let fetched = fetch(site.open().as_mut(), &handles, LIMIT).expect("mail");
        assert_eq!(
            fetched,
            [0, 1, 2].map(|n| Ok(Fetched::Message(message(n, 300))))
        );
        file(site.open().as_mut(), &handles, FilingFolder::Processed);
        assert_eq!((site.count("Processed"), site.count("")), (3, 0));
    });
}
