//! The shared memory of a write-ahead log (<https://sqlite.org/walformat.html>, "the WAL-index"), and
//! its locks. It lives as long as somebody has it open; a machine that starts again has none.

use super::vfs::{Handle, handle, held};
use rusqlite::ffi::*;
use std::ffi::{c_int, c_void};
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

const LOCKS: usize = SQLITE_SHM_NLOCK as usize;

#[derive(Default)]
pub struct Index {
    /// Never moved nor freed while a handle has the index: SQLite keeps pointers into them.
    regions: Vec<Box<[u64]>>,
    users: usize,
    /// Of each lock: who shares it, and who has it alone.
    locks: [(Vec<u64>, Option<u64>); LOCKS],
}

pub unsafe extern "C" fn map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file, and room for the answer.
    let (handle, out) = unsafe { (handle(file), &mut *out) };
    *out = std::ptr::null_mut();
    if !handle.alive() {
        return SQLITE_IOERR_SHMMAP;
    }
    let mut index = held(index(handle));
    let region = region as usize;
    while extend != 0 && index.regions.len() <= region {
        let words = size as usize / size_of::<u64>();
        index.regions.push(vec![0; words].into_boxed_slice());
    }
    if let Some(region) = index.regions.get_mut(region) {
        *out = region.as_mut_ptr().cast();
    }
    SQLITE_OK
}

/// The index of the handle's file, joined at first use.
fn index(handle: &mut Handle) -> &std::sync::Mutex<Index> {
    if handle.index.is_none() {
        let mut table = held(&handle.volume.open);
        let shared = table.shared.entry(handle.key()).or_default();
        let shared = Arc::clone(shared);
        held(&shared).users += 1;
        drop(table);
        handle.index = Some(shared);
    }
    handle.index.as_ref().expect("joined above")
}

pub unsafe extern "C" fn lock(
    file: *mut sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let id = handle.id;
    let alive = handle.alive();
    let mut index = held(index(handle));
    let range = first as usize..(first + count) as usize;
    let Some(locks) = index.locks.get_mut(range) else {
        return SQLITE_IOERR_SHMLOCK;
    };
    if flags & SQLITE_SHM_UNLOCK != 0 {
        for (shared, alone) in locks {
            shared.retain(|other| *other != id);
            alone.take_if(|other| *other == id);
        }
        return SQLITE_OK;
    }
    if !alive {
        return SQLITE_IOERR_SHMLOCK;
    }
    let exclusive = flags & SQLITE_SHM_EXCLUSIVE != 0;
    let refused = locks.iter().any(|(shared, alone)| {
        let other = alone.is_some_and(|other| other != id);
        other || (exclusive && shared.iter().any(|other| *other != id))
    });
    if refused {
        return SQLITE_BUSY;
    }
    for (shared, alone) in locks {
        match exclusive {
            true => *alone = Some(id),
            false if !shared.contains(&id) => shared.push(id),
            false => {}
        }
    }
    SQLITE_OK
}

pub unsafe extern "C" fn barrier(_: *mut sqlite3_file) {
    fence(Ordering::SeqCst);
}

pub unsafe extern "C" fn unmap(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    leave(unsafe { handle(file) });
    SQLITE_OK
}

/// Gives up the index; the last one takes it away.
pub fn leave(handle: &mut Handle) {
    let Some(shared) = handle.index.take() else {
        return;
    };
    let mut table = held(&handle.volume.open);
    let mut index = held(&shared);
    for (shared, alone) in &mut index.locks {
        shared.retain(|other| *other != handle.id);
        alone.take_if(|other| *other == handle.id);
    }
    index.users -= 1;
    if index.users == 0 {
        table.shared.remove(&handle.key());
    }
}
