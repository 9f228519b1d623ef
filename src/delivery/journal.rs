//! What really became of the mails that are marked `sending`, in a file beside the ledger: `poms.db.sending`.
//!
//! Many mails are marked in one commit, before it is their turn. If poms is killed then, most of them were
//! never handed over, and of some the answer was there. Each mark, each step past the point of no return
//! and each answer is a line here, written before the next thing happens and never synced: what a process
//! wrote stays in the system's memory when it is killed, and is gone only with the system. So the lines
//! count only while the machine has not been started anew since; without them each marked mail is `unknown`.

use super::channel::DeliveryOutcome;
use crate::clock;
use crate::files;
use crate::ledger::audit::AuditHead;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// How the first line begins: kind of file and version.
const FIRST: &str = "poms-sending 1";

/// Which start of the machine this is (proc_sys_kernel(5)).
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// The largest file that is read, in bytes: some millions of mails.
const LARGEST: u64 = 512 << 20;

/// Where the journal of a ledger is.
pub fn path(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".sending");
    PathBuf::from(name)
}

/// Which start of the machine this is; `None` where the system does not say.
fn boot() -> Option<String> {
    let text = std::fs::read_to_string(BOOT).ok()?;
    let id = text.trim();
    (!id.is_empty() && !id.contains(char::is_whitespace)).then(|| id.to_owned())
}

/// The journal of a run that sends.
pub struct SendingJournal {
    file: File,
    path: PathBuf,
    /// A line may be there in part: nothing more is written, and so nothing more handed over.
    broken: AtomicBool,
}

impl SendingJournal {
    /// Begins one in the place of an earlier run's; `head` says of which ledger, and of what moment, it is.
    ///
    /// # Errors
    /// When it cannot be written; then no mail may be marked before its turn.
    pub fn begin(ledger: &Path, head: &AuditHead) -> Result<SendingJournal> {
        let path = path(ledger);
        let mut options = OpenOptions::new();
        let options = options.create(true).append(true).mode(0o600);
        // a pipe in its place would keep the run waiting
        let file = options.custom_flags(nix::libc::O_NONBLOCK).open(&path)?;
        if !file.metadata()?.is_file() {
            return Err(Error::new(ErrorKind::InvalidInput, "it is no file"));
        }
        file.set_len(0)?;
        let boot = boot().unwrap_or_else(|| "-".to_owned());
        let journal = SendingJournal {
            file,
            path,
            broken: AtomicBool::new(false),
        };
        let (seq, hash) = (head.seq, clock::hex(&head.hash));
        journal.line(&format!("{FIRST} {boot} {seq} {hash}\n"))?;
        Ok(journal)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes lines down in one call, each with its end: other threads write as well.
    fn line(&self, lines: &str) -> Result<()> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(Error::other("it could not be written before"));
        }
        (&self.file)
            .write_all(lines.as_bytes())
            .inspect_err(|_| self.broken.store(true, Ordering::SeqCst))
    }

    /// These are about to be marked `sending`: their numbers, and which attempt it is for each.
    ///
    /// # Errors
    /// When it cannot be written: then they must not be marked.
    pub fn marks(&self, marked: impl Iterator<Item = (i64, i64)>) -> Result<()> {
        let lines: String = marked
            .map(|(id, attempt)| format!("m {id} {attempt}\n"))
            .collect();
        match lines.is_empty() {
            true => Ok(()),
            false => self.line(&lines),
        }
    }

    /// This one passes the point of no return.
    ///
    /// # Errors
    /// When it cannot be written: then it must not.
    pub fn begins(&self, id: i64) -> Result<()> {
        self.line(&format!("b {id}\n"))
    }

    /// This one, which had passed it, has come to an end that is certain. Where that cannot be written, it
    /// stands as begun.
    pub fn ended(&self, id: i64, outcome: &DeliveryOutcome) {
        let _ = match outcome {
            // one line, whatever the server answered: no answer speaks for another mail
            DeliveryOutcome::Accepted { detail } => {
                let detail = detail.replace(['\n', '\r'], " ");
                self.line(&format!("a {id} {detail}\n"))
            }
            DeliveryOutcome::Deferred { .. }
            | DeliveryOutcome::Refused { .. }
            | DeliveryOutcome::Barred { .. }
            | DeliveryOutcome::Unreachable { .. } => self.line(&format!("n {id}\n")),
            DeliveryOutcome::Unknown { .. } | DeliveryOutcome::HandedOver { .. } => Ok(()),
        };
    }

    /// Takes the file away, when all that it says is in the ledger.
    pub fn done(&self) {
        remove(&self.path);
    }
}

