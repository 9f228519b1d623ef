//! The file of anchors on a disk that forgets: the file is a real one, and what of it was synced is
//! known by standing between poms and the system's `write`, `fsync` and `fdatasync` on the thread of the
//! world. Each is a step at which the machine may end or a fault is met. The disk under the anchors never
//! lies: that is what they are for.

use super::chance::Chance;
use super::disk::{Elsewhere, Shared};
use nix::libc::{
    self, SYS_fdatasync, SYS_fsync, SYS_write, c_int, c_long, c_void, size_t, ssize_t,
};
use std::cell::RefCell;
use std::fs::Metadata;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::PoisonError;

struct Watched {
    path: PathBuf,
    disk: Shared,
    /// What would be there without power, if its name is.
    durable: Vec<u8>,
    /// Whether its folder was synced since it is there.
    named: bool,
}

thread_local! {
    static WATCHED: RefCell<Option<Watched>> = const { RefCell::new(None) };
}

/// From now on this file is on this world's disk.
pub fn watch(path: PathBuf, disk: Shared) {
    WATCHED.set(Some(Watched {
        path,
        disk,
        durable: Vec::new(),
        named: false,
    }));
}

pub fn release() {
    WATCHED.set(None);
}

/// The power went: the file may be gone if its folder was not synced, and of what was appended since its
/// last sync there is nothing, all, or the beginning.
pub fn cut(chance: &mut Chance) {
    let Some(mut watched) = WATCHED.take() else {
        return;
    };
    let now = std::fs::read(&watched.path).unwrap_or_default();
    let since = now.len().saturating_sub(watched.durable.len());
    let kept = match chance.below(3) {
        0 => 0,
        1 => since,
        _ => usize::try_from(chance.below(since as u64 + 1)).unwrap_or(0),
    };
    let gone = !watched.named && chance.one_in(2);
    let length = now.len() - since + kept;
    if gone {
        let _ = std::fs::remove_file(&watched.path);
        watched.durable = Vec::new();
    } else if watched.path.exists() {
        let file = std::fs::OpenOptions::new().write(true).open(&watched.path);
        file.and_then(|file| file.set_len(length as u64))
            .expect("the anchors");
        watched.durable = now[..length].to_vec();
        watched.named = true;
    }
    WATCHED.set(Some(watched));
}

/// What a descriptor is to the world on this thread.
#[derive(PartialEq, Eq)]
enum Is {
    Anchors,
    Folder,
}

fn about(fd: c_int) -> Option<Metadata> {
    // SAFETY: the caller of write or fsync vouches for it while the call lasts.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    let owned = fd.try_clone_to_owned().ok()?;
    std::fs::File::from(owned).metadata().ok()
}

impl Watched {
    fn knows(&self, fd: c_int) -> Option<Is> {
        let known = about(fd)?;
        let same = |other: std::io::Result<Metadata>| {
            other.is_ok_and(|other| (other.dev(), other.ino()) == (known.dev(), known.ino()))
        };
        match () {
            () if same(std::fs::metadata(&self.path)) => Some(Is::Anchors),
            () if same(std::fs::metadata(self.path.parent()?)) => Some(Is::Folder),
            () => None,
        }
    }

    fn step(&self, sync: bool) -> Elsewhere {
        let mut disk = self.disk.lock().unwrap_or_else(PoisonError::into_inner);
        disk.elsewhere(sync)
    }

    fn synced(&mut self, what: &Is) {
        match what {
            Is::Anchors => self.durable = std::fs::read(&self.path).unwrap_or_default(),
            Is::Folder => self.named = true,
        }
    }
}

/// With the world of this thread, if there is one and it knows the descriptor.
fn with<T>(fd: c_int, act: impl FnOnce(&mut Watched, Is) -> T) -> Option<T> {
    // what happens meanwhile on this thread is our own
    let watched = WATCHED.try_with(|watched| watched.try_borrow_mut().ok()?.take());
    let mut watched = watched.ok().flatten()?;
    let done = watched.knows(fd).map(|is| act(&mut watched, is));
    WATCHED.set(Some(watched));
    done
}

fn failed(errno: c_int) -> c_int {
    // SAFETY: the C library's own place for it, of this thread.
    unsafe { *libc::__errno_location() = errno };
    -1
}

/// Stands in the C library's place for all of the tests; others than the world's anchors go through.
///
/// # Safety
/// As write(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, bytes: *const c_void, count: size_t) -> ssize_t {
    // SAFETY: the caller's promise, which is the system's own.
    let through = |count: size_t| unsafe { libc::syscall(SYS_write, fd, bytes, count) as ssize_t };
    let ours = with(fd, |watched, is| match is {
        Is::Folder => None,
        Is::Anchors => Some(match watched.step(false) {
            Elsewhere::Done => through(count),
            Elsewhere::Dead => failed(libc::EIO) as ssize_t,
            Elsewhere::Full => failed(libc::ENOSPC) as ssize_t,
            Elsewhere::Torn => {
                through(count / 2);
                failed(libc::EIO) as ssize_t
            }
            Elsewhere::Last => {
                through(count);
                failed(libc::EIO) as ssize_t
            }
        }),
    });
    match ours.flatten() {
        Some(done) => done,
        None => through(count),
    }
}

fn sync(fd: c_int, call: c_long) -> c_int {
    let ours = with(fd, |watched, is| match watched.step(true) {
        Elsewhere::Done => {
            watched.synced(&is);
            0
        }
        _ => failed(libc::EIO),
    });
    // SAFETY: a call that changes no memory.
    ours.unwrap_or_else(|| unsafe { libc::syscall(call, fd) as c_int })
}

/// As [`write`].
#[unsafe(no_mangle)]
pub extern "C" fn fsync(fd: c_int) -> c_int {
    sync(fd, SYS_fsync)
}

/// As [`write`].
#[unsafe(no_mangle)]
pub extern "C" fn fdatasync(fd: c_int) -> c_int {
    sync(fd, SYS_fdatasync)
}
