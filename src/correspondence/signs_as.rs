//! Whose address stands in `From:` of a mail that came to the address which only one vendor knows: that
//! address proves the vendor, and `From:` proves nothing for anybody. But one of another vendor, or of our
//! own, speaks against it: mails are passed on, and answered from the wrong account. So do several addresses
//! there, or none: nobody can say who of them wrote.

use super::trust::Proved;
use crate::app::App;
use crate::domain::foreign::cut;
use crate::domain::mail_domain::{aligned, domain_of, open_to_all};
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
        return Ok(Some(not_one(mail)));
    }
    let Some(from) = mail.from.as_deref() else {
        return Ok(None);
    };
    let came = "it came to the address of a purchase order, but";
    if mail.disowned {
        return Ok(Some(format!(
            "{came} our own mail server says that it is not of the domain of {from}"
        )));
    }
    let machine = from.split('@').next().unwrap_or_default();
    if matches!(machine, "mailer-daemon" | "postmaster") {
        return Ok(Some(format!(
            "{came} from {from}, where mail systems write, and no vendor"
        )));
    }
    let theirs = match &proved.vendor {
        Some(vendor) => tx.vendor(vendor)?.map(|vendor| domain_of(&vendor.email)),
        None => None,
    };
    let there = tx.vendors_of_mail(from)?;
    let vendors_own = there
        .iter()
        .any(|(id, _)| Some(id) == proved.vendor.as_ref());
    if !vendors_own && is_ours(site, from, theirs.as_deref()) {
        return Ok(Some(format!("{came} from {from}, which is our own")));
    }
    let own = [from.to_owned()];
    for address in own.iter().chain(&mail.speaks_for) {
        if let Some(name) = of_another(tx, address, theirs.as_deref(), proved)? {
            return Ok(Some(format!(
                "{came} from {address}, which is {name}'s, another vendor"
            )));
        }
    }
    Ok(None)
}

/// Several writers, or none.
fn not_one(mail: &Inbound) -> String {
    let shown = match mail.sender.trim() {
        "" => "nothing".to_owned(),
        shown => cut(shown, 120),
    };
    let count = if mail.authors == 0 {
        "no"
    } else {
        "more than one"
    };
    format!(
        "it came to the address of a purchase order, and its From: names {count} address ({shown})"
    )
}

/// The other vendor whose address it is, or whose domain, unless anybody can have an address there or it is
/// this vendor's, too.
fn of_another(
    tx: &Tx,
    address: &str,
    theirs: Option<&str>,
    proved: &Proved,
) -> Result<Option<String>, LedgerError> {
    let own = |id: &str| Some(id) == proved.vendor.as_deref();
    let there = tx.vendors_of_mail(address)?;
    if there.iter().any(|(id, _)| own(id)) {
        return Ok(None);
    }
    if let Some((_, name)) = there.into_iter().next() {
        return Ok(Some(name));
    }
    let domain = domain_of(address);
    if domain.is_empty() || open_to_all(&domain) || theirs.is_some_and(|own| aligned(own, &domain))
    {
        return Ok(None);
    }
    let all = tx.vendors()?.into_iter();
    let mut others =
        all.filter(|(vendor, _)| !own(&vendor.id) && domain_of(&vendor.email) == domain);
    Ok(others.next().map(|(vendor, _)| vendor.name))
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
