//! Goods on backorder without a day: what the customer is told, once each time, and that a vendor
//! who wavers makes no mails.

use super::{Dock, T1};

impl Dock {
    /// The customer's last mail about an order in one line, and how many there are.
    pub fn last(&self, number: &str) -> (usize, String) {
        let mails = self.desk.mails_to(&format!("{number}@mail.example"));
        let last = mails.last().expect("a mail");
        let text = format!("{} | {}", last.subject(), last.text());
        (
            mails.len(),
            text.split_whitespace().collect::<Vec<_>>().join(" "),
        )
    }
}

fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no '{word}' in: {text}");
    }
}

#[test]
fn a_backorder_without_a_day_is_told_once_and_its_day_when_it_comes() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    let (count, placed) = dock.last("W1");
    assert_eq!(count, 1);
    says(&placed, &["reach you by Tuesday, June 10, 2025 (estimate)"]);
    let writes = |text: &str| {
        dock.acme("Re: Purchase order W1-1", text);
        dock.run();
        dock.last("W1")
    };
    let (count, text) = writes("BF63-12163 is on backorder. KT10-00010 is confirmed.\n");
    assert_eq!(count, 2);
    says(
        &text,
        &[
            "Your order W1 is delayed |",
            "nobody can tell us yet when it comes. We had told you Tuesday, June 10, 2025.",
            "What is late Day not yet known 3 x Brass Floor Lamp",
            "What is not late By Tuesday, June 10, 2025 (estimate) 1 x Kettle 1.7 l",
            "cancel what has not shipped at any time, and get back what you paid",
        ],
    );
    // said again, and a bare word of acceptance, which brings no day
    assert_eq!(writes("BF63-12163 is still on backorder.\n").0, 2);
    assert_eq!(writes("Accepted.\n").0, 2);
    let (count, text) = writes("BF63-12163 is backordered until June 20.\n");
    assert_eq!(count, 3);
    says(
        &text,
        &[
            "Your order W1: now expected by Friday, June 27, 2025 |",
            "Now we know",
            "When it comes",
            "3 x Brass Floor Lamp",
        ],
    );
    // the day stands until it is over, or the vendor names another
    assert_eq!(writes("BF63-12163 is on backorder.\n").0, 3);
    let (count, text) = writes("BF63-12163 is backordered until June 27.\n");
    assert_eq!(count, 4);
    says(
        &text,
        &[
            "comes later: Monday, July 7, 2025",
            "We had told you Friday, June 27, 2025",
        ],
    );
    assert_eq!(writes("BF63-12163 is backordered until June 20.\n").0, 4);
    assert_eq!(writes("BF63-12163 is backordered until June 27.\n").0, 4);
    dock.verify();
}

/// What ships, is ordered elsewhere or is rejected needs no such mail, and what comes from another
/// vendor has a day again.
#[test]
fn another_vendor_gives_it_a_day_again() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.acme("Re: Purchase order W1-1", "BF63-12163 is on backorder.\n");
    dock.run();
    assert_eq!(dock.last("W1").0, 2);
    dock.resolve("po_backordered", &["--other-vendor"]);
    dock.run();
    let (count, text) = dock.last("W1");
    assert_eq!(count, 3, "{text}");
    says(&text, &["now expected by", "3 x Brass Floor Lamp"]);
    dock.order("W2", &[("BF63-12163", 3)]);
    dock.acme("Re: Purchase order W2-1", "BF63-12163 is on backorder.\n");
    let csv = format!("po,sku,qty,tracking\nW2-1,BF63-12163,3,{T1}\n");
    dock.import("all.csv", &csv, &[]);
    dock.run();
    let (count, text) = dock.last("W2");
    assert_eq!(count, 2);
    says(&text, &["Your order W2 is on its way"]);
    dock.verify();
}
