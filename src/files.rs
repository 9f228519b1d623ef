//! Reading a file at somebody's word, a person's or the configuration's: only what is a file, and only
//! so many bytes of it. A named pipe would keep poms waiting for a writer who never comes, a device
//! may never end, and a sparse file is larger than all memory.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

/// The largest table of goods, vendors or keys that is read, in bytes.
pub const LARGEST_TABLE: u64 = 256 << 20;

/// The largest file of a key or of certificates, in bytes. The bundle of a whole system has 0.3 MiB.
pub const LARGEST_KEY: u64 = 16 << 20;

/// Opens a file for reading. What it is is asked of what was opened, so that nobody can exchange it in
/// between, and the opening itself waits for nobody (open(2), `O_NONBLOCK`).
///
/// # Errors
/// The system's; and that it is no file ([`ErrorKind::InvalidInput`]), in words that follow "cannot be
/// read: ".
pub fn open(path: &Path) -> Result<(File, Metadata)> {
    let flags = nix::libc::O_NONBLOCK | nix::libc::O_NOCTTY;
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = opened.map_err(|fault| match fault.raw_os_error() {
        // a socket cannot be opened at all, nor a device that has no driver
        Some(nix::libc::ENXIO) => no_file("a socket or a device"),
        _ => fault,
    })?;
    let about = file.metadata()?;
    match kind(about.file_type()) {
        None => Ok((file, about)),
        Some(kind) => Err(no_file(kind)),
    }
}

/// Names what a thing is that is no file; `None` for a file.
fn kind(of: FileType) -> Option<&'static str> {
    let kinds = [
        (of.is_dir(), "a folder"),
        (of.is_fifo(), "a pipe"),
        (of.is_char_device() || of.is_block_device(), "a device"),
    ];
    let named = kinds.iter().find(|(is, _)| *is).map(|(_, name)| *name);
    named.or((!of.is_file()).then_some("something else"))
}

fn no_file(kind: &str) -> Error {
    let said = format!("it is {kind}, and poms reads files only");
    Error::new(ErrorKind::InvalidInput, said)
}

/// Reads a file whole, into one allocation, so that no copy of a secret stays behind.
///
/// # Errors
/// As [`open`]; and that it has more than `most` bytes ([`ErrorKind::FileTooLarge`]), which is found out
/// before they are read.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let (file, about) = open(path)?;
    take(file, about.len(), most)
}

/// Reads as [`read`] does a file that is open and seems to have `size` bytes.
///
/// # Errors
/// As [`read`].
pub fn take(file: impl Read, size: u64, most: u64) -> Result<Vec<u8>> {
    let too_large = |size: u64| {
        let said = format!("it has {size} bytes, and {most} are the most");
        Error::new(ErrorKind::FileTooLarge, said)
    };
    if size > most {
        return Err(too_large(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // it may have grown since
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(too_large(bytes.len() as u64)),
        false => Ok(bytes),
    }
}

/// Reads a text as [`read`] does bytes.
///
/// # Errors
/// As [`read`]; and that it is no UTF-8 ([`ErrorKind::InvalidData`]).
pub fn read_text(path: &Path, most: u64) -> Result<String> {
    String::from_utf8(read(path, most)?)
        .map_err(|_| Error::new(ErrorKind::InvalidData, "it is no UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn only_files_are_read_and_nothing_keeps_waiting() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("plain"), "text")?;
        assert_eq!(read(&at("plain"), 4)?, b"text");
        nix::unistd::mkfifo(&at("fifo"), nix::sys::stat::Mode::S_IRWXU)?;
        let _listener = UnixListener::bind(at("socket"))?;
        std::os::unix::fs::symlink("/dev/zero", at("link"))?;
        for (path, kind) in [
            (at("fifo"), "a pipe"),
            (at("socket"), "a socket"),
            (at("link"), "a device"),
            ("/dev/zero".into(), "a device"),
            ("/dev/null".into(), "a device"),
            (dir.path().to_owned(), "a folder"),
        ] {
            let fault = read(&path, 1 << 20).map(|bytes| bytes.len());
            let fault = fault.expect_err("no file").to_string();
            assert!(fault.contains(kind), "{}: {fault}", path.display());
        }
        Ok(())
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_before_it_is_read() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("sparse");
        // more than any memory: reading it would end this test
        File::create(&path)?.set_len(1 << 43)?;
        let fault = read(&path, 1 << 20).expect_err("it is too large");
        assert_eq!(fault.kind(), ErrorKind::FileTooLarge);
        std::fs::write(&path, "12345")?;
        assert!(read(&path, 4).is_err() && read(&path, 5).is_ok());
        // files of /proc say that they have no bytes
        assert!(read(Path::new("/proc/self/status"), 10).is_err());
        assert!(!read(Path::new("/proc/self/status"), 1 << 20)?.is_empty());
        Ok(())
    }
}
