//! Reading a file of a watched folder: what was opened, whole, and as it stood still.

use super::super::{DocumentContent, SourceFailure};
use super::unreadable;
use crate::intake::mailbox::HEAD;
use serde::{Deserialize, Serialize};
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// What a file was when it was read: one that was written to or exchanged since has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

impl Stamp {
    pub(super) fn of(about: &Metadata) -> Stamp {
        Stamp {
            device: about.dev(),
            inode: about.ino(),
            size: about.len(),
            modified: (about.mtime(), about.mtime_nsec()),
        }
    }

    /// When it was written, seconds since 1970.
    pub(super) fn written(&self) -> i64 {
        self.modified.0
    }

    /// Whether it is of the same file, whatever was written to that.
    pub(super) fn is_same_file(&self, other: &Stamp) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }

    pub(super) fn has_inode(&self, inode: u64) -> bool {
        self.inode == inode
    }
}

/// A file that was read.
pub(super) struct TakenFile {
    pub content: DocumentContent,
    pub stamp: Stamp,
}

/// Names what a thing is that is no file; `None` for a file.
pub(super) fn kind(of: FileType) -> Option<&'static str> {
    let kinds = [
        (of.is_dir(), "a folder"),
        (of.is_symlink(), "a symbolic link"),
        (of.is_fifo(), "a pipe"),
        (of.is_socket(), "a socket"),
        (of.is_char_device() || of.is_block_device(), "a device"),
    ];
    let named = kinds.iter().find(|(is, _)| *is).map(|(_, name)| *name);
    named.or((!of.is_file()).then_some("no file"))
}

/// Reads a file, of one with more than `largest` bytes the head; `None` when it is gone, or somebody writes to
/// it now.
///
/// # Errors
/// When it cannot be read, or is not protected as one must be that is trusted.
pub(super) fn take(
    path: &Path,
    trusted: bool,
    largest: u64,
) -> Result<Option<TakenFile>, SourceFailure> {
    let failed = |fault: std::io::Error| unreadable(path, "file", &fault);
    // no link is followed and nobody is waited for; what it is is asked of what was opened
    let flags = nix::libc::O_NOFOLLOW | nix::libc::O_NONBLOCK | nix::libc::O_NOCTTY;
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(failed(fault)),
    };
    let about = file.metadata().map_err(failed)?;
    if let Some(kind) = kind(about.file_type()) {
        return Err(SourceFailure::lasting(
            format!("{} is {kind}, and is not read", path.display()),
            "put a file there, or take it away",
        ));
    }
    if trusted {
        only_ours(path, &about)?;
    }
    let stamp = Stamp::of(&about);
    let too_large = about.len() > largest;
    let most = if too_large { HEAD as u64 } else { largest };
    let bytes = read(&mut file, most, about.len()).map_err(failed)?;
    let after = file.metadata().map_err(failed)?;
    let whole = too_large || bytes.len() as u64 == about.len();
    // somebody writes to it: it has not stood still
    if !whole || Stamp::of(&after) != stamp {
        return Ok(None);
    }
    let content = match too_large {
        true => DocumentContent::TooLarge {
            size: about.len(),
            head: bytes,
            mark: format!("{:?}", stamp.modified),
        },
        false => DocumentContent::Whole(bytes),
    };
    Ok(Some(TakenFile { content, stamp }))
}

fn read(file: &mut File, most: u64, size: u64) -> std::io::Result<Vec<u8>> {
    let room = usize::try_from(size.min(most)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room + 1);
    // one more, so that a file that grew shows
    file.take(most.min(size).saturating_add(1))
        .read_to_end(&mut bytes)?;
    if size > most {
        bytes.truncate(room);
    }
    Ok(bytes)
}

/// A file that is believed for where it lies must be one that nobody else could write.
fn only_ours(path: &Path, about: &Metadata) -> Result<(), SourceFailure> {
    let me = nix::unistd::geteuid().as_raw();
    let shown = path.display();
    if about.uid() != me && about.uid() != 0 {
        return Err(SourceFailure::lasting(
            format!(
                "{shown} belongs to user {}, and the folder is trusted for what root and the user who runs poms ({me}) put there",
                about.uid()
            ),
            format!("if it is right, run: chown {me} '{shown}'"),
        ));
    }
    if about.mode() & 0o022 != 0 && !crate::config::safety::is_group_own(about) {
        return Err(SourceFailure::lasting(
            format!(
                "{shown} has mode {:04o}: users other than its owner can write it, and the folder is trusted",
                about.mode() & 0o7777
            ),
            format!("if it is right, run: chmod go-w '{shown}'"),
        ));
    }
    Ok(())
}
