//! A disk of memory that forgets what was not synced: what each file shows now, what of it is durable,
//! and what was written since; faults and the moment of a crash as the seed has them.

use super::chance::Chance;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A device writes so many bytes at once, or a part of them where the power goes meanwhile.
const SECTOR: usize = 512;

/// What was done to a file since it was last synced.
#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Clone, Default)]
struct Image {
    /// As every process sees it.
    now: Vec<u8>,
    /// As it would be without power.
    durable: Vec<u8>,
    pending: Vec<Change>,
}

impl Image {
    fn change(&mut self, change: Change) {
        apply(&mut self.now, &change);
        self.pending.push(change);
    }

    fn synced(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            apply(&mut self.durable, &change);
        }
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Truncate(length) => bytes.resize(*length, 0),
        Change::Write(at, new) => {
            if bytes.len() < at + new.len() {
                bytes.resize(at + new.len(), 0);
            }
            bytes[*at..at + new.len()].copy_from_slice(new);
        }
    }
}

/// How the machine ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The process is killed: what it wrote is in the system's memory, and so stays.
    Killed,
    /// The power goes: of what was not synced any part may be there, in any order.
    PowerCut,
}

/// A fault of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Writes that make a file longer find no room.
    Full,
    /// A write fails.
    Write,
    /// A sync fails, and what it was for is lost from the system's memory too when the power goes.
    Sync,
}

/// What is planned until the next start.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The step at which the machine ends.
    pub end_at: Option<u64>,
    /// From which step on, and for how many, which fault is met.
    pub fault: Option<(u64, u64, Fault)>,
    /// From which step on syncs are said to be done, and are not: a disk that lies.
    pub lies_from: Option<u64>,
}

/// The disk's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    Full,
    Failed,
}

/// What becomes of a write or a sync of a file that is not SQLite's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    Done,
    /// It is done, and the machine ended.
    Last,
    /// Half of it is.
    Torn,
    Full,
    Dead,
}

#[derive(Default)]
pub struct Disk {
    files: BTreeMap<String, Image>,
    /// Removed, and not yet so on the device.
    removed: BTreeMap<String, Image>,
    /// Counts starts; handles of an earlier one are dead.
    pub start: u64,
    /// Steps since the start: all that changes anything outside memory.
    pub steps: u64,
    pub dead: bool,
    pub plan: Plan,
    /// Faults met.
    pub met: u64,
}

/// Many hold it: SQLite's files, mailboxes, channels.
pub type Shared = Arc<Mutex<Disk>>;

impl Disk {
    /// Counts one step of the outside world; whether the machine is still on after it.
    pub fn step(&mut self) -> bool {
        self.steps += 1;
        if self.plan.end_at.is_some_and(|at| self.steps >= at) {
            self.dead = true;
        }
        !self.dead
    }

    fn fault(&self) -> Option<Fault> {
        let (from, many, fault) = self.plan.fault?;
        (from..from + many).contains(&self.steps).then_some(fault)
    }

    /// A step on another file, with the same faults.
    pub fn elsewhere(&mut self, sync: bool) -> Elsewhere {
        if self.dead {
            return Elsewhere::Dead;
        }
        let on = self.step();
        let met = match self.fault() {
            Some(Fault::Full) if !sync => Elsewhere::Full,
            Some(Fault::Write) if !sync => Elsewhere::Torn,
            Some(Fault::Sync) if sync => Elsewhere::Dead,
            _ if on => return Elsewhere::Done,
            _ => return Elsewhere::Last,
        };
        self.met += 1;
        met
    }

