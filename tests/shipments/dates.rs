//! Days belong to lines: the customer is told what is late, and the order's day follows what is still to
//! come.

use super::Dock;
use serde_json::Value;

const HEAD: &str = "po_number,sku,qty,status,date\n";

/// An order of lamps and a kettle whose lamps are on backorder, its customer told.
fn late() -> Dock {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    assert_eq!(day(&dock), "2025-06-10");
    let rows =
        format!("{HEAD}W1-1,BF63-12163,3,backordered,2025-06-20\nW1-1,KT10-00010,1,accepted,\n");
    dock.import("late.csv", &rows, &[]);
    dock.run();
    dock
}

fn day(dock: &Dock) -> Value {
    dock.show("W1")["purchase_orders"][0]["promise"]["deliver_by"].clone()
}

/// Subject of the last mail to the customer, what it says is late, and what is not.
fn told(dock: &Dock) -> (usize, String, String, String) {
    let mails = dock.desk.mails_to("W1@mail.example");
    let last = mails.last().unwrap();
    let text: String = last.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, lists) = text.split_once("What is late").unwrap_or(("", &text));
    let (late, others) = lists.split_once("What is not late").unwrap_or((lists, ""));
    (
        mails.len(),
        last.subject(),
        late.to_owned(),
        others.to_owned(),
    )
}

#[test]
fn only_the_late_line_is_told_as_late() {
    let dock = late();
    assert_ne!(day(&dock), "2025-06-10");
    let (count, subject, late, others) = told(&dock);
    assert!(
        subject.starts_with("Your order W1 comes later: "),
        "{subject}"
    );
    assert!(
        late.contains("3 x Brass Floor Lamp") && !late.contains("Kettle"),
        "{late}"
    );
    assert!(
        others.contains("By Tuesday, June 10, 2025 (estimate) 1 x Kettle"),
        "{others}"
    );
    // the kettle slips as well, and comes before the lamps all the same
    let rows = format!("{HEAD}W1-1,KT10-00010,1,accepted,2025-06-12\n");
    dock.import("kettle.csv", &rows, &[]);
    dock.run();
    dock.run();
    let (then, subject, late, others) = told(&dock);
    assert_eq!(then, count + 1);
    assert!(
        subject.starts_with("A part of your order W1 comes later: "),
        "{subject}"
    );
    assert!(late.contains("Kettle") && !late.contains("Lamp"), "{late}");
    assert!(others.contains("3 x Brass Floor Lamp"), "{others}");
    dock.verify();
}

#[test]
fn the_day_goes_back_when_the_late_line_is_taken_off() {
    let dock = late();
    dock.resolve("po_backordered", &["--cancel-line"]);
    assert_eq!(day(&dock), "2025-06-10");
    dock.run();
    let mails = dock.desk.mails_to("W1@mail.example");
    let text = mails.last().unwrap().text();
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("What is still to come By Tuesday, June 10, 2025 (estimate) 1 x Kettle"),
        "{text}"
    );
    dock.verify();
}

#[test]
fn the_day_goes_back_when_it_is_moved_or_named_earlier() {
    let dock = late();
    let rows = format!("{HEAD}W1-1,BF63-12163,3,accepted,2025-06-03\n");
    dock.import("sooner.csv", &rows, &[]);
    assert_eq!(day(&dock), "2025-06-10");
    let moved = late();
    moved.resolve("po_backordered", &["--other-vendor"]);
    assert_eq!(day(&moved), "2025-06-10");
    for dock in [dock, moved] {
        dock.run();
        dock.verify();
    }
}
