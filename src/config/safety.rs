//! Who may read and change the files that poms trusts: keys, secrets, ledger and configuration. A
//! file that others can reach is refused, with the command that mends it.

use crate::files;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::{Mode, umask};
use std::fs::Metadata;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// How a file must be protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nobody but the owner may read or write it: keys, secrets.
    Private,
    /// As [`Need::Private`], and so must be SQLite's files beside it. It may not be there yet.
    Ledger,
    /// Others may read it, and not write it: public keys, CA files, a configuration without secrets.
    Guarded,
    /// A directory of which every file is guarded, and which no link in it leaves.
    Tree,
    /// Given by systemd: the group may read it (an ACL shows as group bits), others may not.
    Credential,
    /// Nothing: folders into which other programs deliver.
    Open,
}

/// Makes what this process writes private, and keeps its memory out of core files: umask 077,
/// `PR_SET_DUMPABLE` 0 (prctl(2)), `RLIMIT_CORE` 0 (setrlimit(2)).
///
/// # Errors
/// When the kernel refuses; say so and stop, as secrets could then reach a core file.
pub fn harden() -> std::io::Result<()> {
    umask(Mode::from_bits_truncate(0o077));
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    nix::sys::prctl::set_dumpable(false)?;
    Ok(())
}

/// Checks a file and the folder that it is in. A file that is not there is no fault here: who
/// needs it says so.
///
/// # Errors
/// What is wrong, with path, mode and the command that mends it.
pub fn check(path: &Path, need: Need) -> Result<(), String> {
    if need == Need::Open {
        return Ok(());
    }
    let me = nix::unistd::geteuid().as_raw();
    // the folder of the name that was given, and that of the file behind a link
    check_folder(parent(path), me)?;
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(format!("{} cannot be reached: {error}", path.display())),
    };
    if let Ok(real) = path.canonicalize()
        && real != path
    {
        check_folder(parent(&real), me)?;
    }
    if need != Need::Tree && !metadata.is_file() {
        return Err(format!(
            "{} is no file (a folder, a pipe or a device): name a file",
            path.display()
        ));
    }
    check_metadata(path, &metadata, need, me)?;
    match need {
        Need::Ledger => ["-wal", "-shm", "-journal"]
            .iter()
            .try_for_each(|suffix| check_beside(path, suffix, me)),
        Need::Tree => check_tree(path, me),
        _ => Ok(()),
    }
}

/// Opens, checks and reads a file that must be there; the checks are made on what was opened, so
/// that nobody can exchange it in between.
///
/// # Errors
/// When it cannot be read, is not protected as `need` demands, or is longer than `longest` bytes.
pub fn read(path: &Path, need: Need, longest: u64) -> Result<Zeroizing<Vec<u8>>, String> {
    let fault = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let me = nix::unistd::geteuid().as_raw();
    let (file, metadata) = files::open(path).map_err(fault)?;
    check_metadata(path, &metadata, need, me)?;
    check_folder(parent(path), me)?;
    let bytes = files::take(file, metadata.len(), longest).map_err(fault)?;
    Ok(Zeroizing::new(bytes))
}

/// The folder that a path is in; the current one for a plain name.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) => Path::new("."),
        None => Path::new("/"),
    }
}

fn check_beside(ledger: &Path, suffix: &str, me: u32) -> Result<(), String> {
    let mut name = ledger.as_os_str().to_owned();
    name.push(suffix);
    let path = PathBuf::from(name);
    match std::fs::metadata(&path) {
        Ok(metadata) => check_metadata(&path, &metadata, Need::Private, me),
        Err(_) => Ok(()),
    }
}

