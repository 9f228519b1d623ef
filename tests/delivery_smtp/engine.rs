//! The engine with a book and channels that keep a journal and fail when they are told.

use super::*;
use poms::delivery::engine::{DeliveryStore, Dispatch, Tally, Unrecorded, dispatch};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, mpsc};

/// What both sides did, in one place.
#[derive(Default)]
struct Journal {
    /// Durable: results by message, and who was marked.
    results: Mutex<BTreeMap<i64, &'static str>>,
    marked: Mutex<BTreeSet<i64>>,
    /// Done by the channels.
    prepared: AtomicI64,
    completed: Mutex<Vec<i64>>,
    abandoned: AtomicI64,
}

struct TestStore {
    journal: Arc<Journal>,
    next: i64,
    count: i64,
    commits: i64,
    /// Commits from this one on fail.
    fail_from: i64,
    /// Dropped by a person while they were prepared.
    dropped: BTreeSet<i64>,
    after_commit: Box<dyn FnMut(i64)>,
}

impl DeliveryStore for TestStore {
    fn next(&mut self, at_most: usize) -> anyhow::Result<Vec<OutgoingMessage>> {
        let end = (self.next + at_most as i64).min(self.count);
        let batch = (self.next..end).map(message).collect();
        self.next = end;
        Ok(batch)
    }

    fn record(
        &mut self,
        settled: Vec<(i64, DeliveryOutcome)>,
        sending: &[i64],
    ) -> anyhow::Result<Vec<i64>> {
        self.commits += 1;
        anyhow::ensure!(self.commits < self.fail_from, "disk full");
        let mut results = self.journal.results.lock().unwrap();
        for (id, outcome) in settled {
            assert_eq!(results.insert(id, outcome.word()), None, "recorded twice");
        }
        let (gone, marked): (Vec<i64>, Vec<i64>) =
            sending.iter().partition(|id| self.dropped.contains(id));
        self.journal.marked.lock().unwrap().extend(marked);
        (self.after_commit)(self.commits);
        Ok(gone)
    }
}

type Play = dyn Fn(&'static str, i64) -> Result<(), DeliveryOutcome> + Send + Sync;

struct TestChannel {
    journal: Arc<Journal>,
    play: Arc<Play>,
    prepared: Option<i64>,
}

impl Channel for TestChannel {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.journal.prepared.fetch_add(1, Ordering::SeqCst);
        (self.play)("prepare", message.id)?;
        self.prepared = Some(message.id);
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        assert_eq!(self.prepared.take(), Some(message.id));
        let marked = self.journal.marked.lock().unwrap().contains(&message.id);
        assert!(marked, "completed before the mark was durable");
        self.journal.completed.lock().unwrap().push(message.id);
        match (self.play)("complete", message.id) {
            Ok(()) => DeliveryOutcome::accepted("250 ok"),
            Err(outcome) => outcome,
        }
    }

    fn abandon(&mut self) {
        self.prepared = None;
        self.journal.abandoned.fetch_add(1, Ordering::SeqCst);
    }

    fn close(&mut self) {}
}

struct Site {
    journal: Arc<Journal>,
    book: TestStore,
    stop: Arc<AtomicBool>,
}

impl Site {
    fn new(count: i64) -> Site {
        let journal = Arc::new(Journal::default());
        let book = TestStore {
            journal: journal.clone(),
            next: 0,
            count,
            commits: 0,
            fail_from: i64::MAX,
            dropped: BTreeSet::new(),
            after_commit: Box::new(|_| {}),
        };
        let stop = Arc::new(AtomicBool::new(false));
        Site {
            journal,
            book,
            stop,
        }
    }

