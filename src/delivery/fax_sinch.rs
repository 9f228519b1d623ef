//! The Sinch Fax API, version 3: a fax is posted as JSON with the PDF in base64 and our reference as
//! a label, and asked after later. A label is the only thing that tells a fax that was posted and
//! never answered from one that was not: the service has no idempotency key.

mod codes;
mod http;

pub use http::{SinchSettings, is_this_machine};

use super::channel::{Channel, Job, Outcome, Parcel, one_line};
use super::fax::{Answer, FaxService, Found, Trouble, Worth, number};
use crate::clock;
use crate::ledger::fax::FaxNews;
use chrono::TimeDelta;
use http::{Failure, Http, Reply};
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

    fn request(&self, parcel: &Parcel, number: &str) -> Vec<u8> {
        let settings = self.http.settings();
        let mut request = json!({
            "to": number,
            "files": [{"file": openssl::base64::encode_block(&parcel.content), "fileType": "PDF"}],
            "labels": {LABEL: parcel.reference},
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
    fn prepare(&mut self, parcel: &Parcel) -> Result<(), Outcome> {
        self.prepared = None;
        if let Some((detail, retry_after)) = &self.enough {
            return Err(Outcome::Deferred {
                detail: detail.clone(),
                retry_after: *retry_after,
            });
        }
        let number = number_of(parcel)?;
        self.http.ready().map_err(|failure| not_now(&failure))?;
        let request = self.request(parcel, &number);
        self.prepared = Some((parcel.id, number, request));
        Ok(())
    }

    fn complete(&mut self, parcel: &Parcel) -> Outcome {
        let Some((_, number, request)) = self.prepared.take().filter(|(id, ..)| *id == parcel.id)
        else {
            return Outcome::deferred("the fax was not prepared; nothing was sent");
        };
        match self.http.post(&["faxes"], request) {
            Err(failure @ Failure::NotSent(_)) => not_now(&failure),
            Err(Failure::Lost(words)) => Outcome::unknown(format!(
                "the fax was posted and the connection broke before the answer: {words}; the next run asks the service for it"
            )),
            Ok(reply) => {
                let outcome = posted(&reply, number);
                if let Outcome::Deferred {
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
pub(super) fn number_of(parcel: &Parcel) -> Result<String, Outcome> {
    let [written] = parcel.to.as_slice() else {
        return Err(Outcome::refused("a fax goes to exactly one number"));
    };
    if !parcel.content.starts_with(b"%PDF-") {
        return Err(Outcome::refused(
            "the document is no PDF, so it cannot be faxed",
        ));
    }
    if parcel.content.len() > LARGEST {
        let size = parcel.content.len() >> 20;
        return Err(Outcome::refused(format!(
            "the document has {size} MiB; 20 MiB can be faxed"
        )));
    }
    number::e164(written).map_err(Outcome::refused)
}

fn not_now(failure: &Failure) -> Outcome {
    let (Failure::NotSent(words) | Failure::Lost(words)) = failure;
    Outcome::unreachable(format!("the fax service cannot be reached: {words}"))
}

/// What the answer to a post means.
fn posted(reply: &Reply, number: String) -> Outcome {
    let status = reply.status;
    match status {
        200..=299 => {
            let value: Option<Value> = serde_json::from_slice(&reply.body).ok();
            // a list of one when the service treats the number as a list
            let fax = value.as_ref().map(|value| match value.as_array() {
                Some(list) if list.len() == 1 => &list[0],
                _ => value,
            });
            let id = fax
                .and_then(|fax| fax["id"].as_str())
                .filter(|id| plain(id));
            match (id, fax) {
                (Some(id), Some(fax)) => Outcome::handed_over(
                    format!("Sinch took it as {id} ({})", word(&fax["status"])),
                    Job {
                        service: SERVICE,
                        id: id.to_owned(),
                        number,
                        tells: true,
                    },
                ),
                _ => Outcome::unknown(format!(
                    "the fax was posted and the answer ({status}) has no id in it; the next run asks the service for it"
                )),
            }
        }
        429 => Outcome::Deferred {
            detail: "the fax service has enough of us for now (429)".to_owned(),
            retry_after: reply.retry_after,
        },
        408 | 500.. => Outcome::unknown(format!(
            "the fax was posted and the service failed ({status}); the next run asks it whether it has the fax"
        )),
        _ => match account(status) {
            Some(what) => Outcome::unreachable(what),
            None => Outcome::refused(format!(
                "the fax service refuses it ({status}): {}",
                complaint(&reply.body)
            )),
        },
    }
}

/// Answers that are about the configuration and not about one fax.
fn account(status: u16) -> Option<String> {
    let what = match status {
        401 | 403 => {
            "the fax service does not let us in: check delivery.fax.key and delivery.fax.secret"
        }
        402 => "the fax service wants to be paid: look into the account",
        404 | 405 => {
            "the fax service does not know the project: check delivery.fax.project and delivery.fax.base_url"
        }
        300..=399 => {
            "the fax service points to another address, which is not followed: check delivery.fax.base_url"
        }
        100..=199 => "the fax service gave half an answer: check delivery.fax.base_url",
        _ => return None,
    };
    Some(format!("{what} (answer {status})"))
}

/// The service's words, as far as they can be shown.
fn complaint(body: &[u8]) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &value["error"];
    let texts = [
        &value["errorMessage"],
        &value["message"],
        &error["message"],
        &value["detail"],
        error,
    ];
    let text = texts.iter().find_map(|text| text.as_str());
    let text: String = text
        .unwrap_or("no reason given")
        .chars()
        .take(160)
        .collect();
    one_line(&text)
}

fn word(value: &Value) -> String {
    let text = value.as_str().unwrap_or("no status");
    one_line(&text.chars().take(40).collect::<String>())
}

/// Ids go into addresses: nothing but letters, digits and dashes.
fn plain(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    !id.is_empty() && id.len() <= 64 && id.bytes().all(fits)
}

/// A good answer to a question, as JSON.
fn understood(reply: Result<Reply, Failure>) -> Result<Value, Trouble> {
    let reply = reply.map_err(|failure| {
        let (Failure::NotSent(words) | Failure::Lost(words)) = failure;
        Trouble(format!("the fax service cannot be asked: {words}"))
    })?;
    match reply.status {
        200..=299 => serde_json::from_slice(&reply.body).map_err(|_| {
            Trouble("the fax service's answer is no JSON: check delivery.fax.base_url".to_owned())
        }),
        429 => Err(Trouble(
            "the fax service has enough of us for now (429); the next run asks again".to_owned(),
        )),
        status => Err(Trouble(account(status).unwrap_or_else(|| {
            format!("the fax service cannot be asked (answer {status})")
        }))),
    }
}

impl FaxService for Sinch {
    fn name(&self) -> &'static str {
        SERVICE
    }

    fn status(&mut self, job: &str) -> Result<Answer, Trouble> {
        if !plain(job) {
            return Err(Trouble(format!("'{}' is no fax of Sinch", one_line(job))));
        }
        let reply = self.http.get(&["faxes", job], &[]);
        if let Ok(Reply { status: 404, .. }) = reply {
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
    fn find(&mut self, reference: &str, number: &str) -> Result<Vec<Found>, Trouble> {
        let size = PAGE.to_string();
        let (mut found, mut seen, mut page) = (Vec::new(), 0, None);
        for _ in 0..PAGES {
            let mut query = vec![
                ("direction", "OUTBOUND"),
                ("to", number),
                ("pageSize", size.as_str()),
            ];
            // pages count from the one that comes when none is asked for, be it 0 or 1
            let next: Option<String> = page.map(|page: i64| (page + 1).to_string());
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
            page =
                number_in(&list, &["pageNumber", "page"]).or(page.map(|page| page + 1).or(Some(1)));
            let total = number_in(&list, &["totalItems", "totalCount", "total"]);
            // the page may be shorter than was asked for: only an empty one or the total ends it
            if faxes.is_empty() || total.is_some_and(|total| seen >= total) {
                found.sort_by(|one: &(String, Found), other| other.0.cmp(&one.0));
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
) -> Result<Option<(String, Found)>, Trouble> {
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
    Ok(Some((created, Found { job, number })))
}

fn number_in(list: &Value, names: &[&str]) -> Option<i64> {
    names.iter().find_map(|name| whole(&list[*name]))
}

fn lost() -> Answer {
    Answer {
        news: FaxNews {
            state: "lost",
            status: "404".to_owned(),
            detail: "Sinch no longer knows this fax".to_owned(),
            ..FaxNews::default()
        },
        worth: Worth::GiveUp,
    }
}

fn read_status(fax: &Value) -> Result<Answer, Trouble> {
    let status = word(&fax["status"]);
    let state = match status.as_str() {
        "COMPLETED" => "delivered",
        "FAILURE" => "failed",
        "no status" => {
            return Err(Trouble(
                "the fax service's answer about a fax has no status in it".to_owned(),
            ));
        }
        // QUEUED, IN_PROGRESS, and words that this poms does not know yet
        _ => "waiting",
    };
    let (kind, code) = (word(&fax["errorType"]), whole(&fax["errorCode"]));
    let seconds = time(&fax["createTime"])
        .zip(time(&fax["completedTime"]))
        .map(|(from, to)| (to - from).num_seconds().max(0));
    let error = (state == "failed").then(|| match code {
        Some(code) => format!("{kind} {code}"),
        None => kind.clone(),
    });
    let detail = match &error {
        Some(error) => one_line(&format!("{} ({error})", complaint_of(fax))),
        None => format!("Sinch says {status}"),
    };
    let news = FaxNews {
        state,
        status,
        error,
        detail,
        pages: whole(&fax["numberOfPages"]).or(whole(&fax["pageCount"])),
        seconds,
        attempts: whole(&fax["retryCount"]).map(|repeats| repeats.saturating_add(1)),
    };
    let worth = codes::worth(&kind, code);
    Ok(Answer { news, worth })
}

fn complaint_of(fax: &Value) -> String {
    let text = fax["errorMessage"].as_str().unwrap_or("no reason given");
    text.chars().take(200).collect()
}

/// A whole number of sense, as a number or in quotes.
fn whole(value: &Value) -> Option<i64> {
    let number = value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())?;
    (0..=1_000_000).contains(&number).then_some(number)
}

fn time(value: &Value) -> Option<chrono::DateTime<chrono::Utc>> {
    clock::parse(value.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn only_an_answer_with_an_id_is_a_fax_that_was_taken() {
        let outcome = |status, body| posted(&reply(status, body), "+12075550142".to_owned()).word();
        assert_eq!(
            outcome(200, r#"{"id":"01ABC","status":"QUEUED"}"#),
            "handed over"
        );
        assert_eq!(outcome(202, r#"[{"id":"01ABC"}]"#), "handed over");
        for body in ["", "{}", "[]", r#"{"id":""}"#, r#"{"id":"../x"}"#, "<html>"] {
            assert_eq!(outcome(200, body), "unknown", "{body}");
        }
        for (status, word) in [
            (400, "refused"),
            (401, "deferred (server unreachable)"),
            (403, "deferred (server unreachable)"),
            (302, "deferred (server unreachable)"),
            (404, "deferred (server unreachable)"),
            (422, "refused"),
            (429, "deferred"),
            (408, "unknown"),
            (500, "unknown"),
            (503, "unknown"),
        ] {
            assert_eq!(outcome(status, "{}"), word, "{status}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_makes_a_panic(status in 100u16..1000, body in any::<Vec<u8>>(), text in "[\\[{\"a-z:0-9,}\\]]{0,60}") {
            for body in [body, text.into_bytes()] {
                let _ = posted(&Reply { status, retry_after: None, body: body.clone() }, String::new());
                let value: Value = serde_json::from_slice(&body).unwrap_or_default();
                let _ = read_status(&value);
            }
        }
    }
}
