//! Words of vendors that sound like a yes to all, beside what was taken back.

use super::{Dock, T1};

#[test]
fn accepted_alone_may_mean_the_purchase_order_and_a_number_alone_finds_it() {
    for (words, agreed) in [
        ("Accepted.\n", false),
        ("Accepted, thank you.\nAnn Kerr\n", false),
        ("We accept the cancellation.\n", true),
        ("Cancellation W1-1-C1 accepted.\n", true),
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 2), ("GD20-00020", 1)]);
        let cancel = ["order", "cancel", "W1", "--note", "the customer telephoned"];
        dock.desk.run(&cancel).ok();
        dock.run();
        dock.desk.now("2025-06-02T15:00:00Z");
        // nothing else ties it to the purchase order
        dock.acme("Re: W1-1-C1: do not ship", words);
        dock.run();
        let state = dock.show("W1")["cancellations"][0]["state"].clone();
        assert_eq!(state == "agreed", agreed, "{words}: {:?}", dock.open());
        let open = dock.open();
        assert_eq!(
            open.contains(&"vendor_mail".to_owned()),
            !agreed,
            "{words}: {open:?}"
        );
        // the purchase order's own page names what is open of it, and its neighbour's does not
        let shown = dock.desk.run(&["po", "show", "W1-1", "--json"]).ok().json();
        let named = shown["exceptions"].as_array().unwrap();
        let codes: Vec<&str> = named
            .iter()
            .map(|one| one["code"].as_str().unwrap())
            .collect();
        let text = dock.desk.run(&["po", "show", "W1-1"]).ok().stdout;
        match agreed {
            true => assert_eq!(codes, [""; 0]),
            false => {
                assert_eq!(codes, ["vendor_mail"]);
                let line = format!("{} ", named[0]["id"]);
                assert!(
                    text.contains("Open exceptions") && text.contains(&line),
                    "{text}"
                );
            }
        }
        let other = dock.desk.run(&["po", "show", "W1-2", "--json"]).ok().json();
        assert_eq!(other["exceptions"].as_array().unwrap().len(), 0);
        dock.verify();
    }
}

#[test]
fn complete_is_what_is_open_unless_what_was_ordered_elsewhere_may_have_left_too() {
    for (word, code, why) in [
        (
            "is on backorder",
            "po_backordered",
            "has not agreed to what was cancelled of it (W1-1-C1",
        ),
        // the vendor said itself that it does not send them, and may have all the same
        (
            "is discontinued",
            "po_rejected",
            "would not send 2 of BF63-12163, which another vendor was asked for since",
        ),
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
        let subject = "Re: Purchase order W1-1";
        dock.acme(subject, &format!("BF63-12163 {word}.\n"));
        dock.run();
        dock.resolve(code, &["--other-vendor"]);
        dock.run();
        dock.desk.now("2025-06-03T15:00:00Z");
        dock.acme(subject, &format!("Shipped complete today. UPS {T1}\n"));
        dock.run();
        assert!(dock.open().contains(&"vendor_mail".to_owned()), "{word}");
        assert_ne!(dock.po_state("W1-1"), "shipped", "{word}");
        let id = dock.exception("vendor_mail");
        let said = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(why), "{said}");
        dock.verify();
    }
}

#[test]
fn a_text_longer_than_anybody_writes_is_shown_and_not_read() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    let text = format!("Confirmed.\n{}", "a\n".repeat(150_000));
    dock.mail_to(
        &dock.reply_address("W1-1"),
        "Re: Purchase order W1-1",
        &text,
        None,
    );
    dock.run();
    assert_eq!(
        (dock.open(), dock.po_state("W1-1").as_str()),
        (vec!["vendor_mail".to_owned()], "sent")
    );
    let id = dock.exception("vendor_mail");
    let said = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("KiB: nothing is taken from it; it begins: Confirmed."),
        "{said}"
    );
}

#[test]
fn an_article_that_is_not_on_the_purchase_order_is_told_beside_those_that_are() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    dock.import(
        "a.csv",
        "po,sku,qty,status\nW1-1,AC-99999,1,accepted\n",
        &[],
    );
    let id = dock.exception("vendor_mail");
    let said = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = "SKU 'AC-99999' is not on purchase order W1-1, which has BF63-12163 (the vendor's AC-12163), KT10-00010";
    assert!(said.contains(named), "{said}");
}
