//! Words beside a vendor's table that are understood: the rows act, courtesy is let go, and what adds
//! is put before a person with its text, never acted on. What stops the rows is in `covers.rs`.

use super::{Dock, T1, T2};

/// What a mail with these words beside the table of one lamp shipped did.
fn beside(words: &str) -> (Dock, Vec<String>) {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    let csv = format!("po,sku,qty,tracking,ship date\nW1-1,BF63-12163,3,{T1},2025-06-02\n");
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Re: Purchase order W1-1",
        words,
        Some(&csv),
    );
    let run = dock.run();
    assert_eq!(run["messages"]["accepted"], 1, "{run:#}");
    let lines = dock.show("W1")["purchase_orders"][0]["lines"].clone();
    assert_eq!(lines[0]["shipped"], 3, "the rows go through: {lines:#}");
    assert_eq!(lines[1]["answer"], serde_json::Value::Null, "{lines:#}");
    let open = dock.open();
    (dock, open)
}

#[test]
fn what_adds_to_the_table_is_for_a_person() {
    let (dock, open) = beside(
        "Hi,\n\nplease see attached. The kettle (KT10-00010) is backordered until 6/20.\n\nThanks,\nAnn\n",
    );
    assert_eq!(open, ["vendor_mail"]);
    let id = dock.exception("vendor_mail");
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(case.contains("is backordered until 6/20"), "{case}");
    dock.resolve("vendor_mail", &["--dismiss"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    // the same bytes again, in another mail: nothing is new but the words
    dock.verify();
}

#[test]
fn courtesy_beside_the_table_is_not() {
    for words in [
        "Attached.\n",
        "Hi Cesar,\n\nplease find attached the tracking for W1-1. Have a great day!\n\nBest regards,\nAnn Miller\n\
         Acme Home Goods | 217-555-0144 | 12 Main St\n\nThis e-mail may contain confidential information and is not \
         meant for others. If you are not the intended recipient, delete it.\n",
    ] {
        let (dock, open) = beside(words);
        assert_eq!(open, Vec::<String>::new(), "{words}");
        dock.verify();
    }
}

/// A mail about no order in particular, with a table of several; its exception can be dismissed.
#[test]
fn words_beside_a_table_of_several_orders() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.order("W2", &[("BF63-12163", 1)]);
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,3,{T1}\nW2-1,BF63-12163,1,{T2}\n");
    let mail = |words: &str| {
        let from = "Ann <ann@acme.example>";
        dock.mail(from, "acme.example", "Shipments", words, Some(&csv));
        dock.run();
    };
    mail("Attached. Our price for lamps goes up in July.\n");
    assert_eq!(dock.open(), ["vendor_mail"]);
    assert_eq!(dock.show("W2")["state"], "placed");
    dock.resolve("vendor_mail", &["--dismiss"]);
    mail("Attached are today's shipments.\n");
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.show("W2")["state"], "shipped");
    dock.verify();
}

/// Text that is itself an advice, in a mail and in a file by hand.
#[test]
fn words_beside_keys_and_values() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    dock.acme(
        "Shipped: W1-1",
        &format!("PO Number: W1-1\nSKU: BF63-12163\nQty: 3\nTracking #: {T1}\n\nThe kettle is discontinued.\n"),
    );
    dock.run();
    assert_eq!(dock.open(), ["vendor_mail"]);
    assert_eq!(dock.show("W1")["state"], "partly_shipped");
    dock.resolve("vendor_mail", &["--dismiss"]);
    let text = format!(
        "Daily report\nKT10-00010 is backordered, sorry\npo,sku,qty,tracking\nW1-1,BF63-12163,3,{T1}\n"
    );
    dock.import("report.csv", &text, &["--vendor", "ACME"]);
    assert_eq!(dock.open(), ["vendor_mail"]);
    dock.resolve("vendor_mail", &["--dismiss"]);
    // the same file again is known: nobody is told twice
    dock.import("report.csv", &text, &["--vendor", "ACME"]);
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}
