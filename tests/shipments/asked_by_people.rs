//! What a person of the shop asked beside poms, and the vendor's yes to it: that is no answer to the purchase order.

use super::Dock;

fn quoted(head: &str, text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
    format!("{head}\n{}\n", lines.join("\n"))
}

/// An order, and the answer of its vendor above what somebody of the shop wrote.
fn answered(own: &str, below: &str) -> (Dock, String) {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2)]);
    dock.acme("Re: Purchase order W1-1", &format!("{own}\n\n{below}"));
    dock.run();
    let state = dock.po_state("W1-1");
    (dock, state)
}

const WROTE: &str = "On Mon, Jun 2, 2025 at 9:12 AM Ruth at Example <ruth@shop.example> wrote:";
const OUTLOOK: &str = "From: Ruth Amsel <ruth@shop.example>\nSent: Monday, June 2, 2025 9:12 AM\nTo: Ann <ann@acme.example>\nSubject: RE: Purchase order W1-1\n";

#[test]
fn a_yes_to_what_somebody_of_the_shop_asked_is_a_persons() {
    for (own, asked) in [
        ("Sure thing.", "Can you cancel W1-1 for us?"),
        ("Confirmed.", "Please cancel this one and confirm."),
        ("OK", "Please put W1-1 on hold till I ring you."),
        (
            "Yes.",
            "Could you keep these back until after the holidays?",
        ),
        ("Yep", "Are the lamps sold out?"),
        (
            "Will do.",
            "Please send it back, it was ordered by mistake.",
        ),
        ("Yes", "Is W1-1 running late?"),
        ("Confirmed", "Did you change the street to 9 Oak Ln?"),
        ("All good.", "Please make it the silver ones."),
        ("Accepted.", "Will you take the lamps back?"),
        ("Approved.", "May we have a credit for the last one?"),
        (
            "No problem, ships tomorrow.",
            "Please make W1-1 one lamp instead of two.",
        ),
        (
            "Yes",
            "Hello Ann,\n\nthanks for the call. Could you leave W1-1 for the moment?",
        ),
        (
            "Confirmed.",
            "Any update?\nAlso, please use FedEx on our account.",
        ),
    ] {
        for below in [
            quoted(WROTE, asked),
            format!("{OUTLOOK}\n{asked}\n"),
            format!("-----Original Message-----\n{OUTLOOK}\n{asked}\n\nRuth Amsel\nExample Shop\n"),
        ] {
            let (dock, state) = answered(own, &below);
            assert_eq!(state, "sent", "{own}\n{below}");
            assert_eq!(dock.open(), ["vendor_mail"], "{own}\n{below}");
        }
    }
}

#[test]
fn a_yes_to_what_poms_asks_anyhow_acts() {
    for (own, asked) in [
        (
            "Confirmed.",
            "Hi Ann,\n\nplease confirm this order.\n\nThanks,\nRuth",
        ),
        ("Confirmed, ships tomorrow.", "When will this ship?"),
        ("Yes, confirmed.", "Did you receive this order?"),
        ("Order confirmed.", "Just following up on this."),
        ("Confirmed.", "Please confirm receipt of W1-1."),
        (
            "Confirmed.",
            "Hello,\n\nplease find attached our purchase order W1-1.",
        ),
        ("Yes, in stock.", "Do you have W1-1 in stock?"),
    ] {
        for below in [quoted(WROTE, asked), format!("{OUTLOOK}\n{asked}\n")] {
            let (dock, state) = answered(own, &below);
            assert_eq!(state, "acknowledged", "{own}\n{below}: {:?}", dock.open());
        }
    }
    // below it our own purchase order, as poms sent it
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2)]);
    let sent = dock.desk.mails_to("orders@acme.example")[0].text();
    dock.acme(
        "Re: Purchase order W1-1",
        &format!("Confirmed.\n\n{}", quoted(WROTE, &sent)),
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "acknowledged", "{:?}", dock.open());
}

