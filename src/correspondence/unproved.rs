//! Mail that nobody vouches for.

use super::{Done, attached, carrier, customer, echo, end, trust, vendor_mail};
use crate::app::App;
use crate::domain::lifecycle::MessageState;
use crate::intake::inbound::Inbound;
use crate::intake::read::{NO_ORDER, Source};
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail::Trust;

/// A mail that no vendor is proved to have sent: a carrier's about a parcel of ours, else a person's
/// to read.
///
/// # Errors
/// The ledger's.
pub(super) fn settle(
    tx: &Tx,
    site: &App,
    id: i64,
    source: Source,
    mail: &Inbound,
    why: &str,
) -> Result<Done, LedgerError> {
    let nobody = trust::Proved::by(Trust::None, None, mail);
    let letter = vendor_mail(tx, id, mail, &nobody);
    let before = tx.count_open_exceptions()?;
    if let Some(handled) = carrier::notification(tx, &site.config.rules, mail, &letter)? {
        let opened = tx.count_open_exceptions()?.saturating_sub(before);
        end(tx, id, MessageState::Accepted, None, &handled.summary)?;
        return Ok(Done {
            state: MessageState::Accepted,
            opened: usize::try_from(opened).unwrap_or(0),
            failure: None,
        });
    }
    if let Some(claimed) = customer::claimed(tx, mail)? {
        return customer::settle(tx, site, id, mail, &claimed);
    }
    if source == Source::Orders {
        return echo::doubt(tx, site, id, mail, "unknown_format", NO_ORDER.to_owned());
    }
    let reason = format!(
        "mail from {}, \"{}\": {why}. It says: {}",
        mail.sender,
        mail.subject,
        mail.excerpt()
    );
    let reason = match attached(mail) {
        Some(files) => format!("{reason}; attached: {files}"),
        None => reason,
    };
    echo::doubt(tx, site, id, mail, "untrusted_sender", reason)
}
