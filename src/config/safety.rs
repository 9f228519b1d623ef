//! Who may read and change the files that poms trusts (threats 19 and 21): keys, secrets, ledger
//! and configuration. A file that others can reach is refused, with the command that mends it.

use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::{Mode, umask};
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
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
    let file = File::open(path).map_err(fault)?;
    let metadata = file.metadata().map_err(fault)?;
    if !metadata.is_file() {
        return Err(format!("{} is not a file", path.display()));
    }
    check_metadata(path, &metadata, need, me)?;
    check_folder(parent(path), me)?;
    // one allocation, so that no copy of a secret is left behind by a growing buffer
    let room = usize::try_from(metadata.len().min(longest)).unwrap_or(0) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.take(longest + 1)
        .read_to_end(&mut bytes)
        .map_err(fault)?;
    if bytes.len() as u64 > longest {
        return Err(format!("{} is longer than {longest} bytes", path.display()));
    }
    Ok(bytes)
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
mod tests {
    use super::*;
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path, mode: u32) {
        set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn every_mode_of_a_private_file_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join("key");
        std::fs::write(&key, "k").unwrap();
        for bits in 0..=0o777 {
            mode(&key, bits);
            let private = bits & 0o077 == 0;
            for need in [Need::Private, Need::Ledger] {
                assert_eq!(check(&key, need).is_ok(), private, "{bits:04o}");
            }
            assert_eq!(check(&key, Need::Open), Ok(()));
            let credential = bits & 0o037 == 0;
            assert_eq!(
                check(&key, Need::Credential).is_ok(),
                credential,
                "{bits:04o}"
            );
        }
        mode(&key, 0o640);
        let fault = check(&key, Need::Private).unwrap_err();
        assert!(
            fault.contains("0640") && fault.contains("chmod 600"),
            "{fault}"
        );
    }

    #[test]
    fn every_mode_of_files_that_others_may_read() {
        for bits in 0..=0o777 {
            let guarded = fault_of(bits, Need::Guarded, false).is_none();
            assert_eq!(guarded, bits & 0o022 == 0, "{bits:04o}");
            let own_group = fault_of(bits, Need::Guarded, true).is_none();
            assert_eq!(own_group, bits & 0o002 == 0, "{bits:04o}");
        }
    }

    #[test]
    fn every_mode_of_a_folder() {
        for bits in 0..=0o1777 {
            let safe = bits & 0o022 == 0 || bits & 0o1000 != 0;
            assert_eq!(folder_fault(bits, false).is_none(), safe, "{bits:04o}");
        }
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join("key");
        for (bits, safe) in [(0o700, true), (0o755, true), (0o777, false), (0o1777, true)] {
            mode(dir.path(), bits);
            // the ledger is not there yet, and its folder counts already
            assert_eq!(check(&key, Need::Ledger).is_ok(), safe, "{bits:04o}");
        }
    }

    #[test]
    fn sqlites_files_beside_the_ledger_count() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("poms.db");
        let wal = dir.path().join("poms.db-wal");
        for path in [&ledger, &wal] {
            std::fs::write(path, "").unwrap();
            mode(path, 0o600);
        }
        assert_eq!(check(&ledger, Need::Ledger), Ok(()));
        mode(&wal, 0o644);
        assert!(
            check(&ledger, Need::Ledger)
                .unwrap_err()
                .contains("poms.db-wal")
        );
    }

    #[test]
    fn a_link_is_as_safe_as_where_it_leads() {
        let (open, safe) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (real, link) = (open.path().join("key"), safe.path().join("key"));
        std::fs::write(&real, "k").unwrap();
        mode(&real, 0o600);
        symlink(&real, &link).unwrap();
        assert_eq!(check(&link, Need::Private), Ok(()));
        mode(open.path(), 0o777);
        assert!(check(&link, Need::Private).is_err());
    }

    #[test]
    fn templates_stay_in_their_folder() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().join("templates");
        std::fs::create_dir_all(top.join("en")).unwrap();
        std::fs::write(top.join("en/po.txt"), "x").unwrap();
        for path in [&top, &top.join("en"), &top.join("en/po.txt")] {
            mode(path, 0o755);
        }
        assert_eq!(check(&top, Need::Tree), Ok(()));
        mode(&top.join("en/po.txt"), 0o666);
        assert!(check(&top, Need::Tree).unwrap_err().contains("po.txt"));
        mode(&top.join("en/po.txt"), 0o644);
        symlink("/etc/passwd", top.join("en/evil.txt")).unwrap();
        assert!(check(&top, Need::Tree).unwrap_err().contains("leads out"));
        assert!(check(&dir.path().join("templates/en/po.txt"), Need::Tree).is_err());
    }

    #[test]
    fn what_is_too_long_or_no_file_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        std::fs::write(&path, "12345").unwrap();
        mode(&path, 0o600);
        assert!(read(&path, Need::Private, 5).is_ok());
        assert!(
            read(&path, Need::Private, 4)
                .unwrap_err()
                .contains("4 bytes")
        );
        assert!(
            read(dir.path(), Need::Private, 9)
                .unwrap_err()
                .contains("not a file")
        );
    }

    #[test]
    fn files_of_strangers_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let metadata = dir.path().metadata().unwrap();
        let owner = metadata.uid();
        assert_eq!(check_owner(dir.path(), &metadata, owner), Ok(()));
        let stranger = check_owner(dir.path(), &metadata, owner + 1);
        assert_eq!(stranger.is_ok(), owner == 0, "root's files are trusted");
        if owner == 0 {
            std::os::unix::fs::chown(dir.path(), Some(12345), None).unwrap();
            let fault = check(&dir.path().join("x"), Need::Private).unwrap_err();
            assert!(fault.contains("12345"), "{fault}");
        }
    }
}
