//! What comes back.

use super::*;

const VENDOR: &str = "orders@acme.example";
const CUSTOMER: &str = "c@mail.example";

/// The fixtures that are of this class.
fn named(class: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bounces");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".expected.json") else {
            continue;
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bounces");
        let text = std::fs::read_to_string(folder.join(format!("{name}.expected.json"))).unwrap();
        let wanted: Value = serde_json::from_str(&text).unwrap();
        if wanted["class"] == class {
            found.push(name.to_owned());
        }
    }
    found.sort();
    found
}

/// Orders placed, one for each name: their purchase orders' numbers and Message-IDs.
fn one_order_each(desk: &TestDesk, names: &[String]) -> Vec<(String, String)> {
    for at in 0..names.len() {
        desk.order(&TestDesk::plain_order(&format!("W{}", 300_000 + at)));
    }
    process(desk);
    let mails = desk.mails();
    let numbers = (0..names.len()).map(|at| format!("W{}-1", 300_000 + at));
    let of = |number: &str| {
        let mut found = mails.iter();
        let mail = found.find(|mail| mail.to() == VENDOR && mail.subject().contains(number));
        header(mail.expect("the purchase order's mail"), "Message-ID")
    };
    numbers
        .map(|number| (number.clone(), of(&number)))
        .collect()
}

const ALIKE: &str = "[rules]\nsuspected_duplicate = { severity = \"off\" }\n";

#[test]
fn every_shape_of_bounce_that_gives_our_message_id_back_fails_its_purchase_order() {
    let names = named("failed");
    assert!(names.len() >= 60, "{names:?}");
    let desk = desk(ALIKE);
    let placed = one_order_each(&desk, &names);
    for (name, (_, id)) in names.iter().zip(&placed) {
        desk.raw_mail(&fixture(name, id, "orders@shop.example"));
    }
    let report = process(&desk);
    assert_eq!(report["messages"]["accepted"], names.len(), "{report:#}");
    let rows = get(&desk, &["po", "list", "--limit", "500"], "purchase_orders");
    for (name, (number, _)) in names.iter().zip(&placed) {
        let row = rows.iter().find(|row| row["number"] == number.as_str());
        assert_eq!(row.unwrap()["state"], "failed", "{name}");
    }
    let codes = codes(&desk);
    assert_eq!(codes.len(), names.len());
    assert!(codes.iter().all(|code| code == "bounced"), "{codes:?}");
}

#[test]
fn the_same_bounces_about_mails_of_others_change_nothing() {
    let desk = placed("");
    let names = named("failed");
    for name in &names {
        desk.raw_mail(&fixture(
            name,
            "<somebody.elses@other.example>",
            "orders@shop.example",
        ));
    }
    let report = process(&desk);
    assert_eq!(report["messages"]["held"], names.len(), "{report:#}");
    assert_eq!(po_state(&desk, "W200001-1"), "sent");
    assert!(codes(&desk).iter().all(|code| code == "untrusted_sender"));
}

#[test]
fn a_bounce_that_quotes_nothing_is_found_by_its_envelope_address() {
    let desk = desk("");
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let text = text.replace("path = \"mail/sent\"", "path = \"mail/sent\"\nverp = true");
    desk.file("poms.toml", text.as_bytes());
    desk.order(&TestDesk::plain_order("W200001"));
    process(&desk);
    let sent = mail_to(&desk, VENDOR);
    let path = header(&sent, "Return-Path");
    let address = path.trim_matches(['<', '>']).to_owned();
    assert!(
        address.starts_with("orders+d") && address.ends_with("@shop.example"),
        "{address}"
    );
    // a character of the token changed: anyone can write that
    let mut forged = address.clone();
    let last = if forged.as_bytes()[20] == b'a' {
        "b"
    } else {
        "a"
    };
    forged.replace_range(20..21, last);
    desk.raw_mail(&fixture("postfix", "<other@shop.example>", &forged));
    process(&desk);
    assert_eq!(codes(&desk), ["untrusted_sender"]);
    assert_eq!(po_state(&desk, "W200001-1"), "sent");
    resolve(&desk, "untrusted_sender", &["--dismiss"]);

    desk.raw_mail(&fixture(
        "postfix",
        "<other@shop.example>",
        &address.to_uppercase(),
    ));
    process(&desk);
    assert_eq!(codes(&desk), ["bounced"]);
    let open = exceptions(&desk);
    assert!(
        open[0]["message"]
            .as_str()
            .unwrap()
            .contains("User unknown"),
        "{open:#?}"
    );

    // the order is not lost: with the right address it goes out under the same Message-ID
    let vendors = crate::support::desk::VENDORS.replace(VENDOR, "po@acme.example");
    desk.file("again.csv", vendors.as_bytes());
    desk.run(&["vendors", "import", "again.csv"]).ok();
    let said = resolve(&desk, "bounced", &["--retry"]);
    assert!(said.contains("po@acme.example"), "{said}");
    std::fs::remove_dir_all(desk.path("mail/sent")).unwrap();
    process(&desk);
    let again = mail_to(&desk, "po@acme.example");
    assert_eq!(header(&again, "Message-ID"), header(&sent, "Message-ID"));
    assert_eq!(again.text(), sent.text());
    assert_eq!(po_state(&desk, "W200001-1"), "sent");
}

