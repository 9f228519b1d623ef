//! What the service's answers mean. All of it is foreign: nothing in it is taken that was not
//! expected.

use super::{SERVICE, codes};
use crate::clock;
use crate::delivery::channel::{DeliveryOutcome, Job, one_line};
use crate::delivery::fax::{FaxAnswer, Trouble, Worth};
use crate::http::{Failure, HttpAnswer};
use crate::ledger::fax::FaxNews;
use serde_json::Value;

/// What the answer to a post means.
pub(super) fn posted(reply: &HttpAnswer, number: String) -> DeliveryOutcome {
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
                (Some(id), Some(fax)) => DeliveryOutcome::handed_over(
                    format!("Sinch took it as {id} ({})", word(&fax["status"])),
                    Job {
                        service: SERVICE,
                        id: id.to_owned(),
                        number,
                        tells: true,
                    },
                ),
                _ => DeliveryOutcome::unknown(format!(
                    "the fax was posted and the answer ({status}) has no id in it; the next run asks the service for it"
                )),
            }
        }
        429 => DeliveryOutcome::Deferred {
            detail: "the fax service has enough of us for now (429)".to_owned(),
            retry_after: reply.retry_after,
        },
        408 | 500.. => DeliveryOutcome::unknown(format!(
            "the fax was posted and the service failed ({status}); the next run asks it whether it has the fax"
        )),
        _ => match account(status) {
            Some(what) => DeliveryOutcome::unreachable(what),
            None => DeliveryOutcome::refused(format!(
                "the fax service refuses it ({status}): {}",
                complaint(&reply.body)
            )),
        },
    }
}

/// Answers that are about the configuration and not about one fax.
pub(super) fn account(status: u16) -> Option<String> {
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
pub(super) fn plain(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    !id.is_empty() && id.len() <= 64 && id.bytes().all(fits)
}

/// A good answer to a question, as JSON.
pub(super) fn understood(reply: Result<HttpAnswer, Failure>) -> Result<Value, Trouble> {
    let reply = reply.map_err(|failure| {
        Trouble(format!(
            "the fax service cannot be asked: {failure}; check delivery.fax.base_url, and whether this machine may reach it"
        ))
    })?;
    match reply.status {
        200..=299 => serde_json::from_slice(&reply.body).map_err(|_| {
            Trouble("the fax service's answer is no JSON: check delivery.fax.base_url".to_owned())
        }),
        429 => Err(Trouble(
            "the fax service has enough of us for now (429); the next run asks again".to_owned(),
        )),
        status => Err(Trouble(account(status).unwrap_or_else(|| {
            format!(
                "the fax service cannot be asked (answer {status}); if it lasts, ask the service"
            )
        }))),
    }
}

pub(super) fn lost() -> FaxAnswer {
    FaxAnswer {
        news: FaxNews {
            state: "lost",
            status: "404".to_owned(),
            detail: "Sinch no longer knows this fax".to_owned(),
            ..FaxNews::default()
        },
        worth: Worth::GiveUp,
    }
}

pub(super) fn read_status(fax: &Value) -> Result<FaxAnswer, Trouble> {
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
    Ok(FaxAnswer { news, worth })
}

fn complaint_of(fax: &Value) -> String {
    let text = fax["errorMessage"].as_str().unwrap_or("no reason given");
    text.chars().take(200).collect()
}

/// A whole number of sense, as a number or in quotes.
pub(super) fn whole(value: &Value) -> Option<i64> {
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

    fn reply(status: u16, body: &str) -> HttpAnswer {
        HttpAnswer::of_parts(status, None, body.as_bytes().to_vec())
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
                let _ = posted(&HttpAnswer::of_parts(status, None, body.clone()), String::new());
                let value: Value = serde_json::from_slice(&body).unwrap_or_default();
                let _ = read_status(&value);
            }
        }
    }
}
