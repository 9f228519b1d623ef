//! Moving files away that have their outcome: never over another, never one that was not read.

use super::super::SourceFailure;
use super::super::files::{names_for, shown};
use super::folder_in;
use super::taken::Stamp;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{Error, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Moves a file into a folder beside it, under a name that is free there. One that is gone, or is another by
/// now, stays: the next run reads that.
///
/// # Errors
/// What keeps it from being moved.
pub(super) fn put_away(
    folder: &Path,
    name: &OsStr,
    stamp: &Stamp,
    to: &str,
) -> Result<(), SourceFailure> {
    let from = folder.join(name);
    let failed = |fault: Error| not_moved(&from, to, &fault);
    match fs::symlink_metadata(&from) {
        Ok(about) if Stamp::of(&about) == *stamp => {}
        Ok(_) => return Ok(()),
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(failed(fault)),
    }
    let target = free(&folder_in(folder, to), name).map_err(failed)?;
    fs::rename(&from, &target).map_err(failed)?;
    // somebody may have put another there since it was looked at: that one was not read
    match fs::symlink_metadata(&target) {
        Ok(about) if Stamp::of(&about) != *stamp => put_back(&target, &from).map_err(failed),
        _ => Ok(()),
    }
}

/// Gives a file back that was not read: under its name, or beside what took its place.
fn put_back(target: &Path, from: &Path) -> std::io::Result<()> {
    let folder = from.parent().unwrap_or(Path::new("."));
    let name = from.file_name().unwrap_or_default();
    for place in candidates(folder, name) {
        // a link takes no place that is taken
        match fs::hard_link(target, &place) {
            Ok(()) => return fs::remove_file(target),
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// A path in the folder that nothing has, the folder made where it is missing.
fn free(folder: &Path, name: &OsStr) -> std::io::Result<PathBuf> {
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(fault) if fault.kind() != ErrorKind::AlreadyExists => return Err(fault),
        _ => {}
    }
    if !fs::symlink_metadata(folder)?.is_dir() {
        return Err(Error::new(ErrorKind::NotADirectory, "it is no folder"));
    }
    for place in candidates(folder, name) {
        match fs::symlink_metadata(&place) {
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(place),
            Err(fault) => return Err(fault),
            Ok(_) => {}
        }
    }
    Err(Error::other("there are too many files of that name"))
}

/// A file's name in a folder, and what it may be called there if that is taken.
fn candidates(folder: &Path, name: &OsStr) -> impl Iterator<Item = PathBuf> + use<> {
    let folder = folder.to_owned();
    names_for(shown(name.as_bytes())).map(move |name| folder.join(name))
}

/// Moves a file of its own through the folder, as a run will move others.
///
/// # Errors
/// The permission that is missing.
pub(super) fn try_out(folder: &Path, to: &str) -> Result<(), SourceFailure> {
    let name = OsString::from(format!(".poms-check-{}", std::process::id()));
    let from = folder.join(&name);
    let moved = || -> std::io::Result<()> {
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&from)?;
        let target = free(&folder_in(folder, to), &name)?;
        fs::rename(&from, &target)?;
        fs::remove_file(&target)
    };
    moved().map_err(|fault| {
        let _ = fs::remove_file(&from);
        not_moved(&from, to, &fault)
    })
}

fn not_moved(from: &Path, to: &str, fault: &Error) -> SourceFailure {
    let folder = from.parent().unwrap_or(Path::new(".")).display();
    let what = format!(
        "{} cannot be moved to {folder}/{to}: {fault}",
        from.display()
    );
    SourceFailure::lasting(
        what,
        format!(
            "let the user of poms write to {folder} and {folder}/{to}; until then the file is known again and left"
        ),
    )
}
