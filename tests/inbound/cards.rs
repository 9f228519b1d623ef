//! Card numbers and security codes in mails of every kind: none is written anywhere.

use super::*;
use serde_json::json;

/// Every byte that the site holds beside the mailboxes' own files.
fn kept(desk: &TestDesk) -> String {
    let mut all = Vec::new();
    for name in ["poms.db", "poms.db-wal", "poms.db.anchor"] {
        all.extend(std::fs::read(desk.path(name)).unwrap_or_default());
    }
    for mail in desk.mails() {
        all.extend(mail.raw);
    }
    String::from_utf8_lossy(&all).into_owned()
}

const CARD: &str = "4111 1111 1111 1111";

fn nothing_kept(desk: &TestDesk, shape: &str) {
    let all = kept(desk);
    for secret in [
        "4111111111111111",
        CARD,
        "4111-1111-1111-1111",
        "1111 1111 1111",
        "5555555555554444",
        "CVV 987",
        "CVV: 987",
        "NDExMSAxMTEx",
    ] {
        assert!(!all.contains(secret), "{shape}: {secret} is kept");
    }
}

fn customers_mail(head: &str, body: &str) -> Vec<u8> {
    format!(
        "From: C <c@mail.example>\nTo: orders@shop.example\nMessage-ID: <{}@mail.example>\n{head}\n{body}",
        head.len() * 1000 + body.len()
    )
    .into_bytes()
}

#[test]
fn whatever_a_mail_brings_is_masked_before_it_is_written() {
    let base64 = openssl::base64::encode_block(format!("My card is {CARD}\n").as_bytes());
    let shapes = [
        (
            "text",
            "Subject: cancel\n",
            format!("Please cancel! My card is {CARD} exp 12/28, CVV: 987.\n"),
        ),
        (
            "subject",
            "Subject: card 4111-1111-1111-1111, CVV 987\n",
            "Hello\n".to_owned(),
        ),
        (
            "base64",
            "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n",
            base64,
        ),
        (
            "HTML",
            "Subject: x\nContent-Type: text/html\n",
            "<p>My card is 4111&nbsp;1111&nbsp;1111&nbsp;1111</p>\n".to_owned(),
        ),
        (
            "file",
            "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
            format!(
                "--b\n\nsee file\n--b\nContent-Type: text/csv; name=\"5555555555554444.csv\"\n\
                 Content-Disposition: attachment; filename=\"5555555555554444.csv\"\n\npo,card\nW200001-1,{CARD}\n--b--\n"
            ),
        ),
    ];
    for (shape, head, body) in shapes {
        let desk = placed("");
        desk.raw_mail(&customers_mail(head, &body));
        process(&desk);
        nothing_kept(&desk, shape);
        let row = message(&desk);
        // a customer's own mail is told to a person with its order; anybody else's is held
        assert!(
            ["accepted", "held"]
                .iter()
                .any(|state| row["state"] == *state),
            "{shape}: {row}"
        );
        if shape == "text" {
            let text = exceptions(&desk)[0]["message"].to_string();
            assert!(
                text.contains("411111******1111") && text.contains("CVV: ***"),
                "{text}"
            );
        }
        // it is the same mail when it comes again
        desk.raw_mail(&customers_mail(head, &body));
        process(&desk);
        assert_eq!(message(&desk)["copies"], 2, "{shape}");
    }
}

#[test]
fn a_vendor_and_a_bounce_are_masked_and_acted_on() {
    let desk = placed("");
    let to = header(&mail_to(&desk, "orders@acme.example"), "Reply-To");
    let text =
        format!("BF63-12163 is on backorder until June 20, 2025. Charge card {CARD}, CVV 987.");
    desk.raw_mail(
        format!("From: o@acme.example\nTo: {to}\nSubject: Re: {CARD}\n\n{text}\n").as_bytes(),
    );
    process(&desk);
    nothing_kept(&desk, "a vendor");
    let id = header(&mail_to(&desk, "c@mail.example"), "Message-ID");
    let bounce = String::from_utf8(fixture("qmail", &id, "orders@shop.example")).unwrap();
    desk.raw_mail(
        bounce
            .replace("Sorry,", &format!("Sorry, {CARD}"))
            .as_bytes(),
    );
    process(&desk);
    assert!(codes(&desk).contains(&"bounced".to_owned()));
    nothing_kept(&desk, "a bounce");
}

