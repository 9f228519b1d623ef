use super::*;
use proptest::prelude::*;

fn question() -> Question {
    let address = |zip: &str, state: &str, city: &str| Address {
        zip: zip.to_owned(),
        state: state.to_owned(),
        city: city.to_owned(),
        ..Address::default()
    };
    Question {
        origin: address("11023-0001", "NY", "GREAT NECK"),
        destination: address("03104", "New Hampshire", ""),
        service: Service::Ground,
        ship_day: "2025-10-14".parse().unwrap(),
    }
}

fn of(text: &str) -> Result<NaiveDate, UpsFault> {
    super::super::client::of_body(text.as_bytes()).and_then(|answer| read(&question(), answer))
}

fn services(rows: &[(&str, &str, &str)]) -> String {
    let rows: Vec<Value> = rows
        .iter()
        .map(|(level, words, day)| {
            json!({"serviceLevel": level, "serviceLevelDescription": words, "deliveryDate": day})
        })
        .collect();
    json!({"emsResponse": {"services": rows}, "validationList": null}).to_string()
}

/// Empty fields are left out and numbers are numbers: a strict server refuses anything else.
#[test]
fn the_request_has_what_the_specification_wants() {
    let body = request(&question());
    let wanted = json!({
        "originCountryCode": "US", "destinationCountryCode": "US", "residentialIndicator": "01",
        "shipDate": "2025-10-14", "avvFlag": true, "numberOfPackages": 1,
        "originPostalCode": "11023", "originStateProvince": "NY", "originCityName": "GREAT NECK",
        "destinationPostalCode": "03104",
    });
    assert_eq!(body, wanted);
}

#[test]
fn the_wanted_service_is_taken_by_code_then_by_words() {
    let early = ("1DMS", "UPS Next Day Air® Early", "2025-10-15");
    for (rows, day) in [
        (
            vec![early, ("GND", "UPS Ground", "2025-10-17")],
            Some("2025-10-17"),
        ),
        (
            vec![early, (" GND ", "x", "2025-10-17")],
            Some("2025-10-17"),
        ),
        (
            vec![early, ("G", "UPS® Ground", "2025-10-17")],
            Some("2025-10-17"),
        ),
        (vec![early], None),
        (vec![("GND", "", "17.10.2025")], None),
        (vec![("GND", "", "2025-10-13")], None), // before it leaves
        (vec![("GND", "", "2026-10-17")], None), // a year later
    ] {
        let said = of(&services(&rows)).ok();
        assert_eq!(said, day.map(|day| day.parse().unwrap()), "{rows:?}");
    }
}

#[test]
fn refusals_in_a_body_of_success_are_named() {
    for (text, words) in [
        (
            r#"{"validationList":{"invalidFieldList":["ShipDate"],"invalidFieldListCodes":["1085"],"destinationAmbiguous":false,"originAmbiguous":false},"destinationPickList":null,"originPickList":null,"emsResponse":null}"#,
            "UPS refuses: ShipDate (1085)",
        ),
        (
            r#"{"destinationPickList":[{"postalCode":"1"}]}"#,
            "UPS refuses: the customer's address is ambiguous",
        ),
        (
            r#"{"originPickList":[{"postalCode":"1"}]}"#,
            "UPS refuses: the vendor's address is ambiguous",
        ),
        (
            "{}",
            "UPS' answer makes no sense: it has neither services nor a reason",
        ),
    ] {
        assert_eq!(of(text).unwrap_err().to_string(), words);
    }
}

proptest! {
    /// Bytes cut, doubled and changed: an answer or a fault, never a panic.
    #[test]
    fn any_answer(at in 0_usize..400, noise in prop::collection::vec(any::<u8>(), 0..12), cut in any::<bool>()) {
        let whole = services(&[("GND", "UPS Ground", "2025-10-17")]).into_bytes();
        let at = at.min(whole.len());
        let mut bytes = whole[..at].to_vec();
        bytes.extend(&noise);
        if !cut {
            bytes.extend(&whole[at..]);
        }
        let answer = super::super::client::of_body::<UpsTransitAnswer>(&bytes);
        if let Ok(answer) = answer {
            let clearer = settled(&question(), &answer);
            prop_assert!(clearer.is_none_or(|other| other != question()));
            if let Ok(day) = read(&question(), answer) {
                prop_assert!(day >= question().ship_day);
            }
        }
    }

    /// JSON of any shape in every place that is looked at.
    #[test]
    fn any_json(text in ".{0,40}", number in any::<i64>(), place in 0_usize..7, kind in 0_usize..5) {
        let value = [json!(text), json!(number), json!(null), json!([text]), json!({"code": text})][kind].clone();
        let body = [
            json!({"emsResponse": value}),
            json!({"emsResponse": {"services": value}}),
            json!({"emsResponse": {"services": [{"serviceLevel": "GND", "deliveryDate": value}]}}),
            json!({"emsResponse": {"services": [{"serviceLevelDescription": value}]}}),
            json!({"validationList": {"invalidFieldList": value, "invalidFieldListCodes": value}}),
            json!({"destinationPickList": [{"postalCode": value, "city": value}]}),
            json!({"originPickList": value}),
        ][place].to_string();
        if let Err(fault) = of(&body) {
            prop_assert!(fault.to_string().len() < 1000);
        }
    }
}
