//! Ways in that are no mailbox: folders, servers and shops that give documents of orders. One trait, one
//! file for each kind.
//!
//! A source is polled page by page. What a page has is stored as messages, with the cursor behind it, in
//! one transaction: the cursor never stands behind a document that was not stored. Then each document goes
//! the way of every message, and the source is told of its outcome.

mod failure;
mod files;
pub mod folder;
pub mod https;
pub mod sftp;
mod written_on;

pub use crate::domain::vouched::Vouched;
pub use failure::{Again, SourceFailure};
pub use files::written;

use crate::domain::lifecycle::MessageState;
use chrono::{DateTime, Utc};

/// How far a source was read: words of its own, kept in the ledger, never looked into by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor of these words.
    pub fn new(words: impl Into<String>) -> Cursor {
        Cursor(words.into())
    }

    /// Its words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a page may be at most, and when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Documents.
    pub documents: usize,
    /// Bytes of all documents of a page together; the last one may go beyond.
    pub bytes: u64,
    /// Bytes of one document: of a larger one only its head is given, as [`DocumentContent::TooLarge`].
    pub largest: u64,
    /// The moment of the poll.
    pub now: DateTime<Utc>,
}

/// What is known of a document beside its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentName {
    /// What it is known again by, within its source: the same identity is the same document and is stored
    /// once. It must change whenever the content does (an order's number with the moment of its last change;
    /// where the shop tells that moment more coarsely than orders change, with a digest of the bytes as well),
    /// or `by_content` must be set. People see it.
    pub identity: String,
    /// Whether other bytes under the same identity are another document, as of a file that is written again
    /// under its name.
    pub by_content: bool,
    /// A file name, where it has one; it says nothing of where the file lies. Empty where none is stated.
    pub file_name: String,
    /// The media type, such as `application/json`; empty where none is stated.
    pub media_type: String,
    /// By what it is believed.
    pub vouched: Vouched,
}

/// A document's bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum DocumentContent {
    /// All of them.
    Whole(Vec<u8>),
    /// More than [`Budget::largest`]: it is kept as a message that a person must look at.
    TooLarge {
        /// Bytes in all.
        size: u64,
        /// The first [`HEAD`](super::mailbox::HEAD) bytes at most.
        head: Vec<u8>,
        /// What tells it from another with the same size and head, such as when it was written.
        mark: String,
    },
}

/// Says nothing of the bytes.
impl std::fmt::Debug for DocumentContent {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DocumentContent::Whole(bytes) => write!(out, "Whole({} bytes)", bytes.len()),
            DocumentContent::TooLarge { size, .. } => write!(out, "TooLarge({size} bytes)"),
        }
    }
}

/// A document that a source gives: what one message will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDocument {
    /// What is known of it.
    pub name: DocumentName,
    /// Its bytes as they came.
    pub content: DocumentContent,
    /// It matters only where the source gave a document before whose identity begins so: what became of a basket
    /// that nobody paid is no news to who never had it as an order. Else it is passed over.
    pub follows: Option<String>,
}

impl SourceDocument {
    /// Bytes in all.
    pub fn size(&self) -> u64 {
        match &self.content {
            DocumentContent::Whole(bytes) => bytes.len() as u64,
            DocumentContent::TooLarge { size, .. } => *size,
        }
    }
}

/// One page of a source.
#[derive(Debug, Default)]
pub struct Page {
    /// What came, in its order.
    pub documents: Vec<SourceDocument>,
    /// Where to go on when all of the page is stored; `None` leaves the cursor where it is.
    pub after: Option<Cursor>,
    /// Whether there is more to be had at once.
    pub more: bool,
    /// What the source has and cannot give now, without harm to the rest: it must come again by itself, whatever
    /// the cursor is.
    pub left: Vec<SourceFailure>,
}

/// The findings about a source that works, one sentence each, for `poms check`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChecked {
    /// What was found: "3 files wait".
    pub found: String,
    /// What a person should know although it works.
    pub warnings: Vec<String>,
}

/// A source of documents.
pub trait Source {
    /// The name that the site gave it.
    fn name(&self) -> &str;

    /// Gives what comes behind `after`; `None` is the beginning. Nothing at the source changes. Within one run
    /// a document is given once.
    ///
    /// # Errors
    /// When the page cannot be had whole: nothing of it is stored, and the cursor stays where it is.
    fn poll(&mut self, after: Option<&Cursor>, budget: &Budget) -> Result<Page, SourceFailure>;

    /// Tells the source what became of a document, once that is committed and anchored: a folder moves its file
    /// away. May be repeated, and for a document that is there no more it is `Ok`. A document that was given, and
    /// of which this was not told, is given again by the next run.
    ///
    /// # Errors
    /// What a person must mend for the document to leave.
    fn settle(
        &mut self,
        document: &DocumentName,
        outcome: MessageState,
    ) -> Result<(), SourceFailure>;

    /// Tries all that a run needs, changes nothing that others see.
    ///
    /// # Errors
    /// What a run would meet: the missing permission by its name.
    fn check(&mut self, now: DateTime<Utc>) -> Result<SourceChecked, SourceFailure>;
}
