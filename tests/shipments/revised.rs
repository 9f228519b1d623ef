//! An order changes after its purchase orders left: each vendor that it touches is sent a revision, and
//! nobody takes for granted which of the two it ships by.

mod goods;

use super::{Dock, T1};
use crate::support::desk::{Output, SentMail};
use serde_json::Value;

const ACME: &str = "orders@acme.example";
const BLUE: &str = "po@blueridge.example";

/// Two lamps and a kettle from ACME, a hose from BLUE, all sent.
fn dock() -> Dock {
    let dock = Dock::tokens();
    dock.order(
        "W1",
        &[("BF63-12163", 2), ("KT10-00010", 1), ("GD20-00020", 1)],
    );
    dock
}

fn try_to(dock: &Dock, changes: &[&str]) -> Output {
    let mut args = vec!["order", "change", "W1"];
    args.extend(changes);
    args.extend(["--note", "the customer telephoned"]);
    dock.desk.run(&args)
}

fn change(dock: &Dock, changes: &[&str]) -> String {
    try_to(dock, changes).ok().stdout
}

const MOVED: &[&str] = &["ship_to.street1=12 Elm St", "ship_to.street2="];

fn revised(dock: &Dock, vendor: &str) -> Vec<SentMail> {
    let mut mails = dock.desk.mails_to(vendor);
    mails.retain(|mail| mail.subject().contains("rev. "));
    mails
}

