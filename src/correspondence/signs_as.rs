//! Whose address stands in `From:` of a mail that came to the address which only one vendor knows: that
//! address proves the vendor, and `From:` proves nothing for anybody. But one of another vendor, or of our
//! own, speaks against it: mails are passed on, and answered from the wrong account.

use super::trust::Proved;
use crate::app::App;
use crate::intake::inbound::Inbound;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail::Trust;

/// Why a mail is not taken for its vendor's.
///
/// # Errors
/// The ledger cannot be read.
pub(super) fn another(
    tx: &Tx,
    site: &App,
    mail: &Inbound,
    proved: &Proved,
) -> Result<Option<String>, LedgerError> {
    let by_address = matches!(
        proved.trust,
        Trust::Token { .. } | Trust::Addresses { .. } | Trust::Asked { .. }
    );
    let Some(from) = mail.from.as_deref().filter(|_| by_address) else {
        return Ok(None);
    };
    let there = tx.vendors_of_mail(from)?;
    if there
        .iter()
        .any(|(id, _)| Some(id) == proved.vendor.as_ref())
    {
        return Ok(None);
    }
    let ours = from.eq_ignore_ascii_case(site.config.site.email.trim());
    Ok(match there.first() {
        Some((_, name)) => Some(format!(
            "it came to the address of a purchase order, but from {from}, which is {name}'s, another vendor"
        )),
        None if ours => Some(format!(
            "it came to the address of a purchase order, but from {from}, which is our own"
        )),
        None => None,
    })
}
