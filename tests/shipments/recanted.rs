//! What is on record as shipped is never taken back in silence; what is struck out, hidden, said in two
//! ways or about another purchase order acts on nothing; and what comes to a purchase order's own address
//! is tied to it, whether it can be read or not.

use super::{Dock, T1, T2};
use serde_json::Value;

const HEAD: &str = "po_number,sku,qty,carrier,tracking_number,ship_date\n";

fn html(dock: &Dock, to: &str, plain: Option<&str>, rich: &str) {
    dock.mail_to(to, "Re: your order", "TEXT", None);
    dock.last_mail(|mail| {
        let (head, _) = mail.split_once("Content-Type:").unwrap();
        match plain {
            None => format!("{head}Content-Type: text/html; charset=utf-8\r\n\r\n{rich}\r\n"),
            Some(plain) => format!(
                "{head}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{plain}\r\n\
                 --b\r\nContent-Type: text/html\r\n\r\n{rich}\r\n--b--\r\n"
            ),
        }
    });
}

/// The open exceptions: code, order and purchase order.
fn tied(dock: &Dock) -> Vec<(String, Value, Value)> {
    let list = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
    let rows = list["exceptions"].as_array().unwrap();
    let of = |row: &Value| {
        (
            row["code"].as_str().unwrap().to_owned(),
            row["order"].clone(),
            row["message"].clone(),
        )
    };
    rows.iter().map(of).collect()
}

fn dismiss_all(dock: &Dock) {
    let list = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
    for row in list["exceptions"].as_array().unwrap() {
        let id = row["id"].to_string();
        dock.desk
            .run(&["exceptions", "resolve", &id, "--dismiss", "--note", "read"])
            .ok();
    }
}

#[test]
fn what_takes_a_shipment_back_reaches_a_person() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, "Shipped", &format!("Shipped today. UPS {T1}.\n"), None);
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "shipped", "{:#}", dock.show("W1"));
    let row = |rest: &str| format!("po_number,sku,qty,status,date\nW1-1,BF63-12163,1,{rest}\n");
    for (text, csv) in [
        ("Discontinued, sorry.", None),
        ("Backordered until 6/20/2025.", None),
        ("Backordered.", None),
        ("Ships 6/12/2025.", None),
        ("Confirmed. Ships 6/12/2025.", None),
        ("Please see attached.", Some(row("rejected,"))),
        ("Please see attached.", Some(row("backordered,2025-06-20"))),
        ("Please see attached.", Some(row("accepted,2025-06-20"))),
    ] {
        dock.mail_to(&to, "Re: order", &format!("{text}\n"), csv.as_deref());
        dock.run();
        let open = tied(&dock);
        assert_eq!(open.len(), 1, "{text} {csv:?}: {open:?}");
        assert_eq!(
            (&*open[0].0, &open[0].1),
            ("vendor_mail", &"W1".into()),
            "{text}"
        );
        assert!(
            open[0].2.to_string().contains("said that all of W1-1 left"),
            "{open:?}"
        );
        assert_eq!(dock.po_state("W1-1"), "shipped");
        dismiss_all(&dock);
    }
    // what it said before, and a yes, are no news
    for (text, csv) in [
        ("Confirmed.", None),
        ("Please see attached.", Some(row("accepted,"))),
        (
            "Please see attached.",
            Some(format!("{HEAD}W1-1,BF63-12163,1,UPS,{T1},2025-06-02\n")),
        ),
    ] {
        dock.mail_to(&to, "Re: order", &format!("{text}\n"), csv.as_deref());
        dock.run();
        assert_eq!(tied(&dock), [], "{text} {csv:?}");
    }
    dock.verify();
}

#[test]
fn what_is_open_is_what_the_words_are_about() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    let to = dock.reply_address("W1-1");
    let csv = format!("{HEAD}W1-1,BF63-12163,2,UPS,{T1},2025-06-02\n");
    dock.mail_to(&to, "Shipped", "Please see attached.\n", Some(&csv));
    dock.mail_to(&to, "Re: order", "Discontinued, sorry.\n", None);
    dock.run();
    // the kettle is open, and it is what does not come
    assert_eq!(dock.open(), ["po_rejected"]);
    dock.mail_to(&to, "Re: order", "BF63-12163 is discontinued.\n", None);
    dock.run();
    assert_eq!(dock.open(), ["po_rejected", "vendor_mail"]);
}

