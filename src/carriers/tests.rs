use super::*;
use proptest::prelude::*;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

/// Names of published formats that poms has under another name or in several parts.
fn same(ours: &str, published: &str) -> bool {
    ours == published || (published == "S10" && ours.starts_with("S10"))
}

/// The shared folder with the published specifications; absent outside the house.
fn published() -> Option<PathBuf> {
    let beside = crate::golden::root().ancestors();
    std::env::var_os("POMS_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(beside.map(|dir| dir.join("shared")))
        .map(|dir| dir.join("specs/tracking/couriers"))
        .find(|dir| dir.is_dir())
}

fn texts<'a>(value: &'a Value, pointer: &str) -> Vec<&'a str> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn every_published_test_number_gives_its_carrier() {
    let Some(dir) = published() else {
        // past the harness, which shows nothing of a test that passes
        let what =
            "NOT RUN: the published test numbers: ../shared/specs/tracking is not beside the clone";
        let _ = writeln!(
            std::io::stderr(),
            "{what}; fixtures/carriers/numbers.csv is"
        );
        return;
    };
    let (mut valid, mut invalid, mut second) = (0, 0, Vec::new());
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        let spec: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for entry in spec["tracking_numbers"].as_array().unwrap() {
            let name = entry["name"].as_str().unwrap();
            for number in texts(entry, "/test_numbers/valid") {
                let found = recognise(number);
                let hit = found.iter().find(|m| same(m.format, name));
                let hit = hit.unwrap_or_else(|| panic!("{name}: {number}: {found:?}"));
                assert_ne!(hit.check, Check::Wrong, "{name}: {number}");
                let named = recognise_of(number, Some(hit.carrier));
                assert_eq!(named[0].carrier.code, hit.carrier.code, "{number}");
                if found[0].carrier.code != hit.carrier.code {
                    second.push(format!("{name} {number}: {}", found[0].format));
                }
                valid += 1;
            }
            for number in texts(entry, "/test_numbers/invalid") {
                let found = recognise(number);
                let hit = found.iter().find(|m| same(m.format, name));
                assert!(
                    hit.is_none_or(|m| m.check == Check::Wrong),
                    "{name}: {number} is listed as invalid: {found:?}"
                );
                invalid += 1;
            }
        }
    }
    assert!(
        valid > 120 && invalid > 60,
        "{valid} valid, {invalid} invalid"
    );
    println!("{valid} valid, {invalid} invalid; not first: {second:#?}");
    // Numbers that two carriers' rules allow; the carrier that the advice names decides.
    assert!(second.len() <= 2, "{second:#?}");
}

#[test]
fn own_numbers_give_their_carrier() {
    let table = include_str!("../../fixtures/carriers/numbers.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let (number, carrier, check) = (&row[0], &row[1], &row[2]);
        let found = recognise(number);
        let best = found.first().map(|m| (m.carrier.code, m.check));
        let expected = match check {
            "none" => Some((carrier, Check::None)),
            "valid" => Some((carrier, Check::Valid)),
            "wrong" => Some((carrier, Check::Wrong)),
            _ => None,
        };
        assert_eq!(best, expected, "{number}");
        rows += 1;
    }
    assert!(rows >= 20, "{rows} rows");
}

#[test]
fn registry_is_whole() {
    let formats: usize = CARRIERS.iter().map(|carrier| carrier.formats.len()).sum();
    assert_eq!(PATTERNS.len(), formats, "a pattern does not compile");
    for (place, carrier) in CARRIERS.iter().enumerate() {
        let others = || CARRIERS.iter().skip(place + 1);
        assert!(others().all(|other| other.code != carrier.code));
        assert_eq!(carrier_by_code(carrier.code).unwrap().code, carrier.code);
        assert_eq!(carrier_by_name(carrier.name).unwrap().code, carrier.code);
        for spelling in carrier.spellings {
            assert_eq!(
                carrier_by_name(spelling).unwrap().code,
                carrier.code,
                "{spelling}"
            );
        }
        if let Some(page) = carrier.tracking {
            assert!(
                page.starts_with("https://") && page.matches("{}").count() == 1,
                "{page}"
            );
        }
    }
}

#[test]
fn people_s_spellings() {
    let table = [
        ("UPS", "ups"),
        ("United Parcel", "ups"),
        ("U.P.S. Ground", "ups"),
        ("UPS®", "ups"),
        ("UPSGround", "ups"),
        ("ups_next_day_air", "ups"),
        ("UPS SurePost", "ups"),
        ("UPS Mail Innovations", "ups"),
        ("Shipped via UPS 2nd Day", "ups"),
        ("UPSN", "ups"),
        ("FedEx Ground", "fedex"),
        ("Fed Ex", "fedex"),
        ("FED-EX HOME DELIVERY", "fedex"),
        ("Federal Express", "fedex"),
        ("FDXG", "fedex"),
        ("fedex_smart_post", "fedex"),
        ("USPS Priority", "usps"),
        ("U.S. Mail", "usps"),
        ("US Postal Service", "usps"),
        ("Priority Mail", "usps"),
        ("First-Class Mail", "usps"),
        ("the post office", "usps"),
        ("DHL Express", "dhl"),
        ("DHL-eCommerce", "dhl"),
        ("OnTrac", "ontrac"),
        ("On Trac", "ontrac"),
        ("LaserShip", "lasership"),
        ("Laser Ship", "lasership"),
        ("Old Dominion Freight Line", "old_dominion"),
        ("ODFL", "old_dominion"),
        ("UPS Freight", "tforce"),
        ("Canada Post", "canada_post"),
        ("AMZL_US", "amazon"),
    ];
    for (text, code) in table {
        assert_eq!(carrier_by_name(text).map(|c| c.code), Some(code), "{text}");
    }
    for text in [
        "",
        "our own truck",
        "upside down",
        "groups",
        "customer pickup",
        "supply",
    ] {
        assert_eq!(carrier_by_name(text).map(|c| c.code), None, "{text}");
    }
}

#[test]
fn links_are_https_and_encoded() {
    let ups = carrier_by_code("ups").unwrap();
    let url = links::tracking_url(ups, "1Z 9\"><a href=x>&é#").unwrap();
    assert_eq!(
        url,
        "https://wwwapps.ups.com/WebTracking/track?track=yes&trackNums=1Z%209%22%3E%3Ca%20href%3Dx%3E%26%C3%A9%23"
    );
    let usps = recognise("420 10010 9400111206206406260787");
    assert_eq!(usps[0].number, "9400111206206406260787");
    assert!(
        usps[0]
            .tracking_url
            .as_deref()
            .unwrap()
            .ends_with("=9400111206206406260787")
    );
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,80}", digits in "[0-9 A-Z-]{0,45}") {
        recognise(&text);
        carrier_by_name(&text);
        for m in recognise(&digits) {
            prop_assert!(m.tracking_url.is_none_or(|url| url.starts_with("https://")));
        }
    }
}
