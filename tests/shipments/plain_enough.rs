//! Plain good mails that once cost a person a look.

use super::Dock;
use super::T1;
use super::not_signed::none_is_for_a_person;

#[test]
fn shipments() {
    none_is_for_a_person(
        &[
            "Tracking # {U} for your PO {po}.",
            "Your shipment is on its way. UPS tracking number {U}. Expected delivery 06/05/2025.",
            "Shipped today, UPS {U}. It should arrive by Friday.",
            "Shipped today - 1 box, 2 lb, UPS Ground, {U}",
            "Shipped 1 carton, 9.5 lbs, tracking {U}",
            "Tracking info:\nUPS Ground\n{U}\nShip date 6/2/25",
            "Your order is on its way! Track it here: https://www.ups.com/track?tracknum={U}",
            "PO: {po}\nItem: BF63-12163 Brass Floor Lamp\nQty: 1\nTracking: {U}",
        ],
        "shipped",
    );
}

#[test]
fn answers() {
    none_is_for_a_person(
        &[
            "Confirmed. ETA 6/6.",
            "Confirmed.\nEstimated delivery: June 6, 2025",
            "Accepted, thank you. It should arrive by Friday.",
            "We'll ship this Friday, June 6.",
            "Will ship this Thursday, 6/5.",
        ],
        "acknowledged",
    );
}

/// A day of arrival that is far off, or is none, is for a person.
#[test]
fn odd_days_of_arrival() {
    super::not_signed::all_are_for_a_person(&[
        "Confirmed. ETA 8/6.",
        "Confirmed. ETA next month.",
        "Confirmed. ETA 6/6 or 6/20.",
        "Confirmed. ETA 6/6 if stock arrives.",
        "Shipped today, UPS {U}. Expected delivery 09/05/2025.",
        "Will ship this Friday, June 5.",
        "Track your orders here: https://www.ups.com/track?tracknum={U}",
        "Not shipped yet. You can track it here later: https://www.ups.com/track?tracknum={U}",
    ]);
}

#[test]
fn courtesies_after_all_is_said() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, "Re: it", "Confirmed.", None);
    dock.run();
    for text in [
        "No problem.",
        "You're welcome.",
        "You are most welcome!",
        "Any time.",
    ] {
        dock.mail_to(&to, "Re: it", text, None);
        dock.run();
        assert_eq!(dock.open(), Vec::<String>::new(), "{text}");
    }
    dock.mail_to(&to, "Re: it", &format!("Shipped today. UPS {T1}."), None);
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "shipped");
    for text in [
        "You're welcome.",
        "Have a great day!",
        "Have a wonderful weekend!",
        "Invoice attached.",
        "Thanks, Bob",
        "Enjoy your week!",
    ] {
        dock.mail_to(&to, "Re: it", text, None);
        dock.run();
        assert_eq!(dock.open(), Vec::<String>::new(), "{text}");
    }
}
