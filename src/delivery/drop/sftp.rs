//! Files into a folder of a vendor's SFTP server: as into one of this machine ([`super::folder`]), as far as a server
//! tells what that needs.

use crate::config::DropServer;
use crate::delivery::channel::DeliveryOutcome;
use crate::domain::papers::{DropBundle, PaperFile};
use crate::intake::source::sftp::connect::{Connection, connect, is_lost};
use ssh2::{Error, ErrorCode, OpenFlags, OpenType, RenameFlags, Sftp};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// `SSH_FX_NO_SUCH_FILE`, `SSH_FX_PERMISSION_DENIED` and `SSH_FX_FAILURE` (draft-ietf-secsh-filexfer-02, 7).
const NO_SUCH_FILE: ErrorCode = ErrorCode::SFTP(2);
const DENIED: ErrorCode = ErrorCode::SFTP(3);
const FAILURE: ErrorCode = ErrorCode::SFTP(4);

/// Bits of a file's type in its mode, and those of a file.
const TYPE: u32 = 0o170_000;
const FILE: u32 = 0o100_000;

/// One file on its way.
struct RemotePaper {
    file: PaperFile,
    target: PathBuf,
    /// Where it is whole; `None` when it is in its place already.
    hidden: Option<PathBuf>,
}

/// Files that are whole on the server, and not in their places yet.
pub(super) struct RemoteStaged {
    to: DropServer,
    connection: Connection,
    files: Vec<RemotePaper>,
}

/// Connects and writes the files under hidden names. What is in its place already, byte for byte, is not written
/// again.
pub(super) fn stage(to: &DropServer, bundle: DropBundle) -> Result<RemoteStaged, DeliveryOutcome> {
    let connection =
        connect(&to.server).map_err(|failure| DeliveryOutcome::deferred(failure.to_string()))?;
    let mut staged = RemoteStaged {
        to: to.clone(),
        connection,
        files: Vec::new(),
    };
    match staged.write(bundle.files) {
        Ok(()) => Ok(staged),
        Err(outcome) => {
            staged.take_away();
            Err(outcome)
        }
    }
}

