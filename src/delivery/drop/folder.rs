//! Files into a folder of this machine: written whole under a name that is passed over, then renamed into place,
//! never over another.

use crate::config::DropFolder;
use crate::delivery::channel::DeliveryOutcome;
use crate::domain::papers::{DropBundle, PaperFile};
use crate::domain::text::or_full;
use anyhow::Context;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// One file on its way.
struct StagedFile {
    name: String,
    /// Where it is whole; `None` when it is in its place already.
    hidden: Option<PathBuf>,
}

/// Files that are whole, and not in their places yet.
pub(super) struct Staged {
    folder: PathBuf,
    files: Vec<StagedFile>,
}

/// Writes the files under hidden names. What is in its place already, byte for byte, is not written again.
pub(super) fn stage(to: &DropFolder, bundle: &DropBundle) -> Result<Staged, DeliveryOutcome> {
    let mut staged = Staged {
        folder: to.path.clone(),
        files: Vec::new(),
    };
    match files(to, bundle, &mut staged) {
        Ok(()) => Ok(staged),
        Err(outcome) => {
            staged.take_away();
            Err(outcome)
        }
    }
}

fn files(to: &DropFolder, bundle: &DropBundle, staged: &mut Staged) -> Result<(), DeliveryOutcome> {
    for file in &bundle.files {
        let target = to.path.join(&file.name);
        let there = is_there(&target, file)?;
        let hidden = (!there).then(|| to.path.join(format!(".{}.part", file.name)));
        if let Some(hidden) = &hidden {
            write(hidden, file, to.mode).map_err(|fault| of_folder(&to.path, &fault))?;
        }
        staged.files.push(StagedFile {
            name: file.name.clone(),
            hidden,
        });
    }
    Ok(())
}

/// Whether the file is in its place; refused when another is.
fn is_there(target: &Path, file: &PaperFile) -> Result<bool, DeliveryOutcome> {
    match same(target, &file.bytes) {
        Ok(true) => Ok(true),
        Ok(false) => Err(DeliveryOutcome::refused(format!(
            "{} is there already and is another file: nothing was overwritten and nothing put there; see whose it is, move \
             it away, then send this again",
            target.display()
        ))),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(false),
        Err(fault) => Err(of_folder(target, &fault)),
    }
}

/// Whether a file has these bytes; a link, a pipe or a folder has not.
fn same(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let about = std::fs::symlink_metadata(path)?;
    if !about.is_file() || about.len() != bytes.len() as u64 {
        return Ok(false);
    }
    let mut found = Vec::with_capacity(bytes.len());
    let most = bytes.len() as u64 + 1;
    File::open(path)?.take(most).read_to_end(&mut found)?;
    Ok(found == bytes)
}

fn write(path: &Path, file: &PaperFile, mode: u32) -> io::Result<()> {
    // what a killed run left
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    let mut options = OpenOptions::new();
    let mut out = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let written = out.write_all(&file.bytes).and_then(|()| {
        out.set_permissions(Permissions::from_mode(mode))?;
        out.sync_all()
    });
    written.inspect_err(|_| drop(std::fs::remove_file(path)))
}

/// What is wrong with the folder as a whole, in plain words; nothing was put there.
fn of_folder(path: &Path, fault: &io::Error) -> DeliveryOutcome {
    let place = path.display();
    let said = match fault.kind() {
        ErrorKind::NotFound => format!(
            "{place} is not there: mount it, or make it, for poms makes no folder of a vendor's (vendor_drop.path)"
        ),
        ErrorKind::PermissionDenied => format!(
            "{place} cannot be written: let the user of poms write it (vendor_drop.path): {fault}"
        ),
        _ => or_full(&format!("cannot write into {place}: {fault}")),
    };
    DeliveryOutcome::deferred(said)
}

/// Renames, never over another. Where a file system cannot do that in one step, by a second name.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match renameat2(AT_FDCWD, from, AT_FDCWD, to, RenameFlags::RENAME_NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::EINVAL | Errno::ENOSYS | Errno::ENOTSUP) => {
            std::fs::hard_link(from, to)?;
            std::fs::remove_file(from)
        }
        Err(errno) => Err(errno.into()),
    }
}

/// Has the folder's names on the disk. File systems of other machines may not know of that.
fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(fault) if fault.kind() == ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

impl Staged {
    /// Puts the files into their places. Once the first is there, what fails leaves doubt: the vendor may have
    /// taken it.
    pub(super) fn publish(self) -> DeliveryOutcome {
        let mut put: Vec<&str> = Vec::new();
        for file in &self.files {
            let Some(hidden) = &file.hidden else { continue };
            if let Err(fault) = rename(hidden, &self.folder.join(&file.name)) {
                let outcome = self.failed(&put, &file.name, &fault);
                self.take_away();
                return outcome;
            }
            put.push(&file.name);
        }
        let place = self.folder.display();
        if put.is_empty() {
            let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
            return DeliveryOutcome::accepted(format!(
                "was in {place} already: {}",
                names.join(", ")
            ));
        }
        match sync(&self.folder) {
            Ok(()) => DeliveryOutcome::accepted(format!("put into {place}: {}", put.join(", "))),
            Err(fault) => DeliveryOutcome::unknown(format!(
                "{} is in {place}, and may be lost should the power go: {fault}",
                put.join(", ")
            )),
        }
    }

    fn failed(&self, put: &[&str], name: &str, fault: &io::Error) -> DeliveryOutcome {
        let place = self.folder.display();
        match put {
            [] if fault.kind() == ErrorKind::AlreadyExists => DeliveryOutcome::refused(format!(
                "{place}/{name} is there already and is another file: nothing was overwritten and nothing put there"
            )),
            [] => of_folder(&self.folder, fault),
            put => DeliveryOutcome::unknown(format!(
                "{} is in {place}, and {name} is not: {fault}",
                put.join(", ")
            )),
        }
    }

    /// Takes away what is not in its place.
    pub(super) fn take_away(&self) {
        for hidden in self.files.iter().filter_map(|file| file.hidden.as_ref()) {
            // what stays behind is passed over, and replaced by the next attempt
            let _ = std::fs::remove_file(hidden);
        }
    }
}

/// Puts a file into the folder, renames it and takes it away.
pub(super) fn check(to: &DropFolder) -> anyhow::Result<String> {
    let place = to.path.display();
    let name = |end: &str| {
        to.path
            .join(format!(".poms-check-{}.{end}", std::process::id()))
    };
    let (part, whole) = (name("part"), name("tried"));
    let file = PaperFile {
        name: String::new(),
        media_type: String::new(),
        bytes: b"poms check\n".to_vec(),
    };
    let tried = write(&part, &file, to.mode).and_then(|()| rename(&part, &whole));
    for path in [&part, &whole] {
        let _ = std::fs::remove_file(path);
    }
    match tried {
        Ok(()) => Ok(format!(
            "a file can be put into {place}; none was left there"
        )),
        Err(fault) => Err(anyhow::Error::msg(
            of_folder(&to.path, &fault).detail().to_owned(),
        ))
        .context("vendor_drop"),
    }
}
