use crate::domain::codes::Code;
use crate::rules::testing::desk;

fn says(street1: &str, street2: &str, method: Option<&str>) -> Option<String> {
    let mut desk = desk();
    desk.order.ship_to.street1 = street1.to_owned();
    desk.order.ship_to.street2 = street2.to_owned();
    desk.order.shipping_method = method.map(str::to_owned);
    desk.says(Code::PoBox)
}

/// All of them PO boxes, or general delivery.
const BOXED: &[&str] = &[
    "PO Box 12",
    "P.O. Box 12",
    "p.o.box 12",
    "P.O.Box12",
    "POBox 12",
    "POB 12",
    "POB12",
    "P O Box 12",
    "P. O. Box 12",
    "P/O Box 12",
    "P-O Box 12",
    "Post Office Box 12",
    "post-office box twelve",
    "PO B 12",
    "P.O.B. 12",
    "P O B 12",
    "P.0. Box 12",
    "P0 B0X 12",
    "P 0 Box 12",
    "PO Box #12",
    "PO Bx 12",
    "PO Drawer 4",
    "PO 123",
    "P.O. 123",
    "Box 123",
    "BOX #123",
    "Box No. 7",
    "Box 12A",
    "Apartado 55",
    "Apartado Postal 55",
    "Apdo. 55",
    "Caller Service 8",
    "12 Main St, PO Box 9",
    "PO\u{a0}Box 9",
    "P.O. Box",
    "Postfach 1234",
    "po box 9, Main Street",
    "P.O.Drawer 7",
    "Post Office Drawer 7",
    "Drawer 12",
    "P.O. Bin 4",
    "GPO Box 12",
    "Post Off. Box 12",
    "Postoffice Box 12",
    "Post Box 44",
    "Lockbox 77",
    "Lock Box 77",
    "Apartado A\u{e9}reo 55",
    "Casilla 14",
    "Bo\u{ee}te Postale 9",
    "\u{ff30}\u{ff2f} \u{ff22}\u{ff4f}\u{ff58} \u{ff11}\u{ff12}",
    "P\u{200b}O Box 12",
    "B.O.X 12",
    "General Delivery",
    "P.O Box12",
    "PO Box12",
    "Post Office Box12A",
    "Box12",
    "P.\u{41e}. Box 12",
    "\u{420}\u{41e} \u{412}ox 12",
    "USPS General Delivery",
    "c/o Poste Restante",
    "US Post Office, General Delivery",
    "Lista de Correos",
    "12 Main St, no PO Box 9",
];

#[test]
fn the_many_spellings_fire() {
    for street in BOXED {
        assert!(says(street, "", None).is_some(), "{street}");
        assert!(says("12 Main St", street, None).is_some(), "{street}");
    }
}

#[test]
fn streets_do_not() {
    for street in [
        "Poplar Box Lane 3",
        "123 Box Elder Rd",
        "Boxwood",
        "12 Boxwood Ct",
        "PMB 123",
        "12 Main St PMB 44",
        "1 Post Office Sq",
        "9 Post Rd",
        "4 Po St",
        "Box Canyon Rd 7",
        "5 Pobanz Ave",
        "77 Apartado Way",
        "Unit 5 Boxwood",
        "12 Main St (no PO Box)",
        "No PO Box please",
        "Unit 12",
        "3 Box12 Rd",
        "RR 2 Box 152",
        "HC 68 Box 23A",
        "1 Lockbox Ln",
        "Box Hill 12 Long Lane",
        "49996 Gary Forks Apt. 388",
        "",
        "500 Caller Rd",
        "Box Elder St",
        "12 Post Box Lane",
        "44 Postbox Road",
        "Box 5 Rd",
        "Drawer Hill Rd",
        "18 Drawer 2",
        "Route 2 Box 14",
        "Star Route 3 Box 12",
        "HCR 64 Box 9",
        "12 General Delivery Way",
        "1 Lock St",
        "40 Casilla Dr",
        "300 Gen. Box Ave",
        "12 Boite St",
    ] {
        assert_eq!(says(street, "", None), None, "{street}");
    }
    assert_eq!(says("RR 2", "Box 152", None), None);
    assert_eq!(says("Route 9", "Box 4", None), None);
}

