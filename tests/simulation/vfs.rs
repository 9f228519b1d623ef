//! The disk of memory as a file system of SQLite (<https://sqlite.org/vfs.html>). It is the default one
//! of this process: files of worlds that are registered are theirs, all others go to the real one.
//!
//! All `unsafe` of it is here: SQLite calls with pointers that its documentation promises to be valid.

use super::disk::{Answer, Shared};
use super::shm::{self, Index};
use rusqlite::ffi::*;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};

/// The real file system.
static REAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());
static ONCE: Once = Once::new();
static WORLDS: Mutex<Vec<(String, Arc<Volume>)>> = Mutex::new(Vec::new());

/// A world's disk, and the locks of those who have its files open.
pub struct Volume {
    disk: Shared,
    pub open: Mutex<Table>,
}

#[derive(Default)]
pub struct Table {
    next: u64,
    /// Of each file and start: who holds which lock.
    locks: BTreeMap<(u64, String), BTreeMap<u64, c_int>>,
    pub shared: BTreeMap<(u64, String), Arc<Mutex<Index>>>,
}

/// What SQLite keeps for an open file of ours.
#[repr(C)]
struct File {
    base: sqlite3_file,
    handle: *mut Handle,
}

pub struct Handle {
    pub id: u64,
    name: String,
    start: u64,
    pub volume: Arc<Volume>,
    pub index: Option<Arc<Mutex<Index>>>,
}

pub fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handle {
    pub fn key(&self) -> (u64, String) {
        (self.start, self.name.clone())
    }

    /// Whether the machine that it was opened on still runs.
    pub fn alive(&self) -> bool {
        let disk = held(&self.volume.disk);
        !disk.dead && disk.start == self.start
    }
}

/// Takes all files whose names begin with `prefix` into a world; until [`forget`].
pub fn mount(prefix: &str, disk: Shared) {
    ONCE.call_once(register);
    let open = Mutex::default();
    held(&WORLDS).push((prefix.to_owned(), Arc::new(Volume { disk, open })));
}

pub fn forget(prefix: &str) {
    held(&WORLDS).retain(|(other, _)| other != prefix);
}

fn register() {
    // SAFETY: the default file system of SQLite is there for the whole process, and so is the copy of
    // it that is leaked here with some of its functions exchanged.
    unsafe {
        sqlite3_initialize();
        let real = sqlite3_vfs_find(std::ptr::null());
        REAL.store(real, Ordering::SeqCst);
        let mut ours = *real;
        ours.szOsFile = ours.szOsFile.max(size_of::<File>() as c_int);
        ours.pNext = std::ptr::null_mut();
        ours.zName = c"poms-simulation".as_ptr();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        ours.xAccess = Some(access);
        let ours = Box::leak(Box::new(ours));
        assert_eq!(sqlite3_vfs_register(ours, 1), SQLITE_OK);
    }
}

fn volume(name: *const c_char) -> Option<(Arc<Volume>, String)> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end in NUL.
    let name = unsafe { CStr::from_ptr(name) }.to_str().ok()?;
    let worlds = held(&WORLDS);
    let found = worlds.iter().find(|(prefix, _)| name.starts_with(prefix));
    found.map(|(_, volume)| (Arc::clone(volume), name.to_owned()))
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let Some((volume, name)) = volume(name) else {
        let real = REAL.load(Ordering::SeqCst);
        // SAFETY: passed on as it came; the buffer is as large as the real one asks for.
        return unsafe {
            (*real)
                .xOpen
                .map_or(SQLITE_ERROR, |open| open(real, name, file, flags, out))
        };
    };
    let file = file.cast::<File>();
    // SAFETY: `szOsFile` bytes are at `file`; without methods SQLite does not close what failed to open.
    unsafe { (*file).base.pMethods = std::ptr::null() };
    let start = {
        let mut disk = held(&volume.disk);
        if disk.dead || (!disk.exists(&name) && flags & SQLITE_OPEN_CREATE == 0) {
            return SQLITE_CANTOPEN;
        }
        disk.create(&name);
        disk.start
    };
    if flags & SQLITE_OPEN_MAIN_DB != 0 {
        // others ask the real file system whether there is a ledger
        let there = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&name);
        if there.is_err() {
            return SQLITE_CANTOPEN;
        }
    }
    let id = {
        let mut table = held(&volume.open);
        table.next += 1;
        table.next
    };
    let handle = Box::new(Handle {
        id,
        name,
        start,
        volume,
        index: None,
    });
    // SAFETY: as above.
    unsafe {
        (*file).handle = Box::into_raw(handle);
        (*file).base.pMethods = &raw const METHODS;
        if !out.is_null() {
            *out = flags;
        }
    }
    SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    match volume(name) {
        Some((volume, name)) => code(held(&volume.disk).remove(&name), SQLITE_IOERR_DELETE),
        None => {
            let real = REAL.load(Ordering::SeqCst);
            // SAFETY: passed on as it came.
            unsafe {
                (*real)
                    .xDelete
                    .map_or(SQLITE_ERROR, |delete| delete(real, name, sync))
            }
        }
    }
}

