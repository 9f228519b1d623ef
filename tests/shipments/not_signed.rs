//! What stands below the words is a signature only where it can be told for one.

use super::Dock;
use super::voices::filled;
use crate::support::desk::TestDesk;
use serde_json::json;

/// A purchase order of one lamp for each text, which somebody writes to its own address: the state of each.
pub(super) fn written(texts: &[&str]) -> (Dock, Vec<String>) {
    let texts = texts
        .iter()
        .map(|text| ("Somebody <x@mail.example>", *text));
    written_by("Re: your order", &texts.collect::<Vec<_>>())
}

/// The same, each from its own sender.
pub(super) fn written_by(subject: &str, texts: &[(&str, &str)]) -> (Dock, Vec<String>) {
    let dock = Dock::tokens();
    for place in 0..texts.len() {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        let line = json!({"sku": "BF63-12163", "qty": 1, "unit_price": "108.23"});
        order["lines"] = json!([line]);
        order["total"] = json!("108.23");
        order["customer"]["email"] = json!(format!("w{place}@mail.example"));
        dock.desk.order(&order);
    }
    dock.run();
    for (place, (from, text)) in texts.iter().enumerate() {
        let to = dock.reply_address(&format!("W{}-1", place + 1000));
        dock.mail_to(&to, subject, &filled(text, place), None);
        dock.last_mail(|mail| mail.replace("Somebody <x@mail.example>", from));
    }
    dock.run();
    let states = (0..texts.len()).map(|place| dock.po_state(&format!("W{}-1", place + 1000)));
    let states = states.collect();
    (dock, states)
}

/// Nothing is done by any of these, and a person is told of each.
pub(super) fn all_are_for_a_person(texts: &[&str]) {
    let (dock, states) = written(texts);
    let acted = texts
        .iter()
        .zip(&states)
        .filter(|(_, state)| *state != "sent");
    assert_eq!(acted.collect::<Vec<_>>(), [], "acted on");
    assert!(dock.open().len() >= texts.len(), "{:?}", dock.open());
    dock.verify();
}

/// Each of these is acted on by itself, and nobody is asked.
pub(super) fn none_is_for_a_person(texts: &[&str], state: &str) {
    let (dock, states) = written(texts);
    let held = texts.iter().zip(&states).filter(|(_, is)| *is != state);
    let held: Vec<_> = held.collect();
    let list = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
    assert_eq!(held, [], "{list:#}");
    assert_eq!(dock.open(), Vec::<String>::new(), "{list:#}");
}

#[test]
fn a_last_line_that_is_no_name_is_for_a_person() {
    all_are_for_a_person(&[
        "Tracking number: {U}\nUnshipped",
        "Tracking number: {U}\nStorniert",
        "Tracking number: {U}\nPlanned",
        "Tracking number: {U}\nDraft",
        "Tracking number: {U}\nSample",
        "Tracking number: {U}\nTest",
        "Tracking number: {U}\nAlert",
        "Tracking number: {U}\nShipment information received",
        "Tracking number: {U}\nProforma",
        "Tracking number: {U}\nAnnulé",
        "Tracking number: {U}\nOrder Processing",
        "Tracking number: {U}\nManifest Only",
        "Shipped today. UPS {U}\n\nOops",
        "Shipped today. UPS {U}\n\nTwo Boxes",
        "Shipped today. UPS {U}\n\nSee Next Mail",
        "Shipped today. UPS {U}\n\nFor Bayview Corp",
        "Shipped today. UPS {U}\n\nBayview Corp\nDayton OH",
        "Shipped today. UPS {U}\n\nJohn Smith\n44 Oak Street\nDayton, OH 45402",
        "Shipped today. UPS {U}\n\nWrong Customer",
        "Shipped today. UPS {U}\n\nOrchard Lane Interiors\n9 Mill Road\nAkron, OH 44301",
        "Shipped today. UPS {U}\n\nTomorrow Maybe",
        "Shipped today. UPS {U}\n\n$45.00",
        "Shipped today. UPS {U}\n\n0 / 1",
        "Shipped today. UPS {U}\n\nGoods Shipping",
        "Shipped today. UPS {U}\n\nMark Void",
        "Confirmed.\n\nDraft",
        "Confirmed.\n\nShips January 2027",
        "Confirmed. Ships 2028.",
        "Confirmed. Available February 2027",
        "Confirmed.\n\nSubject To Stock",
        "Confirmed.\n\nDeposit First\nAnn Kerr\nAcme Home Goods",
        "Confirmed.\n\nPrepayment Required\nBob Miller\nAcme Home Goods\n(503) 555-0100",
        "Acknowledged.\n\nQuote Only",
        "We cannot ship this order.\n\nJoke",
    ]);
}

#[test]
fn people_and_their_firm_sign() {
    none_is_for_a_person(
        &[
            "Shipped today. UPS {U}\n\nBob",
            "Shipped today. UPS {U}\n\nBob Miller\nAcme Home Goods",
            "Shipped today. UPS {U}\n\nBob Miller\nShipping Department\nAcme Home Goods, Inc.\n(503) 555-0100",
            "Shipped today. UPS {U}\n\nAcme Home Goods\n12 Main St, Portland ME 04101\nPhone: 207-555-0142",
            "Tracking number: {U}\nAcme Home Goods",
            "Shipped today. UPS {U}\n\nBob Miller | Acme Home Goods",
            "Shipped today. UPS {U}\n\nMarcy Lund\nSales\nP. (406) 555-0100 / Follow us on Facebook and Instagram",
            "Shipped today. UPS {U}\n\nDeepa Rao\nAcme Home Goods\nOffice hours: Mon-Fri 8-5 MT\n(503) 555-0100",
        ],
        "shipped",
    );
    none_is_for_a_person(
        &[
            "Confirmed.\n\nBob Miller\nAcme Home Goods\n1200 Ridge Rd, Bend, OR 97701\n(503) 555-0100",
            "Confirmed.\n\nThe Acme Team",
            "Confirmed.\n\nM. Okafor\nOrder Desk",
            "Acknowledged.\n\nJuanita Perez\nCustomer Service",
        ],
        "acknowledged",
    );
}
