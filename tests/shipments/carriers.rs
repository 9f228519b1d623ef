//! Carriers' notifications as vendors hand them on, through the whole house.

use super::Dock;
use serde_json::{Value, json};

const NUMBER: &str = "1Z5R89390357567127";

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/advices/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// A site with an order of one piece, as the fixtures name it.
fn site() -> Dock {
    let dock = Dock::tokens();
    dock.order("W200001", &[("BF63-12163", 1)]);
    dock
}

/// Puts a mail into the vendors' mailbox, to an address, with a header above it.
fn hand_on(dock: &Dock, mail: &str, to: &str, above: &str) {
    let number = dock.mails.get() + 1;
    dock.mails.set(number);
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let kept = head
        .lines()
        .filter(|line| !line.starts_with("To:"))
        .collect::<Vec<_>>();
    let text = format!("{above}To: {to}\r\n{}\r\n\r\n{body}", kept.join("\r\n"));
    dock.desk
        .file(&format!("mail/vendors/new/{number:06}.v"), text.as_bytes());
}

fn parcels(dock: &Dock) -> Vec<Value> {
    let story = dock.show("W200001");
    let shipments = story["shipments"].as_array().unwrap().iter();
    let parcels = shipments.flat_map(|one| one["parcels"].as_array().unwrap().clone());
    parcels.collect()
}

const DKIM: &str = "Authentication-Results: mx.shop.example; dkim=pass header.d=acme.example\r\n";

#[test]
fn forwarded_in_every_way_it_is_read_once() {
    for name in ["ups-mail/fwd-outlook-ups.eml", "ups-mail/fwd-gmail-ups.eml"] {
        let dock = site();
        hand_on(&dock, &fixture(name), "orders@shop.example", DKIM);
        dock.run();
        assert_eq!(
            dock.po_state("W200001-1"),
            "shipped",
            "{name}: {:?}",
            dock.open()
        );
        assert_eq!(parcels(&dock)[0]["tracking_number"], NUMBER, "{name}");
    }
    // attached whole, to the purchase order's own address; then pasted as well
    let dock = site();
    let to = dock.reply_address("W200001-1");
    let inner = fixture("ups-mail/ups-on-the-way.eml");
    let outer = format!(
        "From: Ann <ann@home.example>\r\nSubject: FW: UPS\r\nMessage-ID: <w@home.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"=_o\"\r\n\r\n--=_o\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n\
         --=_o\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"UPS.eml\"\r\n\r\n{inner}\r\n--=_o--\r\n"
    );
    hand_on(&dock, &outer, &to, "");
    dock.run();
    assert_eq!(dock.po_state("W200001-1"), "shipped", "{:?}", dock.open());
    hand_on(&dock, &fixture("ups-mail/fwd-gmail-ups.eml"), &to, "");
    dock.run();
    assert_eq!(parcels(&dock).len(), 1);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

/// "May or may not have actually been tendered": what UPS writes of a label, to whomever it is.
#[test]
fn a_notice_of_what_was_transmitted_is_no_shipment() {
    let dock = site();
    let mail = fixture("ups-mail/ups-quantum-view.eml");
    let mail = mail
        .replace("W200001-1", "INV-99")
        .replace("pkginfo@ups.com", "ship@acme.example");
    hand_on(&dock, &mail, "orders@shop.example", DKIM);
    dock.run();
    assert_eq!(dock.po_state("W200001-1"), "sent");
    assert_eq!(dock.open(), ["advice_unclear"]);
    assert_eq!(parcels(&dock), Vec::<Value>::new());
    dock.verify();
}

#[test]
fn a_voided_label_and_words_of_the_future_are_no_shipment() {
    let dock = site();
    let void = fixture("ups-mail/ups-void.eml");
    let void = void.replace("UPS <pkginfo@ups.com>", "Ann <ann@acme.example>");
    let void = void.replace(
        "7bit\r\n\r\n",
        "7bit\r\n\r\nFrom: UPS <pkginfo@ups.com>\r\n",
    );
    hand_on(&dock, &void, "orders@shop.example", DKIM);
    dock.run();
    assert_eq!(dock.po_state("W200001-1"), "sent");
    assert_eq!(dock.open().len(), 1);
    let text = "We will ship W200001-1 by UPS tomorrow, tracking to follow.\n";
    dock.acme("Shipment notice", text);
    dock.run();
    assert!(matches!(
        dock.po_state("W200001-1").as_str(),
        "sent" | "acknowledged"
    ));
    assert_eq!(parcels(&dock), Vec::<Value>::new());
    dock.verify();
}

/// No key, no table, and the purchase order named in the words alone.
#[test]
fn a_sentence_is_enough() {
    let dock = site();
    let text = format!("Your PO W200001-1 left today with UPS Ground {NUMBER}.\n");
    dock.acme("Shipment notice", &text);
    dock.run();
    assert_eq!(dock.po_state("W200001-1"), "shipped", "{:?}", dock.open());
    assert_eq!(parcels(&dock)[0]["carrier"], json!("ups"));
}

/// What the vendor writes above the carrier's mail is the vendor's, and is not passed over.
#[test]
fn words_above_a_forwarded_mail() {
    for (words, person) in [
        ("FYI, tracking for W200001-1 below.", false),
        ("The kettle is discontinued.", true),
    ] {
        let dock = site();
        let text = format!(
            "{words}\n\n---------- Forwarded message ---------\nFrom: UPS <pkginfo@ups.com>\n\
             Date: Mon, Jun 2, 2025 at 9:00 AM\nSubject: UPS Ship Notification\nTo: <a@acme.example>\n\n\
             Your package is on the way.\nTracking Number: {NUMBER}\nReference Number 1: W200001-1\n"
        );
        dock.acme("Fwd: UPS Ship Notification", &text);
        dock.run();
        // words that are not understood may take back what stands below them
        let state = if person { "sent" } else { "shipped" };
        assert_eq!(dock.po_state("W200001-1"), state, "{:?}", dock.open());
        let asked = dock.open() == ["vendor_mail"];
        assert_eq!(asked, person, "{words}: {:?}", dock.open());
    }
}

#[test]
fn a_label_is_no_parcel() {
    for words in [
        "A shipping label has been created.",
        "Your return label is ready.",
        "We have not yet received the package.",
    ] {
        let dock = site();
        let to = dock.reply_address("W200001-1");
        let mail = format!(
            "From: UPS <mcinfo@ups.com>\r\nSubject: UPS\r\nDate: Mon, 02 Jun 2025 10:00:00 +0000\r\n\
             Message-ID: <label@ups.example>\r\n\r\nTracking Number: {NUMBER}\r\n{words}\r\n"
        );
        hand_on(&dock, &mail, &to, "");
        dock.run();
        assert_eq!(dock.po_state("W200001-1"), "sent", "{words}");
        assert_eq!(dock.open().len(), 1, "{words}");
    }
}
