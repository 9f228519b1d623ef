//! What a vendor encloses beside words that act: texts and mails are read like the words, and names of files that
//! nobody reads say enough to stop the mail.

use super::Dock;
use super::voices::ups;
use crate::support::desk::TestDesk;

/// What is enclosed: its name, its type, its content.
type Enclosed = (&'static str, &'static str, &'static str);

/// One purchase order of one lamp for each mail: its state afterwards, and how many questions its mail made.
fn heard(mails: &[(&str, Enclosed)]) -> Vec<(String, usize)> {
    let dock = Dock::new();
    for place in 0..mails.len() {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        order["lines"] =
            serde_json::json!([{"sku": "BF63-12163", "qty": 1, "unit_price": "108.23"}]);
        order["total"] = "108.23".into();
        order["customer"]["email"] = format!("w{place}@mail.example").into();
        dock.desk.order(&order);
    }
    dock.run();
    for (place, (words, (name, mime, content))) in mails.iter().enumerate() {
        let fill = |text: &str| text.replace("{U}", &ups(place)).replace('\n', "\r\n");
        let (words, content) = (fill(words), fill(content));
        dock.acme(&format!("Re: Purchase order W{}-1", place + 1000), "-");
        dock.last_mail(|mail| {
            let (head, _) = mail.split_once("Content-Type:").unwrap();
            format!(
                "{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{words}\r\n\
                 --b\r\nContent-Type: {mime}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n\
                 {content}\r\n--b--\r\n"
            )
        });
    }
    dock.run();
    dock.verify();
    let list = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
    let rows = list["exceptions"].as_array().unwrap();
    (0..mails.len())
        .map(|place| {
            let order = format!("W{}", place + 1000);
            let of = rows.iter().filter(|row| row["order"] == order.as_str());
            (dock.po_state(&format!("{order}-1")), of.count())
        })
        .collect()
}

const SHIPPED: &str = "Shipped today, UPS {U}.";

const fn pdf(name: &'static str) -> Enclosed {
    (name, "application/pdf", "%PDF-1.4 x")
}

const fn note(text: &'static str) -> Enclosed {
    ("note.txt", "text/plain", text)
}

const fn inner(text: &'static str) -> Enclosed {
    ("message.eml", "application/octet-stream", text)
}

const STOPS: &[(&str, Enclosed)] = &[
    ("Confirmed.", note("Ships in January only.")),
    ("Confirmed.", note("We can not fill this.")),
    ("Confirmed.", note("Order cancelled.")),
    ("Confirmed.", note("ships 8/1")),
    (SHIPPED, note("Do not tell the customer yet, label only.")),
    (SHIPPED, note("That number is void.")),
    (
        "Will ship tomorrow.",
        note("tomorrow = when the container lands"),
    ),
    ("Thanks!", note("We can not fill W1000-1.")),
    (
        "Confirmed.",
        (
            "page.html",
            "text/html",
            "<p>We can not fill this order.</p>",
        ),
    ),
    (SHIPPED, ("memo.htm", "text/html", "<b>Hold</b> this one")),
    (
        "Confirmed.",
        ("readme", "text/plain", "Only one of these is left."),
    ),
    (
        "Confirmed.",
        inner(
            "From: Mike <whse@acme.example>\nTo: ann@acme.example\nSubject: lamps\nDate: Mon, 2 Jun 2025 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain\n\nWe can not fill this order.",
        ),
    ),
    (
        SHIPPED,
        inner(
            "From: Mike <whse@acme.example>\nTo: ann@acme.example\nSubject: lamps\nDate: Mon, 2 Jun 2025 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain\n\nThat label was voided.",
        ),
    ),
    (
        "Thanks!",
        inner(
            "From: Mike <whse@acme.example>\nTo: ann@acme.example\nSubject: lamps\nDate: Mon, 2 Jun 2025 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain\n\nNone left.",
        ),
    ),
    (
        "Confirmed.",
        inner(
            "From: Mike <whse@acme.example>\nTo: ann@acme.example\nSubject: Out of stock\nDate: Mon, 2 Jun 2025 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain\n\nOK",
        ),
    ),
    (SHIPPED, pdf("void labels.pdf")),
    (SHIPPED, pdf("damage report.pdf")),
    ("Confirmed.", pdf("Order cancelled.pdf")),
    ("Confirmed.", pdf("REJECTED_W1.pdf")),
    ("Confirmed.", pdf("Backorder notice.pdf")),
    ("Confirmed.", pdf("credit_hold.pdf")),
    ("Confirmed.", pdf("CreditMemo.pdf")),
    ("Confirmed.", pdf("Out of stock list.xlsx.pdf")),
    ("Confirmed.", pdf("proforma 658027.pdf")),
    ("Confirmed.", pdf("Quote 507950.pdf")),
    ("Confirmed.", pdf("price increase letter.pdf")),
    ("Confirmed.", pdf("return authorization.pdf")),
    ("Confirmed.", pdf("Letter to our dealers.pdf")),
    ("Confirmed.", pdf("Past due statement.pdf")),
    ("Confirmed.", ("broken glass.jpg", "image/jpeg", "x")),
    ("Got it, thanks.", pdf("scan0001.pdf")),
    ("Got it, thanks.", ("photos.zip", "application/zip", "PK")),
];

#[test]
fn what_is_enclosed_stops_what_it_may_contradict() {
    let outcomes = heard(STOPS);
    let mut wrong = Vec::new();
    for ((words, (name, _, content)), (state, asked)) in STOPS.iter().zip(&outcomes) {
        if state != "sent" || *asked == 0 {
            wrong.push(format!("{words} {name} {content}: {state}, {asked} asked"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} acted:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

const HARMLESS: &[(&str, Enclosed)] = &[
    ("Confirmed.", pdf("Invoice 71681.pdf")),
    ("Confirmed.", pdf("Invoice No 71681.pdf")),
    ("Confirmed.", pdf("ack_875524.pdf")),
    ("Confirmed.", pdf("Order Confirmation 301460.pdf")),
    ("Confirmed.", pdf("SO-301460.pdf")),
    ("Confirmed.", pdf("Acme Home Goods sales order 12.pdf")),
    ("Confirmed.", pdf("scan0001.pdf")),
    ("Confirmed.", ("image001.png", "image/png", "x")),
    ("Confirmed.", ("acme-logo.png", "image/png", "x")),
    ("Confirmed.", ("IMG_2231.jpg", "image/jpeg", "x")),
    (
        "Confirmed.",
        ("smime.p7s", "application/pkcs7-signature", "x"),
    ),
    ("Confirmed.", ("ATT00001.txt", "text/plain", "\n")),
    (
        "Confirmed.",
        note("Thank you for your order.\n\nAnn Kerr\nAcme Home Goods"),
    ),
    ("Confirmed.", note("Confirmed.")),
    (SHIPPED, pdf("Packing Slip W1.pdf")),
    (SHIPPED, pdf("Inv 55120.pdf")),
    (
        SHIPPED,
        (
            "ATT00002.htm",
            "text/html",
            "<html><body><br></body></html>",
        ),
    ),
    ("Got it, thanks.", ("image002.gif", "image/gif", "x")),
];

#[test]
fn papers_of_every_day_stop_nothing() {
    let outcomes = heard(HARMLESS);
    let mut wrong = Vec::new();
    for ((words, (name, _, content)), (state, asked)) in HARMLESS.iter().zip(&outcomes) {
        let expected = match () {
            () if words.starts_with("Got") => "sent",
            () if words.starts_with("Ship") => "shipped",
            () => "acknowledged",
        };
        if state != expected || *asked > 0 {
            wrong.push(format!("{words} {name} {content}: {state}, {asked} asked"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} asked:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
