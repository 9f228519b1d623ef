//! One run at a time: an advisory lock beside the ledger, held by the kernel for as long as the
//! process lives, so that no crash leaves a stale one.

use crate::clock;
use crate::files;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The lock; released when it is dropped or the process ends.
pub struct RunLock {
    file: File,
    text: String,
    after_order: bool,
}

/// The file's length in bytes: it is written in place, so that a full disk changes nothing.
const LENGTH: usize = 120;

/// How the file ends while a run goes on, and when it ended in order, whatever its exit code.
const RUNNING: &str = "running";
const ENDED: &str = "ended";

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it: exit 75.
    #[error("another run holds the lock {} ({holder}): this one did nothing{hint}", path.display())]
    Held {
        /// The lock's file.
        path: PathBuf,
        /// What the other run wrote into it.
        holder: String,
        /// What to do about one that has run for very long; else nothing.
        hint: String,
    },
    /// It cannot be opened.
    #[error("cannot open the lock {}: {fault}; check that its folder exists and can be written", path.display())]
    Io {
        /// The lock's file.
        path: PathBuf,
        /// Why.
        fault: std::io::Error,
    },
}

/// Where the lock of a ledger is: beside the file itself, by whatever links and detours it is named.
pub fn path(ledger: &Path) -> PathBuf {
    let folder = ledger.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    let real = ledger.canonicalize().or_else(|_| {
        // not there yet, or a link to where it will be
        let target = std::fs::read_link(ledger).unwrap_or_else(|_| ledger.to_owned());
        match (folder?.join(&target), target.file_name()) {
            (whole, Some(name)) => {
                let folder = whole.parent().unwrap_or(Path::new("/")).canonicalize()?;
                Ok(folder.join(name))
            }
            (whole, None) => Ok::<_, std::io::Error>(whole),
        }
    });
    let mut name = real.unwrap_or_else(|_| ledger.to_owned()).into_os_string();
    name.push(".lock");
    PathBuf::from(name)
}

/// What the run that holds the lock wrote into it; `None` when no run is going on. Looks into the
/// kernel's list and takes no lock: even for a moment that could turn a run away.
pub fn holder(ledger: &Path) -> Option<String> {
    let path = path(ledger);
    let inode = std::fs::metadata(&path).ok()?.ino().to_string();
    let holder = files::read_text(&path, 4096).ok()?;
    let pid = holder.split_whitespace().nth(1)?;
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let held = locks.lines().any(|line| {
        let mut words = line.split_whitespace().skip(1);
        let flock = words.next() == Some("FLOCK");
        let by = words.nth(2) == Some(pid);
        let on = words.next().and_then(|file| file.rsplit(':').next()) == Some(inode.as_str());
        flock && by && on
    });
    held.then(|| first_line(&holder))
}

/// When the latest run took the lock, as it wrote there, whatever became of it: RFC 3339. A run that
/// could not write into the ledger is known by nothing else.
pub fn latest(ledger: &Path) -> Option<String> {
    let holder = files::read_text(&path(ledger), 4096).ok()?;
    let since = first_line(&holder).split_whitespace().nth(3)?.to_owned();
    clock::parse(&since).map(|_| since)
}

fn first_line(holder: &str) -> String {
    holder.lines().next().unwrap_or_default().trim().to_owned()
}

/// After so long a run is thought to hang: it waits for nothing for longer than ten minutes.
const LONG_MINUTES: i64 = 60;

/// The alert about a run that does not end. Its mails are safe: what it was about to hand over is
/// `unknown` to the next run, and all else goes on.
fn hanging(holder: &str, now: &str) -> String {
    let mut words = holder.split_whitespace();
    let pid = words.nth(1).and_then(|pid| pid.parse::<u32>().ok());
    let since = words.nth(1).and_then(clock::parse);
    let (Some(pid), Some(since), Some(now)) = (pid, since, clock::parse(now)) else {
        return String::new();
    };
    match (now - since).num_minutes() {
        minutes if minutes < LONG_MINUTES => String::new(),
        minutes => format!(
            ". It has run for {} h {} min, and may hang: look what it waits for, or end it with `kill {pid}` (`kill -9 {pid}` \
             if it does not end); the next run takes up where it was",
            minutes / 60,
            minutes % 60
        ),
    }
}