#[test]
fn boxes_in_the_wrong_field_are_seen() {
    for (name, city, fires) in [
        ("Ann Lee, PO Box 7", "Rolla", true),
        ("Ann Lee", "P.O. Box 7, Rolla", true),
        ("Ann Box", "Box Elder", false),
        ("Drawer & Bx 2", "Poboxley", false),
    ] {
        let mut desk = desk();
        desk.order.ship_to.name = name.to_owned();
        desk.order.ship_to.city = city.to_owned();
        assert_eq!(desk.says(Code::PoBox).is_some(), fires, "{name} {city}");
    }
}

#[test]
fn military_post_offices_are_for_the_post() {
    for (city, state, zip, method, fires) in [
        ("APO", "AE", "09012", Some("UPS Ground"), true),
        ("APO", "AE", "09012", Some("USPS Priority Mail"), false),
        ("FPO", "AP", "96349", Some("FedEx Home"), true),
        ("FPO", "AP", "96349", None, true),
        ("DPO", "AA", "34002", Some("UPS 2nd Day Air"), true),
        (
            "Wiesbaden",
            "Armed Forces Europe",
            "09096",
            Some("DHL"),
            true,
        ),
        ("APO AE", "NY", "10001", Some("UPS"), true),
        ("Wiesbaden", "FL", "34004", Some("UPS"), true),
        ("Apollo", "PA", "15613", Some("UPS"), false),
        ("Honolulu", "HI", "96813", Some("UPS"), false),
    ] {
        let mut desk = desk();
        let to = &mut desk.order.ship_to;
        (to.city, to.state, to.zip) = (city.to_owned(), state.to_owned(), zip.to_owned());
        desk.order.shipping_method = method.map(str::to_owned);
        assert_eq!(
            desk.says(Code::PoBox).is_some(),
            fires,
            "{city} {zip} {method:?}"
        );
    }
    let mut desk = desk();
    let to = &mut desk.order.ship_to;
    (to.street1, to.street2) = ("PSC 802 Box 74".to_owned(), String::new());
    (to.city, to.state, to.zip) = ("APO".to_owned(), "AE".to_owned(), "09499".to_owned());
    desk.order.shipping_method = Some("UPS Ground".to_owned());
    assert_eq!(
        desk.says(Code::PoBox).as_deref(),
        Some(
            "ship_to 'APO AE 09499' is a military address, where only the post delivers; \
             the shipping method is UPS Ground, only those with usps accept them"
        )
    );
}

#[test]
fn military_streets_in_a_civil_city_are_asked_about() {
    for street in [
        "PSC 3 Box 12",
        "CMR 12 Box 3",
        "Unit 2050 Box 4190",
        "psc 802, box 74",
        "PSC 3 Bx 12",
    ] {
        let said = says(street, "", Some("UPS Ground")).unwrap_or_default();
        assert!(said.contains("is a military address"), "{street}: {said}");
        assert_eq!(
            says(street, "", Some("USPS Priority Mail")),
            None,
            "{street}"
        );
    }
    assert!(says("PSC 3", "Box 12", None).is_some());
    assert_eq!(says("12 Main St", "Unit 2050 Box 4190", None), None);
}

#[test]
fn carriers_that_accept_them() {
    for (method, fires) in [
        (Some("USPS Priority Mail"), false),
        (Some("usps"), false),
        (Some("Ground (U.S.P.S.)"), false),
        (Some("UPS Ground"), true),
        (Some("NotUSPS"), true),
        (Some(""), true),
        (None, true),
    ] {
        assert_eq!(says("PO Box 1", "", method).is_some(), fires, "{method:?}");
    }
    let mut desk = desk();
    desk.order.ship_to.street2 = "PO Box 1".to_owned();
    desk.order.shipping_method = Some("UPS Ground".to_owned());
    assert_eq!(
        desk.says(Code::PoBox).as_deref(),
        Some(
            "ship_to.street2 'PO Box 1' is a PO box; the shipping method is UPS Ground, \
             only those with usps accept them"
        )
    );
    desk.set("po_box.accepted_by = ['first class', 'ups ground']");
    assert_eq!(desk.says(Code::PoBox), None);
    desk.set("po_box.accepted_by = []");
    assert!(desk.says(Code::PoBox).is_some());
}
