//! Directories that are held open: every name is looked up in them, and no symlink is followed.

use super::super::MailboxError;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, RenameFlags, openat, renameat2};
use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat, mkdirat};
use nix::unistd::{AccessFlags, faccessat};
use nix::unistd::{UnlinkatFlags, fsync, linkat, unlinkat};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// An open directory; its path is for messages only.
pub(super) struct Dir {
    fd: OwnedFd,
    path: PathBuf,
}

/// The end of moving a file.
pub(super) enum Placed {
    Moved,
    NameTaken,
}

const FOLDER: OFlag = OFlag::O_RDONLY
    .union(OFlag::O_DIRECTORY)
    .union(OFlag::O_CLOEXEC);

impl Dir {
    /// The mailbox itself; its own path may lead over symlinks, for that is the site's to say.
    pub fn root(path: &Path) -> Result<Dir, MailboxError> {
        let opened = nix::fcntl::open(path, FOLDER, Mode::empty());
        let path = path.to_owned();
        match opened {
            Ok(fd) => Ok(Dir { fd, path }),
            Err(Errno::ENOENT) => Err(MailboxError::Missing { path }),
            Err(Errno::ENOTDIR) => Err(MailboxError::NotMaildir {
                path,
                why: "it is not a folder".to_owned(),
            }),
            Err(errno) => Err(trouble("open", path, errno.into())),
        }
    }

    pub fn child(&self, name: &OsStr) -> Result<Dir, Errno> {
        let fd = openat(&self.fd, name, FOLDER | OFlag::O_NOFOLLOW, Mode::empty())?;
        let path = self.path.join(name);
        Ok(Dir { fd, path })
    }

    /// Whether files can be moved into it and out of it.
    pub fn writable(&self) -> Result<(), MailboxError> {
        let (how, who) = (AccessFlags::W_OK, AtFlags::AT_EACCESS);
        faccessat(&self.fd, ".", how, who)
            .map_err(|errno| self.error("write to", OsStr::new(""), errno))
    }

    /// The names of the regular files in it, in no order.
    pub fn files(&self) -> Result<Vec<OsString>, MailboxError> {
        let list = || -> Result<Vec<OsString>, Errno> {
            let mut names = Vec::new();
            let mut dir = nix::dir::Dir::openat(&self.fd, ".", FOLDER, Mode::empty())?;
            for entry in dir.iter() {
                let entry = entry?;
                let name = OsStr::from_bytes(entry.file_name().to_bytes());
                let regular = match entry.file_type() {
                    Some(kind) => kind == nix::dir::Type::File,
                    // some file systems do not tell
                    None => matches!(self.size(name), Ok(Some(_))),
                };
                if regular {
                    names.push(name.to_owned());
                }
            }
            Ok(names)
        };
        list().map_err(|errno| self.error("list", OsStr::new(""), errno))
    }

    /// The size of a regular file, `None` for anything else.
    pub fn size(&self, name: &OsStr) -> Result<Option<u64>, Errno> {
        let stat = fstatat(&self.fd, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
        Ok(is_regular(&stat).then(|| u64::try_from(stat.st_size).unwrap_or(0)))
    }

    /// Opens a regular file for reading; a FIFO put in its place cannot block.
    pub fn file(&self, name: &OsStr) -> Result<File, Errno> {
        let flags = OFlag::O_RDONLY
            | OFlag::O_NOFOLLOW
            | OFlag::O_NONBLOCK
            | OFlag::O_NOCTTY
            | OFlag::O_CLOEXEC;
        let fd = openat(&self.fd, name, flags, Mode::empty())?;
        match is_regular(&fstat(&fd)?) {
            true => Ok(File::from(fd)),
            false => Err(Errno::EINVAL),
        }
    }

    /// Moves a file into another directory under a new name, never over an existing one.
    pub fn place_in(&self, name: &OsStr, target: &Dir, new: &OsStr) -> Result<Placed, Errno> {
        let flags = RenameFlags::RENAME_NOREPLACE;
        match renameat2(&self.fd, name, &target.fd, new, flags) {
            Ok(()) => return Ok(Placed::Moved),
            Err(Errno::EEXIST) => return Ok(Placed::NameTaken),
            // NFS and others know no such rename: a link does not replace anything either
            Err(Errno::EINVAL | Errno::ENOSYS | Errno::ENOTSUP) => {}
            Err(errno) => return Err(errno),
        }
        match linkat(&self.fd, name, &target.fd, new, AtFlags::empty()) {
            Ok(()) => {}
            Err(Errno::EEXIST) => return Ok(Placed::NameTaken),
            Err(errno) => return Err(errno),
        }
        unlinkat(&self.fd, name, UnlinkatFlags::NoRemoveDir)?;
        Ok(Placed::Moved)
    }

    /// The `cur` of a Maildir++ folder `.Name`, made if missing (mode 0700) and then durable.
    pub fn subfolder(&self, name: &str) -> Result<Dir, MailboxError> {
        let private = Mode::S_IRWXU;
        let name = OsStr::new(name);
        let mut made = self.make(name, private)?;
        let folder = self
            .child(name)
            .map_err(|errno| self.error("open the folder", name, errno))?;
        for part in ["tmp", "new", "cur"] {
            made |= folder.make(OsStr::new(part), private)?;
        }
        let marker = OsStr::new("maildirfolder");
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC;
        match openat(&folder.fd, marker, flags, Mode::S_IRUSR | Mode::S_IWUSR) {
            Ok(_) => made = true,
            Err(Errno::EEXIST) => {}
            Err(errno) => return Err(folder.error("make", marker, errno)),
        }
        if made {
            for dir in [&folder, self] {
                dir.sync()
                    .map_err(|errno| dir.error("sync", OsStr::new(""), errno))?;
            }
        }
        let cur = OsStr::new("cur");
        folder
            .child(cur)
            .map_err(|errno| folder.error("open the folder", cur, errno))
    }

    /// Whether it had to be made.
    fn make(&self, name: &OsStr, mode: Mode) -> Result<bool, MailboxError> {
        match mkdirat(&self.fd, name, mode) {
            Ok(()) => Ok(true),
            Err(Errno::EEXIST) => Ok(false),
            Err(errno) => Err(self.error("make the folder", name, errno)),
        }
    }

    pub fn sync(&self) -> Result<(), Errno> {
        fsync(&self.fd)
    }

    /// Makes an error of what went wrong with a name in this directory, or with itself when the name is empty.
    pub fn error(&self, action: &'static str, name: &OsStr, errno: Errno) -> MailboxError {
        self.error_io(action, name, errno.into())
    }

    pub fn error_io(&self, action: &'static str, name: &OsStr, error: io::Error) -> MailboxError {
        let path = match name.is_empty() {
            true => self.path.clone(),
            false => self.path.join(name),
        };
        trouble(action, path, error)
    }
}

fn trouble(action: &'static str, path: PathBuf, error: io::Error) -> MailboxError {
    match error.kind() {
        io::ErrorKind::PermissionDenied => MailboxError::Denied { action, path },
        _ => MailboxError::Io {
            action,
            path,
            reason: error.to_string(),
        },
    }
}

fn is_regular(stat: &FileStat) -> bool {
    SFlag::from_bits_truncate(stat.st_mode & SFlag::S_IFMT.bits()) == SFlag::S_IFREG
}