#[test]
fn a_mail_that_names_another_purchase_order_acts_on_neither() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    for (text, csv) in [
        (format!("PO Number: 4711-1\nTracking Number: {T1}\n"), None),
        (
            format!("Purchase order: W9-1\nTracking Number: {T1}\n"),
            None,
        ),
        (format!("Order #: W7\nTracking Number: {T1}\n"), None),
        (format!("PO Number: W2-1\nTracking Number: {T1}\n"), None),
        (
            "Please see attached.\n".to_owned(),
            Some(format!("{HEAD}4711-1,BF63-12163,1,UPS,{T1},2025-06-02\n")),
        ),
    ] {
        dock.mail_to(&to, "Shipped", &text, csv.as_deref());
        dock.run();
        let states = (dock.po_state("W1-1"), dock.po_state("W2-1"));
        assert_eq!(states, ("sent".to_owned(), "sent".to_owned()), "{text}");
        let open = tied(&dock);
        assert_eq!(open.len(), 1, "{text}: {open:?}");
        assert_eq!(open[0].1, "W1", "{text}: {open:?}");
        dismiss_all(&dock);
    }
    dock.verify();
}

#[test]
fn what_is_struck_out_hidden_or_said_in_two_ways_does_not_act() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    let number = format!("Tracking number: {T1}");
    let row = format!("<tr><td>W1-1</td><td>BF63-12163</td><td>1</td><td><s>{T1}</s></td></tr>");
    let heads = "<tr><td>PO</td><td>SKU</td><td>Qty</td><td>Tracking Number</td></tr>";
    for rich in [
        format!("<p><s>Shipped today</s></p><p>{T1}</p>"),
        format!("<p><strike>{number}</strike></p>"),
        format!("<p style='text-decoration: line-through'>Shipped today. UPS {T1}</p>"),
        format!("<p style='text-decoration-line:line-through'>{number}</p>"),
        format!("<style>.x{{text-decoration:line-through}}</style><p class=x>{number}</p>"),
        format!("<style>div p{{text-decoration:line-through}}</style><div><p>{number}</p></div>"),
        format!("<style>p{{display:none}}</style><p>{number}</p>"),
        format!("<style>@media screen{{p{{visibility:hidden}}}}</style><p>{number}</p>"),
        format!("<textarea>{number}</textarea>"),
        format!("<template>{number}</template>"),
        format!("<div hidden>{number}</div>"),
        format!("<table>{heads}{row}</table>"),
    ] {
        html(&dock, &to, None, &rich);
        dock.run();
        assert_eq!(dock.po_state("W1-1"), "sent", "{rich}");
        assert_eq!(tied(&dock).len(), 1, "{rich}");
        dismiss_all(&dock);
    }
    for (plain, rich) in [
        ("We cannot ship this order", number.as_str()),
        (number.as_str(), "We cannot ship this order"),
        ("Confirmed.", "Confirmed, but it costs more."),
    ] {
        html(&dock, &to, Some(plain), &format!("<p>{rich}</p>"));
        dock.run();
        assert_eq!(dock.po_state("W1-1"), "sent", "{plain} {rich}");
        let open = tied(&dock);
        assert_eq!(open.len(), 1, "{plain} {rich}");
        assert!(
            open[0].2.to_string().contains("another in HTML"),
            "{open:?}"
        );
        dismiss_all(&dock);
    }
    // an ordinary mail of a mail program, with the sheet that it brings
    let sheet = "<style>body,p{font-family:Calibri;font-size:11pt;margin:0;color:#1f1f1f} a{text-decoration:none} \
                 @media(max-width:600px){.m{display:none}}</style>";
    let rich =
        format!("{sheet}<p class=m>Shipped today. <b>UPS</b> {T1}</p><p>Regards,<br>Bob</p>");
    html(
        &dock,
        &to,
        Some(&format!("Shipped today. *UPS* {T1}\r\n\r\nRegards,\r\nBob")),
        &rich,
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "shipped", "{:?}", tied(&dock));
    dock.verify();
}

#[test]
fn a_heading_above_a_table_is_said_of_its_rows() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    let table = format!(
        "<table><tr><th>PO</th><th>SKU</th><th>Qty</th><th>Tracking Number</th></tr>\
         <tr><td>W1-1</td><td>BF63-12163</td><td>1</td><td>{T1}</td></tr></table>"
    );
    for heading in [
        "Cancelled shipments",
        "Voided labels",
        "Backorders",
        "Discontinued",
        "Out of stock",
        "Returned to sender",
        "Shipments on hold",
    ] {
        for rich in [
            format!("<h1>{heading}</h1>{table}"),
            format!("<p><b>{heading}:</b></p>{table}"),
            table.replacen(
                "<table>",
                &format!("<table><caption>{heading}</caption>"),
                1,
            ),
        ] {
            html(&dock, &to, None, &rich);
            dock.run();
            assert_eq!(dock.po_state("W1-1"), "sent", "{rich}");
            assert_eq!(tied(&dock).len(), 1, "{rich}");
            dismiss_all(&dock);
        }
    }
    let csv = format!("Cancelled shipments\n\n{HEAD}W1-1,BF63-12163,1,UPS,{T1},2025-06-02\n");
    dock.mail_to(&to, "Shipped", "Please see attached.\n", Some(&csv));
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "sent");
    dismiss_all(&dock);
    html(&dock, &to, None, &format!("<h1>Shipped today</h1>{table}"));
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "shipped", "{:?}", tied(&dock));
}

