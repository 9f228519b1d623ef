//! Everything that is needed to decide about one exception, and what to type for each remedy.

mod mail;
mod remedies;
mod silent;
#[cfg(test)]
mod tests;
mod text;

pub use mail::MayAnswer;
pub use remedies::{Choice, choices, impossible};
pub use text::{about_delivery, about_message, text};

use crate::domain::codes::{Code, Offered};
use crate::domain::differences::differences;
use crate::domain::email;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::text::one_line;
use crate::domain::vendor::Offer;
use crate::intake::head;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::InvoiceRow;
use crate::ledger::messages::MessageRow;
use crate::ledger::orders::OrderRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::questions::QuestionRow;
use crate::ledger::silences::SilenceRow;
use crate::ledger::{Result, Tx};
use crate::reports::exceptions;
use crate::reports::layout::View;
use crate::reports::order_story::Story;
use mail_parser::MessageParser;
use serde_json::{Value, json};

/// One attempt of a delivery.
pub struct Attempt {
    /// When, RFC 3339 UTC.
    pub at: String,
    /// How it ended.
    pub outcome: String,
    /// What the other side said.
    pub answer: String,
}

/// What a customer spent, where that is what the exception is about.
pub struct Spending {
    /// In other orders that were placed and not cancelled.
    pub before: Money,
    /// The customer's limit, if there is one.
    pub limit: Option<Money>,
}

/// What the desk says to each remedy of an exception; of a silent vendor's list for one of its purchase
/// orders, if that is named.
pub type Offers<'a> = dyn Fn(&Tx, &ExceptionRow, Option<i64>) -> Result<Vec<Offered>> + 'a;

/// The site's limits that a case is told with.
pub struct CaseLimits<'a> {
    /// Hours within which the same goods for the same customer are suspected.
    pub duplicate_hours: i64,
    /// What an order's customer may spend in all.
    pub spending: &'a dyn Fn(&Order) -> Option<Money>,
    /// What the desk says to each remedy now.
    pub offers: &'a Offers<'a>,
}

/// An exception with all that it is about.
pub struct Case {
    /// The exception.
    pub row: ExceptionRow,
    /// The order, if it is about one.
    pub story: Option<Story>,
    /// The offers of each line's SKU, the preferred one first.
    pub offers: Vec<Vec<Offer>>,
    /// For a spending limit.
    pub spending: Option<Spending>,
    /// For a duplicate: the earlier order, and in what this one differs.
    pub earlier: Option<(OrderRow, Vec<String>)>,
    /// For an unknown SKU: the line, and the offer of the catalogue whose SKU is most like it.
    pub meant: Vec<(usize, Offer)>,
    /// The message, with headers as they stand outside the encryption: shown, never trusted.
    pub message: Option<(MessageRow, Vec<(String, String)>)>,
    /// Whether that message can be answered by mail.
    pub answer: Option<MayAnswer>,
    /// Whether nobody knows who wrote it.
    pub unproved: bool,
    /// The files of that message: name, type, bytes.
    pub files: Vec<(String, String, usize)>,
    /// What the customer was asked about it.
    pub question: Option<QuestionRow>,
    /// What a silent vendor's list has.
    pub silent: Vec<SilenceRow>,
    /// The delivery with its attempts.
    pub delivery: Option<(DeliveryRow, Vec<Attempt>)>,
    /// For a row of a shipping advice: its tracking number.
    pub tracking: Option<String>,
    /// Shipments of the order that cannot be taken back: their goods are in returns.
    pub returned: Vec<i64>,
    /// The bill or credit, if it is about one.
    pub invoice: Option<InvoiceRow>,
    /// What the desk says to each remedy.
    pub remedies: Vec<Offered>,
    /// The same for each purchase order of a silent vendor's list.
    pub listed: Vec<(i64, Vec<Offered>)>,
}

