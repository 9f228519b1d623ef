//! Envelopes: an address of its own for the bounces of each mail, and a copy for the shop's archive.

use crate::domain::delivery::DeliveryChannel;
use crate::domain::token::{self, TokenKeys, TokenSubject};
use crate::ledger::outbox::DeliveryRow;

/// What the envelope of a mail gets beside what its row says.
#[derive(Clone, Copy, Default)]
pub struct Envelopes<'a> {
    /// The keys of tokens, and the address that carries one, where each delivery has an envelope
    /// sender of its own (VERP).
    pub verp: Option<(&'a TokenKeys, &'a str)>,
    /// The same for faxes: where a gateway's reports about one shall go.
    pub reports: Option<(&'a TokenKeys, &'a str)>,
    /// Who gets a copy in the same transaction.
    pub archive: Option<&'a str>,
}

impl Envelopes<'_> {
    /// Envelope sender and recipients of a delivery.
    pub(super) fn envelope(&self, row: &DeliveryRow) -> (String, Vec<String>) {
        let named = TokenSubject::Delivery {
            id: row.id,
            reference: &row.reference,
        };
        let verp = match row.channel {
            DeliveryChannel::Email => self.verp.filter(|_| !row.sender.is_empty()),
            DeliveryChannel::Fax => self.reports,
            _ => None,
        };
        let sender =
            verp.and_then(|(keys, pattern)| Some(token::address(pattern, &keys.make(&named)?)));
        let archive = self
            .archive
            .filter(|_| row.channel == DeliveryChannel::Email);
        let mut to = row.recipients.clone();
        to.extend(archive.map(str::to_owned));
        (sender.unwrap_or_else(|| row.sender.clone()), to)
    }
}