/// Whether the file is in its place with these bytes; `None` when nothing is there.
fn same(sftp: &Sftp, path: &Path, bytes: &[u8]) -> Result<Option<bool>, Error> {
    let about = match sftp.lstat(path) {
        Ok(about) => about,
        Err(fault) if fault.code() == NO_SUCH_FILE => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let is_file = about.perm.is_none_or(|mode| mode & TYPE == FILE);
    if !is_file || about.size != Some(bytes.len() as u64) {
        return Ok(Some(false));
    }
    let mut found = Vec::with_capacity(bytes.len());
    let read = sftp
        .open(path)?
        .take(bytes.len() as u64 + 1)
        .read_to_end(&mut found);
    match read {
        Ok(_) => Ok(Some(found == bytes)),
        Err(_) => Err(Error::new(
            ErrorCode::Session(-43),
            "it was lost while poms read it",
        )),
    }
}

/// Writes a file anew, whole. What a killed run left of it is replaced.
fn put(sftp: &Sftp, path: &Path, file: &PaperFile, mode: i32) -> Result<(), Error> {
    match sftp.unlink(path) {
        Err(fault) if fault.code() != NO_SUCH_FILE => return Err(fault),
        _ => {}
    }
    let flags = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUSIVE;
    let out = sftp.open_mode(path, flags, mode, OpenType::File)?;
    let written = fill(sftp, out, path, file);
    written.inspect_err(|_| drop(sftp.unlink(path)))
}

/// Writes all of it, and looks whether the server has all of it.
fn fill(sftp: &Sftp, mut out: ssh2::File, path: &Path, file: &PaperFile) -> Result<(), Error> {
    if out.write_all(&file.bytes).is_err() {
        return Err(Error::new(FAILURE, "it was not written whole"));
    }
    // an extension of OpenSSH's, which others need not have
    let _ = out.fsync();
    out.close()?;
    match sftp.stat(path)?.size {
        Some(size) if size != file.bytes.len() as u64 => {
            Err(Error::new(FAILURE, "it was not written whole"))
        }
        _ => Ok(()),
    }
}

/// Renames; servers refuse to do so over another file (draft-ietf-secsh-filexfer-02, 6.5).
fn rename(sftp: &Sftp, from: &Path, to: &Path) -> Result<(), Error> {
    sftp.rename(from, to, Some(RenameFlags::ATOMIC | RenameFlags::NATIVE))
}

/// The folder and the server, for people.
fn place(to: &DropServer) -> String {
    format!("{} on {}:{}", to.path, to.server.host, to.server.port)
}

/// Why nothing could be put there, in plain words.
fn trouble(to: &DropServer, what: &str, fault: &Error) -> String {
    let (place, user) = (place(to), &to.server.user);
    let why = match fault.code() {
        NO_SUCH_FILE => "it is not there: make it, or correct vendor_drop.path".to_owned(),
        DENIED => {
            format!("the server does not let {user} write there: have the vendor give it the right")
        }
        FAILURE => format!(
            "the server failed ({}): its disk may be full, or a file of the name be there",
            fault.message()
        ),
        _ => fault.message().to_owned(),
    };
    format!("{place}: {what} cannot be put there: {why}")
}

impl RemoteStaged {
    fn write(&mut self, files: Vec<PaperFile>) -> Result<(), DeliveryOutcome> {
        let folder = PathBuf::from(&self.to.path);
        let mode = i32::try_from(self.to.mode).unwrap_or(0o640);
        for file in files {
            let target = folder.join(&file.name);
            let sftp = &self.connection.sftp;
            let failed =
                |fault: Error| DeliveryOutcome::deferred(trouble(&self.to, &file.name, &fault));
            let hidden = match same(sftp, &target, &file.bytes).map_err(failed)? {
                Some(true) => None,
                Some(false) => return Err(self.another(&file.name)),
                None => {
                    let hidden = folder.join(format!(".{}.part", file.name));
                    put(sftp, &hidden, &file, mode).map_err(failed)?;
                    Some(hidden)
                }
            };
            self.files.push(RemotePaper {
                file,
                target,
                hidden,
            });
        }
        Ok(())
    }

    fn another(&self, name: &str) -> DeliveryOutcome {
        DeliveryOutcome::refused(format!(
            "{}: {name} is there already and is another file: nothing was overwritten and nothing put there; see whose it \
             is, have it moved away, then send this again",
            place(&self.to)
        ))
    }

    /// Puts the files into their places. Once the first may be there, what fails leaves doubt, unless the server
    /// says on a new connection that all are there.
    pub(super) fn publish(self) -> DeliveryOutcome {
        let mut put: Vec<&str> = Vec::new();
        for paper in &self.files {
            let Some(hidden) = &paper.hidden else {
                continue;
            };
            if let Err(fault) = rename(&self.connection.sftp, hidden, &paper.target) {
                let lost = is_lost(&fault);
                let outcome = match (lost, put.is_empty()) {
                    (true, _) => self.look(&fault),
                    (false, true) => self.not_put(paper, &fault),
                    (false, false) => DeliveryOutcome::unknown(format!(
                        "{}: {} is there, and {} is not: {}",
                        place(&self.to),
                        put.join(", "),
                        paper.file.name,
                        fault.message()
                    )),
                };
                self.take_away();
                return outcome;
            }
            put.push(&paper.file.name);
        }
        match put.is_empty() {
            true => DeliveryOutcome::accepted(format!("was in {} already", place(&self.to))),
            false => DeliveryOutcome::accepted(format!(
                "put into {}: {}",
                place(&self.to),
                put.join(", ")
            )),
        }
    }

    /// The first file was not renamed, and the server said so.
    fn not_put(&self, paper: &RemotePaper, fault: &Error) -> DeliveryOutcome {
        match same(&self.connection.sftp, &paper.target, &paper.file.bytes) {
            Ok(None) => DeliveryOutcome::deferred(trouble(&self.to, &paper.file.name, fault)),
            Ok(Some(false)) => self.another(&paper.file.name),
            Ok(Some(true)) | Err(_) => {
                DeliveryOutcome::unknown(trouble(&self.to, &paper.file.name, fault))
            }
        }
    }

    /// The connection was lost while files were renamed: whether they are there.
    fn look(&self, fault: &Error) -> DeliveryOutcome {
        let lost = format!(
            "{}: the connection was lost ({})",
            place(&self.to),
            fault.message()
        );
        let Ok(again) = connect(&self.to.server) else {
            return DeliveryOutcome::unknown(format!(
                "{lost}, and the server could not be asked what is there"
            ));
        };
        let is_there = |paper: &RemotePaper| {
            matches!(
                same(&again.sftp, &paper.target, &paper.file.bytes),
                Ok(Some(true))
            )
        };
        match self.files.iter().all(is_there) {
            true => DeliveryOutcome::accepted(format!("{lost}; all files are there")),
            false => DeliveryOutcome::unknown(format!("{lost}, and not all files are there")),
        }
    }

    /// Takes away what is not in its place.
    pub(super) fn take_away(&self) {
        for hidden in self.files.iter().filter_map(|paper| paper.hidden.as_ref()) {
            // what stays behind is passed over, and replaced by the next attempt
            let _ = self.connection.sftp.unlink(hidden);
        }
    }
}

/// Puts a file into the folder, renames it and takes it away.
pub(super) fn check(to: &DropServer) -> anyhow::Result<String> {
    let connection = connect(&to.server).map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let sftp = &connection.sftp;
    let name = |end: &str| {
        let name = format!(".poms-check-{}.{end}", std::process::id());
        Path::new(&to.path).join(name)
    };
    let (part, whole) = (name("part"), name("tried"));
    let file = PaperFile {
        name: String::new(),
        media_type: String::new(),
        bytes: b"poms check\n".to_vec(),
    };
    let mode = i32::try_from(to.mode).unwrap_or(0o640);
    let tried = put(sftp, &part, &file, mode).and_then(|()| rename(sftp, &part, &whole));
    for path in [&part, &whole] {
        let _ = sftp.unlink(path);
    }
    match tried {
        Ok(()) => Ok(format!(
            "a file can be put into {}; none was left there; the server's key is the one of host_key",
            place(to)
        )),
        Err(fault) => Err(anyhow::Error::msg(trouble(to, "a file", &fault))),
    }
}