impl Case {
    /// Gathers everything about an exception.
    ///
    /// # Errors
    /// When there is none of that number; SQLite's.
    pub fn gather(tx: &Tx, id: i64, limits: &CaseLimits) -> Result<Case> {
        let row = tx.exception(id)?;
        let subject = row.subject;
        let mut case = Case {
            row,
            story: None,
            offers: Vec::new(),
            spending: None,
            earlier: None,
            meant: Vec::new(),
            message: None,
            answer: None,
            unproved: false,
            files: Vec::new(),
            question: tx.question_about(id)?,
            silent: tx.silences_of(id)?,
            delivery: None,
            tracking: None,
            returned: Vec::new(),
            invoice: None,
            remedies: Vec::new(),
            listed: Vec::new(),
        };
        case.ask_the_desk(tx, limits)?;
        if case.row.entity.starts_with("invoice:") {
            case.invoice = Some(tx.find_invoice(&case.row.entity)?);
        }
        if let Some(Ok(id)) = case.row.entity.strip_prefix("advice:").map(str::parse) {
            let content = tx.advice_row(id)?.content;
            case.tracking = content["tracking_number"].as_str().map(str::to_owned);
        }
        if let Some(id) = subject.delivery {
            case.delivery = Some((tx.delivery(id)?, attempts(tx, id)?));
        }
        if let Some(id) = subject.order {
            case.about_order(tx, tx.order(id)?, limits)?;
        }
        if let Some(id) = subject.message
            && (subject.order.is_none() || mail::is_about_a_mail(&case.row.code))
        {
            case.message = Some((tx.message(id)?, headers(tx, id)?));
            case.files = mail::files(tx, id)?;
            if mail::is_about_a_mail(&case.row.code) {
                let customer = case.story.iter().map(|story| &story.row.order.customer);
                let mut known = customer.filter(|one| email::deliverable(&one.email).is_ok());
                case.answer = mail::answer(tx, id, known.next().is_some())?;
                case.unproved = tx.unproved(id)?.is_some();
            }
        }
        Ok(case)
    }

    /// What the desk would do; nothing can be done about what is resolved.
    fn ask_the_desk(&mut self, tx: &Tx, limits: &CaseLimits) -> Result<()> {
        if !self.row.open {
            return Ok(());
        }
        self.remedies = (limits.offers)(tx, &self.row, None)?;
        let mut pos: Vec<i64> = self.silent.iter().map(|row| row.po_id).collect();
        pos.dedup();
        for po in pos {
            let offers = (limits.offers)(tx, &self.row, Some(po))?;
            self.listed.push((po, offers));
        }
        Ok(())
    }

    fn about_order(&mut self, tx: &Tx, row: OrderRow, limits: &CaseLimits) -> Result<()> {
        for line in &row.order.lines {
            self.offers.push(tx.offers_of(line.sku.trim())?);
        }
        match self.row.code.known() {
            Some(Code::SpendingLimit) => {
                self.spending = Some(Spending {
                    before: tx.spent(&row.order.customer_key(), row.id)?,
                    limit: (limits.spending)(&row.order),
                });
            }
            Some(Code::DuplicateOrderNumber) => {
                let mut numbered = tx.orders_numbered(&row.order.order_number)?;
                numbered.retain(|other| other.copy < row.copy);
                self.earlier = numbered.into_iter().next().map(|o| compared(o, &row));
            }
            Some(Code::SuspectedDuplicate) => {
                let twin = tx.twin(&row, limits.duplicate_hours)?;
                self.earlier = twin.map(|twin| compared(twin, &row));
            }
            Some(Code::UnknownSku) => self.meant = meant(tx, &row, &self.offers)?,
            _ => {}
        }
        let story = Story::of(tx, row)?;
        for shipment in &story.supply.shipments {
            if tx.returned_of(shipment)?.is_some() {
                self.returned.push(shipment.id);
            }
        }
        self.story = Some(story);
        Ok(())
    }

