//! Where a vendor says that its money goes: a footer is known again, and a change, an account or words
//! of change are an alarm, in whatever paper they stand.

use super::{Dock, T1};

const FOOTER: &str = "Remit to: Acme Home Goods\nPO Box 8812\nPortland ME 04104";
const ALARM: &str = "remit_to_changed";

/// A site with so many orders placed, and what is to be decided about each mail.
fn site(orders: usize) -> Dock {
    let dock = Dock::new();
    for number in 1..=orders {
        dock.order(&format!("W{number}"), &[("BF63-12163", 1)]);
    }
    dock
}

/// A vendor's plain answer to an order with a footer; the codes that are open then.
fn answer(dock: &Dock, order: usize, footer: &str) -> Vec<String> {
    let subject = format!("Re: Purchase order W{order}-1");
    dock.acme(
        &subject,
        &format!("Confirmed.\n\nThanks,\nAnn\n\n{footer}\n"),
    );
    dock.run();
    dock.open()
}

#[test]
fn a_standing_footer_is_no_alarm_and_its_change_is() {
    let dock = site(6);
    assert_eq!(answer(&dock, 1, FOOTER), Vec::<String>::new());
    assert_eq!(answer(&dock, 2, FOOTER), Vec::<String>::new());
    // other line breaks are no change
    let flat = FOOTER.replace('\n', ", ");
    assert_eq!(answer(&dock, 3, &flat), Vec::<String>::new());
    let moved = FOOTER.replace("8812", "9913");
    assert_eq!(answer(&dock, 4, &moved), [ALARM]);
    let id = dock.exception(ALARM);
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(
        case.contains("9913") && case.contains("--release"),
        "{case}"
    );
    // while a person is asked, the same words are not asked about twice
    assert_eq!(answer(&dock, 5, &moved), [ALARM]);
    let said = dock.resolve(ALARM, &["--release"]);
    assert!(said.contains("no alarm"), "{said}");
    assert_eq!(answer(&dock, 6, &moved), Vec::<String>::new());
    dock.verify();
}

/// It is read where no courtesy parts it from the answer, too, once it is known; what stands among its
/// lines is not lost.
#[test]
fn a_known_footer_is_not_in_the_way_of_an_answer() {
    let dock = site(6);
    let bare = |order: usize, footer: &str| {
        let subject = format!("Re: Purchase order W{order}-1");
        dock.acme(&subject, &format!("Confirmed.\n\n{footer}\n"));
        dock.run();
        (dock.po_state(&format!("W{order}-1")), dock.open())
    };
    let asked = |open: &[&str]| {
        (
            "sent".to_owned(),
            open.iter().map(|one| (*one).to_owned()).collect(),
        )
    };
    let yes = ("acknowledged".to_owned(), Vec::<String>::new());
    assert_eq!(
        bare(1, FOOTER),
        asked(&["vendor_mail"]),
        "nobody has seen it before"
    );
    dock.resolve("vendor_mail", &["--dismiss"]);
    assert_eq!(bare(2, FOOTER), yes);
    assert_eq!(bare(3, &FOOTER.replace('\n', ", ")), yes);
    let among = format!("{FOOTER}\nbut only one can be shipped");
    assert_eq!(bare(4, &among), asked(&[ALARM, "vendor_mail"]));
    dock.resolve(ALARM, &["--release"]);
    dock.resolve("vendor_mail", &["--dismiss"]);
    assert_eq!(
        bare(5, &among),
        asked(&["vendor_mail"]),
        "accepted as a place, not as an answer"
    );
    dock.resolve("vendor_mail", &["--dismiss"]);
    let below = format!("{FOOTER}\n\nOnly one can be shipped.");
    assert_eq!(bare(6, &below), asked(&["vendor_mail"]));
    dock.verify();
}

#[test]
fn what_was_not_accepted_is_an_alarm_again() {
    let dock = site(3);
    let account = "Remit to: First Harbor Bank, routing 011000015, account 55512399";
    assert_eq!(
        answer(&dock, 1, account),
        [ALARM],
        "an account at the first"
    );
    dock.resolve(ALARM, &["--dismiss"]);
    assert_eq!(answer(&dock, 2, account), [ALARM]);
    dock.resolve(ALARM, &["--release"]);
    assert_eq!(answer(&dock, 3, account), Vec::<String>::new());
    dock.verify();
}

#[test]
fn words_of_change_are_an_alarm_at_the_first_appearance() {
    let dock = site(4);
    for (order, footer) in [
        "We have moved.\nRemit to: PO Box 9, Reno NV",
        "New remit to: PO Box 9, Reno NV 89501",
        "Effective immediately remit to: PO Box 7, Reno NV",
        "Please note: make checks payable to Harbor Factors",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(answer(&dock, order + 1, footer), [ALARM], "{footer}");
        dock.resolve(ALARM, &["--dismiss"]);
    }
}

