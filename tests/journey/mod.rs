//! The whole way with real parts: orders made by GnuPG lie in a Maildir; poms; a Postfix that wants
//! STARTTLS and a login; Dovecot's LMTP; the vendors' and customers' mailboxes. What lies there is
//! read back by other programs.

use crate::support::desk::TestDesk;
use crate::support::gpg::Gpg;
use crate::support::lab::CLOCK;
use crate::support::postfix::{PASSWORD, Postfix};
use crate::support::scene;
use mail_parser::{MessageParser, MimeHeaders};
use poms::intake::openpgp::make;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

/// One order of each kind of key, each of two vendors' goods.
fn orders() -> [(&'static str, Value); 2] {
    let order = |number: &str, name: &str, email: &str| {
        let mut order = TestDesk::plain_order(number);
        order["customer"] = json!({"name": name, "email": email, "phone": "859-589-9227"});
        order["ship_to"]["name"] = json!(name);
        order["lines"] = json!([
            {"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"},
            {"sku": "KT10-00010", "qty": 1, "unit_price": "29.90"},
            {"sku": "GD20-00020", "qty": 2, "unit_price": "39.00"},
        ]);
        order["shipping"] = json!("7.77");
        order["total"] = json!("440.36");
        order
    };
    [
        (
            "rsa3072",
            order("W200001", "César Bustos", "cesar@mail.example"),
        ),
        (
            "ed25519",
            order("W200002", "Łukasz Wójcik", "lukasz@mail.example"),
        ),
    ]
}

/// The site, its keys and its mail made by GnuPG.
fn site(postfix: &Postfix) -> TestDesk {
    let desk = TestDesk::stocked();
    let gpg = Gpg::at(CLOCK);
    for (kind, order) in orders() {
        let (shop, webshop) = (format!("shop-{kind}"), format!("webshop-{kind}"));
        gpg.key(&shop, kind, "never", "open sesame");
        gpg.key(&webshop, kind, "never", "");
        desk.file(
            &format!("keys/{shop}.asc"),
            &gpg.secret(&shop, "open sesame"),
        );
        desk.file(&format!("keys/{webshop}.asc"), &gpg.public(&webshop));
        let entity = make::json_entity(&order.to_string());
        let sealed = gpg.run(&["-a", "-u", &webshop, "-r", &shop, "-s", "-e"], &entity);
        desk.sealed_mail(&sealed);
    }
    desk.file("keys/passphrase", b"open sesame\n");
    desk.file("keys/smtp.password", PASSWORD.as_bytes());
    desk.file("keys/ca.pem", &std::fs::read(postfix.ca()).unwrap());
    let email = format!(
        "kind = \"smtp\"\nhost = \"localhost\"\nport = {}\nsecurity = \"starttls\"\n\
         user = \"shop\"\npassword_file = \"keys/smtp.password\"\nca_file = \"keys/ca.pem\"",
        postfix.port
    );
    let config = scene::config(&email, "")
        .replace("\"keys/shop.sec.asc\"", "\"keys/shop-rsa3072.asc\", \"keys/shop-ed25519.asc\"")
        .replace(
            "[\"keys/webshop.pub.asc\"]",
            "[\"keys/webshop-rsa3072.asc\", \"keys/webshop-ed25519.asc\"]\npassphrase_file = \"keys/passphrase\"",
        );
    desk.file("poms.toml", config.as_bytes());
    desk
}

fn pdftotext(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is installed");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap()
}

/// A vendor's mail: the words of its body, PDF and CSV, and the rows of the CSV.
struct Paper {
    subject: String,
    body: String,
    pdf: String,
    csv: String,
    rows: Vec<BTreeMap<String, String>>,
}

fn paper(raw: &str) -> Paper {
    let mail = MessageParser::default().parse(raw).expect("a mail");
    let attachment = |ending: &str| -> Vec<u8> {
        let part = mail.attachments().find(|part| {
            part.attachment_name()
                .is_some_and(|name| name.ends_with(ending))
        });
        part.unwrap_or_else(|| panic!("no {ending}"))
            .contents()
            .to_vec()
    };
    let csv = String::from_utf8(attachment(".csv")).unwrap();
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.deserialize().map(Result::unwrap).collect();
    Paper {
        subject: mail.subject().unwrap().to_owned(),
        body: mail.body_text(0).unwrap().into_owned(),
        pdf: pdftotext(&attachment(".pdf")),
        csv,
        rows,
    }
}

/// What the customer paid, in whole or in part: nothing that a vendor may see.
const CUSTOMERS: [&str; 8] = [
    "108.23", "324.69", "29.90", "39.00", "78.00", "7.77", "440.36", "354.59",
];

fn check_paper(paper: &Paper, name: &str, numbers: &[&str], words: &[&str]) {
    let number = numbers
        .iter()
        .find(|number| paper.subject.contains(*number));
    let number = number.unwrap_or_else(|| panic!("no PO number in '{}'", paper.subject));
    for text in [&paper.body, &paper.pdf, &paper.csv] {
        for word in words
            .iter()
            .chain([number, &"49996 Gary Forks Apt. 388", &"65367"])
        {
            assert!(text.contains(word), "no '{word}' in:\n{text}");
        }
        for price in CUSTOMERS {
            assert!(!text.contains(price), "the customer's {price} in:\n{text}");
        }
    }
    for text in [&paper.body, &paper.pdf] {
        assert!(text.contains(name), "no '{name}' in:\n{text}");
        assert!(!text.contains("@mail.example"), "the customer's address");
    }
}

fn count(rows: &[BTreeMap<String, String>], key: &str) -> Vec<String> {
    let values = rows
        .iter()
        .map(|row| row.get(key).unwrap_or_else(|| panic!("no {key}: {row:?}")));
    values.cloned().collect()
}

#[test]
fn from_gpg_by_postfix_into_the_mailboxes() {
    let domains = "acme.example, blueridge.example, mail.example, shop.example";
    let Some(postfix) = Postfix::with_mailboxes(domains) else {
        return;
    };
    let desk = site(&postfix);
    assert_eq!(desk.run(&["process"]).ok().stdout, "");
    let names = [("W200001", "César Bustos"), ("W200002", "Łukasz Wójcik")];

    vendors(&postfix, &names);
    for ((order, name), address) in names
        .iter()
        .zip(["cesar@mail.example", "lukasz@mail.example"])
    {
        let mails = postfix.mailbox(address, 1);
        assert_eq!(
            mails.len(),
            1,
            "an order placed is one mail to its customer"
        );
        check_customers(&mails[0], order, name);
    }
    assert_eq!(scene::problems(&desk.path("poms.db")), Vec::<String>::new());
}

/// Every purchase order, once, in its vendor's mailbox.
fn vendors(postfix: &Postfix, names: &[(&str, &str); 2]) {
    let mut numbers = Vec::new();
    for raw in postfix.mailbox("orders@acme.example", 2) {
        let paper = paper(&raw);
        let (order, name) = names
            .iter()
            .find(|(order, _)| paper.subject.contains(order))
            .unwrap();
        let number = format!("{order}-1");
        check_paper(
            &paper,
            name,
            &[&number],
            &["AC-12163", "AC-00010", "61.50", "14.00"],
        );
        assert_eq!(count(&paper.rows, "vendor_sku"), ["AC-12163", "AC-00010"]);
        assert_eq!(count(&paper.rows, "qty"), ["3", "1"]);
        assert!(
            paper.pdf.contains("198.50"),
            "the total of the costs:\n{}",
            paper.pdf
        );
        assert!(paper.pdf.contains("1 of 1"), "page x of y:\n{}", paper.pdf);
        check_received(&raw);
        numbers.push(number);
    }
    for raw in postfix.mailbox("po@blueridge.example", 2) {
        let paper = paper(&raw);
        let (order, name) = names
            .iter()
            .find(|(order, _)| paper.subject.contains(order))
            .unwrap();
        let number = format!("{order}-2");
        check_paper(&paper, name, &[&number], &["B-77", "19.25", "38.50"]);
        assert_eq!(count(&paper.rows, "qty"), ["2"]);
        numbers.push(number);
    }
    numbers.sort();
    assert_eq!(
        numbers,
        ["W200001-1", "W200001-2", "W200002-1", "W200002-2"]
    );
}

/// Encrypted on the way and logged in, as the server saw it (RFC 3848).
fn check_received(raw: &str) {
    let mail = MessageParser::default().parse(raw).unwrap();
    let received: Vec<String> = mail
        .headers_raw()
        .filter(|(name, _)| *name == "Received")
        .map(|(_, value)| value.to_owned())
        .collect();
    assert!(
        received.iter().any(|hop| hop.contains("with ESMTPSA")),
        "{received:?}"
    );
}

fn check_customers(raw: &str, order: &str, name: &str) {
    let mail = MessageParser::default().parse(raw).unwrap();
    for (header, value) in mail.headers_raw() {
        for n in 1..=9 {
            assert!(!value.contains(&format!("{order}-{n}")), "{header}:{value}");
        }
    }
    assert!(mail.subject().unwrap().contains(order));
    assert!(mail.body_text(0).unwrap().contains(name));
    assert_eq!(mail.attachment_count(), 0);
    let text = mail.body_text(0).unwrap();
    assert!(!text.contains("61.50") && !text.contains("Acme"), "{text}");
}
