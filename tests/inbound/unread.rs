//! Answers of machines that say that nobody reads what we wrote, read receipts, and thanks.

use super::*;

const CUSTOMER: &str = "cesar@mail.example";

fn told() -> TestDesk {
    let desk = desk("");
    let mut order = TestDesk::plain_order("W200001");
    order["customer"]["email"] = CUSTOMER.into();
    desk.order(&order);
    desk.run(&["process"]).ok();
    desk
}

/// The mail of the purchase order, and its vendor's address.
fn po_mail(desk: &TestDesk) -> SentMail {
    let mut mails = desk.mails().into_iter();
    let mail = mails.find(|mail| mail.subject().contains("urchase order"));
    mail.expect("a purchase order")
}

fn machine(mail: &SentMail, from: &str, subject: &str, text: &str) -> Vec<u8> {
    let id = header(mail, "Message-ID");
    format!(
        "From: {from}\nTo: orders@shop.example\nSubject: {subject}: {}\nAuto-Submitted: auto-replied\nIn-Reply-To: {id}\n\
         Date: Mon, 02 Jun 2025 11:00:00 +0000\nMessage-ID: <m{}@mail.example>\n\n{text}\n",
        mail.subject(),
        text.len()
    )
    .into_bytes()
}

#[test]
fn an_address_that_nobody_reads_reaches_a_person() {
    for (subject, text, words) in [
        (
            "Address no longer in use",
            "This mailbox is no longer in use. Please write to new@mail.example. Your message was not delivered.",
            "nobody reads the address",
        ),
        (
            "Automatic reply",
            "Bob is no longer with the company.",
            "nobody reads the address",
        ),
        (
            "Verify",
            "Your mail is being held for verification. Click here to release.",
            "until somebody proves",
        ),
    ] {
        let desk = told();
        let po = po_mail(&desk);
        desk.raw_mail(&machine(&po, &po.to(), subject, text));
        process(&desk);
        assert_eq!(codes(&desk), ["vendor_mail"], "{text}");
        let row = &exceptions(&desk)[0];
        assert_eq!(row["order"], "W200001", "{row:#}");
        assert!(row["message"].as_str().unwrap().contains(words), "{row:#}");
        let said = desk.run(&["order", "show", "W200001"]).ok().stdout;
        assert!(said.contains(words.split(' ').next().unwrap()), "{said}");
        let mail = mail_to(&desk, CUSTOMER);
        desk.raw_mail(&machine(&mail, CUSTOMER, subject, text));
        process(&desk);
        let mut all = codes(&desk);
        all.sort();
        assert_eq!(all, ["customer_mail", "vendor_mail"], "{text}");
    }
    // who is only away is a note, as before
    let desk = told();
    let po = po_mail(&desk);
    desk.raw_mail(&machine(
        &po,
        &po.to(),
        "Automatic reply",
        "I am out of the office until Monday.",
    ));
    process(&desk);
    assert_eq!(codes(&desk), Vec::<String>::new());
}

#[test]
fn a_read_receipt_is_about_the_mail_that_it_names() {
    let desk = told();
    let po = po_mail(&desk);
    let id = header(&po, "Message-ID");
    let receipt = format!(
        "From: {}\nTo: orders@shop.example\nSubject: Not read: {}\nDate: Mon, 02 Jun 2025 11:00:00 +0000\n\
         Message-ID: <mdn@mail.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
         Your message was deleted without being read.\n--b\nContent-Type: message/disposition-notification\n\n\
         Final-Recipient: rfc822;{}\nOriginal-Message-ID: {id}\nDisposition: manual-action/MDN-sent-manually; deleted\n\n--b--\n",
        po.to(),
        po.subject(),
        po.to()
    );
    desk.raw_mail(receipt.as_bytes());
    process(&desk);
    assert_eq!(codes(&desk), Vec::<String>::new());
    let reason = message(&desk)["reason"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(
        reason.contains("deleted, perhaps unread"),
        "{:#}",
        message(&desk)
    );
    let said = desk.run(&["order", "show", "W200001"]).ok().stdout;
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("deleted, perhaps unread"), "{said}");
}

#[test]
fn thanks_are_a_note_and_one_word_more_is_a_persons() {
    let desk = told();
    let mail = mail_to(&desk, CUSTOMER);
    let reply = header(&mail, "Reply-To");
    let letter = |number: usize, subject: &str, text: &str| {
        format!(
            "From: {CUSTOMER}\nTo: {reply}\nSubject: {subject}\nDate: Mon, 02 Jun 2025 11:00:00 +0000\n\
             Message-ID: <c{number}@mail.example>\n\n{text}\n\nOn Mon, Jun 2, 2025 at 6:05 AM Example Shop wrote:\n> Thank you.\n"
        )
    };
    let ours = format!("Re: {}", mail.subject());
    for (at, text) in ["Thanks!", "Thank you so much, looking forward to it :)"]
        .iter()
        .enumerate()
    {
        desk.raw_mail(letter(at, &ours, text).as_bytes());
        process(&desk);
        assert_eq!(codes(&desk), Vec::<String>::new(), "{text}");
        assert_eq!(message(&desk)["state"], "accepted");
    }
    let said = desk.run(&["order", "show", "W200001"]).ok().stdout;
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("the customer says thank you"), "{said}");
    for (at, (subject, text)) in [
        (ours.as_str(), "Thanks! When will it come?"),
        (ours.as_str(), "Thanks, but please cancel it."),
        ("Please cancel my order", "Thanks!"),
    ]
    .iter()
    .enumerate()
    {
        desk.raw_mail(letter(10 + at, subject, text).as_bytes());
        process(&desk);
        assert_eq!(codes(&desk).len(), at + 1, "{text}");
    }
}

#[test]
fn mails_that_are_none_and_quoted_orders_are_called_what_they_are() {
    for (mail, code, words) in [
        (
            "From: shop@web.example\nTo: orders@shop.example\nSubject: Re: order\n\nHello,\n\n\
             > -----BEGIN PGP MESSAGE-----\n> \n> hQEMA0\n> -----END PGP MESSAGE-----\n",
            "mixed_content",
            "quotes an encrypted message",
        ),
        (
            "From: shop@web.example\rTo: orders@shop.example\rSubject: order\r\rHello\r",
            "unreadable_message",
            "bare carriage return",
        ),
    ] {
        let desk = desk("");
        desk.raw_mail(mail.as_bytes());
        process(&desk);
        assert_eq!(codes(&desk), [code], "{words}");
        let said = exceptions(&desk)[0]["message"].as_str().unwrap().to_owned();
        assert!(said.contains(words), "{said}");
    }
}
