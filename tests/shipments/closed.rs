//! A vendor that is not active any more, and a customer's words for the vendor.

use super::{Dock, VENDORS};
use crate::support::desk::TestDesk;
use serde_json::json;

#[test]
fn what_is_open_with_a_vendor_that_closes_is_offered_to_the_others() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("KT10-00010", 1)]);
    let closed = VENDORS
        .replace("cutoff,timezone", "cutoff,timezone,active")
        .replace("New_York", "New_York,no")
        .replace("Los_Angeles", "Los_Angeles,yes");
    dock.desk.file("closed.csv", closed.as_bytes());
    let import = ["vendors", "import", "closed.csv"];
    let said = dock.desk.run(&import).ok().stdout;
    assert!(
        said.contains("W1-1 is open with it (1 of BF63-12163): all of it is offered by BLUE"),
        "{said}"
    );
    assert!(
        said.contains("W2-1 is open") && said.contains("nobody else offers"),
        "{said}"
    );
    assert_eq!(dock.open(), ["vendor_closed", "vendor_closed"]);
    let again = dock.desk.run(&import).ok().stdout;
    assert!(!again.contains("is open with it"), "once: {again}");
    // what it prints is typed
    let command = said
        .lines()
        .find(|line| line.contains("--other-vendor BLUE"))
        .unwrap();
    let mut words: Vec<&str> = command.split_whitespace().skip(1).collect();
    words.pop();
    words.push("they closed");
    let moved = dock.desk.run(&words).ok().stdout;
    assert!(moved.contains("as purchase order W1-2"), "{moved}");
    dock.run();
    let told = dock.desk.mails_to("orders@acme.example");
    assert!(
        told.iter()
            .any(|mail| mail.subject().contains("W1-1 is cancelled"))
    );
    assert_eq!(dock.open(), ["vendor_closed"]);
    dock.verify();
}

#[test]
fn a_comment_is_on_the_purchase_order_by_a_persons_word_only() {
    for (flags, printed) in [
        (&["--release"][..], None),
        (&["--release", "--no-comment-to-vendor"], None),
        (
            &["--release", "--comment-to-vendor"],
            Some("Ring twice, please."),
        ),
        (
            &[
                "--release",
                "--comment-to-vendor",
                "Bell is broken: knock. 4111 1111 1111 1111",
            ],
            Some("Bell is broken: knock."),
        ),
    ] {
        let dock = Dock::tokens();
        let mut order = TestDesk::plain_order("W1");
        order["comments"] = json!("Ring twice, please.");
        dock.desk.order(&order);
        dock.run();
        dock.resolve("customer_comment", flags);
        dock.run();
        let mails = dock.desk.mails_to("orders@acme.example");
        let text = mails[0].text();
        assert_eq!(
            text.contains("NOTE FROM THE CUSTOMER"),
            printed.is_some(),
            "{flags:?}"
        );
        assert!(!text.contains("4111 1111 1111 1111"), "{text}");
        assert_eq!(
            text.contains("Ring twice"),
            printed == Some("Ring twice, please.")
        );
        assert!(printed.is_none_or(|words| text.contains(words)), "{text}");
        dock.verify();
    }
    let dock = Dock::tokens();
    let mut order = TestDesk::plain_order("W1");
    order["ship_to"]["zip"] = json!("10001");
    dock.desk.order(&order);
    dock.run();
    let id = dock.exception("bad_zip");
    let words = [
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "x",
        "--comment-to-vendor",
    ];
    dock.desk
        .run(&words)
        .fails(1, &["takes no --comment-to-vendor"]);
}
