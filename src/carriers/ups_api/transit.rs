//! Time in Transit: `POST /api/shipments/v1/transittimes`.

use super::client::{Client, UpsFault};
use crate::domain::address::Address;
use crate::domain::promise::{Service, zip5};
use crate::http::Request;
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

/// UPS takes ship dates up to this many days ahead.
const AHEAD: u64 = 60;

/// What is asked: a way within the US, a day and a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The vendor's.
    pub origin: Address,
    /// The customer's.
    pub destination: Address,
    /// How it travels.
    pub service: Service,
    /// When it leaves.
    pub ship_day: NaiveDate,
}

/// The parts of the answer that are looked at. UPS sends null for what it leaves out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpsTransitAnswer {
    ems_response: Option<Ems>,
    validation_list: Option<Validation>,
    destination_pick_list: Option<Vec<Candidate>>,
    origin_pick_list: Option<Vec<Candidate>>,
}

#[derive(Deserialize)]
struct Ems {
    services: Option<Vec<Offered>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offered {
    service_level: Option<String>,
    service_level_description: Option<String>,
    delivery_date: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Validation {
    #[serde(default)]
    invalid_field_list: Value,
    #[serde(default)]
    invalid_field_list_codes: Value,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    state_province: Option<String>,
    city: Option<String>,
    postal_code: Option<String>,
    postal_code_low: Option<String>,
}

/// Asks when the goods arrive. An ambiguous address (206, pick lists) is asked about once more with
/// the one candidate that has its ZIP code.
///
/// # Errors
/// When UPS cannot say.
pub fn ask(client: &Client, question: &Question) -> Result<NaiveDate, UpsFault> {
    let answer = send(client, question)?;
    let question = match settled(question, &answer) {
        None => return read(question, answer),
        Some(clearer) => clearer,
    };
    let answer = send(client, &question)?;
    read(&question, answer)
}

/// What the body of an answer says, where none is asked again.
///
/// # Errors
/// As [`ask`].
pub fn of_body(question: &Question, body: &[u8]) -> Result<NaiveDate, UpsFault> {
    let answer: UpsTransitAnswer = super::client::of_body(body)?;
    let clearer = settled(question, &answer);
    read(clearer.as_ref().unwrap_or(question), answer)
}

fn send(client: &Client, question: &Question) -> Result<UpsTransitAnswer, UpsFault> {
    let body = request(question).to_string();
    let path = ["api", "shipments", "v1", "transittimes"];
    client.ask(&Request::post_json(&path, body.as_bytes()))
}

/// The request. Fields without a value are left out: the specification wants at least one character
/// in each.
fn request(question: &Question) -> Value {
    let mut body = json!({
        "originCountryCode": "US",
        "destinationCountryCode": "US",
        "residentialIndicator": "01",
        "shipDate": question.ship_day.to_string(),
        "avvFlag": true,
        "numberOfPackages": 1,
    });
    for (name, address) in [
        ("origin", &question.origin),
        ("destination", &question.destination),
    ] {
        let state = address.state.trim();
        let state = if state.len() == 2 { state } else { "" };
        for (field, value) in [
            ("PostalCode", zip5(&address.zip).unwrap_or_default()),
            ("StateProvince", state),
            ("CityName", address.city.trim()),
        ] {
            let value: String = value.chars().filter(|c| !c.is_control()).take(50).collect();
            if !value.is_empty() {
                body[format!("{name}{field}")] = Value::String(value);
            }
        }
    }
    body
}

/// The question with the addresses that UPS offers, where exactly one of them is meant.
fn settled(question: &Question, answer: &UpsTransitAnswer) -> Option<Question> {
    if answer.ems_response.is_some() {
        return None;
    }
    let mut clearer = question.clone();
    for (list, address) in [
        (&answer.origin_pick_list, &mut clearer.origin),
        (&answer.destination_pick_list, &mut clearer.destination),
    ] {
        let Some(list) = list.as_ref().filter(|list| !list.is_empty()) else {
            continue;
        };
        let zip = zip5(&address.zip)?;
        let same = |one: &&Candidate| {
            [&one.postal_code, &one.postal_code_low]
                .into_iter()
                .flatten()
                .any(|code| zip5(code) == Some(zip))
        };
        let mut fitting: Vec<&Candidate> = list.iter().filter(same).collect();
        if fitting.len() > 1 {
            let city = address.city.trim().to_owned();
            let named = |one: &&Candidate| {
                let other = one.city.as_deref().unwrap_or_default();
                other.eq_ignore_ascii_case(&city)
            };
            fitting.retain(named);
        }
        let [one] = fitting.as_slice() else {
            return None;
        };
        address.city = one.city.clone().unwrap_or_default();
        address.state = one.state_province.clone().unwrap_or_default();
    }
    (clearer != *question).then_some(clearer)
}

/// The day of the wanted service.
fn read(question: &Question, answer: UpsTransitAnswer) -> Result<NaiveDate, UpsFault> {
    let Some(ems) = answer.ems_response else {
        return Err(why_not(&answer));
    };
    let offered = ems.services.unwrap_or_default();
    let wanted = question.service;
    let coded = |one: &&Offered| one.service_level.as_deref().map(str::trim) == Some(wanted.code());
    let named = |one: &&Offered| {
        let words = one.service_level_description.as_deref().unwrap_or_default();
        Service::by_words(words) == Some(wanted) && !words.to_lowercase().contains("saturday")
    };
    let found = offered.iter().find(coded);
    let Some(found) = found.or_else(|| offered.iter().find(named)) else {
        return Err(UpsFault::Refused(format!(
            "it does not offer {} on this way",
            wanted.code()
        )));
    };
    let text = found.delivery_date.as_deref().unwrap_or_default();
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|_| UpsFault::Malformed("the deliveryDate is no day".to_owned()))?;
    let last = question.ship_day.checked_add_days(Days::new(AHEAD));
    if day < question.ship_day || last.is_none_or(|last| day > last) {
        return Err(UpsFault::Malformed(format!(
            "it would deliver on {day} what leaves on {}",
            question.ship_day
        )));
    }
    Ok(day)
}

/// A refusal in a body of success: `validationList`, or an ambiguous address that cannot be told.
fn why_not(answer: &UpsTransitAnswer) -> UpsFault {
    let texts = |value: &Value| {
        let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let texts = list.iter().filter_map(Value::as_str).take(5);
        texts.map(crate::domain::text::line).collect::<Vec<_>>()
    };
    if let Some(list) = &answer.validation_list {
        let (fields, codes) = (
            texts(&list.invalid_field_list),
            texts(&list.invalid_field_list_codes),
        );
        if !fields.is_empty() || !codes.is_empty() {
            let said = format!("{} ({})", fields.join(", "), codes.join(", "));
            return UpsFault::Refused(said.chars().take(200).collect());
        }
    }
    let ambiguous = |list: &Option<Vec<Candidate>>| list.as_ref().is_some_and(|l| !l.is_empty());
    match (
        ambiguous(&answer.origin_pick_list),
        ambiguous(&answer.destination_pick_list),
    ) {
        (true, _) => UpsFault::Refused("the vendor's address is ambiguous".to_owned()),
        (_, true) => UpsFault::Refused("the customer's address is ambiguous".to_owned()),
        _ => UpsFault::Malformed("it has neither services nor a reason".to_owned()),
    }
}

#[cfg(test)]
mod tests;
