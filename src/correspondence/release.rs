//! A held mail that an admin vouches for.

use super::{known, sent_mail, tell_delivery, trust, vendor_mail};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::lifecycle::MessageState;
use crate::intake::classify::Class;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail;
use crate::shipping::mail::Trust;

/// A held mail that an admin vouches for, for the purchase order that they name or that its
/// subject does. Returns what came of it.
///
/// # Errors
/// When no purchase order is named, or the mail cannot be acted on, in a sentence that says so.
pub fn release(
    tx: &Tx,
    site: &App,
    id: i64,
    po: Option<&str>,
) -> Result<(MessageState, String), LedgerError> {
    let refused = LedgerError::Refused;
    let mail = known::stored(tx, site, id)?.map_err(|fault| {
        refused(BusinessRefusal::unreadable(format!(
            "message {id} cannot be read: {fault}"
        )))
    })?;
    let po = match po {
        Some(number) => Some(tx.find_po(number)?),
        None => trust::named_in_subject(tx, &mail)?,
    };
    let Some(po) = po else {
        return Err(refused(
            BusinessRefusal::needs_word(format!(
                "the subject of message {id} names no purchase order"
            ))
            .with_remedy(": say which one it is about with --po NUMBER"),
        ));
    };
    if let Class::Report(found) = &mail.class {
        let Some(row) = sent_mail(tx, &po)? else {
            return Err(refused(BusinessRefusal::not_for_this(format!(
                "purchase order {} was not sent by mail",
                po.number
            ))));
        };
        let (said, _) = tell_delivery(tx, site, id, found, &row)?;
        return Ok((MessageState::Accepted, said));
    }
    let proved = trust::Proved::by(Trust::Admin, Some(po), &mail);
    let handled = mail::handle(tx, &site.config.rules, &vendor_mail(tx, id, &mail, &proved))?;
    let state = match handled.accepted {
        true => MessageState::Accepted,
        false => MessageState::Held,
    };
    Ok((state, handled.summary))
}
