//! Answers to several purchase orders at once, to our question or to their addresses; who may speak, and
//! mails whose clock is wrong.

use super::silent::ACME;
use super::{Dock, T1, T2};
use serde_json::Value;

/// Three orders of ACME, of which one question asks; and the address of its answers.
fn asked() -> (Dock, String) {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("KT10-00010", 1)]);
    dock.order("W3", &[("KT10-00010", 1)]);
    dock.at(&["2025-06-05T13:00:00Z"]);
    let mails = dock.desk.mails_to(ACME);
    let asked = mails.last().unwrap();
    assert!(asked.subject().starts_with("3 purchase orders"));
    let parsed = asked.parsed();
    let reply = parsed.reply_to().and_then(|to| to.first()).unwrap();
    let reply = reply.address().unwrap().to_owned();
    (dock, reply)
}

const SUBJECT: &str = "Re: 3 purchase orders wait for your answer";

fn states(dock: &Dock) -> [String; 3] {
    ["W1-1", "W2-1", "W3-1"].map(|po| dock.po_state(po))
}

#[test]
fn words_beside_numbers_act() {
    for (words, wanted) in [
        (
            "W1-1: confirmed\nW2-1: confirmed\nW3-1: confirmed\n\nThanks,\nAnn",
            ["acknowledged", "acknowledged", "acknowledged"],
        ),
        (
            "W1-1 confirmed. W2-1 backordered. W3-1 discontinued.",
            ["acknowledged", "backordered", "rejected"],
        ),
        (
            "W1-1, W2-1 and W3-1 are confirmed.",
            ["acknowledged", "acknowledged", "acknowledged"],
        ),
        (
            "PO W1-1 - confirmed, PO W2-1 - out of stock",
            ["acknowledged", "rejected", "sent"],
        ),
        (
            "PO | SKU | Status\nW1-1 | BF63-12163 | accepted\nW2-1 | KT10-00010 | accepted\n",
            ["acknowledged", "acknowledged", "sent"],
        ),
        (
            "Confirmed.",
            ["acknowledged", "acknowledged", "acknowledged"],
        ),
        (
            "All confirmed.",
            ["acknowledged", "acknowledged", "acknowledged"],
        ),
        (
            "All three ship tomorrow.",
            ["acknowledged", "acknowledged", "acknowledged"],
        ),
    ] {
        let (dock, reply) = asked();
        dock.mail_to(&reply, SUBJECT, words, None);
        dock.run();
        assert_eq!(states(&dock), wanted, "{words}: {:?}", dock.open());
        assert!(!dock.open().contains(&"vendor_mail".to_owned()), "{words}");
        dock.verify();
    }
}

#[test]
fn parcels_beside_numbers_leave() {
    let (dock, reply) = asked();
    let words = format!("W1-1 shipped today. UPS {T1}\nW2-1 shipped today. UPS {T2}\n");
    dock.mail_to(&reply, SUBJECT, &words, None);
    dock.run();
    assert_eq!(
        states(&dock),
        ["shipped", "shipped", "sent"],
        "{:?}",
        dock.open()
    );
    for (order, number) in [("W1", T1), ("W2", T2)] {
        let parcel = &dock.show(order)["shipments"][0]["parcels"][0];
        assert_eq!(parcel["tracking_number"], number);
    }
    dock.verify();
}

/// Nothing of it acts, it stands on every order, and nobody is asked again or called silent.
#[test]
fn what_is_not_certain_is_on_the_list_of_all_and_no_silence() {
    for words in [
        "W1-1 is confirmed, the other two we cannot do.",
        "W1-1 confirmed, W2-1 not.",
        "W1-1: confirmed\nW2-1: confirmed\nNot the third one.",
        "W1-1: confirmed\nW2-1: confirmed\nBoth ship Friday.",
        "W1-1 accepted, W2-1, W3-1 rejected.",
        "W1-1: confirmed, price is now $75\nW2-1: confirmed",
        "W1-1: shipped\nW2-1: shipped\nTracking 1Z5R89390357567127",
        "Shipped today. UPS 1Z5R89390357567127",
        "All two confirmed.",
        "Your order is confirmed.",
        "Confirmed. Only one left.",
        "Discontinued, sorry.",
    ] {
        let (dock, reply) = asked();
        dock.mail_to(&reply, SUBJECT, words, None);
        dock.run();
        assert_eq!(states(&dock), ["sent"; 3], "{words}");
        let id = dock.exception("vendor_mail");
        for order in ["W1", "W2", "W3"] {
            let story = dock.show(order);
            let open = story["exceptions"].as_array().unwrap();
            let listed = |row: &&Value| row["id"].as_i64() == id.parse().ok();
            assert!(open.iter().any(|row| listed(&row)), "{words}: {story:#}");
        }
        dock.at(&[
            "2025-06-06T13:00:00Z",
            "2025-06-09T13:00:00Z",
            "2025-06-10T21:05:00Z",
            "2025-06-11T21:05:00Z",
        ]);
        assert_eq!(dock.questions(ACME).len(), 1, "{words}");
        assert_eq!(dock.open(), ["vendor_mail"], "{words}");
        dock.verify();
    }
}

