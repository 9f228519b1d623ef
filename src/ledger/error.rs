//! What can go wrong with the ledger, said to the person who must act.

use crate::domain::business_refusal::BusinessRefusal;
use rusqlite::ErrorCode;

/// An error of the ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite's own trouble: disk, locks, corruption.
    // no #[from]: as a source it would be said once more after its explanation
    #[error("{}", explain(.0))]
    Sql(rusqlite::Error),
    /// The business forbids what was asked, as things stand.
    #[error("{0}")]
    Refused(BusinessRefusal),
    /// There is no such thing; a whole sentence.
    #[error("{0}")]
    NotFound(String),
    /// The ledger contradicts itself, or is of another version; a whole sentence.
    #[error("{0}")]
    Broken(String),
    /// A file beside the ledger could not be read or written.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
}

/// Result of the ledger's calls.
pub type Result<T> = std::result::Result<T, LedgerError>;

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> LedgerError {
        LedgerError::Sql(error)
    }
}

impl From<BusinessRefusal> for LedgerError {
    fn from(refusal: BusinessRefusal) -> LedgerError {
        LedgerError::Refused(refusal)
    }
}

impl LedgerError {
    /// Whether the ledger cannot be read or written at all, or may not be believed: then a run ends at
    /// once. Any other fault is that of one row or act, and the rest goes on.
    pub fn ends_all(&self) -> bool {
        match self {
            LedgerError::Sql(fault) => matches!(
                fault.sqlite_error_code(),
                Some(
                    ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                        | ErrorCode::DiskFull
                        | ErrorCode::ReadOnly
                        | ErrorCode::DatabaseCorrupt
                        | ErrorCode::NotADatabase
                        | ErrorCode::CannotOpen
                        | ErrorCode::SystemIoFailure
                        | ErrorCode::PermissionDenied
                        | ErrorCode::OutOfMemory
                        | ErrorCode::FileLockingProtocolFailed
                )
            ),
            LedgerError::Broken(_) | LedgerError::File(..) => true,
            LedgerError::Refused(_) | LedgerError::NotFound(_) => false,
        }
    }
}

/// Whether SQLite's shared memory could not grow: a full disk, which it calls an I/O error
/// (`SQLITE_IOERR_SHMSIZE`).
fn is_full(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    code == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

/// SQLite's result codes (sqlite.org/rescode.html) in the words of someone who must mend them.
fn explain(error: &rusqlite::Error) -> String {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) if is_full(error) => {
            "the disk of the ledger is full: make room, then run again; nothing was lost"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "the ledger is busy: another program held it for more than 10 s; find it with `fuser` on the ledger and try again"
        }
        Some(ErrorCode::DiskFull) => {
            "the disk of the ledger is full: make room, then run again; nothing was lost"
        }
        Some(ErrorCode::ReadOnly) => {
            "the ledger cannot be written: check the owner and mode of the file and its folder, and whether the disk is mounted read-only"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the ledger is damaged: stop, keep the file, and restore the latest good `poms backup`"
        }
        Some(ErrorCode::CannotOpen) => {
            "the ledger cannot be opened: check that its folder exists and belongs to the user who runs poms, and that the disk is not mounted read-only"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "the disk failed while the ledger was read or written: check the disk (dmesg), then run again"
        }
        _ => return format!("the ledger failed: {error}"),
    };
    format!("{advice} ({error})")
}