#[test]
fn a_customers_bounce_is_mended_by_another_address() {
    let desk = placed("");
    let id = header(&mail_to(&desk, CUSTOMER), "Message-ID");
    desk.raw_mail(&fixture("exim", &id, "orders@shop.example"));
    process(&desk);
    assert_eq!(codes(&desk), ["bounced"]);
    assert_eq!(
        po_state(&desk, "W200001-1"),
        "sent",
        "the vendor's is another mail"
    );
    let open = exceptions(&desk)[0]["id"].to_string();
    for wrong in ["customer.name=X", "customer.email=nobody"] {
        desk.run(&[
            "exceptions",
            "resolve",
            &open,
            "--amend",
            wrong,
            "--note",
            "n",
        ])
        .fails(1, &["customer.email=ADDRESS"]);
    }
    resolve(
        &desk,
        "bounced",
        &["--amend", "customer.email=cesar@new.example"],
    );
    // the Maildir knows a mail by its Message-ID, and this one it has already
    std::fs::remove_dir_all(desk.path("mail/sent")).unwrap();
    process(&desk);
    let mail = mail_to(&desk, "cesar@new.example");
    assert!(mail.subject().contains("W200001"));
    assert_eq!(codes(&desk), Vec::<String>::new());
}

#[test]
fn a_second_report_about_the_same_mail_changes_nothing() {
    let desk = placed("");
    let id = header(&mail_to(&desk, VENDOR), "Message-ID");
    for name in ["postfix", "qmail", "postfix"] {
        desk.raw_mail(&fixture(name, &id, "orders@shop.example"));
        process(&desk);
    }
    assert_eq!(codes(&desk), ["bounced"]);
    assert_eq!(delivery(&desk, VENDOR)["state"], "failed");
    assert_eq!(po_state(&desk, "W200001-1"), "failed");
}

#[test]
fn what_is_late_or_automatic_is_a_note_and_never_answered() {
    let desk = placed("");
    let before = desk.mails().len();
    let id = header(&mail_to(&desk, VENDOR), "Message-ID");
    let noted = [
        named("delayed"),
        named("delivered"),
        named("automatic"),
        named("complaint"),
    ];
    for name in noted.iter().flatten() {
        let about = name.contains("delayed")
            || ["success", "office365-expanded", "sns-delivery"].contains(&name.as_str());
        let state = if about { "accepted" } else { "ignored" };
        desk.raw_mail(&fixture(name, &id, "orders@shop.example"));
        process(&desk);
        assert_eq!(message(&desk)["state"], state, "{name}");
        assert_eq!(codes(&desk), Vec::<String>::new(), "{name}");
    }
    assert_eq!(desk.mails().len(), before, "nobody was answered");
    assert_eq!(po_state(&desk, "W200001-1"), "sent");
    let shown = desk.run(&["order", "show", "W200001"]).ok().stdout;
    for words in [
        "Connection timed out",
        "out of the office",
        "Back on Monday",
    ] {
        assert!(shown.contains(words), "no '{words}' in {shown}");
    }
}

#[test]
fn a_report_about_none_of_our_mails_is_held() {
    let desk = placed("");
    desk.raw_mail(&fixture(
        "postfix",
        "<made-up@shop.example>",
        "orders@shop.example",
    ));
    let report = process(&desk);
    assert_eq!(report["messages"]["held"], 1);
    assert_eq!(report["exceptions"]["opened"], 1);
    assert_eq!(codes(&desk), ["untrusted_sender"]);
    assert_eq!(po_state(&desk, "W200001-1"), "sent");
    let id = exceptions(&desk)[0]["id"].to_string();
    // an admin who knows better may say which purchase order it is about
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--po",
        "W200009-1",
        "--note",
        "n",
    ])
    .fails(1, &["W200009-1"]);
    resolve(
        &desk,
        "untrusted_sender",
        &["--release", "--po", "W200001-1"],
    );
    assert_eq!(po_state(&desk, "W200001-1"), "failed");
    assert_eq!(codes(&desk), ["bounced"]);
}

#[test]
fn what_only_looks_like_a_bounce_changes_nothing() {
    let desk = placed("");
    let id = header(&mail_to(&desk, VENDOR), "Message-ID");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bounces/harmless");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".eml") {
            desk.raw_mail(&fixture(
                &format!("harmless/{name}"),
                &id,
                "orders@shop.example",
            ));
            count += 1;
        }
    }
    let report = process(&desk);
    assert_eq!(report["messages"]["held"], count, "{report:#}");
    assert_eq!(po_state(&desk, "W200001-1"), "sent");
    assert!(codes(&desk).iter().all(|code| code == "untrusted_sender"));
}

#[test]
fn to_an_envelope_of_ours_and_from_nobody_an_undeliverable_subject_is_a_bounce() {
    for (path, subject, wanted) in [
        ("<>", "Undeliverable: Purchase order W200001-1", "failed"),
        (
            "<x@acme.example>",
            "Undeliverable: Purchase order W200001-1",
            "sent",
        ),
        ("<>", "Purchase order W200001-1", "sent"),
        ("<>", "Automatic reply: Purchase order W200001-1", "sent"),
    ] {
        let desk = desk("");
        let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
        let text = text.replace("path = \"mail/sent\"", "path = \"mail/sent\"\nverp = true");
        desk.file("poms.toml", text.as_bytes());
        desk.order(&TestDesk::plain_order("W200001"));
        process(&desk);
        let verp = header(&mail_to(&desk, VENDOR), "Return-Path");
        let mail = format!(
            "Return-Path: {path}\nFrom: Post <post@mail.acme.example>\nTo: {verp}\nSubject: {subject}\n\n\
             The box does not take this.\n"
        );
        desk.raw_mail(mail.as_bytes());
        process(&desk);
        assert_eq!(po_state(&desk, "W200001-1"), wanted, "{path} {subject}");
    }
}