    pub fn exists(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    pub fn create(&mut self, name: &str) {
        self.files.entry(name.to_owned()).or_default();
    }

    pub fn size(&self, name: &str) -> usize {
        self.files.get(name).map_or(0, |file| file.now.len())
    }

    /// Fills `into` as far as the file goes, the rest with zeros; whether all of it was there.
    pub fn read(&self, name: &str, at: usize, into: &mut [u8]) -> bool {
        let all = self.files.get(name).map_or(&[][..], |file| &file.now);
        let there = all.get(at..).unwrap_or_default();
        let count = there.len().min(into.len());
        into[..count].copy_from_slice(&there[..count]);
        into[count..].fill(0);
        count == into.len()
    }

    pub fn write(&mut self, name: &str, at: usize, bytes: &[u8]) -> Answer {
        if self.dead {
            return Answer::Failed;
        }
        let on = self.step();
        let fault = self.fault();
        let Some(file) = self.files.get_mut(name) else {
            return Answer::Failed;
        };
        match fault {
            Some(Fault::Full) if file.now.len() < at + bytes.len() => {
                self.met += 1;
                return Answer::Full;
            }
            Some(Fault::Write) => {
                // some of it may have been written all the same
                file.change(Change::Write(at, bytes[..bytes.len() / 2].to_vec()));
                self.met += 1;
                return Answer::Failed;
            }
            _ => file.change(Change::Write(at, bytes.to_vec())),
        }
        if on { Answer::Done } else { Answer::Failed }
    }

    pub fn truncate(&mut self, name: &str, length: usize) -> Answer {
        if self.dead || !self.step() {
            return Answer::Failed;
        }
        match self.files.get_mut(name) {
            Some(file) => file.change(Change::Truncate(length)),
            None => return Answer::Failed,
        }
        Answer::Done
    }

    pub fn sync(&mut self, name: &str) -> Answer {
        if self.dead || !self.step() {
            return Answer::Failed;
        }
        let fault = self.fault();
        let lies = self.plan.lies_from.is_some_and(|from| self.steps >= from);
        let Some(file) = self.files.get_mut(name) else {
            return Answer::Failed;
        };
        if fault == Some(Fault::Sync) {
            file.pending.clear();
            self.met += 1;
            return Answer::Failed;
        }
        if lies {
            return Answer::Done;
        }
        file.synced();
        // metadata is journalled in order: what was removed before is removed now
        self.removed.clear();
        Answer::Done
    }

    pub fn remove(&mut self, name: &str) -> Answer {
        if self.dead || !self.step() {
            return Answer::Failed;
        }
        if let Some(file) = self.files.remove(name) {
            self.removed.insert(name.to_owned(), file);
        }
        Answer::Done
    }

    /// Ends the machine if it runs still, and starts it again without faults.
    pub fn restart(&mut self, end: End, chance: &mut Chance) {
        if end == End::PowerCut {
            for (name, file) in std::mem::take(&mut self.removed) {
                if chance.one_in(2) {
                    self.files.entry(name).or_insert(file);
                }
            }
            for file in self.files.values_mut() {
                cut(file, chance);
            }
        }
        self.removed.clear();
        self.start += 1;
        self.steps = 0;
        self.dead = false;
        self.plan = Plan::default();
    }
}

/// What is left of a file without power: of what was not synced nothing, all, the beginning, or any
/// sectors in any order; the last of them may be torn.
fn cut(file: &mut Image, chance: &mut Chance) {
    let pending = std::mem::take(&mut file.pending);
    let kind = chance.below(4);
    let first = usize::try_from(chance.below(pending.len() as u64 + 1)).unwrap_or(0);
    for (number, change) in pending.iter().enumerate() {
        match (kind, change) {
            (0, _) => {}
            (1, _) => apply(&mut file.durable, change),
            (2, _) if number < first => apply(&mut file.durable, change),
            (2, _) => {}
            (_, Change::Truncate(_)) if chance.one_in(2) => apply(&mut file.durable, change),
            (_, Change::Truncate(_)) => {}
            (_, Change::Write(at, bytes)) => {
                for (place, sector) in bytes.chunks(SECTOR).enumerate() {
                    let length = match chance.below(8) {
                        0..4 => sector.len(),
                        4 => usize::try_from(chance.below(sector.len() as u64)).unwrap_or(0),
                        _ => continue,
                    };
                    let part = Change::Write(at + place * SECTOR, sector[..length].to_vec());
                    apply(&mut file.durable, &part);
                }
            }
        }
    }
    file.now = file.durable.clone();
}
