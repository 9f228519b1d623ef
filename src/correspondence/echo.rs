//! What comes back because poms wrote to the admins. A mail about it would bring the next one, and so on
//! for ever (RFC 3834, 2): it stays on the list, and no mail is sent about it.

use super::{Ended, hold};
use crate::app::App;
use crate::domain::codes::Code;
use crate::domain::delivery::DeliveryKind;
use crate::intake::classify::Class;
use crate::intake::inbound::Inbound;
use crate::ledger::exceptions::Subject;
use crate::ledger::{LedgerError, Tx};

/// Holds a mail that nobody vouches for; the admins are not told of their own echo.
pub(super) fn doubt(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    code: Code,
    reason: String,
) -> Result<Ended, LedgerError> {
    let done = hold(tx, site, id, code, reason)?;
    if is_one(tx, site, mail)? {
        silence(tx, |about| about.message == Some(id))?;
    }
    Ok(done)
}

/// Whether the mail answers one of ours to the admins, a machine at an admin's address wrote it, or a
/// mail system says that something did not reach an admin.
fn is_one(tx: &Tx, site: &App, mail: &Inbound) -> Result<bool, LedgerError> {
    for reference in &mail.answers {
        if let Some(row) = tx.delivery_by_reference(reference)?
            && row.kind == DeliveryKind::AdminExceptions
        {
            return Ok(true);
        }
    }
    let is_admin = |address: &str| {
        let mut admins = site.config.site.admin_email.iter();
        admins.any(|admin| admin.eq_ignore_ascii_case(address))
    };
    if let Class::Report(found) = &mail.class {
        let mut named = found.diagnostic.split([' ', '<', '>', ':', ',', ';']);
        let recipient = found.recipients.iter().any(|address| is_admin(address));
        return Ok(recipient || named.any(is_admin));
    }
    Ok(mail.unmanned && mail.from.as_deref().is_some_and(is_admin))
}

/// Marks the new exceptions about something as told.
pub fn silence(tx: &Tx, about: impl Fn(&Subject) -> bool) -> Result<(), LedgerError> {
    let new = tx.unmailed_exceptions()?;
    let echoes = new.iter().filter(|row| about(&row.subject));
    tx.mark_mailed(echoes.map(|row| row.id))
}