/// Takes a journal away of which everything is in the ledger. One that stays does no harm: its marks are of
/// attempts that are over.
pub fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
}

/// How far a marked mail came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendingFate {
    /// It is certain that nobody has it.
    NotHandedOver,
    /// It was handed over, and no answer came.
    Doubtful,
    /// The other side took it, in these words.
    Taken(String),
}

/// The journal that a killed run left.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftJournal {
    /// Number and hash of the trail's head when it began.
    pub head: (i64, String),
    /// By delivery: the attempt that was marked last, and how far it came.
    fates: HashMap<i64, (i64, SendingFate)>,
}

impl LeftJournal {
    /// What became of an attempt; `None` where the journal does not know of it.
    pub fn fate(&self, id: i64, attempt: i64) -> Option<&SendingFate> {
        let (marked, fate) = self.fates.get(&id)?;
        (*marked == attempt).then_some(fate)
    }
}

/// Reads the journal that a killed run left beside a ledger; `None` when there is none, or when it cannot be
/// believed: the machine was started anew since, what was written is not surely there, or it is not as poms
/// writes it.
pub fn read(ledger: &Path) -> Option<LeftJournal> {
    let path = path(ledger);
    let (file, about) = files::open(&path).ok()?;
    // tells of what the system could not bring to the disk, and may have forgotten since
    file.sync_all().ok()?;
    let bytes = files::take(file, about.len(), LARGEST).ok()?;
    parse(std::str::from_utf8(&bytes).ok()?, &boot()?)
}