fn flat(mail: &SentMail) -> String {
    mail.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// State of each revision of a purchase order.
fn states(dock: &Dock, po: &str) -> Vec<String> {
    let sheet = dock.desk.run(&["po", "show", po, "--json"]).ok().json();
    let all = sheet["revisions"].as_array().unwrap().iter();
    all.map(|one| format!("{} {}", one["number"], one["state"].as_str().unwrap()))
        .collect()
}

/// The vendor answers the last mail that it was sent.
fn answer(dock: &Dock, mail: &SentMail, text: &str) {
    let parsed = mail.parsed();
    let id = parsed.message_id().unwrap().to_owned();
    let subject = format!("Re: {}", mail.subject());
    dock.acme(&subject, text);
    dock.last_mail(|reply| {
        reply.replace(
            "Message-ID: <",
            &format!("In-Reply-To: <{id}>\r\nMessage-ID: <"),
        )
    });
}

fn lines(dock: &Dock, po: &str) -> Vec<(String, i64, i64)> {
    let sheet = dock.desk.run(&["po", "show", po, "--json"]).ok().json();
    let of = |line: &Value| {
        (
            line["sku"].as_str().unwrap().to_owned(),
            line["ordered"].as_i64().unwrap(),
            line["cancelled"].as_i64().unwrap(),
        )
    };
    sheet["lines"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn an_address_that_changes_reaches_every_vendor_once_and_counts_when_it_agrees() {
    let dock = dock();
    dock.acme("Re: Purchase order W1-1", "Confirmed.\n");
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    let said = change(&dock, MOVED);
    assert!(said.contains("Revision 2 of purchase order W1-1"), "{said}");
    assert!(said.contains("Revision 2 of purchase order W1-2"), "{said}");
    dock.run();
    dock.run();
    for vendor in [ACME, BLUE] {
        let mails = revised(&dock, vendor);
        assert_eq!(mails.len(), 1, "once");
        assert!(
            mails[0].subject().contains("rev. 2"),
            "{}",
            mails[0].subject()
        );
        let text = flat(&mails[0]);
        for words in [
            "REVISED",
            "REVISION 2 REPLACES WHAT WE SENT BEFORE",
            "SHIP TO is now:",
            "12 Elm St",
        ] {
            assert!(text.contains(words), "no '{words}' in {text}");
        }
        assert!(!text.contains("telephoned"), "why is ours: {text}");
    }
    let story = dock.desk.run(&["order", "show", "W1"]).ok().stdout;
    let flat: String = story.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("sent, not acknowledged; until the vendor agrees, revision 1 counts"),
        "{story}"
    );
    assert_eq!(states(&dock, "W1-1"), ["2 open"]);
    answer(&dock, &revised(&dock, ACME)[0], "Confirmed.\n");
    dock.run();
    let listed = dock.desk.run(&["exceptions", "list", "--json"]).ok().stdout;
    assert_eq!(states(&dock, "W1-1"), ["2 agreed"], "{listed}");
    assert_eq!(states(&dock, "W1-2"), ["2 open"]);
    let agreed = [
        "po",
        "revision-agreed",
        "W1-2",
        "--note",
        "Bob, by telephone",
    ];
    dock.desk.run(&agreed).ok();
    dock.desk.run(&agreed).fails(1, &["no revision"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn an_answer_to_the_first_acknowledges_no_revision() {
    let dock = dock();
    change(&dock, MOVED);
    dock.run();
    let mails = dock.desk.mails_to(ACME);
    let first = mails
        .iter()
        .find(|mail| !mail.subject().contains("rev. "))
        .unwrap();
    answer(&dock, first, "Confirmed.\n");
    dock.run();
    assert_eq!(states(&dock, "W1-1"), ["2 open"]);
    assert_eq!(dock.po_state("W1-1"), "sent");
    assert_eq!(dock.open(), ["vendor_mail"]);
    dock.resolve("vendor_mail", &["--dismiss"]);
    // neither does one that says of none which it means
    dock.acme("Your order W1-1", "Confirmed.\n");
    dock.run();
    assert_eq!(states(&dock, "W1-1"), ["2 open"]);
    dock.verify();
}

#[test]
fn a_vendor_that_does_not_take_it_ships_what_it_had_agreed_to() {
    let dock = dock();
    change(
        &dock,
        &["ship_to.street1=12 Elm St", "lines.1.qty=4", "lines.2="],
    );
    dock.run();
    answer(
        &dock,
        &revised(&dock, ACME)[0],
        "We cannot change it any more, it is packed.\n",
    );
    dock.run();
    assert_eq!(states(&dock, "W1-1"), ["2 open"]);
    assert_eq!(dock.open().len(), 1, "{:?}", dock.open());
    let refused = [
        "po",
        "revision-refused",
        "W1-1",
        "--note",
        "Ann: packed already",
    ];
    let said = dock.desk.run(&refused).ok().stdout;
    assert!(said.contains("2 of BF63-12163 are not delivered"), "{said}");
    assert_eq!(states(&dock, "W1-1"), ["2 refused"]);
    let open = dock.open();
    for code in ["revision_refused", "po_rejected", "cancellation_refused"] {
        assert!(open.iter().any(|one| one == code), "{code}: {open:?}");
    }
    let sheet = dock.desk.run(&["po", "show", "W1-1", "--json"]).ok().json();
    assert!(
        sheet["document"]["ship_to"]
            .to_string()
            .contains("Gary Forks")
    );
    dock.verify();
    // what leaves goes to the old address, which a person must know before the customer reads of it
    dock.import(
        "a.csv",
        &format!("po_number,sku,qty,carrier,tracking_number,ship_date\nW1-1,BF63-12163,2,UPS,{T1},2025-06-02\n"),
        &["--vendor", "ACME"],
    );
    assert!(
        dock.open().iter().any(|one| one == "advice_unclear"),
        "{:?}",
        dock.open()
    );
    dock.verify();
}

#[test]
fn goods_that_leave_before_the_vendor_agreed_are_asked_about() {
    let dock = dock();
    change(&dock, &["lines.1.qty=3"]);
    dock.run();
    let row = |qty: u32| {
        format!(
            "po_number,sku,qty,carrier,tracking_number,ship_date\nW1-1,BF63-12163,{qty},UPS,{T1},2025-06-02\n"
        )
    };
    dock.import("two.csv", &row(2), &["--vendor", "ACME"]);
    assert_eq!(dock.open(), ["advice_unclear"]);
    dock.resolve("advice_unclear", &["--dismiss"]);
    // as many as it asks for can only be by the revision
    dock.import("three.csv", &row(3), &["--vendor", "ACME"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    // what left is changed no more
    try_to(&dock, &["lines.1.qty=2"]).fails(1, &["3 left already"]);
    dock.verify();
}

#[test]
fn a_vendor_that_does_not_answer_is_asked_about_the_revision() {
    let dock = dock();
    dock.acme("Re: Purchase order W1-1", "Confirmed.\n");
    dock.run();
    change(&dock, &["lines.1.qty=3"]);
    dock.run();
    for day in ["03", "04", "05"] {
        dock.desk.now(&format!("2025-06-{day}T18:05:00Z"));
        dock.run();
    }
    let mails = dock.desk.mails_to(ACME);
    let asked = mails
        .iter()
        .map(flat)
        .find(|text| text.contains("W1-1 rev. 2") && !text.contains("REPLACES"));
    assert!(
        asked.is_some(),
        "{:?}",
        mails.iter().map(|mail| mail.subject()).collect::<Vec<_>>()
    );
    dock.verify();
}

#[test]
fn a_rehearsal_shows_each_document_and_a_faulty_change_is_refused_whole() {
    let dock = dock();
    let shown = dock.desk.run(&[
        "--dry-run",
        "order",
        "change",
        "W1",
        "lines.1.qty=3",
        "--note",
        "x",
    ]);
    let shown = shown.ok().stdout;
    assert!(
        shown.contains("| PURCHASE ORDER W1-1 rev. 2 - REVISED"),
        "{shown}"
    );
    assert_eq!(states(&dock, "W1-1"), Vec::<String>::new());
    try_to(&dock, &["ship_to.zip=90210"]).fails(1, &["bad_zip"]);
    try_to(&dock, &["order_number=W2"]).fails(1, &["cannot be changed"]);
    try_to(
        &dock,
        &[
            "lines.4.sku=NO-1",
            "lines.4.qty=1",
            "lines.4.unit_price=1.00",
        ],
    )
    .fails(1, &["NO-1"]);
    try_to(&dock, &["lines.1.qty=0", "lines.2=", "lines.3.qty=9x"]).fails(1, &["number of pieces"]);
    assert_eq!(states(&dock, "W1-1"), Vec::<String>::new());
    assert_eq!(dock.show("W1")["revision"], 1);
    dock.verify();
}
