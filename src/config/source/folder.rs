//! Folders of files: of this machine and of an SFTP server.

use crate::config::delivery::port;
use crate::config::reader::Section;
use crate::config::safety::Need;
use crate::config::secret::SecretSource;
use std::path::PathBuf;
use std::time::Duration;

/// What folders of files have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesConfig {
    /// How long a file must have stood still before it is taken.
    pub settle: Duration,
    /// Folder in the folder into which files go that have their outcome.
    pub processed_folder: String,
    /// Folder in the folder into which files go that could not be read.
    pub failed_folder: String,
    /// Whether a file is another when it was written at another moment, though its name and bytes are the same: a
    /// list of today says again what that of yesterday did.
    pub dated: bool,
}

/// A folder of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderConfig {
    /// The folder.
    pub path: PathBuf,
    /// Whether files without a signature are believed.
    pub trusted: bool,
    /// How files are taken and put away.
    pub files: FilesConfig,
}

/// An SFTP server, and who poms is there.
#[derive(Clone)]
pub struct SftpServer {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Login name.
    pub user: String,
    /// The server's key: SHA-256 of it, as `ssh-keygen -l` prints behind `SHA256:`, in base64.
    pub host_key: String,
    /// How poms proves itself.
    pub login: SftpLogin,
    /// How long connecting, or one answer, may take.
    pub timeout: Duration,
}

/// A folder of an SFTP server.
#[derive(Clone)]
pub struct SftpConfig {
    /// The server.
    pub server: SftpServer,
    /// The folder there; relative paths begin in the user's home.
    pub path: String,
    /// Whether files without a signature are believed.
    pub trusted: bool,
    /// How files are taken and put away.
    pub files: FilesConfig,
}

/// How poms proves itself to an SFTP server.
#[derive(Clone)]
pub enum SftpLogin {
    /// By a private key, with what unlocks it.
    Key(PathBuf, Option<SecretSource>),
    /// By a password.
    Password(SecretSource),
}

/// Reads a folder.
pub fn folder(section: &Section<'_>) -> Option<FolderConfig> {
    if !section.has("path") {
        section.fault("path", "is missing: it must be the folder that is watched");
    }
    let path = section.path("path", Need::Open);
    let files = files(section);
    Some(FolderConfig {
        path: path?,
        trusted: section.flag("trusted"),
        files,
    })
}

/// Reads a folder of an SFTP server.
pub fn sftp(section: &Section<'_>) -> Option<SftpConfig> {
    let server = sftp_server(section);
    let path = section.required("path", "the folder on the server, such as \"orders\"");
    let files = files(section);
    Some(SftpConfig {
        server: server?,
        path,
        trusted: section.flag("trusted"),
        files,
    })
}

/// Reads an SFTP server.
pub fn sftp_server(section: &Section<'_>) -> Option<SftpServer> {
    let host = section.required("host", "the SFTP server's name");
    let user = section.required("user", "the login name");
    let host_key = host_key(section);
    let timeout = section.number("timeout_seconds", 1..=600, 30);
    let login = login(section);
    Some(SftpServer {
        host,
        port: port(section, 22),
        user,
        host_key: host_key?,
        login: login?,
        timeout: Duration::from_secs(timeout.unsigned_abs()),
    })
}

/// The server's key must be known beforehand: whoever stands between could else read and give what he likes.
fn host_key(section: &Section<'_>) -> Option<String> {
    let how = "the server's key as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints it on the server, \
               \"SHA256:…\" with 43 letters and digits behind";
    let text = section.required("host_key", how);
    if text.is_empty() {
        return None;
    }
    let digest = text.strip_prefix("SHA256:").unwrap_or_default();
    let digest = digest.trim_end_matches('=');
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    if digest.len() != 43 || !digest.bytes().all(is_base64) {
        section.fault("host_key", format!("must be {how}"));
        return None;
    }
    Some(digest.to_owned())
}

fn login(section: &Section<'_>) -> Option<SftpLogin> {
    let password = section.secret("password");
    let passphrase = section.secret("key_passphrase");
    let key = section.path("key_file", Need::Private);
    match (key, password) {
        (Some(_), Some(_)) => {
            section.fault("user", "has both a key_file and a password: keep one");
            None
        }
        (Some(key), None) => Some(SftpLogin::Key(key, passphrase)),
        (None, Some(_)) if passphrase.is_some() => {
            section.fault("user", "has a key_passphrase and no key_file");
            None
        }
        (None, Some(password)) => Some(SftpLogin::Password(password)),
        (None, None) => {
            section.fault(
                "user",
                "needs key_file, or password_file, password_command or password_credential",
            );
            None
        }
    }
}

fn files(section: &Section<'_>) -> FilesConfig {
    let seconds = section.number("settle_seconds", 0..=86_400, 10);
    let processed_folder = beside(section, "processed_folder", ".processed");
    let failed_folder = beside(section, "failed_folder", ".failed");
    if processed_folder == failed_folder {
        section.fault(
            "failed_folder",
            "must differ from processed_folder: the one is done with, the other is not",
        );
    }
    FilesConfig {
        settle: Duration::from_secs(seconds.unsigned_abs()),
        processed_folder,
        failed_folder,
        dated: section.has("stock_of"),
    }
}

/// A folder's name: one level, so that no file leaves the disk on which renaming is one step.
fn beside(section: &Section<'_>, key: &str, default: &str) -> String {
    let name = section.text(key).unwrap_or_else(|| default.to_owned());
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    let is_name = name.trim() == name && name.len() <= 64 && name.chars().all(allowed);
    if !is_name || name.trim_matches('.').is_empty() {
        section.fault(
            key,
            "must be one folder's name: letters, digits, space, dot, - and _",
        );
    }
    name
}
