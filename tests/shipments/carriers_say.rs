//! What carriers write of a parcel that nobody told of before, to the purchase order's own address: goods left
//! only by their own whole sentences with nothing beside them that is not known.

use super::not_signed::written_by;

const SENDERS: [(&str, &str); 3] = [
    ("UPS <mcinfo@ups.com>", "{U}"),
    ("FedEx <TrackingUpdates@fedex.com>", "{F}"),
    ("USPS <auto-reply@usps.com>", "{P}"),
];

/// The text from each carrier, with a number of its own.
fn from_each(texts: &[&str]) -> Vec<(&'static str, String)> {
    let all = texts.iter().flat_map(|text| {
        SENDERS
            .iter()
            .map(move |(from, number)| (*from, format!("Tracking Number: {number}\n{text}\n")))
    });
    all.collect()
}

fn states(subject: &str, texts: &[&str]) -> (super::Dock, Vec<(String, String)>) {
    let all = from_each(texts);
    let borrowed: Vec<(&str, &str)> = all.iter().map(|(from, text)| (*from, &**text)).collect();
    let (dock, states) = written_by(subject, &borrowed);
    let told = all
        .into_iter()
        .map(|(from, text)| format!("{from}: {text}"));
    (dock, told.zip(states).collect())
}

#[test]
fn what_is_no_sentence_of_theirs_is_for_a_person() {
    let texts = [
        "Was your package picked up?",
        "Your package was not picked up today.",
        "In transit: false",
        "Still not on the way",
        "Your package is never on its way.",
        "Your parcel is on its way back",
        "On its way back to the shipper",
        "Shipped (cancelled)",
        "Your package has shipped, please disregard",
        "In transit. Recalled by sender.",
        "Out for delivery next Tuesday",
        "Picked up by someone else",
        "Your package could be on its way",
        "Once your package is on its way we will write again",
        "Your package should be on its way by now",
        "Your package is almost on its way",
        "On its way - on hold",
        "Status: In transit?",
        "Status: Not in transit",
        "Shipped: no",
        "Shipped: 06/03/2025 (planned)",
        "Shipped on: TBD",
        "Your package is on its way.\nPieces: 4",
        "Your package is on its way.\nTotal packages: 0",
        "Your package is on its way.\nShip To: Mary Jones, Akron, OH 44301",
        "Your package is on its way.\nShip from: Bayview Housewares\nReturn service: yes",
        "Your package is on its way.\nPO: W9999-1",
        "Your package is on its way.\nContents: none",
        "Your package is on its way.\nWeight: 0 LBS",
        "Package 2 of 2 is on its way.",
        "Your package is on its way to Dayton, OH",
        "Accepted at the wrong facility",
        "Pickup scheduled",
        "A different package is on its way",
        "Your package is on its way.\nThis is only a test.",
        "Your package is on its way.\nPlease ignore.",
        "Electronic information received",
        "Good news: nothing is on its way",
        "Estimated arrival: 06/06/2025",
        "",
    ];
    let (dock, all) = states("Update", &texts);
    let acted: Vec<_> = all.iter().filter(|(_, state)| state != "sent").collect();
    assert!(acted.is_empty(), "{acted:#?}");
    assert!(dock.open().len() >= all.len(), "{}", dock.open().len());
    dock.verify();
}

#[test]
fn a_title_alone_is_none_either() {
    for subject in [
        "UPS Ship Notification",
        "Your return is on its way",
        "Has it shipped?",
    ] {
        let texts = ["Your shipment is ready.", "Scheduled Delivery: 06/06/2025"];
        let (_, all) = states(subject, &texts);
        let acted: Vec<_> = all.iter().filter(|(_, state)| state != "sent").collect();
        assert!(acted.is_empty(), "{subject}: {acted:#?}");
    }
}

#[test]
fn their_own_sentences_are_enough() {
    let texts = [
        "Your package is on its way!",
        "Your shipment is in transit.",
        "Picked up",
        "Status: In Transit\nEstimated delivery: Friday, 06/06/2025 by 8:00 PM",
        "We have your package.",
        "Your item has shipped.",
        "Out for delivery today",
        "Hello, your package is on the way.",
        "Your package has been shipped.\nNumber of packages: 1\nWeight: 3 lbs\nShip To:\nCESAR BUSTOS\n49996 GARY FORKS APT 388\nSOUTH WILLIE, MO 65367",
    ];
    let (dock, all) = states("Update", &texts);
    let held: Vec<_> = all.iter().filter(|(_, state)| state != "shipped").collect();
    assert!(held.is_empty(), "{held:#?}");
    assert_eq!(dock.open(), Vec::<String>::new());
}

/// Passed on by the vendor, the carrier's mail is read the same way.
#[test]
fn passed_on_they_are_read_alike() {
    let mail = |text: &str| {
        format!(
            "---------- Forwarded message ---------\nFrom: UPS <pkginfo@ups.com>\nDate: Mon, Jun 2, 2025 at 9:00 AM\n\
             Subject: Update\nTo: <a@acme.example>\n\nTracking Number: {{U}}\n{text}\n"
        )
    };
    let wrong = [
        "Not in transit",
        "Your package will be on its way soon.",
        "Your package is on its way back to you.",
        "In transit\nCancelled by shipper",
        "Nothing was picked up",
        "Your package is on its way.\nReturn to: Acme",
    ];
    let right = ["Your package is on its way.", "Picked up"];
    let all: Vec<String> = wrong.iter().chain(&right).map(|text| mail(text)).collect();
    let from = "Ann <ann@home.example>";
    let all: Vec<(&str, &str)> = all.iter().map(|text| (from, &**text)).collect();
    let (_, states) = written_by("Fwd: Update", &all);
    let (held, gone) = states.split_at(wrong.len());
    assert!(held.iter().all(|state| state == "sent"), "{held:?}");
    assert!(gone.iter().all(|state| state == "shipped"), "{gone:?}");
}
