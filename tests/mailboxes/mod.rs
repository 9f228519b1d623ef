//! One suite for every kind of mailbox, and what is a Maildir's own.

mod imap;
mod maildir;

use poms::intake::mailbox::{FetchResults, Fetched, FilingFolder, Handle, Mailbox};

/// A mailbox with the means to look at it from outside.
pub trait Bench {
    /// The mailbox as poms opens it.
    fn mailbox(&self) -> Box<dyn Mailbox>;
    /// Delivers a message; later deliveries come later in the order of arrival.
    fn deliver(&mut self, content: &[u8]);
    /// Everything in the folder, in any order.
    fn filed(&self, folder: FilingFolder) -> Vec<Vec<u8>>;
    /// Takes all waiting messages away, as another program might.
    fn snatch(&mut self);
}

const LIMIT: u64 = 200_000;

fn messages(results: FetchResults) -> Vec<(usize, Fetched)> {
    let mut sorted: Vec<_> = results
        .into_iter()
        .map(|(at, r)| (at, r.unwrap()))
        .collect();
    sorted.sort_by_key(|(at, _)| *at);
    sorted
}

fn text(number: usize) -> Vec<u8> {
    format!("Subject: {number}\r\n\r\nbody {number}\r\n").into_bytes()
}

/// The whole suite; a new kind of mailbox calls it with a maker of fresh, empty benches.
pub fn conforms(fresh: impl Fn() -> Box<dyn Bench>) {
    empty(&mut *fresh());
    in_order_and_unchanged_by_reading(&mut *fresh());
    filed_once_and_kept(&mut *fresh());
    too_large(&mut *fresh());
    gone(&mut *fresh());
    filed_by_another_instance(&mut *fresh());
}

fn empty(bench: &mut dyn Bench) {
    let mut mailbox = bench.mailbox();
    assert_eq!(mailbox.list().unwrap(), []);
    assert!(mailbox.fetch(&[], LIMIT).unwrap().is_empty());
    assert!(mailbox.file(&[], FilingFolder::Processed).is_empty());
}

fn in_order_and_unchanged_by_reading(bench: &mut dyn Bench) {
    (0..25).for_each(|number| bench.deliver(&text(number)));
    let mut mailbox = bench.mailbox();
    let handles = mailbox.list().unwrap();
    assert_eq!(handles.len(), 25);
    for _ in 0..2 {
        let fetched = messages(mailbox.fetch(&handles, LIMIT).unwrap());
        for (at, message) in fetched {
            assert_eq!(message, Fetched::Message(text(at)));
            assert_eq!(handles[at].size, text(at).len() as u64);
        }
        assert_eq!(
            mailbox.list().unwrap(),
            handles,
            "reading has changed the mailbox"
        );
    }
    assert_eq!(
        bench.mailbox().list().unwrap(),
        handles,
        "keys are not stable"
    );
}

fn filed_once_and_kept(bench: &mut dyn Bench) {
    (0..6).for_each(|number| bench.deliver(&text(number)));
    let mut mailbox = bench.mailbox();
    let handles = mailbox.list().unwrap();
    assert!(
        mailbox
            .file(&handles[..2], FilingFolder::Quarantine)
            .iter()
            .all(Result::is_ok)
    );
    assert!(
        mailbox
            .file(&handles[2..5], FilingFolder::Processed)
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(mailbox.list().unwrap(), handles[5..]);
    // again: it is there no more, and that is well
    assert!(
        mailbox
            .file(&handles, FilingFolder::Processed)
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(mailbox.list().unwrap(), []);
    let sorted = |folder| {
        let mut filed = bench.filed(folder);
        filed.sort();
        filed
    };
    assert_eq!(sorted(FilingFolder::Quarantine), [text(0), text(1)]);
    assert_eq!(
        sorted(FilingFolder::Processed),
        [text(2), text(3), text(4), text(5)]
    );
}

fn too_large(bench: &mut dyn Bench) {
    let at_limit = vec![b'a'; LIMIT as usize];
    let over: Vec<u8> = (0..LIMIT + 1).map(|n| b'a' + (n % 23) as u8).collect();
    bench.deliver(&at_limit);
    bench.deliver(&over);
    let mut mailbox = bench.mailbox();
    let handles = mailbox.list().unwrap();
    let fetched = messages(mailbox.fetch(&handles, LIMIT).unwrap());
    assert_eq!(fetched[0].1, Fetched::Message(at_limit));
    let expected = Fetched::TooLarge {
        size: over.len() as u64,
        head: over[..64 * 1024].to_vec(),
        sha256: openssl::sha::sha256(&over),
    };
    assert!(fetched[1].1 == expected);
    // a limit below the head's size does not shorten the head
    let fetched = messages(mailbox.fetch(&handles[1..], 10).unwrap());
    assert!(fetched[0].1 == expected);
}

fn gone(bench: &mut dyn Bench) {
    (0..3).for_each(|number| bench.deliver(&text(number)));
    let mut mailbox = bench.mailbox();
    let handles = mailbox.list().unwrap();
    bench.snatch();
    let fetched = messages(mailbox.fetch(&handles, LIMIT).unwrap());
    assert!(fetched.iter().all(|(_, message)| *message == Fetched::Gone));
    assert_eq!(fetched.len(), 3);
    assert!(
        mailbox
            .file(&handles, FilingFolder::Processed)
            .iter()
            .all(Result::is_ok)
    );
}

fn filed_by_another_instance(bench: &mut dyn Bench) {
    (0..3).for_each(|number| bench.deliver(&text(number)));
    let handles: Vec<Handle> = bench.mailbox().list().unwrap();
    // a later run knows the handles from elsewhere and has listed nothing
    let mut mailbox = bench.mailbox();
    assert_eq!(messages(mailbox.fetch(&handles, LIMIT).unwrap()).len(), 3);
    assert!(
        bench
            .mailbox()
            .file(&handles, FilingFolder::Processed)
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(bench.filed(FilingFolder::Processed).len(), 3);
}
