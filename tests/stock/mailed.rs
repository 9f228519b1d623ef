//! Lists attached to a vendor's own mails, proved by its domain's signature: what they change, what holds them, and
//! what else such a mail says.

use super::feed::{list, shelf};
use super::*;

const MAILS: &str = "[intake]\nauthserv_id = \"mx.shop.example\"\n[[mailbox]]\nname = \"vendors\"\nkind = \"maildir\"\n\
                     path = \"mail/vendors\"\npurpose = \"vendors\"\n\
                     [[stock_mail]]\nstock_of = \"acme\"\nsubject = \"Daily Inventory\"\n";

/// A site that takes ACME's lists by mail.
fn mailed() -> Shelf {
    let shelf = shelf();
    for place in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(shelf.desk.path(&format!("mail/vendors/{place}"))).unwrap();
    }
    shelf.desk.config(MAILS);
    shelf
}

/// A mail of these files, signed by a domain as our own mail server saw.
fn mail(
    shelf: &Shelf,
    (number, domain, subject): (u32, &str, &str),
    text: &str,
    files: &[(&str, &str)],
) {
    let date = shelf.desk.moment().to_rfc2822();
    let mut mail = format!(
        "Authentication-Results: mx.shop.example; dkim=pass header.d={domain}\r\nAuto-Submitted: auto-generated\r\n\
         From: Acme stock robot <orders@acme.example>\r\nTo: orders@shop.example\r\nSubject: {subject}\r\nDate: {date}\r\n\
         Message-ID: <s{number}@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
    );
    for (name, bytes) in files {
        mail.push_str(&format!(
            "--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}\r\n",
            bytes.replace('\n', "\r\n")
        ));
    }
    mail.push_str("--b--\r\n");
    let name = format!("mail/vendors/new/{number:06}.v");
    shelf.desk.file(&name, mail.as_bytes());
    shelf.desk.run(&["process"]).done();
}

const SUBJECT: &str = "ACME daily inventory 06/02";