/// One vendor's footer is nothing to another's.
#[test]
fn footers_are_each_vendors_own() {
    let dock = site(1);
    dock.order("H1", &[("GD20-00020", 1)]);
    assert_eq!(answer(&dock, 1, FOOTER), Vec::<String>::new());
    let blue = FOOTER.replace("8812", "77");
    dock.mail(
        "Bo <bo@blueridge.example>",
        "blueridge.example",
        "Re: Purchase order H1-1",
        &format!("Confirmed.\n\nThanks,\nBo\n\n{blue}\n"),
        None,
    );
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
}

/// Attached text, a table's cell, a mail that is passed on, a file by hand, a bill's memo.
#[test]
fn every_paper_is_read() {
    let account = "Our bank has changed: IBAN DE89370400440532013000";
    let row = format!("po,sku,qty,tracking,note\nW1-1,BF63-12163,1,{T1},\"{account}\"\n");
    for (name, file, mime) in [
        ("notice.txt", format!("{account}\n"), "text/plain"),
        ("notice.htm", format!("<p>{account}</p>"), "text/html"),
        ("ship.csv", row.clone(), "text/csv"),
        (
            "fwd.eml",
            format!("From: boss@acme.example\nSubject: bank\n\n{account}\n"),
            "message/rfc822",
        ),
    ] {
        let dock = site(1);
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            "Re: Purchase order W1-1",
            "Please see attached.\n",
            Some(&file),
        );
        dock.last_mail(|mail| mail.replace("text/csv", mime).replace("a.csv", name));
        dock.run();
        assert!(
            dock.open().contains(&ALARM.to_owned()),
            "{name}: {:?}",
            dock.open()
        );
        dock.verify();
    }
    let dock = site(1);
    dock.import("ship.csv", &row, &["--vendor", "ACME"]);
    // and the note stops its row, which a person may have acted on all the same
    assert_eq!(dock.open(), ["advice_unclear", ALARM]);
    dock.resolve("advice_unclear", &["--release"]);
    dock.resolve(ALARM, &["--dismiss"]);
    let bill = |number: &str| {
        format!(
            "vendor,invoice_number,invoice_date,po_number,amount,memo\nAcme Home Goods,{number},2025-06-02,W1-1,61.50,\"{account}\"\n"
        )
    };
    dock.desk.file("bill.csv", bill("A-1").as_bytes());
    dock.desk.run(&["import-invoices", "bill.csv"]).ok();
    assert!(dock.open().contains(&ALARM.to_owned()), "{:?}", dock.open());
    dock.resolve(ALARM, &["--release"]);
    dock.verify();
    dock.desk.file("bill2.csv", bill("A-2").as_bytes());
    dock.desk.run(&["import-invoices", "bill2.csv"]).ok();
    assert!(
        !dock.open().contains(&ALARM.to_owned()),
        "{:?}",
        dock.open()
    );
}

/// Goods that are called so, days off, and a courier's account.
#[test]
fn what_only_sounds_like_it_is_no_alarm() {
    let dock = site(1);
    let csv = format!("po,sku,description,qty,tracking\nW1-1,BF63-12163,Swift Power Bank,1,{T1}\n");
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Re: Purchase order W1-1",
        "Please see attached.\n",
        Some(&csv),
    );
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.show("W1")["state"], "shipped");
}

#[test]
fn the_alarm_outlives_the_order_of_the_mail() {
    let dock = site(1);
    let account = "Remit to: First Harbor Bank, routing 011000015, account 55512399";
    assert_eq!(answer(&dock, 1, account), [ALARM]);
    let words = ["order", "cancel", "W1", "--note", "changed her mind"];
    let said = dock.desk.run(&words).ok().stdout;
    let id = dock.exception(ALARM);
    assert!(
        said.contains(&format!("Exception {id} ({ALARM}) stays open")),
        "{said}"
    );
    dock.verify();
}

/// A subject, the text of a picture, a quote that nobody wrote, the name of a file, other languages.
#[test]
fn no_corner_of_a_mail_hides_it() {
    let subject = "Re: Purchase order W1-1";
    let quote = "On Mon, Jun 2, 2025 at 9:00 AM Example Shop wrote:\n> Please pay to our new account 12345678\n";
    let outlook = "From: Example Shop\nSent: Monday, June 2, 2025\nTo: Ann\nSubject: PO\n\nOur new bank is Harbor, account 12345678\n";
    for (subject, text) in [
        (&*format!("{subject} - NEW BANK DETAILS"), "Confirmed.\n"),
        (subject, &*format!("Confirmed.\n\n{quote}")),
        (subject, &*format!("Confirmed.\n\n{outlook}")),
        (subject, "Confirmed. Nuestra cuenta bancaria ha cambiado.\n"),
        (subject, "Confirmed. Unsere Bankverbindung ist neu.\n"),
        (
            subject,
            "Confirmed.\nWe have moved to a new lockbox: PO Box 9, Reno NV.\n",
        ),
    ] {
        let dock = site(1);
        dock.acme(subject, text);
        dock.run();
        assert!(
            dock.open().contains(&ALARM.to_owned()),
            "{subject}: {text}: {:?}",
            dock.open()
        );
        dock.verify();
    }
    let dock = site(1);
    dock.acme(
        subject,
        "<p>Confirmed.</p><img alt='Our bank account has changed to 12345678' src=x>",
    );
    dock.last_mail(|mail| mail.replace("text/plain", "text/html"));
    dock.run();
    assert_eq!(dock.open(), [ALARM]);
}