#[test]
fn an_orders_security_code_is_kept_nowhere_and_a_person_hears_of_it() {
    let desk = desk("");
    let mut order = TestDesk::plain_order("W200001");
    order["payment"] = json!({"method": "card", "reference": "ch_1", "cvv": "987", "cvc2": 1234});
    order["comments"] = json!("CVV: 987");
    desk.order(&order);
    process(&desk);
    assert!(codes(&desk).contains(&"card_number".to_owned()));
    let all = kept(&desk);
    for secret in ["\"987\"", "CVV: 987", "1234,", ":1234"] {
        assert!(!all.contains(secret), "{secret}");
    }
    let shown = desk
        .run(&["order", "show", "W200001", "--json"])
        .ok()
        .stdout;
    assert!(shown.contains("***"), "{shown}");
    // the bare figures may stand in an identifier that is drawn
    for secret in ["\"987\"", "CVV: 987"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// An article whose number looks like a card's, as one in ten EANs with letters before it does.
const PEN: &str = "PEN-4006381333221";

fn shop() -> TestDesk {
    let desk = desk("");
    let csv = format!(
        "{}{PEN},Fineliner,Office,ACME,AR-4006381333221,2.00,7.95,0.2,active,1\n",
        crate::support::desk::CATALOGUE
    );
    desk.file("c.csv", csv.as_bytes());
    desk.run(&["catalogue", "import", "c.csv"]).ok();
    desk
}

fn pens(number: &str, sku: &str) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["lines"] = json!([{"sku": sku, "qty": 2, "unit_price": "7.95"}]);
    order["total"] = json!("15.90");
    order
}

#[test]
fn what_the_catalogue_knows_is_no_card() {
    let desk = shop();
    desk.order(&pens("W-4000000000000010", PEN));
    process(&desk);
    assert_eq!(codes(&desk), Vec::<String>::new());
    assert_eq!(po_state(&desk, "W-4000000000000010-1"), "sent");
    let mail = mail_to(&desk, "orders@acme.example");
    assert!(mail.text().contains("AR-4006381333221"), "{}", mail.text());
    // an earlier order's number in words, and an article in a vendor's table
    let mut order = pens("W2", PEN);
    order["customer"] =
        json!({"name": "Ann Lee", "email": "ann@mail.example", "phone": "859-589-9228"});
    order["ship_to"]["name"] = json!("Ann Lee");
    order["comments"] = json!("as in my order W-4000000000000010");
    desk.order(&order);
    process(&desk);
    assert_eq!(codes(&desk), ["customer_comment"]);
    let to = header(&mail, "Reply-To");
    let csv = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\nW-4000000000000010-1,{PEN},2,UPS,1Z5R89390357567127,2025-06-02\n"
    );
    desk.raw_mail(
        format!(
            "From: o@acme.example\nTo: {to}\nSubject: shipped\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\n\nattached\n--b\nContent-Type: text/csv; name=a.csv\nContent-Disposition: attachment; filename=a.csv\n\n{csv}\n--b--\n"
        )
        .as_bytes(),
    );
    process(&desk);
    assert_eq!(po_state(&desk, "W-4000000000000010-1"), "shipped");
}

#[test]
fn what_nobody_knows_is_masked_and_a_person_puts_it_back() {
    let desk = desk("");
    desk.order(&pens("W1", PEN));
    process(&desk);
    assert_eq!(codes(&desk), ["unknown_sku", "card_number"]);
    // the same order again is the same whatever the catalogue has learnt
    let csv = format!(
        "{}{PEN},Fineliner,Office,ACME,AR-1,2.00,7.95,0.2,active,1\n",
        crate::support::desk::CATALOGUE
    );
    desk.file("c.csv", csv.as_bytes());
    desk.run(&["catalogue", "import", "c.csv"]).ok();
    desk.order(&pens("W1", PEN));
    process(&desk);
    assert_eq!(message(&desk)["state"], "duplicate");
    resolve(
        &desk,
        "unknown_sku",
        &["--amend", &format!("lines.1.sku={PEN}")],
    );
    process(&desk);
    assert_eq!(codes(&desk), Vec::<String>::new());
    assert_eq!(po_state(&desk, "W1-1"), "sent");
    // another amendment leaves it, and a comment is no place for it
    let mut order = pens("W3", PEN);
    order["ship_to"]["zip"] = json!("9");
    order["customer"] =
        json!({"name": "Ann Lee", "email": "ann@mail.example", "phone": "859-589-9228"});
    desk.order(&order);
    process(&desk);
    resolve(
        &desk,
        "bad_zip",
        &["--amend", "ship_to.zip=65367", "comments=4111111111111111"],
    );
    let shown = desk.run(&["order", "show", "W3", "--json"]).ok().stdout;
    assert!(
        shown.contains(PEN) && shown.contains("411111******1111"),
        "{shown}"
    );
}