#[test]
fn a_list_in_a_proved_mail_counts_and_what_it_says_beside_is_told_once() {
    let shelf = mailed();
    let said = shelf.desk.run(&["check"]).ok().stdout;
    assert!(
        said.contains("tables in proved mails with \"daily inventory\""),
        "{said}"
    );
    mail(
        &shelf,
        (1, "acme.example", SUBJECT),
        "Inventory as of Monday, June 2, 2025.",
        &[("inv.csv", &list(3))],
    );
    assert_eq!(shelf.available("ACME"), 3);
    let open = shelf.open();
    assert_eq!(
        (open.len(), open[0].1.as_str()),
        (1, "vendor_mail"),
        "{open:?}"
    );
    assert!(open[0].2.contains("beside its list"), "{open:?}");
    let screen = shelf
        .desk
        .run(&["exceptions", "show", &open[0].0])
        .ok()
        .stdout;
    assert!(screen.contains("--dismiss"), "{screen}");
    let dismiss = [
        "exceptions",
        "resolve",
        &open[0].0,
        "--dismiss",
        "--note",
        "each day",
    ];
    shelf.desk.run(&dismiss).ok();
    shelf.desk.now("2025-06-03T14:00:00Z");
    mail(
        &shelf,
        (2, "acme.example", SUBJECT),
        "Inventory as of Tuesday, June 3, 2025.",
        &[("inv.csv", &list(5))],
    );
    assert_eq!(shelf.available("ACME"), 5);
    assert_eq!(shelf.open(), []);
    shelf.desk.now("2025-06-04T14:00:00Z");
    mail(
        &shelf,
        (3, "acme.example", SUBJECT),
        "We are closed from June 9 on.",
        &[("inv.csv", &list(4))],
    );
    assert_eq!(shelf.available("ACME"), 4);
    assert!(
        shelf.open()[0].2.contains("closed from June 9"),
        "{:?}",
        shelf.open()
    );
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn nobody_but_the_vendor_brings_its_list_and_an_old_mail_brings_it_once() {
    let shelf = mailed();
    let today = list(3);
    mail(
        &shelf,
        (1, "acme.example", SUBJECT),
        "",
        &[("inv.csv", &today)],
    );
    // a stranger's signature, another subject, no table
    mail(
        &shelf,
        (2, "evil.example", SUBJECT),
        "",
        &[("inv.csv", &list(900))],
    );
    mail(
        &shelf,
        (3, "acme.example", "Our prices"),
        "",
        &[("inv.csv", &list(900))],
    );
    mail(&shelf, (4, "acme.example", SUBJECT), "No list today.", &[]);
    assert_eq!(shelf.available("ACME"), 3);
    shelf.desk.now("2025-06-03T14:00:00Z");
    mail(
        &shelf,
        (5, "acme.example", SUBJECT),
        "",
        &[("inv.csv", &list(8))],
    );
    assert_eq!(shelf.available("ACME"), 8);
    // the first once more, by whoever has it
    let old = shelf.desk.run(&["message", "show", "1", "--raw"]).ok();
    assert!(old.stdout.contains("<s1@"), "{}", old.stdout);
    let old = old.stdout.replace("<s1@", "<again@");
    shelf.desk.file("mail/vendors/new/000006.v", old.as_bytes());
    shelf.desk.run(&["process"]).done();
    assert_eq!(shelf.available("ACME"), 8);
    shelf.desk.run(&["verify"]).ok();
    // it stops coming
    shelf.desk.now("2025-06-06T14:00:00Z");
    shelf.desk.run(&["process"]).done();
    let stale = shelf.open().into_iter().find(|row| row.1 == "stock_stale");
    let told = "mails with \"daily inventory\" in their subject brought no list of what ACME has";
    assert!(
        stale.as_ref().is_some_and(|row| row.2.contains(told)),
        "{stale:?}"
    );
}

#[test]
fn an_odd_list_and_one_of_two_wait_and_a_newer_one_ends_both() {
    let shelf = mailed();
    mail(
        &shelf,
        (1, "acme.example", SUBJECT),
        "",
        &[("inv.csv", &list(9))],
    );
    shelf.desk.now("2025-06-03T09:00:00Z");
    let half = "sku,qty,cost\nAC-12163,1,99.00\nAC-00010,6,14.00\n";
    mail(
        &shelf,
        (2, "acme.example", SUBJECT),
        "",
        &[("inv.csv", half)],
    );
    shelf.desk.now("2025-06-03T10:00:00Z");
    mail(
        &shelf,
        (3, "acme.example", SUBJECT),
        "",
        &[("a.csv", &list(2)), ("b.csv", &list(1))],
    );
    let open = shelf.open();
    let codes: Vec<&str> = open.iter().map(|row| row.1.as_str()).collect();
    assert_eq!(codes, ["stock_odd", "stock_unread"], "{open:?}");
    assert!(open[1].2.contains("2 tables (a.csv, b.csv)"), "{open:?}");
    assert_eq!(shelf.available("ACME"), 9);
    let release = [
        "exceptions",
        "resolve",
        &open[0].0,
        "--release",
        "--note",
        "they rang",
    ];
    let said = shelf.desk.run(&release).ok().stdout;
    assert!(said.contains("costs 99.00 now"), "{said}");
    assert_eq!(shelf.available("ACME"), 1);
    // taking it in ended what was older, not the mail of an hour later
    shelf.desk.now("2025-06-04T09:00:00Z");
    mail(
        &shelf,
        (4, "acme.example", SUBJECT),
        "",
        &[("inv.csv", &list(7))],
    );
    let left = shelf.open();
    assert!(!left.iter().any(|row| row.1 == "stock_unread"), "{left:?}");
    shelf.desk.run(&["verify"]).ok();
}
