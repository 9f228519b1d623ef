//! Whoever takes something back, the vendor who has its purchase order is told, once, and it stays
//! open until the vendor answers.

use super::{Dock, T1};
use crate::support::desk::SentMail;
use crate::support::scene::open;
use serde_json::Value;

/// Two lamps and a kettle from ACME, a hose from BLUE, all sent.
fn dock() -> Dock {
    let dock = Dock::tokens();
    dock.order(
        "W1",
        &[("BF63-12163", 2), ("KT10-00010", 1), ("GD20-00020", 1)],
    );
    dock
}

fn told(dock: &Dock, vendor: &str) -> Vec<SentMail> {
    let mut mails = dock.desk.mails_to(vendor);
    mails.retain(|mail| mail.subject().starts_with("Do not ship"));
    mails
}

fn flat(mail: &SentMail) -> String {
    mail.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cancel(dock: &Dock) -> String {
    let note = ["order", "cancel", "W1", "--note", "the customer telephoned"];
    dock.desk.run(&note).ok().stdout
}

/// State of each cancellation of the order.
fn states(dock: &Dock) -> Vec<String> {
    let story = dock.show("W1");
    let all = story["cancellations"].as_array().unwrap().iter();
    all.map(|one| {
        format!(
            "{} {}",
            one["number"].as_str().unwrap(),
            one["state"].as_str().unwrap()
        )
    })
    .collect()
}

fn steps(story: &Value) -> String {
    story["next"]["steps"].to_string()
}

#[test]
fn a_cancelled_order_is_told_to_each_vendor_and_open_until_each_answers() {
    let dock = dock();
    let said = cancel(&dock);
    assert!(
        said.contains("tells the vendor (orders@acme.example)")
            && said.contains("tells the vendor (po@blueridge.example)"),
        "{said}"
    );
    dock.run();
    dock.run();
    let mails = told(&dock, "orders@acme.example");
    assert_eq!(mails.len(), 1, "once");
    assert_eq!(
        mails[0].subject(),
        "Do not ship: purchase order W1-1 is cancelled"
    );
    let text = flat(&mails[0]);
    for words in [
        "W1-1-C1",
        "2 x AC-12163, our SKU BF63-12163, Brass Floor Lamp (line 1)",
        "1 x AC-00010",
        "Nothing more of purchase order W1-1 is wanted.",
    ] {
        assert!(text.contains(words), "no '{words}' in {text}");
    }
    assert!(!text.contains("telephoned"), "why is ours: {text}");
    assert_eq!(states(&dock), ["W1-1-C1 open", "W1-2-C1 open"]);
    let story = dock.show("W1");
    assert!(
        steps(&story).contains(
            "Acme Home Goods agrees not to ship 2 of BF63-12163, 1 of KT10-00010 of W1-1"
        ),
        "{story:#}"
    );
    let sheet = dock.desk.run(&["po", "show", "W1-1"]).ok().stdout;
    assert!(
        sheet.contains("not answered yet") && sheet.contains("po cancel-agreed W1-1"),
        "{sheet}"
    );
    let status = dock.desk.run(&["status", "--json"]).ok().json();
    assert_eq!(status["waiting"]["cancellations"], 2);
    // one answers by mail, to the address of the purchase order; the other on the telephone
    dock.mail_to(
        &dock.reply_address("W1-1"),
        "Re: Do not ship: purchase order W1-1 is cancelled",
        "OK, cancelled.\n\nAnn Kerr\nAcme Home Goods\n",
        None,
    );
    dock.run();
    assert_eq!(states(&dock), ["W1-1-C1 agreed", "W1-2-C1 open"]);
    let agreed = ["po", "cancel-agreed", "W1-2", "--note", "Bob, by telephone"];
    dock.desk.run(&agreed).ok();
    dock.desk.run(&agreed).fails(1, &["agreed already"]);
    assert_eq!(states(&dock), ["W1-1-C1 agreed", "W1-2-C1 agreed"]);
    assert!(!steps(&dock.show("W1")).contains("agrees not to ship"));
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn a_part_names_what_goes_and_what_stays_and_the_answer_is_about_the_part() {
    let dock = dock();
    dock.acme(
        "Re: Purchase order W1-1",
        "KT10-00010 is on backorder until July 15. BF63-12163 is confirmed.\n",
    );
    dock.run();
    dock.resolve("po_backordered", &["--cancel-line"]);
    dock.run();
    let mails = told(&dock, "orders@acme.example");
    assert_eq!(
        mails[0].subject(),
        "Do not ship: part of purchase order W1-1 is cancelled"
    );
    let text = flat(&mails[0]);
    assert!(
        text.contains("Cancelled: 1 x AC-00010")
            && text.contains("What stays as ordered: 2 x AC-12163"),
        "{text}"
    );
    assert!(told(&dock, "po@blueridge.example").is_empty());
    let state = dock.po_state("W1-1");
    dock.mail_to(
        &dock.reply_address("W1-1"),
        "RE: Do not ship: part of purchase order W1-1 is cancelled",
        "This item has been cancelled as requested.\n",
        None,
    );
    dock.run();
    assert_eq!(states(&dock), ["W1-1-C1 agreed"]);
    assert_eq!(dock.po_state("W1-1"), state, "the lamps still come");
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

/// Whatever is not plain agreement goes to a person, and acts on nothing: neither on the cancellation
/// nor on what stays.
#[test]
fn what_is_no_plain_agreement_goes_to_a_person() {
    for (text, code) in [
        (
            "Cancelled, but a 15% restocking fee applies.",
            "vendor_mail",
        ),
        ("Which line do you mean?", "vendor_mail"),
        ("Sorry, too late. It left yesterday.", "po_not_open"),
        ("We cannot cancel it any more.", "po_not_open"),
        ("It shipped, tracking 1Z5R89390357567127.", "po_not_open"),
        ("Cancelled the lamps, too.", "vendor_mail"),
        ("Everything is cancelled except the kettle.", "vendor_mail"),
        ("Got it, thanks.", "vendor_mail"),
    ] {
        let dock = dock();
        dock.acme(
            "Re: Purchase order W1-1",
            "KT10-00010 is on backorder until July 15. BF63-12163 is confirmed.\n",
        );
        dock.run();
        dock.resolve("po_backordered", &["--cancel-line"]);
        let before = dock.po_state("W1-1");
        dock.mail_to(
            &dock.reply_address("W1-1"),
            "Re: Do not ship: part of purchase order W1-1 is cancelled",
            &format!("{text}\n"),
            None,
        );
        dock.run();
        assert_eq!(states(&dock), ["W1-1-C1 open"], "{text}");
        assert_eq!(dock.open(), [code], "{text}");
        assert_eq!(dock.po_state("W1-1"), before, "{text}");
        let list = dock.desk.run(&["exceptions", "list"]).ok().stdout;
        assert!(
            list.contains("W1-1-C1") || list.contains("answers the cancellation"),
            "{list}"
        );
        dock.verify();
    }
}

#[test]
fn ordered_elsewhere_and_late_vendors_are_told() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    for moment in [
        "2025-06-05T13:00:00Z",
        "2025-06-09T14:00:00Z",
        "2025-06-10T21:05:00Z",
    ] {
        dock.desk.now(moment);
        dock.run();
    }
    let said = dock.resolve("vendor_silent", &["--other-vendor"]);
    assert!(said.contains("as purchase order W1-2"), "{said}");
    dock.run();
    let mails = told(&dock, "orders@acme.example");
    assert_eq!(
        mails[0].subject(),
        "Do not ship: purchase order W1-1 is cancelled"
    );
    assert_eq!(states(&dock), ["W1-1-C1 open"]);
    // it ships all the same: a person reads that it was cancelled, and when
    let csv = format!("po,sku,qty,tracking\nW1-1,AC-12163,1,{T1}\n");
    let taken = dock.import("late.csv", &csv, &[]);
    let message = taken["errors"][0]["message"].as_str().unwrap();
    assert_eq!(taken["errors"][0]["code"], "po_not_open");
    assert!(
        message.contains("1 of BF63-12163 cancelled on June 10, 2025 (W1-1-C1, not answered)"),
        "{message}"
    );
    let said = dock
        .desk
        .run(&["po", "cancel-refused", "W1-1", "--note", "it had left"])
        .ok()
        .stdout;
    assert!(said.contains("came too late"), "{said}");
    assert_eq!(states(&dock), ["W1-1-C1 refused"]);
    dock.verify();
}

#[test]
fn what_the_vendor_refused_itself_needs_no_word() {
    let dock = dock();
    dock.acme(
        "Re: Purchase order W1-1",
        "KT10-00010 is discontinued. BF63-12163 is confirmed.\n",
    );
    dock.run();
    dock.resolve("po_rejected", &["--cancel-line"]);
    dock.run();
    assert!(told(&dock, "orders@acme.example").is_empty());
    assert_eq!(states(&dock), Vec::<String>::new());
    cancel(&dock);
    dock.run();
    let text = flat(&told(&dock, "orders@acme.example")[0]);
    assert!(
        text.contains("2 x AC-12163") && !text.contains("AC-00010"),
        "{text}"
    );
    dock.verify();
}

#[test]
fn a_person_is_told_once_when_nobody_answers() {
    let dock = dock();
    cancel(&dock);
    dock.run();
    dock.desk.now("2025-06-03T20:59:00Z");
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.desk.now("2025-06-04T00:05:00Z");
    dock.run();
    assert_eq!(
        dock.open(),
        ["cancellation_unanswered", "cancellation_unanswered"]
    );
    dock.desk
        .run(&["po", "cancel-agreed", "W1-1", "--note", "telephone"])
        .ok();
    dock.resolve("cancellation_unanswered", &["--dismiss"]);
    dock.desk.now("2025-06-06T12:05:00Z");
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(states(&dock), ["W1-1-C1 agreed", "W1-2-C1 open"]);
    dock.desk
        .run(&["po", "cancel-agreed", "W1-9", "--note", "x"])
        .fails(1, &["there is no purchase order W1-9"]);
    dock.verify();
}

/// A vendor by fax reads it on paper.
#[test]
fn a_vendor_by_fax_gets_a_fax() {
    let vendors = super::VENDORS.replace(
        "orders@acme.example,,email",
        "orders@acme.example,+12075550142,fax",
    );
    let dock = Dock::tokens();
    dock.desk.file("fax.csv", vendors.as_bytes());
    dock.desk.run(&["vendors", "import", "fax.csv"]).ok();
    let mut order = crate::support::desk::TestDesk::plain_order("W1");
    order["lines"][0]["qty"] = serde_json::json!(1);
    order["total"] = serde_json::json!("108.23");
    dock.desk.order(&order);
    // no fax service is set up
    dock.desk.run(&["process"]);
    let outbox = dock.desk.run(&["outbox", "list", "--json"]).ok().json();
    let fax = outbox["deliveries"][0]["id"].to_string();
    for act in ["drop", "confirm"] {
        let words = ["outbox", act, &fax, "--note", "brought there by hand"];
        dock.desk.run(&words).ok();
    }
    let said = cancel(&dock);
    assert!(said.contains("tells the vendor (+12075550142)"), "{said}");
    let outbox = dock.desk.run(&["outbox", "list", "--json"]).ok().json();
    let row = outbox["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["kind"] == "po_cancellation")
        .unwrap();
    assert_eq!(row["channel"], "fax", "{outbox:#}");
    let again = ["order", "cancel", "W1", "--note", "again"];
    dock.desk.run(&again).fails(1, &["cancelled already"]);
    dock.verify();
}

/// A purchase order that is sent again orders nothing that was taken back.
#[test]
fn sent_again_it_says_what_is_still_wanted_and_what_it_replaces() {
    let dock = dock();
    dock.acme(
        "Re: Purchase order W1-1",
        "KT10-00010 is on backorder until July 15. BF63-12163 is confirmed.\n",
    );
    dock.run();
    dock.resolve("po_backordered", &["--cancel-line"]);
    let csv = format!("po,sku,qty,tracking\nW1-1,AC-12163,1,{T1}\n");
    dock.import("one.csv", &csv, &[]);
    dock.run();
    let said = dock
        .desk
        .run(&["po", "resend", "W1-1", "--note", "they lost it"])
        .ok()
        .stdout;
    assert!(
        said.contains("line 2, AC-00010: 1 of 1 is cancelled"),
        "{said}"
    );
    // into a folder the same Message-ID is not written twice: what would leave stands in the outbox
    let ledger = open(&dock.desk.path("poms.db"));
    let sql = "SELECT c.content FROM delivery_content c JOIN delivery d ON d.id = c.delivery_id \
               WHERE d.subject LIKE '%W1-1%' AND d.state = 'queued' AND d.kind = 'purchase_order'";
    let raw: Vec<u8> = ledger.query_row(sql, [], |row| row.get(0)).unwrap();
    let again = &SentMail { raw };
    assert!(again.subject().starts_with("POSSIBLE DUPLICATE"));
    dock.run();
    let text = flat(again);
    for words in [
        "THIS REPLACES WHAT WE SENT BEFORE",
        "line 1, AC-12163: 1 of 2 is shipped already",
        "line 2, AC-00010: 1 of 1 is cancelled",
        "1 line, 1 piece Total $61.50",
    ] {
        assert!(text.contains(words), "no '{words}' in {text}");
    }
    let parsed = again.parsed();
    let csv = parsed
        .attachments()
        .find(|part| {
            mail_parser::MimeHeaders::attachment_name(*part).is_some_and(|n| n.ends_with(".csv"))
        })
        .unwrap();
    let csv = String::from_utf8_lossy(csv.contents()).into_owned();
    assert!(
        csv.contains("AC-12163") && csv.lines().count() == 2,
        "{csv}"
    );
    cancel_rest(&dock);
    dock.verify();
}

/// Nothing left to be sent: refused, not an empty paper.
fn cancel_rest(dock: &Dock) {
    let csv = "po,sku,qty,tracking\nW1-1,AC-12163,1,1Z879E930346834440\n";
    dock.import("two.csv", csv, &[]);
    dock.desk
        .run(&["po", "resend", "W1-1", "--note", "they lost it"])
        .fails(1, &["nothing of purchase order W1-1 is open any more"]);
}
