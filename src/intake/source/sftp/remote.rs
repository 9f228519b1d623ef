//! What is done with files of an SFTP server, and what its answers mean.

use super::super::SourceFailure;
use super::super::files::names_for;
use super::connect::{failed, is_lost};
use crate::config::SftpConfig;
use ssh2::{Error, ErrorCode, FileStat, RenameFlags, Sftp};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// `SSH_FX_NO_SUCH_FILE` and `SSH_FX_PERMISSION_DENIED` (draft-ietf-secsh-filexfer-02, 7).
pub(super) const NO_SUCH_FILE: ErrorCode = ErrorCode::SFTP(2);
const DENIED: ErrorCode = ErrorCode::SFTP(3);

/// Bits of a file's type in its mode, and those of a file, a folder and a link.
pub(super) const TYPE: u32 = 0o170_000;
pub(super) const FILE: u32 = 0o100_000;
pub(super) const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

/// So many bytes of a file, within a time however slowly they trickle.
pub(super) fn take(file: &mut ssh2::File, most: u64, limit: Duration) -> std::io::Result<Vec<u8>> {
    let until = Instant::now() + limit;
    let mut bytes = Vec::new();
    let mut piece = vec![0; 32 << 10];
    while (bytes.len() as u64) < most {
        let length = file.read(&mut piece)?;
        if length == 0 {
            break;
        }
        bytes.extend_from_slice(&piece[..length]);
        if Instant::now() > until {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
    }
    bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(bytes)
}

/// Makes a folder where it is missing.
pub(super) fn make(files: &Sftp, folder: &Path) -> Result<(), Error> {
    match files.stat(folder) {
        Err(fault) if fault.code() == NO_SUCH_FILE => files.mkdir(folder, 0o700),
        found => found.map(drop),
    }
}

/// Renames a file into a folder, under the first name that is free there. The server refuses to rename over
/// another (draft-ietf-secsh-filexfer-02, 6.5).
pub(super) fn rename(
    files: &Sftp,
    from: &Path,
    folder: &Path,
    name: &str,
) -> Result<PathBuf, Error> {
    let mut last = Error::from_errno(ErrorCode::SFTP(4));
    for name in names_for(name.to_owned()) {
        let target = folder.join(name);
        match files.lstat(&target) {
            Ok(_) => continue,
            Err(fault) if fault.code() == NO_SUCH_FILE => {}
            Err(fault) => return Err(fault),
        }
        match files.rename(
            from,
            &target,
            Some(RenameFlags::ATOMIC | RenameFlags::NATIVE),
        ) {
            Ok(()) => return Ok(target),
            Err(fault) if files.lstat(&target).is_ok() => last = fault,
            Err(fault) => return Err(fault),
        }
    }
    Err(last)
}

/// A trusted folder and its files must be such that only their owner can write them, where the server tells.
pub(super) fn only_ours(
    config: &SftpConfig,
    path: &Path,
    about: &FileStat,
) -> Result<(), SourceFailure> {
    let mode = about.perm.unwrap_or_default();
    if !config.trusted || mode & 0o022 == 0 {
        return Ok(());
    }
    Err(SourceFailure::lasting(
        format!(
            "{} on {}:{} is trusted, and has mode {:04o}: users other than its owner can write it",
            path.display(),
            config.server.host,
            config.server.port,
            mode & 0o7777
        ),
        "take that right away there (chmod go-w), or have the files signed and leave trusted = true away",
    ))
}

pub(super) fn no_file(config: &SftpConfig, name: &str, kind: Option<u32>) -> SourceFailure {
    let kind = match kind {
        Some(LINK) => "a symbolic link",
        Some(_) => "no file",
        None => "of a kind that the server does not tell",
    };
    SourceFailure::lasting(
        format!(
            "{}/{name} on {}:{} is {kind}, and is not read",
            config.path, config.server.host, config.server.port
        ),
        "put a file there, or take it away",
    )
}

/// Why something cannot be done with a path of the server.
pub(super) fn of_path(config: &SftpConfig, act: &str, path: &Path, fault: &Error) -> SourceFailure {
    if is_lost(fault) {
        return failed(&config.server, "was lost", fault);
    }
    let what = format!(
        "{} on {}:{}: the user {} cannot {act} it: {}",
        path.display(),
        config.server.host,
        config.server.port,
        config.server.user,
        fault.message()
    );
    let remedy = match fault.code() {
        NO_SUCH_FILE => "make it there, or correct path".to_owned(),
        DENIED => format!("have its owner give {} the right to", config.server.user),
        _ => "see the server's log".to_owned(),
    };
    SourceFailure::lasting(what, remedy)
}

/// Whether a file is as old by this machine's clock. A server's clock that is behind makes files look older than
/// they are: the name says best what is finished.
pub(super) fn has_stood_still(modified: u64, settle: Duration, now: SystemTime) -> bool {
    let modified = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(modified));
    let age = modified.and_then(|at| now.duration_since(at).ok());
    settle.is_zero() || age.is_some_and(|age| age >= settle)
}
