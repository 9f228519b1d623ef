//! Mail into a local Maildir: the other side of the demo and of rehearsals.
//!
//! The file is named after the message's reference, so that a message repeated after a crash is found
//! there and not delivered twice.

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use crate::domain::text::or_full;
use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Deliveries into one Maildir.
pub struct DirectoryChannel {
    root: PathBuf,
    /// Names, without flags, of what a mail client has moved to `cur/`; read once.
    seen: HashSet<String>,
    /// Of the prepared message: its id, and its name in `tmp/` or `None` if it is there already.
    prepared: Option<(i64, Option<String>)>,
}

impl DirectoryChannel {
    /// Opens the Maildir at `root`, and makes it (mode 0700) if there is none.
    ///
    /// # Errors
    /// When it cannot be made or read; names the path.
    pub fn open(root: &Path) -> io::Result<DirectoryChannel> {
        for folder in ["tmp", "new", "cur"] {
            let path = root.join(folder);
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&path)
                .map_err(|error| named("cannot make", &path, error))?;
        }
        let cur = root.join("cur");
        let mut seen = HashSet::new();
        for entry in std::fs::read_dir(&cur).map_err(|error| named("cannot read", &cur, error))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let unique = name.split(":2,").next().unwrap_or_default();
            if unique.starts_with("poms-") {
                seen.insert(unique.to_owned());
            }
        }
        Ok(DirectoryChannel {
            root: root.to_owned(),
            seen,
            prepared: None,
        })
    }

    fn there_already(&self, name: &str) -> bool {
        self.seen.contains(name) || self.root.join("new").join(name).exists()
    }

    fn write(&self, name: &str, message: &OutgoingMessage) -> io::Result<()> {
        let path = self.root.join("tmp").join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(format!("Return-Path: <{}>\r\n", message.from).as_bytes())?;
        for to in &message.to {
            file.write_all(format!("Delivered-To: {to}\r\n").as_bytes())?;
        }
        file.write_all(&message.content)?;
        file.sync_all()
    }

    fn publish(&self, name: &str) -> io::Result<()> {
        let new = self.root.join("new");
        std::fs::rename(self.root.join("tmp").join(name), new.join(name))?;
        File::open(&new)?.sync_all()
    }
}

impl Channel for DirectoryChannel {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.abandon();
        if message.reference.is_empty() {
            return Err(DeliveryOutcome::refused("the document has no reference"));
        }
        let addresses = message.to.iter().chain([&message.from]);
        if addresses.flat_map(|a| a.chars()).any(char::is_control) {
            return Err(DeliveryOutcome::refused(
                "an address has a control character in it",
            ));
        }
        let name = file_name(&message.reference);
        if self.there_already(&name) {
            self.prepared = Some((message.id, None));
            return Ok(());
        }
        match self.write(&name, message) {
            Ok(()) => {
                self.prepared = Some((message.id, Some(name)));
                Ok(())
            }
            Err(error) => {
                let error = named("cannot write into", &self.root.join("tmp"), error);
                Err(DeliveryOutcome::unreachable(error.to_string()))
            }
        }
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let name = match self.prepared.take() {
            Some((id, None)) if id == message.id => {
                return DeliveryOutcome::accepted("it was in the Maildir already");
            }
            Some((id, Some(name))) if id == message.id => name,
            _ => {
                return DeliveryOutcome::deferred(
                    "the document was not prepared; nothing was written",
                );
            }
        };
        match self.publish(&name) {
            Ok(()) => DeliveryOutcome::accepted(format!("new/{name}")),
            // sure enough to be tried again: a second try finds the file if it is there
            Err(error) => {
                let error = named("cannot deliver into", &self.root.join("new"), error);
                DeliveryOutcome::unreachable(error.to_string())
            }
        }
    }

    fn abandon(&mut self) {
        if let Some((_, Some(name))) = self.prepared.take() {
            // what stays behind is only a file in tmp/, which the next attempt replaces
            let _ = std::fs::remove_file(self.root.join("tmp").join(name));
        }
    }

    fn close(&mut self) {
        self.abandon();
    }
}

