//! Faxes by way of a gateway from mail to fax.

use super::{VENDORS, log, run, site_with, sound, stands};
use crate::support::desk::TestDesk;

const TABLE: &str = "[delivery.fax]\nkind = \"gateway\"\naddress = \"{number}@fax.example\"\n\
    subject = \"{subject} for {e164}\"\nfrom = \"fax@shop.example\"\nattachment = \"po.pdf\"\n";

#[test]
fn a_purchase_order_goes_to_the_number_at_the_gateway() {
    let desk = site_with(TABLE, VENDORS);
    desk.order(&TestDesk::plain_order("W200001"));
    let report = run(&desk, "10:05");
    assert_eq!(report["deliveries"]["sent"], 2, "{report:#}");
    let mails = desk.mails();
    let mail = mails
        .iter()
        .find(|mail| mail.to() == "12075550142@fax.example")
        .expect("the gateway's mail");
    assert!(mail.subject().contains("W200001-1"), "{}", mail.subject());
    assert!(mail.subject().ends_with("for +12075550142"));
    let parsed = mail.parsed();
    let file = parsed.attachment(0).expect("a file");
    assert!(file.contents().starts_with(b"%PDF-"));
    let line = log(&desk);
    assert_eq!(
        (&line["outcome"], &line["result"]),
        (&"handed_over".into(), &"untold".into())
    );
    assert_eq!(stands(&desk), ("sent".to_owned(), vec![]));
    let said = desk.run(&["check"]).ok().stdout;
    assert!(said.contains("{number}@fax.example"), "{said}");
    run(&desk, "10:15");
    assert_eq!(desk.mails().len(), mails.len(), "once");
    sound(&desk);
}

/// The table with patterns for reports.
fn reports(more: &str) -> String {
    format!(
        "{TABLE}report_success = [\"^fax sent successfully\", \"transmission result .* - sent$\", \"^status: success$\"]\n\
         report_failure = [\"^fax (sending )?failed\", \"transmission result .* - failed$\", \"(busy|no answer)$\"]\n{more}\n"
    )
}

/// A site that reads vendors' mail, with one fax at the gateway; the gateway's mail is returned.
fn at_the_gateway(table: &str, tokens: bool) -> (TestDesk, crate::support::desk::SentMail) {
    let desk = TestDesk::new();
    desk.file("keys/tokens.key", &[b'k'; 64]);
    desk.config(table);
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let keys = if tokens {
        "token_keys = [\"keys/tokens.key\"]\n"
    } else {
        ""
    };
    let text = text
        .replace("[[mailbox]]", &format!("{keys}[[mailbox]]"))
        .replace("name = \"orders\"", "name = \"orders\"\npurpose = \"any\"");
    desk.file("poms.toml", text.as_bytes());
    let desk = desk
        .vendors(VENDORS)
        .catalogue(crate::support::desk::CATALOGUE);
    desk.order(&TestDesk::plain_order("W200001"));
    run(&desk, "10:05");
    let mut mails = desk.mails().into_iter();
    let mail = mails.find(|mail| mail.to() == "12075550142@fax.example");
    (desk, mail.expect("the gateway's mail"))
}

fn header(mail: &crate::support::desk::SentMail, name: &str) -> String {
    let text = String::from_utf8_lossy(&mail.raw);
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let prefix = format!("{name}: ");
    let mut lines = head.lines().filter_map(|line| line.strip_prefix(&prefix));
    lines.next().unwrap_or_default().trim().to_owned()
}

/// A report as gateways write them: what differs is what a test is about.
fn written(head: &str, to: &str, subject: &str, text: &str) -> Vec<u8> {
    format!(
        "{head}From: Fax Service <noreply@fax.example>\r\nTo: {to}\r\nSubject: {subject}\r\n\
         Date: Mon, 02 Jun 2025 10:09:00 +0000\r\nMessage-ID: <{}{}@fax.example>\r\n\r\n{text}\r\n",
        subject.len() * 1000 + text.len(),
        head.len()
    )
    .into_bytes()
}

const OK: &str = "Fax sent successfully to 12075550142";
const BAD: &str = "Transmission result to +1 (207) 555-0142 - Failed";
const SEEN: &str =
    "Authentication-Results: mx.shop.example; dkim=pass header.d=mail.fax.example\r\n";
const DKIM: &str = "reports_from = [\"fax.example\"]\n[intake]\nauthserv_id = \"mx.shop.example\"";

