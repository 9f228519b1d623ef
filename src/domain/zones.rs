//! In which time zone people live, by their ZIP code, and when they do not want mail.
//!
//! Source of the zones: 49 CFR part 71 (boundaries of the time zones), brought to three-digit ZIP
//! prefixes; a prefix that a boundary cuts counts for the zone of its larger towns.

use super::address::Address;
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::America::{
    Anchorage, Boise, Chicago, Denver, Los_Angeles, New_York, Phoenix, Puerto_Rico,
};
use chrono_tz::Pacific::{Guam, Honolulu};
use chrono_tz::Tz;

/// First and last prefix of a block, and its zone. Military addresses (090 to 099, 340, 962 to 966)
/// have none.
const PREFIXES: &[(u16, u16, Tz)] = &[
    (5, 5, New_York),
    (6, 9, Puerto_Rico),
    (10, 89, New_York),
    (100, 323, New_York),
    (324, 325, Chicago), // the Florida panhandle
    (326, 339, New_York),
    (341, 349, New_York),
    (350, 372, Chicago),
    (373, 374, New_York), // Chattanooga
    (375, 375, Chicago),
    (376, 379, New_York), // Knoxville and the east of Tennessee
    (380, 397, Chicago),
    (398, 418, New_York),
    (420, 424, Chicago), // the west of Kentucky
    (425, 462, New_York),
    (463, 464, Chicago), // Gary
    (465, 475, New_York),
    (476, 477, Chicago), // Evansville
    (478, 499, New_York),
    (500, 567, Chicago),
    (569, 569, New_York), // the government in Washington
    (570, 576, Chicago),
    (577, 577, Denver), // Rapid City
    (580, 585, Chicago),
    (586, 586, Denver), // Dickinson
    (587, 588, Chicago),
    (590, 599, Denver),
    (600, 692, Chicago),
    (693, 693, Denver), // Alliance
    (700, 797, Chicago),
    (798, 799, Denver), // El Paso
    (800, 831, Denver),
    (832, 834, Boise),
    (835, 835, Los_Angeles), // Lewiston
    (836, 837, Boise),
    (838, 838, Los_Angeles), // the north of Idaho
    (840, 847, Denver),
    (850, 865, Phoenix),
    (870, 885, Denver),
    (889, 961, Los_Angeles),
    (967, 968, Honolulu),
    (969, 969, Guam),
    (970, 978, Los_Angeles),
    (979, 979, Boise), // Ontario, Oregon
    (980, 994, Los_Angeles),
    (995, 999, Anchorage),
];

/// States of one zone, for addresses whose ZIP code cannot be read; the others have none.
const STATES: &[(&str, Tz)] = &[
    (
        "CT DC DE GA MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
        New_York,
    ),
    ("AL AR IA IL LA MN MO MS OK WI", Chicago),
    ("CO MT NM UT WY", Denver),
    ("AZ", Phoenix),
    ("CA NV WA", Los_Angeles),
    ("AK", Anchorage),
    ("HI", Honolulu),
    ("PR VI", Puerto_Rico),
    ("GU MP", Guam),
];

/// The time zone of an address in the US; `None` where ZIP code and state do not say.
pub fn zone_of(address: &Address) -> Option<Tz> {
    let zip = super::promise::zip5(&address.zip).and_then(|zip| zip[..3].parse::<u16>().ok());
    if let Some(prefix) = zip {
        let block = PREFIXES
            .iter()
            .find(|(low, high, _)| (*low..=*high).contains(&prefix));
        return block.map(|(_, _, zone)| *zone);
    }
    let state = address.state.trim().to_uppercase();
    let known = |states: &str| states.split(' ').any(|one| one == state);
    let found = STATES.iter().find(|(states, _)| known(states));
    found.map(|(_, zone)| *zone)
}

/// Hours of the day in which customers get no mail; they may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// From this local time on.
    pub from: NaiveTime,
    /// Until this one, at which mail goes again.
    pub until: NaiveTime,
}

impl QuietHours {
    /// From `21:00-08:00`; `None` when it is not written so, or both are the same.
    pub fn parse(text: &str) -> Option<QuietHours> {
        let (from, until) = text.split_once('-')?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        let (from, until) = (time(from)?, time(until)?);
        (from != until).then_some(QuietHours { from, until })
    }

