//! A mailbox to be tested, and the disk beneath it: Dovecot keeps its mail in a Maildir too, so
//! what is there is looked at in one way.

use crate::support::dovecot::{Dovecot, PASSWORD, USER, Wishes};
use poms::config::{ImapConfig, SecretSource};
use poms::delivery::smtp::Security;
use poms::intake::mailbox::imap::Imap;
use poms::intake::mailbox::maildir::Maildir;
use poms::intake::mailbox::{Fetched, FilingFolder, Handle, Mailbox, MailboxError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a test needs of a kind of mailbox.
pub trait Site {
    /// The Maildir on disk.
    fn root(&self) -> PathBuf;
    /// Makes a file the mailbox owner's.
    fn own(&self, path: &Path);
    /// A new connection, as a new run has it.
    fn open(&self) -> Box<dyn Mailbox>;

    /// Puts a message there, as a mail server does; names give the order.
    fn deliver(&self, name: &str, content: &[u8]) {
        let (draft, path) = (
            self.root().join("tmp").join(name),
            self.root().join("new").join(name),
        );
        std::fs::write(&draft, content).expect("a message");
        self.own(&draft);
        std::fs::rename(draft, path).expect("a message");
    }

    /// What is in a folder (`""` is the inbox): content, and the flags in its file's name.
    fn content(&self, folder: &str) -> BTreeMap<Vec<u8>, String> {
        let root = match folder {
            "" => self.root(),
            folder => self.root().join(format!(".{folder}")),
        };
        let mut found = BTreeMap::new();
        for place in ["new", "cur"] {
            for entry in std::fs::read_dir(root.join(place)).into_iter().flatten() {
                let path = entry.expect("an entry").path();
                let name = path
                    .file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned();
                let flags = name
                    .split_once(":2,")
                    .map_or(String::new(), |(_, flags)| flags.to_owned());
                let before = found.insert(std::fs::read(&path).expect("a message"), flags);
                assert!(
                    before.is_none(),
                    "a message is there twice: {}",
                    path.display()
                );
            }
        }
        found
    }

    fn count(&self, folder: &str) -> usize {
        self.content(folder).len()
    }
}

/// A Maildir without a server.
pub struct OnDisk {
    pub dir: tempfile::TempDir,
}

impl OnDisk {
    pub fn new() -> OnDisk {
        let dir = tempfile::tempdir().expect("a folder");
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir(dir.path().join(part)).expect("a folder");
        }
        OnDisk { dir }
    }
}

impl Site for OnDisk {
    fn root(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    fn own(&self, _: &Path) {}

    fn open(&self) -> Box<dyn Mailbox> {
        Box::new(
            Maildir::open("test", self.dir.path(), "Processed", "Quarantine").expect("a Maildir"),
        )
    }
}

/// The same, behind Dovecot.
pub struct ByImap {
    pub dovecot: Dovecot,
    pub config: ImapConfig,
    _files: tempfile::TempDir,
}

impl ByImap {
    /// Reached over TLS.
    pub fn new(wishes: Wishes) -> ByImap {
        let dovecot = Dovecot::start(wishes);
        let files = tempfile::tempdir().expect("a folder");
        let ca_file = files.path().join("ca.pem");
        std::fs::write(&ca_file, &dovecot.authority.root).expect("a file");
        let mut config = config(dovecot.tls_port);
        config.security = Security::Tls;
        config.ca_file = Some(ca_file);
        ByImap {
            dovecot,
            config,
            _files: files,
        }
    }

    pub fn imap(&self) -> Imap {
        client(&self.config)
    }
}

impl Site for ByImap {
    fn root(&self) -> PathBuf {
        self.dovecot.maildir()
    }

    fn own(&self, path: &Path) {
        self.dovecot.own(path);
    }

    fn open(&self) -> Box<dyn Mailbox> {
        Box::new(self.imap())
    }
}

/// The user of the tests on this machine, in the clear.
pub fn config(port: u16) -> ImapConfig {
    ImapConfig {
        host: "localhost".to_owned(),
        port,
        security: Security::None,
        user: USER.to_owned(),
        password: SecretSource::Inline(PASSWORD.to_owned().into()),
        oauth2: false,
        allow_plaintext: false,
        folder: "INBOX".to_owned(),
        ca_file: None,
        timeout: Duration::from_secs(20),
    }
}

pub fn client(config: &ImapConfig) -> Imap {
    Imap::new("test", config, "Processed", "Quarantine").expect("a mailbox")
}

/// Everything that waits, fetched, in the order of arrival.
pub fn fetch_all(
    mailbox: &mut dyn Mailbox,
    limit: u64,
) -> Result<(Vec<Handle>, Vec<Fetched>), MailboxError> {
    let handles = mailbox.list()?;
    let fetched = fetch(mailbox, &handles, limit)?;
    Ok((handles, fetched.into_iter().collect::<Result<_, _>>()?))
}

/// A batch, fetched, in its order.
pub fn fetch(
    mailbox: &mut dyn Mailbox,
    batch: &[Handle],
    limit: u64,
) -> Result<Vec<Result<Fetched, MailboxError>>, MailboxError> {
    let mut results = mailbox.fetch(batch, limit)?;
    results.sort_by_key(|(index, _)| *index);
    assert!(
        results.iter().map(|(index, _)| *index).eq(0..batch.len()),
        "one result for each"
    );
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Files a batch; all of it must succeed.
pub fn file(mailbox: &mut dyn Mailbox, batch: &[Handle], folder: FilingFolder) {
    let results = mailbox.file(batch, folder);
    assert_eq!(results.len(), batch.len());
    for result in results {
        result.expect("filed");
    }
}

/// A message of about `size` bytes, with line ends as on the wire and bytes that are no ASCII.
pub fn message(number: usize, size: usize) -> Vec<u8> {
    let head =
        format!("From: a@shop.example\r\nSubject: {number}\r\nMessage-ID: <{number}@x>\r\n\r\n");
    let mut bytes = head.into_bytes();
    while bytes.len() + 4 < size {
        bytes.extend_from_slice(b"caf\xc3\xa9 {12}\r\n");
    }
    bytes.extend_from_slice(b".\r\n");
    bytes
}