/// Every file of a directory of templates, three levels deep.
fn check_tree(top: &Path, me: u32) -> Result<(), String> {
    let fault = |path: &Path, error| format!("{} cannot be read: {error}", path.display());
    let root = top.canonicalize().map_err(|error| fault(top, error))?;
    if !root.is_dir() {
        return Err(format!("{} is not a directory", top.display()));
    }
    let mut folders = vec![(root.clone(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| fault(&folder, error))?;
        for entry in entries {
            let path = entry.map_err(|error| fault(&folder, error))?.path();
            let real = path.canonicalize().map_err(|error| fault(&path, error))?;
            if !real.starts_with(&root) {
                return Err(format!(
                    "{} leads out of {}: copy the file instead of linking it",
                    path.display(),
                    top.display()
                ));
            }
            let metadata = std::fs::metadata(&real).map_err(|error| fault(&path, error))?;
            check_metadata(&path, &metadata, Need::Guarded, me)?;
            if metadata.is_dir() && depth < 3 && path == real {
                folders.push((path, depth + 1));
            }
        }
    }
    Ok(())
}

fn check_metadata(path: &Path, metadata: &Metadata, need: Need, me: u32) -> Result<(), String> {
    let own_group = group_is_private(metadata);
    if let Some(fault) = fault_of(metadata.mode(), need, own_group) {
        let mend = match need {
            Need::Private | Need::Ledger => "600",
            Need::Credential => "440",
            _ => "go-w",
        };
        return Err(format!(
            "{path} has mode {mode:04o}: {fault}. Run: chmod {mend} '{path}'",
            path = path.display(),
            mode = metadata.mode() & 0o7777,
        ));
    }
    check_owner(path, metadata, me)
}

fn check_owner(path: &Path, metadata: &Metadata, me: u32) -> Result<(), String> {
    if metadata.uid() == me || metadata.uid() == 0 {
        return Ok(());
    }
    Err(format!(
        "{path} belongs to user {owner}, who could change it: it must belong to root or to the user who runs \
         poms ({me}). Run: chown {me} '{path}'",
        path = path.display(),
        owner = metadata.uid(),
    ))
}

/// The folder decides who can put another file in the place of this one.
fn check_folder(folder: &Path, me: u32) -> Result<(), String> {
    let Ok(metadata) = std::fs::metadata(folder) else {
        return Ok(()); // not there: nothing in it to protect
    };
    if let Some(fault) = folder_fault(metadata.mode(), group_is_private(&metadata)) {
        return Err(format!(
            "the folder {path} has mode {mode:04o}: {fault}. Run: chmod go-w '{path}'",
            path = folder.display(),
            mode = metadata.mode() & 0o7777,
        ));
    }
    check_owner(folder, &metadata, me)
}

/// Refuses to make a file that is nobody else's business in a folder that others can write: who can,
/// puts a file of his own in its place. The sticky bit does not help against that.
///
/// # Errors
/// What is wrong with the folder, and what to do.
pub fn own_folder(file: &Path) -> Result<(), String> {
    let folder = parent(file);
    let Ok(metadata) = std::fs::metadata(folder) else {
        return Ok(()); // not there: who writes into it says so
    };
    let me = nix::unistd::geteuid().as_raw();
    check_owner(folder, &metadata, me)?;
    let banned = match group_is_private(&metadata) {
        true => 0o002,
        false => 0o022,
    };
    if metadata.mode() & banned == 0 {
        return Ok(());
    }
    Err(format!(
        "the folder {path} has mode {mode:04o}: other users can put files into it, and read or exchange what is written there. \
         Name one of your own (install -d -m 700 DIR), or run: chmod go-w '{path}'",
        path = folder.display(),
        mode = metadata.mode() & 0o7777,
    ))
}

/// Says why others can write a folder, or exchange it for another, and what to do; `None` where they cannot. For
/// what is believed because of where it lies.
pub fn why_exposed(folder: &Path) -> Option<String> {
    let me = nix::unistd::geteuid().as_raw();
    let safe = || {
        own_folder(&folder.join("file"))?;
        let real = folder
            .canonicalize()
            .map_err(|fault| format!("{} cannot be reached: {fault}", folder.display()))?;
        for path in [folder, real.as_path()] {
            let above = path.ancestors().skip(1);
            above
                .filter(|above| !above.as_os_str().is_empty())
                .try_for_each(|above| check_folder(above, me))?;
        }
        Ok(())
    };
    safe().err()
}

/// Whether the group of a file that it may write is its owner's alone.
pub fn is_group_own(metadata: &Metadata) -> bool {
    metadata.mode() & 0o002 == 0 && group_is_private(metadata)
}

/// Why a file of this mode is not safe.
fn fault_of(mode: u32, need: Need, own_group: bool) -> Option<&'static str> {
    let group_write = if own_group { 0 } else { 0o020 };
    let (banned, fault) = match need {
        Need::Private | Need::Ledger => (
            0o077,
            "only its owner may read or write it, and group or others can",
        ),
        Need::Credential => (
            0o037,
            "group or others can change it, or others can read it",
        ),
        Need::Guarded | Need::Tree => (
            0o002 | group_write,
            "users other than its owner can write it",
        ),
        Need::Open => (0, ""),
    };
    (mode & banned != 0).then_some(fault)
}

/// Why a folder of this mode is not safe: who can write it can exchange what is in it, unless the
/// sticky bit is set (inode(7)).
fn folder_fault(mode: u32, own_group: bool) -> Option<&'static str> {
    let banned = if own_group { 0o002 } else { 0o022 };
    let sticky = mode & 0o1000 != 0;
    (!sticky && mode & banned != 0).then_some("other users can exchange the files in it")
}

/// Whether the file's group is its owner's alone, as `adduser` makes them: of the same name, and
/// with no other member. Its write bit then gives nobody anything.
fn group_is_private(metadata: &Metadata) -> bool {
    if metadata.mode() & 0o020 == 0 {
        return false; // not asked: the answer costs two look-ups
    }
    let user = nix::unistd::User::from_uid(metadata.uid().into());
    let group = nix::unistd::Group::from_gid(metadata.gid().into());
    match (user, group) {
        (Ok(Some(user)), Ok(Some(group))) => {
            user.name == group.name && group.mem.iter().all(|member| *member == user.name)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
