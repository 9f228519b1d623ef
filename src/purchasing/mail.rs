//! From values to finished mails, many at once: the part of placing that costs time and touches
//! nothing, spread over the cores.

use super::document::PoDocument;
use super::place::Buyer;
use super::render;
use crate::clock;
use crate::delivery::letter::{Attachment, Letter, message_id};
use crate::domain::vendor::Vendor;
use crate::ledger::orders::OrderRow;
use crate::notices::PlacedContext;
use chrono::{DateTime, Utc};
use rayon::prelude::*;

/// One document to be rendered.
pub struct Job<'a> {
    /// The order that it is about.
    pub row: &'a OrderRow,
    /// The purchase order, for one.
    pub po_id: Option<i64>,
    /// Who gets it, when that is a vendor.
    pub vendor: Option<Vendor>,
    document: Option<PoDocument>,
}

/// A finished mail.
pub struct Mail {
    /// Its Message-ID.
    pub reference: String,
    /// Its recipient.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// All of it, as it goes over the wire.
    pub content: Vec<u8>,
    /// The PDF alone, for a fax; empty when there is none.
    pub pdf: Vec<u8>,
}

impl<'a> Job<'a> {
    /// A purchase order for its vendor.
    pub fn purchase_order(row: &'a OrderRow, po_id: i64, vendor: Vendor, document: PoDocument) -> Job<'a> {
        Job { row, po_id: Some(po_id), vendor: Some(vendor), document: Some(document) }
    }

    /// The word to the customer that the order is placed.
    pub fn order_placed(row: &'a OrderRow) -> Job<'a> {
        Job { row, po_id: None, vendor: None, document: None }
    }

    /// The purchase order's number, for one.
    pub fn po_number(&self) -> Option<&str> {
        self.document.as_ref().map(|document| document.number.as_str())
    }

    /// The outbox's word for it.
    pub fn kind(&self) -> &'static str {
        if self.document.is_some() { "purchase_order" } else { "order_placed" }
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

/// Renders all jobs on all cores; each with its mail, or with the reason why it cannot be made.
pub fn render_all<'a>(buyer: &Buyer, jobs: Vec<Job<'a>>) -> Vec<(Job<'a>, Result<Mail, String>)> {
    jobs.into_par_iter()
        .map(|job| {
            let now = job.row.updated;
            let mail = match (&job.document, &job.vendor) {
                (Some(document), Some(vendor)) => purchase_order(buyer, document, vendor, now),
                _ => order_placed(buyer, job.row, now),
            };
            (job, mail)
        })
        .collect()
}

/// The mail that brings a purchase order: text in the body, PDF and CSV attached.
///
/// # Errors
/// A sentence that says which part cannot be made and why.
pub fn purchase_order(buyer: &Buyer, document: &PoDocument, vendor: &Vendor, now: DateTime<Utc>) -> Result<Mail, String> {
    let pdf = render::pdf(document);
    let text = render::text(document);
    let rendered = buyer.templates.purchase_order(document, &text).map_err(|fault| fault.to_string())?;
    let csv = render::csv(document, false);
    let attachments = vec![
        Attachment { name: format!("{}.pdf", file_name(&document.number)), mime: "application/pdf".to_owned(), bytes: pdf.bytes.clone() },
        Attachment { name: format!("{}.csv", file_name(&document.number)), mime: "text/csv".to_owned(), bytes: csv },
    ];
    let to = (vendor.name.clone(), vendor.email.clone());
    let mut mail = letter(buyer, to, rendered.subject, rendered.text, None, attachments, now)?;
    mail.pdf = pdf.bytes;
    Ok(mail)
}

fn order_placed(buyer: &Buyer, row: &OrderRow, now: DateTime<Utc>) -> Result<Mail, String> {
    let order = &row.order;
    let context = PlacedContext::of(order, &buyer.letterhead);
    let rendered = buyer.templates.customer_placed(&context).map_err(|fault| fault.to_string())?;
    let to = (order.customer.name.trim().to_owned(), order.customer.email.trim().to_owned());
    letter(buyer, to, rendered.subject, rendered.text, rendered.html, Vec::new(), now)
}

fn letter(
    buyer: &Buyer,
    to: (String, String),
    subject: String,
    text: String,
    html: Option<String>,
    attachments: Vec<Attachment>,
    date: DateTime<Utc>,
) -> Result<Mail, String> {
    let from = &buyer.letterhead;
    let domain = from.email.rsplit('@').next().unwrap_or("localhost");
    let reference = message_id(clock::random(), domain);
    let address = to.1.clone();
    let content = Letter {
        from: (from.name.clone(), from.email.clone()),
        to: vec![to],
        reply_to: None,
        subject: subject.clone(),
        text,
        html,
        attachments,
        message_id: reference.clone(),
        date,
        auto_submitted: true,
        extra_headers: Vec::new(),
    }
    .render()
    .map_err(|fault| fault.to_string())?;
    Ok(Mail { reference, to: address, subject, content, pdf: Vec::new() })
}

/// A purchase order's number as part of a file name.
fn file_name(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
}
