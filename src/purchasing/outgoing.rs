//! Documents on their way out: rendered on all cores, and put into the outbox one by one.

use super::mail::{Job, render_all};
use super::place::Buyer;
use crate::clock;
use crate::domain::codes::Severity;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::vendor::VendorChannel;
use crate::ledger::exceptions::Subject;
use crate::ledger::outbox::NewDelivery;
use crate::ledger::{LedgerError, Result, Tx};
use crate::mail::compose::message_id;

/// Renders documents and puts them into the outbox; one that cannot be made becomes an exception.
/// Returns how many did.
pub(super) fn render(tx: &Tx, buyer: &Buyer, jobs: Vec<Job>) -> Result<usize> {
    let mut opened = 0;
    for (job, rendered) in render_all(buyer, jobs, tx.now()) {
        let put = match rendered {
            Ok(mail) => tx.apart(|| enqueue(tx, &job, &mail, buyer))?,
            Err(reason) => Err(LedgerError::Refused(reason)),
        };
        if let Err(reason) = put {
            opened += 1;
            let about = Subject {
                order: Some(job.row.id),
                po: job.po_id,
                ..Subject::default()
            };
            let text = format!("{} cannot be made: {reason}", job.what());
            tx.open_exception(
                "delivery_failed",
                Severity::Hold,
                &job.row.entity(),
                about,
                &text,
            )?;
        }
    }
    Ok(opened)
}

/// Puts a rendered document into the outbox, once for each way that its recipient takes.
fn enqueue(tx: &Tx, job: &Job, mail: &super::mail::Mail, buyer: &Buyer) -> Result<()> {
    let (kind, once) = (job.kind(), job.once());
    let channels: &[DeliveryChannel] = match job.vendor.as_ref().map(|vendor| vendor.channel) {
        Some(VendorChannel::Fax) => &[DeliveryChannel::Fax],
        Some(VendorChannel::EmailAndFax) if buyer.fax => {
            &[DeliveryChannel::Email, DeliveryChannel::Fax]
        }
        _ => &[DeliveryChannel::Email],
    };
    for channel in channels {
        let fax = *channel == DeliveryChannel::Fax;
        let to = match &job.vendor {
            Some(vendor) if fax => vendor.fax.clone(),
            _ => mail.to.clone(),
        };
        let reference = if fax {
            message_id(clock::random(), "fax")
        } else {
            mail.reference.clone()
        };
        let put = tx.enqueue(&NewDelivery {
            kind: kind.clone(),
            channel: channel.clone(),
            once: &format!("{once}:{channel}"),
            reference: &reference,
            sender: &buyer.letterhead.email,
            recipients: &[to],
            subject: &mail.subject,
            order_id: Some(job.row.id),
            po_id: job.po_id,
            content: if fax { &mail.pdf } else { &mail.content },
        })?;
        let end = match job.vendor {
            Some(_) => None, // vendors have their own hours
            None => buyer.hours.end(&job.row.order.ship_to, tx.now()),
        };
        if let Some((id, end)) = put.zip(end) {
            tx.postpone_delivery(id, end)?;
        }
    }
    Ok(())
}