    /// The case as JSON: the exception as on the list, and everything that it is about.
    pub fn json(&self, view: &View) -> Value {
        let mut document = exceptions::json(&self.row, view.now);
        document["meaning"] = json!(self.row.definition().meaning);
        document["advice"] = json!(self.row.definition().advice);
        document["commands"] = choices(self, view)
            .iter()
            .map(|choice| json!({"remedy": choice.word, "what": choice.what, "command": choice.command}))
            .collect();
        document["impossible"] = impossible(self)
            .iter()
            .map(|(remedy, why)| json!({"remedy": remedy, "why": why}))
            .collect();
        if let Some(story) = &self.story {
            document["about_order"] = story.json(view.now);
            document["catalogue"] = json!(self.offers);
        }
        if !self.silent.is_empty() {
            document["purchase_orders"] = silent::json(self, view);
        }
        if let Some(spending) = &self.spending {
            document["spending"] = json!({"before": spending.before, "limit": spending.limit});
        }
        if let Some((earlier, differences)) = &self.earlier {
            document["earlier_order"] = json!({"reference": earlier.reference(), "state": earlier.state, "order": earlier.order, "differences": differences});
        }
        if let Some(question) = &self.question {
            document["question"] = question.json();
        }
        if let Some((message, headers)) = &self.message {
            document["about_message"] = json!(message);
            let headers = headers
                .iter()
                .map(|(name, value)| json!({"name": name, "value": value}));
            document["about_message"]["headers"] = headers.collect();
            document["about_message"]["attachments"] = mail::json(&self.files);
        }
        if let Some((delivery, attempts)) = &self.delivery {
            document["about_delivery"] = json!(delivery);
            document["about_delivery"]["log"] = attempts_json(attempts);
        }
        document
    }
}

fn compared(earlier: OrderRow, row: &OrderRow) -> (OrderRow, Vec<String>) {
    let found = differences(&earlier.order, &row.order);
    (earlier, found)
}

/// The attempts of a delivery, oldest first.
pub fn attempts(tx: &Tx, delivery: i64) -> Result<Vec<Attempt>> {
    let rows = tx.attempts(delivery)?.into_iter();
    Ok(rows
        .map(|(at, outcome, answer)| Attempt {
            at,
            outcome,
            answer,
        })
        .collect())
}

/// Attempts as JSON.
pub fn attempts_json(attempts: &[Attempt]) -> Value {
    let one = |a: &Attempt| json!({"at": a.at, "outcome": a.outcome, "answer": a.answer});
    attempts.iter().map(one).collect()
}

/// Headers that say what a mail claims to be.
const HEADERS: &[&str] = &["From", "To", "Date", "Subject", "Message-ID"];

/// The outer headers of a message as their writer meant them: encoded words decoded, on one line.
pub fn headers(tx: &Tx, message: i64) -> Result<Vec<(String, String)>> {
    if tx.message_document(message)?.is_some() {
        return Ok(Vec::new());
    }
    let raw = tx.message_raw(message)?;
    let Some(mail) = MessageParser::default().parse_headers(&raw) else {
        return Ok(Vec::new());
    };
    let value = |name: &&str| {
        let value = head::decoded(mail.header_raw(*name)?.trim());
        Some((name.to_string(), one_line(&value)))
    };
    Ok(HEADERS.iter().filter_map(value).collect())
}

/// For each line whose SKU nobody offers, the first offer of the SKU on file that is most like it.
fn meant(tx: &Tx, row: &OrderRow, offers: &[Vec<Offer>]) -> Result<Vec<(usize, Offer)>> {
    let lines = row.order.lines.iter().zip(offers).enumerate();
    let unknown: Vec<(usize, &str)> = lines
        .filter(|(_, (_, offers))| offers.is_empty())
        .map(|(place, (line, _))| (place + 1, line.sku.trim()))
        .collect();
    let catalogue = tx.catalogue()?;
    let near = |sku: &str| {
        catalogue
            .iter()
            .map(|(offer, _)| (strsim::jaro_winkler(sku, &offer.sku), &offer.sku))
            .filter(|(likeness, _)| *likeness > 0.9)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, sku)| sku.clone())
    };
    let mut found = Vec::new();
    for (line, sku) in unknown {
        if let Some(sku) = near(sku)
            && let Some(first) = tx.offers_of(&sku)?.into_iter().next()
        {
            found.push((line, first));
        }
    }
    Ok(found)
}
