//! One run at a time: an advisory lock beside the ledger, held by the kernel for as long as the
//! process lives, so that no crash leaves a stale one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The lock; released when it is dropped or the process ends.
pub struct RunLock {
    _file: File,
}

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it: exit 75.
    #[error("another run holds the lock {} ({holder}): this one did nothing", path.display())]
    Held {
        /// The lock's file.
        path: PathBuf,
        /// What the other run wrote into it.
        holder: String,
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

/// Where the lock of a ledger is.
pub fn path(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// What the run that holds the lock wrote into it; `None` when no run is going on. Looks into the
/// kernel's list and takes no lock: even for a moment that could turn a run away.
pub fn holder(ledger: &Path) -> Option<String> {
    let path = path(ledger);
    let inode = std::fs::metadata(&path).ok()?.ino().to_string();
    let holder = std::fs::read_to_string(&path).ok()?;
    let pid = holder.split_whitespace().nth(1)?;
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let held = locks.lines().any(|line| {
        let mut words = line.split_whitespace().skip(1);
        let flock = words.next() == Some("FLOCK");
        let by = words.nth(2) == Some(pid);
        let on = words.next().and_then(|file| file.rsplit(':').next()) == Some(inode.as_str());
        flock && by && on
    });
    held.then(|| holder.trim().to_owned())
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
            .open(&path)
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim().to_owned();
                return Err(LockError::Held { path, holder });
            }
            Err(TryLockError::Error(fault)) => return Err(io(fault)),
        }
        // for people only; a full disk must not keep a run from reporting that it is full
        let _ = file.set_len(0);
        let _ = write!(file, "process {} since {started}", std::process::id());
        Ok(RunLock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
