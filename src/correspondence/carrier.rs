//! A notification that a carrier sent us itself, as our own mail server saw: it may speak of parcels
//! that are on file, and of nothing else. Anybody can have a carrier write about a parcel of theirs
//! with our numbers on it, so no goods leave by it.

use crate::domain::mail_domain::aligned;
use crate::domain::rule_settings::RuleSettings;
use crate::intake::dkim::Signed;
use crate::intake::inbound::Inbound;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail::{self, Handled, VendorMail};
use crate::vendor_docs::advice::carrier_of;

/// What came of it; `None` when no carrier is proved to have sent it, or it is about no parcel of
/// ours.
pub(super) fn notification(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &Inbound,
    letter: &VendorMail,
) -> Result<Option<Handled>, LedgerError> {
    match sent_by(mail) {
        Some(carrier) => mail::notification(tx, settings, letter, carrier),
        None => Ok(None),
    }
}

/// Whether a carrier is proved to have sent the mail, about a parcel that no vendor has told of.
pub(super) fn of_unknown_parcel(
    tx: &Tx,
    mail: &Inbound,
    letter: &VendorMail,
) -> Result<bool, LedgerError> {
    match sent_by(mail) {
        Some(carrier) => mail::of_unknown_parcel(tx, letter, carrier),
        None => Ok(false),
    }
}

/// The carrier that our own mail server saw sign the mail.
fn sent_by(mail: &Inbound) -> Option<&'static str> {
    let from = mail.from.as_deref()?;
    let carrier = carrier_of(from)?;
    let domain = from
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain)
        .to_ascii_lowercase();
    // both the domain of From: and the one that signed must be the carrier's
    let signed = |signed: &Signed| {
        let signer = &signed.domain;
        let theirs = aligned(signer, &domain) && carrier_of(&format!("@{signer}")) == Some(carrier);
        theirs && signed.covers("from") && signed.covers("subject")
    };
    mail.dkim.iter().any(signed).then_some(carrier)
}
