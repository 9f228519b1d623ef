//! Answers that quote our own mail: what was changed in the quote, or put into it, is the vendor's word; how its
//! lines are broken and marked is not.

use super::{Dock, T1};

/// The text of the mail that brought a purchase order.
fn sent(dock: &Dock, po: &str) -> String {
    let mails = dock.desk.mails();
    let mut mails = mails.iter().filter(|mail| mail.subject().contains(po));
    mails.next().unwrap().text()
}

/// Below "Confirmed.", as one program or another quotes.
fn quoting(text: &str, marked: bool) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
    match marked {
        true => format!(
            "Confirmed.\n\nOn Mon, Jun 2, 2025 at 6:05 AM Example Shop <orders@shop.example> wrote:\n{}",
            lines.join("\n")
        ),
        false => format!(
            "Confirmed.\n\n-----Original Message-----\nFrom: Example Shop <orders@shop.example>\nSent: Monday, June 2, \
             2025 6:05 AM\nTo: orders@acme.example\nSubject: Purchase order\n\n{text}"
        ),
    }
}

/// What may become of a quote, and whether it says the same.
type QuoteChange = (&'static str, fn(&str) -> String, bool);

const CHANGES: [QuoteChange; 9] = [
    ("whole", |text| text.to_owned(), true),
    ("broken", |text| text.replace(". ", ".\n"), true),
    (
        "cut off",
        |text| text.lines().take(12).collect::<Vec<_>>().join("\n"),
        true,
    ),
    (
        "linked",
        |text| {
            text.replace(
                "orders@shop.example",
                "orders@shop.example<mailto:orders@shop.example>",
            )
        },
        true,
    ),
    (
        "another price",
        |text| text.replace("61.50", "66.50"),
        false,
    ),
    (
        "an article",
        |text| text.replace("AC-12163", "AC-12164"),
        false,
    ),
    ("a day", |text| text.replace("June 2", "June 20"), false),
    (
        "a description",
        |text| text.replace("Brass Floor Lamp", "Steel Floor Lamp"),
        false,
    ),
    (
        "words put in",
        |text| text.replace("WHAT TO DO", "We are out of these lamps.\n\nWHAT TO DO"),
        false,
    ),
];

#[test]
fn a_quote_says_what_was_sent_or_a_person_reads_it() {
    let dock = Dock::new();
    let mut place = 0;
    for marked in [true, false] {
        for (what, change, good) in CHANGES {
            place += 1;
            let order = format!("W{}", 100 + place);
            dock.order(&order, &[("BF63-12163", 2)]);
            let po = format!("{order}-1");
            let text = sent(&dock, &po);
            let changed = change(&text);
            assert_eq!(changed == text, what == "whole", "{what}: {text}");
            dock.acme(
                &format!("Re: Purchase order {po}"),
                &quoting(&changed, marked),
            );
            let run = dock.run();
            let state = dock.po_state(&po);
            let (wanted, opened) = match good {
                true => ("acknowledged", 0),
                false => ("sent", 1),
            };
            assert_eq!(state, wanted, "{what}, marked {marked}: {:?}", dock.open());
            assert_eq!(run["exceptions"]["opened"], opened, "{what}: {run}");
        }
    }
    dock.verify();
}

/// The run counts what its rows brought onto the list, although the mail was taken.
#[test]
fn exceptions_of_rows_and_of_words_count_as_opened() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    let csv = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\nW1-1,BF63-12163,5,UPS,{T1},2025-06-02\n"
    );
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Shipped W1-1",
        "Please see attached.",
        Some(&csv),
    );
    let run = dock.run();
    assert_eq!(dock.open(), ["over_shipment"]);
    assert_eq!(run["exceptions"]["opened"], 1, "{run}");
    // the kettle is acted on and listed, and the lamp is not understood
    dock.acme(
        "Re: Purchase order W1-1",
        "KT10-00010 is on backorder until June 20. BF63-12163: which colour do you want?",
    );
    let before = dock.open().len();
    let run = dock.run();
    let opened = dock.open().len() - before;
    assert!(opened > 0, "{run}");
    assert_eq!(run["exceptions"]["opened"], opened, "{run}");
    assert_eq!(dock.run()["exceptions"]["opened"], 0);
}
