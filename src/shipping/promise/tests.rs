use super::*;
use crate::domain::address::Address;
use crate::domain::closure::WorkingDays;
use crate::domain::lifecycle::PoState;
use crate::domain::vendor::VendorChannel;
use crate::ledger::habits::PromisedPo;
use serde_json::json;

fn address(zip: &str) -> Address {
    Address {
        zip: zip.to_owned(),
        country: "US".to_owned(),
        ..Address::default()
    }
}

fn vendor(zip: &str, timezone: Option<&str>, cutoff: Option<&str>, handling: i64) -> Vendor {
    Vendor {
        id: "V".to_owned(),
        name: "V".to_owned(),
        email: String::new(),
        fax: String::new(),
        channel: VendorChannel::Email,
        address: address(zip),
        handling_days: handling,
        cutoff: cutoff.map(str::to_owned),
        timezone: timezone.map(str::to_owned),
        active: true,
        days: WorkingDays::default(),
        habit: Default::default(),
        fallback: None,
    }
}

fn order(zip: &str, method: Option<&str>) -> Order {
    serde_json::from_value(json!({
        "order_number": "1", "date": "2025-06-02T06:01:52-04:00", "currency": "USD",
        "customer": {"name": "N"},
        "ship_to": {"name": "N", "street1": "S", "city": "C", "state": "MO", "zip": zip, "country": "US"},
        "lines": [], "shipping": "0.00", "tax": "0.00", "total": "0.00", "shipping_method": method
    }))
    .unwrap()
}

fn promised(vendor: &Vendor, order: &Order, now: &str) -> (String, String) {
    let settings = PromiseSettings::default();
    let now = now.parse().unwrap();
    let journey = Journey::new(vendor, order, now, chrono_tz::America::New_York, &settings);
    let promise = journey.by_table(&settings, Some(now), "");
    (promise.ship_by.to_string(), promise.deliver_by.to_string())
}

type Journeyed = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    i64,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
    &'static str,
);

/// From, zone, cut-off, handling, to, method, now; ships, arrives.
#[rustfmt::skip]
const JOURNEYS: &[Journeyed] = &[
    // 15:30 in New York, late; Friday is a business day, UPS' too
    (
        "04101",
        None,
        Some("15:00"),
        0,
        "02139",
        None,
        "2025-11-26T20:30:00Z",
        "2025-11-28",
        "2025-12-02",
    ),
    // 14:30 in Chicago: in time
    (
        "60601",
        None,
        Some("15:00"),
        0,
        "63101",
        None,
        "2025-11-26T20:30:00Z",
        "2025-11-26",
        "2025-12-01",
    ),
    // 12:30 in Oregon, one day of handling, over Thursday
    (
        "97201",
        None,
        Some("15:00"),
        1,
        "65367",
        None,
        "2025-11-26T20:30:00Z",
        "2025-11-28",
        "2025-12-04",
    ),
    // the zone on file goes before that of the ZIP code
    (
        "97201",
        Some("America/New_York"),
        Some("15:00"),
        0,
        "65367",
        Some("Next Day Air"),
        "2025-11-26T20:30:00Z",
        "2025-11-28",
        "2025-12-01",
    ),
    // cut-off by the site's default, 14:00: Monday 9 March, 13:30 in summer time
    (
        "04101",
        None,
        None,
        0,
        "02139",
        Some("overnight"),
        "2026-03-09T17:30:00Z",
        "2026-03-09",
        "2026-03-10",
    ),
    (
        "04101",
        None,
        None,
        0,
        "02139",
        Some("overnight"),
        "2026-03-06T19:30:00Z",
        "2026-03-09",
        "2026-03-10",
    ),
    // a broken zone or cut-off on file is as none
    (
        "04101",
        Some("Mars"),
        Some("noon"),
        0,
        "02139",
        Some("2 day"),
        "2026-11-02T18:30:00Z",
        "2026-11-02",
        "2026-11-04",
    ),
    (
        "",
        None,
        None,
        -3,
        "",
        None,
        "2026-11-02T18:30:00Z",
        "2026-11-02",
        "2026-11-10",
    ),
];

/// One instant, 26 November 2025 at 20:30 UTC, before Thanksgiving, in four zones; then nights on
/// which the clock is changed.
#[test]
fn zones_holidays_and_the_change_of_the_clock() {
    for (zip, zone, cutoff, handling, to, method, now, ships, arrives) in JOURNEYS {
        let (vendor, order) = (vendor(zip, *zone, *cutoff, *handling), order(to, *method));
        let expected = ((*ships).to_owned(), (*arrives).to_owned());
        assert_eq!(promised(&vendor, &order, now), expected, "{zip} {now}");
    }
}