impl RunLock {
    /// Takes the lock at once or not at all.
    ///
    /// # Errors
    /// When another run has it, or it cannot be opened.
    pub fn take(ledger: &Path, started: &str) -> Result<RunLock, LockError> {
        let path = path(ledger);
        let io = |fault| LockError::Io {
            path: path.clone(),
            fault,
        };
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            // a pipe in its place is written to like a file, and read without waiting
            .custom_flags(nix::libc::O_NONBLOCK)
            .open(&path)
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = first_line(&holder);
                let hint = hanging(&holder, started);
                return Err(LockError::Held { path, holder, hint });
            }
            Err(TryLockError::Error(fault)) => return Err(io(fault)),
        }
        let mut before = String::new();
        let _ = file.read_to_string(&mut before);
        let mut lock = RunLock {
            file,
            text: format!("process {} since {started}", std::process::id()),
            after_order: before.lines().nth(1).map(str::trim) == Some(ENDED),
        };
        lock.write(RUNNING);
        Ok(lock)
    }

    /// Whether the run before this one ended in order, and was not killed or crashed.
    pub fn after_order(&self) -> bool {
        self.after_order
    }

    /// Notes that this run ended in order, with whatever exit code.
    pub fn ended(&mut self) {
        self.write(ENDED);
    }

    /// A full disk must not keep a run from reporting that it is full: no error here is one.
    fn write(&mut self, state: &str) {
        let text = format!("{}\n{state}\n", self.text);
        let padded = format!("{text:<LENGTH$}");
        let _ = self.file.seek(SeekFrom::Start(0));
        let _ = self.file.write_all(padded.as_bytes());
        let _ = self.file.set_len(padded.len() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_does_not_end_is_told_with_what_to_type() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("l.db");
        let _lock = RunLock::take(&ledger, "2025-06-02T10:00:00Z").expect("the lock");
        let said = |now: &str| RunLock::take(&ledger, now).err().expect("held").to_string();
        assert!(said("2025-06-02T10:59:00Z").ends_with("this one did nothing"));
        let long = said("2025-06-02T13:05:00Z");
        let kill = format!("`kill {}`", std::process::id());
        assert!(long.contains("3 h 5 min") && long.contains(&kill), "{long}");
    }

    #[test]
    fn every_name_of_a_ledger_has_one_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let real = folder.path().join("real");
        std::fs::create_dir(&real).expect("a folder");
        let ledger = real.join("l.db");
        std::os::unix::fs::symlink(&real, folder.path().join("way")).expect("a link");
        std::os::unix::fs::symlink("real/l.db", folder.path().join("l.db")).expect("a link");
        let names = [
            "l.db",
            "way/l.db",
            "real/../real/l.db",
            "way/../real/./l.db",
        ];
        // before there is one, and after
        for _ in 0..2 {
            let expected = path(&ledger);
            assert!(expected.ends_with("real/l.db.lock"), "{expected:?}");
            for name in names {
                assert_eq!(path(&folder.path().join(name)), expected, "{name}");
            }
            std::fs::write(&ledger, "").expect("a ledger");
        }
    }

    #[test]
    fn the_holder_is_named_while_it_holds() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("l.db");
        assert_eq!(holder(&ledger), None);
        let lock = RunLock::take(&ledger, "now").expect("the lock");
        let named = format!("process {} since now", std::process::id());
        assert_eq!(holder(&ledger), Some(named));
        assert!(RunLock::take(&ledger, "later").is_err());
        drop(lock);
        assert_eq!(holder(&ledger), None);
    }

    #[test]
    fn the_next_run_knows_whether_the_one_before_ended_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("l.db");
        let take = || RunLock::take(&ledger, "now").expect("the lock");
        assert!(!take().after_order(), "there was none, and it dies");
        let mut second = take();
        assert!(!second.after_order());
        second.ended();
        drop(second);
        assert!(take().after_order());
        assert!(!take().after_order(), "that one died again");
    }
}