/// A question that asks for parcels too has no plain yes for an answer.
#[test]
fn a_yes_to_another_question_is_read_by_a_person() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("KT10-00010", 1)]);
    dock.acme("Re: Purchase order W1-1", "Confirmed. Ships 6/4/2025.\n");
    dock.at(&["2025-06-02T15:00:00Z", "2025-06-06T13:00:00Z"]);
    let mails = dock.desk.mails_to(ACME);
    let asked = mails.last().unwrap();
    assert!(
        asked.subject().starts_with("2 purchase orders"),
        "{}",
        asked.subject()
    );
    let parsed = asked.parsed();
    let reply = parsed.reply_to().and_then(|to| to.first()).unwrap();
    dock.mail_to(
        reply.address().unwrap(),
        "Re: 2 purchase orders",
        "All confirmed.",
        None,
    );
    dock.run();
    assert_eq!(dock.po_state("W2-1"), "sent");
    assert_eq!(dock.open(), ["vendor_mail"]);
}

#[test]
fn a_mail_to_two_addresses_is_for_both_or_for_a_person() {
    for (words, state) in [
        ("Confirmed.", "acknowledged"),
        ("W1-1: confirmed. W2-1: confirmed.", "acknowledged"),
        ("Discontinued, sorry.", "sent"),
        ("Shipped today. UPS 1Z5R89390357567127", "sent"),
        ("W1-1: confirmed. W2-1: confirmed. W3-1: confirmed.", "sent"),
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        dock.order("W2", &[("KT10-00010", 1)]);
        dock.order("W3", &[("KT10-00010", 1)]);
        let both = format!(
            "{}, {}",
            dock.reply_address("W1-1"),
            dock.reply_address("W2-1")
        );
        dock.mail_to(&both, "Re: Purchase order W1-1", words, None);
        dock.run();
        assert_eq!(
            states(&dock),
            [state, state, "sent"],
            "{words}: {:?}",
            dock.open()
        );
        if state == "sent" {
            let id = dock.exception("vendor_mail");
            let story = dock.show("W2");
            assert_eq!(story["exceptions"][0]["id"].to_string(), id, "{story:#}");
        }
        // a table counts for these two alone
        let csv = format!("po_number,sku,qty,tracking\nW3-1,KT10-00010,1,{T2}\n");
        dock.mail_to(&both, "Re: orders", "See attached.", Some(&csv));
        dock.run();
        assert_eq!(dock.po_state("W3-1"), "sent", "{words}");
        dock.verify();
    }
}

#[test]
fn addresses_of_two_vendors_are_nobodys_word() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("GD20-00020", 1)]);
    let both = format!(
        "{}, {}",
        dock.reply_address("W1-1"),
        dock.reply_address("W2-1")
    );
    dock.mail_to(&both, "Re: orders", "Confirmed.", None);
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "sent");
    assert_eq!(dock.po_state("W2-1"), "sent");
    assert_eq!(dock.open(), ["vendor_mail"]);
    dock.verify();
}

/// A vendor copied the customer in, or passed our mail on: the customer answers.
#[test]
fn a_customer_never_speaks_for_the_vendor() {
    for from in [
        "w1@mail.example",
        "Dana <W1@mail.example>",
        "\"W1@mail.example via Acme\" <desk@help.example>",
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        let to = dock.reply_address("W1-1");
        dock.mail_to(&to, "Re: Purchase order W1-1", "Discontinued, sorry.", None);
        dock.last_mail(|mail| mail.replace("Somebody <x@mail.example>", from));
        dock.run();
        assert_eq!(dock.po_state("W1-1"), "sent", "{from}");
        assert_eq!(dock.open(), ["customer_mail"], "{from}");
        let shown = dock.says(&["exceptions", "show", &dock.exception("customer_mail")]);
        assert!(shown.contains("W1-1"), "{shown}");
        dock.verify();
    }
    let (dock, reply) = asked();
    dock.mail_to(&reply, SUBJECT, "Confirmed.", None);
    dock.last_mail(|mail| mail.replace("x@mail.example", "W2@mail.example"));
    dock.run();
    assert_eq!(states(&dock), ["sent"; 3]);
    assert_eq!(dock.open(), ["customer_mail"]);
}

#[test]
fn a_mail_from_before_its_purchase_order_counts_from_its_arrival() {
    for date in [
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "Thu, 22 May 2025 09:00:00 -0400",
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        let now = dock.desk.moment();
        dock.mail_to(
            &dock.reply_address("W1-1"),
            "Re: it",
            "Confirmed. Ships tomorrow.",
            None,
        );
        let dated = format!("Date: {}", now.to_rfc2822());
        dock.last_mail(|mail| mail.replace(&dated, &format!("Date: {date}")));
        dock.run();
        let line = &dock.show("W1")["purchase_orders"][0]["lines"][0];
        let tomorrow = now.date_naive().succ_opt().unwrap().to_string();
        assert_eq!(dock.po_state("W1-1"), "acknowledged", "{line:#}");
        assert!(line.to_string().contains(&tomorrow), "{line:#}");
        dock.verify();
    }
}

/// What somebody else wrote stands below an answer to several: nothing of it acts.
#[test]
fn what_is_passed_on_below_an_answer_to_several_holds() {
    let (dock, reply) = asked();
    dock.mail_to(
        &reply,
        SUBJECT,
        "All confirmed.\n\n---------- Forwarded message ---------\nFrom: Dana <d@elsewhere.example>\nDate: Thu, Jun 5, 2025\n\
         Subject: order\nTo: <a@acme.example>\n\nPlease cancel my order.\n",
        None,
    );
    dock.run();
    assert_eq!(states(&dock), ["sent", "sent", "sent"]);
    assert!(dock.open().contains(&"vendor_mail".to_owned()));
    dock.verify();
}
