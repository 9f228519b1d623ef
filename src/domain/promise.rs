//! When a customer may expect the goods: the carrier's service, the days it takes where nobody can
//! be asked, and where a promise comes from.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A speed at which goods travel: UPS' domestic services, to which the shop's words are brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Service {
    /// UPS Next Day Air Early.
    #[serde(rename = "1DM")]
    NextDayEarly,
    /// UPS Next Day Air.
    #[serde(rename = "1DA")]
    NextDay,
    /// UPS Next Day Air Saver.
    #[serde(rename = "1DP")]
    NextDaySaver,
    /// UPS 2nd Day Air A.M.
    #[serde(rename = "2DM")]
    SecondDayMorning,
    /// UPS 2nd Day Air.
    #[serde(rename = "2DA")]
    SecondDay,
    /// UPS 3 Day Select.
    #[serde(rename = "3DS")]
    ThreeDay,
    /// UPS Ground.
    #[serde(rename = "GND")]
    Ground,
}

/// Words of other carriers: UPS is not asked about their services.
const OTHERS: [&str; 9] = [
    "usps",
    "postal",
    "priority",
    "fedex",
    "dhl",
    "ontrac",
    "lasership",
    "freight",
    "canadapost",
];

impl Service {
    /// All of them.
    pub const ALL: [Service; 7] = [
        Service::NextDayEarly,
        Service::NextDay,
        Service::NextDaySaver,
        Service::SecondDayMorning,
        Service::SecondDay,
        Service::ThreeDay,
        Service::Ground,
    ];

    /// UPS' code for it (Time in Transit, `serviceLevel`), also its word in the ledger.
    pub fn code(self) -> &'static str {
        match self {
            Service::NextDayEarly => "1DM",
            Service::NextDay => "1DA",
            Service::NextDaySaver => "1DP",
            Service::SecondDayMorning => "2DM",
            Service::SecondDay => "2DA",
            Service::ThreeDay => "3DS",
            Service::Ground => "GND",
        }
    }

    /// From its code.
    pub fn parse(code: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The service that a shop or UPS means by its words, in any spelling: `UPS 2nd Day Air®`,
    /// `two-day`, `Overnight`. `None` when they name none.
    pub fn by_words(words: &str) -> Option<Service> {
        let text = plain(words);
        let has = |any: &[&str]| any.iter().any(|word| text.contains(word));
        if let Some(service) = Service::ALL
            .into_iter()
            .find(|one| text.eq_ignore_ascii_case(one.code()))
        {
            return Some(service);
        }
        let early = has(&["early", "morning"]) || text.ends_with("am");
        if has(&[
            "nextday",
            "overnight",
            "1day",
            "oneday",
            "1stday",
            "nextbusinessday",
        ]) {
            return Some(match (early, has(&["saver"])) {
                (true, _) => Service::NextDayEarly,
                (_, true) => Service::NextDaySaver,
                _ => Service::NextDay,
            });
        }
        if has(&["2ndday", "secondday", "2day", "twoday", "2businessday"]) {
            return Some(match early {
                true => Service::SecondDayMorning,
                false => Service::SecondDay,
            });
        }
        if has(&["3day", "threeday", "3rdday", "thirdday", "3businessday"]) {
            return Some(Service::ThreeDay);
        }
        has(&["ground", "standard", "economy", "surepost"]).then_some(Service::Ground)
    }

    /// Whether the shop's words name a carrier other than UPS.
    pub fn is_of_another_carrier(words: &str) -> bool {
        let text = plain(words);
        OTHERS.iter().any(|word| text.contains(word))
    }

    /// Business days in transit that the service is sold by; `None` for ground, where the distance
    /// decides.
    pub fn sold_days(self) -> Option<u32> {
        match self {
            Service::NextDayEarly | Service::NextDay | Service::NextDaySaver => Some(1),
            Service::SecondDayMorning | Service::SecondDay => Some(2),
            Service::ThreeDay => Some(3),
            Service::Ground => None,
        }
    }
}

/// Small letters and digits only.
fn plain(words: &str) -> String {
    let kept = words.chars().filter(|c| c.is_ascii_alphanumeric());
    kept.take(200).map(|c| c.to_ascii_lowercase()).collect()
}

/// Days in transit by distance, for when no carrier can be asked. The distance of two ZIP codes is
/// the difference of their first digits: 0 is New England, 9 the Pacific coast, and the digits rise
/// from east to west. It is rough, errs on the long side, and a promise made by it is an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitTable {
    /// Business days by ground for the distances 0 to 9.
    pub ground_days: [u32; 10],
    /// Business days more to or from Alaska, Hawaii, Puerto Rico and the other islands.
    pub remote_days: u32,
}

impl Default for TransitTable {
    fn default() -> TransitTable {
        TransitTable {
            ground_days: [2, 3, 3, 4, 4, 5, 5, 5, 6, 6],
            remote_days: 3,
        }
    }
}

