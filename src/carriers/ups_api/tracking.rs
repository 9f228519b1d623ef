//! Tracking: `GET /api/track/v1/details/{inquiryNumber}`.

use super::client::{Client, UpsFault};
use crate::http::Request;
use chrono::NaiveDate;
use serde::Deserialize;

/// Where a parcel is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelSeen {
    /// The day on which it was delivered, if it was.
    pub delivered: Option<NaiveDate>,
    /// The day of the latest scan; `None` when it was never scanned.
    pub last_scan: Option<NaiveDate>,
    /// What UPS says of it, on one line.
    pub status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpsTrackingAnswer {
    track_response: Option<Tracked>,
}

#[derive(Deserialize)]
struct Tracked {
    shipment: Option<Vec<UpsShipment>>,
}

#[derive(Deserialize)]
struct UpsShipment {
    package: Option<Vec<Package>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    tracking_number: Option<String>,
    current_status: Option<Status>,
    activity: Option<Vec<Activity>>,
    delivery_date: Option<Vec<DeliveryDate>>,
}

#[derive(Deserialize)]
struct Status {
    #[serde(rename = "type")]
    kind: Option<String>,
    code: Option<String>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Activity {
    date: Option<String>,
    status: Option<Status>,
}

#[derive(Deserialize)]
struct DeliveryDate {
    date: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Asks where a parcel is.
///
/// # Errors
/// When UPS cannot say; a number that it does not know (404) is [`UpsFault::Refused`].
pub fn ask(client: &Client, number: &str) -> Result<ParcelSeen, UpsFault> {
    // UPS takes 7 to 34 characters; ours come from the registry of carriers, and none needs escaping
    let plain =
        (7..=34).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_alphanumeric());
    if !plain {
        return Err(UpsFault::Refused("it is no tracking number".to_owned()));
    }
    let path = ["api", "track", "v1", "details", number];
    let answer: UpsTrackingAnswer = client.ask(&Request::get(&path, &[("locale", "en_US")]))?;
    read(number, answer)
}

/// What the body of an answer says of a parcel.
///
/// # Errors
/// As [`ask`].
pub fn of_body(number: &str, body: &[u8]) -> Result<ParcelSeen, UpsFault> {
    read(number, super::client::of_body(body)?)
}

fn read(number: &str, answer: UpsTrackingAnswer) -> Result<ParcelSeen, UpsFault> {
    let shipments = answer.track_response.and_then(|one| one.shipment);
    let packages: Vec<Package> = shipments
        .unwrap_or_default()
        .into_iter()
        .flat_map(|one| one.package.unwrap_or_default())
        .collect();
    let same = |one: &Package| one.tracking_number.as_deref().map(str::trim) == Some(number);
    // a shipment of several parcels lists them all: only this one's word counts
    let Some(package) = packages.into_iter().find(same) else {
        return Err(UpsFault::Refused(
            "it says nothing of this parcel".to_owned(),
        ));
    };
    let activity = package.activity.unwrap_or_default();
    let scans = activity.iter().filter(|one| is_scan(one.status.as_ref()));
    let last_scan = scans.filter_map(|one| day(one.date.as_deref())).max();
    let status = package.current_status.as_ref();
    let is_delivered = |one: Option<&Status>| one.and_then(|s| s.kind.as_deref()) == Some("D");
    let arrived = is_delivered(status)
        || (status.is_none() && is_delivered(activity.first().and_then(|one| one.status.as_ref())));
    let on = package.delivery_date.unwrap_or_default();
    let on = on.iter().find(|one| one.kind.as_deref() == Some("DEL"));
    let on = on.and_then(|one| day(one.date.as_deref())).or(last_scan);
    let words = status.or(activity.first().and_then(|one| one.status.as_ref()));
    let words = words.and_then(|one| one.description.as_deref().or(one.code.as_deref()));
    let line = crate::domain::text::line(words.unwrap_or_default());
    if arrived && on.is_none() {
        return Err(UpsFault::Malformed("it is delivered on no day".to_owned()));
    }
    Ok(ParcelSeen {
        delivered: on.filter(|_| arrived),
        last_scan,
        status: line.chars().take(200).collect(),
    })
}

/// Whether a parcel was seen: a label that was printed (type M) is none.
fn is_scan(status: Option<&Status>) -> bool {
    let kind = status.and_then(|one| one.kind.as_deref());
    !matches!(kind, Some("M" | "MV"))
}

/// `20210210`.
fn day(text: Option<&str>) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text?.trim(), "%Y%m%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NUMBER: &str = "1Z023E2X0214323462";

    fn of(text: &str) -> Result<ParcelSeen, UpsFault> {
        of_body(NUMBER, text.as_bytes())
    }

    fn package(rest: &str) -> String {
        format!(
            r#"{{"trackResponse":{{"shipment":[{{"package":[{{"trackingNumber":"1ZOTHER","currentStatus":{{"type":"D"}},
            "deliveryDate":[{{"type":"DEL","date":"20250601"}}]}},{{"trackingNumber":"{NUMBER}"{rest}}}]}}]}}}}"#
        )
    }

    #[test]
    fn delivered_moving_and_never_seen() {
        let activity = r#","activity":[{"date":"20250605","status":{"type":"I","description":"Departed"}},{"date":"20250603","status":{"type":"M"}}]"#;
        let seen = of(&package(activity)).unwrap();
        assert_eq!(seen.delivered, None);
        assert_eq!(seen.last_scan, NaiveDate::from_ymd_opt(2025, 6, 5));
        assert_eq!(seen.status, "Departed");
        let seen = of(&package(
            r#","currentStatus":{"type":"D","description":"DELIVERED"},"deliveryDate":[{"type":"SDD","date":"20250609"},{"type":"DEL","date":"20250606"}]"#,
        ));
        assert_eq!(seen.unwrap().delivered, NaiveDate::from_ymd_opt(2025, 6, 6));
        let label = of(&package(
            r#","activity":[{"date":"20250603","status":{"type":"M"}}]"#,
        ));
        assert_eq!(label.unwrap().last_scan, None);
        for wrong in [
            "{}",
            r#"{"trackResponse":{"shipment":[]}}"#,
            r#"{"trackResponse":{"shipment":[{"package":[{"trackingNumber":"1ZOTHER","currentStatus":{"type":"D"}}]}]}}"#,
        ] {
            assert!(matches!(of(wrong), Err(UpsFault::Refused(_))), "{wrong}");
        }
        assert!(matches!(
            of(&package(r#","currentStatus":{"type":"D"}"#)),
            Err(UpsFault::Malformed(_))
        ));
    }

    proptest! {
        #[test]
        fn any_answer(cut in 0_usize..400, noise in "[ -~]{0,20}") {
            let whole = package(r#","activity":[{"date":"20250605","status":{"type":"I"}}]"#);
            let cut = cut.min(whole.len());
            let _ = of(&format!("{}{noise}{}", &whole[..cut], &whole[cut..]));
            let _ = of(&whole[..cut]);
        }
    }
}
