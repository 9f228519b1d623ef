//! A copy of a batch with the servers that it talks to, each of which says what it has.

use super::*;
use crate::support::dovecot::{Dovecot, PASSWORD, USER, Wishes};
use crate::support::ports;
use crate::support::scene::{config, smtp_config, two_by_two};
use crate::support::{imap_fake, smtp};
use std::path::{Path, PathBuf};

/// What mail comes out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inbox {
    Maildir,
    /// An IMAP server in this process.
    Imap,
    /// A real one, over TLS.
    Dovecot,
    /// A watched folder: what the mails have in them are its files.
    Folder,
}

/// How mail comes and goes.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub inbox: Inbox,
    /// By SMTP with so many connections, else into a Maildir.
    pub smtp: Option<usize>,
    /// The mail server ends each connection after one mail.
    pub single: bool,
    /// More of the configuration.
    pub more: &'static str,
}

impl Way {
    /// From a Maildir to SMTP, by one connection.
    pub const SMTP: Way = Way {
        inbox: Inbox::Maildir,
        smtp: Some(1),
        single: false,
        more: "",
    };

    fn server(self) -> smtp::Fake {
        let extensions = &["PIPELINING", "8BITMIME"];
        smtp::Fake::start(extensions, smtp::NO_CUT, move |at| {
            match self.single && at.name == "MAIL" && at.nth > 0 {
                true => smtp::Act::SayAndClose("421 4.7.0 one mail for each connection"),
                false => smtp::Act::Usual,
            }
        })
    }
}

pub struct Site {
    inbox: Inbox,
    pub scene: Scene,
    pub smtp: Option<smtp::Fake>,
    pub imap: Option<imap_fake::Fake>,
    dovecot: Option<Dovecot>,
    /// All mails that were put into the mailbox.
    mails: Vec<Vec<u8>>,
}

/// `[[mailbox]]` of a server on this machine, in place of the Maildir's.
fn with_imap(config: &str, server: &str) -> String {
    let maildir = "kind = \"maildir\"\npath = \"mail/orders\"";
    let imap = format!(
        "kind = \"imap\"\n{server}\nuser = \"{USER}\"\npassword = \"{PASSWORD}\"\ntimeout_seconds = 5"
    );
    assert!(config.contains(maildir));
    config.replacen(maildir, &imap, 1)
}

/// `[[source]]` in place of the mailbox.
fn with_folder(config: &str) -> String {
    let maildir = "[[mailbox]]\nname = \"orders\"\nkind = \"maildir\"\npath = \"mail/orders\"";
    let folder =
        "[[source]]\nname = \"orders\"\nkind = \"folder\"\npath = \"in\"\nsettle_seconds = 0";
    assert!(config.contains(maildir));
    config.replacen(maildir, folder, 1)
}

/// Writes what mails have in them as files of a folder; what was written.
pub fn into_folder(folder: &Path, mails: &[Vec<u8>]) -> Vec<Vec<u8>> {
    std::fs::create_dir(folder).unwrap();
    let sealed = |mail: &Vec<u8>| poms::intake::mime::only_object(mail).unwrap().unwrap();
    let sealed: Vec<Vec<u8>> = mails.iter().map(sealed).collect();
    for (number, bytes) in sealed.iter().enumerate() {
        std::fs::write(folder.join(format!("{number:02}.asc")), bytes).unwrap();
    }
    sealed
}

/// The files of a folder in the order of their names.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

pub fn contents(folder: &Path) -> Vec<Vec<u8>> {
    let read = |path: &PathBuf| std::fs::read(path).unwrap();
    files(folder).iter().map(read).collect()
}

fn fill(server: &Dovecot, mails: &[Vec<u8>]) {
    for (number, mail) in mails.iter().enumerate() {
        let name = format!("1748858700.{number:06}.test");
        let (draft, place) = (
            server.maildir().join("tmp").join(&name),
            server.maildir().join("new").join(&name),
        );
        std::fs::write(&draft, mail).unwrap();
        server.own(&draft);
        std::fs::rename(draft, place).unwrap();
    }
}

/// The same site after a run that found no mail server, nor a fax service: the orders are placed and
/// their documents wait. Ten minutes later they are due.
pub fn queued(scene: Scene, more: &str) -> Scene {
    let out = smtp_config(ports::free(), 1, more);
    scene.configure(&out);
    let down = scene.run(&["process"], NOW);
    assert_eq!(down.code, 1, "{}", down.stderr);
    scene
}

impl Site {
    pub fn new(batch: &Scene, way: Way) -> Site {
        let server = way.smtp.map(|_| way.server());
        Site::with(batch, way, server)
    }