impl TransitTable {
    /// Business days from one ZIP code to another. An unreadable code counts as far away.
    pub fn days(&self, origin: &str, destination: &str, service: Service) -> u32 {
        let distance = match (region(origin), region(destination)) {
            (Some(one), Some(other)) => one.0.abs_diff(other.0),
            _ => 9,
        };
        let remote = |zip| region(zip).is_some_and(|(_, remote)| remote);
        let extra = if remote(origin) != remote(destination) {
            self.remote_days
        } else {
            0
        };
        let ground = self.ground_days.get(usize::from(distance));
        let base = service.sold_days().or(ground.copied()).unwrap_or(6);
        base.saturating_add(extra)
    }
}

/// The first digit of a ZIP code, and whether it is beyond the mainland.
fn region(zip: &str) -> Option<(u8, bool)> {
    let digits: &str = zip5(zip)?;
    let first = digits.bytes().next()? - b'0';
    let prefix: u16 = digits.get(..3)?.parse().ok()?;
    let remote = matches!(prefix, 6..=9 | 962..=969 | 995..=999);
    Some((first, remote))
}

/// The five digits of a ZIP or ZIP+4; `None` when it does not begin with five.
pub fn zip5(zip: &str) -> Option<&str> {
    let five = zip.trim().get(..5)?;
    five.bytes().all(|b| b.is_ascii_digit()).then_some(five)
}

/// The source of the day on which goods arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseSource {
    /// UPS.
    Ups,
    /// The table of days: an estimate.
    Table,
}

impl PromiseSource {
    /// Its word in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            PromiseSource::Ups => "ups",
            PromiseSource::Table => "table",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<PromiseSource> {
        [PromiseSource::Ups, PromiseSource::Table]
            .into_iter()
            .find(|one| one.as_str() == word)
    }
}

/// The promise of one purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// The day on which the vendor ships, at the latest.
    pub ship_by: NaiveDate,
    /// The day on which the customer has it, at the latest.
    pub deliver_by: NaiveDate,
    /// Who says so.
    pub source: PromiseSource,
    /// How it travels.
    pub service: Service,
    /// Business days in transit.
    pub transit_days: u32,
    /// When the carrier was asked, or given up; `None` while that is still to be done.
    pub asked: Option<DateTime<Utc>>,
    /// Why it is the table's and not the carrier's, or what moved it; may be empty.
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn services_in_the_words_of_shops() {
        use Service::*;
        for (words, service) in [
            ("UPS Ground", Some(Ground)),
            ("ups ground®", Some(Ground)),
            ("Standard shipping", Some(Ground)),
            ("UPS Next Day Air", Some(NextDay)),
            ("Next-Day Air Saver", Some(NextDaySaver)),
            ("UPS Next Day Air® Early", Some(NextDayEarly)),
            ("Overnight", Some(NextDay)),
            ("UPS 2nd Day Air", Some(SecondDay)),
            ("UPS 2nd Day Air A.M.", Some(SecondDayMorning)),
            ("2-Day", Some(SecondDay)),
            ("second day", Some(SecondDay)),
            ("UPS 3 Day Select", Some(ThreeDay)),
            ("2DA", Some(SecondDay)),
            ("gnd", Some(Ground)),
            ("", None),
            ("pigeon", None),
        ] {
            assert_eq!(Service::by_words(words), service, "{words}");
        }
        for (words, other) in [
            ("UPS Ground", false),
            ("USPS Priority Mail", true),
            ("FedEx 2Day", true),
            ("Ground", false),
            ("", false),
            ("UPS Worldwide", false),
        ] {
            assert_eq!(Service::is_of_another_carrier(words), other, "{words}");
        }
        for service in Service::ALL {
            assert_eq!(Service::parse(service.code()), Some(service));
        }
    }

    #[test]
    fn days_grow_with_the_distance() {
        let table = TransitTable::default();
        for (origin, destination, service, days) in [
            ("04101", "02139", Service::Ground, 2),
            ("04101", "65367", Service::Ground, 5),
            ("04101", "94103", Service::Ground, 6),
            ("04101", "94103-1234", Service::NextDay, 1),
            ("94103", "96813", Service::Ground, 5), // Hawaii
            ("96813", "96720", Service::Ground, 2), // within it
            ("94103", "99501", Service::SecondDay, 5), // Alaska
            ("04101", "00901", Service::Ground, 5), // Puerto Rico
            ("04101", "K1A 0B1", Service::Ground, 6),
            ("", "", Service::Ground, 6),
        ] {
            assert_eq!(
                table.days(origin, destination, service),
                days,
                "{origin} {destination}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_words_and_codes(words in ".*", zip in ".*") {
            Service::by_words(&words);
            Service::is_of_another_carrier(&words);
            let days = TransitTable::default().days(&zip, &words, Service::Ground);
            prop_assert!((2..=9).contains(&days));
        }
    }
}