/// Somebody of the shop wrote above the purchase order, and nothing parts the two.
#[test]
fn what_stands_above_our_purchase_order_is_read_apart() {
    for (asked, state) in [
        ("Please cancel this one.\n\n", "sent"),
        ("Hi Ann,\n\nplease confirm this order.\n\n", "acknowledged"),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 2)]);
        let sent = dock.desk.mails_to("orders@acme.example")[0].text();
        let below = quoted(WROTE, &format!("{asked}{sent}"));
        dock.acme(
            "Re: Purchase order W1-1",
            &format!("OK, confirmed.\n\n{below}"),
        );
        dock.run();
        assert_eq!(dock.po_state("W1-1"), state, "{asked}: {:?}", dock.open());
    }
}

/// What stands below the mark of a signature and is no signature.
#[test]
fn what_is_announced_below_a_signature_is_read() {
    let sign = "--\nAnn Moss\nAcme Home Goods\n12 Wharf St, Portland, ME 04101\n207-555-0143\nwww.acme.example";
    for (own, note) in [
        (
            "Confirmed.",
            "Note: the brass lamp is discontinued as of May.",
        ),
        (
            "Confirmed.",
            "A 7% fuel surcharge applies to all orders since May 15",
        ),
        ("Confirmed.", "Lamp prices went up 5% on May 1."),
        (
            "Confirmed.",
            "WE ARE CLOSING OUR DOORS ON JUNE 30 - LAST SHIP DATE 6/20",
        ),
        (
            "Confirmed.",
            "All orders now ship from our Reno warehouse, please allow 2 weeks.",
        ),
        (
            "Confirmed.",
            "Effective May 1 each order carries a $3.50 packing fee.",
        ),
        ("Ships tomorrow.", "Actually Thursday."),
        ("Confirmed.", "Out of stock until July."),
        (
            "Confirmed.",
            "Our FedEx account is suspended, nothing leaves this week.",
        ),
        (
            "Confirmed.",
            "Mon 6/2: system down, orders entered today ship 6/9.",
        ),
        ("Confirmed.", "3 week lead time on everything."),
        ("Confirmed.", "Please call me about this order."),
    ] {
        let (dock, state) = answered(own, &format!("{sign}\n{note}"));
        assert_eq!(state, "sent", "{own} {note}");
        assert_eq!(dock.open(), ["vendor_mail"], "{own} {note}");
    }
    for boast in [
        "Family owned since 1962",
        "Free shipping on orders over $500!",
        "No minimum order. Same-day shipping!",
        "Prices subject to change without notice.",
        "Hours: Monday to Friday, 8 to 5 Eastern",
    ] {
        let (dock, state) = answered("Confirmed.", &format!("{sign}\n{boast}"));
        assert_eq!(state, "acknowledged", "{boast}: {:?}", dock.open());
    }
}

/// Two boxes of an order of two articles, one of which is a single piece: nobody is told of a part.
#[test]
fn two_boxes_of_several_articles_tell_nobody_of_a_part() {
    for words in [
        "Shipped complete, UPS {1} and {2}.",
        "Your order shipped in two packages: {1} and {2}.",
        "Tracking is {1} and {2}, two boxes.",
        "Order W1-1 - Shipped - {1} {2}",
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
        let text = words.replace("{1}", super::T1).replace("{2}", super::T2);
        dock.acme("Re: Purchase order W1-1", &text);
        dock.run();
        let told = dock.desk.mails_to("W1@mail.example");
        let part = told.iter().any(|mail| mail.subject().contains("part of"));
        let state = dock.po_state("W1-1");
        assert!(!part && state != "partly_shipped", "{text}: {state}");
        assert!(state == "shipped" || !dock.open().is_empty(), "{text}");
        dock.verify();
    }
}

#[test]
fn two_sentences_that_cannot_both_be_true_are_a_persons() {
    for own in ["In stock. Backordered.", "Shipped. Out of stock."] {
        let (dock, state) = answered(own, "Ann\n");
        assert_eq!(state, "sent", "{own}");
        assert_eq!(dock.open(), ["vendor_mail"], "{own}");
    }
}