#[test]
fn what_cannot_be_read_is_tied_to_its_order_and_nobody_is_asked_again() {
    let dock = Dock::tokens();
    let answers = "po_number,sku,qty,status,date\n";
    for (number, csv) in [
        (
            "W1",
            format!("{HEAD}W1-1,BF63-12163,0,UPS,{T1},2025-06-02\n"),
        ),
        (
            "W2",
            format!("{HEAD}W2-1,BF63-12163,-1,UPS,{T1},2025-06-02\n"),
        ),
        ("W3", format!("{HEAD}W3-1,XX-9,1,UPS,{T1},2025-06-02\n")),
        (
            "W4",
            format!("{HEAD}W4-1,BF63-12163,7,UPS,{T2},2025-06-02\n"),
        ),
        ("W5", format!("{answers}W5-1,BF63-12163,1,accepted?,\n")),
        ("W6", format!("{answers}W6-1,XX-9,1,accepted,\n")),
        ("W7", format!("{answers}W7-1,BF63-12163,9,accepted,\n")),
    ] {
        dock.order(number, &[("BF63-12163", 1)]);
        let to = dock.reply_address(&format!("{number}-1"));
        dock.mail_to(&to, "Re: order", "Please see attached.\n", Some(&csv));
        dock.run();
        let of_order = tied(&dock).into_iter().filter(|one| one.1 == number);
        assert_eq!(of_order.count(), 1, "{csv}: {:?}", tied(&dock));
        let said = dock.desk.run(&["order", "show", number]).ok().stdout;
        let shown = ["advice_unclear", "vendor_mail", "over_shipment"];
        assert!(shown.iter().any(|code| said.contains(code)), "{said}");
    }
    nobody_is_asked_until_it_was_read(&dock);
}

fn nobody_is_asked_until_it_was_read(dock: &Dock) {
    for moment in [
        "2025-06-05T13:00:00Z",
        "2025-06-09T14:00:00Z",
        "2025-06-11T14:00:00Z",
    ] {
        dock.desk.now(moment);
        dock.run();
    }
    let asked: Vec<String> = dock
        .desk
        .mails_to("orders@acme.example")
        .iter()
        .map(|mail| mail.subject())
        .filter(|subject| !subject.starts_with("Purchase order"))
        .collect();
    assert_eq!(asked, Vec::<String>::new());
    assert!(
        !dock.open().contains(&"vendor_silent".to_owned()),
        "{:?}",
        dock.open()
    );
    // once a person is done with it, the vendor's time begins again
    dismiss_all(dock);
    dock.desk.now("2025-06-12T14:00:00Z");
    dock.run();
    let asked = |dock: &Dock| {
        let mails = dock.desk.mails_to("orders@acme.example");
        mails
            .iter()
            .filter(|mail| !mail.subject().starts_with("Purchase order"))
            .count()
    };
    assert_eq!(asked(dock), 0);
    dock.desk.now("2025-06-17T14:00:00Z");
    dock.run();
    assert!(asked(dock) > 0, "{:?}", dock.open());
    dock.verify();
}

#[test]
fn the_rest_of_a_partly_shipped_order_is_taken_off_as_the_refusal_says() {
    let dock = Dock::tokens();
    dock.order(
        "W1",
        &[("BF63-12163", 2), ("KT10-00010", 1), ("GD20-00020", 1)],
    );
    let csv = format!("po_number,sku,qty,tracking\nW1-1,BF63-12163,1,{T1}\n");
    dock.import("a.csv", &csv, &[]);
    let note = ["order", "cancel", "W1", "--note", "the customer telephoned"];
    let said = dock.desk.run(&note).fails(1, &["goods have left"]).stderr;
    let printed = said.split('`').nth(1).unwrap();
    assert_eq!(
        printed,
        "poms return open W1 1=1 2=1 3=1 --kind cancelled_before_shipping --reason TEXT"
    );
    let words: Vec<&str> = printed.split(' ').skip(1).collect();
    let words: Vec<&str> = words
        .iter()
        .map(|w| if *w == "TEXT" { "they want no more" } else { w })
        .collect();
    dock.desk.run(&words).ok();
}
