//! Pieces and articles that change after the purchase orders left, and what had not left.

use super::{ACME, BLUE, MOVED, answer, change, dock, flat, lines, revised, states, try_to};
use crate::shipments::Dock;

#[test]
fn fewer_and_more_pieces_and_other_articles() {
    let dock = dock();
    let total = |dock: &Dock| dock.show("W1")["money"].clone();
    let before = total(&dock);
    let said = change(&dock, &["lines.1.qty=3"]);
    assert!(said.contains("1 more of BF63-12163 from Acme"), "{said}");
    assert!(said.contains("108.23 more"), "{said} {before}");
    assert!(!said.contains("W1-2"), "{said}");
    dock.run();
    assert!(revised(&dock, BLUE).is_empty());
    let text = flat(&revised(&dock, ACME)[0]);
    assert!(
        text.contains("line 1, AC-12163: 3 in all (was 2)"),
        "{text}"
    );
    assert_eq!(
        lines(&dock, "W1-1"),
        [
            ("BF63-12163".to_owned(), 3, 0),
            ("KT10-00010".to_owned(), 1, 0)
        ]
    );
    dock.verify();
    // the same again is nothing
    try_to(&dock, &["lines.1.qty=3"]).fails(1, &["nothing changes"]);
    try_to(&dock, &[]).fails(1, &["nothing changes"]);
    // back before the vendor answered: not by another revision
    try_to(&dock, &["lines.1.qty=2"]).fails(1, &["the other way"]);
    answer(&dock, &revised(&dock, ACME)[0], "Confirmed.\n");
    dock.run();
    assert_eq!(states(&dock, "W1-1"), ["2 agreed"]);
    change(&dock, &["lines.1.qty=1"]);
    dock.run();
    let mails = revised(&dock, ACME);
    let text = flat(
        mails
            .iter()
            .find(|mail| mail.subject().contains("rev. 3"))
            .unwrap(),
    );
    assert!(
        text.contains("line 1, AC-12163: 1 in all (was 3)"),
        "{text}"
    );
    assert_eq!(lines(&dock, "W1-1")[0], ("BF63-12163".to_owned(), 3, 2));
    dock.verify();
    another_article(&dock);
}

fn another_article(dock: &Dock) {
    // the kettle is to be a hose: of another vendor, which is still to ship one
    let said = change(
        dock,
        &["lines.2.sku=GD20-00020", "lines.2.unit_price=39.00"],
    );
    assert!(said.contains("1 of GD20-00020 from Blue"), "{said}");
    dock.run();
    let text = flat(&revised(dock, BLUE)[0]);
    assert!(text.contains("line 2, B-77: NEW, 1"), "{text}");
    let mails = revised(dock, ACME);
    let text = flat(
        mails
            .iter()
            .find(|mail| mail.subject().contains("rev. 4"))
            .unwrap(),
    );
    assert!(
        text.contains("line 2, AC-00010: NOT WANTED any more (was 1)"),
        "{text}"
    );
    assert!(
        text.contains("line 1, AC-12163: 1 in all (was 3)"),
        "all since it agreed: {text}"
    );
    assert_eq!(states(dock, "W1-1"), ["2 agreed", "3 overtaken", "4 open"]);
    dock.verify();
}

#[test]
fn what_has_not_left_is_written_anew_where_it_lies() {
    let dock = dock();
    change(&dock, MOVED);
    // overtaken before it left
    change(&dock, &["ship_to.street1=14 Elm St"]);
    assert_eq!(states(&dock, "W1-1"), ["2 open"]);
    dock.run();
    let mails = revised(&dock, ACME);
    assert_eq!(mails.len(), 1);
    let text = flat(&mails[0]);
    assert!(
        text.contains("14 Elm St") && !text.contains("12 Elm St"),
        "{text}"
    );
    assert!(text.contains("49996 Gary Forks"), "what it has: {text}");
    dock.verify();
}

#[test]
fn a_cancellation_before_the_revision_left_takes_it_along() {
    let dock = dock();
    change(&dock, MOVED);
    let cancel = [
        "order",
        "cancel",
        "W1",
        "--line",
        "2",
        "--note",
        "no kettle",
    ];
    dock.desk.run(&cancel).ok();
    dock.run();
    let text = flat(&revised(&dock, ACME)[0]);
    assert!(text.contains("1 line, 2 pieces"), "{text}");
    dock.verify();
    let cancel = ["order", "cancel", "W1", "--note", "changed her mind"];
    dock.desk.run(&cancel).ok();
    assert_eq!(states(&dock, "W1-1"), ["2 overtaken"]);
    dock.run();
    dock.verify();
}
