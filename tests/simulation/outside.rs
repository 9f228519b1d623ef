//! What surrounds a simulated house: mailboxes, and a mail server with moods. Every step of theirs may
//! be the machine's last; what they do in a run hangs on the seed, the run and the document alone, so
//! that threads change nothing.

use super::chance::Chance;
use super::disk::Shared;
use poms::delivery::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use poms::intake::mailbox::{
    Checked, FetchResults, Fetched, FilingFolder, Handle, Mailbox, MailboxError,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a mail server took.
#[derive(Clone)]
pub struct Taken {
    pub reference: String,
    pub subject: String,
    pub content: Vec<u8>,
}

/// How the mail server is today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Usual,
    /// Nobody answers.
    Down,
    /// Some documents are deferred, refused, or their answer is lost.
    Moody,
}

/// Mails of one mailbox by their names.
#[derive(Default)]
pub struct Box_ {
    pub waiting: BTreeMap<String, Vec<u8>>,
    pub processed: Vec<Vec<u8>>,
    pub quarantine: Vec<Vec<u8>>,
}

#[derive(Default)]
pub struct Outside {
    pub seed: u64,
    pub run: u64,
    pub boxes: BTreeMap<String, Box_>,
    pub taken: Vec<Taken>,
    pub mood: Mood,
    /// Mailboxes have troubles.
    pub flaky: bool,
    /// A channel that knows what it took, as a Maildir does.
    pub knows: bool,
    /// A person who comes in while a mailbox is read: called once.
    pub visitor: Option<Box<dyn FnOnce() + Send>>,
    pub arrived: u64,
    /// Doubts and breaks of this run. After three in a row the server is left alone, and how many more
    /// were begun by then is the threads', not the seed's: so there are two at most.
    pub troubles: u64,
}

impl Outside {
    pub fn put(&mut self, mailbox: &str, mail: &[u8]) {
        self.arrived += 1;
        let key = format!("{:08}.m", self.arrived);
        let waiting = &mut self.boxes.entry(mailbox.to_owned()).or_default().waiting;
        waiting.insert(key, mail.to_vec());
    }

    pub fn waits(&self) -> usize {
        self.boxes.values().map(|one| one.waiting.len()).sum()
    }

    fn dice(&self, what: &str) -> Chance {
        Chance::of(self.seed, &format!("{} {what}", self.run))
    }
}

/// The outside and the machine's power switch.
#[derive(Clone)]
pub struct Door {
    pub outside: Arc<Mutex<Outside>>,
    pub disk: Shared,
}

impl Door {
    pub fn outside(&self) -> MutexGuard<'_, Outside> {
        self.outside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One step of the outside; whether the machine still runs after it.
    fn step(&self) -> bool {
        let mut disk = self.disk.lock().unwrap_or_else(PoisonError::into_inner);
        !disk.dead && disk.step()
    }

    fn dead(&self) -> bool {
        self.disk
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .dead
    }
}

/// A mailbox of the outside.
pub struct Postbox {
    pub name: String,
    pub door: Door,
}

impl Postbox {
    fn trouble(&self, action: &'static str) -> MailboxError {
        MailboxError::Io {
            action,
            path: self.name.clone().into(),
            reason: "the other side is gone".to_owned(),
        }
    }
}

