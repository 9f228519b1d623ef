//! Where mail waits: one trait, one file for each kind of mailbox.

pub mod imap;
pub mod maildir;

use crate::config::{MailboxConfig, MailboxKind};
use chrono::{DateTime, Utc};
use std::path::PathBuf;

/// A message that waits in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// A stable name, unique within the mailbox.
    pub key: String,
    /// Bytes, as the mailbox tells it; the truth is what [`Mailbox::fetch`] gives.
    pub size: u64,
}

/// How many bytes of a message over the limit are kept.
pub const HEAD: usize = 64 * 1024;

/// The outcome of fetching a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The whole message.
    Message(Vec<u8>),
    /// More than the limit: enough to say what it was.
    TooLarge {
        /// Bytes.
        size: u64,
        /// The first [`HEAD`] bytes.
        head: Vec<u8>,
        /// SHA-256 of the whole message; of a file that no mail could be, of its first part and its size.
        sha256: [u8; 32],
    },
    /// Somebody else has taken it away.
    Gone,
}

/// Says nothing of the content.
impl std::fmt::Debug for Fetched {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fetched::Message(bytes) => write!(out, "Message({} bytes)", bytes.len()),
            Fetched::TooLarge { size, .. } => write!(out, "TooLarge({size} bytes)"),
            Fetched::Gone => out.write_str("Gone"),
        }
    }
}

/// The folder into which a message goes once it is in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilingFolder {
    /// What has been dealt with.
    Processed,
    /// What could not be read.
    Quarantine,
}

/// Splits what waits into runs of at most `count` items and `bytes` in sum, so that a batch fits
/// into memory; an item that is larger alone is a run of its own.
pub fn bounded<T>(items: &[T], count: usize, bytes: u64, size: impl Fn(&T) -> u64) -> Vec<&[T]> {
    let (mut start, mut sum) = (0, 0u64);
    let mut runs = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let with = sum.saturating_add(size(item));
        if place > start && (place - start >= count || with > bytes) {
            runs.push(&items[start..place]);
            (start, sum) = (place, size(item));
        } else {
            sum = with;
        }
    }
    if start < items.len() {
        runs.push(&items[start..]);
    }
    runs
}

/// One result for each message fetched: its index in the batch, and what came of it.
pub type FetchResults = Vec<(usize, Result<Fetched, MailboxError>)>;

/// The findings about a mailbox that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// How many messages wait.
    pub waiting: usize,
    /// When the server's certificate ends, if there is one.
    pub certificate_ends: Option<DateTime<Utc>>,
}

/// A mailbox: listed, fetched and filed in batches.
pub trait Mailbox {
    /// The name that the site gave it.
    fn name(&self) -> &str;

    /// Lists what waits, in order of arrival.
    ///
    /// # Errors
    /// When the mailbox as a whole cannot be read.
    fn list(&mut self) -> Result<Vec<Handle>, MailboxError>;

    /// Tries all that a run needs, and makes the folders into which mail is filed.
    ///
    /// # Errors
    /// What a run would meet.
    fn check(&mut self) -> Result<Checked, MailboxError>;

    /// Fetches the messages of a batch; those of more than `limit` bytes only in part. Nothing in
    /// the mailbox changes. The results may be in another order than the batch.
    ///
    /// # Errors
    /// When the mailbox as a whole has failed; trouble with one message is its own result.
    fn fetch(&mut self, batch: &[Handle], limit: u64) -> Result<FetchResults, MailboxError>;

    /// Files the messages of a batch away, durably: results in the batch's order. A message that is
    /// there no more is `Ok`.
    fn file(&mut self, batch: &[Handle], folder: FilingFolder) -> Vec<Result<(), MailboxError>>;
}

/// A reason why a mailbox or a message in it cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// There is nothing at that path.
    #[error("there is no mailbox at {path}: make it (maildirmake {path}), or correct its path")]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Something else is at that path.
    #[error("{path} is not a Maildir: {why}; a Maildir has the folders new, cur and tmp")]
    NotMaildir {
        /// Where.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The user that runs poms may not.
    #[error(
        "no permission to {action} {path}: poms must run as a user who may, as a rule the mailbox's owner"
    )]
    Denied {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
    },
    /// A folder's name in the configuration.
    #[error("'{name}' cannot be the name of a folder: {why}")]
    FolderName {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Any other trouble with the file system.
    #[error("cannot {action} {path}: {reason}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// An IMAP server, or a folder or message on it.
    #[error("the IMAP server {server}: {fault}")]
    Imap {
        /// `HOST:PORT`.
        server: String,
        /// What is the matter.
        fault: imap::ImapFault,
    },
}

impl MailboxError {
    /// Says what is the matter with one message, where it is not the whole mailbox that fails: the
    /// others can be had.
    pub fn of_one_message(&self) -> Option<String> {
        match self {
            MailboxError::Imap {
                fault: imap::ImapFault::Unreadable { uid, why },
                ..
            } => Some(format!("UID {uid}: {why}")),
            _ => None,
        }
    }
}

/// Opens the mailbox that the configuration describes.
///
/// # Errors
/// When it cannot be opened, in a sentence that says what to do.
pub fn open(config: &MailboxConfig) -> Result<Box<dyn Mailbox>, MailboxError> {
    let (name, processed, quarantine) = (
        &config.name,
        &config.processed_folder,
        &config.quarantine_folder,
    );
    Ok(match &config.kind {
        MailboxKind::Maildir { path } => {
            Box::new(maildir::Maildir::open(name, path, processed, quarantine)?)
        }
        MailboxKind::Imap(imap) => Box::new(imap::Imap::new(name, imap, processed, quarantine)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_are_bounded_and_lose_nothing(
            sizes in prop::collection::vec(0u64..50, 0..60), count in 1usize..9, bytes in 0u64..100,
        ) {
            let runs = bounded(&sizes, count, bytes, |size| *size);
            prop_assert_eq!(&runs.concat(), &sizes);
            for run in runs {
                prop_assert!(!run.is_empty() && run.len() <= count);
                prop_assert!(run.len() == 1 || run.iter().sum::<u64>() <= bytes);
            }
        }
    }
}
