use super::*;

/// A Wednesday, and a sign for a day.
const TODAY: &str = "2025-12-03";
const D: char = '\u{F0016}';

fn says(text: &str, days: &[&str]) -> Option<Underway> {
    let days: Vec<Option<NaiveDate>> = days.iter().map(|day| day.parse().ok()).collect();
    read(
        &text.replace("DAY", &D.to_string()),
        &days,
        TODAY.parse().unwrap(),
    )
}

fn quiet(accepted: bool) -> Option<Underway> {
    Some(Underway {
        accepted,
        leaves: false,
    })
}

#[test]
fn what_is_under_way_and_what_only_came() {
    for text in [
        "your order is being processed",
        "order received and being processed",
        "we re on it",
        "we will take care of it right away",
        "it has been released to our warehouse for shipment",
        "we ve got your po and are working on it now",
        "your order has been accepted and sent to our warehouse for fulfilment",
        "it has been entered in our system under sales order 220417",
        "thanks got it will ship soon",
        "everything is in stock and will go out shortly",
        "we have it in stock and it ll go out right away",
        "this one is in the queue",
    ] {
        assert_eq!(says(text, &[]), quiet(true), "{text}");
    }
    for text in [
        "thanks",
        "received",
        "got it",
        "we have received your order",
        "po received",
        "this e mail confirms that we have received your order",
        "once shipped you will receive tracking",
        "tracking will follow when it ships",
    ] {
        assert_eq!(says(text, &[]), quiet(false), "{text}");
    }
}

#[test]
fn the_day_on_which_it_leaves() {
    for (text, day) in [
        ("should be on the truck DAY", "2025-12-04"),
        (
            "processing this now should be on the truck DAY",
            "2025-12-04",
        ),
        (
            "it has been entered and is scheduled to ship on DAY",
            "2025-12-22",
        ),
        ("estimated ship date is DAY", "2025-12-10"),
        (
            "we will ship it by C on DAY".replace('C', "ups").as_str(),
            "2025-12-05",
        ),
        ("your order will ship on or before DAY", "2025-12-12"),
        ("got it going out DAY", "2025-12-04"),
    ] {
        let leaves = Some(Underway {
            accepted: true,
            leaves: true,
        });
        assert_eq!(says(text, &[day]), leaves, "{text}");
    }
    // a day that is past, and one that is none
    assert_eq!(says("should be on the truck DAY", &["2025-12-01"]), None);
    assert_eq!(says("will ship DAY", &["soon"]), None);
    assert_eq!(
        says("will ship DAY or DAY", &["2025-12-04", "2025-12-12"]),
        None
    );
    assert_eq!(says("it was received DAY", &["2025-12-01"]), quiet(false));
}

#[test]
fn what_fits_no_shape() {
    for text in [
        "we are waiting for payment",
        "your order is on hold",
        "we will ship it if it is in stock",
        "we will ship to your warehouse",
        "it is being reviewed by credit",
        "we have it in black",
        "your order is being processed for cancellation",
        "we will ship part of it",
        "ticket N has been created",
        "i ll get this confirmed tomorrow",
        "no backorder",
        "it is being processed by our other warehouse",
        "we will be processing your return",
        "it is being shipped back to us",
        "we will have it in stock",
        "it will be in our warehouse soon",
        "our warehouse is closed",
        "your order was placed with our supplier",
        "it is queued for approval",
        "we will process it unless we hear from you",
        "it was entered and cancelled",
        "we will send the invoice soon",
        "will be sent to our warehouse",
        "it will be out of stock soon",
        "on it was it shipped",
        "will will ship ship",
        "the order is is being processed",
        "we we are on it",
    ] {
        assert_eq!(says(text, &[]), None, "{text}");
    }
}
