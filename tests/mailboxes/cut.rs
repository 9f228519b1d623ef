//! A connection that breaks off at every byte of a session, taken into a real ledger: nothing is
//! stored twice, nothing is lost, nothing is filed that was not stored.

use crate::mailboxes::ways::{client, config, message};
use crate::support::imap_fake::{Fake, State};
use chrono::{DateTime, Utc};
use poms::domain::lifecycle::MessageState;
use poms::intake::mailbox::{Handle, Mailbox};
use poms::intake::receive::{self, MessageSums};
use poms::ledger::messages::MessageOutcome;
use poms::ledger::{Ledger, LedgerError, Mode};
use std::collections::BTreeSet;

const LIMIT: u64 = 4_000;

fn now() -> DateTime<Utc> {
    "2025-06-02T10:05:00Z".parse().expect("a time")
}

/// One run as `poms process` makes it: what failed, in sentences.
fn run(port: u16, ledger: &mut Ledger) -> Vec<String> {
    let mut mailbox = client(&config(port));
    let mut failures = Vec::new();
    let handles = match mailbox.list() {
        Ok(handles) => handles,
        Err(fault) => return vec![fault.to_string()],
    };
    for batch in handles.chunks(2) {
        let mut sums = MessageSums::default();
        let taken = receive::ingest(ledger, &mut mailbox, batch, LIMIT, now(), &mut sums);
        let taken = taken.expect("the ledger works");
        failures.extend(taken.failures);
        settle(ledger, &taken.filing);
        let filed = receive::file(ledger, &mut mailbox, taken.filing);
        failures.extend(filed.expect("the ledger works"));
    }
    failures
}

/// Gives what was taken an outcome, as deciding does: what has none is not filed.
fn settle(ledger: &mut Ledger, taken: &[(Handle, i64)]) {
    let settled = ledger.write(now(), |tx| {
        for (_, id) in taken {
            if tx.message(*id)?.state == MessageState::Pending {
                tx.settle_message(*id, MessageState::Ignored, &MessageOutcome::default())?;
            }
        }
        Ok::<_, LedgerError>(())
    });
    settled.expect("the ledger works");
}

fn stored(ledger: &Ledger) -> Vec<u64> {
    let rows = ledger.read().messages(None, 100).expect("messages");
    let mut sizes: Vec<u64> = rows
        .iter()
        .map(|row| u64::try_from(row.size).expect("a size"))
        .collect();
    sizes.sort_unstable();
    sizes
}

/// Two that are small, one over the limit, and the first once more.
fn mail() -> Vec<Vec<u8>> {
    vec![
        message(1, 200),
        message(2, 700),
        message(3, 5_000),
        message(1, 200),
    ]
}

/// No flag was set, nothing was marked as read, and nothing was sent that could do so.
fn harmless(state: &State) {
    for command in &state.commands {
        assert!(
            !command.contains("STORE") && !command.contains("EXPUNGE"),
            "{command}"
        );
        assert!(
            !command.contains("BODY") || command.contains("BODY.PEEK"),
            "{command}"
        );
    }
}

fn survives(cut: usize) -> bool {
    let fake = Fake::start(&mail());
    fake.state().cut = Some(cut);
    let dir = tempfile::tempdir().expect("a folder");
    let open = || Ledger::open(&dir.path().join("poms.db"), Mode::Write, "test").expect("a ledger");
    let mut ledger = open();
    let failures = run(fake.port, &mut ledger);
    let broke = fake.state().cut.is_none();
    if broke {
        // in a FETCH the connection is made anew, and nothing is left to be said
        let done = fake.state().inbox.is_empty();
        assert!(done || !failures.is_empty(), "cut at {cut}: not a word");
        assert!(
            failures
                .iter()
                .all(|sentence| sentence.contains("localhost")),
            "{failures:?}"
        );
    }
    let known: BTreeSet<u64> = stored(&ledger).into_iter().collect();
    for (_, content) in &fake.state().filed {
        assert!(
            known.contains(&(content.len() as u64)),
            "cut at {cut}: filed before it was stored"
        );
    }
    let mut again = run(fake.port, &mut ledger);
    if !again.is_empty() {
        again = run(fake.port, &mut ledger);
    }
    assert_eq!(
        again,
        Vec::<String>::new(),
        "cut at {cut}: two more runs are enough"
    );
    let mut sizes: Vec<u64> = mail()[..3]
        .iter()
        .map(|content| content.len() as u64)
        .collect();
    sizes.sort_unstable();
    assert_eq!(stored(&ledger), sizes, "cut at {cut}");
    let state = fake.state();
    harmless(&state);
    assert!(state.inbox.is_empty(), "cut at {cut}: something stays");
    let filed = state.filed.iter().map(|(_, content)| content.clone());
    let mut filed: Vec<Vec<u8>> = filed.collect();
    let mut all = mail();
    filed.sort();
    all.sort();
    assert!(filed == all, "cut at {cut}: each is there once");
    broke
}

#[test]
fn a_connection_cut_at_any_byte() {
    let fake = Fake::start(&mail());
    let dir = tempfile::tempdir().expect("a folder");
    let mut ledger =
        Ledger::open(&dir.path().join("poms.db"), Mode::Write, "test").expect("a ledger");
    assert_eq!(run(fake.port, &mut ledger), Vec::<String>::new());
    let length = fake.state().sent;
    drop(ledger);
    // each eleventh byte here; tests/faults cuts at every one
    let step = match std::env::var("POMS_SWEEP").as_deref() {
        Ok("full") => 1,
        _ => 11,
    };
    let cuts: Vec<usize> = (0..length).step_by(step).collect();
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let mine: Vec<usize> = cuts.iter().copied().skip(worker).step_by(8).collect();
            std::thread::spawn(move || mine.into_iter().filter(|cut| survives(*cut)).count())
        })
        .collect();
    let broke: usize = workers
        .into_iter()
        .map(|worker| worker.join().expect("it survives"))
        .sum();
    println!(
        "a session of {length} bytes, cut at {} places: lost 0, doubled 0",
        cuts.len()
    );
    assert_eq!(broke, cuts.len(), "each cut was made");
}
