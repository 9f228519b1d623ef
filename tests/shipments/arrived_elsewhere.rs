//! A carrier's word that a parcel arrived, at another place or with somebody else than the purchase order
//! says, or not as it left: a person reads it. A signer whom nobody knows may be a neighbour.

use super::notices::{shipped, state, writes};
use super::{Dock, T1};

#[test]
fn another_place_or_person_is_trouble() {
    let all = [
        ("Delivered", "Delivered to: John Smith, Dayton OH"),
        ("Delivered", "Delivered To: JOHN SMITH"),
        ("Delivered", "Delivered\nCity: Dayton\nState: OH"),
        ("Delivered", "Delivered. Location: DAYTON, OH, US"),
        ("Delivered", "Delivered\nZIP: 45402"),
        ("Delivered", "Delivered\nLocation: TORONTO, ON, CA"),
        ("Delivered", "Delivered\nCountry: Canada"),
        (
            "Delivered",
            "Delivered To:\nJOHN SMITH\n12 MAIN ST\nDAYTON, OH 45402\nUS",
        ),
        (
            "Your package has been delivered",
            "Delivered on 06/05/2025 in Dayton, OH 45402",
        ),
        ("Delivered", "Delivered: 06/05/2025\nSigned by: SHIPPER"),
        (
            "Delivered",
            "Delivered: 06/05/2025\nReceived By: RETURNS DEPT",
        ),
        ("Delivered", "Delivered: 06/05/2025\nLeft at: Shipper"),
        ("Delivered", "Delivered: 06/05/2025\nEmpty box was received"),
        ("Delivered", "Delivered; package opened"),
        ("Delivered", "Delivered. The seal was broken."),
        ("Delivered", "Delivered. Partial contents."),
        ("Delivered", "Delivered. Customs duty of $45.00 is unpaid."),
        ("Delivered", "Delivered. Import charges are due."),
        ("Delivered", "Delivered: 06/05/2025\nPostage due: $3.20"),
    ];
    for direct in [true, false] {
        let dock = shipped();
        for (subject, text) in all {
            writes(&dock, direct, subject, text);
            assert_eq!(
                dock.open(),
                ["parcel_trouble"],
                "{direct} {subject}: {text}"
            );
            assert_eq!(state(&dock), "shipped", "{subject}: {text}");
            dock.resolve("parcel_trouble", &["--dismiss"]);
        }
        dock.verify();
    }
}

#[test]
fn its_own_place_a_signer_or_none_is_a_delivery() {
    for (subject, text) in [
        ("Delivered", "Delivered To: CESAR BUSTOS"),
        ("Delivered", "Delivered to: C Bustos, South Willie MO"),
        ("Delivered", "Delivered. Location: SOUTH WILLIE, MO, US"),
        (
            "Delivered",
            "Delivered\nCity: S. Willie\nState: Missouri\nCountry: USA",
        ),
        (
            "Delivered",
            "Delivered To:\nCESAR BUSTOS\n49996 GARY FORKS APT 388\nSOUTH WILLIE, MO 653671234\nUS",
        ),
        // another name of the city of that ZIP
        ("Delivered", "Delivered\nLocation: WILLIEVILLE, MO 65367"),
        ("Delivered", "Delivered: 06/05/2025\nSigned by: M JONES"),
        ("Delivered", "Delivered: 06/05/2025\nReceived By: JONES"),
        ("Delivered", "Delivered To: Front Door"),
        ("Delivered", "Delivered to: Residence"),
        ("Delivered", "Delivered To: Receptionist"),
        ("Delivered", "Delivered\nLocation: Front Porch"),
        ("Delivered", "Delivered: 06/05/2025\nLeft at: Garage"),
        (
            "Delivered",
            "Delivered: 06/05/2025\nDuties and taxes may be due for parcels from abroad.",
        ),
        ("UPS Update: Package Delivered", "Left At: Front Door"),
    ] {
        let dock = shipped();
        writes(&dock, true, subject, text);
        assert_eq!(state(&dock), "delivered", "{text}: {:?}", dock.open());
        dock.verify();
    }
}

/// What leaves for somebody else, as the first that is heard of it.
#[test]
fn a_shipment_to_somebody_else_is_none_of_ours() {
    for (text, acts) in [
        (
            "Your package is on its way.\nScheduled Delivery: 06/09/2025\nShip To: John Smith, Dayton OH",
            false,
        ),
        (
            "Your package is on its way.\nShip To: Cesar Bustos, South Willie MO",
            true,
        ),
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        writes(&dock, false, "UPS Ship Notification", text);
        let wanted = if acts { "shipped" } else { "sent" };
        assert_eq!(dock.po_state("W1-1"), wanted, "{text} {T1}");
        assert_eq!(dock.open().is_empty(), acts, "{text}");
    }
}
