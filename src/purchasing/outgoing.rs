//! Documents on their way out: rendered on all cores, and put into the outbox one by one.

use super::mail::{Job, RenderedJob, render_beside};
use super::place::Buyer;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::ledger::exceptions::Subject;
use crate::ledger::{LedgerError, Result, Tx};
use crate::mail::outbox::{self, OutboxDocument, Purpose};

/// Renders documents and puts them into the outbox; one that cannot be made becomes an exception.
/// Returns how many did.
pub(super) fn render<'a>(tx: &Tx, buyer: &Buyer, jobs: Vec<Job<'a>>) -> Result<usize> {
    let hand_out = |put: &mut dyn FnMut(Vec<Job<'a>>)| {
        for job in jobs {
            put(vec![job]);
        }
        Ok(())
    };
    Ok(render_with(tx, buyer, hand_out)?.1)
}

/// The same of what `work` hands out; it is rendered on the other cores while `work` goes on.
pub(super) fn render_with<'a, T>(
    tx: &Tx,
    buyer: &Buyer,
    work: impl FnOnce(&mut dyn FnMut(Vec<Job<'a>>)) -> Result<T>,
) -> Result<(T, usize)> {
    let mut opened = 0;
    let value = render_beside(buyer, tx.now(), work, |made| {
        opened += usize::from(!put(tx, buyer, made)?);
        Ok(())
    })?;
    Ok((value, opened))
}

/// Puts a document into the outbox; one that cannot be made becomes an exception. Whether it was put.
fn put(tx: &Tx, buyer: &Buyer, (job, rendered): RenderedJob) -> Result<bool> {
    let put = match rendered {
        Ok(documents) => tx.apart(|| enqueue(tx, &job, &documents, buyer))?,
        Err(reason) => Err(LedgerError::Refused(BusinessRefusal::cannot_be_made(
            reason.to_string(),
        ))),
    };
    let Err(reason) = put else {
        return Ok(true);
    };
    let about = Subject {
        order: Some(job.row.id),
        po: job.po_id,
        ..Subject::default()
    };
    let text = format!("{} cannot be made: {reason}", job.what());
    tx.open_exception(
        Code::DeliveryFailed,
        Severity::Hold,
        &job.row.entity(),
        about,
        &text,
    )?;
    Ok(false)
}

/// Puts rendered documents into the outbox, one for each way that their recipient takes.
fn enqueue(tx: &Tx, job: &Job, documents: &[OutboxDocument], buyer: &Buyer) -> Result<()> {
    for document in documents {
        let purpose = Purpose {
            kind: job.kind(),
            once: &format!("{}:{}", job.once(), document.channel),
            order_id: Some(job.row.id),
            po_id: job.po_id,
        };
        let put = outbox::put(tx, &buyer.letterhead.email, document, &purpose)?;
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
