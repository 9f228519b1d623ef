//! A notification that a carrier sent us itself, as our own mail server saw: it may speak of parcels
//! that are on file, and of nothing else. Anybody can have a carrier write about a parcel of theirs
//! with our numbers on it, so no goods leave by it.

use crate::domain::mail_domain::aligned;
use crate::domain::rule_settings::Settings;
use crate::intake::dkim::Signed;
use crate::intake::inbound::Inbound;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail::{self, Handled, VendorMail};
use crate::vendor_docs::advice::carrier_of;

/// What came of it; `None` when no carrier is proved to have sent it, or it is about no parcel of
/// ours.
///
/// # Errors
/// The ledger's.
pub(super) fn notification(
    tx: &Tx,
    settings: &Settings,
    mail: &Inbound,
    letter: &VendorMail,
) -> Result<Option<Handled>, LedgerError> {
    let Some((from, carrier)) = mail
        .from
        .as_deref()
        .and_then(|from| Some((from, carrier_of(from)?)))
    else {
        return Ok(None);
    };
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
    if !mail.dkim.iter().any(signed) {
        return Ok(None);
    }
    mail::notification(tx, settings, letter, carrier)
}
