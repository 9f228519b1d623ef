//! Documents out and in.

use clap::{Args as ClapArgs, Subcommand};

/// `poms outbox`.
#[derive(Subcommand, Debug)]
pub enum Outbox {
    /// What waits, failed or is doubtful
    List {
        /// What was sent or dropped too
        #[arg(long)]
        all: bool,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// One delivery with its attempts
    Show {
        /// Its number
        id: i64,
    },
    /// Send it again
    Retry(OutboxAct),
    /// It did arrive
    Confirm(OutboxAct),
    /// It shall not be sent
    Drop(OutboxAct),
}

/// An act on a delivery.
#[derive(ClapArgs, Debug)]
pub struct OutboxAct {
    /// Its number
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
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// One message
    Show {
        /// Its number
        id: i64,
        /// Its bytes as they came (still encrypted)
        #[arg(long)]
        raw: bool,
    },
    /// Read a held or quarantined message again, after the cause was mended
    Reprocess {
        /// Its number
        id: i64,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
}