fn parse(text: &str, boot: &str) -> Option<LeftJournal> {
    // a line without its end was being written when poms was killed: nothing was done on the strength of it
    let whole = &text[..text.rfind('\n')? + 1];
    let mut lines = whole.split_terminator('\n');
    let mut first = lines
        .next()?
        .strip_prefix(FIRST)?
        .strip_prefix(' ')?
        .split(' ');
    if first.next()? != boot {
        return None;
    }
    let head = (first.next()?.parse().ok()?, first.next()?.to_owned());
    let mut fates = HashMap::<i64, (i64, SendingFate)>::new();
    for line in lines {
        let (kind, rest) = line.split_once(' ')?;
        let (id, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let id: i64 = id.parse().ok()?;
        if kind == "m" {
            fates.insert(id, (rest.parse().ok()?, SendingFate::NotHandedOver));
            continue;
        }
        let (_, fate) = fates.get_mut(&id)?;
        *fate = match (kind, &fate) {
            ("b", SendingFate::NotHandedOver) => SendingFate::Doubtful,
            ("a", SendingFate::Doubtful) => SendingFate::Taken(rest.to_owned()),
            ("n", SendingFate::Doubtful) => SendingFate::NotHandedOver,
            _ => return None,
        };
    }
    Some(LeftJournal { head, fates })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> AuditHead {
        AuditHead {
            seq: 7,
            hash: [5; 32],
            at: String::new(),
        }
    }

    #[test]
    fn what_a_killed_run_left_says_how_far_each_came() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("l.db");
        assert_eq!(read(&ledger), None);
        let journal = SendingJournal::begin(&ledger, &head()).expect("a journal");
        let marks = [(1, 1), (2, 3), (3, 1), (4, 1), (5, 1)];
        journal.marks(marks.into_iter()).expect("written");
        for id in [1, 2, 3] {
            journal.begins(id).expect("written");
        }
        journal.ended(1, &DeliveryOutcome::accepted("250 2.0.0 Ok: queued as 1 2"));
        journal.ended(2, &DeliveryOutcome::deferred("451 later"));
        journal.ended(3, &DeliveryOutcome::unknown("gone"));
        let left = read(&ledger).expect("believed");
        assert_eq!(left.head, (7, clock::hex(&[5; 32])));
        let taken = SendingFate::Taken("250 2.0.0 Ok: queued as 1 2".to_owned());
        assert_eq!(left.fate(1, 1), Some(&taken));
        assert_eq!(left.fate(2, 3), Some(&SendingFate::NotHandedOver));
        assert_eq!(left.fate(3, 1), Some(&SendingFate::Doubtful));
        assert_eq!(left.fate(4, 1), Some(&SendingFate::NotHandedOver));
        // of another attempt, and of another delivery, it knows nothing
        assert_eq!((left.fate(4, 2), left.fate(6, 1)), (None, None));
        journal.done();
        assert_eq!(read(&ledger), None);
    }

    #[test]
    fn no_answer_speaks_for_another_mail() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("l.db");
        let journal = SendingJournal::begin(&ledger, &head()).expect("a journal");
        journal
            .marks([(1, 1), (2, 1)].into_iter())
            .expect("written");
        journal.begins(1).expect("written");
        journal.begins(2).expect("written");
        let detail = "250 ok\nn 2\r\na 2 250".to_owned();
        journal.ended(1, &DeliveryOutcome::Accepted { detail });
        let left = read(&ledger).expect("believed");
        let taken = SendingFate::Taken("250 ok n 2  a 2 250".to_owned());
        assert_eq!(left.fate(1, 1), Some(&taken));
        assert_eq!(left.fate(2, 1), Some(&SendingFate::Doubtful));
    }

    /// Wherever it is cut, nobody is said not to have a mail that may have been handed over.
    #[test]
    fn cut_at_every_byte_it_never_says_more_than_was_so() {
        let whole = "poms-sending 1 B 7 ab\nm 17 1\nm 18 1\nb 17\nb 18\na 17 250 ok\nn 18\n";
        for cut in 0..=whole.len() {
            let left = parse(&whole[..cut], "B");
            let lines = whole[..cut].matches('\n').count();
            let fate = |id| left.as_ref().and_then(|left| left.fate(id, 1)).cloned();
            let first = match lines {
                0 | 1 => None,
                2 | 3 => Some(SendingFate::NotHandedOver),
                4 | 5 => Some(SendingFate::Doubtful),
                _ => Some(SendingFate::Taken("250 ok".to_owned())),
            };
            let second = match lines {
                0..=2 => None,
                5 | 6 => Some(SendingFate::Doubtful),
                _ => Some(SendingFate::NotHandedOver),
            };
            assert_eq!((fate(17), fate(18)), (first, second), "{cut}");
        }
    }

    #[test]
    fn after_a_new_start_of_the_machine_or_a_change_it_is_not_believed() {
        let good = "poms-sending 1 B 7 ab\nm 1 1\nb 1\n";
        assert!(parse(good, "B").is_some());
        for bad in [
            "poms-sending 1 C 7 ab\nm 1 1\n",
            "poms-sending 2 B 7 ab\nm 1 1\n",
            "poms-sending 1 B 7 ab\nb 1\n",
            "poms-sending 1 B 7 ab\nm 1 1\na 1 250\n",
            "poms-sending 1 B 7 ab\nm 1 1\nb 1b 2\n",
            "poms-sending 1 B 7 ab\n\n",
            "m 1 1\n",
            "",
        ] {
            assert_eq!(parse(bad, "B"), None, "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_not_handed_over() {
        let journal = SendingJournal {
            file: OpenOptions::new()
                .write(true)
                .open("/dev/full")
                .expect("Linux has it"),
            path: PathBuf::new(),
            broken: AtomicBool::new(false),
        };
        assert!(journal.begins(1).is_err());
        assert!(journal.marks([(1, 1)].into_iter()).is_err());
    }
}
