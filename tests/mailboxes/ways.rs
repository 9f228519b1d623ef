//! The ways to a mailbox, and what is beneath each: Dovecot keeps its mail in a Maildir too, so what is
//! there is looked at in one way.

use crate::support::dovecot::{Dovecot, PASSWORD, USER, Wishes};
use crate::support::imap_fake::Fake;
use poms::config::{ImapConfig, SecretSource};
use poms::delivery::smtp::Security;
use poms::intake::mailbox::imap::Imap;
use poms::intake::mailbox::maildir::Maildir;
use poms::intake::mailbox::{Fetched, FilingFolder, Handle, Mailbox, MailboxError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a promise needs of a way to a mailbox.
pub trait Site {
    /// A new connection, as a new run has it.
    fn open(&self) -> Box<dyn Mailbox>;

    /// Puts a message there, as a mail server does; names give the order.
    fn deliver(&self, name: &str, content: &[u8]);

    /// Puts one there at which somebody has looked in a mail client already.
    fn deliver_seen(&self, name: &str, content: &[u8]);

    /// What is in a folder (`""` is the inbox): content, and the flags of each.
    fn content(&self, folder: &str) -> BTreeMap<Vec<u8>, String>;

    fn count(&self, folder: &str) -> usize {
        self.content(folder).len()
    }
}

/// A way whose mail lies in a Maildir on disk.
pub trait Disk {
    /// The Maildir.
    fn root(&self) -> PathBuf;
    /// Makes a file the mailbox owner's.
    fn own(&self, path: &Path);
    /// The mailbox.
    fn reach(&self) -> Box<dyn Mailbox>;

    /// Puts a file into `new` or `cur` as one does: whole, or not there.
    fn put(&self, place: &str, name: &str, content: &[u8]) {
        let draft = self.root().join("tmp").join(name);
        std::fs::write(&draft, content).expect("a message");
        self.own(&draft);
        std::fs::rename(draft, self.root().join(place).join(name)).expect("a message");
    }
}

impl<T: Disk> Site for T {
    fn open(&self) -> Box<dyn Mailbox> {
        self.reach()
    }

    fn deliver(&self, name: &str, content: &[u8]) {
        self.put("new", name, content);
    }

    fn deliver_seen(&self, name: &str, content: &[u8]) {
        self.put("cur", &format!("{name}:2,S"), content);
    }

    fn content(&self, folder: &str) -> BTreeMap<Vec<u8>, String> {
        let root = match folder {
            "" => self.root(),
            folder => self.root().join(format!(".{folder}")),
        };
        let mut found = BTreeMap::new();
        for place in ["new", "cur"] {
            for entry in std::fs::read_dir(root.join(place)).into_iter().flatten() {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy();
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
}

/// Every way to a mailbox: a Maildir; Dovecot as it is, without MOVE, without UIDPLUS too, and with another
/// hierarchy; a server in this process.
pub fn each(test: impl Fn(&dyn Site)) {
    test(&OnDisk::new());
    let few = Some("IMAP4rev1 NAMESPACE");
    for (capabilities, prefixed) in [
        (None, false),
        (None, true),
        (Some("IMAP4rev1 UIDPLUS NAMESPACE"), false),
        (few, false),
        (few, true),
    ] {
        let wishes = Wishes {
            capabilities,
            prefixed,
            ..Wishes::default()
        };
        test(&ByImap::new(wishes));
    }
    test(&ByScript::new());
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

impl Disk for OnDisk {
    fn root(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    fn own(&self, _: &Path) {}

    fn reach(&self) -> Box<dyn Mailbox> {
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

impl Disk for ByImap {
    fn root(&self) -> PathBuf {
        self.dovecot.maildir()
    }

    fn own(&self, path: &Path) {
        self.dovecot.own(path);
    }

    fn reach(&self) -> Box<dyn Mailbox> {
        Box::new(self.imap())
    }
}

/// A server in this process, which knows no more than poms needs.
struct ByScript {
    server: Fake,
}

impl ByScript {
    fn new() -> ByScript {
        ByScript {
            server: Fake::start(&[]),
        }
    }
}

impl Site for ByScript {
    fn open(&self) -> Box<dyn Mailbox> {
        Box::new(client(&config(self.server.port)))
    }

    fn deliver(&self, _: &str, content: &[u8]) {
        let mut state = self.server.state();
        // as a server does: never one that was there
        let delivered = state.inbox.len() + state.filed.len();
        let next = 10 + u32::try_from(delivered).expect("few");
        state.inbox.push((next, content.to_vec()));
    }

    /// It keeps no flags.
    fn deliver_seen(&self, name: &str, content: &[u8]) {
        self.deliver(name, content);
    }

    fn content(&self, folder: &str) -> BTreeMap<Vec<u8>, String> {
        let state = self.server.state();
        let filed = state.filed.iter().filter(|(of, _)| of == folder);
        let all: Vec<&Vec<u8>> = match folder {
            "" => state.inbox.iter().map(|(_, content)| content).collect(),
            _ => filed.map(|(_, content)| content).collect(),
        };
        let found: BTreeMap<Vec<u8>, String> = all
            .iter()
            .map(|one| ((*one).clone(), String::new()))
            .collect();
        assert_eq!(found.len(), all.len(), "a message is there twice");
        found
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
