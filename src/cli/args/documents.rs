//! Documents out and in.

use super::typed_values;
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

/// `poms outbox`.
#[derive(Subcommand, Debug)]
pub enum Outbox {
    /// What waits, failed or is doubtful
    List {
        /// What was sent or dropped too
        #[arg(long)]
        all: bool,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
        limit: usize,
    },
    /// One delivery with its attempts
    Show {
        /// Its number
        #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
        id: i64,
    },
    /// Send it again: a failed or dropped one, or an unknown one that did not arrive (it is marked as a possible duplicate)
    Retry(OutboxAct),
    /// Note that an unknown, failed or dropped one did arrive: its purchase order counts as sent
    Confirm(OutboxAct),
    /// Note that one which waits, failed or is unknown shall not be sent
    Drop(OutboxAct),
}

/// An act on a delivery.
#[derive(ClapArgs, Debug)]
pub struct OutboxAct {
    /// Its number
    #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
    pub id: i64,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms message`.
#[derive(Subcommand, Debug)]
pub enum Message {
    /// Messages, newest first
    List {
        /// Only accepted, duplicate, held, quarantined, ignored or pending ones
        #[arg(long)]
        state: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
        limit: usize,
    },
    /// One message: what it says (decrypted anew, card numbers masked), and the files in it
    Show {
        /// Its number
        #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
        id: i64,
        /// Its bytes as they came (still encrypted)
        #[arg(long)]
        raw: bool,
    },
    /// Write a file of a message out, decrypted where it is encrypted
    #[command(after_help = "Example:\n  poms message attachment 12 1 -o stock.xlsx")]
    Attachment {
        /// The message's number
        #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
        id: i64,
        /// The file's number or name, as `poms message show` has it; may be left away where there is one
        #[arg(value_name = "NUMBER|NAME")]
        which: Option<String>,
        /// A file that does not exist yet; - for stdout
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Answer a customer's or a vendor's mail, in its thread; closes what only waited for an answer
    Answer(MessageAnswer),
    /// Read a held or quarantined message again, after the cause was mended
    Reprocess {
        /// Its number
        #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
        id: i64,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
}

/// `poms message answer`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  poms message answer 12 --text \"It left on Monday.\" --note \"answered\""
)]
pub struct MessageAnswer {
    /// The message's number
    #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
    pub id: i64,
    /// What the mail says
    #[arg(
        long,
        value_name = "TEXT",
        conflicts_with = "file",
        required_unless_present = "file"
    )]
    pub text: Option<String>,
    /// A file that has what the mail says; - for stdin
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The address that wrote, or the one on file, when they differ
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<String>,
    /// Answer once more what was answered before
    #[arg(long)]
    pub again: bool,
    /// Answer one whose sender is not proved
    #[arg(long)]
    pub unproved: bool,
    /// Why, for whoever reads it later; it is not in the mail
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}