    fn run(
        &mut self,
        channels: usize,
        play: impl Fn(&'static str, i64) -> Result<(), DeliveryOutcome> + Send + Sync + 'static,
    ) -> anyhow::Result<Tally> {
        let channels = self.channels(channels, play);
        dispatch(&mut self.book, channels, &self.stop)
    }

    fn channels(
        &self,
        number: usize,
        play: impl Fn(&'static str, i64) -> Result<(), DeliveryOutcome> + Send + Sync + 'static,
    ) -> Vec<Box<dyn Channel>> {
        let play: Arc<Play> = Arc::new(play);
        let make = |_| -> Box<dyn Channel> {
            Box::new(TestChannel {
                journal: self.journal.clone(),
                play: play.clone(),
                prepared: None,
            })
        };
        (0..number).map(make).collect()
    }

    fn completed(&self) -> BTreeSet<i64> {
        let completed = self.journal.completed.lock().unwrap();
        let once: BTreeSet<i64> = completed.iter().copied().collect();
        assert_eq!(once.len(), completed.len(), "completed twice");
        once
    }

    fn recorded(&self) -> BTreeSet<i64> {
        self.journal
            .results
            .lock()
            .unwrap()
            .keys()
            .copied()
            .collect()
    }
}

#[test]
fn every_parcel_is_marked_then_completed_then_recorded_once() {
    for channels in [1, 4] {
        let mut site = Site::new(500);
        let tally = site
            .run(channels, |step, id| match (step, id % 10) {
                ("prepare", 3) => Err(DeliveryOutcome::deferred("450")),
                ("prepare", 4) => Err(DeliveryOutcome::refused("550")),
                ("complete", 5) => Err(DeliveryOutcome::refused("554")),
                ("complete", 6) => Err(DeliveryOutcome::unknown("gone")),
                _ => Ok(()),
            })
            .unwrap();
        assert_eq!((tally.accepted, tally.deferred), (300, 50));
        assert_eq!((tally.refused, tally.unknown), (100, 50));
        assert_eq!(site.recorded().len(), 500);
        assert_eq!(site.completed().len(), 400);
        assert_eq!((tally.gave_up, tally.stopped), (None, false));
    }
}

/// Waits until something is so that must become so.
fn wait_until(so: impl Fn() -> bool) {
    for _ in 0..6000 {
        if so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it never came");
}

/// While the caller is busy elsewhere nothing stays prepared for long, all that ended is recorded before, and
/// afterwards each leaves once.
#[test]
fn what_is_prepared_for_long_is_taken_off_the_wire_and_prepared_again() {
    let mut site = Site::new(20);
    let share = std::time::Duration::from_millis(20);
    let channels = site.channels(2, |_, _| Ok(()));
    let mut sending = Dispatch::start(channels, share).unwrap();
    while site.completed().is_empty() {
        sending = sending.step(&mut site.book, 1).unwrap();
    }
    sending = sending.rest(&mut site.book).unwrap();
    assert!(!sending.is_sending());
    assert_eq!(site.recorded(), site.completed());
    let before = site.completed().len();
    wait_until(|| site.journal.abandoned.load(Ordering::SeqCst) == 2);
    assert_eq!(site.completed().len(), before, "nobody let them go");
    let tally = sending.end(&mut site.book, &site.stop).unwrap();
    assert_eq!((tally.accepted, tally.deferred), (20, 0));
    assert_eq!((site.completed().len(), site.recorded().len()), (20, 20));
    let prepared = site.journal.prepared.load(Ordering::SeqCst);
    assert!(prepared >= 22, "{prepared}: two of them twice");
}

#[test]
fn one_connection_needs_one_commit_a_mail_and_one_more() {
    let mut site = Site::new(200);
    let tally = site.run(1, |_, _| Ok(())).unwrap();
    assert_eq!(tally.accepted, 200);
    assert!(tally.commits <= 205, "{} commits", tally.commits);
}

#[test]
fn a_failing_commit_completes_nothing_more_and_names_what_it_lost() {
    for channels in [1, 4] {
        for fail_from in 1..30 {
            let mut site = Site::new(300);
            site.book.fail_from = fail_from;
            let error = site.run(channels, |_, _| Ok(())).unwrap_err();
            assert!(format!("{error:#}").ends_with("disk full"), "{error:#}");
            let lost: BTreeSet<i64> = match error.downcast_ref::<Unrecorded>() {
                Some(unrecorded) => unrecorded.settled.iter().map(|(id, _)| *id).collect(),
                None => panic!("{error:#}"),
            };
            let known: BTreeSet<i64> = site.recorded().union(&lost).copied().collect();
            assert_eq!(site.completed(), known);
            assert!(site.recorded().is_disjoint(&lost));
            let marked = site.journal.marked.lock().unwrap().clone();
            assert_eq!(site.completed(), marked, "marked means completed");
        }
    }
}

#[test]
fn a_commit_that_failed_once_is_tried_once_more_for_its_results() {
    let mut site = Site::new(50);
    struct Once<'a>(&'a mut TestStore);
    impl DeliveryStore for Once<'_> {
        fn next(&mut self, at_most: usize) -> anyhow::Result<Vec<OutgoingMessage>> {
            self.0.next(at_most)
        }
        fn record(
            &mut self,
            settled: Vec<(i64, DeliveryOutcome)>,
            sending: &[i64],
        ) -> anyhow::Result<Vec<i64>> {
            if self.0.commits == 5 {
                self.0.commits += 1;
                anyhow::bail!("busy");
            }
            self.0.record(settled, sending)
        }
    }
    let channel = TestChannel {
        journal: site.journal.clone(),
        play: Arc::new(|_, _| Ok(())),
        prepared: None,
    };
    let error = dispatch(
        &mut Once(&mut site.book),
        vec![Box::new(channel)],
        &site.stop,
    );
    let error = error.unwrap_err();
    assert_eq!(error.downcast_ref::<Unrecorded>().unwrap().settled, []);
    assert_eq!(site.recorded(), site.completed());
    assert_eq!(site.completed().len(), 5);
}

#[test]
fn what_a_person_dropped_meanwhile_is_abandoned_and_the_others_go_on() {
    let mut site = Site::new(50);
    site.book.dropped = BTreeSet::from([0, 7, 49]);
    site.run(4, |_, _| Ok(())).unwrap();
    let others: BTreeSet<i64> = (0..50).filter(|id| ![0, 7, 49].contains(id)).collect();
    assert_eq!(site.completed(), others);
    assert_eq!(site.recorded(), others);
    assert_eq!(site.journal.abandoned.load(Ordering::SeqCst), 3);
}

#[test]
fn stopping_completes_nothing_new_and_records_what_runs() {
    for commits in [1, 2, 7] {
        let mut site = Site::new(100);
        let (stop, flag) = (site.stop.clone(), site.stop.clone());
        site.book.after_commit = Box::new(move |count| {
            if count == commits {
                stop.store(true, Ordering::SeqCst);
            }
        });
        let tally = site
            .run(4, move |step, _| {
                while step == "complete" && !flag.load(Ordering::SeqCst) && commits == 1 {
                    std::thread::yield_now();
                }
                Ok(())
            })
            .unwrap();
        assert!(tally.stopped);
        assert_eq!(site.recorded(), site.completed());
        assert_eq!(*site.journal.marked.lock().unwrap(), site.completed());
        assert!(site.completed().len() < 40, "{}", site.completed().len());
    }
}

#[test]
fn a_run_that_is_stopped_before_it_begins_does_nothing() {
    let mut site = Site::new(10);
    site.stop.store(true, Ordering::SeqCst);
    assert!(site.run(2, |_, _| Ok(())).unwrap().stopped);
    assert_eq!(site.journal.prepared.load(Ordering::SeqCst), 0);
}

#[test]
fn a_connection_that_hangs_does_not_keep_the_process_from_ending() {
    let (_never, hung) = mpsc::channel::<()>();
    let hung = Mutex::new(hung);
    let mut site = Site::new(4);
    let stop = site.stop.clone();
    let tally = site
        .run(1, move |_, _| {
            stop.store(true, Ordering::SeqCst);
            let _ = hung.lock().unwrap().recv();
            Ok(())
        })
        .unwrap();
    assert!(tally.stopped);
    assert_eq!((site.completed().len(), site.recorded().len()), (0, 0));
}

#[test]
fn a_panicking_channel_loses_no_result_and_the_others_go_on() {
    let mut site = Site::new(100);
    let tally = site
        .run(4, |step, id| match (step, id) {
            ("prepare", 10) | ("complete", 20) => panic!("a bug"),
            _ => Ok(()),
        })
        .unwrap();
    assert_eq!((tally.accepted, tally.deferred, tally.unknown), (98, 1, 1));
    assert_eq!(site.journal.results.lock().unwrap()[&20], "unknown");
    // all of them: the rest is left as it was, and the run ends
    let mut site = Site::new(100);
    let tally = site.run(2, |_, id| if id >= 50 { panic!("a bug") } else { Ok(()) });
    let tally = tally.unwrap();
    assert!(tally.gave_up.is_some());
    assert_eq!(site.recorded().len(), 52);
}

#[test]
fn a_server_in_trouble_is_left_alone_after_three_in_a_row() {
    for (channels, step) in [(1, "prepare"), (4, "prepare"), (1, "complete")] {
        let mut site = Site::new(1000);
        let tally = site
            .run(channels, move |at, id| match id >= 5 && at == step {
                true if step == "prepare" => Err(DeliveryOutcome::unreachable("no route")),
                true => Err(DeliveryOutcome::unknown("no answer")),
                false => Ok(()),
            })
            .unwrap();
        assert!(tally.gave_up.is_some() && !tally.stopped);
        let tried = site.journal.prepared.load(Ordering::SeqCst);
        assert!(tried <= 8 + 10 * channels as i64, "{tried}");
        assert!(tally.accepted >= 5, "{channels} {step} {tally:?}");
    }
    // trouble with every other message is not trouble with the server
    let mut site = Site::new(100);
    let tally = site.run(1, |at, id| match at == "prepare" && id % 2 == 0 {
        true => Err(DeliveryOutcome::unreachable("odd")),
        false => Ok(()),
    });
    assert_eq!(tally.unwrap().accepted, 50);
}
