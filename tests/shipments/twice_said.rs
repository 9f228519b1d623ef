//! Mails that say the same in plain text and in HTML in two forms, courtesies, and signatures that no
//! courtesy parts from the words: these act. What is another thing in the other form does not.

use super::{Dock, T1, T2};

/// What is open, and where the purchase order stands, after mails to its address; each is text and HTML.
fn after(mails: &[(&str, Option<&str>)]) -> (Vec<String>, String) {
    let dock = site(mails);
    (dock.open(), dock.po_state("W1-1"))
}

fn site(mails: &[(&str, Option<&str>)]) -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    for (text, html) in mails {
        dock.mail_to(&to, "Re: Purchase order W1-1", text, None);
        if let Some(html) = html {
            let part = |kind: &str, said: &str| {
                format!("--b\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{said}\r\n")
            };
            let both = [part("plain", text), part("html", html)].concat();
            dock.last_mail(|mail| {
                let (head, _) = mail.split_once("Content-Type:").unwrap();
                format!("{head}Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n{both}--b--\r\n")
            });
        }
        dock.run();
    }
    dock.verify();
    dock
}

fn ends(mails: &[(&str, Option<&str>)], wanted: &str) {
    let dock = site(mails);
    let (open, state) = (dock.open(), dock.po_state("W1-1"));
    let held: Vec<String> = match wanted {
        "sent" => vec!["vendor_mail".to_owned()],
        _ => Vec::new(),
    };
    let listed = dock.says(&["exceptions", "list", "--json"]);
    assert_eq!((open, state.as_str()), (held, wanted), "{mails:?} {listed}");
}

const TABLE: &str = "<table><tr><th>PO</th><th>SKU</th><th>Qty</th><th>Tracking</th></tr><tr><td>W1-1</td><td>BF63-12163</td><td>1</td><td>NUMBER</td></tr></table>";

#[test]
fn the_same_in_another_form_acts() {
    let rich = format!("<p>Shipped today. UPS {T1}</p>");
    let table = TABLE.replace("NUMBER", T1);
    let shipped = |text: &str, html: &str| ends(&[(text, Some(html))], "shipped");
    shipped(&format!("Shipped today.\nTracking: {T1}"), &rich);
    shipped(
        &format!("Shipped today.\nCarrier: UPS\nTracking #: {T1}"),
        &rich,
    );
    for filler in [
        "If you cannot see this message, please enable HTML.",
        "View this email in your browser: https://mail.example/x",
        "Having trouble viewing this email? View it in your browser.\nhttps://mail.example/x",
        "If you are unable to view this message, click here: https://mail.example/x",
    ] {
        shipped(filler, &rich);
    }
    shipped(
        &format!(
            "View this email in your browser: https://mail.example/x\n\nShipped today. UPS {T1}"
        ),
        &rich,
    );
    shipped(
        &format!("Shipped today. UPS {T1}\n\nAnn\nacme.example<https://acme.example>"),
        &format!(
            "<p>Shipped today. UPS {T1}</p><p>Ann<br><a href='https://acme.example'>acme.example</a></p>"
        ),
    );
    shipped(
        &format!("Shipped today. UPS {T1}\n\nAnn\nacme.example<https://acme.example>"),
        &format!("<p>Shipped today. UPS {T1}</p><p>Ann</p>"),
    );
    shipped(
        &format!("PO SKU Qty Tracking\nW1-1 BF63-12163 1 {T1}\n"),
        &table,
    );
    shipped(
        &format!(
            "Your order shipped.\n\nPO   SKU         Qty  Tracking\n\nW1-1 BF63-12163  1   {T1}\n"
        ),
        &format!("<p>Your order shipped.</p>{table}"),
    );
    shipped(
        &format!("Your order shipped.\n\nPO\nSKU\nQty\nTracking\nW1-1\nBF63-12163\n1\n{T1}\n"),
        &format!("<p>Your order shipped.</p>{table}"),
    );
}

