//! The ways in and out of a site: those of its configuration, unless somebody puts others in their
//! place, such as a simulated world that has no network.

use super::sources;
use crate::config::{Config, MailboxConfig, SourceConfig};
use crate::delivery::channel::Channel;
use crate::delivery::{channels, engine};
use crate::domain::delivery::DeliveryChannel;
use crate::intake::mailbox::{self, Mailbox, MailboxError};
use crate::intake::source::{Source, SourceFailure};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// What opens a mailbox.
pub type OpenMailbox =
    dyn Fn(&MailboxConfig) -> Result<Box<dyn Mailbox>, MailboxError> + Send + Sync;

/// What opens a source.
pub type OpenSource = dyn Fn(&SourceConfig) -> Result<Box<dyn Source>, SourceFailure> + Send + Sync;

/// What opens the connections of a channel, by its name in the ledger.
pub type OpenChannel = dyn Fn(&DeliveryChannel, &Config, DateTime<Utc>) -> anyhow::Result<Vec<Box<dyn Channel>>>
    + Send
    + Sync;

/// How a run reaches the outside.
pub struct Ways {
    /// Mailboxes.
    pub mailbox: Box<OpenMailbox>,
    /// Sources.
    pub source: Box<OpenSource>,
    /// Channels.
    pub channel: Box<OpenChannel>,
    /// How long a result may wait for others to share its commit with.
    pub share: Duration,
    /// At most so many mails are marked as sent before it is their turn; none where 0.
    pub ahead: usize,
}

impl Default for Ways {
    /// As the configuration has them.
    fn default() -> Ways {
        Ways {
            mailbox: Box::new(mailbox::open),
            source: Box::new(sources::open),
            channel: Box::new(channels::open),
            share: engine::SHARE,
            ahead: engine::AHEAD,
        }
    }
}
