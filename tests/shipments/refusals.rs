//! Vendors who will not ship, in plain words and in others: what a person would do is printed, and is
//! taken.

use super::Dock;

fn dock() -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    dock
}

fn says(dock: &Dock, text: &str) {
    dock.acme(
        "Re: Purchase order W1-1",
        &format!("{text}\n\nAnn Kerr\nAcme Home Goods\n"),
    );
    dock.run();
}

fn shown(dock: &Dock, code: &str) -> String {
    let id = dock.exception(code);
    dock.desk.run(&["exceptions", "show", &id]).ok().stdout
}

#[test]
fn a_plain_refusal_of_all_is_a_rejection() {
    for text in [
        "We cannot ship this order.",
        "Unfortunately we are unable to fulfill your order W1-1. Sorry for the inconvenience.",
        "We have to decline this order.",
    ] {
        let dock = self::dock();
        says(&dock, text);
        assert_eq!(dock.po_state("W1-1"), "rejected", "{text}");
        assert_eq!(dock.open(), ["po_rejected"], "{text}");
        dock.verify();
    }
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    says(&dock, "The item is discontinued, please cancel.");
    assert_eq!(dock.po_state("W1-1"), "rejected");
    assert!(shown(&dock, "po_rejected").contains("discontinued"));
    for text in [
        "We cannot ship this order before Friday.",
        "We cannot ship the entire order.",
        "The item is discontinued, please cancel.",
        "We cannot ship this order to Alaska.",
    ] {
        let dock = self::dock();
        says(&dock, text);
        assert_eq!(dock.po_state("W1-1"), "sent", "{text}");
        assert_eq!(dock.open(), ["vendor_mail"], "{text}");
    }
}

#[test]
fn any_other_refusal_is_acted_on_by_a_person_at_once() {
    let text = "Regrettably the mill burnt down, so do not count on us for these.";
    let print = [
        "--other-vendor --note",
        "--cancel-line --note",
        "--ask-customer --note",
        "po answer W1-1 backordered --note",
    ];
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    says(&dock, text);
    assert_eq!(dock.open(), ["vendor_mail"]);
    let case = shown(&dock, "vendor_mail");
    for words in print {
        assert!(case.contains(words), "no '{words}' in {case}");
    }
    let said = dock.resolve("vendor_mail", &["--other-vendor"]);
    assert!(said.contains("as purchase order W1-2"), "{said}");
    assert_eq!(dock.open(), [""; 0]);
    assert_eq!(dock.po_state("W1-1"), "cancelled");
    dock.run();
    let to_acme = dock.desk.mails_to("orders@acme.example");
    assert!(
        !to_acme
            .iter()
            .any(|mail| mail.subject().contains("Do not ship")),
        "it knows"
    );
    dock.verify();

    let dock = self::dock();
    says(&dock, text);
    dock.resolve("vendor_mail", &["--cancel-line"]);
    assert_eq!(dock.show("W1")["state"], "cancelled");
    assert_eq!(dock.show("W1")["money"]["owed"], "246.36");
    assert_eq!(dock.open(), [""; 0]);
    dock.verify();

    let dock = self::dock();
    says(&dock, text);
    dock.resolve("vendor_mail", &["--ask-customer"]);
    assert_eq!(dock.open(), ["po_rejected"]);
    dock.run();
    let asked = dock.desk.mails_to("W1@mail.example");
    assert!(
        asked.iter().any(|mail| mail.text().contains("cannot")),
        "asked about goods that do not come"
    );
    dock.verify();
}

#[test]
fn what_was_heard_is_noted_by_hand_line_by_line() {
    let dock = self::dock();
    let note = ["--note", "Ann, by telephone"];
    let answer = |words: &[&str]| {
        let all = [&["po", "answer", "W1-1"][..], words, &note[..]].concat();
        dock.desk.run(&all)
    };
    let said = answer(&["rejected", "--line", "2"]).ok().stdout;
    assert!(said.contains("poms exceptions show"), "{said}");
    answer(&["backordered", "--line", "1", "--until", "2025-07-15"]).ok();
    assert_eq!(dock.open(), ["po_backordered", "po_rejected"]);
    assert_eq!(dock.po_state("W1-1"), "backordered");
    answer(&["rejected", "--until", "2025-07-15"]).fails(1, &["has no day"]);
    answer(&["accepted", "--line", "3"]).fails(1, &["has no line 3"]);
    answer(&["perhaps"]).fails(2, &["perhaps"]);
    answer(&["accepted"]).ok();
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    assert_eq!(dock.open(), [""; 0]);
    dock.verify();
}

#[test]
fn a_customer_who_wants_one_line_less_gets_it_by_the_printed_command() {
    let dock = self::dock();
    let mail = "From: W1@mail.example\r\nTo: orders@shop.example\r\nSubject: my order W1\r\nMessage-ID: <c1@mail.example>\r\n\
                Date: Mon, 02 Jun 2025 12:00:00 +0000\r\nContent-Type: text/plain\r\n\r\nOrder W1: please no kettle.\r\n";
    dock.desk.raw_mail(mail.as_bytes());
    dock.run();
    let case = shown(&dock, "customer_mail");
    assert!(
        case.contains("order cancel W1 --line 2 --pieces 1 --note"),
        "{case}"
    );
    assert!(
        case.contains("order cancel W1 --line 1 --pieces 2 --note"),
        "{case}"
    );
    dock.desk
        .run(&[
            "order", "cancel", "W1", "--line", "2", "--pieces", "1", "--note", "x",
        ])
        .ok();
    assert_eq!(dock.show("W1")["money"]["owed"], "29.90");
    dock.verify();
}
