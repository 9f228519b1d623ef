//! Purchase orders as files, to where the systems of vendors take them: the ways of `[[vendor_drop]]`.

mod folder;
mod post;
mod sftp;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use crate::config::{DropConfig, DropWay};
use crate::domain::papers::DropBundle;
use std::collections::HashMap;

/// Failures in a row after which a vendor's drop is left alone for this run.
const PATIENCE: u32 = 3;

/// Every drop of the site; one purchase order at a time.
pub struct DropChannel {
    drops: Vec<DropConfig>,
    /// Of the message that was prepared: its id, and what is ready.
    prepared: Option<(i64, Ready)>,
    /// Failures in a row and the last one, by vendor.
    failures: HashMap<String, (u32, String)>,
}

/// What waits for the last step.
enum Ready {
    Folder(folder::Staged),
    Sftp(Box<sftp::RemoteStaged>),
    Post(Box<post::Posting>),
}

impl DropChannel {
    /// Starts and opens nothing yet.
    pub fn new(drops: Vec<DropConfig>) -> DropChannel {
        DropChannel {
            drops,
            prepared: None,
            failures: HashMap::new(),
        }
    }

    /// The drop of the message's vendor.
    fn its(&self, message: &OutgoingMessage) -> Result<DropConfig, DeliveryOutcome> {
        let vendor = vendor(message);
        let found = self.drops.iter().find(|drop| drop.papers.vendor == vendor);
        found.cloned().ok_or_else(|| DeliveryOutcome::Barred {
            detail: super::channel::one_line(&format!(
                "no [[vendor_drop]] is set up for vendor '{vendor}', whose purchase orders wait: add it, or have them go \
                 by another channel"
            )),
        })
    }

    /// Counts a failure of the drop as a whole, or that it works.
    fn heard(&mut self, vendor: &str, outcome: &DeliveryOutcome) {
        let before = self.failures.remove(vendor).map_or(0, |(count, _)| count);
        let of_drop = !matches!(
            outcome,
            DeliveryOutcome::Accepted { .. } | DeliveryOutcome::Refused { .. }
        );
        if of_drop {
            let why = outcome.detail().to_owned();
            self.failures.insert(vendor.to_owned(), (before + 1, why));
        }
    }

    fn stage(&self, message: &OutgoingMessage) -> Result<Ready, DeliveryOutcome> {
        let drop = self.its(message)?;
        let Some(bundle) = DropBundle::from_bytes(&message.content) else {
            return Err(DeliveryOutcome::refused(
                "its files cannot be read from the outbox: run `poms verify`",
            ));
        };
        match &drop.way {
            DropWay::Folder(to) => folder::stage(to, &bundle).map(Ready::Folder),
            DropWay::Sftp(to) => {
                sftp::stage(to, bundle).map(|staged| Ready::Sftp(Box::new(staged)))
            }
            DropWay::Post(to) => {
                post::ready(to, bundle).map(|posting| Ready::Post(Box::new(posting)))
            }
        }
    }
}

fn vendor(message: &OutgoingMessage) -> &str {
    message.to.first().map(String::as_str).unwrap_or_default()
}

impl Channel for DropChannel {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.abandon();
        if let Some((count, why)) = self.failures.get(vendor(message))
            && *count >= PATIENCE
        {
            let why = format!("left alone until the next run: {why}");
            return Err(DeliveryOutcome::deferred(why));
        }
        match self.stage(message) {
            Ok(ready) => {
                self.prepared = Some((message.id, ready));
                Ok(())
            }
            Err(outcome) => {
                self.heard(vendor(message), &outcome);
                Err(outcome)
            }
        }
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let outcome = match self.prepared.take() {
            Some((id, Ready::Folder(staged))) if id == message.id => staged.publish(),
            Some((id, Ready::Sftp(staged))) if id == message.id => staged.publish(),
            Some((id, Ready::Post(posting))) if id == message.id => posting.post(),
            _ => DeliveryOutcome::deferred("the files were not prepared; nothing was put there"),
        };
        self.heard(vendor(message), &outcome);
        outcome
    }

    fn abandon(&mut self) {
        match self.prepared.take() {
            Some((_, Ready::Folder(staged))) => staged.take_away(),
            Some((_, Ready::Sftp(staged))) => staged.take_away(),
            Some((_, Ready::Post(_))) | None => {}
        }
    }

    fn close(&mut self) {
        self.abandon();
    }
}

/// Tries a drop, for `poms check`, and leaves nothing behind.
///
/// # Errors
/// What is wrong and what to do.
pub fn check(drop: &DropConfig) -> anyhow::Result<String> {
    match &drop.way {
        DropWay::Folder(to) => folder::check(to),
        DropWay::Sftp(to) => sftp::check(to),
        DropWay::Post(to) => post::check(to),
    }
}
