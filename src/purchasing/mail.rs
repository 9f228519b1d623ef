//! From values to finished mails, many at once: the part of placing that costs time and touches
//! nothing, spread over the cores.

use super::dropped;
use super::place::Buyer;
use super::render as rendering;
use super::unmade::Unmade;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::delivery::DeliveryKind;
use crate::domain::email;
use crate::domain::po_document::PoDocument;
use crate::domain::vendor::Vendor;
use crate::ledger::orders::OrderRow;
use crate::mail::compose::{Attachment, Letter};
use crate::mail::outbox::OutboxDocument;
use crate::notices::{PlacedContext, Rendered};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// One document to be rendered.
pub struct Job<'a> {
    /// The order that it is about.
    pub row: &'a OrderRow,
    /// The purchase order, for one.
    pub po_id: Option<i64>,
    /// Who gets it, when that is a vendor.
    pub vendor: Option<Vendor>,
    what: DocumentContent,
}

/// What a document says.
enum DocumentContent {
    PurchaseOrder(Box<PoDocument>),
    OrderPlaced(Box<PlacedContext>),
}

impl<'a> Job<'a> {
    /// A purchase order for its vendor.
    pub fn purchase_order(
        row: &'a OrderRow,
        po_id: i64,
        vendor: Vendor,
        document: PoDocument,
    ) -> Job<'a> {
        Job {
            row,
            po_id: Some(po_id),
            vendor: Some(vendor),
            what: DocumentContent::PurchaseOrder(Box::new(document)),
        }
    }

    /// The word to the customer that the order is placed.
    pub fn order_placed(row: &'a OrderRow, context: PlacedContext) -> Job<'a> {
        Job {
            row,
            po_id: None,
            vendor: None,
            what: DocumentContent::OrderPlaced(Box::new(context)),
        }
    }

    /// The purchase order's number, for one.
    pub fn po_number(&self) -> Option<&str> {
        match &self.what {
            DocumentContent::PurchaseOrder(document) => Some(&document.number),
            DocumentContent::OrderPlaced(_) => None,
        }
    }

    /// The outbox's word for it.
    pub fn kind(&self) -> DeliveryKind {
        match self.what {
            DocumentContent::PurchaseOrder(_) => DeliveryKind::PurchaseOrder,
            DocumentContent::OrderPlaced(_) => DeliveryKind::OrderPlaced,
        }
    }

    /// What makes it the only one of its kind.
    pub fn once(&self) -> String {
        match self.po_id {
            Some(id) => format!("purchase_order:{id}"),
            None => format!("order_placed:{}", self.row.id),
        }
    }

    /// For people.
    pub fn what(&self) -> String {
        match self.po_number() {
            Some(number) => format!("purchase order {number}"),
            None => format!("the mail to the customer of order {}", self.row.reference()),
        }
    }
}

/// A job with a document for every way that it goes, or with the reason why it cannot be made.
pub type RenderedJob<'a> = (Job<'a>, Result<Vec<OutboxDocument>, Unmade>);

