//! What somebody else wrote and a vendor passes on: attached, from whom, and what is no such mail.

use super::Dock;

/// The state of a purchase order after a mail of its vendor's, and what is open.
fn after(text: &str, change: impl Fn(&str) -> String) -> (String, Vec<String>) {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.acme("Re: Purchase order W1-1", text);
    dock.last_mail(change);
    dock.run();
    dock.verify();
    (dock.po_state("W1-1"), dock.open())
}

#[test]
fn an_attached_mail_of_somebody_else_is_read_by_a_person() {
    for (from, words, wanted) in [
        ("c@mail.example", "please cancel my order", "sent"),
        (
            "stranger@mail.example",
            "I do not want the lamp any more",
            "sent",
        ),
        (
            "boss@acme.example",
            "please go ahead with this one once they prepay",
            "sent",
        ),
        ("boss@acme.example", "Yes, confirmed.", "acknowledged"),
    ] {
        let (state, open) = after("Confirmed.", |mail| {
            let (head, _) = mail.split_once("Content-Type:").unwrap();
            format!(
                "{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nConfirmed.\r\n\
                 --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Somebody <{from}>\r\nTo: a@acme.example\r\nSubject: order\r\n\
                 Date: Mon, 2 Jun 2025 10:00:00 +0000\r\nContent-Type: text/plain\r\n\r\n{words}\r\n--b--\r\n"
            )
        });
        assert_eq!(state, wanted, "{from}: {open:?}");
        assert_eq!(open.is_empty(), wanted != "sent", "{from}: {open:?}");
    }
}

#[test]
fn the_vendors_own_mails_and_ours_are_no_strangers() {
    for quoted in [
        "On Mon, Jun 2, 2025 at 6:05 AM Shop <orders@shop.example> wrote:\n> Please confirm it, or cancel it if you cannot.",
        "On Mon, Jun 2, 2025 at 8:00 AM Ann <ann@acme.example> wrote:\n> Bob, can we do this?",
        "From: Bob <bob@acme.example>\nSent: Monday, June 2, 2025 9:02 AM\nTo: Ann <ann@acme.example>\nSubject: FW: PO\n\nYes we can.",
        "-----Original Message-----\nFrom: orders@shop.example\nSent: Monday, June 2, 2025\nTo: Ann\nSubject: Purchase order\n\nPlease find it attached.",
        "From: Bob Miller\nSent: Monday, June 2, 2025 9:02 AM\nTo: Ann Kerr\nSubject: FW: PO\n\nSure, go ahead.",
    ] {
        let (state, open) = after(&format!("Confirmed.\n\n{quoted}\n"), str::to_owned);
        assert_eq!(
            (state.as_str(), open.len()),
            ("acknowledged", 0),
            "{quoted}: {open:?}"
        );
    }
}

#[test]
fn strangers_are() {
    for quoted in [
        "On Mon, Jun 2, 2025 at 8:00 AM Cesar <W1@mail.example> wrote:\n> Where is my lamp?",
        "On Mon, Jun 2, 2025 at 8:00 AM Dana <d@mail.example> wrote:\n> we want a refund for it",
        "From: Bob <bob@acme.example>\nSent: Monday, June 2, 2025 9:02 AM\nTo: Ann <ann@acme.example>\nSubject: FW: PO\n\nCustomer called to cancel this.",
        "From: Factory <f@factory.example>\nSent: Monday, June 2, 2025 9:02 AM\nTo: Ann <ann@acme.example>\nSubject: lamps\n\nWe have none left.",
        "Begin forwarded message:\n\nFrom: \"C\u{e9}sar Bustos\" <other@gmail.com>\nSubject: lamp\nDate: June 2, 2025\nTo: a@acme.example\n\nhello?",
    ] {
        for own in ["FYI", "", "Confirmed.", "Thanks!", "Will ship Friday."] {
            let (state, open) = after(&format!("{own}\n\n{quoted}\n"), str::to_owned);
            assert_eq!(state, "sent", "{own} {quoted}");
            assert_eq!(open, ["vendor_mail"], "{own} {quoted}");
        }
    }
}
