//! The Sinch Fax API, version 3: a fax is posted as JSON with the PDF in base64 and our reference as
//! a label, and asked after later. A label is the only thing that tells a fax that was posted and
//! never answered from one that was not: the service has no idempotency key.

mod answer;
mod codes;
mod http;

pub use http::SinchSettings;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage, one_line};
use super::fax::{FaxAnswer, FaxService, FoundFax, Trouble};
use crate::domain::fax_number;
use crate::http::{Failure, HttpAnswer};
use answer::{lost, plain, posted, read_status, understood, whole};
use chrono::TimeDelta;
use http::Http;
use serde_json::{Value, json};
use std::time::Duration;

/// The label that carries our reference.
pub const LABEL: &str = "poms_reference";
/// The service's word in the ledger.
pub const SERVICE: &str = "sinch";
/// Faxes on one page of a list (the service's most).
const PAGE: usize = 1000;
/// Pages of a list that are read before it counts as too long to be searched.
const PAGES: usize = 20;
/// The largest file that the service takes, in bytes.
const LARGEST: usize = 20 << 20;

/// One project at Sinch.
pub struct Sinch {
    http: Http,
    prepared: Option<(i64, String, Vec<u8>)>,
    /// What the service said when it had enough of us.
    enough: Option<(String, Option<Duration>)>,
}

impl Sinch {
    /// Opens nothing yet.
    pub fn new(settings: SinchSettings) -> Sinch {
        Sinch {
            http: Http::new(settings),
            prepared: None,
            enough: None,
        }
    }

    /// Whether the service lets us in: asks for a list of nothing much.
    ///
    /// # Errors
    /// What is wrong and what to do.
    pub fn check(&mut self) -> Result<(), Trouble> {
        let reply = self.http.get(&["faxes"], &[("pageSize", "1")]);
        understood(reply).map(|_| ())
    }

    fn request(&self, message: &OutgoingMessage, number: &str) -> Vec<u8> {
        let settings = self.http.settings();
        let mut request = json!({
            "to": number,
            "files": [{"file": openssl::base64::encode_block(&message.content), "fileType": "PDF"}],
            "labels": {LABEL: message.reference},
            "headerText": settings.header.chars().take(50).collect::<String>(),
            "headerPageNumbers": true,
            // letters without grey: halftone would fray them
            "imageConversionMethod": "MONOCHROME",
            "maxRetries": settings.retries,
        });
        if let Some(from) = &settings.from {
            request["from"] = json!(from);
        }
        if let Some(service) = &settings.service {
            request["serviceId"] = json!(service);
        }
        request.to_string().into_bytes()
    }
}

impl Channel for Sinch {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.prepared = None;
        if let Some((detail, retry_after)) = &self.enough {
            return Err(DeliveryOutcome::Deferred {
                detail: detail.clone(),
                retry_after: *retry_after,
            });
        }
        let number = number_of(message)?;
        self.http.ready().map_err(|failure| not_now(&failure))?;
        let request = self.request(message, &number);
        self.prepared = Some((message.id, number, request));
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let Some((_, number, request)) = self.prepared.take().filter(|(id, ..)| *id == message.id)
        else {
            return DeliveryOutcome::deferred("the fax was not prepared; nothing was sent");
        };
        match self.http.post(&["faxes"], &request) {
            Err(failure @ Failure::NotSent(_)) => not_now(&failure),
            Err(Failure::Unknown(why)) => DeliveryOutcome::unknown(format!(
                "the fax was posted and the connection broke before the answer: {why}; the next run asks the service for it"
            )),
            Ok(reply) => {
                let outcome = posted(&reply, number);
                if let DeliveryOutcome::Deferred {
                    detail,
                    retry_after,
                } = &outcome
                {
                    self.enough = Some((detail.clone(), *retry_after));
                }
                outcome
            }
        }
    }

    fn abandon(&mut self) {
        self.prepared = None;
    }

    fn close(&mut self) {
        self.abandon();
    }
}

/// The one number of a fax, and whether its content can be faxed.
///
/// # Errors
/// `Refused`, before anything is sent.
pub(super) fn number_of(message: &OutgoingMessage) -> Result<String, DeliveryOutcome> {
    let [written] = message.to.as_slice() else {
        return Err(DeliveryOutcome::refused("a fax goes to exactly one number"));
    };
    if !message.content.starts_with(b"%PDF-") {
        return Err(DeliveryOutcome::refused(
            "the document is no PDF, so it cannot be faxed",
        ));
    }
    if message.content.len() > LARGEST {
        let size = message.content.len() >> 20;
        return Err(DeliveryOutcome::refused(format!(
            "the document has {size} MiB; 20 MiB can be faxed"
        )));
    }
    fax_number::e164(written).map_err(DeliveryOutcome::refused)
}