/// Renders what `work` hands out, on the other cores while `work` goes on, and gives each document to `take` in
/// the order in which it was handed out, once `work` is done and while others are still rendered. Returns what
/// `work` made.
///
/// # Errors
/// The first of `work` or of `take`; nothing is taken after it.
pub fn render_beside<'a, T, E>(
    buyer: &Buyer,
    now: DateTime<Utc>,
    work: impl FnOnce(&mut dyn FnMut(Vec<Job<'a>>)) -> Result<T, E>,
    mut take: impl FnMut(RenderedJob<'a>) -> Result<(), E>,
) -> Result<T, E> {
    let (sender, made) = channel();
    rayon::in_place_scope(|scope| {
        let mut count = 0;
        let value = work(&mut |jobs| {
            let (place, sender) = (count, sender.clone());
            count += 1;
            scope.spawn(move |_| {
                let made: Vec<RenderedJob> = jobs
                    .into_iter()
                    .map(|job| rendered_job(buyer, job, now))
                    .collect();
                // who does not wait for it any more has failed
                let _ = sender.send((place, made));
            });
        })?;
        drop(sender);
        let (mut next, mut early) = (0, BTreeMap::new());
        while let Some((place, jobs)) = received(&made) {
            early.insert(place, jobs);
            while let Some(jobs) = early.remove(&next) {
                next += 1;
                jobs.into_iter().try_for_each(&mut take)?;
            }
        }
        Ok(value)
    })
}

/// The next of what the others made; `None` when they are done. Who is one of the others itself helps meanwhile:
/// nobody else may be there to do it.
fn received<T>(made: &Receiver<T>) -> Option<T> {
    loop {
        match made.try_recv() {
            Ok(one) => return Some(one),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        match rayon::yield_now() {
            None => return made.recv().ok(),
            Some(rayon::Yield::Executed) => {}
            Some(rayon::Yield::Idle) => std::thread::yield_now(),
        }
    }
}

/// A fault in one document leaves the others alone.
fn rendered_job<'a>(buyer: &Buyer, job: Job<'a>, now: DateTime<Utc>) -> RenderedJob<'a> {
    let mail = catch_unwind(AssertUnwindSafe(|| render(buyer, &job, now)));
    (job, mail.unwrap_or(Err(Unmade::Panicked)))
}

fn render(buyer: &Buyer, job: &Job, now: DateTime<Utc>) -> Result<Vec<OutboxDocument>, Unmade> {
    match (&job.what, &job.vendor) {
        (DocumentContent::PurchaseOrder(document), Some(vendor)) => {
            let po_id = job.po_id.ok_or(Unmade::NoNumber)?;
            for_vendor(buyer, po_id, document, vendor, now)
        }
        (DocumentContent::OrderPlaced(context), _) => {
            order_placed(buyer, job.row, context, now).map(|mail| vec![mail])
        }
        (DocumentContent::PurchaseOrder(_), None) => Err(Unmade::NoVendor),
    }
}

/// What the vendor's channel takes: the mail, the fax, or both.
fn for_vendor(
    buyer: &Buyer,
    po_id: i64,
    document: &PoDocument,
    vendor: &Vendor,
    now: DateTime<Utc>,
) -> Result<Vec<OutboxDocument>, Unmade> {
    let by = |way: &DeliveryChannel| match way {
        DeliveryChannel::Fax => by_fax(buyer, document, vendor),
        DeliveryChannel::Drop => dropped::by_drop(buyer, document, vendor),
        _ => purchase_order(buyer, po_id, document, vendor, None, now),
    };
    buyer.ways(vendor).iter().map(by).collect()
}

/// The purchase order for a fax machine.
///
/// # Errors
/// Why it cannot be made.
pub fn by_fax(
    buyer: &Buyer,
    document: &PoDocument,
    vendor: &Vendor,
) -> Result<OutboxDocument, Unmade> {
    let paper = fax(buyer, document, vendor)?;
    let subject = words(buyer, document, false)?.subject;
    Ok(OutboxDocument::fax(vendor.fax.clone(), subject, paper))
}

/// The purchase order as a PDF for a fax machine.
///
/// # Errors
/// Why it cannot be made.
pub fn fax(buyer: &Buyer, document: &PoDocument, vendor: &Vendor) -> Result<Vec<u8>, Unmade> {
    let to = rendering::FaxTo {
        number: &vendor.fax,
        cover_sheet: buyer.cover_sheet,
    };
    let paper = rendering::fax(document, &to, buyer.fonts)?;
    Ok(paper.bytes)
}

/// The mail's subject and body.
pub(super) fn words(
    buyer: &Buyer,
    document: &PoDocument,
    pdf_incomplete: bool,
) -> Result<Rendered, Unmade> {
    let text = rendering::text(document);
    // any subject says which revision it is
    let document = &PoDocument {
        number: document.shown_number(),
        ..document.clone()
    };
    let rendered = buyer
        .templates
        .purchase_order(document, &text, pdf_incomplete);
    Ok(rendered?)
}

/// The mail that brings a purchase order: text in the body, PDF and CSV attached. `reference` is the
/// Message-ID of an earlier attempt that it repeats.
///
/// # Errors
/// Which part cannot be made, and why.
pub fn purchase_order(
    buyer: &Buyer,
    po_id: i64,
    document: &PoDocument,
    vendor: &Vendor,
    reference: Option<&str>,
    now: DateTime<Utc>,
) -> Result<OutboxDocument, Unmade> {
    let pdf = rendering::pdf(document, buyer.fonts)?;
    let rendered = words(buyer, document, pdf.incomplete)?;
    let name = file_name(&document.shown_number());
    let attachment = |end: &str, mime: &str, bytes: Vec<u8>| Attachment {
        name: format!("{name}.{end}"),
        mime: mime.to_owned(),
        bytes,
    };
    let csv = rendering::csv(document, true)?;
    let attachments = vec![
        attachment("pdf", "application/pdf", pdf.bytes),
        attachment("csv", "text/csv; charset=utf-8", csv),
    ];
    let to = (email::shown_name(&vendor.name), vendor.email.clone());
    let head = MailHead {
        to,
        reply_to: buyer.reply_to(po_id, &document.number, &vendor.id),
        reference,
        date: now,
    };
    letter(buyer, head, rendered, attachments)
}

fn order_placed(
    buyer: &Buyer,
    row: &OrderRow,
    context: &PlacedContext,
    now: DateTime<Utc>,
) -> Result<OutboxDocument, Unmade> {
    let customer = &row.order.customer;
    let rendered = buyer.templates.customer_placed(context)?;
    let address = email::deliverable(&customer.email)?;
    let to = (email::shown_name(&customer.name), address);
    let head = MailHead {
        to,
        reply_to: buyer.customer_reply_to(row),
        reference: None,
        date: now,
    };
    letter(buyer, head, rendered, Vec::new())
}

/// What stands above a mail's words.
struct MailHead<'a> {
    to: (String, String),
    reply_to: Option<String>,
    /// The Message-ID of an earlier attempt that it repeats.
    reference: Option<&'a str>,
    date: DateTime<Utc>,
}

fn letter(
    buyer: &Buyer,
    head: MailHead,
    rendered: Rendered,
    attachments: Vec<Attachment>,
) -> Result<OutboxDocument, Unmade> {
    let MailHead {
        to,
        reply_to,
        reference,
        date,
    } = head;
    let from = &buyer.letterhead;
    let mut letter = Letter {
        reply_to,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        attachments,
        ..Letter::by_machine((from.name.clone(), from.email.clone()), vec![to], date)
    };
    if let Some(reference) = reference {
        reference.clone_into(&mut letter.message_id);
    }
    Ok(OutboxDocument::mail(letter)?)
}

/// A purchase order's number as part of a file name.
pub(super) fn file_name(number: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '_'
        }
    };
    number.chars().map(plain).collect()
}
