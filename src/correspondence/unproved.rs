//! Mail that nobody vouches for.

use super::{Ended, attached, carrier, customer, echo, end, trust, vendor_mail};
use crate::app::App;
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::MessageState;
use crate::intake::classify::Class;
use crate::intake::inbound::Inbound;
use crate::intake::read::{MailSource, NO_ORDER};
use crate::ledger::exceptions::Subject;
use crate::ledger::messages::MessageOutcome;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail::Trust;

/// Whether a mail is a carrier's own about a parcel of which no vendor has told: the vendor's mail may be
/// among those that this run has yet to read.
pub fn waits_for_advice(tx: &Tx, id: i64, mail: &Inbound) -> Result<bool, LedgerError> {
    if !matches!(mail.class, Class::Letter) || !mail.tokens.is_empty() {
        return Ok(false);
    }
    let nobody = trust::Proved::by(Trust::None, None, mail);
    carrier::of_unknown_parcel(tx, mail, &vendor_mail(tx, id, mail, &nobody))
}

/// A mail that no vendor is proved to have sent: a carrier's about a parcel of ours, else a person's
/// to read, with the purchase order to whose address it came.
pub(super) fn settle(
    tx: &Tx,
    site: &App,
    id: i64,
    source: MailSource,
    mail: &Inbound,
    (why, about): (&str, Option<&PoRow>),
) -> Result<Ended, LedgerError> {
    let nobody = trust::Proved::by(Trust::None, None, mail);
    let letter = vendor_mail(tx, id, mail, &nobody);
    let before = tx.count_open_exceptions()?;
    if let Some(handled) = carrier::notification(tx, &site.config.rules, mail, &letter)? {
        let opened = tx.count_open_exceptions()?.saturating_sub(before);
        end(tx, id, MessageState::Accepted, None, &handled.summary)?;
        return Ok(Ended {
            state: MessageState::Accepted,
            opened: usize::try_from(opened).unwrap_or(0),
            failure: None,
        });
    }
    if let Some(claimed) = customer::claimed(tx, mail)? {
        return customer::settle(tx, site, id, mail, &claimed);
    }
    if source == MailSource::Orders {
        return echo::doubt(tx, site, id, mail, Code::UnknownFormat, NO_ORDER.to_owned());
    }
    if quotes_an_order(mail) {
        let reason = format!(
            "mail from {}, \"{}\", quotes an encrypted message, as an answer or a forwarded mail does: what is quoted is \
             not opened; if it is an order, have the shop send it anew, by itself",
            mail.sender, mail.subject
        );
        return echo::doubt(tx, site, id, mail, Code::MixedContent, reason);
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
    match about {
        Some(po) => of_po(tx, site, id, po, &reason),
        None => echo::doubt(tx, site, id, mail, Code::UntrustedSender, reason),
    }
}

/// Holds a mail that came to a purchase order's own address, beside that purchase order.
fn of_po(tx: &Tx, site: &App, id: i64, po: &PoRow, reason: &str) -> Result<Ended, LedgerError> {
    let severity = site.config.rules.severity(Code::UntrustedSender);
    let told = severity != Severity::Off;
    let state = if told {
        MessageState::Held
    } else {
        MessageState::Ignored
    };
    let outcome = MessageOutcome {
        code: Some(Code::UntrustedSender),
        reason: Some(reason),
        order_id: Some(po.order_id),
        ..MessageOutcome::default()
    };
    tx.settle_message(id, state, &outcome)?;
    if told {
        let about = Subject {
            message: Some(id),
            order: Some(po.order_id),
            po: Some(po.id),
            delivery: None,
        };
        let entity = format!("message:{id}");
        tx.open_exception(Code::UntrustedSender, severity, &entity, about, reason)?;
    }
    Ok(Ended {
        state,
        opened: usize::from(told),
        failure: None,
    })
}

/// Whether a mail quotes an encrypted message, line by line behind `>`.
fn quotes_an_order(mail: &Inbound) -> bool {
    let text = mail.text.as_deref().unwrap_or_default();
    text.lines().any(|line| {
        let behind = line.trim_start_matches(['>', '|', ' ', '\t']);
        behind.len() < line.len() && behind.trim_end() == "-----BEGIN PGP MESSAGE-----"
    })
}