impl Mailbox for Postbox {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&mut self) -> Result<Vec<Handle>, MailboxError> {
        let visitor = self.door.outside().visitor.take();
        if let Some(visitor) = visitor {
            visitor();
        }
        let outside = self.door.outside();
        let mut dice = outside.dice(&format!("list {}", self.name));
        if !self.door.step() || (outside.flaky && dice.one_in(4)) {
            return Err(self.trouble("read"));
        }
        let waiting = outside.boxes.get(&self.name).map(|one| &one.waiting);
        let handle = |(key, mail): (&String, &Vec<u8>)| Handle {
            key: key.clone(),
            size: mail.len() as u64,
        };
        Ok(waiting.into_iter().flatten().map(handle).collect())
    }

    fn check(&mut self) -> Result<Checked, MailboxError> {
        let waiting = self.list()?.len();
        Ok(Checked {
            waiting,
            certificate_ends: None,
        })
    }

    fn fetch(&mut self, batch: &[Handle], _: u64) -> Result<FetchResults, MailboxError> {
        let outside = self.door.outside();
        let mut dice = outside.dice(&format!("fetch {}", self.name));
        if !self.door.step() || (outside.flaky && dice.one_in(6)) {
            return Err(self.trouble("fetch from"));
        }
        let waiting = outside.boxes.get(&self.name).map(|one| &one.waiting);
        let fetch = |handle: &Handle| match waiting.and_then(|all| all.get(&handle.key)) {
            Some(mail) => Fetched::Message(mail.clone()),
            None => Fetched::Gone,
        };
        let mut results: FetchResults = Vec::new();
        for (place, handle) in batch.iter().enumerate() {
            let broken = outside.flaky && dice.one_in(5);
            results.push((
                place,
                match broken {
                    true => Err(self.trouble("fetch one message of")),
                    false => Ok(fetch(handle)),
                },
            ));
        }
        Ok(results)
    }

    fn file(&mut self, batch: &[Handle], folder: FilingFolder) -> Vec<Result<(), MailboxError>> {
        let mut outside = self.door.outside();
        let mut dice = outside.dice(&format!("file {}", self.name));
        let flaky = outside.flaky;
        let mut results = Vec::new();
        for handle in batch {
            let on = self.door.step();
            // what the machine's last step asked for may have been done
            let lost = if on {
                flaky && dice.one_in(4)
            } else {
                dice.one_in(2) || self.door.dead()
            };
            let filed = outside.boxes.get_mut(&self.name);
            if let Some(filed) = filed.filter(|_| !lost)
                && let Some(mail) = filed.waiting.remove(&handle.key)
            {
                match folder {
                    FilingFolder::Processed => filed.processed.push(mail),
                    FilingFolder::Quarantine => filed.quarantine.push(mail),
                }
            }
            results.push(if lost || !on {
                Err(self.trouble("file in"))
            } else {
                Ok(())
            });
        }
        results
    }
}

/// A connection to the mail server.
pub struct Line {
    pub door: Door,
}

impl Channel for Line {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        let mut outside = self.door.outside();
        if self.door.dead() {
            return Err(DeliveryOutcome::unreachable("the machine is off"));
        }
        let mut dice = outside.dice(&format!("prepare {}", message.reference));
        if outside.mood == Mood::Moody {
            match dice.below(16) {
                0..3 => return Err(DeliveryOutcome::deferred("451 try again later")),
                3 => return Err(DeliveryOutcome::refused("550 no such user here")),
                4 if outside.troubles < 2 => {
                    outside.troubles += 1;
                    return Err(DeliveryOutcome::unreachable("421 too busy"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let mut outside = self.door.outside();
        let mut dice = outside.dice(&format!("complete {}", message.reference));
        if self.door.dead() {
            return DeliveryOutcome::unknown("the machine is off");
        }
        let on = self.door.step();
        let moody = outside.mood == Mood::Moody;
        let breaks = moody && outside.troubles < 2;
        let (takes, outcome) = match dice.below(16) {
            0..2 if breaks => (
                true,
                DeliveryOutcome::unknown("no answer after the final dot"),
            ),
            2..4 if breaks => (
                false,
                DeliveryOutcome::unknown("the connection broke after the dot"),
            ),
            4 if moody => (false, DeliveryOutcome::deferred("452 full")),
            5 if moody => (false, DeliveryOutcome::refused("554 we do not like this")),
            _ => (true, DeliveryOutcome::accepted("250 taken")),
        };
        outside.troubles += u64::from(matches!(outcome, DeliveryOutcome::Unknown { .. }));
        if outside.knows {
            let known = outside
                .taken
                .iter()
                .any(|one| one.reference == message.reference);
            if known {
                return DeliveryOutcome::accepted("it was there already");
            }
            if matches!(outcome, DeliveryOutcome::Unknown { .. }) {
                return DeliveryOutcome::unreachable("the folder cannot be written");
            }
        }
        // the machine's last step: the server may have all of it or nothing
        if takes && (on || dice.one_in(2)) {
            outside.taken.push(Taken {
                reference: message.reference.clone(),
                subject: message.subject.clone(),
                content: message.content.clone(),
            });
        }
        outcome
    }

    fn abandon(&mut self) {}

    fn close(&mut self) {}
}
