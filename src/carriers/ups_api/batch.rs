//! Asks UPS many things within one deadline, on threads of their own.
//!
//! A thread that hangs (a name server that does not answer, a command for the secret that waits) is
//! left behind: no run is delayed by more than its budget.

use super::client::{Client, UpsFault, UpsSettings};
use chrono::{DateTime, Utc};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Questions that are under way side by side.
const SIDE_BY_SIDE: usize = 4;

/// The time that a whole run may spend on UPS.
#[derive(Clone, Copy, Debug)]
pub struct Budget(Duration);

impl Budget {
    /// So much for the whole run.
    pub fn new(whole: Duration) -> Budget {
        Budget(whole)
    }

    /// Whether there is anything left.
    pub fn is_spent(&self) -> bool {
        self.0.is_zero()
    }

    fn spend(&mut self, time: Duration) {
        self.0 = self.0.saturating_sub(time);
    }
}

/// What came of asking.
#[derive(Debug)]
pub struct UpsAnswers<A> {
    /// For each question the answer; `None` for what was not asked any more.
    pub answers: Vec<Option<Result<A, UpsFault>>>,
    /// What ended the asking early, if something did.
    pub trouble: Option<UpsFault>,
}

/// Asks all `questions` by `how` within what is left of the budget. The first fault that concerns
/// more than its own question ends the asking.
pub fn ask<Q, A>(
    settings: &UpsSettings,
    now: DateTime<Utc>,
    budget: &mut Budget,
    questions: Vec<Q>,
    how: fn(&Client, &Q) -> Result<A, UpsFault>,
) -> UpsAnswers<A>
where
    Q: Send + 'static,
    A: Send + 'static,
{
    let begun = Instant::now();
    let deadline = begun + budget.0;
    let mut asked = UpsAnswers {
        answers: questions.iter().map(|_| None).collect(),
        trouble: None,
    };
    let (sender, answers) = mpsc::channel();
    let mut open = questions.len();
    let settings = settings.clone();
    let started = std::thread::Builder::new()
        .name("ups".to_owned())
        .spawn(move || serve(&settings, now, deadline, questions, how, &sender));
    if let Err(error) = started {
        asked.trouble = Some(UpsFault::Unreachable(error.to_string()));
        return asked;
    }
    while open > 0 && asked.trouble.is_none() {
        let left = deadline.saturating_duration_since(Instant::now());
        let (place, answer) = match answers.recv_timeout(left) {
            Ok(one) => one,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                asked.trouble = Some(UpsFault::Late);
                break;
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let why = "the asking ended by a fault inside poms; please report it";
                asked.trouble = Some(UpsFault::Malformed(why.to_owned()));
                break;
            }
        };
        let fatal = answer
            .as_ref()
            .err()
            .filter(|fault| fault.ends_the_asking());
        asked.trouble = fatal.cloned();
        match place {
            Some(place) => {
                open -= 1;
                if let Some(slot) = asked.answers.get_mut(place) {
                    *slot = Some(answer);
                }
            }
            None => asked.trouble = answer.err(),
        }
    }
    budget.spend(begun.elapsed());
    asked
}

/// What a thread reports: the question's place and its answer; without a place it is about all.
type ThreadReport<A> = (Option<usize>, Result<A, UpsFault>);

fn serve<Q: Send + 'static, A: Send + 'static>(
    settings: &UpsSettings,
    now: DateTime<Utc>,
    deadline: Instant,
    questions: Vec<Q>,
    how: fn(&Client, &Q) -> Result<A, UpsFault>,
    sender: &mpsc::Sender<ThreadReport<A>>,
) {
    let client = match Client::new(settings, now, deadline) {
        Ok(client) => Arc::new(client),
        Err(fault) => {
            // nobody listens any more when the deadline has passed
            let _ = sender.send((None, Err(fault)));
            return;
        }
    };
    let others = questions.len().min(SIDE_BY_SIDE).saturating_sub(1);
    let queue = Arc::new(Mutex::new(questions.into_iter().enumerate()));
    for _ in 0..others {
        let (client, queue, sender) = (Arc::clone(&client), Arc::clone(&queue), sender.clone());
        let work = move || work(&client, &queue, how, &sender);
        let begun = std::thread::Builder::new()
            .name("ups".to_owned())
            .spawn(work);
        if begun.is_err() {
            // the system has no more threads to give: fewer questions are asked side by side
            break;
        }
    }
    work(&client, &queue, how, sender);
}

/// Asks one question of the queue after the other, until there is none, nobody listens, or a fault
/// ends the asking.
fn work<Q, A>(
    client: &Client,
    queue: &Mutex<impl Iterator<Item = (usize, Q)>>,
    how: fn(&Client, &Q) -> Result<A, UpsFault>,
    sender: &mpsc::Sender<ThreadReport<A>>,
) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((place, question)) = next else {
            return;
        };
        let answer = how(client, &question);
        let last = answer.as_ref().is_err_and(UpsFault::ends_the_asking);
        if last {
            // the others shall not go on in vain
            let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.by_ref().for_each(drop);
        }
        if sender.send((Some(place), answer)).is_err() || last {
            return;
        }
    }
}
