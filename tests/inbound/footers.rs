//! An order whose mail got a footer from a gateway: held, and let in by a person or by configuration;
//! what stands outside the encrypted object is never used.

use super::*;
use poms::intake::openpgp::make;

fn sealed(desk: &TestDesk) -> String {
    let order = TestDesk::plain_order("W200001").to_string();
    let now = desk.moment();
    let sealed = make::seal(
        order.as_bytes(),
        desk.webshop_key(),
        &[desk.shop_key()],
        now,
    );
    String::from_utf8(sealed.unwrap()).unwrap()
}

const HEAD: &str = "From: Web Shop <web@shop.example>\nTo: orders@shop.example\nSubject: order\n\
                    Message-ID: <g1@shop.example>\nMIME-Version: 1.0\n";

/// The shapes that gateways make of an encrypted mail.
fn shapes(object: &str) -> Vec<(&'static str, String)> {
    let footer =
        "--o1\nContent-Type: text/plain\n\n{\"order_number\": \"EVIL\"} This mail was scanned.\n";
    let whole = format!(
        "--o1\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"i1\"\n\n\
         --i1\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--i1\n\
         Content-Type: application/octet-stream; name=\"encrypted.asc\"\n\n{object}\n--i1--\n"
    );
    let mixed = "Content-Type: multipart/mixed; boundary=\"o1\"\n\n";
    let plain = "Content-Type: text/plain\n\n";
    vec![
        ("before", format!("{HEAD}{mixed}{footer}{whole}--o1--\n")),
        ("behind", format!("{HEAD}{mixed}{whole}{footer}--o1--\n")),
        (
            "inline",
            format!("{HEAD}{plain}{object}\n-- \nThis mail was scanned.\n"),
        ),
        (
            "banner",
            format!("{HEAD}{plain}CAUTION: from outside.\n\n{object}\n"),
        ),
        (
            "html",
            format!(
                "{HEAD}{mixed}{whole}--o1\nContent-Type: text/html\n\n<p>scanned</p>\n--o1--\n"
            ),
        ),
    ]
}

#[test]
fn a_person_lets_it_in_once_and_nothing_outside_is_used() {
    for place in 0..5 {
        let desk = desk("");
        let (name, mail) = shapes(&sealed(&desk)).swap_remove(place);
        desk.raw_mail(mail.as_bytes());
        process(&desk);
        assert_eq!(codes(&desk), ["mixed_content"], "{name}");
        let id = exceptions(&desk)[0]["id"].to_string();
        let shown = desk.run(&["exceptions", "show", &id]).ok().stdout;
        assert!(
            shown.contains("--release") && shown.contains("footers_from"),
            "{shown}"
        );
        let said = resolve(&desk, "mixed_content", &["--release"]);
        assert!(said.contains("order W200001 is placed"), "{name}: {said}");
        assert_eq!(message(&desk)["state"], "accepted", "{name}");
        process(&desk);
        assert_eq!(desk.mails_to("orders@acme.example").len(), 1, "{name}");
        // a second copy of the order is one
        desk.order(&TestDesk::plain_order("W200001"));
        process(&desk);
        assert_eq!(message(&desk)["state"], "duplicate", "{name}");
    }
}

#[test]
fn a_named_sender_is_let_in_for_good_and_another_is_not() {
    for (sender, state) in [
        ("web@shop.example", "accepted"),
        ("other@shop.example", "held"),
    ] {
        for place in 0..5 {
            let desk = desk(&format!(
                "[intake]\nfooters_from = [\"{}\"]",
                sender.to_uppercase()
            ));
            let (name, mail) = shapes(&sealed(&desk)).swap_remove(place);
            desk.raw_mail(mail.as_bytes());
            process(&desk);
            assert_eq!(message(&desk)["state"], state, "{name}");
        }
    }
}

#[test]
fn every_other_check_stays() {
    let desk = desk("[intake]\nfooters_from = [\"web@shop.example\"]");
    let object = sealed(&desk);
    let two = format!("{HEAD}Content-Type: text/plain\n\n{object}\nand\n{object}\n");
    desk.raw_mail(two.as_bytes());
    let now = desk.moment();
    let order = TestDesk::plain_order("W200002").to_string();
    let foreign = make::seal(order.as_bytes(), desk.shop_key(), &[desk.shop_key()], now).unwrap();
    let foreign = String::from_utf8(foreign).unwrap();
    desk.raw_mail(shapes(&foreign)[1].1.replace("g1@", "g2@").as_bytes());
    desk.raw_mail(
        shapes(&object)[3]
            .1
            .replace("-----END PGP MESSAGE-----", "")
            .as_bytes(),
    );
    process(&desk);
    let mut found = codes(&desk);
    found.sort();
    assert_eq!(
        found,
        ["mixed_content", "mixed_content", "untrusted_signer"]
    );
    for row in exceptions(&desk)
        .iter()
        .filter(|row| row["code"] == "mixed_content")
    {
        let id = row["id"].to_string();
        desk.run(&["exceptions", "resolve", &id, "--release", "--note", "x"])
            .fails(1, &["cannot be let in"]);
    }
    assert!(get(&desk, &["order", "list"], "orders").is_empty());
}
