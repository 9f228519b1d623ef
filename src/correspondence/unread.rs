//! Answers of machines that say that nobody reads what we wrote: a person finds another way.

use super::{Ended, delivery, echo, listed, note};
use crate::app::App;
use crate::domain::codes::Code;
use crate::domain::delivery::DeliveryKind;
use crate::domain::foreign::cut;
use crate::intake::inbound::Inbound;
use crate::ledger::exceptions::Subject;
use crate::ledger::{LedgerError, Tx};

/// Puts it before a person, beside the mail of ours that it answers. Nothing changes by it: a machine's word
/// is no proof that a mail did not arrive, and a purchase order that goes out twice is worse.
pub(super) fn settle(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    what: &str,
) -> Result<Ended, LedgerError> {
    let said = format!("\"{}\": {}", mail.subject, mail.excerpt());
    let Some(row) = delivery(tx, site, mail, &mail.answers)? else {
        let reason = format!(
            "{what} to none of our mails that it names, from {}, {said}",
            mail.sender
        );
        return echo::doubt(tx, site, id, mail, Code::UntrustedSender, reason);
    };
    if row.kind == DeliveryKind::AdminExceptions {
        let done = note(tx, site, id, mail, what)?;
        let failure = format!(
            "the mail to {} is not read: {said}; correct site.admin_email, or see what is wrong there",
            row.recipients.join(", ")
        );
        return Ok(Ended {
            failure: Some(failure),
            ..done
        });
    }
    let text = format!(
        "{what} from {}, to \"{}\" (to {}): {said}. Reach them another way, and correct the address on file",
        mail.sender,
        row.subject,
        row.recipients.join(", ")
    );
    let text = cut(&text, 1_500);
    tx.note_delivery(&row, id, &text)?;
    let code = match row.kind.is_customers() {
        true => Code::CustomerMail,
        false => Code::VendorMail,
    };
    let about = Subject {
        message: Some(id),
        order: row.order_id,
        po: row.po_id,
        delivery: None,
    };
    let entity = format!("message:{id}");
    listed(tx, site, id, (code, &entity), about, &text)
}