/// A Maildir name made from the reference alone: readable as far as it is harmless, and unique by
/// its digest.
fn file_name(reference: &str) -> String {
    let digest = crate::clock::hex(&openssl::sha::sha256(reference.as_bytes())[..12]);
    let readable: String = reference
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("poms-{readable}.{digest}")
}

fn named(what: &str, path: &Path, error: io::Error) -> io::Error {
    let said = format!("{what} {}: {error}", path.display());
    io::Error::new(error.kind(), or_full(&said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(reference: &str) -> OutgoingMessage {
        OutgoingMessage {
            id: 7,
            reference: reference.to_owned(),
            from: "orders@shop.example".to_owned(),
            to: vec!["v@vendor.example".to_owned()],
            subject: "PO".to_owned(),
            content: b"Subject: PO\r\n\r\n.hello\r\n".to_vec(),
        }
    }

    fn count(root: &Path, folder: &str) -> usize {
        std::fs::read_dir(root.join(folder)).unwrap().count()
    }

    #[test]
    fn nothing_is_in_new_before_complete() {
        let site = tempfile::tempdir().unwrap();
        let mut channel = DirectoryChannel::open(site.path()).unwrap();
        channel.prepare(&message("a")).unwrap();
        assert_eq!(
            (count(site.path(), "tmp"), count(site.path(), "new")),
            (1, 0)
        );
        channel.abandon();
        assert_eq!(count(site.path(), "tmp"), 0);
        assert!(matches!(
            channel.complete(&message("a")),
            DeliveryOutcome::Deferred { .. }
        ));
        channel.prepare(&message("a")).unwrap();
        assert!(matches!(
            channel.complete(&message("a")),
            DeliveryOutcome::Accepted { .. }
        ));
        assert_eq!(
            (count(site.path(), "tmp"), count(site.path(), "new")),
            (0, 1)
        );
        let entry = std::fs::read_dir(site.path().join("new")).unwrap().next();
        let text = std::fs::read(entry.unwrap().unwrap().path()).unwrap();
        assert!(text.ends_with(b"Delivered-To: v@vendor.example\r\nSubject: PO\r\n\r\n.hello\r\n"));
    }

    #[test]
    fn a_repeat_is_accepted_without_a_double_even_after_it_was_read() {
        let site = tempfile::tempdir().unwrap();
        for round in 0..3 {
            let mut channel = DirectoryChannel::open(site.path()).unwrap();
            channel.prepare(&message("<po/1@shop>")).unwrap();
            assert!(matches!(
                channel.complete(&message("<po/1@shop>")),
                DeliveryOutcome::Accepted { .. }
            ));
            if round == 1 {
                let name = file_name("<po/1@shop>");
                let seen = site.path().join("cur").join(format!("{name}:2,S"));
                std::fs::rename(site.path().join("new").join(name), seen).unwrap();
            }
        }
        assert_eq!(
            (count(site.path(), "new"), count(site.path(), "cur")),
            (0, 1)
        );
    }

    #[test]
    fn what_a_crash_left_in_tmp_is_replaced() {
        let site = tempfile::tempdir().unwrap();
        let mut channel = DirectoryChannel::open(site.path()).unwrap();
        channel.prepare(&message("a")).unwrap();
        drop(channel);
        let mut channel = DirectoryChannel::open(site.path()).unwrap();
        channel.prepare(&message("a")).unwrap();
        assert!(matches!(
            channel.complete(&message("a")),
            DeliveryOutcome::Accepted { .. }
        ));
    }

    #[test]
    fn names_stay_inside_and_apart() {
        assert_ne!(file_name("a/b"), file_name("a-b"));
        assert!(!file_name("../../etc/passwd:2,T").contains(['/', ':']));
    }

    #[test]
    fn a_vanished_maildir_is_the_servers_trouble() {
        let site = tempfile::tempdir().unwrap();
        let mut channel = DirectoryChannel::open(site.path()).unwrap();
        std::fs::remove_dir(site.path().join("tmp")).unwrap();
        let outcome = channel.prepare(&message("a")).unwrap_err();
        assert!(
            matches!(outcome, DeliveryOutcome::Unreachable { .. }),
            "{outcome:?}"
        );
        assert!(outcome.detail().contains("tmp"));
    }
}