    /// With this mail server.
    pub fn with(batch: &Scene, way: Way, smtp: Option<smtp::Fake>) -> Site {
        let scene = batch.again();
        let inbox = scene.path("mail/orders/new");
        let mut mails = contents(&inbox);
        if way.inbox != Inbox::Maildir {
            let clear = |file: &PathBuf| std::fs::remove_file(file).unwrap();
            files(&inbox).iter().for_each(clear);
        }
        if way.inbox == Inbox::Folder {
            mails = into_folder(&scene.path("in"), &mails);
        }
        let out = match (&smtp, way.smtp) {
            (Some(server), Some(connections)) => smtp_config(server.port, connections, way.more),
            _ => config("kind = \"maildir\"\npath = \"mail/sent\"", way.more),
        };
        let (mut imap, mut dovecot) = (None, None);
        scene.configure(&match way.inbox {
            Inbox::Maildir => two_by_two(&out),
            Inbox::Folder => two_by_two(&with_folder(&out)),
            Inbox::Imap => {
                let port = imap.insert(imap_fake::Fake::start(&mails)).port;
                let server = format!("host = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"");
                with_imap(&out, &server)
            }
            Inbox::Dovecot => {
                let server = dovecot.insert(Dovecot::start(Wishes::default()));
                fill(server, &mails);
                std::fs::write(scene.path("ca.pem"), &server.authority.root).unwrap();
                let port = server.tls_port;
                let server = "security = \"tls\"\nca_file = \"ca.pem\"";
                with_imap(
                    &out,
                    &format!("host = \"localhost\"\nport = {port}\n{server}"),
                )
            }
        });
        // what was filed before
        mails.extend(contents(&scene.path("mail/orders/.Processed/cur")));
        Site {
            inbox: way.inbox,
            scene,
            smtp,
            imap,
            dovecot,
            mails,
        }
    }

    /// The Message-IDs of what the other side has.
    pub fn taken(&self) -> Vec<String> {
        match &self.smtp {
            Some(server) => references(&server.seen.lock().unwrap().taken),
            None => references(&contents(&self.scene.path("mail/sent/new"))),
        }
    }

    /// Each mail was filed away once, and none is left.
    fn judge_mailbox(&self, at: &str) {
        let mut filed: Vec<Vec<u8>> = match &self.imap {
            Some(server) => {
                let state = server.state();
                assert!(state.inbox.is_empty(), "{at}: mail was left");
                state.filed.iter().map(|(_, mail)| mail.clone()).collect()
            }
            None if self.inbox == Inbox::Folder => {
                let root = self.scene.path("in");
                let left = files(&root).into_iter().filter(|path| path.is_file());
                assert_eq!(left.count(), 0, "{at}: a file was left");
                let places = [".processed", ".failed"].iter();
                places
                    .flat_map(|place| contents(&root.join(place)))
                    .collect()
            }
            None => {
                let own = || self.scene.path("mail/orders");
                let root = self.dovecot.as_ref().map_or_else(own, Dovecot::maildir);
                let left = files(&root.join("new")).len() + files(&root.join("cur")).len();
                assert_eq!(left, 0, "{at}: mail was left");
                let places = [
                    "Processed/new",
                    "Processed/cur",
                    "Quarantine/new",
                    "Quarantine/cur",
                ];
                let filed = places
                    .iter()
                    .flat_map(|place| contents(&root.join(format!(".{place}"))));
                filed.collect()
            }
        };
        let mut mails = self.mails.clone();
        filed.sort();
        mails.sort();
        assert!(
            filed == mails,
            "{at}: {} filed of {}",
            filed.len(),
            mails.len()
        );
    }

    /// Puts one more mail into the mailbox.
    pub fn deliver(&mut self, mail: Vec<u8>) {
        let number = self.mails.len();
        match &self.imap {
            Some(server) => {
                let uid = 10 + u32::try_from(number).unwrap();
                server.state().inbox.push((uid, mail.clone()));
            }
            None => {
                let name = format!("mail/orders/tmp/1748858700.{number:06}.test");
                let draft = self.scene.path(&name);
                std::fs::write(&draft, &mail).unwrap();
                let place = self.scene.path(&name.replace("/tmp/", "/new/"));
                std::fs::rename(draft, place).unwrap();
            }
        }
        self.mails.push(mail);
    }

    /// Two more runs, and all is as it must be.
    pub fn converges(&self, expected: Expected, at: &str) -> Figures {
        self.converges_at(LATER, expected, at)
    }

    /// The same at these moments.
    pub fn converges_at(&self, later: [&str; 2], expected: Expected, at: &str) -> Figures {
        run_again(&self.scene, later, at);
        self.judge_mailbox(at);
        judge(&self.scene, expected, &self.taken(), at)
    }
}