/// The newest message's state.
fn outcome(desk: &TestDesk) -> String {
    let rows = desk.run(&["message", "list", "--json"]).ok().json();
    rows["messages"][0]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_report_to_the_faxs_own_address_counts_whoever_signed_it() {
    for (text, result, po, codes) in [
        ("Status: success", "delivered", "sent", vec![]),
        (
            "Result: no answer",
            "failed",
            "failed",
            vec!["bounced".to_owned()],
        ),
    ] {
        let (desk, mail) = at_the_gateway(&reports(""), true);
        let address = header(&mail, "Reply-To");
        assert!(
            address.contains("orders+d") && header(&mail, "From").contains("fax@shop.example"),
            "{address}"
        );
        desk.raw_mail(&written("", &address.to_uppercase(), "Your fax", text));
        run(&desk, "10:15");
        assert_eq!(
            (outcome(&desk).as_str(), &log(&desk)["result"]),
            ("accepted", &result.into()),
            "{text}"
        );
        assert_eq!(stands(&desk), (po.to_owned(), codes), "{text}");
        // told again, or the other way round: a note
        desk.raw_mail(&written("", &address, BAD, "again"));
        desk.raw_mail(&written("", &address, OK, "again"));
        run(&desk, "10:25");
        if result == "failed" {
            assert_eq!(stands(&desk).0, po, "{text}");
        }
        sound(&desk);
    }
}

#[test]
fn a_report_that_answers_our_message_counts_without_tokens() {
    let (desk, mail) = at_the_gateway(&reports(""), false);
    assert_eq!(header(&mail, "Reply-To"), "");
    let head = format!(
        "In-Reply-To: {}\r\nAuto-Submitted: auto-generated\r\n",
        header(&mail, "Message-ID")
    );
    desk.raw_mail(&written(
        &head,
        "fax@shop.example",
        BAD,
        "The line was busy",
    ));
    run(&desk, "10:15");
    assert_eq!(
        stands(&desk),
        ("failed".to_owned(), vec!["bounced".to_owned()])
    );
    let open = desk.run(&["exceptions", "list"]).ok().stdout;
    assert!(open.contains("Failed"), "{open}");
    // a person has it sent again, by the ordinary way
    let rows = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let id = rows["exceptions"][0]["id"].to_string();
    desk.run(&[
        "exceptions",
        "resolve",
        &id,
        "--retry",
        "--note",
        "they switched it on",
    ])
    .ok();
    // the Maildir knows a mail by its Message-ID, and this one it has already
    std::fs::remove_dir_all(desk.path("mail/sent")).unwrap();
    run(&desk, "10:25");
    assert_eq!(desk.mails().len(), 1);
    assert_eq!(stands(&desk), ("sent".to_owned(), vec![]));
    sound(&desk);
}

#[test]
fn a_signed_report_is_found_by_the_purchase_orders_number() {
    let (desk, _) = at_the_gateway(&reports(DKIM), false);
    let one = |head: &str, subject: &str, text: &str| {
        desk.raw_mail(&written(head, "fax@shop.example", subject, text));
        run(&desk, "10:15");
        outcome(&desk)
    };
    // signed, and it names no fax of ours, or says nothing that was agreed
    assert_eq!(one(SEEN, BAD, "Re: Purchase order W200001-12"), "ignored");
    assert_eq!(
        one(SEEN, "Your fax is in the queue", "Re: W200001-1"),
        "ignored"
    );
    assert_eq!(
        one(SEEN, OK, "Re: W200001-1\r\nthe line was busy"),
        "ignored"
    );
    assert_eq!(
        (stands(&desk), &log(&desk)["result"]),
        (("sent".to_owned(), vec![]), &"untold".into())
    );
    let shown = desk.run(&["order", "show", "W200001"]).ok().stdout;
    assert!(shown.contains("in the queue"), "{shown}");
    assert_eq!(
        one(SEEN, OK, "Re: Purchase order W200001-1\r\n2 pages"),
        "accepted"
    );
    assert_eq!(log(&desk)["result"], "delivered");
    sound(&desk);
}

#[test]
fn what_only_looks_like_the_gateways_report_changes_nothing() {
    let spoofs = [
        "",
        "Authentication-Results: mx.evil.example; dkim=pass header.d=fax.example\r\n",
        "Authentication-Results: mx.shop.example; dkim=fail header.d=fax.example\r\n",
        "Authentication-Results: mx.shop.example; dkim=pass header.d=evilfax.example\r\n",
        "Authentication-Results: mx.shop.example; spf=pass smtp.mailfrom=fax.example\r\n",
        "In-Reply-To: <made-up@shop.example>\r\n",
    ];
    let (desk, mail) = at_the_gateway(&reports(DKIM), true);
    let address = header(&mail, "Reply-To");
    let mut forged = address.clone();
    forged.replace_range(
        20..21,
        if address.as_bytes()[20] == b'a' {
            "b"
        } else {
            "a"
        },
    );
    for (number, head) in spoofs.into_iter().enumerate() {
        let text = format!("Re: Purchase order W200001-1 ({number})");
        desk.raw_mail(&written(head, "fax@shop.example", BAD, &text));
    }
    desk.raw_mail(&written("", &forged, BAD, "Re: Purchase order W200001-1"));
    let report = run(&desk, "10:15");
    assert_eq!(report["messages"]["held"], 7, "{report:#}");
    let (po, codes) = stands(&desk);
    assert_eq!(po, "sent");
    assert!(
        codes.iter().all(|code| code == "untrusted_sender"),
        "{codes:?}"
    );
    assert_eq!(log(&desk)["result"], "untold");
}

#[test]
fn check_says_who_reads_what_the_gateway_writes() {
    let said = |table: &str, tokens: bool| {
        let (desk, _) = at_the_gateway(table, tokens);
        desk.run(&["check"]).ok().stdout
    };
    assert!(said(TABLE, true).contains("set report_success"));
    assert!(said(&reports(""), false).contains("set site.token_keys or reports_from"));
    assert!(said(&reports(""), true).contains("the gateway tells by mail"));
    let desk = site_with(TABLE, VENDORS);
    assert!(desk.run(&["check"]).ok().stdout.contains("read by nobody"));
    for wrong in [
        "report_success = [\"(\"]",
        "report_failure = [\".*\"]",
        "reports_from = [\"fax\"]",
    ] {
        desk.config(&format!("{TABLE}{wrong}\n"));
        desk.run(&["check"]).fails(2, &["delivery.fax.report"]);
    }
}
