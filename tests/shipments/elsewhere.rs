//! Vendors answer from the wrong thread: a mail that names another order, ours or one that poms never
//! made, moves nothing.

use super::{Dock, T1};

/// Two orders of one vendor, and what came of an answer to the first.
fn after(subject: &str, text: &str) -> (Vec<String>, String, String) {
    let dock = Dock::tokens();
    dock.order("W20011", &[("BF63-12163", 1)]);
    dock.order("W20012", &[("BF63-12163", 1)]);
    let reply = dock.reply_address("W20011-1");
    dock.mail_to(&reply, subject, text, None);
    dock.run();
    dock.verify();
    (
        dock.open(),
        dock.po_state("W20011-1"),
        dock.po_state("W20012-1"),
    )
}

#[test]
fn another_number_beside_the_words_makes_them_a_persons() {
    let own = "Re: Purchase order W20011-1 from Example Shop";
    for (subject, text) in [
        (own, "Order number: W20012\nStatus: confirmed\n"),
        (own, "PO#: W20012-1\nConfirmed.\n"),
        (own, "po: w20012-1\nconfirmed\n"),
        (own, "PO number 4711-1\nConfirmed.\n"),
        (own, "Your order no. 88123 is confirmed.\n"),
        ("Purchase order W20012-1 confirmed", "Confirmed.\n"),
        ("Order W20012: accepted", "Confirmed.\n"),
        ("PO 4711 confirmed", "Acknowledged.\n"),
        ("W30099-1", "Acknowledged.\n"),
    ] {
        let (open, first, second) = after(subject, text);
        assert_eq!(open, ["vendor_mail"], "{subject}: {text}");
        assert_eq!([first, second], ["sent", "sent"], "{subject}: {text}");
    }
    let shipped = format!("Shipped complete today. UPS {T1}\n");
    for (subject, text) in [
        ("Purchase order W20012-1 has shipped", shipped.as_str()),
        (own, &format!("PO 4711-1\n{shipped}")),
    ] {
        let (open, first, second) = after(subject, text);
        assert_eq!(open, ["vendor_mail"], "{subject}: {text}");
        assert_eq!([first, second], ["sent", "sent"], "{subject}: {text}");
    }
}

#[test]
fn its_own_numbers_and_the_vendors_are_no_others() {
    for (subject, text) in [
        (
            "Re: Purchase order W20011-1 from Example Shop",
            "Confirmed.\n",
        ),
        ("Order W20011 / PO W20011-1", "PO W20011-1 is confirmed.\n"),
        ("Sales order 88123 for your PO w20011-1", "Confirmed.\n"),
        (
            "Re: your order W20011",
            "Our order number: 88123\nConfirmed.\n",
        ),
        (
            "Re: it",
            "PO W20011-1 confirmed, ships 6/4/2025.\nThanks,\nAnn\nPO Box 8812, Dallas\n",
        ),
    ] {
        let (open, first, second) = after(subject, text);
        assert_eq!(open, [""; 0], "{subject}: {text}");
        assert_eq!(
            [first, second],
            ["acknowledged", "sent"],
            "{subject}: {text}"
        );
    }
    let shipped = format!("Your order W20011 shipped complete today. UPS {T1}\n");
    let (open, first, _) = after("Order 88123 has shipped", &shipped);
    assert_eq!((open, first.as_str()), (vec![], "shipped"));
}

#[test]
fn no_cancellation_is_agreed_to_by_another_number_or_a_receipt() {
    for (words, agreed) in [
        ("We cancelled PO S99-1.", false),
        ("PO W20012-1 is cancelled.", false),
        ("Done.", false),
        ("Understood.", false),
        ("Noted, thanks.", false),
        ("We confirm the cancellation of PO W20011-1.", true),
        ("Order W20011 has been cancelled.", true),
    ] {
        let dock = Dock::tokens();
        dock.order("W20011", &[("BF63-12163", 1)]);
        dock.order("W20012", &[("BF63-12163", 1)]);
        dock.desk
            .run(&["order", "cancel", "W20011", "--note", "not wanted"])
            .ok();
        dock.run();
        dock.desk.now("2025-06-02T15:00:00Z");
        let subject = "Re: Cancellation W20011-1-C1: do not ship";
        let reply = dock.reply_address("W20011-1");
        dock.mail_to(&reply, subject, words, None);
        dock.run();
        let state = dock.show("W20011")["cancellations"][0]["state"].clone();
        let wanted = match agreed {
            true => ("agreed", vec![]),
            false => ("open", vec!["vendor_mail".to_owned()]),
        };
        assert_eq!((state.as_str().unwrap(), dock.open()), wanted, "{words}");
        dock.verify();
    }
}
