//! Who stands in `From:` of a mail to a purchase order's address: several, nobody, or somebody of the shop.

use super::{Dock, T1};

/// What is open, and where the purchase order stands, after a mail with this header to its address.
fn after(from: &str, text: &str) -> (Vec<String>, String) {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, "Re: Purchase order W1-1", text, None);
    dock.last_mail(|mail| mail.replace("From: Somebody <x@mail.example>\r\n", from));
    dock.run();
    dock.verify();
    (dock.open(), dock.po_state("W1-1"))
}

#[test]
fn several_nobody_and_our_own_are_a_persons() {
    let shipped = format!("Shipped today. UPS {T1}");
    for from in [
        "From: orders@acme.example, Dana <dana@mail.example>\r\n",
        "From: orders@acme.example\r\nFrom: dana@mail.example\r\n",
        "From: orders@acme.example\r\nFrom: orders@acme.example, x@mail.example\r\n",
        "",
        "From: \r\n",
        "From: Somebody\r\n",
        "From: Ops <OPS@shop.example>\r\n",
        "From: orders@shop.example\r\n",
        "From: Dana of the shop <dana@shop.example>\r\n",
    ] {
        for text in ["Discontinued, sorry.", "Confirmed.", &shipped] {
            let (open, state) = after(from, text);
            assert_eq!(open, ["untrusted_sender"], "{from}: {text}");
            assert_eq!(state, "sent", "{from}: {text}");
        }
    }
}

#[test]
fn one_address_is_enough() {
    for from in [
        "From: Ann <ann@acme.example>\r\n",
        "From: \"Ann, at Acme\" <ann@acme.example>\r\n",
        "From: someone.else@mail.example\r\n",
        "From: dana@notshop.example\r\n",
    ] {
        let (open, state) = after(from, "Confirmed.");
        assert_eq!((open, state.as_str()), (vec![], "acknowledged"), "{from}");
    }
}