unsafe extern "C" fn access(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let Some((volume, name)) = volume(name) else {
        let real = REAL.load(Ordering::SeqCst);
        // SAFETY: passed on as it came.
        return unsafe {
            (*real)
                .xAccess
                .map_or(SQLITE_ERROR, |access| access(real, name, flags, out))
        };
    };
    let there = held(&volume.disk).exists(&name);
    // SAFETY: SQLite gives room for the answer.
    unsafe { *out = c_int::from(there) };
    SQLITE_OK
}

fn code(answer: Answer, failed: c_int) -> c_int {
    match answer {
        Answer::Done => SQLITE_OK,
        Answer::Full => SQLITE_FULL,
        Answer::Failed => failed,
    }
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm::map),
    xShmLock: Some(shm::lock),
    xShmBarrier: Some(shm::barrier),
    xShmUnmap: Some(shm::unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The handle of an open file.
///
/// # Safety
/// `file` is one that [`open`] opened and [`close`] has not closed; SQLite uses a connection's files
/// from one thread at a time.
pub unsafe fn handle<'a>(file: *mut sqlite3_file) -> &'a mut Handle {
    // SAFETY: the caller's promise.
    unsafe { &mut *(*file.cast::<File>()).handle }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes each file once; the box was made by `open`.
    let mut handle = unsafe { Box::from_raw((*file.cast::<File>()).handle) };
    shm::leave(&mut handle);
    let mut table = held(&handle.volume.open);
    if let Some(locks) = table.locks.get_mut(&handle.key()) {
        locks.remove(&handle.id);
    }
    SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    count: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and `count` bytes at `into`.
    let (handle, into) = unsafe {
        (
            handle(file),
            std::slice::from_raw_parts_mut(into.cast::<u8>(), count as usize),
        )
    };
    if !handle.alive() {
        return SQLITE_IOERR_READ;
    }
    match held(&handle.volume.disk).read(&handle.name, at as usize, into) {
        true => SQLITE_OK,
        false => SQLITE_IOERR_SHORT_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and `count` bytes at `from`.
    let (handle, from) = unsafe {
        (
            handle(file),
            std::slice::from_raw_parts(from.cast::<u8>(), count as usize),
        )
    };
    if !handle.alive() {
        return SQLITE_IOERR_WRITE;
    }
    let answer = held(&handle.volume.disk).write(&handle.name, at as usize, from);
    code(answer, SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    if !handle.alive() {
        return SQLITE_IOERR_TRUNCATE;
    }
    let answer = held(&handle.volume.disk).truncate(&handle.name, length as usize);
    code(answer, SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    if !handle.alive() {
        return SQLITE_IOERR_FSYNC;
    }
    let answer = held(&handle.volume.disk).sync(&handle.name);
    code(answer, SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut sqlite3_int64) -> c_int {
    // SAFETY: an open file, and room for the answer.
    unsafe {
        let handle = handle(file);
        if !handle.alive() {
            return SQLITE_IOERR_FSTAT;
        }
        *out = held(&handle.volume.disk).size(&handle.name) as sqlite3_int64;
    }
    SQLITE_OK
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    if !handle.alive() {
        return SQLITE_IOERR_LOCK;
    }
    let mut table = held(&handle.volume.open);
    let locks = table.locks.entry(handle.key()).or_default();
    let others = locks.iter().filter(|(id, _)| **id != handle.id);
    let highest = others
        .map(|(_, level)| *level)
        .max()
        .unwrap_or(SQLITE_LOCK_NONE);
    let mine = locks.entry(handle.id).or_insert(SQLITE_LOCK_NONE);
    if *mine >= level {
        return SQLITE_OK;
    }
    let refused = match level {
        SQLITE_LOCK_SHARED => highest >= SQLITE_LOCK_PENDING,
        SQLITE_LOCK_RESERVED => highest >= SQLITE_LOCK_RESERVED,
        _ => highest >= SQLITE_LOCK_SHARED,
    };
    if refused {
        if level == SQLITE_LOCK_EXCLUSIVE && highest == SQLITE_LOCK_SHARED {
            *mine = SQLITE_LOCK_PENDING;
        }
        return SQLITE_BUSY;
    }
    *mine = level;
    SQLITE_OK
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let mut table = held(&handle.volume.open);
    let locks = table.locks.entry(handle.key()).or_default();
    locks.insert(handle.id, level);
    SQLITE_OK
}

unsafe extern "C" fn check_reserved(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: an open file, and room for the answer.
    unsafe {
        let handle = handle(file);
        let table = held(&handle.volume.open);
        let locks = table.locks.get(&handle.key());
        let reserved = |locks: &BTreeMap<u64, c_int>| {
            locks.values().any(|level| *level >= SQLITE_LOCK_RESERVED)
        };
        *out = c_int::from(locks.is_some_and(reserved));
    }
    SQLITE_OK
}

unsafe extern "C" fn control(_: *mut sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut sqlite3_file) -> c_int {
    4096
}

unsafe extern "C" fn characteristics(_: *mut sqlite3_file) -> c_int {
    SQLITE_IOCAP_POWERSAFE_OVERWRITE
}
