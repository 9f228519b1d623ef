//! Papers that were once read wrongly, each with neighbours: days that cannot be, other carriers' mails
//! beside Canada Post's form of number, text that nobody sees, mails whose parts are broken. What
//! stands in running text is in `fixtures/voices/neighbours.txt`.

use super::{Dock, T1};
use rusqlite::Connection;

/// Carriers on record of the parcels that left.
fn carriers(dock: &Dock) -> Vec<Option<String>> {
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    let mut query = ledger.prepare("SELECT carrier FROM shipment").unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// A site where one lamp is ordered, and the address for answers to its purchase order.
fn site() -> (Dock, String) {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    (dock, to)
}

fn nothing_left(dock: &Dock, what: &str) {
    dock.run();
    assert_eq!(dock.show("W1")["state"], "placed", "{what}");
    assert_eq!(carriers(dock), [], "{what}");
    assert_eq!(dock.open().len(), 1, "{what}: {:?}", dock.open());
    dock.verify();
}

/// A ship date of another year is asked before a day goes to the customer.
#[test]
fn days_on_which_goods_cannot_have_left() {
    for day in ["06/02/2024", "2026-06-02", "12/31/2024", "06/02/2015"] {
        let (dock, to) = site();
        let csv = format!("po,sku,qty,tracking,ship date\nW1-1,BF63-12163,1,{T1},{day}\n");
        dock.mail_to(&to, "W1-1", "Please see attached.\n", Some(&csv));
        nothing_left(&dock, day);
    }
}

/// Bare digits are Canada Post's, and those of half the world's carriers.
#[test]
fn another_carriers_mail_is_not_canada_posts() {
    let delivered = "Your parcel has been delivered at 17:15.\nParcel details\nTracking Number";
    for (from, text) in [
        (
            "Hermes <donotreply@myhermes.example>",
            format!("{delivered} 8888297016898882\n"),
        ),
        (
            "Evri <hello@evri.example>",
            format!("{delivered} 4045121234567891\n"),
        ),
        (
            "DPD <order@dpd.example>",
            format!("{delivered} 15501827372818\n"),
        ),
        (
            "GLS <info@gls.example>",
            format!("{delivered} 51828371922\n"),
        ),
        (
            "Bring <noreply@bring.example>",
            format!("{delivered} 370722150012345678\n"),
        ),
    ] {
        let (dock, to) = site();
        dock.mail_to(&to, "Successfully delivered your parcel", &text, None);
        dock.last_mail(|mail| mail.replace("Somebody <x@mail.example>", from));
        nothing_left(&dock, from);
    }
}

/// In a table the number is taken, and its carrier only where somebody names it.
#[test]
fn a_tables_bare_digits_are_no_carriers_by_their_form() {
    for (carrier, on_record) in [("", None), ("Canada Post", Some("canada_post"))] {
        let (dock, to) = site();
        let csv =
            format!("po,sku,qty,carrier,tracking\nW1-1,BF63-12163,1,{carrier},7035114477138472\n");
        dock.mail_to(&to, "W1-1", "Please see attached.\n", Some(&csv));
        dock.run();
        let found = carriers(&dock);
        assert_eq!(found, [on_record.map(str::to_owned)], "{carrier}");
    }
}

/// A mail in HTML to the purchase order's address.
fn rich(dock: &Dock, to: &str, html: &str) {
    dock.mail_to(to, "hello", "", None);
    dock.last_mail(|mail| {
        mail.replace("Content-Type: text/plain", "Content-Type: text/html")
            .replacen("\r\n\r\n", &format!("\r\n\r\n{html}"), 1)
    });
}

#[test]
fn what_nobody_sees_does_not_act() {
    let said = format!("PO W1-1 shipped UPS {T1}");
    for hidden in [
        "style=\"display:none\"",
        "style=\"visibility: hidden\"",
        "style=\"font-size:0px\"",
        "style=\"color:#ffffff;background-color:#fff\"",
        "hidden",
        "style=\"opacity:0\"",
    ] {
        let (dock, to) = site();
        rich(&dock, &to, &format!("<p>Hello</p><p {hidden}>{said}</p>"));
        nothing_left(&dock, hidden);
    }
    // the same text in sight acts: it was not the HTML that stopped it
    let (dock, to) = site();
    rich(&dock, &to, &format!("<p>{said}</p>"));
    dock.run();
    assert_eq!(dock.show("W1")["state"], "shipped", "{:?}", dock.open());
}

/// Style sheets, scripts and headers of parts are no rows, however the mail is broken.
#[test]
fn the_remains_of_broken_mails_are_no_rows() {
    let styles = "<html><head><style>\r\n.trackPackageButtonContainer {\r\n    width: 100%;\r\n}\r\n\
                  .trackPackageButtonTable {\r\n    height: 45px !important;\r\n}\r\n</style></head>\
                  <body>Track your package</body></html>";
    let script = "<html><script>var tracking_number = 1234567890123456;\r\nvar po = 1;</script>\
                  <body>Delivered</body></html>";
    for (what, boundary, html) in [
        ("the boundary follows the header", "\r\n--p\r\n", styles),
        ("no part is closed", "\r\n\r\n--p\r\n", styles),
        ("a script", "\r\n--p\r\n", script),
        (
            "another boundary than the header's",
            "\r\n\r\n--other\r\n",
            styles,
        ),
    ] {
        let (dock, to) = site();
        dock.mail_to(&to, "Delivered: your order", "", None);
        dock.last_mail(|mail| {
            let (head, _) = mail.split_once("Content-Type:").unwrap();
            format!(
                "{head}Content-Type: multipart/alternative; boundary=\"p\"{boundary}\
                 Content-Type: text/plain\r\n\r\nYour package has been delivered!\r\n\
                 Track your package:\r\nhttps://shop.example/track?orderID=1\r\n\r\n--p\r\n\
                 Content-Type: text/html\r\n\r\n{html}\r\n"
            )
        });
        nothing_left(&dock, what);
    }
}
