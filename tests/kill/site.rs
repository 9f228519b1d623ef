//! A copy of a batch with the servers that it talks to, each of which says what it has.

use super::*;
use crate::support::scene::{config, smtp_config};
use crate::support::{imap_fake, smtp};
use std::path::Path;

/// How mail comes and goes.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// By IMAP, else out of a Maildir.
    pub imap: bool,
    /// By SMTP with so many connections, else into a Maildir.
    pub smtp: Option<usize>,
    /// The mail server ends each connection after one mail.
    pub single: bool,
}

impl Way {
    /// From a Maildir to SMTP, by one connection.
    pub const SMTP: Way = Way {
        imap: false,
        smtp: Some(1),
        single: false,
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
    pub scene: Scene,
    pub smtp: Option<smtp::Fake>,
    pub imap: Option<imap_fake::Fake>,
    /// All mails that were put into the mailbox.
    mails: Vec<Vec<u8>>,
}

/// `[[mailbox]]` of a server on this machine, in place of the Maildir's.
pub fn with_imap(config: &str, port: u16) -> String {
    let maildir = "kind = \"maildir\"\npath = \"mail/orders\"";
    let imap = format!(
        "kind = \"imap\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nuser = \"shop\"\n\
         password = \"canary-pass word\"\ntimeout_seconds = 5"
    );
    assert!(config.contains(maildir));
    config.replacen(maildir, &imap, 1)
}

/// The files of a folder in the order of their names.
pub fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn contents(folder: &Path) -> Vec<Vec<u8>> {
    let read = |path: &std::path::PathBuf| std::fs::read(path).unwrap();
    files(folder).iter().map(read).collect()
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
        let mails = contents(&inbox);
        let imap = way.imap.then(|| {
            files(&inbox)
                .iter()
                .for_each(|file| std::fs::remove_file(file).unwrap());
            imap_fake::Fake::start(&mails)
        });
        let out = match (&smtp, way.smtp) {
            (Some(server), Some(connections)) => smtp_config(server.port, connections, ""),
            _ => config("kind = \"maildir\"\npath = \"mail/sent\"", ""),
        };
        scene.configure(&match &imap {
            Some(server) => with_imap(&out, server.port),
            None => out,
        });
        Site {
            scene,
            smtp,
            imap,
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
        let mut filed = match &self.imap {
            Some(server) => {
                let state = server.state();
                assert!(state.inbox.is_empty(), "{at}: mail was left");
                state.processed.clone()
            }
            None => {
                let root = self.scene.path("mail/orders");
                let left = files(&root.join("new")).len() + files(&root.join("cur")).len();
                assert_eq!(left, 0, "{at}: mail was left");
                let processed = root.join(".Processed");
                [
                    contents(&processed.join("new")),
                    contents(&processed.join("cur")),
                ]
                .concat()
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