/// What poms itself wrote, and what the vendor writes below every mail, are no news in a quote.
#[test]
fn a_true_quote_is_no_alarm() {
    let dock = Dock::with("");
    let file = dock.desk.path("poms.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let terms = "[site]\npo_terms = \"We never accept new bank details by mail.\"";
    dock.desk
        .file("poms.toml", text.replacen("[site]", terms, 1).as_bytes());
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("BF63-12163", 1)]);
    assert_eq!(answer(&dock, 1, FOOTER), Vec::<String>::new());
    let sent = dock.desk.mails_to("orders@acme.example").pop().unwrap();
    assert!(sent.text().contains("new bank details"), "{}", sent.text());
    let below = format!("{}\n{FOOTER}\n", sent.text());
    let quoted: String = below.lines().map(|line| format!("> {line}\n")).collect();
    let text = format!("Confirmed.\n\nOn Mon, Jun 2, 2025 at 9:00 AM Shop wrote:\n{quoted}");
    dock.acme("Re: Purchase order W2-1", &text);
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.po_state("W2-1"), "acknowledged");
    dock.verify();
}

/// A file that poms does not read stands on the order beside the yes; one by a telling name is an alarm.
#[test]
fn files_beside_a_yes_are_named() {
    for (name, alarm) in [("invoice.pdf", false), ("W9.pdf", true)] {
        let dock = site(1);
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            "Re: Purchase order W1-1",
            "Confirmed.\n",
            Some("%PDF-1.7 and more"),
        );
        dock.last_mail(|mail| {
            mail.replace("text/csv", "application/pdf")
                .replace("a.csv", name)
        });
        dock.run();
        assert_eq!(dock.po_state("W1-1"), "acknowledged");
        let open = if alarm { vec![ALARM] } else { vec![] };
        assert_eq!(dock.open(), open, "{name}");
        let shown = dock.desk.run(&["order", "show", "W1"]).ok().stdout;
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("with what poms did not read attached") && flat.contains(name),
            "{shown}"
        );
        dock.verify();
    }
}

/// What no reader sees is written by somebody all the same.
#[test]
fn what_is_not_seen_is_read() {
    let rich = |html: &str| {
        let dock = site(1);
        dock.acme("Re: Purchase order W1-1", "Confirmed.\n");
        dock.last_mail(|mail| {
            let (head, _) = mail.split_once("Content-Type:").unwrap();
            format!("{head}Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n")
        });
        dock.run();
        dock.verify();
        dock.open()
    };
    for html in [
        "<html><head><title>New bank details</title></head><body><p>Confirmed.</p></body></html>",
        "<p>Confirmed.</p><title>New bank details</title>",
        "<p>Confirmed.</p><!-- our new account is 12345678 -->",
        "<p>Confirmed.</p><p style='display:none'>Our new account is 12345678</p>",
        "<p>Confirmed.</p><p style='font-size:1px;color:white'>Our new account is 12345678</p>",
        "<p>Confirmed.</p><p hidden>Please remit to Harbor Factors</p>",
        "<style>.x{display:none}</style><p>Confirmed.</p><p class=x>Please pay to account 12345678</p>",
        "<p>Confirmed.</p><img alt='Our bank has changed: IBAN DE89370400440532013000' src=x>",
        "<p>Confirmed.</p><template>Our new account is 12345678</template>",
        "<p>Confirmed.</p><noscript>Our new account is 12345678</noscript>",
        "<p>Confirmed.</p><script>Our new account is 12345678</script>",
        "<style>p:after{content:'Our new account is 12345678'}</style><p>Confirmed.</p>",
        "<p>Confirmed.</p><input placeholder='Our new account is 12345678'>",
        "<head><meta name=description content='Our new account is 12345678'></head><p>Confirmed.</p>",
        "<p>Confirmed.</p><p style='display:none'>Our new b&#8203;ank acc&shy;ount is 12345678</p>",
    ] {
        let open = rich(html);
        assert!(open.contains(&ALARM.to_owned()), "{html}: {open:?}");
    }
    for html in [
        "<html><head><title>Purchase order W1-1</title><style>.bank{color:red} #payment-to{}</style></head><body><p>Confirmed.</p></body></html>",
        "<!--[if mso]><xml><o:OfficeDocumentSettings/></xml><![endif]--><p>Confirmed.</p>",
        "<p>Confirmed.</p><p style='display:none'>Acme Home Goods since 1921</p>",
    ] {
        let open = rich(html);
        assert!(!open.contains(&ALARM.to_owned()), "{html}: {open:?}");
    }
}
