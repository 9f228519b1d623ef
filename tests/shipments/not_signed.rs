//! What stands below the words is a signature only where it can be told for one.

use super::Dock;
use super::voices::filled;

fn written(texts: &[&str]) -> (Dock, Vec<String>) {
    let dock = Dock::tokens();
    for place in 0..texts.len() {
        dock.order(&format!("W{}", place + 1000), &[("BF63-12163", 1)]);
    }
    dock.run();
    for (place, text) in texts.iter().enumerate() {
        let to = dock.reply_address(&format!("W{}-1", place + 1000));
        dock.mail_to(&to, "Re: your order", &filled(text, place), None);
    }
    dock.run();
    let states = (0..texts.len()).map(|place| dock.po_state(&format!("W{}-1", place + 1000)));
    let states = states.collect();
    (dock, states)
}

#[test]
fn a_last_line_that_is_no_name_is_for_a_person() {
    let texts = [
        "Tracking number: {U}\nUnshipped",
        "Tracking number: {U}\nStorniert",
        "Tracking number: {U}\nPlanned",
        "Tracking number: {U}\nDraft",
        "Tracking number: {U}\nSample",
        "Tracking number: {U}\nTest",
        "Tracking number: {U}\nAlert",
        "Tracking number: {U}\nShipment information received",
        "Shipped today. UPS {U}\n\nOops",
        "Shipped today. UPS {U}\n\nTwo Boxes",
        "Shipped today. UPS {U}\n\nSee Next Mail",
        "Shipped today. UPS {U}\n\nFor Bayview Corp",
        "Shipped today. UPS {U}\n\nBayview Corp\nDayton OH",
        "Shipped today. UPS {U}\n\nJohn Smith\n44 Oak Street\nDayton, OH 45402",
        "Confirmed.\n\nDraft",
        "Confirmed.\n\nPrepayment Required\nBob Miller\nAcme Home Goods\n(503) 555-0100",
    ];
    let (dock, states) = written(&texts);
    for (text, state) in texts.iter().zip(states) {
        assert_eq!(state, "sent", "{text}");
    }
    assert!(dock.open().len() >= texts.len(), "{:?}", dock.open());
    dock.verify();
}

#[test]
fn people_and_their_firm_sign() {
    let texts = [
        "Shipped today. UPS {U}\n\nBob",
        "Shipped today. UPS {U}\n\nBob Miller\nAcme Home Goods",
        "Shipped today. UPS {U}\n\nBob Miller\nShipping Department\nAcme Home Goods, Inc.\n(503) 555-0100",
        "Shipped today. UPS {U}\n\nAcme Home Goods\n12 Main St, Portland ME 04101\nPhone: 207-555-0142",
        "Tracking number: {U}\nAcme Home Goods",
        "Shipped today. UPS {U}\n\nBob Miller | Acme Home Goods",
        "Confirmed.\n\nBob Miller\nAcme Home Goods\n1200 Ridge Rd, Bend, OR 97701\n(503) 555-0100",
        "Confirmed.\n\nThe Acme Team",
    ];
    let (dock, states) = written(&texts);
    for (text, state) in texts.iter().zip(states) {
        assert_ne!(state, "sent", "{text}: {:?}", dock.open());
    }
    assert_eq!(dock.open(), Vec::<String>::new());
}
