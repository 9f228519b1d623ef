//! Whose address stands in `From:` of a mail that came to the address which only one vendor knows: that
//! address proves the vendor, and `From:` proves nothing for anybody. But one of another vendor, or of our
//! own, speaks against it: mails are passed on, and answered from the wrong account. So do several addresses
//! there, or none: nobody can say who of them wrote.

use super::trust::Proved;
use crate::app::App;
use crate::domain::foreign::cut;
use crate::domain::mail_domain::{domain_of, open_to_all};
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
    if !by_address {
        return Ok(None);
    }
    if mail.authors != 1 {
        let shown = match mail.sender.trim() {
            "" => "nothing".to_owned(),
            shown => cut(shown, 120),
        };
        let count = if mail.authors == 0 {
            "no"
        } else {
            "more than one"
        };
        return Ok(Some(format!(
            "it came to the address of a purchase order, and its From: names {count} address ({shown})"
        )));
    }
    let Some(from) = mail.from.as_deref() else {
        return Ok(None);
    };
    let there = tx.vendors_of_mail(from)?;
    if there
        .iter()
        .any(|(id, _)| Some(id) == proved.vendor.as_ref())
    {
        return Ok(None);
    }
    let theirs = match &proved.vendor {
        Some(vendor) => tx.vendor(vendor)?.map(|vendor| domain_of(&vendor.email)),
        None => None,
    };
    let ours = is_ours(site, from, theirs.as_deref());
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

/// Whether an address is one of the shop's: of its mailboxes or its admins, or any of its own domain; not
/// where the vendor is of that domain, too, or anybody can have an address there.
fn is_ours(site: &App, from: &str, vendors_domain: Option<&str>) -> bool {
    let own = &site.config.site;
    let archive = site.config.delivery.archive.iter();
    let named = [&own.email, &own.reply_address].into_iter();
    let mut named = named.chain(&own.admin_email).chain(archive);
    let domain = domain_of(from);
    let shops = domain == domain_of(&own.email);
    let shared = vendors_domain == Some(domain.as_str()) || open_to_all(&domain);
    named.any(|one| one.trim().eq_ignore_ascii_case(from)) || shops && !shared
}