    /// Finds when the quiet hours end in which `now` is, in a zone; `None` when mail may go now.
    pub fn end(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&zone).naive_local();
        let time = local.time();
        let over_midnight = self.from > self.until;
        let quiet = match over_midnight {
            true => time >= self.from || time < self.until,
            false => time >= self.from && time < self.until,
        };
        if !quiet {
            return None;
        }
        let day = match over_midnight && time >= self.from {
            true => local.date().succ_opt()?,
            false => local.date(),
        };
        let wanted = day.and_time(self.until);
        // a local time that the clock skips is an hour later; of two the first
        let found = zone
            .from_local_datetime(&wanted)
            .earliest()
            .or_else(|| {
                let later = wanted + TimeDelta::hours(1);
                zone.from_local_datetime(&later).earliest()
            })?
            .to_utc();
        Some(found.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(state: &str, zip: &str) -> Address {
        Address {
            state: state.to_owned(),
            zip: zip.to_owned(),
            ..Address::default()
        }
    }

    #[test]
    fn blocks_are_in_order_and_do_not_overlap() {
        for pair in PREFIXES.windows(2) {
            assert!(pair[0].0 <= pair[0].1 && pair[0].1 < pair[1].0, "{pair:?}");
        }
    }

    #[test]
    fn zones_by_zip_then_by_state() {
        for (state, zip, zone) in [
            ("NY", "10001", Some(New_York)),
            ("FL", "32501", Some(Chicago)), // Pensacola
            ("FL", "33101", Some(New_York)),
            ("TN", "37201", Some(Chicago)),
            ("TN", "37901-1234", Some(New_York)),
            ("AZ", "85001", Some(Phoenix)),
            ("HI", "96813", Some(Honolulu)),
            ("AE", "09012", None),
            ("TX", "79901", Some(Denver)),
            ("wa", "", Some(Los_Angeles)),
            ("TX", "", None), // two zones
            ("", "", None),
        ] {
            assert_eq!(zone_of(&address(state, zip)), zone, "{state} {zip}");
        }
    }

    #[test]
    fn quiet_hours_end_by_the_wall_clock() {
        let night = QuietHours::parse("21:00-08:00").unwrap();
        let noon = QuietHours::parse("12:00-13:30").unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (quiet, now, zone, end) in [
            (night, "2025-06-02T16:00:00Z", New_York, None),
            (
                night,
                "2025-06-03T01:00:00Z",
                New_York,
                Some("2025-06-03T12:00:00Z"),
            ), // 21:00
            (night, "2025-06-03T01:00:00Z", Los_Angeles, None),
            (
                night,
                "2025-06-03T11:59:59Z",
                New_York,
                Some("2025-06-03T12:00:00Z"),
            ),
            (night, "2025-06-03T12:00:00Z", New_York, None),
            // the nights in which the clock changes, both ways
            (
                night,
                "2026-03-08T03:00:00Z",
                New_York,
                Some("2026-03-08T12:00:00Z"),
            ),
            (
                night,
                "2026-11-01T02:00:00Z",
                New_York,
                Some("2026-11-01T13:00:00Z"),
            ),
            (
                noon,
                "2025-06-02T16:30:00Z",
                New_York,
                Some("2025-06-02T17:30:00Z"),
            ),
        ] {
            assert_eq!(quiet.end(at(now), zone), end.map(at), "{now}");
        }
        // 02:30 does not exist on that night
        let odd = QuietHours::parse("23:00-02:30").unwrap();
        assert_eq!(
            odd.end(at("2026-03-08T06:00:00Z"), New_York),
            Some(at("2026-03-08T07:30:00Z"))
        );
        for wrong in [
            "",
            "21-8",
            "21:00",
            "21:00-21:00",
            "25:00-08:00",
            "21:00-08:00x",
        ] {
            assert_eq!(QuietHours::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn the_end_is_ahead_and_not_quiet(seconds in 1_500_000_000_i64..2_500_000_000, from in 0_u32..1440, length in 1_u32..1439) {
            let time = |minute: u32| NaiveTime::from_num_seconds_from_midnight_opt(minute % 1440 * 60, 0).unwrap();
            let quiet = QuietHours { from: time(from), until: time(from + length) };
            let now = Utc.timestamp_opt(seconds, 0).unwrap();
            if let Some(end) = quiet.end(now, New_York) {
                prop_assert!(end >= now && end - now <= TimeDelta::hours(25));
            }
        }

        #[test]
        fn any_text(state in ".*", zip in ".*") {
            zone_of(&address(&state, &zip));
            QuietHours::parse(&zip);
        }
    }
}