fn not_now(failure: &Failure) -> DeliveryOutcome {
    DeliveryOutcome::unreachable(format!("the fax service cannot be reached: {failure}"))
}

impl FaxService for Sinch {
    fn name(&self) -> &'static str {
        SERVICE
    }

    fn status(&mut self, job: &str) -> Result<FaxAnswer, Trouble> {
        if !plain(job) {
            return Err(Trouble(format!("'{}' is no fax of Sinch", one_line(job))));
        }
        let reply = self.http.get(&["faxes", job], &[]);
        if let Ok(HttpAnswer { status: 404, .. }) = reply {
            return Ok(lost());
        }
        let fax = understood(reply)?;
        match fax["id"].as_str() {
            Some(id) if id == job => read_status(&fax),
            _ => Err(Trouble(
                "the fax service answered about another fax than it was asked for".to_owned(),
            )),
        }
    }

    fn remembers(&self) -> TimeDelta {
        // a list has the faxes of the last week
        TimeDelta::days(6)
    }

    /// The list is filtered by the number and searched for the label here: a filter of labels that
    /// the service does not understand would say "none", and the fax would go twice.
    fn find(&mut self, reference: &str, number: &str) -> Result<Vec<FoundFax>, Trouble> {
        let size = PAGE.to_string();
        let (mut found, mut seen, mut page) = (Vec::new(), 0, None);
        for _ in 0..PAGES {
            let mut query = vec![
                ("direction", "OUTBOUND"),
                ("to", number),
                ("pageSize", size.as_str()),
            ];
            // pages count from the one that comes when none is asked for, be it 0 or 1
            let next: Option<String> = page.map(|page: i64| page.saturating_add(1).to_string());
            query.extend(next.as_deref().map(|next| ("page", next)));
            let list = understood(self.http.get(&["faxes"], &query))?;
            let Some(faxes) = list["faxes"].as_array() else {
                return Err(Trouble(
                    "the fax service's list cannot be read: it has no faxes in it".to_owned(),
                ));
            };
            for fax in faxes {
                found.extend(labelled(fax, reference, number)?);
            }
            seen += faxes.len() as i64;
            let counted = page.map_or(1, |page: i64| page.saturating_add(1));
            page = number_in(&list, &["pageNumber", "page"]).or(Some(counted));
            let total = number_in(&list, &["totalItems", "totalCount", "total"]);
            // the page may be shorter than was asked for: only an empty one or the total ends it
            if faxes.is_empty() || total.is_some_and(|total| seen >= total) {
                found.sort_by(|one: &(String, FoundFax), other| other.0.cmp(&one.0));
                return Ok(found.into_iter().map(|(_, found)| found).collect());
            }
        }
        Err(Trouble(format!(
            "the fax service lists more than {PAGES} pages of faxes to {number}: too many to be searched"
        )))
    }
}

/// The fax with its time, if it carries the reference.
fn labelled(
    fax: &Value,
    reference: &str,
    number: &str,
) -> Result<Option<(String, FoundFax)>, Trouble> {
    if fax["labels"][LABEL].as_str() != Some(reference) {
        return Ok(None);
    }
    let Some(id) = fax["id"].as_str().filter(|id| plain(id)) else {
        return Err(Trouble(
            "the fax service has the fax, and no id for it".to_owned(),
        ));
    };
    let created = fax["createTime"].as_str().unwrap_or_default().to_owned();
    let (job, number) = (id.to_owned(), number.to_owned());
    Ok(Some((created, FoundFax { job, number })))
}

/// Takes a body for each thing that it can be, and drops what it says: for tests that give it any bytes.
pub fn of_body(body: &[u8]) {
    let reply = |status| HttpAnswer::of_parts(status, None, body.to_vec());
    for status in [200, 400, 503] {
        drop(posted(&reply(status), "+12075550142".to_owned()));
    }
    let Ok(value) = understood(Ok(reply(200))) else {
        return;
    };
    drop(read_status(&value));
    drop(labelled(&value, "<po-1@shop.example>", "+12075550142"));
}

fn number_in(list: &Value, names: &[&str]) -> Option<i64> {
    names.iter().find_map(|name| whole(&list[*name]))
}