#[test]
fn ups_is_asked_about_its_own_services_within_the_country() {
    let settings = PromiseSettings {
        ups: true,
        ..PromiseSettings::default()
    };
    let day = NaiveDate::from_ymd_opt(2025, 6, 3).unwrap();
    let way = |vendor: &Vendor, order: &Order| Journey::leaving(vendor, order, day, &settings).way;
    let plain = vendor("04101-1234", None, None, 1);
    let asked = way(&plain, &order("65367-0001", Some("UPS 2nd Day Air"))).unwrap();
    assert_eq!(
        (asked.origin.as_str(), asked.destination.as_str()),
        ("04101", "65367")
    );
    assert_eq!(asked.service, Service::SecondDay);
    assert!(way(&plain, &order("65367", None)).is_some());
    assert!(way(&plain, &order("65367", Some("FedEx Ground"))).is_none());
    assert!(way(&plain, &order("x", None)).is_none());
    let mut abroad = order("65367", None);
    abroad.ship_to.country = "CA".to_owned();
    assert!(way(&plain, &abroad).is_none());
}

#[test]
fn what_ups_says_counts_in_its_business_days() {
    let settings = PromiseSettings::default();
    let (vendor, order) = (vendor("04101", None, None, 1), order("65367", None));
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let journey = Journey::leaving(&vendor, &order, day("2025-11-26"), &settings);
    let promise = journey.by_ups(day("2025-12-02"), "2025-11-26T20:30:00Z".parse().unwrap());
    assert_eq!(
        (promise.source, promise.transit_days),
        (PromiseSource::Ups, 3)
    );
    // a day before it ships has none
    let promise = journey.by_ups(day("2025-11-20"), "2025-11-26T20:30:00Z".parse().unwrap());
    assert_eq!(promise.transit_days, 0);
}

/// Vendors of which each takes as long as chance has it, by its own measure: of the promises that are made by what they
/// did before, as many are kept as the site asks for.
#[test]
fn promises_are_kept_as_often_as_is_wanted() {
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    let mut roll = move || {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (chance >> 11) as f64 / (1_u64 << 53) as f64
    };
    let begin: DateTime<Utc> = "2025-01-06T00:00:00Z".parse().unwrap();
    for rate in [80, 90, 95] {
        let settings = PromiseSettings {
            hit_rate: Some(rate),
            ..PromiseSettings::default()
        };
        let (mut kept, mut all) = (0, 0);
        for number in 0..40 {
            let mean = 3.0 + f64::from(number % 10);
            let mut vendor = vendor("04101", Some("America/New_York"), Some("14:00"), 1);
            let order = order("97201", None);
            let (zone, cutoff) = Journey::counted(&vendor, chrono_tz::UTC, &settings);
            let transit = settings.table.days("04101", "97201", Service::Ground);
            // when it came in, and when it leaves
            let mut one = |from: i64, days: f64| {
                let minutes = (from as f64 + roll() * days) * 1440.0;
                let came = begin + chrono::TimeDelta::minutes(minutes as i64);
                let handling = (-mean * (1.0 - roll()).ln()) as u32;
                let left = vendor.days.ship_date(came, cutoff, zone, handling);
                (came, left)
            };
            let now = begin + chrono::TimeDelta::days(180);
            let history: Vec<PromisedPo> = (0..300)
                .map(|_| one(0, 180.0))
                .map(|(came, left)| PromisedPo {
                    number: "W1-1".to_owned(),
                    created: came.into(),
                    state: match left <= now.date_naive() {
                        true => PoState::Shipped,
                        false => PoState::Acknowledged,
                    },
                    planned: left,
                    transit_days: transit,
                    left: Some(left).filter(|left| *left <= now.date_naive()),
                    arrived: None,
                    sku: None,
                })
                .collect();
            let next: Vec<_> = (0..250).map(|_| one(180, 60.0)).collect();
            vendor.habit =
                taken::habit_of(&vendor, &history, now, (chrono_tz::UTC, &settings, rate));
            for (came, left) in next {
                let journey = Journey::new(&vendor, &order, came, chrono_tz::UTC, &settings);
                let promise = journey.by_table(&settings, None, "");
                kept += usize::from(calendar::deliver_date(left, transit) <= promise.deliver_by);
                all += 1;
            }
        }
        let off = 100.0 * f64::from(kept as u32) / f64::from(all as u32) - f64::from(rate);
        assert!(off.abs() <= 2.0, "{rate} of 100: {off:+.2} points");
    }
}
