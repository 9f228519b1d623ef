//! What a person sees of a message: its text, decrypted anew, and the files in it.

use super::*;
use std::os::unix::fs::PermissionsExt;

const CSV: &str =
    "po_number,sku,qty,carrier,tracking_number\nW200001-1,BF63-12163,3,UPS,1Z5R89390357567127\n";

fn with_part(to: &str, part: &str) -> Vec<u8> {
    format!(
        "From: ann@acme.example\nTo: {to}\nSubject: shipped\nDate: Mon, 02 Jun 2025 11:00:00 +0000\n\
         Message-ID: <a{}@acme.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b7\"\n\n\
         --b7\nContent-Type: text/plain\n\nThe list is in the file.\n--b7\n{part}\n--b7--\n",
        part.len()
    )
    .into_bytes()
}

fn vendor_address(desk: &TestDesk) -> String {
    header(&mail_to(desk, "orders@acme.example"), "Reply-To")
}

#[test]
fn a_mail_in_a_mail_is_read_however_it_is_labelled() {
    let inner = format!(
        "From: depot@acme.example\nSubject: list\nMIME-Version: 1.0\n\
         Content-Type: text/csv; name=\"list.csv\"\nContent-Disposition: attachment; filename=\"list.csv\"\n\n{CSV}"
    );
    let multi = format!(
        "From: depot@acme.example\nSubject: list\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"c9\"\n\n--c9\nContent-Type: text/plain\n\nSee the list.\n--c9\n\
         Content-Type: text/csv; name=\"list.csv\"\nContent-Disposition: attachment; filename=\"list.csv\"\n\n{CSV}\n--c9--\n"
    );
    let heads = [
        "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=\"list.eml\"",
        "Content-Type: message/rfc822",
        "Content-Type: application/octet-stream; name=\"list.eml\"\nContent-Disposition: attachment; filename=\"list.eml\"",
        "Content-Type: text/plain; name=\"LIST.EML\"\nContent-Disposition: attachment; filename=\"LIST.EML\"",
    ];
    for (place, head) in heads.into_iter().enumerate() {
        for mail in [&inner, &multi] {
            let desk = placed("");
            desk.raw_mail(&with_part(
                &vendor_address(&desk),
                &format!("{head}\n\n{mail}"),
            ));
            process(&desk);
            assert_eq!(po_state(&desk, "W200001-1"), "shipped", "{place} {mail}");
        }
    }
}

#[test]
fn files_that_poms_does_not_read_are_named_and_written_out() {
    for (name, mime, hint) in [
        (
            "ship.xlsx",
            "application/octet-stream",
            "save the right sheet as CSV",
        ),
        ("ship.zip", "application/zip", "unpack it"),
        (
            "winmail.dat",
            "application/ms-tnef",
            "Outlook's own container",
        ),
        ("smime.p7m", "application/pkcs7-mime", "S/MIME"),
        ("invite.ics", "text/calendar", "a calendar"),
        ("../../etc/cron.d/x.pdf", "application/pdf", "look at it"),
    ] {
        let desk = placed("");
        let part = format!(
            "Content-Type: {mime}\nContent-Transfer-Encoding: base64\n\
             Content-Disposition: attachment; filename=\"{name}\"\n\nUEsDBAAB/wo="
        );
        desk.raw_mail(&with_part(&vendor_address(&desk), &part));
        process(&desk);
        assert_eq!(codes(&desk), ["vendor_mail"], "{name}");
        let id = exceptions(&desk)[0]["id"].to_string();
        let number = message(&desk)["id"].to_string();
        let case = desk.run(&["exceptions", "show", &id]).ok().stdout;
        let seen = desk.run(&["message", "show", &number]).ok().stdout;
        let command = format!("poms message attachment {number} 1 -o FILE");
        for shown in [&case, &seen] {
            let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            for words in [name, mime, "8 bytes", hint, &command] {
                assert!(flat.contains(words), "{name}: no '{words}' in {shown}");
            }
        }
        assert!(seen.contains("The list is in the file."), "{seen}");
        let json = desk
            .run(&["--json", "message", "show", &number])
            .ok()
            .json();
        assert_eq!(json["attachments"][0]["size"], 8, "{json:#}");
        let out = desk.path("out.bin");
        let path = out.to_str().unwrap();
        desk.run(&["message", "attachment", &number, name, "-o", path])
            .ok();
        assert_eq!(std::fs::read(&out).unwrap(), b"PK\x03\x04\x00\x01\xff\n");
        assert_eq!(
            std::fs::metadata(&out).unwrap().permissions().mode() & 0o777,
            0o600
        );
        desk.run(&["message", "attachment", &number, "1", "-o", path])
            .fails(1, &["is not overwritten"]);
        desk.run(&["message", "attachment", &number, "2", "-o", "other"])
            .fails(2, &["has no attachment '2'", "8 bytes"]);
    }
}

#[test]
fn a_held_orders_text_and_signer_are_shown_and_no_card_number() {
    let desk = desk("");
    let mut order = TestDesk::plain_order("W200001");
    order.as_object_mut().unwrap().remove("currency");
    order["comments"] = "card 4111111111111111 \u{9b}2J\u{202e} end".into();
    desk.order(&order);
    process(&desk);
    assert_eq!(codes(&desk), ["unknown_format"]);
    let number = message(&desk)["id"].to_string();
    let signer = desk.webshop_key().fingerprint();
    let shown = desk.run(&["message", "show", &number]).ok().stdout;
    assert!(
        shown.contains("\"W200001\"") && shown.contains(&signer),
        "{shown}"
    );
    let json = desk.run(&["--json", "message", "show", &number]).ok();
    assert_eq!(json.json()["content"]["signer"], signer.as_str());
    for said in [&shown, &json.stdout] {
        assert!(!said.contains("4111111111111111"), "{said}");
        assert!(said.contains("411111******1111"), "{said}");
        assert!(!said.contains(['\u{9b}', '\u{202e}', '\u{1b}']), "{said:?}");
    }
    let case = desk
        .run(&[
            "exceptions",
            "show",
            &exceptions(&desk)[0]["id"].to_string(),
        ])
        .ok()
        .stdout;
    assert!(
        case.contains(&format!("poms message show {number}")),
        "{case}"
    );
    // nothing of it is written anywhere
    for file in ["poms.db", "poms.db-wal"] {
        let bytes = std::fs::read(desk.path(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("card 41111"), "{file}");
    }
    // keys that are gone are the reason, and the rest is still shown
    std::fs::remove_file(desk.path("keys/shop.sec.asc")).unwrap();
    let shown = desk.run(&["message", "show", &number]).ok().stdout;
    assert!(
        shown.contains("not shown: cannot read the key file"),
        "{shown}"
    );
}