#[test]
fn another_number_day_quantity_or_no_is_held() {
    let rich = format!("<p>Shipped today. UPS {T1}</p>");
    let table = TABLE.replace("NUMBER", T1);
    for (text, html) in [
        (format!("Shipped today.\nTracking: {T2}"), &rich),
        (format!("Not shipped today.\nTracking: {T1}"), &rich),
        (format!("Shipped yesterday.\nTracking: {T1}"), &rich),
        (format!("Shipped today.\nReturn tracking: {T1}"), &rich),
        (format!("Shipped today.\nTracking: {T1} (void)"), &rich),
        (format!("Shipped 2 today.\nTracking: {T1}"), &rich),
        (
            "If you cannot see this message, please enable HTML. Do not ship.".to_owned(),
            &rich,
        ),
        (
            "View this email in your browser: https://mail.example/x\nWe cannot ship this."
                .to_owned(),
            &rich,
        ),
        (
            format!("PO SKU Qty Tracking\nW1-1 BF63-12163 2 {T1}\n"),
            &table,
        ),
        (
            format!("PO SKU Qty Tracking\nW1-1 BF63-12163 1 {T2}\n"),
            &table,
        ),
        (
            format!("PO SKU Qty Tracking\nW1-1 BF63-12163 1 {T1}\nThese are backordered.\n"),
            &table,
        ),
        (
            format!("PO\nSKU\nQty\nTracking\nW1-1\nBF63-12163\n0\n{T1}\n"),
            &table,
        ),
    ] {
        ends(&[(&text, Some(html))], "sent");
    }
}

const SIGNED: &str = "\n\nBob Miller\nAcme Home Goods\n1200 Ridge Rd, Portland, ME 04101\n(503) 555-0100 ext. 12\nbob@acme.example | www.acme.example\n";

#[test]
fn a_signature_without_a_courtesy_is_no_riddle() {
    let shipped = format!("Shipped today. UPS {T1}");
    for signed in [
        SIGNED,
        "\n\nBob Miller\nSales Manager\nAcme Home Goods, Inc.\n1200 Ridge Road, Suite 4\nPortland, ME 04101\nPhone: (503) 555-0100\nFax: (503) 555-0101\nbob@acme.example\nwww.acme.example\n",
        "\n\nBob Miller | Acme Home Goods\nT 503-555-0100 | F 503-555-0101\nbob@acme.example\n",
        "\n\nBob\nP.O. Box 12, Portland ME 04101\n503.555.0100\n",
    ] {
        ends(&[(&format!("Confirmed.{signed}"), None)], "acknowledged");
        ends(&[(&format!("{shipped}{signed}"), None)], "shipped");
    }
}

#[test]
fn what_only_looks_like_one_is_read() {
    for signed in [
        // goods, charges, a recipient, days, a refusal among the lines
        "\n\nBob Miller\nAcme Home Goods\nFreight $45.00\n(503) 555-0100\n",
        "\n\nBob Miller\nKettle, red\n(503) 555-0100\n",
        "\n\nShip to:\nJohn Smith\n12 Main St, Dayton, OH 45402\n(503) 555-0100\n",
        "\n\nSent to John Smith\n12 Main St, Dayton, OH 45402\n",
        "\n\nBob Miller\nNot before 12/24\n(503) 555-0100\nbob@acme.example\n",
        "\n\nBob Miller\n2 of 3\n(503) 555-0100\nbob@acme.example\n",
        "\n\nBob Miller\nAcme Home Goods\n1200 Ridge Rd, Portland, ME 04101\nNew account 12345678\n(503) 555-0100\n",
        "\n\nCall me before shipping\n(503) 555-0100\nbob@acme.example\n",
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        let to = dock.reply_address("W1-1");
        dock.mail_to(
            &to,
            "Re: Purchase order W1-1",
            &format!("Confirmed.{signed}"),
            None,
        );
        dock.run();
        assert_eq!(dock.po_state("W1-1"), "sent", "{signed}");
        assert!(!dock.open().is_empty(), "{signed}");
    }
}

#[test]
fn courtesies_and_a_bill_after_the_answer_are_noted() {
    let shipped = format!("Shipped today. UPS {T1}");
    for said in [
        "Thanks!",
        "You're welcome.",
        "Have a great day!",
        "Thank you, have a nice weekend!",
        "Invoice attached.",
        "Please see the invoice attached.",
        "Please find our invoice attached. Thanks!",
        "Thanks!\n\nBob Miller\nAcme Home Goods",
    ] {
        ends(&[(&shipped, None), (said, None)], "shipped");
        ends(&[("Confirmed.", None), (said, None)], "acknowledged");
    }
    for said in [
        "Thanks, but we cannot.",
        "You're welcome to cancel.",
        "Thanks! Ships 6/20.",
        "Invoice attached. Price is 70.00.",
        "Thanks?",
    ] {
        let (open, _) = after(&[(&shipped, None), (said, None)]);
        assert_eq!(open, ["vendor_mail"], "{said}");
    }
    // before any answer it is a receipt, and none: the vendor is asked when its time is over
    let (open, state) = after(&[("Thanks!", None)]);
    assert_eq!((open.len(), state.as_str()), (0, "sent"));
}
